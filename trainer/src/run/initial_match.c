/* Given potentials beside a model: functions, scalings and networks, element by element. */
#include "config_known.h"
#include "config_parts.h"
#include "initial.h"
#include "nnp/element.h"
#include "text.h"

#include <stdlib.h>

/* One element of a given potential beside the same element of the model. */
struct match {
    const struct nnp_config *config;
    struct nnp_initial *initial;
    struct nnp_potential *model;
    const struct nnp_potential *given;
    int file;         /* its index in the configuration */
    const char *name; /* its file */
    int element, its_element, first_parameter;
    const char *symbol;
    int *its_function; /* [n_functions], -1: not known to this potential */
    struct nnp_error *error;
};

/* ---- Functions ---- */

/* Function j of the given potential, with neighbors as indices of the model's elements. */
static struct nnp_symmetry their_function(const struct match *match, int j)
{
    return nnp_config_known_function(match->config, match->file, match->its_element, j);
}

/* Whether structures of the given potential's elements may have a function other than 0. */
static bool covers(const struct match *match, const struct nnp_symmetry *own)
{
    bool all = true;
    for (int i = 0; i < nnp_symmetry_n_neighbors(own->type); i++) {
        const int z = match->model->elements[own->neighbors[i]].atomic_number;
        all = all && nnp_potential_element_index(match->given, z) >= 0;
    }
    return all;
}

static enum nnp_status refuse_function(const struct match *match,
                                       const struct nnp_symmetry *function, const char *problem)
{
    struct nnp_text text = {0};
    nnp_config_describe_function(match->config, function, " ", &text);
    nnp_text_append(&text, " cutoff %s %g", nnp_cutoff_name(function->cutoff.type),
                    function->cutoff.radius);
    enum nnp_status status =
        nnp_error_set(match->error, NNP_ERROR_INCONSISTENT, "%s: the function '%s' of %s %s",
                      match->name, text.failed ? "?" : text.data, match->symbol, problem);
    free(text.data);
    return status;
}

/* The weights that elements have in weighted Chebyshev functions, which are not trained. */
static enum nnp_status match_species_weights(const struct match *match)
{
    const double *own = match->model->descriptors[match->element].species_weights;
    const double *given = match->given->descriptors[match->its_element].species_weights;
    bool same = !given || own; /* without own ones there are no such functions in the model */
    for (int e = 0; same && given && e < match->given->n_elements; e++) {
        const int z = match->given->elements[e].atomic_number;
        same = given[e] == own[nnp_potential_element_index(match->model, z)];
    }
    return same ? NNP_SUCCESS
                : nnp_error_set(match->error, NNP_ERROR_INCONSISTENT,
                                "%s: the species weights of %s differ from those of the "
                                "configuration, expected the same",
                                match->name, match->symbol);
}

static enum nnp_status match_functions(struct match *match)
{
    const struct nnp_descriptor *own = &match->model->descriptors[match->element];
    const struct nnp_descriptor *given = &match->given->descriptors[match->its_element];
    for (int j = 0; j < given->n_functions; j++) {
        const struct nnp_symmetry function = their_function(match, j);
        int k = 0;
        while (k < own->n_functions &&
               (match->its_function[k] >= 0 || /* other codes have functions twice */
                nnp_config_compare_functions(&own->functions[k], &function) != 0))
            k++;
        if (k == own->n_functions)
            return refuse_function(match, &function,
                                   "is not among the symmetry_functions of the configuration, "
                                   "expected all functions of an initial potential there");
        match->its_function[k] = j;
    }
    for (int k = 0; k < own->n_functions && given->projection.n_inputs > 0; k++)
        if (match->its_function[k] != k)
            return refuse_function(match, &own->functions[k],
                                   "has another place in this potential, whose projection is "
                                   "kept, expected the same functions in the same order");
    for (int k = 0; k < own->n_functions; k++)
        if (match->its_function[k] < 0 && covers(match, &own->functions[k]))
            return refuse_function(match, &own->functions[k],
                                   "is in the configuration but not in this potential, which "
                                   "covers the elements, expected new functions only between "
                                   "elements of different potentials");
    return NNP_SUCCESS;
}

/* ---- Scaling ---- */

static bool is_same_method(const struct nnp_scaling *a, const struct nnp_scaling *b)
{
    bool has_target = a->method != NNP_SCALING_NONE && a->method != NNP_SCALING_CENTER;
    return a->method == b->method &&
           (!has_target || (a->target_min == b->target_min && a->target_max == b->target_max));
}

static bool is_same_range(const struct nnp_scaling *a, int k, const struct nnp_scaling *b,
                          int j)
{
    return a->min[k] == b->min[j] && a->max[k] == b->max[j] && a->mean[k] == b->mean[j] &&
           a->sigma[k] == b->sigma[j] && a->through_zero[k] == b->through_zero[j];
}

static enum nnp_status match_scaling(struct match *match)
{
    struct nnp_scaling *own = &match->model->descriptors[match->element].scaling;
    struct nnp_scaling *kept = &match->initial->scalings[match->element];
    const struct nnp_scaling *given = &match->given->descriptors[match->its_element].scaling;
    bool *known = match->initial->known_functions[match->element];
    if (!is_same_method(own, given))
        return nnp_error_set(match->error, NNP_ERROR_INCONSISTENT,
                             "%s: the scaling of %s is %s to [%g, %g], expected that of the "
                             "model, %s to [%g, %g]",
                             match->name, match->symbol, nnp_scaling_name(given->method),
                             given->target_min, given->target_max,
                             nnp_scaling_name(own->method), own->target_min, own->target_max);
    for (int k = 0; k < own->n_functions; k++) {
        int j = match->its_function[k];
        if (j < 0)
            continue;
        if (known[k] && !is_same_range(kept, k, given, j))
            return nnp_error_set(match->error, NNP_ERROR_INCONSISTENT,
                                 "%s: the range of function %d of %s differs from that of "
                                 "another initial potential, expected the same",
                                 match->name, j + 1, match->symbol);
        known[k] = true;
        nnp_initial_copy_range(kept, k, given, j);
        nnp_initial_copy_range(own, k, given, j);
    }
    return NNP_SUCCESS;
}

