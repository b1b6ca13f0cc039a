/* Groups of symmetry functions: cutoff, and elements that they are for. */
#include "config_group.h"

#include <stdlib.h>

void nnp_config_group_free(struct nnp_config_group *group)
{
    free(group->eta.values);
    free(group->r_shift.values);
    free(group->lambda.values);
    free(group->zeta.values);
    free(group->centers);
    free(group->neighbors);
}

/* ---- Cutoff ---- */

static const char *cutoff_word(int k)
{
    return nnp_cutoff_name((enum nnp_cutoff_type)k);
}

enum nnp_status nnp_config_read_cutoff(const struct nnp_yaml_node *node,
                                       struct nnp_cutoff *cutoff, struct nnp_error *error)
{
    static const char *const keys[] = {"function", "radius", "alpha", NULL};
    enum nnp_status status = nnp_config_mapping(node, "cutoff", keys, error);
    const struct nnp_yaml_node *function = status ? NULL : nnp_yaml_get(node, "function");
    int type = (int)cutoff->type;
    if (function)
        status = nnp_config_word(function, "function", NNP_N_CUTOFF, cutoff_word, &type, error);
    cutoff->type = (enum nnp_cutoff_type)type;
    if (!status)
        status = nnp_config_get_number(node, "radius", &nnp_above_0, &cutoff->radius, error);
    if (!status)
        status = nnp_config_get_number(node, "alpha", &nnp_below_1, &cutoff->alpha, error);
    if (status)
        return status;
    if (cutoff->radius == 0.0)
        return nnp_yaml_error(node, error, NNP_ERROR_SYNTAX, "key 'radius' is missing");
    bool whole_range = cutoff->type == NNP_CUTOFF_TANH || cutoff->type == NNP_CUTOFF_TANHU;
    if (whole_range && cutoff->alpha != 0.0)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "alpha is %g, expected 0 for the cutoff function %s",
                              cutoff->alpha, nnp_cutoff_name(cutoff->type));
    return NNP_SUCCESS;
}

/* ---- Elements ---- */

static enum nnp_status read_centers(const struct nnp_config *config,
                                    const struct nnp_yaml_node *node,
                                    struct nnp_config_group *group, struct nnp_error *error)
{
    enum nnp_status status =
        node ? nnp_config_refuse_empty(node, "center", error) : NNP_SUCCESS;
    for (int e = 0; e < config->n_elements; e++)
        group->centers[e] = !node;
    for (int i = 0; node && i < nnp_config_n_items(node) && !status; i++) {
        int e;
        status = nnp_config_element(config, nnp_config_item(node, i), &e, error);
        if (!status)
            group->centers[e] = true;
    }
    return status;
}

bool *nnp_config_group_neighbors(const struct nnp_config *config,
                                 const struct nnp_config_group *group, int first, int second)
{
    return &group->neighbors[(size_t)first * (size_t)(config->n_elements + 1) +
                             (size_t)(second + 1)];
}

static enum nnp_status read_pair(const struct nnp_config *config,
                                 const struct nnp_yaml_node *node,
                                 struct nnp_config_group *group, struct nnp_error *error)
{
    int first, second;
    if (nnp_yaml_kind(node) != NNP_YAML_SEQUENCE || nnp_yaml_size(node) != 2)
        return nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                              "neighbors of an angular group are pairs, expected a list of "
                              "two elements, or a list of such lists");
    enum nnp_status status = nnp_config_element(config, nnp_yaml_item(node, 0), &first, error);
    if (!status)
        status = nnp_config_element(config, nnp_yaml_item(node, 1), &second, error);
    if (!status)
        *nnp_config_group_neighbors(config, group, first < second ? first : second,
                                    first < second ? second : first) = true;
    return status;
}

static void select_all_neighbors(const struct nnp_config *config,
                                 struct nnp_config_group *group)
{
    for (int first = 0; first < config->n_elements; first++) {
        bool radial = group->type == NNP_SYMMETRY_RADIAL;
        *nnp_config_group_neighbors(config, group, first, -1) = radial;
        for (int second = first; second < config->n_elements && !radial; second++)
            *nnp_config_group_neighbors(config, group, first, second) = true;
    }
}

