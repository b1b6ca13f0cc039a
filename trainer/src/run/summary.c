/* One pass over the structures, and a second one for what is far from the rest: energies from a
 * least squares sum over elements, force components from their root mean square. */
#include "summary.h"

#include "linear_algebra.h"
#include "nnp/element.h"
#include "nnp/neighbor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double nnp_summary_reach = 6.0;

static const double gigapascal = 160.21766; /* per eV/Angstrom^3 (CODATA 2018) */

/* Beyond these multiples of what is typical a value is an outlier. */
static const double far_energy = 8.0, far_force = 12.0;

static enum nnp_status no_memory(struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a summary of the data");
}

static void widen(struct nnp_summary_range *range, double value, int structure)
{
    if (range->n == 0 || value < range->min) {
        range->min = value;
        range->min_at = structure;
    }
    if (range->n == 0 || value > range->max) {
        range->max = value;
        range->max_at = structure;
    }
    range->n++;
    range->sum += value;
    range->sum_of_squares += value * value;
}

static int element_index(const struct nnp_summary *summary, int atomic_number)
{
    int e = 0;
    while (e < summary->n_elements && summary->elements[e].atomic_number != atomic_number)
        e++;
    return e;
}

static int compare_elements(const void *a, const void *b)
{
    const struct nnp_summary_element *x = a, *y = b;
    return (x->atomic_number > y->atomic_number) - (x->atomic_number < y->atomic_number);
}

static bool count_elements(struct nnp_summary *summary)
{
    for (int s = 0; s < summary->n_structures; s++)
        for (int i = 0; i < summary->structures[s]->n_atoms; i++) {
            int z = summary->structures[s]->atomic_numbers[i], e = element_index(summary, z);
            if (e == summary->n_elements) {
                struct nnp_summary_element *moved = realloc(
                    summary->elements, ((size_t)summary->n_elements + 1) * sizeof *moved);
                if (!moved)
                    return false;
                summary->elements = moved;
                moved[summary->n_elements++] = (struct nnp_summary_element){z, 0, 0};
            }
            summary->elements[e].n_atoms++;
        }
    if (summary->n_elements > 0)
        qsort(summary->elements, (size_t)summary->n_elements, sizeof *summary->elements,
              compare_elements);
    for (int s = 0; s < summary->n_structures; s++)
        for (int e = 0; e < summary->n_elements; e++)
            for (int i = 0; i < summary->structures[s]->n_atoms; i++)
                if (summary->structures[s]->atomic_numbers[i] ==
                    summary->elements[e].atomic_number) {
                    summary->elements[e].n_structures++;
                    break;
                }
    return true;
}

static bool is_new_group(const struct nnp_summary *summary, int s)
{
    const char *group = summary->structures[s]->group;
    for (int other = 0; group && other < s; other++)
        if (summary->structures[other]->group &&
            strcmp(summary->structures[other]->group, group) == 0)
            return false;
    return group;
}

/* V / |a x b| for the three pairs of vectors. */
static double smallest_width(const struct nnp_cell *cell)
{
    double width = INFINITY;
    for (int k = 0; k < 3; k++) {
        const double *a = cell->vectors[k], *b = cell->vectors[(k + 1) % 3];
        double x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2];
        double z = a[0] * b[1] - a[1] * b[0];
        width = fmin(width, nnp_cell_volume(cell) / sqrt(x * x + y * y + z * z));
    }
    return width;
}

static void add_structure(struct nnp_summary *summary, int s)
{
    const struct nnp_structure *structure = summary->structures[s];
    int n_directions = 0;
    for (int k = 0; k < 3; k++)
        n_directions += structure->cell.periodic[k];
    summary->n_atoms += structure->n_atoms;
    if (s == 0 || structure->n_atoms < summary->fewest_atoms)
        summary->fewest_atoms = structure->n_atoms;
    if (structure->n_atoms > summary->most_atoms)
        summary->most_atoms = structure->n_atoms;
    summary->n_periodic += n_directions == 3;
    summary->n_clusters += n_directions == 0;
    summary->n_energies += structure->has_energy;
    summary->n_forces += structure->has_forces;
    summary->n_stresses += structure->has_stress;
    summary->n_groups += is_new_group(summary, s);
    if (n_directions == 3) {
        double width = smallest_width(&structure->cell);
        if (summary->smallest_width == 0.0 || width < summary->smallest_width)
            summary->smallest_width = width;
    }
    if (structure->has_energy)
        widen(&summary->energy, structure->energy / structure->n_atoms, s);
    for (size_t c = 0; structure->has_forces && c < 3 * (size_t)structure->n_atoms; c++)
        widen(&summary->force, structure->forces[c], s);
    for (int c = 0; structure->has_stress && c < 6; c++)
        widen(&summary->stress, gigapascal * structure->stress[c], s);
}

