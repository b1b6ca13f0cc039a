/* Whole trainings in one process, without MPI: what they write, when they stop, and what they
 * leave behind when they fail, at last at every single allocation. */
#include "allocations.h"
#include "temporary.h"
#include "text.h"
#include "trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STRUCTURES = 12 };

static int n_until_interrupt = -1; /* questions; negative: never */

static bool is_interrupted(void)
{
    return n_until_interrupt >= 0 && n_until_interrupt-- == 0;
}

static void set_up(struct trial *trial, const char *rest)
{
    char text[1000];
    snprintf(text, sizeof text,
             "data: {files: none.extxyz, test_fraction: 0.25}\n"
             "elements: [Li, Au]\n"
             "symmetry_functions: {cutoff: {function: poly2, radius: 5},\n"
             "  radial: [{eta: [0.02, 0.2]}]}\n"
             "network: {hidden: [3]}\n"
             "%s"
             "output: {potential: out.nnp, learning_curve: out.csv, save_every: 1000}\n%s",
             strstr(rest, "starts:") ? "" : "starts: {number: 2, iterations: 2}\n", rest);
    trial_set_up(trial, N_STRUCTURES, text);
}

static enum nnp_status run(struct trial *trial)
{
    return trial_run(trial, is_interrupted);
}

static void tear_down(struct trial *trial)
{
    trial_tear_down(trial);
    remove("out.nnp");
    remove("out.csv");
    remove("out.nnp.checkpoint");
}

static void test_whole(void **state)
{
    (void)state;
    struct trial trial;
    struct nnp_potential *potential;
    set_up(&trial,
           "committee: 2\n"
           "stages: [{energy: 1, iterations: 5}, {energy: 1, forces: 1, iterations: 8},\n"
           "  {energy: 1, forces: 1, optimizer: kalman, iterations: 3}]\n");
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_false(trial.result.interrupted);
    assert_int_equal(trial.seen.n_progress, 2 * (2 + 5 + 8 + 3));
    assert_true(trial.seen.n_best > 0);
    assert_int_equal(trial.seen.n_unknown_left, 5 + 8); /* until the filter has begun */
    assert_true(trial.seen.seconds_left == 0.0);
    assert_int_equal(nnp_temporary_count(), 2);

    assert_int_equal(nnp_potential_read(&potential, "out.nnp", &trial.error), NNP_SUCCESS);
    assert_int_equal(potential->n_members, 2);
    assert_int_equal(potential->provenance.n_data, 1);
    assert_string_equal(potential->provenance.data[0].file, "none.extxyz");
    assert_string_equal(potential->provenance.program, "test");
    assert_int_equal(potential->provenance.n_rmse, 4);
    assert_int_equal(trial.result.accuracy.n_rows, 4);
    struct nnp_rmse training = nnp_accuracy_rmse(&trial.result.accuracy.rows[0]);
    assert_string_equal(training.set, "training");
    assert_int_equal(training.n_structures, 9);
    assert_true(training.energy == potential->provenance.rmse[0].energy);
    assert_true(training.energy > 0.0 && training.energy < 0.3);
    nnp_potential_free(potential);
    tear_down(&trial);
}

/* Adds the repulsion of a potential, which is the difference that it makes there. */
static void add_repulsion(struct nnp_dataset *dataset, struct nnp_potential *potential)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        struct nnp_evaluator *evaluator;
        potential->repulsion.type = sign > 0 ? NNP_REPULSION_ZBL : NNP_REPULSION_NONE;
        assert_int_equal(nnp_evaluator_create(&evaluator, potential, NULL, NULL), NNP_SUCCESS);
        for (int s = 0; s < dataset->n_structures; s++) {
            struct nnp_structure *structure = &dataset->structures[s];
            double forces[3 * 4], stress[6];
            struct nnp_structure_results results = {.forces = forces, .stress = stress};
            assert_int_equal(nnp_evaluate_structure(evaluator, &structure->cell,
                                                    structure->n_atoms,
                                                    structure->atomic_numbers,
                                                    structure->positions, &results, NULL),
                             NNP_SUCCESS);
            structure->energy += sign * results.energy;
            for (int k = 0; k < 3 * structure->n_atoms; k++)
                structure->forces[k] += sign * forces[k];
            for (int k = 0; k < 6; k++)
                structure->stress[k] += sign * stress[k];
        }
        nnp_evaluator_free(evaluator);
    }
}

