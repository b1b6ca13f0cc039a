/* Lexer of extended XYZ. */
#include "extxyz_lexer.h"

#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_NUMBER_LENGTH = 63 }; /* a double needs at most 24 characters */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool is_separator(char c)
{
    return is_blank(c) || (c != '\0' && strchr(",[]{}", c));
}

static void skip_blanks(struct nnp_span *rest)
{
    while (rest->begin < rest->end && is_blank(*rest->begin))
        rest->begin++;
}

bool nnp_extxyz_line(struct nnp_extxyz_source *source, struct nnp_span *line)
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

enum nnp_status nnp_extxyz_error(const struct nnp_extxyz_source *source, enum nnp_status status,
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

/* From an opening quote or bracket to behind the closing one; NULL if there is none. */
static const char *end_of_quoted(struct nnp_span rest)
{
    char quote = *rest.begin;
    for (const char *c = rest.begin + 1; c < rest.end; c++) {
        if (*c == quote)
            return c + 1;
        if (*c == '\\' && c + 1 < rest.end)
            c++;
    }
    return NULL;
}

static const char *end_of_bracketed(struct nnp_span rest)
{
    char open = *rest.begin;
    char close = (char)(open == '{' ? '}' : ']');
    int depth = 0;
    for (const char *c = rest.begin; c < rest.end; c++) {
        depth += (*c == open) - (*c == close);
        if (depth == 0)
            return c + 1;
    }
    return NULL;
}

/* Takes the value behind an equals sign. */
static enum nnp_status next_value(const struct nnp_extxyz_source *source, struct nnp_span *rest,
                                  struct nnp_extxyz_pair *pair)
{
    skip_blanks(rest);
    bool quoted = rest->begin < rest->end && (*rest->begin == '"' || *rest->begin == '\'');
    bool bracketed = rest->begin < rest->end && (*rest->begin == '{' || *rest->begin == '[');
    if (!quoted && !bracketed) {
        nnp_span_token(rest, &pair->value);
        return NNP_SUCCESS;
    }
    const char *end = quoted ? end_of_quoted(*rest) : end_of_bracketed(*rest);
    if (!end)
        return nnp_extxyz_error(source, NNP_ERROR_SYNTAX,
                                "the value of '%s' begins with %c, which is never closed",
                                nnp_span_excerpt(pair->key).text, *rest->begin);
    pair->value = (struct nnp_span){rest->begin + 1, end - 1};
    rest->begin = end;
    if (end < rest->end && !is_blank(*end))
        return nnp_extxyz_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' behind the value of '%s', expected a blank",
                                nnp_span_excerpt(*rest).text, nnp_span_excerpt(pair->key).text);
    return NNP_SUCCESS;
}

enum nnp_status nnp_extxyz_next_pair(const struct nnp_extxyz_source *source,
                                     struct nnp_span *rest, struct nnp_extxyz_pair *pair,
                                     bool *found)
{
    memset(pair, 0, sizeof *pair);
    skip_blanks(rest);
    *found = rest->begin < rest->end;
    if (!*found)
        return NNP_SUCCESS;

    const char *begin = rest->begin;
    /* A word that begins with an equals sign is no pair but part of a free comment. */
    do {
        rest->begin++;
    } while (rest->begin < rest->end && !is_blank(*rest->begin) &&
             (*rest->begin != '=' || *begin == '='));
    pair->key = pair->whole = (struct nnp_span){begin, rest->begin};

    struct nnp_span ahead = *rest;
    skip_blanks(&ahead);
    if (*begin == '=' || ahead.begin == ahead.end || *ahead.begin != '=')
        return NNP_SUCCESS;
    rest->begin = ahead.begin + 1;
    pair->has_value = true;
    enum nnp_status status = next_value(source, rest, pair);
    pair->whole.end = rest->begin;
    return status;
}
