/* Text: a growing string, numbers to and from text independent of the locale, whole files. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The calling thread's locale while numbers are written or read: "C". */
struct c_locale {
    locale_t c, previous;
};

static bool c_locale_enter(struct c_locale *scope)
{
    scope->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!scope->c)
        return false;
    scope->previous = uselocale(scope->c);
    return true;
}

static void c_locale_leave(struct c_locale *scope)
{
    uselocale(scope->previous);
    freelocale(scope->c);
}

/* Room for extra more bytes and a NUL. */
static bool text_reserve(struct nnp_text *text, size_t extra)
{
    if (extra >= SIZE_MAX / 2 - text->length)
        return false;
    const size_t needed = text->length + extra + 1;
    if (needed <= text->capacity)
        return true;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (!data)
        return false;
    text->data = data;
    text->capacity = capacity;
    return true;
}

static void text_vappend(struct nnp_text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0 || !text_reserve(text, (size_t)n)) {
        text->failed = true;
        return;
    }
    vsnprintf(text->data + text->length, (size_t)n + 1, format, arguments);
    text->length += (size_t)n;
}

void nnp_text_append(struct nnp_text *text, const char *format, ...)
{
    struct c_locale scope;
    if (text->failed)
        return;
    if (!c_locale_enter(&scope)) {
        text->failed = true;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    text_vappend(text, format, arguments);
    va_end(arguments);
    c_locale_leave(&scope);
}

/* Fewest digits that read back the same.  Up to 15 always survive the way from decimal to
 * double and back (DBL_DIG), but for subnormal numbers, so that the search starts there. */
static void format_shortest(char *buffer, size_t size, double value)
{
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    do
        snprintf(buffer, size, "%.*g", digits, value);
    while (strtod(buffer, NULL) != value && ++digits <= 17);
}

void nnp_text_append_double(struct nnp_text *text, double value)
{
    char digits[40];
    struct c_locale scope;
    if (isnan(value)) {
        nnp_text_append(text, "nan");
        return;
    }
    if (!c_locale_enter(&scope)) {
        text->failed = true;
        return;
    }
    format_shortest(digits, sizeof digits, value);
    c_locale_leave(&scope);

    /* YAML 1.1 wants a point in a float with an exponent, and takes -0 for an integer. */
    const size_t mantissa = strcspn(digits, "e");
    const bool exponent = digits[mantissa] == 'e' && !strchr(digits, '.');
    const bool negative_zero = value == 0 && signbit(value);
    nnp_text_append(text, "%.*s%s%s", (int)mantissa, digits,
                    exponent || negative_zero ? ".0" : "", digits + mantissa);
}

static bool is_special(const char *string)
{
    const char *name = string + (*string == '+' || *string == '-');
    return !strcasecmp(name, "nan") || !strcasecmp(name, "inf") ||
           !strcasecmp(name, "infinity");
}

bool nnp_text_to_double(const char *string, double *value)
{
    struct c_locale scope;
    const bool decimal = *string && !string[strspn(string, "+-.0123456789eE")];
    if ((!decimal && !is_special(string)) || !c_locale_enter(&scope))
        return false;
    char *end;
    const double number = strtod(string, &end);
    c_locale_leave(&scope);
    if (end == string || *end || (decimal && !isfinite(number)))
        return false;
    *value = number;
    return true;
}

bool nnp_text_to_int(const char *string, int *value)
{
    char *end;
    if (!*string || string[strspn(string, "+-0123456789")])
        return false;
    errno = 0;
    const long number = strtol(string, &end, 10);
    if (end == string || *end || errno || number < INT_MIN || number > INT_MAX)
        return false;
    *value = (int)number;
    return true;
}

static enum nnp_status file_error(struct nnp_error *error, const char *verb, const char *path,
                                  int number)
{
    char reason[256];
    if (strerror_r(number, reason, sizeof reason))
        snprintf(reason, sizeof reason, "error %d", number);
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot %s %s: %s", verb, path, reason);
}

static enum nnp_status memory_error(struct nnp_error *error, const char *verb, const char *path)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "cannot %s %s: out of memory", verb, path);
}

