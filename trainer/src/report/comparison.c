/* Every structure goes through the evaluator once for the potential and once for each member of
 * a committee. */
#include "comparison.h"

#include "committee.h"
#include "nnp/evaluate.h"
#include "predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double gigapascal = 160.21766; /* per eV/Angstrom^3 (CODATA 2018) */

const char *nnp_quantity_name(enum nnp_quantity quantity)
{
    static const char *const names[] = {"energy", "forces", "stress"};
    return names[quantity];
}

const char *nnp_quantity_unit(enum nnp_quantity quantity)
{
    static const char *const units[] = {"eV/atom", "eV/A", "GPa"};
    return units[quantity];
}

static bool add_point(struct nnp_comparison *comparison, enum nnp_quantity quantity, int atom,
                      int component, double reference, double predicted)
{
    size_t n = comparison->quantities[quantity].n;
    size_t *capacity = &comparison->quantities[quantity].capacity;
    struct nnp_point **points = &comparison->quantities[quantity].points;
    if (n == *capacity) {
        size_t more = 2 * n + 1000;
        struct nnp_point *moved = realloc(*points, more * sizeof **points);
        if (!moved)
            return false;
        *points = moved;
        *capacity = more;
    }
    (*points)[n] =
        (struct nnp_point){comparison->n_structures, atom, component, reference, predicted};
    comparison->quantities[quantity].n++;
    return true;
}

static bool add_forces(struct nnp_comparison *comparison,
                       struct nnp_compared_structure *compared,
                       const struct nnp_structure *reference,
                       const struct nnp_structure *predicted)
{
    double sum = 0.0;
    size_t n = 3 * (size_t)reference->n_atoms;
    for (size_t c = 0; c < n; c++) {
        double difference = predicted->forces[c] - reference->forces[c];
        sum += difference * difference;
        if (!add_point(comparison, NNP_QUANTITY_FORCES, (int)(c / 3), (int)(c % 3),
                       reference->forces[c], predicted->forces[c]))
            return false;
    }
    compared->force_error = sqrt(sum / (double)n);
    return true;
}

static bool add_points(struct nnp_comparison *comparison,
                       struct nnp_compared_structure *compared,
                       const struct nnp_structure *reference,
                       const struct nnp_structure *predicted)
{
    bool done = true;
    compared->energy_error = compared->force_error = -1.0;
    if (reference->has_energy) {
        double e0 = reference->energy / reference->n_atoms;
        double e = predicted->energy / reference->n_atoms;
        compared->energy_error = fabs(e - e0);
        done = add_point(comparison, NNP_QUANTITY_ENERGY, -1, -1, e0, e);
    }
    if (done && reference->has_forces)
        done = add_forces(comparison, compared, reference, predicted);
    for (int c = 0; c < 6 && done && reference->has_stress && predicted->has_stress; c++)
        done = add_point(comparison, NNP_QUANTITY_STRESS, -1, c,
                         gigapascal * reference->stress[c], gigapascal * predicted->stress[c]);
    return done;
}

/* The group's number, a new one where it is not known yet. */
static int find_group(struct nnp_comparison *comparison, const char *name)
{
    for (int g = 0; g < comparison->n_groups; g++)
        if (strcmp(comparison->groups[g], name) == 0)
            return g;
    comparison->groups[comparison->n_groups] = name;
    return comparison->n_groups++;
}

static double mean_element_energy(const struct nnp_potential *potential,
                                  const struct nnp_structure *structure)
{
    double sum = 0.0;
    for (int i = 0; i < structure->n_atoms; i++)
        for (int e = 0; e < potential->n_elements; e++)
            if (potential->elements[e].atomic_number == structure->atomic_numbers[i])
                sum += potential->elements[e].energy;
    double unit = potential->energy_unit == NNP_EV ? 1.0 : 27.211386245988;
    return unit * sum / structure->n_atoms;
}

static enum nnp_status find_spread(struct nnp_committee *committee,
                                   struct nnp_compared_structure *compared,
                                   struct nnp_error *error)
{
    struct nnp_spread spread;
    enum nnp_status status =
        nnp_committee_evaluate(committee, compared->structure, &spread, NULL, error);
    if (status)
        return status;
    compared->energy_spread = spread.energy;
    compared->force_spread = sqrt(spread.forces / spread.n_atoms);
    return NNP_SUCCESS;
}

