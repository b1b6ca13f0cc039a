/* Storage of training and test set. */
#include "fit_set.h"

#include "memory_pages.h"
#include "structure_costs.h"
#include "threads.h"

#include <stdlib.h>
#include <string.h>

static double reference_energy(const struct nnp_potential *potential,
                               const struct nnp_structure *structure)
{
    double sum = 0.0;
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        sum += e < 0 ? 0.0 : potential->elements[e].energy;
    }
    return sum;
}

static bool allocate(struct nnp_fit_set *set)
{
    size_t n = (size_t)set->n_structures + 1;
    set->structures = calloc(n, sizeof *set->structures);
    set->energies = calloc(n, sizeof *set->energies);
    set->volumes = calloc(n, sizeof *set->volumes);
    set->residuals = calloc(n, sizeof *set->residuals);
    set->costs = calloc(n, sizeof *set->costs);
    set->sizes = calloc(n, sizeof *set->sizes);
    set->storage = calloc(n, sizeof *set->storage);
    set->workers = calloc((size_t)set->n_workers, sizeof *set->workers);
    set->weights = calloc(n, sizeof *set->weights);
    set->values = calloc(n, sizeof *set->values);
    return set->structures && set->energies && set->volumes && set->residuals && set->costs &&
           set->sizes && set->weights && set->values && set->storage && set->workers;
}

/* Copies what is known of the structures, and counts it. */
static void take_structures(struct nnp_fit_set *set, const struct nnp_potential *potential,
                            const struct nnp_structure *const *structures)
{
    for (int s = 0; s < set->n_structures; s++) {
        const struct nnp_structure *structure = structures[s];
        set->structures[s] = structure;
        set->weights[s] = 1.0;
        set->energies[s] = structure->energy - reference_energy(potential, structure);
        set->volumes[s] = structure->has_stress ? nnp_cell_volume(&structure->cell) : 0.0;
        set->n_energies += structure->has_energy;
        set->n_forces += structure->has_forces ? 3 * (long)structure->n_atoms : 0;
        set->n_stresses += set->volumes[s] > 0.0;
    }
}

/* Which Jacobians are stored. */
static void choose_storage(struct nnp_fit_set *set, double *memory)
{
    for (int s = 0; s < set->n_structures; s++) {
        const struct nnp_structure *structure = set->structures[s];
        if (!structure->has_forces && !structure->has_stress)
            continue;
        double size = set->sizes[s].n_jacobian * (double)nnp_number_size(set->number);
        set->storage[s] = NNP_DESCRIPTOR_RECOMPUTED;
        if (memory && size > *memory)
            continue;
        set->storage[s] = NNP_DESCRIPTOR_STORED;
        if (memory)
            *memory -= size;
    }
}

static enum nnp_status create_workers(struct nnp_fit_set *set,
                                      const struct nnp_potential *potential,
                                      struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < set->n_workers && !status; k++)
        status = nnp_descriptor_worker_create(&set->workers[k], potential, error);
    return status;
}

static enum nnp_status fill_cache(struct nnp_fit_set *set,
                                  const struct nnp_potential *potential, int b, void *jacobians,
                                  struct nnp_error *error)
{
    const int *range = set->blocks.first_structure + b;
    return nnp_descriptor_cache_create(
        &set->caches[b], set->workers[nnp_thread()], potential, &set->groups,
        range[1] - range[0], set->structures + range[0], set->storage + range[0],
        set->sizes + range[0], set->number, jacobians, set->scratch, error);
}

/* Bytes of the Jacobians of block b that are stored. */
static size_t stored_size(const struct nnp_fit_set *set, int b)
{
    double sum = 0.0;
    for (int s = set->blocks.first_structure[b]; s < set->blocks.first_structure[b + 1]; s++)
        if (set->storage[s] == NNP_DESCRIPTOR_STORED)
            sum += set->sizes[s].n_jacobian;
    return (size_t)sum * nnp_number_size(set->number);
}

/* One piece of memory for all Jacobians that are stored, in large pages where the system has
 * them: with small ones a part of the time would go into mapping and finding them.  first:
 * [order.n + 1], where those of each block of the order begin. */
static bool allocate_jacobians(struct nnp_fit_set *set, size_t *first)
{
    enum { PAGE = 2 << 20, LINE = 64 };
    const struct nnp_block_order *order = &set->order;
    for (int k = 0; k < order->n; k++)
        first[k + 1] = first[k] + stored_size(set, order->blocks[k]);
    const size_t n_bytes = first[order->n] + 1, unit = n_bytes < PAGE ? LINE : PAGE;
    set->jacobians = aligned_alloc(unit, (n_bytes + unit - 1) / unit * unit);
    if (set->jacobians)
        nnp_large_pages(set->jacobians, n_bytes);
    return set->jacobians;
}

