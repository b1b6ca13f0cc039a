/* The fit finds the parameters that a curve was made with; its errors are the scatter of the
 * results over many noisy curves. */
#include "birch_murnaghan.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 15, N_CURVES = 2000 };

static const double gold[NNP_N_EOS] = {[NNP_EOS_E0] = -3.1347,
                                       [NNP_EOS_V0] = 18.21,
                                       [NNP_EOS_B0] = 0.855,
                                       [NNP_EOS_B0_PRIME] = 5.8};

/* Birch's formula as it is usually printed, independent of the code under test. */
static double birch(const double p[NNP_N_EOS], double volume)
{
    const double s = pow(p[NNP_EOS_V0] / volume, 2.0 / 3.0);
    return p[NNP_EOS_E0] +
           9.0 * p[NNP_EOS_V0] * p[NNP_EOS_B0] / 16.0 *
               (pow(s - 1.0, 3.0) * p[NNP_EOS_B0_PRIME] + pow(s - 1.0, 2.0) * (6.0 - 4.0 * s));
}

static void make_curve(double volumes[N], double energies[N], double centre, double width)
{
    for (int p = 0; p < N; p++) {
        volumes[p] = gold[NNP_EOS_V0] * (centre + width * (2.0 * p / (N - 1) - 1.0));
        energies[p] = birch(gold, volumes[p]);
    }
}

static void test_exact(void **state)
{
    (void)state;
    double volumes[N], energies[N];
    struct nnp_birch_murnaghan fit;
    const double centres[] = {1.0, 0.97, 1.04};
    for (int c = 0; c < 3; c++) {
        make_curve(volumes, energies, centres[c], 0.07);
        assert_int_equal(nnp_birch_murnaghan_fit(&fit, N, volumes, energies, 0.2, NULL),
                         NNP_SUCCESS);
        assert_int_equal(fit.n_points, N);
        for (int v = 0; v < NNP_N_EOS; v++)
            assert_true(fabs(fit.values[v] - gold[v]) < 1e-7 * fabs(gold[v]));
        for (int p = 0; p < N; p++)
            assert_true(fabs(nnp_birch_murnaghan_energy(&fit, volumes[p]) - energies[p]) <
                        1e-10);
    }
}

/* (value - true value)/error has a mean square of m/(m-2) for Student's t of m degrees. */
static void test_errors(void **state)
{
    (void)state;
    struct nnp_random random;
    double volumes[N], exact[N], energies[N], squares[NNP_N_EOS] = {0.0};
    nnp_random_seed(&random, 5);
    make_curve(volumes, exact, 1.0, 0.06);
    for (int k = 0; k < N_CURVES; k++) {
        struct nnp_birch_murnaghan fit;
        for (int p = 0; p < N; p++)
            energies[p] = exact[p] + 2e-5 * nnp_random_normal(&random);
        assert_int_equal(nnp_birch_murnaghan_fit(&fit, N, volumes, energies, 0.2, NULL),
                         NNP_SUCCESS);
        for (int v = 0; v < NNP_N_EOS; v++) {
            const double t = (fit.values[v] - gold[v]) / fit.errors[v];
            squares[v] += t * t / N_CURVES;
        }
    }
    const double degrees = N - 4, expected = degrees / (degrees - 2.0);
    for (int v = 0; v < NNP_N_EOS; v++)
        assert_true(fabs(squares[v] - expected) < 0.15);
}

static void test_range(void **state)
{
    (void)state;
    double volumes[N], energies[N];
    struct nnp_birch_murnaghan fit;
    make_curve(volumes, energies, 1.0, 0.07); /* every 1 % */
    assert_int_equal(nnp_birch_murnaghan_fit(&fit, N, volumes, energies, 0.045, NULL), 0);
    assert_int_equal(fit.n_points, 9);
    assert_int_equal(nnp_birch_murnaghan_fit(&fit, N, volumes, energies, 0.001, NULL), 0);
    assert_int_equal(fit.n_points, NNP_EOS_ENOUGH_POINTS);
    assert_int_equal(nnp_birch_murnaghan_fit(&fit, 5, volumes + 5, energies + 5, 0.08, NULL),
                     0);
    assert_int_equal(fit.n_points, 5);
}

static void refuse(enum nnp_status expected, int n, const double *volumes,
                   const double *energies, const char *message)
{
    struct nnp_birch_murnaghan fit;
    struct nnp_error error = {0};
    assert_int_equal(nnp_birch_murnaghan_fit(&fit, n, volumes, energies, 0.08, &error),
                     expected);
    assert_non_null(strstr(error.message, message));
}

static void test_refusals(void **state)
{
    (void)state;
    double volumes[N], energies[N];
    make_curve(volumes, energies, 1.0, 0.07);
    refuse(NNP_ERROR_INCONSISTENT, 4, volumes, energies, "4 points");
    refuse(NNP_ERROR_INCONSISTENT, 7, volumes, energies, "no minimum");
    for (int p = 0; p < N; p++)
        energies[p] = -energies[p];
    refuse(NNP_ERROR_INCONSISTENT, N, volumes, energies, "no minimum");
    for (int p = 0; p < N; p++)
        volumes[p] = 18.0;
    refuse(NNP_ERROR_INCONSISTENT, N, volumes, energies, "no minimum");
    volumes[3] = 0.0;
    refuse(NNP_ERROR_VALUE, N, volumes, energies, "point 4");
    volumes[3] = 18.0;
    energies[5] = NAN;
    refuse(NNP_ERROR_VALUE, N, volumes, energies, "point 6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
