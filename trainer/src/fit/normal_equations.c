/* Normal equations, structure by structure.  The rows of J that belong to a structure are those
 * of its energy and of its y = (-forces, virial) (loss.c),
 *
 *   dE/dp = sum_i dE_i/dp,       dy_c/dp = sum_i d/dp (J_i[:, c] . dE_i/dx_i)
 *
 * with J_i = dx_i/d(R, strain), times the roots of their factors f, which with a robust loss
 * are those of the present residuals (robust.h).  loss.c leaves dL/dy = 2 f (y - y_ref), so
 * that r = dL/dy / (2 sqrt f). */
#include "normal_equations.h"

#include "linear_algebra.h"
#include "loss_parts.h"
#include "network_rows.h"
#include "ordered_sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nnp_normal_equations {
    struct nnp_loss *loss;
    struct nnp_ordered_sum *sum;    /* of J^T J [n][n] and then J^T r [n] */
    struct nnp_network_rows **rows; /* [n_elements] */
    double *transposed;             /* J^T of a structure, [n][3 n_atoms + 7] at most */
    double *factors, *residuals;    /* [3 n_atoms + 7], sqrt f and r */
    double *product;                /* [n] */
};

static int most_atoms(const struct nnp_fit_set *set)
{
    int most = 0;
    for (int s = 0; s < set->n_structures; s++)
        if (set->structures[s]->n_atoms > most)
            most = set->structures[s]->n_atoms;
    return most;
}

static enum nnp_status allocate(struct nnp_normal_equations *equations, struct nnp_error *error)
{
    const struct nnp_loss *loss = equations->loss;
    size_t n = (size_t)loss->n_parameters;
    int n_atoms = most_atoms(loss->set), n_columns = 3 * n_atoms + 6;
    equations->rows = calloc((size_t)loss->n_elements, sizeof *equations->rows);
    equations->transposed = calloc(n, ((size_t)n_columns + 1) * sizeof(double));
    equations->factors = calloc((size_t)n_columns + 1, sizeof(double));
    equations->residuals = calloc((size_t)n_columns + 1, sizeof(double));
    equations->product = calloc(n, sizeof(double));
    if (!equations->rows || !equations->transposed || !equations->factors ||
        !equations->residuals || !equations->product)
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for normal equations of %zu parameters", n);
    enum nnp_status status = nnp_ordered_sum_create(&equations->sum, loss->set->parallel,
                                                    &loss->set->blocks, n * n + n, error);
    for (int e = 0; e < loss->n_elements && !status; e++)
        status = nnp_network_rows_create(&equations->rows[e], &loss->networks[e], n_atoms,
                                         n_columns, error);
    return status;
}

