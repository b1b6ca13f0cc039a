/* Normal equations, structure by structure.  The rows of J that belong to a structure are those
 * of its energy and of its y = (-forces, virial) (loss.c),
 *
 *   dE/dp = sum_i dE_i/dp,       dy_c/dp = sum_i d/dp (J_i[:, c] . dE_i/dx_i)
 *
 * with J_i = dx_i/d(R, strain), times the roots of their factors f, which with a robust loss
 * are those of the present residuals (robust.h).  loss_compare.c leaves dL/dy = 2 f (y -
 * y_ref), so that r = dL/dy / (2 sqrt f). */
#include "normal_equations.h"

#include "batches.h"
#include "linear_algebra.h"
#include "loss_parts.h"
#include "network_rows.h"
#include "ordered_sum.h"
#include "threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of one thread. */
struct work {
    struct nnp_network_rows **rows; /* [n_elements] */
    double *transposed;             /* J^T of a structure, [n][3 n_atoms + 7] at most */
    double *folded;                 /* the same of a folded network; NULL: no projection */
    double *factors, *residuals;    /* [3 n_atoms + 7], sqrt f and r */
    double *matrix;                 /* [n][n] at most, J^T J of elements in the structure */
    double *sums;                   /* J^T J packed by rows, and then J^T r [n] */
};

struct nnp_normal_equations {
    struct nnp_loss *loss;
    struct nnp_batches batches;
    struct nnp_ordered_sum *sum; /* of the structures' sums */
    int *selected;               /* [batch], structures */
    int *first;                  /* [n_ranks + 1], the ranks' places in selected */
    struct work *works;          /* [n_works of the loss] */
};

static size_t packed_size(size_t n)
{
    return n * (n + 1) / 2;
}

static int most_atoms(const struct nnp_fit_set *set)
{
    int most = 0;
    for (int s = 0; s < set->n_structures; s++)
        if (set->structures[s]->n_atoms > most)
            most = set->structures[s]->n_atoms;
    return most;
}

static enum nnp_status allocate_work(struct work *work, const struct nnp_loss *loss,
                                     struct nnp_error *error)
{
    size_t n = (size_t)loss->n_parameters;
    int n_atoms = most_atoms(loss->set), n_columns = 3 * n_atoms + 6;
    enum nnp_status status = NNP_SUCCESS;
    work->rows = calloc((size_t)loss->n_elements, sizeof *work->rows);
    work->transposed = calloc(n, ((size_t)n_columns + 1) * sizeof(double));
    if (loss->most_folded > 0)
        work->folded =
            calloc((size_t)loss->most_folded, ((size_t)n_columns + 1) * sizeof(double));
    work->factors = calloc((size_t)n_columns + 1, sizeof(double));
    work->residuals = calloc((size_t)n_columns + 1, sizeof(double));
    work->matrix = calloc(n, n * sizeof(double));
    work->sums = calloc(packed_size(n) + n, sizeof(double));
    if (!work->rows || !work->transposed || !work->factors || !work->residuals ||
        !work->matrix || !work->sums || (loss->most_folded > 0 && !work->folded))
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for normal equations of %zu parameters", n);
    for (int e = 0; e < loss->n_elements && !status; e++)
        status = nnp_network_rows_create(&work->rows[e], nnp_folded_network(&loss->folded[e]),
                                         n_atoms, n_columns, error);
    return status;
}

static void free_work(struct work *work, int n_elements)
{
    for (int e = 0; work->rows && e < n_elements; e++)
        nnp_network_rows_free(work->rows[e]);
    free(work->rows);
    free(work->transposed);
    free(work->folded);
    free(work->factors);
    free(work->residuals);
    free(work->matrix);
    free(work->sums);
}

static enum nnp_status allocate(struct nnp_normal_equations *equations, int batch,
                                struct nnp_error *error)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_parallel *parallel = loss->set->parallel;
    size_t n = (size_t)loss->n_parameters;
    enum nnp_status status =
        nnp_batches_init(&equations->batches, loss->set->n_structures, batch, error);
    if (status)
        return status;
    equations->selected = calloc((size_t)equations->batches.size + 1, sizeof(int));
    equations->first = calloc((size_t)parallel->size + 1, sizeof(int));
    equations->works = calloc((size_t)loss->n_works, sizeof *equations->works);
    if (!equations->selected || !equations->first || !equations->works)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for batches");
    status = nnp_ordered_sum_create(&equations->sum, parallel, equations->batches.size,
                                    packed_size(n) + n, error);
    for (int k = 0; k < loss->n_works && !status; k++)
        status = allocate_work(&equations->works[k], loss, error);
    return status;
}

