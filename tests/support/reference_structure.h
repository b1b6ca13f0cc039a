/* Test support: one structure with reference results, from an extended XYZ file with the
 * columns species, pos, forces, atomic_energy in this order. */
#ifndef REFERENCE_STRUCTURE_H
#define REFERENCE_STRUCTURE_H

#include "nnp/neighbor.h"

struct reference_structure {
    int n_atoms;
    int *atomic_numbers; /* [n_atoms] */
    double *positions;   /* [n_atoms][3], Angstrom */
    struct nnp_cell cell;
    double energy;           /* eV */
    double *forces;          /* [n_atoms][3], eV/Angstrom */
    double *atomic_energies; /* [n_atoms], eV */
    double stress[6];        /* xx yy zz xy xz yz, eV/Angstrom^3, positive = tension */
};

/* On failure *structure is empty. */
enum nnp_status reference_structure_read(struct reference_structure *structure,
                                         const char *path,
                                         struct nnp_error *error) NNP_MUST_CHECK;
void reference_structure_free(struct reference_structure *structure);

#endif
