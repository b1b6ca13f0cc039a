/* What a committee says about itself: members one by one, spreads, extrapolations per atom; and
 * that threads and questions do not change any bit. */
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

enum { N_ATOMS = 30, N_MEMBERS = 3, MOST = 3000 };

struct fixture {
    struct nnp_potential *potential;
    struct nnp_cell cell;
    int numbers[N_ATOMS], types[MOST];
    double positions[3 * N_ATOMS];
    struct nnp_neighbor_list list;
    struct nnp_atoms atoms;
};

/* All that an evaluation gives, comparable by memcmp but for the pointers. */
struct outcome {
    double energy, virial[6];
    long n_extrapolations;
    double energies[MOST], forces[3 * MOST], virials[6 * MOST], centroid[9 * MOST];
    double spreads[MOST], member_energies[N_MEMBERS];
    int extrapolations[MOST];
};

static const int identity[] = {0, 1, 2};

static int open_fixture(void **state)
{
    const struct random_potential_options options = {.n_elements = 2,
                                                     .n_members = N_MEMBERS,
                                                     .with_narrow = 1,
                                                     .with_projection = 1,
                                                     .cutoffs = RANDOM_CUTOFFS_SMOOTH,
                                                     .seed = 41};
    struct fixture *f = calloc(1, sizeof *f);
    unsigned long long seed = 17;
    assert_non_null(f);
    f->potential = random_potential(&options);
    f->potential->repulsion =
        (struct nnp_repulsion){.type = NNP_REPULSION_ZBL, .inner = 1.0, .outer = 2.6};
    f->cell = (struct nnp_cell){.vectors = {{8, 0.3, 0}, {0.5, 7.5, 0.2}, {0, -0.4, 5.2}},
                                .periodic = {true, true, true}};
    for (int i = 0; i < N_ATOMS; i++) {
        f->numbers[i] = i % 3 ? 3 : 29;
        f->positions[3 * i] = 2.5 * (i % 3) + test_random(&seed, -0.3, 0.3);
        f->positions[3 * i + 1] = 2.4 * (i / 3 % 3) + test_random(&seed, -0.3, 0.3);
        f->positions[3 * i + 2] = 1.3 * (i / 9) + test_random(&seed, -0.2, 0.2);
    }
    assert_int_equal(nnp_neighbor_list_build(&f->list, &f->cell, N_ATOMS, f->positions,
                                             nnp_potential_cutoff(f->potential), NULL),
                     NNP_SUCCESS);
    assert_true(f->list.n_all < MOST);
    for (int i = 0; i < f->list.n_all; i++)
        f->types[i] = nnp_potential_element_index(f->potential, f->numbers[f->list.owners[i]]);
    f->atoms = (struct nnp_atoms){.n_atoms = f->list.n_all,
                                  .positions = f->list.positions,
                                  .types = f->types,
                                  .type_elements = identity,
                                  .n_centers = N_ATOMS,
                                  .n_neighbors = f->list.n_neighbors,
                                  .neighbors = (const int *const *)f->list.neighbors,
                                  .neighbor_mask = -1,
                                  .length_unit = 1.0,
                                  .energy_unit = 1.0};
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    nnp_neighbor_list_free(&f->list);
    nnp_potential_free(f->potential);
    free(f);
    return 0;
}

static struct nnp_evaluator *evaluator_of(const struct fixture *f, enum nnp_kernels kernels,
                                          int n_threads)
{
    const struct nnp_evaluator_options options = {.kernels = kernels, .n_threads = n_threads};
    struct nnp_evaluator *evaluator;
    assert_int_equal(nnp_evaluator_create(&evaluator, f->potential, &options, NULL),
                     NNP_SUCCESS);
    return evaluator;
}

/* member_forces: [N_MEMBERS][n_all][3], or NULL. */
static void evaluate(const struct fixture *f, struct nnp_evaluator *evaluator,
                     struct outcome *outcome, double *member_forces)
{
    struct nnp_error error = {.message = ""};
    memset(outcome, 0, sizeof *outcome);
    struct nnp_results results = {.atomic_energies = outcome->energies,
                                  .forces = outcome->forces,
                                  .atomic_virials = outcome->virials,
                                  .centroid_virials = outcome->centroid,
                                  .atomic_extrapolations = outcome->extrapolations,
                                  .energy_spreads = outcome->spreads,
                                  .member_energies = outcome->member_energies,
                                  .member_forces = member_forces};
    if (nnp_evaluate(evaluator, &f->atoms, &results, &error))
        fail_msg("%s", error.message);
    outcome->energy = results.energy;
    outcome->n_extrapolations = results.n_extrapolations;
    memcpy(outcome->virial, results.virial, sizeof outcome->virial);
}

static double *new_member_forces(const struct fixture *f)
{
    double *forces = calloc(3 * N_MEMBERS * (size_t)f->list.n_all, sizeof *forces);
    assert_non_null(forces);
    return forces;
}

static void assert_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", actual, tolerance, expected);
}

static void test_threads(void **state)
{
    const struct fixture *f = *state;
    static struct outcome one, several;
    const size_t bytes = 3 * N_MEMBERS * (size_t)f->list.n_all * sizeof(double);
    for (enum nnp_kernels kernels = NNP_KERNELS_AUTO; kernels <= NNP_KERNELS_REFERENCE;
         kernels++) {
        struct nnp_evaluator *evaluator = evaluator_of(f, kernels, 1);
        double *forces = new_member_forces(f);
        evaluate(f, evaluator, &one, forces);
        nnp_evaluator_free(evaluator);
        for (int n_threads = 2; n_threads <= 4; n_threads++) {
            double *again = new_member_forces(f);
            evaluator = evaluator_of(f, kernels, n_threads);
#ifdef _OPENMP
            assert_int_equal(nnp_evaluator_threads(evaluator), n_threads);
#endif
            evaluate(f, evaluator, &several, again);
            assert_memory_equal(&several, &one, sizeof one);
            assert_memory_equal(again, forces, bytes);
            nnp_evaluator_free(evaluator);
            free(again);
        }
        free(forces);
    }
}

