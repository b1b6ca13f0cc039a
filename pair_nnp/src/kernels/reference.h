/* Symmetry functions by direct sums over pairs and triplets: the specification of all kernels.
 */
#ifndef NNP_KERNELS_REFERENCE_H
#define NNP_KERNELS_REFERENCE_H

#include "environment.h"
#include "nnp/symmetry.h"

/* The value G.  Where dx is not NULL, weight dG/dr_j is added to dx, dy, dz [n] for every
 * neighbor j.  species_weights: [n_elements], for weighted functions.
 * scratch: [2 n]. */
double nnp_reference_evaluate(const struct nnp_symmetry *function,
                              const struct nnp_environment *environment,
                              const double *species_weights, double weight, double *dx,
                              double *dy, double *dz, double *scratch);

#endif
