/* Symmetry functions of n2p2's input.nn, and their order.
 *
 *   symfunction_short CENTER TYPE .., with
 *    2  e1 eta r_shift r_cut
 *    3  e1 e2 eta lambda zeta r_cut [r_shift]     9 likewise
 *   12  eta r_shift r_cut
 *   13  eta r_shift lambda zeta r_cut
 *   20  e1 r_low r_cut core
 *   21  e1 e2 r_low r_cut angle_low angle_high core     22 likewise
 *   23  r_low r_cut core
 *   24  r_low r_cut angle_low angle_high core     25 likewise */
#include "formats/build.h"
#include "formats/n2p2.h"

#include <stdlib.h>
#include <string.h>

/* Types, and what stands behind the type's number: e elements, h eta, s r_shift, l lambda,
 * z zeta, r r_low, c r_cut, a angle_low, A angle_high, k core; small ones behind '-' optional.
 */
static const struct {
    int number;
    enum nnp_symmetry_type type;
    const char *columns;
} types[] = {
    {2, NNP_SYMMETRY_RADIAL, "ehsc"},
    {3, NNP_SYMMETRY_NARROW, "eehlzc-s"},
    {9, NNP_SYMMETRY_WIDE, "eehlzc-s"},
    {12, NNP_SYMMETRY_WEIGHTED_RADIAL, "hsc"},
    {13, NNP_SYMMETRY_WEIGHTED_NARROW, "hslzc"},
    {20, NNP_SYMMETRY_COMPACT_RADIAL, "erck"},
    {21, NNP_SYMMETRY_COMPACT_NARROW, "eercaAk"},
    {22, NNP_SYMMETRY_COMPACT_WIDE, "eercaAk"},
    {23, NNP_SYMMETRY_WEIGHTED_COMPACT_RADIAL, "rck"},
    {24, NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW, "rcaAk"},
    {25, NNP_SYMMETRY_WEIGHTED_COMPACT_WIDE, "rcaAk"},
};

enum { N_TYPES = sizeof types / sizeof *types };

int nnp_n2p2_number(enum nnp_symmetry_type type)
{
    for (int t = 0; t < N_TYPES; t++)
        if (types[t].type == type)
            return types[t].number;
    return 0;
}

/* "e" or "p1" .. "p4", with an "a" behind where it is asymmetric; n2p2 sorts by the "a" of "ea"
 * and otherwise passes over it. */
static bool read_core(const char *word, struct nnp_symmetry *function)
{
    static const char *const cores[] = {"e", "p1", "p2", "p3", "p4"};
    for (int k = 0; k < 5; k++) {
        const size_t n = strlen(cores[k]);
        if (strncmp(word, cores[k], n) != 0)
            continue;
        function->cutoff.type = (enum nnp_cutoff_type)(NNP_CUTOFF_EXP + k);
        function->asymmetric = word[n] == 'a';
        return word[n + (size_t)function->asymmetric] == '\0';
    }
    return false;
}

static bool read_column(const struct nnp_n2p2_settings *settings,
                        const struct nnp_scanner *scanner, int i, char column,
                        struct nnp_symmetry *function)
{
    if (i >= scanner->n_words)
        return false;
    switch (column) {
    case 'e': {
        const int e = nnp_n2p2_element(settings, scanner->words[i]);
        function->neighbors[function->neighbors[0] < 0 ? 0 : 1] = e;
        return e >= 0;
    }
    case 'k':
        return read_core(scanner->words[i], function);
    case 'h':
        return nnp_scanner_is_double(scanner, i, &function->eta);
    case 's':
        return nnp_scanner_is_double(scanner, i, &function->r_shift);
    case 'l':
        return nnp_scanner_is_double(scanner, i, &function->lambda);
    case 'z':
        return nnp_scanner_is_double(scanner, i, &function->zeta);
    case 'r':
        return nnp_scanner_is_double(scanner, i, &function->r_low);
    case 'c':
        return nnp_scanner_is_double(scanner, i, &function->cutoff.radius);
    case 'a':
        return nnp_scanner_is_double(scanner, i, &function->angle_low);
    default:
        return nnp_scanner_is_double(scanner, i, &function->angle_high);
    }
}

