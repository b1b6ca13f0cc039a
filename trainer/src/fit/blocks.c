/* Blocks and ranks are both consecutive runs of about equal cost. */
#include "blocks.h"

#include <stdlib.h>

enum { STRUCTURES_PER_BLOCK = 4, MIN_BLOCKS = 16, MAX_BLOCKS = 256 };

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
