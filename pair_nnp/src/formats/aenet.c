/* Reader of aenet's networks in ASCII: N. Artrith, A. Urban, Comput. Mater. Sci. 114, 135
 * (2016).  One file per element, the records of the binary file one after another:
 *
 *   layers (with the inputs), most nodes, number of weights, number of values; nodes of each
 *   layer; activation of each layer but the inputs; two lists of offsets; weights
 *   description (one line), element, number of neighbor elements, their symbols, smallest and
 *   largest cutoff, "Behler2011", number of functions, of parameters; types of the functions;
 *   parameters; neighbors (2 per function, from 1); number of evaluations; min, max, mean,
 *   mean of squares of each function
 *   file (one line), normalized (T or F), scale, shift, number of elements, their symbols,
 *   their energies, atoms, structures, three energies
 *
 * - G2 has Rc, Rs, eta; G4 (narrow) and G5 (wide) Rc, lambda, zeta, eta; the cutoff function is
 *   the cosine.
 * - x = (G - mean) / sqrt(mean of squares - mean^2), 0 where the root is at most 1e-10.
 * - Weights of a layer are [n_inputs + 1][n_outputs], the last row the biases.
 * - E_i = output / scale + shift + energy of the element.  Angstrom and eV. */
#include "formats/build.h"
#include "formats/readers.h"
#include "formats/scanner.h"
#include "nnp/element.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_LAYERS = 32, MOST_INPUTS = 1 << 14, MOST_PARAMETERS = 100 };

struct reader {
    const struct nnp_source *source;
    struct nnp_potential *potential;
    int n_elements;
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER]; /* by file */
    int places[NNP_MAX_ATOMIC_NUMBER];
    struct nnp_error *error;
};

/* What a file holds before it is put into the potential. */
struct network_file {
    struct nnp_scanner scanner;
    int n_layers; /* of weights */
    int sizes[MAX_LAYERS + 1];
    enum nnp_activation activations[MAX_LAYERS];
    int n_weights;
    double *weights;
    int atomic_number;
    int n_neighbors;
    int neighbors[NNP_MAX_ATOMIC_NUMBER]; /* atomic numbers */
    int n_functions, n_parameters;
    int *integers;   /* types [n], neighbors [n][2] */
    double *doubles; /* parameters [n][n_parameters], min, max, mean, squares [n] each */
    double scale, shift, energy;
};

/* ---- Network ---- */

