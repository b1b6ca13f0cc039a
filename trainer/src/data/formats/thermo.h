/* Energies of the steps of a LAMMPS run, from its log or another table of columns. */
#ifndef NNP_THERMO_H
#define NNP_THERMO_H

#include "format.h"

/* Zero-initialised; owns. */
struct nnp_thermo {
    int n;
    struct nnp_thermo_step {
        long long step;
        int row; /* in the text */
        double energy;
    } * steps; /* [n], ascending; of a step that is there more than once the last energy */
};

/* Reads tables of a text: a line with the words Step (or TimeStep) and PotEng (or pe, c_pe,
 * v_pe, energy), after which each line of as many numbers is a row.  energy_unit: in eV.
 * NNP_ERROR_SYNTAX: no such table.  On failure *thermo is empty. */
enum nnp_status nnp_thermo_parse(struct nnp_thermo *thermo, const char *name, const char *text,
                                 size_t length, double energy_unit,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_thermo_free(struct nnp_thermo *thermo);

/* Gives those structures an energy that have none and a step=.. that the table has; returns how
 * many. */
int nnp_thermo_apply(const struct nnp_thermo *thermo, int n_structures,
                     struct nnp_structure *structures);

#endif
