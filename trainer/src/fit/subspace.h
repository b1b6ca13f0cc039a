/* Some of n variables, the others of which stay as they are: what an optimiser sees of them. */
#ifndef NNP_SUBSPACE_H
#define NNP_SUBSPACE_H

#include "nnp/status.h"

struct nnp_subspace;

/* free: [n_free], ascending indices below n, copied; n_free >= 1.  Where all are free nothing
 * is copied later.  On failure *subspace is NULL. */
enum nnp_status nnp_subspace_create(struct nnp_subspace **subspace, int n, int n_free,
                                    const int *free, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_subspace_free(struct nnp_subspace *subspace); /* NULL is allowed */

/* The free ones of vector [n]; owned by the subspace until the next call, or the argument
 * itself. */
const double *nnp_subspace_vector(struct nnp_subspace *subspace, const double *vector);

/* Sets the free ones of vector [n] to reduced [n_free]. */
void nnp_subspace_set(const struct nnp_subspace *subspace, const double *reduced,
                      double *vector);

#endif
