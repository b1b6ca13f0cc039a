/* Structures that are divided: what their owner gives to ranks that evaluate a part.  Where
 * ranks share memory, the structures at the borders of their parts are open (normal_equations_
 * open.c); otherwise each rank evaluates what is planned, and gets that by messages. */
#include "normal_equations_messages.h"

#include <stdlib.h>

bool nnp_rows_lay_out(struct nnp_normal_equations *equations, struct nnp_rows_message *message)
{
    const struct nnp_fit_set *set = equations->loss->set;
    const struct nnp_batch_member *member = &equations->plan.members[message->member];
    const struct nnp_structure *structure = set->structures[member->structure];
    int end = nnp_batch_member_row(member, message->first_chunk + message->n_chunks);
    message->first = nnp_batch_member_row(member, message->first_chunk);
    message->n_rows = end - message->first;
    message->n_columns = message->n_rows - (end == member->n_rows);
    int *n_values = calloc((size_t)equations->loss->n_elements, sizeof *n_values);
    bool done = n_values && nnp_descriptor_layout_init(&message->layout, set->potential,
                                                       structure, n_values);
    message->n_values = 0;
    for (int e = 0; done && e < equations->loss->n_elements; e++)
        message->n_values += (size_t)message->layout.n_own[e] *
                             (size_t)set->potential->descriptors[e].n_functions;
    free(n_values);
    if (!done) {
        nnp_descriptor_layout_free(&message->layout);
        return false;
    }
    message->n = message->n_values + 2 * (size_t)message->n_rows +
                 (size_t)message->layout.n_rows * (size_t)message->n_columns;
    return message->is_laid_out = true;
}

size_t nnp_rows_room(const struct nnp_normal_equations *equations,
                     const struct nnp_batch_member *member, int n_rows)
{
    const struct nnp_structure *structure = equations->loss->set->structures[member->structure];
    const size_t n_values = (size_t)structure->n_atoms * (size_t)equations->most_functions;
    const size_t n = (n_values + 2) * ((size_t)n_rows + 1);
    return (n + 7) / 8 * 8;
}

/* The message about a member's chunks on a rank that is not its owner, if this rank has to do
 * with it; false where memory fails.  *room: of all messages, here and elsewhere. */
static bool add_message(struct nnp_normal_equations *equations, int k, int rank, size_t *room)
{
    const struct nnp_batch_member *member = &equations->plan.members[k];
    const int self = equations->loss->set->parallel->rank;
    const size_t offset = *room;
    int begin, end;
    nnp_batch_plan_find(&equations->plan, member, rank, &begin, &end);
    if (rank == member->owner || begin == end)
        return true;
    *room +=
        nnp_rows_room(equations, member,
                      nnp_batch_member_row(member, end) - nnp_batch_member_row(member, begin));
    if (self != rank && self != member->owner)
        return true;
    struct nnp_rows_message *message = &equations->messages[equations->n_messages++];
    *message = (struct nnp_rows_message){.member = k,
                                         .from = member->owner,
                                         .to = rank,
                                         .first_chunk = begin,
                                         .n_chunks = end - begin,
                                         .offset = offset};
    return nnp_rows_lay_out(equations, message);
}

/* Returns their doubles. */
static size_t find_planned(struct nnp_normal_equations *equations)
{
    size_t room = 0;
    for (int k = 0; k < equations->plan.n_members; k++)
        for (int rank = 0; rank < equations->plan.n_ranks; rank++)
            if (!add_message(equations, k, rank, &room))
                equations->failed = true;
    return room;
}

void nnp_rows_find_messages(struct nnp_normal_equations *equations)
{
    const struct nnp_parallel *parallel = equations->loss->set->parallel;
    equations->is_open = equations->turns.items && equations->rows.is_one;
    size_t room = equations->is_open ? nnp_rows_find_open(equations) : find_planned(equations);
    if (room > 0 && nnp_rows_reserve(parallel, room, &equations->mail))
        equations->failed = true;
    if (equations->is_open && !equations->mail.is_one) {
        nnp_rows_free_messages(equations);
        equations->is_open = false;
        room = find_planned(equations);
        if (room > 0 && nnp_rows_reserve(parallel, room, &equations->mail))
            equations->failed = true;
    }
    for (int m = 0; m < equations->n_messages && !equations->failed; m++)
        equations->messages[m].data = equations->mail.data + equations->messages[m].offset;
}

void nnp_rows_free_messages(struct nnp_normal_equations *equations)
{
    for (int m = 0; m < equations->n_messages; m++) {
        nnp_shared_memory_wait(&equations->messages[m].request);
        nnp_descriptor_layout_free(&equations->messages[m].layout);
    }
    equations->n_messages = equations->n_open = 0;
}
