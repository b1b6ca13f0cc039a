/* aenet's networks as text; the records stand in formats/aenet.h.  Words may stand on any
 * number of lines. */
#include "formats/aenet.h"
#include "formats/scanner.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum nnp_status read_counts(struct nnp_aenet *file, struct nnp_scanner *scanner,
                                   int *most, struct nnp_error *error)
{
    int n_values, n_layers;
    enum nnp_status status = nnp_scanner_int(scanner, "number of layers", 2,
                                             NNP_AENET_MAX_LAYERS + 1, &n_layers, error);
    if (!status)
        status = nnp_scanner_int(scanner, "most nodes of a layer", 1, NNP_AENET_MOST_INPUTS,
                                 most, error);
    if (!status)
        status =
            nnp_scanner_int(scanner, "number of weights", 1, INT_MAX, &file->n_weights, error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of values", 1, INT_MAX, &n_values, error);
    if (!status)
        file->n_layers = n_layers - 1;
    return status;
}

static enum nnp_status read_network(struct nnp_aenet *file, struct nnp_scanner *scanner,
                                    struct nnp_error *error)
{
    int most = 0, offset;
    enum nnp_status status = read_counts(file, scanner, &most, error);
    const int n_layers = file->n_layers + 1;
    for (int l = 0; l < n_layers && !status; l++)
        status = nnp_scanner_int(scanner, "nodes of a layer", 1, most, &file->sizes[l], error);
    for (int l = 0; l < file->n_layers && !status; l++) {
        int activation = 0;
        status = nnp_scanner_int(scanner, "activation", 0, 4, &activation, error);
        file->activations[l] = nnp_aenet_activation(activation);
    }
    for (int k = 0; k < 2 * n_layers && !status; k++)
        status = nnp_scanner_int(scanner, "offset", 0, INT_MAX, &offset, error);
    if (!status)
        status = nnp_aenet_check_shape(file, scanner->length, error);
    if (status)
        return status;
    file->weights = malloc((size_t)file->n_weights * sizeof *file->weights);
    if (!file->weights)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", file->path);
    return nnp_scanner_doubles(scanner, "weight", file->n_weights, file->weights, error);
}

static enum nnp_status read_setup(struct nnp_aenet *file, struct nnp_scanner *scanner,
                                  struct nnp_error *error)
{
    double cutoffs[2];
    nnp_scanner_any_line(scanner); /* the description, which may be blank */
    scanner->at = scanner->n_words;
    enum nnp_status status = nnp_scanner_element(scanner, &file->atomic_number, error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of neighbor elements", 1,
                                 NNP_MAX_ATOMIC_NUMBER, &file->n_neighbors, error);
    for (int k = 0; k < file->n_neighbors && !status; k++)
        status = nnp_scanner_element(scanner, &file->neighbors[k], error);
    if (!status)
        status = nnp_scanner_doubles(scanner, "cutoff", 2, cutoffs, error);
    if (status)
        return status;
    const char *basis = nnp_scanner_word(scanner);
    status = nnp_aenet_set_basis(file, basis ? basis : "", error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of functions", file->sizes[0], file->sizes[0],
                                 &file->n_functions, error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of parameters", 4, NNP_AENET_MOST_PARAMETERS,
                                 &file->n_parameters, error);
    return status;
}

static enum nnp_status read_functions(struct nnp_aenet *file, struct nnp_scanner *scanner,
                                      struct nnp_error *error)
{
    const size_t n = (size_t)file->n_functions, m = (size_t)file->n_parameters;
    int n_evaluations;
    enum nnp_status status = nnp_aenet_allocate(file, error);
    for (size_t k = 0; k < n && !status; k++)
        status =
            nnp_scanner_int(scanner, "type of a function", 0, 5, &file->integers[k], error);
    if (!status)
        status = nnp_scanner_doubles(scanner, "parameter of a function", (int)(n * m),
                                     file->doubles, error);
    for (size_t k = 0; k < 2 * n && !status; k++)
        status = nnp_scanner_int(scanner, "neighbor of a function", 0, file->n_neighbors,
                                 &file->integers[n + k], error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of evaluations", INT_MIN, INT_MAX,
                                 &n_evaluations, error);
    if (!status)
        status = nnp_scanner_doubles(scanner, "range of a function", (int)(4 * n),
                                     file->doubles + m * n, error);
    return status;
}

/* The line that was read last. */
static const char *last_line(const struct nnp_scanner *scanner, size_t *length)
{
    const char *behind = scanner->text + scanner->next;
    if (behind > scanner->text + scanner->length)
        behind = scanner->text + scanner->length;
    const char *end = behind > scanner->text && behind[-1] == '\n' ? behind - 1 : behind;
    const char *start = end;
    while (start > scanner->text && start[-1] != '\n')
        start--;
    *length = (size_t)(end - start);
    return start;
}

/* Symbols of the elements: words of their own, or two characters each behind a blank. */
static enum nnp_status find_symbol(struct nnp_aenet *file, struct nnp_scanner *scanner, int n,
                                   int *index, struct nnp_error *error)
{
    size_t length;
    *index = -1;
    if (!nnp_scanner_line(scanner))
        return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                 "the file ends, expected symbols of elements");
    const char *line = last_line(scanner, &length);
    const bool packed = n > 1 && length == 2 * (size_t)n + 1 && scanner->n_words < n;
    for (int k = 0; k < n; k++) {
        char pair[3] = "";
        const char *word = pair;
        if (packed) {
            memcpy(pair, line + 1 + 2 * k, 2);
            pair[strcspn(pair, " ")] = '\0';
        } else {
            word = nnp_scanner_word(scanner);
        }
        if (word && nnp_element_from_symbol(word) == file->atomic_number)
            *index = k;
    }
    if (packed)
        scanner->at = scanner->n_words;
    return *index >= 0
               ? NNP_SUCCESS
               : nnp_scanner_error(scanner, error, NNP_ERROR_ELEMENT,
                                   "%s is not among the %d elements of the training set",
                                   nnp_element_symbol(file->atomic_number), n);
}

