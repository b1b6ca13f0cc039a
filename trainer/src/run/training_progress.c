/* What a training tells of its course. */
#include "training_parts.h"

enum nnp_status nnp_training_rmse(const struct nnp_fit_set *set, struct nnp_rmse *rmse,
                                  struct nnp_error *error)
{
    struct nnp_accuracy_table table = {0};
    enum nnp_status status = NNP_SUCCESS;
    *rmse = (struct nnp_rmse){.energy = -1.0, .forces = -1.0, .stress = -1.0};
    for (int s = 0; set && s < set->n_structures && !status; s++)
        status = nnp_accuracy_add(&table, "", set->structures[s], &set->residuals[s], error);
    if (!status && table.n_rows > 0)
        *rmse = nnp_accuracy_rmse(&table.rows[0]);
    rmse->set = NULL;
    nnp_accuracy_free(&table);
    return status;
}

/* Of an iteration of a stage; negative where no such optimiser was at work.  But the loss was
 * evaluated, of which L-BFGS-B wants the gradient as well, at some points more than once. */
static double iteration_seconds(const struct nnp_training *training,
                                const struct nnp_stage *stage)
{
    const double values_per_iteration = 2.5;
    double known = training->iteration_seconds[stage->optimizer];
    if (known > 0.0 || stage->optimizer != NNP_STAGE_LBFGSB)
        return known > 0.0 ? known : -1.0;
    return values_per_iteration * training->value_seconds;
}

/* Seconds of all that may come after the present stage's iterations left; negative: not known.
 */
static double estimate_left(const struct nnp_training *training, int n_left)
{
    const struct nnp_config *config = training->config;
    const int n_members = config->n_members - training->n_finished;
    double left = n_left * iteration_seconds(training, &config->stages[training->stage]);
    for (int k = 0; k < config->n_stages; k++) {
        double n = config->stages[k].iterations * (n_members - (k <= training->stage));
        double seconds = iteration_seconds(training, &config->stages[k]);
        if (n > 0.0 && seconds < 0.0)
            return -1.0;
        left += n * seconds;
    }
    return left;
}

enum nnp_status nnp_training_report(struct nnp_training *training, double begin,
                                    struct nnp_progress *progress)
{
    const struct nnp_training_observer *observer = training->options->observer;
    const struct nnp_stage *stage = &training->config->stages[training->stage];
    double seconds = nnp_training_seconds(training);
    training->iteration_seconds[stage->optimizer] = (seconds - begin) / progress->iteration;
    progress->member = training->n_finished + 1;
    progress->n_members = training->config->n_members;
    progress->stage = stage->name;
    progress->evaluations = training->n_evaluations;
    progress->seconds = seconds;
    progress->seconds_left =
        estimate_left(training, progress->n_iterations - progress->iteration);
    enum nnp_status status =
        nnp_training_rmse(training->sets[TRAINING], &progress->training, training->error);
    if (!status)
        status = nnp_training_rmse(training->sets[TEST], &progress->test, training->error);
    if (!status)
        status = nnp_learning_curve_add(&training->curve, progress, training->error);
    if (!status && observer)
        observer->progress(observer->context, progress);
    return status;
}
