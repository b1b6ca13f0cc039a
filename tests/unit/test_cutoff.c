/* Cutoff functions: derivatives, limits, smoothness at both ends, values of n2p2's definition.
 */
#include "derivative.h"
#include "nnp/cutoff.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double value(double r, void *data)
{
    double fc, dfc;
    nnp_cutoff_evaluate(data, r, &fc, &dfc);
    return fc;
}

static struct nnp_cutoff make(int type, double alpha)
{
    const int is_tanh = type == NNP_CUTOFF_TANH || type == NNP_CUTOFF_TANHU;
    return (struct nnp_cutoff){(enum nnp_cutoff_type)type, 6.5, is_tanh ? 0.0 : alpha};
}

static void test_derivatives(void **state)
{
    (void)state;
    for (int type = 0; type < NNP_N_CUTOFF; type++)
        for (int k = 1; k < 20; k++) {
            struct nnp_cutoff cutoff = make(type, 0.3);
            const double r = 0.33 * k + 0.05;
            double fc, dfc;
            nnp_cutoff_evaluate(&cutoff, r, &fc, &dfc);
            /* Steps do not cross the inner radius or the cutoff. */
            if (fabs(r - 0.3 * 6.5) > 0.05 && fabs(r - 6.5) > 0.05)
                assert_derivative(nnp_cutoff_name(cutoff.type), value, &cutoff, r, dfc, 0.02,
                                  1.0);
        }
}

static void test_limits(void **state)
{
    (void)state;
    for (int type = 0; type < NNP_N_CUTOFF; type++) {
        struct nnp_cutoff cutoff = make(type, 0.25);
        double fc, dfc;
        nnp_cutoff_evaluate(&cutoff, 6.5, &fc, &dfc);
        assert_true(fc == 0.0 && dfc == 0.0);
        nnp_cutoff_evaluate(&cutoff, 100.0, &fc, &dfc);
        assert_true(fc == 0.0 && dfc == 0.0);
        nnp_cutoff_evaluate(&cutoff, 0.0, &fc, &dfc);
        assert_true(fabs(fc - (type == NNP_CUTOFF_TANHU ? pow(tanh(1.0), 3.0) : 1.0)) < 1e-15);
        if (type != NNP_CUTOFF_HARD) {
            nnp_cutoff_evaluate(&cutoff, 6.5 * (1.0 - 1e-7), &fc, &dfc);
            assert_true(fc < 1e-12 && fabs(dfc) < 1e-6);
        }
    }
}

/* The inner radius joins smoothly: fc = 1 and slope 0 from both sides. */
static void test_inner_radius(void **state)
{
    (void)state;
    for (int type = 0; type < NNP_N_CUTOFF; type++) {
        struct nnp_cutoff cutoff = make(type, 0.4);
        double fc, dfc;
        if (cutoff.alpha == 0.0)
            continue;
        nnp_cutoff_evaluate(&cutoff, 0.4 * 6.5 - 1e-3, &fc, &dfc);
        assert_true(fc == 1.0 && dfc == 0.0);
        nnp_cutoff_evaluate(&cutoff, 0.4 * 6.5 + 1e-7, &fc, &dfc);
        assert_true(fabs(fc - 1.0) < 1e-12 && fabs(dfc) < 1e-6);
    }
}

/* At half the radius, values on paper. */
static void test_values(void **state)
{
    const double expected[NNP_N_CUTOFF] = {
        1.0,
        0.5,
        pow(tanh(0.5), 3.0),
        pow(tanh(0.5) / tanh(1.0), 3.0),
        exp(-1.0 / 3.0),
        0.5,
        0.5,
        0.5,
        0.5,
    };
    (void)state;
    for (int type = 0; type < NNP_N_CUTOFF; type++) {
        struct nnp_cutoff cutoff = make(type, 0.0);
        double fc, dfc;
        nnp_cutoff_evaluate(&cutoff, 3.25, &fc, &dfc);
        assert_true(fabs(fc - expected[type]) < 1e-15);
    }
}

static void test_names(void **state)
{
    (void)state;
    for (int type = 0; type < NNP_N_CUTOFF; type++)
        assert_int_equal(nnp_cutoff_from_name(nnp_cutoff_name((enum nnp_cutoff_type)type)),
                         type);
    assert_int_equal(nnp_cutoff_from_name("Cos"), NNP_N_CUTOFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_inner_radius), cmocka_unit_test(test_values),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("cutoff", tests, NULL, NULL);
}
