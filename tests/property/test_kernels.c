/* The vector kernels of every instruction set against the reference kernels, on neighborhoods
 * of all sizes that leave vectors partly filled; gradients of single functions and directional
 * derivatives; networks; what is left to triplets. */
#include "doubles.h"
#include "environment.h"
#include "kernels/dense.h"
#include "kernels/moments.h"
#include "kernels/reference.h"
#include "kernels/triplets.h"
#include "random_potential.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_NEIGHBORS = 40, MOST_SLOTS = 128, MOST_FUNCTIONS = 200 };

static const char *const instruction_sets[] = {"plain", "avx2", "avx512"};

/* One center, at the origin, whose neighbors are between 1.2 and 5.5. */
struct fixture {
    struct nnp_potential *potential; /* NULL: only a descriptor */
    const struct nnp_descriptor *descriptor;
    int n_elements;
    struct nnp_environment environment;
    struct nnp_moments_plan moments;
    struct nnp_triplets_plan triplets;
    struct nnp_moments_work moments_work;
    struct nnp_triplets_work triplets_work;
    unsigned long long random;
};

static void make_plans(struct fixture *f, double density)
{
    assert_int_equal(
        nnp_moments_plan_init(&f->moments, f->descriptor, f->n_elements, density, NULL),
        NNP_SUCCESS);
    assert_int_equal(nnp_triplets_plan_init(&f->triplets, f->descriptor, f->moments.others,
                                            f->moments.n_others, NULL),
                     NNP_SUCCESS);
}

static void open_fixture(struct fixture *f, const struct random_potential_options *options,
                         double density)
{
    memset(f, 0, sizeof *f);
    f->random = options->seed;
    f->potential = random_potential(options);
    f->descriptor = &f->potential->descriptors[0];
    f->n_elements = options->n_elements;
    make_plans(f, density);
}

static void close_fixture(struct fixture *f)
{
    nnp_moments_work_free(&f->moments_work);
    nnp_triplets_work_free(&f->triplets_work);
    nnp_moments_plan_free(&f->moments);
    nnp_triplets_plan_free(&f->triplets);
    nnp_environment_free(&f->environment);
    nnp_potential_free(f->potential);
}

/* n neighbors of random elements and directions. */
static void surround(struct fixture *f, int n)
{
    double positions[3 * (MOST_NEIGHBORS + 1)] = {0.0};
    int types[MOST_NEIGHBORS + 1] = {0}, list[MOST_NEIGHBORS];
    const int elements[] = {0, 1, 2}, *lists = list;
    for (int j = 1; j <= n; j++) {
        double *r = positions + 3 * j;
        for (int a = 0; a < 3; a++)
            r[a] = test_random(&f->random, -1.0, 1.0);
        const double scale = test_random(&f->random, 1.2, 5.5) / hypot(hypot(r[0], r[1]), r[2]);
        for (int a = 0; a < 3; a++)
            r[a] *= scale;
        types[j] = (int)test_random(&f->random, 0, f->n_elements);
        list[j - 1] = j;
    }
    const struct nnp_atoms atoms = {.n_atoms = n + 1,
                                    .positions = positions,
                                    .types = types,
                                    .type_elements = elements,
                                    .n_centers = 1,
                                    .n_neighbors = &n,
                                    .neighbors = &lists,
                                    .neighbor_mask = -1,
                                    .length_unit = 1.0,
                                    .energy_unit = 1.0};
    assert_int_equal(
        nnp_environment_gather(&f->environment, &atoms, 0, f->n_elements, 5.0, 0.1, NULL),
        NNP_SUCCESS);
    assert_true(f->environment.n <= MOST_SLOTS);
    const int capacity = f->environment.capacity;
    assert_int_equal(nnp_moments_reserve(&f->moments_work, &f->moments, capacity, NULL),
                     NNP_SUCCESS);
    assert_int_equal(nnp_triplets_reserve(&f->triplets_work, &f->triplets, capacity, NULL),
                     NNP_SUCCESS);
    nnp_moments_attach(&f->moments_work, &f->moments);
    nnp_triplets_attach(&f->triplets_work, &f->triplets);
}

static void random_values(struct fixture *f, double *values, int n)
{
    for (int k = 0; k < n; k++)
        values[k] = test_random(&f->random, -1.0, 1.0);
}

