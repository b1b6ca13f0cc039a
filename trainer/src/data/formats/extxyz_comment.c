/* The comment line of a frame of extended XYZ.
 *
 * Stress is the derivative of the energy with respect to strain, per volume; from a virial W it
 * is -W / V, with V the volume of the cell. */
#include "extxyz_comment.h"

#include "text.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Off-diagonal pairs of a tensor that differ by no more than this are averaged: codes print few
 * digits, and some do not symmetrise. */
static const double ASYMMETRY_RELATIVE = 1e-3; /* of the largest component */
static const double ASYMMETRY_ABSOLUTE = 1e-6; /* eV/Angstrom^3, that is 0.16 MPa */

enum known_key {
    LATTICE,
    PBC,
    PROPERTIES,
    ENERGY,
    FREE_ENERGY,
    STRESS,
    VIRIAL,
    CONFIG_TYPE,
    N_KNOWN
};

static const struct {
    const char *name;
    bool any_case; /* what must not be overlooked for its spelling: the geometry */
} known_keys[N_KNOWN] = {
    [LATTICE] = {"Lattice", true},          [PBC] = {"pbc", true},
    [PROPERTIES] = {"Properties", true},    [ENERGY] = {"energy", false},
    [FREE_ENERGY] = {"free_energy", false}, [STRESS] = {"stress", false},
    [VIRIAL] = {"virial", false},           [CONFIG_TYPE] = {"config_type", false},
};

struct comment {
    const struct nnp_source *source;
    struct nnp_span line;
    const struct nnp_extxyz_pair *known[N_KNOWN]; /* NULL: missing */
    struct nnp_extxyz_pair pairs[N_KNOWN];
    bool used[N_KNOWN]; /* the value went into the structure; others are kept as info */
};

static enum known_key find_key(const struct nnp_extxyz_pair *pair)
{
    int k = 0;
    while (k < N_KNOWN &&
           !(known_keys[k].any_case ? nnp_span_equals_any_case(pair->key, known_keys[k].name)
                                    : nnp_span_equals(pair->key, known_keys[k].name)))
        k++;
    return pair->has_value ? (enum known_key)k : N_KNOWN;
}

static enum nnp_status collect_keys(struct comment *comment)
{
    struct nnp_span rest = comment->line;
    for (;;) {
        struct nnp_extxyz_pair pair;
        bool found;
        enum nnp_status status = nnp_extxyz_next_pair(comment->source, &rest, &pair, &found);
        if (status || !found)
            return status;
        enum known_key key = find_key(&pair);
        if (key == N_KNOWN)
            continue;
        if (comment->known[key])
            return nnp_source_error(comment->source, NNP_ERROR_SYNTAX,
                                    "found '%s' twice, expected it once", known_keys[key].name);
        comment->pairs[key] = pair;
        comment->known[key] = &comment->pairs[key];
    }
}

