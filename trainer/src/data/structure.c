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

static void free_atoms(struct nnp_structure *structure)
{
    if (structure->is_in_scratch)
        return;
    free(structure->atomic_numbers);
    free(structure->positions);
    free(structure->forces);
}

enum nnp_status nnp_structure_move(struct nnp_structure *structure, struct nnp_scratch *scratch,
                                   struct nnp_error *error)
{
    size_t n = (size_t)structure->n_atoms, n_vectors = structure->forces ? 2 : 1;
    size_t vectors_size = 3 * n * sizeof(double), numbers_size = n * sizeof(int);
    void *memory;
    if (structure->is_in_scratch)
        return NNP_SUCCESS;
    enum nnp_status status =
        nnp_scratch_take(scratch, n_vectors * vectors_size + numbers_size, &memory, error);
    if (status)
        return status;
    double *positions = memory, *forces = structure->forces ? positions + 3 * n : NULL;
    int *atomic_numbers = (int *)(positions + n_vectors * 3 * n);
    memcpy(positions, structure->positions, vectors_size);
    memcpy(atomic_numbers, structure->atomic_numbers, numbers_size);
    if (forces)
        memcpy(forces, structure->forces, vectors_size);
    free_atoms(structure);
    structure->positions = positions;
    structure->forces = forces;
    structure->atomic_numbers = atomic_numbers;
    structure->is_in_scratch = true;
    return NNP_SUCCESS;
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
    free_atoms(structure);
    free(structure->group);
    free(structure->info);
    free(structure->file);
    memset(structure, 0, sizeof *structure);
}
