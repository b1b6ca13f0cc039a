/* Templates: texts with {name}, which values take the place of. */
#ifndef NNP_PLACEHOLDERS_H
#define NNP_PLACEHOLDERS_H

#include "nnp/status.h"
#include "text.h"

struct nnp_placeholder {
    const char *name, *value; /* borrowed */
};

/* Appends the template with values in the places of {name}, where name is a word of letters,
 * digits and underscores.  ${name} is the shell's, and other braces are text.  Returns NULL, or
 * the place in the template of the first name that is not among the placeholders, which stays
 * as it is in the text. */
const char *nnp_placeholders_expand(struct nnp_text *text, const char *template, int n,
                                    const struct nnp_placeholder *placeholders);

/* A path as one word of the shell: as it is, or in '...' where it has special characters. */
void nnp_append_shell_word(struct nnp_text *text, const char *word);

#endif
