/* How long the structures of a set take, relative to one another, for an even division among
 * ranks. */
#ifndef NNP_STRUCTURE_COSTS_H
#define NNP_STRUCTURE_COSTS_H

#include "fit_set.h"

/* Sets the costs of the set's structures, whose sizes and storage are known, to about what a
 * gradient takes, in multiplications. */
void nnp_structure_costs_set(struct nnp_fit_set *set);

#endif
