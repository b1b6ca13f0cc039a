/* Batches: who does what, the ranks' rows, and what does not come from structures. */
#include "normal_equations_messages.h"
#include "threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Costs in multiplications of the derivatives of networks, as measured on sets of Li and of
 * Mo-Ta (24 and 66 functions, networks with two layers of 10), which the residuals' derivatives
 * of each atom take 4 times as many of as there are parameters; the numbers of a row take 70
 * each to be summed over atoms and written.  The owner needs 4e5 for any structure, and several
 * times what it costs in a loss (structure_costs.c), more where the Jacobian is not stored. */
static void set_costs(const struct nnp_normal_equations *equations,
                      struct nnp_batch_member *member)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_fit_set *set = loss->set;
    const double n_atoms = set->structures[member->structure]->n_atoms;
    const double n_variables =
        equations->first_free[equations->last_used[member->structure] + 1] -
        equations->first_free[equations->first_used[member->structure]];
    member->shared_cost =
        member->n_rows *
        (4.0 * n_atoms * loss->n_parameters / loss->n_elements + 70.0 * n_variables);
    const double losses =
        set->storage[member->structure] == NNP_DESCRIPTOR_RECOMPUTED ? 6.0 : 3.5;
    member->own_cost =
        4e5 + (member->n_rows > 1 ? losses * set->costs[member->structure] : 0.0);
}

static int find_owner(const struct nnp_fit_set *set, int s)
{
    int r = 0;
    while (set->blocks.first_structure_of_rank[r + 1] <= s)
        r++;
    return r;
}

/* Members of the batch, and who does what. */
static void plan(struct nnp_normal_equations *equations, const struct nnp_loss_terms *terms,
                 int number)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_fit_set *set = loss->set;
    const bool derivatives = terms->force_weight > 0.0 || terms->stress_weight > 0.0;
    struct nnp_batch_plan *made = &equations->plan;
    made->n_members = nnp_batches_select(&equations->batches, number, equations->selected);
    for (int k = 0; k < made->n_members; k++) {
        int s = equations->selected[k];
        bool has_derivatives = derivatives && set->storage[s] != NNP_DESCRIPTOR_VALUES;
        made->members[k] = (struct nnp_batch_member){
            .structure = s,
            .owner = find_owner(set, s),
            .n_rows = has_derivatives ? 3 * set->structures[s]->n_atoms + 7 : 1,
        };
        set_costs(equations, &made->members[k]);
    }
    nnp_batch_plan_make(made);
}

/* Part that memory is longer than it need be, so that larger batches need not replace it again
 * and again, which takes as long as to fill it. */
enum { MARGIN = 4 };

enum nnp_status nnp_rows_reserve(const struct nnp_parallel *parallel, size_t n,
                                 struct nnp_shared_memory *memory)
{
    if (n <= memory->n)
        return NNP_SUCCESS;
    nnp_shared_memory_free(memory);
    return nnp_shared_memory_init(memory, parallel, n + n / MARGIN, NULL);
}

/* False where memory fails. */
static bool reserve_factors(struct nnp_normal_equations *equations, size_t n)
{
    if (n <= equations->n_factors)
        return true;
    free(equations->factors);
    free(equations->residuals);
    equations->factors = calloc(n, sizeof(double));
    equations->residuals = calloc(n, sizeof(double));
    equations->n_factors = equations->factors && equations->residuals ? n : 0;
    return equations->n_factors > 0;
}

/* No rank reads what is there of the batch before any more. */
static void reuse_memory(struct nnp_normal_equations *equations)
{
    if (equations->turns.items) {
        nnp_turns_begin(&equations->turns);
    } else {
        nnp_shared_memory_reuse(&equations->rows);
        nnp_shared_memory_reuse(&equations->mail);
    }
}

/* Whether this rank has a message about member k to send. */
static bool is_sent(const struct nnp_normal_equations *equations, int k)
{
    for (int m = 0; m < equations->n_messages; m++)
        if (equations->messages[m].member == k)
            return true;
    return false;
}

/* This rank's own members that are sent, or the others. */
static void evaluate_members(struct nnp_normal_equations *equations,
                             const struct nnp_loss_terms *terms, bool sent)
{
    const struct nnp_batch_plan *made = &equations->plan;
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < made->n_members; k++)
        if (made->members[k].owner == equations->loss->set->parallel->rank &&
            is_sent(equations, k) == sent)
            nnp_rows_evaluate_own(equations, terms, k);
}

/* Chunks that were left for later, so that threads share them evenly: there may be fewer
 * structures than threads. */
static void evaluate_later(struct nnp_normal_equations *equations)
{
    const struct nnp_batch_plan *made = &equations->plan;
    const int rank = equations->loss->set->parallel->rank;
    if (nnp_threads() == 1)
        return;
#pragma omp parallel for schedule(dynamic, 1)
    for (int c = made->first_chunk[rank]; c < made->first_chunk[rank + 1]; c++) {
        const int k = nnp_batch_plan_member(made, c);
        if (equations->is_later[k])
            nnp_rows_evaluate_later(equations, k, c - made->members[k].first_chunk);
    }
}

