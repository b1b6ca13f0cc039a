/* Values and Jacobians of the structures of a block. */
#include "descriptor_cache.h"

#include "linear_algebra.h"
#include "memory_pages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct cached_structure {
    const struct nnp_structure *structure;
    enum nnp_descriptor_storage storage;
    struct nnp_descriptor_layout layout;
    double *jacobian; /* [n_rows][n_columns], if it is stored */
};

struct nnp_descriptor_cache {
    const struct nnp_potential *potential;
    int n_structures;
    struct cached_structure *structures; /* [n_structures] */
    int *n_rows;                         /* [n_elements] */
    double **values;                     /* [n_elements][n_rows][n_functions] */
    double **factors;                    /* [n_elements][n_functions], of the scaling */
    double *jacobians;                   /* of all structures whose Jacobian is stored */
};

static size_t jacobian_size(const struct nnp_descriptor_layout *layout)
{
    return (size_t)layout->n_rows * (size_t)nnp_descriptor_layout_n_columns(layout);
}

/* One piece of memory for all Jacobians that are stored, in large pages where the system has
 * them: most of the time to fill it would go into mapping small ones. */
static bool allocate_jacobians(struct nnp_descriptor_cache *cache)
{
    size_t n = 0;
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].storage == NNP_DESCRIPTOR_STORED)
            n += jacobian_size(&cache->structures[s].layout);
    cache->jacobians = malloc((n + 1) * sizeof *cache->jacobians);
    if (!cache->jacobians)
        return false;
    nnp_large_pages(cache->jacobians, n * sizeof *cache->jacobians);
    n = 0;
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].storage == NNP_DESCRIPTOR_STORED) {
            cache->structures[s].jacobian = cache->jacobians + n;
            n += jacobian_size(&cache->structures[s].layout);
        }
    return true;
}

/* Everything that is stored. */
static bool allocate(struct nnp_descriptor_cache *cache,
                     const struct nnp_structure *const *structures,
                     const enum nnp_descriptor_storage *storage)
{
    size_t n_elements = (size_t)cache->potential->n_elements;
    cache->structures = calloc((size_t)cache->n_structures + 1, sizeof *cache->structures);
    cache->n_rows = calloc(n_elements, sizeof *cache->n_rows);
    cache->values = calloc(n_elements, sizeof *cache->values);
    cache->factors = calloc(n_elements, sizeof *cache->factors);
    bool done = cache->structures && cache->n_rows && cache->values && cache->factors;
    for (int s = 0; done && s < cache->n_structures; s++) {
        cache->structures[s].structure = structures[s];
        cache->structures[s].storage = storage[s];
        done = nnp_descriptor_layout_init(&cache->structures[s].layout, cache->potential,
                                          structures[s], cache->n_rows);
    }
    for (size_t e = 0; done && e < n_elements; e++) {
        size_t width = (size_t)cache->potential->descriptors[e].n_functions + 1;
        cache->values[e] = calloc((size_t)cache->n_rows[e] + 1, width * sizeof(double));
        cache->factors[e] = calloc(width, sizeof(double));
        done = cache->values[e] && cache->factors[e];
    }
    return done && allocate_jacobians(cache);
}

/* Memory for the symmetry functions of any structure. */
static enum nnp_status reserve_atoms(const struct nnp_descriptor_cache *cache,
                                     struct nnp_descriptor_worker *worker,
                                     struct nnp_error *error)
{
    int most = 0;
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].layout.n_atoms > most)
            most = cache->structures[s].layout.n_atoms;
    return nnp_descriptor_worker_reserve(worker, most, 0, error);
}

enum nnp_status nnp_descriptor_cache_create(struct nnp_descriptor_cache **cache,
                                            struct nnp_descriptor_worker *worker,
                                            const struct nnp_potential *potential,
                                            int n_structures,
                                            const struct nnp_structure *const *structures,
                                            const enum nnp_descriptor_storage *storage,
                                            struct nnp_error *error)
{
    struct nnp_descriptor_cache *made = calloc(1, sizeof *made);
    enum nnp_status status;
    *cache = NULL;
    if (made) {
        made->potential = potential;
        made->n_structures = n_structures;
    }
    if (made && allocate(made, structures, storage))
        status = reserve_atoms(made, worker, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for the descriptors of %d structures", n_structures);
    for (int s = 0; s < n_structures && !status; s++)
        status = nnp_descriptor_worker_evaluate(worker, &made->structures[s].layout,
                                                structures[s], made->values, NULL,
                                                made->structures[s].jacobian, error);
    if (status)
        nnp_descriptor_cache_free(made);
    else
        *cache = made;
    return status;
}

void nnp_descriptor_cache_free(struct nnp_descriptor_cache *cache)
{
    if (!cache)
        return;
    for (int s = 0; cache->structures && s < cache->n_structures; s++)
        nnp_descriptor_layout_free(&cache->structures[s].layout);
    for (int e = 0; cache->values && e < cache->potential->n_elements; e++)
        free(cache->values[e]);
    for (int e = 0; cache->factors && e < cache->potential->n_elements; e++)
        free(cache->factors[e]);
    free(cache->structures);
    free(cache->n_rows);
    free(cache->values);
    free(cache->factors);
    free(cache->jacobians);
    free(cache);
}

enum nnp_status nnp_descriptor_cache_reserve(const struct nnp_descriptor_cache *cache,
                                             struct nnp_descriptor_worker *worker,
                                             struct nnp_error *error)
{
    enum nnp_status status = reserve_atoms(cache, worker, error);
    for (int s = 0; s < cache->n_structures && !status; s++)
        if (cache->structures[s].storage == NNP_DESCRIPTOR_RECOMPUTED)
            status = nnp_descriptor_worker_reserve(worker, cache->structures[s].layout.n_atoms,
                                                   cache->structures[s].layout.n_rows, error);
    return status;
}

static void scale_jacobian(const struct nnp_descriptor_cache *cache,
                           const struct cached_structure *cached)
{
    const struct nnp_descriptor_layout *layout = &cached->layout;
    int n_columns = nnp_descriptor_layout_n_columns(layout);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        double *row = cached->jacobian + (size_t)layout->places[i] * (size_t)n_columns;
        for (int a = 0; a < layout->n_active[e]; a++, row += n_columns)
            for (int c = 0; c < n_columns; c++)
                row[c] *= cache->factors[e][layout->active[e][a]];
    }
}

