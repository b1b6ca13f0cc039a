/* YAML documents as trees with the place of every node; the only user of libyaml. */
#ifndef NNP_YAML_H
#define NNP_YAML_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_yaml;      /* a document, owns its nodes */
struct nnp_yaml_node; /* borrowed from its document */

enum nnp_yaml_kind { NNP_YAML_SCALAR, NNP_YAML_SEQUENCE, NNP_YAML_MAPPING };

/* Reads a file, or a text in memory that messages call name.  Refused, with file, line and
 * column: malformed YAML, more than one document, an empty one, a key twice in a mapping, a key
 * that is no scalar, anchors, aliases and tags, NUL characters, more than 64 levels. */
enum nnp_status nnp_yaml_read(struct nnp_yaml **document, const char *path,
                              struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_yaml_parse(struct nnp_yaml **document, const char *name, const char *text,
                               size_t length, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_yaml_free(struct nnp_yaml *document); /* NULL is allowed */

const struct nnp_yaml_node *nnp_yaml_root(const struct nnp_yaml *document);
enum nnp_yaml_kind nnp_yaml_kind(const struct nnp_yaml_node *node);
int nnp_yaml_line(const struct nnp_yaml_node *node); /* from 1 */

/* Text of a scalar, such as a key; borrowed. */
const char *nnp_yaml_text(const struct nnp_yaml_node *scalar);

/* Whether a scalar stands without quotes, as numbers and truth values do. */
bool nnp_yaml_is_plain(const struct nnp_yaml_node *scalar);

/* Number of items of a sequence or pairs of a mapping, 0 for a scalar. */
int nnp_yaml_size(const struct nnp_yaml_node *node);
const struct nnp_yaml_node *nnp_yaml_item(const struct nnp_yaml_node *sequence, int i);
const struct nnp_yaml_node *nnp_yaml_key(const struct nnp_yaml_node *mapping, int i);
const struct nnp_yaml_node *nnp_yaml_value(const struct nnp_yaml_node *mapping, int i);

/* Value of a key, NULL where it is missing. */
const struct nnp_yaml_node *nnp_yaml_get(const struct nnp_yaml_node *mapping, const char *key);

/* The same, with an error that names the mapping's place where the key is missing. */
enum nnp_status nnp_yaml_require(const struct nnp_yaml_node *mapping, const char *key,
                                 const struct nnp_yaml_node **value,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* An error unless node is of the kind; what names the node in the message ("elements"). */
enum nnp_status nnp_yaml_expect(const struct nnp_yaml_node *node, enum nnp_yaml_kind kind,
                                const char *what, struct nnp_error *error) NNP_MUST_CHECK;

/* An error for the first key that is not in keys (NULL-terminated); it names the nearest
 * spelling. */
enum nnp_status nnp_yaml_check_keys(const struct nnp_yaml_node *mapping,
                                    const char *const *keys,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Scalars.  what names the value in messages.  Numbers are read whole ("7x" is an error),
 * independent of the locale, and not from quoted texts; doubles must be finite.  Booleans are
 * true and false.  Strings are borrowed; an empty one must be quoted. */
enum nnp_status nnp_yaml_double(const struct nnp_yaml_node *node, const char *what,
                                double *value, struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_yaml_int(const struct nnp_yaml_node *node, const char *what, int *value,
                             struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_yaml_bool(const struct nnp_yaml_node *node, const char *what, bool *value,
                              struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_yaml_string(const struct nnp_yaml_node *node, const char *what,
                                const char **value, struct nnp_error *error) NNP_MUST_CHECK;

/* A sequence of exactly n doubles. */
enum nnp_status nnp_yaml_doubles(const struct nnp_yaml_node *node, const char *what, int n,
                                 double *values, struct nnp_error *error) NNP_MUST_CHECK;

/* Sets "file:line:column: message" and returns status. */
enum nnp_status nnp_yaml_error(const struct nnp_yaml_node *node, struct nnp_error *error,
                               enum nnp_status status, const char *format, ...)
    NNP_PRINTF(4, 5);

#endif
