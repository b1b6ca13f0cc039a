/* Reader of potential files: values, words and lists that all its parts read. */
#include "potential_read.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_read_no_memory(const struct nnp_yaml_node *node, struct nnp_error *error)
{
    return nnp_yaml_error(node, error, NNP_ERROR_MEMORY, "out of memory");
}

enum nnp_status nnp_read_double(const struct nnp_yaml_node *mapping, const char *key,
                                double *value, struct nnp_error *error)
{
    const struct nnp_yaml_node *node;
    const enum nnp_status status = nnp_yaml_require(mapping, key, &node, error);
    return status ? status : nnp_yaml_double(node, key, value, error);
}

enum nnp_status nnp_read_int(const struct nnp_yaml_node *mapping, const char *key, int *value,
                             struct nnp_error *error)
{
    const struct nnp_yaml_node *node;
    const enum nnp_status status = nnp_yaml_require(mapping, key, &node, error);
    return status ? status : nnp_yaml_int(node, key, value, error);
}

static enum nnp_status unknown_word(const struct nnp_yaml_node *node, const char *key,
                                    const char *word, const char *const *names, int n,
                                    struct nnp_error *error)
{
    struct nnp_text list = {0};
    for (int i = 0; i < n; i++)
        nnp_text_append(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    const enum nnp_status status =
        nnp_yaml_error(node, error, NNP_ERROR_VALUE, "%s is '%.40s', expected one of: %s", key,
                       word, list.failed ? "(out of memory)" : list.data);
    free(list.data);
    return status;
}

enum nnp_status nnp_read_choice(const struct nnp_yaml_node *mapping, const char *key,
                                const char *const *names, int n, int *index,
                                struct nnp_error *error)
{
    const char *word;
    const struct nnp_yaml_node *node;
    enum nnp_status status = nnp_yaml_require(mapping, key, &node, error);
    if (!status)
        status = nnp_yaml_string(node, key, &word, error);
    if (status)
        return status;
    for (int i = 0; i < n; i++)
        if (!strcmp(names[i], word)) {
            *index = i;
            return NNP_SUCCESS;
        }
    return unknown_word(node, key, word, names, n, error);
}

enum nnp_status nnp_read_by_element(const struct nnp_reader *reader,
                                    const struct nnp_yaml_node *node, const char *what)
{
    const struct nnp_yaml_node *value;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, what, reader->error);
    if (!status)
        status = nnp_yaml_check_keys(node, reader->symbols, reader->error);
    for (int i = 0; reader->symbols[i] && !status; i++)
        status = nnp_yaml_require(node, reader->symbols[i], &value, reader->error);
    return status;
}

enum nnp_status nnp_read_list(const struct nnp_yaml_node *node, const char *what,
                              struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, what, error);
    if (!status && nnp_yaml_size(node) == 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                "%s is an empty list, expected at least one item", what);
    return status;
}

enum nnp_status nnp_read_refused(const struct nnp_yaml_node *mapping, const char *key,
                                 const struct nnp_error *detail, struct nnp_error *error)
{
    const struct nnp_yaml_node *node = key ? nnp_yaml_get(mapping, key) : NULL;
    return nnp_yaml_error(node ? node : mapping, error, detail->status, "%s", detail->message);
}
