/* Reader of SIMPLE-NN's potential_saved: K. Lee et al., Comput. Phys. Commun. 242, 95 (2019).
 *
 *   ELEM_LIST elements
 *   per element: POT element r_cut
 *     SYM n, then n lines
 *       2 r_cut eta r_shift 0 neighbor            radial
 *       4 r_cut eta zeta lambda neighbor neighbor  narrow; 5 likewise, wide
 *     scale1 values, scale2 values:  x = (G - scale1) / scale2
 *     NET n, then the outputs of n + 1 layers
 *     LAYER l activation, then for each output k a line "wk weights" and a line "bk bias"; a
 *       layer of principal components is a linear one, marked PCA
 *
 * The cutoff function is the cosine; Angstrom and eV.  The range in training is not stated. */
#include "formats/build.h"
#include "formats/readers.h"
#include "formats/scanner.h"
#include "nnp/element.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LAYERS = 32 };

struct reader {
    struct nnp_scanner scanner;
    struct nnp_potential *potential;
    int n_elements;
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER], places[NNP_MAX_ATOMIC_NUMBER];
    bool seen[NNP_MAX_ATOMIC_NUMBER]; /* by place */
    struct nnp_error *error;
};

bool nnp_simple_nn_recognise(const struct nnp_source *source)
{
    const char *mark = "ELEM_LIST";
    if (source->is_folder || source->n != 1)
        return false;
    const char *text = source->texts[0].text;
    return strncmp(text + strspn(text, " \t\r\n"), mark, strlen(mark)) == 0;
}

static enum nnp_status read_place(struct reader *reader, int *place)
{
    int z;
    const enum nnp_status status = nnp_scanner_element(&reader->scanner, &z, reader->error);
    *place = -1;
    for (int i = 0; i < reader->n_elements; i++)
        if (reader->atomic_numbers[i] == z)
            *place = reader->places[i];
    if (!status && *place < 0)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_ELEMENT,
                                 "%s is not in ELEM_LIST", nnp_element_symbol(z));
    return status;
}

static enum nnp_status read_elements(struct reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    enum nnp_status status = nnp_scanner_expect(scanner, "ELEM_LIST", reader->error);
    while (!status && scanner->at < scanner->n_words) {
        if (reader->n_elements == NNP_MAX_ATOMIC_NUMBER)
            return nnp_scanner_error(scanner, reader->error, NNP_ERROR_ELEMENT,
                                     "there are more than %d elements", NNP_MAX_ATOMIC_NUMBER);
        status = nnp_scanner_element(scanner, &reader->atomic_numbers[reader->n_elements++],
                                     reader->error);
    }
    if (!status && reader->n_elements == 0)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_SYNTAX,
                                 "ELEM_LIST is empty, expected symbols of elements");
    return status ? status
                  : nnp_build_new(&reader->potential, reader->n_elements,
                                  reader->atomic_numbers, reader->places, reader->error);
}

static enum nnp_status read_function(struct reader *reader, struct nnp_descriptor *descriptor)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int type;
    double v[4];
    enum nnp_status status =
        nnp_scanner_int(scanner, "type of symmetry function", 2, 5, &type, reader->error);
    if (!status && type == 3)
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "type of symmetry function is 3, expected 2, 4 or 5");
    if (!status)
        status = nnp_scanner_doubles(scanner, "parameter of a symmetry function", 4, v,
                                     reader->error);
    if (status)
        return status;
    struct nnp_symmetry function = {.type = type == 2   ? NNP_SYMMETRY_RADIAL
                                            : type == 4 ? NNP_SYMMETRY_NARROW
                                                        : NNP_SYMMETRY_WIDE,
                                    .neighbors = {-1, -1},
                                    .eta = v[1],
                                    .r_shift = type == 2 ? v[2] : 0.0,
                                    .zeta = type == 2 ? 0.0 : v[2],
                                    .lambda = type == 2 ? 0.0 : v[3],
                                    .cutoff = {NNP_CUTOFF_COS, v[0], 0.0}};
    for (int i = 0; i < (type == 2 ? 1 : 2) && !status; i++)
        status = read_place(reader, &function.neighbors[i]);
    return status ? status : nnp_build_function(descriptor, &function, reader->error);
}

