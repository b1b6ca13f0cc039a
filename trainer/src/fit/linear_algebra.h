/* Dense linear algebra on row-major matrices; the only user of CBLAS and LAPACK.
 *
 * Results have the same bits whenever the shapes are the same: OpenBLAS is kept to one thread
 * (nnp_linear_algebra_init); parallel work is that of MPI ranks and OpenMP threads. */
#ifndef NNP_LINEAR_ALGEBRA_H
#define NNP_LINEAR_ALGEBRA_H

#include "nnp/status.h"

#include <stdbool.h>

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

/* The same with rows of C that are ldc apart, ldc >= n. */
void nnp_transposed_multiply_into(int m, int n, int k, const double *a, const double *b,
                                  double beta, int ldc, double *c);

/* y[n] = A[m][n]^T x[m] */
void nnp_apply_transposed(int m, int n, const double *a, const double *x, double *y);

/* Solves A x = b by Cholesky's factorisation; of the symmetric A [n][n] the lower triangle is
 * read.  a is overwritten, b becomes x.  False, with b untouched, where A is not positive
 * definite or not finite. */
bool nnp_solve_positive(int n, double *a, double *b);

/* Steps of Cholesky's factorisation (cholesky.c), on blocks of matrices whose rows are lda, ldb
 * and ldc apart:
 * C[m][n] -= A[m][k] B[n][k]^T */
void nnp_subtract_product(int m, int n, int k, const double *a, int lda, const double *b,
                          int ldb, double *c, int ldc);
/* y[m] -= A[m][n] x[n], and y[n] -= A[m][n]^T x[m] */
void nnp_subtract_applied(int m, int n, const double *a, int lda, const double *x, double *y);
void nnp_subtract_applied_transposed(int m, int n, const double *a, int lda, const double *x,
                                     double *y);
/* A [n][n] = L L^T, whose lower triangle is read, and becomes L; false where A is not positive
 * definite or not finite. */
bool nnp_factor_positive(int n, double *a, int lda);
/* Every row c of C[m][n] becomes the x of L x = c; the same of one c; and the x of L^T x = c.
 */
void nnp_solve_lower_rows(int m, int n, const double *l, int ldl, double *c, int ldc);
void nnp_solve_lower(int n, const double *l, int ldl, double *c);
void nnp_solve_upper(int n, const double *l, int ldl, double *c);

/* C[m][n] += A[k][m]^T B[k][n] */
void nnp_add_product(int m, int n, int k, const double *a, int lda, const double *b, int ldb,
                     double *c, int ldc);
/* y[n] = A[m][n]^T x[m], x of elements incx apart */
void nnp_apply_rows(int m, int n, const double *a, int lda, const double *x, int incx,
                    double *y);

/* The x[n] of least norm that minimises |A[m][n] x - b[m]|, also where A is of deficient rank.
 * a is overwritten.  NNP_ERROR_NUMERIC: the singular values did not converge. */
enum nnp_status nnp_least_squares(int m, int n, double *a, const double *b, double *x,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* Eigenvalues [n], ascending, and orthonormal eigenvectors of the symmetric A [n][n], of which
 * the lower triangle is read; row k of A becomes the k-th vector. */
enum nnp_status nnp_symmetric_eigen(int n, double *a, double *values,
                                    struct nnp_error *error) NNP_MUST_CHECK;

#endif