/* Data with a repulsion and a training that takes it away are as the training without either,
 * but for rounding. */
static void test_repulsion(void **state)
{
    static const char stages[] =
        "stages: [{energy: 1, forces: 0.5, stress: 1, iterations: 6}]\n"
        "repulsion: {type: zbl, inner: 2.5, outer: 3.9}\n";
    (void)state;
    struct trial plain, trial;
    struct nnp_potential *potential;
    set_up(&plain, stages);
    plain.config->repulsion.type = NNP_REPULSION_NONE;
    assert_int_equal(run(&plain), NNP_SUCCESS);
    assert_int_equal(nnp_potential_read(&potential, "out.nnp", NULL), NNP_SUCCESS);
    assert_int_equal(potential->repulsion.type, NNP_REPULSION_NONE);

    set_up(&trial, stages);
    const double energy = trial.dataset.structures[3].energy;
    assert_int_equal(nnp_repulsion_copy(&potential->repulsion, &trial.config->repulsion, NULL),
                     NNP_SUCCESS);
    add_repulsion(&trial.dataset, potential);
    nnp_potential_free(potential);
    assert_true(trial.dataset.structures[3].energy - energy > 1.0);
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_int_equal(nnp_potential_read(&potential, "out.nnp", NULL), NNP_SUCCESS);
    assert_int_equal(potential->repulsion.type, NNP_REPULSION_ZBL);
    assert_true(potential->repulsion.inner == 2.5 && potential->repulsion.outer == 3.9);
    nnp_potential_free(potential);
    for (int row = 0; row < 2; row++) {
        const struct nnp_rmse a = nnp_accuracy_rmse(&plain.result.accuracy.rows[row]);
        const struct nnp_rmse b = nnp_accuracy_rmse(&trial.result.accuracy.rows[row]);
        assert_true(fabs(a.energy - b.energy) <= 1e-7 * a.energy);
        assert_true(fabs(a.forces - b.forces) <= 1e-7 * a.forces);
        assert_true(fabs(a.stress - b.stress) <= 1e-7 * a.stress);
    }
    tear_down(&plain);
    tear_down(&trial);
}

/* A run that is interrupted among the random starts has no result to write. */
static void test_interrupted(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, "stages: [{energy: 1, iterations: 50}]\n");
    n_until_interrupt = 1;
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_true(trial.result.interrupted);
    assert_int_equal(trial.result.accuracy.n_rows, 0);
    assert_int_equal(nnp_temporary_count(), 2); /* learning curve, checkpoint */
    tear_down(&trial);

    set_up(&trial, "stages: [{energy: 1, iterations: 50}]\n");
    n_until_interrupt = 6 + 9; /* a question after each start as well */
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_true(trial.result.interrupted);
    assert_int_equal(trial.seen.n_in_stage, 10);
    assert_int_equal(nnp_temporary_count(), 3);
    tear_down(&trial);
    n_until_interrupt = -1;
}

/* An iteration of L-BFGS-B is guessed from the filter's losses. */
static void test_time_left(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, "stages: [{energy: 1, optimizer: kalman, iterations: 3},\n"
                   "  {energy: 1, iterations: 5}]\n");
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_int_equal(trial.seen.n_unknown_left, 0);
    tear_down(&trial);
}

