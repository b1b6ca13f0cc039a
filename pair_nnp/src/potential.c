/* Potentials: storage, units and the questions that every user asks. */
#include "nnp/potential.h"

#include "provenance.h"

#include <math.h>
#include <stdlib.h>

/* CODATA 2018, E. Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021). */
static const double bohr_in_angstrom = 0.529177210903;
static const double hartree_in_ev = 27.211386245988;

struct nnp_potential *nnp_potential_new(int n_elements, int n_members)
{
    if (n_elements < 1 || n_members < 1)
        return NULL;
    struct nnp_potential *potential = calloc(1, sizeof *potential);
    if (!potential)
        return NULL;
    const size_t n = (size_t)n_elements, m = (size_t)n_members;
    potential->elements = calloc(n, sizeof *potential->elements);
    potential->descriptors = calloc(n, sizeof *potential->descriptors);
    if (m <= (size_t)-1 / n)
        potential->networks = calloc(m * n, sizeof *potential->networks);
    potential->n_elements = potential->elements && potential->descriptors ? n_elements : 0;
    potential->n_members = potential->networks ? n_members : 0;
    if (!potential->n_elements || !potential->n_members) {
        nnp_potential_free(potential);
        return NULL;
    }
    return potential;
}

static void descriptor_free(struct nnp_descriptor *descriptor)
{
    free(descriptor->functions);
    free(descriptor->species_weights);
    nnp_scaling_free(&descriptor->scaling);
    free(descriptor->projection.matrix);
    free(descriptor->projection.offset);
}

void nnp_potential_free(struct nnp_potential *potential)
{
    if (!potential)
        return;
    for (int i = 0; i < potential->n_elements; i++)
        descriptor_free(&potential->descriptors[i]);
    const size_t n_networks = (size_t)potential->n_members * (size_t)potential->n_elements;
    for (size_t i = 0; i < n_networks; i++)
        nnp_network_free(&potential->networks[i]);
    nnp_provenance_free(&potential->provenance);
    nnp_repulsion_free(&potential->repulsion);
    free(potential->elements);
    free(potential->descriptors);
    free(potential->networks);
    free(potential);
}

double nnp_descriptor_cutoff(const struct nnp_descriptor *descriptor)
{
    double largest = 0.0;
    for (int k = 0; k < descriptor->n_functions; k++)
        largest = fmax(largest, descriptor->functions[k].cutoff.radius);
    return largest;
}

double nnp_potential_cutoff(const struct nnp_potential *potential)
{
    double largest = 0.0;
    for (int i = 0; i < potential->n_elements; i++)
        largest = fmax(largest, nnp_descriptor_cutoff(&potential->descriptors[i]));
    return largest;
}

int nnp_potential_element_index(const struct nnp_potential *potential, int atomic_number)
{
    for (int i = 0; i < potential->n_elements; i++)
        if (potential->elements[i].atomic_number == atomic_number)
            return i;
    return -1;
}

double nnp_potential_length_in_angstrom(const struct nnp_potential *potential)
{
    return potential->length_unit == NNP_BOHR ? bohr_in_angstrom : 1.0;
}

double nnp_potential_energy_in_ev(const struct nnp_potential *potential)
{
    return potential->energy_unit == NNP_HARTREE ? hartree_in_ev : 1.0;
}
