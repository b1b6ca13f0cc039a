/* Committee members, each from its random starts through the stages. */
#include "training_parts.h"

#include "start_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void draw_weights(struct nnp_training *training)
{
    double *x = training->x;
    nnp_start_weights_draw(training->model, training->config->start_weights, &training->random);
    for (int e = 0; e < training->model->n_elements; e++) {
        nnp_network_get_parameters(&training->model->networks[e], x);
        x += nnp_network_n_parameters(&training->model->networks[e]);
    }
    nnp_initial_set(&training->initial, training->n_finished, training->x);
}

/* One where nothing is random. */
static int count_starts(const struct nnp_training *training)
{
    bool all_known = training->initial.n_known == training->n_parameters;
    return all_known ? 1 : training->config->n_starts;
}

bool nnp_training_is_over(const struct nnp_training *training)
{
    return training->interrupted || training->out_of_time;
}

static void report_start(const struct nnp_training *training)
{
    const struct nnp_training_observer *observer = training->options->observer;
    int n_starts = count_starts(training), n_done = training->start + 1;
    double seconds = nnp_training_seconds(training);
    const struct nnp_rmse unknown = {.energy = -1.0, .forces = -1.0, .stress = -1.0};
    struct nnp_progress progress = {
        .member = training->n_finished + 1,
        .n_members = training->config->n_members,
        .stage = "starts",
        .iteration = n_done,
        .n_iterations = n_starts,
        .evaluations = training->n_evaluations,
        .seconds = seconds,
        .seconds_left = (seconds - training->starts_begin) / n_done * (n_starts - n_done),
        .loss = training->best_value,
        .test_loss = training->losses[TEST] ? training->best_value : NAN,
        .training = unknown,
        .test = unknown,
    };
    if (training->parallel->rank == 0 && observer)
        observer->progress(observer->context, &progress);
}

/* The best of all random starts. */
static enum nnp_status try_starts(struct nnp_training *training)
{
    int n_starts = count_starts(training);
    const struct nnp_config *config = training->config;
    enum nnp_status status = NNP_SUCCESS;
    while (training->start < n_starts && !status && !nnp_training_is_over(training)) {
        if (!training->past.loading)
            draw_weights(training);
        status = nnp_training_minimize(training, &config->stages[0],
                                       n_starts > 1 ? config->start_iterations : 0, false);
        if (status || nnp_training_is_over(training))
            break;
        report_start(training);
        training->start++;
        bool any = false;
        if (nnp_training_attend(training, false, &any))
            status = nnp_training_write_checkpoint(training, NULL, NULL);
    }
    bool lost = !status && !nnp_training_is_over(training) && isinf(training->best_value);
    if (lost && nnp_fit_set_has_failed(training->sets[TRAINING]))
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                               "no memory to evaluate symmetry functions");
    else if (lost)
        status = nnp_error_set(training->error, NNP_ERROR_NUMERIC,
                               "the loss of stage \"%s\" is not finite for any of %d random "
                               "starts",
                               config->stages[0].name, n_starts);
    return status;
}

static enum nnp_status run_stages(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    size_t size = (size_t)training->n_parameters * sizeof *training->x;
    enum nnp_status status = NNP_SUCCESS;
    while (training->stage < config->n_stages && !status && !nnp_training_is_over(training)) {
        const struct nnp_stage *stage = &config->stages[training->stage];
        if (!training->past.loading) {
            memcpy(training->x, training->best, size);
            training->best_value = INFINITY;
        }
        status = nnp_training_minimize(training, stage, stage->iterations, true);
        if (!nnp_training_is_over(training))
            training->stage++;
    }
    return status;
}

static void begin_member(struct nnp_training *training)
{
    training->start = 0;
    training->stage = -1;
    nnp_training_seed_member(training, training->n_finished, &training->random);
    training->starts_begin = nnp_training_seconds(training);
    training->best_value = INFINITY;
    training->has_result = false;
}

/* Up to the end, or an interruption. */
static enum nnp_status run_member(struct nnp_training *training)
{
    enum nnp_status status = NNP_SUCCESS;
    if (training->stage < 0) {
        status = try_starts(training);
        if (status || training->interrupted)
            return status; /* a start is no result */
        /* A start is written where there is nothing better. */
        training->has_result = !training->out_of_time ||
                               (training->n_finished == 0 && isfinite(training->best_value));
        if (training->out_of_time)
            return status;
        training->stage = 0;
    }
    return run_stages(training);
}

enum nnp_status nnp_training_run_members(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    size_t n = (size_t)training->n_parameters;
    enum nnp_status status = NNP_SUCCESS;
    while (training->n_finished < config->n_members) {
        nnp_training_resample(training, training->n_finished);
        status = run_member(training);
        if (status || nnp_training_is_over(training))
            break;
        memcpy(training->finished + (size_t)training->n_finished++ * n, training->best,
               n * sizeof(double));
        begin_member(training);
    }
    return status;
}

void nnp_training_begin_at_start(struct nnp_training *training)
{
    begin_member(training);
}
