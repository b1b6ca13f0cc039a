/* Configurations of single runs: the base's tree is written out, and at the paths that vary the
 * run's values instead.  A last key that the base has not is added where its mapping is there.
 */
#include "scan_parts.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    const struct nnp_scan *scan;
    const struct nnp_scan_run *run;
    struct nnp_text *text;
    bool *used; /* [n_keys] */
};

/* Characters of which plain scalars within [..] and {..} may consist. */
static bool is_safe(const char *scalar)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "+-._/";
    return *scalar && strspn(scalar, safe) == strlen(scalar);
}

static void append_scalar(struct nnp_text *text, const struct nnp_yaml_node *node)
{
    const char *scalar = nnp_yaml_text(node);
    if (nnp_yaml_is_plain(node) && is_safe(scalar)) {
        nnp_text_append(text, "%s", scalar);
        return;
    }
    nnp_text_append(text, "\"");
    for (; *scalar; scalar++)
        if (*scalar == '\n')
            nnp_text_append(text, "\\n");
        else
            nnp_text_append(text, *scalar == '"' || *scalar == '\\' ? "\\%c" : "%c", *scalar);
    nnp_text_append(text, "\"");
}

/* The key whose path this is, or -1. */
static int find_key(const struct nnp_scan *scan, const char *path)
{
    for (int k = 0; k < scan->n_keys; k++)
        if (strcmp(scan->keys[k].path, path) == 0)
            return k;
    return -1;
}

static void append_node(struct writer *writer, const struct nnp_yaml_node *node,
                        const char *path);

/* "parent.name"; the caller frees data. */
static struct nnp_text join(const char *parent, const char *name)
{
    struct nnp_text path = {0};
    nnp_text_append(&path, "%s%s%s", parent, *parent ? "." : "", name);
    return path;
}

static void append_child(struct writer *writer, const struct nnp_yaml_node *node,
                         const char *parent, const char *name)
{
    struct nnp_text path = join(parent, name);
    if (path.failed)
        writer->text->failed = true;
    else
        append_node(writer, node, path.data);
    free(path.data);
}

/* Keys that vary below this mapping, and that it has not. */
static void append_missing(struct writer *writer, const struct nnp_yaml_node *mapping,
                           const char *path, const char *separator, const char *end)
{
    size_t length = strlen(path);
    for (int k = 0; k < writer->scan->n_keys; k++) {
        const char *rest = writer->scan->keys[k].path;
        if (length > 0 && (strncmp(rest, path, length) != 0 || rest[length] != '.'))
            continue;
        rest += length > 0 ? length + 1 : 0;
        if (strchr(rest, '.') || nnp_yaml_get(mapping, rest))
            continue;
        nnp_text_append(writer->text, "%s%s: ", separator, rest);
        nnp_scan_append_node(writer->text, writer->run->values[k]);
        nnp_text_append(writer->text, "%s", end);
        writer->used[k] = true;
    }
}

static void append_mapping(struct writer *writer, const struct nnp_yaml_node *node,
                           const char *path)
{
    nnp_text_append(writer->text, "{");
    for (int i = 0; i < nnp_yaml_size(node); i++) {
        nnp_text_append(writer->text, "%s", i == 0 ? "" : ", ");
        append_scalar(writer->text, nnp_yaml_key(node, i));
        nnp_text_append(writer->text, ": ");
        append_child(writer, nnp_yaml_value(node, i), path,
                     nnp_yaml_text(nnp_yaml_key(node, i)));
    }
    append_missing(writer, node, path, nnp_yaml_size(node) > 0 ? ", " : "", "");
    nnp_text_append(writer->text, "}");
}

static void append_sequence(struct writer *writer, const struct nnp_yaml_node *node,
                            const char *path)
{
    nnp_text_append(writer->text, "[");
    for (int i = 0; i < nnp_yaml_size(node); i++) {
        struct nnp_text number = {0};
        nnp_text_append(&number, "%d", i + 1);
        nnp_text_append(writer->text, "%s", i == 0 ? "" : ", ");
        if (number.failed)
            writer->text->failed = true;
        else
            append_child(writer, nnp_yaml_item(node, i), path, number.data);
        free(number.data);
    }
    nnp_text_append(writer->text, "]");
}

