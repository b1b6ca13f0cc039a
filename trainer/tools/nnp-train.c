/* nnp-train: fits a neural network potential as a configuration describes. */
#include "config.h"
#include "dataset.h"
#include "parallel.h"
#include "report.h"
#include "train_arguments.h"
#include "train_display.h"
#include "train_input.h"
#include "train_scan.h"
#include "training.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static enum nnp_status show_result(const struct nnp_training_result *result,
                                   const struct nnp_config *config, struct nnp_error *error)
{
    struct nnp_text text = {0};
    if (result->accuracy.n_rows == 0) {
        printf("%s before there was a potential; --resume goes on\n",
               result->interrupted ? "interrupted" : "time limit reached");
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

static enum nnp_status train(const struct nnp_parallel *parallel,
                             const struct train_arguments *arguments, const char *path,
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
        train_input_read(path, options.check_only, &config, &dataset, &notes, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && parallel->rank == 0)
        train_input_show_notes(&dataset, &notes);
    if (!status && options.check_only && parallel->rank == 0)
        status = train_input_show_summary(&dataset, error);
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

static enum nnp_status run(const struct nnp_parallel *parallel,
                           const struct train_arguments *arguments, bool *interrupted,
                           struct nnp_error *error)
{
    if (arguments->mode == MODE_SCAN)
        return train_scan(parallel, arguments, train, interrupted, error);
    if (arguments->mode == MODE_TEMPLATE)
        return parallel->rank == 0
                   ? train_input_write_template(arguments->n_files,
                                                (const char *const *)arguments->files, error)
                   : NNP_SUCCESS;
    return train(parallel, arguments, arguments->files[0], interrupted, error);
}

int main(int argc, char **argv)
{
    struct nnp_parallel parallel;
    struct nnp_error error = {0};
    struct train_arguments arguments = {0};
    bool interrupted = false;
    int n_words = argc;
    char **words = calloc((size_t)argc + 1, sizeof *words);
    if (!words) {
        fputs("nnp-train: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    memcpy(words, argv, (size_t)argc * sizeof *words);
    int code = train_arguments_read(n_words, words, &arguments);
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
