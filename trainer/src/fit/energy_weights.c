/* Weights from the references of the training set; all ranks have them, and find the same. */
#include "energy_weights.h"

#include "convex_hull.h"
#include "loss_parts.h"

#include <math.h>
#include <stdlib.h>

static void count_atoms(const struct nnp_potential *model,
                        const struct nnp_structure *structure, double *counts)
{
    for (int e = 0; e < model->n_elements; e++)
        counts[e] = 0.0;
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(model, structure->atomic_numbers[i]);
        if (e >= 0)
            counts[e] += 1.0;
    }
}

static double energy_per_atom(const struct nnp_fit_set *set, int s)
{
    return set->energies[s] / set->structures[s]->n_atoms;
}

static double lowest_energy(const struct nnp_fit_set *set)
{
    double lowest = INFINITY;
    for (int s = 0; s < set->n_structures; s++)
        if (set->structures[s]->has_energy)
            lowest = fmin(lowest, energy_per_atom(set, s));
    return lowest;
}

/* The hull of the structures with an energy. */
static enum nnp_status find_hull(struct nnp_convex_hull **hull, const struct nnp_fit_set *set,
                                 const struct nnp_potential *model, struct nnp_error *error)
{
    size_t n = (size_t)set->n_structures + 1, n_elements = (size_t)model->n_elements;
    double *counts = calloc(n, n_elements * sizeof *counts);
    double *energies = calloc(n, sizeof *energies);
    enum nnp_status status;
    int n_points = 0;
    *hull = NULL;
    for (int s = 0; counts && energies && s < set->n_structures; s++) {
        if (!set->structures[s]->has_energy)
            continue;
        count_atoms(model, set->structures[s], counts + (size_t)n_points * n_elements);
        energies[n_points++] = energy_per_atom(set, s);
    }
    if (counts && energies)
        status =
            nnp_convex_hull_create(hull, model->n_elements, n_points, counts, energies, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a hull of %d structures",
                               set->n_structures);
    free(counts);
    free(energies);
    return status;
}

enum nnp_status nnp_energy_weights_set(struct nnp_fit_set *set,
                                       const struct nnp_fit_set *training,
                                       const struct nnp_potential *model,
                                       enum nnp_energy_above above, double scale,
                                       struct nnp_error *error)
{
    struct nnp_convex_hull *hull = NULL;
    double *counts = calloc((size_t)model->n_elements, sizeof *counts);
    double base = lowest_energy(training);
    enum nnp_status status = NNP_SUCCESS;
    if (!counts)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for weights of structures");
    if (!status && above == NNP_ABOVE_HULL)
        status = find_hull(&hull, training, model, error);
    for (int s = 0; s < set->n_structures && !status; s++) {
        if (!set->structures[s]->has_energy)
            continue;
        if (hull) {
            count_atoms(model, set->structures[s], counts);
            base = nnp_convex_hull_energy(hull, counts, NULL, NULL);
        }
        double h = fmax(energy_per_atom(set, s) - base, 0.0) / scale; /* base may be INFINITY */
        set->weights[s] /= 1.0 + h * h;
    }
    nnp_convex_hull_free(hull);
    free(counts);
    return status;
}

/* Means per atom of what is known. */
static void find_means(const struct nnp_fit_set *set, double *energy, double virial[6])
{
    long n_virials = 0;
    int n_energies = 0;
    *energy = 0.0;
    for (int c = 0; c < 6; c++)
        virial[c] = 0.0;
    for (int s = 0; s < set->n_structures; s++) {
        const struct nnp_structure *structure = set->structures[s];
        if (structure->has_energy)
            *energy += (energy_per_atom(set, s) - *energy) / ++n_energies;
        if (!(set->volumes[s] > 0.0))
            continue;
        n_virials++;
        for (int c = 0; c < 6; c++)
            virial[c] +=
                (set->volumes[s] * structure->stress[c] / structure->n_atoms - virial[c]) /
                (double)n_virials;
    }
}

static double inverse(double sum)
{
    return sum > 0.0 && isfinite(1.0 / sum) ? 1.0 / sum : 0.0;
}

struct nnp_loss_scales nnp_loss_scales_find(const struct nnp_fit_set *set,
                                            const struct nnp_loss_terms *terms)
{
    struct nnp_loss_terms unit = *terms;
    struct nnp_loss_scales sums = {0.0, 0.0, 0.0};
    double energy, virial[6];
    unit.energy_weight = unit.force_weight = unit.stress_weight = 1.0;
    find_means(set, &energy, virial);
    for (int s = 0; s < set->n_structures; s++) {
        const struct nnp_structure *structure = set->structures[s];
        struct nnp_loss_factors factors = nnp_loss_find_factors(set, &unit, s);
        double n_atoms = structure->n_atoms, volume = set->volumes[s];
        if (structure->has_energy)
            sums.energy += factors.energy * pow(set->energies[s] - n_atoms * energy, 2.0);
        for (int i = 0; structure->has_forces && i < structure->n_atoms; i++) {
            const double *f = structure->forces + 3 * (size_t)i;
            sums.forces += factors.forces * nnp_loss_atom_weight(terms, f) *
                           (f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
        }
        for (int c = 0; volume > 0.0 && c < 6; c++)
            sums.stress +=
                factors.virial * pow(volume * structure->stress[c] - n_atoms * virial[c], 2.0);
    }
    return (struct nnp_loss_scales){inverse(sums.energy), inverse(sums.forces),
                                    inverse(sums.stress)};
}
