/* Energies, forces and stresses: derivatives by rate, invariances, limits, all kernels alike.
 */
#include "derivative.h"
#include "nnp/evaluate.h"
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

enum { MOST_ATOMS = 32 };

static const struct random_potential_options everything = {
    .n_elements = 2,
    .n_members = 2,
    .with_narrow = 1,
    .with_fractional = 1,
    .with_compact = 1,
    .with_projection = 1,
    .cutoffs = RANDOM_CUTOFFS_SMOOTH,
    .seed = 11,
};

struct sample {
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_cell cell;
    int n;
    int numbers[MOST_ATOMS];
    double positions[3 * MOST_ATOMS];
    double energy, forces[3 * MOST_ATOMS], stress[6], atomic_energies[MOST_ATOMS];
};

static void open_sample(struct sample *s, const struct random_potential_options *options)
{
    memset(s, 0, sizeof *s);
    s->potential = random_potential(options);
    assert_int_equal(nnp_evaluator_create(&s->evaluator, s->potential, NULL, NULL),
                     NNP_SUCCESS);
}

static void close_sample(struct sample *s)
{
    nnp_evaluator_free(s->evaluator);
    nnp_potential_free(s->potential);
}

static void evaluate(struct sample *s)
{
    struct nnp_error error = {.message = ""};
    struct nnp_structure_results results = {
        .forces = s->forces, .stress = s->stress, .atomic_energies = s->atomic_energies};
    const enum nnp_status status = nnp_evaluate_structure(
        s->evaluator, &s->cell, s->n, s->numbers, s->positions, &results, &error);
    if (status)
        fail_msg("%s", error.message);
    s->energy = results.energy;
}

/* Atoms of random elements on a jittered lattice in a cell of n0 n1 n2 times a skewed one
 * of 2.6 A. */
static void fill(struct sample *s, int n0, int n1, int n2, int periodic,
                 unsigned long long seed)
{
    const int numbers[] = {3, 29, 79}, n[3] = {n0, n1, n2};
    const double v[3][3] = {{2.6, 0.2, 0.0}, {0.7, 2.5, -0.3}, {-0.4, 0.9, 2.7}};
    s->n = 0;
    for (int d = 0; d < 3; d++) {
        s->cell.periodic[d] = periodic;
        for (int k = 0; k < 3; k++)
            s->cell.vectors[d][k] = n[d] * v[d][k];
    }
    for (int a = 0; a < n0; a++)
        for (int b = 0; b < n1; b++)
            for (int c = 0; c < n2; c++, s->n++) {
                s->numbers[s->n] =
                    numbers[(int)test_random(&seed, 0, s->potential->n_elements)];
                for (int k = 0; k < 3; k++)
                    s->positions[3 * s->n + k] =
                        a * v[0][k] + b * v[1][k] + c * v[2][k] + test_random(&seed, -0.3, 0.3);
            }
}

struct displacement {
    struct sample *sample;
    int component;
};

static double energy_at(double x, void *data)
{
    const struct displacement *d = data;
    struct sample moved = *d->sample;
    moved.positions[d->component] = x;
    evaluate(&moved);
    return moved.energy;
}

static void check_forces(struct sample *s)
{
    evaluate(s);
    for (int k = 0; k < 3 * s->n; k++) {
        struct displacement d = {s, k};
        assert_derivative("force", energy_at, &d, s->positions[k], -s->forces[k], 0.02, 100.0);
    }
}

static void test_forces(void **state)
{
    struct sample s;
    (void)state;
    open_sample(&s, &everything);
    fill(&s, 2, 2, 1, 1, 3); /* smaller than the cutoff */
    check_forces(&s);
    fill(&s, 2, 2, 2, 0, 4); /* cluster */
    check_forces(&s);
    close_sample(&s);
}

static void open_with_repulsion(struct sample *s)
{
    open_sample(s, &everything);
    s->potential->repulsion =
        (struct nnp_repulsion){.type = NNP_REPULSION_ZBL, .inner = 2.2, .outer = 3.4};
    struct nnp_repulsion_pair *pair = calloc(1, sizeof *pair);
    assert_non_null(pair);
    *pair =
        (struct nnp_repulsion_pair){.atomic_numbers = {s->potential->elements[1].atomic_number,
                                                       s->potential->elements[0].atomic_number},
                                    .inner = 1.1,
                                    .outer = 3.0};
    s->potential->repulsion.n_pairs = 1;
    s->potential->repulsion.pairs = pair;
    nnp_evaluator_free(s->evaluator);
    assert_int_equal(nnp_evaluator_create(&s->evaluator, s->potential, NULL, NULL),
                     NNP_SUCCESS);
}

