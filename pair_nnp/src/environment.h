/* The neighborhood of one central atom, filtered to the cutoff and sorted by element. */
#ifndef NNP_ENVIRONMENT_H
#define NNP_ENVIRONMENT_H

#include "nnp/evaluate.h"

#include <stdint.h>

enum { NNP_LANES = 16 }; /* neighbors that kernels take at a time, at most */

struct nnp_environment;

/* One instruction set's version of passes over a neighborhood.
 * gather fills an environment that has room for it and returns the first slot whose distance is
 * below r_min or not finite, or -1; sum_gradient sets total = sum_j d_j and the xx, yy, zz, xy,
 * xz, yz components of virial = sum_j r_j (x) d_j, where d is 0 for pads. */
struct nnp_environment_kernels {
    int (*gather)(struct nnp_environment *environment, const struct nnp_atoms *atoms,
                  int center, double r_cut, double r_min);
    void (*sum_gradient)(const struct nnp_environment *environment, const double *dx,
                         const double *dy, const double *dz, double total[3], double virial[6]);
};

/* As nnp_moments_kernels_select. */
const struct nnp_environment_kernels *nnp_environment_kernels_select(void);

/* Slots begin[e] .. end[e] - 1 hold the neighbors of element e; begin is a multiple of the
 * padding, and the slots up to the next one hold pads: atoms -1, at a distance of r_cut, where
 * every function of the center vanishes.  Lengths in the potential's unit.  Zero-initialised,
 * grows, never shrinks. */
struct nnp_environment {
    int n; /* slots, with pads */
    int n_elements;
    int *begin, *end;  /* [n_elements] */
    int *atoms;        /* [n], index in the view */
    double *x, *y, *z; /* [n], r_j - r_i */
    double *r;         /* [n], distance */
    int capacity;      /* slots */
    struct {
        double *x, *y, *z;
        int64_t *atoms, *elements;
    } unsorted;      /* [capacity] each, of the gathering */
    int64_t *sorted; /* [capacity], atoms */
    void *storage;
    const struct nnp_environment_kernels *kernels; /* chosen with the first storage */
};

/* What messages call atom i of a view. */
long long nnp_atom_id(const struct nnp_atoms *atoms, int i);

/* NNP_ERROR_GEOMETRY: a neighbor closer than r_min; NNP_ERROR_NUMERIC: a position that
 * is not finite. */
enum nnp_status nnp_environment_gather(struct nnp_environment *environment,
                                       const struct nnp_atoms *atoms, int center,
                                       int n_elements, double r_cut, double r_min,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_environment_free(struct nnp_environment *environment);

#endif
