/* What one center adds to the caller's sums and arrays.
 *
 *   f_j -= dE_i/dr_j,  f_i += dE_i/dr_j,  W = -sum_j r_ij (x) dE_i/dr_j         (1) */
#include "evaluator.h"

#include <math.h>

/* Per-atom virials of one pair: -r_ij (x) dE_i/dr_j. */
static void tally_atomic_virials(struct nnp_results *results, int i, int j, const double w[9])
{
    if (results->atomic_virials)
        for (int k = 0; k < 6; k++) {
            results->atomic_virials[6 * (size_t)i + (size_t)k] += 0.5 * w[k];
            results->atomic_virials[6 * (size_t)j + (size_t)k] += 0.5 * w[k];
        }
    if (results->centroid_virials)
        for (int k = 0; k < 9; k++)
            results->centroid_virials[9 * (size_t)j + (size_t)k] += w[k];
}

/* Forces and virials of a center (eq. 1). */
static void tally_gradient(const struct nnp_center *center, const struct nnp_atoms *atoms,
                           struct nnp_results *results)
{
    const double force_unit = atoms->length_unit / atoms->energy_unit;
    const double virial_unit = -1.0 / atoms->energy_unit;
    const double *const *de_dr = center->de_dr, *const *r_ij = center->r;
    const int i = center->atom;
    double total[3] = {0.0, 0.0, 0.0};
    for (int k = 0; k < center->n; k++) {
        const int j = center->atoms[k];
        if (j < 0)
            continue;
        const double d[3] = {de_dr[0][k], de_dr[1][k], de_dr[2][k]};
        const double r[3] = {r_ij[0][k] * virial_unit, r_ij[1][k] * virial_unit,
                             r_ij[2][k] * virial_unit};
        const double w[9] = {r[0] * d[0], r[1] * d[1], r[2] * d[2], r[0] * d[1], r[0] * d[2],
                             r[1] * d[2], r[1] * d[0], r[2] * d[0], r[2] * d[1]};
        for (int a = 0; a < 3; a++) {
            total[a] += d[a];
            if (results->forces)
                results->forces[3 * (size_t)j + (size_t)a] -= force_unit * d[a];
        }
        for (int a = 0; a < 6; a++)
            results->virial[a] += w[a];
        if (results->atomic_virials || results->centroid_virials)
            tally_atomic_virials(results, i, j, w);
    }
    for (int a = 0; results->forces && a < 3; a++)
        results->forces[3 * (size_t)i + (size_t)a] += force_unit * total[a];
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
