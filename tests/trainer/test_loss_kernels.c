/* The inner loops of the loss in every instruction set, against sums in long double and the
 * activations of single numbers, for all lengths that leave vectors partly filled. */
#include "loss_kernels.h"
#include "test_random.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_ROWS = 21, MOST_COLUMNS = 5 * NNP_ROW_LANES, N_VALUES = 21 };

static const char *const instruction_sets[] = {"plain", "avx2", "avx512"};

/* One after another; where the processor has none of a kind, it is the widest that there is. */
static void in_all(void (*check)(const struct nnp_loss_kernels *kernels))
{
    for (size_t k = 0; k < sizeof instruction_sets / sizeof *instruction_sets; k++) {
        assert_int_equal(setenv("NNP_SIMD", instruction_sets[k], 1), 0);
        check(nnp_loss_kernels_select());
    }
    assert_int_equal(unsetenv("NNP_SIMD"), 0);
}

static unsigned long long state = 1;

static double next_number(void)
{
    return test_random(&state, -1.0, 1.0);
}

/* a [m][n] and x; y is n_out sums of n_in products, whose element (i, j) is a[i * di + j * dj].
 */
static void check_sums(int n_out, int n_in, size_t di, size_t dj, const double *a,
                       const double *x, const double *y)
{
    for (int i = 0; i < n_out; i++) {
        long double sum = 0.0L, size = 0.0L;
        for (int j = 0; j < n_in; j++) {
            const long double term =
                (long double)a[(size_t)i * di + (size_t)j * dj] * (long double)x[j];
            sum += term;
            size += fabsl(term);
        }
        assert_true(fabsl(y[i] - sum) <= n_in * DBL_EPSILON * size);
    }
}

/* Of a matrix m x n, in the order that the kernels want. */
static const void *give(enum nnp_number number, int m, int n, const double *a, float *floats)
{
    if (number == NNP_DOUBLE)
        return a;
    for (int i = 0; i < m; i++)
        nnp_set_row_of_floats(floats, m, n, i, a + (size_t)i * (size_t)n);
    return floats;
}

static void check_products_of(const struct nnp_loss_kernels *kernels, enum nnp_number number)
{
    float floats[MOST_ROWS * MOST_COLUMNS];
    double a[MOST_ROWS * MOST_COLUMNS], x[MOST_COLUMNS], y[MOST_COLUMNS];
    for (size_t k = 0; k < sizeof a / sizeof *a; k++)
        a[k] = number == NNP_FLOAT ? (float)next_number() : next_number();
    for (int k = 0; k < MOST_COLUMNS; k++)
        x[k] = next_number();
    for (int m = 0; m <= MOST_ROWS; m++)
        for (int n = NNP_ROW_LANES; n <= MOST_COLUMNS; n += NNP_ROW_LANES) {
            const void *given = give(number, m, n, a, floats);
            y[m] = 7.0;
            kernels->apply[number](m, n, given, x, y);
            check_sums(m, n, (size_t)n, 1, a, x, y);
            assert_true(y[m] == 7.0);
            memset(y, 0, sizeof y);
            kernels->add_transposed[number](m, n, given, x, y);
            check_sums(n, m, 1, (size_t)n, a, x, y);
            kernels->add_transposed[number](m, n, given, x, y);
            for (int c = 0; c < n; c++)
                y[c] *= 0.5;
            check_sums(n, m, 1, (size_t)n, a, x, y);
        }
}

static void check_products(const struct nnp_loss_kernels *kernels)
{
    check_products_of(kernels, NNP_FLOAT);
    check_products_of(kernels, NNP_DOUBLE);
}

static void test_products(void **unused)
{
    (void)unused;
    in_all(check_products);
}

