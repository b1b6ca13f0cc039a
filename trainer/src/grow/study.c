/* The study: reading, defaults, checks (trainer/GROW.md). */
#include "study.h"

#include "config_parts.h"
#include "folders.h"
#include "placeholders.h"
#include "study_parts.h"

#include <stdlib.h>
#include <string.h>

enum { STUDY_VERSION = 1 };

void nnp_study_free(struct nnp_study *study)
{
    if (!study)
        return;
    char *texts[] = {study->path,         study->source,        study->folder,
                     study->potential,    study->label_command, study->train_config,
                     study->train_command};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        free(texts[t]);
    for (int d = 0; d < study->n_data; d++)
        free(study->data[d]);
    for (int r = 0; r < study->n_runs; r++) {
        free(study->runs[r].kind);
        free(study->runs[r].command);
        free(study->runs[r].frames);
    }
    free(study->data);
    free(study->runs);
    free(study->types);
    free(study);
}

enum nnp_status nnp_study_check_template(const struct nnp_yaml_node *node, const char *what,
                                         const char *template, const char *const *names,
                                         struct nnp_error *error)
{
    struct nnp_placeholder known[8];
    struct nnp_text text = {0}, list = {0};
    int n = 0;
    for (; names[n]; n++) {
        known[n] = (struct nnp_placeholder){names[n], ""};
        nnp_text_append(&list, "%s{%s}", n > 0 ? ", " : "", names[n]);
    }
    const char *unknown = nnp_placeholders_expand(&text, template, n, known);
    enum nnp_status status = NNP_SUCCESS;
    if (text.failed || list.failed)
        status = nnp_config_no_memory(node, error);
    else if (unknown)
        status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                "%s has the placeholder {%.*s}, expected one of %s", what,
                                (int)strcspn(unknown, "}"), unknown, list.data);
    free(text.data);
    free(list.data);
    return status;
}

/* ---- Files ---- */

/* An absolute path for a name relative to the study's folder. */
static enum nnp_status resolve(const struct nnp_study *study, const char *name, char **path,
                               struct nnp_error *error)
{
    free(*path);
    *path = NULL;
    return *name == '/' ? nnp_path_set(path, error, "%s", name)
                        : nnp_path_set(path, error, "%s/%s", study->source, name);
}

/* A file that must be there. */
static enum nnp_status read_file(const struct nnp_study *study,
                                 const struct nnp_yaml_node *node, const char *what,
                                 char **path, struct nnp_error *error)
{
    const char *name;
    enum nnp_status status = nnp_yaml_string(node, what, &name, error);
    if (!status)
        status = resolve(study, name, path, error);
    if (!status && !nnp_path_exists(*path))
        status = nnp_yaml_error(node, error, NNP_ERROR_FILE, "%s is '%s', which does not exist",
                                what, name);
    return status;
}

static enum nnp_status read_data(struct nnp_study *study, const struct nnp_yaml_node *node,
                                 struct nnp_error *error)
{
    int n = nnp_config_n_items(node);
    study->data = calloc((size_t)n + 1, sizeof *study->data);
    if (!study->data)
        return nnp_config_no_memory(node, error);
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < n && !status; i++)
        status = read_file(study, nnp_config_item(node, i), "data",
                           &study->data[study->n_data++], error);
    return status;
}

/* Where the generations go: by default a folder with the name of the study. */
static enum nnp_status read_folder(struct nnp_study *study, const struct nnp_yaml_node *root,
                                   struct nnp_error *error)
{
    char *name = NULL;
    enum nnp_status status = nnp_config_get_text(root, "folder", &name, error);
    if (status)
        return status;
    const char *slash = strrchr(study->path, '/');
    const char *file = slash ? slash + 1 : study->path, *dot = strrchr(file, '.');
    if (name)
        status = resolve(study, name, &study->folder, error);
    else
        status = nnp_path_set(&study->folder, error, "%s/%.*s%s", study->source,
                              dot ? (int)(dot - file) : (int)strlen(file), file,
                              dot ? "" : ".grown");
    free(name);
    return status;
}

