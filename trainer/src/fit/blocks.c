/* Blocks and ranks are both consecutive runs of about equal cost. */
#include "blocks.h"

#include <stdlib.h>

enum { STRUCTURES_PER_BLOCK = 4, MIN_BLOCKS = 16, MAX_BLOCKS = 256, COPIED_PART = 8 };

static int count_blocks(int n)
{
    int n_blocks = n / STRUCTURES_PER_BLOCK;
    if (n_blocks < MIN_BLOCKS)
        n_blocks = MIN_BLOCKS;
    if (n_blocks > MAX_BLOCKS)
        n_blocks = MAX_BLOCKS;
    return n_blocks < n ? n_blocks : n;
}

/* Cuts 0 .. n - 1 into n_parts runs: an item belongs to the part in which the middle of its
 * cost lies.  Leaves at_least items to every part, as far as there are any. */
static void cut(int n, const double *costs, int n_parts, int at_least, int *first)
{
    double total = 0.0, sum = 0.0;
    for (int i = 0; i < n; i++)
        total += costs[i];
    int item = 0;
    for (int part = 0; part < n_parts; part++) {
        int begin = item, reserved = at_least * (n_parts - part - 1);
        first[part] = begin;
        while (item < n - reserved &&
               (item < begin + at_least ||
                sum + 0.5 * costs[item] < total * (part + 1) / n_parts || part == n_parts - 1))
            sum += costs[item++];
    }
    first[n_parts] = n;
}

enum nnp_status nnp_blocks_divide(struct nnp_blocks *blocks, int n, const double *costs,
                                  int n_ranks, struct nnp_error *error)
{
    int n_blocks = count_blocks(n);
    double *block_costs = calloc((size_t)n_blocks + 1, sizeof *block_costs);
    *blocks = (struct nnp_blocks){.n_blocks = n_blocks};
    blocks->first_structure = calloc((size_t)n_blocks + 1, sizeof(int));
    blocks->first_block = calloc((size_t)n_ranks + 1, sizeof(int));
    blocks->first_structure_of_rank = calloc((size_t)n_ranks + 1, sizeof(int));
    if (!block_costs || !blocks->first_structure || !blocks->first_block ||
        !blocks->first_structure_of_rank) {
        free(block_costs);
        nnp_blocks_free(blocks);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d blocks", n_blocks);
    }
    cut(n, costs, n_blocks, 1, blocks->first_structure);
    for (int b = 0; b < n_blocks; b++)
        for (int s = blocks->first_structure[b]; s < blocks->first_structure[b + 1]; s++)
            block_costs[b] += costs[s];
    cut(n_blocks, block_costs, n_ranks, 0, blocks->first_block);
    for (int r = 0; r <= n_ranks; r++)
        blocks->first_structure_of_rank[r] = blocks->first_structure[blocks->first_block[r]];
    free(block_costs);
    return NNP_SUCCESS;
}

int nnp_blocks_find(const struct nnp_blocks *blocks, int structure)
{
    int low = 0, high = blocks->n_blocks;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (blocks->first_structure[middle] <= structure)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void nnp_blocks_free(struct nnp_blocks *blocks)
{
    free(blocks->first_structure);
    free(blocks->first_block);
    free(blocks->first_structure_of_rank);
    *blocks = (struct nnp_blocks){0};
}

/* Blocks at either end of a rank's that its neighbor there has copies of; no rank: none. */
static int count_copied(const struct nnp_blocks *blocks, int rank, int n_ranks, bool overlap)
{
    if (!overlap || rank < 0 || rank >= n_ranks)
        return 0;
    return (blocks->first_block[rank + 1] - blocks->first_block[rank]) / COPIED_PART;
}

enum nnp_status nnp_blocks_order(const struct nnp_blocks *blocks, int rank, int n_ranks,
                                 bool overlap, struct nnp_block_order *order,
                                 struct nnp_error *error)
{
    const int begin = blocks->first_block[rank], end = blocks->first_block[rank + 1];
    const int own = count_copied(blocks, rank, n_ranks, overlap);
    const int left = rank > 0 ? own : 0, right = rank + 1 < n_ranks ? own : 0;
    const int before = count_copied(blocks, rank - 1, n_ranks, overlap);
    const int behind = count_copied(blocks, rank + 1, n_ranks, overlap);
    int n = 0;
    *order = (struct nnp_block_order){.n_alone = end - begin - left - right,
                                      .n_own = end - begin,
                                      .n = end - begin + before + behind};
    order->blocks = calloc((size_t)order->n + 1, sizeof *order->blocks);
    if (!order->blocks)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d blocks", order->n);
    for (int b = begin + left; b < end; b++)
        order->blocks[n++] = b;
    for (int b = begin + left - 1; b >= begin; b--)
        order->blocks[n++] = b;
    for (int b = end; b < end + behind; b++)
        order->blocks[n++] = b;
    for (int b = begin - 1; b >= begin - before; b--)
        order->blocks[n++] = b;
    return NNP_SUCCESS;
}

void nnp_block_order_free(struct nnp_block_order *order)
{
    free(order->blocks);
    *order = (struct nnp_block_order){0};
}

double nnp_blocks_copies(int n, int n_ranks)
{
    const int n_own = count_blocks(n) / n_ranks, n_neighbors = n_ranks < 3 ? n_ranks - 1 : 2;
    return n_own > 0 ? 1.0 + (double)(n_neighbors * (n_own / COPIED_PART)) / n_own : 1.0;
}
