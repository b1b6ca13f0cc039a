/* Solution of A x = b for a positive definite A by Cholesky's factorisation A = L L^T, shared
 * among ranks by blocks of rows (row_blocks.h); the same bits on any number of ranks and
 * threads. */
#ifndef NNP_CHOLESKY_H
#define NNP_CHOLESKY_H

#include "row_blocks.h"

struct nnp_cholesky;

/* Collective.  Memory for matrices of n rows: n (n + 1) / 2 doubles, as every rank gets the
 * whole of L, which ranks of one node share.  On failure, which is the same on all ranks,
 * *cholesky is NULL. */
enum nnp_status nnp_cholesky_create(struct nnp_cholesky **cholesky,
                                    const struct nnp_parallel *parallel, int n,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_cholesky_free(struct nnp_cholesky *cholesky); /* NULL is allowed */

/* A solution: nnp_cholesky_begin; nnp_cholesky_load for every block that this rank, or thread,
 * takes; and nnp_cholesky_solve.
 *
 * Collective; forgets the solution before, since which all ranks are to have met, as they do
 * when they share what the matrix is made from. */
void nnp_cholesky_begin(struct nnp_cholesky *cholesky);

/* Whether this rank is to load a block.  Each rank asks for all blocks that it could load, its
 * own ones (nnp_row_blocks_owner) among them and first. */
bool nnp_cholesky_take(struct nnp_cholesky *cholesky, int block);

/* rows: of A in that block, to whose diagonal shift is added; b: those elements of b. */
void nnp_cholesky_load(struct nnp_cholesky *cholesky, int block, const double *rows,
                       double shift, const double *b);

/* Collective.  b, x: [n], set on all ranks.  False, on all ranks, where A is not positive
 * definite or not finite. */
bool nnp_cholesky_solve(struct nnp_cholesky *cholesky, double *b, double *x);

/* Memory of this rank for any one block, free between solutions. */
double *nnp_cholesky_buffer(struct nnp_cholesky *cholesky);

#endif
