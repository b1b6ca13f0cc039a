/* Structures own their arrays and strings. */
#include "structure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool nnp_structure_allocate(struct nnp_structure *structure, int n_atoms, bool has_forces)
{
    size_t n = (size_t)n_atoms;
    structure->n_atoms = n_atoms;
    structure->has_forces = has_forces;
    structure->atomic_numbers = calloc(n, sizeof *structure->atomic_numbers);
    structure->positions = calloc(n, 3 * sizeof *structure->positions);
    if (has_forces)
        structure->forces = calloc(n, 3 * sizeof *structure->forces);
    return structure->atomic_numbers && structure->positions &&
           (structure->forces || !has_forces);
}

struct nnp_structure_weights nnp_structure_weights(const struct nnp_structure *structure)
{
    return structure->is_weighted ? structure->weights
                                  : (struct nnp_structure_weights){1.0, 1.0, 1.0};
}

static bool are_finite(const double *values, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (!isfinite(values[k]))
            return false;
    return true;
}

bool nnp_structure_is_finite(const struct nnp_structure *structure)
{
    size_t n = 3 * (size_t)structure->n_atoms;
    return are_finite(structure->positions, n) &&
           are_finite(&structure->cell.vectors[0][0], 9) &&
           (!structure->has_forces || are_finite(structure->forces, n)) &&
           are_finite(&structure->energy, 1) && are_finite(structure->stress, 6);
}

void nnp_structure_free(struct nnp_structure *structure)
{
    if (!structure)
        return;
    free(structure->atomic_numbers);
    free(structure->positions);
    free(structure->forces);
    free(structure->group);
    free(structure->info);
    free(structure->file);
    memset(structure, 0, sizeof *structure);
}
