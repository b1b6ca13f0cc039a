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
    double *member_de_dr; /* room for [n_members][3][member_capacity] */
};

/* What one center adds to the results, in the potential's units.  The arrays are borrowed from
 * the workspace that it was evaluated in, or are a copy. */
struct nnp_center {
    int atom, element;
    int n_extrapolations;
    double energy, energy_spread;
    double total[3], virial[6];    /* sum_j dE_i/dr_j and sum_j r_ij (x) dE_i/dr_j */
    int n_segments;                /* of the environment, one per element, begin to end - 1 */
    const int *begin, *end;        /* [n_segments] */
    int n;                         /* slots of the environment */
    const int *atoms;              /* [n], negative: a pad */
    const double *r[3], *de_dr[3]; /* [n], r_j - r_i and dE_i/dr_j */
    const double *member_energies; /* [n_members] */
    const double *member_de_dr; /* [n_members][3][n], only where members' forces are wanted */
};

/* Copies of centers that wait for their turn, of one thread. */
enum { NNP_MOST_WAITING = 64 };
struct nnp_waiting {
    struct nnp_center center;
    size_t capacity;
    double *values;
};

struct nnp_evaluator {
    const struct nnp_potential *potential;
    const struct nnp_moments_kernels *moments; /* NULL: the reference kernels */
    const struct nnp_triplets_kernels *triplets;
    const struct nnp_dense_kernels *networks;
    struct nnp_prepared *prepared;         /* [n_elements] */
    struct nnp_dense *dense;               /* [n_members][n_elements] */
    double *charges;                       /* [n_elements], atomic numbers */
    struct nnp_repulsion_curve *repulsion; /* [n_elements][n_elements], NULL: none */
    double r_min;                          /* atoms must not be closer */
    int n_threads;
    struct nnp_workspace *work;  /* [n_threads] */
    struct nnp_waiting *waiting; /* [n_threads][NNP_MOST_WAITING], NULL with one thread */
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

/* dx, dy, dz = dG/dr_j of one function, after nnp_center_values; work->de_dg is lost. */
void nnp_center_function_gradient(const struct nnp_evaluator *evaluator,
                                  struct nnp_workspace *work, int element, int function);

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

/* Sets the sums of a center and points it to what the workspace has of it. */
void nnp_center_sum(struct nnp_center *center, const struct nnp_workspace *work);

/* Everything of center->atom, of center->element; the arrays are the workspace's. */
enum nnp_status nnp_center_evaluate(const struct nnp_evaluator *evaluator,
                                    struct nnp_workspace *work, const struct nnp_atoms *atoms,
                                    bool with_members, struct nnp_center *center,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Adds a center to the results. */
void nnp_center_tally(const struct nnp_center *center, int n_members,
                      const struct nnp_atoms *atoms, struct nnp_results *results);

/* Center k of the list, not evaluated; element < 0: none. */
struct nnp_center nnp_center_of(const struct nnp_atoms *atoms, int k);

/* nnp_evaluate by n_threads > 1; sums start from what they are. */
enum nnp_status nnp_evaluate_by_threads(const struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms,
                                        struct nnp_results *results,
                                        struct nnp_error *error) NNP_MUST_CHECK;

#endif
