/* Every member is evaluated as a potential of its own; the equations stand in committee.h. */
#include "committee.h"

#include "nnp/evaluate.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct nnp_committee {
    int n_members;
    struct nnp_potential *members; /* [n_members], what they point to is the potential's */
    struct nnp_evaluator **evaluators;
    size_t capacity;                  /* atoms */
    double *forces, *means, *squares; /* [capacity][3]: of a member; running mean; sum of
                                         squared differences from it */
};

enum nnp_status nnp_committee_create(struct nnp_committee **committee,
                                     const struct nnp_potential *potential,
                                     struct nnp_error *error)
{
    size_t n = (size_t)potential->n_members;
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_committee *made = calloc(1, sizeof *made);
    *committee = NULL;
    if (made) {
        made->n_members = potential->n_members;
        made->members = calloc(n, sizeof *made->members);
        made->evaluators = calloc(n, sizeof *made->evaluators);
    }
    if (!made || !made->members || !made->evaluators) {
        nnp_committee_free(made);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a committee of %zu", n);
    }
    for (int m = 0; m < potential->n_members && !status; m++) {
        made->members[m] = *potential;
        made->members[m].n_members = 1;
        made->members[m].networks = potential->networks + m * potential->n_elements;
        status = nnp_evaluator_create(&made->evaluators[m], &made->members[m], NULL, error);
    }
    if (status)
        nnp_committee_free(made);
    else
        *committee = made;
    return status;
}

void nnp_committee_free(struct nnp_committee *committee)
{
    if (!committee)
        return;
    for (int m = 0; committee->evaluators && m < committee->n_members; m++)
        nnp_evaluator_free(committee->evaluators[m]);
    free(committee->evaluators);
    free(committee->members);
    free(committee->forces);
    free(committee);
}

static enum nnp_status reserve(struct nnp_committee *committee, size_t n_atoms,
                               struct nnp_error *error)
{
    if (n_atoms > committee->capacity) {
        double *forces = calloc(9 * n_atoms, sizeof *forces);
        if (!forces)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu atoms", n_atoms);
        free(committee->forces);
        committee->forces = forces;
        committee->capacity = n_atoms;
    }
    committee->means = committee->forces + 3 * committee->capacity;
    committee->squares = committee->forces + 6 * committee->capacity;
    memset(committee->means, 0, 3 * n_atoms * sizeof(double));
    memset(committee->squares, 0, 3 * n_atoms * sizeof(double));
    return NNP_SUCCESS;
}

/* Adds the n-th value to a mean and a sum of squares (B. P. Welford, Technometrics 4, 419
 * (1962)). */
static void add_value(double value, int n, double *mean, double *squares)
{
    double difference = value - *mean;
    *mean += difference / n;
    *squares += difference * (value - *mean);
}

static void set_spread(const struct nnp_committee *committee,
                       const struct nnp_structure *structure, double energy,
                       double energy_squares, struct nnp_spread *spread, double *force_spreads)
{
    double n_atoms = structure->n_atoms, n_members = committee->n_members;
    *spread = (struct nnp_spread){
        .energy = sqrt(energy_squares / n_members) / n_atoms,
        .energy_error =
            structure->has_energy ? fabs(energy - structure->energy) / n_atoms : -1.0,
        .n_atoms = n_atoms,
    };
    for (int i = 0; i < structure->n_atoms; i++) {
        const double *squares = committee->squares + 3 * (size_t)i;
        double s2 = (squares[0] + squares[1] + squares[2]) / (3.0 * n_members), e2 = 0.0;
        spread->forces += s2;
        if (force_spreads)
            force_spreads[i] = sqrt(s2);
        if (!structure->has_forces)
            continue;
        for (size_t c = 3 * (size_t)i; c < 3 * (size_t)i + 3; c++) {
            double difference = committee->means[c] - structure->forces[c];
            e2 += difference * difference / 3.0;
        }
        spread->n_errors += 1.0;
        spread->sum_s += sqrt(s2);
        spread->sum_e += sqrt(e2);
        spread->sum_ss += s2;
        spread->sum_ee += e2;
        spread->sum_se += sqrt(s2 * e2);
    }
}

