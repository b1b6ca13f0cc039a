/* Checkpoints of a training: what is in them, when they are written, and how one goes on.  The
 * learning curve is not in them, but its length is: what was added later is cut off. */
#include "training_parts.h"

#include "checkpoint.h"
#include "sha256.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Refuses bytes of another machine, and other layouts of the state. */
enum { STATE_MARK = 0x4e4e5002 };

enum { INTERRUPTED = 1, OUT_OF_TIME = 2, CHECKPOINT = 4, OF_CALLER = 8 };

/* Of the checksums of data files and initial potentials, in their order. */
static void hash_data(const struct nnp_training *training, char digest[65])
{
    const struct nnp_dataset *dataset = training->dataset;
    const struct nnp_config *config = training->config;
    struct nnp_text text = {0};
    for (int f = 0; f < dataset->n_files; f++)
        nnp_text_append(&text, "%s %d\n", dataset->files[f].sha256,
                        dataset->files[f].n_structures);
    for (int f = 0; f < config->n_initial; f++)
        nnp_text_append(&text, "%s\n", config->initial_sha256[f]);
    nnp_sha256(text.data ? text.data : "", text.length, digest);
    free(text.data);
}

static enum nnp_status check_identity(struct nnp_training *training)
{
    const char *path = training->config->checkpoint_file, *wrong = NULL;
    char config[65] = {0}, data[65] = {0}, expected[65];
    nnp_archive_expect(&training->past, STATE_MARK);
    nnp_archive_bytes(&training->past, config, sizeof config);
    nnp_archive_bytes(&training->past, data, sizeof data);
    if (training->past.failed)
        return nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                             "the checkpoint %s was written on another kind of machine or by "
                             "another version of nnp-train",
                             path);
    hash_data(training, expected);
    if (strcmp(config, training->config->sha256) != 0)
        wrong = "configuration";
    else if (strcmp(data, expected) != 0)
        wrong = training->config->n_initial > 0 ? "data or initial potentials" : "data";
    if (!wrong)
        return NNP_SUCCESS;
    return nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                         "the checkpoint %s is of a training with another %s (of %s); restore "
                         "that to continue, or begin anew with --restart",
                         path, wrong, training->config->path);
}

/* Rank 0's bytes on all ranks. */
static enum nnp_status share(struct nnp_training *training, char *data, size_t length)
{
    const struct nnp_parallel *parallel = training->parallel;
    struct nnp_text *text = &training->past.text;
    enum nnp_status status = NNP_SUCCESS;
    uint64_t shared = length;
    nnp_parallel_broadcast(parallel, &shared, sizeof shared);
    if (!data)
        data = malloc((size_t)shared + 1);
    if (!data)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                               "no memory for a checkpoint of %" PRIu64 " bytes", shared);
    text->data = data;
    text->length = (size_t)shared;
    status = nnp_parallel_agree(parallel, status, training->error);
    if (!status)
        nnp_parallel_broadcast(parallel, text->data, text->length);
    training->past.loading = !status;
    return status;
}

/* On rank 0. */
static enum nnp_status read_checkpoint(struct nnp_training *training, char **data,
                                       size_t *length)
{
    const char *path = training->config->checkpoint_file;
    struct nnp_error problem;
    bool is_previous = false;
    if (!nnp_checkpoint_exists(path))
        return nnp_error_set(training->error, NNP_ERROR_FILE,
                             "there is no checkpoint %s to resume from", path);
    enum nnp_status status =
        nnp_checkpoint_read(path, data, length, &is_previous, &problem, training->error);
    training->has_checkpoint = !status && !is_previous;
    if (!status && is_previous)
        nnp_training_message(training, "%s; resuming from the one before it, %s.previous",
                             problem.message, path);
    return status;
}

/* On rank 0: an unfinished training is not thrown away unasked. */
static enum nnp_status check_no_checkpoint(const struct nnp_training *training)
{
    const char *path = training->config->checkpoint_file;
    if (!nnp_checkpoint_exists(path))
        return NNP_SUCCESS;
    if (training->options->restart)
        return nnp_checkpoint_remove(path, training->error);
    return nnp_error_set(training->error, NNP_ERROR_FILE,
                         "%s is the checkpoint of an unfinished training; continue that with "
                         "--resume, or discard it with --restart",
                         path);
}

enum nnp_status nnp_training_open_checkpoint(struct nnp_training *training)
{
    char *data = NULL;
    size_t length = 0;
    enum nnp_status status = NNP_SUCCESS;
    if (training->parallel->rank == 0)
        status = training->options->resume ? read_checkpoint(training, &data, &length)
                                           : check_no_checkpoint(training);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (status || !training->options->resume)
        return status;
    status = share(training, data, length);
    return status ? status : check_identity(training);
}

/* All but a minimisation.  curve_length, seconds: in or out. */
static void archive_training(struct nnp_training *training, struct nnp_archive *archive,
                             long *curve_length, double *seconds)
{
    size_t n = (size_t)training->n_parameters;
    nnp_archive_expect(archive, training->n_parameters);
    nnp_archive_bytes(archive, curve_length, sizeof *curve_length);
    nnp_archive_doubles(archive, seconds, 1);
    nnp_archive_doubles(archive, &training->starts_begin, 1);
    nnp_archive_bytes(archive, &training->random, sizeof training->random);
    nnp_archive_ints(archive, &training->start, 1);
    nnp_archive_ints(archive, &training->stage, 1);
    nnp_archive_ints(archive, &training->n_finished, 1);
    if (training->n_finished < 0 || training->n_finished >= training->config->n_members)
        archive->failed = true;
    else
        nnp_archive_doubles(archive, training->finished, (size_t)training->n_finished * n);
    nnp_archive_doubles(archive, training->best, n);
    nnp_archive_doubles(archive, &training->best_value, 1);
    nnp_archive_bools(archive, &training->has_result, 1);
    nnp_archive_bools(archive, &training->unsaved, 1);
    nnp_archive_bytes(archive, &training->n_evaluations, sizeof training->n_evaluations);
}

