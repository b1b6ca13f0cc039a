/* Lexer of extended XYZ: lines, tokens between blanks, key=value pairs, numbers. */
#ifndef NNP_EXTXYZ_LEXER_H
#define NNP_EXTXYZ_LEXER_H

#include "nnp/status.h"

#include <stdbool.h>

/* Part of a text, not NUL-terminated. */
struct nnp_span {
    const char *begin, *end;
};

/* A text that is read line by line. */
struct nnp_extxyz_source {
    const char *name;       /* of the file, for messages */
    const char *next, *end; /* what is not yet read */
    int line;               /* number of the line read last, from 1 */
    struct nnp_error *error;
};

/* The next line without its end; false at the end of the text. */
bool nnp_extxyz_line(struct nnp_extxyz_source *source, struct nnp_span *line);

/* Sets "file:line: message" for the line read last and returns status. */
enum nnp_status nnp_extxyz_error(const struct nnp_extxyz_source *source, enum nnp_status status,
                                 const char *format, ...) NNP_PRINTF(3, 4);

/* Takes the next run of characters that are no separators from the front of rest; false where
 * there is none.  Separators are blanks, tabs and carriage returns, for nnp_span_item also the
 * commas and brackets of arrays. */
bool nnp_span_token(struct nnp_span *rest, struct nnp_span *token);
bool nnp_span_item(struct nnp_span *rest, struct nnp_span *item);

bool nnp_span_equals(struct nnp_span span, const char *string);
bool nnp_span_equals_any_case(struct nnp_span span, const char *string);
bool nnp_span_to_double(struct nnp_span span, double *value); /* finite numbers only */
bool nnp_span_to_int(struct nnp_span span, int *value);

/* The beginning of a span for messages, with unprintable bytes as '?'. */
struct nnp_excerpt {
    char text[44];
};
struct nnp_excerpt nnp_span_excerpt(struct nnp_span span);

/* A key and its value, or a word without value. */
struct nnp_extxyz_pair {
    struct nnp_span whole; /* verbatim */
    struct nnp_span key;
    struct nnp_span value; /* without quotes or brackets around it */
    bool has_value;
};

/* Takes the next pair from the front of rest; *found is false where there is none.  A value is
 * a word, or stands in "..." or '...' (with \ before a quote that belongs to it), or in {...}
 * or
 * [...]. */
enum nnp_status nnp_extxyz_next_pair(const struct nnp_extxyz_source *source,
                                     struct nnp_span *rest, struct nnp_extxyz_pair *pair,
                                     bool *found) NNP_MUST_CHECK;

#endif
