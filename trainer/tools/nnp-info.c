/* nnp-info: what a potential file holds. */
#include "describe.h"
#include "nnp/potential.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: nnp-info POTENTIAL\n"
    "\n"
    "Reads a potential, a file or folder in any format that nnp-convert lists, checks it whole,\n"
    "and shows where it comes from, its errors, elements, symmetry functions and networks.\n"
    "\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "Exit status: 0 the potential is sound, 1 it is not, 2 wrong usage.\n";

static enum nnp_status show(const char *path, struct nnp_error *error)
{
    struct nnp_potential *potential;
    struct nnp_text text = {0};
    enum nnp_status status = nnp_potential_read(&potential, path, error);
    if (status)
        return status;
    nnp_describe_potential(&text, potential);
    if (text.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the description");
    else
        fputs(text.data, stdout);
    free(text.data);
    nnp_potential_free(potential);
    return status;
}

int main(int argc, char **argv)
{
    struct nnp_error error = {0};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("nnp-info " NNP_VERSION);
        return EXIT_DONE;
    }
    if (argc != 2 || argv[1][0] == '-') {
        fputs("nnp-info: one potential file is needed (see nnp-info --help)\n", stderr);
        return EXIT_USAGE;
    }
    if (show(argv[1], &error)) {
        fprintf(stderr, "nnp-info: %s\n", error.message);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
