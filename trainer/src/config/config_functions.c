/* Symmetry functions of a configuration: groups are expanded to single functions.
 *
 * The order of the functions of one central element: radial before angular, groups as in the
 * file; in a group by neighbor elements of ascending atomic number (the first, then the
 * second); then by the lists eta, r_shift, lambda, zeta, of which the last varies fastest;
 * behind them Chebyshev functions. */
#include "config_group.h"

#include "nnp/element.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FUNCTIONS = 8192 }; /* of one central element */

/* ---- Expansion ---- */

/* Functions of a group per combination of elements; above MAX_FUNCTIONS: that or more. */
static int group_size(const struct nnp_config_group *group)
{
    const int factors[] = {group->eta.n, group->paired ? 1 : group->r_shift.n, group->lambda.n,
                           group->zeta.n};
    int n = 1;
    for (int f = 0; f < 4; f++)
        n = factors[f] > MAX_FUNCTIONS / n ? MAX_FUNCTIONS + 1 : n * factors[f];
    return n;
}

/* The k-th of group_size functions. */
static struct nnp_symmetry group_function(const struct nnp_config_group *group, int k)
{
    int n_zeta = group->zeta.n, n_lambda = group->lambda.n;
    int n_shift = group->paired ? 1 : group->r_shift.n;
    struct nnp_symmetry function = {.type = group->type, .cutoff = group->cutoff};
    function.zeta = group->zeta.values[k % n_zeta];
    function.lambda = group->lambda.values[k / n_zeta % n_lambda];
    int eta = k / n_zeta / n_lambda / n_shift;
    function.eta = group->eta.values[eta];
    function.r_shift =
        group->r_shift.values[group->paired ? eta : k / n_zeta / n_lambda % n_shift];
    return function;
}

/* Appends the functions of a group for one combination of elements. */
static enum nnp_status append(struct nnp_config_functions *functions,
                              const struct nnp_config_group *group, int first, int second,
                              const struct nnp_yaml_node *node, struct nnp_error *error)
{
    int n = functions->n_functions, n_new = group_size(group);
    if (n_new > MAX_FUNCTIONS - n)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "found a group that brings a central element to more than %d "
                              "functions, expected fewer",
                              MAX_FUNCTIONS);
    struct nnp_symmetry *moved =
        realloc(functions->functions, (size_t)(n + n_new) * sizeof *moved);
    if (!moved)
        return nnp_config_no_memory(node, error);
    functions->functions = moved;
    for (int k = 0; k < n_new; k++) {
        moved[n + k] = group_function(group, k);
        moved[n + k].neighbors[0] = first;
        moved[n + k].neighbors[1] = second;
    }
    functions->n_functions = n + n_new;
    return NNP_SUCCESS;
}

static enum nnp_status expand(struct nnp_config *config, const struct nnp_config_group *group,
                              const struct nnp_yaml_node *node, struct nnp_error *error)
{
    int n = config->n_elements;
    enum nnp_status status = NNP_SUCCESS;
    for (int center = 0; center < n; center++)
        for (int first = 0; first < n && group->centers[center]; first++)
            for (int second = -1; second < n && !status; second++)
                if (*nnp_config_group_neighbors(config, group, first, second))
                    status =
                        append(&config->functions[center], group, first, second, node, error);
    return status;
}

/* ---- Checks ---- */

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

/* An order of functions in which equal ones are neighbors. */
int nnp_config_compare_functions(const void *a, const void *b)
{
    const struct nnp_symmetry *f = a, *g = b;
    const int differences[] = {
        compare_doubles(f->type, g->type),
        compare_doubles(f->neighbors[0], g->neighbors[0]),
        compare_doubles(f->neighbors[1], g->neighbors[1]),
        compare_doubles(f->eta, g->eta),
        compare_doubles(f->r_shift, g->r_shift),
        compare_doubles(f->zeta, g->zeta),
        compare_doubles(f->lambda, g->lambda),
        compare_doubles(f->cutoff.type, g->cutoff.type),
        compare_doubles(f->cutoff.radius, g->cutoff.radius),
        compare_doubles(f->cutoff.alpha, g->cutoff.alpha),
        compare_doubles(f->r_low, g->r_low),
        compare_doubles(f->angle_low, g->angle_low),
        compare_doubles(f->angle_high, g->angle_high),
        compare_doubles(f->asymmetric, g->asymmetric),
        compare_doubles(f->degree, g->degree),
    };
    size_t k = 0;
    while (k + 1 < sizeof differences / sizeof *differences && differences[k] == 0)
        k++;
    return differences[k];
}

static enum nnp_status refuse_twice(const struct nnp_config *config, int center,
                                    const struct nnp_symmetry *function,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    int second = function->neighbors[1];
    return nnp_yaml_error(
        node, error, NNP_ERROR_INCONSISTENT,
        "found the same function twice for central element %s: %s, neighbors %s%s%s, eta %g, "
        "r_shift %g, lambda %g, zeta %g; expected it once",
        nnp_element_symbol(config->atomic_numbers[center]), nnp_symmetry_name(function->type),
        nnp_element_symbol(config->atomic_numbers[function->neighbors[0]]),
        second < 0 ? "" : " ",
        second < 0 ? "" : nnp_element_symbol(config->atomic_numbers[second]), function->eta,
        function->r_shift, function->lambda, function->zeta);
}

