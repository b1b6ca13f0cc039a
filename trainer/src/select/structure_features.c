/* Symmetry functions of structures as rows. */
#include "structure_features.h"

#include "descriptor_pass.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct work {
    const struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    double *g;   /* functions of one atom */
    int *counts; /* [n_elements], atoms */
};

bool nnp_features_one_kind(int n_structures, const struct nnp_structure *const *structures)
{
    for (int s = 1; s < n_structures; s++)
        if (structures[s]->n_atoms != structures[0]->n_atoms ||
            memcmp(structures[s]->atomic_numbers, structures[0]->atomic_numbers,
                   (size_t)structures[0]->n_atoms * sizeof(int)) != 0)
            return false;
    return true;
}

/* Scaled functions of an atom into work->g; *e: its element. */
static enum nnp_status evaluate_atom(struct work *work, const struct nnp_descriptor_pass *pass,
                                     int atom, int *e, struct nnp_error *error)
{
    *e = pass->types[atom];
    const struct nnp_descriptor *descriptor = &work->potential->descriptors[*e];
    enum nnp_status status =
        nnp_descriptor_pass_atom(pass, work->evaluator, atom, work->g, NULL, NULL, error);
    for (int k = 0; k < descriptor->n_functions && !status; k++) {
        double factor, offset, shift;
        nnp_scaling_coefficients(&descriptor->scaling, k, &factor, &offset, &shift);
        work->g[k] = factor * (work->g[k] - offset) + shift;
    }
    return status;
}

static enum nnp_status fill_atoms(struct work *work, const struct nnp_descriptor_pass *pass,
                                  double *row, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < pass->structure->n_atoms && !status; i++) {
        int e;
        status = evaluate_atom(work, pass, i, &e, error);
        if (status)
            return status;
        size_t n = (size_t)work->potential->descriptors[e].n_functions;
        memcpy(row, work->g, n * sizeof *row);
        row += n;
    }
    return status;
}

/* First column of an element: of each function the mean and standard deviation, then the part.
 */
static size_t first_column(const struct nnp_potential *potential, int element)
{
    size_t first = 0;
    for (int e = 0; e < element; e++)
        first += 2 * (size_t)potential->descriptors[e].n_functions + 1;
    return first;
}

/* By updating means and sums of squares (B. P. Welford, Technometrics 4, 419 (1962)). */
static enum nnp_status fill_mean(struct work *work, const struct nnp_descriptor_pass *pass,
                                 double *row, struct nnp_error *error)
{
    const struct nnp_potential *potential = work->potential;
    int n_atoms = pass->structure->n_atoms;
    memset(work->counts, 0, (size_t)potential->n_elements * sizeof *work->counts);
    for (int i = 0; i < n_atoms; i++) {
        int e;
        enum nnp_status status = evaluate_atom(work, pass, i, &e, error);
        if (status)
            return status;
        double *mean = row + first_column(potential, e);
        double *squares = mean + potential->descriptors[e].n_functions;
        int n = ++work->counts[e];
        for (int k = 0; k < potential->descriptors[e].n_functions; k++) {
            double difference = work->g[k] - mean[k];
            mean[k] += difference / n;
            squares[k] += difference * (work->g[k] - mean[k]);
        }
    }
    for (int e = 0; e < potential->n_elements; e++) {
        int n = potential->descriptors[e].n_functions;
        double *squares = row + first_column(potential, e) + n;
        for (int k = 0; k < n && work->counts[e] > 0; k++)
            squares[k] = sqrt(squares[k] / work->counts[e]);
        squares[n] = (double)work->counts[e] / n_atoms;
    }
    return NNP_SUCCESS;
}

static enum nnp_status fill_row(struct work *work, const struct nnp_structure *structure,
                                enum nnp_features_kind kind, double *row,
                                struct nnp_error *error)
{
    struct nnp_descriptor_pass pass;
    enum nnp_status status =
        nnp_descriptor_pass_begin(&pass, work->potential, structure, error);
    if (status)
        return status;
    status = kind == NNP_FEATURES_ATOMS ? fill_atoms(work, &pass, row, error)
                                        : fill_mean(work, &pass, row, error);
    nnp_descriptor_pass_end(&pass);
    return status;
}

static enum nnp_status count_columns(const struct nnp_potential *potential,
                                     const struct nnp_structure *structure,
                                     enum nnp_features_kind kind, size_t *n_columns,
                                     struct nnp_error *error)
{
    *n_columns = first_column(potential, potential->n_elements);
    if (kind == NNP_FEATURES_MEAN)
        return NNP_SUCCESS;
    *n_columns = 0;
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        if (e < 0)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "%s:%d: atom %d is of an element that the potential does not "
                                 "cover",
                                 structure->file, structure->line, i + 1);
        *n_columns += (size_t)potential->descriptors[e].n_functions;
    }
    return NNP_SUCCESS;
}

static enum nnp_status allocate(struct nnp_features *features, struct work *work,
                                int n_structures, size_t n_columns, struct nnp_error *error)
{
    size_t most = 0, n_rows = (size_t)n_structures;
    unsigned n_elements = (unsigned)work->potential->n_elements;
    for (unsigned e = 0; e < n_elements; e++)
        if ((size_t)work->potential->descriptors[e].n_functions > most)
            most = (size_t)work->potential->descriptors[e].n_functions;
    work->g = calloc(most + 1, sizeof *work->g);
    work->counts = calloc(n_elements, sizeof *work->counts);
    if (n_columns <= INT32_MAX)
        features->values = calloc(n_rows + 1, (n_columns + 1) * sizeof *features->values);
    if (!work->g || !work->counts || !features->values)
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for %zu numbers of each of %d structures", n_columns,
                             n_structures);
    features->n_rows = n_structures;
    features->n_columns = (int)n_columns;
    return nnp_evaluator_create(&work->evaluator, work->potential, NULL, error);
}

enum nnp_status nnp_features_create(struct nnp_features *features,
                                    const struct nnp_potential *potential, int n_structures,
                                    const struct nnp_structure *const *structures,
                                    enum nnp_features_kind kind, struct nnp_error *error)
{
    struct work work = {.potential = potential};
    size_t n_columns = 0;
    enum nnp_status status = NNP_SUCCESS;
    *features = (struct nnp_features){0};
    if (kind == NNP_FEATURES_ATOMS && !nnp_features_one_kind(n_structures, structures))
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "atoms can be put side by side for structures with the same "
                             "elements in the same order only");
    if (n_structures > 0)
        status = count_columns(potential, structures[0], kind, &n_columns, error);
    if (!status)
        status = allocate(features, &work, n_structures, n_columns, error);
    for (int s = 0; s < n_structures && !status; s++)
        status = fill_row(&work, structures[s], kind, features->values + (size_t)s * n_columns,
                          error);
    nnp_evaluator_free(work.evaluator);
    free(work.g);
    free(work.counts);
    if (status)
        nnp_features_free(features);
    return status;
}

void nnp_features_free(struct nnp_features *features)
{
    free(features->values);
    *features = (struct nnp_features){0};
}
