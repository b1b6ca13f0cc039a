/* The passes of network_batch.c with all directions c of a structure at a time.  For atom i,
 * unit m of a layer, and one column more that belongs to the energy, Zt being zero there:
 *
 *   Zt_i[m][c] = sum_k W[k][m] At_i[k][c],  At' = f' Zt,  At = u for the first layer       (1)
 *   Zbar_i[m][c] = f' Abar_i[m][c] + f'' Zt_i[m][c] Atbar_i[m],  Ztbar_i[m] = f' Atbar_i[m] (2)
 *   dW[k][m][c] = sum_i (A_i[k] Zbar_i[m][c] + Ztbar_i[m] At_i[k][c]),
 *   db[m][c] = sum_i Zbar_i[m][c]                                                          (3)
 *   Abar_i[k][c] = sum_m W[k][m] Zbar_i[m][c],  Atbar_i[k] = sum_m W[k][m] Ztbar_i[m]       (4)
 *
 * Behind the last layer Atbar = 1, and Abar = 1 in the energy's column, 0 in the others.  Ztbar
 * does not depend on c, so that each sum over atoms in (3) is one matrix product. */
#include "network_rows.h"

#include "linear_algebra.h"
#include "network_batch_parts.h"

#include <stdlib.h>
#include <string.h>

struct layer_rows {
    double *z_tangents; /* Zt, [n_atoms][n_outputs][n_columns + 1] */
    double *tangents;   /* At', the same */
};

struct nnp_network_rows {
    const struct nnp_network *network;
    struct layer_rows *layers; /* [n_layers] */
    double *z_bar, *a_bar;     /* [n_atoms][units of the layer][n_columns + 1] */
    double *zt_bar, *at_bar;   /* [n_atoms][units of the layer] */
    double *bend;              /* f'' Atbar, the same */
    double *weights;           /* of active inputs, [n_active][n_outputs] */
    double *products;          /* [n_outputs][n_inputs][n_columns + 1] */
    double *memory;
};

/* What one evaluation is about. */
struct pass {
    const struct nnp_network_batch *batch;
    const struct nnp_network_directions *directions;
    size_t first_row, n_atoms, n_columns; /* n_columns: with that of the energy */
};

static double *take(double **memory, size_t n)
{
    double *taken = *memory;
    if (taken)
        *memory += n;
    return taken;
}

/* Hands out the arrays from one piece of memory (NULL: none yet); returns its size. */
static size_t place_arrays(struct nnp_network_rows *rows, size_t n_atoms, size_t n_columns,
                           double *memory)
{
    const struct nnp_network *network = rows->network;
    size_t widest = 1, most_weights = 1, total = 0, n_stored;
    for (int l = 0; l < network->n_layers; l++) {
        size_t n_out = (size_t)network->layers[l].n_outputs;
        size_t n_weights = n_out * (size_t)network->layers[l].n_inputs;
        widest = n_out > widest ? n_out : widest;
        most_weights = n_weights > most_weights ? n_weights : most_weights;
        n_stored = n_atoms * n_out * n_columns;
        rows->layers[l].z_tangents = take(&memory, n_stored);
        rows->layers[l].tangents = take(&memory, n_stored);
        total += 2 * n_stored;
    }
    n_stored = n_atoms * widest;
    rows->z_bar = take(&memory, n_stored * n_columns);
    rows->a_bar = take(&memory, n_stored * n_columns);
    rows->zt_bar = take(&memory, n_stored);
    rows->at_bar = take(&memory, n_stored);
    rows->bend = take(&memory, n_stored);
    rows->weights = take(&memory, most_weights);
    rows->products = take(&memory, most_weights * n_columns);
    return total + n_stored * (2 * n_columns + 3) + most_weights * (n_columns + 1);
}

