/* Numbers count turns from those of all rounds before on, so that nothing need be set back. */
#include "turns.h"

/* A line of the cache for each. */
struct nnp_turn {
    _Alignas(64) atomic_ulong taken;
    atomic_ulong finished;
};

enum { ROUND_BITS = 24 }; /* of the number of a turn */

/* Finished, or taken, turns up to this one, exclusive. */
static unsigned long count(const struct nnp_turns *turns, int turn)
{
    return (turns->round << ROUND_BITS) + (unsigned long)turn;
}

void nnp_turns_init(struct nnp_turns *turns, const struct nnp_parallel *parallel, int n)
{
    const size_t size = (size_t)n * sizeof *turns->items / sizeof(double);
    *turns = (struct nnp_turns){0};
    if (nnp_shared_memory_try(&turns->memory, parallel, size))
        turns->items = (struct nnp_turn *)turns->memory.data;
}

void nnp_turns_free(struct nnp_turns *turns)
{
    if (turns->items)
        nnp_shared_memory_free(&turns->memory);
    *turns = (struct nnp_turns){0};
}

void nnp_turns_begin(struct nnp_turns *turns)
{
    nnp_turns_next(turns);
    nnp_shared_memory_reuse(&turns->memory);
}

void nnp_turns_next(struct nnp_turns *turns)
{
    turns->round++;
}

/* What is taken of the round before does not matter for turn 0. */
bool nnp_turns_take(struct nnp_turns *turns, int i, int turn)
{
    struct nnp_turn *item = &turns->items[i];
    unsigned long expected = count(turns, turn);
    if (turn == 0) {
        expected = atomic_load_explicit(&item->taken, memory_order_relaxed);
        if (expected > count(turns, 0))
            return false;
    }
    if (!atomic_compare_exchange_strong(&item->taken, &expected, count(turns, turn + 1)))
        return false;
    if (turn > 0)
        nnp_turns_wait(turns, i, turn - 1);
    return true;
}

void nnp_turns_finish(struct nnp_turns *turns, int i, int turn)
{
    atomic_store_explicit(&turns->items[i].finished, count(turns, turn + 1),
                          memory_order_release);
}

void nnp_turns_wait(const struct nnp_turns *turns, int i, int turn)
{
    nnp_shared_wait(&turns->items[i].finished, count(turns, turn + 1));
}
