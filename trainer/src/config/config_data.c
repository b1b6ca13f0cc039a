/* The data of a configuration: files, their units and weights, and what is held out. */
#include "config_parts.h"
#include "nnp/element.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

static void free_source(struct nnp_config_source *source)
{
    free(source->types);
    free(source->thermo);
    free(source->group);
}

void nnp_config_free_data(struct nnp_config *config)
{
    for (int f = 0; f < config->n_data_files; f++) {
        free(config->data_files[f]);
        free_source(&config->sources[f]);
    }
    for (int g = 0; g < config->n_group_weights; g++)
        free(config->group_weights[g].group);
    for (int g = 0; g < config->n_left_out; g++)
        free(config->left_out[g]);
    free(config->data_files);
    free(config->sources);
    free(config->group_weights);
    free(config->left_out);
}

/* ---- Weights ---- */

static const struct nnp_structure_weights ones = {1.0, 1.0, 1.0};

static enum nnp_status read_weights(const struct nnp_yaml_node *node,
                                    struct nnp_structure_weights *weights,
                                    struct nnp_error *error)
{
    static const char *const keys[] = {"energy", "forces", "stress", NULL};
    *weights = ones;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "weights", keys, error);
    if (!status)
        status =
            nnp_config_get_number(node, "energy", &nnp_at_least_0, &weights->energy, error);
    if (!status)
        status =
            nnp_config_get_number(node, "forces", &nnp_at_least_0, &weights->forces, error);
    return status ? status
                  : nnp_config_get_number(node, "stress", &nnp_at_least_0, &weights->stress,
                                          error);
}

/* A mapping from groups to their weights. */
static enum nnp_status read_group_weights(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error)
{
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "weights", error);
    if (status)
        return status;
    config->group_weights =
        calloc((size_t)nnp_yaml_size(node) + 1, sizeof *config->group_weights);
    if (!config->group_weights)
        return nnp_config_no_memory(node, error);
    for (int g = 0; g < nnp_yaml_size(node) && !status; g++) {
        struct nnp_config_group_weights *item = &config->group_weights[config->n_group_weights];
        item->group = strdup(nnp_yaml_text(nnp_yaml_key(node, g)));
        if (!item->group)
            return nnp_config_no_memory(node, error);
        config->n_group_weights++;
        status = read_weights(nnp_yaml_value(node, g), &item->weights, error);
    }
    return status;
}

/* ---- Files ---- */

static const char *format_word(int k)
{
    return nnp_format_at(k)->name;
}

static enum nnp_status read_format(const struct nnp_yaml_node *node,
                                   const struct nnp_format **format, struct nnp_error *error)
{
    int n = 0, k = 0;
    if (!node)
        return NNP_SUCCESS;
    while (nnp_format_at(n))
        n++;
    enum nnp_status status = nnp_config_word(node, "format", n, format_word, &k, error);
    *format = nnp_format_at(k);
    return status;
}

static enum nnp_status read_unit(const struct nnp_yaml_node *mapping, const char *key,
                                 bool (*find)(const char *name, double *value),
                                 const char *expected, double *value, bool *found,
                                 struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    const char *word;
    if (!node)
        return NNP_SUCCESS;
    *found = true;
    enum nnp_status status = nnp_yaml_string(node, key, &word, error);
    if (status || find(word, value))
        return status;
    return nnp_yaml_error(node, error, NNP_ERROR_VALUE, "%s is '%.60s', expected %s", key, word,
                          expected);
}

/* Elements of the types of a dump, in their order. */
static enum nnp_status read_types(const struct nnp_yaml_node *node,
                                  struct nnp_config_source *source, struct nnp_error *error)
{
    int n = node ? nnp_config_n_items(node) : 0;
    enum nnp_status status = NNP_SUCCESS;
    if (n == 0)
        return NNP_SUCCESS;
    source->types = calloc((size_t)n, sizeof *source->types);
    if (!source->types)
        return nnp_config_no_memory(node, error);
    source->options.n_types = n;
    source->options.types = source->types;
    for (int t = 0; t < n && !status; t++) {
        const char *symbol;
        status = nnp_yaml_string(nnp_config_item(node, t), "types", &symbol, error);
        if (!status && !(source->types[t] = nnp_element_from_symbol(symbol)))
            status = nnp_yaml_error(node, error, NNP_ERROR_ELEMENT,
                                    "type %d is '%.60s', expected the symbol of an element",
                                    t + 1, symbol);
    }
    return status;
}

/* What a mapping states beside the name of the file. */
static enum nnp_status read_source(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node,
                                   struct nnp_config_source *source, struct nnp_error *error)
{
    static const char *const keys[] = {"file",        "format", "length", "energy", "weights",
                                       "config_type", "types",  "thermo", NULL};
    struct nnp_file_units *units = &source->options.units;
    enum nnp_status status = nnp_config_mapping(node, "an item of files", keys, error);
    if (!status)
        status = read_format(nnp_yaml_get(node, "format"), &source->options.format, error);
    if (!status)
        status = read_unit(node, "length", nnp_length_unit, "Angstrom or bohr", &units->length,
                           &source->has_units, error);
    if (!status)
        status = read_unit(node, "energy", nnp_energy_unit, "eV, Ha or Ry", &units->energy,
                           &source->has_units, error);
    if (!status)
        status = read_weights(nnp_yaml_get(node, "weights"), &source->weights, error);
    if (!status)
        status = read_types(nnp_yaml_get(node, "types"), source, error);
    if (!status)
        status = nnp_config_get_text(node, "thermo", &source->thermo, error);
    if (!status)
        status = nnp_config_resolve(config, node, &source->thermo, error);
    source->options.thermo = source->thermo;
    return status ? status : nnp_config_get_text(node, "config_type", &source->group, error);
}

