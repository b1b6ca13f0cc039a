/* Initial potentials in other units, as those of n2p2 and RuNNer often are: trainings run in eV
 * and Angstrom.  Values of symmetry functions have no unit, so that scalings stay as they are.
 */
#include "config_parts.h"

static void convert_function(struct nnp_symmetry *function, double length)
{
    function->eta /= length * length;
    function->r_shift *= length;
    function->r_low *= length;
    function->cutoff.radius *= length;
}

/* The output is linear, as that of every network that is trained. */
static void convert_network(struct nnp_network *network, double energy)
{
    struct nnp_layer *output = &network->layers[network->n_layers - 1];
    for (int k = 0; k < output->n_inputs * output->n_outputs; k++)
        output->weights[k] *= energy;
    for (int k = 0; k < output->n_outputs; k++)
        output->biases[k] *= energy;
}

static void convert_repulsion(struct nnp_repulsion *repulsion, double length, double energy)
{
    repulsion->inner *= length;
    repulsion->outer *= length;
    repulsion->amplitude *= energy;
    repulsion->decay *= length;
    for (int p = 0; p < repulsion->n_pairs; p++) {
        struct nnp_repulsion_pair *pair = &repulsion->pairs[p];
        pair->inner *= length;
        pair->outer *= length;
        pair->amplitude *= energy;
        pair->decay *= length;
    }
}

void nnp_config_convert_units(struct nnp_potential *potential)
{
    const double length = nnp_potential_length_in_angstrom(potential);
    const double energy = nnp_potential_energy_in_ev(potential);
    for (int e = 0; e < potential->n_elements; e++) {
        potential->elements[e].energy *= energy;
        for (int k = 0; k < potential->descriptors[e].n_functions; k++)
            convert_function(&potential->descriptors[e].functions[k], length);
    }
    for (int k = 0; k < potential->n_members * potential->n_elements; k++)
        convert_network(&potential->networks[k], energy);
    convert_repulsion(&potential->repulsion, length, energy);
    potential->length_unit = NNP_ANGSTROM;
    potential->energy_unit = NNP_EV;
}
