/* Solution of A x = b for a positive definite A by Cholesky's factorisation A = L L^T, shared
 * among ranks by blocks of rows (row_blocks.h); the same bits on any number of ranks and
 * threads. */
#ifndef NNP_CHOLESKY_H
#define NNP_CHOLESKY_H

#include "row_blocks.h"

struct nnp_cholesky;

/* Memory for matrices of n rows on this rank: n (n + 1) / 2 doubles, as every rank gets the
 * whole of L.  On failure *cholesky is NULL. */
enum nnp_status nnp_cholesky_create(struct nnp_cholesky **cholesky,
                                    const struct nnp_parallel *parallel, int n,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_cholesky_free(struct nnp_cholesky *cholesky); /* NULL is allowed */

/* Collective.  a: A of this rank's blocks, to whose diagonal shift is added; b: [n], of which
 * elements of this rank's blocks are read; on return b and x [n] are whole on all ranks. False,
 * on all ranks, where A is not positive definite or not finite. */
bool nnp_cholesky_solve(struct nnp_cholesky *cholesky, const struct nnp_row_blocks *a,
                        double shift, double *b, double *x);

/* Memory for any one block, whose contents are lost in the next solution. */
double *nnp_cholesky_buffer(struct nnp_cholesky *cholesky);

#endif