static void append_node(struct writer *writer, const struct nnp_yaml_node *node,
                        const char *path)
{
    int k = find_key(writer->scan, path);
    if (k >= 0) {
        writer->used[k] = true;
        nnp_scan_append_node(writer->text, writer->run->values[k]);
    } else if (nnp_yaml_kind(node) == NNP_YAML_SCALAR) {
        append_scalar(writer->text, node);
    } else if (nnp_yaml_kind(node) == NNP_YAML_SEQUENCE) {
        append_sequence(writer, node, path);
    } else {
        append_mapping(writer, node, path);
    }
}

void nnp_scan_append_node(struct nnp_text *text, const struct nnp_yaml_node *node)
{
    static const struct nnp_scan none;
    struct writer writer = {&none, NULL, text, NULL};
    append_node(&writer, node, "");
}

/* Outputs by the run's name; settings besides files are the base's. */
static void append_output(struct writer *writer, const struct nnp_yaml_node *output)
{
    static const char *const files[][2] = {
        {"potential", ".nnp"}, {"test_set", "-test.extxyz"}, {"report", "-report"}};
    nnp_text_append(writer->text, "output:\n  learning_curve: \"%s.csv\"\n", writer->run->name);
    for (int i = 0; i < nnp_yaml_size(output); i++) {
        const char *key = nnp_yaml_text(nnp_yaml_key(output, i)), *ending = NULL;
        for (size_t f = 0; f < sizeof files / sizeof *files; f++)
            if (strcmp(key, files[f][0]) == 0)
                ending = files[f][1];
        if (strcmp(key, "learning_curve") == 0 || strcmp(key, "checkpoint") == 0)
            continue;
        nnp_text_append(writer->text, "  %s: ", key);
        if (ending)
            nnp_text_append(writer->text, "\"%s%s\"", writer->run->name, ending);
        else
            append_child(writer, nnp_yaml_value(output, i), "output", key);
        nnp_text_append(writer->text, "\n");
    }
    append_missing(writer, output, "output", "  ", "\n");
}

static void append_root(struct writer *writer)
{
    const struct nnp_yaml_node *root = nnp_yaml_root(writer->scan->base);
    nnp_text_append(writer->text, "# A run of the scan %s of %s\n", writer->scan->path,
                    writer->scan->base_path);
    for (int i = 0; i < nnp_yaml_size(root); i++) {
        const char *key = nnp_yaml_text(nnp_yaml_key(root, i));
        if (strcmp(key, "output") == 0 &&
            nnp_yaml_kind(nnp_yaml_value(root, i)) == NNP_YAML_MAPPING) {
            append_output(writer, nnp_yaml_value(root, i));
            continue;
        }
        nnp_text_append(writer->text, "%s: ", key);
        append_child(writer, nnp_yaml_value(root, i), "", key);
        nnp_text_append(writer->text, "\n");
    }
    append_missing(writer, root, "", "", "\n");
    if (*writer->run->input_sha256)
        nnp_text_append(writer->text, "# The data: %s\n", writer->run->input_sha256);
}

enum nnp_status nnp_scan_append_config(struct nnp_text *text, const struct nnp_scan *scan,
                                       const struct nnp_scan_run *run, struct nnp_error *error)
{
    struct writer writer = {scan, run, text, calloc((size_t)scan->n_keys + 1, sizeof(bool))};
    enum nnp_status status = NNP_SUCCESS;
    if (writer.used)
        append_root(&writer);
    if (!writer.used || text->failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a configuration");
    for (int k = 0; k < scan->n_keys && !status; k++)
        if (!writer.used[k])
            status =
                nnp_yaml_error(scan->keys[k].node, error, NNP_ERROR_VALUE,
                               "found the path '%.100s', which leads nowhere in %s; "
                               "expected keys separated by points, items of lists by their "
                               "number from 1, and all but the last key in that file",
                               scan->keys[k].path, scan->base_path);
    free(writer.used);
    return status;
}
