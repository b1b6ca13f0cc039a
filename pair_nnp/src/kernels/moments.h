/* Radial and wide angular functions in O(neighbors), through moments of the neighbor density.
 *
 * A plan is what a descriptor's functions have in common: cutoff functions, radial weights
 * ("channels") w_n(r) = exp(-eta (r - r_shift)^2) fc(r), monomials m_q(u) = ux^a uy^b uz^c of
 * the direction u = r/|r|, and quadratic forms of the moments.  Functions that do not fit
 * (narrow ones, non-integer or large zeta) are listed as others. */
#ifndef NNP_KERNELS_MOMENTS_H
#define NNP_KERNELS_MOMENTS_H

#include "environment.h"
#include "nnp/potential.h"

enum { NNP_MOMENTS_MAX_DEGREE = 8 };

struct nnp_channel {
    int cutoff; /* index into cutoffs */
    double eta, r_shift;
};

/* G[function] += sum of channel's weights over neighbors of an element. */
struct nnp_radial_term {
    int function, element, channel;
};

/* G[function] = sum_p coefficients[p] S_p - self sum_j w_j^2, of one form. */
struct nnp_angular_term {
    int function, degree;
    double coefficients[NNP_MOMENTS_MAX_DEGREE + 1];
    double self;
};

/* S_p = sum_{|q| = p} p!/(a! b! c!) M_q^first M_q^second of one channel and pair of elements.
 */
struct nnp_form {
    int channel, first, second, degree;
    int begin, end; /* its angular terms */
};

/* Moments up to degree that channel needs for neighbors of one element; lists are per element.
 */
struct nnp_moment_set {
    int channel, degree;
    int offset; /* of its first moment among all moments */
};

struct nnp_moments_plan {
    int n_elements;
    int n_cutoffs, n_channels, n_radial_terms, n_angular_terms, n_forms, n_sets, n_others;
    struct nnp_cutoff *cutoffs;
    struct nnp_channel *channels; /* ordered by cutoff */
    struct nnp_radial_term *radial_terms;
    struct nnp_angular_term *angular_terms; /* ordered by form */
    struct nnp_form *forms;
    struct nnp_moment_set *sets; /* ordered by element, then by falling degree */
    int *element_sets;           /* [n_elements + 1], first set of each element */
    int *others;                 /* functions for another kernel */
    int n_moments;               /* over all sets */
    int degree;                  /* largest */
    int n_monomials;             /* up to degree */
    int *parents, *axes;         /* m_q = m_parent u_axis; q > 0 */
    int (*children)[3];          /* q with one more power of an axis; degree below largest */
    double (*powers)[3];         /* a, b, c */
    double *multinomials;        /* p!/(a! b! c!) */
};

/* Per thread; zero-initialised, grows. */
struct nnp_moments_work {
    int capacity; /* slots */
    size_t n_rows, n_fixed;
    double *storage;
    double *w, *dw;     /* [n_channels][capacity] weights and derivatives, by slot */
    double *u;          /* [3][capacity] directions */
    double *monomials;  /* [n_monomials][capacity] */
    double *moments;    /* [n_moments] */
    double *w_tangents; /* [n_channels][capacity] changes of w along displacements */
    double *m_tangents; /* [n_monomials][capacity] of the monomials */
    double *adjoints;   /* [n_moments] dE/dM, or changes of M */
    double *squares;    /* [n_sets] sum_j w_j^2; dE/d of it, or half of its change */
    double *lanes;      /* [4 n_monomials][NNP_LANES] sums by lane */
};

enum nnp_status nnp_moments_plan_init(struct nnp_moments_plan *plan,
                                      const struct nnp_descriptor *descriptor, int n_elements,
                                      struct nnp_error *error) NNP_MUST_CHECK;
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
 * to sum_k de_dg[k] dG_k/dr_j of these functions (of pads: unspecified); directional sets t of
 * these functions to sum_j dG_k/dr_j . (vx, vy, vz)_j, where displacements of pads may be
 * anything finite. */
struct nnp_moments_kernels {
    const char *name;
    void (*forward)(const struct nnp_moments_plan *plan,
                    const struct nnp_environment *environment, struct nnp_moments_work *work,
                    double *g);
    void (*backward)(const struct nnp_moments_plan *plan,
                     const struct nnp_environment *environment, struct nnp_moments_work *work,
                     const double *de_dg, double *dx, double *dy, double *dz);
    void (*directional)(const struct nnp_moments_plan *plan,
                        const struct nnp_environment *environment,
                        struct nnp_moments_work *work, const double *vx, const double *vy,
                        const double *vz, double *t);
};

/* The fastest that the processor runs; NNP_SIMD=plain, avx2 or avx512 in the environment
 * chooses a lesser one. */
const struct nnp_moments_kernels *nnp_moments_kernels_select(void);

#endif