enum nnp_status nnp_committee_evaluate(struct nnp_committee *committee,
                                       const struct nnp_structure *structure,
                                       struct nnp_spread *spread, double *force_spreads,
                                       struct nnp_error *error)
{
    size_t n = 3 * (size_t)structure->n_atoms;
    double energy = 0.0, energy_squares = 0.0;
    enum nnp_status status = reserve(committee, (size_t)structure->n_atoms, error);
    for (int m = 0; m < committee->n_members && !status; m++) {
        struct nnp_structure_results results = {.forces = committee->forces};
        struct nnp_error inner;
        status = nnp_evaluate_structure(committee->evaluators[m], &structure->cell,
                                        structure->n_atoms, structure->atomic_numbers,
                                        structure->positions, &results, &inner);
        if (status)
            return nnp_error_set(error, status, "%s:%d: %.800s", structure->file,
                                 structure->line, inner.message);
        add_value(results.energy, m + 1, &energy, &energy_squares);
        for (size_t c = 0; c < n; c++)
            add_value(committee->forces[c], m + 1, &committee->means[c],
                      &committee->squares[c]);
    }
    if (!status)
        set_spread(committee, structure, energy, energy_squares, spread, force_spreads);
    return status;
}

/* Pearson's coefficient from n, sums, and sums of products; NaN where one does not vary. */
static double correlate(double n, double x, double y, double xx, double yy, double xy)
{
    double a = n * xx - x * x, b = n * yy - y * y;
    /* What is left of the squares must not be their rounding. */
    bool varies = n > 1.0 && a > 1e-12 * n * xx && b > 1e-12 * n * yy;
    return varies ? (n * xy - x * y) / sqrt(a * b) : NAN;
}

struct nnp_spread_summary nnp_committee_summarize(const struct nnp_committee *committee, int n,
                                                  const struct nnp_spread *spreads)
{
    struct nnp_spread_summary summary = {.n_members = committee->n_members, .n_structures = n};
    struct nnp_spread e = {0}, f = {0}; /* e: the sums with energies in place of forces */
    double n_atoms = 0.0;
    for (int s = 0; s < n; s++) {
        const struct nnp_spread *spread = &spreads[s];
        summary.energy += spread->energy * spread->energy / n;
        summary.forces += spread->forces;
        n_atoms += spread->n_atoms;
        f.n_errors += spread->n_errors;
        f.sum_s += spread->sum_s;
        f.sum_e += spread->sum_e;
        f.sum_ss += spread->sum_ss;
        f.sum_ee += spread->sum_ee;
        f.sum_se += spread->sum_se;
        if (spread->energy_error < 0.0)
            continue;
        e.n_errors += 1.0;
        e.sum_s += spread->energy;
        e.sum_e += spread->energy_error;
        e.sum_ss += spread->energy * spread->energy;
        e.sum_ee += spread->energy_error * spread->energy_error;
        e.sum_se += spread->energy * spread->energy_error;
    }
    summary.energy = sqrt(summary.energy);
    summary.forces = n_atoms > 0.0 ? sqrt(summary.forces / n_atoms) : 0.0;
    summary.energy_correlation =
        correlate(e.n_errors, e.sum_s, e.sum_e, e.sum_ss, e.sum_ee, e.sum_se);
    summary.forces_correlation =
        correlate(f.n_errors, f.sum_s, f.sum_e, f.sum_ss, f.sum_ee, f.sum_se);
    return summary;
}

enum nnp_status nnp_committee_compare(const struct nnp_parallel *parallel,
                                      const struct nnp_potential *potential, int n,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_spread_summary *summary,
                                      struct nnp_error *error)
{
    struct nnp_committee *committee = NULL;
    struct nnp_spread *spreads = calloc((size_t)n + 1, sizeof *spreads);
    int *first = calloc((size_t)parallel->size + 1, sizeof *first);
    enum nnp_status status;
    if (spreads && first)
        status = nnp_committee_create(&committee, potential, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures", n);
    for (int r = 0; !status && r <= parallel->size; r++)
        first[r] = (int)((long)n * r / parallel->size);
    for (int s = status ? n : first[parallel->rank]; !status && s < first[parallel->rank + 1];
         s++)
        status = nnp_committee_evaluate(committee, structures[s], &spreads[s], NULL, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && spreads && first && committee) {
        nnp_parallel_gather(parallel, first, sizeof *spreads / sizeof(double),
                            (double *)spreads);
        *summary = nnp_committee_summarize(committee, n, spreads);
    }
    nnp_committee_free(committee);
    free(spreads);
    free(first);
    return status;
}
