/* What the files of the scan share. */
#ifndef NNP_SCAN_PARTS_H
#define NNP_SCAN_PARTS_H

#include "scan.h"
#include "yaml.h"

/* A key that is varied. */
struct nnp_scan_key {
    const char *path;                          /* "network.hidden", borrowed */
    const struct nnp_yaml_node *node, *values; /* the key's place; its list */
};

struct nnp_scan_run {
    const struct nnp_yaml_node **values; /* [n_keys] */
    char *name, *config_file;
};

struct nnp_scan {
    char *path, *stem; /* stem: path without its ending */
    char *base_path;
    struct nnp_yaml *document, *base;
    int n_keys, n_runs;
    struct nnp_scan_key *keys; /* [n_keys] */
    struct nnp_scan_run *runs; /* [n_runs], the last key varies fastest */
};

/* A node in YAML's flow style. */
void nnp_scan_append_node(struct nnp_text *text, const struct nnp_yaml_node *node);

/* The base with the run's values, and outputs named after the run.  NNP_ERROR_VALUE: a path
 * that is nowhere in the base. */
enum nnp_status nnp_scan_append_config(struct nnp_text *text, const struct nnp_scan *scan,
                                       const struct nnp_scan_run *run,
                                       struct nnp_error *error) NNP_MUST_CHECK;

#endif
