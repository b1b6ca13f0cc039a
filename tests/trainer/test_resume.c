/* Trainings that are ended after any iterate and resumed write the same files as one that is
 * not; checkpoints that are damaged anywhere, or of another training, are found out. */
#include "checkpoint.h"
#include "temporary.h"
#include "text.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_STRUCTURES = 10 };

/* In place of the system's: hundreds of trainings would wait for the disk most of their time,
 * and no test here cuts the power. */
int fsync(int file)
{
    (void)file;
    return 0;
}

static const char rest[] =
    "committee: 2\n"
    "stages: [{energy: 1, iterations: 3}, {energy: 1, forces: 1, iterations: 4, patience: 2},\n"
    "  {energy: 1, forces: 1, optimizer: kalman, batch: 3, iterations: 3}]\n";

/* What a stage and a member have of their own: frozen parameters that differ between random
 * starts, targets, losses of ten iterations, samples, weights and components found from the
 * data. */
static const char rest_of_all[] =
    "committee: {members: 2, resample: bootstrap}\n"
    "loss: {robust: {function: huber, energy: 0.05}}\n"
    "projection: {method: pca, size: 3}\n"
    "stages: [{energy: 1, iterations: 4, freeze: {layers: 1}},\n"
    "  {energy: auto, forces: auto, iterations: 40, target: {energy: 0.12}},\n"
    "  {energy: 1, forces: 1, optimizer: kalman, batch: 3, iterations: 4,\n"
    "    freeze: {elements: Au, layers: 2}},\n"
    "  {energy: 1, iterations: 40, tolerance: 0.05}]\n";

static struct trial_seen seen;

static int n_asked, interrupt_at = -1; /* questions */

static bool is_interrupted(void)
{
    return n_asked++ == interrupt_at;
}

static bool is_checkpoint_wanted(void)
{
    return true; /* all the time: it must not change anything */
}

struct attempt {
    const char *rest;
    bool resume, restart, checkpoints;
    char digest; /* of the data, '0' */
};

