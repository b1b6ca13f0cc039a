/* Choice among structures. */
#ifndef NNP_CHOICE_H
#define NNP_CHOICE_H

#include "nnp/potential.h"
#include "nnp/status.h"
#include "structure.h"

#include <stdbool.h>

/* Farthest points: each is the one whose distance from the nearest point held or chosen before
 * is largest (T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985)); the first one, where nothing
 * is held, is drawn by the seed.  points: [n][n_columns]; is_held: [n], may not be chosen;
 * order: [n], set to 1, 2, .. for the chosen and 0 for others.  Returns the number chosen:
 * n_wanted, or fewer where no more points differ from those before. */
int nnp_choose_farthest(int n, int n_columns, const double *points, const bool *is_held,
                        int n_wanted, unsigned long seed, int *order);

/* The n_wanted largest values above 0, of equal ones the first; as above. */
int nnp_choose_largest(int n, const double *values, const bool *is_held, int n_wanted,
                       int *order);

/* Of each structure the largest spread of the force on one of its atoms over the committee,
 * sqrt(mean_m |F_m - <F>|^2), eV/Angstrom; spread: [n_structures], set.
 * NNP_ERROR_INCONSISTENT: the potential has one member only. */
enum nnp_status nnp_committee_spread(const struct nnp_potential *potential, int n_structures,
                                     const struct nnp_structure *const *structures,
                                     double *spread, struct nnp_error *error) NNP_MUST_CHECK;

/* Symmetry functions of each structure outside of their range in training; counts:
 * [n_structures], set. */
enum nnp_status nnp_count_extrapolations(const struct nnp_potential *potential,
                                         int n_structures,
                                         const struct nnp_structure *const *structures,
                                         double *counts,
                                         struct nnp_error *error) NNP_MUST_CHECK;

#endif
