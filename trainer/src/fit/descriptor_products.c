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
                                         (const double *const *)cache->factors,
                                         cached->jacobian);
}

static size_t row_offset(const struct nnp_descriptor_cache *cache,
                         const struct nnp_descriptor_layout *layout, const int *first_rows,
                         int atom)
{
    int e = layout->elements[atom];
    int row = layout->values[atom] - (first_rows ? first_rows[e] : 0);
    return (size_t)row * (size_t)cache->potential->descriptors[e].n_functions;
}

/* y of a Jacobian: the prepared one, with the factors, or else the stored one. */
static void contract(const struct nnp_descriptor_cache *cache,
                     struct nnp_descriptor_worker *worker,
                     const struct nnp_cached_structure *cached, const double *prepared,
                     const int *first_rows, double *const *de_dx, double *y)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const int n_columns = nnp_descriptor_layout_n_columns(layout);
    double *packed = nnp_descriptor_worker_scratch(worker);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, i);
        for (int a = 0; a < layout->n_active[e]; a++) {
            int k = layout->active[e][a];
            packed[layout->places[i] + a] = prepared ? from[k] : cache->factors[e][k] * from[k];
        }
    }
    if (prepared) {
        nnp_apply_transposed(layout->n_rows, n_columns, prepared, packed, y);
        return;
    }
    double *columns = nnp_descriptor_worker_columns(worker);
    cache->kernels->apply_transposed(layout->n_rows, nnp_descriptor_layout_stride(layout),
                                     cached->jacobian, packed, columns);
    memcpy(y, columns, (size_t)n_columns * sizeof *y);
}

void nnp_descriptor_cache_contract(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   const int *first_rows, double *const *de_dx, double *y)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *prepared = nnp_descriptor_worker_jacobian(worker, cached->structure);
    double *const *rows = nnp_descriptor_worker_rows(worker);
    if (prepared || cached->jacobian) {
        contract(cache, worker, cached, prepared, first_rows, de_dx, y);
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
static void direct(const struct nnp_descriptor_cache *cache,
                   struct nnp_descriptor_worker *worker,
                   const struct nnp_cached_structure *cached, const double *v, double *const *u)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const int n_columns = nnp_descriptor_layout_n_columns(layout);
    const int stride = nnp_descriptor_layout_stride(layout);
    double *packed = nnp_descriptor_worker_scratch(worker);
    double *columns = nnp_descriptor_worker_columns(worker);
    memcpy(columns, v, (size_t)n_columns * sizeof *v);
    memset(columns + n_columns, 0, (size_t)(stride - n_columns) * sizeof *v);
    cache->kernels->apply(layout->n_rows, stride, cached->jacobian, columns, packed);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        double *to = u[e] + row_offset(cache, layout, NULL, i);
        size_t n_functions = (size_t)cache->potential->descriptors[e].n_functions;
        memset(to, 0, n_functions * sizeof *to);
        for (int a = 0; a < layout->n_active[e]; a++) {
            int k = layout->active[e][a];
            to[k] = cache->factors[e][k] * packed[layout->places[i] + a];
        }
    }
}

void nnp_descriptor_cache_direct(const struct nnp_descriptor_cache *cache,
                                 struct nnp_descriptor_worker *worker, int structure,
                                 const double *v, double *const *u)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    if (cached->jacobian) {
        direct(cache, worker, cached, v, u);
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
