/* Arguments of commands that compare what is in some files with what is in others: nnp-eos and
 * nnp-hull. */
#ifndef NNP_COMPARISON_ARGUMENTS_H
#define NNP_COMPARISON_ARGUMENTS_H

#include <stdbool.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

struct comparison_arguments {
    const char *program, *usage; /* set by the caller, as are these: */
    const char *needed;          /* what files are missing: "a file with curves is needed" */
    bool has_range;              /* whether there is an option --range */
    double range;                /* the default, then what is given; above 0 and below 1 */

    int n_files, n_against;
    const char **files, **against; /* [n_files], [n_against] */
    const char *csv;               /* NULL: none */
};

/* Returns an exit status, after words on standard output or standard error, or -1 to go on. */
int comparison_arguments_read(int argc, char **argv, struct comparison_arguments *arguments);
void comparison_arguments_free(struct comparison_arguments *arguments);

#endif
