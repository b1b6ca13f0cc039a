/* Residuals of a structure, their part of the loss, and what squares would have to count for
 * the same gradient: robust functions and weights of atoms (loss.h, robust.h). */
#include "loss_parts.h"

#include "robust.h"

#include <string.h>

static double square(const double *v)
{
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

double nnp_loss_atom_weight(const struct nnp_loss_terms *terms, const double *force)
{
    if (terms->force_scale == 0.0)
        return 1.0;
    return 1.0 / (1.0 + square(force) / (terms->force_scale * terms->force_scale));
}

/* Residuals of forces; y turns from derivatives of E into those of L.  Returns the part of L.
 */
static double compare_forces(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                             const struct nnp_structure *structure, double factor,
                             struct nnp_residual *residual)
{
    const struct nnp_robust *robust = &terms->robust;
    double sum = 0.0;
    residual->forces = 0.0;
    for (size_t c = 0; c < 3 * (size_t)structure->n_atoms; c += 3) {
        double *y = work->y + c, weight;
        for (int k = 0; k < 3; k++)
            y[k] += structure->forces[c + (size_t)k];
        double own = factor * nnp_loss_atom_weight(terms, structure->forces + c);
        residual->forces += square(y);
        sum += own * nnp_robust_evaluate(robust->function, robust->forces, square(y), &weight);
        for (int k = 0; k < 3; k++) {
            work->y_factors[c + (size_t)k] = own * weight;
            y[k] *= 2.0 * own * weight;
        }
    }
    return sum;
}

/* The same for the virial, the last six of y. */
static double compare_virial(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                             const struct nnp_structure *structure, double volume,
                             double factor, struct nnp_residual *residual)
{
    double *virial = work->y + 3 * (size_t)structure->n_atoms, weight;
    double *factors = work->y_factors + 3 * (size_t)structure->n_atoms;
    residual->virial = 0.0;
    for (int c = 0; c < 6; c++) {
        virial[c] -= volume * structure->stress[c];
        residual->virial += virial[c] * virial[c];
    }
    double rho = nnp_robust_evaluate(terms->robust.function, volume * terms->robust.stress,
                                     residual->virial, &weight);
    for (int c = 0; c < 6; c++) {
        factors[c] = factor * weight;
        virial[c] *= 2.0 * factor * weight;
    }
    return factor * rho;
}

double nnp_loss_compare_derivatives(struct nnp_loss_work *work,
                                    const struct nnp_loss_terms *terms, int s,
                                    const struct nnp_loss_factors *factors)
{
    const struct nnp_fit_set *set = work->loss->set;
    const struct nnp_structure *structure = set->structures[s];
    struct nnp_residual *residual = &set->residuals[s];
    size_t n = 3 * (size_t)structure->n_atoms;
    double volume = set->volumes[s], sum = 0.0;
    if (structure->has_forces) {
        sum += compare_forces(work, terms, structure, factors->forces, residual);
    } else {
        memset(work->y, 0, n * sizeof *work->y);
        memset(work->y_factors, 0, n * sizeof *work->y_factors);
    }
    if (volume > 0.0) {
        sum += compare_virial(work, terms, structure, volume, factors->virial, residual);
    } else {
        memset(work->y + n, 0, 6 * sizeof *work->y);
        memset(work->y_factors + n, 0, 6 * sizeof *work->y_factors);
    }
    return sum;
}

double nnp_loss_compare_energy(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                               int structure_in_block, int s, double factor)
{
    const struct nnp_fit_set *set = work->loss->set;
    const struct nnp_structure *structure = set->structures[s];
    double energy = 0.0, difference = 0.0, rho = 0.0, weight = 0.0;
    int e, row;
    for (int i = 0; i < structure->n_atoms; i++) {
        nnp_descriptor_cache_locate(work->cache, structure_in_block, i, &e, &row);
        energy += work->elements[e].energies[row - work->first_rows[e]];
    }
    if (structure->has_energy) {
        difference = energy - set->energies[s];
        set->residuals[s].energy = difference * difference;
        rho = nnp_robust_evaluate(terms->robust.function,
                                  structure->n_atoms * terms->robust.energy,
                                  difference * difference, &weight);
    }
    work->energy_factor = factor * weight;
    for (int i = 0; i < structure->n_atoms; i++) {
        nnp_descriptor_cache_locate(work->cache, structure_in_block, i, &e, &row);
        work->elements[e].seeds[row - work->first_rows[e]] =
            2.0 * work->energy_factor * difference;
    }
    return factor * rho;
}