/* ---- Choice, labels, training ---- */

static const char *way_word(int k)
{
    static const char *const words[] = {"pca", "farthest", "spread", "extrapolation"};
    return words[k];
}

static const char *features_word(int k)
{
    static const char *const words[] = {"mean", "atoms"};
    return words[k];
}

static enum nnp_status read_word(const struct nnp_yaml_node *node, const char *key, int n,
                                 const char *(*word)(int), int *index, struct nnp_error *error)
{
    const struct nnp_yaml_node *value = nnp_yaml_get(node, key);
    return value ? nnp_config_word(value, key, n, word, index, error) : NNP_SUCCESS;
}

static enum nnp_status read_choice(struct nnp_study *study, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"by",         "features", "n", "fraction",
                                       "components", "seed",     NULL};
    struct nnp_study_choice *choice = &study->choice;
    int way = NNP_STUDY_PCA, features = 0;
    *choice = (struct nnp_study_choice){.fraction = 0.01, .n_components = 2, .seed = 1};
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "choose", keys, error);
    if (!status)
        status = read_word(node, "by", NNP_N_STUDY_WAYS, way_word, &way, error);
    if (!status)
        status = read_word(node, "features", 2, features_word, &features, error);
    if (!status)
        status = nnp_config_get_int(node, "n", 1, &choice->n, error);
    if (!status)
        status =
            nnp_config_get_number(node, "fraction", &nnp_above_0, &choice->fraction, error);
    if (!status)
        status = nnp_config_get_int(node, "components", 2, &choice->n_components, error);
    if (!status)
        status = nnp_config_get_int(node, "seed", 0, &choice->seed, error);
    choice->way = (enum nnp_study_way)way;
    choice->atoms = features == 1;
    const struct nnp_yaml_node *fraction = nnp_yaml_get(node, "fraction");
    if (!status && choice->fraction > 1.0)
        status = nnp_yaml_error(fraction, error, NNP_ERROR_VALUE,
                                "fraction is %g, expected at most 1", choice->fraction);
    if (!status && fraction && choice->n > 0)
        status = nnp_yaml_error(fraction, error, NNP_ERROR_INCONSISTENT,
                                "found both n and fraction, expected one of them");
    return status;
}

static enum nnp_status read_label(struct nnp_study *study, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    static const char *const keys[] = {"command", "time", "jobs", "batch", NULL};
    static const char *const names[] = {"input", "output", "generation", NULL};
    const struct nnp_yaml_node *command;
    study->labels_at_once = study->n_at_once;
    study->batch = 1;
    enum nnp_status status = nnp_config_mapping(node, "label", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "command", &command, error);
    if (!status)
        status = nnp_config_get_text(node, "command", &study->label_command, error);
    if (!status)
        status =
            nnp_study_check_template(command, "command", study->label_command, names, error);
    if (!status)
        status = nnp_config_get_number(node, "time", &nnp_above_0, &study->label_time, error);
    if (!status)
        status = nnp_config_get_int(node, "jobs", 1, &study->labels_at_once, error);
    return status ? status : nnp_config_get_int(node, "batch", 0, &study->batch, error);
}

static enum nnp_status read_train(struct nnp_study *study, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    static const char *const keys[] = {"config", "command", "time", NULL};
    static const char *const names[] = {"config", "generation", NULL};
    const struct nnp_yaml_node *value;
    enum nnp_status status = nnp_config_mapping(node, "train", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "config", &value, error);
    if (!status)
        status = read_file(study, value, "config", &study->train_config, error);
    value = status ? NULL : nnp_yaml_get(node, "command");
    if (!status && !value)
        status = nnp_path_set(&study->train_command, error, "nnp-train {config}");
    if (!status && value)
        status = nnp_config_get_text(node, "command", &study->train_command, error);
    if (!status && value)
        status = nnp_study_check_template(value, "command", study->train_command, names, error);
    return status
               ? status
               : nnp_config_get_number(node, "time", &nnp_above_0, &study->train_time, error);
}

