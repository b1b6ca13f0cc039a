/* Extended XYZ (ASE's dialect): frames of `N`, a comment line of key=value pairs, N atom lines.
 *
 * Read: Lattice="ax ay az bx by bz cx cy cz", pbc="T T F", Properties=species:S:1:pos:R:3:...
 * (any order; columns for forces or force are taken, others skipped), energy (or free_energy
 * where there is no energy), stress="9 or 6 numbers" (ASE's sign, 6 in Voigt order xx yy zz yz
 * xz xy), virial="9 or 6 numbers" (stress = -virial/volume, where there is no stress),
 * config_type; others are kept verbatim. */
#ifndef NNP_EXTXYZ_H
#define NNP_EXTXYZ_H

#include "nnp/status.h"
#include "structure.h"
#include "text.h"

#include <stddef.h>

/* All frames of a text; name stands for the file in messages.  The caller frees the structures
 * and the array.  On failure *structures is NULL and *n_structures 0; the message names file
 * and line. */
enum nnp_status nnp_extxyz_parse(const char *name, const char *text, size_t length,
                                 struct nnp_structure **structures, int *n_structures,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* Appends one frame; numbers read back to the same bits.  atomic_energies: [n_atoms], or NULL.
 */
void nnp_extxyz_append(struct nnp_text *text, const struct nnp_structure *structure,
                       const double *atomic_energies);

#endif
