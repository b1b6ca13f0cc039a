/* What one center adds to the caller's sums and arrays.
 *
 *   f_j -= dE_i/dr_j,  f_i += dE_i/dr_j,  W = -sum_j r_ij (x) dE_i/dr_j         (1) */
#include "evaluator.h"

#include <math.h>

/* Per-atom virials of center i: -r_ij (x) dE_i/dr_j. */
static void tally_atomic_virials(const struct nnp_workspace *work,
                                 const struct nnp_atoms *atoms, int i,
                                 struct nnp_results *results)
{
    const struct nnp_environment *env = &work->environment;
    const double unit = -1.0 / atoms->energy_unit;
    for (int n = 0; n < env->n; n++) {
        const int j = env->atoms[n];
        if (j < 0)
            continue;
        const double d[3] = {work->dx[n], work->dy[n], work->dz[n]};
        const double r[3] = {env->x[n] * unit, env->y[n] * unit, env->z[n] * unit};
        const double w[9] = {r[0] * d[0], r[1] * d[1], r[2] * d[2], r[0] * d[1], r[0] * d[2],
                             r[1] * d[2], r[1] * d[0], r[2] * d[0], r[2] * d[1]};
        for (int k = 0; results->atomic_virials && k < 6; k++) {
            results->atomic_virials[6 * (size_t)i + (size_t)k] += 0.5 * w[k];
            results->atomic_virials[6 * (size_t)j + (size_t)k] += 0.5 * w[k];
        }
        for (int k = 0; results->centroid_virials && k < 9; k++)
            results->centroid_virials[9 * (size_t)j + (size_t)k] += w[k];
    }
}

/* Forces of center i (eq. 1), total being the sum over j. */
static void tally_forces(const struct nnp_workspace *work, const struct nnp_atoms *atoms, int i,
                         const double total[3], double *forces)
{
    const struct nnp_environment *env = &work->environment;
    const double unit = atoms->length_unit / atoms->energy_unit;
    const double *dx = work->dx, *dy = work->dy, *dz = work->dz;
    for (int e = 0; e < env->n_elements; e++)
        for (int n = env->begin[e]; n < env->end[e]; n++) {
            double *f = forces + 3 * (size_t)env->atoms[n];
            f[0] -= unit * dx[n];
            f[1] -= unit * dy[n];
            f[2] -= unit * dz[n];
        }
    for (int a = 0; a < 3; a++)
        forces[3 * (size_t)i + (size_t)a] += unit * total[a];
}

/* Forces and virials of center i (eq. 1). */
static void tally_gradient(const struct nnp_workspace *work, const struct nnp_atoms *atoms,
                           int i, struct nnp_results *results)
{
    const struct nnp_environment *env = &work->environment;
    double total[3], virial[6];
    env->kernels->sum_gradient(env, work->dx, work->dy, work->dz, total, virial);
    for (int a = 0; a < 6; a++)
        results->virial[a] -= virial[a] / atoms->energy_unit;
    if (results->forces)
        tally_forces(work, atoms, i, total, results->forces);
    if (results->atomic_virials || results->centroid_virials)
        tally_atomic_virials(work, atoms, i, results);
}

/* Forces of one committee member; gradient: [3][member_capacity]. */
static void tally_member(const struct nnp_workspace *work, const struct nnp_atoms *atoms, int i,
                         const double *gradient, double *forces)
{
    const struct nnp_environment *env = &work->environment;
    const double force_unit = atoms->length_unit / atoms->energy_unit;
    for (size_t a = 0; a < 3; a++) {
        const double *d = gradient + a * (size_t)work->member_capacity;
        double total = 0.0;
        for (int k = 0; k < env->n; k++)
            if (env->atoms[k] >= 0) {
                total += d[k];
                forces[3 * (size_t)env->atoms[k] + a] -= force_unit * d[k];
            }
        forces[3 * (size_t)i + a] += force_unit * total;
    }
}

static void tally_committee(const struct nnp_evaluator *evaluator,
                            const struct nnp_workspace *work, const struct nnp_atoms *atoms,
                            const struct nnp_center *center, struct nnp_results *results)
{
    const size_t i = (size_t)center->atom;
    if (results->energy_spreads)
        results->energy_spreads[i] += center->energy_spread / atoms->energy_unit;
    for (int m = 0; m < evaluator->potential->n_members; m++) {
        if (results->member_energies)
            results->member_energies[m] += work->member_energies[m] / atoms->energy_unit;
        if (results->member_forces)
            tally_member(work, atoms, center->atom,
                         work->member_gradients + 3 * (size_t)work->member_capacity * (size_t)m,
                         results->member_forces + 3 * (size_t)atoms->n_atoms * (size_t)m);
    }
}

void nnp_tally_center(const struct nnp_evaluator *evaluator, const struct nnp_workspace *work,
                      const struct nnp_atoms *atoms, const struct nnp_center *center,
                      struct nnp_results *results)
{
    const double energy = center->energy / atoms->energy_unit;
    results->energy += energy;
    results->n_extrapolations += center->n_extrapolations;
    if (results->atomic_energies)
        results->atomic_energies[center->atom] += energy;
    if (results->atomic_extrapolations)
        results->atomic_extrapolations[center->atom] += center->n_extrapolations;
    tally_gradient(work, atoms, center->atom, results);
    tally_committee(evaluator, work, atoms, center, results);
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
