/* What every potential obeys, read or built in memory. */
#include "potential_check.h"

#include "nnp/element.h"
#include "provenance.h"
#include "repulsion_check.h"

#include <math.h>

/* Sets *key and returns an error. */
#define REFUSE(name, ...)                                                                      \
    return *key = (name), nnp_error_set(error, NNP_ERROR_VALUE, __VA_ARGS__)

enum nnp_status nnp_check_element(const struct nnp_element *elements, int i, const char **key,
                                  struct nnp_error *error)
{
    const struct nnp_element *element = &elements[i];
    const char *symbol = nnp_element_symbol(element->atomic_number);
    if (element->atomic_number < 1 || element->atomic_number > NNP_MAX_ATOMIC_NUMBER)
        REFUSE("symbol", "atomic number is %d, expected 1 to %d", element->atomic_number,
               NNP_MAX_ATOMIC_NUMBER);
    if (i > 0 && element->atomic_number <= elements[i - 1].atomic_number)
        REFUSE("symbol", "%s comes after %s, expected ascending atomic numbers, each once",
               symbol, nnp_element_symbol(elements[i - 1].atomic_number));
    if (!isfinite(element->mass) || element->mass <= 0)
        REFUSE("mass", "mass is %.15g, expected a number > 0", element->mass);
    if (!isfinite(element->energy))
        REFUSE("energy", "energy is %.15g, expected a finite number", element->energy);
    return NNP_SUCCESS;
}

enum nnp_status nnp_check_cutoff(const struct nnp_cutoff *cutoff, const char **key,
                                 struct nnp_error *error)
{
    if ((unsigned)cutoff->type >= NNP_N_CUTOFF)
        REFUSE("function", "cutoff function is %d, expected 0 to %d", (int)cutoff->type,
               NNP_N_CUTOFF - 1);
    if (!isfinite(cutoff->radius) || cutoff->radius <= 0)
        REFUSE("radius", "cutoff radius is %.15g, expected a number > 0", cutoff->radius);
    if (!(cutoff->alpha >= 0 && cutoff->alpha < 1))
        REFUSE("alpha", "alpha is %.15g, expected 0 <= alpha < 1", cutoff->alpha);
    const int is_tanh = cutoff->type == NNP_CUTOFF_TANH || cutoff->type == NNP_CUTOFF_TANHU;
    if (is_tanh && cutoff->alpha != 0)
        REFUSE("alpha", "alpha is %.15g, expected 0 for the cutoff function %s", cutoff->alpha,
               nnp_cutoff_name(cutoff->type));
    return NNP_SUCCESS;
}

static enum nnp_status check_neighbors(const struct nnp_symmetry *function, int n_elements,
                                       const char **key, struct nnp_error *error)
{
    const int n = nnp_symmetry_n_neighbors(function->type);
    const int first = function->neighbors[0], second = function->neighbors[1];
    if (n == 0 && first != -1)
        REFUSE("neighbors", "first neighbor element of a weighted function is %d, expected -1",
               first);
    if (n > 0 && (first < 0 || first >= n_elements))
        REFUSE("neighbors", "neighbor element is %d, expected 0 to %d", first, n_elements - 1);
    if (n < 2 && second != -1)
        REFUSE("neighbors", "second neighbor element of a %s function is %d, expected -1",
               nnp_symmetry_name(function->type), second);
    if (n == 2 && (second < first || second >= n_elements))
        REFUSE("neighbors", "second neighbor element is %d, expected %d to %d", second, first,
               n_elements - 1);
    return NNP_SUCCESS;
}

static enum nnp_status check_gaussian(const struct nnp_symmetry *function, const char **key,
                                      struct nnp_error *error)
{
    if (!isfinite(function->eta) || function->eta < 0)
        REFUSE("eta", "eta is %.15g, expected a number >= 0", function->eta);
    if (!isfinite(function->r_shift))
        REFUSE("r_shift", "r_shift is %.15g, expected a finite number", function->r_shift);
    if (function->r_low != 0 || function->angle_low != 0 || function->angle_high != 0 ||
        function->asymmetric)
        REFUSE(NULL, "a %s function has parameters of compact ones",
               nnp_symmetry_name(function->type));
    return NNP_SUCCESS;
}

