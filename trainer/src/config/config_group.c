/* Groups of symmetry functions: cutoff, lists of parameters, and elements that they are for. */
#include "config_group.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- Parameters ---- */

static enum nnp_status refuse_empty(const struct nnp_yaml_node *node, const char *key,
                                    struct nnp_error *error)
{
    if (nnp_config_n_items(node) > 0)
        return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                          "%s is an empty list, expected at least one item", key);
}

static bool is_sign(double value)
{
    return value == 1.0 || value == -1.0;
}

static const struct nnp_config_domain sign = {is_sign, "1 or -1"};

static enum nnp_status fill_list(const struct nnp_yaml_node *node, struct nnp_config_list *list,
                                 int n, const double *values, struct nnp_error *error)
{
    list->values = malloc((size_t)n * sizeof *values);
    if (!list->values)
        return nnp_config_no_memory(node, error);
    list->n = n;
    if (values)
        memcpy(list->values, values, (size_t)n * sizeof *values);
    return NNP_SUCCESS;
}

/* A number or a list of numbers, not empty. */
static enum nnp_status read_list(const struct nnp_yaml_node *node, const char *key,
                                 const struct nnp_config_domain *domain,
                                 struct nnp_config_list *list, struct nnp_error *error)
{
    int n = nnp_config_n_items(node);
    enum nnp_status status = refuse_empty(node, key, error);
    if (!status)
        status = fill_list(node, list, n, NULL, error);
    for (int i = 0; i < n && !status; i++)
        status =
            nnp_config_number(nnp_config_item(node, i), key, domain, &list->values[i], error);
    return status;
}

/* As read_list; where the key is missing the n defaults, and an error where n is 0. */
static enum nnp_status get_list(const struct nnp_yaml_node *mapping, const char *key,
                                const struct nnp_config_domain *domain, int n,
                                const double *defaults, struct nnp_config_list *list,
                                struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    if (!node && n > 0)
        return fill_list(mapping, list, n, defaults, error);
    enum nnp_status status = nnp_yaml_require(mapping, key, &node, error);
    return status ? status : read_list(node, key, domain, list, error);
}

/* ---- Generated functions ---- */

enum spacing { EVEN, CENTERED, GRID, N_SPACINGS };

static const char *spacing_word(int k)
{
    static const char *const words[N_SPACINGS] = {"even", "centered", "grid"};
    return words[k];
}

/* n functions for the range from r_min to the cutoff radius r_c:
 *   even      R_k = r_min + k D, eta = 1 / (2 D^2), D = (r_c - r_min) / n, k = 0 .. n - 1
 *             (M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018))
 *   centered  R = 0, eta_m = (N^(m/N) / r_c)^2, N = n - 1, m = 0 .. N
 *   grid      R_m = r_c / N^(m/N), eta_m = 1 / (R_(N-m) - R_(N-m-1))^2, m = 0 .. N - 1
 * the last two by G. Imbalzano et al., J. Chem. Phys. 148, 241730 (2018), eqs. 6 and 7, with n
 * functions each (grid: N = n). */
static void set_generated(struct nnp_config_group *group, enum spacing spacing, int n,
                          double r_min)
{
    double r_cut = group->cutoff.radius, width = (r_cut - r_min) / n;
    int top = spacing == GRID ? n : n - 1;
    for (int k = 0; k < n; k++) {
        if (spacing == EVEN) {
            group->r_shift.values[k] = r_min + k * width;
            group->eta.values[k] = 1.0 / (2.0 * width * width);
        } else if (spacing == CENTERED) {
            double ratio = n > 1 ? pow(top, (double)k / top) : 1.0;
            group->r_shift.values[k] = 0.0;
            group->eta.values[k] = (ratio / r_cut) * (ratio / r_cut);
        } else {
            double upper = r_cut / pow(top, (double)(top - k - 1) / top);
            double lower = r_cut / pow(top, (double)(top - k) / top);
            group->r_shift.values[k] = r_cut / pow(top, (double)k / top);
            group->eta.values[k] = 1.0 / ((upper - lower) * (upper - lower));
        }
    }
}

