/* What nnp-grow is to do (YAML; every key is described in trainer/GROW.md). */
#ifndef NNP_STUDY_H
#define NNP_STUDY_H

#include "nnp/status.h"

#include <stdbool.h>

/* One simulation; variables of its condition are in place, {potential}, {out}, {generation} and
 * {seed} are left. */
struct nnp_study_run {
    char *kind, *command, *frames;
};

/* A frame beyond any of these ends its run. */
struct nnp_study_limits {
    double distance; /* Angstrom, at least */
    double energy;   /* eV/atom, from the energy of the run's first frame */
    double forces;   /* eV/Angstrom, of an atom */
};

enum nnp_study_way {
    NNP_STUDY_PCA,
    NNP_STUDY_FARTHEST,
    NNP_STUDY_SPREAD,
    NNP_STUDY_EXTRAPOLATION,
    NNP_N_STUDY_WAYS
};

struct nnp_study_choice {
    enum nnp_study_way way;
    bool atoms;      /* functions of all atoms side by side, kind by kind; else their mean and
                        deviation, all kinds together */
    int n;           /* per run; 0: the fraction */
    double fraction; /* of the frames */
    int n_components, seed;
};

/* Owns all pointers.  Paths are absolute. */
struct nnp_study {
    char *path;   /* of the file, as given */
    char *source; /* its folder, where commands run */
    char *folder; /* of the generations */
    char *potential;
    int n_data;
    char **data; /* [n_data] */
    int n_cycles, n_at_once;
    double target_energy, target_forces; /* eV/atom, eV/Angstrom; 0: none */
    bool plots;

    int n_runs;
    struct nnp_study_run *runs; /* [n_runs] */
    int n_types;
    int *types;      /* [n_types], atomic numbers of types in dumps */
    double run_time; /* seconds; 0: no limit */
    struct nnp_study_limits limits;
    struct nnp_study_choice choice;

    char *label_command; /* {input}, {output}, {generation} are left */
    double label_time;
    int labels_at_once, batch; /* structures per command; 0: all */

    char *train_config;  /* template */
    char *train_command; /* {config} and {generation} are left */
    double train_time;
};

/* Reads and checks.  On failure *study is NULL; the message names file, line and column. */
enum nnp_status nnp_study_read(struct nnp_study **study, const char *path,
                               struct nnp_error *error) NNP_MUST_CHECK;
void nnp_study_free(struct nnp_study *study); /* NULL is allowed */

#endif
