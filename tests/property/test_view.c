/* The evaluation of a caller's arrays: ignored atoms, masks, chosen centers, units, per-atom
 * virials, descriptors and their Jacobians, memory. */
#include "allocations.h"
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

enum { N_ATOMS = 12, MOST = 2000 };

struct fixture {
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_cell cell;
    double positions[3 * N_ATOMS];
    struct nnp_neighbor_list list;
    int types[MOST], type_elements[4];
    struct nnp_atoms atoms;
    double forces[3 * MOST], energies[MOST], virials[6 * MOST], centroid[9 * MOST];
    struct nnp_results results;
};

static void build(struct fixture *f)
{
    nnp_neighbor_list_free(&f->list);
    assert_int_equal(nnp_neighbor_list_build(&f->list, &f->cell, N_ATOMS, f->positions,
                                             nnp_potential_cutoff(f->potential) + 0.3, NULL),
                     NNP_SUCCESS);
    assert_true(f->list.n_all < MOST);
    for (int i = 0; i < f->list.n_all; i++)
        f->types[i] = 1 + f->list.owners[i] % 3; /* types 1 and 3 are the same element */
    f->atoms = (struct nnp_atoms){.n_atoms = f->list.n_all,
                                  .positions = f->list.positions,
                                  .types = f->types,
                                  .type_elements = f->type_elements,
                                  .n_centers = N_ATOMS,
                                  .n_neighbors = f->list.n_neighbors,
                                  .neighbors = (const int *const *)f->list.neighbors,
                                  .neighbor_mask = -1,
                                  .length_unit = 1.0,
                                  .energy_unit = 1.0};
}

static int open_fixture(void **state)
{
    const struct random_potential_options options = {.n_elements = 2,
                                                     .n_members = 1,
                                                     .with_narrow = 1,
                                                     .cutoffs = RANDOM_CUTOFFS_SMOOTH,
                                                     .seed = 5};
    struct fixture *f = calloc(1, sizeof *f);
    unsigned long long seed = 9;
    assert_non_null(f);
    f->potential = random_potential(&options);
    assert_int_equal(nnp_evaluator_create(&f->evaluator, f->potential, NULL, NULL),
                     NNP_SUCCESS);
    f->cell = (struct nnp_cell){.vectors = {{6, 0.3, 0}, {0.5, 5.5, 0.2}, {0, -0.4, 6.2}},
                                .periodic = {true, true, true}};
    for (int k = 0; k < 3 * N_ATOMS; k++)
        f->positions[k] =
            2.6 * ((k / 3 >> (k % 3)) % 2) + 1.1 * (k / 24) + test_random(&seed, -0.2, 0.2);
    f->type_elements[1] = f->type_elements[3] = 0;
    f->type_elements[2] = 1;
    build(f);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    nnp_neighbor_list_free(&f->list);
    nnp_evaluator_free(f->evaluator);
    nnp_potential_free(f->potential);
    free(f);
    return 0;
}

static void evaluate(struct fixture *f)
{
    struct nnp_error error = {.message = ""};
    memset(f->forces, 0, sizeof f->forces);
    memset(f->energies, 0, sizeof f->energies);
    memset(f->virials, 0, sizeof f->virials);
    memset(f->centroid, 0, sizeof f->centroid);
    f->results = (struct nnp_results){.forces = f->forces,
                                      .atomic_energies = f->energies,
                                      .atomic_virials = f->virials,
                                      .centroid_virials = f->centroid};
    if (nnp_evaluate(f->evaluator, &f->atoms, &f->results, &error))
        fail_msg("%s", error.message);
}

static void assert_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", actual, tolerance, expected);
}

/* Per-atom virials add up to the global one, whose tensor is symmetric since the energy is
 * invariant. */
static void test_virials(void **state)
{
    struct fixture *f = *state;
    evaluate(f);
    for (int k = 0; k < 9; k++) {
        const int symmetric[9] = {0, 1, 2, 3, 4, 5, 3, 4, 5};
        double atomic = 0.0, centroid = 0.0;
        for (int i = 0; i < f->list.n_all; i++) {
            atomic += k < 6 ? f->virials[6 * i + k] : 0.0;
            centroid += f->centroid[9 * i + k];
        }
        const double expected = f->results.virial[symmetric[k]];
        assert_near(centroid, expected, 1e-11);
        if (k < 6)
            assert_near(atomic, expected, 1e-11);
    }
}

