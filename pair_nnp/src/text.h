/* Text: a growing string, numbers to and from text independent of the locale, UTF-8, whole
 * files. */
#ifndef NNP_TEXT_H
#define NNP_TEXT_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised; data is owned, NUL-terminated, freed by the caller with free(). */
struct nnp_text {
    char *data;
    size_t length, capacity;
    bool failed; /* an allocation failed: data is incomplete */
};

void nnp_text_append(struct nnp_text *text, const char *format, ...) NNP_PRINTF(2, 3);

/* Makes room for extra more bytes and a NUL; false: no memory, or the size overflows. */
bool nnp_text_reserve(struct nnp_text *text, size_t extra);

/* The shortest decimal number that reads back to the same bits, in a form that YAML 1.1 takes
 * for a number as well (1.0e+20). */
void nnp_text_append_double(struct nnp_text *text, double value);

/* The whole string as a number, nothing before or behind it; false if it is none, or out of
 * range. "nan" and "inf" are numbers to nnp_text_to_double, in any case. */
bool nnp_text_to_double(const char *string, double *value);
bool nnp_text_to_int(const char *string, int *value);

/* The first character of a UTF-8 string: its number of bytes, 0 if they are not valid UTF-8. */
int nnp_text_decode(const char *string, long *code_point);

/* A copy that the caller frees, NULL: no memory. */
char *nnp_text_copy(const char *string);

/* The whole file, NUL-terminated beyond length; the caller frees *data. */
enum nnp_status nnp_file_read(const char *path, char **data, size_t *length,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* Writes a temporary file beside path, syncs and renames it: path is the old or the new file,
 * whole.  A link is followed, permissions stay; a pipe or device is written in place. */
enum nnp_status nnp_file_write(const char *path, const char *data, size_t length,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Whether two paths are equal or lead to one existing file. */
bool nnp_file_is_same(const char *a, const char *b);

#endif