/* Energies with a repulsion, of which one pair of elements has radii of its own, are those
 * without and the sum over pairs of a cluster. */
static void test_repulsion(void **state)
{
    struct sample s, without;
    (void)state;
    open_sample(&without, &everything);
    fill(&without, 2, 2, 2, 0, 4);
    evaluate(&without);
    open_with_repulsion(&s);
    fill(&s, 2, 2, 2, 0, 4);
    check_forces(&s);
    double sum = 0.0, slope;
    for (int i = 0; i < s.n; i++)
        for (int j = 0; j < i; j++) {
            struct nnp_repulsion_curve zbl;
            const double *a = s.positions + 3 * i, *b = s.positions + 3 * j;
            nnp_repulsion_curve_init(&zbl, &s.potential->repulsion, s.numbers[i], s.numbers[j],
                                     1.0, 1.0);
            sum += nnp_repulsion_curve_evaluate(
                &zbl, sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)),
                &slope);
        }
    assert_true(sum > 1.0);
    assert_true(fabs(s.energy - without.energy - sum) <= 1e-12 * fabs(s.energy));
    close_sample(&s);
    close_sample(&without);
}

struct strain {
    const struct sample *sample;
    int a, b;
};

/* Energy per volume of the undeformed cell under strain e in components ab and ba. */
static double energy_strained(double e, void *data)
{
    const struct strain *strain = data;
    struct sample s = *strain->sample;
    double f[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    f[strain->a][strain->b] += 0.5 * e;
    f[strain->b][strain->a] += 0.5 * e;
    for (int i = 0; i < s.n + 3; i++) {
        double *r = i < s.n ? s.positions + 3 * i : s.cell.vectors[i - s.n];
        const double old[3] = {r[0], r[1], r[2]};
        for (int k = 0; k < 3; k++)
            r[k] = f[k][0] * old[0] + f[k][1] * old[1] + f[k][2] * old[2];
    }
    evaluate(&s);
    return s.energy / nnp_cell_volume(&strain->sample->cell);
}

static void check_stress(struct sample *s)
{
    const int pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
    evaluate(s);
    for (int k = 0; k < 6; k++) {
        struct strain strain = {s, pairs[k][0], pairs[k][1]};
        assert_derivative("stress", energy_strained, &strain, 0.0, s->stress[k], 0.01, 10.0);
    }
}

static void test_stress(void **state)
{
    struct sample s;
    (void)state;
    open_sample(&s, &everything);
    fill(&s, 2, 1, 2, 1, 5);
    check_stress(&s);
    close_sample(&s);
    open_with_repulsion(&s);
    fill(&s, 2, 1, 2, 1, 5);
    check_stress(&s);
    close_sample(&s);
}

static void assert_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", actual, tolerance, expected);
}

/* Rotation and translation of a crystal, cell included; a new origin of the periodic images. */
static void test_motion(void **state)
{
    const double rotation[3][3] = {{0.36, 0.48, -0.8}, {-0.8, 0.6, 0.0}, {0.48, 0.64, 0.6}};
    struct sample s, moved;
    (void)state;
    open_sample(&s, &everything);
    fill(&s, 2, 2, 2, 1, 6);
    evaluate(&s);
    moved = s;
    for (int i = 0; i < s.n + 3; i++) {
        const double *r = i < s.n ? s.positions + 3 * i : s.cell.vectors[i - s.n];
        double *to = i < s.n ? moved.positions + 3 * i : moved.cell.vectors[i - s.n];
        for (int k = 0; k < 3; k++)
            to[k] = rotation[k][0] * r[0] + rotation[k][1] * r[1] + rotation[k][2] * r[2] +
                    (i < s.n ? 17.3 - 9.1 * k : 0.0);
    }
    evaluate(&moved);
    assert_near(moved.energy, s.energy, 1e-11);
    for (int i = 0; i < s.n; i++)
        for (int k = 0; k < 3; k++)
            assert_near(moved.forces[3 * i + k],
                        rotation[k][0] * s.forces[3 * i] +
                            rotation[k][1] * s.forces[3 * i + 1] +
                            rotation[k][2] * s.forces[3 * i + 2],
                        1e-11);
    close_sample(&s);
}

