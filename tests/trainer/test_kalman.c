/* The Kalman filter on problems with known minima, and where values fail. */
#include "kalman.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct nnp_parallel serial = {0, 1};

enum { N_BATCHES = 5, N_RESIDUALS = 4 * N_BATCHES };

/* Residuals y(t) - a exp(-b t) at t = 0, 0.1, .. of y = 2 exp(-t), in batches of four; not
 * finite for b above a limit. */
struct problem {
    double limit;
    bool bad_derivatives;
    int n_empty; /* batches at the beginning of an epoch that tell nothing */
    int batch;
};

static double value_at(const struct problem *p, const double *x)
{
    double sum = 0.0;
    for (int i = 0; i < N_RESIDUALS; i++) {
        double t = 0.1 * i, r = 2.0 * exp(-t) - x[0] * exp(-x[1] * t);
        sum += i % N_BATCHES < p->n_empty ? 0.0 : r * r;
    }
    return x[1] > p->limit ? NAN : sum;
}

enum { N_VARIABLES = 2, WIDTH = N_VARIABLES + 2 };

/* The next batch, whose rows are in rows. */
static struct nnp_measurements linearize_at(struct problem *p, const double *x, double *rows)
{
    static const struct nnp_measured_run run = {0, N_RESIDUALS / N_BATCHES, 0, N_VARIABLES};
    static const double none[N_VARIABLES];
    double *row = rows;
    memset(rows, 0, N_RESIDUALS * WIDTH * sizeof *rows);
    for (int i = p->batch; i < N_RESIDUALS; i += N_BATCHES, row += WIDTH) {
        double t = 0.1 * i, decay = exp(-x[1] * t);
        if (p->batch < p->n_empty)
            continue;
        row[0] = -decay;
        row[1] = x[0] * t * decay;
        row[2] = p->bad_derivatives ? NAN : 2.0 * exp(-t) - x[0] * decay;
        row[3] = row[0] * row[0] + row[1] * row[1];
    }
    p->batch = (p->batch + 1) % N_BATCHES;
    return (struct nnp_measurements){N_RESIDUALS / N_BATCHES, WIDTH, 1, rows, &run, none, none};
}

/* Returns the number of iterates, at most max. */
static int minimize(struct problem *p, struct nnp_kalman *filter, const double *start, int max)
{
    double value = 0.0, rows[N_RESIDUALS * WIDTH];
    struct nnp_measurements batch = {0};
    int n_iterates = 0, n_requests = 0;
    enum nnp_kalman_request request = nnp_kalman_start(filter, start);
    p->batch = 0;
    while (request != NNP_KALMAN_DONE && n_iterates < max) {
        const double *x = nnp_kalman_x(filter);
        assert_true(n_requests++ < 2000);
        if (request == NNP_KALMAN_EVALUATE) {
            value = value_at(p, x);
        } else if (request == NNP_KALMAN_LINEARIZE) {
            batch = linearize_at(p, x, rows);
        } else {
            assert_true(nnp_kalman_value(filter) == value_at(p, x));
            n_iterates++;
        }
        if (n_iterates < max)
            request = nnp_kalman_advance(filter, value, &batch);
    }
    return n_iterates;
}

static void test_minimum(void **state)
{
    (void)state;
    struct problem p = {.limit = INFINITY};
    const double start[2] = {1.0, 0.3};
    struct nnp_kalman *filter;
    assert_int_equal(nnp_kalman_create(&filter, &serial, 2, N_BATCHES, NULL), NNP_SUCCESS);
    for (int repeat = 0; repeat < 2; repeat++) {
        assert_int_equal(minimize(&p, filter, start, 20), 20);
        /* Without residuals at the minimum, every batch points there. */
        assert_true(fabs(nnp_kalman_x(filter)[0] - 2.0) < 1e-8);
        assert_true(fabs(nnp_kalman_x(filter)[1] - 1.0) < 1e-8);
        assert_true(nnp_kalman_gradient_norm(filter) < 1e-6);
        assert_int_equal(nnp_kalman_n_rejected(filter), 0);
    }
    nnp_kalman_free(filter);
}

/* Epochs into a region without values are taken back; the run ends at a point before it. */
static void test_not_finite(void **state)
{
    (void)state;
    struct problem p = {.limit = 0.6};
    const double start[2] = {1.0, 0.3}, outside[2] = {1.0, 0.7};
    struct nnp_kalman *filter;
    assert_int_equal(nnp_kalman_create(&filter, &serial, 2, N_BATCHES, NULL), NNP_SUCCESS);
    minimize(&p, filter, start, 50);
    assert_true(nnp_kalman_n_rejected(filter) > 0);
    assert_true(isfinite(nnp_kalman_value(filter)));
    assert_true(nnp_kalman_x(filter)[1] <= 0.6);
    assert_true(nnp_kalman_value(filter) <= value_at(&p, start));

    assert_int_equal(minimize(&p, filter, outside, 50), 0);
    assert_int_equal(nnp_kalman_n_rejected(filter), 1);
    assert_true(nnp_kalman_x(filter)[1] == 0.7);
    assert_true(strlen(nnp_kalman_reason(filter)) > 0);

    p = (struct problem){.limit = INFINITY, .bad_derivatives = true};
    assert_int_equal(minimize(&p, filter, start, 50), 0);
    assert_true(nnp_kalman_x(filter)[0] == 1.0 && nnp_kalman_x(filter)[1] == 0.3);
    assert_true(strlen(nnp_kalman_reason(filter)) > 0);
    nnp_kalman_free(filter);
}

/* Batches without weight, the first ones among them, change nothing: others lead on. */
static void test_empty_batches(void **state)
{
    (void)state;
    struct problem p = {.limit = INFINITY, .n_empty = 2};
    const double start[2] = {1.0, 0.3};
    struct nnp_kalman *filter;
    assert_int_equal(nnp_kalman_create(&filter, &serial, 2, N_BATCHES, NULL), NNP_SUCCESS);
    assert_int_equal(minimize(&p, filter, start, 30), 30);
    assert_int_equal(nnp_kalman_n_rejected(filter), 0);
    assert_true(fabs(nnp_kalman_x(filter)[0] - 2.0) < 1e-6);
    assert_true(fabs(nnp_kalman_x(filter)[1] - 1.0) < 1e-6);
    nnp_kalman_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minimum),
        cmocka_unit_test(test_empty_batches),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
