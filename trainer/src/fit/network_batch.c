/* Batched passes through a network, as matrix products.  With A the rows that enter a layer
 * (inputs X for the first), A' those that leave it, and a t for derivatives along the tangents
 * U of the inputs:
 *
 *   forward   Z = A W + 1 b^T,  A' = f(Z)                                                  (1)
 *   tangent   Zt = At W,        At' = f'(Z) Zt,        At = U for the first layer          (2)
 *
 * phi = sum_i (e_i E_i + u_i . dE_i/dx_i) is sum_i (e_i E_i + Et_i), as the derivative of E_i
 * along u_i is Et_i.  Its reverse pass starts with A'bar = e, At'bar = 1 behind the last layer:
 *
 *   Ztbar = f'(Z) At'bar,       Zbar = f'(Z) A'bar + f''(Z) Zt At'bar                      (3)
 *   Wbar += A^T Zbar + At^T Ztbar,        bbar += column sums of Zbar                      (4)
 *   Abar = Zbar W^T,            Atbar = Ztbar W^T                                          (5)
 *
 * A value and its tangent are kept one behind the other, [2 n_rows][n], so that each of (4) and
 * (5) is one product. */
#include "network_batch_parts.h"

#include "linear_algebra.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int widest_layer(const struct nnp_network *network)
{
    int widest = 0;
    for (int l = 0; l < network->n_layers; l++)
        if (network->layers[l].n_outputs > widest)
            widest = network->layers[l].n_outputs;
    return widest;
}

/* Hands out the arrays of all layers from one piece of memory; returns its size in doubles. */
static size_t place_arrays(struct nnp_network_batch *batch, double *memory)
{
    size_t n_rows = (size_t)batch->max_rows, used = 0;
    for (int l = 0; l < batch->network->n_layers; l++) {
        size_t n = n_rows * (size_t)batch->network->layers[l].n_outputs;
        struct layer_state *state = &batch->layers[l];
        if (memory) {
            state->output = memory + used;
            state->slope = state->output + 2 * n;
            state->curvature = state->slope + n;
            state->z_tangents = state->curvature + n;
        }
        used += 5 * n;
    }
    size_t n = 2 * n_rows * (size_t)widest_layer(batch->network);
    if (memory) {
        batch->z_bar = memory + used;
        batch->a_bar = batch->z_bar + n;
    }
    return used + 2 * n;
}

enum nnp_status nnp_network_batch_create(struct nnp_network_batch **batch,
                                         const struct nnp_network *network, int max_rows,
                                         struct nnp_error *error)
{
    *batch = calloc(1, sizeof **batch);
    if (*batch) {
        (*batch)->network = network;
        (*batch)->kernels = nnp_loss_kernels_select();
        (*batch)->max_rows = max_rows;
        (*batch)->layers = calloc((size_t)network->n_layers, sizeof *(*batch)->layers);
    }
    if (*batch && (*batch)->layers)
        (*batch)->memory = calloc(place_arrays(*batch, NULL) + 1, sizeof(double));
    if (!*batch || !(*batch)->memory) {
        nnp_network_batch_free(*batch);
        *batch = NULL;
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d rows of a network",
                             max_rows);
    }
    place_arrays(*batch, (*batch)->memory);
    return NNP_SUCCESS;
}

void nnp_network_batch_free(struct nnp_network_batch *batch)
{
    if (!batch)
        return;
    free(batch->layers);
    free(batch->memory);
    free(batch);
}

/* Equation (1). */
void nnp_network_batch_energies(struct nnp_network_batch *batch, int n_rows,
                                const double *inputs, double *energies)
{
    const double *entering = inputs;
    batch->n_rows = n_rows;
    batch->inputs = inputs;
    if (n_rows == 0)
        return;
    for (int l = 0; l < batch->network->n_layers; l++) {
        const struct nnp_layer *layer = &batch->network->layers[l];
        struct layer_state *state = &batch->layers[l];
        size_t n = (size_t)layer->n_outputs;
        for (int i = 0; i < n_rows; i++)
            memcpy(state->output + (size_t)i * n, layer->biases, n * sizeof(double));
        nnp_multiply(n_rows, layer->n_outputs, layer->n_inputs, entering, layer->weights, 1.0,
                     state->output);
        batch->kernels->activate(layer->activation, (size_t)n_rows * n, state->output,
                                 state->slope, state->curvature);
        entering = state->output;
    }
    memcpy(energies, entering, (size_t)n_rows * sizeof *energies);
}

