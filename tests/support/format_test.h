/* Readers of formats in tests: texts that are read or refused. */
#ifndef NNP_TEST_FORMAT_H
#define NNP_TEST_FORMAT_H

#include "format.h"

/* The frames of a text that the format of a name reads; fails the test where it does not. */
struct nnp_frames parse_text(const char *format, const char *text);

/* The same for a file of tests/data/formats. */
struct nnp_frames parse_sample(const char *format, const char *file);

/* A file of tests/data/formats in which a string that occurs is replaced everywhere; the caller
 * frees it. */
char *edit_sample(const char *file, const char *string, const char *replacement);

/* The format refuses a text with the status and a message that contains the words; it stands in
 * a file "f". */
void assert_refused(const char *format, const char *text, enum nnp_status status,
                    const char *words);

/* The same for a sample in which a string is replaced. */
struct refused_edit {
    const char *string, *replacement;
    enum nnp_status status;
    const char *words;
};
void assert_edits_refused(const char *format, const char *file,
                          const struct refused_edit *edits, size_t n);

/* Each differs by no more than tolerance. */
void assert_close(const double *found, const double *expected, int n, double tolerance);

#endif
