/* Three bytes become four characters. */
#include "base64.h"

void nnp_base64_append(struct nnp_text *text, const void *data, size_t length)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = data;
    if (!nnp_text_reserve(text, (length + 2) / 3 * 4))
        return;
    for (size_t k = 0; k < length; k += 3) {
        unsigned long group = (unsigned long)bytes[k] << 16;
        if (k + 1 < length)
            group |= (unsigned long)bytes[k + 1] << 8;
        if (k + 2 < length)
            group |= bytes[k + 2];
        for (int d = 0; d < 4; d++)
            text->data[text->length++] =
                k + (size_t)d > length ? '=' : digits[group >> (18 - 6 * d) & 63];
    }
    text->data[text->length] = '\0';
}
