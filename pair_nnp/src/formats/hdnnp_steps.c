/* Preprocessing in HDNNP-LAMMPS' files; the format stands in formats/hdnnp.h. */
#include "formats/build.h"
#include "formats/hdnnp.h"

#include <stdlib.h>
#include <string.h>

/* map <- map and then y = (x - offset) * factor + target, each input alone. */
static enum nnp_status append_diagonal(const struct nnp_hdnnp *reader,
                                       struct nnp_hdnnp_map *map, int n, const double *offset,
                                       const double *factor, double target)
{
    if (n != map->n_outputs)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "a step of %d inputs behind one of %d outputs", n,
                                 map->n_outputs);
    for (int j = 0; j < map->n_inputs; j++)
        for (int k = 0; k < n; k++)
            map->matrix[(size_t)j * (size_t)n + (size_t)k] *= factor[k];
    for (int k = 0; k < n; k++)
        map->shift[k] = (map->shift[k] - offset[k]) * factor[k] + target;
    return NNP_SUCCESS;
}

/* map <- map and then y_k = sum_l rows[k][l] (x_l - mean_l). */
static enum nnp_status append_matrix(const struct nnp_hdnnp *reader, struct nnp_hdnnp_map *map,
                                     int n_out, int n_in, const double *rows,
                                     const double *mean)
{
    const size_t n = (size_t)map->n_inputs, in = (size_t)n_in, out = (size_t)n_out;
    if (n_in != map->n_outputs)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "pca of %d inputs behind %d outputs", n_in, map->n_outputs);
    double *matrix = calloc(n * out + 1, sizeof *matrix), *shift = calloc(out, sizeof *shift);
    if (!matrix || !shift) {
        free(matrix);
        free(shift);
        return nnp_hdnnp_no_memory(reader);
    }
    for (size_t k = 0; k < out; k++)
        for (size_t l = 0; l < in; l++) {
            shift[k] += rows[k * in + l] * (map->shift[l] - mean[l]);
            for (size_t j = 0; j < n; j++)
                matrix[j * out + k] += map->matrix[j * in + l] * rows[k * in + l];
        }
    free(map->matrix);
    free(map->shift);
    *map = (struct nnp_hdnnp_map){map->n_inputs, n_out, matrix, shift};
    return NNP_SUCCESS;
}

static enum nnp_status identity(const struct nnp_hdnnp *reader, struct nnp_hdnnp_map *map,
                                int n)
{
    const size_t size = (size_t)n;
    *map = (struct nnp_hdnnp_map){n, n, calloc(size * size + 1, sizeof *map->matrix),
                                  calloc(size + 1, sizeof *map->shift)};
    if (!map->matrix || !map->shift)
        return nnp_hdnnp_no_memory(reader);
    for (size_t k = 0; k < size; k++)
        map->matrix[k * size + k] = 1.0;
    return NNP_SUCCESS;
}

/* A first step of one factor per input as scaling: G of unknown range, unless it is given. */
static void set_scaling(struct nnp_scaling *scaling, bool is_minmax, const double *first,
                        const double *second)
{
    scaling->method = is_minmax ? NNP_SCALING_MINMAX : NNP_SCALING_SIGMA;
    scaling->target_min = 0.0;
    scaling->target_max = 1.0;
    for (int k = 0; k < scaling->n_functions; k++)
        if (is_minmax) {
            scaling->max[k] = first[k];
            scaling->min[k] = second[k];
        } else {
            scaling->mean[k] = first[k];
            scaling->sigma[k] = second[k];
        }
}

