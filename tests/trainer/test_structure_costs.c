/* What structures are taken to cost follows what is done with them. */
#include "config.h"
#include "fit_set.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char config_text[] =
    "version: 1\n"
    "elements: [Li, Au]\n"
    "data: {files: [none.extxyz]}\n"
    "symmetry_functions:\n"
    "  cutoff: {function: poly2, radius: 5}\n"
    "  radial: [{eta: [0.05, 0.4], r_shift: 0}]\n"
    "  angular: [{type: wide, eta: 0.02, lambda: [1, -1], zeta: 2}]\n"
    "network: {hidden: [4, 3], activation: tanh}\n"
    "output: {potential: none.nnp}\n";

static const struct nnp_parallel serial = {0, 1};

enum { N = 8, N_STRUCTURES = 5 };
enum kind { BULK, SLAB, FAR_SLAB, ALLOY, ENERGY_ONLY };

/* A simple cubic crystal 3 Angstrom apart, two layers thick where there is a vacuum. */
static void make_structure(struct nnp_structure *structure, enum kind kind)
{
    *structure = (struct nnp_structure){.has_energy = true};
    assert_true(nnp_structure_allocate(structure, N, kind != ENERGY_ONLY));
    structure->file = strdup("test");
    for (int i = 0; i < N; i++) {
        structure->atomic_numbers[i] = kind == ALLOY && i % 2 == 1 ? 79 : 3;
        for (int k = 0; k < 3; k++)
            structure->positions[3 * i + k] = 3.0 * (i >> k & 1);
    }
    for (int k = 0; k < 3; k++) {
        structure->cell.periodic[k] = true;
        structure->cell.vectors[k][k] = 6.0;
    }
    if (kind == SLAB)
        structure->cell.vectors[2][2] = 12.0;
    if (kind == FAR_SLAB)
        structure->cell.vectors[2][2] = 60.0;
}

static void find_costs(double memory, double *costs)
{
    struct nnp_config *config;
    struct nnp_potential *model;
    struct nnp_structure structures[N_STRUCTURES];
    const struct nnp_structure *pointers[N_STRUCTURES];
    struct nnp_fit_set *set;
    struct nnp_error error = {0};
    const struct nnp_fit_memory limit = {.jacobians = &memory};
    for (int s = 0; s < N_STRUCTURES; s++) {
        make_structure(&structures[s], (enum kind)s);
        pointers[s] = &structures[s];
    }
    assert_int_equal(
        nnp_config_parse(&config, "test.yaml", config_text, strlen(config_text), &error),
        NNP_SUCCESS);
    assert_int_equal(nnp_model_create(&model, config, &error), NNP_SUCCESS);
    assert_int_equal(
        nnp_fit_set_create(&set, &serial, model, N_STRUCTURES, pointers, true, &limit, &error),
        NNP_SUCCESS);
    memcpy(costs, set->costs, N_STRUCTURES * sizeof *costs);
    nnp_fit_set_free(set);
    nnp_potential_free(model);
    nnp_config_free(config);
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&structures[s]);
}

/* Products with a Jacobian cost by its rows and columns, which are fewer where atoms have fewer
 * neighbors; functions of absent elements do not count. */
static void test_stored(void **state)
{
    (void)state;
    double costs[N_STRUCTURES];
    find_costs(1e9, costs);
    assert_true(costs[ENERGY_ONLY] > 0.0);
    assert_true(costs[FAR_SLAB] == costs[SLAB]);
    /* Columns of 3 N coordinates and 6 of strain, filled up to 32.  All atoms but the farthest
     * are neighbors.  Of 2 2 radial and 3 2 angular functions an element alone has 2 and 2; two
     * elements have 4 each of Li or Au, with columns of 4 atoms of that element and those of
     * the own atom if it is another, 24, and 2 of both. */
    double bulk = costs[BULK] - costs[ENERGY_ONLY], alloy = costs[ALLOY] - costs[ENERGY_ONLY];
    assert_true(bulk == 2.0 * N * 4.0 * 32.0);
    assert_true(alloy == 2.0 * N * (4.0 * 24.0 + 4.0 * 24.0 + 2.0 * 32.0));
}

/* Passes over neighbors cost by their number: of 18 at 3 and 4.2 Angstrom the atoms of a slab
 * lack 5, and the vacuum, although most of the volume, has no part in it. */
static void test_recomputed(void **state)
{
    (void)state;
    double costs[N_STRUCTURES];
    find_costs(0.0, costs);
    double bulk = costs[BULK] - costs[ENERGY_ONLY], slab = costs[SLAB] - costs[ENERGY_ONLY];
    assert_true(slab > 0.0 && costs[FAR_SLAB] == costs[SLAB] && costs[ALLOY] == costs[BULK]);
    assert_true(slab * 18.0 == bulk * 13.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored),
        cmocka_unit_test(test_recomputed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
