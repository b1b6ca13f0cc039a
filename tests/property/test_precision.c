/* Precision mixed: energies and forces against the reference kernels, and forces that are the
 * slope of the energy, for every instruction set on random potentials. */
#include "nnp/evaluate.h"
#include "random_potential.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 3, N_ATOMS = SIDE * SIDE * SIDE, N_VALUES = 3 * N_ATOMS };

static const char *const instruction_sets[] = {"plain", "avx2", "avx512"};

/* Of the largest force, and of the energy per atom and 1: roundings of floats (6e-8) of sums
 * and of exponentials, which mostly cancel. */
static const double force_tolerance = 1e-5, energy_tolerance = 2e-6;

struct sample {
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_cell cell;
    int numbers[N_ATOMS];
    double positions[N_VALUES], forces[N_VALUES], energy;
};

static void open_evaluator(struct sample *s, enum nnp_kernels kernels,
                           enum nnp_precision precision)
{
    const struct nnp_evaluator_options options = {.kernels = kernels, .precision = precision};
    assert_int_equal(nnp_evaluator_create(&s->evaluator, s->potential, &options, NULL),
                     NNP_SUCCESS);
}

static void evaluate(struct sample *s)
{
    struct nnp_structure_results results = {.forces = s->forces};
    assert_int_equal(nnp_evaluate_structure(s->evaluator, &s->cell, N_ATOMS, s->numbers,
                                            s->positions, &results, NULL),
                     NNP_SUCCESS);
    s->energy = results.energy;
}

/* Atoms of random elements on a jittered lattice. */
static void open_sample(struct sample *s, unsigned seed)
{
    const int numbers[] = {3, 29, 79};
    const struct random_potential_options options = {.n_elements = 1 + (int)(seed % 3),
                                                     .n_members = 1,
                                                     .with_narrow = 1,
                                                     .with_fractional = 1,
                                                     .with_compact = seed % 2,
                                                     .cutoffs = (enum random_cutoffs)(seed % 3),
                                                     .seed = seed};
    unsigned long long random = seed;
    memset(s, 0, sizeof *s);
    s->potential = random_potential(&options);
    for (int a = 0; a < 3; a++) {
        s->cell.periodic[a] = true;
        s->cell.vectors[a][a] = 2.6 * SIDE;
    }
    for (int i = 0; i < N_ATOMS; i++) {
        const int index[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
        s->numbers[i] = numbers[(int)test_random(&random, 0, options.n_elements)];
        for (int a = 0; a < 3; a++)
            s->positions[3 * i + a] = 2.6 * index[a] + test_random(&random, -0.3, 0.3);
    }
}

static double largest(const double *values)
{
    double most = 0.0;
    for (int k = 0; k < N_VALUES; k++)
        most = fmax(most, fabs(values[k]));
    return most;
}

static void compare(struct sample *s, const struct sample *exact)
{
    double difference[N_VALUES];
    open_evaluator(s, NNP_KERNELS_AUTO, NNP_PRECISION_MIXED);
    evaluate(s);
    for (int k = 0; k < N_VALUES; k++)
        difference[k] = s->forces[k] - exact->forces[k];
    nnp_evaluator_free(s->evaluator);
    const double force_error = largest(difference) / largest(exact->forces);
    const double energy_error = fabs(s->energy - exact->energy) / N_ATOMS;
    if (!(force_error > 0.0 && force_error < force_tolerance))
        fail_msg("forces are off by %g of the largest", force_error);
    if (!(energy_error < energy_tolerance * (1.0 + fabs(exact->energy) / N_ATOMS)))
        fail_msg("energy per atom is off by %g", energy_error);
}

static void test_error(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 6; seed++) {
        struct sample s, exact;
        open_sample(&s, seed);
        exact = s;
        open_evaluator(&exact, NNP_KERNELS_REFERENCE, NNP_PRECISION_MIXED);
        assert_string_equal(nnp_evaluator_kernels(exact.evaluator), "reference");
        evaluate(&exact);
        nnp_evaluator_free(exact.evaluator);
        for (int k = 0; k < 3; k++) {
            setenv("NNP_SIMD", instruction_sets[k], 1);
            compare(&s, &exact);
        }
        unsetenv("NNP_SIMD");
        nnp_potential_free(s.potential);
    }
}

/* E(1) - E(0) and -sum F . dr along a line on which all atoms move by up to 0.1, by Gauss's
 * rule of eight points. */
static void check_work(struct sample *s, unsigned long long random)
{
    const double nodes[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                            0.9602898564975363};
    const double weights[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                              0.1012285362903763};
    const struct sample start = *s;
    double direction[N_VALUES], work = 0.0, scale = 0.0, ends[2];
    for (int k = 0; k < N_VALUES; k++)
        direction[k] = test_random(&random, -0.1, 0.1);
    for (int point = 0; point < 10; point++) {
        const double t =
            point < 8 ? 0.5 + (point % 2 ? 0.5 : -0.5) * nodes[point / 2] : point - 8.0;
        for (int k = 0; k < N_VALUES; k++)
            s->positions[k] = start.positions[k] + t * direction[k];
        evaluate(s);
        if (point >= 8)
            ends[point - 8] = s->energy;
        for (int k = 0; point < 8 && k < N_VALUES; k++) {
            work -= 0.5 * weights[point / 2] * s->forces[k] * direction[k];
            scale += 0.5 * weights[point / 2] * fabs(s->forces[k] * direction[k]);
        }
    }
    const double error = fabs(ends[1] - ends[0] - work);
    const double tolerance =
        force_tolerance * scale + energy_tolerance * (N_ATOMS + fabs(ends[0]));
    if (!(error < tolerance))
        fail_msg("energy rises by %.10g, the work is %.10g: off by %g, more than %g",
                 ends[1] - ends[0], work, error, tolerance);
    *s = start;
}

static void test_work(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct sample s;
        setenv("NNP_SIMD", instruction_sets[k], 1);
        open_sample(&s, 1); /* of smooth cutoff functions */
        open_evaluator(&s, NNP_KERNELS_AUTO, NNP_PRECISION_MIXED);
        for (unsigned line = 1; line <= 4; line++)
            check_work(&s, line);
        nnp_evaluator_free(s.evaluator);
        nnp_potential_free(s.potential);
    }
    unsetenv("NNP_SIMD");
}

static void test_names(void **state)
{
    struct sample s;
    (void)state;
    open_sample(&s, 1);
    setenv("NNP_SIMD", "plain", 1);
    open_evaluator(&s, NNP_KERNELS_AUTO, NNP_PRECISION_DOUBLE);
    assert_string_equal(nnp_evaluator_kernels(s.evaluator), "plain");
    nnp_evaluator_free(s.evaluator);
    open_evaluator(&s, NNP_KERNELS_AUTO, NNP_PRECISION_MIXED);
    assert_string_equal(nnp_evaluator_kernels(s.evaluator), "plain_mixed");
    nnp_evaluator_free(s.evaluator);
    unsetenv("NNP_SIMD");
    nnp_potential_free(s.potential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_work),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