static enum nnp_status read_functions(struct reader *reader, struct nnp_descriptor *descriptor)
{
    int n;
    enum nnp_status status = nnp_scanner_expect(&reader->scanner, "SYM", reader->error);
    if (!status)
        status = nnp_scanner_int(&reader->scanner, "number of symmetry functions", 1, INT_MAX,
                                 &n, reader->error);
    for (int k = 0; !status && k < n; k++)
        status = read_function(reader, descriptor);
    return status;
}

static enum nnp_status read_scaling(struct reader *reader, struct nnp_descriptor *descriptor)
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct nnp_scaling *scaling = &descriptor->scaling;
    const int n = descriptor->n_functions;
    enum nnp_status status = nnp_scaling_init(scaling, n, reader->error);
    if (!status)
        status = nnp_scanner_expect(scanner, "scale1", reader->error);
    if (!status)
        status = nnp_scanner_doubles(scanner, "scale1", n, scaling->mean, reader->error);
    if (!status)
        status = nnp_scanner_expect(scanner, "scale2", reader->error);
    if (!status)
        status = nnp_scanner_doubles(scanner, "scale2", n, scaling->sigma, reader->error);
    scaling->method = NNP_SCALING_SIGMA;
    scaling->target_min = 0.0;
    scaling->target_max = 1.0;
    for (int k = 0; k < n && !status; k++) {
        scaling->min[k] = -NNP_UNKNOWN_RANGE;
        scaling->max[k] = NNP_UNKNOWN_RANGE;
        if (scaling->sigma[k] <= 0.0)
            status = nnp_scanner_error(scanner, reader->error, NNP_ERROR_VALUE,
                                       "scale2 of function %d is %.15g, expected a number > 0",
                                       k + 1, scaling->sigma[k]);
    }
    return status;
}

/* "NET n", then n + 1 sizes. */
static enum nnp_status read_shape(struct reader *reader, int *n_layers, int *sizes)
{
    struct nnp_scanner *scanner = &reader->scanner;
    enum nnp_status status = nnp_scanner_expect(scanner, "NET", reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of layers", 0, MAX_LAYERS - 1, n_layers,
                                 reader->error);
    if (status)
        return status;
    ++*n_layers;
    for (int l = 1; l <= *n_layers && !status; l++)
        status =
            nnp_scanner_int(scanner, "size of a layer", 1, 1 << 15, &sizes[l], reader->error);
    if (!status && sizes[*n_layers] != 1)
        status =
            nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                              "the last layer has %d outputs, expected 1", sizes[*n_layers]);
    return status;
}

static enum nnp_status read_activation(struct reader *reader, enum nnp_activation *activation)
{
    static const struct {
        const char *name;
        enum nnp_activation activation;
    } names[] = {{"linear", NNP_ACTIVATION_LINEAR}, {"sigmoid", NNP_ACTIVATION_LOGISTIC},
                 {"tanh", NNP_ACTIVATION_TANH},     {"relu", NNP_ACTIVATION_RELU},
                 {"selu", NNP_ACTIVATION_SELU},     {"swish", NNP_ACTIVATION_SWISH}};
    const char *word = nnp_scanner_word(&reader->scanner);
    for (size_t k = 0; word && k < sizeof names / sizeof *names; k++)
        if (strcmp(word, names[k].name) == 0) {
            *activation = names[k].activation;
            return NNP_SUCCESS;
        }
    return nnp_scanner_error(
        &reader->scanner, reader->error, NNP_ERROR_VALUE,
        "activation is '%.40s', expected linear, sigmoid, tanh, relu, selu "
        "or swish",
        word ? word : "");
}