/* Equations (3) and (5) for E itself: tangent and f'' play no part. */
void nnp_network_batch_input_gradients(struct nnp_network_batch *batch, double *gradients)
{
    int n_rows = batch->n_rows;
    double *z_bar = batch->z_bar, *a_bar = batch->a_bar;
    if (n_rows == 0)
        return;
    for (int i = 0; i < n_rows; i++)
        a_bar[i] = 1.0;
    for (int l = batch->network->n_layers - 1; l >= 0; l--) {
        const struct nnp_layer *layer = &batch->network->layers[l];
        const double *slope = batch->layers[l].slope;
        size_t n = (size_t)n_rows * (size_t)layer->n_outputs;
        for (size_t i = 0; i < n; i++)
            z_bar[i] = slope[i] * a_bar[i];
        nnp_multiply_transposed(n_rows, layer->n_inputs, layer->n_outputs, z_bar,
                                layer->weights, 0.0, l > 0 ? a_bar : gradients);
    }
}

/* Equation (2). */
static void pass_tangents(struct nnp_network_batch *batch, const double *tangents)
{
    const double *entering = tangents;
    for (int l = 0; l < batch->network->n_layers; l++) {
        const struct nnp_layer *layer = &batch->network->layers[l];
        struct layer_state *state = &batch->layers[l];
        size_t n = (size_t)batch->n_rows * (size_t)layer->n_outputs;
        double *leaving = state->output + n;
        nnp_multiply(batch->n_rows, layer->n_outputs, layer->n_inputs, entering, layer->weights,
                     0.0, state->z_tangents);
        for (size_t i = 0; i < n; i++)
            leaving[i] = state->slope[i] * state->z_tangents[i];
        entering = leaving;
    }
}

/* Equation (3); n values, then, with tangents, n of them. */
static void reverse_activation(const struct layer_state *state, size_t n, bool with_tangents,
                               const double *a_bar, double *z_bar)
{
    if (!with_tangents) {
        for (size_t i = 0; i < n; i++)
            z_bar[i] = state->slope[i] * a_bar[i];
        return;
    }
    for (size_t i = 0; i < n; i++) {
        z_bar[i] = state->slope[i] * a_bar[i] +
                   state->curvature[i] * state->z_tangents[i] * a_bar[n + i];
        z_bar[n + i] = state->slope[i] * a_bar[n + i];
    }
}

static void add_column_sums(int n_rows, int n, const double *rows, double *sums)
{
    for (int i = 0; i < n_rows; i++)
        for (int k = 0; k < n; k++)
            sums[k] += rows[(size_t)i * (size_t)n + (size_t)k];
}

/* Equations (4) of layer l; gradient points to the layer's parameters. */
static void add_layer_gradient(const struct nnp_network_batch *batch, int l,
                               const double *tangents, double *gradient)
{
    const struct nnp_layer *layer = &batch->network->layers[l];
    int n_in = layer->n_inputs, n_out = layer->n_outputs, n_rows = batch->n_rows;
    const double *z_bar = batch->z_bar, *zt_bar = z_bar + (size_t)n_rows * (size_t)n_out;
    if (l > 0) {
        nnp_transposed_multiply(n_in, n_out, tangents ? 2 * n_rows : n_rows,
                                batch->layers[l - 1].output, z_bar, 1.0, gradient);
    } else {
        nnp_transposed_multiply(n_in, n_out, n_rows, batch->inputs, z_bar, 1.0, gradient);
        if (tangents)
            nnp_transposed_multiply(n_in, n_out, n_rows, tangents, zt_bar, 1.0, gradient);
    }
    add_column_sums(n_rows, n_out, z_bar, gradient + (size_t)n_in * (size_t)n_out);
}

void nnp_network_batch_parameter_gradient(struct nnp_network_batch *batch, const double *seeds,
                                          const double *tangents, double *gradient)
{
    const struct nnp_network *network = batch->network;
    int n_rows = batch->n_rows;
    if (n_rows == 0)
        return;
    if (tangents)
        pass_tangents(batch, tangents);
    memcpy(batch->a_bar, seeds, (size_t)n_rows * sizeof *seeds);
    for (int i = 0; i < n_rows; i++)
        batch->a_bar[n_rows + i] = 1.0;
    double *layer_gradient = gradient + nnp_network_n_parameters(network);
    for (int l = network->n_layers - 1; l >= 0; l--) {
        const struct nnp_layer *layer = &network->layers[l];
        size_t n = (size_t)n_rows * (size_t)layer->n_outputs;
        layer_gradient -= (size_t)(layer->n_inputs + 1) * (size_t)layer->n_outputs;
        reverse_activation(&batch->layers[l], n, tangents, batch->a_bar, batch->z_bar);
        add_layer_gradient(batch, l, tangents, layer_gradient);
        if (l > 0)
            nnp_multiply_transposed(tangents ? 2 * n_rows : n_rows, layer->n_inputs,
                                    layer->n_outputs, batch->z_bar, layer->weights, 0.0,
                                    batch->a_bar);
    }
}
