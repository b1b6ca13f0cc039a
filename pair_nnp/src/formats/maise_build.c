/* The potential of a MAISE model (maise.c). */
#include "formats/build.h"
#include "formats/maise.h"
#include "text.h"

#include <stdlib.h>

static enum nnp_status value_of(const struct nnp_maise_reader *reader, const int *row,
                                enum nnp_maise_list list, double *value)
{
    const int index = row[1 + list];
    if (index >= reader->basis.counts[list])
        return nnp_error_set(reader->error, NNP_ERROR_INCONSISTENT,
                             "%s: a function of the basis takes value %d of %s, of which there "
                             "are %d",
                             reader->text->path, index, nnp_maise_list_name(list),
                             reader->basis.counts[list]);
    *value = reader->basis.values[list][index];
    return NNP_SUCCESS;
}

static enum nnp_status make_function(const struct nnp_maise_reader *reader, const int *row,
                                     struct nnp_symmetry *function)
{
    const double s = reader->basis.scale;
    double r_cut = 0.0;
    *function = (struct nnp_symmetry){.type = NNP_SYMMETRY_RADIAL, .neighbors = {-1, -1}};
    enum nnp_status status = value_of(reader, row, NNP_MAISE_RC, &r_cut);
    function->cutoff = (struct nnp_cutoff){NNP_CUTOFF_COS, r_cut * s, 0.0};
    if (!status && row[0] == 2) {
        status = value_of(reader, row, NNP_MAISE_RS, &function->r_shift);
        if (!status)
            status = value_of(reader, row, NNP_MAISE_N1, &function->eta);
        function->r_shift *= s;
    } else if (!status && row[0] == 4) {
        function->type = NNP_SYMMETRY_NARROW;
        status = value_of(reader, row, NNP_MAISE_N2, &function->eta);
        if (!status)
            status = value_of(reader, row, NNP_MAISE_Z, &function->zeta);
        if (!status)
            status = value_of(reader, row, NNP_MAISE_L, &function->lambda);
    }
    function->eta /= s * s;
    return status;
}

/* All functions of the basis for one neighbor (second -1) or two. */
static enum nnp_status add_block(struct nnp_maise_reader *reader, int center, int first,
                                 int second)
{
    const struct nnp_maise_basis *basis = &reader->basis;
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[reader->places[center]];
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < basis->n && !status; k++) {
        struct nnp_symmetry function;
        if ((basis->rows[k][0] == 4) != (second >= 0))
            continue;
        status = make_function(reader, basis->rows[k], &function);
        function.neighbors[0] = reader->places[first];
        function.neighbors[1] = second >= 0 ? reader->places[second] : -1;
        if (!status)
            status = nnp_build_function(descriptor, &function, reader->error);
    }
    return status;
}

static enum nnp_status add_functions(struct nnp_maise_reader *reader, int center)
{
    /* Neighbors as steps in the cyclic order. */
    static const int blocks[9][2] = {{0, -1}, {0, 0}, {1, -1}, {0, 1}, {1, 1},
                                     {2, -1}, {0, 2}, {2, 2},  {1, 2}};
    static const int n_blocks[NNP_MAISE_MOST_SPECIES + 1] = {0, 2, 5, 9};
    const int n = reader->n_species;
    enum nnp_status status = NNP_SUCCESS;
    for (int b = 0; b < n_blocks[n] && !status; b++)
        status = add_block(reader, center, (center + blocks[b][0]) % n,
                           blocks[b][1] < 0 ? -1 : (center + blocks[b][1]) % n);
    const int place = reader->places[center];
    if (!status && reader->potential->descriptors[place].n_functions != reader->sizes[0])
        status =
            nnp_error_set(reader->error, NNP_ERROR_INCONSISTENT,
                          "%s: the basis makes %d inputs, expected the %d of the "
                          "architecture",
                          reader->text->path, reader->potential->descriptors[place].n_functions,
                          reader->sizes[0]);
    return status;
}

/* G4 is twice the narrow function. */
static enum nnp_status set_scaling(struct nnp_maise_reader *reader, int center)
{
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[reader->places[center]];
    struct nnp_scaling *scaling = &descriptor->scaling;
    const double *range = reader->ranges + 3 * (size_t)center * (size_t)reader->sizes[0];
    const enum nnp_status status = nnp_scaling_init(scaling, reader->sizes[0], reader->error);
    scaling->method = NNP_SCALING_MINMAX;
    scaling->target_max = 1.0;
    for (int k = 0; !status && k < reader->sizes[0]; k++, range += 3) {
        const double unit = descriptor->functions[k].type == NNP_SYMMETRY_NARROW ? 0.5 : 1.0;
        scaling->min[k] = unit * range[0];
        scaling->max[k] = unit * range[1];
    }
    return status;
}

static enum nnp_status set_network(struct nnp_maise_reader *reader, int center)
{
    static const enum nnp_activation activations[NNP_MAISE_N_LAYERS] = {
        NNP_ACTIVATION_TANH, NNP_ACTIVATION_TANH, NNP_ACTIVATION_LINEAR};
    struct nnp_network *network = &reader->potential->networks[reader->places[center]];
    const double *value = reader->weights + (size_t)center * reader->n_weights;
    const enum nnp_status status = nnp_network_init(network, NNP_MAISE_N_LAYERS, reader->sizes,
                                                    activations, reader->error);
    for (int l = 0; l < network->n_layers; l++)
        for (int k = 0; k < network->layers[l].n_outputs; k++)
            network->layers[l].biases[k] = *value++;
    for (int l = 0; l < network->n_layers; l++) {
        const struct nnp_layer *layer = &network->layers[l];
        const size_t n = (size_t)layer->n_outputs;
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < (size_t)layer->n_inputs; j++)
                layer->weights[j * n + k] = *value++;
    }
    return status;
}

static enum nnp_status set_provenance(struct nnp_maise_reader *reader)
{
    struct nnp_scanner *scanner = &reader->scanner;
    struct nnp_text comment = {0};
    const char *word =
        nnp_maise_find_field(reader, "model unique ID") ? nnp_scanner_peek(scanner) : NULL;
    if (word)
        nnp_text_append(&comment, "model %.40s", word);
    word = nnp_maise_find_field(reader, "maise version") ? nnp_scanner_peek(scanner) : NULL;
    const enum nnp_status status =
        comment.failed
            ? nnp_error_set(reader->error, NNP_ERROR_MEMORY, "%s: out of memory", scanner->file)
            : nnp_build_provenance(reader->potential, word ? word : "MAISE", comment.data,
                                   reader->error);
    free(comment.data);
    return status;
}

enum nnp_status nnp_maise_build(struct nnp_maise_reader *reader)
{
    enum nnp_status status = nnp_build_new(&reader->potential, reader->n_species,
                                           reader->species, reader->places, reader->error);
    if (!status && reader->sizes[NNP_MAISE_N_LAYERS] != 1)
        status = nnp_error_set(reader->error, NNP_ERROR_INCONSISTENT,
                               "%s: the architecture has %d outputs, expected 1",
                               reader->text->path, reader->sizes[NNP_MAISE_N_LAYERS]);
    for (int s = 0; s < reader->n_species && !status; s++) {
        status = add_functions(reader, s);
        if (!status)
            status = set_scaling(reader, s);
        if (!status)
            status = set_network(reader, s);
    }
    return status ? status : set_provenance(reader);
}
