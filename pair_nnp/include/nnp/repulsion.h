/* Repulsion of nuclei at short distances, where no data are: the universal screened Coulomb
 * potential of J. F. Ziegler, J. P. Biersack, U. Littmark, "The Stopping and Range of Ions in
 * Matter" (Pergamon, New York, 1985),
 *
 *   V(r) = e^2 Z_i Z_j / (4 pi eps0 r) phi(r / a) + S(r),   a = 0.4685 A / (Z_i^0.23 +
 * Z_j^0.23)
 *
 * where S makes V, V' and V'' vanish at the outer radius: a constant below the inner one, from
 * there on a polynomial of third and fourth order in r - inner, as in pair_style zbl of LAMMPS.
 */
#ifndef NNP_REPULSION_H
#define NNP_REPULSION_H

#include "nnp/export.h"
#include "nnp/status.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_repulsion_type { NNP_REPULSION_NONE, NNP_REPULSION_ZBL };

struct nnp_repulsion {
    enum nnp_repulsion_type type;
    double inner, outer; /* 0 <= inner < outer, in the potential's unit of length */
};

/* V of one pair of elements, in Angstrom and eV or whatever unit it was made for. */
struct nnp_zbl {
    double inner, outer;
    double coulomb;                 /* Z_i Z_j e^2 / 4 pi eps0 */
    double inverse_length;          /* 1/a */
    double constant, third, fourth; /* of S: constant + third x^3 + fourth x^4, x = r - inner */
};

/* length_unit, energy_unit: the units of the radii and of V in Angstrom and eV. */
void nnp_zbl_init(struct nnp_zbl *zbl, const struct nnp_repulsion *repulsion, int z_i, int z_j,
                  double length_unit, double energy_unit);

/* V(r) and *dv_dr, zero from the outer radius on.  r > 0. */
double nnp_zbl_evaluate(const struct nnp_zbl *zbl, double r, double *dv_dr);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
