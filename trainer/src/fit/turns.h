/* Items of work with several turns, one after another, each of which one rank does: that which
 * takes it first, where all ranks share memory.  So a rank that is late, as others use its core
 * too, leaves work to those that would wait for it.
 *
 *     nnp_turns_begin       a new round, collective
 *     nnp_turns_take        turn 0 of item i is this rank's, or not
 *     nnp_turns_finish      what it did, others see
 *     nnp_turns_take        turn 1 ..
 */
#ifndef NNP_TURNS_H
#define NNP_TURNS_H

#include "shared_memory.h"

/* Zero-initialised; owns. */
struct nnp_turns {
    struct nnp_shared_memory memory;
    struct nnp_turn *items; /* [n]; NULL: ranks do not share memory, and none can be taken */
    unsigned long round;
};

/* Collective. */
void nnp_turns_init(struct nnp_turns *turns, const struct nnp_parallel *parallel, int n);
void nnp_turns_free(struct nnp_turns *turns);

/* Where there are items.  Collective.  No rank is in the round before any more, whose turns
 * need not all be done. */
void nnp_turns_begin(struct nnp_turns *turns);

/* The same without meeting the others: where all have met since the last turn was taken. */
void nnp_turns_next(struct nnp_turns *turns);

/* Whether this rank, or thread, is to do the turn: not where another one has taken it, or where
 * the turn before was not taken.  Returns true when the turn before is finished. */
bool nnp_turns_take(struct nnp_turns *turns, int i, int turn);
void nnp_turns_finish(struct nnp_turns *turns, int i, int turn);

/* Until the turn is finished. */
void nnp_turns_wait(const struct nnp_turns *turns, int i, int turn);

#endif
