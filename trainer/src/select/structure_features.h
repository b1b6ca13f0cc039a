/* Structures as points of a space, made of their symmetry functions. */
#ifndef NNP_STRUCTURE_FEATURES_H
#define NNP_STRUCTURE_FEATURES_H

#include "nnp/potential.h"
#include "nnp/status.h"
#include "structure.h"

enum nnp_features_kind {
    NNP_FEATURES_ATOMS, /* scaled functions of all atoms side by side; of one kind only */
    NNP_FEATURES_MEAN   /* per element mean and standard deviation over its atoms of each scaled
                           function, and its part of the atoms */
};

/* Zero-initialised; owns values. */
struct nnp_features {
    int n_rows, n_columns;
    double *values; /* [n_rows][n_columns] */
};

/* Whether all structures have the same elements in the same order. */
bool nnp_features_one_kind(int n_structures, const struct nnp_structure *const *structures);

/* A row for each structure, with the functions and scaling of the potential. NNP_ERROR_ELEMENT,
 * NNP_ERROR_GEOMETRY: a structure that cannot be evaluated; the message names file and line.
 * NNP_ERROR_INCONSISTENT: structures of several kinds side by side.  On failure *features is
 * empty. */
enum nnp_status nnp_features_create(struct nnp_features *features,
                                    const struct nnp_potential *potential, int n_structures,
                                    const struct nnp_structure *const *structures,
                                    enum nnp_features_kind kind,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_features_free(struct nnp_features *features);

/* Principal components: scores [n_rows][n_components] of the rows less their mean, by falling
 * variance, which variances [n_components] gets; components beyond the rank are zero.  Of each
 * the score of largest size is positive. */
enum nnp_status nnp_features_components(const struct nnp_features *features, int n_components,
                                        double *scores, double *variances,
                                        struct nnp_error *error) NNP_MUST_CHECK;

#endif