static enum nnp_status check_compact(const struct nnp_symmetry *function, const char **key,
                                     struct nnp_error *error)
{
    const double low = function->angle_low, high = function->angle_high;
    if (function->cutoff.type < NNP_CUTOFF_EXP || function->cutoff.alpha != 0)
        REFUSE("cutoff",
               "cutoff is %s with alpha %.15g, expected exp or poly1 to poly4 with "
               "alpha 0 for a compact function",
               nnp_cutoff_name(function->cutoff.type), function->cutoff.alpha);
    if (!isfinite(function->r_low) || !(function->r_low < function->cutoff.radius))
        REFUSE("r_low", "r_low is %.15g, expected a number below the cutoff radius, %.15g",
               function->r_low, function->cutoff.radius);
    if (nnp_symmetry_is_radial(function->type)
            ? low != 0 || high != 0
            : !(isfinite(low) && isfinite(high) && low < high))
        REFUSE("angles",
               "angles are [%.15g, %.15g], expected [low, high] with low < high for "
               "an angular function only",
               low, high);
    if (function->eta != 0 || function->r_shift != 0 || function->zeta != 0 ||
        function->lambda != 0)
        REFUSE(NULL, "a compact function has eta, r_shift, zeta or lambda");
    if (function->asymmetric != 0 && function->asymmetric != 1)
        REFUSE("asymmetric", "asymmetric is %d, expected 0 or 1", function->asymmetric);
    return NNP_SUCCESS;
}

static enum nnp_status check_chebyshev(const struct nnp_symmetry *function, const char **key,
                                       struct nnp_error *error)
{
    if (function->degree < 0 || function->degree > NNP_MOST_CHEBYSHEV)
        REFUSE("degree", "degree is %d, expected 0 to %d", function->degree,
               NNP_MOST_CHEBYSHEV);
    if (function->eta != 0 || function->r_shift != 0 || function->zeta != 0 ||
        function->lambda != 0)
        REFUSE(NULL, "a Chebyshev function has eta, r_shift, zeta or lambda");
    return NNP_SUCCESS;
}

static enum nnp_status check_angular(const struct nnp_symmetry *function, const char **key,
                                     struct nnp_error *error)
{
    if (!isfinite(function->zeta) || function->zeta < 1)
        REFUSE("zeta", "zeta is %.15g, expected a number >= 1", function->zeta);
    if (function->lambda != 1 && function->lambda != -1)
        REFUSE("lambda", "lambda is %.15g, expected 1 or -1", function->lambda);
    return NNP_SUCCESS;
}

enum nnp_status nnp_check_symmetry(const struct nnp_symmetry *function, int n_elements,
                                   const char **key, struct nnp_error *error)
{
    if ((unsigned)function->type >= NNP_N_SYMMETRY)
        REFUSE("type", "type is %d, expected 0 to %d", (int)function->type, NNP_N_SYMMETRY - 1);
    if (function->degree != 0 && !nnp_symmetry_is_chebyshev(function->type))
        REFUSE(NULL, "a %s function has a degree", nnp_symmetry_name(function->type));
    enum nnp_status status = check_neighbors(function, n_elements, key, error);
    if (status)
        return status;
    if (nnp_symmetry_is_compact(function->type))
        return check_compact(function, key, error);
    if (nnp_symmetry_is_chebyshev(function->type))
        return check_chebyshev(function, key, error);
    status = check_gaussian(function, key, error);
    if (status || !nnp_symmetry_is_radial(function->type))
        return status ? status : check_angular(function, key, error);
    if (function->zeta != 0 || function->lambda != 0)
        REFUSE(NULL, "zeta is %.15g and lambda %.15g, expected 0 and 0 for a radial function",
               function->zeta, function->lambda);
    return NNP_SUCCESS;
}

int nnp_scaling_has_target(enum nnp_scaling_method method)
{
    return method != NNP_SCALING_NONE && method != NNP_SCALING_CENTER;
}

