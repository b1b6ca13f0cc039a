/* Elements and numbers of atoms in the head of an OUTCAR:
 *     VRHFIN =Si: s2p2
 *     TITEL  = PAW_PBE Si_d 05Jan2001
 *     ions per type =               1   1
 * VRHFIN and TITEL come once for each POTCAR, VRHFIN first. */
#include "outcar_parts.h"

#include "nnp/element.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The element in the letters that a word begins with, as in Li_sv, H1.25 or Si: ; 0 if none. */
static int leading_element(struct nnp_span word)
{
    char symbol[3] = "";
    int n = 0;
    while (word.begin + n < word.end && is_letter(word.begin[n])) {
        if (n == 2)
            return 0;
        symbol[n] = word.begin[n];
        n++;
    }
    return nnp_element_from_symbol(symbol);
}

static enum nnp_status add_type(const struct nnp_source *source, int atomic_number,
                                struct nnp_outcar_types *types)
{
    if (types->n == types->capacity) {
        int larger = types->capacity > 0 ? 2 * types->capacity : 8;
        struct nnp_outcar_type *moved = NULL;
        if (types->capacity <= INT_MAX / 2 && (size_t)larger <= SIZE_MAX / sizeof *moved)
            moved = realloc(types->types, (size_t)larger * sizeof *moved);
        if (!moved)
            return nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
        types->types = moved;
        types->capacity = larger;
    }
    types->types[types->n++] = (struct nnp_outcar_type){atomic_number, 0};
    return NNP_SUCCESS;
}

/* Takes the element of a VRHFIN that no TITEL has followed. */
static enum nnp_status settle(const struct nnp_source *source, struct nnp_outcar_types *types)
{
    int atomic_number = types->vrhfin;
    types->vrhfin = 0;
    return atomic_number > 0 ? add_type(source, atomic_number, types) : NNP_SUCCESS;
}

/* The head of another run in the same file begins anew. */
static void forget_former_run(struct nnp_outcar_types *types)
{
    if (types->n_atoms > 0)
        types->n = types->n_atoms = 0;
}

enum nnp_status nnp_outcar_read_vrhfin(const struct nnp_source *source, struct nnp_span rest,
                                       struct nnp_outcar_types *types)
{
    struct nnp_span value, word;
    forget_former_run(types);
    enum nnp_status status = settle(source, types);
    if (!status && nnp_span_behind(rest, "=", &value) && nnp_span_token(&value, &word))
        types->vrhfin = leading_element(word);
    return status;
}

enum nnp_status nnp_outcar_read_title(const struct nnp_source *source, struct nnp_span rest,
                                      struct nnp_outcar_types *types)
{
    struct nnp_span value, kind, word;
    int atomic_number = 0;
    forget_former_run(types);
    if (nnp_span_behind(rest, "=", &value) && nnp_span_token(&value, &kind) &&
        nnp_span_token(&value, &word))
        atomic_number = leading_element(word);
    if (atomic_number == 0)
        atomic_number = types->vrhfin;
    types->vrhfin = 0;
    if (atomic_number > 0)
        return add_type(source, atomic_number, types);
    return nnp_source_error(source, NNP_ERROR_ELEMENT,
                            "found TITEL%s, expected a title such as 'PAW_PBE Li_sv' with the "
                            "symbol of an element",
                            nnp_span_excerpt(rest).text);
}

enum nnp_status nnp_outcar_read_counts(const struct nnp_source *source, struct nnp_span rest,
                                       struct nnp_outcar_types *types)
{
    struct nnp_span token;
    int n = 0, n_atoms = 0;
    enum nnp_status status = settle(source, types);
    while (!status && nnp_span_token(&rest, &token)) {
        int count;
        if (!nnp_span_to_int(token, &count) || count < 1 || count > INT_MAX - n_atoms)
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found '%s' in 'ions per type', expected a number of atoms",
                                    nnp_span_excerpt(token).text);
        n_atoms += count;
        if (n < types->n)
            types->types[n].count = count;
        n++;
    }
    if (!status && (n == 0 || n != types->n))
        status = nnp_source_error(source, NNP_ERROR_INCONSISTENT,
                                  "found %d numbers in 'ions per type', expected one for each "
                                  "of the %d TITEL lines before",
                                  n, types->n);
    if (!status)
        types->n_atoms = n_atoms;
    return status;
}
