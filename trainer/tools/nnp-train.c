/* nnp-train: fits a neural network potential as a configuration describes. */
#include "config.h"
#include "dataset.h"
#include "input.h"
#include "parallel.h"
#include "report.h"
#include "survey.h"
#include "training.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 130 };

static const char usage[] =
    "usage: nnp-train [--check] CONFIG\n"
    "       mpirun -n N nnp-train CONFIG\n"
    "\n"
    "Trains a neural network potential on reference energies, forces and stresses.\n"
    "CONFIG is a YAML file (trainer/README.md) that names data, network and output.\n"
    "The result does not depend on the number of MPI processes.\n"
    "\n"
    "  --check    read and check the input, state the memory needed, and stop\n"
    "  --help     show this text\n"
    "  --version  show the version\n"
    "\n"
    "The first SIGINT or SIGTERM ends the training after the present iteration, and the\n"
    "best potential so far is written; a second one ends it at once.\n"
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

/* Back to the default after one signal, so that a second one works at once. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = handle_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

struct display {
    bool terminal;     /* rewrite one line there; elsewhere now and then a line */
    bool line_is_open; /* on the terminal */
    double next;       /* seconds at which the next line is due */
};

static void end_line(struct display *display)
{
    if (display->line_is_open)
        putchar('\n');
    display->line_is_open = false;
}

static void show_message(void *context, const char *text)
{
    end_line(context);
    puts(text);
    fflush(stdout);
}

/* Columns of the terminal, so that a line that is rewritten does not wrap. */
static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1;
    return 200;
}

/* Ten lines a second on a terminal, else one a second at first and fewer later; the last
 * iteration of a stage always. */
static void show_progress(void *context, const struct nnp_progress *progress)
{
    struct display *display = context;
    struct nnp_text text = {0};
    if (progress->seconds < display->next && progress->iteration < progress->n_iterations)
        return;
    display->next =
        progress->seconds + (display->terminal ? 0.1 : 1.0 + 0.05 * progress->seconds);
    nnp_report_progress(&text, progress);
    if (!text.failed && display->terminal) {
        printf("\r%.*s\033[K", terminal_width(), text.data);
        display->line_is_open = true;
        if (progress->iteration == progress->n_iterations)
            end_line(display);
    } else if (!text.failed) {
        puts(text.data);
    }
    fflush(stdout);
    free(text.data);
}

static enum nnp_status show_result(const struct nnp_training_result *result,
                                   const struct nnp_config *config, struct nnp_error *error)
{
    struct nnp_text text = {0};
    if (result->accuracy.n_rows == 0) {
        puts("interrupted before there was a result: nothing was written");
        return NNP_SUCCESS;
    }
    nnp_report_accuracy(&text, &result->accuracy);
    if (result->spread_set)
        nnp_report_spread(&text, result->spread_set, &result->spread);
    if (text.failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of errors");
    printf("%s%s: %s\n", text.data,
           result->interrupted   ? "interrupted, best so far"
           : result->out_of_time ? "time limit reached, best so far"
                                 : "written",
           config->potential_file);
    free(text.data);
    return NNP_SUCCESS;
}

/* notes: on functions that say nothing; looked for where they are to be left out, and by
 * --check. */
static enum nnp_status read_input(const char *path, bool check_only, struct nnp_config **config,
                                  struct nnp_dataset *dataset, struct nnp_text *notes,
                                  struct nnp_error *error)
{
    enum nnp_status status = nnp_config_read(config, path, error);
    if (!status)
        status = nnp_input_read(*config, dataset, error);
    if (!status && ((*config)->prune || check_only))
        status = nnp_survey_functions(*config, dataset, (*config)->prune, notes, error);
    return status;
}

/* What was left out of the data, before it is trained on. */
static void show_notes(const struct nnp_dataset *dataset, const struct nnp_text *notes)
{
    for (int f = 0; f < dataset->n_files; f++)
        if (dataset->files[f].note)
            printf("%s (%d left out of this file)\n", dataset->files[f].note,
                   dataset->files[f].n_left_out);
    if (notes->length > 0)
        fputs(notes->data, stdout);
}

static enum nnp_status run(const struct nnp_parallel *parallel, const char *path,
                           bool check_only, bool *interrupted, struct nnp_error *error)
{
    struct nnp_config *config = NULL;
    struct nnp_dataset dataset = {0};
    struct nnp_training_result result = {0};
    struct display display = {.terminal = isatty(STDOUT_FILENO)};
    const struct nnp_training_observer observer = {&display, show_message, show_progress};
    const struct nnp_training_options options = {
        .check_only = check_only,
        .observer = &observer,
        .interrupted = is_stop_wanted,
        .program = "nnp-train " NNP_VERSION,
    };
    struct nnp_text notes = {0};
    enum nnp_status status = read_input(path, check_only, &config, &dataset, &notes, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && parallel->rank == 0)
        show_notes(&dataset, &notes);
    if (!status)
        status = nnp_training_run(config, &dataset, parallel, &options, &result, error);
    if (parallel->rank == 0)
        end_line(&display);
    if (!status && !check_only && parallel->rank == 0)
        status = show_result(&result, config, error);
    *interrupted = result.interrupted;
    nnp_accuracy_free(&result.accuracy);
    free(notes.data);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, bool *check_only, const char **path)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("nnp-train " NNP_VERSION);
            return EXIT_DONE;
        }
        if (strcmp(argv[i], "--check") == 0) {
            *check_only = true;
        } else if (argv[i][0] == '-' || *path) {
            fprintf(stderr, "nnp-train: unexpected argument %s (see nnp-train --help)\n",
                    argv[i]);
            return EXIT_USAGE;
        } else {
            *path = argv[i];
        }
    }
    if (*path)
        return -1;
    fputs("nnp-train: no configuration file given (see nnp-train --help)\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct nnp_parallel parallel;
    struct nnp_error error = {0};
    const char *path = NULL;
    bool check_only = false, interrupted = false;
    int code = read_arguments(argc, argv, &check_only, &path);
    if (code >= 0)
        return code;
    enum nnp_status status = nnp_parallel_init(&parallel, &argc, &argv, &error);
    if (status) {
        fprintf(stderr, "nnp-train: %s\n", error.message);
        return EXIT_FAILED;
    }
    catch_signals();
    status = run(&parallel, path, check_only, &interrupted, &error);
    if (status && parallel.rank == 0)
        fprintf(stderr, "nnp-train: %s\n", error.message);
    nnp_parallel_finalize();
    if (status)
        return EXIT_FAILED;
    return interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}