static enum nnp_status read_generated(const struct nnp_yaml_node *node,
                                      struct nnp_config_group *group, struct nnp_error *error)
{
    const struct nnp_yaml_node *word = nnp_yaml_get(node, "spacing");
    bool angular = group->type != NNP_SYMMETRY_RADIAL;
    int n = 0, spacing = angular ? CENTERED : EVEN;
    double r_min = 0.0;
    enum nnp_status status = nnp_config_get_int(node, "n", 1, &n, error);
    if (!status && word)
        status = nnp_config_word(word, "spacing", N_SPACINGS, spacing_word, &spacing, error);
    if (!status)
        status = nnp_config_get_number(node, "r_min", &nnp_at_least_0, &r_min, error);
    if (status)
        return status;
    if (nnp_yaml_get(node, "eta") || nnp_yaml_get(node, "r_shift"))
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "found 'n' with 'eta' or 'r_shift', expected either a number of "
                              "functions or their parameters");
    if (n > 1000 || (spacing != EVEN && n == 2) || (spacing == GRID && n < 3))
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "n is %d, expected %s for %s spacing", n,
                              spacing == EVEN   ? "1 to 1000"
                              : spacing == GRID ? "3 to 1000"
                                                : "1 or 3 to 1000",
                              spacing_word(spacing));
    if (spacing != EVEN && nnp_yaml_get(node, "r_min"))
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "found 'r_min', which even spacing alone has");
    if (r_min >= group->cutoff.radius)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "r_min is %g, expected less than the cutoff radius %g", r_min,
                              group->cutoff.radius);
    group->paired = true;
    status = fill_list(node, &group->eta, n, NULL, error);
    if (!status)
        status = fill_list(node, &group->r_shift, n, NULL, error);
    if (!status)
        set_generated(group, (enum spacing)spacing, n, r_min);
    return status;
}

static enum nnp_status refuse_without_n(const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    const struct nnp_yaml_node *spacing = nnp_yaml_get(node, "spacing");
    const struct nnp_yaml_node *r_min = nnp_yaml_get(node, "r_min");
    if (!spacing && !r_min)
        return NNP_SUCCESS;
    return nnp_yaml_error(spacing ? spacing : r_min, error, NNP_ERROR_INCONSISTENT,
                          "found '%s' without 'n', the number of functions to generate",
                          spacing ? "spacing" : "r_min");
}

static enum nnp_status read_parameters(const struct nnp_yaml_node *node,
                                       struct nnp_config_group *group, struct nnp_error *error)
{
    static const double zero[] = {0.0}, signs[] = {1.0, -1.0};
    bool angular = group->type != NNP_SYMMETRY_RADIAL;
    bool generated = nnp_yaml_get(node, "n") != NULL;
    enum nnp_status status =
        generated ? read_generated(node, group, error) : refuse_without_n(node, error);
    if (!status && !generated)
        status = get_list(node, "eta", &nnp_at_least_0, 0, NULL, &group->eta, error);
    if (!status && !generated)
        status = get_list(node, "r_shift", &nnp_at_least_0, 1, zero, &group->r_shift, error);
    if (!status)
        status = angular ? get_list(node, "lambda", &sign, 2, signs, &group->lambda, error)
                         : fill_list(node, &group->lambda, 1, zero, error);
    if (!status)
        status = angular ? get_list(node, "zeta", &nnp_at_least_1, 0, NULL, &group->zeta, error)
                         : fill_list(node, &group->zeta, 1, zero, error);
    return status;
}

/* ---- Elements ---- */

static enum nnp_status read_centers(const struct nnp_config *config,
                                    const struct nnp_yaml_node *node,
                                    struct nnp_config_group *group, struct nnp_error *error)
{
    enum nnp_status status = node ? refuse_empty(node, "center", error) : NNP_SUCCESS;
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
    enum nnp_status status = refuse_empty(node, "neighbors", error);
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
        status = read_parameters(node, group, error);
    return status ? status : read_elements(config, node, group, error);
}
