/* Residuals and values are copied to and from shared memory: those of the set are read until
 * the set is evaluated again. */
#include "loss_exchange.h"

#include <stdlib.h>
#include <string.h>

enum { N_RESULTS = sizeof(struct nnp_residual) / sizeof(double) + 1 };

/* Goes to the other place. */
static void turn_over(struct nnp_loss_exchange *exchange)
{
    const struct nnp_fit_set *set = exchange->set;
    exchange->place = !exchange->place;
    exchange->gradients = exchange->memory.data + (size_t)exchange->place * exchange->n_place;
    exchange->results =
        exchange->gradients + (size_t)set->blocks.n_blocks * (size_t)exchange->n;
}

static bool share(struct nnp_loss_exchange *exchange)
{
    const struct nnp_fit_set *set = exchange->set;
    exchange->n_place = (size_t)set->blocks.n_blocks * (size_t)exchange->n +
                        (size_t)set->n_structures * N_RESULTS;
    nnp_turns_init(&exchange->turns, set->parallel, set->blocks.n_blocks);
    if (!exchange->turns.items)
        return false;
    if (!nnp_shared_memory_try(&exchange->memory, set->parallel, 2 * exchange->n_place)) {
        nnp_turns_free(&exchange->turns);
        return false;
    }
    turn_over(exchange);
    return true;
}

bool nnp_loss_exchange_init(struct nnp_loss_exchange *exchange, struct nnp_fit_set *set, int n)
{
    *exchange = (struct nnp_loss_exchange){.set = set, .n = n};
    if (share(exchange))
        return true;
    exchange->gradients =
        calloc((size_t)set->blocks.n_blocks + 1, ((size_t)n + 1) * sizeof(double));
    return exchange->gradients;
}

void nnp_loss_exchange_free(struct nnp_loss_exchange *exchange)
{
    if (exchange->results)
        nnp_shared_memory_free(&exchange->memory);
    else
        free(exchange->gradients);
    nnp_turns_free(&exchange->turns);
    *exchange = (struct nnp_loss_exchange){0};
}

int nnp_loss_exchange_begin(struct nnp_loss_exchange *exchange)
{
    const struct nnp_block_order *order = &exchange->set->order;
    if (!exchange->results)
        return order->n_own;
    nnp_turns_next(&exchange->turns);
    turn_over(exchange);
    return order->n;
}

bool nnp_loss_exchange_take(struct nnp_loss_exchange *exchange, int k)
{
    const struct nnp_block_order *order = &exchange->set->order;
    return k < order->n_alone || !exchange->results ||
           nnp_turns_take(&exchange->turns, order->blocks[k], 0);
}

void nnp_loss_exchange_give(struct nnp_loss_exchange *exchange, int b)
{
    const struct nnp_fit_set *set = exchange->set;
    const int *range = set->blocks.first_structure + b;
    for (int s = range[0]; exchange->results && s < range[1]; s++) {
        double *to = exchange->results + (size_t)s * N_RESULTS;
        memcpy(to, &set->residuals[s], sizeof set->residuals[s]);
        to[N_RESULTS - 1] = set->values[s];
    }
}

void nnp_loss_exchange_end(struct nnp_loss_exchange *exchange, bool with_gradients)
{
    const struct nnp_fit_set *set = exchange->set;
    const struct nnp_blocks *blocks = &set->blocks;
    if (!exchange->results) {
        nnp_parallel_gather(set->parallel, blocks->first_structure_of_rank, N_RESULTS - 1,
                            (double *)set->residuals);
        nnp_parallel_gather(set->parallel, blocks->first_structure_of_rank, 1, set->values);
        if (with_gradients)
            nnp_parallel_gather(set->parallel, blocks->first_block, exchange->n,
                                exchange->gradients);
        return;
    }
    nnp_shared_memory_reuse(&exchange->memory);
    for (int s = 0; s < set->n_structures; s++) {
        const double *from = exchange->results + (size_t)s * N_RESULTS;
        memcpy(&set->residuals[s], from, sizeof set->residuals[s]);
        set->values[s] = from[N_RESULTS - 1];
    }
}
