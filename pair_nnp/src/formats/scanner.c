/* Words and lines of a text, with messages that name file and line. */
#include "formats/scanner.h"

#include "nnp/element.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static size_t line_length(const struct nnp_scanner *scanner, size_t start)
{
    const char *end = memchr(scanner->text + start, '\n', scanner->length - start);
    return end ? (size_t)(end - scanner->text) - start : scanner->length - start;
}

enum nnp_status nnp_scanner_open(struct nnp_scanner *scanner, const char *file,
                                 const char *text, size_t length, struct nnp_error *error)
{
    size_t longest = 0;
    *scanner =
        (struct nnp_scanner){.file = file, .text = text, .length = length, .comments = "#"};
    if (length > 0 && memchr(text, '\0', length))
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "%s: there is a NUL byte, expected a text", file);
    for (size_t start = 0; start < length;) {
        const size_t n = line_length(scanner, start);
        longest = n > longest ? n : longest;
        start += n + 1;
    }
    scanner->buffer = malloc(longest + 1);
    scanner->words = malloc((longest / 2 + 1) * sizeof *scanner->words);
    if (!scanner->buffer || !scanner->words)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", file);
    return NNP_SUCCESS;
}

void nnp_scanner_close(struct nnp_scanner *scanner)
{
    free(scanner->buffer);
    free(scanner->words);
    *scanner = (struct nnp_scanner){0};
}

void nnp_scanner_rewind(struct nnp_scanner *scanner)
{
    scanner->next = 0;
    scanner->line = scanner->n_words = scanner->at = 0;
}

static void cut_comment(const struct nnp_scanner *scanner)
{
    char *start = scanner->comments ? strchr(scanner->buffer, '#') : NULL;
    if (start)
        *start = '\0';
    const char other = scanner->comments ? *scanner->comments : '#';
    start = other == '#' ? NULL : strstr(scanner->buffer, other == '/' ? "//" : "!");
    if (start)
        *start = '\0';
}

static void split(struct nnp_scanner *scanner)
{
    scanner->n_words = scanner->at = 0;
    for (char *c = scanner->buffer; *c;) {
        while (is_blank(*c))
            c++;
        if (!*c)
            break;
        scanner->words[scanner->n_words++] = c;
        while (*c && !is_blank(*c))
            c++;
        if (*c)
            *c++ = '\0';
    }
}

bool nnp_scanner_any_line(struct nnp_scanner *scanner)
{
    scanner->n_words = scanner->at = 0;
    if (scanner->next >= scanner->length)
        return false;
    const size_t n = line_length(scanner, scanner->next);
    memcpy(scanner->buffer, scanner->text + scanner->next, n);
    scanner->buffer[n] = '\0';
    scanner->next += n + 1;
    scanner->line++;
    cut_comment(scanner);
    split(scanner);
    return true;
}

bool nnp_scanner_line(struct nnp_scanner *scanner)
{
    while (nnp_scanner_any_line(scanner))
        if (scanner->n_words > 0)
            return true;
    return false;
}

const char *nnp_scanner_peek(struct nnp_scanner *scanner)
{
    if (scanner->at == scanner->n_words && !nnp_scanner_line(scanner))
        return NULL;
    return scanner->words[scanner->at];
}

const char *nnp_scanner_word(struct nnp_scanner *scanner)
{
    const char *word = nnp_scanner_peek(scanner);
    if (word)
        scanner->at++;
    return word;
}

static enum nnp_status unexpected(const struct nnp_scanner *scanner, const char *what,
                                  const char *word, const char *expected,
                                  struct nnp_error *error)
{
    if (!word)
        return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                 "the file ends, expected %s: %s", what, expected);
    return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX, "%s is '%.40s', expected %s",
                             what, word, expected);
}

enum nnp_status nnp_scanner_double(struct nnp_scanner *scanner, const char *what, double *value,
                                   struct nnp_error *error)
{
    const char *word = nnp_scanner_word(scanner);
    if (word && nnp_text_to_double(word, value) && isfinite(*value))
        return NNP_SUCCESS;
    return unexpected(scanner, what, word, "a number", error);
}

enum nnp_status nnp_scanner_doubles(struct nnp_scanner *scanner, const char *what, int n,
                                    double *values, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < n && !status; i++)
        status = nnp_scanner_double(scanner, what, &values[i], error);
    return status;
}

enum nnp_status nnp_scanner_int(struct nnp_scanner *scanner, const char *what, int min, int max,
                                int *value, struct nnp_error *error)
{
    const char *word = nnp_scanner_word(scanner);
    int number;
    if (!word || !nnp_text_to_int(word, &number))
        return unexpected(scanner, what, word, "an integer", error);
    if (number < min || number > max)
        return nnp_scanner_error(scanner, error, NNP_ERROR_VALUE, "%s is %d, expected %d to %d",
                                 what, number, min, max);
    *value = number;
    return NNP_SUCCESS;
}

enum nnp_status nnp_scanner_element(struct nnp_scanner *scanner, int *atomic_number,
                                    struct nnp_error *error)
{
    const char *word = nnp_scanner_word(scanner);
    *atomic_number = word ? nnp_element_from_symbol(word) : 0;
    return *atomic_number
               ? NNP_SUCCESS
               : unexpected(scanner, "element", word, "the symbol of an element", error);
}

enum nnp_status nnp_scanner_expect(struct nnp_scanner *scanner, const char *word,
                                   struct nnp_error *error)
{
    const char *found = nnp_scanner_word(scanner);
    if (found && strcmp(found, word) == 0)
        return NNP_SUCCESS;
    return unexpected(scanner, "the next word", found, word, error);
}

bool nnp_scanner_is_double(const struct nnp_scanner *scanner, int i, double *value)
{
    return i < scanner->n_words && nnp_text_to_double(scanner->words[i], value) &&
           isfinite(*value);
}

bool nnp_scanner_is_int(const struct nnp_scanner *scanner, int i, int *value)
{
    return i < scanner->n_words && nnp_text_to_int(scanner->words[i], value);
}

int nnp_scan_integers(const char **text, long *first)
{
    const char *c = *text;
    int n = 0;
    for (c += strspn(c, " \t\r\n"); *c == '#' || strncmp(c, "//", 2) == 0;) {
        c += strcspn(c, "\n");
        c += strspn(c, " \t\r\n");
    }
    const char *end = c;
    while (*end && *end != '\n' && *end != '#' && strncmp(end, "//", 2) != 0)
        end++;
    *text = c + strcspn(c, "\n");
    while (c < end) {
        char *behind;
        const long value = strtol(c, &behind, 10);
        if (behind == c || behind > end)
            return 0;
        *first = n++ > 0 ? *first : value;
        c = behind + strspn(behind, " \t\r");
    }
    return n;
}

enum nnp_status nnp_scanner_error(const struct nnp_scanner *scanner, struct nnp_error *error,
                                  enum nnp_status status, const char *format, ...)
{
    struct nnp_error detail;
    va_list arguments;
    va_start(arguments, format);
    nnp_error_vset(&detail, status, format, arguments);
    va_end(arguments);
    return nnp_error_set(error, status, "%s:%d: %s", scanner->file, scanner->line,
                         detail.message);
}
