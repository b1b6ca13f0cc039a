/* What an evaluator holds, and the steps of evaluating one center:
 *
 *   gather -> symmetry functions G -> energy, dE/dG -> dE/dr_j -> the caller's arrays
 *
 * The evaluator is constant during an evaluation; all that a step writes is in a workspace. */
#ifndef NNP_EVALUATOR_H
#define NNP_EVALUATOR_H

#include "nnp/evaluate.h"

#include "environment.h"
#include "kernels/moments.h"
#include "kernels/reference.h"
#include "kernels/triplets.h"

/* What is prepared for one central element; arrays are [n_functions]. */
struct nnp_prepared {
    double r_cut;
    struct nnp_moments_plan moments;
    struct nnp_triplets_plan triplets; /* of what moments leave */
    double *factor, *offset, *shift;   /* x = factor (G - offset) + shift */
    double *lowest, *highest;          /* range in training */
};

/* Of one thread, for one center at a time. */
struct nnp_workspace {
    struct nnp_environment environment;
    struct nnp_moments_work moments;
    struct nnp_triplets_work triplets;
    double *g, *de_dg;    /* [most functions] */
    double *x, *de_dx;    /* [most inputs] */
    double *member_de_dx; /* [most inputs], of one committee member */
    double *scratch;      /* of the networks */
    int neighbor_capacity;
    double *neighbor_storage;
    double *dx, *dy, *dz; /* [neighbor_capacity], dE/dr_j */
    double *pair_scratch; /* [2 neighbor_capacity] */
    double *vx, *vy, *vz; /* [neighbor_capacity], displacements */
};

struct nnp_evaluator {
    const struct nnp_potential *potential;
    const struct nnp_moments_kernels *moments; /* NULL: the reference kernels */
    const struct nnp_triplets_kernels *triplets;
    struct nnp_prepared *prepared; /* [n_elements] */
    struct nnp_workspace work;
};

/* Fills the environment of a center of the element, and makes room for what follows. */
enum nnp_status nnp_center_gather(const struct nnp_evaluator *evaluator,
                                  struct nnp_workspace *work, const struct nnp_atoms *atoms,
                                  int center, int element,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* work->g from the environment. */
void nnp_center_values(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                       int element);

/* dx, dy, dz = sum_k de_dg[k] dG_k/dr_j, after nnp_center_values. */
void nnp_center_gradient(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                         int element);

/* t[k] = sum_j dG_k/dr_j . (vx, vy, vz)_j of all functions, after nnp_center_values; overwrites
 * de_dg, dx, dy and dz. */
void nnp_center_directional(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element, double *t);

/* Energy of a center from work->g, which sets work->de_dg; adds to *n_extrapolations the
 * functions that are outside of their range in training. */
double nnp_center_energy(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                         int element, long *n_extrapolations);

#endif
