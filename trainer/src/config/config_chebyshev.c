/* Chebyshev functions of every central element: degrees 0 to N of distances, 0 to M of angles,
 * and, with several elements, the same once more with a weight for each neighbor's element
 * (N. Artrith, A. Urban, G. Ceder, Phys. Rev. B 96, 014112 (2017)). */
#include "config_group.h"

#include <stdlib.h>

struct chebyshev {
    int radial, angular; /* largest degrees; negative: none */
    struct nnp_cutoff cutoff, angular_cutoff;
};

/* The integers around 0, which is there for odd numbers of elements, as aenet has them. */
static void set_usual_weights(int n, double *weights)
{
    for (int e = 0, weight = -(n / 2); e < n; e++, weight++) {
        weight += weight == 0 && n % 2 == 0;
        weights[e] = weight;
    }
}

static enum nnp_status read_weights(const struct nnp_config *config,
                                    const struct nnp_yaml_node *node, double *weights,
                                    struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "species_weights", error);
    for (int i = 0; i < nnp_yaml_size(node) && !status; i++) {
        int e;
        status = nnp_config_element(config, nnp_yaml_key(node, i), &e, error);
        if (!status)
            status = nnp_yaml_double(nnp_yaml_value(node, i), "weight", &weights[e], error);
    }
    /* Keys are those of elements, and none is there twice. */
    if (!status && nnp_yaml_size(node) < config->n_elements)
        status = nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                "found weights of %d elements, expected all %d",
                                nnp_yaml_size(node), config->n_elements);
    return status;
}

static enum nnp_status read_degree(const struct nnp_yaml_node *node, const char *key,
                                   int *degree, struct nnp_error *error)
{
    *degree = -1;
    const enum nnp_status status = nnp_config_get_int(node, key, 0, degree, error);
    if (!status && *degree > NNP_MOST_CHEBYSHEV)
        return nnp_yaml_error(nnp_yaml_get(node, key), error, NNP_ERROR_VALUE,
                              "%s is %d, expected a degree of at most %d", key, *degree,
                              NNP_MOST_CHEBYSHEV);
    return status;
}

/* A cutoff that changes what it states of another one. */
static enum nnp_status read_cutoff(const struct nnp_yaml_node *node, const char *key,
                                   struct nnp_cutoff *cutoff, struct nnp_error *error)
{
    const struct nnp_yaml_node *own = nnp_yaml_get(node, key);
    return own ? nnp_config_read_cutoff(own, cutoff, error) : NNP_SUCCESS;
}

static enum nnp_status read_keys(const struct nnp_yaml_node *node,
                                 const struct nnp_cutoff *cutoff, struct chebyshev *chebyshev,
                                 struct nnp_error *error)
{
    static const char *const keys[] = {"radial",         "angular",         "cutoff",
                                       "angular_cutoff", "species_weights", NULL};
    enum nnp_status status = nnp_config_mapping(node, "chebyshev", keys, error);
    if (!status)
        status = read_degree(node, "radial", &chebyshev->radial, error);
    if (!status)
        status = read_degree(node, "angular", &chebyshev->angular, error);
    chebyshev->cutoff = *cutoff;
    if (!status)
        status = read_cutoff(node, "cutoff", &chebyshev->cutoff, error);
    chebyshev->angular_cutoff = chebyshev->cutoff;
    if (!status)
        status = read_cutoff(node, "angular_cutoff", &chebyshev->angular_cutoff, error);
    if (!status && chebyshev->cutoff.radius == 0.0)
        status = nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                                "chebyshev needs the key 'cutoff', here or under "
                                "'symmetry_functions'");
    if (!status && chebyshev->radial < 0 && chebyshev->angular < 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                                "chebyshev states no degree, expected 'radial', 'angular' or "
                                "both");
    return status;
}

static void add_degrees(struct nnp_config_functions *functions, enum nnp_symmetry_type type,
                        int last, const struct nnp_cutoff *cutoff)
{
    for (int degree = 0; degree <= last; degree++)
        functions->functions[functions->n_functions++] = (struct nnp_symmetry){
            .type = type, .neighbors = {-1, -1}, .cutoff = *cutoff, .degree = degree};
}

/* Behind the functions of a central element that are there. */
static bool add_functions(struct nnp_config_functions *functions,
                          const struct chebyshev *chebyshev, bool weighted)
{
    const size_t n_new =
        (size_t)(weighted ? 2 : 1) * (size_t)(chebyshev->radial + chebyshev->angular + 2);
    struct nnp_symmetry *moved =
        realloc(functions->functions, ((size_t)functions->n_functions + n_new) * sizeof *moved);
    if (!moved)
        return false;
    functions->functions = moved;
    add_degrees(functions, NNP_SYMMETRY_CHEBYSHEV_RADIAL, chebyshev->radial,
                &chebyshev->cutoff);
    add_degrees(functions, NNP_SYMMETRY_CHEBYSHEV_ANGULAR, chebyshev->angular,
                &chebyshev->angular_cutoff);
    if (!weighted)
        return true;
    add_degrees(functions, NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL, chebyshev->radial,
                &chebyshev->cutoff);
    add_degrees(functions, NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR, chebyshev->angular,
                &chebyshev->angular_cutoff);
    return true;
}

/* As stated, or else those of an initial potential, which are there, or else the usual ones. */
static enum nnp_status set_weights(const struct nnp_config *config, double **weights,
                                   const struct nnp_yaml_node *stated, struct nnp_error *error)
{
    if (!*weights) {
        *weights = calloc((size_t)config->n_elements, sizeof **weights);
        if (!*weights)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
        set_usual_weights(config->n_elements, *weights);
    }
    return stated ? read_weights(config, stated, *weights, error) : NNP_SUCCESS;
}

enum nnp_status nnp_config_read_chebyshev(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          const struct nnp_cutoff *cutoff,
                                          struct nnp_error *error)
{
    struct chebyshev chebyshev;
    enum nnp_status status = node ? read_keys(node, cutoff, &chebyshev, error) : NNP_SUCCESS;
    for (int e = 0; node && e < config->n_elements && !status; e++) {
        struct nnp_config_functions *functions = &config->functions[e];
        if (!add_functions(functions, &chebyshev, config->n_elements > 1))
            return nnp_config_no_memory(node, error);
        status = set_weights(config, &functions->species_weights,
                             nnp_yaml_get(node, "species_weights"), error);
    }
    return status;
}
