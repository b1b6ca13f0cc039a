/* Principal components of the scaled symmetry functions of an element's atoms, and projections
 * onto them (nnp/potential.h). */
#ifndef NNP_PRINCIPAL_COMPONENTS_H
#define NNP_PRINCIPAL_COMPONENTS_H

#include "fit_set.h"
#include "nnp/potential.h"

/* Whitening divides by sqrt(max(variance, floor)), the floor being this part of the largest
 * variance: what varies less would be little but rounding and is amplified no further than
 * a thousand times as much as the first component. */
#define NNP_WHITENING_FLOOR 1e-6

/* Owns its arrays. */
struct nnp_principal_components {
    int n;
    double *mean;      /* [n], of the functions */
    double *variances; /* [n], not negative, descending */
    double *vectors;   /* [n][n], orthonormal rows, one for each component; the element of the
                          largest size of each is positive */
};

/* Collective; the same on all ranks, and the same bits on any number of ranks and threads.  Of
 * the functions of all atoms of an element in the set, scaled already; the covariance is their
 * mean over atoms.  On failure, which is the same on all ranks, *components is empty.  error
 * may not be NULL. */
enum nnp_status nnp_principal_components_find(struct nnp_principal_components *components,
                                              const struct nnp_fit_set *set, int element,
                                              struct nnp_error *error) NNP_MUST_CHECK;
void nnp_principal_components_free(struct nnp_principal_components *components);

/* The part of the sum of all variances that the first size components have; 1 where nothing
 * varies. */
double nnp_principal_components_part(const struct nnp_principal_components *components,
                                     int size);

/* The projection onto the first size components, scaled to the variance 1 where whiten is
 * set.  On failure *projection is empty. */
enum nnp_status
nnp_principal_components_project(const struct nnp_principal_components *components, int size,
                                 bool whiten, struct nnp_projection *projection,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
