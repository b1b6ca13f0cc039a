/* What the files of the training share. */
#ifndef NNP_TRAINING_PARTS_H
#define NNP_TRAINING_PARTS_H

#include "archive.h"
#include "energy_weights.h"
#include "fit_set.h"
#include "initial.h"
#include "learning_curve.h"
#include "loss.h"
#include "random.h"
#include "training.h"
#include "training_stop.h"

#include <time.h>

enum { TRAINING, TEST, N_SETS };

struct nnp_training {
    const struct nnp_config *config;
    const struct nnp_dataset *dataset;
    const struct nnp_parallel *parallel;
    const struct nnp_training_options *options;
    struct nnp_error *error;

    int n_structures[N_SETS];
    const struct nnp_structure **structures[N_SETS]; /* [n_structures] each */
    struct nnp_structure *reduced[N_SETS]; /* [n_structures], less the repulsion; NULL: none */
    const struct nnp_structure **fitted[N_SETS]; /* [n_structures], what networks learn */
    struct nnp_structure_size *sizes[N_SETS];    /* [n_structures]; NULL: not found yet */
    struct nnp_potential *model;                 /* one member, being trained */
    struct nnp_fit_set *sets[N_SETS];            /* TEST: NULL if it is empty */
    struct nnp_loss *losses[N_SETS];

    struct nnp_initial initial;          /* what given potentials state of the parameters */
    struct nnp_loss_scales auto_weights; /* found from the data, before the first start */
    double *whole_weights; /* [n_structures of TRAINING] in the loss, before resampling */

    int n_parameters;
    int *free;            /* [n_parameters], scratch for lists of parameters */
    double *x, *gradient; /* [n_parameters], point of the optimiser and gradient there */
    double *best;         /* [n_parameters] */
    double best_value;    /* what `best` minimises, see training.h */
    double *finished;     /* [n_members][n_parameters], of which n_finished are set */
    int n_finished;       /* members; the present one comes behind them */
    bool has_result;      /* best are parameters of the present member worth writing */
    bool unsaved;         /* best is better than what was written */
    bool interrupted;     /* agreed */
    bool out_of_time;     /* agreed: the limit of the process is reached */
    struct nnp_stopping stopping; /* of the present stage */

    struct nnp_random random; /* of the weights; after those of the present start were drawn */
    int start;                /* the present or next one */
    int stage;                /* negative: among the starts */

    struct nnp_learning_curve curve; /* rank 0 */
    struct timespec begin;
    double seconds_before;   /* that a resumed training took before */
    double starts_begin;     /* seconds */
    double next_checkpoint;  /* seconds; rank 0 */
    int n_since_checkpoint;  /* iterates */
    bool has_checkpoint;     /* the newest file is this training's and whole; rank 0 */
    struct nnp_archive past; /* being read while it is `loading`: a training that goes on */
    long n_evaluations;
    double iteration_seconds[NNP_N_STAGE_OPTIMIZERS]; /* the last stage's mean; 0: none yet */
    double value_seconds;                             /* of the last evaluation of the loss */
};

/* Saves or restores the state of a minimisation. */
typedef void nnp_training_archive_run(void *run, struct nnp_archive *archive);

/* Checks all that can be wrong with the input, divides it, and makes the model.  Collective. */
enum nnp_status nnp_training_check_input(struct nnp_training *training) NNP_MUST_CHECK;

/* Collective.  Finds the sizes of the structures, and tells the observer of structures,
 * functions, parameters and memory. */
enum nnp_status nnp_training_describe(struct nnp_training *training) NNP_MUST_CHECK;

/* Whether a stage learns forces or stresses. */
bool nnp_training_needs_derivatives(const struct nnp_config *config);

/* What they are stored in: doubles if a stage uses the Kalman filter, whose losses are higher
 * by 0.1 to 5 % with derivatives in single precision. */
enum nnp_number nnp_training_number(const struct nnp_config *config);

/* Adds what symmetry functions and, if it is stored, the Jacobian of a structure take. */
void nnp_training_add_bytes(const struct nnp_training *training,
                            const struct nnp_structure_size *size, double *values,
                            double *jacobians);

/* Structures in a batch of the Kalman filter for n_free parameters. */
int nnp_training_batch(const struct nnp_training *training, const struct nnp_stage *stage,
                       int n_free);

/* Descriptors, their ranges, losses, and memory for the parameters.  Collective. */
enum nnp_status nnp_training_prepare(struct nnp_training *training) NNP_MUST_CHECK;

/* Frees what check_input and prepare have made, also after their failure. */
void nnp_training_release(struct nnp_training *training);

/* Puts the course of the training to its beginning. */
void nnp_training_begin_at_start(struct nnp_training *training);

/* Trains all members from where the course stands to the end, or to an interruption or the
 * limit of time: nnp_training_is_over.  Collective. */