enum nnp_status nnp_extxyz_read_numbers(const struct nnp_source *source,
                                        const struct nnp_extxyz_pair *pair, int max,
                                        double *numbers, int *n)
{
    struct nnp_span rest = pair->value, item;
    for (*n = 0; *n <= max && nnp_span_item(&rest, &item); ++*n) {
        double number;
        if (!nnp_span_to_double(item, &number))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found '%s' in the value of '%s', expected a finite number",
                                    nnp_span_excerpt(item).text,
                                    nnp_span_excerpt(pair->key).text);
        if (*n < max)
            numbers[*n] = number;
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_energy(struct comment *comment, struct nnp_structure *structure)
{
    enum known_key key = comment->known[ENERGY] ? ENERGY : FREE_ENERGY;
    const struct nnp_extxyz_pair *pair = comment->known[key];
    if (!pair)
        return NNP_SUCCESS;
    int n;
    enum nnp_status status =
        nnp_extxyz_read_numbers(comment->source, pair, 1, &structure->energy, &n);
    if (status)
        return status;
    if (n != 1)
        return nnp_source_error(comment->source, NNP_ERROR_SYNTAX,
                                "found '%s' as '%s', expected one number",
                                nnp_span_excerpt(pair->value).text, known_keys[key].name);
    structure->has_energy = comment->used[key] = true;
    return NNP_SUCCESS;
}

/* Components xx yy zz xy xz yz of a 3x3 tensor that is nearly symmetric. */
static bool symmetrise(const double tensor[9], double absolute, double components[6])
{
    static const int upper[6] = {0, 4, 8, 1, 2, 5}, lower[6] = {0, 4, 8, 3, 6, 7};
    double largest = 0.0;
    for (int k = 0; k < 9; k++)
        largest = fmax(largest, fabs(tensor[k]));
    for (int c = 0; c < 6; c++) {
        double difference = tensor[lower[c]] - tensor[upper[c]];
        if (!(fabs(difference) <= ASYMMETRY_RELATIVE * largest + absolute))
            return false;
        components[c] = tensor[upper[c]];
        if (difference != 0.0) /* which keeps the sign of a zero */
            components[c] += 0.5 * difference;
    }
    return true;
}

/* A tensor of 9 numbers, or of 6 in Voigt's order xx yy zz yz xz xy. */
static enum nnp_status read_tensor(const struct nnp_source *source,
                                   const struct nnp_extxyz_pair *pair, double absolute,
                                   double components[6])
{
    static const int voigt[6] = {0, 1, 2, 5, 4, 3};
    struct nnp_excerpt name = nnp_span_excerpt(pair->key);
    double numbers[9];
    int n;
    enum nnp_status status = nnp_extxyz_read_numbers(source, pair, 9, numbers, &n);
    if (status)
        return status;
    if (n != 6 && n != 9)
        return nnp_source_error(
            source, NNP_ERROR_SYNTAX,
            "found %s%d numbers in '%s', expected 9, or 6 in the order xx yy "
            "zz yz xz xy",
            n > 9 ? "more than " : "", n > 9 ? 9 : n, name.text);
    if (n == 9 && !symmetrise(numbers, absolute, components))
        return nnp_source_error(source, NNP_ERROR_VALUE,
                                "found '%s' with pairs such as xy and yx that differ by more "
                                "than %g of its largest component, expected a symmetric tensor",
                                name.text, ASYMMETRY_RELATIVE);
    for (int c = 0; n == 6 && c < 6; c++)
        components[c] = numbers[voigt[c]];
    return NNP_SUCCESS;
}

static enum nnp_status read_stress(struct comment *comment, double volume,
                                   struct nnp_structure *structure)
{
    enum known_key key = comment->known[STRESS] ? STRESS : VIRIAL;
    const bool *periodic = structure->cell.periodic;
    if (!comment->known[key])
        return NNP_SUCCESS;
    double unit = key == STRESS ? 1.0 : -volume;
    double tensor[6] = {0.0};
    enum nnp_status status = read_tensor(comment->source, comment->known[key],
                                         ASYMMETRY_ABSOLUTE * fabs(unit), tensor);
    if (status || !periodic[0] || !periodic[1] || !periodic[2])
        return status;
    for (int c = 0; c < 6; c++) {
        structure->stress[c] = tensor[c] / unit;
        if (!isfinite(structure->stress[c]))
            return nnp_source_error(comment->source, NNP_ERROR_VALUE,
                                    "found a virial of %g in a volume of %g, expected a finite "
                                    "stress",
                                    tensor[c], volume);
    }
    structure->has_stress = comment->used[key] = true;
    return NNP_SUCCESS;
}

/* A copy without the backslashes before quotes; the caller frees it. */
static char *copy_value(struct nnp_span value)
{
    char *copy = malloc((size_t)(value.end - value.begin) + 1);
    if (!copy)
        return NULL;
    char *next = copy;
    for (const char *c = value.begin; c < value.end; c++) {
        bool escape = *c == '\\' && c + 1 < value.end && strchr("\\\"'", c[1]);
        *next++ = escape ? *++c : *c;
    }
    *next = '\0';
    return copy;
}

static enum nnp_status read_group(struct comment *comment, struct nnp_structure *structure)
{
    const struct nnp_extxyz_pair *pair = comment->known[CONFIG_TYPE];
    comment->used[CONFIG_TYPE] = true;
    if (!pair || pair->value.begin == pair->value.end)
        return NNP_SUCCESS;
    structure->group = copy_value(pair->value);
    if (!structure->group)
        return nnp_source_error(comment->source, NNP_ERROR_MEMORY, "out of memory");
    return NNP_SUCCESS;
}

/* Joins what was not used by single blanks.  A word of free text that begins with an equals sign
 * is left out behind a key without value, which would take it as its own. */
static enum nnp_status collect_info(const struct comment *comment, struct nnp_text *info)
{
    struct nnp_span rest = comment->line;
    bool wants_value = false;
    for (;;) {
        struct nnp_extxyz_pair pair;
        bool found;
        enum nnp_status status = nnp_extxyz_next_pair(comment->source, &rest, &pair, &found);
        if (status || !found)
            return status;
        enum known_key key = find_key(&pair);
        const bool is_free = *pair.whole.begin == '=';
        if ((key != N_KNOWN && comment->used[key]) || (is_free && wants_value))
            continue;
        wants_value = !pair.has_value && !is_free;
        if (pair.whole.end - pair.whole.begin > INT_MAX)
            return nnp_source_error(comment->source, NNP_ERROR_SYNTAX,
                                    "found a value of more than %d bytes", INT_MAX);
        nnp_text_append(info, "%s%.*s", info->length ? " " : "",
                        (int)(pair.whole.end - pair.whole.begin), pair.whole.begin);
        if (info->failed)
            return nnp_source_error(comment->source, NNP_ERROR_MEMORY, "out of memory");
    }
}

static enum nnp_status keep_info(const struct comment *comment, struct nnp_structure *structure)
{
    struct nnp_text info = {0};
    enum nnp_status status = collect_info(comment, &info);
    structure->info = info.data;
    return status;
}

enum nnp_status nnp_extxyz_read_comment(const struct nnp_source *source, struct nnp_span line,
                                        struct nnp_structure *structure,
                                        struct nnp_extxyz_columns *columns)
{
    struct comment comment = {.source = source, .line = line};
    double volume;
    enum nnp_status status = collect_keys(&comment);
    if (!status)
        status = nnp_extxyz_read_cell(source, comment.known[LATTICE], comment.known[PBC],
                                      &structure->cell, &volume);
    if (!status)
        status = nnp_extxyz_read_columns(source, comment.known[PROPERTIES], columns);
    if (status)
        return status;
    comment.used[LATTICE] = comment.used[PBC] = comment.used[PROPERTIES] = true;
    status = read_energy(&comment, structure);
    if (!status)
        status = read_stress(&comment, volume, structure);
    if (!status)
        status = read_group(&comment, structure);
    return status ? status : keep_info(&comment, structure);
}
