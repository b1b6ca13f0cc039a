#include "random_potential.h"

#include "nnp/element.h"
#include "test_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST_FUNCTIONS = 200, N_OUTPUTS = 5 };

struct builder {
    const struct random_potential_options *options;
    unsigned long long random;
    struct nnp_descriptor *descriptor;
};

static struct nnp_cutoff random_cutoff(struct builder *b)
{
    const enum nnp_cutoff_type types[] = {NNP_CUTOFF_TANHU, NNP_CUTOFF_TANH,  NNP_CUTOFF_EXP,
                                          NNP_CUTOFF_POLY2, NNP_CUTOFF_POLY3, NNP_CUTOFF_POLY4,
                                          NNP_CUTOFF_COS,   NNP_CUTOFF_POLY1};
    struct nnp_cutoff cutoff = {NNP_CUTOFF_COS, 5.0, 0.0};
    if (b->options->cutoffs == RANDOM_CUTOFFS_COS)
        return cutoff;
    const int n_types = b->options->cutoffs == RANDOM_CUTOFFS_SMOOTH ? 6 : 8;
    cutoff.type = types[(int)test_random(&b->random, 0, n_types)];
    cutoff.radius = test_random(&b->random, 3.5, 5.0);
    if (cutoff.type != NNP_CUTOFF_TANH && cutoff.type != NNP_CUTOFF_TANHU)
        cutoff.alpha = test_random(&b->random, 0.0, 0.5);
    return cutoff;
}

static void add(struct builder *b, enum nnp_symmetry_type type, int first, int second,
                double zeta, double lambda)
{
    struct nnp_symmetry *f = &b->descriptor->functions[b->descriptor->n_functions++];
    f->type = type;
    f->neighbors[0] = first;
    f->neighbors[1] = second;
    f->zeta = zeta;
    f->lambda = lambda;
    f->eta = test_random(&b->random, 0.02, 0.3);
    f->r_shift = test_random(&b->random, 0.0, 1.5);
    if (b->options->cutoffs == RANDOM_CUTOFFS_COS &&
        zeta != 2.0) { /* some functions share their radial part */
        f->eta = 0.05;
        f->r_shift = 0.5;
    }
    f->cutoff = random_cutoff(b);
}

/* Cores with three continuous derivatives, since their middle is as good as their ends. */
static void add_compact(struct builder *b, enum nnp_symmetry_type type, int first, int second)
{
    const enum nnp_cutoff_type cores[] = {NNP_CUTOFF_EXP, NNP_CUTOFF_POLY3, NNP_CUTOFF_POLY4};
    struct nnp_symmetry *f = &b->descriptor->functions[b->descriptor->n_functions++];
    f->type = type;
    f->neighbors[0] = first;
    f->neighbors[1] = second;
    f->cutoff.type = cores[(int)test_random(&b->random, 0, 3)];
    f->cutoff.radius = test_random(&b->random, 4.0, 5.0);
    f->r_low = test_random(&b->random, -1.0, 1.0);
    f->asymmetric = test_random(&b->random, 0, 1) < 0.5;
    if (!nnp_symmetry_is_radial(type)) {
        f->angle_low = test_random(&b->random, 0.0, 40.0);
        f->angle_high = test_random(&b->random, 120.0, 180.0);
    }
}

static void add_chebyshev(struct builder *b)
{
    const int n = b->options->n_elements;
    b->descriptor->species_weights = calloc((size_t)n, sizeof(double));
    assert_non_null(b->descriptor->species_weights);
    for (int e = 0; e < n; e++)
        b->descriptor->species_weights[e] = test_random(&b->random, -2.0, 2.0);
    for (int degree = 0; degree < 8; degree++) {
        const bool weighted = degree % 3 == 1;
        struct nnp_symmetry *f = &b->descriptor->functions[b->descriptor->n_functions++];
        f->type =
            weighted ? NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL : NNP_SYMMETRY_CHEBYSHEV_RADIAL;
        f[1].type =
            weighted ? NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR : NNP_SYMMETRY_CHEBYSHEV_ANGULAR;
        b->descriptor->n_functions++;
        for (int k = 0; k < 2; k++) {
            f[k].neighbors[0] = f[k].neighbors[1] = -1;
            f[k].degree = degree;
            f[k].cutoff = random_cutoff(b);
        }
    }
}

static void add_weighted(struct builder *b)
{
    add_chebyshev(b);
    add(b, NNP_SYMMETRY_WEIGHTED_RADIAL, -1, -1, 0.0, 0.0);
    add(b, NNP_SYMMETRY_WEIGHTED_NARROW, -1, -1, 3.0, -1.0);
    add_compact(b, NNP_SYMMETRY_WEIGHTED_COMPACT_RADIAL, -1, -1);
    add_compact(b, NNP_SYMMETRY_WEIGHTED_COMPACT_WIDE, -1, -1);
    add_compact(b, NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW, -1, -1);
    for (int s = 0; s < b->options->n_elements; s++) {
        add_compact(b, NNP_SYMMETRY_COMPACT_RADIAL, s, -1);
        for (int t = s; t < b->options->n_elements; t++) {
            add_compact(b, NNP_SYMMETRY_COMPACT_WIDE, s, t);
            add_compact(b, NNP_SYMMETRY_COMPACT_NARROW, s, t);
        }
    }
}

