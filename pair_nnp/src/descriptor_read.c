/* Reader of potential files: symmetry functions. */
#include "potential_check.h"
#include "potential_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static enum nnp_status read_cutoff(struct nnp_cutoff *cutoff, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"function", "radius", "alpha", NULL};
    const char *names[NNP_N_CUTOFF];
    for (int i = 0; i < NNP_N_CUTOFF; i++)
        names[i] = nnp_cutoff_name((enum nnp_cutoff_type)i);
    int type = 0;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "cutoff", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    if (!status)
        status = nnp_read_choice(node, "function", names, NNP_N_CUTOFF, &type, error);
    if (!status)
        status = nnp_read_double(node, "radius", &cutoff->radius, error);
    if (!status)
        status = nnp_read_double(node, "alpha", &cutoff->alpha, error);
    if (status)
        return status;
    const char *key;
    struct nnp_error detail;
    cutoff->type = (enum nnp_cutoff_type)type;
    status = nnp_check_cutoff(cutoff, &key, &detail);
    return status ? nnp_read_refused(node, key, &detail, error) : status;
}

static enum nnp_status read_neighbor(const struct nnp_reader *reader,
                                     const struct nnp_yaml_node *node, int *neighbor)
{
    const char *symbol;
    const enum nnp_status status =
        nnp_yaml_string(node, "neighbor element", &symbol, reader->error);
    if (status)
        return status;
    for (int i = 0; reader->symbols[i]; i++)
        if (!strcmp(reader->symbols[i], symbol)) {
            *neighbor = i;
            return NNP_SUCCESS;
        }
    return nnp_yaml_error(node, reader->error, NNP_ERROR_ELEMENT,
                          "neighbor element is '%.20s', expected an element of this potential",
                          symbol);
}

/* Two neighbors may stand in any order; weighted functions name none. */
static enum nnp_status read_neighbors(const struct nnp_reader *reader,
                                      struct nnp_symmetry *function,
                                      const struct nnp_yaml_node *mapping)
{
    const int n = nnp_symmetry_n_neighbors(function->type);
    const struct nnp_yaml_node *list;
    int *neighbors = function->neighbors;
    neighbors[0] = neighbors[1] = -1;
    if (n == 0)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_require(mapping, "neighbors", &list, reader->error);
    if (!status)
        status = nnp_yaml_expect(list, NNP_YAML_SEQUENCE, "neighbors", reader->error);
    if (status)
        return status;
    if (nnp_yaml_size(list) != n)
        return nnp_yaml_error(list, reader->error, NNP_ERROR_INCONSISTENT,
                              "neighbors has %d elements, expected %d for the type %s",
                              nnp_yaml_size(list), n, nnp_symmetry_name(function->type));
    for (int i = 0; i < n && !status; i++)
        status = read_neighbor(reader, nnp_yaml_item(list, i), &neighbors[i]);
    if (n == 2 && neighbors[1] < neighbors[0]) {
        const int first = neighbors[1];
        neighbors[1] = neighbors[0];
        neighbors[0] = first;
    }
    return status;
}

/* The keys of a type, NULL-terminated. */
static void list_keys(enum nnp_symmetry_type type, const char *keys[12])
{
    const bool compact = nnp_symmetry_is_compact(type), radial = nnp_symmetry_is_radial(type);
    int n = 0;
    keys[n++] = "type";
    if (nnp_symmetry_is_chebyshev(type)) {
        keys[n++] = "degree";
        keys[n++] = "cutoff";
        keys[n] = NULL;
        return;
    }
    if (nnp_symmetry_n_neighbors(type) > 0)
        keys[n++] = "neighbors";
    keys[n++] = compact ? "r_low" : "eta";
    keys[n++] = compact ? "asymmetric" : "r_shift";
    if (!compact && !radial) {
        keys[n++] = "zeta";
        keys[n++] = "lambda";
    }
    if (compact && !radial)
        keys[n++] = "angles";
    keys[n++] = "cutoff";
    keys[n] = NULL;
}

