/* Reader of n2p2's and RuNNer's potentials; the conventions stand in formats/n2p2.h. */
#include "formats/build.h"
#include "formats/n2p2.h"
#include "formats/readers.h"
#include "text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool nnp_n2p2_recognise(const struct nnp_source *source)
{
    return source->is_folder && nnp_source_find(source, "input.nn");
}

/* ---- weights.ZZZ.data ---- */

/* The first column. */
static enum nnp_status read_column(struct nnp_scanner *scanner, double *values, int n,
                                   struct nnp_error *error)
{
    int n_read = 0;
    while (nnp_scanner_line(scanner)) {
        double value;
        if (!nnp_scanner_is_double(scanner, 0, &value))
            return nnp_scanner_error(scanner, error, NNP_ERROR_SYNTAX,
                                     "'%.40s' at the start of the line, expected a number",
                                     scanner->words[0]);
        if (n_read < n)
            values[n_read] = value;
        n_read++;
    }
    if (n_read != n)
        return nnp_error_set(
            error, NNP_ERROR_INCONSISTENT,
            "%s: there are %d numbers, expected %d for the network of input.nn", scanner->file,
            n_read, n);
    return NNP_SUCCESS;
}

/* Eq. of the header: what the network's output is divided by.  normalize_nodes divides every
 * sum by the number of inputs. */
static void fold_normalization(struct nnp_network *network,
                               const struct nnp_n2p2_settings *settings)
{
    for (int l = 0; l < network->n_layers; l++) {
        struct nnp_layer *layer = &network->layers[l];
        double divisor = settings->normalize_nodes ? layer->n_inputs : 1.0;
        if (l == network->n_layers - 1)
            divisor *= settings->conv_energy;
        for (int j = 0; j < layer->n_inputs * layer->n_outputs; j++)
            layer->weights[j] /= divisor;
        for (int k = 0; k < layer->n_outputs; k++)
            layer->biases[k] /= divisor;
    }
}

static enum nnp_status read_weights(struct nnp_network *network,
                                    const struct nnp_source_text *text, struct nnp_error *error)
{
    struct nnp_scanner scanner;
    const int n = nnp_network_n_parameters(network);
    double *parameters = malloc(((size_t)n + 1) * sizeof *parameters);
    enum nnp_status status =
        nnp_scanner_open(&scanner, text->path, text->text, text->length, error);
    if (!status && !parameters)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", text->path);
    if (!status)
        status = read_column(&scanner, parameters, n, error);
    if (!status)
        nnp_network_set_parameters(network, parameters);
    nnp_scanner_close(&scanner);
    free(parameters);
    return status;
}

/* ---- Elements ---- */

/* As many weights as a file of this size can hold, before the memory for them is requested. */
static enum nnp_status check_size(const struct nnp_n2p2_shape *shape,
                                  const struct nnp_source_text *text, struct nnp_error *error)
{
    size_t n = 0;
    for (int l = 0; l < shape->n_layers; l++) {
        const size_t inputs = (size_t)shape->sizes[l] + 1,
                     outputs = (size_t)shape->sizes[l + 1];
        if (inputs > (size_t)INT_MAX / outputs || (n += inputs * outputs) > text->length)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%s: the file is too short for the network of input.nn",
                                 text->path);
    }
    return NNP_SUCCESS;
}

/* Of the three keywords, that for sigma counts where it stands alone. */
static enum nnp_status init_scaling(struct nnp_scaling *scaling, int n,
                                    const struct nnp_n2p2_settings *settings,
                                    struct nnp_error *error)
{
    const enum nnp_status status = nnp_scaling_init(scaling, n, error);
    if (settings->scale)
        scaling->method = settings->center ? NNP_SCALING_MINMAX_CENTER : NNP_SCALING_MINMAX;
    else if (settings->center)
        scaling->method = NNP_SCALING_CENTER;
    else
        scaling->method = settings->sigma ? NNP_SCALING_SIGMA : NNP_SCALING_NONE;
    if (scaling->method != NNP_SCALING_NONE && scaling->method != NNP_SCALING_CENTER) {
        scaling->target_min = settings->scale_min;
        scaling->target_max = settings->scale_max;
    }
    return status;
}

/* How many lines with words there are. */
static enum nnp_status count_lines(const struct nnp_source_text *text, size_t *n,
                                   struct nnp_error *error)
{
    struct nnp_scanner scanner;
    const enum nnp_status status =
        nnp_scanner_open(&scanner, text->path, text->text, text->length, error);
    *n = 0;
    while (!status && nnp_scanner_line(&scanner))
        ++*n;
    nnp_scanner_close(&scanner);
    return status;
}

static size_t n_parameters(const struct nnp_n2p2_shape *shape)
{
    size_t n = 0;
    for (int l = 0; l < shape->n_layers; l++)
        n += ((size_t)shape->sizes[l] + 1) * (size_t)shape->sizes[l + 1];
    return n;
}

