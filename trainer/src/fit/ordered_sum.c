/* A stack of subtrees: {first block, number of blocks}.  Two neighbors on top of it that are
 * halves of the same subtree become one, as in a binary counter.  Rank 0 goes on with the
 * stacks of the other ranks, in order, as if it had made them itself. */
#include "ordered_sum.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SUBTREES = 64 }; /* two for each of 31 levels, and one that is added */

struct subtree {
    int first, n_blocks;
    double *values; /* [n], stays with its place in the stack */
};

struct nnp_ordered_sum {
    const struct nnp_parallel *parallel;
    const struct nnp_blocks *blocks;
    size_t n;
    int n_subtrees, next_block;
    struct subtree stack[MAX_SUBTREES];
    int *owner; /* [n_ranks + 1], for messages */
    double *received;
};

static bool are_halves(const struct subtree *left, const struct subtree *right)
{
    return left->n_blocks == right->n_blocks && left->first % (2 * left->n_blocks) == 0;
}

/* Unites what can be on top of the stack; values may be NULL, to find out its shape. */
static void unite(struct subtree *stack, int *n_subtrees, size_t n)
{
    while (*n_subtrees > 1 && are_halves(&stack[*n_subtrees - 2], &stack[*n_subtrees - 1])) {
        struct subtree *left = &stack[*n_subtrees - 2], *right = left + 1;
        left->n_blocks *= 2;
        for (size_t k = 0; left->values && k < n; k++)
            left->values[k] += right->values[k];
        --*n_subtrees;
    }
}

static int push(struct subtree *stack, int *n_subtrees, int first, int n_blocks)
{
    stack[*n_subtrees].first = first;
    stack[*n_subtrees].n_blocks = n_blocks;
    return ++*n_subtrees;
}

/* The stack of a rank's blocks, without values; returns the most subtrees that it ever has. */
static int find_shape(const struct nnp_blocks *blocks, int rank, struct subtree *stack,
                      int *n_subtrees)
{
    int most = 0;
    memset(stack, 0, MAX_SUBTREES * sizeof *stack);
    *n_subtrees = 0;
    for (int b = blocks->first_block[rank]; b < blocks->first_block[rank + 1]; b++) {
        int height = push(stack, n_subtrees, b, 1);
        most = height > most ? height : most;
        unite(stack, n_subtrees, 0);
    }
    return most;
}

/* Places in the stack that this rank needs. */
static int count_places(const struct nnp_parallel *parallel, const struct nnp_blocks *blocks)
{
    struct subtree stack[MAX_SUBTREES];
    int n_subtrees;
    int most = find_shape(blocks, parallel->rank, stack, &n_subtrees);
    if (parallel->rank == 0 && parallel->size > 1)
        for (int n = blocks->n_blocks; n > 0; n /= 2)
            most++; /* what other ranks' subtrees can add to it */
    return most < MAX_SUBTREES ? most : MAX_SUBTREES;
}

enum nnp_status nnp_ordered_sum_create(struct nnp_ordered_sum **sum,
                                       const struct nnp_parallel *parallel,
                                       const struct nnp_blocks *blocks, size_t n,
                                       struct nnp_error *error)
{
    struct nnp_ordered_sum *made = calloc(1, sizeof *made);
    *sum = NULL;
    bool done = made;
    if (made) {
        int n_places = count_places(parallel, blocks);
        made->parallel = parallel;
        made->blocks = blocks;
        made->n = n;
        made->next_block = blocks->first_block[parallel->rank];
        made->owner = calloc((size_t)parallel->size + 1, sizeof *made->owner);
        made->received = parallel->size > 1 ? calloc(n + 1, sizeof(double)) : NULL;
        done = made->owner && (parallel->size == 1 || made->received);
        for (int k = 0; done && k < n_places; k++) {
            made->stack[k].values = calloc(n + 1, sizeof(double));
            done = made->stack[k].values;
        }
    }
    if (!done) {
        nnp_ordered_sum_free(made);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for sums of %zu numbers", n);
    }
    *sum = made;
    return NNP_SUCCESS;
}

void nnp_ordered_sum_free(struct nnp_ordered_sum *sum)
{
    if (!sum)
        return;
    for (int k = 0; k < MAX_SUBTREES; k++)
        free(sum->stack[k].values);
    free(sum->owner);
    free(sum->received);
    free(sum);
}

double *nnp_ordered_sum_next(struct nnp_ordered_sum *sum)
{
    unite(sum->stack, &sum->n_subtrees, sum->n);
    int height = push(sum->stack, &sum->n_subtrees, sum->next_block++, 1);
    double *values = sum->stack[height - 1].values;
    memset(values, 0, sum->n * sizeof *values);
    return values;
}

/* Rank r's subtrees, from there to rank 0. */
static void receive(struct nnp_ordered_sum *sum, int r)
{
    struct subtree theirs[MAX_SUBTREES];
    int n_theirs, rank = sum->parallel->rank;
    find_shape(sum->blocks, r, theirs, &n_theirs);
    for (int k = 0; k <= sum->parallel->size; k++)
        sum->owner[k] = k > r;
    for (int k = 0; k < n_theirs; k++) {
        double *values = rank == r ? sum->stack[k].values : sum->received;
        nnp_parallel_gather(sum->parallel, sum->owner, (int)sum->n, values);
        if (rank != 0)
            continue;
        int height = push(sum->stack, &sum->n_subtrees, theirs[k].first, theirs[k].n_blocks);
        memcpy(sum->stack[height - 1].values, values, sum->n * sizeof *values);
        unite(sum->stack, &sum->n_subtrees, sum->n);
    }
}

double *nnp_ordered_sum_finish(struct nnp_ordered_sum *sum)
{
    unite(sum->stack, &sum->n_subtrees, sum->n);
    for (int r = 1; r < sum->parallel->size; r++)
        receive(sum, r);
    for (; sum->parallel->rank == 0 && sum->n_subtrees > 1; sum->n_subtrees--) {
        double *left = sum->stack[sum->n_subtrees - 2].values;
        const double *right = sum->stack[sum->n_subtrees - 1].values;
        for (size_t k = 0; k < sum->n; k++)
            left[k] += right[k];
    }
    sum->n_subtrees = 0;
    sum->next_block = sum->blocks->first_block[sum->parallel->rank];
    return sum->parallel->rank == 0 ? sum->stack[0].values : NULL;
}
