/* The parameters that a stage trains. */
#ifndef NNP_FREEZE_H
#define NNP_FREEZE_H

#include "config.h"
#include "nnp/potential.h"

#include <stdbool.h>

/* Sets free, [n_parameters] of all networks of the model's first member, to the ascending
 * indices of those that nothing freezes, and returns their number.  known: [n_parameters], or
 * NULL for none. */
int nnp_freeze_find_free(const struct nnp_stage *stage, const struct nnp_potential *model,
                         const bool *known, int *free);

#endif
