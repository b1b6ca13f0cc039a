/* References less the repulsion of a potential, for networks that are fitted to the rest. */
#ifndef NNP_FIT_REPULSION_H
#define NNP_FIT_REPULSION_H

#include "nnp/potential.h"
#include "structure.h"

/* reduced: [n], copies of the structures that borrow all but forces (in the scratch; NULL: in
 * memory), whose energies, forces and stresses are less the potential's repulsion; the
 * potential is in eV and Angstrom. NNP_ERROR_GEOMETRY: atoms closer than 0.1 Angstrom.  On
 * failure *reduced is NULL. */
enum nnp_status nnp_repulsion_subtract(const struct nnp_potential *potential,
                                       struct nnp_scratch *scratch, int n,
                                       const struct nnp_structure *const *structures,
                                       struct nnp_structure **reduced,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_reduced_free(struct nnp_structure *reduced, int n); /* NULL is allowed */

#endif