/* ---- Networks ---- */

static enum nnp_status match_architecture(const struct match *match,
                                          const struct nnp_network *given)
{
    const struct nnp_network *own = &match->model->networks[match->element];
    bool same = own->n_layers == given->n_layers;
    for (int l = 0; same && l < own->n_layers; l++)
        same = own->layers[l].n_outputs == given->layers[l].n_outputs &&
               own->layers[l].activation == given->layers[l].activation;
    return same ? NNP_SUCCESS
                : nnp_error_set(match->error, NNP_ERROR_INCONSISTENT,
                                "%s: the network of %s has other hidden layers or activations "
                                "than the model, expected the same",
                                match->name, match->symbol);
}

/* Takes n parameters of a member; false if they contradict known ones. */
static bool take(struct match *match, int member, int first, int n, const double *values)
{
    struct nnp_initial *initial = match->initial;
    double *own = initial->values + (size_t)member * (size_t)initial->n_parameters + first;
    for (int i = 0; i < n; i++) {
        if (initial->known[first + i] && own[i] != values[i])
            return false;
        own[i] = values[i];
    }
    return true;
}

static void mark(struct match *match, int first, int n)
{
    for (int i = first; i < first + n; i++) {
        match->initial->n_known += !match->initial->known[i];
        match->initial->known[i] = true;
    }
}

/* Applies take to all parameters of a member that the given network has, or mark (member < 0);
 * false at a contradiction. */
static bool take_network(struct match *match, int member, const struct nnp_network *given)
{
    const struct nnp_network *own = &match->model->networks[match->element];
    int first = match->first_parameter;
    bool good = true;
    for (int l = 0; l < own->n_layers && good; l++) {
        const struct nnp_layer *layer = &own->layers[l], *theirs = &given->layers[l];
        int n = layer->n_outputs;
        for (int j = 0; j < layer->n_inputs && good; j++) {
            int its = l == 0 ? match->its_function[j] : j;
            if (its >= 0 && member < 0)
                mark(match, first + j * n, n);
            else if (its >= 0)
                good = take(match, member, first + j * n, n,
                            theirs->weights + (size_t)its * (size_t)n);
        }
        first += layer->n_inputs * n;
        if (member < 0)
            mark(match, first, n);
        else if (good)
            good = take(match, member, first, n, theirs->biases);
        first += n;
    }
    return good;
}

static enum nnp_status match_networks(struct match *match)
{
    const struct nnp_potential *given = match->given;
    const struct nnp_network *network = NULL;
    enum nnp_status status = NNP_SUCCESS;
    for (int m = 0; m < match->initial->n_members && !status; m++) {
        int its_member = given->n_members == 1 ? 0 : m;
        network = &given->networks[its_member * given->n_elements + match->its_element];
        status = match_architecture(match, network);
        if (!status && !take_network(match, m, network))
            status = nnp_error_set(match->error, NNP_ERROR_INCONSISTENT,
                                   "%s: weights of %s that another initial potential has as "
                                   "well differ from its, expected potentials that were "
                                   "trained with these weights frozen",
                                   match->name, match->symbol);
    }
    if (!status)
        take_network(match, -1, network);
    return status;
}

/* ---- The whole ---- */

static enum nnp_status match_element(struct match *match)
{
    int n = match->model->descriptors[match->element].n_functions;
    enum nnp_status status;
    match->symbol = nnp_element_symbol(match->model->elements[match->element].atomic_number);
    match->its_function = calloc((size_t)n + 1, sizeof *match->its_function);
    if (!match->its_function)
        return nnp_error_set(match->error, NNP_ERROR_MEMORY, "no memory for %d functions", n);
    for (int k = 0; k < n; k++)
        match->its_function[k] = -1;
    status = match_functions(match);
    if (!status)
        status = match_species_weights(match);
    if (!status)
        status = match_scaling(match);
    if (!status)
        status = match_networks(match);
    free(match->its_function);
    return status;
}

/* All given potentials of element e. */
static enum nnp_status take_element(struct match *match, int e)
{
    const struct nnp_config *config = match->config;
    struct nnp_scaling *scaling = &match->model->descriptors[e].scaling;
    enum nnp_status status = NNP_SUCCESS;
    match->element = e;
    for (int f = 0; f < config->n_initial && !status; f++) {
        match->file = f;
        match->given = config->initial[f];
        match->name = config->initial_files[f];
        match->its_element =
            nnp_potential_element_index(match->given, match->model->elements[e].atomic_number);
        if (match->its_element >= 0)
            status = match_element(match);
    }
    for (int k = 0; k < scaling->n_functions; k++)
        if (!match->initial->known_functions[e][k])
            scaling->through_zero[k] = true;
    match->first_parameter += nnp_network_n_parameters(&match->model->networks[e]);
    return status;
}

enum nnp_status nnp_initial_take(struct nnp_initial *initial, struct nnp_potential *model,
                                 const struct nnp_config *config, struct nnp_error *error)
{
    struct match match = {.config = config, .initial = initial, .model = model, .error = error};
    if (config->n_initial == 0)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_initial_allocate(initial, model, config->n_members, error);
    for (int e = 0; e < model->n_elements && !status; e++)
        status = take_element(&match, e);
    return status;
}