static void test_permutation_and_sums(void **state)
{
    struct sample s, reversed;
    double total[3] = {0, 0, 0}, sum = 0;
    (void)state;
    open_sample(&s, &everything);
    fill(&s, 3, 2, 2, 1, 7);
    evaluate(&s);
    reversed = s;
    for (int i = 0; i < s.n; i++) {
        const int to = s.n - 1 - i;
        reversed.numbers[to] = s.numbers[i];
        memcpy(reversed.positions + 3 * to, s.positions + 3 * i, 3 * sizeof(double));
    }
    evaluate(&reversed);
    assert_near(reversed.energy, s.energy, 1e-11);
    for (int i = 0; i < s.n; i++) {
        for (int k = 0; k < 3; k++) {
            assert_near(reversed.forces[3 * (s.n - 1 - i) + k], s.forces[3 * i + k], 1e-11);
            total[k] += s.forces[3 * i + k];
        }
        assert_near(reversed.atomic_energies[s.n - 1 - i], s.atomic_energies[i], 1e-12);
        sum += s.atomic_energies[i];
    }
    assert_near(sum, s.energy, 1e-11);
    for (int k = 0; k < 3; k++)
        assert_near(total[k], 0.0, 1e-11);
    close_sample(&s);
}

/* A doubled cell has twice the energy, the same forces and stress. */
static void test_extensivity(void **state)
{
    struct sample s, doubled;
    (void)state;
    open_sample(&s, &everything);
    fill(&s, 2, 1, 2, 1, 8);
    evaluate(&s);
    doubled = s;
    doubled.n = 2 * s.n;
    for (int i = 0; i < s.n; i++)
        for (int k = 0; k < 3; k++) {
            doubled.numbers[s.n + i] = s.numbers[i];
            doubled.positions[3 * (s.n + i) + k] =
                s.positions[3 * i + k] + s.cell.vectors[1][k];
        }
    for (int k = 0; k < 3; k++)
        doubled.cell.vectors[1][k] *= 2.0;
    evaluate(&doubled);
    assert_near(doubled.energy, 2.0 * s.energy, 1e-10);
    for (int k = 0; k < 6 * s.n; k++)
        assert_near(doubled.forces[k], s.forces[k % (3 * s.n)], 1e-11);
    for (int k = 0; k < 6; k++)
        assert_near(doubled.stress[k], s.stress[k], 1e-12);
    close_sample(&s);
}

/* A dimer beyond the cutoff is two free atoms, and gets there without a step in energy or
 * force. */
static void test_cutoff(void **state)
{
    struct sample s;
    (void)state;
    open_sample(&s, &everything);
    s.n = 2;
    s.numbers[0] = 3;
    s.numbers[1] = 29;
    const double r_cut = nnp_potential_cutoff(s.potential);
    s.positions[3] = r_cut;
    evaluate(&s);
    const double apart = s.energy;
    assert_true(s.forces[0] == 0.0);
    s.positions[3] = r_cut - 1e-5;
    evaluate(&s);
    assert_near(s.energy, apart, 1e-8);
    assert_near(s.forces[0], 0.0, 1e-3);
    s.positions[3] = r_cut - 1e-7;
    evaluate(&s);
    assert_near(s.forces[0], 0.0, 1e-5);
    close_sample(&s);
}

/* Every instruction set against the reference kernels, forces within a tolerance. */
static void check_kernels(struct sample *s, double tolerance)
{
    const char *const simd[] = {"plain", "avx2", "avx512"};
    const struct nnp_evaluator_options reference = {.kernels = NNP_KERNELS_REFERENCE};
    struct sample expected = *s;
    assert_int_equal(nnp_evaluator_create(&expected.evaluator, s->potential, &reference, NULL),
                     NNP_SUCCESS);
    evaluate(&expected);
    for (int k = 0; k < 3; k++) {
        nnp_evaluator_free(s->evaluator);
        setenv("NNP_SIMD", simd[k], 1);
        assert_int_equal(nnp_evaluator_create(&s->evaluator, s->potential, NULL, NULL),
                         NNP_SUCCESS);
        evaluate(s);
        /* A processor may lack what is asked for; plain is always there. */
        if (k == 0)
            assert_string_equal(nnp_evaluator_kernels(s->evaluator), "plain");
        assert_near(s->energy, expected.energy, 0.1 * tolerance * s->n);
        for (int a = 0; a < 3 * s->n; a++)
            assert_near(s->forces[a], expected.forces[a], tolerance);
        for (int a = 0; a < 6; a++)
            assert_near(s->stress[a], expected.stress[a], 0.1 * tolerance);
    }
    unsetenv("NNP_SIMD");
    nnp_evaluator_free(expected.evaluator);
}

