/* nnp-grow: cycles of dynamics, choice, labelling and retraining. */
#define _POSIX_C_SOURCE 200809L

#include "grow.h"
#include "linear_algebra.h"
#include "study.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 130 };

static const char usage[] =
    "usage: nnp-grow [--dry-run] STUDY\n"
    "\n"
    "Grows a data set in cycles: simulations with the present potential, choice among their\n"
    "frames, labelling of the chosen ones by a command, training from the present weights.\n"
    "STUDY is a YAML file (trainer/GROW.md). Each generation has a folder that keeps all of\n"
    "it; what is done is not done again, so that the same command goes on after a stop.\n"
    "\n"
    "  --dry-run  say what would be done, and stop\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "SIGINT and SIGTERM end all commands that run; they are begun anew the next time.\n"
    "Exit status: 0 done, 1 bad input or failure, 2 wrong usage, 130 ended by a signal.\n";

static volatile sig_atomic_t stop_wanted;

static void handle_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static bool is_stop_wanted(void)
{
    return stop_wanted;
}

/* Kept for later signals as well: children must be ended first. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = handle_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void show_message(void *context, const char *text)
{
    (void)context;
    puts(text);
    fflush(stdout);
}

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, bool *dry, const char **path)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-grow " NNP_VERSION);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--dry-run") == 0) {
            *dry = true;
        } else if (argv[i][0] == '-' || *path) {
            fprintf(stderr, "nnp-grow: unexpected argument %s (see nnp-grow --help)\n",
                    argv[i]);
            return EXIT_USAGE;
        } else {
            *path = argv[i];
        }
    }
    if (*path)
        return -1;
    fputs("nnp-grow: no study given (see nnp-grow --help)\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const struct nnp_grow_observer observer = {NULL, show_message, is_stop_wanted};
    struct nnp_study *study = NULL;
    struct nnp_error error = {0};
    const char *path = NULL;
    bool dry = false;
    int code = read_arguments(argc, argv, &dry, &path);
    if (code >= 0)
        return code;
    nnp_linear_algebra_init();
    catch_signals();
    enum nnp_status status = nnp_study_read(&study, path, &error);
    if (!status)
        status = nnp_grow_run(study, &observer, dry, &error);
    nnp_study_free(study);
    if (status) {
        fprintf(stderr, "nnp-grow: %s\n", error.message);
        return EXIT_FAILED;
    }
    if (stop_wanted) {
        fputs("nnp-grow: interrupted: the same command goes on\n", stderr);
        return EXIT_INTERRUPTED;
    }
    return EXIT_DONE;
}
