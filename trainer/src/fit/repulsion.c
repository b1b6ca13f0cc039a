/* References less a repulsion:
 *
 *   E - 1/2 sum_ij V(r_ij),  f_i - sum_j V'(r_ij) r_ij / |r_ij|,
 *   stress - 1/(2 volume) sum_ij V'(r_ij) r_ij (x) r_ij / |r_ij|,  r_ij = r_j - r_i     (1) */
#include "repulsion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double closest = 0.1; /* Angstrom, as in evaluations */

/* Half of pair i-j, image or not, less from the references (eq. 1). */
static void subtract_pair(struct nnp_structure *structure,
                          const struct nnp_repulsion_curve *curve, int i, const double r_ij[3],
                          double r, double volume)
{
    static const int pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
    double dv_dr;
    structure->energy -= 0.5 * nnp_repulsion_curve_evaluate(curve, r, &dv_dr);
    for (int a = 0; structure->has_forces && a < 3; a++)
        structure->forces[3 * (size_t)i + (size_t)a] -= dv_dr * r_ij[a] / r;
    for (int k = 0; volume > 0.0 && k < 6; k++)
        structure->stress[k] -=
            0.5 * dv_dr * r_ij[pairs[k][0]] * r_ij[pairs[k][1]] / (r * volume);
}

static enum nnp_status subtract_pairs(const struct nnp_potential *potential,
                                      const struct nnp_neighbor_list *list,
                                      struct nnp_structure *structure, struct nnp_error *error)
{
    const double volume = nnp_cell_volume(&structure->cell);
    for (int i = 0; i < list->n_atoms; i++)
        for (int k = 0; k < list->n_neighbors[i]; k++) {
            const int j = list->neighbors[i][k];
            const double *r_i = list->positions + 3 * (size_t)i;
            const double *r_j = list->positions + 3 * (size_t)j;
            const double r_ij[3] = {r_j[0] - r_i[0], r_j[1] - r_i[1], r_j[2] - r_i[2]};
            const double r = sqrt(r_ij[0] * r_ij[0] + r_ij[1] * r_ij[1] + r_ij[2] * r_ij[2]);
            struct nnp_repulsion_curve curve;
            if (r < closest)
                return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                                     "%s:%d: atoms %d and %d are %.3g Angstrom apart, expected "
                                     "at least %g",
                                     structure->file, structure->line, i + 1,
                                     list->owners[j] + 1, r, closest);
            nnp_repulsion_curve_init(&curve, &potential->repulsion,
                                     structure->atomic_numbers[i],
                                     structure->atomic_numbers[list->owners[j]], 1.0, 1.0);
            subtract_pair(structure, &curve, i, r_ij, r, volume);
        }
    return NNP_SUCCESS;
}

static enum nnp_status subtract(const struct nnp_potential *potential,
                                struct nnp_structure *structure, struct nnp_error *error)
{
    struct nnp_neighbor_list list;
    struct nnp_error detail;
    enum nnp_status status = nnp_neighbor_list_build(
        &list, &structure->cell, structure->n_atoms, structure->positions,
        nnp_repulsion_reach(&potential->repulsion), &detail);
    if (status)
        return nnp_error_set(error, status, "%s:%d: %.800s", structure->file, structure->line,
                             detail.message);
    status = subtract_pairs(potential, &list, structure, error);
    nnp_neighbor_list_free(&list);
    return status;
}

static enum nnp_status copy(struct nnp_structure *copied, const struct nnp_structure *from,
                            struct nnp_scratch *scratch, struct nnp_error *error)
{
    const size_t size = 3 * (size_t)from->n_atoms * sizeof *copied->forces;
    enum nnp_status status = NNP_SUCCESS;
    void *forces = NULL;
    *copied = *from;
    copied->is_in_scratch = scratch != NULL;
    copied->forces = NULL;
    if (!from->has_forces)
        return NNP_SUCCESS;
    if (scratch)
        status = nnp_scratch_take(scratch, size, &forces, error);
    else if (!(forces = malloc(size)))
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms", from->n_atoms);
    if (!status)
        copied->forces = memcpy(forces, from->forces, size);
    return status;
}

void nnp_reduced_free(struct nnp_structure *reduced, int n)
{
    for (int s = 0; reduced && s < n; s++)
        if (!reduced[s].is_in_scratch)
            free(reduced[s].forces);
    free(reduced);
}

enum nnp_status nnp_repulsion_subtract(const struct nnp_potential *potential,
                                       struct nnp_scratch *scratch, int n,
                                       const struct nnp_structure *const *structures,
                                       struct nnp_structure **reduced, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_structure *made = calloc((size_t)n + 1, sizeof *made);
    *reduced = NULL;
    if (!made)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures", n);
    for (int s = 0; s < n && !status; s++) {
        status = copy(&made[s], structures[s], scratch, error);
        if (!status)
            status = subtract(potential, &made[s], error);
    }
    if (status)
        nnp_reduced_free(made, n);
    else
        *reduced = made;
    return status;
}