/* 0.8 residuals for each of the 242 parameters, at most a tenth of the set. */
static void test_batches(void **state)
{
    (void)state;
    enum { N = 240, N_PARAMETERS = 2 * (4 * 8 + 8 + 8 * 8 + 8 + 8 + 1) };
    static const char *const terms[] = {"energy: 1, forces: 1", "energy: 1",
                                        "energy: 1, batch: 30"};
    for (int k = 0; k < 3; k++) {
        struct trial trial;
        char text[1000], said[100];
        int n_rows = 0;
        snprintf(text, sizeof text,
                 "data: {files: none.extxyz, test_fraction: 0}\n"
                 "elements: [Li, Au]\n"
                 "symmetry_functions: {cutoff: {function: poly2, radius: 5},\n"
                 "  radial: [{eta: [0.02, 0.2]}]}\n"
                 "network: {hidden: [8, 8]}\n"
                 "starts: {number: 1}\n"
                 "stages: [{%s, optimizer: kalman, iterations: 1}]\n"
                 "output: {potential: out.nnp, learning_curve: out.csv}\n",
                 terms[k]);
        trial_set_up(&trial, N, text);
        for (int s = 0; s < N; s++)
            n_rows += 3 * trial.dataset.structures[s].n_atoms + 7;
        const int expected = (4 * N_PARAMETERS * N + 5 * n_rows - 1) / (5 * n_rows);
        assert_true(expected > 8 && expected < N / 10);
        snprintf(said, sizeof said, "batches of %d structures", k == 0 ? expected : N / 10);
        assert_int_equal(run(&trial), NNP_SUCCESS);
        if (k < 2)
            assert_said(&trial, said);
        else
            assert_null(strstr(trial.seen.messages, "batches of"));
        tear_down(&trial);
    }
}

static void test_patience(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, "stages: [{energy: 1, iterations: 5000, patience: 5}]\n");
    assert_int_equal(run(&trial), NNP_SUCCESS);
    assert_true(trial.seen.n_in_stage < 5000);
    assert_non_null(strstr(trial.seen.messages, "no better test loss for 5 iterations"));
    tear_down(&trial);
}

/* Energies of which the squares overflow, with either optimiser. */
static void test_not_finite(void **state)
{
    static const char *const stages[] = {
        "reference_energies: {Li: 0, Au: 0}\nstages: [{energy: 1}]\n",
        "reference_energies: {Li: 0, Au: 0}\n"
        "stages: [{energy: 1, optimizer: kalman}]\n"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct trial trial;
        set_up(&trial, stages[k]);
        trial.dataset.structures[0].energy = 1e200;
        trial.dataset.structures[1].energy = 1e200;
        trial.config->test_fraction = 0.0;
        assert_int_equal(run(&trial), NNP_ERROR_NUMERIC);
        assert_non_null(strstr(trial.error.message, "not finite"));
        assert_int_equal(nnp_temporary_count(), 1);
        tear_down(&trial);
    }
}

/* Without memory at any point the training fails in good order, and the old file stays. */
static void fail_everywhere(const char *settings)
{
    struct trial trial;
    struct nnp_error error;
    char *text;
    size_t length;
    long k = 0;
    enum nnp_status status;
    set_up(&trial, settings);
    assert_int_equal(nnp_file_write("out.nnp", "old", 3, &error), NNP_SUCCESS);
    do {
        nnp_accuracy_free(&trial.result.accuracy);
        test_allocations.left = k++;
        status = run(&trial);
        test_allocations.left = -1;
        if (status) {
            assert_int_equal(status, NNP_ERROR_MEMORY);
            assert_int_equal(nnp_file_read("out.nnp", &text, &length, &error), NNP_SUCCESS);
            assert_string_equal(text, "old");
            free(text);
        }
    } while (status);
    assert_true(k > 100);
    tear_down(&trial);
}

static void test_no_memory(void **state)
{
    (void)state;
    fail_everywhere("stages: [{energy: 1, forces: 1, iterations: 2},\n"
                    "  {energy: 1, forces: 1, optimizer: kalman, batch: 3, iterations: 2}]\n"
                    "repulsion: {type: zbl, inner: 2, outer: 3}\n");
}

/* The same where Jacobians are evaluated anew each time, and networks are behind projections,
 * which wants memory, too. */
static void test_no_memory_for_jacobians(void **state)
{
    (void)state;
    fail_everywhere("memory: 0 kB\n"
                    "projection: {method: pca}\n"
                    "starts: {number: 1, iterations: 0}\n"
                    "stages: [{energy: 1, forces: 1, optimizer: kalman, batch: 9,\n"
                    "  iterations: 1}]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),     cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_patience),  cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_no_memory_for_jacobians),
        cmocka_unit_test(test_repulsion), cmocka_unit_test(test_time_left),
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
