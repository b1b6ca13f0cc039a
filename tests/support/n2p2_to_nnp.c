/* nnp_n2p2_to_nnp [--atomic-units] FOLDER FILE: writes a potential in n2p2's format as a .nnp
 * file, for tests; in Angstrom and eV, or in Bohr and Hartree. */
#include "nnp/potential.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void convert_functions(struct nnp_descriptor *descriptor, double bohr)
{
    for (int k = 0; k < descriptor->n_functions; k++) {
        struct nnp_symmetry *function = &descriptor->functions[k];

        function->eta *= bohr * bohr;
        function->r_shift /= bohr;
        function->cutoff.radius /= bohr;
    }
}

/* The networks end in linear layers. */
static void convert_to_atomic_units(struct nnp_potential *potential)
{
    potential->length_unit = NNP_BOHR;
    potential->energy_unit = NNP_HARTREE;

    const double bohr = nnp_potential_length_in_angstrom(potential);
    const double hartree = nnp_potential_energy_in_ev(potential);

    for (int e = 0; e < potential->n_elements; e++) {
        struct nnp_network *network = &potential->networks[e];
        struct nnp_layer *last = &network->layers[network->n_layers - 1];

        convert_functions(&potential->descriptors[e], bohr);
        for (int j = 0; j < last->n_inputs; j++)
            last->weights[j] /= hartree;
        last->biases[0] /= hartree;
        potential->elements[e].energy /= hartree;
    }
}

int main(int argc, char **argv)
{
    const bool convert = argc > 1 && strcmp(argv[1], "--atomic-units") == 0;
    struct nnp_potential *potential = NULL;
    struct nnp_error error = {0};
    enum nnp_status status;

    if (argc != 3 + convert) {
        fprintf(stderr, "usage: %s [--atomic-units] FOLDER FILE\n", argv[0]);
        return EXIT_FAILURE;
    }
    status = nnp_potential_read(&potential, argv[1 + convert], &error);
    if (status == NNP_SUCCESS && convert)
        convert_to_atomic_units(potential);
    if (status == NNP_SUCCESS)
        status = nnp_potential_write(potential, argv[2 + convert], &error);
    if (status != NNP_SUCCESS)
        fprintf(stderr, "%s\n", error.message);
    nnp_potential_free(potential);
    return status == NNP_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