static enum nnp_status compare(struct nnp_comparison *comparison,
                               struct nnp_evaluator *evaluator, struct nnp_committee *committee,
                               const struct nnp_structure *structure, int set, int number,
                               struct nnp_error *error)
{
    struct nnp_compared_structure *compared = &comparison->structures[comparison->n_structures];
    struct nnp_structure predicted;
    struct nnp_residual residual;
    double *atomic_energies;
    enum nnp_status status = nnp_predict(evaluator, structure, &predicted, &atomic_energies,
                                         &residual, &compared->n_extrapolations, error);
    if (status)
        return status;
    compared->structure = structure;
    compared->set = set;
    compared->number = number;
    compared->group = find_group(comparison, structure->group ? structure->group : "");
    compared->element_energy =
        mean_element_energy(nnp_evaluator_potential(evaluator), structure);
    if (!add_points(comparison, compared, structure, &predicted))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the points of a report");
    if (!status && committee)
        status = find_spread(committee, compared, error);
    comparison->n_structures++;
    free(atomic_energies);
    nnp_structure_free(&predicted);
    return status;
}

static enum nnp_status allocate(struct nnp_comparison *comparison, int n_sets,
                                const struct nnp_report_set *sets, struct nnp_error *error)
{
    size_t n = 1;
    for (int k = 0; k < n_sets; k++)
        n += (size_t)sets[k].n_structures;
    comparison->sets = calloc((size_t)n_sets + 1, sizeof *comparison->sets);
    comparison->groups = calloc(n, sizeof *comparison->groups);
    comparison->structures = calloc(n, sizeof *comparison->structures);
    if (!comparison->sets || !comparison->groups || !comparison->structures)
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for a report of %zu structures", n - 1);
    comparison->n_sets = n_sets;
    for (int k = 0; k < n_sets; k++)
        comparison->sets[k] = sets[k].name;
    return NNP_SUCCESS;
}

enum nnp_status nnp_comparison_make(struct nnp_comparison *comparison,
                                    const struct nnp_potential *potential, int n_sets,
                                    const struct nnp_report_set *sets, struct nnp_error *error)
{
    struct nnp_evaluator *evaluator = NULL;
    struct nnp_committee *committee = NULL;
    *comparison = (struct nnp_comparison){.n_members = potential->n_members};
    enum nnp_status status = allocate(comparison, n_sets, sets, error);
    if (!status)
        status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    if (!status && potential->n_members > 1)
        status = nnp_committee_create(&committee, potential, error);
    for (int k = 0; k < n_sets && !status; k++)
        for (int s = 0; s < sets[k].n_structures && !status; s++)
            status = compare(comparison, evaluator, committee, sets[k].structures[s], k, s + 1,
                             error);
    nnp_committee_free(committee);
    nnp_evaluator_free(evaluator);
    if (status)
        nnp_comparison_free(comparison);
    return status;
}

void nnp_comparison_free(struct nnp_comparison *comparison)
{
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        free(comparison->quantities[q].points);
    free(comparison->sets);
    free(comparison->groups);
    free(comparison->structures);
    *comparison = (struct nnp_comparison){0};
}

struct nnp_errors nnp_comparison_errors(const struct nnp_comparison *comparison,
                                        enum nnp_quantity quantity, int set, int group)
{
    struct nnp_errors errors = {0};
    for (size_t k = 0; k < comparison->quantities[quantity].n; k++) {
        const struct nnp_point *point = &comparison->quantities[quantity].points[k];
        const struct nnp_compared_structure *s = &comparison->structures[point->structure];
        if ((set >= 0 && s->set != set) || (group >= 0 && s->group != group))
            continue;
        double error = fabs(point->predicted - point->reference);
        errors.n++;
        errors.rmse += error * error;
        errors.mae += error;
        errors.largest = fmax(errors.largest, error);
    }
    if (errors.n > 0) {
        errors.rmse = sqrt(errors.rmse / (double)errors.n);
        errors.mae /= (double)errors.n;
    }
    return errors;
}
