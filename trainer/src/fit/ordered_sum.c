/* A stack of subtrees: {first part, number of parts}.  Two neighbors on top of it that are
 * halves of the same subtree become one, as in a binary counter.  Rank 0 goes on with the
 * stacks of the other ranks, in order, as if it had made them itself. */
#include "ordered_sum.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SUBTREES = 64 }; /* two for each of 31 levels, and one that is added */

struct subtree {
    int first, n_parts;
    double *values; /* [n], stays with its place in the stack */
};

struct nnp_ordered_sum {
    const struct nnp_parallel *parallel;
    const int *first; /* [n_ranks + 1], parts */
    size_t n;
    int n_subtrees, next_part;
    struct subtree stack[MAX_SUBTREES];
    int *owner; /* [n_ranks + 1], for messages */
    double *received;
};

static bool are_halves(const struct subtree *left, const struct subtree *right)
{
    return left->n_parts == right->n_parts && left->first % (2 * left->n_parts) == 0;
}

/* Unites what can be on top of the stack; values may be NULL, to find out its shape. */
static void unite(struct subtree *stack, int *n_subtrees, size_t n)
{
    while (*n_subtrees > 1 && are_halves(&stack[*n_subtrees - 2], &stack[*n_subtrees - 1])) {
        struct subtree *left = &stack[*n_subtrees - 2], *right = left + 1;
        left->n_parts *= 2;
        for (size_t k = 0; left->values && k < n; k++)
            left->values[k] += right->values[k];
        --*n_subtrees;
    }
}

static int push(struct subtree *stack, int *n_subtrees, int first, int n_parts)
{
    stack[*n_subtrees].first = first;
    stack[*n_subtrees].n_parts = n_parts;
    return ++*n_subtrees;
}

/* The stack of a rank's parts, without values. */
static void find_shape(const int *first, int rank, struct subtree *stack, int *n_subtrees)
{
    memset(stack, 0, MAX_SUBTREES * sizeof *stack);
    *n_subtrees = 0;
    for (int k = first[rank]; k < first[rank + 1]; k++) {
        push(stack, n_subtrees, k, 1);
        unite(stack, n_subtrees, 0);
    }
}

/* Places in the stack that n_parts parts can need: a subtree of every level and one that is
 * added, twice where a rank's parts begin anywhere. */
static int count_places(const struct nnp_parallel *parallel, int n_parts)
{
    int n_levels = 1;
    for (int n = n_parts; n > 1; n /= 2)
        n_levels++;
    int most = parallel->size > 1 ? 2 * n_levels : n_levels + 1;
    return most < MAX_SUBTREES ? most : MAX_SUBTREES;
}

enum nnp_status nnp_ordered_sum_create(struct nnp_ordered_sum **sum,
                                       const struct nnp_parallel *parallel, int n_parts,
                                       size_t n, struct nnp_error *error)
{
    struct nnp_ordered_sum *made = calloc(1, sizeof *made);
    *sum = NULL;
    bool done = made;
    if (made) {
        int n_places = count_places(parallel, n_parts);
        made->parallel = parallel;
        made->n = n;
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

void nnp_ordered_sum_begin(struct nnp_ordered_sum *sum, const int *first)
{
    sum->first = first;
    sum->n_subtrees = 0;
    sum->next_part = first[sum->parallel->rank];
}

void nnp_ordered_sum_add(struct nnp_ordered_sum *sum, const double *values)
{
    int height = push(sum->stack, &sum->n_subtrees, sum->next_part++, 1);
    memcpy(sum->stack[height - 1].values, values, sum->n * sizeof *values);
    unite(sum->stack, &sum->n_subtrees, sum->n);
}

/* Rank r's subtrees, from there to rank 0. */
static void receive(struct nnp_ordered_sum *sum, int r)
{
    struct subtree theirs[MAX_SUBTREES];
    int n_theirs, rank = sum->parallel->rank;
    find_shape(sum->first, r, theirs, &n_theirs);
    for (int k = 0; k <= sum->parallel->size; k++)
        sum->owner[k] = k > r;
    for (int k = 0; k < n_theirs; k++) {
        double *values = rank == r ? sum->stack[k].values : sum->received;
        nnp_parallel_gather(sum->parallel, sum->owner, (int)sum->n, values);
        if (rank != 0)
            continue;
        int height = push(sum->stack, &sum->n_subtrees, theirs[k].first, theirs[k].n_parts);
        memcpy(sum->stack[height - 1].values, values, sum->n * sizeof *values);
        unite(sum->stack, &sum->n_subtrees, sum->n);
    }
}

double *nnp_ordered_sum_finish(struct nnp_ordered_sum *sum)
{
    for (int r = 1; r < sum->parallel->size; r++)
        receive(sum, r);
    for (; sum->parallel->rank == 0 && sum->n_subtrees > 1; sum->n_subtrees--) {
        double *left = sum->stack[sum->n_subtrees - 2].values;
        const double *right = sum->stack[sum->n_subtrees - 1].values;
        for (size_t k = 0; k < sum->n; k++)
            left[k] += right[k];
    }
    sum->n_subtrees = 0;
    return sum->parallel->rank == 0 ? sum->stack[0].values : NULL;
}
