/* Potentials that a training begins with. */
#include "config_parts.h"

#include "nnp/element.h"
#include "sha256.h"

#include <stdlib.h>
#include <string.h>

const struct nnp_potential *nnp_config_initial_of(const struct nnp_config *config, int element,
                                                  int *its_index)
{
    for (int f = 0; f < config->n_initial; f++) {
        *its_index =
            nnp_potential_element_index(config->initial[f], config->atomic_numbers[element]);
        if (*its_index >= 0)
            return config->initial[f];
    }
    return NULL;
}

/* What this version can take over of one of n potentials. */
static enum nnp_status check_potential(const struct nnp_config *config,
                                       const struct nnp_yaml_node *node, const char *name,
                                       const struct nnp_potential *potential, int n,
                                       struct nnp_error *error)
{
    if (potential->n_members != 1 && potential->n_members != config->n_members)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "%s has %d committee members, expected 1 or as many as committee "
                              "says, %d",
                              name, potential->n_members, config->n_members);
    for (int e = 0; e < potential->n_elements; e++) {
        const char *symbol = nnp_element_symbol(potential->elements[e].atomic_number);
        bool listed = false;
        for (int i = 0; i < config->n_elements; i++)
            listed =
                listed || config->atomic_numbers[i] == potential->elements[e].atomic_number;
        if (!listed)
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "%s covers %s, which is not among the elements", name,
                                  symbol);
        if (potential->descriptors[e].species_weights && n > 1)
            return nnp_yaml_error(node, error, NNP_ERROR_UNSUPPORTED,
                                  "%s has Chebyshev functions of %s that are weighted by "
                                  "species, expected others, or no other initial potential, "
                                  "whose elements have no weights there",
                                  name, symbol);
        if (potential->descriptors[e].projection.n_inputs > 0 && n > 1)
            return nnp_yaml_error(node, error, NNP_ERROR_UNSUPPORTED,
                                  "%s projects the functions of %s, expected networks without "
                                  "a projection, or no other initial potential",
                                  name, symbol);
    }
    return NNP_SUCCESS;
}

/* Of what was read, as other codes' potentials are several files. */
static enum nnp_status find_checksum(struct nnp_config *config, int f, struct nnp_error *error)
{
    char *text;
    enum nnp_status status = nnp_potential_format(config->initial[f], &text, error);
    if (status)
        return status;
    nnp_sha256(text, strlen(text), config->initial_sha256[f]);
    free(text);
    return NNP_SUCCESS;
}

/* One of n. */
static enum nnp_status read_potential(struct nnp_config *config,
                                      const struct nnp_yaml_node *node, int n,
                                      struct nnp_error *error)
{
    const char *name;
    struct nnp_error detail;
    int f = config->n_initial;
    char **file = &config->initial_files[f];
    enum nnp_status status = nnp_yaml_string(node, "initial", &name, error);
    if (status)
        return status;
    *file = strdup(name);
    if (!*file)
        return nnp_config_no_memory(node, error);
    status = nnp_config_resolve(config, node, file, error);
    if (!status) {
        status = nnp_potential_read(&config->initial[f], *file, &detail);
        if (status)
            nnp_yaml_error(node, error, status, "initial: %.800s", detail.message);
    }
    config->n_initial++;
    if (!status)
        nnp_config_convert_units(config->initial[f]);
    if (!status)
        status = check_potential(config, node, name, config->initial[f], n, error);
    return status ? status : find_checksum(config, f, error);
}

