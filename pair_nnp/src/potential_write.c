/* Writer of potential files; the format stands in potentials/README.md. */
#include "nnp/element.h"
#include "nnp/potential.h"
#include "potential_check.h"
#include "provenance.h"
#include "repulsion_check.h"
#include "text.h"
#include "yaml_write.h"

#include <stdbool.h>
#include <stdlib.h>

static const char *symbol_of(const struct nnp_potential *potential, int i)
{
    return nnp_element_symbol(potential->elements[i].atomic_number);
}

/* The symbol as a key; some, such as N and No, need quotes. */
static void write_symbol_key(const struct nnp_potential *potential, int i, int indent,
                             struct nnp_text *text)
{
    nnp_text_append(text, "%*s", indent, "");
    nnp_yaml_write_string(text, symbol_of(potential, i), 0);
    nnp_text_append(text, ":\n");
}

static void write_head(const struct nnp_potential *potential, struct nnp_text *text)
{
    nnp_text_append(text, "nnp: %d\nunits: {length: %s, energy: %s}\n", NNP_POTENTIAL_FORMAT,
                    potential->length_unit == NNP_BOHR ? "Bohr" : "Angstrom",
                    potential->energy_unit == NNP_HARTREE ? "Hartree" : "eV");
}

static void write_elements(const struct nnp_potential *potential, struct nnp_text *text)
{
    nnp_text_append(text, "elements:\n");
    for (int i = 0; i < potential->n_elements; i++) {
        struct nnp_yaml_flow flow;
        nnp_text_append(text, "  - ");
        nnp_yaml_flow_begin(&flow, text, true, 5);
        nnp_yaml_flow_string(&flow, "symbol", symbol_of(potential, i));
        nnp_yaml_flow_double(&flow, "mass", potential->elements[i].mass);
        nnp_yaml_flow_double(&flow, "energy", potential->elements[i].energy);
        nnp_yaml_flow_end(&flow);
        nnp_text_append(text, "\n");
    }
}

static void write_neighbors(const struct nnp_potential *potential,
                            const struct nnp_symmetry *function, struct nnp_yaml_flow *outer)
{
    struct nnp_yaml_flow flow;
    const int n = nnp_symmetry_n_neighbors(function->type);
    if (n == 0)
        return;
    nnp_yaml_flow_start(outer, "neighbors");
    nnp_yaml_flow_begin(&flow, outer->text, false, -1);
    for (int i = 0; i < n; i++)
        nnp_yaml_flow_string(&flow, NULL, symbol_of(potential, function->neighbors[i]));
    nnp_yaml_flow_end(&flow);
    nnp_yaml_flow_stop(outer);
}

static void write_cutoff(const struct nnp_cutoff *cutoff, struct nnp_yaml_flow *outer)
{
    struct nnp_yaml_flow flow;
    nnp_yaml_flow_start(outer, "cutoff");
    nnp_yaml_flow_begin(&flow, outer->text, true, -1);
    nnp_yaml_flow_string(&flow, "function", nnp_cutoff_name(cutoff->type));
    nnp_yaml_flow_double(&flow, "radius", cutoff->radius);
    nnp_yaml_flow_double(&flow, "alpha", cutoff->alpha);
    nnp_yaml_flow_end(&flow);
    nnp_yaml_flow_stop(outer);
}

static void write_gaussian(const struct nnp_symmetry *function, struct nnp_yaml_flow *flow)
{
    nnp_yaml_flow_double(flow, "eta", function->eta);
    nnp_yaml_flow_double(flow, "r_shift", function->r_shift);
    if (!nnp_symmetry_is_radial(function->type)) {
        nnp_yaml_flow_double(flow, "zeta", function->zeta);
        nnp_yaml_flow_double(flow, "lambda", function->lambda);
    }
}