enum nnp_status nnp_network_rows_create(struct nnp_network_rows **rows,
                                        const struct nnp_network *network, int max_atoms,
                                        int max_columns, struct nnp_error *error)
{
    size_t n_atoms = (size_t)max_atoms, n_columns = (size_t)max_columns + 1;
    *rows = calloc(1, sizeof **rows);
    if (*rows) {
        (*rows)->network = network;
        (*rows)->layers = calloc((size_t)network->n_layers, sizeof *(*rows)->layers);
    }
    if (*rows && (*rows)->layers)
        (*rows)->memory =
            calloc(place_arrays(*rows, n_atoms, n_columns, NULL) + 1, sizeof(double));
    if (!*rows || !(*rows)->memory) {
        nnp_network_rows_free(*rows);
        *rows = NULL;
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for the derivatives of %d atoms of a network",
                             max_atoms);
    }
    place_arrays(*rows, n_atoms, n_columns, (*rows)->memory);
    return NNP_SUCCESS;
}

void nnp_network_rows_free(struct nnp_network_rows *rows)
{
    if (!rows)
        return;
    free(rows->layers);
    free(rows->memory);
    free(rows);
}

/* Zt of the first layer. */
static void enter_directions(struct nnp_network_rows *rows, const struct pass *pass)
{
    const struct nnp_layer *layer = &rows->network->layers[0];
    const struct nnp_network_directions *directions = pass->directions;
    size_t n_out = (size_t)layer->n_outputs, n_columns = pass->n_columns;
    size_t n_values = (size_t)directions->n_active * (n_columns - 1);
    double *z = rows->layers[0].z_tangents;
    memset(z, 0, pass->n_atoms * n_out * n_columns * sizeof *z);
    if (n_values == 0)
        return;
    for (int a = 0; a < directions->n_active; a++)
        memcpy(rows->weights + (size_t)a * n_out,
               layer->weights + (size_t)directions->active[a] * n_out, n_out * sizeof(double));
    for (size_t i = 0; i < pass->n_atoms; i++)
        nnp_transposed_multiply_into(
            layer->n_outputs, directions->n_columns, directions->n_active, rows->weights,
            directions->values + i * n_values, 0.0, (int)n_columns, z + i * n_out * n_columns);
}

/* Equation (1). */
static void pass_tangents(struct nnp_network_rows *rows, const struct pass *pass)
{
    size_t n_columns = pass->n_columns;
    enter_directions(rows, pass);
    for (int l = 0; l < rows->network->n_layers; l++) {
        const struct nnp_layer *layer = &rows->network->layers[l];
        size_t n_out = (size_t)layer->n_outputs, n_in = (size_t)layer->n_inputs;
        const double *slope = pass->batch->layers[l].slope + pass->first_row * n_out;
        double *z = rows->layers[l].z_tangents, *leaving = rows->layers[l].tangents;
        for (size_t i = 0; l > 0 && i < pass->n_atoms; i++)
            nnp_transposed_multiply(layer->n_outputs, (int)n_columns, layer->n_inputs,
                                    layer->weights,
                                    rows->layers[l - 1].tangents + i * n_in * n_columns, 0.0,
                                    z + i * n_out * n_columns);
        pass->batch->kernels->scale_rows((int)(pass->n_atoms * n_out), (int)n_columns, slope, z,
                                         leaving);
    }
}

/* Equation (2). */
static void reverse_activation(struct nnp_network_rows *rows, const struct pass *pass, int l)
{
    const size_t n_out = (size_t)rows->network->layers[l].n_outputs;
    const struct layer_state *state = &pass->batch->layers[l];
    const double *slope = state->slope + pass->first_row * n_out;
    const double *curvature = state->curvature + pass->first_row * n_out;
    for (size_t m = 0; m < pass->n_atoms * n_out; m++) {
        rows->bend[m] = curvature[m] * rows->at_bar[m];
        rows->zt_bar[m] = slope[m] * rows->at_bar[m];
    }
    pass->batch->kernels->combine_rows((int)(pass->n_atoms * n_out), (int)pass->n_columns,
                                       slope, rows->a_bar, rows->bend,
                                       rows->layers[l].z_tangents, rows->z_bar);
}

/* derivatives[inputs[k]][m][c] += products[m][k][c]; the latter have n_given columns. */
static void add_products(const struct nnp_loss_kernels *kernels, const double *products,
                         int n_in, const int *inputs, size_t n_out, size_t n_given,
                         size_t n_columns, double *derivatives)
{
    for (size_t m = 0; m < n_out; m++)
        for (int k = 0; k < n_in; k++) {
            size_t input = inputs ? (size_t)inputs[k] : (size_t)k;
            kernels->add((int)n_given, products, derivatives + (input * n_out + m) * n_columns);
            products += n_given;
        }
}