static enum nnp_status read_target(struct nnp_study *study, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"energy", "forces", NULL};
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "target", keys, error);
    if (!status)
        status =
            nnp_config_get_number(node, "energy", &nnp_above_0, &study->target_energy, error);
    return status ? status
                  : nnp_config_get_number(node, "forces", &nnp_above_0, &study->target_forces,
                                          error);
}

/* ---- The whole ---- */

static enum nnp_status read_scalars(struct nnp_study *study, const struct nnp_yaml_node *root,
                                    struct nnp_error *error)
{
    const struct nnp_yaml_node *plots = nnp_yaml_get(root, "plots"), *node;
    int version = STUDY_VERSION;
    study->n_cycles = study->n_at_once = 1;
    study->plots = true;
    enum nnp_status status = nnp_config_get_int(root, "version", 1, &version, error);
    if (!status && version > STUDY_VERSION)
        status = nnp_yaml_error(nnp_yaml_get(root, "version"), error, NNP_ERROR_VERSION,
                                "version is %d, expected at most %d: this study is for a newer "
                                "nnp-grow",
                                version, STUDY_VERSION);
    if (!status)
        status = nnp_config_get_int(root, "cycles", 1, &study->n_cycles, error);
    if (!status)
        status = nnp_config_get_int(root, "jobs", 1, &study->n_at_once, error);
    if (!status && plots)
        status = nnp_yaml_bool(plots, "plots", &study->plots, error);
    if (!status)
        status = read_folder(study, root, error);
    if (!status)
        status = nnp_yaml_require(root, "potential", &node, error);
    return status ? status : read_file(study, node, "potential", &study->potential, error);
}

static enum nnp_status read_root(struct nnp_study *study, const struct nnp_yaml_node *root,
                                 struct nnp_error *error)
{
    static const char *const keys[] = {"version", "potential", "data", "folder", "cycles",
                                       "target",  "jobs",      "runs", "choose", "label",
                                       "train",   "plots",     NULL};
    static const struct {
        const char *key;
        bool required;
        enum nnp_status (*read)(struct nnp_study *, const struct nnp_yaml_node *,
                                struct nnp_error *);
    } parts[] = {{"data", true, read_data},      {"runs", true, nnp_study_read_runs},
                 {"choose", false, read_choice}, {"label", true, read_label},
                 {"train", true, read_train},    {"target", false, read_target}};
    enum nnp_status status = nnp_yaml_expect(root, NNP_YAML_MAPPING, "the study", error);
    if (!status)
        status = nnp_yaml_check_keys(root, keys, error);
    if (!status)
        status = read_scalars(study, root, error);
    for (size_t p = 0; p < sizeof parts / sizeof *parts && !status; p++) {
        const struct nnp_yaml_node *node = nnp_yaml_get(root, parts[p].key);
        if (parts[p].required)
            status = nnp_yaml_require(root, parts[p].key, &node, error);
        if (!status)
            status = parts[p].read(study, node, error);
    }
    return status;
}

enum nnp_status nnp_study_read(struct nnp_study **study, const char *path,
                               struct nnp_error *error)
{
    struct nnp_yaml *document;
    *study = NULL;
    enum nnp_status status = nnp_yaml_read(&document, path, error);
    if (status)
        return status;
    struct nnp_study *read = calloc(1, sizeof *read);
    if (!read)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %.500s", path);
    else
        status = nnp_path_set(&read->path, error, "%s", path);
    if (!status)
        status = nnp_folder_of(&read->source, path, error);
    if (!status)
        status = read_root(read, nnp_yaml_root(document), error);
    nnp_yaml_free(document);
    if (status)
        nnp_study_free(read);
    else
        *study = read;
    return status;
}
