/* Words and lines of a text, with messages that name file and line. */
#ifndef NNP_FORMATS_SCANNER_H
#define NNP_FORMATS_SCANNER_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Words are separated by blanks; they stay until the next line is read. */
struct nnp_scanner {
    const char *file;     /* name for messages, borrowed */
    const char *text;     /* [length], borrowed */
    const char *comments; /* "#": from there to the end of a line; "/": from "//" too; "!":
                             from "!" too; or NULL */
    size_t length, next;
    int line; /* from 1 */
    int n_words, at;
    char **words; /* [n_words] of the line; words[at] is what nnp_scanner_word returns next */
    char *buffer; /* the line */
};

/* Refuses texts with NUL bytes. To be closed after a failure, too. */
enum nnp_status nnp_scanner_open(struct nnp_scanner *scanner, const char *file,
                                 const char *text, size_t length,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_scanner_close(struct nnp_scanner *scanner);
void nnp_scanner_rewind(struct nnp_scanner *scanner);

/* The next line, or the next that holds words; false: the end of the text. */
bool nnp_scanner_any_line(struct nnp_scanner *scanner);
bool nnp_scanner_line(struct nnp_scanner *scanner);

/* The next word, of this line or another; NULL: the end of the text.  peek does not take it. */
const char *nnp_scanner_word(struct nnp_scanner *scanner);
const char *nnp_scanner_peek(struct nnp_scanner *scanner);

/* The next word as a finite number, as an integer from min to max, as an element's symbol, as
 * exactly word; the next n numbers. what names the value in messages; integers are set on
 * success only. */
enum nnp_status nnp_scanner_double(struct nnp_scanner *scanner, const char *what, double *value,
                                   struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_scanner_doubles(struct nnp_scanner *scanner, const char *what, int n,
                                    double *values, struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_scanner_int(struct nnp_scanner *scanner, const char *what, int min, int max,
                                int *value, struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_scanner_element(struct nnp_scanner *scanner, int *atomic_number,
                                    struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_scanner_expect(struct nnp_scanner *scanner, const char *word,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Word i of the line as a finite number, or an integer; false if there is none. */
bool nnp_scanner_is_double(const struct nnp_scanner *scanner, int i, double *value);
bool nnp_scanner_is_int(const struct nnp_scanner *scanner, int i, int *value);

/* The integers of the next line of a NUL-terminated text that is neither blank nor a comment:
 * their number, 0 if there is anything else, and the first one.  *text moves behind the line.
 * Without memory, for recognising formats. */
int nnp_scan_integers(const char **text, long *first);

/* Sets "file:line: message" and returns status. */
enum nnp_status nnp_scanner_error(const struct nnp_scanner *scanner, struct nnp_error *error,
                                  enum nnp_status status, const char *format, ...)
    NNP_PRINTF(4, 5);

#endif
