/* The optimiser on functions with known minima, and on one that is not finite everywhere. */
#include "lbfgsb.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_VARIABLES = 100 };

typedef double function(int n, const double *x, double *g);

/* sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, minimum 0 at (1, 1, ..). */
static double rosenbrock(int n, const double *x, double *g)
{
    double sum = 0.0;
    memset(g, 0, (size_t)n * sizeof *g);
    for (int i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
        g[i] += -400.0 * a * x[i] - 2.0 * b;
        g[i + 1] += 200.0 * a;
    }
    return sum;
}

/* x - ln x, minimum 1 at 1; the logarithm is no number left of 0. */
static double logarithmic(int n, const double *x, double *g)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        sum += x[i] - log(x[i]);
        g[i] = x[i] > 0.0 ? 1.0 - 1.0 / x[i] : NAN;
    }
    return sum;
}

static double never(int n, const double *x, double *g)
{
    (void)x;
    for (int i = 0; i < n; i++)
        g[i] = 1.0;
    return INFINITY;
}

/* Iterates until done or below the tolerance; returns the number of iterates. */
static int minimize(struct nnp_lbfgsb *minimizer, function *f, int n, const double *x0,
                    double tolerance)
{
    double value = 0.0, last = INFINITY, g[MAX_VARIABLES];
    int n_iterates = 0, n_calls = 0;
    enum nnp_lbfgsb_request request = nnp_lbfgsb_start(minimizer, x0);
    while (request != NNP_LBFGSB_DONE) {
        if (request == NNP_LBFGSB_EVALUATE) {
            value = f(n, nnp_lbfgsb_x(minimizer), g);
            assert_true(++n_calls < 5000);
        } else {
            n_iterates++;
            assert_true(nnp_lbfgsb_value(minimizer) <= last);
            last = nnp_lbfgsb_value(minimizer);
            if (nnp_lbfgsb_gradient_norm(minimizer) < tolerance)
                break;
        }
        request = nnp_lbfgsb_advance(minimizer, value, g);
    }
    return n_iterates;
}

static void check_rosenbrock(int n)
{
    struct nnp_lbfgsb *minimizer;
    double x0[MAX_VARIABLES];
    for (int i = 0; i < n; i++)
        x0[i] = i % 2 ? 1.0 : -1.2;
    assert_int_equal(nnp_lbfgsb_create(&minimizer, n, 10, NULL), NNP_SUCCESS);
    assert_true(minimize(minimizer, rosenbrock, n, x0, 1e-8) < 1000);
    for (int i = 0; i < n; i++)
        assert_true(fabs(nnp_lbfgsb_x(minimizer)[i] - 1.0) < 1e-7);
    assert_int_equal(nnp_lbfgsb_n_rejected(minimizer), 0);
    nnp_lbfgsb_free(minimizer);
}

static void test_rosenbrock(void **state)
{
    (void)state;
    check_rosenbrock(2);
    check_rosenbrock(100);
}

/* Down to rounding it ends by itself, and a new start forgets what was before. */
static void test_ends_and_restarts(void **state)
{
    (void)state;
    struct nnp_lbfgsb *minimizer;
    const double x0[2] = {-1.2, 1.0};
    double first[2];
    assert_int_equal(nnp_lbfgsb_create(&minimizer, 2, 5, NULL), NNP_SUCCESS);
    int n_iterates = minimize(minimizer, rosenbrock, 2, x0, 0.0);
    assert_true(strlen(nnp_lbfgsb_reason(minimizer)) > 0);
    memcpy(first, nnp_lbfgsb_x(minimizer), sizeof first);
    assert_int_equal(minimize(minimizer, rosenbrock, 2, x0, 0.0), n_iterates);
    assert_memory_equal(first, nnp_lbfgsb_x(minimizer), sizeof first);
    nnp_lbfgsb_free(minimizer);
}

static void test_not_finite(void **state)
{
    (void)state;
    struct nnp_lbfgsb *minimizer;
    const double x0[3] = {0.01, 0.5, 30.0};
    assert_int_equal(nnp_lbfgsb_create(&minimizer, 3, 5, NULL), NNP_SUCCESS);
    minimize(minimizer, logarithmic, 3, x0, 1e-8);
    assert_true(nnp_lbfgsb_n_rejected(minimizer) > 0);
    for (int i = 0; i < 3; i++)
        assert_true(fabs(nnp_lbfgsb_x(minimizer)[i] - 1.0) < 1e-7);

    assert_int_equal(minimize(minimizer, never, 3, x0, 0.0), 0);
    assert_string_equal(nnp_lbfgsb_reason(minimizer), "not finite at the starting point");
    nnp_lbfgsb_free(minimizer);
    nnp_lbfgsb_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rosenbrock),
        cmocka_unit_test(test_ends_and_restarts),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
