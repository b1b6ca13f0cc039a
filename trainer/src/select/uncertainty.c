/* What a potential does not know: the spread of its committee, and extrapolations. */
#include "choice.h"
#include "nnp/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum nnp_status evaluate(struct nnp_evaluator *evaluator,
                                const struct nnp_structure *structure, double *forces,
                                long *n_extrapolations, struct nnp_error *error)
{
    struct nnp_structure_results results = {.forces = forces};
    struct nnp_error inner;
    enum nnp_status status = nnp_evaluate_structure(
        evaluator, &structure->cell, structure->n_atoms, structure->atomic_numbers,
        structure->positions, &results, &inner);
    *n_extrapolations = results.n_extrapolations;
    return status ? nnp_error_set(error, status, "%s:%d: %.800s", structure->file,
                                  structure->line, inner.message)
                  : NNP_SUCCESS;
}

/* forces: [n_members][n_atoms][3] */
static double largest_spread(int n_members, int n_atoms, const double *forces)
{
    size_t stride = 3 * (size_t)n_atoms;
    double largest = 0.0;
    for (size_t i = 0; i < (size_t)n_atoms; i++) {
        double squares = 0.0;
        for (size_t x = 3 * i; x < 3 * i + 3; x++) {
            double mean = 0.0;
            for (int m = 0; m < n_members; m++)
                mean += forces[(size_t)m * stride + x] / n_members;
            for (int m = 0; m < n_members; m++)
                squares += pow(forces[(size_t)m * stride + x] - mean, 2) / n_members;
        }
        largest = fmax(largest, sqrt(squares));
    }
    return largest;
}

static enum nnp_status structure_spread(int n_members, struct nnp_evaluator *const *evaluators,
                                        const struct nnp_structure *structure, double *spread,
                                        struct nnp_error *error)
{
    size_t stride = 3 * (size_t)structure->n_atoms;
    double *forces = calloc((size_t)n_members, (stride + 1) * sizeof *forces);
    enum nnp_status status = NNP_SUCCESS;
    long n_extrapolations;
    if (!forces)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms",
                             structure->n_atoms);
    for (int m = 0; m < n_members && !status; m++)
        status = evaluate(evaluators[m], structure, forces + (size_t)m * stride,
                          &n_extrapolations, error);
    if (!status)
        *spread = largest_spread(n_members, structure->n_atoms, forces);
    free(forces);
    return status;
}

enum nnp_status nnp_committee_spread(const struct nnp_potential *potential, int n_structures,
                                     const struct nnp_structure *const *structures,
                                     double *spread, struct nnp_error *error)
{
    int n = potential->n_members;
    enum nnp_status status = NNP_SUCCESS;
    if (n < 2)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "the potential has one member, and a spread needs a committee of "
                             "two at least");
    /* Each member as a potential of its own, which borrows all but the count. */
    struct nnp_potential *members = calloc((size_t)n, sizeof *members);
    struct nnp_evaluator **evaluators = calloc((size_t)n, sizeof *evaluators);
    if (!members || !evaluators)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d members", n);
    for (int m = 0; m < n && !status; m++) {
        members[m] = *potential;
        members[m].n_members = 1;
        members[m].networks = potential->networks + (size_t)m * (size_t)potential->n_elements;
        status = nnp_evaluator_create(&evaluators[m], &members[m], NULL, error);
    }
    for (int s = 0; s < n_structures && !status; s++)
        status = structure_spread(n, evaluators, structures[s], &spread[s], error);
    for (int m = 0; evaluators && m < n; m++)
        nnp_evaluator_free(evaluators[m]);
    free(evaluators);
    free(members);
    return status;
}

enum nnp_status nnp_count_extrapolations(const struct nnp_potential *potential,
                                         int n_structures,
                                         const struct nnp_structure *const *structures,
                                         double *counts, struct nnp_error *error)
{
    struct nnp_evaluator *evaluator;
    enum nnp_status status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    for (int s = 0; s < n_structures && !status; s++) {
        long n_extrapolations = 0;
        status = evaluate(evaluator, structures[s], NULL, &n_extrapolations, error);
        counts[s] = (double)n_extrapolations;
    }
    nnp_evaluator_free(evaluator);
    return status;
}
