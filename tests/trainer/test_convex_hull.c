/* Convex hulls against hulls that are known: lines, triangles, and linear functions of the
 * composition, below which no point lies. */
#include "convex_hull.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct nnp_convex_hull *create(int n_elements, int n, const double *x, const double *e)
{
    struct nnp_convex_hull *hull;
    assert_int_equal(nnp_convex_hull_create(&hull, n_elements, n, x, e, NULL), NNP_SUCCESS);
    return hull;
}

static void assert_energy(struct nnp_convex_hull *hull, const double *x, double expected)
{
    double energy = nnp_convex_hull_energy(hull, x, NULL, NULL);
    if (fabs(energy - expected) > 1e-13 * (1.0 + fabs(expected)))
        fail_msg("%.17g instead of %.17g", energy, expected);
}

/* Of one element the lowest energy; amounts need not be fractions. */
static void test_one_element(void **state)
{
    (void)state;
    const double x[] = {4, 2, 8}, e[] = {-1.0, -1.5, -0.5};
    struct nnp_convex_hull *hull = create(1, 3, x, e);
    int phase;
    double share;
    assert_true(nnp_convex_hull_energy(hull, x, &phase, &share) == -1.5);
    assert_true(phase == 1 && share == 1.0);
    nnp_convex_hull_free(hull);
}

/* A - 0 - B with a compound AB at -1, one above the hull at A3B, another AB above the first. */
static void test_two_elements(void **state)
{
    (void)state;
    const double x[] = {1, 0, 0, 1, 2, 2, 3, 1, 1, 1};
    const double e[] = {0.0, 0.0, -1.0, -0.3, -0.2};
    struct nnp_convex_hull *hull = create(2, 5, x, e);
    const double a3b[] = {3, 1}, ab3[] = {1, 3}, ab[] = {5, 5}, a[] = {7, 0};
    int phases[2];
    double shares[2];
    assert_energy(hull, a3b, -0.5);
    assert_energy(hull, ab3, -0.5);
    assert_energy(hull, ab, -1.0);
    assert_energy(hull, a, 0.0);
    nnp_convex_hull_energy(hull, a3b, phases, shares);
    for (int r = 0; r < 2; r++) {
        assert_true(phases[r] == 0 || phases[r] == 2);
        assert_true(fabs(shares[r] - 0.5) < 1e-14);
    }
    nnp_convex_hull_energy(hull, ab, phases, shares);
    assert_true((phases[0] == 2 && phases[1] == -1) || (phases[0] == -1 && phases[1] == 2));
    nnp_convex_hull_free(hull);
}

/* No mixture of AB and A2B is richer in B than AB; without points there is none at all. */
static void test_outside(void **state)
{
    (void)state;
    const double x[] = {1, 1, 2, 1}, e[] = {-1.0, -2.0};
    const double b[] = {0, 1}, ab3[] = {1, 3}, nothing[] = {0, 0}, bad[] = {-1, 2};
    struct nnp_convex_hull *hull = create(2, 2, x, e);
    assert_true(isinf(nnp_convex_hull_energy(hull, b, NULL, NULL)));
    assert_true(isinf(nnp_convex_hull_energy(hull, ab3, NULL, NULL)));
    assert_true(isinf(nnp_convex_hull_energy(hull, nothing, NULL, NULL)));
    assert_true(isinf(nnp_convex_hull_energy(hull, bad, NULL, NULL)));
    assert_energy(hull, x, -1.0);
    nnp_convex_hull_free(hull);
    hull = create(2, 0, x, e);
    assert_true(isinf(nnp_convex_hull_energy(hull, x, NULL, NULL)));
    nnp_convex_hull_free(hull);
    nnp_convex_hull_free(NULL);
    struct nnp_error error;
    assert_int_equal(nnp_convex_hull_create(&hull, 2, 1, nothing, e, &error), NNP_ERROR_VALUE);
    assert_null(hull);
    const double wrong[] = {NAN, NAN};
    assert_int_equal(nnp_convex_hull_create(&hull, 2, 1, x, wrong, &error), NNP_ERROR_VALUE);
    assert_null(hull);
}