/* Each central element has functions, and none twice. */
static enum nnp_status check_center(const struct nnp_config *config, int center,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const struct nnp_config_functions *functions = &config->functions[center];
    size_t n = (size_t)functions->n_functions;
    if (n == 0 && config->automatic.n_radial > 0)
        return NNP_SUCCESS; /* they come with the data */
    if (n == 0)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "found no function for central element %s, expected at least one",
                              nnp_element_symbol(config->atomic_numbers[center]));
    struct nnp_symmetry *sorted = malloc(n * sizeof *sorted);
    if (!sorted)
        return nnp_config_no_memory(node, error);
    memcpy(sorted, functions->functions, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, nnp_config_compare_functions);
    enum nnp_status status = NNP_SUCCESS;
    for (size_t k = 1; k < n && !status; k++)
        if (nnp_config_compare_functions(&sorted[k - 1], &sorted[k]) == 0)
            status = refuse_twice(config, center, &sorted[k], node, error);
    free(sorted);
    return status;
}

/* ---- Reading ---- */

static enum nnp_status read_groups(struct nnp_config *config, const struct nnp_yaml_node *node,
                                   bool angular, const struct nnp_cutoff *cutoff,
                                   struct nnp_error *error)
{
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status =
        nnp_yaml_expect(node, NNP_YAML_SEQUENCE, angular ? "angular" : "radial", error);
    for (int i = 0; i < nnp_yaml_size(node) && !status; i++) {
        const struct nnp_yaml_node *item = nnp_yaml_item(node, i);
        struct nnp_config_group group;
        status = nnp_config_group_read(config, item, angular, cutoff, &group, error);
        if (!status)
            status = expand(config, &group, item, error);
        nnp_config_group_free(&group);
    }
    return status;
}

/* true, or numbers that replace the defaults. */
static enum nnp_status read_automatic(struct nnp_config *config,
                                      const struct nnp_yaml_node *node,
                                      const struct nnp_cutoff *cutoff, struct nnp_error *error)
{
    static const char *const keys[] = {"radial", "angular", NULL};
    struct nnp_config_automatic *automatic = &config->automatic;
    bool wanted = true;
    if (!node)
        return NNP_SUCCESS;
    *automatic = (struct nnp_config_automatic){*cutoff, 10, 3};
    enum nnp_status status = NNP_SUCCESS;
    if (nnp_yaml_kind(node) == NNP_YAML_MAPPING) {
        status = nnp_config_mapping(node, "auto", keys, error);
        if (!status)
            status = nnp_config_get_int(node, "radial", 1, &automatic->n_radial, error);
        if (!status)
            status = nnp_config_get_int(node, "angular", 0, &automatic->n_angular, error);
        if (!status && (automatic->n_radial > 100 || automatic->n_angular > 20))
            status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                    "auto has %d radial and %d angular functions, expected at "
                                    "most 100 and 20",
                                    automatic->n_radial, automatic->n_angular);
    } else {
        status = nnp_yaml_bool(node, "auto", &wanted, error);
    }
    if (!wanted)
        automatic->n_radial = 0;
    if (!status && wanted && cutoff->radius == 0.0)
        status = nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                                "auto needs the key 'cutoff' under 'symmetry_functions'");
    return status;
}

enum nnp_status nnp_config_read_functions(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error)
{
    static const char *const keys[] = {"cutoff", "radial", "angular", "chebyshev",
                                       "auto",   "prune",  NULL};
    config->functions = calloc((size_t)config->n_elements, sizeof *config->functions);
    if (!config->functions)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    enum nnp_status status = nnp_config_initial_species_weights(config, error);
    if (!status && !node)
        return nnp_config_initial_functions(config, error);
    if (!status)
        status = nnp_config_mapping(node, "symmetry_functions", keys, error);
    if (status)
        return status;
    struct nnp_cutoff cutoff = {.type = NNP_CUTOFF_COS};
    const struct nnp_yaml_node *cutoff_node = nnp_yaml_get(node, "cutoff");
    if (cutoff_node)
        status = nnp_config_read_cutoff(cutoff_node, &cutoff, error);
    if (!status)
        status = read_automatic(config, nnp_yaml_get(node, "auto"), &cutoff, error);
    if (!status && nnp_yaml_get(node, "prune"))
        status = nnp_yaml_bool(nnp_yaml_get(node, "prune"), "prune", &config->prune, error);
    if (!status)
        status = read_groups(config, nnp_yaml_get(node, "radial"), false, &cutoff, error);
    if (!status)
        status = read_groups(config, nnp_yaml_get(node, "angular"), true, &cutoff, error);
    if (!status)
        status =
            nnp_config_read_chebyshev(config, nnp_yaml_get(node, "chebyshev"), &cutoff, error);
    for (int center = 0; center < config->n_elements && !status; center++)
        status = check_center(config, center, node, error);
    return status;
}
