/* Reading of YAML trees, with messages that name the place. */
#include "yaml_node.h"

#include "text.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EXCERPT = NNP_YAML_EXCERPT, LONGEST_KEY = 63 };

void nnp_yaml_place_error(struct nnp_error *error, enum nnp_status status, const char *name,
                          int line, int column, const char *format, va_list arguments)
{
    char message[NNP_ERROR_LENGTH];
    vsnprintf(message, sizeof message, format, arguments);
    nnp_error_set(error, status, "%s:%d:%d: %s", name, line, column, message);
}

enum nnp_status nnp_yaml_error(const struct nnp_yaml_node *node, struct nnp_error *error,
                               enum nnp_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    nnp_yaml_place_error(error, status, node->document->name, node->line, node->column, format,
                         arguments);
    va_end(arguments);
    return status;
}

const struct nnp_yaml_node *nnp_yaml_root(const struct nnp_yaml *document)
{
    return document->root;
}

enum nnp_yaml_kind nnp_yaml_kind(const struct nnp_yaml_node *node)
{
    return node->kind;
}

int nnp_yaml_line(const struct nnp_yaml_node *node)
{
    return node->line;
}

const char *nnp_yaml_text(const struct nnp_yaml_node *scalar)
{
    return scalar->scalar;
}

bool nnp_yaml_is_plain(const struct nnp_yaml_node *scalar)
{
    return scalar->plain;
}

int nnp_yaml_size(const struct nnp_yaml_node *node)
{
    return node->kind == NNP_YAML_MAPPING ? node->n_children / 2 : node->n_children;
}

const struct nnp_yaml_node *nnp_yaml_item(const struct nnp_yaml_node *sequence, int i)
{
    return sequence->children[i];
}

const struct nnp_yaml_node *nnp_yaml_key(const struct nnp_yaml_node *mapping, int i)
{
    return mapping->children[2 * i];
}

const struct nnp_yaml_node *nnp_yaml_value(const struct nnp_yaml_node *mapping, int i)
{
    return mapping->children[2 * i + 1];
}

const struct nnp_yaml_node *nnp_yaml_get(const struct nnp_yaml_node *mapping, const char *key)
{
    if (mapping->kind != NNP_YAML_MAPPING)
        return NULL;
    for (int i = 0; i < nnp_yaml_size(mapping); i++)
        if (!strcmp(nnp_yaml_key(mapping, i)->scalar, key))
            return nnp_yaml_value(mapping, i);
    return NULL;
}

enum nnp_status nnp_yaml_require(const struct nnp_yaml_node *mapping, const char *key,
                                 const struct nnp_yaml_node **value, struct nnp_error *error)
{
    *value = nnp_yaml_get(mapping, key);
    if (!*value)
        return nnp_yaml_error(mapping, error, NNP_ERROR_SYNTAX, "key '%s' is missing", key);
    return NNP_SUCCESS;
}

/* "the text 'abc'", "a list", ... */
static const char *describe(const struct nnp_yaml_node *node, char *buffer, size_t size)
{
    if (node->kind == NNP_YAML_SEQUENCE)
        return "a list";
    if (node->kind == NNP_YAML_MAPPING)
        return "a mapping";
    if (!*node->scalar)
        return node->plain ? "nothing" : "an empty text";
    snprintf(buffer, size, node->plain ? "'%.*s'" : "the text '%.*s'", EXCERPT, node->scalar);
    return buffer;
}

enum nnp_status nnp_yaml_expect(const struct nnp_yaml_node *node, enum nnp_yaml_kind kind,
                                const char *what, struct nnp_error *error)
{
    static const char *const expected[] = {"a single value", "a list", "a mapping"};
    char buffer[EXCERPT + 16];
    if (node->kind == kind)
        return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_SYNTAX, "%s is %s, expected %s", what,
                          describe(node, buffer, sizeof buffer), expected[kind]);
}

