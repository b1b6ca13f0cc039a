/* VASP's OUTCAR: all ionic steps that are complete and converged.
 *
 * Cell         "direct lattice vectors" before the forces of a step, Angstrom
 * Atoms, forces  "POSITION ... TOTAL-FORCE (eV/Angst)"; positions have five decimals there, and
 *              eight in vasprun.xml, which is therefore the better source
 * Energy       "free  energy   TOTEN": the one of which the forces are derivatives, with the
 *              entropy of a smearing (VASP wiki, "OUTCAR", "Smearing technique")
 * Stress       "in kB" below "FORCE on cell =-STRESS", in the order XX YY ZZ XY YZ ZX.  As the
 *              heading says it is minus the stress: positive where the cell is compressed, as
 *              in "external pressure" = its trace / 3.  Without the kinetic part of molecular
 *              dynamics.
 * Elements     "TITEL" of each POTCAR, or else "VRHFIN"; numbers of atoms from "ions per type"
 *
 * A step is left out where the end of the file comes before its energy, or where the electronic
 * loop did not converge: by VASP 6's message, or NELM iterations without "EDIFF is reached".
 * Steps of a machine-learned force field, marked (ML), are no references and are passed over.
 */
#ifndef NNP_OUTCAR_H
#define NNP_OUTCAR_H

#include "format.h"

enum nnp_status nnp_outcar_parse(const struct nnp_format_input *input,
                                 struct nnp_frames *frames,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
