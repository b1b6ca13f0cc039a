/* Structures that are divided: what their owner sends to ranks that evaluate a part. */
#include "normal_equations_parts.h"

#include <stdlib.h>
#include <string.h>

/* Sets what the message is about; false where memory fails. */
static bool lay_out(const struct nnp_normal_equations *equations,
                    struct nnp_rows_message *message)
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
    if (!done)
        return false;
    message->n = message->n_values + 2 * (size_t)message->n_rows +
                 (size_t)message->layout.n_rows * (size_t)message->n_columns;
    return true;
}

/* No less than the doubles of a message about n_rows rows of a member, in whole lines of the
 * cache, on every rank. */
static size_t find_room(const struct nnp_normal_equations *equations,
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
    *room += find_room(equations, member,
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
    return lay_out(equations, message);
}

void nnp_rows_find_messages(struct nnp_normal_equations *equations)
{
    const struct nnp_parallel *parallel = equations->loss->set->parallel;
    bool done = true;
    size_t room = 0;
    for (int k = 0; k < equations->plan.n_members; k++)
        for (int rank = 0; rank < parallel->size; rank++)
            done = add_message(equations, k, rank, &room) && done;
    if (room == 0)
        return;
    if (nnp_rows_reserve(parallel, room, &equations->mail))
        done = false;
    equations->failed = equations->failed || !done;
    for (int m = 0; m < equations->n_messages && !equations->failed; m++)
        equations->messages[m].data = equations->mail.data + equations->messages[m].offset;
}

void nnp_rows_free_messages(struct nnp_normal_equations *equations)
{
    for (int m = 0; m < equations->n_messages; m++) {
        nnp_shared_memory_wait(&equations->messages[m].request);
        nnp_descriptor_layout_free(&equations->messages[m].layout);
    }
    equations->n_messages = 0;
}
