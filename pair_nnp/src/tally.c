/* What one center adds to the caller's sums and arrays.
 *
 *   f_j -= dE_i/dr_j,  f_i += dE_i/dr_j,  W = -sum_j r_ij (x) dE_i/dr_j         (1) */
#include "evaluator.h"

#include <math.h>

/* Per-atom virials of a center: -r_ij (x) dE_i/dr_j. */
static void tally_atomic_virials(const struct nnp_center *center, const struct nnp_atoms *atoms,
                                 struct nnp_results *results)
{
    const double unit = -1.0 / atoms->energy_unit;
    const size_t i = (size_t)center->atom;
    for (int n = 0; n < center->n; n++) {
        const int j = center->atoms[n];
        if (j < 0)
            continue;
        const double d[3] = {center->de_dr[0][n], center->de_dr[1][n], center->de_dr[2][n]};
        const double r[3] = {center->r[0][n] * unit, center->r[1][n] * unit,
                             center->r[2][n] * unit};
        const double w[9] = {r[0] * d[0], r[1] * d[1], r[2] * d[2], r[0] * d[1], r[0] * d[2],
                             r[1] * d[2], r[1] * d[0], r[2] * d[0], r[2] * d[1]};
        for (int k = 0; results->atomic_virials && k < 6; k++) {
            results->atomic_virials[6 * i + (size_t)k] += 0.5 * w[k];
            results->atomic_virials[6 * (size_t)j + (size_t)k] += 0.5 * w[k];
        }
        for (int k = 0; results->centroid_virials && k < 9; k++)
            results->centroid_virials[9 * (size_t)j + (size_t)k] += w[k];
    }
}

/* Forces of a center (eq. 1). */
static void tally_forces(const struct nnp_center *center, const struct nnp_atoms *atoms,
                         double *forces)
{
    const double unit = atoms->length_unit / atoms->energy_unit;
    const double *dx = center->de_dr[0], *dy = center->de_dr[1], *dz = center->de_dr[2];
    for (int e = 0; e < center->n_segments; e++)
        for (int n = center->begin[e]; n < center->end[e]; n++) {
            double *f = forces + 3 * (size_t)center->atoms[n];
            f[0] -= unit * dx[n];
            f[1] -= unit * dy[n];
            f[2] -= unit * dz[n];
        }
    for (int a = 0; a < 3; a++)
        forces[3 * (size_t)center->atom + (size_t)a] += unit * center->total[a];
}

/* Forces and virials of a center (eq. 1). */
static void tally_gradient(const struct nnp_center *center, const struct nnp_atoms *atoms,
                           struct nnp_results *results)
{
    for (int a = 0; a < 6; a++)
        results->virial[a] -= center->virial[a] / atoms->energy_unit;
    if (results->forces)
        tally_forces(center, atoms, results->forces);
    if (results->atomic_virials || results->centroid_virials)
        tally_atomic_virials(center, atoms, results);
}

/* Forces of one committee member; de_dr: [3][n]. */
static void tally_member(const struct nnp_center *center, const struct nnp_atoms *atoms,
                         const double *de_dr, double *forces)
{
    const double force_unit = atoms->length_unit / atoms->energy_unit;
    for (size_t a = 0; a < 3; a++) {
        const double *d = de_dr + a * (size_t)center->n;
        double total = 0.0;
        for (int k = 0; k < center->n; k++)
            if (center->atoms[k] >= 0) {
                total += d[k];
                forces[3 * (size_t)center->atoms[k] + a] -= force_unit * d[k];
            }
        forces[3 * (size_t)center->atom + a] += force_unit * total;
    }
}

static void tally_committee(const struct nnp_center *center, int n_members,
                            const struct nnp_atoms *atoms, struct nnp_results *results)
{
    if (results->energy_spreads)
        results->energy_spreads[center->atom] += center->energy_spread / atoms->energy_unit;
    for (int m = 0; m < n_members; m++) {
        if (results->member_energies)
            results->member_energies[m] += center->member_energies[m] / atoms->energy_unit;
        if (results->member_forces)
            tally_member(center, atoms,
                         center->member_de_dr + 3 * (size_t)center->n * (size_t)m,
                         results->member_forces + 3 * (size_t)atoms->n_atoms * (size_t)m);
    }
}

void nnp_center_tally(const struct nnp_center *center, int n_members,
                      const struct nnp_atoms *atoms, struct nnp_results *results)
{
    const double energy = center->energy / atoms->energy_unit;
    results->energy += energy;
    results->n_extrapolations += center->n_extrapolations;
    if (results->atomic_energies)
        results->atomic_energies[center->atom] += energy;
    if (results->atomic_extrapolations)
        results->atomic_extrapolations[center->atom] += center->n_extrapolations;
    tally_gradient(center, atoms, results);
    tally_committee(center, n_members, atoms, results);
}

double nnp_force_spread(const double *member_forces, int n_members, int n_atoms, int i)
{
    double sum = 0.0;
    for (size_t a = 0; a < 3; a++) {
        const double *f = member_forces + 3 * (size_t)i + a;
        const size_t stride = 3 * (size_t)n_atoms;
        double mean = 0.0;
        for (size_t m = 0; m < (size_t)n_members; m++)
            mean += f[m * stride] / n_members;
        for (size_t m = 0; m < (size_t)n_members; m++)
            sum += (f[m * stride] - mean) * (f[m * stride] - mean);
    }
    return sqrt(sum / n_members);
}
