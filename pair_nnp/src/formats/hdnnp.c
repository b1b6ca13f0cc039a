/* Reader of HDNNP-LAMMPS' text files; the format stands in formats/hdnnp.h. */
#include "formats/hdnnp.h"

#include "formats/build.h"
#include "formats/readers.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

enum nnp_status nnp_hdnnp_no_memory(const struct nnp_hdnnp *reader)
{
    return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_MEMORY,
                             "out of memory");
}

/* ---- Elements: a first pass over the networks' headings ---- */

static enum nnp_status find_elements(struct nnp_hdnnp *reader)
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

enum nnp_status nnp_hdnnp_read_place(struct nnp_hdnnp *reader, int *place)
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
static enum nnp_status add_functions(struct nnp_hdnnp *reader,
                                     const struct nnp_symmetry *function)
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

static enum nnp_status read_line(struct nnp_hdnnp *reader, int type, bool is_wanted)
{
    double v[4] = {0.0};
    const int n = type == 1 ? 1 : type == 2 ? 3 : 4;
    const enum nnp_status status = nnp_scanner_doubles(
        &reader->scanner, "parameter of a symmetry function", n, v, reader->error);
    if (status || !is_wanted)
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

/* A block, of which functions are made where it is of the wanted type; *n_found counts these.
 */
static enum nnp_status read_block(struct nnp_hdnnp *reader, int wanted, int *n_found)
{
    struct nnp_scanner *scanner = &reader->scanner;
    const char *word = nnp_scanner_word(scanner);
    int n = 0, type = 0;
    if (word && strncmp(word, "type", 4) == 0 && strlen(word) == 5)
        type = word[4] - '0';
    if (type != 1 && type != 2 && type != 4)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "'%.40s', expected type1, type2 or type4", word ? word : "");
    *n_found += type == wanted;
    if (*n_found > 1)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_SYNTAX,
                                 "a second block of type%d, expected one", type);
    enum nnp_status status = nnp_scanner_int(scanner, "number of lines", 0,
                                             NNP_HDNNP_MOST_INPUTS, &n, reader->error);
    for (int k = 0; k < n && !status; k++) {
        status = read_line(reader, type, type == wanted);
        if (!status && reader->potential->descriptors[0].n_functions > NNP_HDNNP_MOST_INPUTS)
            status = nnp_scanner_error(scanner, reader->error, NNP_ERROR_VALUE,
                                       "there are more than %d symmetry functions",
                                       NNP_HDNNP_MOST_INPUTS);
    }
    return status;
}

/* Inputs are in the order of the types, whatever the order of the blocks. */
static enum nnp_status read_blocks(struct nnp_hdnnp *reader)
{
    static const int types[] = {1, 2, 4};
    enum nnp_status status = NNP_SUCCESS;
    for (int t = 0; t < 3 && !status; t++) {
        int n = 0, n_found = 0;
        nnp_scanner_rewind(&reader->scanner);
        status = nnp_scanner_int(&reader->scanner, "number of blocks of symmetry functions", 1,
                                 3, &n, reader->error);
        while (!status && n-- > 0)
            status = read_block(reader, types[t], &n_found);
    }
    return status;
}

/* ---- Networks ---- */

static enum nnp_status read_activation(struct nnp_hdnnp *reader,
                                       enum nnp_activation *activation)
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
    int sizes[NNP_HDNNP_MAX_LAYERS + 1];
    enum nnp_activation activations[NNP_HDNNP_MAX_LAYERS];
    double *parameters[NNP_HDNNP_MAX_LAYERS]; /* weights, then biases */
};

static enum nnp_status read_layer(struct nnp_hdnnp *reader, struct layers *all, int depth)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int place, number, n_in, n_out;
    enum nnp_status status = nnp_hdnnp_read_place(reader, &place);
    if (status)
        return status;
    struct layers *layers = &all[place];
    if (layers->n == depth)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "a layer beyond the %d of this element", depth);
    const int l = layers->n;
    const int expected = l > 0 ? layers->sizes[l] : reader->maps[place].n_outputs;
    status = nnp_scanner_int(scanner, "number of the layer", 0, NNP_HDNNP_MAX_LAYERS, &number,
                             reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "inputs of the layer", expected, expected, &n_in,
                                 reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "outputs of the layer", 1, NNP_HDNNP_MOST_INPUTS,
                                 &n_out, reader->error);
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
        return nnp_hdnnp_no_memory(reader);
    layers->sizes[l] = n_in;
    layers->sizes[l + 1] = n_out;
    layers->n++;
    return nnp_scanner_doubles(scanner, "weight or bias", (int)n, layers->parameters[l],
                               reader->error);
}

/* First layer behind an affine map: W <- M W, b <- b + c W. */
static void fold(const struct nnp_hdnnp_map *map, const double *parameters,
                 struct nnp_layer *layer)
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

static enum nnp_status make_network(struct nnp_hdnnp *reader, int place,
                                    const struct layers *layers, int depth)
{
    struct nnp_network *network = &reader->potential->networks[place];
    const struct nnp_hdnnp_map *map = &reader->maps[place];
    int sizes[NNP_HDNNP_MAX_LAYERS + 1];
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

static enum nnp_status read_networks(struct nnp_hdnnp *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int depth;
    enum nnp_status status = nnp_scanner_int(scanner, "number of layers", 1,
                                             NNP_HDNNP_MAX_LAYERS, &depth, reader->error);
    struct layers *all = calloc((size_t)reader->n_elements, sizeof *all);
    if (!status && !all)
        status = nnp_hdnnp_no_memory(reader);
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
    struct nnp_hdnnp reader = {.error = error};
    const struct nnp_source_text *text = &source->texts[0];
    enum nnp_status status =
        nnp_scanner_open(&reader.scanner, text->path, text->text, text->length, error);
    reader.scanner.comments = "/";
    if (!status)
        status = find_elements(&reader);
    if (!status)
        status = read_blocks(&reader);
    if (!status)
        status = nnp_hdnnp_read_steps(&reader);
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
