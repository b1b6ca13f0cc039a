/* A structure: atoms in a cell, with the reference results that are known for it. */
#ifndef NNP_STRUCTURE_H
#define NNP_STRUCTURE_H

#include "nnp/neighbor.h"
#include "scratch.h"

#include <stdbool.h>

/* What the squared residuals of a structure count in the loss. */
struct nnp_structure_weights {
    double energy, forces, stress; /* at least 0 */
};

/* Lengths in Angstrom, energies in eV.  Owns all pointers, but not arrays in a scratch. */
struct nnp_structure {
    int n_atoms;
    int *atomic_numbers; /* [n_atoms] */
    double *positions;   /* [n_atoms][3] */
    struct nnp_cell cell;
    bool has_energy, has_forces, has_stress;
    double energy;    /* of the whole structure */
    double *forces;   /* [n_atoms][3]; NULL unless has_forces */
    double stress[6]; /* xx yy zz xy xz yz, eV/Angstrom^3, positive = tension */
    bool is_weighted; /* else all weights are 1 */
    struct nnp_structure_weights weights;
    char *group;        /* kind of structure (config_type), NULL if not stated */
    char *info;         /* other key=value pairs of the comment line, verbatim; NULL if none */
    char *file;         /* where it was read, for messages */
    int line;           /* first line in file, from 1 */
    bool is_in_scratch; /* atomic_numbers, positions and forces belong to a scratch */
};

/* Zeroed arrays for n_atoms > 0 atoms in an empty structure; false where memory fails, then
 * what there is belongs to the structure all the same.  Sets n_atoms and has_forces. */
bool nnp_structure_allocate(struct nnp_structure *structure, int n_atoms, bool has_forces);

/* Moves the arrays of atoms to a scratch, which is to outlive the structure; on failure they
 * stay where they are. */
enum nnp_status nnp_structure_move(struct nnp_structure *structure, struct nnp_scratch *scratch,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* The weights, 1 where none are set. */
struct nnp_structure_weights nnp_structure_weights(const struct nnp_structure *structure);

/* Whether all numbers are finite. */
bool nnp_structure_is_finite(const struct nnp_structure *structure);

void nnp_structure_free(struct nnp_structure *structure);

#endif
