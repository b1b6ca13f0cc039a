/* Reader of HDNNP-LAMMPS' text files (University of Tokyo).  '#' and "//" start comments.
 *
 *   number of blocks, then blocks
 *     type1 n, n lines of r_cut                      radial, eta = 0
 *     type2 n, n lines of r_cut eta r_shift          radial
 *     type4 n, n lines of r_cut eta lambda zeta      wide
 *   number of steps, then steps of preprocessing, applied in order
 *     scaling, target max and min; per element: symbol n, max of each input, min of each
 *     pca; per element: symbol n_out n_in, matrix [n_out][n_in], mean [n_in]
 *     standardization; per element: symbol n, mean of each, standard deviation of each
 *   number of layers; per element and layer: symbol layer n_in n_out activation,
 *     weights [n_in][n_out], biases [n_out]
 *
 * The cutoff function is tanh^3(1 - r/r_cut); Angstrom and eV.  Inputs: of each line one per
 * neighbor element, or per pair of elements, in the order in which the networks name them
 * (which is that of pair_coeff in the original).  A first step that acts on each input alone
 * becomes the scaling, all others are folded into the first layer. */
#include "formats/build.h"
#include "formats/readers.h"
#include "formats/scanner.h"
#include "nnp/element.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LAYERS = 32, MOST_STEPS = 16, MOST_INPUTS = 2048 };

/* y_k = sum_j x_j matrix[j][k] + shift[k] */
struct affine {
    int n_inputs, n_outputs;
    double *matrix, *shift;
};

struct reader {
    struct nnp_scanner scanner;
    struct nnp_potential *potential;
    int n_elements;
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER]; /* in the networks' order */
    int places[NNP_MAX_ATOMIC_NUMBER];
    struct affine *maps; /* [n_elements] by place, of the steps behind the scaling */
    struct nnp_error *error;
};

/* A number alone on its line, then "type". */
bool nnp_hdnnp_recognise(const struct nnp_source *source)
{
    long number;
    if (source->is_folder || source->n != 1)
        return false;
    const char *at = source->texts[0].text;
    if (nnp_scan_integers(&at, &number) != 1)
        return false;
    for (at += strspn(at, " \t\r\n"); *at == '#' || strncmp(at, "//", 2) == 0;) {
        at += strcspn(at, "\n");
        at += strspn(at, " \t\r\n");
    }
    return strncmp(at, "type", 4) == 0;
}

static enum nnp_status no_memory(const struct reader *reader)
{
    return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_MEMORY,
                             "out of memory");
}

/* ---- Elements: a first pass over the networks' headings ---- */

static enum nnp_status find_elements(struct reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    while (nnp_scanner_line(scanner)) {
        const int z = nnp_element_from_symbol(scanner->words[0]);
        int k = 0;
        if (!z || scanner->n_words != 5)
            continue;
        while (k < reader->n_elements && reader->atomic_numbers[k] != z)
            k++;
        if (k == reader->n_elements)
            reader->atomic_numbers[reader->n_elements++] = z;
    }
    nnp_scanner_rewind(scanner);
    if (reader->n_elements == 0)
        return nnp_error_set(reader->error, NNP_ERROR_SYNTAX,
                             "%s: there is no network, expected lines 'element layer inputs "
                             "outputs activation'",
                             scanner->file);
    return nnp_build_new(&reader->potential, reader->n_elements, reader->atomic_numbers,
                         reader->places, reader->error);
}

static enum nnp_status read_place(struct reader *reader, int *place)
{
    int z;
    const enum nnp_status status = nnp_scanner_element(&reader->scanner, &z, reader->error);
    *place = -1;
    for (int i = 0; i < reader->n_elements; i++)
        if (reader->atomic_numbers[i] == z)
            *place = reader->places[i];
    return !status && *place < 0
               ? nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_ELEMENT,
                                   "%s has no network", nnp_element_symbol(z))
               : status;
}

/* ---- Symmetry functions ---- */

