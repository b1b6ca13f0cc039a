/* Radial and wide angular functions in O(neighbors), through moments of the neighbor density.
 *
 * A plan is what a descriptor's functions have in common: cutoff functions, radial weights
 * ("channels") w_n(r) = exp(-eta (r - r_shift)^2) fc(r), monomials
 * m_q(u) = ux^a uy^b uz^c / (a! b! c!) of the direction u = r/|r|, ordered by degree, then by
 * falling a, then by falling b, and quadratic forms of the moments.  As u.u = 1, the monomials
 * of the degrees L and L-1 span all of lower degree: m_q = sum_axes (a+1)(a+2) m_(q and two
 * more powers of the axis), so that passes over neighbors need but these (L+1)^2 of a set, as
 * many as there are spherical harmonics.  Functions that do not fit (narrow ones, non-integer
 * or large zeta) are listed as others. */
#ifndef NNP_KERNELS_MOMENTS_H
#define NNP_KERNELS_MOMENTS_H

#include "environment.h"
#include "kernels/powers.h"
#include "nnp/potential.h"

enum {
    NNP_MOMENTS_MAX_DEGREE = 16,
    NNP_MOMENTS_MAX_MONOMIALS = 969, /* to the largest degree */
    NNP_MOMENTS_BLOCK = 4            /* sets that a pass over neighbors takes at a time */
};

struct nnp_channel {
    double eta;
};

/* Channels of one cutoff function and r_shift; the exponentials as in kernels/powers.h. */
struct nnp_moment_shell {
    int cutoff; /* index into cutoffs */
    double r_shift;
    int channel_begin, channel_end, power_begin, power_end;
};

/* G[function] += sum of channel's weights over neighbors of an element. */
struct nnp_radial_term {
    int function, channel;
};

/* G[function] = sum_q c_q M_q^first M_q^second - self sum_j w_j^2, of one form, with c_q of a
 * row: coefficients of (1 + lambda cos)^zeta times p! a! b! c!. */
struct nnp_angular_term {
    int function;
    int row; /* where it begins in rows */
    double self;
};

/* A channel and pair of elements. */
struct nnp_form {
    int channel, first, second, degree;
    int first_set, second_set;
    int begin, end; /* its angular terms */
};

/* Moments up to degree that channel needs for neighbors of one element; lists are per element.
 */
struct nnp_moment_set {
    int channel, degree;
    int offset; /* of its first moment among all moments, a multiple of NNP_LANES */
};

/* Up to NNP_MOMENTS_BLOCK sets of one element and degree, behind each other. */
struct nnp_moment_block {
    int set, n_sets;
    int lowest, end; /* the monomials of the degree and the one below */
    int filled;      /* lowest of the element's blocks before this one; end if there is none */
};

/* Where a function is found; -1: not there. */
struct nnp_moment_place {
    int radial_term, angular_term, form;
};

struct nnp_moments_plan {
    int n_elements;
    double density; /* neighbors per volume that were expected */
    int n_cutoffs, n_shells, n_channels, n_powers, n_radial_terms, n_angular_terms;
    int n_forms, n_sets, n_blocks, n_others;
    struct nnp_cutoff *cutoffs;
    struct nnp_moment_shell *shells; /* ordered by cutoff */
    struct nnp_channel *channels;    /* ordered by shell */
    struct nnp_power *powers;
    int most_powers;                        /* of a shell */
    struct nnp_radial_term *radial_terms;   /* ordered by element */
    int *element_terms;                     /* [n_elements + 1], first term of each element */
    struct nnp_angular_term *angular_terms; /* ordered by form */
    int n_rows, row_length;
    double *rows; /* [n_rows][row_length], 0 beyond a term's degree */
    struct nnp_form *forms;
    struct nnp_moment_set *sets; /* ordered by element, then by falling degree */
    int *element_sets;           /* [n_elements + 1], first set of each element */
    struct nnp_moment_block *blocks;
    int *element_blocks;             /* [n_elements + 1], first block of each element */
    int *others;                     /* functions for another kernel */
    struct nnp_moment_place *places; /* [functions of the descriptor] */
    int n_moments;                   /* over all sets, with pads */
    int degree;                      /* largest */
    int n_monomials;                 /* up to degree */
    int (*grandchildren)[3];         /* q with two more; degree below the two largest */
    double (*lifts)[3];              /* (a+1)(a+2) of each axis */
};

