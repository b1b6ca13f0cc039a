/* Which rank evaluates which block, and what all ranks get of it: the block's gradient, and
 * residuals and parts of the loss of its structures.
 *
 * Where all ranks share memory, results are read there, and blocks that two ranks hold are
 * taken by the one that comes to them first; otherwise each rank evaluates its own, and sends.
 * Ranks meet at the end of an evaluation only: what it leaves stays in one of two places while
 * the next one goes on in the other, so that a rank may begin while others are still reading.
 */
#ifndef NNP_LOSS_EXCHANGE_H
#define NNP_LOSS_EXCHANGE_H

#include "fit_set.h"
#include "turns.h"

/* Zero-initialised; owns. */
struct nnp_loss_exchange {
    struct nnp_fit_set *set; /* borrowed */
    int n;                   /* parameters */
    struct nnp_turns turns;  /* of the blocks, if ranks share memory: */
    struct nnp_shared_memory memory;
    size_t n_place; /* numbers of each of two places there, of which this evaluation has ... */
    int place;      /* ... one */
    double *gradients; /* [n_blocks][n], in that memory or else our own */
    double *results;   /* [n_structures][4] in that memory, or NULL */
};

/* Collective.  False on this rank where there is no memory. */
bool nnp_loss_exchange_init(struct nnp_loss_exchange *exchange, struct nnp_fit_set *set, int n);
void nnp_loss_exchange_free(struct nnp_loss_exchange *exchange);

/* Collective.  Begins an evaluation; returns how many blocks of the set's order this rank goes
 * to. */
int nnp_loss_exchange_begin(struct nnp_loss_exchange *exchange);

/* Whether this rank, or thread, is to evaluate block k of the order; then it does so. */
bool nnp_loss_exchange_take(struct nnp_loss_exchange *exchange, int k);

/* Block b is evaluated. */
void nnp_loss_exchange_give(struct nnp_loss_exchange *exchange, int b);

/* Collective.  All blocks are evaluated: residuals and values of the whole set are known here,
 * and so are gradients, if there are any. */
void nnp_loss_exchange_end(struct nnp_loss_exchange *exchange, bool with_gradients);

#endif
