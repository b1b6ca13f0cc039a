/* Products with the Jacobians of a block's structures: with those that are prepared or stored,
 * and otherwise without any. */
#include "descriptor_cache_parts.h"

#include <math.h>
#include <string.h>

bool nnp_descriptor_cache_has_doubles(const struct nnp_descriptor_cache *cache, int structure)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    return cached->storage == NNP_DESCRIPTOR_STORED && cached->jacobian.number == NNP_DOUBLE;
}

bool nnp_descriptor_cache_prepare(const struct nnp_descriptor_cache *cache,
                                  struct nnp_descriptor_worker *worker, int structure)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    return nnp_descriptor_cache_has_doubles(cache, structure) ||
           (cached->storage != NNP_DESCRIPTOR_VALUES &&
            nnp_descriptor_worker_prepare(worker, &cached->layout, cached->structure,
                                          cache->groups));
}

/* The one that is prepared, or else stored, or NULL. */
static const struct nnp_stored_jacobian *
find_jacobian(const struct nnp_cached_structure *cached,
              const struct nnp_descriptor_worker *worker)
{
    const struct nnp_stored_jacobian *prepared =
        nnp_descriptor_worker_jacobian(worker, cached->structure);
    const bool is_stored = cached->storage == NNP_DESCRIPTOR_STORED;
    return prepared ? prepared : is_stored ? &cached->jacobian : NULL;
}

static size_t row_offset(const struct nnp_descriptor_cache *cache,
                         const struct nnp_descriptor_layout *layout, const int *first_rows,
                         int atom)
{
    int e = layout->elements[atom];
    int row = layout->values[atom] - (first_rows ? first_rows[e] : 0);
    return (size_t)row * (size_t)cache->potential->descriptors[e].n_functions;
}

/* y of a Jacobian, first in memory that has room for a whole stride of the last run. */
static void contract_stored(const struct nnp_descriptor_cache *cache,
                            struct nnp_descriptor_worker *worker,
                            const struct nnp_descriptor_layout *layout,
                            const struct nnp_stored_jacobian *jacobian, const int *first_rows,
                            double *const *de_dx, double *y)
{
    const struct nnp_loss_kernels *kernels = cache->kernels;
    void (*const add_transposed)(int, int, const void *, const double *, double *) =
        kernels->add_transposed[jacobian->number];
    const size_t n_columns = (size_t)nnp_descriptor_layout_n_columns(layout);
    double *packed = nnp_descriptor_worker_scratch(worker);
    double *sum = nnp_descriptor_worker_columns(worker, 0);
    double *columns = nnp_descriptor_worker_columns(worker, 1);
    memset(sum, 0, (n_columns + NNP_ROW_LANES) * sizeof *sum);
    for (int p = 0; p < jacobian->n_parts; p++) {
        const struct nnp_jacobian_part *part = &jacobian->parts[p];
        const struct nnp_columns *runs = jacobian->runs + part->first_run;
        const void *values = nnp_stored_jacobian_part(jacobian, part);
        const int e = layout->elements[part->atom], n = part->group->n_functions;
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, part->atom);
        for (int f = 0; f < n; f++) {
            const int k = part->group->functions[f];
            packed[f] = cache->factors[e][k] * from[k];
        }
        if (part->n_runs == 1) {
            add_transposed(n, part->stride, values, packed, sum + runs->first);
            continue;
        }
        memset(columns, 0, (size_t)part->stride * sizeof *columns);
        add_transposed(n, part->stride, values, packed, columns);
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
    const struct nnp_stored_jacobian *jacobian = find_jacobian(cached, worker);
    double *const *rows = nnp_descriptor_worker_rows(worker);
    if (jacobian) {
        contract_stored(cache, worker, layout, jacobian, first_rows, de_dx, y);
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
        cache->kernels->apply[jacobian->number](
            n, part->stride, nnp_stored_jacobian_part(jacobian, part), from, packed);
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

void nnp_descriptor_cache_cut(const struct nnp_descriptor_cache *cache,
                              const struct nnp_descriptor_worker *worker, int structure,
                              int first, int n_columns, double *slice)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    nnp_stored_jacobian_cut(find_jacobian(cached, worker), &cached->layout, cache->kernels,
                            (const double *const *)cache->factors, first, n_columns, slice);
}