enum nnp_status nnp_training_run_members(struct nnp_training *training) NNP_MUST_CHECK;
bool nnp_training_is_over(const struct nnp_training *training);

/* The checkpoint that the options ask for, read on all ranks and found to be of this
 * configuration and data; an error where there is one that they do not ask for.  Collective. */
enum nnp_status nnp_training_open_checkpoint(struct nnp_training *training) NNP_MUST_CHECK;

/* Takes over what is in it, but for a minimisation, and opens the learning curve.  Collective;
 * does the latter without a checkpoint too. */
enum nnp_status nnp_training_begin(struct nnp_training *training) NNP_MUST_CHECK;

/* Attends to signals and the clock, after an iterate or between starts: sets `interrupted` and
 * `out_of_time`, returns whether a checkpoint is to be written.  *any: of a rank, in; of all,
 * out.  Collective. */
bool nnp_training_attend(struct nnp_training *training, bool after_iterate, bool *any);

/* run: the state of a minimisation after an iterate, NULL between starts.  Collective. */
enum nnp_status nnp_training_write_checkpoint(struct nnp_training *training,
                                              nnp_training_archive_run *archive_run,
                                              void *run) NNP_MUST_CHECK;

/* Minimises the loss of a stage from x in n_iterations at most; 0 evaluates the start only.
 * best and best_value take part in all that is evaluated, and must be set before (best_value:
 * INFINITY for a new search).  Observer and files hear of it if is_stage. */
enum nnp_status nnp_training_minimize(struct nnp_training *training,
                                      const struct nnp_stage *stage, int n_iterations,
                                      bool is_stage) NNP_MUST_CHECK;

/* Takes the initial potentials over, and checks that every stage has parameters to train. */
enum nnp_status nnp_training_take_initial(struct nnp_training *training) NNP_MUST_CHECK;

/* Puts the scalings of initial potentials in place of those of the data, with a message where
 * the data leave their ranges. */
void nnp_training_keep_scaling(struct nnp_training *training);

/* Collective.  Puts the projection that the configuration asks for between functions, which are
 * scaled already, and networks, with a message for each element. */
enum nnp_status nnp_training_project(struct nnp_training *training) NNP_MUST_CHECK;

/* Collective.  Weights of structures that depend on energies, and those of stages that are
 * found from the data. */
enum nnp_status nnp_training_find_weights(struct nnp_training *training) NNP_MUST_CHECK;

/* Weights of the training structures for a committee member (from 0), by its sample; they
 * depend on nothing that went before. */
void nnp_training_resample(struct nnp_training *training, int member);

/* The random numbers of a member's starts, whatever other members draw. */
void nnp_training_seed_member(const struct nnp_training *training, int member,
                              struct nnp_random *random);

/* The loss of a stage. */
struct nnp_loss_terms nnp_training_terms(const struct nnp_training *training,
                                         const struct nnp_stage *stage);

/* RMSEs of the residuals in a set, NULL: none are known. */
enum nnp_status nnp_training_rmse(const struct nnp_fit_set *set, struct nnp_rmse *rmse,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* On rank 0.  Tells the observer and the learning curve of an iterate of the present stage,
 * which began at `begin` (seconds).  progress: iterations, losses, gradient_norm and is_best
 * are set, the rest will be. */
enum nnp_status nnp_training_report(struct nnp_training *training, double begin,
                                    struct nnp_progress *progress) NNP_MUST_CHECK;

/* Writes the structures held out to the configuration's test_set file, on one rank. */
enum nnp_status nnp_training_write_test_set(const struct nnp_training *training) NNP_MUST_CHECK;

/* The potential as it stands: finished members, and the best of the present one; the caller
 * frees it, on failure it is NULL. */
enum nnp_status nnp_training_assemble(const struct nnp_training *training,
                                      struct nnp_potential **potential) NNP_MUST_CHECK;

/* Writes the finished members and the best parameters of the present one; on one rank. */
enum nnp_status nnp_training_save(const struct nnp_training *training) NNP_MUST_CHECK;

/* The same at the end, with RMSEs from the potential itself; these become the result.
 * Collective. */
enum nnp_status nnp_training_save_final(struct nnp_training *training,
                                        struct nnp_training_result *result) NNP_MUST_CHECK;

/* Tells the observer what memory and time the training will take, in place of it.  Collective.
 */
enum nnp_status nnp_training_estimate(struct nnp_training *training) NNP_MUST_CHECK;

/* The report of the finished potential, on one rank. */
enum nnp_status nnp_training_write_report(const struct nnp_training *training) NNP_MUST_CHECK;

/* NNP_ERROR_FILE unless files can be made beside the configured outputs. */
enum nnp_status nnp_training_check_outputs(const struct nnp_config *config,
                                           struct nnp_error *error) NNP_MUST_CHECK;

void nnp_training_message(const struct nnp_training *training, const char *format, ...)
    NNP_PRINTF(2, 3);
double nnp_training_seconds(const struct nnp_training *training);

#endif
