/* Division of structures into blocks, and of blocks among ranks.
 *
 * A block is the unit of summation: it depends on the structures only, so that sums over the
 * structures of a block, and then over blocks in order, are the same on any number of ranks. */
#ifndef NNP_BLOCKS_H
#define NNP_BLOCKS_H

#include "nnp/status.h"

#include <stdbool.h>

/* Ranges are half open: from first[k] to before first[k + 1].  Zero-initialised; owns. */
struct nnp_blocks {
    int n_blocks;
    int *first_structure;         /* [n_blocks + 1] */
    int *first_block;             /* [n_ranks + 1], blocks of each rank */
    int *first_structure_of_rank; /* [n_ranks + 1] */
};

/* n / 4 blocks, but 16 to 256 and at most n, of about equal cost; costs: [n], positive. */
enum nnp_status nnp_blocks_divide(struct nnp_blocks *blocks, int n, const double *costs,
                                  int n_ranks, struct nnp_error *error) NNP_MUST_CHECK;

/* The block of a structure, in logarithmic time. */
int nnp_blocks_find(const struct nnp_blocks *blocks, int structure);

void nnp_blocks_free(struct nnp_blocks *blocks);

/* The blocks that a rank holds, in the order in which it goes to them: those that are its
 * alone, its others, of which a neighbor holds copies, and copies of its neighbors', first
 * those that the owner has last.  So ranks that share memory can take blocks from a neighbor
 * that is late. Zero-initialised; owns. */
struct nnp_block_order {
    int n_alone, n_own, n; /* ends of the three parts */
    int *blocks;           /* [n], a run in another order */
};

/* overlap: whether there are copies, which are an eighth of the blocks of each neighbor. */
enum nnp_status nnp_blocks_order(const struct nnp_blocks *blocks, int rank, int n_ranks,
                                 bool overlap, struct nnp_block_order *order,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_block_order_free(struct nnp_block_order *order);

/* How much more a rank holds with copies than without, at most, of n structures. */
double nnp_blocks_copies(int n, int n_ranks);

#endif
