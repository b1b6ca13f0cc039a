/* One minimisation.  Points of rank 0's optimiser are broadcast: vector operations could differ
 * in the last bit between processors of different kinds, after which ranks that each went their
 * own way would part.
 *
 * What rank 0 alone does with an iterate, telling of it and saving the potential, it does after
 * the next point has gone out: the others begin with that meanwhile.  If it fails, they hear of
 * it an iterate later. */
#include "training_parts.h"

#include "freeze.h"
#include "normal_equations.h"
#include "optimizer.h"
#include "subspace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct run {
    struct nnp_training *training;
    const struct nnp_stage *stage;
    struct nnp_loss_terms terms;
    struct nnp_optimizer *optimizer;
    struct nnp_subspace *subspace;          /* of the parameters that are not frozen */
    struct nnp_normal_equations *equations; /* NULL where the optimiser does not want them */
    struct nnp_optimizer_answer answer;
    bool is_stage;
    int iteration, n_iterations, n_evaluations, n_equations;
    enum nnp_stop reason;     /* in a checkpoint: one of the run itself, else it goes on */
    double value, test_value; /* of the point that was evaluated last; NAN: no test set */
    double gradient_norm, begin;
    double *message; /* [1 + n_parameters], a request and its point */
    struct nnp_progress progress;
    bool is_untold, is_to_be_saved; /* of the last iterate */
    enum nnp_status telling;        /* what became of that; rank 0 */
};

/* Rank 0's request and point on all ranks. */
static enum nnp_optimizer_request share(struct run *run, enum nnp_optimizer_request request)
{
    struct nnp_training *training = run->training;
    const struct nnp_parallel *parallel = training->parallel;
    const size_t size = (size_t)training->n_parameters * sizeof *training->x;
    if (parallel->rank == 0) {
        nnp_subspace_set(run->subspace, nnp_optimizer_x(run->optimizer), training->x);
        run->gradient_norm = nnp_optimizer_gradient_norm(run->optimizer);
    }
    if (parallel->size == 1)
        return request;
    run->message[0] = (double)request;
    memcpy(run->message + 1, training->x, size);
    nnp_parallel_broadcast_doubles(parallel, run->message, 1 + training->n_parameters);
    memcpy(training->x, run->message + 1, size);
    return (enum nnp_optimizer_request)run->message[0];
}

/* What is still to be done with the last iterate. */
static void tell(struct run *run)
{
    struct nnp_training *training = run->training;
    const bool is_first = training->parallel->rank == 0;
    if (run->is_untold && is_first && !run->telling)
        run->telling = nnp_training_report(training, run->begin, &run->progress);
    if (run->is_to_be_saved && is_first && !run->telling)
        run->telling = nnp_training_save(training);
    run->is_untold = run->is_to_be_saved = false;
}

/* Keeps x, which was evaluated last, if it is better than all before; returns whether it is. */
static bool judge(struct run *run)
{
    struct nnp_training *training = run->training;
    /* Choosing by the test set would spoil it as a measure; only patience asks for that. */
    double judged =
        training->losses[TEST] && run->stage->patience > 0 ? run->test_value : run->value;
    if (!(judged < training->best_value))
        return false;
    training->best_value = judged;
    memcpy(training->best, training->x, (size_t)training->n_parameters * sizeof *training->x);
    training->unsaved = true;
    if (run->is_stage)
        training->stopping.best_iteration = run->iteration;
    return true;
}

/* Keeps x although another point may be better: it is where the target was reached. */
static void keep(struct run *run)
{
    struct nnp_training *training = run->training;
    memcpy(training->best, training->x, (size_t)training->n_parameters * sizeof *training->x);
    training->unsaved = true;
}

/* State of a run after an iterate. */
static void archive_run(void *context, struct nnp_archive *archive)
{
    struct run *run = context;
    struct nnp_stopping *stopping = &run->training->stopping;
    int reason = (int)run->reason;
    nnp_archive_ints(archive, &reason, 1);
    run->reason = (enum nnp_stop)reason;
    nnp_archive_ints(archive, &run->iteration, 1);
    nnp_archive_ints(archive, &run->n_evaluations, 1);
    nnp_archive_ints(archive, &run->n_equations, 1);
    nnp_archive_doubles(archive, &run->value, 1);
    nnp_archive_doubles(archive, &run->gradient_norm, 1);
    nnp_archive_doubles(archive, &run->begin, 1);
    nnp_archive_doubles(archive, &stopping->begin, 1);
    nnp_archive_ints(archive, &stopping->best_iteration, 1);
    nnp_archive_doubles(archive, stopping->losses, NNP_TOLERANCE_WINDOW);
    /* The optimiser does not know those that are frozen. */
    nnp_archive_doubles(archive, run->training->x, (size_t)run->training->n_parameters);
    nnp_optimizer_archive(run->optimizer, archive);
}

