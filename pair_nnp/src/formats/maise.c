/* Reader of MAISE's models: S. Hajinazar et al., Comput. Phys. Commun. 259, 107679 (2021).
 *
 * A text of a header of "| key | value |" lines, the range of the inputs, the weights, and the
 * basis: a table of functions by indices into lists of parameters.  Angstrom and eV.
 *
 * - Lengths of the basis are multiplied by s = B2A Scaling, n1 and n2 divided by s^2.
 * - G2 = sum_j exp(-n1 (r - Rs)^2) fc(r); G4 is twice the narrow function of eta = n2; the
 *   cutoff function is the cosine.
 * - Inputs of species A, with B and C the next ones in cyclic order, by neighbors:
 *   A, AA, B, AB, BB, C, AC, CC, BC, each all functions of the basis for one or two neighbors.
 * - x = (G - min) / (max - min); hidden layers are tanh, the output is linear.
 * - Weights, per species: the biases of all layers, then the weights [n_outputs][n_inputs]. */
#include "formats/maise.h"
#include "formats/readers.h"
#include "nnp/element.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_VALUES = 1000, MOST_FUNCTIONS = 10000 };

static const char *const list_names[NNP_MAISE_N_LISTS] = {"Rc", "Rs", "n1", "n2",
                                                          "k",  "z",  "l"};

static const char title_mark[] = "neural network general information";

const char *nnp_maise_list_name(enum nnp_maise_list list)
{
    return list_names[list];
}

bool nnp_maise_recognise(const struct nnp_source *source)
{
    if (source->is_folder || source->n != 1 || !source->texts[0].text)
        return false;
    const char *mark = strstr(source->texts[0].text, title_mark);
    return mark && mark - source->texts[0].text < 1000;
}

/* ---- The header ---- */

/* Whether the words from the second one on, up to a bar, are those of key; returns the bar's
 * place, 0: no. */
static int match_key(const struct nnp_scanner *scanner, const char *key)
{
    int i = 1;
    for (; i < scanner->n_words && strcmp(scanner->words[i], "|") != 0; i++) {
        const size_t length = strlen(scanner->words[i]);
        if (strncmp(key, scanner->words[i], length) != 0)
            return 0;
        key += length;
        key += *key == ' ';
    }
    return *key == '\0' && i < scanner->n_words ? i : 0;
}

bool nnp_maise_find_field(struct nnp_maise_reader *reader, const char *key)
{
    struct nnp_scanner *scanner = &reader->scanner;
    nnp_scanner_rewind(scanner);
    while (nnp_scanner_line(scanner)) {
        const int bar = strcmp(scanner->words[0], "|") == 0 ? match_key(scanner, key) : 0;
        if (!bar)
            continue;
        scanner->at = bar + 1;
        for (int i = scanner->at; i < scanner->n_words; i++)
            if (strcmp(scanner->words[i], "|") == 0)
                scanner->n_words = i;
        return true;
    }
    return false;
}

static enum nnp_status read_field(struct nnp_maise_reader *reader, const char *key, int n,
                                  int min, int max, int *values)
{
    enum nnp_status status = NNP_SUCCESS;
    if (!nnp_maise_find_field(reader, key) || reader->scanner.n_words - reader->scanner.at != n)
        return nnp_error_set(reader->error, NNP_ERROR_SYNTAX,
                             "%s: there is no '%s' of %d numbers in the header",
                             reader->scanner.file, key, n);
    for (int i = 0; i < n && !status; i++)
        status = nnp_scanner_int(&reader->scanner, key, min, max, &values[i], reader->error);
    return status;
}

static enum nnp_status read_header(struct nnp_maise_reader *reader)
{
    int n_layers, n_weights;
    enum nnp_status status = read_field(reader, "number of species", 1, 1,
                                        NNP_MAISE_MOST_SPECIES, &reader->n_species);
    if (!status)
        status = read_field(reader, "species types", reader->n_species, 1,
                            NNP_MAX_ATOMIC_NUMBER, reader->species);
    if (!status)
        status = read_field(reader, "number of layers", 1, NNP_MAISE_N_LAYERS + 1,
                            NNP_MAISE_N_LAYERS + 1, &n_layers);
    if (!status)
        status =
            read_field(reader, "architecture", NNP_MAISE_N_LAYERS + 1, 1, 10000, reader->sizes);
    if (status)
        return status;
    for (int l = 0; l < NNP_MAISE_N_LAYERS; l++)
        reader->n_weights += ((size_t)reader->sizes[l] + 1) * (size_t)reader->sizes[l + 1];
    const size_t total = reader->n_weights * (size_t)reader->n_species;
    status = read_field(reader, "number of weights", 1, 1, 1 << 30, &n_weights);
    if (!status && ((size_t)n_weights != total || total > reader->text->length))
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "number of weights is %d, expected %zu for the architecture",
                                 n_weights, total);
    return status;
}

/* ---- Ranges and weights ---- */

/* To behind the line whose first word is word. */
static enum nnp_status find_line(struct nnp_maise_reader *reader, const char *word)
{
    while (nnp_scanner_line(&reader->scanner))
        if (strcmp(reader->scanner.words[0], word) == 0)
            return NNP_SUCCESS;
    return nnp_error_set(reader->error, NNP_ERROR_SYNTAX,
                         "%s: the file ends, expected a line that starts with '%s'",
                         reader->scanner.file, word);
}

