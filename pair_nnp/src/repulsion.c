/* Universal screened Coulomb repulsion (Ziegler, Biersack, Littmark 1985), switched off
 * smoothly.
 *
 *   phi(x) = sum_k c_k exp(-d_k x)                                              (1)
 *   U(r) = (q / r) phi(r / a)                                                   (2)
 *   S(x) = third x^3 + fourth x^4 + constant,  x = r - inner, with
 *   S(w) = -U, S'(w) = -U', S''(w) = -U'' at the outer radius, w = outer - inner  (3) */
#include "nnp/repulsion.h"

#include <math.h>

/* e^2 / (4 pi eps0) in eV Angstrom: Hartree energy times Bohr radius, CODATA 2018. */
static const double coulomb_constant = 27.211386245988 * 0.529177210903;

static const double amplitude[4] = {0.18175, 0.50986, 0.28022, 0.02817};
static const double decay[4] = {3.19980, 0.94229, 0.40290, 0.20162};

/* U and its first two derivatives (eqs. 1 and 2). */
static void screened_coulomb(const struct nnp_zbl *zbl, double r, double u[3])
{
    double phi = 0.0, d_phi = 0.0, d2_phi = 0.0;
    for (int k = 0; k < 4; k++) {
        const double d = decay[k] * zbl->inverse_length;
        const double term = amplitude[k] * exp(-d * r);
        phi += term;
        d_phi -= d * term;
        d2_phi += d * d * term;
    }
    const double q_r = zbl->coulomb / r;
    u[0] = q_r * phi;
    u[1] = q_r * (d_phi - phi / r);
    u[2] = q_r * (d2_phi - 2.0 * d_phi / r + 2.0 * phi / (r * r));
}

void nnp_zbl_init(struct nnp_zbl *zbl, const struct nnp_repulsion *repulsion, int z_i, int z_j,
                  double length_unit, double energy_unit)
{
    double u[3];
    zbl->inner = repulsion->inner;
    zbl->outer = repulsion->outer;
    zbl->coulomb = coulomb_constant / (length_unit * energy_unit) * z_i * z_j;
    zbl->inverse_length = (pow(z_i, 0.23) + pow(z_j, 0.23)) / 0.46850 * length_unit;
    screened_coulomb(zbl, zbl->outer, u);
    const double w = zbl->outer - zbl->inner;
    zbl->third = (w * u[2] - 3.0 * u[1]) / (3.0 * w * w);
    zbl->fourth = (2.0 * u[1] - w * u[2]) / (4.0 * w * w * w);
    zbl->constant = -u[0] + w * u[1] / 2.0 - w * w * u[2] / 12.0;
}

double nnp_zbl_evaluate(const struct nnp_zbl *zbl, double r, double *dv_dr)
{
    double u[3];
    *dv_dr = 0.0;
    if (r >= zbl->outer)
        return 0.0;
    screened_coulomb(zbl, r, u);
    const double x = r > zbl->inner ? r - zbl->inner : 0.0;
    *dv_dr = u[1] + x * x * (3.0 * zbl->third + 4.0 * zbl->fourth * x);
    return u[0] + zbl->constant + x * x * x * (zbl->third + zbl->fourth * x);
}
