/* Rules of stopping.  Rank 0's clock counts, so that all ranks end at one iteration. */
#include "training_parts.h"

#include <math.h>

void nnp_training_stop_begin(struct nnp_training *training)
{
    training->stopping = (struct nnp_stopping){.begin = nnp_training_seconds(training)};
}

static bool is_late(const struct nnp_training *training, double begin, double limit)
{
    bool late = training->parallel->rank == 0 && limit > 0.0 &&
                nnp_training_seconds(training) - begin >= limit;
    return limit > 0.0 && nnp_parallel_any(training->parallel, late);
}

/* What is not known is no obstacle; the configuration lets only known RMSEs be targets. */
static bool is_reached(double rmse, double target)
{
    return target == 0.0 || rmse <= target;
}

static enum nnp_status check_target(const struct nnp_training *training,
                                    const struct nnp_stage *stage, bool *reached)
{
    struct nnp_rmse rmse;
    int set = training->sets[TEST] ? TEST : TRAINING;
    enum nnp_status status = nnp_training_rmse(training->sets[set], &rmse, training->error);
    *reached = !status && is_reached(rmse.energy, stage->target_energy) &&
               is_reached(rmse.forces, stage->target_forces) &&
               is_reached(rmse.stress, stage->target_stress);
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* Whether the loss fell by less than the tolerance in the last iterations. */
static bool is_flat(struct nnp_stopping *stopping, const struct nnp_stage *stage, int iteration,
                    double loss)
{
    double *slot = &stopping->losses[iteration % NNP_TOLERANCE_WINDOW], before = *slot;
    *slot = loss;
    return stage->tolerance > 0.0 && iteration > NNP_TOLERANCE_WINDOW &&
           before - loss < stage->tolerance * fabs(loss);
}

enum nnp_status nnp_training_stop_check(struct nnp_training *training,
                                        const struct nnp_stage *stage, int iteration,
                                        int n_iterations, double loss, enum nnp_stop *reason)
{
    struct nnp_stopping *stopping = &training->stopping;
    bool has_target =
        stage->target_energy > 0.0 || stage->target_forces > 0.0 || stage->target_stress > 0.0;
    bool flat = is_flat(stopping, stage, iteration, loss), reached = false;
    enum nnp_status status = has_target ? check_target(training, stage, &reached) : NNP_SUCCESS;
    *reason = NNP_STOP_NOT;
    if (is_late(training, stopping->begin, stage->time))
        *reason = NNP_STOP_STAGE_TIME;
    if (flat)
        *reason = NNP_STOP_TOLERANCE;
    if (stage->patience > 0 && iteration - stopping->best_iteration >= stage->patience)
        *reason = NNP_STOP_PATIENCE;
    if (iteration >= n_iterations)
        *reason = NNP_STOP_ITERATIONS;
    if (reached)
        *reason = NNP_STOP_TARGET;
    return status;
}

void nnp_training_stop_tell(const struct nnp_training *training, const struct nnp_stage *stage,
                            int iteration, enum nnp_stop reason)
{
    switch (reason) {
    case NNP_STOP_PATIENCE:
        nnp_training_message(training, "%s: no better test loss for %d iterations", stage->name,
                             stage->patience);
        break;
    case NNP_STOP_TARGET:
        nnp_training_message(training, "%s: the target is reached after %d iterations",
                             stage->name, iteration);
        break;
    case NNP_STOP_TOLERANCE:
        nnp_training_message(training,
                             "%s: the loss fell by less than %g of itself in %d iterations, up "
                             "to the %dth",
                             stage->name, stage->tolerance, NNP_TOLERANCE_WINDOW, iteration);
        break;
    case NNP_STOP_STAGE_TIME:
        nnp_training_message(training, "%s: its %g s are over after %d iterations", stage->name,
                             stage->time, iteration);
        break;
    case NNP_STOP_RUN_TIME:
        nnp_training_message(training, "%s: the %g s of the run are over after %d iterations",
                             stage->name, training->config->time, iteration);
        break;
    default:
        break;
    }
}
