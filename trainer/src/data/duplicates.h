/* Structures that are the same: cell, elements and positions agree to a tolerance, whatever the
 * order of the atoms, their periodic images and a shift of all atoms. */
#ifndef NNP_DUPLICATES_H
#define NNP_DUPLICATES_H

#include "dataset.h"

/* same_as [n_structures] is set: the first structure that this one is the same as, or -1.
 * tolerance > 0: of each position and of the cell's vectors, Angstrom; equality is not
 * transitive.  Rotated copies are taken for different structures.  The cost is that of sorting,
 * whether few or many structures are the same. */
enum nnp_status nnp_duplicates_find(const struct nnp_dataset *dataset, double tolerance,
                                    int *same_as, struct nnp_error *error) NNP_MUST_CHECK;

/* How many have been found (n), the first of them, and of how many the other one is in the
 * other set.  is_test: [n_structures]. */
struct nnp_duplicates_count {
    int n, first, n_across;
};
struct nnp_duplicates_count nnp_duplicates_count(int n_structures, const int *same_as,
                                                 const bool *is_test);

#endif
