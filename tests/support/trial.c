/* Whole trainings within a test. */
#include "trial.h"

#include "morse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void trial_data(struct nnp_dataset *dataset, int n_structures, int max_atoms, char digest)
{
    unsigned long long random = 5;
    *dataset = (struct nnp_dataset){.n_structures = n_structures, .n_files = 1};
    dataset->structures = calloc((size_t)n_structures, sizeof *dataset->structures);
    dataset->files = calloc(1, sizeof *dataset->files);
    assert_true(dataset->structures && dataset->files);
    dataset->files[0].path = strdup("folder/none.extxyz");
    memset(dataset->files[0].sha256, digest, 64);
    dataset->files[0].n_structures = n_structures;
    for (int s = 0; s < n_structures; s++) {
        morse_structure(&dataset->structures[s], 1 + s % max_atoms, 0.5, &random);
        dataset->structures[s].file = strdup("none.extxyz");
        dataset->structures[s].group = strdup(s % 2 ? "odd" : "even");
    }
}

void trial_set_up(struct trial *trial, int n_structures, const char *config)
{
    memset(trial, 0, sizeof *trial);
    if (nnp_config_parse(&trial->config, "test.yaml", config, strlen(config), &trial->error))
        fail_msg("%s", trial->error.message);
    trial_data(&trial->dataset, n_structures, 4, '0');
}

void trial_tear_down(struct trial *trial)
{
    nnp_accuracy_free(&trial->result.accuracy);
    nnp_dataset_free(&trial->dataset);
    nnp_config_free(trial->config);
}

static void take_message(void *context, const char *text)
{
    struct trial_seen *seen = context;
    size_t length = strlen(seen->messages);
    snprintf(seen->messages + length, sizeof seen->messages - length, "%s\n", text);
}

static void take_progress(void *context, const struct nnp_progress *progress)
{
    struct trial_seen *seen = context;
    if (seen->n_progress++ == 0)
        seen->first_loss = progress->loss;
    seen->n_in_stage = progress->iteration;
    seen->n_best += progress->is_best;
    seen->last_loss = progress->loss;
    seen->seconds_left = progress->seconds_left;
    seen->n_unknown_left += progress->seconds_left < 0.0;
    seen->training = progress->training;
    seen->test = progress->test;
}

struct nnp_training_observer trial_observer(struct trial_seen *seen)
{
    return (struct nnp_training_observer){seen, take_message, take_progress};
}

enum nnp_status trial_run(struct trial *trial, bool (*interrupted)(void))
{
    static const struct nnp_parallel serial = {0, 1};
    const struct nnp_training_observer observer = trial_observer(&trial->seen);
    const struct nnp_training_options options = {
        .observer = &observer, .interrupted = interrupted, .program = "test"};
    return nnp_training_run(trial->config, &trial->dataset, &serial, &options, &trial->result,
                            &trial->error);
}

void assert_said(const struct trial *trial, const char *words)
{
    if (!strstr(trial->seen.messages, words))
        fail_msg("'%s' is not in: %s", words, trial->seen.messages);
}