enum nnp_status nnp_check_target(const struct nnp_scaling *scaling, const char **key,
                                 struct nnp_error *error)
{
    const double a = scaling->target_min, b = scaling->target_max;
    if (nnp_scaling_has_target(scaling->method) && !(isfinite(a) && isfinite(b) && a < b))
        REFUSE("target", "target is [%.15g, %.15g], expected an interval [a, b] with a < b", a,
               b);
    return NNP_SUCCESS;
}

enum nnp_status nnp_check_range(const struct nnp_scaling *scaling, int k, const char **key,
                                struct nnp_error *error)
{
    const double min = scaling->min[k], max = scaling->max[k];
    const double mean = scaling->mean[k], sigma = scaling->sigma[k];
    if (!isfinite(min))
        REFUSE("min", "min is %.15g, expected a finite number", min);
    if (!isfinite(max) || max < min)
        REFUSE("max", "max is %.15g, expected a number >= min, which is %.15g", max, min);
    if (!isfinite(mean))
        REFUSE("mean", "mean is %.15g, expected a finite number", mean);
    if (!isfinite(sigma) || sigma < 0)
        REFUSE("sigma", "sigma is %.15g, expected a number >= 0", sigma);
    return NNP_SUCCESS;
}

/* ---- Whole potentials ---- */

#define INCONSISTENT(...) return nnp_error_set(error, NNP_ERROR_INCONSISTENT, __VA_ARGS__)

static enum nnp_status check_finite(const double *values, size_t n, const char *what,
                                    struct nnp_error *error)
{
    if (!values)
        INCONSISTENT("%s are missing", what);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return nnp_error_set(error, NNP_ERROR_VALUE,
                                 "number %zu of the %s is %.15g, expected a finite number",
                                 i + 1, what, values[i]);
    return NNP_SUCCESS;
}

static enum nnp_status check_functions(const struct nnp_descriptor *descriptor, int n_elements,
                                       struct nnp_error *error)
{
    if (descriptor->n_functions < 1 || !descriptor->functions)
        INCONSISTENT("no symmetry functions, expected at least one");
    for (int k = 0; k < descriptor->n_functions; k++) {
        const char *key;
        struct nnp_error detail;
        const struct nnp_symmetry *function = &descriptor->functions[k];
        enum nnp_status status = nnp_check_symmetry(function, n_elements, &key, &detail);
        if (!status)
            status = nnp_check_cutoff(&function->cutoff, &key, &detail);
        if (status)
            return nnp_error_set(error, status, "symmetry function %d: %s", k + 1,
                                 detail.message);
    }
    return NNP_SUCCESS;
}

static enum nnp_status check_scaling(const struct nnp_descriptor *descriptor,
                                     struct nnp_error *error)
{
    const char *key;
    struct nnp_error detail;
    const struct nnp_scaling *scaling = &descriptor->scaling;
    if ((unsigned)scaling->method >= NNP_N_SCALING)
        return nnp_error_set(error, NNP_ERROR_VALUE, "scaling method is %d, expected 0 to %d",
                             (int)scaling->method, NNP_N_SCALING - 1);
    if (scaling->n_functions != descriptor->n_functions || !scaling->min || !scaling->max ||
        !scaling->mean || !scaling->sigma || !scaling->through_zero)
        INCONSISTENT("scaling of %d functions, expected %d", scaling->n_functions,
                     descriptor->n_functions);
    enum nnp_status status = nnp_check_target(scaling, &key, error);
    for (int k = 0; k < scaling->n_functions && !status; k++) {
        status = nnp_check_range(scaling, k, &key, &detail);
        if (status)
            nnp_error_set(error, status, "scaling of symmetry function %d: %s", k + 1,
                          detail.message);
    }
    return status;
}

static enum nnp_status check_projection(const struct nnp_descriptor *descriptor,
                                        struct nnp_error *error)
{
    const struct nnp_projection *projection = &descriptor->projection;
    const int n = projection->n_inputs, m = projection->n_outputs;
    if (n == 0 && m == 0)
        return NNP_SUCCESS;
    if (n != descriptor->n_functions || m < 1)
        INCONSISTENT("projection of %d inputs to %d outputs, expected %d inputs and at least "
                     "one output",
                     n, m, descriptor->n_functions);
    enum nnp_status status =
        check_finite(projection->offset, (size_t)n, "offsets of the projection", error);
    if (!status)
        status = check_finite(projection->matrix, (size_t)n * (size_t)m,
                              "matrix elements of the projection", error);
    return status;
}

