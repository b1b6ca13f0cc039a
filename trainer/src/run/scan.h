/* A scan over settings: one file that names a configuration and lists of values for some of its
 * keys; every combination is a training.
 *
 *     base: train.yaml
 *     vary:
 *       symmetry_functions.cutoff.radius: [5, 7, 9]
 *       network.hidden: [[10, 10], [20, 20]]
 */
#ifndef NNP_SCAN_H
#define NNP_SCAN_H

#include "nnp/status.h"
#include "text.h"

#include <stdbool.h>

struct nnp_scan;

/* Reads the scan's file and its base, and checks the configurations of all runs; takes note of
 * what their data files hold, as runs on other data are not done.  On failure
 * *scan is NULL. */
enum nnp_status nnp_scan_read(struct nnp_scan **scan, const char *path,
                              struct nnp_error *error) NNP_MUST_CHECK;
void nnp_scan_free(struct nnp_scan *scan); /* NULL is allowed */

int nnp_scan_n_runs(const struct nnp_scan *scan);

/* Name of a run, of the scan's name and its values: "scan-5-10_10"; borrowed. */
const char *nnp_scan_name(const struct nnp_scan *scan, int run);

/* Path of a run's configuration, beside the base; borrowed. */
const char *nnp_scan_config_file(const struct nnp_scan *scan, int run);

enum nnp_scan_state {
    NNP_SCAN_NEW,   /* to be begun, whatever is there */
    NNP_SCAN_BEGUN, /* to be resumed from its checkpoint */
    NNP_SCAN_DONE   /* there is its potential, complete */
};

/* What became of a run. */
enum nnp_status nnp_scan_find_state(const struct nnp_scan *scan, int run,
                                    enum nnp_scan_state *state,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* The same; a new run's configuration is written, and what one of another configuration or data
 * has left is removed. */
enum nnp_status nnp_scan_prepare(const struct nnp_scan *scan, int run,
                                 enum nnp_scan_state *state,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* The table of all runs as aligned text or as CSV: settings, parameters, RMSEs, seconds and
 * evaluations; fields of runs that are not done are empty. */
enum nnp_status nnp_scan_table(const struct nnp_scan *scan, bool csv, struct nnp_text *text,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Writes both tables beside the scan's file, with endings .csv and .txt. */
enum nnp_status nnp_scan_write_tables(const struct nnp_scan *scan,
                                      struct nnp_error *error) NNP_MUST_CHECK;

#endif
