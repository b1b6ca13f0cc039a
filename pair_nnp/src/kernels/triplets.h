/* Narrow angular functions, and wide ones that moments do not serve, by sums over triplets.
 *
 * A plan sorts the functions of a central element into groups of one type, pair of elements,
 * cutoff function and r_shift.  With q(r) = (r - r_shift)^2, and without what carries jk for
 * wide functions, a triplet's share of every function of a group is
 *     2 F e_n b^zeta,  F = fc(r_j) fc(r_k) fc(r_jk),  e_n = exp(-eta_n Q),
 *     Q = q(r_j) + q(r_k) + q(r_jk),  b = (1 + lambda cos theta) / 2.
 * Functions of one eta ("channel") are combinations of sums over triplets of F e_n times
 * "columns": powers of cos theta up to a degree, which serve all small integer zetas of both
 * lambdas, and powers of b for the others ("angles"). */
#ifndef NNP_KERNELS_TRIPLETS_H
#define NNP_KERNELS_TRIPLETS_H

#include "environment.h"
#include "kernels/powers.h"
#include "nnp/potential.h"

#include <stdbool.h>

enum {
    NNP_TRIPLETS_TILE = 192,                  /* triplets that are worked on at a time */
    NNP_TRIPLETS_ROW = NNP_TRIPLETS_TILE + 8, /* between rows: no multiple of a page */
    NNP_TRIPLETS_KEPT = 32, /* tiles that a forward pass keeps for those after it */
    NNP_TRIPLETS_DEGREE = 4 /* largest zeta that is expanded in powers of cos theta */
};

/* What the groups need of a neighbor. */
struct nnp_triplet_shell {
    struct nnp_cutoff cutoff;
    double r_shift;
};

struct nnp_triplet_channel {
    double eta;
    int degree;     /* of the polynomial in cos theta; -1: none */
    int begin, end; /* its sums, one per column */
    int alike;      /* channels of the same columns from this one on */
};

/* A column b^zeta; by lambda, for one lambda integer zetas first, rising. */
struct nnp_triplet_angle {
    double lambda, zeta;
    int step; /* b^zeta is b^step times that of the angle before, or 1; -1: by log and exp */
};

/* G[function] = sum_k coefficients[k] sums[sum + k]. */
struct nnp_triplet_term {
    int function, sum, n;
    double coefficients[NNP_TRIPLETS_DEGREE + 1];
};

struct nnp_triplet_group {
    bool narrow;
    int first, second; /* elements */
    int shell, degree; /* the largest of its channels */
    int channel_begin, channel_end, angle_begin, angle_end, power_begin, power_end;
};

struct nnp_triplets_plan {
    int n_groups, n_shells, n_channels, n_angles, n_terms, n_powers, n_sums;
    int most_channels, most_angles, most_powers; /* of a group */
    struct nnp_triplet_group *groups;
    struct nnp_triplet_shell *shells;
    struct nnp_triplet_channel *channels;
    struct nnp_triplet_angle *angles;
    struct nnp_triplet_term *terms;
    struct nnp_power *powers; /* of a group counted from its first */
    int *columns; /* [n_sums]: cos^n theta is n, the group's angles come behind cos^DEGREE */
};

/* Triplets of one j and those of the neighbors k .. k + SIMD_WIDTH - 1 whose bits are set. */
struct nnp_triplet_strip {
    int j, k;
    unsigned bits;
};

/* Up to NNP_TRIPLETS_TILE triplets of one group, one double of each per row; in the mixed
 * kernels floats, and twice as many. */
struct nnp_triplet_tile {
    int group, n, n_strips;
    double *c;                        /* cos theta */
    double *f;                        /* F */
    double *slope;                    /* F times fc'(r_jk) / (r_jk fc(r_jk)) */
    double *inverse;                  /* 1 / (r_j r_k) */
    double *shift;                    /* (r_jk - r_shift) / r_jk, where r_shift is not 0 */
    double *e;                        /* [most_channels] rows */
    struct nnp_triplet_strip *strips; /* [NNP_TRIPLETS_TILE + 1] */
};