/* Atoms of a negative element are as if they were not there, as centers and as neighbors. */
static void test_ignored_atoms(void **state)
{
    struct fixture *f = *state;
    static double with[3 * MOST];
    f->type_elements[2] = -1;
    evaluate(f);
    memcpy(with, f->forces, sizeof with);
    const double energy = f->results.energy;
    int centers[N_ATOMS], n_centers = 0, n_kept[N_ATOMS];
    for (int i = 0; i < N_ATOMS; i++) {
        n_kept[i] = 0;
        for (int k = 0; k < f->list.n_neighbors[i]; k++)
            if (f->types[f->list.neighbors[i][k]] != 2)
                f->list.neighbors[i][n_kept[i]++] = f->list.neighbors[i][k];
        if (f->types[i] != 2)
            centers[n_centers++] = i;
    }
    f->type_elements[2] = 1;
    f->atoms.n_neighbors = n_kept;
    f->atoms.centers = centers;
    f->atoms.n_centers = n_centers;
    evaluate(f);
    assert_true(f->results.energy == energy);
    for (int k = 0; k < 3 * f->list.n_all; k++)
        assert_true(f->forces[k] == with[k]);
}

/* High bits of neighbor indices that the mask removes change nothing. */
static void test_mask(void **state)
{
    struct fixture *f = *state;
    evaluate(f);
    const double energy = f->results.energy;
    for (int i = 0; i < N_ATOMS; i++)
        for (int k = 0; k < f->list.n_neighbors[i]; k += 3)
            f->list.neighbors[i][k] |= 1 << 30;
    f->atoms.neighbor_mask = 0x3FFFFFFF;
    evaluate(f);
    assert_true(f->results.energy == energy);
}

/* The same atoms measured in other units. */
static void test_units(void **state)
{
    struct fixture *f = *state;
    evaluate(f);
    const struct nnp_results before = f->results;
    const double force = f->forces[4], length_unit = 0.529, energy_unit = 27.2;
    for (int k = 0; k < 3 * f->list.n_all; k++)
        f->list.positions[k] /= length_unit;
    f->atoms.length_unit = length_unit;
    f->atoms.energy_unit = energy_unit;
    evaluate(f);
    assert_near(f->results.energy * energy_unit, before.energy, 1e-11);
    assert_near(f->forces[4] * energy_unit / length_unit, force, 1e-11);
    assert_near(f->results.virial[3] * energy_unit, before.virial[3], 1e-11);
}

struct moved {
    struct fixture *fixture;
    int component, center, function;
    double strain;
};

/* A symmetry function of one atom at moved positions, or in a strained crystal (xy). */
static double function_at(double x, void *data)
{
    struct moved *m = data;
    struct fixture *f = m->fixture;
    static double g[400];
    const struct nnp_cell cell = f->cell;
    double saved[3 * N_ATOMS];
    memcpy(saved, f->positions, sizeof saved);
    if (m->component >= 0) {
        f->positions[m->component] = x;
    } else {
        for (int i = 0; i < N_ATOMS + 3; i++) {
            double *r = i < N_ATOMS ? f->positions + 3 * i : f->cell.vectors[i - N_ATOMS];
            r[1] += x * r[0]; /* dG/de of r_y = e r_x is sum r_x dG/dr_y */
        }
    }
    build(f);
    assert_int_equal(nnp_evaluate_descriptor(f->evaluator, &f->atoms, m->center, f->list.owners,
                                             N_ATOMS, g, NULL, NULL, NULL),
                     NNP_SUCCESS);
    memcpy(f->positions, saved, sizeof saved);
    f->cell = cell;
    return g[m->function];
}

static void test_jacobian(void **state)
{
    struct fixture *f = *state;
    static double g[400], dg_dr[400 * 3 * N_ATOMS], dg_dstrain[400 * 6];
    for (int center = 0; center < 3; center++) {
        const int element = f->type_elements[f->types[center]];
        const int n = f->potential->descriptors[element].n_functions;
        build(f);
        assert_int_equal(nnp_evaluate_descriptor(f->evaluator, &f->atoms, center,
                                                 f->list.owners, N_ATOMS, g, dg_dr, dg_dstrain,
                                                 NULL),
                         NNP_SUCCESS);
        for (int k = 0; k < n; k++) {
            const int component = (7 * k + 5 * center) % (3 * N_ATOMS);
            struct moved m = {f, component, center, k, 0.0};
            assert_derivative("dG/dr", function_at, &m, f->positions[component],
                              dg_dr[3 * N_ATOMS * k + component], 0.02, 10.0);
            m.component = -1;
            assert_derivative("dG/dstrain", function_at, &m, 0.0, dg_dstrain[6 * k + 3], 0.005,
                              10.0);
        }
    }
}

/* Once neighborhoods have been seen, evaluation allocates nothing. */
static void test_memory(void **state)
{
    struct fixture *f = *state;
    evaluate(f);
    const long before = test_allocations.made;
    assert_true(before > 0);
    for (int k = 0; k < 3; k++)
        evaluate(f);
    assert_int_equal(test_allocations.made, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_virials, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_ignored_atoms, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_mask, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_units, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_jacobian, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_memory, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