static void tell_place(const struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    nnp_training_message(training, "resumed: member %d of %d, %s, after %.0f s",
                         training->n_finished + 1, config->n_members,
                         training->stage < 0 ? "starts" : config->stages[training->stage].name,
                         training->seconds_before);
}

/* The clock goes on where it stood. */
static enum nnp_status restore(struct nnp_training *training, long *curve_length)
{
    struct nnp_archive *past = &training->past;
    bool has_run = false;
    double seconds = 0.0;
    archive_training(training, past, curve_length, &seconds);
    nnp_archive_bools(past, &has_run, 1);
    if (past->failed || training->stage >= training->config->n_stages ||
        training->start > training->config->n_starts)
        return nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                             "the checkpoint %s does not fit the networks of %s",
                             training->config->checkpoint_file, training->config->path);
    past->loading = has_run;
    training->seconds_before = seconds;
    tell_place(training);
    return NNP_SUCCESS;
}

/* On rank 0. */
static enum nnp_status open_curve(struct nnp_training *training, long length)
{
    const char *path = training->config->learning_curve_file;
    bool lost;
    if (training->config->report_folder)
        mkdir(training->config->report_folder, 0777); /* where the curve may be */
    if (!training->options->resume)
        return nnp_learning_curve_open(&training->curve, path, training->error);
    enum nnp_status status =
        nnp_learning_curve_resume(&training->curve, path, length, &lost, training->error);
    if (!status && lost)
        nnp_training_message(training, "%s is shorter than it was: it begins anew", path);
    return status;
}

enum nnp_status nnp_training_begin(struct nnp_training *training)
{
    enum nnp_status status = NNP_SUCCESS;
    long curve_length = 0;
    if (training->options->resume)
        status = restore(training, &curve_length);
    if (!status && training->parallel->rank == 0)
        status = open_curve(training, curve_length);
    training->next_checkpoint =
        nnp_training_seconds(training) + training->config->checkpoint_seconds;
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* On rank 0. */
static void archive_beginning(struct nnp_training *training, long curve_length, bool has_run,
                              struct nnp_archive *archive)
{
    char data[65], config[65];
    double seconds = nnp_training_seconds(training);
    hash_data(training, data);
    memcpy(config, training->config->sha256, sizeof config);
    nnp_archive_expect(archive, STATE_MARK);
    nnp_archive_bytes(archive, config, sizeof config);
    nnp_archive_bytes(archive, data, sizeof data);
    archive_training(training, archive, &curve_length, &seconds);
    nnp_archive_bools(archive, &has_run, 1);
}

/* Rank 0 writes; others have parts of a run's state. */
static enum nnp_status write_state(struct nnp_training *training,
                                   nnp_training_archive_run *archive_run, void *run)
{
    struct nnp_archive archive = {0};
    const bool writes = training->parallel->rank == 0;
    enum nnp_status status = NNP_SUCCESS;
    long curve_length = 0;
    if (writes)
        status = nnp_learning_curve_sync(&training->curve, &curve_length, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (status)
        return status;
    if (writes)
        archive_beginning(training, curve_length, run != NULL, &archive);
    if (run)
        archive_run(run, &archive);
    if (writes && archive.failed)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for a checkpoint");
    else if (writes)
        status = nnp_checkpoint_write(training->config->checkpoint_file, archive.text.data,
                                      archive.text.length, training->has_checkpoint,
                                      training->error);
    free(archive.text.data);
    training->has_checkpoint = writes && !status;
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* By rank 0's clock; what earlier processes took of a training that goes on does not count. */
static bool is_out_of_time(const struct nnp_training *training)
{
    double limit = training->config->time;
    return training->parallel->rank == 0 && limit > 0.0 &&
           nnp_training_seconds(training) - training->seconds_before >= limit;
}

/* Whether a checkpoint is due by the clock or the number of iterates; rank 0 has the clock. */
static bool is_due(const struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    if (training->parallel->rank != 0)
        return false;
    return (config->checkpoint_seconds > 0.0 &&
            nnp_training_seconds(training) >= training->next_checkpoint) ||
           (config->checkpoint_iterations > 0 &&
            training->n_since_checkpoint >= config->checkpoint_iterations);
}

enum nnp_status nnp_training_write_checkpoint(struct nnp_training *training,
                                              nnp_training_archive_run *archive_run, void *run)
{
    enum nnp_status status = write_state(training, archive_run, run);
    training->n_since_checkpoint = 0;
    training->next_checkpoint =
        nnp_training_seconds(training) + training->config->checkpoint_seconds;
    return status;
}

bool nnp_training_attend(struct nnp_training *training, bool after_iterate, bool *any)
{
    const struct nnp_training_options *options = training->options;
    unsigned wishes = *any ? OF_CALLER : 0;
    training->n_since_checkpoint += after_iterate;
    if (options->interrupted && options->interrupted())
        wishes |= INTERRUPTED;
    if (is_out_of_time(training))
        wishes |= OUT_OF_TIME;
    if (options->checkpoint_wanted && options->checkpoint_wanted())
        wishes |= CHECKPOINT;
    if (is_due(training))
        wishes |= CHECKPOINT;
    wishes = nnp_parallel_union(training->parallel, wishes);
    training->interrupted = wishes & INTERRUPTED;
    training->out_of_time = wishes & OUT_OF_TIME;
    *any = wishes & OF_CALLER;
    return wishes & (INTERRUPTED | OUT_OF_TIME | CHECKPOINT);
}
