/* One structure at a time. */
#include "descriptor_worker.h"

#include "descriptor_pass.h"

#include <stdlib.h>

struct nnp_descriptor_worker {
    const struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    int n_functions, n_atoms;
    double *g;                           /* [n_functions] */
    double *dg_dr;                       /* [n_functions][n_atoms][3], of one atom */
    double *dg_dstrain;                  /* [n_functions][6] */
    double *scratch;                     /* [n_atoms][n_functions] */
    double *columns[2];                  /* [3 n_atoms + 6 + NNP_ROW_LANES] */
    struct nnp_stored_jacobian jacobian; /* the one that is prepared */
    double *jacobian_values;             /* [n_jacobian] */
    size_t n_jacobian;
    const struct nnp_structure *current; /* whose Jacobian that is, NULL: of none */
    double **rows;                       /* [n_atoms] in scratch */
    bool has_failed;
    struct nnp_descriptor_pass pass; /* of the last product, structure NULL: none */
};

enum nnp_status nnp_descriptor_worker_create(struct nnp_descriptor_worker **worker,
                                             const struct nnp_potential *potential,
                                             struct nnp_error *error)
{
    struct nnp_descriptor_worker *made = calloc(1, sizeof *made);
    enum nnp_status status;
    *worker = NULL;
    if (made) {
        made->potential = potential;
        made->n_functions = nnp_descriptor_most_functions(potential);
        made->g = calloc((size_t)made->n_functions + 1, sizeof(double));
        made->dg_dstrain = calloc((size_t)made->n_functions + 1, 6 * sizeof(double));
    }
    if (made && made->g && made->dg_dstrain)
        status = nnp_evaluator_create(&made->evaluator, potential, NULL, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for symmetry functions");
    if (status)
        nnp_descriptor_worker_free(made);
    else
        *worker = made;
    return status;
}

void nnp_descriptor_worker_free(struct nnp_descriptor_worker *worker)
{
    if (!worker)
        return;
    nnp_descriptor_pass_end(&worker->pass);
    nnp_evaluator_free(worker->evaluator);
    free(worker->rows);
    free(worker->g);
    free(worker->dg_dr);
    free(worker->dg_dstrain);
    free(worker->scratch);
    free(worker->columns[0]);
    free(worker->columns[1]);
    nnp_stored_jacobian_free(&worker->jacobian);
    free(worker->jacobian_values);
    free(worker);
}

/* A longer array, its contents lost; false, and as it was, where memory fails. */
static bool lengthen(double **array, size_t n, size_t width)
{
    double *longer = calloc(n + 1, (width + 1) * sizeof *longer);
    if (!longer)
        return false;
    free(*array);
    *array = longer;
    return true;
}

/* One row of scratch for every atom. */
static bool place_rows(struct nnp_descriptor_worker *worker, int n_atoms)
{
    double **rows = calloc((size_t)n_atoms + 1, sizeof *rows);
    if (!rows)
        return false;
    for (int i = 0; i < n_atoms; i++)
        rows[i] = worker->scratch + (size_t)i * (size_t)worker->n_functions;
    free(worker->rows);
    worker->rows = rows;
    return true;
}

enum nnp_status nnp_descriptor_worker_reserve(struct nnp_descriptor_worker *worker, int n_atoms,
                                              struct nnp_error *error)
{
    size_t n_functions = (size_t)worker->n_functions;
    bool done = true;
    if (n_atoms > worker->n_atoms) {
        done = lengthen(&worker->dg_dr, 3 * (size_t)n_atoms, n_functions) &&
               lengthen(&worker->scratch, (size_t)n_atoms, n_functions) &&
               lengthen(&worker->columns[0], 3 * (size_t)n_atoms + 6 + NNP_ROW_LANES, 1) &&
               lengthen(&worker->columns[1], 3 * (size_t)n_atoms + 6 + NNP_ROW_LANES, 1);
        done = done && place_rows(worker, n_atoms);
        worker->n_atoms = done ? n_atoms : worker->n_atoms;
    }
    return done ? NNP_SUCCESS
                : nnp_error_set(error, NNP_ERROR_MEMORY,
                                "no memory for the symmetry functions of %d atoms", n_atoms);
}

/* The parts of one atom's derivatives, from part *next on. */
static void store_parts(const struct nnp_descriptor_worker *worker, int n_atoms, int atom,
                        const struct nnp_stored_jacobian *stored, int *next)
{
    for (; *next < stored->n_parts && stored->parts[*next].atom == atom; ++*next)
        nnp_stored_jacobian_set(stored, &stored->parts[*next], n_atoms, worker->dg_dr,
                                worker->dg_dstrain, worker->columns[0]);
}

/* Values, unless they are NULL, and the Jacobian of the structure of a pass, unless that is. */
static enum nnp_status evaluate(struct nnp_descriptor_worker *worker,
                                const struct nnp_descriptor_layout *layout,
                                const struct nnp_descriptor_pass *pass, double *const *values,
                                const struct nnp_stored_jacobian *jacobian,
                                struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int next = 0;
    for (int i = 0; i < layout->n_atoms && !status; i++) {
        int e = layout->elements[i];
        size_t n_functions = (size_t)worker->potential->descriptors[e].n_functions;
        double *g = values ? values[e] + (size_t)layout->values[i] * n_functions : worker->g;
        status = nnp_descriptor_pass_atom(pass, worker->evaluator, i, g,
                                          jacobian ? worker->dg_dr : NULL,
                                          jacobian ? worker->dg_dstrain : NULL, error);
        if (jacobian && !status)
            store_parts(worker, layout->n_atoms, i, jacobian, &next);
    }
    return status;
}

enum nnp_status nnp_descriptor_worker_evaluate(
    struct nnp_descriptor_worker *worker, const struct nnp_descriptor_layout *layout,
    const struct nnp_structure *structure, double *const *values,
    const struct nnp_function_groups *groups, size_t n_jacobian,
    struct nnp_stored_jacobian *jacobian, void *memory, struct nnp_error *error)
{
    struct nnp_descriptor_pass pass;
    enum nnp_status status =
        nnp_descriptor_pass_begin(&pass, worker->potential, structure, error);
    if (status)
        return status;
    if (jacobian && !nnp_stored_jacobian_init(jacobian, groups, layout->elements, &pass.list))
        status = nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for the derivatives of %d atoms", structure->n_atoms);
    if (jacobian && jacobian->n_values <= n_jacobian)
        jacobian->values = memory;
    else
        jacobian = NULL;
    if (!status)
        status = evaluate(worker, layout, &pass, values, jacobian, error);
    nnp_descriptor_pass_end(&pass);
    return status;
}

/* Lays out the Jacobian of the structure of a pass. */
static bool lay_out(struct nnp_descriptor_worker *worker,
                    const struct nnp_descriptor_layout *layout,
                    const struct nnp_neighbor_list *list,
                    const struct nnp_function_groups *groups)
{
    struct nnp_stored_jacobian *jacobian = &worker->jacobian;
    nnp_stored_jacobian_free(jacobian);
    jacobian->number = NNP_DOUBLE;
    if (!nnp_stored_jacobian_init(jacobian, groups, layout->elements, list))
        return false;
    if (jacobian->n_values > worker->n_jacobian) {
        if (!lengthen(&worker->jacobian_values, jacobian->n_values, 0))
            return false;
        worker->n_jacobian = jacobian->n_values;
    }
    jacobian->values = worker->jacobian_values;
    return true;
}

static bool prepare(struct nnp_descriptor_worker *worker,
                    const struct nnp_descriptor_layout *layout,
                    const struct nnp_structure *structure,
                    const struct nnp_function_groups *groups)
{
    struct nnp_descriptor_pass pass;
    if (nnp_descriptor_pass_begin(&pass, worker->potential, structure, NULL))
        return false;
    const bool done =
        lay_out(worker, layout, &pass.list, groups) &&
        evaluate(worker, layout, &pass, NULL, &worker->jacobian, NULL) == NNP_SUCCESS;
    nnp_descriptor_pass_end(&pass);
    return done;
}

bool nnp_descriptor_worker_prepare(struct nnp_descriptor_worker *worker,
                                   const struct nnp_descriptor_layout *layout,
                                   const struct nnp_structure *structure,
                                   const struct nnp_function_groups *groups)
{
    if (worker->current == structure)
        return true;
    const bool done = prepare(worker, layout, structure, groups);
    worker->current = done ? structure : NULL;
    worker->has_failed = worker->has_failed || !done;
    return done;
}

bool nnp_descriptor_worker_has_failed(const struct nnp_descriptor_worker *worker)
{
    return worker->has_failed;
}

void nnp_descriptor_worker_release(struct nnp_descriptor_worker *worker)
{
    worker->current = NULL;
}

const struct nnp_stored_jacobian *
nnp_descriptor_worker_jacobian(const struct nnp_descriptor_worker *worker,
                               const struct nnp_structure *structure)
{
    return worker->current == structure ? &worker->jacobian : NULL;
}

double *const *nnp_descriptor_worker_rows(struct nnp_descriptor_worker *worker)
{
    return worker->rows;
}

/* The two products of a structure, which follow one another, share its neighbor list. */
static bool open_pass(struct nnp_descriptor_worker *worker,
                      const struct nnp_structure *structure)
{
    if (worker->pass.structure == structure)
        return true;
    nnp_descriptor_pass_end(&worker->pass);
    return nnp_descriptor_pass_begin(&worker->pass, worker->potential, structure, NULL) ==
           NNP_SUCCESS;
}

static bool note(struct nnp_descriptor_worker *worker, bool done)
{
    worker->has_failed = worker->has_failed || !done;
    return done;
}

bool nnp_descriptor_worker_transposed(struct nnp_descriptor_worker *worker,
                                      const struct nnp_structure *structure, double *y)
{
    bool done = open_pass(worker, structure) &&
                nnp_evaluate_transposed(
                    worker->evaluator, &worker->pass.atoms, worker->pass.list.owners,
                    structure->n_atoms, (const double *const *)worker->rows, y,
                    y + 3 * (size_t)structure->n_atoms, NULL) == NNP_SUCCESS;
    return note(worker, done);
}

bool nnp_descriptor_worker_directional(struct nnp_descriptor_worker *worker,
                                       const struct nnp_structure *structure, const double *v)
{
    bool done = open_pass(worker, structure) &&
                nnp_evaluate_directional(
                    worker->evaluator, &worker->pass.atoms, worker->pass.list.owners, v,
                    v + 3 * (size_t)structure->n_atoms, worker->rows, NULL) == NNP_SUCCESS;
    return note(worker, done);
}

double *nnp_descriptor_worker_scratch(struct nnp_descriptor_worker *worker)
{
    return worker->scratch;
}

double *nnp_descriptor_worker_columns(struct nnp_descriptor_worker *worker, int which)
{
    return worker->columns[which];
}
