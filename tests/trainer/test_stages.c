/* How stages and runs end, recover from values that are not finite, and what committees are:
 * whole trainings in one process. */
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

enum { N_STRUCTURES = 16 };

static void set_up(struct trial *trial, const char *rest)
{
    char text[1000];
    snprintf(text, sizeof text,
             "elements: [Li, Au]\n"
             "symmetry_functions: {cutoff: {function: poly2, radius: 5},\n"
             "  radial: [{eta: [0.02, 0.2]}]}\n"
             "output: {potential: out.nnp}\n%s",
             rest);
    trial_set_up(trial, N_STRUCTURES, text);
}

static void run_well(struct trial *trial)
{
    if (trial_run(trial, NULL))
        fail_msg("%s", trial->error.message);
}

static void tear_down(struct trial *trial)
{
    trial_tear_down(trial);
    remove("out.nnp");
}

#define SMALL "network: {hidden: [3]}\nstarts: {number: 1}\n"
#define DATA "data: {files: none.extxyz, test_fraction: 0.25}\n"
#define ALL_DATA "data: {files: none.extxyz, test_fraction: 0}\n"

/* Of the test set where there is one, and of the training set otherwise; of all quantities. */
static void test_target(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial,
           DATA SMALL "stages: [{energy: 1, iterations: 5000, target: {energy: 0.1}}]\n");
    run_well(&trial);
    assert_said(&trial, "the target is reached after");
    assert_true(trial.seen.n_in_stage < 5000);
    assert_true(trial.seen.test.energy <= 0.1);
    /* The point that is kept is this one. */
    assert_true(fabs(nnp_accuracy_rmse(&trial.result.accuracy.rows[1]).energy -
                     trial.seen.test.energy) < 1e-12);
    tear_down(&trial);

    set_up(&trial, ALL_DATA SMALL "stages: [{energy: 1, forces: 1, iterations: 5000,\n"
                                  "  target: {energy: 0.2, forces: 0.3, stress: 0.1}}]\n");
    run_well(&trial);
    assert_said(&trial, "the target is reached after");
    assert_true(trial.seen.training.energy <= 0.2 && trial.seen.training.forces <= 0.3 &&
                trial.seen.training.stress <= 0.1);
    tear_down(&trial);
}

static void test_tolerance(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, DATA SMALL "stages: [{energy: 1, iterations: 5000, tolerance: 0.5}]\n");
    run_well(&trial);
    assert_said(&trial, "the loss fell by less than 0.5 of itself in 10 iterations");
    assert_true(trial.seen.n_in_stage > 10 && trial.seen.n_in_stage < 5000);
    tear_down(&trial);
}

/* A stage out of time is followed by the next; a run out of time writes what it has, and a
 * checkpoint. */
static void test_time(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, DATA SMALL "stages: [{energy: 1, iterations: 5000, time: 1e-9},\n"
                              "  {energy: 1, iterations: 7}]\n");
    run_well(&trial);
    assert_said(&trial, "stage 1: its 1e-09 s are over after 1 iterations");
    assert_int_equal(trial.seen.n_in_stage, 7);
    assert_false(trial.result.out_of_time);
    tear_down(&trial);

    set_up(&trial, DATA "network: {hidden: [3]}\nstarts: {number: 5, iterations: 3}\n"
                        "time: 1e-9\nstages: [{energy: 1}]\n");
    run_well(&trial);
    assert_true(trial.result.out_of_time);
    assert_false(trial.result.interrupted);
    assert_int_equal(trial.seen.n_progress, 0);        /* not even one start */
    assert_int_equal(trial.result.accuracy.n_rows, 4); /* sets, and their groups */
    assert_int_equal(remove("out.nnp.checkpoint"), 0);
    assert_int_equal(nnp_temporary_count(), 1);
    tear_down(&trial);
}

/* exp(-x) overflows at steps that are too long: these are rejected with words, and the training
 * goes on to a lower loss. */
static void test_recovery(void **state)
{
    (void)state;
    static const char *const optimizers[] = {"lbfgsb", "kalman"};
    for (int k = 0; k < 2; k++) {
        struct trial trial;
        char rest[500];
        snprintf(rest, sizeof rest,
                 ALL_DATA "network: {hidden: [3, 3], activation: exp}\nstarts: {number: 1}\n"
                          "reference_energies: {Li: 0, Au: 0}\n"
                          "stages: [{energy: 1, iterations: 60, optimizer: %s}]\n",
                 optimizers[k]);
        set_up(&trial, rest);
        for (int s = 0; s < N_STRUCTURES; s++)
            trial.dataset.structures[s].energy *= 1e5;
        run_well(&trial);
        assert_true(isfinite(trial.seen.last_loss));
        if (k == 0) {
            assert_said(&trial, "not finite were rejected");
            assert_true(trial.seen.last_loss < 0.5 * trial.seen.first_loss);
        } else { /* the filter's steps are too short to overflow, or to get far (test_kalman) */
            assert_true(trial.seen.last_loss < trial.seen.first_loss);
        }
        tear_down(&trial);
    }
}

