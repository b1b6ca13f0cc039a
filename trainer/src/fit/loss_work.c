/* Steps 1 to 3 of the loss (loss.c) for the structures of a block, in the memory of a thread.
 */
#include "loss_parts.h"

#include <stdlib.h>
#include <string.h>

/* Rows of an element in the largest of this rank's blocks, and in any structure. */
static int most_rows(const struct nnp_fit_set *set, int element)
{
    int most = 0;
    for (int s = 0; s < set->n_structures; s++)
        if (set->structures[s]->n_atoms > most)
            most = set->structures[s]->n_atoms;
    for (int b = 0; b < set->blocks.n_blocks; b++)
        if (set->caches[b] && nnp_descriptor_cache_n_rows(set->caches[b], element) > most)
            most = nnp_descriptor_cache_n_rows(set->caches[b], element);
    return most;
}

static bool allocate_element(struct nnp_loss_work *work, int e)
{
    const struct nnp_network *network = nnp_folded_network(&work->loss->folded[e]);
    struct nnp_loss_element *element = &work->elements[e];
    size_t n_rows = (size_t)most_rows(work->loss->set, e);
    size_t row_size = ((size_t)network->layers[0].n_inputs + 1) * sizeof(double);
    element->energies = calloc(n_rows + 1, sizeof(double));
    element->seeds = calloc(n_rows + 1, sizeof(double));
    work->de_dx[e] = calloc(n_rows + 1, row_size);
    work->tangents[e] = calloc(n_rows + 1, row_size);
    return element->energies && element->seeds && work->de_dx[e] && work->tangents[e] &&
           nnp_network_batch_create(&element->batch, network, (int)n_rows, NULL) == NNP_SUCCESS;
}

bool nnp_loss_work_init(struct nnp_loss_work *work, const struct nnp_loss *loss,
                        struct nnp_descriptor_worker *worker)
{
    const struct nnp_fit_set *set = loss->set;
    size_t n_elements = (size_t)loss->n_elements, most_atoms = 0;
    for (int s = 0; s < set->n_structures; s++)
        if ((size_t)set->structures[s]->n_atoms > most_atoms)
            most_atoms = (size_t)set->structures[s]->n_atoms;
    *work = (struct nnp_loss_work){.loss = loss, .worker = worker};
    work->first_rows = calloc(n_elements, sizeof *work->first_rows);
    work->n_rows = calloc(n_elements, sizeof *work->n_rows);
    work->elements = calloc(n_elements, sizeof *work->elements);
    work->de_dx = calloc(n_elements, sizeof *work->de_dx);
    work->tangents = calloc(n_elements, sizeof *work->tangents);
    work->y = calloc(3 * most_atoms + 6, sizeof *work->y);
    work->y_factors = calloc(3 * most_atoms + 6, sizeof *work->y_factors);
    if (loss->most_folded > 0)
        work->folded = calloc((size_t)loss->most_folded, sizeof *work->folded);
    bool done = work->first_rows && work->n_rows && work->elements && work->de_dx &&
                work->tangents && work->y && work->y_factors &&
                (work->folded || loss->most_folded == 0);
    for (int e = 0; done && e < loss->n_elements; e++)
        done = allocate_element(work, e);
    return done;
}

void nnp_loss_work_free(struct nnp_loss_work *work)
{
    for (int e = 0; work->loss && e < work->loss->n_elements; e++) {
        if (work->elements) {
            nnp_network_batch_free(work->elements[e].batch);
            free(work->elements[e].energies);
            free(work->elements[e].seeds);
        }
        if (work->de_dx)
            free(work->de_dx[e]);
        if (work->tangents)
            free(work->tangents[e]);
    }
    free(work->first_rows);
    free(work->n_rows);
    free(work->elements);
    free(work->de_dx);
    free(work->tangents);
    free(work->y);
    free(work->y_factors);
    free(work->folded);
    *work = (struct nnp_loss_work){0};
}

/* The rows of an element in structures begin .. end - 1 of a block, which are consecutive. */
static void find_rows(struct nnp_loss_work *work, int e, int begin, int end)
{
    work->first_rows[e] = work->n_rows[e] = 0;
    for (int s = begin; s < end; s++) {
        int first_row, n_rows = nnp_descriptor_cache_rows(work->cache, s, e, &first_row);
        if (n_rows > 0 && work->n_rows[e] == 0)
            work->first_rows[e] = first_row;
        work->n_rows[e] += n_rows;
    }
}

void nnp_loss_begin(struct nnp_loss_work *work, int b, int begin, int end,
                    bool with_derivatives)
{
    const struct nnp_loss *loss = work->loss;
    work->cache = loss->set->caches[b];
    for (int e = 0; e < loss->n_elements; e++) {
        struct nnp_loss_element *element = &work->elements[e];
        size_t n_inputs = (size_t)loss->set->potential->descriptors[e].n_functions;
        find_rows(work, e, begin, end);
        nnp_network_batch_energies(element->batch, work->n_rows[e],
                                   nnp_descriptor_cache_values(work->cache, e) +
                                       (size_t)work->first_rows[e] * n_inputs,
                                   element->energies);
        if (with_derivatives)
            nnp_network_batch_input_gradients(element->batch, work->de_dx[e]);
    }
}

double nnp_loss_seed(const struct nnp_loss_work *work, int structure_in_block)
{
    int e, row;
    nnp_descriptor_cache_locate(work->cache, structure_in_block, 0, &e, &row);
    return work->elements[e].seeds[row - work->first_rows[e]];
}

static void clear_tangents(struct nnp_loss_work *work, int structure_in_block, int n_atoms)
{
    for (int i = 0; i < n_atoms; i++) {
        int e, row;
        nnp_descriptor_cache_locate(work->cache, structure_in_block, i, &e, &row);
        size_t n = (size_t)work->loss->set->potential->descriptors[e].n_functions;
        memset(work->tangents[e] + (size_t)row * n, 0, n * sizeof(double));
    }
}

void nnp_loss_compare(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                      int structure_in_block, int s, bool with_derivatives, bool with_gradient)
{
    const struct nnp_fit_set *set = work->loss->set;
    const struct nnp_structure *structure = set->structures[s];
    struct nnp_loss_factors factors = nnp_loss_find_factors(set, terms, s);
    double *value = &set->values[s];
    set->residuals[s] = (struct nnp_residual){-1.0, -1.0, -1.0};
    *value = nnp_loss_compare_energy(work, terms, structure_in_block, s, factors.energy);
    if (!with_derivatives)
        return;
    if (nnp_descriptor_cache_has_derivatives(work->cache, structure_in_block)) {
        nnp_descriptor_cache_contract(work->cache, work->worker, structure_in_block,
                                      work->first_rows, work->de_dx, work->y);
        *value += nnp_loss_compare_derivatives(work, terms, s, &factors);
        if (with_gradient)
            nnp_descriptor_cache_direct(work->cache, work->worker, structure_in_block, work->y,
                                        work->tangents);
    } else if (with_gradient) {
        clear_tangents(work, structure_in_block, structure->n_atoms);
    }
}