/* Functions g and gradient d of sum_k a_k G_k by the instruction set in NNP_SIMD. */
static void evaluate(struct fixture *f, const double *a, double *g, double d[3][MOST_SLOTS])
{
    const struct nnp_moments_kernels *moments =
        nnp_moments_kernels_select(NNP_PRECISION_DOUBLE);
    const struct nnp_triplets_kernels *triplets =
        nnp_triplets_kernels_select(NNP_PRECISION_DOUBLE);
    const struct nnp_environment *env = &f->environment;
    moments->forward(&f->moments, env, &f->moments_work, g);
    triplets->forward(&f->triplets, env, &f->triplets_work, g);
    moments->backward(&f->moments, env, &f->moments_work, a, d[0], d[1], d[2]);
    triplets->backward(&f->triplets, env, &f->triplets_work, a, d[0], d[1], d[2]);
}

static void evaluate_reference(struct fixture *f, const double *a, double *g,
                               double d[3][MOST_SLOTS])
{
    double scratch[2 * MOST_SLOTS];
    memset(d, 0, 3 * sizeof d[0]);
    for (int k = 0; k < f->descriptor->n_functions; k++)
        g[k] = nnp_reference_evaluate(&f->descriptor->functions[k], &f->environment, NULL, a[k],
                                      d[0], d[1], d[2], scratch);
}

static double largest(const double *values, int n)
{
    double most = 1.0;
    for (int k = 0; k < n; k++)
        most = fmax(most, fabs(values[k]));
    return most;
}

/* 1e-13 of the largest value: rounding of sums of up to 40 neighbors' polynomials of degree 8.
 */
static void compare_with_reference(struct fixture *f)
{
    const int n = f->descriptor->n_functions, n_slots = f->environment.n;
    double a[MOST_FUNCTIONS], g[MOST_FUNCTIONS], g0[MOST_FUNCTIONS];
    double d[3][MOST_SLOTS], d0[3][MOST_SLOTS];
    random_values(f, a, n);
    evaluate_reference(f, a, g0, d0);
    for (int s = 0; s < 3; s++) {
        setenv("NNP_SIMD", instruction_sets[s], 1);
        evaluate(f, a, g, d);
        assert_doubles_near(g, g0, n, 1e-13 * largest(g0, n));
        for (int k = 0; k < 3; k++)
            assert_doubles_near(d[k], d0[k], n_slots, 1e-13 * largest(d0[k], n_slots));
    }
    unsetenv("NNP_SIMD");
}

/* sum_k a_k t_k = sum_j d_j . v_j for the gradient d of sum_k a_k G_k, over what moments serve.
 */
static void compare_directional(struct fixture *f)
{
    const int n = f->descriptor->n_functions, n_slots = f->environment.n;
    double a[MOST_FUNCTIONS], g[MOST_FUNCTIONS], t[MOST_FUNCTIONS] = {0.0};
    double d[3][MOST_SLOTS], v[3][MOST_SLOTS];
    random_values(f, a, n);
    for (int k = 0; k < 3; k++)
        random_values(f, v[k], n_slots);
    for (int s = 0; s < 3; s++) {
        setenv("NNP_SIMD", instruction_sets[s], 1);
        const struct nnp_moments_kernels *kernels =
            nnp_moments_kernels_select(NNP_PRECISION_DOUBLE);
        kernels->forward(&f->moments, &f->environment, &f->moments_work, g);
        kernels->directional(&f->moments, &f->environment, &f->moments_work, v[0], v[1], v[2],
                             t);
        kernels->backward(&f->moments, &f->environment, &f->moments_work, a, d[0], d[1], d[2]);
        double left = 0.0, right = 0.0, scale = 1.0;
        for (int k = 0; k < n; k++) {
            left += a[k] * t[k];
            scale += fabs(a[k] * t[k]);
        }
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < n_slots; j++)
                right += d[k][j] * v[k][j];
        assert_doubles_near(&left, &right, 1, 1e-12 * scale);
    }
    unsetenv("NNP_SIMD");
}

