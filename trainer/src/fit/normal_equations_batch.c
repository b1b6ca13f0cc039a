/* Rows of J, structure by structure: those of its energy and of its y = (-forces, virial)
 * (loss.c),
 *
 *   dE/dp = sum_i dE_i/dp,       dy_c/dp = sum_i d/dp (J_i[:, c] . dE_i/dx_i)
 *
 * with J_i = dx_i/d(R, strain), times the roots of their factors f, which with a robust loss
 * are those of the present residuals (robust.h).  loss_compare.c leaves dL/dy = 2 f (y -
 * y_ref), so that r = dL/dy / (2 sqrt f).
 *
 * The owner of a structure finds residuals and factors; ranks that have chunks of it
 * (batch_plan.h) find rows of J, which are gathered on all ranks. */
#include "normal_equations_parts.h"
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

/* sqrt f and r of the structure's y and, at the end, energy. */
static void set_residuals(struct nnp_rows_work *work, const struct nnp_loss_work *loss_work,
                          double seed, int n_columns)
{
    for (int c = 0; c <= n_columns; c++) {
        bool is_energy = c == n_columns;
        double factor = is_energy ? loss_work->energy_factor : loss_work->y_factors[c];
        double slope = is_energy ? seed : loss_work->y[c];
        work->factors[c] = sqrt(factor);
        work->residuals[c] = factor > 0.0 ? slope / (2.0 * sqrt(factor)) : 0.0;
    }
}

/* What another rank needs of a member; a first factor that is no number where there is no
 * Jacobian, lest the message's rows are taken. */
static void pack(const struct nnp_normal_equations *equations,
                 const struct nnp_loss_work *loss_work, const struct nnp_rows_work *work,
                 int in_block, bool has_jacobian, struct nnp_rows_message *message)
{
    const struct nnp_loss *loss = equations->loss;
    const struct nnp_batch_member *member = &equations->plan.members[message->member];
    double *to = message->data;
    size_t n_rows = (size_t)message->n_rows;
    for (int e = 0; e < loss->n_elements; e++) {
        size_t n_functions = (size_t)loss->set->potential->descriptors[e].n_functions;
        size_t n = (size_t)loss_work->n_rows[e] * n_functions;
        if (n > 0)
            memcpy(to,
                   nnp_descriptor_cache_values(loss_work->cache, e) +
                       (size_t)loss_work->first_rows[e] * n_functions,
                   n * sizeof *to);
        to += n;
    }
    memcpy(to, work->factors + message->first, n_rows * sizeof *to);
    memcpy(to + n_rows, work->residuals + message->first, n_rows * sizeof *to);
    if (message->n_columns > 0 && !has_jacobian) {
        *to = NAN;
        return;
    }
    to += 2 * n_rows;
    for (int i = message->first_chunk; i < message->first_chunk + message->n_chunks; i++) {
        const int n_columns = nnp_batch_member_n_columns(member, i);
        if (n_columns > 0)
            nnp_descriptor_cache_cut(loss_work->cache, loss_work->worker, in_block,
                                     nnp_batch_member_row(member, i), n_columns, to);
        to += (size_t)message->layout.n_rows * (size_t)n_columns;
    }
}

/* This rank's chunks of a member that it owns. */
static void evaluate_chunks(struct nnp_normal_equations *equations,
                            const struct nnp_loss_work *loss_work, int k, int in_block,
                            bool has_jacobian)
{
    const int thread = nnp_thread();
    const struct nnp_batch_member *member = &equations->plan.members[k];
    const struct nnp_rows_work *work = &equations->works[thread];
    int begin, end;
    nnp_batch_plan_find(&equations->plan, member, equations->loss->set->parallel->rank, &begin,
                        &end);
    for (int i = begin; i < end; i++) {
        const int first = nnp_batch_member_row(member, i);
        const int n_columns = nnp_batch_member_n_columns(member, i);
        const struct nnp_rows_source source = {
            nnp_descriptor_cache_layout(loss_work->cache, in_block),
            has_jacobian ? work->slice : NULL, work->factors + first, work->residuals + first};
        if (has_jacobian && n_columns > 0)
            nnp_descriptor_cache_cut(loss_work->cache, loss_work->worker, in_block, first,
                                     n_columns, work->slice);
        nnp_rows_evaluate(equations, thread, k, i, &source);
    }
}

