/* Reader of potential files: networks. */
#include "potential_read.h"

#include <stdlib.h>

/* Sizes and activations of the layers, from the lengths of the lists of biases. */
struct shape {
    int n_layers;
    int *sizes; /* [n_layers + 1] */
    enum nnp_activation *activations;
};

static enum nnp_status read_layer_shape(struct shape *shape, int l,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    static const char *const keys[] = {"activation", "biases", "weights", NULL};
    const char *names[NNP_N_ACTIVATION];
    for (int i = 0; i < NNP_N_ACTIVATION; i++)
        names[i] = nnp_activation_name((enum nnp_activation)i);
    int index = 0;
    const struct nnp_yaml_node *biases;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "layer", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    if (!status)
        status = nnp_read_choice(node, "activation", names, NNP_N_ACTIVATION, &index, error);
    if (!status)
        status = nnp_yaml_require(node, "biases", &biases, error);
    if (!status)
        status = nnp_read_list(biases, "biases", error);
    if (status)
        return status;
    shape->activations[l] = (enum nnp_activation)index;
    shape->sizes[l + 1] = nnp_yaml_size(biases);
    if (l + 1 == shape->n_layers && nnp_yaml_size(biases) != 1)
        return nnp_yaml_error(biases, error, NNP_ERROR_INCONSISTENT,
                              "last layer has %d outputs, expected 1", nnp_yaml_size(biases));
    return NNP_SUCCESS;
}

static enum nnp_status read_shape(struct shape *shape, int n_inputs,
                                  const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const int n = nnp_yaml_size(node);
    shape->n_layers = n;
    shape->sizes = calloc((size_t)n + 1, sizeof *shape->sizes);
    shape->activations = calloc((size_t)n, sizeof *shape->activations);
    if (!shape->sizes || !shape->activations)
        return nnp_read_no_memory(node, error);
    shape->sizes[0] = n_inputs;
    enum nnp_status status = NNP_SUCCESS;
    for (int l = 0; l < n && !status; l++)
        status = read_layer_shape(shape, l, nnp_yaml_item(node, l), error);
    return status;
}

/* Rows are counted before the memory for them is requested. */
static enum nnp_status check_rows(const struct shape *shape, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int l = 0; l < shape->n_layers && !status; l++) {
        const struct nnp_yaml_node *weights;
        status = nnp_yaml_require(nnp_yaml_item(node, l), "weights", &weights, error);
        if (!status)
            status = nnp_read_list(weights, "weights", error);
        if (!status && nnp_yaml_size(weights) != shape->sizes[l])
            status = nnp_yaml_error(weights, error, NNP_ERROR_INCONSISTENT,
                                    "weights has %d rows, expected %d, one per %s",
                                    nnp_yaml_size(weights), shape->sizes[l],
                                    l > 0 ? "output of the layer before" : "input");
        for (int j = 0; !status && j < shape->sizes[l]; j++) {
            const struct nnp_yaml_node *row = nnp_yaml_item(weights, j);
            status = nnp_yaml_expect(row, NNP_YAML_SEQUENCE, "row of weights", error);
            if (!status && nnp_yaml_size(row) != shape->sizes[l + 1])
                status =
                    nnp_yaml_error(row, error, NNP_ERROR_INCONSISTENT,
                                   "row of weights has %d numbers, expected %d, one per bias",
                                   nnp_yaml_size(row), shape->sizes[l + 1]);
        }
    }
    return status;
}

static enum nnp_status read_parameters(struct nnp_layer *layer,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    const size_t n = (size_t)layer->n_outputs;
    const struct nnp_yaml_node *weights = nnp_yaml_get(node, "weights");
    enum nnp_status status = nnp_yaml_doubles(nnp_yaml_get(node, "biases"), "biases",
                                              layer->n_outputs, layer->biases, error);
    for (int j = 0; j < layer->n_inputs && !status; j++)
        status = nnp_yaml_doubles(nnp_yaml_item(weights, j), "row of weights", layer->n_outputs,
                                  layer->weights + (size_t)j * n, error);
    return status;
}

enum nnp_status nnp_read_network(const struct nnp_reader *reader, int m, int i,
                                 const struct nnp_yaml_node *node)
{
    struct nnp_error *error = reader->error;
    const struct nnp_potential *potential = reader->potential;
    const struct nnp_descriptor *descriptor = &potential->descriptors[i];
    const int n_inputs = descriptor->projection.n_outputs ? descriptor->projection.n_outputs
                                                          : descriptor->n_functions;
    struct nnp_network *network =
        &potential->networks[(size_t)m * (size_t)potential->n_elements + (size_t)i];
    struct shape shape = {0};
    enum nnp_status status = nnp_read_list(node, "layers", error);
    if (!status)
        status = read_shape(&shape, n_inputs, node, error);
    if (!status)
        status = check_rows(&shape, node, error);
    if (!status)
        status =
            nnp_network_init(network, shape.n_layers, shape.sizes, shape.activations, error);
    for (int l = 0; l < shape.n_layers && !status; l++)
        status = read_parameters(&network->layers[l], nnp_yaml_item(node, l), error);
    free(shape.sizes);
    free(shape.activations);
    return status;
}