/* The gradient of single functions against that of all. */
static void compare_gradients(struct fixture *f)
{
    const int n_slots = f->environment.n;
    double a[MOST_FUNCTIONS] = {0.0}, g[MOST_FUNCTIONS];
    double d[3][MOST_SLOTS], d0[3][MOST_SLOTS];
    for (int s = 0; s < 3; s++) {
        setenv("NNP_SIMD", instruction_sets[s], 1);
        const struct nnp_moments_kernels *kernels =
            nnp_moments_kernels_select(NNP_PRECISION_DOUBLE);
        kernels->forward(&f->moments, &f->environment, &f->moments_work, g);
        for (int k = 0; k < f->descriptor->n_functions; k++) {
            const struct nnp_moment_place *place = &f->moments.places[k];
            if (place->radial_term < 0 && place->angular_term < 0)
                continue;
            a[k] = 1.0;
            kernels->backward(&f->moments, &f->environment, &f->moments_work, a, d0[0], d0[1],
                              d0[2]);
            a[k] = 0.0;
            kernels->gradient(&f->moments, &f->environment, &f->moments_work, k, d[0], d[1],
                              d[2]);
            for (int c = 0; c < 3; c++)
                assert_doubles_near(d[c], d0[c], n_slots, 1e-14 * largest(d0[c], n_slots));
        }
    }
    unsetenv("NNP_SIMD");
}

static void check_potentials(void (*compare)(struct fixture *f))
{
    for (unsigned seed = 1; seed <= 6; seed++) {
        const struct random_potential_options options = {.n_elements = 1 + (int)(seed % 3),
                                                         .n_members = 1,
                                                         .with_narrow = 1,
                                                         .with_fractional = 1,
                                                         .cutoffs =
                                                             (enum random_cutoffs)(seed % 3),
                                                         .seed = seed};
        struct fixture f;
        open_fixture(&f, &options, seed % 2 ? 0.06 : 10.0); /* as many moments as can be */
        for (int n = 0; n <= 17; n++) {
            surround(&f, n);
            compare(&f);
        }
        surround(&f, MOST_NEIGHBORS);
        compare(&f);
        close_fixture(&f);
    }
}

static void test_reference(void **state)
{
    (void)state;
    check_potentials(compare_with_reference);
}

static void test_gradients(void **state)
{
    (void)state;
    check_potentials(compare_gradients);
}

static void test_directional(void **state)
{
    (void)state;
    check_potentials(compare_directional);
}

/* Etas that are nearly multiples of one another: conversions between units of length, and
 * fractions, rounded in a file. */
static const double chained_etas[][8] = {
    {0.003214, 0.035711, 0.071421, 0.124987, 0.214264, 0.357106, 0.714213, 1.428426},
    {0.00089, 0.01, 0.02, 0.03499, 0.06, 0.1001, 0.2, 0.40002},
    {0.0050, 0.01667, 0.03333, 0.05, 0.08333, 0.16667, 0.33333, 1.0},
};

/* Radial and wide functions of each of the etas, narrow ones too; returns how many. */
static int chained_functions(const double etas[8], double r_shift, struct nnp_symmetry *to)
{
    const struct nnp_cutoff cutoff = {NNP_CUTOFF_COS, 5.0, 0.0};
    int n = 0;
    for (int k = 0; k < 8; k++) {
        const struct nnp_symmetry f = {.eta = etas[k], .r_shift = r_shift, .cutoff = cutoff};
        for (int e = 0; e < 2; e++) {
            to[n] = f;
            to[n].type = NNP_SYMMETRY_RADIAL;
            to[n++].neighbors[0] = e;
        }
        for (int angular = 0; angular < 4; angular++) {
            to[n] = f;
            to[n].type = angular < 2 ? NNP_SYMMETRY_WIDE : NNP_SYMMETRY_NARROW;
            to[n].zeta = angular % 2 ? 4.0 : 1.0;
            to[n].lambda = angular % 2 ? -1.0 : 1.0;
            to[n++].neighbors[1] = 1;
        }
    }
    return n;
}

static void test_chained_etas(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof chained_etas / sizeof chained_etas[0]; s++)
        for (int shifted = 0; shifted < 2; shifted++) {
            struct nnp_symmetry functions[MOST_FUNCTIONS];
            const int n = chained_functions(chained_etas[s], 1.5 * shifted, functions);
            const struct nnp_descriptor descriptor = {.n_functions = n, .functions = functions};
            struct fixture f = {.descriptor = &descriptor, .n_elements = 2, .random = s + 1};
            make_plans(&f, 10.0);
            assert_int_equal(f.moments.n_others, 16);
            for (int neighbors = 0; neighbors <= MOST_NEIGHBORS; neighbors += 4) {
                surround(&f, neighbors);
                compare_with_reference(&f);
            }
            close_fixture(&f);
        }
}