/* "scaling" (is_minmax) or "standardization" of one element: n, then two lists of n. */
static enum nnp_status read_diagonal(struct nnp_hdnnp *reader, int place, bool is_first,
                                     bool is_minmax, const double target[2])
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct nnp_hdnnp_map *map = &reader->maps[place];
    int n;
    enum nnp_status status = nnp_scanner_int(scanner, "number of inputs", map->n_outputs,
                                             map->n_outputs, &n, reader->error);
    if (status)
        return status;
    double *first = malloc(3 * (size_t)n * sizeof *first + 1);
    if (!first)
        return nnp_hdnnp_no_memory(reader);
    double *second = first + n, *factor = second + n;
    status =
        nnp_scanner_doubles(scanner, is_minmax ? "maximum" : "mean", n, first, reader->error);
    if (!status)
        status = nnp_scanner_doubles(scanner, is_minmax ? "minimum" : "standard deviation", n,
                                     second, reader->error);
    for (int k = 0; k < n && !status; k++) {
        const double width = is_minmax ? first[k] - second[k] : second[k];
        if (!(width > 0.0))
            status = nnp_scanner_error(scanner, reader->error, NNP_ERROR_VALUE,
                                       "input %d has the width %.15g, expected a number > 0",
                                       k + 1, width);
        factor[k] = is_minmax ? (target[0] - target[1]) / width : 1.0 / width;
    }
    if (!status && is_first) {
        struct nnp_scaling *scaling = &reader->potential->descriptors[place].scaling;
        set_scaling(scaling, is_minmax, first, second);
        if (is_minmax) {
            scaling->target_min = target[1];
            scaling->target_max = target[0];
        }
    } else if (!status) {
        status = append_diagonal(reader, map, n, is_minmax ? second : first, factor,
                                 is_minmax ? target[1] : 0.0);
    }
    free(first);
    return status;
}

static enum nnp_status read_pca(struct nnp_hdnnp *reader, int place)
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct nnp_hdnnp_map *map = &reader->maps[place];
    int n_out, n_in;
    enum nnp_status status = nnp_scanner_int(scanner, "outputs of pca", 1,
                                             NNP_HDNNP_MOST_INPUTS, &n_out, reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "inputs of pca", map->n_outputs, map->n_outputs,
                                 &n_in, reader->error);
    if (status)
        return status;
    const size_t n = (size_t)n_out * (size_t)n_in;
    if (n > scanner->length)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "the file is too short for pca of %d outputs", n_out);
    double *rows = malloc((n + (size_t)n_in) * sizeof *rows);
    if (!rows)
        return nnp_hdnnp_no_memory(reader);
    status = nnp_scanner_doubles(scanner, "matrix of pca", (int)n + n_in, rows, reader->error);
    if (!status)
        status = append_matrix(reader, map, n_out, n_in, rows, rows + n);
    free(rows);
    return status;
}

/* Elements follow one another until the next step's name or the number of layers. */
static enum nnp_status read_step(struct nnp_hdnnp *reader, bool is_first)
{
    struct nnp_scanner *scanner = &reader->scanner;
    const char *word = nnp_scanner_word(scanner);
    const bool is_scaling = word && strcmp(word, "scaling") == 0;
    const bool is_pca = word && strcmp(word, "pca") == 0;
    double target[2] = {1.0, 0.0};
    int n_read = 0;
    enum nnp_status status = NNP_SUCCESS;
    if (!is_scaling && !is_pca && (!word || strcmp(word, "standardization") != 0))
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "'%.40s', expected scaling, pca or standardization",
                                 word ? word : "");
    if (is_scaling)
        status =
            nnp_scanner_doubles(scanner, "target of the scaling", 2, target, reader->error);
    for (; !status && n_read < reader->n_elements; n_read++) {
        int place;
        status = nnp_hdnnp_read_place(reader, &place);
        if (!status)
            status = is_pca ? read_pca(reader, place)
                            : read_diagonal(reader, place, is_first, is_scaling, target);
    }
    return status;
}

enum nnp_status nnp_hdnnp_read_steps(struct nnp_hdnnp *reader)
{
    int n;
    enum nnp_status status = nnp_scanner_int(&reader->scanner, "number of steps", 0,
                                             NNP_HDNNP_MOST_STEPS, &n, reader->error);
    reader->maps = calloc((size_t)reader->n_elements, sizeof *reader->maps);
    if (!status && !reader->maps)
        return nnp_hdnnp_no_memory(reader);
    for (int e = 0; e < reader->n_elements && !status; e++) {
        struct nnp_descriptor *descriptor = &reader->potential->descriptors[e];
        struct nnp_scaling *scaling = &descriptor->scaling;
        status = nnp_scaling_init(scaling, descriptor->n_functions, reader->error);
        for (int k = 0; k < scaling->n_functions; k++) {
            scaling->min[k] = -NNP_UNKNOWN_RANGE;
            scaling->max[k] = NNP_UNKNOWN_RANGE;
        }
        if (!status)
            status = identity(reader, &reader->maps[e], descriptor->n_functions);
    }
    for (int k = 0; k < n && !status; k++)
        status = read_step(reader, k == 0);
    return status;
}
