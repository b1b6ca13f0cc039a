/* The key `repulsion`, and radii that are found from the data. */
#include "config_auto.h"
#include "config_known.h"
#include "config_parts.h"
#include "distances.h"
#include "nnp/element.h"
#include "repulsion_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* {type: zbl, radii: auto} */
static enum nnp_status read_automatic(const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"type", "radii", NULL};
    const struct nnp_yaml_node *type, *radii = nnp_yaml_get(node, "radii");
    const char *word;
    enum nnp_status status = nnp_yaml_check_keys(node, keys, error);
    if (!status)
        status = nnp_yaml_string(radii, "radii", &word, error);
    if (!status && strcmp(word, "auto") != 0)
        return nnp_yaml_error(
            radii, error, NNP_ERROR_VALUE,
            "radii is '%.40s', expected auto, or inner and outer in its place", word);
    if (!status)
        status = nnp_yaml_require(node, "type", &type, error);
    if (!status)
        status = nnp_yaml_string(type, "type", &word, error);
    if (!status && strcmp(word, "zbl") != 0)
        return nnp_yaml_error(type, error, NNP_ERROR_VALUE,
                              "type is '%.40s', expected zbl for radii from the data", word);
    return status;
}

/* What the key says; *from_data: that radii are found later, of which it says nothing. */
static enum nnp_status read_stated(struct nnp_repulsion *stated, bool *from_data,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const char *word;
    if (!nnp_yaml_string(node, "repulsion", &word, NULL) && !strcmp(word, "none"))
        return NNP_SUCCESS;
    const enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "repulsion", error);
    if (status)
        return status;
    *from_data = nnp_yaml_get(node, "radii") != NULL;
    if (!*from_data)
        return nnp_repulsion_read(stated, node, error);
    stated->type = NNP_REPULSION_ZBL;
    return read_automatic(node, error);
}

enum nnp_status nnp_config_read_repulsion(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error)
{
    struct nnp_repulsion stated = {0};
    enum nnp_status status = NNP_SUCCESS;
    if (node)
        status = read_stated(&stated, &config->repulsion_from_data, node, error);
    if (config->n_initial == 0) {
        config->repulsion = stated;
        return status;
    }
    if (!status)
        status = nnp_config_take_repulsion(config, node, node ? &stated : NULL, error);
    nnp_repulsion_free(&stated);
    return status;
}

/* The largest radius at which all elements know their neighbors. */
static double find_reach(const struct nnp_config *config)
{
    double reach = INFINITY;
    for (int e = 0; e < config->n_elements; e++) {
        double r_cut = 0.0;
        for (int k = 0; k < config->functions[e].n_functions; k++)
            r_cut = fmax(r_cut, config->functions[e].functions[k].cutoff.radius);
        reach = fmin(reach, r_cut);
    }
    return reach;
}

/* Pairs that the data do not have begin where the closest of those begins that they have. */
static enum nnp_status set_pairs(struct nnp_config *config,
                                 const struct nnp_close_pair *closest, double reach,
                                 struct nnp_error *error)
{
    struct nnp_repulsion *repulsion = &config->repulsion;
    const int n = config->n_elements;
    double shortest = INFINITY;
    for (int k = 0; k < n * n; k++)
        shortest = fmin(shortest, closest[k].distance);
    if (!isfinite(shortest))
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s: no radii of a repulsion can be found, as no structure has "
                             "atoms within %g Angstrom of each other",
                             config->path, reach);
    if (!repulsion->pairs) /* with initial potentials, there is room */
        repulsion->pairs = calloc((size_t)(n * (n + 1) / 2), sizeof *repulsion->pairs);
    if (!repulsion->pairs)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a repulsion");
    for (int a = 0; a < n; a++)
        for (int b = a; b < n; b++) {
            if (nnp_config_is_covered(config, a, b, -1))
                continue;
            const double d = closest[a * n + b].distance;
            /* Rounded, so that the file of the potential reads well and no last bit matters. */
            const double outer = floor((isfinite(d) ? d : shortest) * 100.0) / 100.0;
            repulsion->pairs[repulsion->n_pairs++] = (struct nnp_repulsion_pair){
                .atomic_numbers = {config->atomic_numbers[a], config->atomic_numbers[b]},
                .inner = 0.5 * outer,
                .outer = outer};
        }
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_complete_repulsion(struct nnp_config *config,
                                              const struct nnp_dataset *dataset,
                                              struct nnp_error *error)
{
    const size_t n = (size_t)config->n_elements;
    enum nnp_status status = NNP_SUCCESS;
    if (!config->repulsion_from_data)
        return NNP_SUCCESS;
    const double reach = find_reach(config);
    struct nnp_close_pair *closest = calloc(n * n, sizeof *closest);
    if (!closest)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for distances");
    for (size_t k = 0; k < n * n; k++)
        closest[k].distance = INFINITY;
    for (int s = 0; s < dataset->n_structures && !status; s++)
        status = nnp_distances_add(closest, config->n_elements, config->atomic_numbers,
                                   &dataset->structures[s], s, reach, error);
    if (!status)
        status = set_pairs(config, closest, reach, error);
    free(closest);
    return status;
}
