/* Ranks have equal numbers of structures. */
#include "structure_sizes.h"

#include "stored_jacobian.h"

#include <stdlib.h>

static enum nnp_status no_memory(struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the sizes of structures");
}

static enum nnp_status count_neighbors(const struct nnp_potential *potential,
                                       const struct nnp_function_groups *groups,
                                       const struct nnp_structure *structure,
                                       struct nnp_structure_size *size, struct nnp_error *error)
{
    struct nnp_neighbor_list list;
    struct nnp_error own = {0};
    int *elements = calloc((size_t)structure->n_atoms + 1, sizeof *elements);
    if (!elements)
        return no_memory(error);
    for (int i = 0; i < structure->n_atoms; i++) {
        const int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        elements[i] = e < 0 ? 0 : e;
    }
    enum nnp_status status = nnp_neighbor_list_build(
        &list, &structure->cell, structure->n_atoms, structure->positions,
        nnp_potential_cutoff(potential) * nnp_potential_length_in_angstrom(potential), &own);
    for (int i = 0; !status && i < structure->n_atoms; i++)
        size->n_neighbors += list.n_neighbors[i];
    if (!status)
        size->n_jacobian = nnp_stored_jacobian_count(groups, elements, &list);
    nnp_neighbor_list_free(&list);
    free(elements);
    return status == NNP_ERROR_MEMORY || size->n_jacobian < 0.0 ? no_memory(error)
                                                                : NNP_SUCCESS;
}

static enum nnp_status find(const struct nnp_potential *potential,
                            const struct nnp_function_groups *groups,
                            const struct nnp_structure *structure, bool with_derivatives,
                            struct nnp_structure_size *size, struct nnp_error *error)
{
    *size = (struct nnp_structure_size){.n_rows =
                                            nnp_descriptor_layout_count(potential, structure)};
    if (size->n_rows < 0.0)
        return no_memory(error);
    if (!with_derivatives || (!structure->has_forces && !structure->has_stress))
        return NNP_SUCCESS;
    return count_neighbors(potential, groups, structure, size, error);
}

enum nnp_status nnp_structure_sizes_find(const struct nnp_parallel *parallel,
                                         const struct nnp_potential *potential, int n,
                                         const struct nnp_structure *const *structures,
                                         bool with_derivatives,
                                         struct nnp_structure_size *sizes,
                                         struct nnp_error *error)
{
    struct nnp_function_groups groups = {0};
    int *first = calloc((size_t)parallel->size + 1, sizeof *first);
    enum nnp_status status = NNP_SUCCESS;
    if (!first || !nnp_function_groups_init(&groups, potential))
        status = no_memory(error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status) {
        for (int r = 0; r <= parallel->size; r++)
            first[r] = (int)((long)n * r / parallel->size);
        for (int s = first[parallel->rank]; s < first[parallel->rank + 1] && !status; s++)
            status =
                find(potential, &groups, structures[s], with_derivatives, &sizes[s], error);
        nnp_parallel_gather(parallel, first, sizeof *sizes / sizeof(double), (double *)sizes);
    }
    nnp_function_groups_free(&groups);
    free(first);
    return status;
}
