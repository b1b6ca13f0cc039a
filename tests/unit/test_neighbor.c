/* Neighbor lists against an exhaustive sum over images. */
#include "nnp/neighbor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_ATOMS = 40 };

static unsigned long long seed = 1;

static double random_uniform(void)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(seed >> 11) * 0x1p-53;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Distances of all neighbors of atom i, by brute force over many images; returns their number.
 */
static int brute_force(const struct nnp_cell *cell, int n, const double *r, int i, double r_cut,
                       int reach, double *distances)
{
    int found = 0;
    for (int a = -reach; a <= reach; a++)
        for (int b = -reach; b <= reach; b++)
            for (int c = -reach; c <= reach; c++) {
                const int image[3] = {a, b, c};
                if ((a && !cell->periodic[0]) || (b && !cell->periodic[1]) ||
                    (c && !cell->periodic[2]))
                    continue;
                for (int j = 0; j < n; j++) {
                    double square = 0.0;
                    for (int k = 0; k < 3; k++) {
                        double d = r[3 * j + k] - r[3 * i + k];
                        for (int v = 0; v < 3; v++)
                            d += image[v] * cell->vectors[v][k];
                        square += d * d;
                    }
                    if (square > 0.0 && square < r_cut * r_cut)
                        distances[found++] = sqrt(square);
                }
            }
    qsort(distances, (size_t)found, sizeof *distances, compare_doubles);
    return found;
}

static void check(const struct nnp_cell *cell, int n, const double *r, double r_cut, int reach)
{
    struct nnp_neighbor_list list;
    double *expected = malloc(200000 * sizeof *expected);
    double *actual = malloc(200000 * sizeof *actual);
    assert_int_equal(nnp_neighbor_list_build(&list, cell, n, r, r_cut, NULL), NNP_SUCCESS);
    assert_int_equal(list.n_atoms, n);
    for (int i = 0; i < n; i++) {
        const int count = brute_force(cell, n, r, i, r_cut, reach, expected);
        assert_int_equal(list.n_neighbors[i], count);
        for (int k = 0; k < count; k++) {
            const int j = list.neighbors[i][k];
            double square = 0.0;
            for (int a = 0; a < 3; a++)
                square += pow(list.positions[3 * j + a] - list.positions[3 * i + a], 2.0);
            actual[k] = sqrt(square);
            assert_true(j != i && (k == 0 || j > list.neighbors[i][k - 1]));
        }
        qsort(actual, (size_t)count, sizeof *actual, compare_doubles);
        for (int k = 0; k < count; k++)
            assert_true(fabs(actual[k] - expected[k]) < 1e-11);
    }
    nnp_neighbor_list_free(&list);
    free(expected);
    free(actual);
}

static void random_atoms(int n, double spread, double *r)
{
    for (int k = 0; k < 3 * n; k++)
        r[k] = spread * (random_uniform() - 0.3);
}

static void test_random_cells(void **state)
{
    double r[3 * MOST_ATOMS];
    (void)state;
    for (int trial = 0; trial < 40; trial++) {
        struct nnp_cell cell = {.periodic = {trial & 1, trial & 2, trial & 4}};
        for (int v = 0; v < 3; v++)
            for (int k = 0; k < 3; k++)
                cell.vectors[v][k] =
                    (v == k) * (3.0 + 6.0 * random_uniform()) + 2.0 * (random_uniform() - 0.5);
        const int n = 1 + trial % MOST_ATOMS;
        random_atoms(n, 20.0, r); /* partly outside of the cell */
        check(&cell, n, r, 5.0, 14);
    }
}

/* One atom in a tiny, very skewed cell: the same lattice as a cube's. */
static void test_skewed(void **state)
{
    struct nnp_cell cell = {.vectors = {{3, 0, 0}, {9, 3, 0}, {-6, 12, 3}},
                            .periodic = {true, true, true}};
    const double r[3] = {0.1, 0.2, 0.3};
    struct nnp_neighbor_list list;
    (void)state;
    assert_int_equal(nnp_neighbor_list_build(&list, &cell, 1, r, 7.0, NULL), NNP_SUCCESS);
    int expected = 0;
    for (int a = -3; a <= 3; a++)
        for (int b = -3; b <= 3; b++)
            for (int c = -3; c <= 3; c++)
                expected += (a || b || c) && 9 * (a * a + b * b + c * c) < 49;
    assert_int_equal(list.n_neighbors[0], expected);
    nnp_neighbor_list_free(&list);
}

static void test_cluster(void **state)
{
    const struct nnp_cell open = {.periodic = {false, false, false}};
    double r[3 * MOST_ATOMS];
    (void)state;
    random_atoms(MOST_ATOMS, 15.0, r);
    check(&open, MOST_ATOMS, r, 4.0, 0);
    struct nnp_neighbor_list list;
    assert_int_equal(nnp_neighbor_list_build(&list, NULL, 1, r, 4.0, NULL), NNP_SUCCESS);
    assert_int_equal(list.n_neighbors[0], 0);
    nnp_neighbor_list_free(&list);
}

static void test_refused(void **state)
{
    struct nnp_cell cell = {.vectors = {{3, 0, 0}, {0, 3, 0}, {3, 3, 0}},
                            .periodic = {true, true, true}};
    double r[3] = {0, 0, 0};
    struct nnp_neighbor_list list;
    struct nnp_error error;
    (void)state;
    assert_int_equal(nnp_neighbor_list_build(&list, &cell, 1, r, 5.0, &error),
                     NNP_ERROR_GEOMETRY);
    assert_non_null(strstr(error.message, "linearly dependent"));
    cell.vectors[1][1] = 0.0;
    assert_int_equal(nnp_neighbor_list_build(&list, &cell, 1, r, 5.0, &error),
                     NNP_ERROR_GEOMETRY);
    assert_non_null(strstr(error.message, "cell vector b"));
    r[1] = NAN;
    assert_int_equal(nnp_neighbor_list_build(&list, NULL, 1, r, 5.0, &error),
                     NNP_ERROR_NUMERIC);
    assert_null(list.positions);
}

/* Coordinates that no int holds, in which no image can be found. */
static void test_far(void **state)
{
    const struct nnp_cell cell = {.vectors = {{3, 0, 0}, {0, 3, 0}, {0, 0, 3}},
                                  .periodic = {true, true, true}};
    const double far[] = {1e10, 1e300, -1e308};
    struct nnp_neighbor_list list;
    struct nnp_error error;
    (void)state;
    for (size_t k = 0; k < sizeof far / sizeof *far; k++) {
        const double r[6] = {0.0, 0.0, far[k], 0.0, 0.0, -far[k]};
        assert_int_equal(nnp_neighbor_list_build(&list, &cell, 2, r, 5.0, &error),
                         NNP_ERROR_NUMERIC);
        assert_int_equal(nnp_neighbor_list_build(&list, NULL, 2, r, 5.0, &error),
                         NNP_ERROR_NUMERIC);
        assert_non_null(strstr(error.message, "coordinate z of atom 1"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_cells),
        cmocka_unit_test(test_skewed),
        cmocka_unit_test(test_cluster),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_far),
    };
    return cmocka_run_group_tests_name("neighbor", tests, NULL, NULL);
}
