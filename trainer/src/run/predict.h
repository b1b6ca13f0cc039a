/* A potential applied to structures, and compared with their references. */
#ifndef NNP_PREDICT_H
#define NNP_PREDICT_H

#include "accuracy.h"
#include "fit_set.h"
#include "nnp/evaluate.h"
#include "structure.h"

/* Energy, forces and stress take the places of the references in *predicted, a copy of
 * structure that the caller frees; atomic_energies: [n_atoms], the caller frees.  residual and
 * n_extrapolations: set.  Messages name the structure's file and line. */
enum nnp_status nnp_predict(struct nnp_evaluator *evaluator,
                            const struct nnp_structure *structure,
                            struct nnp_structure *predicted, double **atomic_energies,
                            struct nnp_residual *residual, long *n_extrapolations,
                            struct nnp_error *error) NNP_MUST_CHECK;

/* Collective.  Residuals of all structures: [n_structures], set on all ranks. */
enum nnp_status nnp_predict_residuals(const struct nnp_parallel *parallel,
                                      const struct nnp_potential *potential, int n_structures,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_residual *residuals,
                                      struct nnp_error *error) NNP_MUST_CHECK;

#endif