static enum nnp_status check_layer(const struct nnp_layer *layer, int n_inputs,
                                   struct nnp_error *error)
{
    if ((unsigned)layer->activation >= NNP_N_ACTIVATION)
        return nnp_error_set(error, NNP_ERROR_VALUE, "activation is %d, expected 0 to %d",
                             (int)layer->activation, NNP_N_ACTIVATION - 1);
    if (layer->n_inputs != n_inputs || layer->n_outputs < 1)
        INCONSISTENT("%d inputs and %d outputs, expected %d inputs and at least one output",
                     layer->n_inputs, layer->n_outputs, n_inputs);
    const size_t n_outputs = (size_t)layer->n_outputs;
    enum nnp_status status =
        check_finite(layer->weights, (size_t)n_inputs * n_outputs, "weights", error);
    if (!status)
        status = check_finite(layer->biases, n_outputs, "biases", error);
    return status;
}

static enum nnp_status check_network(const struct nnp_network *network, int n_inputs,
                                     struct nnp_error *error)
{
    if (network->n_layers < 1 || !network->layers)
        INCONSISTENT("no layers, expected at least one");
    for (int l = 0; l < network->n_layers; l++) {
        struct nnp_error detail;
        const enum nnp_status status = check_layer(&network->layers[l], n_inputs, &detail);
        if (status)
            return nnp_error_set(error, status, "layer %d: %s", l + 1, detail.message);
        n_inputs = network->layers[l].n_outputs;
    }
    if (n_inputs != 1)
        INCONSISTENT("last layer has %d outputs, expected 1", n_inputs);
    return NNP_SUCCESS;
}

/* Element i, its descriptor and its networks. */
static enum nnp_status check_part(const struct nnp_potential *potential, int i,
                                  struct nnp_error *error)
{
    const char *key;
    const struct nnp_descriptor *descriptor = &potential->descriptors[i];
    enum nnp_status status = nnp_check_element(potential->elements, i, &key, error);
    if (!status)
        status = check_functions(descriptor, potential->n_elements, error);
    if (!status)
        status = nnp_species_weights_check(descriptor, potential->n_elements, error);
    if (!status)
        status = check_scaling(descriptor, error);
    if (!status)
        status = check_projection(descriptor, error);
    const int n_inputs = descriptor->projection.n_inputs ? descriptor->projection.n_outputs
                                                         : descriptor->n_functions;
    for (int m = 0; m < potential->n_members && !status; m++) {
        struct nnp_error detail;
        const size_t k = (size_t)m * (size_t)potential->n_elements + (size_t)i;
        status = check_network(&potential->networks[k], n_inputs, &detail);
        if (status)
            nnp_error_set(error, status, "network %d: %s", m + 1, detail.message);
    }
    return status;
}

enum nnp_status nnp_potential_check(const struct nnp_potential *potential,
                                    struct nnp_error *error)
{
    if (potential->length_unit != NNP_ANGSTROM && potential->length_unit != NNP_BOHR)
        return nnp_error_set(error, NNP_ERROR_VALUE, "unknown unit of length");
    if (potential->energy_unit != NNP_EV && potential->energy_unit != NNP_HARTREE)
        return nnp_error_set(error, NNP_ERROR_VALUE, "unknown unit of energy");
    if (potential->n_elements < 1 || potential->n_members < 1)
        INCONSISTENT("%d elements and %d networks per element, expected at least one of each",
                     potential->n_elements, potential->n_members);
    for (int i = 0; i < potential->n_elements; i++) {
        struct nnp_error detail;
        const enum nnp_status status = check_part(potential, i, &detail);
        if (status)
            return nnp_error_set(error, status, "element %d (%s): %s", i + 1,
                                 nnp_element_symbol(potential->elements[i].atomic_number),
                                 detail.message);
    }
    struct nnp_repulsion_place place;
    const enum nnp_status status = nnp_check_repulsion(potential, &place, error);
    return status ? status : nnp_provenance_check(&potential->provenance, error);
}
