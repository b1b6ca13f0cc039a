/* Products with the Jacobians of a block's structures: with those that are prepared or stored,
 * and otherwise without any. */
#include "descriptor_cache_parts.h"

#include "linear_algebra.h"

#include <math.h>
#include <string.h>

bool nnp_descriptor_cache_prepare(const struct nnp_descriptor_cache *cache,
                                  struct nnp_descriptor_worker *worker, int structure)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    return cached->storage != NNP_DESCRIPTOR_VALUES &&
           nnp_descriptor_worker_prepare(worker, &cached->layout, cached->structure,
                                         (const double *const *)cache->factors);
}

static size_t row_offset(const struct nnp_descriptor_cache *cache,
                         const struct nnp_descriptor_layout *layout, const int *first_rows,
                         int atom)
{
    int e = layout->elements[atom];
    int row = layout->values[atom] - (first_rows ? first_rows[e] : 0);
    return (size_t)row * (size_t)cache->potential->descriptors[e].n_functions;
}

/* y of a prepared Jacobian. */
static void contract_prepared(const struct nnp_descriptor_cache *cache,
                              struct nnp_descriptor_worker *worker,
                              const struct nnp_cached_structure *cached, const double *jacobian,
                              const int *first_rows, double *const *de_dx, double *y)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    double *packed = nnp_descriptor_worker_scratch(worker);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, i);
        for (int a = 0; a < layout->n_active[e]; a++)
            packed[layout->places[i] + a] = from[layout->active[e][a]];
    }
    nnp_apply_transposed(layout->n_rows, nnp_descriptor_layout_n_columns(layout), jacobian,
                         packed, y);
}

/* y of a stored Jacobian, first in memory that has room for a whole stride of the last run. */
static void contract_stored(const struct nnp_descriptor_cache *cache,
                            struct nnp_descriptor_worker *worker,
                            const struct nnp_cached_structure *cached, const int *first_rows,
                            double *const *de_dx, double *y)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const struct nnp_stored_jacobian *jacobian = &cached->jacobian;
    const struct nnp_loss_kernels *kernels = cache->kernels;
    const size_t n_columns = (size_t)nnp_descriptor_layout_n_columns(layout);
    double *packed = nnp_descriptor_worker_scratch(worker);
    double *sum = nnp_descriptor_worker_columns(worker, 0);
    double *columns = nnp_descriptor_worker_columns(worker, 1);
    memset(sum, 0, (n_columns + NNP_ROW_LANES) * sizeof *sum);
    for (int p = 0; p < jacobian->n_parts; p++) {
        const struct nnp_jacobian_part *part = &jacobian->parts[p];
        const struct nnp_columns *runs = jacobian->runs + part->first_run;
        const float *values = jacobian->values + part->first;
        const int e = layout->elements[part->atom], n = part->group->n_functions;
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, part->atom);
        for (int f = 0; f < n; f++) {
            const int k = part->group->functions[f];
            packed[f] = cache->factors[e][k] * from[k];
        }
        if (part->n_runs == 1) {
            kernels->add_transposed(n, part->stride, values, packed, sum + runs->first);
            continue;
        }
        memset(columns, 0, (size_t)part->stride * sizeof *columns);
        kernels->add_transposed(n, part->stride, values, packed, columns);
        kernels->scatter(part->n_runs, runs, columns, sum);
    }
    memcpy(y, sum, n_columns * sizeof *y);
}

void nnp_descriptor_cache_contract(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   const int *first_rows, double *const *de_dx, double *y)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *prepared = nnp_descriptor_worker_jacobian(worker, cached->structure);
    double *const *rows = nnp_descriptor_worker_rows(worker);
    if (prepared) {
        contract_prepared(cache, worker, cached, prepared, first_rows, de_dx, y);
        return;
    }
    if (cached->storage == NNP_DESCRIPTOR_STORED) {
        contract_stored(cache, worker, cached, first_rows, de_dx, y);
        return;
    }
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, i);
        for (int k = 0; k < cache->potential->descriptors[e].n_functions; k++)
            rows[i][k] = cache->factors[e][k] * from[k];
    }
    if (!nnp_descriptor_worker_transposed(worker, cached->structure, y))
        for (int c = 0; c < nnp_descriptor_layout_n_columns(layout); c++)
            y[c] = NAN;
}

/* u of a stored Jacobian. */
static void direct_stored(const struct nnp_descriptor_cache *cache,
                          struct nnp_descriptor_worker *worker,
                          const struct nnp_cached_structure *cached, const double *v,
                          double *const *u)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const struct nnp_stored_jacobian *jacobian = &cached->jacobian;
    const size_t n_columns = (size_t)nnp_descriptor_layout_n_columns(layout);
    double *packed = nnp_descriptor_worker_scratch(worker);
    double *all = nnp_descriptor_worker_columns(worker, 0);
    double *columns = nnp_descriptor_worker_columns(worker, 1);
    memcpy(all, v, n_columns * sizeof *v);
    memset(all + n_columns, 0, NNP_ROW_LANES * sizeof *all);
    for (int i = 0; i < layout->n_atoms; i++) {
        const int e = layout->elements[i];
        const size_t n = (size_t)cache->potential->descriptors[e].n_functions;
        memset(u[e] + row_offset(cache, layout, NULL, i), 0, n * sizeof(double));
    }
    for (int p = 0; p < jacobian->n_parts; p++) {
        const struct nnp_jacobian_part *part = &jacobian->parts[p];
        const struct nnp_columns *runs = jacobian->runs + part->first_run;
        const int e = layout->elements[part->atom], n = part->group->n_functions;
        const double *from = all + runs->first;
        double *to = u[e] + row_offset(cache, layout, NULL, part->atom);
        if (part->n_runs > 1) {
            cache->kernels->gather(part->n_runs, runs, v, columns);
            for (int c = part->n_columns; c < part->stride; c++)
                columns[c] = 0.0;
            from = columns;
        }
        cache->kernels->apply(n, part->stride, jacobian->values + part->first, from, packed);
        for (int f = 0; f < n; f++) {
            const int k = part->group->functions[f];
            to[k] = cache->factors[e][k] * packed[f];
        }
    }
}

void nnp_descriptor_cache_direct(const struct nnp_descriptor_cache *cache,
                                 struct nnp_descriptor_worker *worker, int structure,
                                 const double *v, double *const *u)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    if (cached->storage == NNP_DESCRIPTOR_STORED) {
        direct_stored(cache, worker, cached, v, u);
        return;
    }
    bool done = nnp_descriptor_worker_directional(worker, cached->structure, v);
    double *const *rows = nnp_descriptor_worker_rows(worker);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        double *to = u[e] + row_offset(cache, layout, NULL, i);
        for (int k = 0; k < cache->potential->descriptors[e].n_functions; k++)
            to[k] = done ? cache->factors[e][k] * rows[i][k] : NAN;
    }
}

void nnp_descriptor_cache_jacobian(const struct nnp_descriptor_cache *cache,
                                   const struct nnp_descriptor_worker *worker, int structure,
                                   int element, struct nnp_descriptor_jacobian *jacobian)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *all = nnp_descriptor_worker_jacobian(worker, cached->structure);
    *jacobian = (struct nnp_descriptor_jacobian){0};
    if (!all || layout->n_own[element] == 0)
        return;
    jacobian->n_columns = nnp_descriptor_layout_n_columns(layout);
    jacobian->n_active = layout->n_active[element];
    jacobian->active = layout->active[element];
    jacobian->values =
        all + (size_t)layout->places[nnp_descriptor_layout_first(layout, element)] *
                  (size_t)jacobian->n_columns;
}