/* Four counts, then the layers' nodes, and the sum of their products as the third count. */
static enum nnp_status read_shape(struct network_file *file, struct nnp_error *error)
{
    static const enum nnp_activation activations[] = {
        NNP_ACTIVATION_LINEAR, NNP_ACTIVATION_TANH, NNP_ACTIVATION_LOGISTIC,
        NNP_ACTIVATION_MTANH, NNP_ACTIVATION_TWIST};
    struct nnp_scanner *scanner = &file->scanner;
    int most, n_values, offset, n_layers;
    size_t n = 0;
    enum nnp_status status =
        nnp_scanner_int(scanner, "number of layers", 2, MAX_LAYERS + 1, &n_layers, error);
    if (!status)
        status =
            nnp_scanner_int(scanner, "most nodes of a layer", 1, MOST_INPUTS, &most, error);
    if (!status)
        status =
            nnp_scanner_int(scanner, "number of weights", 1, INT_MAX, &file->n_weights, error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of values", 1, INT_MAX, &n_values, error);
    if (status)
        return status;
    file->n_layers = n_layers - 1;
    for (int l = 0; l < n_layers && !status; l++)
        status = nnp_scanner_int(scanner, "nodes of a layer", 1, most, &file->sizes[l], error);
    for (int l = 0; l < file->n_layers && !status; l++) {
        int activation = 0;
        status = nnp_scanner_int(scanner, "activation", 0, 4, &activation, error);
        file->activations[l] = activations[activation];
        n += ((size_t)file->sizes[l] + 1) * (size_t)file->sizes[l + 1];
    }
    for (int k = 0; k < 2 * n_layers && !status; k++)
        status = nnp_scanner_int(scanner, "offset", 0, INT_MAX, &offset, error);
    if (!status && (n != (size_t)file->n_weights || n > scanner->length ||
                    file->sizes[file->n_layers] != 1))
        status = nnp_scanner_error(scanner, error, NNP_ERROR_INCONSISTENT,
                                   "%d weights and %d outputs, expected %zu weights for these "
                                   "layers, one output, and a file that holds them",
                                   file->n_weights, file->sizes[file->n_layers], n);
    return status;
}

static enum nnp_status no_memory(const struct nnp_scanner *scanner, struct nnp_error *error)
{
    return nnp_scanner_error(scanner, error, NNP_ERROR_MEMORY, "out of memory");
}

static enum nnp_status read_network(struct network_file *file, struct nnp_error *error)
{
    enum nnp_status status = read_shape(file, error);
    if (status)
        return status;
    file->weights = malloc((size_t)file->n_weights * sizeof *file->weights);
    if (!file->weights)
        return no_memory(&file->scanner, error);
    return nnp_scanner_doubles(&file->scanner, "weight", file->n_weights, file->weights, error);
}

/* ---- Symmetry functions ---- */

static enum nnp_status read_setup(struct network_file *file, struct nnp_error *error)
{
    struct nnp_scanner *scanner = &file->scanner;
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
    if (!basis || strcasecmp(basis, "behler2011") != 0)
        return nnp_scanner_error(scanner, error, NNP_ERROR_UNSUPPORTED,
                                 "the basis is '%.40s', expected Behler2011 (Chebyshev is not "
                                 "supported)",
                                 basis ? basis : "");
    status = nnp_scanner_int(scanner, "number of functions", file->sizes[0], file->sizes[0],
                             &file->n_functions, error);
    if (!status)
        status = nnp_scanner_int(scanner, "number of parameters", 4, MOST_PARAMETERS,
                                 &file->n_parameters, error);
    return status;
}

static enum nnp_status read_functions(struct network_file *file, struct nnp_error *error)
{
    struct nnp_scanner *scanner = &file->scanner;
    const size_t n = (size_t)file->n_functions, m = (size_t)file->n_parameters;
    int n_evaluations;
    file->integers = malloc(3 * n * sizeof *file->integers);
    file->doubles = malloc((m + 4) * n * sizeof *file->doubles);
    if (!file->integers || !file->doubles)
        return no_memory(scanner, error);
    enum nnp_status status = NNP_SUCCESS;
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

/* ---- Energies ---- */

/* Symbols of the elements in words of their own, or two characters each in one. */
static enum nnp_status find_symbol(struct network_file *file, int n, int *index,
                                   struct nnp_error *error)
{
    struct nnp_scanner *scanner = &file->scanner;
    char symbol[3] = "";
    *index = -1;
    if (!nnp_scanner_line(scanner))
        return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                 "the file ends, expected symbols of elements");
    for (int k = 0; scanner->n_words == n && k < n; k++)
        if (nnp_element_from_symbol(scanner->words[k]) == file->atomic_number)
            *index = k;
    const char *line = scanner->text + scanner->next; /* behind the line that was read */
    const char *end = line > scanner->text && line[-1] == '\n' ? line - 1 : line;
    const char *start = end;
    while (start > scanner->text && start[-1] != '\n')
        start--;
    for (int k = 0; *index < 0 && k < n && start + 3 + 2 * k <= end; k++) {
        memcpy(symbol, start + 1 + 2 * k, 2);
        symbol[strcspn(symbol, " ")] = '\0';
        if (nnp_element_from_symbol(symbol) == file->atomic_number)
            *index = k;
    }
    if (*index < 0)
        return nnp_scanner_error(scanner, error, NNP_ERROR_ELEMENT,
                                 "%s is not among the %d elements of the training set",
                                 nnp_element_symbol(file->atomic_number), n);
    scanner->at = scanner->n_words;
    return NNP_SUCCESS;
}

static enum nnp_status read_energies(struct network_file *file, struct nnp_error *error)
{
    struct nnp_scanner *scanner = &file->scanner;
    int n = 0, index = -1;
    scanner->at = scanner->n_words;
    nnp_scanner_any_line(scanner); /* the name of the training set's file */
    scanner->at = scanner->n_words;
    const char *normalized = nnp_scanner_word(scanner);
    const bool is_normalized = normalized && strchr("Tt", normalized[*normalized == '.']);
    enum nnp_status status = nnp_scanner_double(scanner, "scale", &file->scale, error);
    if (!status)
        status = nnp_scanner_double(scanner, "shift", &file->shift, error);
    if (!status)
        status =
            nnp_scanner_int(scanner, "number of elements", 1, NNP_MAX_ATOMIC_NUMBER, &n, error);
    if (!status)
        status = find_symbol(file, n, &index, error);
    for (int k = 0; k < n && !status; k++) {
        double energy;
        status = nnp_scanner_double(scanner, "energy of an element", &energy, error);
        if (k == index)
            file->energy = energy;
    }
    if (!is_normalized) {
        file->scale = 1.0;
        file->shift = 0.0;
    }
    if (!status && !(file->scale != 0.0 && isfinite(1.0 / file->scale)))
        status = nnp_scanner_error(scanner, error, NNP_ERROR_VALUE,
                                   "scale is %.15g, expected another number", file->scale);
    return status;
}

/* ---- One element ---- */

static enum nnp_status make_function(const struct reader *reader,
                                     const struct network_file *file, int k,
                                     struct nnp_symmetry *function)
{
    const int type = file->integers[k];
    const int *neighbors = file->integers + file->n_functions + 2 * k;
    const double *p = file->doubles + (size_t)k * (size_t)file->n_parameters;
    *function = (struct nnp_symmetry){.type = NNP_SYMMETRY_RADIAL,
                                      .neighbors = {-1, -1},
                                      .cutoff = {NNP_CUTOFF_COS, p[0], 0.0}};
    if (type == 0 || type == 3)
        return nnp_scanner_error(&file->scanner, reader->error, NNP_ERROR_UNSUPPORTED,
                                 "function %d is of type G%d, expected G1, G2, G4 or G5", k + 1,
                                 type);
    if (type == 2) {
        function->r_shift = p[1];
        function->eta = p[2];
    } else if (type >= 4) {
        function->type = type == 4 ? NNP_SYMMETRY_NARROW : NNP_SYMMETRY_WIDE;
        function->lambda = p[1];
        function->zeta = p[2];
        function->eta = p[3];
    }
    for (int i = 0; i < (type >= 4 ? 2 : 1); i++) {
        const int z = neighbors[i] > 0 ? file->neighbors[neighbors[i] - 1] : 0;
        function->neighbors[i] = nnp_potential_element_index(reader->potential, z);
        if (function->neighbors[i] < 0)
            return nnp_scanner_error(&file->scanner, reader->error, NNP_ERROR_ELEMENT,
                                     "function %d has a neighbor (%s) without a network", k + 1,
                                     z ? nnp_element_symbol(z) : "none");
    }
    return NNP_SUCCESS;
}

static enum nnp_status set_scaling(const struct network_file *file, struct nnp_scaling *scaling,
                                   struct nnp_error *error)
{
    const size_t n = (size_t)file->n_functions, m = (size_t)file->n_parameters;
    const double *values = file->doubles + m * n;
    const enum nnp_status status = nnp_scaling_init(scaling, (int)n, error);
    scaling->method = NNP_SCALING_SIGMA;
    scaling->target_max = 1.0;
    for (size_t k = 0; !status && k < n; k++) {
        const double mean = values[2 * n + k];
        const double variance = values[3 * n + k] - mean * mean;
        scaling->min[k] = values[k];
        scaling->max[k] = values[n + k];
        scaling->mean[k] = mean;
        scaling->sigma[k] = variance > 0.0 && sqrt(variance) > 1e-10 ? sqrt(variance) : 0.0;
    }
    return status;
}

/* The output's scale goes into the last layer, which must be linear for that. */
static enum nnp_status set_network(const struct network_file *file, struct nnp_network *network,
                                   struct nnp_error *error)
{
    const int last = file->n_layers - 1;
    if (file->scale != 1.0 && file->activations[last] != NNP_ACTIVATION_LINEAR)
        return nnp_scanner_error(&file->scanner, error, NNP_ERROR_UNSUPPORTED,
                                 "the output is scaled and not linear");
    const enum nnp_status status =
        nnp_network_init(network, file->n_layers, file->sizes, file->activations, error);
    if (status)
        return status;
    nnp_network_set_parameters(network, file->weights);
    struct nnp_layer *layer = &network->layers[last];
    for (int j = 0; j < layer->n_inputs; j++)
        layer->weights[j] /= file->scale;
    layer->biases[0] /= file->scale;
    return NNP_SUCCESS;
}

static enum nnp_status add_element(struct reader *reader, const struct network_file *file,
                                   int place)
{
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[place];
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < file->n_functions && !status; k++) {
        struct nnp_symmetry function;
        status = make_function(reader, file, k, &function);
        if (!status)
            status = nnp_build_function(descriptor, &function, reader->error);
    }
    reader->potential->elements[place].energy = file->energy + file->shift;
    if (!status)
        status = set_scaling(file, &descriptor->scaling, reader->error);
    return status ? status
                  : set_network(file, &reader->potential->networks[place], reader->error);
}