static enum nnp_status read_function(const struct nnp_n2p2_settings *settings,
                                     const struct nnp_scanner *scanner,
                                     struct nnp_symmetry *function, struct nnp_error *error)
{
    int number = 0, t = 0, i = 3;
    if (nnp_scanner_is_int(scanner, 2, &number))
        while (t < N_TYPES && types[t].number != number)
            t++;
    if (!number || t == N_TYPES)
        return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED,
                                 "symmetry function of type '%.20s', expected 2, 3, 9, 12, 13 "
                                 "or 20 to 25",
                                 scanner->n_words > 2 ? scanner->words[2] : "");
    *function = (struct nnp_symmetry){.type = types[t].type, .neighbors = {-1, -1}};
    if (!nnp_symmetry_is_compact(function->type))
        function->cutoff = settings->cutoff;
    for (const char *c = types[t].columns; *c; c++) {
        if (*c == '-' && i == scanner->n_words)
            break;
        if (*c != '-' && !read_column(settings, scanner, i++, *c, function))
            return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                     "symmetry function of type %d: word %d is '%.40s', which "
                                     "is not what its type has there",
                                     number, i,
                                     i <= scanner->n_words ? scanner->words[i - 1] : "");
    }
    if (i < scanner->n_words)
        return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                 "symmetry function of type %d: '%.40s' is one word too many",
                                 number, scanner->words[i]);
    return NNP_SUCCESS;
}

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

/* The names of cores sort like their numbers, each before its asymmetric form. */
static int core_rank(const struct nnp_symmetry *f)
{
    return nnp_symmetry_is_compact(f->type) ? 2 * (int)f->cutoff.type + f->asymmetric : 0;
}

int nnp_n2p2_compare(const struct nnp_symmetry *a, const struct nnp_symmetry *b)
{
    const int elements[2] = {a->neighbors[0] - b->neighbors[0],
                             a->neighbors[1] - b->neighbors[1]};
    const bool compact = nnp_symmetry_is_compact(a->type);
    const int order[] = {nnp_n2p2_number(a->type) - nnp_n2p2_number(b->type),
                         core_rank(a) - core_rank(b),
                         compact ? elements[0] : 0,
                         compact ? elements[1] : 0,
                         compare_doubles(a->cutoff.radius, b->cutoff.radius),
                         compare_doubles(a->eta, b->eta),
                         compare_doubles(a->r_shift, b->r_shift),
                         compare_doubles(a->zeta, b->zeta),
                         compare_doubles(a->lambda, b->lambda),
                         compare_doubles(a->r_low, b->r_low),
                         compare_doubles(a->angle_low, b->angle_low),
                         compare_doubles(a->angle_high, b->angle_high),
                         elements[0],
                         elements[1]};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] != 0)
            return order[i];
    return 0;
}

static int compare(const void *a, const void *b)
{
    return nnp_n2p2_compare(a, b);
}

enum nnp_status nnp_n2p2_functions_read(struct nnp_potential *potential,
                                        const struct nnp_n2p2_settings *settings,
                                        struct nnp_scanner *scanner, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    nnp_scanner_rewind(scanner);
    while (!status && nnp_scanner_line(scanner)) {
        struct nnp_symmetry function;
        if (strcmp(scanner->words[0], "symfunction_short") != 0 &&
            strcmp(scanner->words[0], "symfunction") != 0)
            continue;
        const int center =
            scanner->n_words > 1 ? nnp_n2p2_element(settings, scanner->words[1]) : -1;
        if (center < 0)
            return nnp_scanner_error(scanner, error, NNP_ERROR_ELEMENT,
                                     "central element is '%.20s', expected one of elements",
                                     scanner->n_words > 1 ? scanner->words[1] : "");
        status = read_function(settings, scanner, &function, error);
        if (!status)
            status = nnp_build_function(&potential->descriptors[center], &function, error);
    }
    for (int e = 0; e < potential->n_elements && !status; e++) {
        struct nnp_descriptor *descriptor = &potential->descriptors[e];
        if (descriptor->n_functions == 0)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%s: %s has no symmetry functions, expected symfunction_short",
                                 scanner->file,
                                 nnp_element_symbol(potential->elements[e].atomic_number));
        qsort(descriptor->functions, (size_t)descriptor->n_functions,
              sizeof *descriptor->functions, compare);
        for (int k = 0; k < descriptor->n_functions; k++)
            if (descriptor->functions[k].cutoff.type == NNP_CUTOFF_EXP)
                descriptor->functions[k].asymmetric = 0;
    }
    return status;
}