static void begin_messages(struct nnp_normal_equations *equations, bool sends)
{
    const struct nnp_parallel *parallel = equations->loss->set->parallel;
    for (int m = 0; m < equations->n_messages; m++) {
        struct nnp_rows_message *message = &equations->messages[m];
        if ((message->from == parallel->rank) == sends)
            nnp_shared_memory_begin_send(&equations->mail, message->from, message->to,
                                         message->data, message->n, &message->request);
    }
}

/* Chunks that messages are about. */
static void evaluate_messages(struct nnp_normal_equations *equations)
{
    const int rank = equations->loss->set->parallel->rank;
    for (int m = 0; m < equations->n_messages; m++)
        nnp_shared_memory_wait(&equations->messages[m].request);
#pragma omp parallel for schedule(dynamic, 1)
    for (int m = 0; m < equations->n_messages; m++) {
        const struct nnp_rows_message *message = &equations->messages[m];
        const int first = message->first_chunk;
        for (int i = first; message->to == rank && i < first + message->n_chunks; i++)
            nnp_rows_evaluate_foreign(equations, m, i);
    }
}

/* Rows by this rank.  Structures that others wait for come first. */
static void evaluate_rows(struct nnp_normal_equations *equations,
                          const struct nnp_loss_terms *terms)
{
    memset(equations->is_later, 0, (size_t)equations->plan.n_members * sizeof(bool));
    for (int k = 0; k < equations->loss->n_works; k++)
        equations->works[k].loaded = NNP_LOADED_NOTHING;
    if (!equations->is_open)
        begin_messages(equations, false);
    evaluate_members(equations, terms, true);
    if (!equations->is_open)
        begin_messages(equations, true);
    evaluate_members(equations, terms, false);
    evaluate_later(equations);
    if (equations->is_open)
        nnp_rows_evaluate_open(equations);
    else
        evaluate_messages(equations);
}

/* The residuals sqrt(factor) w. */
static void set_regularization(struct nnp_normal_equations *equations, double factor,
                               const double *parameters)
{
    const struct nnp_loss *loss = equations->loss;
    for (int e = 0, k = 0, f = 0; e < loss->n_elements; e++)
        for (int l = 0; l < loss->networks[e].n_layers; l++) {
            const struct nnp_layer *layer = &loss->networks[e].layers[l];
            const int n_weights = layer->n_inputs * layer->n_outputs;
            for (int i = 0; i < n_weights + layer->n_outputs; i++, k++) {
                if (f >= equations->n_free || equations->free[f] != k)
                    continue;
                equations->diagonal[f] = i < n_weights ? factor : 0.0;
                equations->vector[f++] = i < n_weights ? factor * parameters[k] : 0.0;
            }
        }
}

/* Members one after another that have the same elements. */
static int find_runs(const struct nnp_normal_equations *equations)
{
    const struct nnp_batch_plan *made = &equations->plan;
    int n = 0;
    for (int k = 0; k < made->n_members; k++) {
        const struct nnp_batch_member *member = &made->members[k];
        const int begin = equations->first_free[equations->first_used[member->structure]];
        const int end = equations->first_free[equations->last_used[member->structure] + 1];
        struct nnp_measured_run *last = &equations->runs[n - (n > 0)];
        if (n > 0 && last->begin_variable == begin && last->end_variable == end) {
            last->end += member->n_rows;
            continue;
        }
        equations->runs[n++] = (struct nnp_measured_run){
            member->first_row, member->first_row + member->n_rows, begin, end};
    }
    return n;
}

const struct nnp_measurements *nnp_normal_equations_set(struct nnp_normal_equations *equations,
                                                        const struct nnp_loss_terms *terms,
                                                        int number, const double *parameters)
{
    const struct nnp_parallel *parallel = equations->loss->set->parallel;
    const size_t width = (size_t)equations->n_free + 2;
    nnp_loss_set_parameters(equations->loss, parameters);
    plan(equations, terms, number);
    reuse_memory(equations);
    equations->failed =
        nnp_rows_reserve(parallel, (size_t)equations->plan.n_rows * width, &equations->rows);
    if (!reserve_factors(equations, (size_t)equations->plan.n_rows))
        equations->failed = true;
    nnp_rows_find_messages(equations);
    set_regularization(equations, terms->regularization / equations->batches.n_batches,
                       parameters);
    equations->result = (struct nnp_measurements){
        .width = equations->n_free + 2,
        .rows = equations->rows.data,
        .runs = equations->runs,
        .diagonal = equations->diagonal,
        .vector = equations->vector,
    };
    if (nnp_parallel_any(parallel, equations->failed)) {
        equations->diagonal[0] = NAN;
    } else {
        evaluate_rows(equations, terms);
        nnp_shared_memory_gather(&equations->rows, equations->plan.first_row,
                                 equations->result.width);
        equations->result.n_rows = equations->plan.n_rows;
        equations->result.n_runs = find_runs(equations);
    }
    nnp_rows_free_messages(equations);
    return &equations->result;
}
