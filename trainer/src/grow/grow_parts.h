/* Steps of a generation. */
#ifndef NNP_GROW_PARTS_H
#define NNP_GROW_PARTS_H

#include "accuracy.h"
#include "dataset.h"
#include "grow.h"
#include "text.h"

/* Borrows all. */
struct nnp_generation {
    const struct nnp_study *study;
    const struct nnp_grow_observer *observer;
    int number;            /* from 1 */
    const char *folder;    /* generation-N */
    const char *potential; /* of the generation before */
};

/* Each step makes its file unless the observer is interrupted, when it returns NNP_SUCCESS. */
enum nnp_status nnp_grow_frames(const struct nnp_generation *generation,
                                struct nnp_error *error) NNP_MUST_CHECK;
/* Writes an empty file where nothing is left to choose. */
enum nnp_status nnp_grow_choose(const struct nnp_generation *generation,
                                struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_grow_label(const struct nnp_generation *generation,
                               struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_grow_errors(const struct nnp_generation *generation,
                                struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_grow_train(const struct nnp_generation *generation,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Tables and figures of all generations so far, 1 .. n. */
enum nnp_status nnp_grow_report(const struct nnp_study *study,
                                const struct nnp_grow_observer *observer, int n,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* Gnuplot scripts: errors of generations, and the map of one.  Figures are drawn where there is
 * gnuplot. */
enum nnp_status nnp_grow_plot_errors(const struct nnp_study *study,
                                     const struct nnp_grow_observer *observer,
                                     struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_grow_plot_map(const struct nnp_generation *generation, int n_kinds,
                                  const char *const *kinds,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* ---- What steps share ---- */

void nnp_grow_say(const struct nnp_grow_observer *observer, const char *format, ...)
    NNP_PRINTF(2, 3);

/* The commands of the runs, or of the labels, of a generation. */
enum nnp_status nnp_grow_run_command(const struct nnp_generation *generation, int k,
                                     const char *folder, struct nnp_text *command,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* Commands of which each has a folder. */
struct nnp_grow_work {
    const char *name; /* of the folder that theirs are in */
    int n, at_once;
    double time; /* seconds; 0: no limit */
    bool fresh;  /* what an interrupted command left is removed; else the command finds it */
    const void *context;
    enum nnp_status (*command)(const struct nnp_generation *generation, const void *context,
                               int k, const char *folder, struct nnp_text *command,
                               struct nnp_error *error);
    /* NULL, or writes what the command needs into its folder. */
    enum nnp_status (*prepare)(const struct nnp_generation *generation, const void *context,
                               int k, const char *folder, struct nnp_error *error);
};

/* Runs those that are not done; folders are NAME/0001.partial and, when done, NAME/0001 with a
 * file status.  NNP_ERROR_INCONSISTENT: one was done with another command. */
enum nnp_status nnp_grow_do(const struct nnp_generation *generation,
                            const struct nnp_grow_work *work,
                            struct nnp_error *error) NNP_MUST_CHECK;

/* The folder of the k-th (from 0) that is done, and its file status without the end of line;
 * owned by the caller, also on failure. */
enum nnp_status nnp_grow_done(const struct nnp_generation *generation, const char *name, int k,
                              char **folder, char **how,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* Writes a file of the generation. */
enum nnp_status nnp_grow_write(const struct nnp_generation *generation, const char *name,
                               const struct nnp_text *text,
                               struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_grow_read(const struct nnp_generation *generation, const char *name,
                              struct nnp_dataset *dataset,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* labelled.extxyz of the generation n. */
enum nnp_status nnp_grow_labelled(const struct nnp_study *study, int n, char **path,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* Value of sid= in the comment of a structure: its first character, and *length; NULL: none. */
const char *nnp_grow_sid(const struct nnp_structure *structure, int *length);

/* A text as a cell of CSV. */
void nnp_grow_append_cell(struct nnp_text *text, const char *cell);

#endif
