/* Exponentials of many etas by few: what is found, and its error. */
#include "kernels/powers.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 64 };

/* exp(-x) to an order. */
static double truncated(double x, int order)
{
    double sum = 1.0, term = 1.0;
    for (int k = 1; k <= order; k++) {
        term *= -x / k;
        sum += term;
    }
    return sum;
}

/* The powers' exponentials at one Q in double precision, as the kernels take them, and bounds
 * of their relative errors: an exponential is off by two roundings, and one of its argument if
 * that is multiplied out, a product by those of its factors, its own, and what its defect's
 * series leaves out (5e-15 and 4e-16). */
static void evaluate(const struct nnp_power *powers, int n, double q, double *e, double *bounds)
{
    const double rounding = 0.5 * DBL_EPSILON;
    for (int k = 0; k < n; k++) {
        const struct nnp_power *p = &powers[k];
        if (p->first >= 0) {
            assert_true(p->first < k && p->second < k);
            e[k] = e[p->first] * e[p->second] * truncated(p->defect * q, p->order);
            bounds[k] = bounds[p->first] + bounds[p->second] + 2.0 * rounding;
            bounds[k] += p->order == 1 ? 5e-15 : p->order == 3 ? 4e-16 : 0.0;
        } else if (p->n_series) {
            e[k] = p->series[0];
            for (int l = 1; l < p->n_series; l++)
                e[k] = fma(e[k], q, p->series[l]);
            bounds[k] = 2.0 * rounding;
        } else {
            e[k] = exp(-p->eta * q);
            bounds[k] = (2.0 + p->eta * q) * rounding;
        }
    }
}

/* Every eta served once, as exactly as that, and to 2e-14 above 1e-9; returns how many
 * exponentials are not products. */
static int check(const double *etas, int n_etas, double q_max, int *n_powers)
{
    struct nnp_power powers[MOST], trial[MOST];
    const int n = nnp_powers_find(etas, n_etas, q_max, powers, trial, 4 * n_etas);
    int served[MOST] = {0}, n_exponentials = 0;
    assert_true(n >= 1 && n <= 4 * n_etas);
    for (int step = 0; step <= 2000; step++) {
        const double q = q_max * step / 2000.0;
        double e[MOST], bounds[MOST];
        evaluate(powers, n, q, e, bounds);
        for (int k = 0; k < n; k++) {
            if (powers[k].channel < 0)
                continue;
            const long double exact = expl(-(long double)etas[powers[k].channel] * q);
            assert_true(fabsl(e[k] - exact) < bounds[k] * exact);
            assert_true(exact < 1e-9L || fabsl(e[k] - exact) < 2e-14L * exact);
        }
    }
    for (int k = 0; k < n; k++) {
        n_exponentials += powers[k].first < 0;
        if (powers[k].channel >= 0)
            served[powers[k].channel]++;
    }
    for (int c = 0; c < n_etas; c++)
        assert_int_equal(served[c], 1);
    *n_powers = n;
    return n_exponentials;
}

static const double units[] = {1.0, 30.0, 80.0, 150.0, 250.0, 450.0, 800.0};

/* MAISE's etas in 1/Bohr^2, cutoff 14.172294 Bohr (7.5 A). */
static void test_multiples(void **state)
{
    double etas[7];
    int n;
    (void)state;
    for (int c = 0; c < 7; c++)
        etas[c] = 1e-4 * units[c];
    assert_int_equal(check(etas, 7, 3.0 * 14.172294 * 14.172294, &n), 2);
    assert_true(n <= 14);
}

/* The same in 1/A^2, rounded to a number of decimals as in files. */
static void test_rounded(void **state)
{
    (void)state;
    for (int decimals = 6; decimals <= 15; decimals++) {
        const double scale = pow(10.0, decimals);
        double etas[7];
        int n;
        for (int c = 0; c < 7; c++)
            etas[c] = round(1e-4 * units[c] / (0.529177249 * 0.529177249) * scale) / scale;
        assert_true(check(etas, 7, 3.0 * 7.5 * 7.5, &n) <= 3);
    }
}

/* Etas that have nothing in common, and one that needs no exponential. */
static void test_unrelated(void **state)
{
    const double etas[] = {0.0, 0.0123, 0.0507, 0.3333}, sole = 0.2;
    int n;
    (void)state;
    assert_true(check(etas, 4, 75.0, &n) <= 4);
    assert_int_equal(check(&sole, 1, 75.0, &n), 1);
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiples),
        cmocka_unit_test(test_rounded),
        cmocka_unit_test(test_unrelated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