static void add_functions(struct builder *b)
{
    if (b->options->with_compact)
        add_weighted(b);
    const int n = b->options->n_elements;
    for (int s = 0; s < n; s++) {
        add(b, NNP_SYMMETRY_RADIAL, s, -1, 0.0, 0.0);
        add(b, NNP_SYMMETRY_RADIAL, s, -1, 0.0, 0.0);
        for (int t = s; t < n; t++) {
            const double zetas[] = {1.0, 2.0, 3.0, 4.0, 8.0};
            for (int z = 0; z < 5; z++)
                add(b, NNP_SYMMETRY_WIDE, s, t, zetas[z], (s + t + z) % 2 ? -1.0 : 1.0);
            add(b, NNP_SYMMETRY_WIDE, s, t, 4.0, (s + t) % 2 ? 1.0 : -1.0);
            if (b->options->with_fractional) {
                add(b, NNP_SYMMETRY_WIDE, s, t, 2.5, 1.0);
                add(b, NNP_SYMMETRY_WIDE, s, t, 16.0, -1.0);
            }
            if (b->options->with_narrow) {
                add(b, NNP_SYMMETRY_NARROW, s, t, 1.0, -1.0);
                add(b, NNP_SYMMETRY_NARROW, s, t, 3.5, 1.0);
            }
        }
    }
}

/* Weighted functions are as large as the atomic numbers, and products of two; Chebyshev
 * functions as the number of neighbors, and of pairs. */
static void set_scaling(struct builder *b)
{
    struct nnp_scaling *scaling = &b->descriptor->scaling;
    assert_int_equal(nnp_scaling_init(scaling, b->descriptor->n_functions, NULL), NNP_SUCCESS);
    scaling->method = NNP_SCALING_MINMAX;
    scaling->target_min = -1.0;
    scaling->target_max = 1.0;
    for (int k = 0; k < scaling->n_functions; k++) {
        scaling->min[k] = test_random(&b->random, -0.1, 0.1);
        const enum nnp_symmetry_type type = b->descriptor->functions[k].type;
        const bool radial = nnp_symmetry_is_radial(type);
        double size = nnp_symmetry_is_weighted(type) ? radial ? 79.0 : 79.0 * 79.0 : 1.0;
        if (nnp_symmetry_is_chebyshev(type))
            size = radial ? 30.0 : 300.0;
        scaling->max[k] = scaling->min[k] + size * test_random(&b->random, 0.5, 3.0);
        scaling->mean[k] = test_random(&b->random, scaling->min[k], scaling->max[k]);
        scaling->sigma[k] = test_random(&b->random, 0.1, 1.0);
        scaling->through_zero[k] = k % 5 == 4;
    }
}

static int set_projection(struct builder *b)
{
    struct nnp_projection *projection = &b->descriptor->projection;
    const size_t n = (size_t)b->descriptor->n_functions;
    if (!b->options->with_projection)
        return (int)n;
    projection->n_inputs = (int)n;
    projection->n_outputs = N_OUTPUTS;
    projection->matrix = malloc(n * N_OUTPUTS * sizeof(double));
    projection->offset = malloc(n * sizeof(double));
    assert_non_null(projection->matrix);
    assert_non_null(projection->offset);
    for (size_t k = 0; k < n * N_OUTPUTS; k++)
        projection->matrix[k] = test_random(&b->random, -0.5, 0.5);
    for (size_t k = 0; k < n; k++)
        projection->offset[k] = test_random(&b->random, -0.5, 0.5);
    return N_OUTPUTS;
}

static void set_network(struct builder *b, struct nnp_network *network, int n_inputs)
{
    const int sizes[] = {n_inputs, 7, 4, 1};
    const enum nnp_activation activations[] = {NNP_ACTIVATION_TANH, NNP_ACTIVATION_SOFTPLUS,
                                               NNP_ACTIVATION_LINEAR};
    assert_int_equal(nnp_network_init(network, 3, sizes, activations, NULL), NNP_SUCCESS);
    for (int l = 0; l < 3; l++) {
        struct nnp_layer *layer = &network->layers[l];
        for (int k = 0; k < layer->n_inputs * layer->n_outputs; k++)
            layer->weights[k] = test_random(&b->random, -1.0, 1.0);
        for (int k = 0; k < layer->n_outputs; k++)
            layer->biases[k] = test_random(&b->random, -1.0, 1.0);
    }
}

struct nnp_potential *random_potential(const struct random_potential_options *options)
{
    const int atomic_numbers[] = {3, 29, 79};
    struct nnp_potential *potential =
        nnp_potential_new(options->n_elements, options->n_members);
    assert_non_null(potential);
    struct builder b = {.options = options, .random = options->seed};
    for (int e = 0; e < options->n_elements; e++) {
        potential->elements[e].atomic_number = atomic_numbers[e];
        potential->elements[e].mass = nnp_element_mass(atomic_numbers[e]);
        potential->elements[e].energy = test_random(&b.random, -4.0, -1.0);
        b.descriptor = &potential->descriptors[e];
        b.descriptor->functions = calloc(MOST_FUNCTIONS, sizeof *b.descriptor->functions);
        assert_non_null(b.descriptor->functions);
        add_functions(&b);
        set_scaling(&b);
        const int n_inputs = set_projection(&b);
        for (int m = 0; m < options->n_members; m++)
            set_network(&b, &potential->networks[m * options->n_elements + e], n_inputs);
    }
    return potential;
}
