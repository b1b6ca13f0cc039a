/* Levenberg-Marquardt on problems with known minima, and where values fail. */
#include "marquardt.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Rosenbrock's function, r = (10 (x1 - x0^2), 1 - x0); not finite above a limit of x0. */
struct problem {
    double limit;
    bool bad_derivatives;
};

static double value_at(const struct problem *p, const double *x)
{
    double a = 10.0 * (x[1] - x[0] * x[0]), b = 1.0 - x[0];
    return x[0] > p->limit ? NAN : a * a + b * b;
}

static void linearize_at(const struct problem *p, const double *x, double *matrix,
                         double *vector)
{
    double a = 10.0 * (x[1] - x[0] * x[0]), b = 1.0 - x[0], slope = -20.0 * x[0];
    matrix[0] = slope * slope + 1.0;
    matrix[1] = 1e30; /* above the diagonal: not read */
    matrix[2] = 10.0 * slope;
    matrix[3] = 100.0;
    vector[0] = slope * a - b;
    vector[1] = p->bad_derivatives ? NAN : 10.0 * a;
}

/* Returns the number of iterates; values must fall from one to the next. */
static int minimize(const struct problem *p, struct nnp_marquardt *m, const double *start)
{
    double value = 0.0, last = INFINITY, matrix[4], vector[2];
    int n_iterates = 0, n_requests = 0;
    enum nnp_marquardt_request request = nnp_marquardt_start(m, start);
    while (request != NNP_MARQUARDT_DONE && n_requests++ < 2000) {
        const double *x = nnp_marquardt_x(m);
        if (request == NNP_MARQUARDT_EVALUATE) {
            value = value_at(p, x);
        } else if (request == NNP_MARQUARDT_LINEARIZE) {
            linearize_at(p, x, matrix, vector);
        } else {
            assert_true(nnp_marquardt_value(m) == value_at(p, x));
            assert_true(nnp_marquardt_value(m) < last);
            last = nnp_marquardt_value(m);
            n_iterates++;
        }
        request = nnp_marquardt_advance(m, value, matrix, vector);
    }
    assert_int_equal(request, NNP_MARQUARDT_DONE);
    assert_true(strlen(nnp_marquardt_reason(m)) > 0);
    return n_iterates;
}

static void test_minimum(void **state)
{
    (void)state;
    struct problem p = {.limit = INFINITY};
    const double start[2] = {-1.2, 1.0};
    struct nnp_marquardt *m;
    assert_int_equal(nnp_marquardt_create(&m, 2, NULL), NNP_SUCCESS);
    for (int repeat = 0; repeat < 2; repeat++) {
        int n = minimize(&p, m, start);
        assert_true(n > 5 && n < 60);
        /* Residuals to 1e-10, which is far above where steps are lost in rounding. */
        assert_true(fabs(nnp_marquardt_x(m)[0] - 1.0) < 1e-10);
        assert_true(fabs(nnp_marquardt_x(m)[1] - 1.0) < 1e-10);
        assert_true(nnp_marquardt_gradient_norm(m) < 1e-8);
        assert_int_equal(nnp_marquardt_n_rejected(m), 0);
    }
    nnp_marquardt_free(m);
}

/* Steps into a region without values are rejected; the run ends at the best point before it. */
static void test_not_finite(void **state)
{
    (void)state;
    struct problem p = {.limit = 0.5};
    const double start[2] = {-1.2, 1.0}, outside[2] = {0.6, 0.0};
    struct nnp_marquardt *m;
    assert_int_equal(nnp_marquardt_create(&m, 2, NULL), NNP_SUCCESS);
    minimize(&p, m, start);
    assert_true(nnp_marquardt_n_rejected(m) > 0);
    assert_true(isfinite(nnp_marquardt_value(m)));
    assert_true(nnp_marquardt_x(m)[0] <= 0.5 && nnp_marquardt_x(m)[0] > 0.4);

    assert_int_equal(minimize(&p, m, outside), 0);
    assert_int_equal(nnp_marquardt_n_rejected(m), 1);
    assert_true(nnp_marquardt_x(m)[0] == 0.6);

    p = (struct problem){.limit = INFINITY, .bad_derivatives = true};
    assert_int_equal(minimize(&p, m, start), 0);
    assert_true(nnp_marquardt_x(m)[0] == -1.2);
    nnp_marquardt_free(m);
}

/* r = x^3 with derivatives that are not finite for 0.6 < x < 0.72, where the first step from 1
 * leads: it is taken back, shorter steps stay above, and a later one leads across. */
static void test_bad_derivatives_between(void **state)
{
    (void)state;
    const double start = 1.0;
    double value = 0.0, matrix = 0.0, vector = 0.0;
    int n_bad = 0;
    struct nnp_marquardt *m;
    assert_int_equal(nnp_marquardt_create(&m, 1, NULL), NNP_SUCCESS);
    enum nnp_marquardt_request request = nnp_marquardt_start(m, &start);
    for (int k = 0; k < 1000 && request != NNP_MARQUARDT_DONE; k++) {
        double x = nnp_marquardt_x(m)[0];
        bool bad = x > 0.6 && x < 0.72;
        n_bad += bad && request == NNP_MARQUARDT_LINEARIZE;
        value = pow(x, 6.0);
        matrix = bad ? NAN : 9.0 * pow(x, 4.0);
        vector = bad ? NAN : 3.0 * pow(x, 5.0);
        request = nnp_marquardt_advance(m, value, &matrix, &vector);
    }
    assert_true(n_bad > 0);
    assert_int_equal(nnp_marquardt_n_rejected(m), n_bad);
    assert_true(fabs(nnp_marquardt_x(m)[0]) < 1e-2);
    nnp_marquardt_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minimum),
        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_bad_derivatives_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
