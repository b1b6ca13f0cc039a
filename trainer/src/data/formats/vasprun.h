/* VASP's vasprun.xml: all ionic steps that are complete and converged.
 *
 * Read from /modeling, where <varray>, <array> and <i> stand by their attribute name:
 *   atominfo/atoms/set/rc/c (the first of each rc)     elements
 *   parameters/.../NELM                                most electronic iterations
 *   calculation/scstep                                 electronic iterations of a step
 *   calculation/structure/crystal/basis/v              cell vectors, Angstrom
 *   calculation/structure/positions/v                  in units of the cell vectors
 *   calculation/forces/v                               eV/Angstrom
 *   calculation/stress/v                               kB; minus the stress as in OUTCAR
 *   calculation/energy/e_fr_energy                     eV; the one that forces are derivatives
 * of
 *
 * A step is left out where it lacks energy or forces, or where its electronic iterations are
 * NELM.  Where the text ends too early, the steps before are taken.  Steps of a machine-learned
 * force field stand outside of <calculation> and are passed over. */
#ifndef NNP_VASPRUN_H
#define NNP_VASPRUN_H

#include "format.h"

enum nnp_status nnp_vasprun_parse(const struct nnp_format_input *input,
                                  struct nnp_frames *frames,
                                  struct nnp_error *error) NNP_MUST_CHECK;

#endif
