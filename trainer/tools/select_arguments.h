/* Arguments of nnp-select. */
#ifndef NNP_SELECT_ARGUMENTS_H
#define NNP_SELECT_ARGUMENTS_H

#include "input_options.h"

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

enum way { BY_PCA, BY_FARTHEST, BY_SPREAD, BY_EXTRAPOLATION, N_WAYS };
extern const char *const select_ways[N_WAYS];

struct select_arguments {
    struct input_options options;
    const char **files; /* [n_files], the potential first */
    int n_files;
    const char **against; /* [n_against] */
    int n_against;
    const char *output, *csv, *features;
    int way, n, n_components, seed;
    double fraction, min_distance;
    bool strip;
};

/* Adds what argv states to the defaults that are set; the lists have room for all of it.
 * Returns an exit status, after words on standard output or standard error, or -1 to go on. */
int select_arguments_read(int argc, char **argv, struct select_arguments *arguments);

#endif
