/* Structures own their arrays and strings. */
#include "structure.h"

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
