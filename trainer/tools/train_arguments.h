/* The command line of nnp-train. */
#ifndef NNP_TRAIN_ARGUMENTS_H
#define NNP_TRAIN_ARGUMENTS_H

#include <stdbool.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 130 };

enum train_mode { MODE_TRAIN, MODE_CHECK, MODE_DRY_RUN, MODE_TEMPLATE, MODE_SCAN };

struct train_arguments {
    enum train_mode mode;
    bool resume, restart, quiet;
    int n_files;
    char **files; /* CONFIG, SCAN or DATA.. */
};

/* argv becomes the arguments' list of files.  Returns an exit status, after its words were
 * printed, or -1 to go on. */
int train_arguments_read(int argc, char **argv, struct train_arguments *arguments);

#endif