/* "w3 values" or "b3 values" */
static enum nnp_status read_row(struct reader *reader, char letter, int n, size_t stride,
                                double *values)
{
    const char *word = nnp_scanner_word(&reader->scanner);
    enum nnp_status status = NNP_SUCCESS;
    if (!word || word[0] != letter)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_SYNTAX,
                                 "'%.40s', expected a line that starts with %c",
                                 word ? word : "", letter);
    for (int j = 0; j < n && !status; j++)
        status = nnp_scanner_double(&reader->scanner, letter == 'w' ? "weight" : "bias",
                                    &values[(size_t)j * stride], reader->error);
    return status;
}

static enum nnp_status read_layer(struct reader *reader, int l, struct nnp_layer *layer)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int number;
    const size_t n = (size_t)layer->n_outputs;
    enum nnp_status status = nnp_scanner_expect(scanner, "LAYER", reader->error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of the layer", l, l, &number, reader->error);
    if (!status)
        status = read_activation(reader, &layer->activation);
    if (!status && scanner->at < scanner->n_words)
        status = nnp_scanner_expect(scanner, "PCA", reader->error);
    for (size_t k = 0; k < n && !status; k++) {
        status = read_row(reader, 'w', layer->n_inputs, n, layer->weights + k);
        if (!status)
            status = read_row(reader, 'b', 1, 1, layer->biases + k);
    }
    return status;
}

/* The text must be long enough for the weights before memory for them is requested. */
static enum nnp_status read_network(struct reader *reader, int place)
{
    static const enum nnp_activation activations[MAX_LAYERS];
    struct nnp_network *network = &reader->potential->networks[place];
    int n_layers, sizes[MAX_LAYERS + 1];
    size_t n = 0;
    enum nnp_status status = read_shape(reader, &n_layers, sizes);
    if (status)
        return status;
    sizes[0] = reader->potential->descriptors[place].n_functions;
    for (int l = 0; l < n_layers; l++)
        n += (size_t)sizes[l] * (size_t)sizes[l + 1];
    if (n > reader->scanner.length)
        return nnp_scanner_error(&reader->scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "the file is too short for this network");
    status = nnp_network_init(network, n_layers, sizes, activations, reader->error);
    for (int l = 0; l < n_layers && !status; l++)
        status = read_layer(reader, l, &network->layers[l]);
    return status;
}

static enum nnp_status read_element(struct reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    int place;
    double r_cut;
    enum nnp_status status = nnp_scanner_expect(scanner, "POT", reader->error);
    if (!status)
        status = read_place(reader, &place);
    if (!status && reader->seen[place])
        return nnp_scanner_error(scanner, reader->error, NNP_ERROR_INCONSISTENT,
                                 "a second POT of the same element");
    if (!status)
        status = nnp_scanner_double(scanner, "cutoff", &r_cut, reader->error);
    if (status)
        return status;
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[place];
    reader->seen[place] = true;
    status = read_functions(reader, descriptor);
    if (!status)
        status = read_scaling(reader, descriptor);
    return status ? status : read_network(reader, place);
}

enum nnp_status nnp_simple_nn_read(struct nnp_potential **potential,
                                   const struct nnp_source *source,
                                   const struct nnp_import_units *units,
                                   struct nnp_error *error)
{
    (void)units;
    struct reader reader = {.error = error};
    const struct nnp_source_text *text = &source->texts[0];
    enum nnp_status status =
        nnp_scanner_open(&reader.scanner, text->path, text->text, text->length, error);
    if (!status)
        status = read_elements(&reader);
    for (int e = 0; e < reader.n_elements && !status; e++)
        status = read_element(&reader);
    if (!status && nnp_scanner_peek(&reader.scanner))
        status = nnp_scanner_error(&reader.scanner, error, NNP_ERROR_SYNTAX,
                                   "'%.40s' behind the last network",
                                   nnp_scanner_peek(&reader.scanner));
    if (!status)
        status = nnp_build_provenance(reader.potential, "SIMPLE-NN",
                                      "the range of the symmetry functions in training is not "
                                      "known",
                                      error);
    nnp_scanner_close(&reader.scanner);
    *potential = reader.potential;
    return status;
}
