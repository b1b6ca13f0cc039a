/* What a potential does not know: the spread of its committee, and extrapolations. */
#include "choice.h"
#include "nnp/evaluate.h"

#include <math.h>
#include <stdlib.h>

static enum nnp_status evaluate(struct nnp_evaluator *evaluator,
                                const struct nnp_structure *structure,
                                struct nnp_structure_results *results, struct nnp_error *error)
{
    struct nnp_error inner;
    enum nnp_status status = nnp_evaluate_structure(
        evaluator, &structure->cell, structure->n_atoms, structure->atomic_numbers,
        structure->positions, results, &inner);
    return status ? nnp_error_set(error, status, "%s:%d: %.800s", structure->file,
                                  structure->line, inner.message)
                  : NNP_SUCCESS;
}

/* The largest of the atoms' spreads. */
static enum nnp_status structure_spread(struct nnp_evaluator *evaluator,
                                        const struct nnp_structure *structure, double *spread,
                                        struct nnp_error *error)
{
    struct nnp_structure_results results = {
        .force_spreads = calloc((size_t)structure->n_atoms + 1, sizeof(double))};
    if (!results.force_spreads)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms",
                             structure->n_atoms);
    enum nnp_status status = evaluate(evaluator, structure, &results, error);
    *spread = 0.0;
    for (int i = 0; i < structure->n_atoms && !status; i++)
        *spread = fmax(*spread, results.force_spreads[i]);
    free(results.force_spreads);
    return status;
}

enum nnp_status nnp_committee_spread(const struct nnp_potential *potential, int n_structures,
                                     const struct nnp_structure *const *structures,
                                     double *spread, struct nnp_error *error)
{
    struct nnp_evaluator *evaluator;
    if (potential->n_members < 2)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "the potential has one member, and a spread needs a committee of "
                             "two at least");
    enum nnp_status status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    for (int s = 0; s < n_structures && !status; s++)
        status = structure_spread(evaluator, structures[s], &spread[s], error);
    nnp_evaluator_free(evaluator);
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
        struct nnp_structure_results results = {0};
        status = evaluate(evaluator, structures[s], &results, error);
        counts[s] = (double)results.n_extrapolations;
    }
    nnp_evaluator_free(evaluator);
    return status;
}
