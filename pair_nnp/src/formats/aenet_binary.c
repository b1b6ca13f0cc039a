/* aenet's networks in Fortran's unformatted form; the records stand in formats/aenet.h.  Each
 * is enclosed in its length in bytes, of four bytes; integers and logicals have four bytes,
 * reals eight, names of elements two characters; all in the byte order of x86-64. */
#include "formats/aenet.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MARK = 4, INTEGER = 4, REAL = 8, SYMBOL = 2 };

struct reader {
    const char *path;
    const char *text;
    size_t length, next;
    struct nnp_error *error;
};

static int32_t integer_at(const char *bytes)
{
    int32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static enum nnp_status fail(const struct reader *reader, const char *what, const char *expected)
{
    return nnp_error_set(reader->error, NNP_ERROR_SYNTAX, "%s: byte %zu, %s: expected %s",
                         reader->path, reader->next, what, expected);
}

/* The next record of n items of a size; n < 0: of any length. */
static enum nnp_status take(struct reader *reader, const char *what, long n, size_t size,
                            const char **bytes)
{
    const size_t left = reader->length - reader->next;
    const char *start = reader->text + reader->next;
    const int32_t mark = left >= 2 * MARK ? integer_at(start) : -1;
    if (mark < 0 || (size_t)mark > left - 2 * MARK || integer_at(start + MARK + mark) != mark)
        return fail(reader, what,
                    "a record between two equal lengths (the file is cut off, or "
                    "written by another compiler)");
    if (n >= 0 && (size_t)mark != (size_t)n * size)
        return fail(reader, what, "a record of another length");
    *bytes = start + MARK;
    reader->next += (size_t)mark + 2 * MARK;
    return NNP_SUCCESS;
}

static enum nnp_status skip(struct reader *reader, const char *what, long n, size_t size)
{
    const char *bytes = NULL;
    return take(reader, what, n, size, &bytes);
}

static enum nnp_status take_int(struct reader *reader, const char *what, int min, int max,
                                int *value)
{
    const char *bytes = NULL;
    const enum nnp_status status = take(reader, what, 1, INTEGER, &bytes);
    if (status)
        return status;
    const int32_t number = integer_at(bytes);
    if (number < min || number > max)
        return nnp_error_set(reader->error, NNP_ERROR_VALUE, "%s: %s is %d, expected %d to %d",
                             reader->path, what, (int)number, min, max);
    *value = number;
    return NNP_SUCCESS;
}

static enum nnp_status take_ints(struct reader *reader, const char *what, int n, int min,
                                 int max, int *values)
{
    const char *bytes = NULL;
    const enum nnp_status status = take(reader, what, n, INTEGER, &bytes);
    for (int k = 0; k < n && !status; k++) {
        values[k] = integer_at(bytes + (size_t)k * INTEGER);
        if (values[k] < min || values[k] > max)
            return nnp_error_set(reader->error, NNP_ERROR_VALUE,
                                 "%s: %s %d is %d, expected %d to %d", reader->path, what,
                                 k + 1, values[k], min, max);
    }
    return status;
}

static enum nnp_status take_doubles(struct reader *reader, const char *what, long n,
                                    double *values)
{
    const char *bytes = NULL;
    const enum nnp_status status = take(reader, what, n, REAL, &bytes);
    if (status)
        return status;
    memcpy(values, bytes, (size_t)n * REAL);
    for (long k = 0; k < n; k++)
        if (!isfinite(values[k]))
            return nnp_error_set(reader->error, NNP_ERROR_VALUE,
                                 "%s: %s %ld is %g, expected a finite number", reader->path,
                                 what, k + 1, values[k]);
    return NNP_SUCCESS;
}

static int element_at(const char *bytes)
{
    char symbol[SYMBOL + 1] = {bytes[0], bytes[1] == ' ' ? '\0' : bytes[1], '\0'};
    return nnp_element_from_symbol(symbol);
}

static enum nnp_status take_elements(struct reader *reader, const char *what, int n,
                                     int *atomic_numbers)
{
    const char *bytes = NULL;
    const enum nnp_status status = take(reader, what, n, SYMBOL, &bytes);
    for (int k = 0; k < n && !status; k++) {
        atomic_numbers[k] = element_at(bytes + (size_t)k * SYMBOL);
        if (!atomic_numbers[k])
            return fail(reader, what, "symbols of elements");
    }
    return status;
}

static enum nnp_status read_network(struct nnp_aenet *file, struct reader *reader)
{
    int n_layers = 0, most = 0, n_values = 0, numbers[NNP_AENET_MAX_LAYERS];
    enum nnp_status status =
        take_int(reader, "number of layers", 2, NNP_AENET_MAX_LAYERS + 1, &n_layers);
    if (!status)
        status = take_int(reader, "most nodes of a layer", 1, NNP_AENET_MOST_INPUTS, &most);
    if (!status)
        status = take_int(reader, "number of weights", 1, INT_MAX, &file->n_weights);
    if (!status)
        status = take_int(reader, "number of values", 1, INT_MAX, &n_values);
    if (!status)
        status = take_ints(reader, "nodes of layer", n_layers, 1, most, file->sizes);
    if (status)
        return status;
    file->n_layers = n_layers - 1;
    status = take_ints(reader, "activation", file->n_layers, 0, 4, numbers);
    for (int l = 0; l < file->n_layers && !status; l++)
        file->activations[l] = nnp_aenet_activation(numbers[l]);
    for (int k = 0; k < 2 && !status; k++)
        status = skip(reader, "offsets", n_layers, INTEGER);
    if (!status)
        status = nnp_aenet_check_shape(file, reader->length / REAL, reader->error);
    if (status)
        return status;
    file->weights = malloc((size_t)file->n_weights * sizeof *file->weights);
    if (!file->weights)
        return nnp_error_set(reader->error, NNP_ERROR_MEMORY, "%s: out of memory", file->path);
    return take_doubles(reader, "weight", file->n_weights, file->weights);
}

static enum nnp_status read_setup(struct nnp_aenet *file, struct reader *reader)
{
    const char *basis = NULL;
    char name[101] = "";
    enum { BASIS = sizeof name - 1 };
    enum nnp_status status = skip(reader, "description", -1, 1);
    if (!status)
        status = take_elements(reader, "element", 1, &file->atomic_number);
    if (!status)
        status = take_int(reader, "number of neighbor elements", 1, NNP_MAX_ATOMIC_NUMBER,
                          &file->n_neighbors);
    if (!status)
        status = take_elements(reader, "neighbor elements", file->n_neighbors, file->neighbors);
    for (int k = 0; k < 2 && !status; k++)
        status = skip(reader, "cutoff", 1, REAL);
    if (!status)
        status = take(reader, "basis", BASIS, 1, &basis);
    if (!status) {
        memcpy(name, basis, BASIS);
        status = nnp_aenet_set_basis(file, name, reader->error);
    }
    if (!status)
        status = take_int(reader, "number of functions", file->sizes[0], file->sizes[0],
                          &file->n_functions);
    if (!status)
        status = take_int(reader, "number of parameters", 4, NNP_AENET_MOST_PARAMETERS,
                          &file->n_parameters);
    return status;
}

static enum nnp_status read_functions(struct nnp_aenet *file, struct reader *reader)
{
    static const char *const ranges[] = {"minimum", "maximum", "mean", "mean square"};
    const int n = file->n_functions, m = file->n_parameters;
    enum nnp_status status = nnp_aenet_allocate(file, reader->error);
    if (!status)
        status = take_ints(reader, "type of function", n, 0, 5, file->integers);
    if (!status)
        status = take_doubles(reader, "parameter", (long)n * m, file->doubles);
    if (!status)
        status = take_ints(reader, "neighbor of a function", 2 * n, 0, file->n_neighbors,
                           file->integers + n);
    if (!status)
        status = skip(reader, "number of evaluations", 1, INTEGER);
    for (int k = 0; k < 4 && !status; k++)
        status =
            take_doubles(reader, ranges[k], n, file->doubles + (size_t)(m + k) * (size_t)n);
    return status;
}

static enum nnp_status read_energies(struct nnp_aenet *file, struct reader *reader)
{
    int n = 0, elements[NNP_MAX_ATOMIC_NUMBER];
    double energies[NNP_MAX_ATOMIC_NUMBER];
    enum nnp_status status = skip(reader, "file of the training set", -1, 1);
    if (!status)
        status = skip(reader, "normalized", 1, INTEGER);
    if (!status)
        status = take_doubles(reader, "scale", 1, &file->scale);
    if (!status)
        status = take_doubles(reader, "shift", 1, &file->shift);
    if (!status)
        status = take_int(reader, "number of elements", 1, NNP_MAX_ATOMIC_NUMBER, &n);
    if (!status)
        status = take_elements(reader, "elements of the training set", n, elements);
    if (!status)
        status = take_doubles(reader, "energy of element", n, energies);
    for (int k = 0; k < n && !status; k++)
        if (elements[k] == file->atomic_number) {
            file->energy = energies[k];
            return NNP_SUCCESS;
        }
    return status ? status
                  : nnp_error_set(reader->error, NNP_ERROR_ELEMENT,
                                  "%s: %s is not among the %d elements of the training set",
                                  file->path, nnp_element_symbol(file->atomic_number), n);
}

enum nnp_status nnp_aenet_read_binary(struct nnp_aenet *file,
                                      const struct nnp_source_text *text,
                                      struct nnp_error *error)
{
    struct reader reader = {text->path, text->text, text->length, 0, error};
    file->path = text->path;
    enum nnp_status status = read_network(file, &reader);
    if (!status)
        status = read_setup(file, &reader);
    if (!status)
        status = read_functions(file, &reader);
    return status ? status : read_energies(file, &reader);
}

/* Four records of an integer each. */
bool nnp_aenet_is_binary(const struct nnp_source_text *text)
{
    if (text->length < 4 * (2 * MARK + INTEGER))
        return false;
    for (int k = 0; k < 4; k++) {
        const char *record = text->text + k * (2 * MARK + INTEGER);
        if (integer_at(record) != INTEGER || integer_at(record + MARK + INTEGER) != INTEGER)
            return false;
    }
    return true;
}