enum nnp_status nnp_normal_equations_create(struct nnp_normal_equations **equations,
                                            struct nnp_loss *loss, int batch,
                                            struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *equations = calloc(1, sizeof **equations);
    if (*equations) {
        (*equations)->loss = loss;
        status = allocate(*equations, batch, error);
    } else {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for normal equations");
    }
    status = nnp_parallel_agree(loss->set->parallel, status, error);
    if (status) {
        nnp_normal_equations_free(*equations);
        *equations = NULL;
    }
    return status;
}

void nnp_normal_equations_free(struct nnp_normal_equations *equations)
{
    if (!equations)
        return;
    for (int k = 0; equations->works && k < equations->loss->n_works; k++)
        free_work(&equations->works[k], equations->loss->n_elements);
    nnp_ordered_sum_free(equations->sum);
    nnp_batches_free(&equations->batches);
    free(equations->works);
    free(equations->selected);
    free(equations->first);
    free(equations);
}

int nnp_normal_equations_n_batches(const struct nnp_normal_equations *equations)
{
    return equations->batches.n_batches;
}

/* Derivatives of y and E by the parameters of element e, [n_parameters of e][n_columns + 1]. */
static void differentiate(struct work *work, const struct nnp_loss_work *loss_work,
                          int structure_in_block, int e, int n_columns, double *derivatives)
{
    struct nnp_descriptor_jacobian jacobian;
    struct nnp_network_directions directions = {.n_columns = n_columns};
    if (loss_work->n_rows[e] == 0) {
        memset(derivatives, 0,
               (size_t)nnp_network_n_parameters(&loss_work->loss->networks[e]) *
                   ((size_t)n_columns + 1) * sizeof *derivatives);
        return;
    }
    if (n_columns > 0) {
        nnp_descriptor_cache_jacobian(loss_work->cache, loss_work->worker, structure_in_block,
                                      e, &jacobian);
        directions.n_active = jacobian.n_active;
        directions.active = jacobian.active;
        directions.values = jacobian.values;
    }
    const struct nnp_folded_network *folded = &loss_work->loss->folded[e];
    double *found = folded->projection ? work->folded : derivatives;
    nnp_network_rows_evaluate(work->rows[e], loss_work->elements[e].batch, 0,
                              loss_work->n_rows[e], &directions, found);
    if (folded->projection)
        nnp_folded_network_pull_back(folded, n_columns + 1, found, derivatives);
}

/* sqrt f and r of the structure's y and, at the end, energy. */
static void set_residuals(struct work *work, const struct nnp_loss_work *loss_work, double seed,
                          int n_columns)
{
    for (int c = 0; c <= n_columns; c++) {
        bool is_energy = c == n_columns;
        double factor = is_energy ? loss_work->energy_factor : loss_work->y_factors[c];
        double slope = is_energy ? seed : loss_work->y[c];
        work->factors[c] = sqrt(factor);
        work->residuals[c] = factor > 0.0 ? slope / (2.0 * sqrt(factor)) : 0.0;
    }
}

/* J^T J of n_used parameters from begin on, and J^T r, to their places in the sums. */
static void set_sums(struct work *work, size_t n, size_t begin, size_t n_used, size_t width)
{
    double *packed = work->sums, *vector = work->sums + packed_size(n);
    memset(work->sums, 0, (packed_size(n) + n) * sizeof *work->sums);
    nnp_multiply_with_own_transpose((int)n_used, (int)width, work->transposed, work->matrix);
    for (size_t i = 0; i < n_used; i++)
        memcpy(packed + packed_size(begin + i) + begin, work->matrix + i * n_used,
               (i + 1) * sizeof *packed);
    nnp_apply((int)n_used, (int)width, work->transposed, work->residuals, vector + begin);
}