/* Signals, checkpoints, and failures to tell of the iterate before. */
static enum nnp_status attend(struct run *run)
{
    struct nnp_training *training = run->training;
    bool failed = run->telling != NNP_SUCCESS;
    const bool is_due = nnp_training_attend(training, true, &failed);
    if (is_due)
        tell(run); /* the checkpoint has the length of the learning curve */
    if (failed || is_due) {
        enum nnp_status status =
            nnp_parallel_agree(training->parallel, run->telling, training->error);
        if (status)
            return status;
    }
    return is_due ? nnp_training_write_checkpoint(training, archive_run, run) : NNP_SUCCESS;
}

/* Takes note of a new iterate.  *stop: the run is over. */
static enum nnp_status take_iterate(struct run *run, bool *stop)
{
    struct nnp_training *training = run->training;
    enum nnp_status status = NNP_SUCCESS;
    run->iteration++;
    bool is_best = judge(run);
    if (run->is_stage) {
        run->progress = (struct nnp_progress){
            .iteration = run->iteration,
            .n_iterations = run->n_iterations,
            .loss = run->value,
            .test_loss = run->test_value,
            .gradient_norm = run->gradient_norm,
            .is_best = is_best,
        };
        run->is_untold = true;
        run->is_to_be_saved =
            training->unsaved && run->iteration % training->config->save_every == 0;
        if (run->is_to_be_saved)
            training->unsaved = false;
        status = nnp_training_stop_check(training, run->stage, run->iteration,
                                         run->n_iterations, run->value, &run->reason);
        if (run->reason == NNP_STOP_TARGET)
            keep(run);
    } else if (run->iteration >= run->n_iterations) {
        run->reason = NNP_STOP_ITERATIONS;
    }
    if (!status)
        status = attend(run);
    if (run->reason == NNP_STOP_NOT && training->out_of_time)
        run->reason = NNP_STOP_RUN_TIME;
    if (run->reason == NNP_STOP_NOT && training->interrupted)
        run->reason = NNP_STOP_INTERRUPTED;
    *stop = run->reason != NNP_STOP_NOT;
    return status;
}

/* Words on how the run ended, from rank 0. */
static void tell_end(const struct run *run)
{
    const struct nnp_training *training = run->training;
    if (training->parallel->rank != 0 || !run->is_stage)
        return;
    if (nnp_optimizer_n_rejected(run->optimizer) > 0)
        nnp_training_message(training,
                             "%s: %d steps with a loss that was not finite were rejected",
                             run->stage->name, nnp_optimizer_n_rejected(run->optimizer));
    if (run->reason == NNP_STOP_EXHAUSTED)
        nnp_training_message(training, "%s: no further decrease after %d iterations (%s)",
                             run->stage->name, run->iteration,
                             nnp_optimizer_reason(run->optimizer));
    else
        nnp_training_stop_tell(training, run->stage, run->iteration, run->reason);
}

/* Both sets: of an optimiser's points nearly all become iterates. */
static void evaluate(struct run *run, enum nnp_optimizer_request request)
{
    struct nnp_training *training = run->training;
    struct nnp_loss *loss = training->losses[TRAINING], *test = training->losses[TEST];
    bool with_gradient = request == NNP_OPTIMIZER_GRADIENT;
    double begin = nnp_training_seconds(training);
    nnp_loss_start(loss, &run->terms, with_gradient ? NNP_LOSS_GRADIENT : NNP_LOSS_VALUE,
                   training->x);
    if (test)
        nnp_loss_start(test, &run->terms, NNP_LOSS_VALUE, training->x);
    run->value = nnp_loss_finish(loss, &run->terms, with_gradient ? training->gradient : NULL);
    run->test_value = test ? nnp_loss_finish(test, &run->terms, NULL) : NAN;
    training->value_seconds = nnp_training_seconds(training) - begin;
    run->answer.value = run->value;
    run->answer.gradient =
        with_gradient ? nnp_subspace_vector(run->subspace, training->gradient) : NULL;
    if (run->n_evaluations++ == 0) /* the starting point, which is no iterate */
        judge(run);
    training->n_evaluations++;
}