static enum nnp_status open_file(struct network_file *file, const struct nnp_source_text *text,
                                 struct nnp_error *error)
{
    *file = (struct network_file){0};
    enum nnp_status status =
        nnp_scanner_open(&file->scanner, text->path, text->text, text->length, error);
    file->scanner.comments = NULL;
    if (!status)
        status = read_network(file, error);
    return status ? status : read_setup(file, error);
}

static void close_file(struct network_file *file)
{
    nnp_scanner_close(&file->scanner);
    free(file->weights);
    free(file->integers);
    free(file->doubles);
}

/* ---- All ---- */

/* Four lines of a number each, then as many numbers as the first says. */
static bool is_network(const struct nnp_source_text *text)
{
    const char *at = text->text;
    long n_layers = 0, number;
    for (int line = 0; line < 4; line++)
        if (nnp_scan_integers(&at, line == 0 ? &n_layers : &number) != 1)
            return false;
    return n_layers > 0 && nnp_scan_integers(&at, &number) == n_layers;
}

bool nnp_aenet_recognise(const struct nnp_source *source)
{
    for (int k = 0; k < source->n; k++)
        if (is_network(&source->texts[k]))
            return true;
    return false;
}

/* Which elements there are must be known before their functions are read. */
static enum nnp_status find_elements(struct reader *reader)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < reader->source->n && !status; k++) {
        struct network_file file;
        if (!is_network(&reader->source->texts[k]))
            continue;
        if (reader->n_elements == NNP_MAX_ATOMIC_NUMBER)
            return nnp_error_set(reader->error, NNP_ERROR_ELEMENT,
                                 "%s: there are more than %d networks", reader->source->path,
                                 NNP_MAX_ATOMIC_NUMBER);
        status = open_file(&file, &reader->source->texts[k], reader->error);
        reader->atomic_numbers[reader->n_elements++] = file.atomic_number;
        close_file(&file);
    }
    return status ? status
                  : nnp_build_new(&reader->potential, reader->n_elements,
                                  reader->atomic_numbers, reader->places, reader->error);
}

enum nnp_status nnp_aenet_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units, struct nnp_error *error)
{
    (void)units;
    struct reader reader = {.source = source, .error = error};
    enum nnp_status status = find_elements(&reader);
    for (int k = 0, n = 0; k < source->n && !status; k++) {
        struct network_file file;
        if (!is_network(&source->texts[k]))
            continue;
        status = open_file(&file, &source->texts[k], error);
        if (!status)
            status = read_functions(&file, error);
        if (!status)
            status = read_energies(&file, error);
        if (!status)
            status = add_element(&reader, &file, reader.places[n++]);
        close_file(&file);
    }
    if (!status)
        status = nnp_build_provenance(reader.potential, "aenet", NULL, error);
    *potential = reader.potential;
    return status;
}
