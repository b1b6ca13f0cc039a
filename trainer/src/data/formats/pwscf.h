/* Quantum ESPRESSO's pw.x output: scf, relax, vc-relax and md; all steps that converged.
 *
 * Cell       "crystal axes: (cart. coord. in units of alat)" with "celldm(1)=" or else "lattice
 *            parameter (alat)"; CELL_PARAMETERS (alat= | bohr | angstrom) of later steps
 * Atoms      "site n. atom positions (alat units)"; ATOMIC_POSITIONS (alat | bohr | angstrom |
 *            crystal) of later steps.  Labels such as Fe1 or O_up are the elements Fe and O.
 * Energy     "!    total energy", Ry, printed where the electrons converged; "!!   total
 * energy" with exact exchange.  With a smearing it includes -TS, so that forces are its
 *            derivatives (pw.x prints apart "smearing contrib. (-TS)" and, in later versions,
 *            "internal energy E=F+TS").
 * Forces     "Forces acting on atoms", Ry/bohr; steps without them have an energy only
 * Stress     "total   stress  (Ry/bohr**3)": as P, its trace / 3, says, positive where the cell
 *            is compressed, that is minus the stress
 *
 * A step that has no converged energy, or whose forces or stress are cut off, is left out. */
#ifndef NNP_PWSCF_H
#define NNP_PWSCF_H

#include "format.h"

enum nnp_status nnp_pwscf_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                                struct nnp_error *error) NNP_MUST_CHECK;

#endif
