/* Extended XYZ (ASE's dialect): frames of `N`, a comment line of key=value pairs, N atom lines.
 *
 * Read from the comment line, where values of several words stand in "..." (with \ before a
 * quote or backslash that belongs to them), '...', {...} or [...]:
 *   Lattice      "ax ay az bx by bz cx cy cz"; may be left-handed; without it: a cluster
 *   pbc          "T T F"; without it all directions of a Lattice are periodic
 *   Properties   species:S:1:pos:R:3:..., in any order; columns for forces (or force) are
 * taken, others skipped; without it species:S:1:pos:R:3 energy       or free_energy, where
 * there is no energy stress       9 numbers, or 6 in Voigt's order xx yy zz yz xz xy, with
 * ASE's sign; or virial, where there is no stress: stress = -virial / volume.  Pairs such as xy
 * and yx are averaged, and refused where they differ by more than 0.1 % of the largest
 *                component (and 1e-6 eV/Angstrom^3).  Taken for cells that are periodic in all
 *                directions only.
 *   config_type  the group
 * What is not taken is kept verbatim as info.  Numbers that are taken must be finite; NaN in
 * skipped columns and keys does no harm.  Blank lines between frames are skipped. */
#ifndef NNP_EXTXYZ_H
#define NNP_EXTXYZ_H

#include "frames.h"
#include "nnp/status.h"
#include "structure.h"
#include "text.h"

#include <stddef.h>

/* All frames of a text, at least one; name stands for the file in messages.  The caller frees
 * the structures and the array.  On failure *structures is NULL and *n_structures 0; the
 * message names file and line.  Memory is in proportion to the text. */
enum nnp_status nnp_extxyz_parse(const char *name, const char *text, size_t length,
                                 struct nnp_structure **structures, int *n_structures,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* The same into frames, which the caller frees, also on failure. */
enum nnp_status nnp_extxyz_parse_frames(const char *name, const char *text, size_t length,
                                        struct nnp_frames *frames,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* A column of numbers besides those of a structure, which reading skips. */
struct nnp_extxyz_column {
    const char *name;
    const double *values; /* [n_atoms] */
};

/* Appends one frame with further columns; numbers read back to the same bits. */
void nnp_extxyz_append_columns(struct nnp_text *text, const struct nnp_structure *structure,
                               int n_columns, const struct nnp_extxyz_column *columns);

/* Appends one frame; numbers read back to the same bits.  atomic_energies: [n_atoms], a column
 * that reading skips, or NULL. */
void nnp_extxyz_append(struct nnp_text *text, const struct nnp_structure *structure,
                       const double *atomic_energies);

#endif
