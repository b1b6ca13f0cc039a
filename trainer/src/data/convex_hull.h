/* The lower convex hull of energies over compositions: the energy per atom that mixtures of known
 * phases reach, for any number of elements.
 *
 * For a composition x (fractions of the elements, of sum 1) and points with compositions x_i and
 * energies e_i per atom,
 *
 *   hull(x) = min sum_i f_i e_i   with   sum_i f_i x_i = x,  f_i >= 0,
 *
 * a linear programme with one equation for each element. */
#ifndef NNP_CONVEX_HULL_H
#define NNP_CONVEX_HULL_H

#include "nnp/status.h"

struct nnp_convex_hull;

/* compositions: [n_points][n_elements], numbers of atoms or other amounts >= 0, not all 0;
 * energies: [n_points] per atom; both are copied.  Of points with one composition the lowest is
 * kept.  On failure *hull is NULL. */
enum nnp_status nnp_convex_hull_create(struct nnp_convex_hull **hull, int n_elements,
                                       int n_points, const double *compositions,
                                       const double *energies,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_convex_hull_free(struct nnp_convex_hull *hull); /* NULL is allowed */

/* Energy per atom of the hull at a composition [n_elements], INFINITY where no mixture of the
 * points has it.  phases and fractions, [n_elements] or NULL: the points (indices as given to
 * nnp_convex_hull_create) that mix there, and their shares of the atoms; those that are not
 * needed have the phase -1.  Allocates nothing; one thread at a time. */
double nnp_convex_hull_energy(struct nnp_convex_hull *hull, const double *composition,
                              int *phases, double *fractions);

#endif
