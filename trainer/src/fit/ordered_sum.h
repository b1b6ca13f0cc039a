/* Sums of vectors over the blocks of a set with the same bits on any number of ranks, for
 * vectors too long to keep one of every block: a binary tree over the numbers of the blocks
 * fixes the order, and a rank keeps the sums of subtrees that lie within its blocks, at most
 * two for each level. */
#ifndef NNP_ORDERED_SUM_H
#define NNP_ORDERED_SUM_H

#include "blocks.h"
#include "nnp/status.h"
#include "parallel.h"

#include <stddef.h>

struct nnp_ordered_sum;

/* Memory for n doubles per vector; parallel and blocks are borrowed.  Of this rank only.  On
 * failure *sum is NULL. */
enum nnp_status nnp_ordered_sum_create(struct nnp_ordered_sum **sum,
                                       const struct nnp_parallel *parallel,
                                       const struct nnp_blocks *blocks, size_t n,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_ordered_sum_free(struct nnp_ordered_sum *sum); /* NULL is allowed */

/* The vector [n] of this rank's next block, in their order, to be set by the caller before any
 * other call (zero at first). */
double *nnp_ordered_sum_next(struct nnp_ordered_sum *sum);

/* Collective, after all blocks.  The sum [n] on rank 0, valid until the next call; NULL
 * elsewhere. */
double *nnp_ordered_sum_finish(struct nnp_ordered_sum *sum);

#endif
