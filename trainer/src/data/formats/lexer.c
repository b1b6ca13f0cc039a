/* Lexer of text formats. */
#include "lexer.h"

#include "nnp/element.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_SYMBOL_LENGTH = 3 };
enum { MAX_NUMBER_LENGTH = 63 }; /* a double needs at most 24 characters */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool is_separator(char c)
{
    return is_blank(c) || (c != '\0' && strchr(",[]{}", c));
}

bool nnp_source_line(struct nnp_source *source, struct nnp_span *line)
{
    if (source->next == source->end)
        return false;
    const char *newline = memchr(source->next, '\n', (size_t)(source->end - source->next));
    line->begin = source->next;
    line->end = newline ? newline : source->end;
    source->next = newline ? newline + 1 : source->end;
    source->line++;
    return true;
}

enum nnp_status nnp_source_error(const struct nnp_source *source, enum nnp_status status,
                                 const char *format, ...)
{
    char message[NNP_ERROR_LENGTH];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return nnp_error_set(source->error, status, "%s:%d: %s", source->name,
                         source->line > 0 ? source->line : 1, message);
}

enum nnp_status nnp_source_check(struct nnp_source source, const char *what)
{
    struct nnp_span line;
    if (source.next == source.end ||
        !memchr(source.next, '\0', (size_t)(source.end - source.next)))
        return NNP_SUCCESS;
    while (nnp_source_line(&source, &line))
        if (memchr(line.begin, '\0', (size_t)(line.end - line.begin)))
            break;
    return nnp_source_error(&source, NNP_ERROR_SYNTAX, "found a zero byte, expected %s", what);
}

enum nnp_status nnp_source_element(const struct nnp_source *source, struct nnp_span symbol,
                                   int *atomic_number)
{
    char copy[MAX_SYMBOL_LENGTH + 1];
    size_t length = (size_t)(symbol.end - symbol.begin);
    *atomic_number = 0;
    if (length <= MAX_SYMBOL_LENGTH) {
        memcpy(copy, symbol.begin, length);
        copy[length] = '\0';
        *atomic_number = nnp_element_from_symbol(copy);
    }
    if (*atomic_number > 0)
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_ELEMENT,
                            "found '%s', expected the symbol of an element, such as Au",
                            nnp_span_excerpt(symbol).text);
}

enum nnp_status nnp_source_vector(const struct nnp_source *source, struct nnp_span *rest,
                                  const char *what, double vector[3])
{
    for (int x = 0; x < 3; x++)
        if (!nnp_span_number(rest, &vector[x]))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found '%s' as %s, expected three finite numbers",
                                    nnp_span_excerpt(*rest).text, what);
    return NNP_SUCCESS;
}

static bool next_run(struct nnp_span *rest, struct nnp_span *run, bool (*separates)(char))
{
    while (rest->begin < rest->end && separates(*rest->begin))
        rest->begin++;
    run->begin = rest->begin;
    while (rest->begin < rest->end && !separates(*rest->begin))
        rest->begin++;
    run->end = rest->begin;
    return run->begin < run->end;
}

bool nnp_span_token(struct nnp_span *rest, struct nnp_span *token)
{
    return next_run(rest, token, is_blank);
}

bool nnp_span_item(struct nnp_span *rest, struct nnp_span *item)
{
    return next_run(rest, item, is_separator);
}

bool nnp_span_number(struct nnp_span *rest, double *value)
{
    struct nnp_span after = *rest, token;
    if (!nnp_span_token(&after, &token))
        return false;
    for (const char *c = token.begin + 1; c < token.end; c++)
        if ((*c == '-' || *c == '+') && !strchr("eEdD", c[-1])) {
            token.end = after.begin = c;
            break;
        }
    if (!nnp_span_to_double(token, value))
        return false;
    *rest = after;
    return true;
}

bool nnp_span_behind(struct nnp_span span, const char *string, struct nnp_span *behind)
{
    size_t length = strlen(string);
    for (const char *c = span.begin; (size_t)(span.end - c) >= length; c++) {
        c = memchr(c, *string, (size_t)(span.end - c) - length + 1);
        if (!c)
            return false;
        if (memcmp(c, string, length) == 0) {
            *behind = (struct nnp_span){c + length, span.end};
            return true;
        }
    }
    return false;
}

bool nnp_span_begins(struct nnp_span span, const char *string)
{
    size_t length = strlen(string);
    return (size_t)(span.end - span.begin) >= length && memcmp(span.begin, string, length) == 0;
}

bool nnp_span_equals(struct nnp_span span, const char *string)
{
    size_t length = (size_t)(span.end - span.begin);
    return length == strlen(string) && memcmp(span.begin, string, length) == 0;
}

bool nnp_span_equals_any_case(struct nnp_span span, const char *string)
{
    size_t length = (size_t)(span.end - span.begin);
    return length == strlen(string) && strncasecmp(span.begin, string, length) == 0;
}

/* Copies a span that may be a number; false if it is too long for one. */
static bool copy_number(struct nnp_span span, char *buffer)
{
    size_t length = (size_t)(span.end - span.begin);
    if (length == 0 || length > MAX_NUMBER_LENGTH)
        return false;
    memcpy(buffer, span.begin, length);
    buffer[length] = '\0';
    return true;
}

bool nnp_span_to_double(struct nnp_span span, double *value)
{
    char buffer[MAX_NUMBER_LENGTH + 1];
    return copy_number(span, buffer) && nnp_text_to_double(buffer, value) && isfinite(*value);
}

bool nnp_span_to_int(struct nnp_span span, int *value)
{
    char buffer[MAX_NUMBER_LENGTH + 1];
    return copy_number(span, buffer) && nnp_text_to_int(buffer, value);
}

struct nnp_excerpt nnp_span_excerpt(struct nnp_span span)
{
    static const char ellipsis[] = "...";
    struct nnp_excerpt excerpt;
    size_t room = sizeof excerpt.text - sizeof ellipsis;
    size_t length = (size_t)(span.end - span.begin);
    size_t n = length < room ? length : room;
    for (size_t i = 0; i < n; i++) {
        char c = span.begin[i];
        excerpt.text[i] = (char)(c >= ' ' && c <= '~' ? c : '?');
    }
    memcpy(excerpt.text + n, length > room ? ellipsis : "",
           length > room ? sizeof ellipsis : 1);
    return excerpt;
}
