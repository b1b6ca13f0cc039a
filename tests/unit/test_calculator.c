/* The flat interface gives the bits of the evaluator, and refuses what it cannot do. */
#include "nnp/calculator.h"
#include "nnp/evaluate.h"

#include "doubles.h"
#include "random_potential.h"
#include "temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3 };

static const int numbers[N] = {3, 29, 3};
static const double positions[N][3] = {{0.1, 0.2, 0.0}, {2.3, -0.4, 1.9}, {9.0, 2.1, 0.7}};
static const double cell[3][3] = {{4.1, 0.0, 0.3}, {0.9, 3.7, 0.0}, {-0.5, 0.4, 4.4}};

static struct nnp_calculator *create(struct nnp_potential **potential)
{
    const struct random_potential_options options = {
        .n_elements = 2, .n_members = 2, .cutoffs = RANDOM_CUTOFFS_COS, .seed = 4};
    struct nnp_calculator *calculator;
    *potential = random_potential(&options);
    assert_int_equal(nnp_potential_write(*potential, "p.nnp", NULL), NNP_SUCCESS);
    assert_int_equal(nnp_calculator_create(&calculator, "p.nnp", NULL), NNP_SUCCESS);
    return calculator;
}

static void compare(struct nnp_calculator *calculator, struct nnp_evaluator *evaluator,
                    const struct nnp_cell *box, const int periodic[3])
{
    double energy, energies[2][N], forces[2][3 * N], stress[2][6];
    long n_extrapolations;
    struct nnp_structure_results results = {
        .atomic_energies = energies[0], .forces = forces[0], .stress = stress[0]};
    assert_int_equal(nnp_evaluate_structure(evaluator, box, N, numbers, &positions[0][0],
                                            &results, NULL),
                     NNP_SUCCESS);
    assert_int_equal(nnp_calculator_compute(calculator, N, numbers, &positions[0][0],
                                            periodic ? &cell[0][0] : NULL, periodic, &energy,
                                            energies[1], forces[1], stress[1],
                                            &n_extrapolations, NULL),
                     NNP_SUCCESS);
    assert_double_bits_equal(energy, results.energy);
    assert_doubles_near(energies[1], energies[0], N, 0.0);
    assert_doubles_near(forces[1], forces[0], 3 * N, 0.0);
    assert_doubles_near(stress[1], stress[0], 6, 0.0);
    assert_int_equal(n_extrapolations, results.n_extrapolations);
    /* Only the energy is asked for. */
    double again;
    assert_int_equal(nnp_calculator_compute(calculator, N, numbers, &positions[0][0],
                                            periodic ? &cell[0][0] : NULL, periodic, &again,
                                            NULL, NULL, NULL, NULL, NULL),
                     NNP_SUCCESS);
    assert_double_bits_equal(again, energy);
}

static void test_results(void **state)
{
    (void)state;
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_calculator *calculator = create(&potential);
    assert_int_equal(nnp_evaluator_create(&evaluator, potential, NULL, NULL), NNP_SUCCESS);
    for (int directions = 0; directions < 8; directions++) {
        struct nnp_cell box;
        int periodic[3];
        memcpy(box.vectors, cell, sizeof cell);
        for (int k = 0; k < 3; k++) {
            periodic[k] = directions >> k & 1;
            box.periodic[k] = periodic[k];
        }
        compare(calculator, evaluator, &box, periodic);
        if (directions == 0)
            compare(calculator, evaluator, NULL, NULL);
    }
    nnp_evaluator_free(evaluator);
    nnp_potential_free(potential);
    nnp_calculator_free(calculator);
}

static void test_questions(void **state)
{
    (void)state;
    struct nnp_potential *potential;
    struct nnp_calculator *calculator = create(&potential);
    assert_int_equal(nnp_calculator_n_elements(calculator), 2);
    assert_int_equal(nnp_calculator_atomic_number(calculator, 0), 3);
    assert_int_equal(nnp_calculator_atomic_number(calculator, 1), 29);
    assert_int_equal(nnp_calculator_atomic_number(calculator, 2), 0);
    assert_int_equal(nnp_calculator_atomic_number(calculator, -1), 0);
    assert_double_bits_equal(nnp_calculator_cutoff(calculator), nnp_potential_cutoff(potential));
    nnp_potential_free(potential);
    nnp_calculator_free(calculator);
}

static void test_refusals(void **state)
{
    (void)state;
    struct nnp_potential *potential;
    struct nnp_error error;
    double energy;
    const int periodic[3] = {0, 1, 0}, oxygen[N] = {3, 8, 3};
    struct nnp_calculator *calculator = create(&potential);
    assert_int_equal(nnp_calculator_compute(calculator, N, numbers, &positions[0][0], NULL,
                                            periodic, &energy, NULL, NULL, NULL, NULL, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "needs a cell"));
    assert_int_equal(nnp_calculator_compute(calculator, N, oxygen, &positions[0][0], NULL, NULL,
                                            &energy, NULL, NULL, NULL, NULL, &error),
                     NNP_ERROR_ELEMENT);
    nnp_potential_free(potential);
    nnp_calculator_free(calculator);
    assert_int_equal(nnp_calculator_create(&calculator, "none.nnp", &error), NNP_ERROR_FILE);
    assert_null(calculator);
    nnp_calculator_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
