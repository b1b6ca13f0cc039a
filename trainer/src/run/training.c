/* The course of a training, and its end. */
#include "training_parts.h"

#include "checkpoint.h"
#include "linear_algebra.h"
#include "repulsion.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void nnp_training_message(const struct nnp_training *training, const char *format, ...)
{
    const struct nnp_training_observer *observer = training->options->observer;
    char text[256];
    if (training->parallel->rank != 0 || !observer)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    observer->message(observer->context, text);
}

double nnp_training_seconds(const struct nnp_training *training)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return training->seconds_before + (double)(now.tv_sec - training->begin.tv_sec) +
           1e-9 * (double)(now.tv_nsec - training->begin.tv_nsec);
}

/* The potential is written: a checkpoint that stays is no failure. */
static void remove_checkpoint(const struct nnp_training *training)
{
    struct nnp_error problem;
    if (nnp_checkpoint_remove(training->config->checkpoint_file, &problem))
        nnp_training_message(training, "%s", problem.message);
}

static enum nnp_status train(struct nnp_training *training, struct nnp_training_result *result)
{
    nnp_training_begin_at_start(training);
    enum nnp_status status = nnp_training_begin(training);
    if (!status && training->parallel->rank == 0 && training->config->test_set_file)
        status = nnp_training_write_test_set(training);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = nnp_training_run_members(training);
    if (!status && (training->n_finished > 0 || training->has_result))
        status = nnp_training_save_final(training, result);
    bool complete = !status && !nnp_training_is_over(training);
    bool reports = training->config->report_folder && !training->interrupted &&
                   result->accuracy.n_rows > 0;
    enum nnp_status closed =
        nnp_learning_curve_close(&training->curve, status ? NULL : training->error);
    status = status ? status : closed;
    if (!status && complete && training->parallel->rank == 0)
        remove_checkpoint(training);
    if (!status && reports && training->parallel->rank == 0)
        status = nnp_training_write_report(training);
    result->interrupted = training->interrupted;
    result->out_of_time = training->out_of_time;
    return nnp_parallel_agree(training->parallel, status, training->error);
}

void nnp_training_release(struct nnp_training *training)
{
    for (int set = 0; set < N_SETS; set++) {
        nnp_loss_free(training->losses[set]);
        nnp_fit_set_free(training->sets[set]);
        nnp_reduced_free(training->reduced[set], training->n_structures[set]);
        free(training->fitted[set]);
        free(training->structures[set]);
        free(training->sizes[set]);
    }
    nnp_initial_free(&training->initial);
    nnp_potential_free(training->model);
    free(training->whole_weights);
    free(training->free);
    free(training->x);
    free(training->gradient);
    free(training->best);
    free(training->finished);
    free(training->past.text.data);
}

enum nnp_status nnp_training_run(const struct nnp_config *config,
                                 const struct nnp_dataset *dataset,
                                 const struct nnp_parallel *parallel,
                                 const struct nnp_training_options *options,
                                 struct nnp_training_result *result, struct nnp_error *error)
{
    struct nnp_training training = {
        .config = config,
        .dataset = dataset,
        .parallel = parallel,
        .options = options,
        .error = error,
    };
    *result = (struct nnp_training_result){0};
    clock_gettime(CLOCK_MONOTONIC, &training.begin);
    nnp_linear_algebra_init();
    enum nnp_status status = nnp_training_check_input(&training);
    if (!status)
        status = nnp_training_describe(&training);
    if (!status && options->dry_run) {
        status = nnp_training_estimate(&training);
    } else if (!status && !options->check_only) {
        status = nnp_training_prepare(&training);
        if (!status)
            status = train(&training, result);
    }
    nnp_training_release(&training);
    return status;
}