static void write_compact(const struct nnp_symmetry *function, struct nnp_yaml_flow *outer)
{
    nnp_yaml_flow_double(outer, "r_low", function->r_low);
    nnp_yaml_flow_start(outer, "asymmetric");
    nnp_text_append(outer->text, function->asymmetric ? "true" : "false");
    nnp_yaml_flow_stop(outer);
    if (nnp_symmetry_is_radial(function->type))
        return;
    struct nnp_yaml_flow flow;
    nnp_yaml_flow_start(outer, "angles");
    nnp_yaml_flow_begin(&flow, outer->text, false, -1);
    nnp_yaml_flow_double(&flow, NULL, function->angle_low);
    nnp_yaml_flow_double(&flow, NULL, function->angle_high);
    nnp_yaml_flow_end(&flow);
    nnp_yaml_flow_stop(outer);
}

static void write_function(const struct nnp_potential *potential,
                           const struct nnp_symmetry *function, struct nnp_text *text)
{
    struct nnp_yaml_flow flow;
    nnp_text_append(text, "    - ");
    nnp_yaml_flow_begin(&flow, text, true, 7);
    nnp_yaml_flow_string(&flow, "type", nnp_symmetry_name(function->type));
    write_neighbors(potential, function, &flow);
    if (nnp_symmetry_is_compact(function->type))
        write_compact(function, &flow);
    else if (nnp_symmetry_is_chebyshev(function->type))
        nnp_yaml_flow_double(&flow, "degree", function->degree);
    else
        write_gaussian(function, &flow);
    write_cutoff(&function->cutoff, &flow);
    nnp_yaml_flow_end(&flow);
    nnp_text_append(text, "\n");
}

static void write_functions(const struct nnp_potential *potential, struct nnp_text *text)
{
    nnp_text_append(text, "symmetry_functions:\n");
    for (int i = 0; i < potential->n_elements; i++) {
        const struct nnp_descriptor *descriptor = &potential->descriptors[i];
        write_symbol_key(potential, i, 2, text);
        for (int k = 0; k < descriptor->n_functions; k++)
            write_function(potential, &descriptor->functions[k], text);
    }
}

static void write_range(const struct nnp_scaling *scaling, int k, struct nnp_text *text)
{
    struct nnp_yaml_flow flow;
    nnp_text_append(text, "      - ");
    nnp_yaml_flow_begin(&flow, text, true, 9);
    nnp_yaml_flow_double(&flow, "min", scaling->min[k]);
    nnp_yaml_flow_double(&flow, "max", scaling->max[k]);
    nnp_yaml_flow_double(&flow, "mean", scaling->mean[k]);
    nnp_yaml_flow_double(&flow, "sigma", scaling->sigma[k]);
    if (scaling->through_zero[k]) {
        nnp_yaml_flow_start(&flow, "through_zero");
        nnp_text_append(text, "true");
        nnp_yaml_flow_stop(&flow);
    }
    nnp_yaml_flow_end(&flow);
    nnp_text_append(text, "\n");
}

static void write_scaling(const struct nnp_potential *potential, struct nnp_text *text)
{
    nnp_text_append(text, "scaling:\n");
    for (int i = 0; i < potential->n_elements; i++) {
        const struct nnp_scaling *scaling = &potential->descriptors[i].scaling;
        write_symbol_key(potential, i, 2, text);
        nnp_text_append(text, "    method: %s\n", nnp_scaling_name(scaling->method));
        if (nnp_scaling_has_target(scaling->method)) {
            const double target[2] = {scaling->target_min, scaling->target_max};
            nnp_text_append(text, "    target: ");
            nnp_yaml_write_doubles(text, target, 2, 6);
            nnp_text_append(text, "\n");
        }
        nnp_text_append(text, "    functions:\n");
        for (int k = 0; k < scaling->n_functions; k++)
            write_range(scaling, k, text);
    }
}

/* Rows of a matrix [n][m], one list each. */
static void write_rows(const double *matrix, int n, int m, int indent, struct nnp_text *text)
{
    for (int j = 0; j < n; j++) {
        nnp_text_append(text, "%*s- ", indent, "");
        nnp_yaml_write_doubles(text, matrix + (size_t)j * (size_t)m, m, indent + 3);
        nnp_text_append(text, "\n");
    }
}

