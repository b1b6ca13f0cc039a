/* Networks of principal components, for tests. */
#ifndef NNP_TEST_PROJECTED_H
#define NNP_TEST_PROJECTED_H

#include "fit_set.h"

/* Puts projections onto principal components of the set, which is scaled, in front of the
 * model's networks: of the first element all but the last n_left_out, whitened, of the others
 * all, not whitened. */
void project_inputs(struct nnp_potential *model, const struct nnp_fit_set *set, int n_left_out);

#endif
