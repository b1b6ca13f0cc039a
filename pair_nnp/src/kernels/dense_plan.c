/* Copies of networks in the layout of the vector kernels. */
#include "environment.h"
#include "kernels/dense.h"

#include <stdlib.h>
#include <string.h>

static int padded(int n)
{
    return (n + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
}

static size_t layer_size(const struct nnp_layer *layer)
{
    return (size_t)(layer->n_inputs + 1) * (size_t)padded(layer->n_outputs) +
           (size_t)layer->n_outputs * (size_t)padded(layer->n_inputs);
}

/* Returns where the next layer's values go; to is zero. */
static double *fill_layer(struct nnp_dense_layer *dense, const struct nnp_layer *layer,
                          double *to)
{
    *dense = (struct nnp_dense_layer){.activation = layer->activation,
                                      .n_inputs = layer->n_inputs,
                                      .n_outputs = layer->n_outputs,
                                      .padded_inputs = padded(layer->n_inputs),
                                      .padded_outputs = padded(layer->n_outputs)};
    const size_t n_outputs = (size_t)layer->n_outputs;
    const size_t row = (size_t)dense->padded_outputs, column = (size_t)dense->padded_inputs;
    dense->weights = to;
    dense->transposed = dense->weights + (size_t)layer->n_inputs * row;
    dense->biases = dense->transposed + n_outputs * column;
    memcpy(dense->biases, layer->biases, n_outputs * sizeof *to);
    for (size_t j = 0; j < (size_t)layer->n_inputs; j++)
        for (size_t k = 0; k < n_outputs; k++)
            dense->weights[j * row + k] = dense->transposed[k * column + j] =
                layer->weights[j * n_outputs + k];
    return dense->biases + row;
}

static int widest_layer(const struct nnp_network *network)
{
    int widest = 0;
    for (int l = 0; l < network->n_layers; l++) {
        const int n_inputs = padded(network->layers[l].n_inputs);
        const int n_outputs = padded(network->layers[l].n_outputs);
        widest = n_inputs > widest ? n_inputs : widest;
        widest = n_outputs > widest ? n_outputs : widest;
    }
    return widest;
}

int nnp_dense_scratch_size(const struct nnp_network *network)
{
    int n = 2 * widest_layer(network) + (network->layers[0].n_inputs + 1) / 2;
    for (int l = 0; l < network->n_layers; l++)
        n += padded(network->layers[l].n_outputs);
    return n;
}

enum nnp_status nnp_dense_init(struct nnp_dense *dense, const struct nnp_network *network,
                               struct nnp_error *error)
{
    size_t n = 0;
    *dense = (struct nnp_dense){.n_layers = network->n_layers, .widest = widest_layer(network)};
    for (int l = 0; l < network->n_layers; l++)
        n += layer_size(&network->layers[l]);
    dense->layers = calloc((size_t)network->n_layers, sizeof *dense->layers);
    dense->storage = calloc(n, sizeof *dense->storage);
    if (!dense->layers || !dense->storage) {
        nnp_dense_free(dense);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a network");
    }
    double *next = dense->storage;
    for (int l = 0; l < network->n_layers; l++)
        next = fill_layer(&dense->layers[l], &network->layers[l], next);
    return NNP_SUCCESS;
}

void nnp_dense_free(struct nnp_dense *dense)
{
    free(dense->layers);
    free(dense->storage);
    *dense = (struct nnp_dense){0};
}
