/* Products with the Jacobians of a block's structures: with those that are stored or prepared,
 * and otherwise without any. */
#include "descriptor_cache_parts.h"

#include "linear_algebra.h"

#include <math.h>
#include <string.h>

bool nnp_descriptor_cache_prepare(const struct nnp_descriptor_cache *cache,
                                  struct nnp_descriptor_worker *worker, int structure)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    if (cached->storage != NNP_DESCRIPTOR_RECOMPUTED)
        return cached->storage == NNP_DESCRIPTOR_STORED;
    return nnp_descriptor_worker_prepare(worker, &cached->layout, cached->structure,
                                         (const double *const *)cache->factors);
}

/* The scaled Jacobian, stored or prepared; NULL where there is none. */
static const double *find_jacobian(const struct nnp_descriptor_worker *worker,
                                   const struct nnp_cached_structure *cached)
{
    return cached->jacobian ? cached->jacobian
                            : nnp_descriptor_worker_jacobian(worker, cached->structure);
}

static size_t row_offset(const struct nnp_descriptor_cache *cache,
                         const struct nnp_descriptor_layout *layout, const int *first_rows,
                         int atom)
{
    int e = layout->elements[atom];
    int row = layout->values[atom] - (first_rows ? first_rows[e] : 0);
    return (size_t)row * (size_t)cache->potential->descriptors[e].n_functions;
}

/* y of a Jacobian. */
static void contract(const struct nnp_descriptor_cache *cache,
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

void nnp_descriptor_cache_contract(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   const int *first_rows, double *const *de_dx, double *y)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *jacobian = find_jacobian(worker, cached);
    double *const *rows = nnp_descriptor_worker_rows(worker);
    if (jacobian) {
        contract(cache, worker, cached, jacobian, first_rows, de_dx, y);
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

/* u of a Jacobian. */
static void direct(const struct nnp_descriptor_cache *cache,
                   struct nnp_descriptor_worker *worker,
                   const struct nnp_cached_structure *cached, const double *jacobian,
                   const double *v, double *const *u)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    double *packed = nnp_descriptor_worker_scratch(worker);
    nnp_apply(layout->n_rows, nnp_descriptor_layout_n_columns(layout), jacobian, v, packed);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        double *to = u[e] + row_offset(cache, layout, NULL, i);
        size_t n_functions = (size_t)cache->potential->descriptors[e].n_functions;
        memset(to, 0, n_functions * sizeof *to);
        for (int a = 0; a < layout->n_active[e]; a++)
            to[layout->active[e][a]] = packed[layout->places[i] + a];
    }
}

void nnp_descriptor_cache_direct(const struct nnp_descriptor_cache *cache,
                                 struct nnp_descriptor_worker *worker, int structure,
                                 const double *v, double *const *u)
{
    const struct nnp_cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *jacobian = find_jacobian(worker, cached);
    if (jacobian) {
        direct(cache, worker, cached, jacobian, v, u);
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
    const double *all = find_jacobian(worker, cached);
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
