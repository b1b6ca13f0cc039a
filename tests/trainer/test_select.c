/* Choice of structures: farthest points, largest values, principal components, features. */
#include "choice.h"
#include "distances.h"
#include "linear_algebra.h"
#include "morse.h"
#include "nnp/evaluate.h"
#include "random_potential.h"
#include "structure_features.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* On a line 0 .. 10 with 0 held: 10, then 5, then ones 2 or 3 away from all. */
static void test_farthest(void **state)
{
    double points[11];
    bool is_held[11] = {true};
    int order[11];
    (void)state;
    for (int i = 0; i < 11; i++)
        points[i] = i;
    assert_int_equal(nnp_choose_farthest(11, 1, points, is_held, 4, 1, order), 4);
    assert_true(order[10] == 1 && order[5] == 2 && order[2] == 3 && order[7] == 4);
    assert_int_equal(order[0], 0);
    /* All of them, but never the one held, or another copy of it. */
    points[3] = 0.0;
    assert_int_equal(nnp_choose_farthest(11, 1, points, is_held, 20, 1, order), 9);
    assert_true(order[0] == 0 && order[3] == 0);
    /* Nothing held: the seed draws the first. */
    is_held[0] = false;
    bool seen[11] = {false};
    for (unsigned long seed = 0; seed < 100; seed++) {
        assert_int_equal(nnp_choose_farthest(11, 1, points, is_held, 2, seed, order), 2);
        for (int i = 0; i < 11; i++)
            seen[i] = seen[i] || order[i] == 1;
    }
    for (int i = 0; i < 11; i++)
        assert_true(seen[i]);
}

static void test_largest(void **state)
{
    const double values[] = {0.0, 3.0, 5.0, 3.0, 9.0};
    const bool is_held[] = {false, false, false, false, true};
    int order[5];
    (void)state;
    assert_int_equal(nnp_choose_largest(5, values, is_held, 2, order), 2);
    assert_true(order[2] == 1 && order[1] == 2 && order[3] == 0);
    assert_int_equal(nnp_choose_largest(5, values, is_held, 9, order), 3);
    assert_true(order[0] == 0 && order[4] == 0);
}

/* Points of known axes: scores and variances, with more and with fewer columns than rows. */
static void test_components(void **state)
{
    enum { N = 40 };
    (void)state;
    for (int n_columns = 3; n_columns <= 120; n_columns += 117) {
        double *values = calloc(N * (size_t)n_columns, sizeof *values);
        double scores[N * 3], variances[3], squares[3] = {0.0}, mixed = 0.0;
        double first = sqrt(1.0 / 3.0), second = sqrt(0.5);
        for (int s = 0; s < N; s++) {
            double turn = 6.283185307179586 * s / N;
            double a = 5.0 * cos(turn), b = 2.0 * sin(turn);
            values[s * n_columns] = 7.0 + a * first + b * second;
            values[s * n_columns + 1] = -1.0 + a * first - b * second;
            values[s * n_columns + n_columns - 1] = a * first;
        }
        const struct nnp_features features = {N, n_columns, values};
        assert_int_equal(nnp_features_components(&features, 3, scores, variances, NULL), 0);
        assert_true(fabs(variances[0] - 12.5) < 1e-10 && fabs(variances[1] - 2.0) < 1e-10);
        assert_true(fabs(variances[2]) < 1e-10);
        for (int s = 0; s < N; s++) {
            for (int c = 0; c < 3; c++)
                squares[c] += scores[3 * s + c] * scores[3 * s + c] / N;
            mixed += scores[3 * s] * scores[3 * s + 1] / N;
            /* Distances are those of the points. */
            double d = hypot(scores[3 * s] - scores[0], scores[3 * s + 1] - scores[1]);
            double expected = 0.0;
            for (int k = 0; k < n_columns; k++)
                expected += pow(values[s * n_columns + k] - values[k], 2);
            assert_true(fabs(d - sqrt(expected)) < 1e-7);
        }
        assert_true(fabs(squares[0] - 12.5) < 1e-10 && fabs(mixed) < 1e-10);
        free(values);
    }
}

enum { N_STRUCTURES = 6 };

