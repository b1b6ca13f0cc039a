/* Inner loops of the loss, one version per instruction set.
 *
 * Matrices are of floats, vectors of doubles, and so are products and sums: the matrices are
 * read from memory at every evaluation, which takes longer than to compute with them. */
#ifndef NNP_LOSS_KERNELS_H
#define NNP_LOSS_KERNELS_H

#include "nnp/network.h"

#include <stddef.h>

/* Rows of matrices and what is multiplied by them are as long as a multiple of this. */
enum { NNP_ROW_LANES = 8 };

struct nnp_loss_kernels {
    /* y[m] = A[m][n] x[n], and y[n] = A[m][n]^T x[m] */
    void (*apply)(int m, int n, const float *a, const double *x, double *y);
    void (*apply_transposed)(int m, int n, const float *a, const double *x, double *y);
    /* b[n] = factor a[n] */
    void (*scale)(int n, double factor, const float *a, double *b);
    /* f, f' and f'' of z [n]; f takes the place of z. */
    void (*activate)(enum nnp_activation activation, size_t n, double *z, double *slope,
                     double *curvature);
};

/* By the processor (kernels/instruction_set.h). */
const struct nnp_loss_kernels *nnp_loss_kernels_select(void);

#endif
