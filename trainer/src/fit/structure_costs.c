/* Costs in multiplications, as measured on sets of Li and of Mo-Ta (24 and 66 functions,
 * networks with two layers of 10): for an atom's networks 1500 and 20 for each function; with a
 * stored Jacobian two products, 2 for each of its elements; without, one pass over the
 * neighbors in reverse and one in forward direction, 60 for each function and neighbor. Angular
 * functions take no more, as those of an element share what pairs of neighbors have in common.
 * Neighbors are counted: of slabs the mean density says nothing. */
#include "structure_costs.h"

#include <math.h>

static const double of_atom = 1500.0, of_function = 20.0, of_element = 2.0, of_neighbor = 60.0;

void nnp_structure_costs_set(struct nnp_fit_set *set)
{
    const double n_functions = fmax(1.0, nnp_descriptor_most_functions(set->potential));
    for (int s = 0; s < set->n_structures; s++) {
        const struct nnp_structure_size *size = &set->sizes[s];
        set->costs[s] = set->structures[s]->n_atoms * (of_atom + of_function * n_functions);
        if (set->storage[s] == NNP_DESCRIPTOR_STORED)
            set->costs[s] += of_element * size->n_jacobian;
        else if (set->storage[s] == NNP_DESCRIPTOR_RECOMPUTED)
            set->costs[s] += of_neighbor * n_functions * size->n_neighbors;
    }
}
