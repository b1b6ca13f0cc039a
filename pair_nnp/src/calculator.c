#include "nnp/calculator.h"

#include "nnp/evaluate.h"
#include "nnp/potential.h"

#include <stdlib.h>
#include <string.h>

struct nnp_calculator {
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
};

enum nnp_status nnp_calculator_create(struct nnp_calculator **calculator, const char *path,
                                      struct nnp_error *error)
{
    struct nnp_calculator *made = calloc(1, sizeof *made);
    *calculator = NULL;
    if (!made)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a calculator");
    enum nnp_status status = nnp_potential_read(&made->potential, path, error);
    if (!status)
        status = nnp_evaluator_create(&made->evaluator, made->potential, NULL, error);
    if (status)
        nnp_calculator_free(made);
    else
        *calculator = made;
    return status;
}

void nnp_calculator_free(struct nnp_calculator *calculator)
{
    if (!calculator)
        return;
    nnp_evaluator_free(calculator->evaluator);
    nnp_potential_free(calculator->potential);
    free(calculator);
}

int nnp_calculator_n_elements(const struct nnp_calculator *calculator)
{
    return calculator->potential->n_elements;
}

int nnp_calculator_atomic_number(const struct nnp_calculator *calculator, int k)
{
    const struct nnp_potential *potential = calculator->potential;
    return k >= 0 && k < potential->n_elements ? potential->elements[k].atomic_number : 0;
}

double nnp_calculator_cutoff(const struct nnp_calculator *calculator)
{
    return nnp_potential_cutoff(calculator->potential) *
           nnp_potential_length_in_angstrom(calculator->potential);
}

enum nnp_status nnp_calculator_compute(struct nnp_calculator *calculator, int n_atoms,
                                       const int *atomic_numbers, const double *positions,
                                       const double *cell, const int *periodic, double *energy,
                                       double *atomic_energies, double *forces, double *stress,
                                       long *n_extrapolations, struct nnp_error *error)
{
    struct nnp_cell box = {.periodic = {false, false, false}};
    struct nnp_structure_results results = {
        .atomic_energies = atomic_energies, .forces = forces, .stress = stress};
    for (int k = 0; periodic && k < 3; k++)
        box.periodic[k] = periodic[k] != 0;
    if (cell)
        memcpy(box.vectors, cell, sizeof box.vectors);
    else if (box.periodic[0] || box.periodic[1] || box.periodic[2])
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "a structure that is periodic needs a cell");
    const enum nnp_status status = nnp_evaluate_structure(
        calculator->evaluator, &box, n_atoms, atomic_numbers, positions, &results, error);
    if (status)
        return status;
    *energy = results.energy;
    if (n_extrapolations)
        *n_extrapolations = results.n_extrapolations;
    return NNP_SUCCESS;
}
