/* Networks of a configuration and the scaling of their inputs. */
#include "config_parts.h"

#include "nnp/element.h"

#include <stdlib.h>

/* Bounds that keep the number of parameters within an int. */
enum { MAX_WIDTH = 8192, MAX_HIDDEN = 16 };

static const char *scaling_word(int k)
{
    return nnp_scaling_name((enum nnp_scaling_method)k);
}

static const char *activation_word(int k)
{
    return nnp_activation_name((enum nnp_activation)k);
}

static enum nnp_status read_target(struct nnp_config *config, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    double target[2];
    enum nnp_status status = nnp_yaml_doubles(node, "target", 2, target, error);
    if (status)
        return status;
    if (config->scaling == NNP_SCALING_NONE || config->scaling == NNP_SCALING_CENTER)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "found a target, expected none for the method %s",
                              nnp_scaling_name(config->scaling));
    if (!(target[0] < target[1]))
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "target is [%g, %g], expected ascending numbers", target[0],
                              target[1]);
    config->scaling_min = target[0];
    config->scaling_max = target[1];
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_read_scaling(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    static const char *const keys[] = {"method", "target", NULL};
    enum nnp_status status =
        node ? nnp_config_mapping(node, "scaling", keys, error) : NNP_SUCCESS;
    if (status)
        return status;
    config->scaling_is_given = node != NULL;
    const struct nnp_yaml_node *method = node ? nnp_yaml_get(node, "method") : NULL;
    const struct nnp_yaml_node *target = node ? nnp_yaml_get(node, "target") : NULL;
    int k = NNP_SCALING_MINMAX;
    if (method)
        status = nnp_config_word(method, "method", NNP_N_SCALING, scaling_word, &k, error);
    config->scaling = (enum nnp_scaling_method)k;
    config->scaling_min = k == NNP_SCALING_MINMAX ? -1.0 : 0.0;
    config->scaling_max = 1.0;
    return !status && target ? read_target(config, target, error) : status;
}

static enum nnp_status read_sizes(const struct nnp_yaml_node *node,
                                  struct nnp_config_network *network, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, "hidden", error);
    if (status)
        return status;
    if (nnp_yaml_size(node) > MAX_HIDDEN)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "found %d hidden layers, expected at most %d",
                              nnp_yaml_size(node), MAX_HIDDEN);
    network->n_hidden = nnp_yaml_size(node);
    for (int l = 0; l < network->n_hidden && !status; l++) {
        const struct nnp_yaml_node *item = nnp_yaml_item(node, l);
        int *size = &network->sizes[l];
        status = nnp_yaml_int(item, "hidden", size, error);
        if (!status && (*size < 1 || *size > MAX_WIDTH))
            status = nnp_yaml_error(item, error, NNP_ERROR_VALUE,
                                    "a hidden layer is of %d nodes, expected 1 to %d", *size,
                                    MAX_WIDTH);
    }
    return status;
}

/* One activation for all layers, or one for each. */
static enum nnp_status read_activations(const struct nnp_yaml_node *node,
                                        struct nnp_config_network *network,
                                        struct nnp_error *error)
{
    bool list = nnp_yaml_kind(node) == NNP_YAML_SEQUENCE;
    int n = nnp_config_n_items(node), k = 0;
    if (list && n != network->n_hidden)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "found %d activations, expected one for each of %d hidden layers",
                              n, network->n_hidden);
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < n && !status; i++) {
        status = nnp_config_word(nnp_config_item(node, i), "activation", NNP_N_ACTIVATION,
                                 activation_word, &k, error);
        for (int l = list ? i : 0; l < (list ? i + 1 : network->n_hidden); l++)
            network->activations[l] = (enum nnp_activation)k;
    }
    return status;
}

/* node NULL: the defaults, two layers of ten. */
static enum nnp_status read_network(const struct nnp_yaml_node *node,
                                    struct nnp_config_network *network, struct nnp_error *error)
{
    static const char *const keys[] = {"hidden", "activation", NULL};
    network->sizes = calloc(MAX_HIDDEN, sizeof *network->sizes);
    network->activations = calloc(MAX_HIDDEN, sizeof *network->activations);
    if (!network->sizes || !network->activations)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    network->n_hidden = 2;
    network->sizes[0] = network->sizes[1] = 10;
    for (int l = 0; l < MAX_HIDDEN; l++)
        network->activations[l] = NNP_ACTIVATION_TANH;

    enum nnp_status status =
        node ? nnp_config_mapping(node, "network", keys, error) : NNP_SUCCESS;
    const struct nnp_yaml_node *hidden = node ? nnp_yaml_get(node, "hidden") : NULL;
    const struct nnp_yaml_node *activation = node ? nnp_yaml_get(node, "activation") : NULL;
    if (!status && hidden)
        status = read_sizes(hidden, network, error);
    if (!status && activation)
        status = read_activations(activation, network, error);
    return status;
}

/* Whether a mapping has a key that is the symbol of an element: one network for each element.
 */
static bool is_by_element(const struct nnp_yaml_node *node)
{
    for (int i = 0; nnp_yaml_kind(node) == NNP_YAML_MAPPING && i < nnp_yaml_size(node); i++) {
        const char *key;
        if (!nnp_yaml_string(nnp_yaml_key(node, i), "key", &key, NULL) &&
            nnp_element_from_symbol(key) > 0)
            return true;
    }
    return false;
}

static enum nnp_status read_by_element(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < nnp_yaml_size(node) && !status; i++) {
        int e;
        status = nnp_config_element(config, nnp_yaml_key(node, i), &e, error);
        if (!status)
            status = read_network(nnp_yaml_value(node, i), &config->networks[e], error);
    }
    for (int e = 0; e < config->n_elements && !status; e++)
        if (!config->networks[e].sizes)
            status = nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                    "found no network for %s, expected one for every element",
                                    nnp_element_symbol(config->atomic_numbers[e]));
    return status;
}

enum nnp_status nnp_config_read_networks(struct nnp_config *config,
                                         const struct nnp_yaml_node *node,
                                         struct nnp_error *error)
{
    config->networks = calloc((size_t)config->n_elements, sizeof *config->networks);
    if (!config->networks)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    if (node && is_by_element(node))
        return read_by_element(config, node, error);
    enum nnp_status status = NNP_SUCCESS;
    for (int e = 0; e < config->n_elements && !status; e++) {
        status = read_network(node, &config->networks[e], error);
        if (!status && !node && config->n_initial > 0)
            status = nnp_config_initial_network(config, e, error);
    }
    return status;
}
