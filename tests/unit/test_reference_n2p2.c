/* Energies, forces and stresses of three potentials against n2p2 (commit 61daa0df), whose
 * numbers are in tests/data/n2p2: wide, narrow and mixed functions, three cutoff functions and
 * scalings, normalisation, reference energies; cells larger and smaller than the cutoff, and a
 * cluster.
 *
 * Tolerances: n2p2's numbers and the positions are printed with twelve digits. */
#include "reference_structure.h"

#include "nnp/evaluate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_PATH = 4096 };

static const double energy_tolerance = 1e-9; /* eV */
static const double force_tolerance = 1e-8;  /* eV/Angstrom */
static const double stress_tolerance = 1e-9; /* eV/Angstrom^3 */

static void assert_all_close(const char *what, int n, const double *a, const double *b,
                             double tolerance)
{
    int worst = 0;

    for (int i = 1; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= fabs(a[worst] - b[worst])))
            worst = i;
    if (!(fabs(a[worst] - b[worst]) <= tolerance))
        fail_msg("%s[%d]: %.15g, expected %.15g", what, worst, a[worst], b[worst]);
}

static void check_structure(struct nnp_evaluator *evaluator, const char *path)
{
    struct reference_structure structure;
    struct nnp_error error = {0};

    if (reference_structure_read(&structure, path, &error) != NNP_SUCCESS)
        fail_msg("%s", error.message);

    const int n = structure.n_atoms;
    double *atomic_energies = calloc((size_t)n, sizeof(*atomic_energies));
    double *forces = calloc(3 * (size_t)n, sizeof(*forces));
    double stress[6];
    struct nnp_structure_results results = {
        .atomic_energies = atomic_energies, .forces = forces, .stress = stress};

    assert_non_null(atomic_energies);
    assert_non_null(forces);
    if (nnp_evaluate_structure(evaluator, &structure.cell, n, structure.atomic_numbers,
                               structure.positions, &results, &error) != NNP_SUCCESS)
        fail_msg("%s: %s", path, error.message);
    assert_all_close("energy", 1, &results.energy, &structure.energy, energy_tolerance);
    assert_all_close("atomic energy", n, atomic_energies, structure.atomic_energies,
                     energy_tolerance);
    assert_all_close("force", 3 * n, forces, structure.forces, force_tolerance);
    assert_all_close("stress", 6, stress, structure.stress, stress_tolerance);
    free(atomic_energies);
    free(forces);
    reference_structure_free(&structure);
}

static void check_potential(const char *name)
{
    static const char *const structures[] = {"cubic", "dense", "triclinic-small", "cluster"};
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_error error = {0};
    char path[MAX_PATH];

    snprintf(path, sizeof(path), "%s/n2p2/%s", NNP_TEST_DATA, name);
    if (nnp_potential_read(&potential, path, &error) != NNP_SUCCESS)
        fail_msg("%s", error.message);
    if (nnp_evaluator_create(&evaluator, potential, NULL, &error) != NNP_SUCCESS)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++) {
        snprintf(path, sizeof(path), "%s/n2p2/%s/%s.extxyz", NNP_TEST_DATA, name,
                 structures[i]);
        check_structure(evaluator, path);
    }
    nnp_evaluator_free(evaluator);
    nnp_potential_free(potential);
}

static void wide_binary(void **state)
{
    (void)state;
    check_potential("wide-binary");
}

static void narrow_binary(void **state)
{
    (void)state;
    check_potential("narrow-binary");
}

static void ternary_mixed(void **state)
{
    (void)state;
    check_potential("ternary-mixed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_binary),
        cmocka_unit_test(narrow_binary),
        cmocka_unit_test(ternary_mixed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
