/* The screened Coulomb repulsion: derivative by rate, both switching radii, a number by hand.
 */
#include "derivative.h"
#include "nnp/repulsion.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct nnp_repulsion radii = {
    .type = NNP_REPULSION_ZBL, .inner = 1.2, .outer = 2.1};

/* Au-Au apart from the others. */
static struct nnp_repulsion_pair of_pairs[] = {
    {.atomic_numbers = {79, 79}, .inner = 0.9, .outer = 2.4, .amplitude = 2000.0, .decay = 0.4},
};
static const struct nnp_repulsion exponential = {.type = NNP_REPULSION_EXPONENTIAL,
                                                 .inner = 1.2,
                                                 .outer = 2.1,
                                                 .amplitude = 800.0,
                                                 .decay = 0.3,
                                                 .n_pairs = 1,
                                                 .pairs = of_pairs};

static double value(double r, void *data)
{
    double slope;
    return nnp_repulsion_curve_evaluate(data, r, &slope);
}

static double slope(double r, void *data)
{
    double dv_dr;
    nnp_repulsion_curve_evaluate(data, r, &dv_dr);
    return dv_dr;
}

static void assert_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", actual, tolerance, expected);
}

static void test_derivative(void **state)
{
    struct nnp_repulsion_curve zbl;
    (void)state;
    nnp_repulsion_curve_init(&zbl, &radii, 3, 79, 1.0, 1.0);
    /* Below, between and beyond the radii. */
    for (double r = 0.3; r < 2.3; r += 0.13)
        assert_derivative("repulsion", value, &zbl, r, slope(r, &zbl), 0.01, 1000.0);
}

/* V, V' and V'' vanish at the outer radius and have no step at the inner one: with x the way to
 * the radius, differences across it fall at least as x (of V''), x^2 (of V') and x^3 (of V). */
static void test_switching(void **state)
{
    struct nnp_repulsion_curve zbl;
    (void)state;
    nnp_repulsion_curve_init(&zbl, &radii, 29, 79, 1.0, 1.0);
    for (double x = 0.01; x > 1e-4; x /= 2) {
        /* V'' falls linearly to zero, V''' at the outer radius is below 1000 eV/A^3 */
        assert_true(fabs(value(2.1 - x, &zbl)) < 1000.0 * x * x * x / 6.0);
        assert_true(fabs(slope(2.1 - x, &zbl)) < 1000.0 * x * x / 2.0);
        /* S'' = 2 third x + .. is continuous at the inner radius */
        const double above = (slope(1.2 + x, &zbl) - slope(1.2, &zbl)) / x;
        const double below = (slope(1.2, &zbl) - slope(1.2 - x, &zbl)) / x;
        assert_true(fabs(above - below) < 1e5 * x);
    }
    assert_true(value(2.1, &zbl) == 0.0 && slope(2.1, &zbl) == 0.0);
    assert_true(value(3.0, &zbl) == 0.0 && slope(3.0, &zbl) == 0.0);
}

/* Far inside, V is the screened Coulomb energy but for a constant: Au-Au at 0.3 and 0.5 A from
 * the formula of Ziegler, Biersack and Littmark, evaluated apart. */
static void test_value(void **state)
{
    struct nnp_repulsion_curve zbl;
    (void)state;
    nnp_repulsion_curve_init(&zbl, &radii, 79, 79, 1.0, 1.0);
    const double expected = 23577.3042962345605; /* eV */
    assert_near(value(0.3, &zbl) - value(0.5, &zbl), expected, 1e-12 * expected);
}

/* Derivative and switching of the other form, whose values differ by those of A exp(-r / rho).
 */
static void test_exponential(void **state)
{
    struct nnp_repulsion_curve curve;
    (void)state;
    nnp_repulsion_curve_init(&curve, &exponential, 79, 3, 1.0, 1.0);
    for (double r = 0.3; r < 2.3; r += 0.13)
        assert_derivative("exponential", value, &curve, r, slope(r, &curve), 0.01, 1000.0);
    for (double x = 0.01; x > 1e-4; x /= 2) {
        assert_true(fabs(value(2.1 - x, &curve)) < 1000.0 * x * x * x / 6.0);
        assert_true(fabs(slope(2.1 - x, &curve)) < 1000.0 * x * x / 2.0);
    }
    assert_true(value(2.1, &curve) == 0.0);
    const double expected = 800.0 * (exp(-0.3 / 0.3) - exp(-0.5 / 0.3));
    assert_near(value(0.3, &curve) - value(0.5, &curve), expected, 1e-12 * expected);
}

static void test_pairs(void **state)
{
    struct nnp_repulsion_curve gold, lithium, mixed;
    struct nnp_repulsion copy;
    (void)state;
    nnp_repulsion_curve_init(&gold, &exponential, 79, 79, 1.0, 1.0);
    const struct nnp_repulsion gold_alone = {
        .type = NNP_REPULSION_EXPONENTIAL, .n_pairs = 1, .pairs = of_pairs};
    nnp_repulsion_curve_init(&lithium, &gold_alone, 3, 3, 1.0, 1.0);
    nnp_repulsion_curve_init(&mixed, &exponential, 3, 79, 1.0, 1.0);
    for (double r = 0.3; r < 2.5; r += 0.13)
        assert_derivative("gold", value, &gold, r, slope(r, &gold), 0.01, 1000.0);
    assert_true(value(2.3, &gold) > 0.0 && value(2.3, &mixed) == 0.0);
    assert_true(value(0.2, &lithium) == 0.0 && slope(0.2, &lithium) == 0.0);
    assert_true(value(0.2, &gold) > value(0.2, &mixed) && value(0.2, &mixed) > 0.0);
    assert_true(nnp_repulsion_reach(&exponential) == 2.4);
    assert_int_equal(nnp_repulsion_copy(&copy, &exponential, NULL), NNP_SUCCESS);
    assert_true(copy.n_pairs == 1 && copy.pairs != of_pairs);
    assert_memory_equal(copy.pairs, of_pairs, sizeof of_pairs);
    nnp_repulsion_free(&copy);
    assert_true(copy.type == NNP_REPULSION_NONE && !copy.pairs);
}

/* The order of the elements does not matter; units are those asked for. */
static void test_units(void **state)
{
    const double bohr = 0.529177210903, hartree = 27.211386245988;
    const struct nnp_repulsion in_bohr = {
        .type = NNP_REPULSION_ZBL, .inner = 1.2 / bohr, .outer = 2.1 / bohr};
    struct nnp_repulsion_curve zbl, swapped, atomic;
    (void)state;
    nnp_repulsion_curve_init(&zbl, &radii, 3, 79, 1.0, 1.0);
    nnp_repulsion_curve_init(&swapped, &radii, 79, 3, 1.0, 1.0);
    nnp_repulsion_curve_init(&atomic, &in_bohr, 3, 79, bohr, hartree);
    for (double r = 0.2; r < 2.1; r += 0.1) {
        assert_near(value(r, &swapped), value(r, &zbl), 1e-12 * value(0.2, &zbl));
        assert_near(value(r / bohr, &atomic) * hartree, value(r, &zbl),
                    1e-12 * value(0.2, &zbl));
        assert_near(slope(r / bohr, &atomic) * hartree / bohr, slope(r, &zbl),
                    -1e-12 * slope(0.2, &zbl));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivative), cmocka_unit_test(test_switching),
        cmocka_unit_test(test_value),      cmocka_unit_test(test_exponential),
        cmocka_unit_test(test_pairs),      cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests_name("repulsion", tests, NULL, NULL);
}
