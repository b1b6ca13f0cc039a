/* Inner loops of the loss, one version per instruction set.
 *
 * Matrices are of floats or doubles, vectors of doubles, and so are products and sums: the
 * matrices are read from memory at every evaluation, which takes longer than to compute with
 * them.  Floats therefore stand in the order in which they are used, one stream that the
 * processor can foresee: rows in bands, of a band NNP_ROW_LANES columns of one row after
 * another, and then the next columns.  Doubles, of which columns are cut out, stand row by row.
 */
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

/* Rows of the band of a matrix of m rows that begins with row i: 8, of those left 4, 2 and 1.
 */
static inline int nnp_band(int m, int i)
{
    int n_rows = 8;
    while (n_rows > m - i)
        n_rows /= 2;
    return n_rows;
}

/* Stores x [n] as row i of a matrix of m rows of floats. */
static inline void nnp_set_row_of_floats(float *a, int m, int n, int i, const double *x)
{
    int first = 0;
    while (i >= first + nnp_band(m, first))
        first += nnp_band(m, first);
    const size_t step = (size_t)nnp_band(m, first) * NNP_ROW_LANES;
    float *to = a + (size_t)first * (size_t)n + (size_t)(i - first) * NNP_ROW_LANES;
    for (int c = 0; c < n; c += NNP_ROW_LANES, to += step)
        for (int l = 0; l < NNP_ROW_LANES; l++)
            to[l] = (float)x[c + l];
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
