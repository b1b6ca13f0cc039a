/* The runs of a scan, one behind the other. */
#include "train_scan.h"

#include "scan.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

/* One run of a scan, as far as it is not done; a failure is told, and others go on. */
static enum nnp_status train_run(const struct nnp_parallel *parallel,
                                 const struct train_arguments *arguments, train_one *train,
                                 const struct nnp_scan *scan, int run, bool *interrupted,
                                 struct nnp_error *error)
{
    enum nnp_scan_state state = NNP_SCAN_NEW;
    struct train_arguments own = {.quiet = arguments->quiet};
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

enum nnp_status train_scan(const struct nnp_parallel *parallel,
                           const struct train_arguments *arguments, train_one *train,
                           bool *interrupted, struct nnp_error *error)
{
    struct nnp_scan *scan = NULL;
    int n_failed = 0;
    enum nnp_status status = nnp_scan_read(&scan, arguments->files[0], error);
    status = nnp_parallel_agree(parallel, status, error);
    for (int run = 0; !status && run < nnp_scan_n_runs(scan) && !*interrupted; run++) {
        n_failed += train_run(parallel, arguments, train, scan, run, interrupted, error) != 0;
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
