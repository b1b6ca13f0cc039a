/* What the files of the scan share. */
#ifndef NNP_SCAN_PARTS_H
#define NNP_SCAN_PARTS_H

#include "config.h"
#include "scan.h"
#include "yaml.h"

/* Checksums of files, each of which is read once; zero-initialised. */
struct nnp_scan_files {
    int n;
    struct nnp_scan_file {
        char *path;
        char sha256[65];
    } * files; /* [n] */
};

/* A key that is varied. */
struct nnp_scan_key {
    const char *path;                          /* "network.hidden", borrowed */
    const struct nnp_yaml_node *node, *values; /* the key's place; its list */
};

struct nnp_scan_run {
    const struct nnp_yaml_node **values; /* [n_keys] */
    char *name, *config_file;
    char input_sha256[65]; /* of what its files of data and initial potentials hold */
};

struct nnp_scan {
    char *path, *stem; /* stem: path without its ending */
    char *base_path;
    struct nnp_yaml *document, *base;
    int n_keys, n_runs;
    struct nnp_scan_key *keys; /* [n_keys] */
    struct nnp_scan_run *runs; /* [n_runs], the last key varies fastest */
};

/* Sets the checksum of a run's input from the checksums of its files.  NNP_ERROR_FILE: one
 * cannot be read. */
enum nnp_status nnp_scan_hash_input(struct nnp_scan_run *run, const struct nnp_config *config,
                                    struct nnp_scan_files *files,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_scan_files_free(struct nnp_scan_files *files);

/* A node in YAML's flow style. */
void nnp_scan_append_node(struct nnp_text *text, const struct nnp_yaml_node *node);

/* The base with the run's values, outputs named after the run, and at the end a comment with
 * the checksum of the input, if that is known: the text differs where the data do.
 * NNP_ERROR_VALUE: a path that is nowhere in the base. */
enum nnp_status nnp_scan_append_config(struct nnp_text *text, const struct nnp_scan *scan,
                                       const struct nnp_scan_run *run,
                                       struct nnp_error *error) NNP_MUST_CHECK;

#endif