void nnp_descriptor_cache_scale(struct nnp_descriptor_cache *cache)
{
    for (int e = 0; e < cache->potential->n_elements; e++) {
        const struct nnp_descriptor *descriptor = &cache->potential->descriptors[e];
        for (int k = 0; k < descriptor->n_functions; k++) {
            double factor, offset, shift, *value = cache->values[e] + k;
            nnp_scaling_coefficients(&descriptor->scaling, k, &factor, &offset, &shift);
            cache->factors[e][k] = factor;
            for (int i = 0; i < cache->n_rows[e]; i++, value += descriptor->n_functions)
                *value = factor * (*value - offset) + shift;
        }
    }
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].jacobian)
            scale_jacobian(cache, &cache->structures[s]);
}

int nnp_descriptor_cache_n_rows(const struct nnp_descriptor_cache *cache, int element)
{
    return cache->n_rows[element];
}

const double *nnp_descriptor_cache_values(const struct nnp_descriptor_cache *cache, int element)
{
    return cache->values[element];
}

void nnp_descriptor_cache_locate(const struct nnp_descriptor_cache *cache, int structure,
                                 int atom, int *element, int *row)
{
    *element = cache->structures[structure].layout.elements[atom];
    *row = cache->structures[structure].layout.values[atom];
}

/* The first atom of an element, of which there is one. */
static int first_atom(const struct nnp_descriptor_layout *layout, int element)
{
    int i = 0;
    while (layout->elements[i] != element)
        i++;
    return i;
}

int nnp_descriptor_cache_rows(const struct nnp_descriptor_cache *cache, int structure,
                              int element, int *first_row)
{
    const struct nnp_descriptor_layout *layout = &cache->structures[structure].layout;
    if (layout->n_own[element] > 0)
        *first_row = layout->values[first_atom(layout, element)];
    return layout->n_own[element];
}

bool nnp_descriptor_cache_has_derivatives(const struct nnp_descriptor_cache *cache,
                                          int structure)
{
    return cache->structures[structure].storage != NNP_DESCRIPTOR_VALUES;
}

/* The scaled Jacobian, stored or evaluated; NULL where that fails. */
static const double *find_jacobian(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker,
                                   const struct cached_structure *cached)
{
    if (cached->jacobian)
        return cached->jacobian;
    return nnp_descriptor_worker_jacobian(worker, &cached->layout, cached->structure,
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

void nnp_descriptor_cache_contract(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   const int *first_rows, double *const *de_dx, double *y)
{
    const struct cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    int n_columns = nnp_descriptor_layout_n_columns(layout);
    const double *jacobian = find_jacobian(cache, worker, cached);
    double *packed = nnp_descriptor_worker_scratch(worker);
    if (!jacobian) {
        for (int c = 0; c < n_columns; c++)
            y[c] = NAN;
        return;
    }
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        const double *from = de_dx[e] + row_offset(cache, layout, first_rows, i);
        for (int a = 0; a < layout->n_active[e]; a++)
            packed[layout->places[i] + a] = from[layout->active[e][a]];
    }
    nnp_apply_transposed(layout->n_rows, n_columns, jacobian, packed, y);
}

void nnp_descriptor_cache_direct(const struct nnp_descriptor_cache *cache,
                                 struct nnp_descriptor_worker *worker, int structure,
                                 const double *v, double *const *u)
{
    const struct cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    const double *jacobian = find_jacobian(cache, worker, cached);
    double *packed = nnp_descriptor_worker_scratch(worker);
    if (jacobian)
        nnp_apply(layout->n_rows, nnp_descriptor_layout_n_columns(layout), jacobian, v, packed);
    for (int i = 0; i < layout->n_atoms; i++) {
        int e = layout->elements[i];
        double *to = u[e] + row_offset(cache, layout, NULL, i);
        size_t n_functions = (size_t)cache->potential->descriptors[e].n_functions;
        memset(to, 0, n_functions * sizeof *to);
        for (int a = 0; jacobian && a < layout->n_active[e]; a++)
            to[layout->active[e][a]] = packed[layout->places[i] + a];
    }
}

bool nnp_descriptor_cache_jacobian(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   int element, struct nnp_descriptor_jacobian *jacobian)
{
    const struct cached_structure *cached = &cache->structures[structure];
    const struct nnp_descriptor_layout *layout = &cached->layout;
    *jacobian = (struct nnp_descriptor_jacobian){0};
    if (cached->storage == NNP_DESCRIPTOR_VALUES || layout->n_own[element] == 0)
        return false;
    const double *all = find_jacobian(cache, worker, cached);
    if (!all)
        return false;
    jacobian->n_columns = nnp_descriptor_layout_n_columns(layout);
    jacobian->n_active = layout->n_active[element];
    jacobian->active = layout->active[element];
    jacobian->values =
        all + (size_t)layout->places[first_atom(layout, element)] * (size_t)jacobian->n_columns;
    return true;
}