static enum nnp_status find_distances(struct nnp_summary *summary, int s,
                                      struct nnp_error *error)
{
    const struct nnp_structure *structure = summary->structures[s];
    struct nnp_neighbor_list list;
    enum nnp_status status =
        nnp_neighbor_list_build(&list, &structure->cell, structure->n_atoms,
                                structure->positions, nnp_summary_reach, error);
    if (status)
        return status;
    for (int i = 0; i < structure->n_atoms; i++) {
        double nearest = INFINITY;
        int e = element_index(summary, structure->atomic_numbers[i]);
        for (int k = 0; k < list.n_neighbors[i]; k++) {
            int j = list.neighbors[i][k];
            int f = element_index(summary, structure->atomic_numbers[list.owners[j]]);
            double r2 = 0.0;
            for (int c = 0; c < 3; c++) {
                double d = list.positions[3 * j + c] - list.positions[3 * i + c];
                r2 += d * d;
            }
            nearest = fmin(nearest, sqrt(r2));
            if (e <= f)
                widen(&summary->distances[e * summary->n_elements + f], sqrt(r2), s);
        }
        if (isfinite(nearest))
            widen(&summary->nearest, nearest, s);
    }
    nnp_neighbor_list_free(&list);
    return NNP_SUCCESS;
}

/* The outliers with the largest multiples of what is typical stay. */
static void add_outlier(struct nnp_summary *summary, const struct nnp_summary_outlier *outlier)
{
    int at = summary->n_outliers;
    double multiple = fabs(outlier->value) / outlier->typical;
    while (at > 0 &&
           multiple > fabs(summary->outliers[at - 1].value) / summary->outliers[at - 1].typical)
        at--;
    if (at == NNP_MAX_OUTLIERS)
        return;
    if (summary->n_outliers < NNP_MAX_OUTLIERS)
        summary->n_outliers++;
    memmove(&summary->outliers[at + 1], &summary->outliers[at],
            (size_t)(summary->n_outliers - at - 1) * sizeof *outlier);
    summary->outliers[at] = *outlier;
}

static void find_force_outliers(struct nnp_summary *summary)
{
    double typical = summary->force.n > 0
                         ? sqrt(summary->force.sum_of_squares / (double)summary->force.n)
                         : 0.0;
    for (int s = 0; s < summary->n_structures && typical > 0.0; s++) {
        const struct nnp_structure *structure = summary->structures[s];
        double largest = 0.0;
        for (size_t c = 0; structure->has_forces && c < 3 * (size_t)structure->n_atoms; c++)
            largest = fmax(largest, fabs(structure->forces[c]));
        if (largest > far_force * typical)
            add_outlier(summary, &(struct nnp_summary_outlier){s, true, largest, typical});
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Residuals of energies per atom from sum_e (N_e / N) E0_e, typical: 1.4826 times the median of
 * their magnitudes. */
static enum nnp_status find_energy_outliers(struct nnp_summary *summary,
                                            struct nnp_error *error)
{
    size_t n = (size_t)summary->n_elements, m = (size_t)summary->n_energies, row = 0;
    double *parts = calloc(m + 1, n * sizeof *parts), *copy = calloc(m + 1, n * sizeof *copy);
    double *energies = calloc(m + 1, sizeof *energies), *e0 = calloc(n + 1, sizeof *e0);
    double *sorted = calloc(m + 1, sizeof *sorted);
    enum nnp_status status = NNP_SUCCESS;
    if (!parts || !copy || !energies || !e0 || !sorted)
        status = no_memory(error);
    for (int s = 0; s < summary->n_structures && !status; s++) {
        const struct nnp_structure *structure = summary->structures[s];
        if (!structure->has_energy)
            continue;
        for (int i = 0; i < structure->n_atoms; i++)
            parts[row * n + (size_t)element_index(summary, structure->atomic_numbers[i])] +=
                1.0 / structure->n_atoms;
        energies[row++] = structure->energy / structure->n_atoms;
    }
    if (!status && m > 0) {
        memcpy(copy, parts, m * n * sizeof *copy);
        status = nnp_least_squares((int)m, (int)n, copy, energies, e0, error);
    }
    for (size_t r = 0; r < m && !status; r++) {
        for (size_t e = 0; e < n; e++)
            energies[r] -= parts[r * n + e] * e0[e];
        sorted[r] = fabs(energies[r]);
    }
    if (!status && m > 0) {
        qsort(sorted, m, sizeof *sorted, compare_doubles);
        double typical = 1.4826 * sorted[m / 2];
        row = 0;
        for (int s = 0; s < summary->n_structures && typical > 1e-6; s++)
            if (summary->structures[s]->has_energy &&
                fabs(energies[row++]) > far_energy * typical)
                add_outlier(summary, &(struct nnp_summary_outlier){s, false, energies[row - 1],
                                                                   typical});
    }
    free(parts);
    free(copy);
    free(energies);
    free(e0);
    free(sorted);
    return status;
}

enum nnp_status nnp_summary_make(struct nnp_summary *summary, int n,
                                 const struct nnp_structure *const *structures,
                                 struct nnp_error *error)
{
    *summary = (struct nnp_summary){.n_structures = n, .structures = structures};
    enum nnp_status status = count_elements(summary) ? NNP_SUCCESS : no_memory(error);
    size_t n_elements = (size_t)summary->n_elements;
    if (!status) {
        summary->distances = calloc(n_elements * n_elements + 1, sizeof *summary->distances);
        status = summary->distances ? NNP_SUCCESS : no_memory(error);
    }
    for (int s = 0; s < n && !status; s++) {
        add_structure(summary, s);
        status = find_distances(summary, s, error);
    }
    if (!status)
        status = find_energy_outliers(summary, error);
    if (!status)
        find_force_outliers(summary);
    else
        nnp_summary_free(summary);
    return status;
}

void nnp_summary_free(struct nnp_summary *summary)
{
    free(summary->elements);
    free(summary->distances);
    *summary = (struct nnp_summary){0};
}
