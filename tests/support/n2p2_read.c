/* Potentials in n2p2's format: A. Singraber, J. Behler, C. Dellago, J. Chem. Theory Comput. 15,
 * 1827 (2019).
 *
 * - Elements are in ascending order of the atomic number, whatever order the file states.
 * - Inputs of a network are the element's symmetry functions sorted by type, r_cut, eta,
 *   r_shift, zeta, lambda and neighbor elements; scaling.data has the same order.
 * - Weight files hold per layer the weights [n_inputs][n_outputs], then the biases.
 * - With normalisation, E_i = network / conv_energy + mean_energy + atom_energy; functions are
 *   stated in physical units, and their values do not depend on conv_length. */
#include "n2p2_read.h"

#include "n2p2_settings.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATH = 4096 };

/* symfunction_short center 2 e1 eta r_shift r_cut */
static bool radial(struct n2p2_setup *setup, const struct n2p2_line *line,
                   struct nnp_symmetry *function)
{
    *function = (struct nnp_symmetry){.type = NNP_SYMMETRY_RADIAL, .cutoff = setup->cutoff};
    function->neighbors[0] = n2p2_element_index(setup, line->words[3]);
    function->neighbors[1] = -1;
    return function->neighbors[0] >= 0 && n2p2_number(line, 4, &function->eta) &&
           n2p2_number(line, 5, &function->r_shift) &&
           n2p2_number(line, 6, &function->cutoff.radius);
}

/* symfunction_short center 3|9 e1 e2 eta lambda zeta r_cut [r_shift] */
static bool angular(struct n2p2_setup *setup, const struct n2p2_line *line,
                    struct nnp_symmetry *function)
{
    int first = n2p2_element_index(setup, line->words[3]);
    int second = line->n_words > 4 ? n2p2_element_index(setup, line->words[4]) : -1;

    *function = (struct nnp_symmetry){.cutoff = setup->cutoff};
    function->type = strcmp(line->words[2], "3") == 0 ? NNP_SYMMETRY_NARROW : NNP_SYMMETRY_WIDE;
    function->neighbors[0] = first < second ? first : second;
    function->neighbors[1] = first < second ? second : first;
    return function->neighbors[0] >= 0 && n2p2_number(line, 5, &function->eta) &&
           n2p2_number(line, 6, &function->lambda) && n2p2_number(line, 7, &function->zeta) &&
           n2p2_number(line, 8, &function->cutoff.radius) &&
           (line->n_words == 9 || n2p2_number(line, 9, &function->r_shift));
}

static enum nnp_status handle_function(struct n2p2_setup *setup, const struct n2p2_line *line,
                                       struct nnp_error *error)
{
    if (strcmp(line->words[0], "symfunction_short") != 0)
        return NNP_SUCCESS;

    int center = line->n_words > 3 ? n2p2_element_index(setup, line->words[1]) : -1;

    if (center < 0)
        return n2p2_bad_line(line, error);

    struct nnp_descriptor *descriptor = &setup->potential->descriptors[center];
    struct nnp_symmetry *functions = realloc(
        descriptor->functions, (size_t)(descriptor->n_functions + 1) * sizeof(*functions));

    if (!functions)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", line->file);
    descriptor->functions = functions;

    struct nnp_symmetry *function = &functions[descriptor->n_functions];
    bool understood = strcmp(line->words[2], "2") == 0 ? radial(setup, line, function)
                                                       : angular(setup, line, function);

    if (!understood)
        return n2p2_bad_line(line, error);
    descriptor->n_functions++;
    return NNP_SUCCESS;
}

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

/* n2p2's order: 2 < 3 < 9, then the parameters. */
static int compare_functions(const void *first, const void *second)
{
    static const int n2p2_type[NNP_N_SYMMETRY] = {
        [NNP_SYMMETRY_RADIAL] = 2, [NNP_SYMMETRY_NARROW] = 3, [NNP_SYMMETRY_WIDE] = 9};
    const struct nnp_symmetry *a = first, *b = second;
    const int order[] = {
        n2p2_type[a->type] - n2p2_type[b->type],
        compare_doubles(a->cutoff.radius, b->cutoff.radius),
        compare_doubles(a->eta, b->eta),
        compare_doubles(a->r_shift, b->r_shift),
        compare_doubles(a->zeta, b->zeta),
        compare_doubles(a->lambda, b->lambda),
        a->neighbors[0] - b->neighbors[0],
        a->neighbors[1] - b->neighbors[1],
    };

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (order[i] != 0)
            return order[i];
    return 0;
}

/* Columns: element, function (both from 1), min, max, mean, sigma. */
static enum nnp_status handle_scaling(struct n2p2_setup *setup, const struct n2p2_line *line,
                                      struct nnp_error *error)
{
    int e, k;

    if (line->n_words != 6 || !nnp_text_to_int(line->words[0], &e) ||
        !nnp_text_to_int(line->words[1], &k) || e < 1 || e > setup->n_elements || k < 1 ||
        k > setup->potential->descriptors[e - 1].n_functions)
        return n2p2_bad_line(line, error);