/* Where the next tile begins. */
struct nnp_triplet_cursor {
    int group, j, k;
};

/* Per thread; zero-initialised, grows.  In the mixed kernels all but lanes and sums hold
 * floats, in no more memory. */
struct nnp_triplets_work {
    int capacity; /* slots */
    size_t n_rows, n_fixed;
    double *storage;
    struct nnp_triplet_strip *strips;
    double *inverse;     /* [capacity] 1 / r */
    double *radial;      /* [capacity] sums of a pass: dE/dr_j is radial r_j and a remainder */
    double *centers;     /* [capacity][8] sums over the triplets of a j */
    double *shells;      /* [n_shells][4][capacity]: fc, fc' / (r fc), q, (r - r_shift) / r */
    double *columns;     /* [DEGREE + 1 + most_angles] rows of a tile, by column */
    double *derivatives; /* as columns: d/dcos theta */
    double *copies;      /* [7][capacity] of the mixed kernels: positions, r, forces */
    double *squares;     /* [NNP_TRIPLETS_TILE + 1][NNP_LANES] r_jk^2 of a tile's strips */
    double *rows;        /* [5] rows: what a pass finds for a tile */
    double *powers;      /* [most_powers] rows */
    double *lanes;       /* [n_sums][NNP_LANES] sums by lane */
    double *sums;        /* [n_sums], or dE/d of them */
    int n_tiles;         /* of the last forward pass */
    struct nnp_triplet_cursor beyond; /* where the first tile begins that was not kept */
    struct nnp_triplet_tile tiles[NNP_TRIPLETS_KEPT];
};

/* A plan of those of the descriptor's functions that are listed. */
enum nnp_status nnp_triplets_plan_init(struct nnp_triplets_plan *plan,
                                       const struct nnp_descriptor *descriptor,
                                       const int *functions, int n_functions,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_triplets_plan_free(struct nnp_triplets_plan *plan);

/* Memory for neighborhoods of up to n_slots (a multiple of NNP_LANES) slots. */
enum nnp_status nnp_triplets_reserve(struct nnp_triplets_work *work,
                                     const struct nnp_triplets_plan *plan, int n_slots,
                                     struct nnp_error *error) NNP_MUST_CHECK;
/* Lays the work's arrays out for a plan that was reserved for. */
void nnp_triplets_attach(struct nnp_triplets_work *work, const struct nnp_triplets_plan *plan);
void nnp_triplets_work_free(struct nnp_triplets_work *work);

/* One instruction set's version of the passes, over arrays of as many slots as the environment
 * has (n, a multiple of NNP_LANES).  forward sets g of the plan's functions (others are left
 * alone); the others work after forward on the same environment: backward adds
 * sum_k de_dg[k] dG_k/dr_j of these functions to dx, dy, dz; directional sets t of these
 * functions to sum_j dG_k/dr_j . (vx, vy, vz)_j. */
struct nnp_triplets_kernels {
    const char *name;
    void (*forward)(const struct nnp_triplets_plan *plan,
                    const struct nnp_environment *environment, struct nnp_triplets_work *work,
                    double *g);
    void (*backward)(const struct nnp_triplets_plan *plan,
                     const struct nnp_environment *environment, struct nnp_triplets_work *work,
                     const double *de_dg, double *dx, double *dy, double *dz);
    void (*directional)(const struct nnp_triplets_plan *plan,
                        const struct nnp_environment *environment,
                        struct nnp_triplets_work *work, const double *vx, const double *vy,
                        const double *vz, double *t);
};

/* As nnp_moments_kernels_select. */
const struct nnp_triplets_kernels *nnp_triplets_kernels_select(enum nnp_precision precision);

#endif
