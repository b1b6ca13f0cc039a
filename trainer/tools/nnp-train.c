/* nnp-train: fits a neural network potential as a configuration describes. */
#include "config.h"
#include "dataset.h"
#include "parallel.h"
#include "report.h"
#include "training.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 130 };

static const char usage[] =
    "usage: nnp-train [--check] [--resume | --restart] [--quiet] CONFIG\n"
    "       mpirun -n N nnp-train CONFIG\n"
    "\n"
    "Trains a neural network potential on reference energies, forces and stresses.\n"
    "CONFIG is a YAML file (trainer/README.md) that names data, network and output.\n"
    "The result does not depend on the number of MPI processes.\n"
    "\n"
    "  --check    read and check the input, state the memory needed, and stop\n"
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

static volatile sig_atomic_t stop_wanted, checkpoint_wanted;

static void handle_signal(int number)
{
    if (number == SIGUSR1)
        checkpoint_wanted = 1;
    else
        stop_wanted = 1;
}

static bool is_stop_wanted(void)
{
    return stop_wanted;
}

static bool is_checkpoint_wanted(void)
{
    bool wanted = checkpoint_wanted;
    if (wanted)
        checkpoint_wanted = 0;
    return wanted;
}

/* Those that end the training are back to the default after one, so that a second one works at
 * once. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = handle_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
}

struct arguments {
    const char *config;
    bool check_only, resume, restart, quiet;
};

struct display {
    bool quiet;
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
    struct display *display = context;
    if (display->quiet)
        return;
    end_line(display);
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

/* Ten lines a second on a terminal, else one a second at first and fewer later, but every half
 * minute; the last iteration of a stage always. */
static void show_progress(void *context, const struct nnp_progress *progress)
{
    struct display *display = context;
    struct nnp_text text = {0};
    bool is_last = progress->iteration == progress->n_iterations;
    if (display->quiet || (progress->seconds < display->next && !is_last))
        return;
    display->next = progress->seconds +
                    (display->terminal ? 0.1 : fmin(1.0 + 0.05 * progress->seconds, 30.0));
    nnp_report_progress(&text, progress);
    if (!text.failed && display->terminal) {
        printf("\r%.*s\033[K", terminal_width(), text.data);
        display->line_is_open = true;
        if (is_last)
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
        puts("interrupted before there was a potential; --resume goes on");
        return NNP_SUCCESS;
    }
    nnp_report_accuracy(&text, &result->accuracy);
    if (text.failed)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table of errors");
    printf("%s%s: %s\n", text.data,
           result->interrupted ? "interrupted, best so far" : "written",
           config->potential_file);
    free(text.data);
    return NNP_SUCCESS;
}

static enum nnp_status read_input(const char *path, struct nnp_config **config,
                                  struct nnp_dataset *dataset, struct nnp_error *error)
{
    enum nnp_status status = nnp_config_read(config, path, error);
    for (int f = 0; !status && f < (*config)->n_data_files; f++)
        status = nnp_dataset_read(dataset, (*config)->data_files[f], NULL, error);
    return status;
}

/* What was left out of the data, before it is trained on. */
static void show_notes(const struct nnp_dataset *dataset)
{
    for (int f = 0; f < dataset->n_files; f++)
        if (dataset->files[f].note)
            printf("%s (%d left out of this file)\n", dataset->files[f].note,
                   dataset->files[f].n_left_out);
}

static enum nnp_status run(const struct nnp_parallel *parallel,
                           const struct arguments *arguments, bool *interrupted,
                           struct nnp_error *error)
{
    struct nnp_config *config = NULL;
    struct nnp_dataset dataset = {0};
    struct nnp_training_result result = {0};
    struct display display = {.quiet = arguments->quiet, .terminal = isatty(STDOUT_FILENO)};
    const struct nnp_training_observer observer = {&display, show_message, show_progress};
    const struct nnp_training_options options = {
        .check_only = arguments->check_only,
        .resume = arguments->resume,
        .restart = arguments->restart,
        .observer = &observer,
        .interrupted = is_stop_wanted,
        .checkpoint_wanted = is_checkpoint_wanted,
        .program = "nnp-train " NNP_VERSION,
    };
    enum nnp_status status = read_input(arguments->config, &config, &dataset, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && parallel->rank == 0)
        show_notes(&dataset);
    if (!status)
        status = nnp_training_run(config, &dataset, parallel, &options, &result, error);
    if (parallel->rank == 0)
        end_line(&display);
    if (!status && !arguments->check_only && !arguments->quiet && parallel->rank == 0)
        status = show_result(&result, config, error);
    *interrupted = result.interrupted;
    nnp_accuracy_free(&result.accuracy);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, struct arguments *arguments)
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
            arguments->check_only = true;
        } else if (strcmp(argv[i], "--resume") == 0) {
            arguments->resume = true;
        } else if (strcmp(argv[i], "--restart") == 0) {
            arguments->restart = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            arguments->quiet = true;
        } else if (argv[i][0] == '-' || arguments->config) {
            fprintf(stderr, "nnp-train: unexpected argument %s (see nnp-train --help)\n",
                    argv[i]);
            return EXIT_USAGE;
        } else {
            arguments->config = argv[i];
        }
    }
    if (arguments->resume && arguments->restart) {
        fputs("nnp-train: --resume and --restart exclude each other\n", stderr);
        return EXIT_USAGE;
    }
    if (arguments->config)
        return -1;
    fputs("nnp-train: no configuration file given (see nnp-train --help)\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct nnp_parallel parallel;
    struct nnp_error error = {0};
    struct arguments arguments = {0};
    bool interrupted = false;
    int code = read_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    enum nnp_status status = nnp_parallel_init(&parallel, &argc, &argv, &error);
    if (status) {
        fprintf(stderr, "nnp-train: %s\n", error.message);
        return EXIT_FAILED;
    }
    catch_signals();
    status = run(&parallel, &arguments, &interrupted, &error);
    if (status && parallel.rank == 0)
        fprintf(stderr, "nnp-train: %s\n", error.message);
    nnp_parallel_finalize();
    if (status)
        return EXIT_FAILED;
    return interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}
