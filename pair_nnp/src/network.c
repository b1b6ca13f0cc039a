/* Feed-forward networks: storage and the evaluation of one atom.
 *
 *   y_k = f(z_k),  z_k = b_k + sum_j x_j w_jk                                      (1)
 *   dy/dx_j = sum_k w_jk f'(z_k) dE/dy_k, from the last layer to the first         (2) */
#include "nnp/network.h"

#include <stdlib.h>
#include <string.h>

static size_t layer_size(const struct nnp_layer *layer)
{
    return (size_t)layer->n_inputs * (size_t)layer->n_outputs;
}

enum nnp_status nnp_network_init(struct nnp_network *network, int n_layers, const int *sizes,
                                 const enum nnp_activation *activations,
                                 struct nnp_error *error)
{
    *network = (struct nnp_network){0};
    network->layers = calloc((size_t)n_layers, sizeof *network->layers);
    if (!network->layers)
        goto no_memory;
    network->n_layers = n_layers;
    for (int l = 0; l < n_layers; l++) {
        struct nnp_layer *layer = &network->layers[l];
        layer->n_inputs = sizes[l];
        layer->n_outputs = sizes[l + 1];
        layer->activation = activations[l];
        layer->weights = calloc(layer_size(layer), sizeof *layer->weights);
        layer->biases = calloc((size_t)layer->n_outputs, sizeof *layer->biases);
        if (!layer->weights || !layer->biases)
            goto no_memory;
    }
    return NNP_SUCCESS;

no_memory:
    nnp_network_free(network);
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a network of %d layers",
                         n_layers);
}

enum nnp_status nnp_network_init_like(struct nnp_network *network,
                                      const struct nnp_network *like, int n_inputs,
                                      struct nnp_error *error)
{
    const int n_layers = like->n_layers;
    int *sizes = calloc((size_t)n_layers + 1, sizeof *sizes);
    enum nnp_activation *activations = calloc((size_t)n_layers, sizeof *activations);
    enum nnp_status status;
    *network = (struct nnp_network){0};
    if (sizes && activations) {
        sizes[0] = n_inputs;
        for (int l = 0; l < n_layers; l++) {
            sizes[l + 1] = like->layers[l].n_outputs;
            activations[l] = like->layers[l].activation;
        }
        status = nnp_network_init(network, n_layers, sizes, activations, error);
    } else {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a network of %d layers",
                               n_layers);
    }
    free(sizes);
    free(activations);
    return status;
}

void nnp_network_free(struct nnp_network *network)
{
    for (int l = 0; l < network->n_layers; l++) {
        free(network->layers[l].weights);
        free(network->layers[l].biases);
    }
    free(network->layers);
    *network = (struct nnp_network){0};
}

int nnp_network_n_parameters(const struct nnp_network *network)
{
    int n = 0;
    for (int l = 0; l < network->n_layers; l++)
        n += (network->layers[l].n_inputs + 1) * network->layers[l].n_outputs;
    return n;
}

void nnp_network_get_parameters(const struct nnp_network *network, double *parameters)
{
    for (int l = 0; l < network->n_layers; l++) {
        const struct nnp_layer *layer = &network->layers[l];
        memcpy(parameters, layer->weights, layer_size(layer) * sizeof *parameters);
        parameters += layer_size(layer);
        memcpy(parameters, layer->biases, (size_t)layer->n_outputs * sizeof *parameters);
        parameters += layer->n_outputs;
    }
}

void nnp_network_set_parameters(struct nnp_network *network, const double *parameters)
{
    for (int l = 0; l < network->n_layers; l++) {
        struct nnp_layer *layer = &network->layers[l];
        memcpy(layer->weights, parameters, layer_size(layer) * sizeof *parameters);
        parameters += layer_size(layer);
        memcpy(layer->biases, parameters, (size_t)layer->n_outputs * sizeof *parameters);
        parameters += layer->n_outputs;
    }
}

/* Scratch: per layer f'(z) [n_outputs] (all layers behind each other), then two vectors of the
 * widest layer for values going forward and derivatives going back. */
static int widest_layer(const struct nnp_network *network)
{
    int widest = 0;
    for (int l = 0; l < network->n_layers; l++) {
        const struct nnp_layer *layer = &network->layers[l];
        widest = layer->n_outputs > widest ? layer->n_outputs : widest;
        widest = layer->n_inputs > widest ? layer->n_inputs : widest;
    }
    return widest;
}

static int total_outputs(const struct nnp_network *network)
{
    int n = 0;
    for (int l = 0; l < network->n_layers; l++)
        n += network->layers[l].n_outputs;
    return n;
}

int nnp_network_scratch_size(const struct nnp_network *network)
{
    return total_outputs(network) + 2 * widest_layer(network);
}

/* Eq. 1 for one layer; slopes get f'(z). */
static void layer_forward(const struct nnp_layer *layer, const double *x, double *y,
                          double *slopes)
{
    const int n = layer->n_outputs;
    memcpy(y, layer->biases, (size_t)n * sizeof *y);
    for (int j = 0; j < layer->n_inputs; j++)
        for (int k = 0; k < n; k++)
            y[k] += x[j] * layer->weights[(size_t)j * (size_t)n + (size_t)k];
    for (int k = 0; k < n; k++)
        nnp_activation_evaluate(layer->activation, y[k], &y[k], &slopes[k], NULL);
}

/* Eq. 2 for one layer; dy is overwritten by its product with f'(z). */
static void layer_backward(const struct nnp_layer *layer, const double *slopes, double *dy,
                           double *dx)
{
    const int n = layer->n_outputs;
    for (int k = 0; k < n; k++)
        dy[k] *= slopes[k];
    for (int j = 0; j < layer->n_inputs; j++) {
        const double *row = layer->weights + (size_t)j * (size_t)n;
        double sum = 0.0;
        for (int k = 0; k < n; k++)
            sum += row[k] * dy[k];
        dx[j] = sum;
    }
}

double nnp_network_evaluate(const struct nnp_network *network, const double *x, double *dy_dx,
                            double *scratch)
{
    double *slopes = scratch;
    double *a = scratch + total_outputs(network);
    double *b = a + widest_layer(network);
    for (int l = 0; l < network->n_layers; l++) {
        layer_forward(&network->layers[l], x, a, slopes);
        slopes += network->layers[l].n_outputs;
        double *swap = a;
        a = b;
        b = swap;
        x = b;
    }
    const double y = x[0];
    if (!dy_dx)
        return y;
    b[0] = 1.0; /* dy/dy */
    for (int l = network->n_layers - 1; l >= 0; l--) {
        slopes -= network->layers[l].n_outputs;
        layer_backward(&network->layers[l], slopes, b, l > 0 ? a : dy_dx);
        double *swap = a;
        a = b;
        b = swap;
    }
    return y;
}
