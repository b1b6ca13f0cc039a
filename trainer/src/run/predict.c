/* Structures through the evaluator that simulations use, without anything of the training. */
#include "predict.h"

#include <stdlib.h>
#include <string.h>

/* A copy with room for forces, without references. */
static enum nnp_status copy_structure(struct nnp_structure *copy,
                                      const struct nnp_structure *from, struct nnp_error *error)
{
    size_t n_atoms = (size_t)from->n_atoms;
    *copy = *from;
    copy->is_in_scratch = false;
    copy->atomic_numbers = calloc(n_atoms + 1, sizeof *copy->atomic_numbers);
    copy->positions = calloc(3 * n_atoms + 1, sizeof *copy->positions);
    copy->forces = calloc(3 * n_atoms + 1, sizeof *copy->forces);
    copy->group = from->group ? strdup(from->group) : NULL;
    copy->info = from->info ? strdup(from->info) : NULL;
    copy->file = from->file ? strdup(from->file) : NULL;
    if (!copy->atomic_numbers || !copy->positions || !copy->forces ||
        (from->group && !copy->group) || (from->info && !copy->info) ||
        (from->file && !copy->file)) {
        nnp_structure_free(copy);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms", from->n_atoms);
    }
    memcpy(copy->atomic_numbers, from->atomic_numbers, n_atoms * sizeof *copy->atomic_numbers);
    memcpy(copy->positions, from->positions, 3 * n_atoms * sizeof *copy->positions);
    copy->has_energy = copy->has_forces = true;
    copy->has_stress = nnp_cell_volume(&from->cell) > 0.0;
    return NNP_SUCCESS;
}

static struct nnp_residual compare(const struct nnp_structure *reference,
                                   const struct nnp_structure *predicted)
{
    struct nnp_residual residual = {-1.0, -1.0, -1.0};
    double volume = nnp_cell_volume(&reference->cell);
    if (reference->has_energy) {
        double difference = predicted->energy - reference->energy;
        residual.energy = difference * difference;
    }
    if (reference->has_forces) {
        residual.forces = 0.0;
        for (size_t c = 0; c < 3 * (size_t)reference->n_atoms; c++) {
            double difference = predicted->forces[c] - reference->forces[c];
            residual.forces += difference * difference;
        }
    }
    if (reference->has_stress && volume > 0.0) {
        residual.virial = 0.0;
        for (int c = 0; c < 6; c++) {
            double difference = volume * (predicted->stress[c] - reference->stress[c]);
            residual.virial += difference * difference;
        }
    }
    return residual;
}

enum nnp_status nnp_predict(struct nnp_evaluator *evaluator,
                            const struct nnp_structure *structure,
                            struct nnp_structure *predicted, double **atomic_energies,
                            struct nnp_residual *residual, long *n_extrapolations,
                            struct nnp_error *error)
{
    enum nnp_status status = copy_structure(predicted, structure, error);
    if (status)
        return status;
    struct nnp_structure_results results = {.forces = predicted->forces,
                                            .stress = predicted->stress};
    struct nnp_error inner = {0};
    *atomic_energies = calloc((size_t)structure->n_atoms + 1, sizeof **atomic_energies);
    results.atomic_energies = *atomic_energies;
    if (!*atomic_energies)
        status = nnp_error_set(&inner, NNP_ERROR_MEMORY, "no memory for %d atoms",
                               structure->n_atoms);
    else
        status = nnp_evaluate_structure(evaluator, &structure->cell, structure->n_atoms,
                                        structure->atomic_numbers, structure->positions,
                                        &results, &inner);
    if (status) {
        free(*atomic_energies);
        *atomic_energies = NULL;
        nnp_structure_free(predicted);
        return nnp_error_set(error, status, "%s:%d: %.800s", structure->file, structure->line,
                             inner.message);
    }
    predicted->energy = results.energy;
    *residual = compare(structure, predicted);
    *n_extrapolations = results.n_extrapolations;
    return NNP_SUCCESS;
}

static enum nnp_status predict_range(const struct nnp_potential *potential, int first, int last,
                                     const struct nnp_structure *const *structures,
                                     struct nnp_residual *residuals, struct nnp_error *error)
{
    struct nnp_evaluator *evaluator;
    enum nnp_status status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    for (int s = first; s < last && !status; s++) {
        struct nnp_structure predicted;
        double *atomic_energies;
        long n_extrapolations;
        status = nnp_predict(evaluator, structures[s], &predicted, &atomic_energies,
                             &residuals[s], &n_extrapolations, error);
        if (!status) {
            free(atomic_energies);
            nnp_structure_free(&predicted);
        }
    }
    nnp_evaluator_free(evaluator);
    return status;
}

enum nnp_status nnp_predict_residuals(const struct nnp_parallel *parallel,
                                      const struct nnp_potential *potential, int n_structures,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_residual *residuals, struct nnp_error *error)
{
    enum nnp_status status;
    int *first = calloc((size_t)parallel->size + 1, sizeof *first);
    for (int r = 0; first && r <= parallel->size; r++)
        first[r] = (int)((long)n_structures * r / parallel->size);
    if (!first)
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d ranks", parallel->size);
    else
        status = predict_range(potential, first[parallel->rank], first[parallel->rank + 1],
                               structures, residuals, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && first)
        nnp_parallel_gather(parallel, first, sizeof *residuals / sizeof(double),
                            (double *)residuals);
    free(first);
    return status;
}
