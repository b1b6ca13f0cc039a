/* Equation of state of third order (F. Birch, Phys. Rev. 71, 809 (1947)).
 *
 * With x = V^(-2/3) it is a cubic,
 *   E = c0 + c1 x + c2 x^2 + c3 x^3                                             (1)
 * which linear least squares fits without a first guess.  At the minimum x0 of (1)
 *   V0 = x0^(-3/2),  B0 = V d2E/dV2 = 4/9 E''(x0) x0^(7/2)                      (2)
 *   B0' = dB/dP = 4 + 2/3 x0 E'''/E''(x0)                                       (3) */
#ifndef NNP_BIRCH_MURNAGHAN_H
#define NNP_BIRCH_MURNAGHAN_H

#include "nnp/status.h"

enum { NNP_EOS_E0, NNP_EOS_V0, NNP_EOS_B0, NNP_EOS_B0_PRIME, NNP_N_EOS };

enum {
    NNP_EOS_FEWEST_POINTS = 5, /* one more than coefficients, for the errors */
    NNP_EOS_ENOUGH_POINTS = 7
};

/* In the units of energies and volumes: E0, V0, B0 (energy/volume), B0' (a number). */
struct nnp_birch_murnaghan {
    double values[NNP_N_EOS];
    double
        errors[NNP_N_EOS]; /* standard errors, from the scatter of the points about the fit */
    double rms;            /* of energies about the fit */
    int n_points;          /* that took part */
};

/* Fits the points within volumes V (1 +- range) of the lowest energy's, or the nearest
 * NNP_EOS_ENOUGH_POINTS of a coarser curve.  volumes and energies:
 * [n], in any order.  NNP_ERROR_VALUE: volumes that are not positive, or numbers that are not
 * finite; NNP_ERROR_INCONSISTENT: too few points, or no minimum inside their volumes.
 */
enum nnp_status nnp_birch_murnaghan_fit(struct nnp_birch_murnaghan *fit, int n,
                                        const double *volumes, const double *energies,
                                        double range, struct nnp_error *error) NNP_MUST_CHECK;

/* The fit's energy at a volume. */
double nnp_birch_murnaghan_energy(const struct nnp_birch_murnaghan *fit, double volume);

#endif
