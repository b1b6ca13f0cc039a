/* Pairs of key and value of extended XYZ. */
#include "extxyz_comment.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_blanks(struct nnp_span *rest)
{
    while (rest->begin < rest->end && is_blank(*rest->begin))
        rest->begin++;
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
static enum nnp_status next_value(const struct nnp_source *source, struct nnp_span *rest,
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
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "the value of '%s' begins with %c, which is never closed",
                                nnp_span_excerpt(pair->key).text, *rest->begin);
    pair->value = (struct nnp_span){rest->begin + 1, end - 1};
    rest->begin = end;
    if (end < rest->end && !is_blank(*end))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' behind the value of '%s', expected a blank",
                                nnp_span_excerpt(*rest).text, nnp_span_excerpt(pair->key).text);
    return NNP_SUCCESS;
}

enum nnp_status nnp_extxyz_next_pair(const struct nnp_source *source, struct nnp_span *rest,
                                     struct nnp_extxyz_pair *pair, bool *found)
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