/* The first failure in the order of the centers, whoever finds it. */
static void test_threads_fail_alike(void **state)
{
    struct fixture *f = *state;
    double positions[3 * MOST];
    struct nnp_results results = {.energy = 0.0};
    memcpy(positions, f->list.positions, 3 * (size_t)f->list.n_all * sizeof *positions);
    for (int i = 5; i < N_ATOMS; i += 3)
        positions[3 * i] = NAN;
    f->atoms.positions = positions;
    char first[sizeof((struct nnp_error *)0)->message];
    for (int n_threads = 1; n_threads <= 4; n_threads++) {
        struct nnp_evaluator *evaluator = evaluator_of(f, NNP_KERNELS_AUTO, n_threads);
        struct nnp_error error = {.message = ""};
        for (int k = 0; k < 3; k++)
            assert_int_equal(nnp_evaluate(evaluator, &f->atoms, &results, &error),
                             NNP_ERROR_NUMERIC);
        if (n_threads == 1)
            strcpy(first, error.message);
        assert_string_equal(error.message, first);
        assert_int_equal(nnp_evaluate(evaluator, &f->atoms, &results, NULL), NNP_ERROR_NUMERIC);
        nnp_evaluator_free(evaluator);
    }
    f->atoms.positions = f->list.positions;
}

/* Member m of the committee as a potential of its own: its networks first, and no others. */
static void evaluate_alone(const struct fixture *f, int m, struct outcome *outcome)
{
    struct nnp_potential alone = *f->potential;
    struct fixture of_one = *f;
    struct nnp_evaluator *evaluator;
    alone.n_members = 1;
    alone.networks = f->potential->networks + m * f->potential->n_elements;
    of_one.potential = &alone;
    evaluator = evaluator_of(&of_one, NNP_KERNELS_AUTO, 1);
    evaluate(&of_one, evaluator, outcome, NULL);
    nnp_evaluator_free(evaluator);
}

static void test_members(void **state)
{
    const struct fixture *f = *state;
    static struct outcome all, unasked, alone[N_MEMBERS];
    struct nnp_evaluator *evaluator = evaluator_of(f, NNP_KERNELS_AUTO, 1);
    double *forces = new_member_forces(f);
    evaluate(f, evaluator, &unasked, NULL);
    evaluate(f, evaluator, &all, forces);
    assert_memory_equal(&unasked, &all, sizeof all);
    for (int m = 0; m < N_MEMBERS; m++) {
        evaluate_alone(f, m, &alone[m]);
        assert_near(all.member_energies[m], alone[m].energy, 1e-11);
        for (int k = 0; k < 3 * f->list.n_all; k++)
            assert_near(forces[3 * f->list.n_all * m + k], alone[m].forces[k], 1e-11);
    }
    for (int i = 0; i < N_ATOMS; i++) {
        double sum = 0.0;
        for (int m = 0; m < N_MEMBERS; m++)
            sum += pow(alone[m].energies[i] - all.energies[i], 2) / N_MEMBERS;
        assert_true(sum > 0.0);
        assert_near(all.spreads[i], sqrt(sum), 1e-11);
    }
    nnp_evaluator_free(evaluator);
    free(forces);
}

/* nnp_evaluate_structure adds the forces on images, and has spreads of the atoms. */
static void test_structure(void **state)
{
    const struct fixture *f = *state;
    static struct outcome all;
    struct nnp_evaluator *evaluator = evaluator_of(f, NNP_KERNELS_AUTO, 1);
    double *forces = new_member_forces(f);
    double energy_spreads[N_ATOMS], force_spreads[N_ATOMS];
    int extrapolations[N_ATOMS], sum = 0;
    struct nnp_structure_results results = {.energy_spreads = energy_spreads,
                                            .force_spreads = force_spreads,
                                            .atomic_extrapolations = extrapolations};
    evaluate(f, evaluator, &all, forces);
    assert_int_equal(nnp_evaluate_structure(evaluator, &f->cell, N_ATOMS, f->numbers,
                                            f->positions, &results, NULL),
                     NNP_SUCCESS);
    for (int i = 0; i < N_ATOMS; i++) {
        double member[N_MEMBERS][3] = {{0.0}}, mean[3] = {0.0}, variance = 0.0;
        for (int j = 0; j < f->list.n_all; j++)
            for (int k = 0; k < 3 * N_MEMBERS && f->list.owners[j] == i; k++)
                member[k / 3][k % 3] += forces[3 * (f->list.n_all * (k / 3) + j) + k % 3];
        for (int k = 0; k < 3 * N_MEMBERS; k++)
            mean[k % 3] += member[k / 3][k % 3] / N_MEMBERS;
        for (int k = 0; k < 3 * N_MEMBERS; k++)
            variance += pow(member[k / 3][k % 3] - mean[k % 3], 2) / N_MEMBERS;
        assert_near(force_spreads[i], sqrt(variance), 1e-11);
        assert_near(energy_spreads[i], all.spreads[i], 1e-12);
        assert_int_equal(extrapolations[i], all.extrapolations[i]);
        sum += extrapolations[i];
    }
    assert_int_equal(sum, results.n_extrapolations);
    assert_int_equal(sum, all.n_extrapolations);
    assert_true(sum > 0);
    nnp_evaluator_free(evaluator);
    free(forces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_threads, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_threads_fail_alike, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_members, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_structure, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests_name("committee", tests, NULL, NULL);
}
