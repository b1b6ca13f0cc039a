/* Values and Jacobians of the structures of a block. */
#include "descriptor_cache_parts.h"

#include <stdlib.h>

/* Symmetry functions of an element's atoms. */
static enum nnp_status allocate_values(struct nnp_descriptor_cache *cache, size_t e,
                                       struct nnp_error *error)
{
    size_t width = (size_t)cache->potential->descriptors[e].n_functions + 1;
    size_t n_rows = (size_t)cache->n_rows[e] + 1;
    enum nnp_status status = NNP_SUCCESS;
    void *values = NULL;
    if (cache->scratch)
        status =
            nnp_scratch_take(cache->scratch, n_rows * width * sizeof(double), &values, error);
    else if (!(values = calloc(n_rows, width * sizeof(double))))
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY,
                          "no memory for the symmetry functions of %d atoms", cache->n_rows[e]);
    cache->values[e] = values;
    return status;
}

/* Everything else that is stored. */
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
        cache->factors[e] = calloc(width, sizeof(double));
        done = cache->factors[e];
    }
    return done;
}

enum nnp_status nnp_descriptor_cache_reserve(const struct nnp_descriptor_cache *cache,
                                             struct nnp_descriptor_worker *worker,
                                             struct nnp_error *error)
{
    int most = 0;
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].layout.n_atoms > most)
            most = cache->structures[s].layout.n_atoms;
    return nnp_descriptor_worker_reserve(worker, most, error);
}

enum nnp_status nnp_descriptor_cache_create(
    struct nnp_descriptor_cache **cache, struct nnp_descriptor_worker *worker,
    const struct nnp_potential *potential, const struct nnp_function_groups *groups,
    int n_structures, const struct nnp_structure *const *structures,
    const enum nnp_descriptor_storage *storage, const struct nnp_structure_size *sizes,
    enum nnp_number number, void *jacobians, struct nnp_scratch *scratch,
    struct nnp_error *error)
{
    struct nnp_descriptor_cache *made = calloc(1, sizeof *made);
    enum nnp_status status;
    char *memory = jacobians;
    *cache = NULL;
    if (made) {
        made->potential = potential;
        made->groups = groups;
        made->kernels = nnp_loss_kernels_select();
        made->n_structures = n_structures;
        made->scratch = scratch;
    }
    if (made && allocate(made, structures, storage))
        status = nnp_descriptor_cache_reserve(made, worker, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for the descriptors of %d structures", n_structures);
    for (int e = 0; e < potential->n_elements && !status; e++)
        status = allocate_values(made, (size_t)e, error);
    for (int s = 0; s < n_structures && !status; s++) {
        struct nnp_cached_structure *cached = &made->structures[s];
        const bool is_stored = storage[s] == NNP_DESCRIPTOR_STORED;
        const size_t n_jacobian = is_stored ? (size_t)sizes[s].n_jacobian : 0;
        cached->jacobian.number = number;
        status = nnp_descriptor_worker_evaluate(
            worker, &cached->layout, structures[s], made->values, groups, n_jacobian,
            is_stored ? &cached->jacobian : NULL, memory, error);
        if (is_stored)
            memory += n_jacobian * nnp_number_size(number);
        if (is_stored && !cached->jacobian.values) /* counted on a machine of another kind */
            cached->storage = NNP_DESCRIPTOR_RECOMPUTED;
    }
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
    for (int s = 0; cache->structures && s < cache->n_structures; s++) {
        nnp_descriptor_layout_free(&cache->structures[s].layout);
        nnp_stored_jacobian_free(&cache->structures[s].jacobian);
    }
    for (int e = 0; cache->values && !cache->scratch && e < cache->potential->n_elements; e++)
        free(cache->values[e]);
    for (int e = 0; cache->factors && e < cache->potential->n_elements; e++)
        free(cache->factors[e]);
    free(cache->structures);
    free(cache->n_rows);
    free(cache->values);
    free(cache->factors);
    free(cache);
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

int nnp_descriptor_cache_rows(const struct nnp_descriptor_cache *cache, int structure,
                              int element, int *first_row)
{
    const struct nnp_descriptor_layout *layout = &cache->structures[structure].layout;
    if (layout->n_own[element] > 0)
        *first_row = layout->values[nnp_descriptor_layout_first(layout, element)];
    return layout->n_own[element];
}

bool nnp_descriptor_cache_has_derivatives(const struct nnp_descriptor_cache *cache,
                                          int structure)
{
    return cache->structures[structure].storage != NNP_DESCRIPTOR_VALUES;
}

const struct nnp_descriptor_layout *
nnp_descriptor_cache_layout(const struct nnp_descriptor_cache *cache, int structure)
{
    return &cache->structures[structure].layout;
}
