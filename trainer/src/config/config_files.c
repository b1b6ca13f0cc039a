/* Files that a configuration names: paths, and the output. */
#include "config_parts.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_config_resolve(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node, char **name,
                                   struct nnp_error *error)
{
    const char *slash = strrchr(config->path, '/');
    if (!*name || **name == '/' || !slash)
        return NNP_SUCCESS;
    size_t folder = (size_t)(slash - config->path) + 1, length = strlen(*name);
    char *path = malloc(folder + length + 1);
    if (!path)
        return nnp_config_no_memory(node, error);
    memcpy(path, config->path, folder);
    memcpy(path + folder, *name, length + 1);
    free(*name);
    *name = path;
    return NNP_SUCCESS;
}

/* Refuses to overwrite what is read, and the outputs before this one (others, NULL-terminated).
 */
static enum nnp_status check_output(const struct nnp_config *config,
                                    const struct nnp_yaml_node *value, const char *key,
                                    const char *path, const char *const *others,
                                    struct nnp_error *error)
{
    for (int f = 0; f < config->n_data_files; f++)
        if (nnp_file_is_same(path, config->data_files[f]))
            return nnp_yaml_error(value, error, NNP_ERROR_INCONSISTENT,
                                  "%s is the data file '%s', expected another file", key, path);
    if (nnp_file_is_same(path, config->path))
        return nnp_yaml_error(value, error, NNP_ERROR_INCONSISTENT,
                              "%s is this configuration, expected another file", key);
    for (int f = 0; f < config->n_initial; f++)
        if (nnp_file_is_same(path, config->initial_files[f]))
            return nnp_yaml_error(value, error, NNP_ERROR_INCONSISTENT,
                                  "%s is the initial potential '%s', expected another file",
                                  key, path);
    for (; *others; others++)
        if (nnp_file_is_same(path, *others))
            return nnp_yaml_error(value, error, NNP_ERROR_INCONSISTENT,
                                  "%s is '%s', as is another output, expected different files",
                                  key, path);
    return NNP_SUCCESS;
}

/* The file of an output, resolved and checked; *path stays NULL where the key is missing. */
static enum nnp_status read_output_file(struct nnp_config *config,
                                        const struct nnp_yaml_node *node, const char *key,
                                        const char *const *others, char **path,
                                        struct nnp_error *error)
{
    const struct nnp_yaml_node *value = nnp_yaml_get(node, key);
    if (!value)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_get_text(node, key, path, error);
    if (!status)
        status = nnp_config_resolve(config, node, path, error);
    if (!status)
        status = check_output(config, value, key, *path, others, error);
    return status;
}

/* Beside the potential, where it was not stated. */
static enum nnp_status name_checkpoint(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    struct nnp_text name = {0};
    if (config->checkpoint_file)
        return NNP_SUCCESS;
    nnp_text_append(&name, "%s.checkpoint", config->potential_file);
    config->checkpoint_file = name.data;
    return name.failed ? nnp_config_no_memory(node, error) : NNP_SUCCESS;
}

/* A report has a learning curve, in its folder where none was asked for. */
static enum nnp_status name_curve(struct nnp_config *config, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    struct nnp_text name = {0};
    if (!config->report_folder || config->learning_curve_file)
        return NNP_SUCCESS;
    nnp_text_append(&name, "%s/learning_curve.csv", config->report_folder);
    config->learning_curve_file = name.data;
    return name.failed ? nnp_config_no_memory(node, error) : NNP_SUCCESS;
}

/* {seconds: 300} or {iterations: 50}. */
static enum nnp_status read_checkpoint_every(struct nnp_config *config,
                                             const struct nnp_yaml_node *node,
                                             struct nnp_error *error)
{
    static const char *const keys[] = {"seconds", "iterations", NULL};
    config->checkpoint_seconds = 300.0;
    if (!node)
        return NNP_SUCCESS;
    config->checkpoint_seconds = 0.0;
    enum nnp_status status = nnp_config_mapping(node, "checkpoint_every", keys, error);
    if (!status)
        status = nnp_config_get_number(node, "seconds", &nnp_at_least_0,
                                       &config->checkpoint_seconds, error);
    return status ? status
                  : nnp_config_get_int(node, "iterations", 0, &config->checkpoint_iterations,
                                       error);
}

enum nnp_status nnp_config_read_output(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    static const char *const keys[] = {
        "potential",        "learning_curve", "test_set", "checkpoint",
        "checkpoint_every", "save_every",     "report",   NULL};
    struct {
        const char *key;
        char **path;
    } files[] = {
        {"potential", &config->potential_file},
        {"learning_curve", &config->learning_curve_file},
        {"test_set", &config->test_set_file},
        {"checkpoint", &config->checkpoint_file},
        {"report", &config->report_folder},
    };
    enum { N_FILES = sizeof files / sizeof *files };
    const char *others[N_FILES + 1] = {NULL};
    const struct nnp_yaml_node *potential;
    int n = 0;
    config->save_every = 50;
    enum nnp_status status = nnp_config_mapping(node, "output", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "potential", &potential, error);
    for (int f = 0; f < N_FILES && !status; f++) {
        status = read_output_file(config, node, files[f].key, others, files[f].path, error);
        if (*files[f].path)
            others[n++] = *files[f].path;
    }
    if (!status)
        status = name_checkpoint(config, node, error);
    if (!status)
        status = name_curve(config, node, error);
    if (!status)
        status = read_checkpoint_every(config, nnp_yaml_get(node, "checkpoint_every"), error);
    return status ? status
                  : nnp_config_get_int(node, "save_every", 1, &config->save_every, error);
}