/* Levenshtein's distance: insertions, deletions and replacements of one character. */
static int edit_distance(const char *a, const char *b)
{
    int row[LONGEST_KEY + 1];
    const int n_a = (int)strnlen(a, LONGEST_KEY), n_b = (int)strnlen(b, LONGEST_KEY);
    for (int j = 0; j <= n_b; j++)
        row[j] = j;
    for (int i = 1; i <= n_a; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n_b; j++) {
            const int replaced = diagonal + (a[i - 1] != b[j - 1]);
            const int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[n_b];
}

static enum nnp_status unknown_key(const struct nnp_yaml_node *key, const char *const *keys,
                                   struct nnp_error *error)
{
    const char *nearest = NULL;
    int least = INT_MAX;
    for (; *keys; keys++) {
        const int distance = edit_distance(key->scalar, *keys);
        if (distance < least) {
            least = distance;
            nearest = *keys;
        }
    }
    return nnp_yaml_error(key, error, NNP_ERROR_SYNTAX,
                          "unknown key '%.*s', nearest to '%s' of the known ones", EXCERPT,
                          key->scalar, nearest ? nearest : "");
}

enum nnp_status nnp_yaml_check_keys(const struct nnp_yaml_node *mapping,
                                    const char *const *keys, struct nnp_error *error)
{
    for (int i = 0; i < nnp_yaml_size(mapping); i++) {
        const struct nnp_yaml_node *key = nnp_yaml_key(mapping, i);
        int k = 0;
        while (keys[k] && strcmp(keys[k], key->scalar) != 0)
            k++;
        if (!keys[k])
            return unknown_key(key, keys, error);
    }
    return NNP_SUCCESS;
}

static enum nnp_status expected_scalar(const struct nnp_yaml_node *node, const char *what,
                                       const char *expected, struct nnp_error *error)
{
    char buffer[EXCERPT + 16];
    return nnp_yaml_error(node, error, NNP_ERROR_SYNTAX, "%s is %s, expected %s", what,
                          describe(node, buffer, sizeof buffer), expected);
}

static bool is_plain(const struct nnp_yaml_node *node)
{
    return node->kind == NNP_YAML_SCALAR && node->plain;
}

/* YAML writes what is not finite as .nan and .inf. */
static bool to_double(const char *scalar, double *value)
{
    const char *name = scalar + (*scalar == '-' || *scalar == '+');
    if (*name == '.' && nnp_text_to_double(name + 1, value) && !isfinite(*value))
        return true;
    return nnp_text_to_double(scalar, value);
}

enum nnp_status nnp_yaml_double(const struct nnp_yaml_node *node, const char *what,
                                double *value, struct nnp_error *error)
{
    double number;
    if (!is_plain(node) || !to_double(node->scalar, &number))
        return expected_scalar(node, what, "a number", error);
    if (!isfinite(number))
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "%s is '%.*s', expected a finite number", what, EXCERPT,
                              node->scalar);
    *value = number;
    return NNP_SUCCESS;
}

enum nnp_status nnp_yaml_int(const struct nnp_yaml_node *node, const char *what, int *value,
                             struct nnp_error *error)
{
    if (!is_plain(node) || !nnp_text_to_int(node->scalar, value))
        return expected_scalar(node, what, "an integer", error);
    return NNP_SUCCESS;
}

enum nnp_status nnp_yaml_bool(const struct nnp_yaml_node *node, const char *what, bool *value,
                              struct nnp_error *error)
{
    static const char *const words[] = {"false", "False", "FALSE", "true", "True", "TRUE"};
    for (int i = 0; i < 6 && is_plain(node); i++)
        if (!strcmp(node->scalar, words[i])) {
            *value = i >= 3;
            return NNP_SUCCESS;
        }
    return expected_scalar(node, what, "true or false", error);
}

enum nnp_status nnp_yaml_string(const struct nnp_yaml_node *node, const char *what,
                                const char **value, struct nnp_error *error)
{
    if (node->kind != NNP_YAML_SCALAR || (node->plain && !*node->scalar))
        return expected_scalar(node, what, "a text", error);
    *value = node->scalar;
    return NNP_SUCCESS;
}

enum nnp_status nnp_yaml_doubles(const struct nnp_yaml_node *node, const char *what, int n,
                                 double *values, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, what, error);
    if (status)
        return status;
    if (nnp_yaml_size(node) != n)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "%s has %d numbers, expected %d", what, nnp_yaml_size(node), n);
    for (int i = 0; i < n && !status; i++)
        status = nnp_yaml_double(nnp_yaml_item(node, i), what, &values[i], error);
    return status;
}
