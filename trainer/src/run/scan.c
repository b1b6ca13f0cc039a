/* Reading of a scan. */
#include "config.h"
#include "scan_parts.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RUNS = 10000 };

void nnp_scan_free(struct nnp_scan *scan)
{
    if (!scan)
        return;
    for (int r = 0; scan->runs && r < scan->n_runs; r++) {
        free(scan->runs[r].values);
        free(scan->runs[r].name);
        free(scan->runs[r].config_file);
    }
    free(scan->runs);
    free(scan->keys);
    free(scan->path);
    free(scan->stem);
    free(scan->base_path);
    nnp_yaml_free(scan->document);
    nnp_yaml_free(scan->base);
    free(scan);
}

static enum nnp_status no_memory(const char *path, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the scan %s", path);
}

/* Length of the part of a path that names a folder, with its slash. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The base, relative to the folder of the scan. */
static enum nnp_status read_base(struct nnp_scan *scan, const struct nnp_yaml_node *root,
                                 struct nnp_error *error)
{
    const struct nnp_yaml_node *node;
    const char *name;
    struct nnp_text path = {0};
    enum nnp_status status = nnp_yaml_require(root, "base", &node, error);
    if (!status)
        status = nnp_yaml_string(node, "base", &name, error);
    if (status)
        return status;
    if (*name != '/')
        nnp_text_append(&path, "%.*s", (int)folder_length(scan->path), scan->path);
    nnp_text_append(&path, "%s", name);
    scan->base_path = path.data;
    if (path.failed)
        return no_memory(scan->path, error);
    status = nnp_yaml_read(&scan->base, scan->base_path, error);
    return status ? status
                  : nnp_yaml_expect(nnp_yaml_root(scan->base), NNP_YAML_MAPPING,
                                    "the configuration", error);
}

static enum nnp_status read_keys(struct nnp_scan *scan, const struct nnp_yaml_node *root,
                                 struct nnp_error *error)
{
    const struct nnp_yaml_node *vary;
    enum nnp_status status = nnp_yaml_require(root, "vary", &vary, error);
    if (!status)
        status = nnp_yaml_expect(vary, NNP_YAML_MAPPING, "vary", error);
    if (status)
        return status;
    scan->n_keys = nnp_yaml_size(vary);
    scan->keys = calloc((size_t)scan->n_keys + 1, sizeof *scan->keys);
    if (!scan->keys)
        return no_memory(scan->path, error);
    scan->n_runs = 1;
    for (int k = 0; k < scan->n_keys && !status; k++) {
        struct nnp_scan_key *key = &scan->keys[k];
        key->node = nnp_yaml_key(vary, k);
        key->path = nnp_yaml_text(key->node);
        key->values = nnp_yaml_value(vary, k);
        status = nnp_yaml_expect(key->values, NNP_YAML_SEQUENCE, key->path, error);
        int n = status ? 0 : nnp_yaml_size(key->values);
        if (!status && (n == 0 || scan->n_runs > MAX_RUNS / n))
            status = nnp_yaml_error(key->values, error, NNP_ERROR_VALUE,
                                    "%s has %d values, expected at least one, and at most %d "
                                    "combinations",
                                    key->path, n, MAX_RUNS);
        scan->n_runs *= n;
    }
    if (!status && scan->n_keys == 0)
        status = nnp_yaml_error(vary, error, NNP_ERROR_VALUE,
                                "vary is empty, expected at least one key");
    return status;
}

/* Appends a value as a part of the name of a file: "[10, 10]" becomes "10_10". */
static void append_name(struct nnp_text *name, const struct nnp_yaml_node *value)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               ".+-";
    struct nnp_text text = {0};
    bool gap = false, begun = false;
    nnp_scan_append_node(&text, value);
    nnp_text_append(name, "-");
    for (const char *c = text.data; c && *c; c++) {
        if (!strchr(kept, *c)) {
            gap = begun;
            continue;
        }
        nnp_text_append(name, gap ? "_%c" : "%c", *c);
        gap = false;
        begun = true;
    }
    name->failed = name->failed || text.failed;
    free(text.data);
}