static enum nnp_status read_numbers(struct nnp_maise_reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    const size_t n_ranges = 3 * (size_t)reader->n_species * (size_t)reader->sizes[0];
    const size_t n_weights = (size_t)reader->n_species * reader->n_weights;
    reader->ranges = malloc(n_ranges * sizeof *reader->ranges);
    reader->weights = malloc(n_weights * sizeof *reader->weights);
    if (!reader->ranges || !reader->weights)
        return nnp_error_set(reader->error, NNP_ERROR_MEMORY, "%s: out of memory",
                             scanner->file);
    nnp_scanner_rewind(scanner);
    enum nnp_status status = find_line(reader, "minimum");
    scanner->at = scanner->n_words;
    if (!status)
        status = nnp_scanner_doubles(scanner, "range of an input", (int)n_ranges,
                                     reader->ranges, reader->error);
    double value;
    bool found = false;
    while (!status && !found && nnp_scanner_line(scanner))
        found = nnp_scanner_is_double(scanner, 0, &value); /* below the heading */
    if (!status)
        status = nnp_scanner_doubles(scanner, "weight", (int)n_weights, reader->weights,
                                     reader->error);
    return status;
}

/* ---- The basis ---- */

static enum nnp_status read_row(struct nnp_maise_reader *reader)
{
    struct nnp_maise_basis *basis = &reader->basis;
    struct nnp_scanner *scanner = &reader->scanner;
    int number, *row = basis->rows[basis->n];
    enum nnp_status status =
        nnp_scanner_int(scanner, "number of a function", 0, 1 << 30, &number, reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "type of a function", 1, 4, &row[0], reader->error);
    if (!status && row[0] == 3)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "a function of type 3 (cosine) is not supported, expected "
                                 "types 1, 2 and 4");
    for (int k = 0; k < NNP_MAISE_N_LISTS && !status; k++)
        status = nnp_scanner_int(scanner, "index of a parameter", 0, MOST_VALUES - 1,
                                 &row[1 + k], reader->error);
    basis->n++;
    basis->n_pairs += row[0] < 4;
    basis->n_triples += row[0] == 4;
    return status;
}

/* The table ends where its lists begin. */
static enum nnp_status read_rows(struct nnp_maise_reader *reader)
{
    struct nnp_maise_basis *basis = &reader->basis;
    struct nnp_scanner *scanner = &reader->scanner;
    const char *word = nnp_scanner_peek(scanner);
    enum nnp_status status = NNP_SUCCESS;
    basis->rows = malloc(MOST_FUNCTIONS * sizeof *basis->rows);
    if (!basis->rows)
        return nnp_error_set(reader->error, NNP_ERROR_MEMORY, "%s: out of memory",
                             scanner->file);
    for (; word && strcmp(word, "Rc") != 0 && !status; word = nnp_scanner_peek(scanner)) {
        if (basis->n == MOST_FUNCTIONS)
            return nnp_scanner_error(scanner, reader->error, NNP_ERROR_VALUE,
                                     "the basis has more than %d functions", MOST_FUNCTIONS);
        status = read_row(reader);
    }
    return status;
}

static enum nnp_status read_lists(struct nnp_maise_reader *reader)
{
    struct nnp_maise_basis *basis = &reader->basis;
    struct nnp_scanner *scanner = &reader->scanner;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < NNP_MAISE_N_LISTS && !status; k++) {
        status = nnp_scanner_expect(scanner, list_names[k], reader->error);
        if (!status)
            status = nnp_scanner_int(scanner, "number of values", 1, MOST_VALUES,
                                     &basis->counts[k], reader->error);
        if (status)
            return status;
        basis->values[k] = malloc((size_t)basis->counts[k] * sizeof *basis->values[k]);
        if (!basis->values[k])
            return nnp_error_set(reader->error, NNP_ERROR_MEMORY, "%s: out of memory",
                                 scanner->file);
        status = nnp_scanner_doubles(scanner, list_names[k], basis->counts[k], basis->values[k],
                                     reader->error);
    }
    if (!status && nnp_scanner_peek(scanner))
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "there is more behind the basis: bases of their own for each "
                                 "species are not supported");
    return status;
}

static enum nnp_status read_basis(struct nnp_maise_reader *reader)
{
    struct nnp_maise_basis *basis = &reader->basis;
    double scales[2];
    enum nnp_status status = find_line(reader, "B2A");
    reader->scanner.at = reader->scanner.n_words;
    if (!status)
        status =
            nnp_scanner_doubles(&reader->scanner, "B2A or Scaling", 2, scales, reader->error);
    if (status)
        return status;
    basis->scale = scales[0] * scales[1];
    status = find_line(reader, "N");
    reader->scanner.at = reader->scanner.n_words;
    if (!status)
        status = read_rows(reader);
    return status ? status : read_lists(reader);
}

enum nnp_status nnp_maise_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units, struct nnp_error *error)
{
    (void)units;
    struct nnp_maise_reader reader = {.text = &source->texts[0], .error = error};
    enum nnp_status status = nnp_scanner_open(&reader.scanner, reader.text->path,
                                              reader.text->text, reader.text->length, error);
    reader.scanner.comments = NULL;
    if (!status)
        status = read_header(&reader);
    if (!status)
        status = read_numbers(&reader);
    if (!status)
        status = read_basis(&reader);
    if (!status)
        status = nnp_maise_build(&reader);
    *potential = reader.potential;
    nnp_scanner_close(&reader.scanner);
    free(reader.ranges);
    free(reader.weights);
    free(reader.basis.rows);
    for (int k = 0; k < NNP_MAISE_N_LISTS; k++)
        free(reader.basis.values[k]);
    return status;
}