/* Equations (3) of layer l; derivatives points to the layer's parameters. */
static void set_layer_derivatives(struct nnp_network_rows *rows, const struct pass *pass, int l,
                                  double *derivatives)
{
    const struct nnp_layer *layer = &rows->network->layers[l];
    int n_atoms = (int)pass->n_atoms, n_columns = (int)pass->n_columns;
    size_t n_in = (size_t)layer->n_inputs, n_out = (size_t)layer->n_outputs;
    size_t n_row = n_out * pass->n_columns;
    const double *entering = (l > 0 ? pass->batch->layers[l - 1].output : pass->batch->inputs) +
                             pass->first_row * n_in;
    double *biases = derivatives + n_in * n_row;
    nnp_transposed_multiply(layer->n_inputs, (int)n_row, n_atoms, entering, rows->z_bar, 0.0,
                            derivatives);
    memset(biases, 0, n_row * sizeof *biases);
    for (size_t i = 0; i < pass->n_atoms; i++)
        pass->batch->kernels->add((int)n_row, rows->z_bar + i * n_row, biases);

    int n_given = l > 0 ? n_columns : n_columns - 1;
    int n_active = l > 0 ? layer->n_inputs : pass->directions->n_active;
    const double *tangents = l > 0 ? rows->layers[l - 1].tangents : pass->directions->values;
    if (n_given == 0 || n_active == 0)
        return;
    nnp_transposed_multiply(layer->n_outputs, n_active * n_given, n_atoms, rows->zt_bar,
                            tangents, 0.0, rows->products);
    add_products(pass->batch->kernels, rows->products, n_active,
                 l > 0 ? NULL : pass->directions->active, n_out, (size_t)n_given,
                 pass->n_columns, derivatives);
}

/* Equations (4). */
static void reverse_layer(struct nnp_network_rows *rows, const struct pass *pass, int l)
{
    const struct nnp_layer *layer = &rows->network->layers[l];
    size_t n_in = (size_t)layer->n_inputs, n_out = (size_t)layer->n_outputs;
    for (size_t i = 0; i < pass->n_atoms; i++)
        nnp_multiply(layer->n_inputs, (int)pass->n_columns, layer->n_outputs, layer->weights,
                     rows->z_bar + i * n_out * pass->n_columns, 0.0,
                     rows->a_bar + i * n_in * pass->n_columns);
    nnp_multiply_transposed((int)pass->n_atoms, layer->n_inputs, layer->n_outputs, rows->zt_bar,
                            layer->weights, 0.0, rows->at_bar);
}

void nnp_network_rows_evaluate(struct nnp_network_rows *rows,
                               const struct nnp_network_batch *batch, int first_row,
                               int n_atoms, const struct nnp_network_directions *directions,
                               double *derivatives)
{
    const struct nnp_network *network = rows->network;
    struct pass pass = {batch, directions, (size_t)first_row, (size_t)n_atoms,
                        (size_t)directions->n_columns + 1};
    pass_tangents(rows, &pass);
    memset(rows->a_bar, 0, pass.n_atoms * pass.n_columns * sizeof *rows->a_bar);
    for (size_t i = 0; i < pass.n_atoms; i++) {
        rows->a_bar[(i + 1) * pass.n_columns - 1] = 1.0;
        rows->at_bar[i] = 1.0;
    }
    derivatives += (size_t)nnp_network_n_parameters(network) * pass.n_columns;
    for (int l = network->n_layers - 1; l >= 0; l--) {
        const struct nnp_layer *layer = &network->layers[l];
        derivatives -=
            (size_t)(layer->n_inputs + 1) * (size_t)layer->n_outputs * pass.n_columns;
        reverse_activation(rows, &pass, l);
        set_layer_derivatives(rows, &pass, l, derivatives);
        if (l > 0)
            reverse_layer(rows, &pass, l);
    }
}
