/* The distributions stand in start_weights.h. */
#include "start_weights.h"

#include <math.h>

static void fill(double *values, int n, double width, struct nnp_random *random)
{
    for (int k = 0; k < n; k++)
        values[k] = width * (2.0 * nnp_random_uniform(random) - 1.0);
}

/* Weights of norm beta for every output. */
static void spread(struct nnp_layer *layer, struct nnp_random *random)
{
    int n = layer->n_inputs, m = layer->n_outputs;
    double beta = 0.7 * pow(m, 1.0 / n);
    fill(layer->weights, n * m, 1.0, random);
    for (int k = 0; k < m; k++) {
        double norm2 = 0.0;
        for (int j = 0; j < n; j++)
            norm2 += layer->weights[j * m + k] * layer->weights[j * m + k];
        for (int j = 0; norm2 > 0.0 && j < n; j++)
            layer->weights[j * m + k] *= beta / sqrt(norm2);
    }
    fill(layer->biases, m, beta, random);
}

static void draw_layer(struct nnp_layer *layer, enum nnp_start_weights distribution,
                       bool is_output, struct nnp_random *random)
{
    double n = layer->n_inputs, m = layer->n_outputs;
    double width = sqrt(3.0 / n), bias_width = 1.0;
    if (distribution == NNP_START_NGUYEN_WIDROW && !is_output) {
        spread(layer, random);
        return;
    }
    if (distribution == NNP_START_UNIFORM)
        width = 1.0;
    if (distribution == NNP_START_XAVIER) {
        width = sqrt(6.0 / (n + m));
        bias_width = 0.0;
    }
    fill(layer->weights, layer->n_inputs * layer->n_outputs, width, random);
    fill(layer->biases, layer->n_outputs, bias_width, random);
}

void nnp_start_weights_draw(struct nnp_potential *model, enum nnp_start_weights distribution,
                            struct nnp_random *random)
{
    for (int e = 0; e < model->n_elements; e++) {
        struct nnp_network *network = &model->networks[e];
        for (int l = 0; l < network->n_layers; l++)
            draw_layer(&network->layers[l], distribution, l == network->n_layers - 1, random);
    }
}
