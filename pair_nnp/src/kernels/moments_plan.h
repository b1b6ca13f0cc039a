/* The parts of making a plan of the moment kernels. */
#ifndef NNP_KERNELS_MOMENTS_PLAN_H
#define NNP_KERNELS_MOMENTS_PLAN_H

#include "kernels/moments.h"

#include <stdbool.h>

enum { NNP_MOMENTS_MOST_POWERS = 4 }; /* per channel, factors included */

/* Whether an angular function is served by moments. */
bool nnp_moments_serve(const struct nnp_moments_plan *plan, const struct nnp_symmetry *f);

/* Cutoffs, shells, channels and powers of an otherwise empty plan with its arrays. */
enum nnp_status nnp_moments_find_channels(struct nnp_moments_plan *plan,
                                          const struct nnp_descriptor *descriptor,
                                          struct nnp_error *error) NNP_MUST_CHECK;
/* The channel of a function that has one. */
int nnp_moments_channel(const struct nnp_moments_plan *plan, const struct nnp_symmetry *f);

/* Fills in the plan's monomials up to its degree, and their p! a! b! c!. */
void nnp_moments_list_monomials(struct nnp_moments_plan *plan, double *multinomials);

#endif
