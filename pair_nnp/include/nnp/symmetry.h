/* Symmetry functions, the descriptors of an atom's neighborhood.
 *
 * For central atom i, with theta the angle j-i-k, ([1] eqs. 6, 8, 9):
 *
 *   radial  sum_j w(r_ij),   w(r) = exp(-eta (r - r_shift)^2) fc(r)
 *   wide    sum_{j<k} p(theta) w(r_ij) w(r_ik)
 *   narrow  sum_{j<k} p(theta) w(r_ij) w(r_ik) w(r_jk)
 *           p(theta) = 2^(1-zeta) (1 + lambda cos theta)^zeta
 *
 * Compact functions ([2]) have the same sums with
 *
 *   w(r) = C(r; r_low, r_cut),   p(theta) = C(theta; angle_low, angle_high)
 *   C(a; low, high) = core(x),  x = |a - (low + high)/2| / ((high - low)/2),  0 for x >= 1
 *
 * where core is a cutoff function of x (exp, poly1 .. poly4); asymmetric ones take (2 - x) x in
 * the place of x in w(r), not in p(theta).
 *
 * Chebyshev functions ([4]) have, with T_n the Chebyshev polynomial of degree n,
 *
 *   chebyshev_radial   sum_j T_n(2 r_ij / r_cut - 1) fc(r_ij)
 *   chebyshev_angular  sum_{j<k} T_n(cos theta) fc(r_ij) fc(r_ik)
 *
 * j (and k) run over the neighbors, periodic images included, of the stated elements; weighted
 * functions run over all, each with the atomic number as weight ([3]): Z_j, and Z_j Z_k for
 * pairs.  Chebyshev functions run over all elements, too, each with weight 1 or, where they are
 * weighted, with the descriptor's species weight.  j<k counts every unordered pair once.
 *
 * [1] J. Behler, J. Chem. Phys. 134, 074106 (2011).
 * [2] M. P. Bircher, A. Singraber, C. Dellago, Mach. Learn.: Sci. Technol. 2, 035026 (2021).
 * [3] M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018).
 * [4] N. Artrith, A. Urban, G. Ceder, Phys. Rev. B 96, 014112 (2017). */
#ifndef NNP_SYMMETRY_H
#define NNP_SYMMETRY_H

#include "nnp/cutoff.h"
#include "nnp/export.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum { NNP_MOST_CHEBYSHEV = 1000 }; /* degree n of Chebyshev functions, at most */

enum nnp_symmetry_type {
    NNP_SYMMETRY_RADIAL,
    NNP_SYMMETRY_WIDE,
    NNP_SYMMETRY_NARROW,
    NNP_SYMMETRY_WEIGHTED_RADIAL,
    NNP_SYMMETRY_WEIGHTED_NARROW,
    NNP_SYMMETRY_COMPACT_RADIAL,
    NNP_SYMMETRY_COMPACT_WIDE,
    NNP_SYMMETRY_COMPACT_NARROW,
    NNP_SYMMETRY_WEIGHTED_COMPACT_RADIAL,
    NNP_SYMMETRY_WEIGHTED_COMPACT_WIDE,
    NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW,
    NNP_SYMMETRY_CHEBYSHEV_RADIAL,
    NNP_SYMMETRY_CHEBYSHEV_ANGULAR,
    NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL,
    NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR,
    NNP_N_SYMMETRY
};

/* What a type does not use is 0. */
struct nnp_symmetry {
    enum nnp_symmetry_type type;
    int neighbors[2]; /* element indices of the potential; radial uses the first, the second is
                         -1; angular: neighbors[0] <= neighbors[1]; weighted and Chebyshev: -1,
                         -1 */
    double eta;       /* length^-2, >= 0; not for compact and Chebyshev */
    double r_shift;   /* length; not for compact and Chebyshev */
    double zeta;      /* >= 1; angular only, not for compact and Chebyshev */
    double lambda;    /* +1 or -1; angular only, not for compact and Chebyshev */
    struct nnp_cutoff cutoff;     /* compact: core function and r_cut, alpha 0 */
    double r_low;                 /* length, < r_cut, may be negative; compact only */
    double angle_low, angle_high; /* degrees, low < high; compact angular only */
    int asymmetric;               /* compact only */
    int degree;                   /* Chebyshev only, 0 to NNP_MOST_CHEBYSHEV */
};

/* What a type's sum is made of. */
int nnp_symmetry_is_radial(enum nnp_symmetry_type type);   /* over neighbors, not pairs */
int nnp_symmetry_is_narrow(enum nnp_symmetry_type type);   /* with w(r_jk) */
int nnp_symmetry_is_weighted(enum nnp_symmetry_type type); /* by element */
int nnp_symmetry_is_compact(enum nnp_symmetry_type type);
int nnp_symmetry_is_chebyshev(enum nnp_symmetry_type type);

/* Number of elements in neighbors: 0, 1 or 2. */
int nnp_symmetry_n_neighbors(enum nnp_symmetry_type type);

/* Name in potential files ("radial", "compact_wide", ...), and back (NNP_N_SYMMETRY: none). */
const char *nnp_symmetry_name(enum nnp_symmetry_type type);
enum nnp_symmetry_type nnp_symmetry_from_name(const char *name);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