static enum nnp_status run(const struct attempt *attempt, bool *interrupted,
                           struct nnp_error *error)
{
    static const struct nnp_parallel serial = {0, 1};
    const struct nnp_training_observer observer = trial_observer(&seen);
    const struct nnp_training_options options = {
        .resume = attempt->resume,
        .restart = attempt->restart,
        .observer = &observer,
        .interrupted = is_interrupted,
        .checkpoint_wanted = attempt->checkpoints ? is_checkpoint_wanted : NULL,
        .program = "test",
    };
    struct nnp_training_result result = {0};
    struct nnp_config *config;
    struct nnp_dataset dataset;
    char text[1000];
    snprintf(text, sizeof text,
             "data: {files: none.extxyz, test_fraction: 0.3}\n"
             "elements: [Li, Au]\n"
             "symmetry_functions: {cutoff: {function: poly2, radius: 5},\n"
             "  radial: [{eta: [0.02, 0.2]}]}\n"
             "network: {hidden: [2]}\n"
             "starts: {number: 3, iterations: 2}\n"
             "output: {potential: out.nnp, learning_curve: out.csv, save_every: 7}\n%s",
             attempt->rest);
    seen.messages[0] = '\0';
    enum nnp_status status = nnp_config_parse(&config, "test.yaml", text, strlen(text), error);
    if (status)
        return status;
    trial_data(&dataset, N_STRUCTURES, 3, attempt->digest);
    status = nnp_training_run(config, &dataset, &serial, &options, &result, error);
    *interrupted = result.interrupted;
    nnp_accuracy_free(&result.accuracy);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

/* A file without its column of seconds, if it has commas; the caller frees. */
static char *read_file(const char *path)
{
    struct nnp_error error;
    char *text, *to;
    size_t length;
    assert_int_equal(nnp_file_read(path, &text, &length, &error), NNP_SUCCESS);
    int column = 0;
    to = text;
    for (const char *from = text; *from; from++) {
        column = *from == '\n' ? 0 : column + (*from == ',');
        if (column != 4 || strcmp(path, "out.csv") != 0)
            *to++ = *from;
    }
    *to = '\0';
    return text;
}

struct outcome {
    char *potential, *curve;
};

static void finish(struct attempt *attempt, struct outcome *outcome)
{
    struct nnp_error error;
    bool interrupted;
    interrupt_at = -1;
    n_asked = 0;
    if (run(attempt, &interrupted, &error))
        fail_msg("%s", error.message);
    assert_false(interrupted);
    assert_false(nnp_checkpoint_exists("out.nnp.checkpoint"));
    outcome->potential = read_file("out.nnp");
    outcome->curve = read_file("out.csv");
}

static void compare(struct outcome *outcome, const struct outcome *expected)
{
    assert_string_equal(outcome->potential, expected->potential);
    assert_string_equal(outcome->curve, expected->curve);
    free(outcome->potential);
    free(outcome->curve);
}

/* Ends a training at question k; true if it was over before. */
static bool begin(struct attempt *attempt, int k)
{
    struct nnp_error error;
    bool interrupted;
    interrupt_at = k;
    n_asked = 0;
    if (run(attempt, &interrupted, &error))
        fail_msg("%s", error.message);
    assert_int_equal(nnp_checkpoint_exists("out.nnp.checkpoint"), interrupted);
    return !interrupted;
}

static void check_every_iterate(const char *stages)
{
    struct attempt attempt = {.rest = stages, .digest = '0'};
    struct outcome whole, resumed;
    finish(&attempt, &whole);
    int n_questions = n_asked;
    assert_true(n_questions > 2 * (3 * 3 + 3 + 2));
    for (int k = 0; k < n_questions; k++) {
        attempt.resume = false;
        attempt.checkpoints = k % 8 == 3;
        assert_false(begin(&attempt, k));
        attempt.resume = true;
        finish(&attempt, &resumed);
        assert_non_null(strstr(seen.messages, "resumed: member "));
        compare(&resumed, &whole);
    }
    free(whole.potential);
    free(whole.curve);
}

static void test_every_iterate(void **state)
{
    (void)state;
    check_every_iterate(rest);
}

static void test_every_option(void **state)
{
    (void)state;
    check_every_iterate(rest_of_all);
}

/* Again and again, and with lines in the learning curve that came after the checkpoint. */
static void test_many_times(void **state)
{
    (void)state;
    struct attempt attempt = {.rest = rest, .digest = '0', .checkpoints = true};
    struct outcome whole, resumed;
    finish(&attempt, &whole);
    bool over = begin(&attempt, 4);
    for (attempt.resume = true; !over; over = begin(&attempt, 4)) {
        FILE *curve = fopen("out.csv", "a");
        assert_non_null(curve);
        fputs("1,\"lines after the checkpoint\"\n1,\"half a li", curve);
        fclose(curve);
    }
    resumed.potential = read_file("out.nnp");
    resumed.curve = read_file("out.csv");
    compare(&resumed, &whole);
    free(whole.potential);
    free(whole.curve);
}

/* A limit of time that is over after every iterate leads to the same end, in as many processes
 * as there are iterates. */
static void test_out_of_time(void **state)
{
    (void)state;
    struct attempt attempt = {.rest = rest_of_all, .digest = '0'};
    struct outcome whole, resumed;
    char limited[sizeof rest_of_all + 20];
    finish(&attempt, &whole);
    int n_questions = n_asked, n_runs = 0;
    snprintf(limited, sizeof limited, "%stime: 1e-9\n", rest_of_all);
    attempt.rest = limited;
    do {
        struct nnp_error error;
        bool interrupted;
        if (run(&attempt, &interrupted, &error))
            fail_msg("%s", error.message);
        assert_false(interrupted);
        attempt.resume = true;
        n_runs++;
    } while (nnp_checkpoint_exists("out.nnp.checkpoint"));
    assert_int_equal(n_runs, n_questions + 1);
    resumed.potential = read_file("out.nnp");
    resumed.curve = read_file("out.csv");
    compare(&resumed, &whole);
    free(whole.potential);
    free(whole.curve);
}

static void expect_refusal(const struct attempt *attempt, const char *text)
{
    struct nnp_error error = {0};
    bool interrupted;
    char *before = read_file("out.nnp.checkpoint");
    assert_int_not_equal(run(attempt, &interrupted, &error), NNP_SUCCESS);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" is not in \"%s\"", text, error.message);
    char *after = read_file("out.nnp.checkpoint");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void test_refusals(void **state)
{
    (void)state;
    struct attempt attempt = {.rest = rest, .digest = '0'};
    struct nnp_error error;
    assert_false(begin(&attempt, 20));
    interrupt_at = -1;
    expect_refusal(&attempt, "out.nnp.checkpoint is the checkpoint of an unfinished training");
    attempt.resume = true;
    attempt.digest = '1';
    expect_refusal(&attempt, "with another data (of test.yaml)");
    attempt.digest = '0';
    attempt.rest = "stages: [{energy: 1}]\n";
    expect_refusal(&attempt, "with another configuration (of test.yaml)");
    attempt.rest = rest;
    assert_int_equal(nnp_file_write("out.nnp.checkpoint", "nonsense", 8, &error), NNP_SUCCESS);
    expect_refusal(&attempt, "out.nnp.checkpoint is no checkpoint of nnp-train");
    assert_int_equal(
        nnp_file_write("out.nnp.checkpoint", "nnp-checkpoint 2 3 x\nabc", 24, &error),
        NNP_SUCCESS);
    expect_refusal(&attempt, "a newer nnp-train has written it");

    attempt.resume = false;
    attempt.restart = true;
    struct outcome outcome;
    finish(&attempt, &outcome);
    free(outcome.potential);
    free(outcome.curve);
    attempt.restart = false;
    attempt.resume = true;
    bool interrupted;
    assert_int_equal(run(&attempt, &interrupted, &error), NNP_ERROR_FILE);
    assert_non_null(strstr(error.message, "there is no checkpoint"));
}

/* The potential that a training began with has changed since. */
static void test_other_initial(void **state)
{
    (void)state;
    struct attempt attempt = {.rest = "stages: [{energy: 1, iterations: 2}]\n", .digest = '0'};
    struct outcome outcome;
    struct nnp_potential *potential;
    finish(&attempt, &outcome);
    free(outcome.potential);
    free(outcome.curve);
    assert_int_equal(rename("out.nnp", "first.nnp"), 0);
    attempt.rest = "initial: first.nnp\nstages: [{energy: 1, iterations: 5}]\n";
    assert_false(begin(&attempt, 3));
    interrupt_at = -1;
    attempt.resume = true;
    assert_int_equal(nnp_potential_read(&potential, "first.nnp", NULL), NNP_SUCCESS);
    potential->networks[0].layers[0].weights[0] += 1e-6;
    assert_int_equal(nnp_potential_write(potential, "first.nnp", NULL), NNP_SUCCESS);
    expect_refusal(&attempt, "with another data or initial potentials (of test.yaml)");
    nnp_potential_free(potential);
    attempt.resume = false;
    attempt.restart = true;
    finish(&attempt, &outcome);
    free(outcome.potential);
    free(outcome.curve);
}

/* The newest is damaged: the one before it leads to the same end. */
static void test_previous(void **state)
{
    (void)state;
    struct attempt attempt = {.rest = rest, .digest = '0', .checkpoints = true};
    struct outcome whole, resumed;
    finish(&attempt, &whole);
    assert_false(begin(&attempt, 25));
    assert_int_equal(truncate("out.nnp.checkpoint", 300), 0);
    attempt.resume = true;
    finish(&attempt, &resumed);
    assert_non_null(strstr(seen.messages, "out.nnp.checkpoint is damaged"));
    assert_non_null(strstr(seen.messages, "resuming from the one before it"));
    compare(&resumed, &whole);
    free(whole.potential);
    free(whole.curve);
}

static enum nnp_status read_checkpoint(bool *is_previous, struct nnp_error *error)
{
    struct nnp_error problem;
    char *data;
    size_t length;
    enum nnp_status status =
        nnp_checkpoint_read("point", &data, &length, is_previous, &problem, error);
    if (!status) {
        assert_int_equal(length, 12);
        assert_memory_equal(data, *is_previous ? "the\0old one\n" : "the\0new one\n", 12);
        free(data);
    }
    return status;
}

/* Every bit and every length of the file. */
static void test_damage(void **state)
{
    (void)state;
    struct nnp_error error;
    char *text;
    size_t length;
    bool is_previous;
    assert_int_equal(nnp_checkpoint_write("point", "the\0old one\n", 12, false, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_checkpoint_write("point", "the\0new one\n", 12, true, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_temporary_count(), 2);
    assert_int_equal(read_checkpoint(&is_previous, &error), NNP_SUCCESS);
    assert_false(is_previous);
    assert_int_equal(nnp_file_read("point", &text, &length, &error), NNP_SUCCESS);
    for (size_t k = 0; k < length; k++) {
        text[k] ^= 1;
        assert_int_equal(nnp_file_write("point", text, length, &error), NNP_SUCCESS);
        text[k] ^= 1;
        enum nnp_status status = read_checkpoint(&is_previous, &error);
        assert_true(status == NNP_ERROR_VERSION || (!status && is_previous));
        assert_int_equal(nnp_file_write("point", text, k, &error), NNP_SUCCESS);
        assert_int_equal(read_checkpoint(&is_previous, &error), NNP_SUCCESS);
        assert_true(is_previous);
    }
    free(text);
    assert_int_equal(remove("point"), 0); /* a run that died between two renames */
    assert_true(nnp_checkpoint_exists("point"));
    assert_int_equal(read_checkpoint(&is_previous, &error), NNP_SUCCESS);
    assert_true(is_previous);
    assert_int_equal(nnp_checkpoint_remove("point", &error), NNP_SUCCESS);
    assert_int_equal(nnp_temporary_count(), 0);
    assert_int_equal(read_checkpoint(&is_previous, &error), NNP_ERROR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage),        cmocka_unit_test(test_every_iterate),
        cmocka_unit_test(test_every_option),  cmocka_unit_test(test_out_of_time),
        cmocka_unit_test(test_many_times),    cmocka_unit_test(test_previous),
        cmocka_unit_test(test_other_initial), cmocka_unit_test(test_refusals),
    };
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
