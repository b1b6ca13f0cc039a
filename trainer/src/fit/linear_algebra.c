/* Thin layer over OpenBLAS and LAPACK (dgelsd: least squares by divide-and-conquer SVD;
 * dpotrf: Cholesky; dsyevd: eigenvectors). */
#include "linear_algebra.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void nnp_linear_algebra_init(void)
{
    openblas_set_num_threads(1);
}

void nnp_multiply(int m, int n, int k, const double *a, const double *b, double beta, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0, a, k, b, n, beta, c,
                n);
}

void nnp_multiply_transposed(int m, int n, int k, const double *a, const double *b, double beta,
                             double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0, a, k, b, k, beta, c, n);
}

void nnp_transposed_multiply(int m, int n, int k, const double *a, const double *b, double beta,
                             double *c)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1.0, a, m, b, n, beta, c, n);
}

void nnp_transposed_multiply_into(int m, int n, int k, const double *a, const double *b,
                                  double beta, int ldc, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1.0, a, m, b, n, beta, c,
                ldc);
}

void nnp_apply_transposed(int m, int n, const double *a, const double *x, double *y)
{
    if (m == 0) /* BLAS would leave y as it is */
        memset(y, 0, (size_t)n * sizeof *y);
    cblas_dgemv(CblasRowMajor, CblasTrans, m, n, 1.0, a, n, x, 1, 0.0, y, 1);
}

void nnp_subtract_product(int m, int n, int k, const double *a, int lda, const double *b,
                          int ldb, double *c, int ldc)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, -1.0, a, lda, b, ldb, 1.0, c,
                ldc);
}

void nnp_subtract_applied(int m, int n, const double *a, int lda, const double *x, double *y)
{
    cblas_dgemv(CblasRowMajor, CblasNoTrans, m, n, -1.0, a, lda, x, 1, 1.0, y, 1);
}

void nnp_subtract_applied_transposed(int m, int n, const double *a, int lda, const double *x,
                                     double *y)
{
    cblas_dgemv(CblasRowMajor, CblasTrans, m, n, -1.0, a, lda, x, 1, 1.0, y, 1);
}

void nnp_add_product(int m, int n, int k, const double *a, int lda, const double *b, int ldb,
                     double *c, int ldc)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1.0, a, lda, b, ldb, 1.0, c,
                ldc);
}

void nnp_apply_rows(int m, int n, const double *a, int lda, const double *x, int incx,
                    double *y)
{
    cblas_dgemv(CblasRowMajor, CblasTrans, m, n, 1.0, a, lda, x, incx, 0.0, y, 1);
}

/* A row-major lower triangle is a column-major upper one, which spares LAPACKE's copies. */
bool nnp_factor_positive(int n, double *a, int lda)
{
    for (size_t i = 0; i < (size_t)n; i++) /* comparisons in dpotrf would let NaN pass */
        if (!isfinite(a[i * ((size_t)lda + 1)]))
            return false;
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n, a, lda) == 0;
}

void nnp_solve_lower_rows(int m, int n, const double *l, int ldl, double *c, int ldc)
{
    cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, m, n, 1.0, l,
                ldl, c, ldc);
}

void nnp_solve_lower(int n, const double *l, int ldl, double *c)
{
    cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, l, ldl, c, 1);
}

void nnp_solve_upper(int n, const double *l, int ldl, double *c)
{
    cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, n, l, ldl, c, 1);
}

bool nnp_solve_positive(int n, double *a, double *b)
{
    for (int i = 0; i < n; i++)
        if (!isfinite(b[i]))
            return false;
    if (!nnp_factor_positive(n, a, n))
        return false;
    nnp_solve_lower(n, a, n, b);
    nnp_solve_upper(n, a, n, b);
    return true;
}

enum nnp_status nnp_least_squares(int m, int n, double *a, const double *b, double *x,
                                  struct nnp_error *error)
{
    int longest = m > n ? m : n, rank;
    double *rhs = calloc((size_t)longest, sizeof *rhs);
    double *singular = calloc((size_t)longest, sizeof *singular);
    lapack_int info = LAPACK_WORK_MEMORY_ERROR;
    if (rhs && singular) {
        memcpy(rhs, b, (size_t)m * sizeof *b);
        info = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, m, n, 1, a, n, rhs, 1, singular, -1.0, &rank);
        memcpy(x, rhs, (size_t)n * sizeof *x);
    }
    free(rhs);
    free(singular);
    if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d x %d least squares", m,
                             n);
    if (info != 0)
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "least squares of %d equations in %d unknowns did not converge "
                             "(dgelsd returned %d)",
                             m, n, (int)info);
    return NNP_SUCCESS;
}

/* Column-major as above, so that eigenvectors, columns there, are rows here. */
enum nnp_status nnp_symmetric_eigen(int n, double *a, double *values, struct nnp_error *error)
{
    lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', n, a, n, values);
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d eigenvectors", n);
    if (info != 0)
        return nnp_error_set(
            error, NNP_ERROR_NUMERIC,
            "eigenvalues of a matrix of %d rows were not found (dsyevd returned "
            "%d)",
            n, (int)info);
    return NNP_SUCCESS;
}