    struct nnp_scaling *scaling = &setup->potential->descriptors[e - 1].scaling;
    double *columns[] = {scaling->min, scaling->max, scaling->mean, scaling->sigma};

    for (int c = 0; c < 4; c++)
        if (!n2p2_number(line, c + 2, &columns[c][k - 1]))
            return n2p2_bad_line(line, error);
    return NNP_SUCCESS;
}

static enum nnp_status init_element(struct n2p2_setup *setup, int e, struct nnp_error *error)
{
    struct nnp_element *element = &setup->potential->elements[e];
    struct nnp_descriptor *descriptor = &setup->potential->descriptors[e];
    struct nnp_scaling *scaling = &descriptor->scaling;

    element->atomic_number = setup->atomic_numbers[e];
    element->mass = nnp_element_mass(element->atomic_number);
    element->energy = setup->mean_energy + setup->atom_energies[element->atomic_number];
    qsort(descriptor->functions, (size_t)descriptor->n_functions,
          sizeof(*descriptor->functions), compare_functions);

    enum nnp_status status = nnp_scaling_init(scaling, descriptor->n_functions, error);

    if (status != NNP_SUCCESS)
        return status;
    if (setup->sigma)
        scaling->method = NNP_SCALING_SIGMA;
    else if (setup->scale)
        scaling->method = setup->center ? NNP_SCALING_MINMAX_CENTER : NNP_SCALING_MINMAX;
    else
        scaling->method = setup->center ? NNP_SCALING_CENTER : NNP_SCALING_NONE;
    scaling->target_min = setup->scale_min;
    scaling->target_max = setup->scale_max;
    setup->sizes[0] = descriptor->n_functions;
    return nnp_network_init(&setup->potential->networks[e], setup->n_layers, setup->sizes,
                            setup->activations, error);
}

/* The first column of a file of weights. */
static enum nnp_status read_column(const char *path, double *values, int n,
                                   struct nnp_error *error)
{
    char *text = NULL, *line_rest = NULL;
    size_t length;
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    int n_read = 0;

    for (char *line = status == NNP_SUCCESS ? strtok_r(text, "\n", &line_rest) : NULL; line;
         line = strtok_r(NULL, "\n", &line_rest)) {
        char *end;
        double value;

        if (line[strspn(line, " ")] == '#')
            continue;
        value = strtod(line, &end);
        if (end == line || n_read == n) {
            n_read = -1;
            break;
        }
        values[n_read++] = value;
    }
    free(text);
    if (status == NNP_SUCCESS && n_read != n)
        return nnp_error_set(error, NNP_ERROR_SYNTAX, "%s: expected %d numbers", path, n);
    return status;
}

static enum nnp_status read_weights(struct n2p2_setup *setup, const char *folder, int e,
                                    struct nnp_error *error)
{
    struct nnp_network *network = &setup->potential->networks[e];
    struct nnp_layer *last = &network->layers[network->n_layers - 1];
    int n = nnp_network_n_parameters(network);
    double *parameters = calloc((size_t)n, sizeof(*parameters));
    char path[MAX_PATH];

    if (!parameters)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", folder);
    snprintf(path, sizeof(path), "%s/weights.%03d.data", folder, setup->atomic_numbers[e]);

    enum nnp_status status = read_column(path, parameters, n, error);

    if (status == NNP_SUCCESS) {
        nnp_network_set_parameters(network, parameters);
        for (int j = 0; j < last->n_inputs; j++)
            last->weights[j] /= setup->conv_energy;
        last->biases[0] /= setup->conv_energy;
    }
    free(parameters);
    return status;
}

static enum nnp_status read_folder(struct n2p2_setup *setup, const char *folder,
                                   struct nnp_error *error)
{
    char input[MAX_PATH], scaling[MAX_PATH];
    enum nnp_status status;

    snprintf(input, sizeof(input), "%s/input.nn", folder);
    snprintf(scaling, sizeof(scaling), "%s/scaling.data", folder);
    status = n2p2_read_lines(setup, input, n2p2_handle_setting, error);
    if (status != NNP_SUCCESS)
        return status;
    setup->potential = nnp_potential_new(setup->n_elements, 1);
    if (!setup->potential)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", folder);
    status = n2p2_read_lines(setup, input, handle_function, error);
    for (int e = 0; status == NNP_SUCCESS && e < setup->n_elements; e++) {
        status = init_element(setup, e, error);
        if (status == NNP_SUCCESS)
            status = read_weights(setup, folder, e, error);
    }
    if (status == NNP_SUCCESS)
        status = n2p2_read_lines(setup, scaling, handle_scaling, error);
    return status == NNP_SUCCESS ? nnp_potential_check(setup->potential, error) : status;
}

enum nnp_status n2p2_read(struct nnp_potential **potential, const char *folder,
                          struct nnp_error *error)
{
    struct n2p2_setup setup = {.conv_energy = 1.0, .scale_max = 1.0};
    enum nnp_status status = read_folder(&setup, folder, error);

    *potential = setup.potential;
    if (status != NNP_SUCCESS) {
        nnp_potential_free(setup.potential);
        *potential = NULL;
    }
    return status;
}