/* Every element is covered, and potentials agree on its reference energy. */
static enum nnp_status take_energies(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    for (int e = 0; e < config->n_elements; e++) {
        int at;
        const struct nnp_potential *first = nnp_config_initial_of(config, e, &at);
        const char *symbol = nnp_element_symbol(config->atomic_numbers[e]);
        if (!first)
            return nnp_yaml_error(
                node, error, NNP_ERROR_INCONSISTENT,
                "no initial potential covers %s, expected one for every element", symbol);
        config->element_energies[e] = first->elements[at].energy;
        for (int f = 0; f < config->n_initial; f++) {
            at = nnp_potential_element_index(config->initial[f], config->atomic_numbers[e]);
            if (at >= 0 &&
                config->initial[f]->elements[at].energy != config->element_energies[e])
                return nnp_yaml_error(
                    node, error, NNP_ERROR_INCONSISTENT,
                    "initial potentials have the reference energies %.15g and "
                    "%.15g eV for %s, expected the same",
                    config->element_energies[e], config->initial[f]->elements[at].energy,
                    symbol);
        }
    }
    config->reference_energies = NNP_REFERENCE_GIVEN;
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_read_initial(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (!node)
        return NNP_SUCCESS;
    int n = nnp_config_n_items(node);
    config->initial_files = calloc((size_t)n + 1, sizeof *config->initial_files);
    config->initial = calloc((size_t)n + 1, sizeof(struct nnp_potential *));
    config->initial_sha256 = calloc((size_t)n + 1, sizeof *config->initial_sha256);
    if (!config->initial_files || !config->initial || !config->initial_sha256)
        return nnp_config_no_memory(node, error);
    if (n == 0)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "initial is an empty list, expected a potential");
    for (int f = 0; f < n && !status; f++)
        status = read_potential(config, nnp_config_item(node, f), n, error);
    if (!status)
        status = take_energies(config, node, error);
    return status ? status : nnp_config_join_repulsions(config, node, error);
}

enum nnp_status nnp_config_initial_functions(struct nnp_config *config, struct nnp_error *error)
{
    const struct nnp_potential *potential = config->initial[0];
    if (config->n_initial != 1)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s has several initial potentials and no symmetry_functions, "
                             "expected these, as functions between the elements are not known",
                             config->path);
    /* The potential has the configuration's elements, each in its place. */
    for (int e = 0; e < config->n_elements; e++) {
        const struct nnp_descriptor *descriptor = &potential->descriptors[e];
        size_t n = (size_t)descriptor->n_functions;
        struct nnp_config_functions *functions = &config->functions[e];
        functions->functions = calloc(n + 1, sizeof *functions->functions);
        if (!functions->functions)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
        memcpy(functions->functions, descriptor->functions, n * sizeof *functions->functions);
        functions->n_functions = descriptor->n_functions;
    }
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_initial_species_weights(struct nnp_config *config,
                                                   struct nnp_error *error)
{
    const size_t size = (size_t)config->n_elements * sizeof(double);
    for (int e = 0; config->n_initial == 1 && e < config->n_elements; e++) {
        const double *given = config->initial[0]->descriptors[e].species_weights;
        double *copied = given ? malloc(size) : NULL;
        if (given && !copied)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
        if (given)
            config->functions[e].species_weights = memcpy(copied, given, size);
    }
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_initial_network(struct nnp_config *config, int element,
                                           struct nnp_error *error)
{
    struct nnp_config_network *network = &config->networks[element];
    int at;
    const struct nnp_potential *potential = nnp_config_initial_of(config, element, &at);
    const struct nnp_network *given = &potential->networks[at];
    size_t n_hidden = (size_t)given->n_layers - 1;
    int *sizes = calloc(n_hidden + 1, sizeof *sizes);
    enum nnp_activation *activations = calloc(n_hidden + 1, sizeof *activations);
    free(network->sizes);
    free(network->activations);
    network->sizes = sizes;
    network->activations = activations;
    network->n_hidden = 0;
    if (!sizes || !activations)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    network->n_hidden = (int)n_hidden;
    for (size_t l = 0; l < n_hidden; l++) {
        sizes[l] = given->layers[l].n_outputs;
        activations[l] = given->layers[l].activation;
    }
    return NNP_SUCCESS;
}