/* One line's function for all centers and neighbors. */
static enum nnp_status add_functions(struct reader *reader, const struct nnp_symmetry *function)
{
    enum nnp_status status = NNP_SUCCESS;
    const bool radial = nnp_symmetry_is_radial(function->type);
    for (int center = 0; center < reader->n_elements; center++)
        for (int a = 0; a < reader->n_elements; a++)
            for (int b = a; b < (radial ? a + 1 : reader->n_elements) && !status; b++) {
                struct nnp_symmetry f = *function;
                f.neighbors[0] = reader->places[a];
                f.neighbors[1] = radial ? -1 : reader->places[b];
                status = nnp_build_function(&reader->potential->descriptors[center], &f,
                                            reader->error);
            }
    return status;
}

static enum nnp_status read_line(struct reader *reader, int type)
{
    double v[4] = {0.0};
    const int n = type == 1 ? 1 : type == 2 ? 3 : 4;
    const enum nnp_status status = nnp_scanner_doubles(
        &reader->scanner, "parameter of a symmetry function", n, v, reader->error);
    if (status)
        return status;
    const struct nnp_symmetry function = {.type = type == 4 ? NNP_SYMMETRY_WIDE
                                                            : NNP_SYMMETRY_RADIAL,
                                          .eta = v[1],
                                          .r_shift = type == 4 ? 0.0 : v[2],
                                          .lambda = type == 4 ? v[2] : 0.0,
                                          .zeta = type == 4 ? v[3] : 0.0,
                                          .cutoff = {NNP_CUTOFF_TANHU, v[0], 0.0}};
    return add_functions(reader, &function);
}

static enum nnp_status read_block(struct reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    const char *word = nnp_scanner_word(scanner);
    int n = 0, type = 0;
    if (word && strncmp(word, "type", 4) == 0 && strlen(word) == 5)
        type = word[4] - '0';
    if (type != 1 && type != 2 && type != 4)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "'%.40s', expected type1, type2 or type4", word ? word : "");
    enum nnp_status status =
        nnp_scanner_int(scanner, "number of lines", 0, MOST_INPUTS, &n, reader->error);
    for (int k = 0; k < n && !status; k++) {
        status = read_line(reader, type);
        if (!status && reader->potential->descriptors[0].n_functions > MOST_INPUTS)
            status =
                nnp_scanner_error(scanner, reader->error, NNP_ERROR_VALUE,
                                  "there are more than %d symmetry functions", MOST_INPUTS);
    }
    return status;
}

static enum nnp_status read_blocks(struct reader *reader)
{
    int n = 0;
    enum nnp_status status = nnp_scanner_int(
        &reader->scanner, "number of blocks of symmetry functions", 1, 1000, &n, reader->error);
    while (!status && n-- > 0)
        status = read_block(reader);
    return status;
}

/* ---- Preprocessing ---- */

/* map <- map and then y = (x - offset) * factor + target, each input alone. */
static enum nnp_status append_diagonal(const struct reader *reader, struct affine *map, int n,
                                       const double *offset, const double *factor,
                                       double target)
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
static enum nnp_status append_matrix(const struct reader *reader, struct affine *map, int n_out,
                                     int n_in, const double *rows, const double *mean)
{
    const size_t n = (size_t)map->n_inputs, in = (size_t)n_in, out = (size_t)n_out;
    if (n_in != map->n_outputs)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "pca of %d inputs behind %d outputs", n_in, map->n_outputs);
    double *matrix = calloc(n * out + 1, sizeof *matrix), *shift = calloc(out, sizeof *shift);
    if (!matrix || !shift) {
        free(matrix);
        free(shift);
        return no_memory(reader);
    }
    for (size_t k = 0; k < out; k++)
        for (size_t l = 0; l < in; l++) {
            shift[k] += rows[k * in + l] * (map->shift[l] - mean[l]);
            for (size_t j = 0; j < n; j++)
                matrix[j * out + k] += map->matrix[j * in + l] * rows[k * in + l];
        }
    free(map->matrix);
    free(map->shift);
    *map = (struct affine){map->n_inputs, n_out, matrix, shift};
    return NNP_SUCCESS;
}