static void test_kernels(void **state)
{
    (void)state;
    for (int trial = 0; trial < 24; trial++) {
        const struct random_potential_options options = {.n_elements = 1 + trial % 3,
                                                         .n_members = 1,
                                                         .with_narrow = trial % 4 == 1,
                                                         .with_fractional = trial % 4 == 2,
                                                         .with_compact = trial % 4 == 3,
                                                         .cutoffs =
                                                             (enum random_cutoffs)(trial % 3),
                                                         .seed = 100ULL + (unsigned)trial};
        struct sample s;
        open_sample(&s, &options);
        fill(&s, 1 + trial % 4, 1 + trial % 3, 1 + trial % 2, trial % 5 != 4,
             50ULL + (unsigned)trial);
        /* Sums of up to 165 moments of up to 200 neighbors of size 1, in other orders. */
        check_kernels(&s, 1e-11);
        close_sample(&s);
    }
}

/* Clusters of 1 to 10 atoms, for vectors of neighbors that are not full. */
static void test_kernels_few_neighbors(void **state)
{
    struct sample s;
    (void)state;
    open_sample(&s, &everything);
    for (int n = 1; n <= 10; n++) {
        fill(&s, n, 1, 1, 0, 80ULL + (unsigned)n);
        for (int k = 0; k < 3 * s.n; k++) /* all within reach of each other */
            s.positions[k] *= n > 3 ? 3.0 / n : 1.0;
        check_kernels(&s, 1e-11);
    }
    close_sample(&s);
}

/* More triplets than are kept between the passes. */
static void test_kernels_many_neighbors(void **state)
{
    const struct random_potential_options options = {.n_elements = 2,
                                                     .n_members = 1,
                                                     .with_narrow = 1,
                                                     .with_fractional = 1,
                                                     .cutoffs = RANDOM_CUTOFFS_ALL,
                                                     .seed = 31};
    struct sample s;
    (void)state;
    open_sample(&s, &options);
    fill(&s, 2, 2, 1, 1, 90);
    for (int k = 0; k < 3 * s.n; k++)
        s.positions[k] *= 0.6;
    for (int k = 0; k < 9; k++)
        s.cell.vectors[k / 3][k % 3] *= 0.6;
    /* Symmetry functions up to 1000, which rounding changes by as many times 1e-16, times
     * weights of up to 1. */
    check_kernels(&s, 1e-10);
    close_sample(&s);
}

static void test_refused(void **state)
{
    struct sample s;
    struct nnp_error error;
    struct nnp_structure_results results = {.energy = 0.0};
    (void)state;
    open_sample(&s, &everything);
    s.n = 2;
    s.numbers[0] = s.numbers[1] = 3;
    assert_int_equal(nnp_evaluate_structure(s.evaluator, NULL, s.n, s.numbers, s.positions,
                                            &results, &error),
                     NNP_ERROR_GEOMETRY);
    assert_non_null(strstr(error.message, "atoms 1 and 2 are at the same place"));
    s.positions[4] = -0.07;
    assert_int_equal(nnp_evaluate_structure(s.evaluator, NULL, s.n, s.numbers, s.positions,
                                            &results, &error),
                     NNP_ERROR_GEOMETRY);
    assert_non_null(strstr(error.message, "atoms 1 and 2 are 0.07 Angstrom apart"));
    s.positions[3] = NAN;
    assert_int_equal(nnp_evaluate_structure(s.evaluator, NULL, s.n, s.numbers, s.positions,
                                            &results, &error),
                     NNP_ERROR_NUMERIC);
    s.positions[3] = 2.0;
    s.numbers[1] = 50;
    assert_int_equal(nnp_evaluate_structure(s.evaluator, NULL, s.n, s.numbers, s.positions,
                                            &results, &error),
                     NNP_ERROR_ELEMENT);
    assert_non_null(strstr(error.message, "atom 2 is Sn"));
    close_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forces),
        cmocka_unit_test(test_repulsion),
        cmocka_unit_test(test_stress),
        cmocka_unit_test(test_motion),
        cmocka_unit_test(test_permutation_and_sums),
        cmocka_unit_test(test_extensivity),
        cmocka_unit_test(test_cutoff),
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_kernels_few_neighbors),
        cmocka_unit_test(test_kernels_many_neighbors),
    };
    return cmocka_run_group_tests_name("evaluate", tests, NULL, NULL);
}