static void write_projections(const struct nnp_potential *potential, struct nnp_text *text)
{
    bool started = false;
    for (int i = 0; i < potential->n_elements; i++) {
        const struct nnp_projection *projection = &potential->descriptors[i].projection;
        if (!projection->n_inputs)
            continue;
        nnp_text_append(text, "%s", started ? "" : "projection:\n");
        started = true;
        write_symbol_key(potential, i, 2, text);
        nnp_text_append(text, "    offset: ");
        nnp_yaml_write_doubles(text, projection->offset, projection->n_inputs, 6);
        nnp_text_append(text, "\n    matrix:\n");
        write_rows(projection->matrix, projection->n_inputs, projection->n_outputs, 6, text);
    }
}

static void write_species_weights(const struct nnp_potential *potential, struct nnp_text *text)
{
    bool started = false;
    for (int i = 0; i < potential->n_elements; i++) {
        if (!potential->descriptors[i].species_weights)
            continue;
        nnp_text_append(text, "%s", started ? "" : "species_weights:\n");
        started = true;
        nnp_text_append(text,
                        "  %s: ", nnp_element_symbol(potential->elements[i].atomic_number));
        nnp_yaml_write_doubles(text, potential->descriptors[i].species_weights,
                               potential->n_elements, 4);
        nnp_text_append(text, "\n");
    }
}

static void write_network(const struct nnp_network *network, struct nnp_text *text)
{
    for (int l = 0; l < network->n_layers; l++) {
        const struct nnp_layer *layer = &network->layers[l];
        nnp_text_append(text, "      - activation: %s\n        biases: ",
                        nnp_activation_name(layer->activation));
        nnp_yaml_write_doubles(text, layer->biases, layer->n_outputs, 10);
        nnp_text_append(text, "\n        weights:\n");
        write_rows(layer->weights, layer->n_inputs, layer->n_outputs, 10, text);
    }
}

static void write_networks(const struct nnp_potential *potential, struct nnp_text *text)
{
    const struct nnp_network *network = potential->networks;
    nnp_text_append(text, "networks:\n");
    for (int m = 0; m < potential->n_members; m++)
        for (int i = 0; i < potential->n_elements; i++) {
            nnp_text_append(text, "%s", i == 0 ? "  - " : "");
            write_symbol_key(potential, i, i == 0 ? 0 : 4, text);
            write_network(network++, text);
        }
}

/* On failure *file is empty. */
static enum nnp_status write_file(const struct nnp_potential *potential, struct nnp_text *file,
                                  struct nnp_error *error)
{
    *file = (struct nnp_text){0};
    const enum nnp_status status = nnp_potential_check(potential, error);
    if (status)
        return status;
    write_head(potential, file);
    nnp_provenance_write(&potential->provenance, file);
    write_elements(potential, file);
    write_functions(potential, file);
    write_species_weights(potential, file);
    write_scaling(potential, file);
    write_projections(potential, file);
    write_networks(potential, file);
    nnp_text_append(file, "repulsion: ");
    nnp_repulsion_write(&potential->repulsion, file);
    nnp_text_append(file, "\nend: true\n");
    if (!file->failed)
        return NNP_SUCCESS;
    free(file->data);
    *file = (struct nnp_text){0};
    return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory for the text of a potential");
}

enum nnp_status nnp_potential_format(const struct nnp_potential *potential, char **text,
                                     struct nnp_error *error)
{
    struct nnp_text file;
    const enum nnp_status status = write_file(potential, &file, error);
    *text = file.data;
    return status;
}

enum nnp_status nnp_potential_write(const struct nnp_potential *potential, const char *path,
                                    struct nnp_error *error)
{
    struct nnp_text file;
    enum nnp_status status = write_file(potential, &file, error);
    if (status)
        return status;
    status = nnp_file_write(path, file.data, file.length, error);
    free(file.data);
    return status;
}
