/* Options of nnp-train, and what goes with what. */
#include "train_arguments.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: nnp-train [--resume | --restart] [--quiet] CONFIG\n"
    "       nnp-train --check CONFIG\n"
    "       nnp-train --dry-run CONFIG\n"
    "       nnp-train --template DATA..\n"
    "       nnp-train --scan [--quiet] SCAN\n"
    "       mpirun -n N nnp-train CONFIG\n"
    "\n"
    "Trains a neural network potential on reference energies, forces and stresses.\n"
    "CONFIG is a YAML file (trainer/README.md) that names data, network and output.\n"
    "The result does not depend on the number of MPI processes.\n"
    "\n"
    "  --check    read and check the input, say what the data hold, and stop\n"
    "  --dry-run  measure a few structures, state time and memory needed, and stop\n"
    "  --template write a first configuration for data files to standard output\n"
    "  --scan     train all combinations of settings that SCAN lists; one table\n"
    "  --resume   go on from the checkpoint of a training that was ended or died\n"
    "  --restart  begin anew, and discard such a checkpoint\n"
    "  --quiet    show warnings and errors only\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "The first SIGINT or SIGTERM ends the training after the present iteration; the best\n"
    "potential so far and a checkpoint are written.  A second one ends it at once.\n"
    "SIGUSR1 writes a checkpoint after the present iteration, and the training goes on.\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage, 130 ended by a signal.\n";

/* Whether the argument is an option; a second mode is none. */
static bool read_option(const char *word, struct train_arguments *arguments)
{
    static const struct {
        const char *word;
        enum train_mode mode;
    } modes[] = {
        {"--check", MODE_CHECK},
        {"--dry-run", MODE_DRY_RUN},
        {"--template", MODE_TEMPLATE},
        {"--scan", MODE_SCAN},
    };
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++)
        if (strcmp(word, modes[m].word) == 0 && arguments->mode == MODE_TRAIN) {
            arguments->mode = modes[m].mode;
            return true;
        }
    bool *flag = NULL;
    if (strcmp(word, "--resume") == 0)
        flag = &arguments->resume;
    else if (strcmp(word, "--restart") == 0)
        flag = &arguments->restart;
    else if (strcmp(word, "--quiet") == 0)
        flag = &arguments->quiet;
    if (flag)
        *flag = true;
    return flag;
}

static int refuse(const char *format, const char *word)
{
    fprintf(stderr, "nnp-train: ");
    fprintf(stderr, format, word);
    fprintf(stderr, " (see nnp-train --help)\n");
    return EXIT_USAGE;
}

int train_arguments_read(int argc, char **argv, struct train_arguments *arguments)
{
    arguments->files = argv; /* their names are moved to its beginning */
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-train " NNP_VERSION);
            return EXIT_DONE;
        }
        if (read_option(argv[i], arguments))
            continue;
        if (argv[i][0] == '-' || (arguments->n_files == 1 && arguments->mode != MODE_TEMPLATE))
            return refuse("unexpected argument %s", argv[i]);
        argv[arguments->n_files++] = argv[i];
    }
    if (arguments->n_files == 0)
        return refuse("no %s file given",
                      arguments->mode == MODE_TEMPLATE ? "data" : "configuration");
    if (arguments->resume && arguments->restart)
        return refuse("--resume and %s exclude each other", "--restart");
    if ((arguments->resume || arguments->restart) && arguments->mode != MODE_TRAIN)
        return refuse("%s goes with a plain training only",
                      arguments->resume ? "--resume" : "--restart");
    return -1;
}
