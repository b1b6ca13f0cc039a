/* What an evaluator holds, and the steps of evaluating one center:
 *
 *   gather -> symmetry functions G -> energy, dE/dG -> dE/dr_j -> the caller's arrays
 *
 * The evaluator is constant during an evaluation; all that a step writes is in a workspace. */
#ifndef NNP_EVALUATOR_H
#define NNP_EVALUATOR_H

#include "nnp/evaluate.h"

#include "environment.h"
#include "kernels/dense.h"
#include "kernels/moments.h"
#include "kernels/reference.h"
#include "kernels/triplets.h"

/* What is prepared for one central element; arrays are [n_functions]. */
struct nnp_prepared {
    double r_cut;
    struct nnp_moments_plan moments;
    struct nnp_triplets_plan triplets; /* of what moments leave */
    int n_others;
    int *others;                     /* [n_others], functions for the reference kernels */
    double *factor, *offset, *shift; /* x = factor (G - offset) + shift */
    double *lowest, *highest;        /* range in training */
};

/* Of one thread, for one center at a time. */
struct nnp_workspace {
    struct nnp_environment environment;
    struct nnp_moments_work moments;
    struct nnp_triplets_work triplets;
    double *g, *de_dg;       /* [most functions] */
    int most_inputs;         /* of any network, a multiple of NNP_LANES */
    double *x, *de_dx;       /* [most inputs] */
    double *member_energies; /* [n_members] */
    double *member_de_dx;    /* [n_members][most inputs] */
    double *scratch;         /* of the networks */
    int neighbor_capacity;
    double *neighbor_storage;
    double *dx, *dy, *dz; /* [neighbor_capacity] each, one after the other, dE/dr_j */
    double *pair_scratch; /* [2 neighbor_capacity] */
    double *vx, *vy, *vz; /* [neighbor_capacity], displacements */
    int member_capacity;
    double *member_gradients; /* [n_members][3][member_capacity], dE_m/dr_j */
};

struct nnp_evaluator {
    const struct nnp_potential *potential;
    const struct nnp_moments_kernels *moments; /* NULL: the reference kernels */
    const struct nnp_triplets_kernels *triplets;
    const struct nnp_dense_kernels *networks;
    struct nnp_prepared *prepared; /* [n_elements] */
    struct nnp_dense *dense;       /* [n_members][n_elements] */
    double *charges;               /* [n_elements], atomic numbers */
    struct nnp_zbl *repulsion;     /* [n_elements][n_elements], NULL: none */
    double r_min;                  /* atoms must not be closer */
    int n_threads;
    struct nnp_workspace *work; /* [n_threads] */
};

/* What one center adds to the results, in the potential's units; the gradients are in the
 * workspace. */
struct nnp_center {
    int atom, element;
    int n_extrapolations;
    double energy, energy_spread;
};

/* A zero-initialised workspace for a potential; free it after a failure, too. */
enum nnp_status nnp_workspace_init(struct nnp_workspace *work,
                                   const struct nnp_potential *potential,
                                   struct nnp_error *error) NNP_MUST_CHECK;
void nnp_workspace_free(struct nnp_workspace *work);

/* Fills the environment of a center of the element, and makes room for what follows. */
enum nnp_status nnp_center_gather(const struct nnp_evaluator *evaluator,
                                  struct nnp_workspace *work, const struct nnp_atoms *atoms,
                                  int center, int element,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* work->g from the environment. */
void nnp_center_values(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                       int element);

/* dx, dy, dz = sum_k de_dg[k] dG_k/dr_j, after nnp_center_values, which may be followed by
 * several of these. */
void nnp_center_gradient(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                         int element);

/* t[k] = sum_j dG_k/dr_j . (vx, vy, vz)_j of all functions, after nnp_center_values; overwrites
 * dx, dy and dz. */
void nnp_center_directional(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element, double *t);

/* Sets energy, energy_spread and n_extrapolations of a center from work->g, with the
 * derivatives with respect to the networks' inputs. */
void nnp_center_energy(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                       struct nnp_center *center);

/* work->de_dg of a committee member, or of the mean for member = -1. */
void nnp_center_de_dg(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                      int element, int member);

/* Adds the center's half of the repulsion to dx, dy, dz and returns its energy. */
double nnp_center_repulsion(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element);

/* Adds a center to the results, after everything above; member_gradients
 * only where results->member_forces is wanted. */
void nnp_tally_center(const struct nnp_evaluator *evaluator, const struct nnp_workspace *work,
                      const struct nnp_atoms *atoms, const struct nnp_center *center,
                      struct nnp_results *results);

#endif
