/* Repulsion of nuclei at short distances, where no data are:
 *
 *   V(r) = U(r) + S(r) below the outer radius, else 0
 *   zbl          U(r) = e^2 Z_i Z_j / (4 pi eps0 r) phi(r / a),
 *                a = 0.4685 A / (Z_i^0.23 + Z_j^0.23)
 *   exponential  U(r) = A exp(-r / rho)
 *
 * the first with the universal screening function phi of J. F. Ziegler, J. P. Biersack,
 * U. Littmark, "The Stopping and Range of Ions in Matter" (Pergamon, New York, 1985), the
 * second that of M. Born and J. E. Mayer, Z. Phys. 75, 1 (1932).  S makes V, V' and V'' vanish
 * at the outer radius: a constant below the inner one, from there on a polynomial of third and
 * fourth order in r - inner, as in pair_style zbl of LAMMPS. */
#ifndef NNP_REPULSION_H
#define NNP_REPULSION_H

#include "nnp/export.h"
#include "nnp/status.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_repulsion_type {
    NNP_REPULSION_NONE,
    NNP_REPULSION_ZBL,
    NNP_REPULSION_EXPONENTIAL,
    NNP_N_REPULSION
};

/* "none", "zbl", "exponential"; NULL for others. */
const char *nnp_repulsion_name(enum nnp_repulsion_type type);

/* What is said of one pair of elements, in the potential's units. */
struct nnp_repulsion_pair {
    int atomic_numbers[2];   /* in either order */
    double inner, outer;     /* 0 <= inner < outer */
    double amplitude, decay; /* exponential: A > 0 and rho > 0; else 0 */
};

/* Zeroed: none. */
struct nnp_repulsion {
    enum nnp_repulsion_type type;
    double inner, outer; /* of pairs that are not listed; outer 0: these have none */
    double amplitude, decay;
    int n_pairs;
    struct nnp_repulsion_pair *pairs; /* [n_pairs], owned */
};

/* *copy is set, and owns what it has; NNP_ERROR_MEMORY. */
enum nnp_status nnp_repulsion_copy(struct nnp_repulsion *copy, const struct nnp_repulsion *from,
                                   struct nnp_error *error) NNP_MUST_CHECK;
void nnp_repulsion_free(struct nnp_repulsion *repulsion); /* what it owns; zeroes it */

/* What holds for two elements, whether they are listed or not. */
struct nnp_repulsion_pair nnp_repulsion_of(const struct nnp_repulsion *repulsion, int z_i,
                                           int z_j);

/* The largest outer radius of all pairs. */
double nnp_repulsion_reach(const struct nnp_repulsion *repulsion);

/* V of one pair of elements. */
struct nnp_repulsion_curve {
    enum nnp_repulsion_type type;
    double inner, outer;
    double amplitude;               /* Z_i Z_j e^2 / 4 pi eps0, or A */
    double inverse_length;          /* 1/a, or 1/rho */
    double constant, third, fourth; /* of S: constant + third x^3 + fourth x^4, x = r - inner */
};

/* length_unit, energy_unit: the potential's units in Angstrom and eV. */
void nnp_repulsion_curve_init(struct nnp_repulsion_curve *curve,
                              const struct nnp_repulsion *repulsion, int z_i, int z_j,
                              double length_unit, double energy_unit);

/* V(r) and *dv_dr, zero from the outer radius on.  r > 0. */
double nnp_repulsion_curve_evaluate(const struct nnp_repulsion_curve *curve, double r,
                                    double *dv_dr);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
