/* Random, reproducible potentials. */
#include "random_potential.h"

#include "nnp/element.h"
#include "random.h"

#include <stdlib.h>

static struct nnp_random_options with_defaults(struct nnp_random_options options)
{
    options.n_elements = options.n_elements ? options.n_elements : 2;
    options.n_members = options.n_members ? options.n_members : 1;
    options.n_radial = options.n_radial ? options.n_radial : 2;
    options.n_wide = options.n_wide ? options.n_wide : 2;
    options.n_narrow = options.n_narrow ? options.n_narrow : 1;
    options.n_hidden = options.n_hidden ? options.n_hidden : 5;
    options.r_cut = options.r_cut > 0 ? options.r_cut : 6.0;
    return options;
}

static struct nnp_cutoff random_cutoff(const struct nnp_random_options *options,
                                       uint64_t *state)
{
    if (!options->vary_cutoffs)
        return (struct nnp_cutoff){NNP_CUTOFF_COS, options->r_cut, 0.0};
    struct nnp_cutoff cutoff;
    cutoff.type = (enum nnp_cutoff_type)nnp_random_int(state, NNP_N_CUTOFF);
    cutoff.radius = options->r_cut * nnp_random_uniform(state, 0.7, 1.0);
    const bool is_tanh = cutoff.type == NNP_CUTOFF_TANH || cutoff.type == NNP_CUTOFF_TANHU;
    cutoff.alpha = is_tanh ? 0.0 : nnp_random_uniform(state, 0.0, 0.5);
    return cutoff;
}

static struct nnp_symmetry random_function(const struct nnp_random_options *options,
                                           enum nnp_symmetry_type type, int first, int second,
                                           uint64_t *state)
{
    struct nnp_symmetry function = {.type = type, .neighbors = {first, second}};
    function.cutoff = random_cutoff(options, state);
    function.eta = nnp_random_uniform(state, 0.005, 0.3);
    function.r_shift = nnp_random_int(state, 2) ? nnp_random_uniform(state, 0.0, 3.0) : 0.0;
    if (type == NNP_SYMMETRY_RADIAL)
        return function;
    function.zeta = (double)(1 << nnp_random_int(state, 4));
    if (options->fractional_zeta && nnp_random_int(state, 2))
        function.zeta += nnp_random_uniform(state, 0.1, 0.9);
    function.lambda = nnp_random_int(state, 2) ? 1.0 : -1.0;
    return function;
}

/* How many functions one element gets. */
static int count_functions(const struct nnp_random_options *options)
{
    const int n = options->n_elements, n_pairs = n * (n + 1) / 2;
    const int n_wide = options->n_wide > 0 ? options->n_wide : 0;
    const int n_narrow = options->n_narrow > 0 ? options->n_narrow : 0;
    return n * options->n_radial + n_pairs * (n_wide + n_narrow);
}

static bool fill_functions(const struct nnp_random_options *options,
                           struct nnp_descriptor *descriptor, uint64_t *state)
{
    const int n = options->n_elements;
    descriptor->functions =
        calloc((size_t)count_functions(options), sizeof *descriptor->functions);
    if (!descriptor->functions)
        return false;
    struct nnp_symmetry *next = descriptor->functions;
    for (int j = 0; j < n; j++)
        for (int m = 0; m < options->n_radial; m++)
            *next++ = random_function(options, NNP_SYMMETRY_RADIAL, j, -1, state);
    for (int j = 0; j < n; j++)
        for (int k = j; k < n; k++) {
            for (int m = 0; m < options->n_wide; m++)
                *next++ = random_function(options, NNP_SYMMETRY_WIDE, j, k, state);
            for (int m = 0; m < options->n_narrow; m++)
                *next++ = random_function(options, NNP_SYMMETRY_NARROW, j, k, state);
        }
    descriptor->n_functions = count_functions(options);
    return true;
}