/* Which of the functions of zeta up to the largest are left to triplets. */
static void check_choice(double radius, double density, int largest)
{
    enum { N = 20 };
    struct nnp_symmetry functions[N];
    const struct nnp_descriptor descriptor = {.n_functions = N, .functions = functions};
    struct nnp_moments_plan plan;
    for (int k = 0; k < N; k++)
        functions[k] = (struct nnp_symmetry){.type = NNP_SYMMETRY_WIDE,
                                             .eta = 0.1,
                                             .zeta = k + 1.0,
                                             .lambda = 1.0,
                                             .cutoff = {NNP_CUTOFF_COS, radius, 0.0}};
    assert_int_equal(nnp_moments_plan_init(&plan, &descriptor, 1, density, NULL), NNP_SUCCESS);
    assert_int_equal(plan.degree, largest);
    assert_int_equal(plan.n_others, N - largest);
    for (int k = 0; k < plan.n_others; k++)
        assert_int_equal(plan.others[k], largest + k);
    nnp_moments_plan_free(&plan);
}

static void test_choice(void **state)
{
    (void)state;
    for (int degree = 1; degree <= NNP_MOMENTS_MAX_DEGREE; degree++) {
        /* A sphere of radius 5 that holds a little more or less than the crossover. */
        const double volume = 4.0 / 3.0 * 3.14159265358979 * 125.0;
        const double density = nnp_moments_crossover(degree) / volume;
        check_choice(5.0, 1.001 * density, degree);
        check_choice(5.0, 0.999 * density, degree - 1);
    }
    check_choice(7.0, 0.06, 13);
    check_choice(50.0, 0.06, NNP_MOMENTS_MAX_DEGREE);
}

/* y and dy/dx of a network against the reference, where |z| <= 2 sqrt(n_inputs). */
static void compare_network(const struct nnp_network *network, unsigned long long *random)
{
    enum { MOST = 64 };
    const int n = network->layers[0].n_inputs;
    double x[MOST], dx[MOST], dx0[MOST], scratch[8 * MOST];
    struct nnp_dense dense;
    assert_int_equal(nnp_dense_init(&dense, network, NULL), NNP_SUCCESS);
    assert_true(nnp_dense_scratch_size(network) <= 8 * MOST);
    for (int k = 0; k < n; k++)
        x[k] = test_random(random, -2.0, 2.0);
    const double y0 = nnp_network_evaluate(network, x, dx0, scratch);
    for (int s = 0; s < 3; s++) {
        setenv("NNP_SIMD", instruction_sets[s], 1);
        const double y = nnp_dense_kernels_select()->evaluate(&dense, x, dx, scratch);
        assert_doubles_near(&y, &y0, 1, 1e-14 * largest(&y0, 1));
        assert_doubles_near(dx, dx0, n, 1e-13 * largest(dx0, n));
    }
    unsetenv("NNP_SIMD");
    nnp_dense_free(&dense);
}

static void test_networks(void **state)
{
    unsigned long long random = 3;
    (void)state;
    for (int a = 0; a < NNP_N_ACTIVATION; a++)
        for (int n = 1; n <= 35; n++) {
            const enum nnp_activation activations[] = {
                (enum nnp_activation)a, (enum nnp_activation)((a + n) % NNP_N_ACTIVATION),
                NNP_ACTIVATION_LINEAR};
            const int sizes[] = {n, 1 + (7 * n + a) % 19, 1 + n % 9, 1};
            struct nnp_network network;
            assert_int_equal(nnp_network_init(&network, 3, sizes, activations, NULL),
                             NNP_SUCCESS);
            for (int l = 0; l < 3; l++) {
                struct nnp_layer *layer = &network.layers[l];
                const double range = 1.0 / sqrt(layer->n_inputs);
                for (int k = 0; k < layer->n_inputs * layer->n_outputs; k++)
                    layer->weights[k] = test_random(&random, -range, range);
                for (int k = 0; k < layer->n_outputs; k++)
                    layer->biases[k] = test_random(&random, -1.0, 1.0);
            }
            compare_network(&network, &random);
            nnp_network_free(&network);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),   cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_directional), cmocka_unit_test(test_choice),
        cmocka_unit_test(test_networks),    cmocka_unit_test(test_chained_etas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