enum nnp_status nnp_normal_equations_create(struct nnp_normal_equations **equations,
                                            struct nnp_loss *loss, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *equations = calloc(1, sizeof **equations);
    if (*equations) {
        (*equations)->loss = loss;
        status = allocate(*equations, error);
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
    for (int e = 0; equations->rows && e < equations->loss->n_elements; e++)
        nnp_network_rows_free(equations->rows[e]);
    nnp_ordered_sum_free(equations->sum);
    free(equations->rows);
    free(equations->transposed);
    free(equations->factors);
    free(equations->residuals);
    free(equations->product);
    free(equations);
}

/* Derivatives of y and E by the parameters of element e, [n_parameters of e][n_columns + 1]. */
static void differentiate(struct nnp_normal_equations *equations,
                          const struct nnp_descriptor_cache *cache, int structure_in_block,
                          int e, int n_columns, double *derivatives)
{
    const struct nnp_loss *loss = equations->loss;
    struct nnp_descriptor_jacobian jacobian;
    struct nnp_network_directions directions = {.n_columns = n_columns};
    int first_row = 0, n_atoms = nnp_descriptor_cache_jacobian(cache, structure_in_block, e,
                                                               &first_row, &jacobian);
    if (n_atoms == 0) {
        memset(derivatives, 0,
               (size_t)nnp_network_n_parameters(&loss->networks[e]) * ((size_t)n_columns + 1) *
                   sizeof *derivatives);
        return;
    }
    if (n_columns > 0) {
        directions.n_active = jacobian.n_active;
        directions.active = jacobian.active;
        directions.values = jacobian.values;
    }
    nnp_network_rows_evaluate(equations->rows[e], loss->elements[e].batch, first_row, n_atoms,
                              &directions, derivatives);
}

/* sqrt f and r of the structure's y and, at the end, energy; weight multiplies the f of y. */
static void set_residuals(struct nnp_normal_equations *equations, double weight, double seed,
                          int n_columns)
{
    const struct nnp_loss *loss = equations->loss;
    for (int c = 0; c <= n_columns; c++) {
        bool is_energy = c == n_columns;
        double factor = is_energy ? loss->energy_factor : loss->y_factors[c];
        double slope = is_energy ? seed : loss->y[c], scale = is_energy ? 1.0 : weight;
        equations->factors[c] = sqrt(scale * factor);
        equations->residuals[c] =
            factor > 0.0 ? slope * sqrt(scale) / (2.0 * sqrt(factor)) : 0.0;
    }
}

static bool has_element(const struct nnp_descriptor_cache *cache, int structure_in_block, int e)
{
    struct nnp_descriptor_jacobian jacobian;
    int row;
    return nnp_descriptor_cache_jacobian(cache, structure_in_block, e, &row, &jacobian) > 0;
}

/* Adds structure s to J^T J and J^T r; weight: of its forces and virial, 0: without them. */
static void add_structure(struct nnp_normal_equations *equations,
                          const struct nnp_loss_terms *terms,
                          struct nnp_descriptor_cache *cache, int structure_in_block, int s,
                          double weight, double *sums)
{
    struct nnp_loss *loss = equations->loss;
    size_t n = (size_t)loss->n_parameters, n_used = 0;
    int e, row, first = 0, last = loss->n_elements - 1;
    bool derivatives =
        weight > 0.0 && nnp_descriptor_cache_has_derivatives(cache, structure_in_block);
    int n_columns = derivatives ? 3 * loss->set->structures[s]->n_atoms + 6 : 0;
    size_t width = (size_t)n_columns + 1;
    nnp_loss_compare(loss, terms, cache, structure_in_block, s, derivatives, false);
    nnp_descriptor_cache_locate(cache, structure_in_block, 0, &e, &row);
    set_residuals(equations, weight, loss->elements[e].seeds[row], n_columns);
    /* Parameters before the first and behind the last element that is present have no part. */
    while (first < last && !has_element(cache, structure_in_block, first))
        first++;
    while (last > first && !has_element(cache, structure_in_block, last))
        last--;
    for (e = first; e <= last; e++) {
        differentiate(equations, cache, structure_in_block, e, n_columns,
                      equations->transposed + n_used * width);
        n_used += (size_t)nnp_network_n_parameters(&loss->networks[e]);
    }
    for (size_t k = 0; k < n_used; k++)
        for (size_t c = 0; c < width; c++)
            equations->transposed[k * width + c] *= equations->factors[c];
    size_t begin = (size_t)loss->elements[first].first_parameter;
    nnp_add_product_with_own_transpose((int)n_used, (int)width, equations->transposed, (int)n,
                                       sums + begin * (n + 1));
    nnp_apply((int)n_used, (int)width, equations->transposed, equations->residuals,
              equations->product);
    for (size_t k = 0; k < n_used; k++)
        sums[n * n + begin + k] += equations->product[k];
}

/* The residuals sqrt(regularization) w. */
static void add_regularization(const struct nnp_loss *loss, double factor,
                               const double *parameters, double *sums)
{
    size_t n = (size_t)loss->n_parameters, k = 0;
    for (int e = 0; e < loss->n_elements; e++)
        for (int l = 0; l < loss->networks[e].n_layers; l++) {
            const struct nnp_layer *layer = &loss->networks[e].layers[l];
            for (int i = 0; i < layer->n_inputs * layer->n_outputs; i++, k++) {
                sums[k * (n + 1)] += factor;
                sums[n * n + k] += factor * parameters[k];
            }
            k += (size_t)layer->n_outputs;
        }
}

/* What the forces and virial of structure s count: 1/fraction in the sample, else 0. */
static double sample_weight(const struct nnp_sample *sample, int s)
{
    const double golden_ratio = 0.61803398874989485; /* spreads the beginnings evenly */
    double begin = sample->number * golden_ratio;
    begin -= floor(begin);
    bool is_in =
        floor((s + 1) * sample->fraction + begin) > floor(s * sample->fraction + begin);
    return is_in ? 1.0 / sample->fraction : 0.0;
}

void nnp_normal_equations_set(struct nnp_normal_equations *equations,
                              const struct nnp_loss_terms *terms,
                              const struct nnp_sample *sample, const double *parameters,
                              const double **matrix, const double **vector)
{
    struct nnp_loss *loss = equations->loss;
    const struct nnp_fit_set *set = loss->set;
    const int *own = set->blocks.first_block + set->parallel->rank;
    bool with_derivatives = terms->force_weight > 0.0 || terms->stress_weight > 0.0;
    size_t n = (size_t)loss->n_parameters;
    nnp_loss_set_parameters(loss, parameters);
    for (int b = own[0]; b < own[1]; b++) {
        const int *range = set->blocks.first_structure + b;
        double *sums = nnp_ordered_sum_next(equations->sum);
        nnp_loss_begin_block(loss, b, with_derivatives);
        for (int s = range[0]; s < range[1]; s++)
            add_structure(equations, terms, set->caches[b], s - range[0], s,
                          with_derivatives ? sample_weight(sample, s) : 0.0, sums);
    }
    double *sums = nnp_ordered_sum_finish(equations->sum);
    if (sums)
        add_regularization(loss, terms->regularization, parameters, sums);
    *matrix = sums;
    *vector = sums ? sums + n * n : NULL;
}