/* Evaluates the descriptors of the blocks that this rank holds. */
static enum nnp_status fill_caches(struct nnp_fit_set *set,
                                   const struct nnp_potential *potential,
                                   struct nnp_error *error)
{
    const struct nnp_block_order *order = &set->order;
    enum nnp_status status = NNP_SUCCESS;
    int failed = set->blocks.n_blocks;
    size_t *first = calloc((size_t)order->n + 1, sizeof *first);
    set->caches = calloc((size_t)set->blocks.n_blocks + 1, sizeof *set->caches);
    if (!set->caches || !first || !allocate_jacobians(set, first)) {
        free(first);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d blocks",
                             set->blocks.n_blocks);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < order->n; k++) {
        const int b = order->blocks[k];
        struct nnp_error own = {0};
        enum nnp_status found =
            fill_cache(set, potential, b, (char *)set->jacobians + first[k], &own);
#pragma omp critical(nnp_fit_set_failed)
        if (found && b < failed) {
            failed = b;
            status = found;
            *error = own;
        }
    }
    free(first);
    for (int k = 0; k < set->n_workers; k++)
        for (int i = 0; i < order->n && !status; i++)
            status = nnp_descriptor_cache_reserve(set->caches[order->blocks[i]],
                                                  set->workers[k], error);
    return status;
}

/* On failure *set is NULL, or to be freed. */
static enum nnp_status create(struct nnp_fit_set **set, const struct nnp_parallel *parallel,
                              const struct nnp_potential *potential, int n_structures,
                              const struct nnp_structure *const *structures,
                              const struct nnp_fit_memory *memory, struct nnp_error *error)
{
    *set = calloc(1, sizeof **set);
    if (*set) {
        (*set)->parallel = parallel;
        (*set)->potential = potential;
        (*set)->n_structures = n_structures;
        (*set)->scratch = memory ? memory->scratch : NULL;
        (*set)->number = memory ? memory->number : NNP_FLOAT;
        (*set)->n_workers = nnp_threads();
    }
    if (!*set || !allocate(*set) || !nnp_function_groups_init(&(*set)->groups, potential))
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures",
                             n_structures);
    take_structures(*set, potential, structures);
    return NNP_SUCCESS;
}

/* This rank's blocks of structures, whose costs are known. */
static enum nnp_status fill(struct nnp_fit_set *set, bool overlap, struct nnp_error *error)
{
    enum nnp_status status = nnp_blocks_divide(&set->blocks, set->n_structures, set->costs,
                                               set->parallel->size, error);
    if (!status)
        status = nnp_blocks_order(&set->blocks, set->parallel->rank, set->parallel->size,
                                  overlap, &set->order, error);
    if (!status)
        status = create_workers(set, set->potential, error);
    return status ? status : fill_caches(set, set->potential, error);
}

enum nnp_status nnp_fit_set_create(struct nnp_fit_set **set,
                                   const struct nnp_parallel *parallel,
                                   const struct nnp_potential *potential, int n_structures,
                                   const struct nnp_structure *const *structures,
                                   bool with_derivatives, const struct nnp_fit_memory *memory,
                                   struct nnp_error *error)
{
    enum nnp_status status =
        create(set, parallel, potential, n_structures, structures, memory, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status) {
        const bool overlap = nnp_parallel_can_share_memory(parallel);
        if (memory && memory->sizes)
            memcpy((*set)->sizes, memory->sizes, (size_t)n_structures * sizeof *memory->sizes);
        else
            status = nnp_structure_sizes_find(parallel, potential, n_structures, structures,
                                              with_derivatives, (*set)->sizes, error);
        if (with_derivatives)
            choose_storage(*set, memory ? memory->jacobians : NULL);
        nnp_structure_costs_set(*set);
        if (!status)
            status = fill(*set, overlap, error);
        status = nnp_parallel_agree(parallel, status, error);
    }
    if (status) {
        nnp_fit_set_free(*set);
        *set = NULL;
    }
    return status;
}

void nnp_fit_set_free(struct nnp_fit_set *set)
{
    if (!set)
        return;
    for (int b = 0; set->caches && b < set->blocks.n_blocks; b++)
        nnp_descriptor_cache_free(set->caches[b]);
    for (int k = 0; set->workers && k < set->n_workers; k++)
        nnp_descriptor_worker_free(set->workers[k]);
    free(set->workers);
    free(set->storage);
    free(set->caches);
    free(set->jacobians);
    nnp_block_order_free(&set->order);
    nnp_blocks_free(&set->blocks);
    free(set->structures);
    free(set->energies);
    free(set->volumes);
    free(set->residuals);
    free(set->costs);
    free(set->sizes);
    nnp_function_groups_free(&set->groups);
    free(set->weights);
    free(set->values);
    free(set);
}

void nnp_fit_set_scale(struct nnp_fit_set *set)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (int b = 0; b < set->blocks.n_blocks; b++)
        if (set->caches[b])
            nnp_descriptor_cache_scale(set->caches[b]);
}

bool nnp_fit_set_has_failed(const struct nnp_fit_set *set)
{
    bool failed = false;
    for (int k = 0; k < set->n_workers; k++)
        failed = failed || nnp_descriptor_worker_has_failed(set->workers[k]);
    return nnp_parallel_any(set->parallel, failed);
}