/* J^T J and J^T r of structure s. */
static void set_structure(struct work *work, struct nnp_loss_work *loss_work,
                          const struct nnp_loss_terms *terms, int s)
{
    const struct nnp_loss *loss = loss_work->loss;
    const struct nnp_blocks *blocks = &loss->set->blocks;
    int b = nnp_blocks_find(blocks, s), in_block = s - blocks->first_structure[b];
    bool derivatives = (terms->force_weight > 0.0 || terms->stress_weight > 0.0) &&
                       nnp_descriptor_cache_has_derivatives(loss->set->caches[b], in_block);
    int n_columns = derivatives ? 3 * loss->set->structures[s]->n_atoms + 6 : 0;
    size_t width = (size_t)n_columns + 1, n_used = 0;
    nnp_loss_begin(loss_work, b, in_block, in_block + 1, derivatives);
    bool prepared = !derivatives ||
                    nnp_descriptor_cache_prepare(loss_work->cache, loss_work->worker, in_block);
    nnp_loss_compare(loss_work, terms, in_block, s, derivatives, false);
    set_residuals(work, loss_work, nnp_loss_seed(loss_work, in_block), n_columns);
    /* Parameters before the first and behind the last element that is present have no part. */
    int first = 0, last = loss->n_elements - 1;
    while (first < last && loss_work->n_rows[first] == 0)
        first++;
    while (last > first && loss_work->n_rows[last] == 0)
        last--;
    for (int e = first; e <= last; e++) {
        differentiate(work, loss_work, in_block, e, n_columns,
                      work->transposed + n_used * width);
        n_used += (size_t)nnp_network_n_parameters(&loss->networks[e]);
    }
    for (size_t k = 0; k < n_used; k++)
        for (size_t c = 0; c < width; c++)
            work->transposed[k * width + c] *= work->factors[c];
    set_sums(work, (size_t)loss->n_parameters, (size_t)loss->first_parameter[first], n_used,
             width);
    nnp_descriptor_worker_release(loss_work->worker);
    if (!prepared) /* for lack of memory: the batch is to be refused */
        work->sums[0] = NAN;
}

/* The residuals sqrt(factor) w. */
static void add_regularization(const struct nnp_loss *loss, double factor,
                               const double *parameters, double *sums)
{
    size_t n = (size_t)loss->n_parameters, k = 0;
    for (int e = 0; e < loss->n_elements; e++)
        for (int l = 0; l < loss->networks[e].n_layers; l++) {
            const struct nnp_layer *layer = &loss->networks[e].layers[l];
            for (int i = 0; i < layer->n_inputs * layer->n_outputs; i++, k++) {
                sums[packed_size(k) + k] += factor;
                sums[packed_size(n) + k] += factor * parameters[k];
            }
            k += (size_t)layer->n_outputs;
        }
}

/* Where the ranks' structures begin among the selected ones. */
static void share(struct nnp_normal_equations *equations, int n_selected)
{
    const struct nnp_fit_set *set = equations->loss->set;
    for (int r = 0, k = 0; r <= set->parallel->size; r++) {
        while (k < n_selected &&
               equations->selected[k] < set->blocks.first_structure_of_rank[r])
            k++;
        equations->first[r] = r < set->parallel->size ? k : n_selected;
    }
}

void nnp_normal_equations_set(struct nnp_normal_equations *equations,
                              const struct nnp_loss_terms *terms, int number,
                              const double *parameters, const double **matrix,
                              const double **vector)
{
    struct nnp_loss *loss = equations->loss;
    const struct nnp_batches *batches = &equations->batches;
    int rank = loss->set->parallel->rank;
    nnp_loss_set_parameters(loss, parameters);
    share(equations, nnp_batches_select(&equations->batches, number, equations->selected));
    nnp_ordered_sum_begin(equations->sum, equations->first);
    const int begin = equations->first[rank], end = equations->first[rank + 1];
#pragma omp parallel for ordered schedule(dynamic, 1)
    for (int k = begin; k < end; k++) {
        int thread = nnp_thread();
        struct work *work = &equations->works[thread];
        set_structure(work, &loss->works[thread], terms, equations->selected[k]);
#pragma omp ordered
        nnp_ordered_sum_add(equations->sum, work->sums);
    }
    double *sums = nnp_ordered_sum_finish(equations->sum);
    if (sums)
        add_regularization(loss, terms->regularization / batches->n_batches, parameters, sums);
    *matrix = sums;
    *vector = sums ? sums + packed_size((size_t)loss->n_parameters) : NULL;
}
