/* Lexer of text formats: lines, tokens between blanks, numbers, messages with file and line. */
#ifndef NNP_LEXER_H
#define NNP_LEXER_H

#include "nnp/status.h"

#include <stdbool.h>

/* Part of a text, not NUL-terminated. */
struct nnp_span {
    const char *begin, *end;
};

/* A text that is read line by line. */
struct nnp_source {
    const char *name;       /* of the file, for messages */
    const char *next, *end; /* what is not yet read */
    int line;               /* number of the line read last, from 1 */
    struct nnp_error *error;
};

/* The next line without its end; false at the end of the text. */
bool nnp_source_line(struct nnp_source *source, struct nnp_span *line);

/* Sets "file:line: message" for the line read last and returns status. */
enum nnp_status nnp_source_error(const struct nnp_source *source, enum nnp_status status,
                                 const char *format, ...) NNP_PRINTF(3, 4);

/* Refuses a text with a zero byte, which would cut short the strings made of it.  what: what
 * the text should be, for the message. */
enum nnp_status nnp_source_check(struct nnp_source source, const char *what) NNP_MUST_CHECK;

/* The element of a symbol, and three numbers from the front of rest (what they are, for the
 * message); both refuse anything else. */
enum nnp_status nnp_source_element(const struct nnp_source *source, struct nnp_span symbol,
                                   int *atomic_number) NNP_MUST_CHECK;
enum nnp_status nnp_source_vector(const struct nnp_source *source, struct nnp_span *rest,
                                  const char *what, double vector[3]) NNP_MUST_CHECK;

/* Takes the next run of characters that are no separators from the front of rest; false where
 * there is none.  Separators are blanks, tabs and carriage returns, for nnp_span_item also the
 * commas and brackets of arrays. */
bool nnp_span_token(struct nnp_span *rest, struct nnp_span *token);
bool nnp_span_item(struct nnp_span *rest, struct nnp_span *item);

/* Takes a number from the front of rest, which may be followed by the sign of the next one
 * (Fortran's fixed columns); false, with rest as before, where there is none. */
bool nnp_span_number(struct nnp_span *rest, double *value);

/* What is behind the first occurrence of a string; false, where it does not occur. */
bool nnp_span_behind(struct nnp_span span, const char *string, struct nnp_span *behind);

bool nnp_span_equals(struct nnp_span span, const char *string);
bool nnp_span_begins(struct nnp_span span, const char *string);
bool nnp_span_equals_any_case(struct nnp_span span, const char *string);
bool nnp_span_to_double(struct nnp_span span, double *value); /* finite numbers only */
bool nnp_span_to_int(struct nnp_span span, int *value);

/* The beginning of a span for messages, with unprintable bytes as '?'. */
struct nnp_excerpt {
    char text[44];
};
struct nnp_excerpt nnp_span_excerpt(struct nnp_span span);

#endif