/* Of vectors of any length, and of rows of matrices; what is behind them stays. */
static void check_vectors(const struct nnp_loss_kernels *kernels)
{
    enum { M = 3 };
    double x[M * MOST_COLUMNS], z[M * MOST_COLUMNS], y[M * MOST_COLUMNS + 1], a[M], b[M];
    for (int k = 0; k < M * MOST_COLUMNS; k++) {
        x[k] = next_number();
        z[k] = next_number();
    }
    for (int i = 0; i < M; i++) {
        a[i] = next_number();
        b[i] = next_number();
    }
    for (int n = 0; n <= MOST_COLUMNS; n++) {
        double sum = 0.0;
        y[n] = 7.0;
        kernels->scale(n, 1.5, x, y);
        kernels->add(n, z, y);
        for (int c = 0; c < n; c++) {
            assert_true(fabs(y[c] - (1.5 * x[c] + z[c])) <= DBL_EPSILON * 2.5);
            sum += x[c] * x[c];
        }
        assert_true(y[n] == 7.0);
        assert_true(fabs(kernels->sum_squares(n, x) - sum) <= n * DBL_EPSILON * sum);
        y[M * n] = 7.0;
        kernels->scale_rows(M, n, a, x, y);
        for (int k = 0; k < M * n; k++)
            assert_true(y[k] == a[k / n] * x[k]);
        kernels->combine_rows(M, n, a, x, b, z, y);
        for (int k = 0; k < M * n; k++)
            assert_true(fabs(y[k] - (a[k / n] * x[k] + b[k / n] * z[k])) <= 2.0 * DBL_EPSILON);
        assert_true(y[M * n] == 7.0);
    }
}

static void test_vectors(void **unused)
{
    (void)unused;
    in_all(check_vectors);
}

/* Runs of the columns of v, and of numbers one behind another. */
static void check_runs(const struct nnp_loss_kernels *kernels)
{
    enum { N = 30 };
    static const struct nnp_columns runs[] = {{0, 3}, {6, 15}, {21, 0}, {24, 6}};
    double v[N], packed[N], y[N];
    for (int c = 0; c < N; c++)
        v[c] = next_number();
    kernels->gather(4, runs, v, packed);
    for (int r = 0, n = 0; r < 4; n += runs[r++].n)
        for (int c = 0; c < runs[r].n; c++)
            assert_true(packed[n + c] == v[runs[r].first + c]);
    memset(y, 0, sizeof y);
    kernels->scatter(4, runs, packed, y);
    kernels->scatter(4, runs, packed, y);
    for (int c = 0; c < N; c++)
        assert_true(y[c] == ((c >= 3 && c < 6) || (c >= 21 && c < 24) ? 0.0 : 2.0 * v[c]));
}

static void test_runs(void **unused)
{
    (void)unused;
    in_all(check_runs);
}

/* Relative to the largest of f, f' and f'': they come from one another. */
static void check_activation(const struct nnp_loss_kernels *kernels,
                             enum nnp_activation activation)
{
    double z[N_VALUES], f[N_VALUES], slope[N_VALUES], curvature[N_VALUES];
    for (int n = 0; n <= N_VALUES; n++) {
        for (int i = 0; i < N_VALUES; i++) {
            z[i] = 8.0 * next_number();
            slope[i] = curvature[i] = 7.0;
        }
        memcpy(f, z, sizeof f);
        kernels->activate(activation, (size_t)n, f, slope, curvature);
        for (int i = 0; i < N_VALUES; i++) {
            double y[3] = {z[i], 7.0, 7.0}, alone[3] = {z[i], 0.0, 0.0};
            if (i < n)
                nnp_activation_evaluate(activation, z[i], &y[0], &y[1], &y[2]);
            const double size = fmax(fabs(y[0]), fmax(fabs(y[1]), fabs(y[2])));
            assert_true(fabs(f[i] - y[0]) <= 1e-14 * size);
            assert_true(fabs(slope[i] - y[1]) <= 1e-14 * size);
            assert_true(fabs(curvature[i] - y[2]) <= 1e-14 * size);
            if (i >= n)
                continue;
            kernels->activate(activation, 1, &alone[0], &alone[1], &alone[2]);
            assert_true(alone[0] == f[i] && alone[1] == slope[i] && alone[2] == curvature[i]);
        }
    }
}

static void check_activations(const struct nnp_loss_kernels *kernels)
{
    for (int a = 0; a < NNP_N_ACTIVATION; a++) {
        double y[3] = {NAN, 0.0, 0.0};
        check_activation(kernels, (enum nnp_activation)a);
        kernels->activate((enum nnp_activation)a, 1, &y[0], &y[1], &y[2]);
        assert_true(isnan(y[0]) || a == NNP_ACTIVATION_RELU);
    }
}

static void test_activations(void **unused)
{
    (void)unused;
    in_all(check_activations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_activations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
