/* How long the structures of a set take, relative to one another, for an even division among
 * ranks. */
#ifndef NNP_STRUCTURE_COSTS_H
#define NNP_STRUCTURE_COSTS_H

#include "fit_set.h"

/* Collective.  Sets the costs of the set's structures, whose storage is chosen, to about what a
 * gradient takes, in multiplications; the same on all ranks, and on any number of them.  On
 * failure, which is that of this rank, costs are of no use. */
enum nnp_status nnp_structure_costs_find(struct nnp_fit_set *set,
                                         struct nnp_error *error) NNP_MUST_CHECK;

#endif
