/* Between the files that make plans of the triplet kernels. */
#ifndef NNP_KERNELS_TRIPLETS_PLAN_H
#define NNP_KERNELS_TRIPLETS_PLAN_H

#include "kernels/triplets.h"

/* The functions that a plan is made for: those of a descriptor that are listed. */
struct nnp_triplet_functions {
    const struct nnp_symmetry *all;
    const int *listed;
    int n;
};

bool nnp_triplet_group_holds(const struct nnp_triplets_plan *plan,
                             const struct nnp_triplet_group *group,
                             const struct nnp_symmetry *f);

/* Appends a group's channels, angles, sums and terms to the plan. */
void nnp_triplets_add_terms(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                            const struct nnp_triplet_functions *functions);

#endif
