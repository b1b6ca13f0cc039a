/* Division of a set into batches for one epoch after another.
 *
 * The structures, in their order, fall into as many stripes of equal length as a batch has
 * members, and a batch takes one of each stripe: data that are sorted by kind are mixed, and
 * ranks, which own consecutive structures, have about equal parts of every batch.  In each
 * epoch the order within a stripe is another random one. */
#ifndef NNP_BATCHES_H
#define NNP_BATCHES_H

#include "nnp/status.h"

/* Zero-initialised; owns. */
struct nnp_batches {
    int n_structures, size, n_batches; /* size: at most, of each batch */
    int epoch;                         /* of order, -1: none yet */
    int *order;                        /* [n_structures] */
};

/* Batches of up to size >= 1 structures. */
enum nnp_status nnp_batches_init(struct nnp_batches *batches, int n_structures, int size,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_batches_free(struct nnp_batches *batches);

/* Members of batch number >= 0, counted through all epochs, in ascending order; returns how
 * many there are.  selected: [size].  Depends on the arguments only. */
int nnp_batches_select(struct nnp_batches *batches, int number, int *selected);

#endif
