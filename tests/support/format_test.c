#include "format_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum nnp_status parse(const char *format, const char *text, struct nnp_frames *frames,
                             struct nnp_error *error)
{
    const struct nnp_format_input input = {"f", text, strlen(text), {1.0, 1.0}, 0, NULL};
    assert_non_null(nnp_format_by_name(format));
    return nnp_format_by_name(format)->parse(&input, frames, error);
}

struct nnp_frames parse_text(const char *format, const char *text)
{
    struct nnp_frames frames = {0};
    struct nnp_error error = {NNP_SUCCESS, ""};
    if (parse(format, text, &frames, &error))
        fail_msg("%s", error.message);
    return frames;
}

static char *read_sample(const char *file)
{
    char path[512], *text;
    size_t length;
    struct nnp_error error;
    snprintf(path, sizeof path, "%s/formats/%s", NNP_TEST_DATA, file);
    if (nnp_file_read(path, &text, &length, &error))
        fail_msg("%s", error.message);
    return text;
}

struct nnp_frames parse_sample(const char *format, const char *file)
{
    char *text = read_sample(file);
    struct nnp_frames frames = parse_text(format, text);
    free(text);
    return frames;
}

char *edit_sample(const char *file, const char *string, const char *replacement)
{
    char *text = read_sample(file);
    struct nnp_text edited = {0};
    const char *rest = text;
    if (!strstr(text, string))
        fail_msg("'%s' is not in %s", string, file);
    for (const char *at; (at = strstr(rest, string)); rest = at + strlen(string))
        nnp_text_append(&edited, "%.*s%s", (int)(at - rest), rest, replacement);
    nnp_text_append(&edited, "%s", rest);
    free(text);
    return edited.data;
}

void assert_refused(const char *format, const char *text, enum nnp_status status,
                    const char *words)
{
    struct nnp_frames frames = {0};
    struct nnp_error error = {NNP_SUCCESS, ""};
    enum nnp_status found = parse(format, text, &frames, &error);
    if (found != status || !strstr(error.message, words))
        fail_msg("status %d with '%s', expected %d with '%s', for\n%s", found, error.message,
                 status, words, text);
    nnp_frames_free(&frames);
    assert_int_equal(parse(format, text, &frames, NULL), status);
    nnp_frames_free(&frames);
}

void assert_edits_refused(const char *format, const char *file,
                          const struct refused_edit *edits, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        char *text = edit_sample(file, edits[k].string, edits[k].replacement);
        assert_refused(format, text, edits[k].status, edits[k].words);
        free(text);
    }
}

void assert_close(const double *found, const double *expected, int n, double tolerance)
{
    for (int k = 0; k < n; k++)
        if (!(fabs(found[k] - expected[k]) <= tolerance))
            fail_msg("number %d is %.17g, expected %.17g", k, found[k], expected[k]);
}