/* Gives the optimiser what it asks for.  *stop: the run is over. */
static enum nnp_status answer(struct run *run, enum nnp_optimizer_request request, bool *stop)
{
    switch (request) {
    case NNP_OPTIMIZER_VALUE:
    case NNP_OPTIMIZER_GRADIENT:
        evaluate(run, request);
        *stop = run->n_iterations == 0;
        return NNP_SUCCESS;
    case NNP_OPTIMIZER_EQUATIONS:
        run->answer.batch = nnp_normal_equations_set(run->equations, &run->terms,
                                                     run->n_equations++, run->training->x);
        return NNP_SUCCESS;
    default:
        return take_iterate(run, stop);
    }
}

static enum nnp_status iterate(struct run *run)
{
    struct nnp_training *training = run->training;
    enum nnp_status status = NNP_SUCCESS;
    enum nnp_optimizer_request request; /* that of rank 0 is shared */
    bool stop = false;
    if (run->iteration > 0) /* resumed */
        request = nnp_optimizer_advance(run->optimizer, &run->answer);
    else
        request = nnp_optimizer_start(run->optimizer,
                                      nnp_subspace_vector(run->subspace, training->x));
    while (!status && !stop && (request = share(run, request)) != NNP_OPTIMIZER_DONE) {
        tell(run);
        status = answer(run, request, &stop);
        if (!status && !stop)
            request = nnp_optimizer_advance(run->optimizer, &run->answer);
    }
    if (!status) {
        tell(run);
        status = nnp_parallel_agree(training->parallel, run->telling, training->error);
    }
    if (request == NNP_OPTIMIZER_DONE)
        run->reason = NNP_STOP_EXHAUSTED;
    tell_end(run);
    return status;
}

/* Takes a run over from a checkpoint, where there is one. */
static enum nnp_status restore(struct run *run)
{
    struct nnp_training *training = run->training;
    struct nnp_archive *past = &training->past;
    enum nnp_status status = NNP_SUCCESS;
    if (!past->loading)
        return NNP_SUCCESS;
    archive_run(run, past);
    past->loading = false;
    if (past->failed)
        status = nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                               "the checkpoint %s does not fit the stage \"%s\"",
                               training->config->checkpoint_file, run->stage->name);
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* The optimiser of the parameters that are not frozen, and what it works with. */
static enum nnp_status create(struct run *run)
{
    struct nnp_training *training = run->training;
    const struct nnp_parallel *parallel = training->parallel;
    int n_batches = 0;
    int n_free = nnp_freeze_find_free(run->stage, training->model, training->initial.known,
                                      training->free);
    enum nnp_status status = nnp_subspace_create(&run->subspace, training->n_parameters, n_free,
                                                 training->free, training->error);
    run->message = calloc((size_t)training->n_parameters + 1, sizeof *run->message);
    if (!run->message)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %d parameters",
                               training->n_parameters);
    status = nnp_parallel_agree(parallel, status, training->error);
    if (!status && run->stage->optimizer == NNP_STAGE_KALMAN) {
        const int batch = nnp_training_batch(training, run->stage, n_free);
        if (run->is_stage && run->stage->batch == 0)
            nnp_training_message(training, "%s: batches of %d structures", run->stage->name,
                                 batch);
        status = nnp_normal_equations_create(&run->equations, training->losses[TRAINING], batch,
                                             n_free, training->free, training->error);
    }
    if (run->equations)
        n_batches = nnp_normal_equations_n_batches(run->equations);
    if (!status)
        status = nnp_optimizer_create(&run->optimizer, parallel, run->stage, n_free, n_batches,
                                      training->error);
    return nnp_parallel_agree(parallel, status, training->error);
}

enum nnp_status nnp_training_minimize(struct nnp_training *training,
                                      const struct nnp_stage *stage, int n_iterations,
                                      bool is_stage)
{
    struct run run = {
        .training = training,
        .stage = stage,
        .terms = nnp_training_terms(training, stage),
        .is_stage = is_stage,
        .n_iterations = n_iterations,
        .begin = nnp_training_seconds(training),
    };
    if (is_stage)
        nnp_training_stop_begin(training);
    enum nnp_status status = create(&run);
    if (!status)
        status = restore(&run);
    if (!status && run.reason == NNP_STOP_NOT)
        status = iterate(&run);
    free(run.message);
    nnp_subspace_free(run.subspace);
    nnp_optimizer_free(run.optimizer);
    nnp_normal_equations_free(run.equations);
    return status;
}
