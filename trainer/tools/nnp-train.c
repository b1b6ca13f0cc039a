/* nnp-train: fits a neural network potential as a configuration describes. */
#include "config.h"
#include "dataset.h"
#include "input.h"
#include "parallel.h"
#include "report.h"
#include "scan.h"
#include "summary.h"
#include "survey.h"
#include "template.h"
#include "train_display.h"
#include "training.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 130 };

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

enum mode { MODE_TRAIN, MODE_CHECK, MODE_DRY_RUN, MODE_TEMPLATE, MODE_SCAN };

struct arguments {
    enum mode mode;
    bool resume, restart, quiet;
    int n_files;
    char **files; /* CONFIG, SCAN or DATA.. */
};

static enum nnp_status show_result(const struct nnp_training_result *result,
                                   const struct nnp_config *config, struct nnp_error *error)
{
    struct nnp_text text = {0};
    if (result->accuracy.n_rows == 0) {
        puts("interrupted before there was a potential; --resume goes on");
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

/* A summary of all structures of a data set; the caller frees *structures after it. */
static enum nnp_status summarize(const struct nnp_dataset *dataset, struct nnp_summary *summary,
                                 const struct nnp_structure ***structures,
                                 struct nnp_error *error)
{
    *structures = calloc((size_t)dataset->n_structures + 1, sizeof **structures);
    if (!*structures)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures",
                             dataset->n_structures);
    for (int s = 0; s < dataset->n_structures; s++)
        (*structures)[s] = &dataset->structures[s];
    return nnp_summary_make(summary, dataset->n_structures, *structures, error);
}

static enum nnp_status show_summary(const struct nnp_dataset *dataset, struct nnp_error *error)
{
    struct nnp_summary summary = {0};
    struct nnp_text text = {0};
    const struct nnp_structure **structures;
    enum nnp_status status = summarize(dataset, &summary, &structures, error);
    if (!status)
        nnp_summary_append(&text, &summary);
    if (!status && text.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a summary");
    if (!status)
        fputs(text.data, stdout);
    free(text.data);
    nnp_summary_free(&summary);
    free(structures);
    return status;
}

static enum nnp_status train(const struct nnp_parallel *parallel,
                             const struct arguments *arguments, const char *path,
                             bool *interrupted, struct nnp_error *error)
{
    struct nnp_config *config = NULL;
    struct nnp_dataset dataset = {0};
    struct nnp_training_result result = {0};
    struct train_display display = {.quiet = arguments->quiet,
                                    .terminal = isatty(STDOUT_FILENO)};
    const struct nnp_training_observer observer = {&display, train_display_message,
                                                   train_display_progress};
    const struct nnp_training_options options = {
        .check_only = arguments->mode == MODE_CHECK,
        .dry_run = arguments->mode == MODE_DRY_RUN,
        .resume = arguments->resume,
        .restart = arguments->restart,
        .observer = &observer,
        .interrupted = is_stop_wanted,
        .checkpoint_wanted = is_checkpoint_wanted,
        .program = "nnp-train " NNP_VERSION,
    };
    bool trains = !options.check_only && !options.dry_run;
    struct nnp_text notes = {0};
    enum nnp_status status =
        read_input(path, options.check_only, &config, &dataset, &notes, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && parallel->rank == 0)
        show_notes(&dataset, &notes);
    if (!status && options.check_only && parallel->rank == 0)
        status = show_summary(&dataset, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status)
        status = nnp_training_run(config, &dataset, parallel, &options, &result, error);
    if (parallel->rank == 0)
        train_display_end_line(&display);
    if (!status && trains && !arguments->quiet && parallel->rank == 0)
        status = show_result(&result, config, error);
    *interrupted = result.interrupted;
    nnp_accuracy_free(&result.accuracy);
    free(notes.data);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

static enum nnp_status write_template(const struct arguments *arguments,
                                      struct nnp_error *error)
{
    struct nnp_dataset dataset = {0};
    struct nnp_summary summary = {0};
    struct nnp_text text = {0};
    const struct nnp_structure **structures = NULL;
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < arguments->n_files && !status; f++)
        status = nnp_dataset_read(&dataset, arguments->files[f], NULL, error);
    if (!status)
        status = summarize(&dataset, &summary, &structures, error);
    if (!status)
        status = nnp_template_append(&text, &summary, arguments->n_files,
                                     (const char *const *)arguments->files, error);
    if (!status)
        fputs(text.data, stdout);
    free(text.data);
    nnp_summary_free(&summary);
    free(structures);
    nnp_dataset_free(&dataset);
    return status;
}

/* One run of a scan, as far as it is not done; a failure is told, and others go on. */
static enum nnp_status train_run(const struct nnp_parallel *parallel,
                                 const struct arguments *arguments, const struct nnp_scan *scan,
                                 int run, bool *interrupted, struct nnp_error *error)
{
    enum nnp_scan_state state = NNP_SCAN_NEW;
    struct arguments own = {.quiet = arguments->quiet};
    enum nnp_status status = NNP_SUCCESS;
    if (parallel->rank == 0)
        status = nnp_scan_prepare(scan, run, &state, error);
    status = nnp_parallel_agree(parallel, status, error);
    nnp_parallel_broadcast(parallel, &state, sizeof state);
    own.resume = state == NNP_SCAN_BEGUN;
    own.restart = state == NNP_SCAN_NEW;
    if (parallel->rank == 0 && !status && !arguments->quiet)
        printf("%s%s (%d of %d)\n", nnp_scan_name(scan, run),
               state == NNP_SCAN_DONE ? " is done" : "", run + 1, nnp_scan_n_runs(scan));
    if (!status && state != NNP_SCAN_DONE)
        status = train(parallel, &own, nnp_scan_config_file(scan, run), interrupted, error);
    if (status && parallel->rank == 0)
        fprintf(stderr, "nnp-train: %s: %s\n", nnp_scan_name(scan, run), error->message);
    return status;
}

static enum nnp_status show_tables(const struct nnp_scan *scan, struct nnp_error *error)
{
    struct nnp_text text = {0};
    enum nnp_status status = nnp_scan_table(scan, false, &text, error);
    if (!status)
        fputs(text.data, stdout);
    free(text.data);
    return status;
}

static enum nnp_status run_scan(const struct nnp_parallel *parallel,
                                const struct arguments *arguments, bool *interrupted,
                                struct nnp_error *error)
{
    struct nnp_scan *scan = NULL;
    int n_failed = 0;
    enum nnp_status status = nnp_scan_read(&scan, arguments->files[0], error);
    status = nnp_parallel_agree(parallel, status, error);
    for (int run = 0; !status && run < nnp_scan_n_runs(scan) && !*interrupted; run++) {
        n_failed += train_run(parallel, arguments, scan, run, interrupted, error) != 0;
        if (parallel->rank == 0)
            status = nnp_scan_write_tables(scan, error);
        status = nnp_parallel_agree(parallel, status, error);
    }
    if (!status && parallel->rank == 0)
        status = show_tables(scan, error);
    if (!status && n_failed > 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT, "%d of the runs of %s failed",
                               n_failed, arguments->files[0]);
    nnp_scan_free(scan);
    return status;
}

static enum nnp_status run(const struct nnp_parallel *parallel,
                           const struct arguments *arguments, bool *interrupted,
                           struct nnp_error *error)
{
    if (arguments->mode == MODE_SCAN)
        return run_scan(parallel, arguments, interrupted, error);
    if (arguments->mode == MODE_TEMPLATE)
        return parallel->rank == 0 ? write_template(arguments, error) : NNP_SUCCESS;
    return train(parallel, arguments, arguments->files[0], interrupted, error);
}

/* Whether the argument is an option; a second mode is none. */
static bool read_option(const char *word, struct arguments *arguments)
{
    static const struct {
        const char *word;
        enum mode mode;
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

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, struct arguments *arguments)
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

int main(int argc, char **argv)
{
    struct nnp_parallel parallel;
    struct nnp_error error = {0};
    struct arguments arguments = {0};
    bool interrupted = false;
    int n_words = argc;
    char **words = calloc((size_t)argc + 1, sizeof *words);
    if (!words) {
        fputs("nnp-train: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    memcpy(words, argv, (size_t)argc * sizeof *words);
    int code = read_arguments(n_words, words, &arguments);
    if (code >= 0) {
        free(words);
        return code;
    }
    enum nnp_status status = nnp_parallel_init(&parallel, &argc, &argv, &error);
    if (status) {
        fprintf(stderr, "nnp-train: %s\n", error.message);
        free(words);
        return EXIT_FAILED;
    }
    catch_signals();
    status = run(&parallel, &arguments, &interrupted, &error);
    if (status && parallel.rank == 0)
        fprintf(stderr, "nnp-train: %s\n", error.message);
    nnp_parallel_finalize();
    free(words);
    if (status)
        return EXIT_FAILED;
    return interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}
