/* Evaluation of a potential over a list of centers: energies of the centers, and their
 * derivatives dE_i/dr_j added to the caller's arrays. */
#include "evaluator.h"

#include <math.h>
#include <string.h>

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

/* Adds the forces and virials of one center; dE/dr_j in units of the view. */
static void scatter(const struct nnp_workspace *work, const struct nnp_atoms *atoms, int i,
                    struct nnp_results *results)
{
    const struct nnp_environment *env = &work->environment;
    const double force_unit = atoms->length_unit / atoms->energy_unit;
    const double virial_unit = -1.0 / atoms->energy_unit;
    double total[3] = {0.0, 0.0, 0.0};
    for (int k = 0; k < env->n; k++) {
        const int j = env->atoms[k];
        if (j < 0)
            continue;
        const double d[3] = {work->dx[k], work->dy[k], work->dz[k]};
        const double r[3] = {env->x[k] * virial_unit, env->y[k] * virial_unit,
                             env->z[k] * virial_unit};
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

static enum nnp_status evaluate_center(const struct nnp_evaluator *evaluator,
                                       struct nnp_workspace *work,
                                       const struct nnp_atoms *atoms, int i,
                                       struct nnp_results *results, struct nnp_error *error)
{
    const int element = atoms->type_elements[atoms->types[i]];
    if (element < 0)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_center_gather(evaluator, work, atoms, i, element, error);
    if (status)
        return status;
    nnp_center_values(evaluator, work, element);
    const double energy =
        nnp_center_energy(evaluator, work, element, &results->n_extrapolations) /
        atoms->energy_unit;
    if (!isfinite(energy))
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "the energy of atom %d (counted from 0) is not finite", i);
    results->energy += energy;
    if (results->atomic_energies)
        results->atomic_energies[i] += energy;
    nnp_center_gradient(evaluator, work, element);
    scatter(work, atoms, i, results);
    return NNP_SUCCESS;
}

enum nnp_status nnp_evaluate(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                             struct nnp_results *results, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    results->energy = 0.0;
    results->n_extrapolations = 0;
    memset(results->virial, 0, sizeof results->virial);
    for (int k = 0; !status && k < atoms->n_centers; k++)
        status = evaluate_center(evaluator, &evaluator->work, atoms,
                                 atoms->centers ? atoms->centers[k] : k, results, error);
    return status;
}