/* Per thread; zero-initialised, grows.  In the mixed kernels what is by slot, and powers, hold
 * floats, in no more memory. */
struct nnp_moments_work {
    int capacity; /* slots, an odd multiple of NNP_LANES, lest rows share cache sets */
    size_t n_rows, n_fixed;
    double *storage;
    double *w, *dw;         /* [n_channels][capacity] weights and derivatives, by slot */
    double *u;              /* [3][capacity] directions */
    double *inverse;        /* [capacity] 1 / r */
    double *monomials;      /* [n_monomials][capacity] */
    double *w_tangents;     /* [n_channels][capacity] changes of w along displacements */
    double *m_tangents;     /* [n_monomials][capacity] of the monomials */
    double *moments;        /* [n_moments] */
    double *adjoints;       /* [n_moments] dE/dM, or changes of M */
    double *adjoint_copies; /* [n_moments] of the mixed kernels */
    double *squares;        /* [n_sets] sum_j w_j^2, dE/d of it, or its change */
    double *radial;         /* [n_radial_terms] dE/dG */
    double *powers;         /* [most_powers][2 NNP_LANES] exponentials */
    double *lanes;          /* [NNP_MOMENTS_BLOCK n_monomials][NNP_LANES] sums by lane */
};

/* How many monomials there are up to a degree, which may be negative. */
static inline int nnp_moments_to_degree(int degree)
{
    return degree < 0 ? 0 : (degree + 1) * (degree + 2) * (degree + 3) / 6;
}

static inline int nnp_moments_padded(int n)
{
    return (n + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
}

/* Neighbors from which on moments up to a degree cost less than triplets.  Per neighbor,
 * moments cost about 0.44 ns times the monomials up to the degree, triplets 3.4 ns times the
 * neighbors (measured with AVX-512 on 100 neighbors, degrees 4 to 16, three etas of six
 * functions each; both scale alike with the instruction set and the etas). */
double nnp_moments_crossover(int degree);

/* density: neighbors that are to be expected per volume, in the descriptor's unit of length. */
enum nnp_status nnp_moments_plan_init(struct nnp_moments_plan *plan,
                                      const struct nnp_descriptor *descriptor, int n_elements,
                                      double density, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_moments_plan_free(struct nnp_moments_plan *plan);

/* Memory for neighborhoods of up to n_slots (a multiple of NNP_LANES) slots. */
enum nnp_status nnp_moments_reserve(struct nnp_moments_work *work,
                                    const struct nnp_moments_plan *plan, int n_slots,
                                    struct nnp_error *error) NNP_MUST_CHECK;
/* Lays the work's arrays out for a plan that was reserved for. */
void nnp_moments_attach(struct nnp_moments_work *work, const struct nnp_moments_plan *plan);
void nnp_moments_work_free(struct nnp_moments_work *work);

/* One instruction set's version of the passes, over arrays of as many slots as the environment
 * has (n, a multiple of NNP_LANES).  forward sets g of the plan's functions (others are left
 * alone); the others work after forward on the same environment: backward sets dx, dy, dz [n]
 * to sum_k de_dg[k] dG_k/dr_j of these functions (0 for pads), gradient to dG/dr_j of one of
 * them; directional sets t of these functions to sum_j dG_k/dr_j . (vx, vy, vz)_j, where
 * displacements of pads may be anything finite. */
struct nnp_moments_kernels {
    const char *name;
    void (*forward)(const struct nnp_moments_plan *plan,
                    const struct nnp_environment *environment, struct nnp_moments_work *work,
                    double *g);
    void (*backward)(const struct nnp_moments_plan *plan,
                     const struct nnp_environment *environment, struct nnp_moments_work *work,
                     const double *de_dg, double *dx, double *dy, double *dz);
    void (*gradient)(const struct nnp_moments_plan *plan,
                     const struct nnp_environment *environment, struct nnp_moments_work *work,
                     int function, double *dx, double *dy, double *dz);
    void (*directional)(const struct nnp_moments_plan *plan,
                        const struct nnp_environment *environment,
                        struct nnp_moments_work *work, const double *vx, const double *vy,
                        const double *vz, double *t);
};

/* The fastest that the processor runs; NNP_SIMD=plain, avx2 or avx512 in the environment
 * chooses a lesser one.  Mixed: passes over neighbors in floats, sums of them in doubles. */
const struct nnp_moments_kernels *nnp_moments_kernels_select(enum nnp_precision precision);

#endif