/* Values, name and file of a run. */
static enum nnp_status set_run(struct nnp_scan *scan, int number, struct nnp_error *error)
{
    struct nnp_scan_run *run = &scan->runs[number];
    struct nnp_text name = {0}, file = {0};
    run->values = calloc((size_t)scan->n_keys, sizeof *run->values);
    if (!run->values)
        return no_memory(scan->path, error);
    for (int k = scan->n_keys - 1; k >= 0; k--) {
        int n = nnp_yaml_size(scan->keys[k].values);
        run->values[k] = nnp_yaml_item(scan->keys[k].values, number % n);
        number /= n;
    }
    nnp_text_append(&name, "%s", scan->stem + folder_length(scan->stem));
    for (int k = 0; k < scan->n_keys; k++)
        append_name(&name, run->values[k]);
    nnp_text_append(&file, "%.*s%s.yaml", (int)folder_length(scan->base_path), scan->base_path,
                    name.data ? name.data : "");
    run->name = name.data;
    run->config_file = file.data;
    if (name.failed || file.failed)
        return no_memory(scan->path, error);
    for (struct nnp_scan_run *other = scan->runs; other < run; other++)
        if (strcmp(other->name, run->name) == 0)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%s: two runs would have the name %s, expected values that "
                                 "differ in letters or digits",
                                 scan->path, run->name);
    return NNP_SUCCESS;
}

static enum nnp_status set_runs(struct nnp_scan *scan, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    scan->runs = calloc((size_t)scan->n_runs, sizeof *scan->runs);
    if (!scan->runs)
        return no_memory(scan->path, error);
    for (int r = 0; r < scan->n_runs && !status; r++)
        status = set_run(scan, r, error);
    return status;
}

static enum nnp_status read_scan(struct nnp_scan *scan, const char *path,
                                 struct nnp_error *error)
{
    static const char *const keys[] = {"base", "vary", NULL};
    const char *point = strrchr(path, '.');
    scan->path = strdup(path);
    scan->stem = strdup(path);
    if (!scan->path || !scan->stem)
        return no_memory(path, error);
    if (point && (size_t)(point - path) > folder_length(path))
        scan->stem[point - path] = '\0';
    enum nnp_status status = nnp_yaml_read(&scan->document, path, error);
    if (status)
        return status;
    const struct nnp_yaml_node *root = nnp_yaml_root(scan->document);
    status = nnp_yaml_expect(root, NNP_YAML_MAPPING, "a scan", error);
    if (!status)
        status = nnp_yaml_check_keys(root, keys, error);
    if (!status)
        status = read_base(scan, root, error);
    if (!status)
        status = read_keys(scan, root, error);
    return status ? status : set_runs(scan, error);
}

/* Mistakes are found before time is spent on other runs. */
static enum nnp_status check_configs(struct nnp_scan *scan, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_scan_files files = {0};
    for (int r = 0; r < scan->n_runs && !status; r++) {
        struct nnp_scan_run *run = &scan->runs[r];
        struct nnp_text text = {0};
        struct nnp_config *config = NULL;
        status = nnp_scan_append_config(&text, scan, run, error);
        if (!status)
            status = nnp_config_parse(&config, run->config_file, text.data, text.length, error);
        if (!status)
            status = nnp_scan_hash_input(run, config, &files, error);
        nnp_config_free(config);
        free(text.data);
    }
    nnp_scan_files_free(&files);
    return status;
}

enum nnp_status nnp_scan_read(struct nnp_scan **scan, const char *path, struct nnp_error *error)
{
    struct nnp_scan *read = calloc(1, sizeof *read);
    *scan = NULL;
    if (!read)
        return no_memory(path, error);
    enum nnp_status status = read_scan(read, path, error);
    if (!status)
        status = check_configs(read, error);
    if (status)
        nnp_scan_free(read);
    else
        *scan = read;
    return status;
}

int nnp_scan_n_runs(const struct nnp_scan *scan)
{
    return scan->n_runs;
}

const char *nnp_scan_name(const struct nnp_scan *scan, int run)
{
    return scan->runs[run].name;
}

const char *nnp_scan_config_file(const struct nnp_scan *scan, int run)
{
    return scan->runs[run].config_file;
}