static bool fill_scaling(const struct nnp_random_options *options,
                         struct nnp_descriptor *descriptor, uint64_t *state)
{
    struct nnp_scaling *scaling = &descriptor->scaling;
    if (nnp_scaling_init(scaling, descriptor->n_functions, NULL))
        return false;
    scaling->method = options->scaling;
    scaling->target_min = -1.0;
    scaling->target_max = 1.0;
    for (int k = 0; k < scaling->n_functions; k++) {
        scaling->min[k] = nnp_random_uniform(state, 0.0, 0.5);
        scaling->max[k] = scaling->min[k] + nnp_random_uniform(state, 1.0, 4.0);
        scaling->mean[k] =
            nnp_random_uniform(state, scaling->min[k] + 0.2, scaling->max[k] - 0.2);
        scaling->sigma[k] = nnp_random_uniform(state, 0.2, 1.0);
    }
    return true;
}

static bool fill_projection(struct nnp_descriptor *descriptor, uint64_t *state)
{
    struct nnp_projection *projection = &descriptor->projection;
    const int n = descriptor->n_functions, m = (2 * n + 2) / 3;
    projection->offset = calloc((size_t)n, sizeof *projection->offset);
    projection->matrix = calloc((size_t)n * (size_t)m, sizeof *projection->matrix);
    if (!projection->offset || !projection->matrix)
        return false;
    projection->n_inputs = n;
    projection->n_outputs = m;
    for (int j = 0; j < n; j++)
        projection->offset[j] = nnp_random_uniform(state, -0.5, 0.5);
    for (int j = 0; j < n * m; j++)
        projection->matrix[j] = nnp_random_uniform(state, -0.5, 0.5);
    return true;
}

static bool fill_network(const struct nnp_random_options *options,
                         const struct nnp_descriptor *descriptor, struct nnp_network *network,
                         uint64_t *state)
{
    const bool projected = descriptor->projection.n_inputs > 0;
    const int sizes[] = {projected ? descriptor->projection.n_outputs : descriptor->n_functions,
                         options->n_hidden, options->n_hidden, 1};
    const enum nnp_activation activations[] = {NNP_ACTIVATION_TANH, NNP_ACTIVATION_SOFTPLUS,
                                               NNP_ACTIVATION_LINEAR};
    if (nnp_network_init(network, 3, sizes, activations, NULL))
        return false;
    for (int l = 0; l < 3; l++) {
        struct nnp_layer *layer = &network->layers[l];
        for (int i = 0; i < layer->n_inputs * layer->n_outputs; i++)
            layer->weights[i] = nnp_random_uniform(state, -0.5, 0.5);
        for (int i = 0; i < layer->n_outputs; i++)
            layer->biases[i] = nnp_random_uniform(state, -0.5, 0.5);
    }
    return true;
}

static bool fill_element(const struct nnp_random_options *options,
                         struct nnp_potential *potential, int i, uint64_t *state)
{
    static const int atomic_numbers[3][3] = {{3}, {3, 79}, {3, 50, 79}};
    const int atomic_number = atomic_numbers[options->n_elements - 1][i];
    struct nnp_descriptor *descriptor = &potential->descriptors[i];
    potential->elements[i].atomic_number = atomic_number;
    potential->elements[i].mass = nnp_element_mass(atomic_number);
    potential->elements[i].energy = nnp_random_uniform(state, -4.0, 0.0);
    if (!fill_functions(options, descriptor, state) ||
        !fill_scaling(options, descriptor, state) ||
        (options->projection && !fill_projection(descriptor, state)))
        return false;
    for (int m = 0; m < options->n_members; m++)
        if (!fill_network(options, descriptor,
                          &potential->networks[m * options->n_elements + i], state))
            return false;
    return true;
}

struct nnp_potential *nnp_random_potential(const struct nnp_random_options *options)
{
    const struct nnp_random_options complete = with_defaults(*options);
    uint64_t state = complete.seed;
    struct nnp_potential *potential =
        nnp_potential_new(complete.n_elements, complete.n_members);
    bool filled = potential != NULL;
    for (int i = 0; i < complete.n_elements && filled; i++)
        filled = fill_element(&complete, potential, i, &state);
    if (filled)
        return potential;
    nnp_potential_free(potential);
    return NULL;
}