/* By blocks up to the end, so that pipes work as well. */
static enum nnp_status read_stream(FILE *file, const char *path, struct nnp_text *text,
                                   struct nnp_error *error)
{
    size_t n, block = 1 << 16;
    do {
        if (!text_reserve(text, block))
            return memory_error(error, "read", path);
        block = text->capacity - text->length - 1;
        n = fread(text->data + text->length, 1, block, file);
        text->length += n;
    } while (n == block);
    if (ferror(file))
        return file_error(error, "read", path, errno);
    text->data[text->length] = '\0';
    return NNP_SUCCESS;
}

enum nnp_status nnp_file_read(const char *path, char **data, size_t *length,
                              struct nnp_error *error)
{
    struct nnp_text text = {0};
    *data = NULL;
    *length = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return file_error(error, "open", path, errno);
    const enum nnp_status status = read_stream(file, path, &text, error);
    fclose(file);
    if (status) {
        free(text.data);
        return status;
    }
    *data = text.data;
    *length = text.length;
    return NNP_SUCCESS;
}

/* The following return 0 or an errno. */

static int write_all(int descriptor, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(descriptor, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

static int write_temporary(int descriptor, const char *data, size_t length)
{
    int problem = write_all(descriptor, data, length);
    if (!problem && fsync(descriptor))
        problem = errno;
    if (close(descriptor) && !problem)
        problem = errno;
    return problem;
}

/* The rename itself is on disk only after the folder is; some file systems have no such sync
 * (EINVAL), and a folder may be writable but not readable. */
static int sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    const char *folder = ".";
    if (slash) {
        slash[slash == path ? 1 : 0] = '\0';
        folder = path;
    }
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    const int problem = fsync(descriptor) && errno != EINVAL ? errno : 0;
    close(descriptor);
    return problem;
}

/* Pipes and devices, such as /dev/stdout, are written in place. */
static int write_device(const char *path, const char *data, size_t length)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    int problem = write_all(descriptor, data, length);
    if (close(descriptor) && !problem)
        problem = errno;
    return problem;
}

/* temporary: room for the name of a file beside target. */
static int replace_file(const char *target, char *temporary, size_t size, const char *data,
                        size_t length)
{
    int descriptor = -1;
    for (int attempt = 0; descriptor < 0 && attempt < 100; attempt++) {
        snprintf(temporary, size, "%s.%ld.%d.tmp", target, (long)getpid(), attempt);
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            return errno;
    }
    if (descriptor < 0)
        return EEXIST;
    int problem = write_temporary(descriptor, data, length);
    if (!problem && rename(temporary, target))
        problem = errno;
    if (problem) {
        unlink(temporary);
        return problem;
    }
    return sync_folder(temporary);
}

enum nnp_status nnp_file_write(const char *path, const char *data, size_t length,
                               struct nnp_error *error)
{
    struct stat old;
    const bool exists = !stat(path, &old);
    if (exists && !S_ISREG(old.st_mode)) {
        const int problem = write_device(path, data, length);
        return problem ? file_error(error, "write", path, problem) : NNP_SUCCESS;
    }
    char *resolved = exists ? realpath(path, NULL) : NULL; /* the file behind a link */
    if (exists && !resolved)
        return file_error(error, "write", path, errno);
    const char *target = resolved ? resolved : path;
    const size_t size = strlen(target) + 64;
    char *temporary = malloc(size);
    enum nnp_status status = NNP_SUCCESS;
    if (temporary) {
        const int problem = replace_file(target, temporary, size, data, length);
        if (problem)
            status = file_error(error, "write", path, problem);
    } else {
        status = memory_error(error, "write", path);
    }
    free(temporary);
    free(resolved);
    return status;
}
