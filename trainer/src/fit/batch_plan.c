/* Chunks in their order go to one rank after another. */
#include "batch_plan.h"

#include <stdlib.h>

enum nnp_status nnp_batch_plan_init(struct nnp_batch_plan *plan, int max_members, int n_ranks,
                                    struct nnp_error *error)
{
    *plan = (struct nnp_batch_plan){.n_ranks = n_ranks};
    plan->members = calloc((size_t)max_members + 1, sizeof *plan->members);
    plan->first_chunk = calloc((size_t)n_ranks + 1, sizeof(int));
    plan->first_row = calloc((size_t)n_ranks + 1, sizeof(int));
    if (!plan->members || !plan->first_chunk || !plan->first_row) {
        nnp_batch_plan_free(plan);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for batches of %d structures",
                             max_members);
    }
    return NNP_SUCCESS;
}

void nnp_batch_plan_free(struct nnp_batch_plan *plan)
{
    free(plan->members);
    free(plan->first_chunk);
    free(plan->first_row);
    *plan = (struct nnp_batch_plan){0};
}

int nnp_batch_member_row(const struct nnp_batch_member *member, int i)
{
    return (int)((long)member->n_rows * i / member->n_chunks);
}

int nnp_batch_member_n_columns(const struct nnp_batch_member *member, int i)
{
    int end = nnp_batch_member_row(member, i + 1);
    return end - nnp_batch_member_row(member, i) - (end == member->n_rows);
}

static double cost_of_own(const struct nnp_batch_plan *plan, int rank)
{
    double cost = 0.0;
    for (int k = 0; k < plan->n_members; k++)
        cost += plan->members[k].owner == rank ? plan->members[k].own_cost : 0.0;
    return cost;
}

/* A rank takes chunks until the middle of the next one lies beyond its part. */
static void share(struct nnp_batch_plan *plan)
{
    double total = 0.0, taken = 0.0;
    int rank = 0;
    for (int k = 0; k < plan->n_members; k++)
        total += plan->members[k].own_cost + plan->members[k].shared_cost;
    double own = cost_of_own(plan, 0);
    plan->first_chunk[0] = plan->first_row[0] = 0;
    for (int k = 0; k < plan->n_members; k++) {
        const struct nnp_batch_member *member = &plan->members[k];
        double cost = member->shared_cost / member->n_chunks;
        for (int i = 0; i < member->n_chunks; i++) {
            while (rank + 1 < plan->n_ranks &&
                   own + taken + 0.5 * cost > total / plan->n_ranks * (rank + 1)) {
                own += cost_of_own(plan, ++rank);
                plan->first_chunk[rank] = member->first_chunk + i;
                plan->first_row[rank] = member->first_row + nnp_batch_member_row(member, i);
            }
            taken += cost;
        }
    }
    while (++rank <= plan->n_ranks) {
        plan->first_chunk[rank] = plan->n_chunks;
        plan->first_row[rank] = plan->n_rows;
    }
}

void nnp_batch_plan_make(struct nnp_batch_plan *plan)
{
    plan->n_rows = plan->n_chunks = 0;
    for (int k = 0; k < plan->n_members; k++) {
        struct nnp_batch_member *member = &plan->members[k];
        member->first_row = plan->n_rows;
        member->first_chunk = plan->n_chunks;
        member->n_chunks = (member->n_rows + NNP_CHUNK_ROWS - 1) / NNP_CHUNK_ROWS;
        plan->n_rows += member->n_rows;
        plan->n_chunks += member->n_chunks;
    }
    share(plan);
}

void nnp_batch_plan_find(const struct nnp_batch_plan *plan,
                         const struct nnp_batch_member *member, int rank, int *begin, int *end)
{
    *begin = plan->first_chunk[rank] - member->first_chunk;
    *end = plan->first_chunk[rank + 1] - member->first_chunk;
    *begin = *begin < 0 ? 0 : *begin;
    *end = *end > member->n_chunks ? member->n_chunks : *end;
    if (*end < *begin)
        *end = *begin;
}

int nnp_batch_plan_member(const struct nnp_batch_plan *plan, int chunk)
{
    int k = 0;
    while (k + 1 < plan->n_members && plan->members[k + 1].first_chunk <= chunk)
        k++;
    return k;
}
