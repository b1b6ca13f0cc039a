/* Dense linear algebra on row-major matrices; the only user of CBLAS and LAPACK.
 *
 * Results have the same bits whenever the shapes are the same: OpenBLAS is kept to one thread
 * (nnp_linear_algebra_init); parallel work is that of MPI ranks. */
#ifndef NNP_LINEAR_ALGEBRA_H
#define NNP_LINEAR_ALGEBRA_H

#include "nnp/status.h"

/* At the start of main. */
void nnp_linear_algebra_init(void);

/* C[m][n] = beta C + A[m][k] B[k][n] */
void nnp_multiply(int m, int n, int k, const double *a, const double *b, double beta,
                  double *c);
/* C[m][n] = beta C + A[m][k] B[n][k]^T */
void nnp_multiply_transposed(int m, int n, int k, const double *a, const double *b, double beta,
                             double *c);
/* C[m][n] = beta C + A[k][m]^T B[k][n] */
void nnp_transposed_multiply(int m, int n, int k, const double *a, const double *b, double beta,
                             double *c);

/* y[m] = A[m][n] x[n], and y[n] = A[m][n]^T x[m] */
void nnp_apply(int m, int n, const double *a, const double *x, double *y);
void nnp_apply_transposed(int m, int n, const double *a, const double *x, double *y);

/* The x[n] of least norm that minimises |A[m][n] x - b[m]|, also where A is of deficient rank.
 * a is overwritten.  NNP_ERROR_NUMERIC: the singular values did not converge. */
enum nnp_status nnp_least_squares(int m, int n, double *a, const double *b, double *x,
                                  struct nnp_error *error) NNP_MUST_CHECK;

#endif