/* Three elements: points on a plane and above it, with many compositions on edges, where the
 * programme is degenerate. */
static void test_three_elements(void **state)
{
    (void)state;
    enum { MOST = 6, N = (MOST + 1) * (MOST + 2) / 2 };
    double x[3 * N], e[N];
    const double mu[3] = {-3.1, -1.9, 0.4};
    int n = 0;
    for (int a = 0; a <= MOST; a++)
        for (int b = 0; a + b <= MOST; b++, n++) {
            int c = MOST - a - b;
            x[3 * n] = a;
            x[3 * n + 1] = b;
            x[3 * n + 2] = c;
            bool corner = a == MOST || b == MOST || c == MOST;
            e[n] = (mu[0] * a + mu[1] * b + mu[2] * c) / MOST + (corner ? 0.0 : 0.1);
        }
    struct nnp_convex_hull *hull = create(3, N, x, e);
    for (int k = 0; k < N; k++)
        assert_energy(hull, x + 3 * k,
                      (mu[0] * x[3 * k] + mu[1] * x[3 * k + 1] + mu[2] * x[3 * k + 2]) / MOST);
    nnp_convex_hull_free(hull);
}

/* Random points of up to six elements: the energy is that of the mixture which is stated, the
 * mixture has the composition, and none of many other mixtures is lower. */
static void test_random_points(void **state)
{
    (void)state;
    enum { N = 40, MOST = 6 };
    unsigned long long random = 3;
    for (int n_elements = 1; n_elements <= MOST; n_elements++) {
        double x[N * MOST], e[N];
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < n_elements; k++) /* small numbers: equal compositions, edges */
                x[i * n_elements + k] = floor(test_random(&random, 0.0, 3.5));
            if (i < n_elements)
                for (int k = 0; k < n_elements; k++)
                    x[i * n_elements + k] = k == i;
            x[i * n_elements] += i >= n_elements && n_elements == 1;
            double sum = 0.0;
            for (int k = 0; k < n_elements; k++)
                sum += x[i * n_elements + k];
            if (sum == 0.0)
                x[i * n_elements] = 1.0;
            e[i] = test_random(&random, -2.0, 0.0);
        }
        struct nnp_convex_hull *hull = create(n_elements, N, x, e);
        for (int trial = 0; trial < 200; trial++) {
            int mixed[3], phases[MOST];
            double target[MOST] = {0.0}, shares[MOST], mixture = 0.0, weights[3], sum = 0.0;
            for (int m = 0; m < 3; m++)
                sum += weights[m] = test_random(&random, 0.01, 1.0);
            for (int m = 0; m < 3; m++) {
                double amount = 0.0;
                mixed[m] = (int)test_random(&random, 0.0, N - 0.001);
                for (int k = 0; k < n_elements; k++)
                    amount += x[mixed[m] * n_elements + k];
                for (int k = 0; k < n_elements; k++)
                    target[k] += weights[m] / sum * x[mixed[m] * n_elements + k] / amount;
                mixture += weights[m] / sum * e[mixed[m]];
            }
            double energy = nnp_convex_hull_energy(hull, target, phases, shares);
            double stated = 0.0;
            assert_true(energy <= mixture + 1e-10);
            for (int r = 0; r < n_elements; r++)
                if (phases[r] >= 0)
                    stated += shares[r] * e[phases[r]];
            assert_true(fabs(stated - energy) <= 1e-12);
            for (int k = 0; k < n_elements; k++) {
                double found = 0.0;
                for (int r = 0; r < n_elements; r++) {
                    double amount = 0.0;
                    for (int q = 0; phases[r] >= 0 && q < n_elements; q++)
                        amount += x[phases[r] * n_elements + q];
                    if (phases[r] >= 0)
                        found += shares[r] * x[phases[r] * n_elements + k] / amount;
                }
                assert_true(fabs(found - target[k]) <= 1e-10);
            }
        }
        nnp_convex_hull_free(hull);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_element),   cmocka_unit_test(test_two_elements),
        cmocka_unit_test(test_outside),       cmocka_unit_test(test_three_elements),
        cmocka_unit_test(test_random_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
