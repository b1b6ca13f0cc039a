/* Symmetry functions, the descriptors of an atom's neighborhood (J. Behler, J. Chem. Phys. 134,
 * 074106 (2011), eqs. 6, 8, 9).  For central atom i, with theta the angle j-i-k:
 *
 *   radial  sum_j exp(-eta (r_ij - r_shift)^2) fc(r_ij)
 *   wide    2^(1-zeta) sum_{j<k} (1 + lambda cos theta)^zeta
 *             exp(-eta ((r_ij - r_shift)^2 + (r_ik - r_shift)^2)) fc(r_ij) fc(r_ik)
 *   narrow  2^(1-zeta) sum_{j<k} (1 + lambda cos theta)^zeta
 *             exp(-eta ((r_ij - r_shift)^2 + (r_ik - r_shift)^2 + (r_jk - r_shift)^2))
 *             fc(r_ij) fc(r_ik) fc(r_jk)
 *
 * j (and k) run over the neighbors, periodic images included, of the stated elements; j<k
 * counts every unordered pair once. */
#ifndef NNP_SYMMETRY_H
#define NNP_SYMMETRY_H

#include "nnp/cutoff.h"
#include "nnp/export.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_symmetry_type {
    NNP_SYMMETRY_RADIAL,
    NNP_SYMMETRY_WIDE,
    NNP_SYMMETRY_NARROW,
    NNP_N_SYMMETRY
};

struct nnp_symmetry {
    enum nnp_symmetry_type type;
    int neighbors[2]; /* element indices of the potential; radial uses the first, the second is
                         -1; angular: neighbors[0] <= neighbors[1] */
    double eta;       /* length^-2, >= 0 */
    double r_shift;   /* length */
    double zeta;      /* >= 1; angular only, else 0 */
    double lambda;    /* +1 or -1; angular only, else 0 */
    struct nnp_cutoff cutoff;
};

/* Name in potential files ("radial", "wide", "narrow"), and back (NNP_N_SYMMETRY: none). */
const char *nnp_symmetry_name(enum nnp_symmetry_type type);
enum nnp_symmetry_type nnp_symmetry_from_name(const char *name);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