static struct nnp_potential *read_result(void)
{
    struct nnp_potential *potential;
    struct nnp_error error;
    if (nnp_potential_read(&potential, "out.nnp", &error))
        fail_msg("%s", error.message);
    return potential;
}

static bool same_networks(const struct nnp_network *a, const struct nnp_network *b)
{
    const struct nnp_layer *x = a->layers, *y = b->layers;
    return !memcmp(x->weights, y->weights,
                   (size_t)(x->n_inputs * x->n_outputs) * sizeof(double));
}

/* The first member is the potential without a committee; each is its own, and with resampled
 * data another one. */
static void test_committee(void **state)
{
    (void)state;
    static const char *const committees[] = {"", "committee: 3\n",
                                             "committee: {members: 3, resample: bootstrap}\n",
                                             "committee: {members: 3, resample: 0.5}\n"};
    struct nnp_potential *potentials[4];
    for (int k = 0; k < 4; k++) {
        struct trial trial;
        char rest[500];
        snprintf(rest, sizeof rest, DATA SMALL "%sstages: [{energy: 1, iterations: 30}]\n",
                 committees[k]);
        set_up(&trial, rest);
        run_well(&trial);
        potentials[k] = read_result();
        if (k == 0) {
            assert_null(trial.result.spread_set);
        } else {
            const struct nnp_spread_summary *spread = &trial.result.spread;
            assert_string_equal(trial.result.spread_set, "test");
            assert_int_equal(spread->n_members, 3);
            assert_int_equal(spread->n_structures, 4);
            assert_true(spread->energy > 0.0 && spread->forces > 0.0);
            assert_true(fabs(spread->energy_correlation) <= 1.0 + 1e-12);
            assert_true(fabs(spread->forces_correlation) <= 1.0 + 1e-12);
        }
        tear_down(&trial);
    }
    const struct nnp_network *members = potentials[1]->networks;
    assert_true(same_networks(&members[0], &potentials[0]->networks[0]));
    for (int m = 0; m < 3; m++) {
        assert_false(same_networks(&members[2 * m], &members[2 * ((m + 1) % 3)]));
        assert_false(same_networks(&members[2 * m], &potentials[2]->networks[2 * m]));
        assert_false(same_networks(&members[2 * m], &potentials[3]->networks[2 * m]));
    }
    for (int k = 0; k < 4; k++)
        nnp_potential_free(potentials[k]);
}