static void make_structures(struct nnp_structure *structures,
                            const struct nnp_structure **pointers)
{
    unsigned long long random = 3;
    for (int s = 0; s < N_STRUCTURES; s++) {
        morse_structure(&structures[s], 4, 0.5, &random);
        structures[s].file = strdup("test");
        structures[s].line = s + 1;
        pointers[s] = &structures[s];
    }
}

/* Means do not change with the order of atoms; a copy is at no distance; side by side only for
 * one kind. */
static void test_features(void **state)
{
    struct nnp_structure structures[N_STRUCTURES];
    const struct nnp_structure *pointers[N_STRUCTURES];
    struct nnp_features features;
    struct nnp_error error;
    const struct random_potential_options options = {.n_elements = 3, .n_members = 1};
    (void)state;
    make_structures(structures, pointers);
    struct nnp_potential *potential = random_potential(&options);
    memcpy(structures[1].positions, structures[0].positions, 12 * sizeof(double));
    structures[1].cell = structures[0].cell;
    memcpy(structures[1].atomic_numbers, structures[0].atomic_numbers, 4 * sizeof(int));
    for (int x = 0; x < 3; x++) { /* atoms 1 and 3 change places */
        structures[1].positions[3 + x] = structures[0].positions[9 + x];
        structures[1].positions[9 + x] = structures[0].positions[3 + x];
    }
    structures[1].atomic_numbers[1] = structures[0].atomic_numbers[3];
    structures[1].atomic_numbers[3] = structures[0].atomic_numbers[1];
    if (nnp_features_create(&features, potential, N_STRUCTURES, pointers, NNP_FEATURES_MEAN,
                            &error))
        fail_msg("%s", error.message);
    double same = 0.0, other = 0.0;
    for (int k = 0; k < features.n_columns; k++) {
        same += fabs(features.values[k] - features.values[features.n_columns + k]);
        other += fabs(features.values[k] - features.values[2 * features.n_columns + k]);
    }
    assert_true(same < 1e-10 && other > 1e-3);
    nnp_features_free(&features);
    structures[2].atomic_numbers[0] = structures[2].atomic_numbers[0] == 3 ? 79 : 3;
    assert_int_equal(nnp_features_create(&features, potential, N_STRUCTURES, pointers,
                                         NNP_FEATURES_ATOMS, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_null(features.values);
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&structures[s]);
    nnp_potential_free(potential);
}

/* A dimer in a cell, through the boundary, and an atom that meets its own image. */
static void test_distances(void **state)
{
    double positions[6] = {0.2, 0, 0, 9.7, 0, 0};
    int numbers[2] = {3, 79};
    struct nnp_structure structure = {.n_atoms = 2,
                                      .atomic_numbers = numbers,
                                      .positions = positions,
                                      .file = "f",
                                      .line = 1};
    struct nnp_close_pair pair, table[4];
    (void)state;
    for (int a = 0; a < 3; a++) {
        structure.cell.vectors[a][a] = a == 2 ? 1.5 : 10.0;
        structure.cell.periodic[a] = true;
    }
    assert_int_equal(nnp_distances_closest(&structure, 3.0, &pair, NULL), NNP_SUCCESS);
    assert_true(fabs(pair.distance - 0.5) < 1e-12 && pair.i != pair.j);
    assert_int_equal(nnp_distances_closest(&structure, 0.4, &pair, NULL), NNP_SUCCESS);
    assert_true(isinf(pair.distance));
    for (int k = 0; k < 4; k++)
        table[k].distance = INFINITY;
    assert_int_equal(nnp_distances_add(table, 2, numbers, &structure, 7, 3.0, NULL),
                     NNP_SUCCESS);
    assert_true(fabs(table[0].distance - 1.5) < 1e-12 && table[0].i == table[0].j);
    assert_true(fabs(table[1].distance - 0.5) < 1e-12 && table[1].structure == 7);
    assert_true(fabs(table[2].distance - 0.5) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_farthest),   cmocka_unit_test(test_largest),
        cmocka_unit_test(test_components), cmocka_unit_test(test_features),
        cmocka_unit_test(test_distances),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
