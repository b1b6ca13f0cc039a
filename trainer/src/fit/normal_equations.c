/* Memory of the normal equations. */
#include "normal_equations_messages.h"

#include <stdlib.h>
#include <string.h>

static int most_atoms(const struct nnp_fit_set *set)
{
    int most = 0;
    for (int s = 0; s < set->n_structures; s++)
        if (set->structures[s]->n_atoms > most)
            most = set->structures[s]->n_atoms;
    return most;
}

static enum nnp_status allocate_work(struct nnp_rows_work *work, const struct nnp_loss *loss,
                                     int n_functions, struct nnp_error *error)
{
    const size_t n = (size_t)loss->n_parameters, width = NNP_CHUNK_ROWS + 1;
    const int n_atoms = most_atoms(loss->set);
    const size_t n_jacobian = (size_t)n_atoms * (size_t)n_functions;
    enum nnp_status status = NNP_SUCCESS;
    work->rows = calloc((size_t)loss->n_elements, sizeof *work->rows);
    work->transposed = calloc(n, width * sizeof(double));
    work->slice = calloc(n_jacobian + 1, width * sizeof(double));
    if (loss->most_folded > 0)
        work->folded = calloc((size_t)loss->most_folded, width * sizeof(double));
    if (!work->rows || !work->transposed || !work->slice ||
        (loss->most_folded > 0 && !work->folded))
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for normal equations of %zu parameters", n);
    for (int e = 0; e < loss->n_elements && !status; e++)
        status = nnp_network_rows_create(&work->rows[e], nnp_folded_network(&loss->folded[e]),
                                         n_atoms, NNP_CHUNK_ROWS, error);
    return status;
}

static void free_work(struct nnp_rows_work *work, int n_elements)
{
    for (int e = 0; work->rows && e < n_elements; e++)
        nnp_network_rows_free(work->rows[e]);
    free(work->rows);
    free(work->transposed);
    free(work->folded);
    free(work->slice);
}

/* Elements of each structure, and where the free parameters of each element begin. */
static void find_ranges(struct nnp_normal_equations *equations, const int *free_parameters)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_fit_set *set = loss->set;
    memcpy(equations->free, free_parameters, (size_t)equations->n_free * sizeof(int));
    for (int e = 0, f = 0; e <= loss->n_elements; e++) {
        int first = e < loss->n_elements ? loss->first_parameter[e] : loss->n_parameters;
        while (f < equations->n_free && equations->free[f] < first)
            f++;
        equations->first_free[e] = f;
    }
    for (int s = 0; s < set->n_structures; s++) {
        int first = loss->n_elements - 1, last = 0;
        for (int i = 0; i < set->structures[s]->n_atoms; i++) {
            int e = nnp_potential_element_index(set->potential,
                                                set->structures[s]->atomic_numbers[i]);
            first = e < first ? e : first;
            last = e > last ? e : last;
        }
        equations->first_used[s] = first;
        equations->last_used[s] = last;
    }
}

/* Chunks of a batch that are open, at most. */
static int n_open(const struct nnp_normal_equations *equations)
{
    const bool is_shared = equations->loss->set->parallel->size > 1;
    return is_shared ? equations->batches.size * equations->most_chunks : 0;
}

static enum nnp_status allocate(struct nnp_normal_equations *equations, int batch,
                                struct nnp_error *error)
{
    const struct nnp_loss *loss = equations->loss;
    const int n_ranks = loss->set->parallel->size;
    const size_t n_free = (size_t)equations->n_free;
    const size_t n_structures = (size_t)loss->set->n_structures + 1;
    enum nnp_status status =
        nnp_batches_init(&equations->batches, loss->set->n_structures, batch, error);
    if (!status)
        status = nnp_batch_plan_init(&equations->plan, equations->batches.size, n_ranks, error);
    if (status)
        return status;
    const size_t size = (size_t)equations->batches.size + 1;
    equations->selected = calloc(size, sizeof(int));
    equations->free = calloc(n_free + 1, sizeof(int));
    equations->first_free = calloc((size_t)loss->n_elements + 1, sizeof(int));
    equations->first_used = calloc(n_structures, sizeof(int));
    equations->last_used = calloc(n_structures, sizeof(int));
    equations->works = calloc((size_t)loss->n_works, sizeof *equations->works);
    equations->messages = calloc(size + (size_t)n_ranks, sizeof *equations->messages);
    equations->runs = calloc(size, sizeof *equations->runs);
    equations->is_later = calloc(size, sizeof *equations->is_later);
    equations->most_chunks = (3 * most_atoms(loss->set) + 7) / NNP_CHUNK_ROWS + 1;
    equations->open = calloc((size_t)n_open(equations) + 1, sizeof *equations->open);
    equations->diagonal = calloc(n_free + 1, sizeof(double));
    equations->vector = calloc(n_free + 1, sizeof(double));
    if (!equations->selected || !equations->free || !equations->first_free ||
        !equations->first_used || !equations->last_used || !equations->works ||
        !equations->messages || !equations->runs || !equations->is_later || !equations->open ||
        !equations->diagonal || !equations->vector)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for batches");
    for (int k = 0; k < loss->n_works && !status; k++)
        status = allocate_work(&equations->works[k], loss, equations->most_functions, error);
    return status;
}

enum nnp_status nnp_normal_equations_create(struct nnp_normal_equations **equations,
                                            struct nnp_loss *loss, int batch, int n_free,
                                            const int *free_parameters, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *equations = calloc(1, sizeof **equations);
    if (*equations) {
        (*equations)->loss = loss;
        (*equations)->kernels = nnp_loss_kernels_select();
        (*equations)->n_free = n_free;
        (*equations)->most_functions = nnp_descriptor_most_functions(loss->set->potential);
        status = allocate(*equations, batch, error);
    } else {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for normal equations");
    }
    status = nnp_parallel_agree(loss->set->parallel, status, error);
    if (!status) /* without them there are messages */
        nnp_turns_init(&(*equations)->turns, loss->set->parallel, n_open(*equations));
    if (status) {
        nnp_normal_equations_free(*equations);
        *equations = NULL;
    } else {
        find_ranges(*equations, free_parameters);
    }
    return status;
}

void nnp_normal_equations_free(struct nnp_normal_equations *equations)
{
    if (!equations)
        return;
    for (int k = 0; equations->works && k < equations->loss->n_works; k++)
        free_work(&equations->works[k], equations->loss->n_elements);
    nnp_rows_free_messages(equations);
    nnp_batches_free(&equations->batches);
    nnp_batch_plan_free(&equations->plan);
    free(equations->selected);
    free(equations->free);
    free(equations->first_free);
    free(equations->first_used);
    free(equations->last_used);
    free(equations->works);
    free(equations->messages);
    free(equations->open);
    nnp_turns_free(&equations->turns);
    nnp_shared_memory_free(&equations->mail);
    nnp_shared_memory_free(&equations->rows);
    free(equations->runs);
    free(equations->is_later);
    free(equations->factors);
    free(equations->residuals);
    free(equations->diagonal);
    free(equations->vector);
    free(equations);
}

int nnp_normal_equations_n_batches(const struct nnp_normal_equations *equations)
{
    return equations->batches.n_batches;
}