/* The spread against its definition, from members as potentials of their own. */
static void test_spread(void **state)
{
    (void)state;
    struct trial trial;
    struct nnp_committee *committee;
    struct nnp_spread spread;
    double force_spreads[4], energies[3], forces[3][12], energy = 0.0, squares = 0.0;
    set_up(&trial, DATA SMALL "committee: 3\nstages: [{energy: 1, iterations: 5}]\n");
    run_well(&trial);
    struct nnp_potential *potential = read_result();
    const struct nnp_structure *structure = &trial.dataset.structures[3]; /* four atoms */
    assert_int_equal(nnp_committee_create(&committee, potential, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_committee_evaluate(committee, structure, &spread, force_spreads, NULL),
                     NNP_SUCCESS);
    for (int m = 0; m < 3; m++) {
        struct nnp_potential member = *potential;
        struct nnp_evaluator *evaluator;
        struct nnp_structure_results results = {.forces = forces[m]};
        member.n_members = 1;
        member.networks = potential->networks + 2 * m;
        assert_int_equal(nnp_evaluator_create(&evaluator, &member, NULL, NULL), NNP_SUCCESS);
        assert_int_equal(nnp_evaluate_structure(evaluator, &structure->cell, 4,
                                                structure->atomic_numbers, structure->positions,
                                                &results, NULL),
                         NNP_SUCCESS);
        energies[m] = results.energy;
        energy += energies[m] / 3.0;
        nnp_evaluator_free(evaluator);
    }
    for (int m = 0; m < 3; m++)
        squares += (energies[m] - energy) * (energies[m] - energy);
    assert_true(fabs(spread.energy - sqrt(squares / 3.0) / 4.0) <= 1e-12);
    assert_true(fabs(spread.energy_error - fabs(energy - structure->energy) / 4.0) <= 1e-12);
    for (int i = 0; i < 4; i++) {
        double sum = 0.0;
        for (int c = 3 * i; c < 3 * i + 3; c++) {
            double mean = (forces[0][c] + forces[1][c] + forces[2][c]) / 3.0;
            for (int m = 0; m < 3; m++)
                sum += (forces[m][c] - mean) * (forces[m][c] - mean);
        }
        assert_true(fabs(force_spreads[i] - sqrt(sum / 9.0)) <= 1e-12);
    }
    nnp_committee_free(committee);
    nnp_potential_free(potential);
    tear_down(&trial);
}

/* Spreads in proportion to errors have the correlation 1, opposite ones -1. */
static void test_correlation(void **state)
{
    (void)state;
    struct trial trial;
    struct nnp_committee *committee;
    struct nnp_spread spreads[5];
    memset(spreads, 0, sizeof spreads);
    for (int s = 0; s < 5; s++) {
        spreads[s].energy = 0.5 + 0.1 * s;
        spreads[s].energy_error = 2.0 - 0.3 * s;
        spreads[s].n_atoms = spreads[s].n_errors = 1.0;
        double f = 0.2 * s, e = 0.7 * s;
        spreads[s].forces = spreads[s].sum_ss = f * f;
        spreads[s].sum_s = f;
        spreads[s].sum_e = e;
        spreads[s].sum_ee = e * e;
        spreads[s].sum_se = f * e;
    }
    set_up(&trial, DATA SMALL "committee: 2\nstages: [{energy: 1, iterations: 1}]\n");
    run_well(&trial);
    struct nnp_potential *potential = read_result();
    assert_int_equal(nnp_committee_create(&committee, potential, NULL), NNP_SUCCESS);
    struct nnp_spread_summary summary = nnp_committee_summarize(committee, 5, spreads);
    assert_true(fabs(summary.energy_correlation + 1.0) < 1e-12);
    assert_true(fabs(summary.forces_correlation - 1.0) < 1e-12);
    assert_true(fabs(summary.forces - 0.2 * sqrt(6.0)) < 1e-12);
    summary = nnp_committee_summarize(committee, 1, spreads);
    assert_true(isnan(summary.energy_correlation) && isnan(summary.forces_correlation));
    nnp_committee_free(committee);
    nnp_potential_free(potential);
    tear_down(&trial);
}

/* References that do not vary have no automatic weight. */
static void test_no_variance(void **state)
{
    (void)state;
    struct trial trial;
    set_up(&trial, ALL_DATA SMALL "stages: [{energy: auto, forces: 1}]\n"
                                  "reference_energies: {Li: 0, Au: 0}\n");
    for (int s = 0; s < N_STRUCTURES; s++)
        trial.dataset.structures[s].energy = 0.0;
    assert_int_equal(trial_run(&trial, NULL), NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(trial.error.message, "automatic weight of energies"));
    tear_down(&trial);
    set_up(&trial, DATA SMALL "stages: [{energy: auto, forces: auto, stress: auto,\n"
                              "  iterations: 20}]\nloss: {normalization: mean}\n");
    run_well(&trial);
    assert_said(&trial, "automatic weight of stresses");
    assert_true(trial.seen.last_loss > 0.0 && trial.seen.last_loss < 3.0);
    tear_down(&trial);
}

/* One structure with a wrong energy: squares follow it, robust losses do not, whichever the
 * optimiser. */
static void test_outlier(void **state)
{
    (void)state;
    static const char *const losses[] = {"", "  robust: {function: huber, energy: 0.01}\n",
                                         "  robust: {function: pseudo-huber, energy: 0.01}\n",
                                         "  robust: {function: cauchy, energy: 0.01}\n"};
    for (int optimizer = 0; optimizer < 2; optimizer++) {
        double errors[4];
        for (int k = 0; k < 4; k++) {
            struct trial trial;
            char rest[600];
            snprintf(rest, sizeof rest,
                     ALL_DATA "network: {hidden: []}\nstarts: {number: 1}\n"
                              "loss:\n  normalization: mean\n%s"
                              "reference_energies: {Li: -1.5, Au: -3}\n"
                              "stages: [{energy: 1, iterations: 300, optimizer: %s}]\n",
                     losses[k], optimizer ? "kalman" : "lbfgsb");
            set_up(&trial, rest);
            for (int i = 0; i < N_STRUCTURES; i++) {
                free(trial.dataset.structures[i].group);
                trial.dataset.structures[i].group = strdup(i == 0 ? "wrong" : "right");
            }
            trial.dataset.structures[0].energy += 10.0;
            run_well(&trial);
            /* Rows: all, the outlier, the others. */
            assert_string_equal(trial.result.accuracy.rows[2].name, "right");
            errors[k] = nnp_accuracy_rmse(&trial.result.accuracy.rows[2]).energy;
            tear_down(&trial);
        }
        for (int k = 1; k < 4; k++)
            assert_true(errors[k] < 0.2 * errors[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target),      cmocka_unit_test(test_tolerance),
        cmocka_unit_test(test_time),        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_committee),   cmocka_unit_test(test_spread),
        cmocka_unit_test(test_correlation), cmocka_unit_test(test_no_variance),
        cmocka_unit_test(test_outlier),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