static enum nnp_status read_neighbors(const struct nnp_config *config,
                                      const struct nnp_yaml_node *node,
                                      struct nnp_config_group *group, struct nnp_error *error)
{
    bool radial = group->type == NNP_SYMMETRY_RADIAL;
    if (!node) {
        select_all_neighbors(config, group);
        return NNP_SUCCESS;
    }
    enum nnp_status status = nnp_config_refuse_empty(node, "neighbors", error);
    bool one_pair = !radial && nnp_yaml_size(node) > 0 &&
                    nnp_yaml_kind(nnp_config_item(node, 0)) == NNP_YAML_SCALAR;
    if (one_pair)
        return read_pair(config, node, group, error);
    for (int i = 0; i < nnp_config_n_items(node) && !status; i++) {
        const struct nnp_yaml_node *item = nnp_config_item(node, i);
        int e;
        if (!radial)
            status = read_pair(config, item, group, error);
        else if (!(status = nnp_config_element(config, item, &e, error)))
            *nnp_config_group_neighbors(config, group, e, -1) = true;
    }
    return status;
}

static enum nnp_status read_elements(const struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     struct nnp_config_group *group, struct nnp_error *error)
{
    size_t n = (size_t)config->n_elements;
    group->centers = calloc(n, sizeof *group->centers);
    group->neighbors = calloc(n * (n + 1), sizeof *group->neighbors);
    if (!group->centers || !group->neighbors)
        return nnp_config_no_memory(node, error);
    enum nnp_status status = read_centers(config, nnp_yaml_get(node, "center"), group, error);
    if (!status)
        status = read_neighbors(config, nnp_yaml_get(node, "neighbors"), group, error);
    return status;
}

/* ---- Groups ---- */

static const char *angular_word(int k)
{
    return nnp_symmetry_name(k == 0 ? NNP_SYMMETRY_WIDE : NNP_SYMMETRY_NARROW);
}

static enum nnp_status read_type(const struct nnp_yaml_node *node, enum nnp_symmetry_type *type,
                                 struct nnp_error *error)
{
    const struct nnp_yaml_node *word;
    int k = 0;
    enum nnp_status status = nnp_yaml_require(node, "type", &word, error);
    if (!status)
        status = nnp_config_word(word, "type", 2, angular_word, &k, error);
    *type = k == 0 ? NNP_SYMMETRY_WIDE : NNP_SYMMETRY_NARROW;
    return status;
}

enum nnp_status nnp_config_group_read(const struct nnp_config *config,
                                      const struct nnp_yaml_node *node, bool angular,
                                      const struct nnp_cutoff *cutoff,
                                      struct nnp_config_group *group, struct nnp_error *error)
{
    static const char *const radial_keys[] = {
        "eta", "r_shift", "n", "spacing", "r_min", "cutoff", "center", "neighbors", NULL};
    static const char *const angular_keys[] = {"type",    "eta",    "r_shift",   "n",
                                               "spacing", "r_min",  "lambda",    "zeta",
                                               "cutoff",  "center", "neighbors", NULL};
    *group = (struct nnp_config_group){.type = NNP_SYMMETRY_RADIAL, .cutoff = *cutoff};
    enum nnp_status status =
        nnp_config_mapping(node, angular ? "an angular group" : "a radial group",
                           angular ? angular_keys : radial_keys, error);
    if (!status && angular)
        status = read_type(node, &group->type, error);
    if (status)
        return status;
    const struct nnp_yaml_node *own_cutoff = nnp_yaml_get(node, "cutoff");
    if (own_cutoff)
        status = nnp_config_read_cutoff(own_cutoff, &group->cutoff, error);
    else if (cutoff->radius == 0.0)
        status = nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                                "key 'cutoff' is missing, here and under 'symmetry_functions'");
    if (!status)
        status = nnp_config_read_parameters(node, group, error);
    return status ? status : read_elements(config, node, group, error);
}
