/* Inner loops of the loss, one version per instruction set.
 *
 * Matrices are of floats or doubles, vectors of doubles, and so are products and sums: the
 * matrices are read from memory at every evaluation, which takes longer than to compute with
 * them. */
#ifndef NNP_LOSS_KERNELS_H
#define NNP_LOSS_KERNELS_H

#include "nnp/network.h"

#include <stddef.h>

/* Rows of matrices and what is multiplied by them are as long as a multiple of this. */
enum { NNP_ROW_LANES = 8 };

/* What a matrix is of. */
enum nnp_number { NNP_FLOAT, NNP_DOUBLE, NNP_N_NUMBER };

static inline size_t nnp_number_size(enum nnp_number number)
{
    return number == NNP_FLOAT ? sizeof(float) : sizeof(double);
}

/* Some of the columns of a matrix. */
struct nnp_columns {
    int first, n;
};

struct nnp_loss_kernels {
    /* y[m] = A[m][n] x[n], and y[n] += A[m][n]^T x[m] */
    void (*apply[NNP_N_NUMBER])(int m, int n, const void *a, const double *x, double *y);
    void (*add_transposed[NNP_N_NUMBER])(int m, int n, const void *a, const double *x,
                                         double *y);
    /* Of the columns of runs [n_runs], which stand one behind another in packed numbers:
     * packed = v, and y += packed */
    void (*gather)(int n_runs, const struct nnp_columns *runs, const double *v, double *packed);
    void (*scatter)(int n_runs, const struct nnp_columns *runs, const double *packed,
                    double *y);
    /* y = a x and y += x of n numbers, and the sum of x^2 */
    void (*scale)(int n, double a, const double *x, double *y);
    void (*add)(int n, const double *x, double *y);
    double (*sum_squares)(int n, const double *x);
    /* Rows y_i = a_i x_i, and y_i = a_i x_i + b_i z_i, of matrices [m][n]. */
    void (*scale_rows)(int m, int n, const double *a, const double *x, double *y);
    void (*combine_rows)(int m, int n, const double *a, const double *x, const double *b,
                         const double *z, double *y);
    /* f, f' and f'' of z [n]; f takes the place of z. */
    void (*activate)(enum nnp_activation activation, size_t n, double *z, double *slope,
                     double *curvature);
};

/* By the processor (kernels/instruction_set.h). */
const struct nnp_loss_kernels *nnp_loss_kernels_select(void);

#endif
