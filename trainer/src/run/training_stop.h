/* When a stage or a whole training ends. */
#ifndef NNP_TRAINING_STOP_H
#define NNP_TRAINING_STOP_H

#include "config.h"
#include "nnp/status.h"

struct nnp_training;

/* Iterations over which the decrease of the loss is compared with the tolerance. */
enum { NNP_TOLERANCE_WINDOW = 10 };

enum nnp_stop {
    NNP_STOP_NOT,
    NNP_STOP_ITERATIONS, /* all are done */
    NNP_STOP_PATIENCE,
    NNP_STOP_TARGET,
    NNP_STOP_TOLERANCE,
    NNP_STOP_STAGE_TIME,
    NNP_STOP_RUN_TIME,
    NNP_STOP_INTERRUPTED,
    NNP_STOP_EXHAUSTED /* the optimiser finds no better point */
};

/* State of the present stage that the rules need; checkpoints hold it. */
struct nnp_stopping {
    double begin;                        /* nnp_training_seconds */
    int best_iteration;                  /* patience counts from it */
    double losses[NNP_TOLERANCE_WINDOW]; /* of iteration k at k % NNP_TOLERANCE_WINDOW */
};

void nnp_training_stop_begin(struct nnp_training *training);

/* Collective.  Which rule ends the stage after an iteration (from 1), given its loss and the
 * residuals in the sets; none of those that end the whole run. */
enum nnp_status nnp_training_stop_check(struct nnp_training *training,
                                        const struct nnp_stage *stage, int iteration,
                                        int n_iterations, double loss,
                                        enum nnp_stop *reason) NNP_MUST_CHECK;

/* A message on the end of a stage, from rank 0. */
void nnp_training_stop_tell(const struct nnp_training *training, const struct nnp_stage *stage,
                            int iteration, enum nnp_stop reason);

#endif
