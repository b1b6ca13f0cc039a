/* Sums of long vectors over parts of the work with the same bits on any number of ranks: a
 * binary tree over the numbers of the parts fixes the order, and a rank keeps the sums of
 * subtrees that lie within its own parts, at most two for each level. */
#ifndef NNP_ORDERED_SUM_H
#define NNP_ORDERED_SUM_H

#include "nnp/status.h"
#include "parallel.h"

#include <stddef.h>

struct nnp_ordered_sum;

/* Memory for n doubles per vector and up to n_parts >= 1 parts; parallel is borrowed.  Of this
 * rank only.  On failure *sum is NULL. */
enum nnp_status nnp_ordered_sum_create(struct nnp_ordered_sum **sum,
                                       const struct nnp_parallel *parallel, int n_parts,
                                       size_t n, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_ordered_sum_free(struct nnp_ordered_sum *sum); /* NULL is allowed */

/* Begins a sum in which rank r has parts first[r] <= k < first[r + 1]; first: [size + 1], the
 * same on all ranks, borrowed until the sum is finished. */
void nnp_ordered_sum_begin(struct nnp_ordered_sum *sum, const int *first);

/* Adds the vector [n] of this rank's next part, in their order. */
void nnp_ordered_sum_add(struct nnp_ordered_sum *sum, const double *values);

/* Collective, after all parts.  The sum [n] on rank 0, valid until the next one begins; NULL
 * elsewhere. */
double *nnp_ordered_sum_finish(struct nnp_ordered_sum *sum);

#endif
