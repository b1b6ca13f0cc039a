/* What a configuration leaves to the shortest distances of the data: symmetry functions, and
 * radii of the repulsion. */
#ifndef NNP_CONFIG_AUTO_H
#define NNP_CONFIG_AUTO_H

#include "config.h"

/* Sets, where `radii: auto` is configured, the radii of the repulsion of each pair of elements:
 * outer is the shortest distance in the data, rounded down to 0.01 Angstrom, or that of all
 * pairs, where the data do not have the pair within the functions' cutoff; inner is half of it.
 * After nnp_config_complete_functions.  NNP_ERROR_INCONSISTENT: no pair is there at all. */
enum nnp_status nnp_config_complete_repulsion(struct nnp_config *config,
                                              const struct nnp_dataset *dataset,
                                              struct nnp_error *error) NNP_MUST_CHECK;

/* Adds, where `auto` is configured, to the functions of each central element, with r_c the
 * cutoff radius and d the shortest distance of the pair of elements in the data, n and m the
 * numbers of radial and angular functions:
 *
 *   radial   eta = (1 / r_c)^2, R = 0, and R_k = d + k D, eta = 1 / (2 D^2), D = (r_c - d) / n,
 *            k = 0 .. n - 1 (M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018))
 *   wide     eta_k = (1.8^k / r_c)^2, k = 0 .. m - 1, each with lambda = 1, -1 and
 *            zeta = 1, 2, 4
 *
 * for the elements that are found within r_c.  Functions that are listed already are not added
 * again.  Between elements that one initial potential covers, its functions are taken instead.
 * NNP_ERROR_INCONSISTENT: an element has no neighbor in any structure. */
enum nnp_status nnp_config_complete_functions(struct nnp_config *config,
                                              const struct nnp_dataset *dataset,
                                              struct nnp_error *error) NNP_MUST_CHECK;

#endif