static enum nnp_status identity(const struct reader *reader, struct affine *map, int n)
{
    const size_t size = (size_t)n;
    *map = (struct affine){n, n, calloc(size * size + 1, sizeof *map->matrix),
                           calloc(size + 1, sizeof *map->shift)};
    if (!map->matrix || !map->shift)
        return no_memory(reader);
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
static enum nnp_status read_diagonal(struct reader *reader, int place, bool is_first,
                                     bool is_minmax, const double target[2])
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct affine *map = &reader->maps[place];
    int n;
    enum nnp_status status = nnp_scanner_int(scanner, "number of inputs", map->n_outputs,
                                             map->n_outputs, &n, reader->error);
    if (status)
        return status;
    double *first = malloc(3 * (size_t)n * sizeof *first + 1);
    if (!first)
        return no_memory(reader);
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

static enum nnp_status read_pca(struct reader *reader, int place)
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct affine *map = &reader->maps[place];
    int n_out, n_in;
    enum nnp_status status =
        nnp_scanner_int(scanner, "outputs of pca", 1, MOST_INPUTS, &n_out, reader->error);
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
        return no_memory(reader);
    status = nnp_scanner_doubles(scanner, "matrix of pca", (int)n + n_in, rows, reader->error);
    if (!status)
        status = append_matrix(reader, map, n_out, n_in, rows, rows + n);
    free(rows);
    return status;
}

/* Elements follow one another until the next step's name or the number of layers. */
static enum nnp_status read_step(struct reader *reader, bool is_first)
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
        status = read_place(reader, &place);
        if (!status)
            status = is_pca ? read_pca(reader, place)
                            : read_diagonal(reader, place, is_first, is_scaling, target);
    }
    return status;
}

static enum nnp_status read_steps(struct reader *reader)
{
    int n;
    enum nnp_status status =
        nnp_scanner_int(&reader->scanner, "number of steps", 0, MOST_STEPS, &n, reader->error);
    reader->maps = calloc((size_t)reader->n_elements, sizeof *reader->maps);
    if (!status && !reader->maps)
        return no_memory(reader);
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

/* ---- Networks ---- */

static enum nnp_status read_activation(struct reader *reader, enum nnp_activation *activation)
{
    static const struct {
        const char *name;
        enum nnp_activation activation;
    } names[] = {{"tanh", NNP_ACTIVATION_TANH},
                 {"elu", NNP_ACTIVATION_ELU},
                 {"sigmoid", NNP_ACTIVATION_LOGISTIC},
                 {"identity", NNP_ACTIVATION_LINEAR}};
    const char *word = nnp_scanner_word(&reader->scanner);
    for (size_t k = 0; word && k < sizeof names / sizeof *names; k++)
        if (strcmp(word, names[k].name) == 0) {
            *activation = names[k].activation;
            return NNP_SUCCESS;
        }
    return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_VALUE,
                             "activation is '%.40s', expected tanh, elu, sigmoid or identity",
                             word ? word : "");
}

/* Layers by place; a network is made when all of its layers are known. */
struct layers {
    int n;
    int sizes[MAX_LAYERS + 1];
    enum nnp_activation activations[MAX_LAYERS];
    double *parameters[MAX_LAYERS]; /* weights, then biases */
};

static enum nnp_status read_layer(struct reader *reader, struct layers *all, int depth)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int place, number, n_in, n_out;
    enum nnp_status status = read_place(reader, &place);
    if (status)
        return status;
    struct layers *layers = &all[place];
    if (layers->n == depth)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "a layer beyond the %d of this element", depth);
    const int l = layers->n;
    const int expected = l > 0 ? layers->sizes[l] : reader->maps[place].n_outputs;
    status =
        nnp_scanner_int(scanner, "number of the layer", 0, MAX_LAYERS, &number, reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "inputs of the layer", expected, expected, &n_in,
                                 reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "outputs of the layer", 1, MOST_INPUTS, &n_out,
                                 reader->error);
    if (!status)
        status = read_activation(reader, &layers->activations[l]);
    if (status)
        return status;
    const size_t n = ((size_t)n_in + 1) * (size_t)n_out;
    if (n > scanner->length)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "the file is too short for a layer of %d outputs", n_out);
    layers->parameters[l] = malloc(n * sizeof *layers->parameters[l]);
    if (!layers->parameters[l])
        return no_memory(reader);
    layers->sizes[l] = n_in;
    layers->sizes[l + 1] = n_out;
    layers->n++;
    return nnp_scanner_doubles(scanner, "weight or bias", (int)n, layers->parameters[l],
                               reader->error);
}

