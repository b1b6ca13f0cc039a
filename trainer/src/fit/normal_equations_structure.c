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
#include "normal_equations_messages.h"
#include "threads.h"

#include <math.h>
#include <string.h>

/* sqrt f and r of the member's y and, at the end, energy. */
static void set_residuals(struct nnp_normal_equations *equations,
                          const struct nnp_batch_member *member,
                          const struct nnp_loss_work *loss_work, double seed)
{
    const int n_columns = member->n_rows - 1;
    double *factors = equations->factors + member->first_row;
    double *residuals = equations->residuals + member->first_row;
    for (int c = 0; c <= n_columns; c++) {
        bool is_energy = c == n_columns;
        double factor = is_energy ? loss_work->energy_factor : loss_work->y_factors[c];
        double slope = is_energy ? seed : loss_work->y[c];
        factors[c] = sqrt(factor);
        residuals[c] = factor > 0.0 ? slope / (2.0 * sqrt(factor)) : 0.0;
    }
}

/* What another rank needs of a member; a first factor that is no number where there is no
 * Jacobian, lest the message's rows are taken. */
static void pack(const struct nnp_normal_equations *equations,
                 const struct nnp_loss_work *loss_work, int in_block, bool has_jacobian,
                 struct nnp_rows_message *message)
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
    memcpy(to, equations->factors + member->first_row + message->first, n_rows * sizeof *to);
    memcpy(to + n_rows, equations->residuals + member->first_row + message->first,
           n_rows * sizeof *to);
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

/* Chunk i of a member that this rank owns, whose structure the networks hold. */
static void evaluate_chunk(struct nnp_normal_equations *equations,
                           const struct nnp_loss_work *loss_work, int k, int i, int in_block,
                           bool has_jacobian)
{
    const int thread = nnp_thread();
    const struct nnp_batch_member *member = &equations->plan.members[k];
    double *slice = equations->works[thread].slice;
    const int first = nnp_batch_member_row(member, i);
    const int n_columns = nnp_batch_member_n_columns(member, i);
    const struct nnp_rows_source source = {
        nnp_descriptor_cache_layout(loss_work->cache, in_block), has_jacobian ? slice : NULL,
        equations->factors + member->first_row + first,
        equations->residuals + member->first_row + first};
    if (has_jacobian && n_columns > 0)
        nnp_descriptor_cache_cut(loss_work->cache, loss_work->worker, in_block, first,
                                 n_columns, slice);
    nnp_rows_evaluate(equations, thread, k, i, &source);
}

/* This rank's chunks of a member that it owns. */
static void evaluate_chunks(struct nnp_normal_equations *equations,
                            const struct nnp_loss_work *loss_work, int k, int in_block,
                            bool has_jacobian)
{
    int begin, end;
    nnp_batch_plan_find(&equations->plan, &equations->plan.members[k],
                        equations->loss->set->parallel->rank, &begin, &end);
    for (int i = begin; i < end; i++)
        evaluate_chunk(equations, loss_work, k, i, in_block, has_jacobian);
}

/* Gives ranks what they need of a member; returns whether it is open. */
static bool give(struct nnp_normal_equations *equations, const struct nnp_loss_work *loss_work,
                 int k, int in_block, bool has_jacobian)
{
    bool is_open = false;
    for (int m = 0; m < equations->n_messages; m++) {
        if (equations->messages[m].member != k)
            continue;
        pack(equations, loss_work, in_block, has_jacobian, &equations->messages[m]);
        is_open = equations->is_open;
        if (is_open)
            nnp_rows_finish_open(equations, m);
    }
    return is_open;
}

/* The block of a member, and its place there. */
static int find_block(const struct nnp_normal_equations *equations, int k, int *in_block)
{
    const struct nnp_blocks *blocks = &equations->loss->set->blocks;
    const int s = equations->plan.members[k].structure, b = nnp_blocks_find(blocks, s);
    *in_block = s - blocks->first_structure[b];
    return b;
}

void nnp_rows_evaluate_own(struct nnp_normal_equations *equations,
                           const struct nnp_loss_terms *terms, int k)
{
    const int thread = nnp_thread();
    const struct nnp_batch_member *member = &equations->plan.members[k];
    struct nnp_loss_work *loss_work = &equations->loss->works[thread];
    const bool derivatives = member->n_rows > 1;
    int in_block;
    const int b = find_block(equations, k, &in_block);
    nnp_loss_begin(loss_work, b, in_block, in_block + 1, derivatives);
    const bool has_jacobian = derivatives && nnp_descriptor_cache_prepare(
                                                 loss_work->cache, loss_work->worker, in_block);
    nnp_loss_compare(loss_work, terms, in_block, member->structure, derivatives, false);
    set_residuals(equations, member, loss_work, nnp_loss_seed(loss_work, in_block));
    equations->works[thread].loaded = NNP_LOADED_NOTHING;
    const bool is_open = give(equations, loss_work, k, in_block, has_jacobian);
    equations->is_later[k] = !is_open && nnp_threads() > 1 &&
                             nnp_descriptor_cache_has_doubles(loss_work->cache, in_block);
    if (!is_open && !equations->is_later[k])
        evaluate_chunks(equations, loss_work, k, in_block, has_jacobian);
    nnp_descriptor_worker_release(loss_work->worker);
}

void nnp_rows_evaluate_later(struct nnp_normal_equations *equations, int k, int i)
{
    const int thread = nnp_thread(), own = -2 - k;
    struct nnp_loss_work *loss_work = &equations->loss->works[thread];
    int in_block;
    const int b = find_block(equations, k, &in_block);
    if (equations->works[thread].loaded != own)
        nnp_loss_begin(loss_work, b, in_block, in_block + 1, false);
    equations->works[thread].loaded = own;
    evaluate_chunk(equations, loss_work, k, i, in_block, true);
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