/* Where the networks of one element can be read in several ways, the number of its weights
 * decides. */
static enum nnp_status choose_reading(struct nnp_n2p2_shape *shape,
                                      const struct nnp_source_text *text,
                                      struct nnp_error *error)
{
    const int last = shape->n_layers - 1;
    size_t n;
    if (shape->n_readings == 0)
        return NNP_SUCCESS;
    const enum nnp_status status = count_lines(text, &n, error);
    for (int k = 0; k < shape->n_readings && !status && n_parameters(shape) != n; k++) {
        struct nnp_n2p2_shape other = *shape;
        other.sizes[1] = shape->readings[k].first;
        other.sizes[last] = shape->readings[k].last;
        if (n_parameters(&other) == n)
            *shape = other;
    }
    return status;
}

/* The output's activation is inside of the division by conv_energy. */
static enum nnp_status close_shape(struct nnp_n2p2_shape *shape,
                                   const struct nnp_n2p2_settings *settings, const char *path,
                                   struct nnp_error *error)
{
    if (settings->conv_energy != 1.0 &&
        shape->activations[shape->n_layers - 1] != NNP_ACTIVATION_LINEAR)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s: conv_energy with an output that is not linear", path);
    return NNP_SUCCESS;
}

static enum nnp_status read_element(struct nnp_potential *potential, int e,
                                    const struct nnp_n2p2_settings *settings,
                                    const struct nnp_source *source, struct nnp_error *error)
{
    char name[32];
    const int z = settings->atomic_numbers[e];
    struct nnp_element *element = &potential->elements[e];
    struct nnp_n2p2_shape shape = settings->shapes[e];
    snprintf(name, sizeof name, "weights.%03d.data", z);
    const struct nnp_source_text *text = nnp_source_find(source, name);
    if (!text)
        return nnp_error_set(error, NNP_ERROR_FILE, "%s: there is no %s, the network of %s",
                             source->path, name, nnp_element_symbol(z));
    element->energy = settings->atom_energies[z] + settings->mean_energy;
    if (settings->masses[z] > 0.0)
        element->mass = settings->masses[z];
    shape.sizes[0] = potential->descriptors[e].n_functions;
    enum nnp_status status =
        init_scaling(&potential->descriptors[e].scaling, shape.sizes[0], settings, error);
    if (!status)
        status = close_shape(&shape, settings, source->path, error);
    if (!status)
        status = choose_reading(&shape, text, error);
    if (!status)
        status = check_size(&shape, text, error);
    if (!status)
        status = nnp_network_init(&potential->networks[e], shape.n_layers, shape.sizes,
                                  shape.activations, error);
    if (!status)
        status = read_weights(&potential->networks[e], text, error);
    if (!status)
        fold_normalization(&potential->networks[e], settings);
    return status;
}

static enum nnp_status read_parts(struct nnp_potential **potential,
                                  const struct nnp_n2p2_settings *settings,
                                  const struct nnp_source *source, struct nnp_scanner *scanner,
                                  const struct nnp_import_units *units, struct nnp_error *error)
{
    int places[NNP_MAX_ATOMIC_NUMBER];
    const struct nnp_source_text *scaling = nnp_source_find(source, "scaling.data");
    if (!scaling)
        return nnp_error_set(
            error, NNP_ERROR_FILE,
            "%s: there is no scaling.data, the ranges of the symmetry functions", source->path);
    enum nnp_status status =
        nnp_build_new(potential, settings->n_elements, settings->atomic_numbers, places, error);
    if (status)
        return status;
    if (settings->has_units)
        units = &settings->units;
    (*potential)->length_unit = units->length;
    (*potential)->energy_unit = units->energy;
    status = nnp_n2p2_functions_read(*potential, settings, scanner, error);
    for (int e = 0; e < settings->n_elements && !status; e++)
        status = read_element(*potential, e, settings, source, error);
    if (!status)
        status = nnp_n2p2_scaling_read(*potential, scaling, error);
    if (!status)
        status = nnp_build_provenance(*potential, "n2p2 or RuNNer",
                                      settings->has_units ? NULL
                                                          : "the files state no units; those "
                                                            "shown are assumed",
                                      error);
    return status;
}

enum nnp_status nnp_n2p2_read(struct nnp_potential **potential, const struct nnp_source *source,
                              const struct nnp_import_units *units, struct nnp_error *error)
{
    struct nnp_scanner scanner;
    struct nnp_n2p2_settings settings = {0};
    const struct nnp_source_text *input = nnp_source_find(source, "input.nn");
    enum nnp_status status =
        nnp_scanner_open(&scanner, input->path, input->text, input->length, error);
    if (!status)
        status = nnp_n2p2_settings_read(&settings, &scanner, error);
    if (!status)
        status = read_parts(potential, &settings, source, &scanner, units, error);
    nnp_scanner_close(&scanner);
    free(settings.shapes);
    return status;
}