static enum nnp_status read_type(enum nnp_symmetry_type *type, const struct nnp_yaml_node *node,
                                 struct nnp_error *error)
{
    const char *keys[12], *names[NNP_N_SYMMETRY];
    for (int i = 0; i < NNP_N_SYMMETRY; i++)
        names[i] = nnp_symmetry_name((enum nnp_symmetry_type)i);
    int index = 0;
    enum nnp_status status =
        nnp_yaml_expect(node, NNP_YAML_MAPPING, "symmetry function", error);
    if (!status)
        status = nnp_read_choice(node, "type", names, NNP_N_SYMMETRY, &index, error);
    *type = (enum nnp_symmetry_type)index;
    list_keys(*type, keys);
    return status ? status : nnp_yaml_check_keys(node, keys, error);
}

static enum nnp_status read_gaussian(struct nnp_symmetry *function,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const bool angular = !nnp_symmetry_is_radial(function->type);
    enum nnp_status status = nnp_read_double(node, "eta", &function->eta, error);
    if (!status)
        status = nnp_read_double(node, "r_shift", &function->r_shift, error);
    if (!status && angular)
        status = nnp_read_double(node, "zeta", &function->zeta, error);
    if (!status && angular)
        status = nnp_read_double(node, "lambda", &function->lambda, error);
    return status;
}

static enum nnp_status read_compact(struct nnp_symmetry *function,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    bool asymmetric = false;
    double angles[2] = {0.0, 0.0};
    const struct nnp_yaml_node *child;
    enum nnp_status status = nnp_read_double(node, "r_low", &function->r_low, error);
    if (!status)
        status = nnp_yaml_require(node, "asymmetric", &child, error);
    if (!status)
        status = nnp_yaml_bool(child, "asymmetric", &asymmetric, error);
    if (!status && !nnp_symmetry_is_radial(function->type)) {
        status = nnp_yaml_require(node, "angles", &child, error);
        if (!status)
            status = nnp_yaml_doubles(child, "angles", 2, angles, error);
    }
    function->asymmetric = asymmetric;
    function->angle_low = angles[0];
    function->angle_high = angles[1];
    return status;
}

static enum nnp_status read_parameters(struct nnp_symmetry *function,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    if (nnp_symmetry_is_compact(function->type))
        return read_compact(function, node, error);
    return nnp_symmetry_is_chebyshev(function->type)
               ? nnp_read_int(node, "degree", &function->degree, error)
               : read_gaussian(function, node, error);
}

static enum nnp_status read_function(const struct nnp_reader *reader,
                                     struct nnp_symmetry *function,
                                     const struct nnp_yaml_node *node)
{
    struct nnp_error *error = reader->error;
    const struct nnp_yaml_node *cutoff;
    enum nnp_status status = read_type(&function->type, node, error);
    if (!status)
        status = read_neighbors(reader, function, node);
    if (!status)
        status = read_parameters(function, node, error);
    if (!status)
        status = nnp_yaml_require(node, "cutoff", &cutoff, error);
    if (!status)
        status = read_cutoff(&function->cutoff, cutoff, error);
    if (status)
        return status;
    const char *key;
    struct nnp_error detail;
    status = nnp_check_symmetry(function, reader->potential->n_elements, &key, &detail);
    return status ? nnp_read_refused(node, key, &detail, error) : status;
}

enum nnp_status nnp_read_functions(const struct nnp_reader *reader, int i,
                                   const struct nnp_yaml_node *node)
{
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[i];
    enum nnp_status status = nnp_read_list(node, "symmetry functions", reader->error);
    if (status)
        return status;
    const int n = nnp_yaml_size(node);
    descriptor->functions = calloc((size_t)n, sizeof *descriptor->functions);
    if (!descriptor->functions)
        return nnp_read_no_memory(node, reader->error);
    descriptor->n_functions = n;
    for (int k = 0; k < n && !status; k++)
        status = read_function(reader, &descriptor->functions[k], nnp_yaml_item(node, k));
    return status;
}
