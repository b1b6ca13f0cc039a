/* The flat interface where memory runs out: the k-th allocation fails, for every k.  Linked
 * with wrapped allocations; libyaml's own are not reached. */
#include "nnp/calculator.h"
#include "nnp/evaluate.h"

#include "allocations.h"
#include "random_potential.h"
#include "temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3 };

static const int numbers[N] = {3, 3, 3}, periodic[3] = {1, 1, 1};
static const double positions[3 * N] = {0.1, 0.2, 0.0, 2.3, -0.4, 1.9, 9.0, 2.1, 0.7};
static const double cell[9] = {4.1, 0.0, 0.3, 0.9, 3.7, 0.0, -0.5, 0.4, 4.4};

static struct nnp_potential *committee(void)
{
    const struct random_potential_options options = {
        .n_elements = 1, .n_members = 2, .cutoffs = RANDOM_CUTOFFS_COS, .seed = 4};
    return random_potential(&options);
}

static void assert_status(enum nnp_status status, const struct nnp_error *error, bool failed)
{
    assert_int_equal(status, failed ? NNP_ERROR_MEMORY : NNP_SUCCESS);
    if (failed) {
        assert_int_equal(error->status, NNP_ERROR_MEMORY);
        assert_true(*error->message != '\0');
    }
}

static void test_create(void **state)
{
    const long before = test_allocations.n_live;
    long k = 0;
    bool failed;
    (void)state;
    do {
        struct nnp_calculator *calculator;
        struct nnp_error error = {0};
        fail_after(k++);
        const enum nnp_status status = nnp_calculator_create(&calculator, "p.nnp", &error);
        failed = fail_never();
        assert_status(status, &error, failed);
        assert_int_equal(!calculator, failed);
        nnp_calculator_free(calculator);
        assert_int_equal(test_allocations.n_live, before);
    } while (failed);
    assert_true(k > 100);
}

/* Buffers grow at the first call of a calculator, so each trial has one of its own; after a
 * failure it can be used as before. */
static void test_compute(void **state)
{
    struct nnp_calculator *calculator;
    const long before = test_allocations.n_live;
    double expected = 0.0;
    long k = 0;
    bool failed;
    (void)state;
    assert_int_equal(nnp_calculator_create(&calculator, "p.nnp", NULL), NNP_SUCCESS);
    assert_int_equal(nnp_calculator_compute(calculator, N, numbers, positions, cell, periodic,
                                            &expected, NULL, NULL, NULL, NULL, NULL),
                     NNP_SUCCESS);
    nnp_calculator_free(calculator);
    do {
        struct nnp_error error = {0};
        double energy = 0.0, energies[N], forces[3 * N], stress[6];
        long n_extrapolations;
        assert_int_equal(nnp_calculator_create(&calculator, "p.nnp", NULL), NNP_SUCCESS);
        fail_after(k++);
        const enum nnp_status status =
            nnp_calculator_compute(calculator, N, numbers, positions, cell, periodic, &energy,
                                   energies, forces, stress, &n_extrapolations, &error);
        failed = fail_never();
        assert_status(status, &error, failed);
        assert_int_equal(nnp_calculator_compute(calculator, N, numbers, positions, cell,
                                                periodic, &energy, NULL, NULL, NULL, NULL,
                                                NULL),
                         NNP_SUCCESS);
        assert_true(energy == expected);
        nnp_calculator_free(calculator);
        assert_int_equal(test_allocations.n_live, before);
    } while (failed);
    assert_true(k > 10);
}

/* Several threads, each with buffers of its own. */
static void test_evaluator(void **state)
{
    const struct nnp_evaluator_options options = {.n_threads = 3};
    struct nnp_potential *potential = committee();
    const long before = test_allocations.n_live;
    long k = 0;
    bool failed;
    (void)state;
    do {
        struct nnp_evaluator *evaluator;
        struct nnp_error error = {0};
        fail_after(k++);
        const enum nnp_status status =
            nnp_evaluator_create(&evaluator, potential, &options, &error);
        failed = fail_never();
        assert_status(status, &error, failed);
        assert_int_equal(!evaluator, failed);
        nnp_evaluator_free(evaluator);
        assert_int_equal(test_allocations.n_live, before);
    } while (failed);
    assert_true(k > 10);
    nnp_potential_free(potential);
}

static int write_potential(void **state)
{
    const int result = nnp_temporary_enter(state);
    struct nnp_potential *potential = committee();
    assert_int_equal(nnp_potential_write(potential, "p.nnp", NULL), NNP_SUCCESS);
    nnp_potential_free(potential);
    return result;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_compute),
        cmocka_unit_test(test_evaluator),
    };
    return cmocka_run_group_tests(tests, write_potential, nnp_temporary_leave);
}
