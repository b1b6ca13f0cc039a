/* Test support: potentials in n2p2's format (input.nn, scaling.data, weights.ZZZ.data), so that
 * the library can be compared with results of n2p2. */
#ifndef N2P2_READ_H
#define N2P2_READ_H

#include "nnp/potential.h"

/* Radial (2), narrow (3) and wide (9) functions, all cutoff functions and scalings, networks of
 * the same shape for all elements, normalisation and reference energies.  The potential is in
 * Angstrom and eV.  On failure *potential is NULL. */
enum nnp_status n2p2_read(struct nnp_potential **potential, const char *folder,
                          struct nnp_error *error) NNP_MUST_CHECK;

#endif
