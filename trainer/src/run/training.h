/* The whole course of a training, from data to a potential file.
 *
 * For every committee member: random starts, each with start_iterations of the first stage's
 * loss, of which the best goes on through the stages.  Best is, here and within a stage, the
 * lowest loss of the training set, or of the test set where the stage has patience; a stage
 * begins at the best parameters of the one before.
 *
 * The state is kept in the configuration's checkpoint file at intervals and at every wish; a
 * run that is interrupted and resumed gives the same bits as one that is not.  The checkpoint
 * is removed when the training is complete. */
#ifndef NNP_TRAINING_H
#define NNP_TRAINING_H

#include "accuracy.h"
#include "committee.h"
#include "config.h"
#include "dataset.h"
#include "nnp/potential.h"
#include "parallel.h"

#include <stdbool.h>

/* State after an iteration.  RMSEs are negative where they were not computed. */
struct nnp_progress {
    int member, n_members;       /* from 1 */
    const char *stage;           /* name, "starts" before the first stage */
    int iteration, n_iterations; /* of the stage, or number of starts */
    long evaluations;            /* of the training loss, since the beginning */
    double seconds;              /* since the beginning */
    double seconds_left;         /* estimated at most; negative: not known */
    double loss, test_loss;      /* test_loss: NaN without test set */
    double gradient_norm;        /* Euclidean */
    bool is_best;
    struct nnp_rmse training, test;
};

/* Called on rank 0 only; context is handed back. */
struct nnp_training_observer {
    void *context;
    void (*message)(void *context, const char *text); /* one line, without its end */
    void (*progress)(void *context, const struct nnp_progress *progress);
};

struct nnp_training_options {
    bool check_only; /* stop before the first random start */
    bool dry_run; /* measure a few structures, and tell what time and memory will be needed */
    bool resume;  /* go on from the checkpoint */
    bool restart; /* discard a checkpoint that is there, instead of refusing to begin */
    const struct nnp_training_observer *observer;
    bool (*interrupted)(void); /* asked on every rank after every iteration; NULL: never */
    bool (*checkpoint_wanted)(void); /* likewise; true once for each wish */
    const char *program;             /* name and version for the provenance */
};

/* Rows "training" and "test", then groups of structures. */
struct nnp_training_result {
    bool interrupted;
    bool out_of_time; /* the limit for the run was reached: it is the best so far */
    struct nnp_accuracy_table accuracy;
    /* Of the test set, or the training set if that is empty; of two members or more. */
    struct nnp_spread_summary spread;
    const char *spread_set; /* "test" or "training", NULL: no committee */
};

/* Collective; the result's table is to be freed.  Problems of the data and of the output files
 * are found before time is spent.  A failure leaves an existing potential as it was, or as the
 * last improvement of this run; error may not be NULL. */
enum nnp_status nnp_training_run(const struct nnp_config *config,
                                 const struct nnp_dataset *dataset,
                                 const struct nnp_parallel *parallel,
                                 const struct nnp_training_options *options,
                                 struct nnp_training_result *result,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
