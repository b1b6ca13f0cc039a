/* Templates of commands and files. */
#include "placeholders.h"

#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

static const struct nnp_placeholder *find(const char *name, size_t length, int n,
                                          const struct nnp_placeholder *placeholders)
{
    for (int k = 0; k < n; k++)
        if (strlen(placeholders[k].name) == length &&
            memcmp(placeholders[k].name, name, length) == 0)
            return &placeholders[k];
    return NULL;
}

const char *nnp_placeholders_expand(struct nnp_text *text, const char *template, int n,
                                    const struct nnp_placeholder *placeholders)
{
    const char *unknown = NULL;
    for (const char *c = template; *c; c++) {
        size_t length =
            *c == '{' && (c == template || c[-1] != '$') ? strspn(c + 1, letters) : 0;
        const struct nnp_placeholder *placeholder = NULL;
        if (length > 0 && c[length + 1] == '}') {
            placeholder = find(c + 1, length, n, placeholders);
            if (!placeholder && !unknown)
                unknown = c + 1;
        }
        if (placeholder) {
            nnp_text_append(text, "%s", placeholder->value);
            c += length + 1;
        } else {
            nnp_text_append(text, "%c", *c);
        }
    }
    return unknown;
}

void nnp_append_shell_word(struct nnp_text *text, const char *word)
{
    static const char plain[] = "/.-+,:@%=";
    const char *c = word;
    while (*c && (strchr(letters, *c) || strchr(plain, *c)))
        c++;
    if (*word && !*c) {
        nnp_text_append(text, "%s", word);
        return;
    }
    nnp_text_append(text, "'");
    for (c = word; *c; c++)
        nnp_text_append(text, *c == '\'' ? "'\\''" : "%c", *c);
    nnp_text_append(text, "'");
}
