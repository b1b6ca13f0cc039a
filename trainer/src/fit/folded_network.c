/* Equations (1) and (2) stand in folded_network.h. */
#include "folded_network.h"

#include "linear_algebra.h"

#include <string.h>

enum nnp_status nnp_folded_network_init(struct nnp_folded_network *folded,
                                        const struct nnp_projection *projection,
                                        const struct nnp_network *given,
                                        struct nnp_error *error)
{
    *folded = (struct nnp_folded_network){.given = given};
    if (projection->n_inputs == 0)
        return NNP_SUCCESS;
    folded->projection = projection;
    return nnp_network_init_like(&folded->own, given, projection->n_inputs, error);
}

void nnp_folded_network_free(struct nnp_folded_network *folded)
{
    nnp_network_free(&folded->own);
    *folded = (struct nnp_folded_network){0};
}

const struct nnp_network *nnp_folded_network(const struct nnp_folded_network *folded)
{
    return folded->projection ? &folded->own : folded->given;
}

void nnp_folded_network_update(struct nnp_folded_network *folded)
{
    const struct nnp_projection *projection = folded->projection;
    if (!projection)
        return;
    const struct nnp_layer *given = folded->given->layers;
    struct nnp_layer *own = folded->own.layers;
    const size_t n = (size_t)own->n_outputs;
    nnp_multiply(own->n_inputs, own->n_outputs, given->n_inputs, projection->matrix,
                 given->weights, 0.0, own->weights);
    nnp_apply_transposed(own->n_inputs, own->n_outputs, own->weights, projection->offset,
                         own->biases);
    for (size_t k = 0; k < n; k++)
        own->biases[k] = given->biases[k] - own->biases[k];
    for (int l = 1; l < folded->own.n_layers; l++) {
        const size_t n_in = (size_t)own[l].n_inputs, n_out = (size_t)own[l].n_outputs;
        memcpy(own[l].weights, given[l].weights, n_in * n_out * sizeof(double));
        memcpy(own[l].biases, given[l].biases, n_out * sizeof(double));
    }
}

void nnp_folded_network_pull_back(const struct nnp_folded_network *folded, int n_columns,
                                  double *folded_derivatives, double *derivatives)
{
    const struct nnp_projection *projection = folded->projection;
    const int n_folded = nnp_network_n_parameters(&folded->own);
    const size_t n_row = (size_t)folded->own.layers[0].n_outputs * (size_t)n_columns;
    const size_t n_inputs = (size_t)projection->n_inputs;
    const double *biases = folded_derivatives + n_inputs * n_row;
    for (size_t j = 0; j < n_inputs; j++)
        for (size_t c = 0; c < n_row; c++)
            folded_derivatives[j * n_row + c] -= projection->offset[j] * biases[c];
    nnp_transposed_multiply(projection->n_outputs, (int)n_row, projection->n_inputs,
                            projection->matrix, folded_derivatives, 0.0, derivatives);
    memcpy(derivatives + (size_t)projection->n_outputs * n_row, biases,
           ((size_t)n_folded * (size_t)n_columns - n_inputs * n_row) * sizeof *derivatives);
}