/* Member k on its owner: residuals, what others need, and this rank's chunks. */
static void evaluate_own(struct nnp_normal_equations *equations,
                         const struct nnp_loss_terms *terms, int k)
{
    const int thread = nnp_thread();
    const struct nnp_batch_member *member = &equations->plan.members[k];
    const struct nnp_blocks *blocks = &equations->loss->set->blocks;
    struct nnp_rows_work *work = &equations->works[thread];
    struct nnp_loss_work *loss_work = &equations->loss->works[thread];
    const int s = member->structure, b = nnp_blocks_find(blocks, s);
    const int in_block = s - blocks->first_structure[b], n_columns = member->n_rows - 1;
    nnp_loss_begin(loss_work, b, in_block, in_block + 1, n_columns > 0);
    const bool has_jacobian =
        n_columns > 0 &&
        nnp_descriptor_cache_prepare(loss_work->cache, loss_work->worker, in_block);
    nnp_loss_compare(loss_work, terms, in_block, s, n_columns > 0, false);
    set_residuals(work, loss_work, nnp_loss_seed(loss_work, in_block), n_columns);
    work->loaded = -1;
    bool is_open = false;
    for (int m = 0; m < equations->n_messages; m++)
        if (equations->messages[m].member == k) {
            pack(equations, loss_work, work, in_block, has_jacobian, &equations->messages[m]);
            is_open = equations->is_open;
            if (is_open)
                nnp_rows_finish_open(equations, m);
        }
    if (!is_open)
        evaluate_chunks(equations, loss_work, k, in_block, has_jacobian);
    nnp_descriptor_worker_release(loss_work->worker);
}

/* The networks get the message's structure. */
static void load(const struct nnp_normal_equations *equations, int thread,
                 const struct nnp_rows_message *message)
{
    const struct nnp_loss *loss = equations->loss;
    const double *values = message->data;
    for (int e = 0; e < loss->n_elements; e++) {
        struct nnp_loss_element *element = &loss->works[thread].elements[e];
        const int n_own = message->layout.n_own[e];
        nnp_network_batch_energies(element->batch, n_own, values, element->energies);
        values += (size_t)n_own * (size_t)loss->set->potential->descriptors[e].n_functions;
    }
}

void nnp_rows_evaluate_foreign(struct nnp_normal_equations *equations, int m, int i)
{
    const int thread = nnp_thread();
    const struct nnp_rows_message *message = &equations->messages[m];
    const struct nnp_batch_member *member = &equations->plan.members[message->member];
    const double *factors = message->data + message->n_values;
    const double *slices = factors + 2 * (size_t)message->n_rows;
    const int from = nnp_batch_member_row(member, i) - message->first;
    const struct nnp_rows_source source = {
        &message->layout, slices + (size_t)message->layout.n_rows * (size_t)from,
        factors + from, factors + message->n_rows + from};
    if (equations->works[thread].loaded != m)
        load(equations, thread, message);
    equations->works[thread].loaded = m;
    nnp_rows_evaluate(equations, thread, message->member, i, &source);
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
            evaluate_own(equations, terms, k);
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
    const int rank = equations->loss->set->parallel->rank;
    for (int k = 0; k < equations->loss->n_works; k++)
        equations->works[k].loaded = -1;
    if (!equations->is_open)
        begin_messages(equations, false);
    for (int m = 0; m < equations->n_messages && equations->is_open; m++)
        if (equations->messages[m].from == rank)
            nnp_rows_begin_open(equations, m);
    evaluate_members(equations, terms, true);
    if (!equations->is_open)
        begin_messages(equations, true);
    evaluate_members(equations, terms, false);
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
