/* Whole trainings within a test, on the structures of morse.h. */
#ifndef NNP_TEST_TRIAL_H
#define NNP_TEST_TRIAL_H

#include "training.h"

/* What the observer of a training has seen. */
struct trial_seen {
    int n_progress, n_in_stage, n_best;         /* n_in_stage: iteration of the last progress */
    int n_unknown_left;                         /* progress that does not know the time left */
    double first_loss, last_loss, seconds_left; /* the latter of the last progress */
    struct nnp_rmse training, test;             /* of the last progress */
    char messages[4000];                        /* a line each */
};

struct trial {
    struct nnp_config *config;
    struct nnp_dataset dataset;
    struct nnp_training_result result;
    struct nnp_error error;
    struct trial_seen seen;
};

/* Structures of 1 to max_atoms atoms of Li and Au in groups "even" and "odd", as of the file
 * folder/none.extxyz, whose checksum is 64 times digest. */
void trial_data(struct nnp_dataset *dataset, int n_structures, int max_atoms, char digest);

/* Reads the configuration, which must be right, and makes such data of 1 to 4 atoms. */
void trial_set_up(struct trial *trial, int n_structures, const char *config);
void trial_tear_down(struct trial *trial);

/* The observer that fills in what is seen. */
struct nnp_training_observer trial_observer(struct trial_seen *seen);

/* Trains in this process; interrupted may be NULL. */
enum nnp_status trial_run(struct trial *trial, bool (*interrupted)(void));

/* Fails the test unless a message has these words. */
void assert_said(const struct trial *trial, const char *words);

#endif