/* A copy that owns its texts. */
static bool copy_source(struct nnp_config_source *copy, const struct nnp_config_source *from)
{
    size_t size = (size_t)from->options.n_types * sizeof *from->types;
    *copy = *from;
    copy->types = from->types ? malloc(size) : NULL;
    copy->thermo = from->thermo ? strdup(from->thermo) : NULL;
    copy->group = from->group ? strdup(from->group) : NULL;
    if (copy->types)
        memcpy(copy->types, from->types, size);
    copy->options.types = copy->types;
    copy->options.thermo = copy->thermo;
    return (copy->types || !from->types) && (copy->thermo || !from->thermo) &&
           (copy->group || !from->group);
}

/* Appends a file; name is as it stands in the configuration, path is owned from here on. */
static enum nnp_status add_file(struct nnp_config *config, char *path,
                                const struct nnp_config_source *source,
                                const struct nnp_yaml_node *node, struct nnp_error *error)
{
    size_t n = (size_t)config->n_data_files;
    char **files = path ? realloc(config->data_files, (n + 1) * sizeof *files) : NULL;
    config->data_files = files ? files : config->data_files;
    struct nnp_config_source *sources =
        files ? realloc(config->sources, (n + 1) * sizeof *sources) : NULL;
    config->sources = sources ? sources : config->sources;
    if (!sources || !copy_source(&sources[n], source)) {
        if (sources)
            free_source(&sources[n]);
        free(path);
        return nnp_config_no_memory(node, error);
    }
    files[n] = path;
    config->n_data_files++;
    for (size_t f = 0; f < n; f++)
        if (nnp_file_is_same(files[f], path))
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "found the file '%s' twice, expected it once", path);
    return NNP_SUCCESS;
}

/* Files that a pattern stands for, in the order of their names. */
static enum nnp_status add_pattern(struct nnp_config *config, const char *pattern,
                                   const struct nnp_config_source *source,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    glob_t found = {0};
    int code = glob(pattern, GLOB_ERR, NULL, &found);
    enum nnp_status status = NNP_SUCCESS;
    if (code == GLOB_NOSPACE)
        status = nnp_config_no_memory(node, error);
    else if (code == GLOB_ABORTED)
        status = nnp_yaml_error(node, error, NNP_ERROR_FILE, "cannot read a folder of '%s': %s",
                                pattern, strerror(errno));
    else if (code != 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_FILE,
                                "found no file for '%s', expected one at least", pattern);
    for (size_t f = 0; f < found.gl_pathc && !status; f++)
        status = add_file(config, strdup(found.gl_pathv[f]), source, node, error);
    globfree(&found);
    return status;
}

/* A name or pattern, or a mapping that has one. */
static enum nnp_status read_item(struct nnp_config *config, const struct nnp_yaml_node *node,
                                 bool is_test, struct nnp_error *error)
{
    struct nnp_config_source source = {
        .options.units = {1.0, 1.0}, .weights = ones, .is_test = is_test};
    const struct nnp_yaml_node *name = node;
    const char *text = "";
    char *path = NULL;
    enum nnp_status status = NNP_SUCCESS;
    if (nnp_yaml_kind(node) == NNP_YAML_MAPPING) {
        status = read_source(config, node, &source, error);
        if (!status)
            status = nnp_yaml_require(node, "file", &name, error);
    }
    if (!status)
        status = nnp_yaml_string(name, "files", &text, error);
    if (!status && !*text)
        status = nnp_yaml_error(name, error, NNP_ERROR_VALUE,
                                "files has an empty text, expected the name of a file");
    if (!status) {
        path = strdup(text);
        status = path ? nnp_config_resolve(config, name, &path, error)
                      : nnp_config_no_memory(name, error);
    }
    if (!status && strpbrk(text, "*?[")) {
        status = add_pattern(config, path, &source, name, error);
        free(path);
    } else if (!status) {
        status = add_file(config, path, &source, name, error);
    } else {
        free(path);
    }
    free_source(&source);
    return status;
}

static enum nnp_status read_files(struct nnp_config *config, const struct nnp_yaml_node *node,
                                  const char *key, bool is_test, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (!node)
        return NNP_SUCCESS;
    if (nnp_config_n_items(node) == 0)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "%s is an empty list, expected at least one file", key);
    for (int f = 0; f < nnp_config_n_items(node) && !status; f++)
        status = read_item(config, nnp_config_item(node, f), is_test, error);
    return status;
}

enum nnp_status nnp_config_read_data(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"files",     "test_fraction", "seed",
                                       "weights",   "test_files",    "test_key",
                                       "leave_out", "stratify",      NULL};
    const struct nnp_yaml_node *files;
    enum nnp_status status = nnp_config_mapping(node, "data", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "files", &files, error);
    if (!status)
        status = read_files(config, files, "files", false, error);
    if (!status)
        status = read_group_weights(config, nnp_yaml_get(node, "weights"), error);
    if (!status)
        status =
            read_files(config, nnp_yaml_get(node, "test_files"), "test_files", true, error);
    return status ? status : nnp_config_read_division(config, node, error);
}
