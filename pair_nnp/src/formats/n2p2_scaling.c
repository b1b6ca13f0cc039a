/* n2p2's scaling.data: element, function (both from 1), min, max, mean, sigma. */
#include "formats/n2p2.h"

#include <stdlib.h>

/* Lines of two numbers hold the range of energies, in files of RuNNer. */
static enum nnp_status read_scaling_line(struct nnp_potential *potential, bool *const *seen,
                                         const struct nnp_scanner *scanner,
                                         struct nnp_error *error)
{
    int e, k;
    if (scanner->n_words == 2)
        return NNP_SUCCESS;
    if (scanner->n_words < 5 || !nnp_scanner_is_int(scanner, 0, &e) ||
        !nnp_scanner_is_int(scanner, 1, &k))
        return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                 "expected element, function, min, max, mean and sigma");
    if (e < 1 || e > potential->n_elements || k < 1 ||
        k > potential->descriptors[e - 1].n_functions)
        return nnp_scanner_error(scanner, error, NNP_ERROR_INCONSISTENT,
                                 "function %d of element %d is not among those of input.nn", k,
                                 e);
    struct nnp_scaling *scaling = &potential->descriptors[e - 1].scaling;
    double *const columns[] = {scaling->min, scaling->max, scaling->mean, scaling->sigma};
    for (int c = 0; c < 4 && c + 2 < scanner->n_words; c++)
        if (!nnp_scanner_is_double(scanner, c + 2, &columns[c][k - 1]))
            return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                     "word %d is '%.40s', expected a number", c + 3,
                                     scanner->words[c + 2]);
    if (scanner->n_words < 6 && scaling->method == NNP_SCALING_SIGMA)
        return nnp_scanner_error(scanner, error, NNP_ERROR_INCONSISTENT,
                                 "there is no sigma, which scale_symmetry_functions_sigma "
                                 "needs");
    seen[e - 1][k - 1] = true;
    return NNP_SUCCESS;
}

static enum nnp_status check_seen(const struct nnp_potential *potential, bool *const *seen,
                                  const char *file, struct nnp_error *error)
{
    for (int e = 0; e < potential->n_elements; e++)
        for (int k = 0; k < potential->descriptors[e].n_functions; k++)
            if (!seen[e][k])
                return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                     "%s: function %d of element %d is missing", file, k + 1,
                                     e + 1);
    return NNP_SUCCESS;
}

static enum nnp_status read_scaling_lines(struct nnp_potential *potential, bool *const *seen,
                                          const struct nnp_source_text *text,
                                          struct nnp_error *error)
{
    struct nnp_scanner scanner;
    enum nnp_status status =
        nnp_scanner_open(&scanner, text->path, text->text, text->length, error);
    while (!status && nnp_scanner_line(&scanner))
        status = read_scaling_line(potential, seen, &scanner, error);
    nnp_scanner_close(&scanner);
    return status ? status : check_seen(potential, seen, text->path, error);
}

enum nnp_status nnp_n2p2_scaling_read(struct nnp_potential *potential,
                                      const struct nnp_source_text *text,
                                      struct nnp_error *error)
{
    bool **seen = calloc((size_t)potential->n_elements, sizeof *seen);
    enum nnp_status status = NNP_SUCCESS;
    bool failed = !seen;
    for (int e = 0; !failed && e < potential->n_elements; e++) {
        seen[e] = calloc((size_t)potential->descriptors[e].n_functions, sizeof **seen);
        failed = !seen[e];
    }
    if (failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", text->path);
    else
        status = read_scaling_lines(potential, seen, text, error);
    for (int e = 0; seen && e < potential->n_elements; e++)
        free(seen[e]);
    free(seen);
    return status;
}
