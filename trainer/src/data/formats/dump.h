/* LAMMPS text dumps (dump custom, atom): one snapshot after another, each of
 *
 *   ITEM: UNITS            optional: metal, real or electron
 *   ITEM: TIME             optional, skipped
 *   ITEM: TIMESTEP         kept as step=..
 *   ITEM: NUMBER OF ATOMS
 *   ITEM: BOX BOUNDS       of an orthogonal, triclinic (xy xz yz) or general (abc origin) box
 *   ITEM: ATOMS ..         with x y z, or xu yu zu, xs ys zs, xsu ysu zsu; element or type; fx
 * fy fz and id, by which atoms are sorted, if they are there
 *
 * Elements are those of the input's types, else those of the column element.  A dump has no
 * energies.  A snapshot that the end of the file cuts off is left out, and so is one with
 * numbers that are not finite (of a run that blew up).  Units: those of the dump, else the
 * input's. Source: LAMMPS' documentation of the commands dump and dump_modify. */
#ifndef NNP_DUMP_H
#define NNP_DUMP_H

#include "format.h"

enum nnp_status nnp_dump_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                               struct nnp_error *error) NNP_MUST_CHECK;

#endif
