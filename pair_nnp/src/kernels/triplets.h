/* Narrow angular functions, and wide ones that moments do not serve, by sums over triplets.
 *
 * A plan sorts the functions of a central element into groups of one type, pair of elements,
 * cutoff function and r_shift.  With q(r) = (r - r_shift)^2, and without what carries jk for
 * wide functions, a triplet's share of every function of a group is
 *     F e_n p_a,  F = fc(r_j) fc(r_k) fc(r_jk),  e_n = exp(-eta_n Q),
 *     Q = q(r_j) + q(r_k) + q(r_jk),  p_a = 2 b^zeta,  b = (1 + lambda cos theta) / 2,
 * so that a group needs each e_n ("channel") and p_a ("angle") once. */
#ifndef NNP_KERNELS_TRIPLETS_H
#define NNP_KERNELS_TRIPLETS_H

#include "environment.h"
#include "nnp/potential.h"

#include <stdbool.h>

enum {
    NNP_TRIPLETS_TILE = 128, /* triplets that are worked on at a time */
    NNP_TRIPLETS_KEPT = 32   /* tiles that a forward pass keeps for the backward pass */
};

/* What the groups need of a neighbor. */
struct nnp_triplet_shell {
    struct nnp_cutoff cutoff;
    double r_shift;
};

/* One of a group's exponentials: exp(-eta Q) (first < 0), or the product of two before it
 * times 1 - defect Q, where their etas do not quite add up to its own. */
struct nnp_triplet_power {
    int first, second; /* counted from the group's first */
    double eta, defect;
    int channel; /* that it serves, counted from the group's first; -1: none */
};

struct nnp_triplet_channel {
    double eta;
    int begin, end; /* its terms */
};

/* By lambda; for one lambda integer zetas first, rising. */
struct nnp_triplet_angle {
    double lambda, zeta;
    int step; /* b^(zeta-1) is b^step times that of the angle before, or 1; -1: by log and exp
               */
};

struct nnp_triplet_term {
    int function, angle; /* the angle counted from the group's first */
    double slope;        /* dp_a/dcos = slope b^(zeta-1) */
};

struct nnp_triplet_group {
    bool narrow;
    int first, second; /* elements */
    int shell;
    int channel_begin, channel_end, angle_begin, angle_end, power_begin, power_end;
};

struct nnp_triplets_plan {
    int n_groups, n_shells, n_channels, n_angles, n_terms, n_powers;
    int most_channels, most_angles, most_powers; /* of a group */
    struct nnp_triplet_group *groups;
    struct nnp_triplet_shell *shells;
    struct nnp_triplet_channel *channels;
    struct nnp_triplet_angle *angles;
    struct nnp_triplet_term *terms; /* ordered by channel */
    struct nnp_triplet_power *powers;
};

/* Triplets of one j and those of the neighbors k .. k + SIMD_WIDTH - 1 whose bits are set. */
struct nnp_triplet_strip {
    int j, k;
    unsigned bits;
};

/* Up to NNP_TRIPLETS_TILE triplets of one group, one double of each per row. */
struct nnp_triplet_tile {
    int group, n, n_strips;
    double *c;                        /* cos theta */
    double *f;                        /* fc(r_j) fc(r_k) */
    double *fc;                       /* fc(r_jk) */
    double *slope;                    /* (dfc/dr_jk) / r_jk; holds r_jk^2 at first */
    double *shift;                    /* (r_jk - r_shift) / r_jk; q(r_j) + q(r_k) at first */
    double *e;                        /* [most_channels] rows */
    struct nnp_triplet_strip *strips; /* [NNP_TRIPLETS_TILE] */
};

/* Where the next tile begins. */
struct nnp_triplet_cursor {
    int group, j, k;
};

/* Per thread; zero-initialised, grows. */
struct nnp_triplets_work {
    int capacity; /* slots */
    size_t n_rows, n_fixed;
    double *storage;
    struct nnp_triplet_strip *strips;
    double *inverse;   /* [capacity] 1 / r */
    double *shells;    /* [n_shells][4][capacity]: fc, (dfc/dr) / r, q, (r - r_shift) / r */
    double *p, *below; /* [most_angles] rows: p_a and b^(zeta-1) of a tile */
    double *rows;      /* [5] rows: what the backward pass finds for a tile */
    double *powers;    /* [most_powers] rows */
    double *lanes;     /* [n_terms][NNP_LANES] sums by lane */
    int n_tiles;       /* of the last forward pass */
    struct nnp_triplet_cursor beyond; /* where the first tile begins that was not kept */
    struct nnp_triplet_tile tiles[NNP_TRIPLETS_KEPT];
};

/* A plan of those of the descriptor's functions that are listed. */
enum nnp_status nnp_triplets_plan_init(struct nnp_triplets_plan *plan,
                                       const struct nnp_descriptor *descriptor,
                                       const int *functions, int n_functions,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_triplets_plan_free(struct nnp_triplets_plan *plan);

/* The cheapest way that was found to the exponentials of n etas for Q <= q_max; returns how
 * many powers it takes, n <= most. powers and trial: [most]. */
int nnp_triplets_find_powers(const double *etas, int n, double q_max,
                             struct nnp_triplet_power *powers, struct nnp_triplet_power *trial,
                             int most);

/* Memory for neighborhoods of up to n_slots (a multiple of NNP_LANES) slots. */
enum nnp_status nnp_triplets_reserve(struct nnp_triplets_work *work,
                                     const struct nnp_triplets_plan *plan, int n_slots,
                                     struct nnp_error *error) NNP_MUST_CHECK;
/* Lays the work's arrays out for a plan that was reserved for. */
void nnp_triplets_attach(struct nnp_triplets_work *work, const struct nnp_triplets_plan *plan);
void nnp_triplets_work_free(struct nnp_triplets_work *work);

/* One instruction set's version of the passes.
 * forward sets g of the plan's functions; backward adds sum_k de_dg[k] dG_k/dr_j of these
 * functions to dx, dy, dz [n], after forward on the same environment. */
struct nnp_triplets_kernels {
    const char *name;
    void (*forward)(const struct nnp_triplets_plan *plan,
                    const struct nnp_environment *environment, struct nnp_triplets_work *work,
                    double *g);
    void (*backward)(const struct nnp_triplets_plan *plan,
                     const struct nnp_environment *environment, struct nnp_triplets_work *work,
                     const double *de_dg, double *dx, double *dy, double *dz);
};

/* As nnp_moments_kernels_select. */
const struct nnp_triplets_kernels *nnp_triplets_kernels_select(void);

#endif