static enum nnp_status read_energies(struct nnp_aenet *file, struct nnp_scanner *scanner,
                                     struct nnp_error *error)
{
    int n = 0, index = -1;
    scanner->at = scanner->n_words;
    nnp_scanner_any_line(scanner); /* the name of the training set's file */
    scanner->at = scanner->n_words;
    nnp_scanner_word(scanner); /* whether energies are normalized; scale and shift hold then */
    enum nnp_status status = nnp_scanner_double(scanner, "scale", &file->scale, error);
    if (!status)
        status = nnp_scanner_double(scanner, "shift", &file->shift, error);
    if (!status)
        status =
            nnp_scanner_int(scanner, "number of elements", 1, NNP_MAX_ATOMIC_NUMBER, &n, error);
    if (!status)
        status = find_symbol(file, scanner, n, &index, error);
    for (int k = 0; k < n && !status; k++) {
        double energy;
        status = nnp_scanner_double(scanner, "energy of an element", &energy, error);
        if (k == index)
            file->energy = energy;
    }
    return status;
}

enum nnp_status nnp_aenet_read_ascii(struct nnp_aenet *file, const struct nnp_source_text *text,
                                     struct nnp_error *error)
{
    struct nnp_scanner scanner;
    file->path = text->path;
    enum nnp_status status =
        nnp_scanner_open(&scanner, text->path, text->text, text->length, error);
    scanner.comments = NULL;
    if (!status)
        status = read_network(file, &scanner, error);
    if (!status)
        status = read_setup(file, &scanner, error);
    if (!status)
        status = read_functions(file, &scanner, error);
    if (!status)
        status = read_energies(file, &scanner, error);
    nnp_scanner_close(&scanner);
    return status;
}

/* Four lines of a number each, then as many numbers as the first says. */
bool nnp_aenet_is_ascii(const struct nnp_source_text *text)
{
    const char *at = text->text;
    long n_layers = 0, number;
    for (int line = 0; line < 4; line++)
        if (nnp_scan_integers(&at, line == 0 ? &n_layers : &number) != 1)
            return false;
    return n_layers > 0 && nnp_scan_integers(&at, &number) == n_layers;
}
