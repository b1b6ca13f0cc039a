/* Costs in multiplications, as measured on sets of Li and of Mo-Ta (24 and 66 functions,
 * networks with two layers of 10): for an atom's networks 1500 and 20 for each function; with a
 * stored Jacobian two products, 2 for each of its elements; without, one pass over the
 * neighbors in reverse and one in forward direction, 60 for each function and neighbor. Angular
 * functions take no more, as those of an element share what pairs of neighbors have in common.
 * Neighbors are counted: of slabs the mean density says nothing. */
#include "structure_costs.h"

#include "descriptor_layout.h"

#include <math.h>
#include <stdlib.h>

static const double of_atom = 1500.0, of_function = 20.0, of_element = 2.0, of_neighbor = 60.0;

/* Neighbors of all atoms; none where the evaluation will refuse the structure. */
static enum nnp_status count_neighbors(const struct nnp_potential *potential,
                                       const struct nnp_structure *structure, double *n,
                                       struct nnp_error *error)
{
    struct nnp_neighbor_list list;
    struct nnp_error own = {0};
    enum nnp_status status = nnp_neighbor_list_build(
        &list, &structure->cell, structure->n_atoms, structure->positions,
        nnp_potential_cutoff(potential) * nnp_potential_length_in_angstrom(potential), &own);
    *n = 0.0;
    for (int i = 0; !status && i < structure->n_atoms; i++)
        *n += list.n_neighbors[i];
    nnp_neighbor_list_free(&list);
    if (status != NNP_ERROR_MEMORY)
        return NNP_SUCCESS;
    if (error)
        *error = own;
    return status;
}

static enum nnp_status find_cost(const struct nnp_fit_set *set, int s, double n_functions,
                                 double *cost, struct nnp_error *error)
{
    const struct nnp_structure *structure = set->structures[s];
    enum nnp_status status = NNP_SUCCESS;
    double n_neighbors = 0.0;
    *cost = structure->n_atoms * (of_atom + of_function * n_functions);
    if (set->storage[s] == NNP_DESCRIPTOR_STORED) {
        double n_rows = nnp_descriptor_layout_count(set->potential, structure);
        if (n_rows < 0.0)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d elements",
                                 set->potential->n_elements);
        *cost += of_element * n_rows * (3.0 * structure->n_atoms + 6.0);
    } else if (set->storage[s] == NNP_DESCRIPTOR_RECOMPUTED) {
        status = count_neighbors(set->potential, structure, &n_neighbors, error);
        *cost += of_neighbor * n_functions * n_neighbors;
    }
    return status;
}

/* Ranks have equal numbers of structures. */
enum nnp_status nnp_structure_costs_find(struct nnp_fit_set *set, struct nnp_error *error)
{
    const struct nnp_parallel *parallel = set->parallel;
    int *first = calloc((size_t)parallel->size + 1, sizeof *first);
    enum nnp_status status = NNP_SUCCESS;
    double n_functions = 1.0;
    if (!first)
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d ranks", parallel->size);
    status = nnp_parallel_agree(parallel, status, error);
    if (status) {
        free(first);
        return status;
    }
    for (int r = 0; r <= parallel->size; r++)
        first[r] = (int)((long)set->n_structures * r / parallel->size);
    for (int e = 0; e < set->potential->n_elements; e++)
        n_functions = fmax(n_functions, set->potential->descriptors[e].n_functions);
    for (int s = first[parallel->rank]; s < first[parallel->rank + 1] && !status; s++)
        status = find_cost(set, s, n_functions, &set->costs[s], error);
    nnp_parallel_gather(parallel, first, 1, set->costs);
    free(first);
    return status;
}
