/* Where the part of a rank ends and that of the next one begins, structures of the batch are
 * open: their owner puts into memory of all ranks what their rows are found from, and each of
 * their chunks is for the rank that comes to it first.  So a rank that is late leaves some to
 * others. Turns (turns.h) of a chunk: 0, its data; 1, its rows. */
#include "normal_equations_messages.h"
#include "threads.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_OTHERS = 16 }; /* chunks of other ranks that a rank asks for */

static int item(const struct nnp_normal_equations *equations, int message, int chunk)
{
    return message * equations->most_chunks + chunk;
}

/* Whether a member is divided, or the first that a rank has a part of: at the borders ranks can
 * take something from one another. */
static bool is_open(const struct nnp_batch_plan *plan, const struct nnp_batch_member *member)
{
    const int first = member->first_chunk, end = first + member->n_chunks;
    if (plan->first_chunk[member->owner] > first || plan->first_chunk[member->owner + 1] < end)
        return true;
    for (int rank = 1; rank < plan->n_ranks; rank++)
        if (plan->first_chunk[rank] == first)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    const struct nnp_open_chunk *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x->message != y->message ? x->message - y->message : x->chunk - y->chunk;
}

/* This rank's chunks from the middle of its part to the borders, and then those beyond. */
static void order_chunks(struct nnp_normal_equations *equations)
{
    const struct nnp_batch_plan *plan = &equations->plan;
    const int rank = equations->loss->set->parallel->rank;
    const int begin = plan->first_chunk[rank], end = plan->first_chunk[rank + 1];
    int n_planned = 0;
    for (int m = 0; m < equations->n_messages; m++) {
        const struct nnp_batch_member *member = &plan->members[equations->messages[m].member];
        for (int i = 0; i < member->n_chunks; i++) {
            const int c = member->first_chunk + i;
            const int inside = c - begin < end - 1 - c ? c - begin : end - 1 - c;
            const bool is_planned = inside >= 0;
            equations->open[equations->n_open++] =
                (struct nnp_open_chunk){m, i, is_planned, -inside};
            n_planned += is_planned;
        }
    }
    qsort(equations->open, (size_t)equations->n_open, sizeof *equations->open, compare);
    if (equations->n_open > n_planned + MAX_OTHERS)
        equations->n_open = n_planned + MAX_OTHERS;
}

/* Data come from their owner. */
static void take_data(struct nnp_normal_equations *equations, int message)
{
    for (int i = 0; i < equations->messages[message].n_chunks; i++)
        (void)nnp_turns_take(&equations->turns, item(equations, message, i), 0);
}

size_t nnp_rows_find_open(struct nnp_normal_equations *equations)
{
    const struct nnp_batch_plan *plan = &equations->plan;
    const int self = equations->loss->set->parallel->rank;
    size_t room = 0;
    for (int k = 0; k < plan->n_members && plan->n_ranks > 1; k++) {
        const struct nnp_batch_member *member = &plan->members[k];
        if (!is_open(plan, member))
            continue;
        const int m = equations->n_messages++;
        struct nnp_rows_message *message = &equations->messages[m];
        *message = (struct nnp_rows_message){
            .member = k, .from = member->owner, .n_chunks = member->n_chunks, .offset = room};
        room += nnp_rows_room(equations, member, member->n_rows);
        if (self != member->owner)
            continue;
        take_data(equations, m);
        if (!nnp_rows_lay_out(equations, message))
            equations->failed = true;
    }
    order_chunks(equations);
    return room;
}

void nnp_rows_finish_open(struct nnp_normal_equations *equations, int message)
{
    for (int i = 0; i < equations->messages[message].n_chunks; i++)
        nnp_turns_finish(&equations->turns, item(equations, message, i), 0);
}

static bool lay_out(struct nnp_normal_equations *equations, struct nnp_rows_message *message)
{
    bool done;
#pragma omp critical(nnp_rows_lay_out)
    done = message->is_laid_out || nnp_rows_lay_out(equations, message);
    return done;
}

/* Rows that cannot be found are no numbers, so that the batch is not taken. */
static void refuse(struct nnp_normal_equations *equations,
                   const struct nnp_batch_member *member, int chunk)
{
    const size_t width = (size_t)equations->n_free + 2;
    const int row = member->first_row + nnp_batch_member_row(member, chunk);
    equations->rows.data[((size_t)row + 1) * width - 1] = NAN;
}

static void evaluate(struct nnp_normal_equations *equations, const struct nnp_open_chunk *chunk)
{
    struct nnp_rows_message *message = &equations->messages[chunk->message];
    const int i = item(equations, chunk->message, chunk->chunk);
    if (chunk->is_planned)
        nnp_turns_wait(&equations->turns, i, 0);
    if (!nnp_turns_take(&equations->turns, i, 1))
        return;
    if (lay_out(equations, message))
        nnp_rows_evaluate_foreign(equations, chunk->message, chunk->chunk);
    else
        refuse(equations, &equations->plan.members[message->member], chunk->chunk);
}

void nnp_rows_evaluate_open(struct nnp_normal_equations *equations)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < equations->n_open; k++)
        evaluate(equations, &equations->open[k]);
}
