/* Tables of names of enumerators. */
#ifndef NNP_NAMES_H
#define NNP_NAMES_H

#include <string.h>

/* Index of name in names[n], n if it is not there. */
static inline int nnp_names_find(const char *const *names, int n, const char *name)
{
    int i = 0;
    while (i < n && strcmp(names[i], name) != 0)
        i++;
    return i;
}

#endif
