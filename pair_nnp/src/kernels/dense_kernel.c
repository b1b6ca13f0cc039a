/* Evaluation of networks, compiled once per instruction set (NNP_SIMD_NAME).
 *
 *   y_k = f(z_k),  z_k = b_k + sum_j x_j w_jk                                   (1)
 *   dE/dx_j = sum_k w_jk f'(z_k) dE/dy_k                                        (2)
 * Lanes are outputs in (1), inputs in (2). */
#include "kernels/activation_vector.h"
#include "kernels/dense.h"

typedef nnp_vector vec;

/* y = f(y), and slopes. */
static void activate(const struct nnp_dense_layer *layer, double *y, double *slopes)
{
    for (int k = 0; k < layer->n_outputs; k += SIMD_WIDTH) {
        vec f, slope;
        if (nnp_activate_vector(layer->activation, simd_load(y + k), &f, &slope, NULL)) {
            simd_store(y + k, f);
            simd_store(slopes + k, slope);
            continue;
        }
        for (int l = k; l < k + SIMD_WIDTH; l++)
            nnp_activation_evaluate(layer->activation, y[l], &y[l], &slopes[l], NULL);
    }
}

/* z of n vectors of outputs, by four sums each, so that additions overlap.  Inputs: those in
 * list, or all for NULL. */
NNP_INLINE void sum_inputs(const struct nnp_dense_layer *layer, const double *x,
                           const int *list, int n_inputs, int k, const int n, double *z)
{
    const size_t row = (size_t)layer->padded_outputs;
    const double *weights = layer->weights + k;
    vec sum[2][4];
    for (int v = 0; v < n; v++) {
        sum[v][0] = simd_load(layer->biases + k + v * SIMD_WIDTH);
        sum[v][1] = sum[v][2] = sum[v][3] = simd_set(0.0);
    }
    int j = 0;
    for (; j + 4 <= n_inputs; j += 4)
        for (int i = 0; i < 4; i++) {
            const int at = list ? list[j + i] : j + i;
            for (int v = 0; v < n; v++)
                sum[v][i] += x[at] * simd_load(weights + (size_t)at * row + v * SIMD_WIDTH);
        }
    for (; j < n_inputs; j++) {
        const int at = list ? list[j] : j;
        for (int v = 0; v < n; v++)
            sum[v][0] += x[at] * simd_load(weights + (size_t)at * row + v * SIMD_WIDTH);
    }
    for (int v = 0; v < n; v++)
        simd_store(z + k + v * SIMD_WIDTH, (sum[v][0] + sum[v][1]) + (sum[v][2] + sum[v][3]));
}

/* Eq. 1. */
NNP_INLINE void layer_forward(const struct nnp_dense_layer *layer, const double *x,
                              const int *list, int n_inputs, double *y, double *slopes)
{
    int k = 0;
    for (; k + SIMD_WIDTH < layer->n_outputs; k += 2 * SIMD_WIDTH)
        sum_inputs(layer, x, list, n_inputs, k, 2, y);
    for (; k < layer->n_outputs; k += SIMD_WIDTH)
        sum_inputs(layer, x, list, n_inputs, k, 1, y);
    activate(layer, y, slopes);
}

/* Eq. 1 without the inputs that are left out where they are 0; list: [n_inputs], scratch. */
static void first_layer_forward(const struct nnp_dense *dense, const double *x, int *list,
                                double *y, double *slopes)
{
    int n = 0;
    for (int j = 0; j < dense->layers->n_inputs; j++)
        if (!dense->through_zero[j] || x[j] != 0.0)
            list[n++] = j;
    layer_forward(dense->layers, x, list, n, y, slopes);
}

/* Eq. 2; dy is overwritten by its product with f'(z). */
static void layer_backward(const struct nnp_dense_layer *layer, const double *slopes,
                           double *dy, double *dx)
{
    const size_t row = (size_t)layer->padded_inputs;
    for (int k = 0; k < layer->n_outputs; k++)
        dy[k] *= slopes[k];
    for (int j = 0; j < layer->n_inputs; j += SIMD_WIDTH) {
        vec sum = simd_set(0.0);
        for (int k = 0; k < layer->n_outputs; k++)
            sum += dy[k] * simd_load(layer->transposed + (size_t)k * row + j);
        simd_store(dx + j, sum);
    }
}

static double evaluate(const struct nnp_dense *dense, const double *x, double *dy_dx,
                       double *scratch)
{
    const struct nnp_dense_layer *layers = dense->layers;
    double *slopes = scratch, *values[2];
    for (int l = 0; l < dense->n_layers; l++)
        scratch += layers[l].padded_outputs;
    values[0] = scratch;
    values[1] = scratch + dense->widest;
    for (int l = 0; l < dense->n_layers; l++) {
        if (l == 0 && dense->through_zero)
            first_layer_forward(dense, x, (int *)(scratch + 2 * dense->widest), values[0],
                                slopes);
        else
            layer_forward(&layers[l], x, NULL, layers[l].n_inputs, values[l % 2], slopes);
        x = values[l % 2];
        slopes += layers[l].padded_outputs;
    }
    const double y = x[0];
    double *dy = values[0], *dx = values[1];
    dy[0] = 1.0;
    for (int l = dense->n_layers - 1; l >= 0; l--) {
        slopes -= layers[l].padded_outputs;
        layer_backward(&layers[l], slopes, dy, l > 0 ? dx : dy_dx);
        double *swap = dy;
        dy = dx;
        dx = swap;
    }
    return y;
}

const struct nnp_dense_kernels NNP_PASTE(nnp_dense_kernels_, NNP_SIMD_NAME);
const struct nnp_dense_kernels NNP_PASTE(nnp_dense_kernels_, NNP_SIMD_NAME) = {
    .evaluate = evaluate,
};