/* First layer behind an affine map: W <- M W, b <- b + c W. */
static void fold(const struct affine *map, const double *parameters, struct nnp_layer *layer)
{
    const size_t n = (size_t)layer->n_outputs, m = (size_t)map->n_outputs;
    memcpy(layer->biases, parameters + m * n, n * sizeof *layer->biases);
    for (size_t l = 0; l < m; l++)
        for (size_t k = 0; k < n; k++) {
            layer->biases[k] += map->shift[l] * parameters[l * n + k];
            for (size_t j = 0; j < (size_t)map->n_inputs; j++)
                layer->weights[j * n + k] += map->matrix[j * m + l] * parameters[l * n + k];
        }
}

static enum nnp_status make_network(struct reader *reader, int place,
                                    const struct layers *layers, int depth)
{
    struct nnp_network *network = &reader->potential->networks[place];
    const struct affine *map = &reader->maps[place];
    int sizes[MAX_LAYERS + 1];
    memcpy(sizes, layers->sizes, sizeof sizes);
    sizes[0] = map->n_inputs;
    if (layers->n != depth || sizes[depth] != 1)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "an element has %d layers and %d outputs, expected %d and 1",
                                 layers->n, sizes[layers->n], depth);
    const enum nnp_status status =
        nnp_network_init(network, depth, sizes, layers->activations, reader->error);
    if (status)
        return status;
    fold(map, layers->parameters[0], &network->layers[0]);
    for (int l = 1; l < depth; l++) {
        struct nnp_layer *layer = &network->layers[l];
        const size_t n = (size_t)layer->n_inputs * (size_t)layer->n_outputs;
        memcpy(layer->weights, layers->parameters[l], n * sizeof *layer->weights);
        memcpy(layer->biases, layers->parameters[l] + n,
               (size_t)layer->n_outputs * sizeof *layer->biases);
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_networks(struct reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int depth;
    enum nnp_status status =
        nnp_scanner_int(scanner, "number of layers", 1, MAX_LAYERS, &depth, reader->error);
    struct layers *all = calloc((size_t)reader->n_elements, sizeof *all);
    if (!status && !all)
        status = no_memory(reader);
    while (!status && nnp_scanner_peek(scanner))
        status = read_layer(reader, all, depth);
    for (int e = 0; e < reader->n_elements && !status; e++)
        status = make_network(reader, e, &all[e], depth);
    for (int e = 0; all && e < reader->n_elements; e++)
        for (int l = 0; l < all[e].n; l++)
            free(all[e].parameters[l]);
    free(all);
    return status;
}

enum nnp_status nnp_hdnnp_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units, struct nnp_error *error)
{
    (void)units;
    struct reader reader = {.error = error};
    const struct nnp_source_text *text = &source->texts[0];
    enum nnp_status status =
        nnp_scanner_open(&reader.scanner, text->path, text->text, text->length, error);
    reader.scanner.comments = "/";
    if (!status)
        status = find_elements(&reader);
    if (!status)
        status = read_blocks(&reader);
    if (!status)
        status = read_steps(&reader);
    if (!status)
        status = read_networks(&reader);
    if (!status)
        status = nnp_build_provenance(reader.potential, "HDNNP-LAMMPS", NULL, error);
    for (int e = 0; reader.maps && e < reader.n_elements; e++) {
        free(reader.maps[e].matrix);
        free(reader.maps[e].shift);
    }
    free(reader.maps);
    nnp_scanner_close(&reader.scanner);
    *potential = reader.potential;
    return status;
}
