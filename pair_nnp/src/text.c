/* Text: a growing string, numbers to and from text independent of the locale, UTF-8. */
#include "text.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

bool nnp_text_reserve(struct nnp_text *text, size_t extra)
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
    enum { MOST_ARE_SHORTER = 80 };
    va_list again;
    va_copy(again, arguments);
    int n = -1;
    if (nnp_text_reserve(text, MOST_ARE_SHORTER)) {
        const size_t room = text->capacity - text->length;
        n = vsnprintf(text->data + text->length, room, format, arguments);
        if (n >= 0 && (size_t)n >= room)
            n = nnp_text_reserve(text, (size_t)n)
                    ? vsnprintf(text->data + text->length, (size_t)n + 1, format, again)
                    : -1;
    }
    va_end(again);
    if (n < 0)
        text->failed = true;
    else
        text->length += (size_t)n;
}

static void append_bytes(struct nnp_text *text, const char *bytes, size_t n)
{
    if (!nnp_text_reserve(text, n)) {
        text->failed = true;
        return;
    }
    memcpy(text->data + text->length, bytes, n);
    text->length += n;
    text->data[text->length] = '\0';
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
    if (text->failed)
        return;
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
    append_bytes(text, digits, mantissa);
    append_bytes(text, ".0", exponent || negative_zero ? 2 : 0);
    append_bytes(text, digits + mantissa, strlen(digits + mantissa));
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

/* First byte, then number of bytes that follow, smallest code point of such a length. */
static const struct {
    unsigned char mask, lead;
    int n_following;
    long smallest;
} utf8_forms[] = {{0x80, 0x00, 0, 0x0},
                  {0xE0, 0xC0, 1, 0x80},
                  {0xF0, 0xE0, 2, 0x800},
                  {0xF8, 0xF0, 3, 0x10000}};

int nnp_text_decode(const char *string, long *code_point)
{
    const unsigned char *bytes = (const unsigned char *)string;
    int form = 0;
    while (form < 4 && (bytes[0] & utf8_forms[form].mask) != utf8_forms[form].lead)
        form++;
    if (form == 4)
        return 0;
    const int n = utf8_forms[form].n_following;
    long code = bytes[0] & ~utf8_forms[form].mask & 0xFF;
    for (int i = 1; i <= n; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3F);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < utf8_forms[form].smallest || surrogate || code > 0x10FFFF)
        return 0;
    *code_point = code;
    return n + 1;
}

char *nnp_text_copy(const char *string)
{
    const size_t size = strlen(string) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, string, size);
    return copy;
}
