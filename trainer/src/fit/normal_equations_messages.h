/* What ranks give one another of the structures of a batch. */
#ifndef NNP_NORMAL_EQUATIONS_MESSAGES_H
#define NNP_NORMAL_EQUATIONS_MESSAGES_H

#include "normal_equations_parts.h"

/* Collective: finds the messages of the batch. */
void nnp_rows_find_messages(struct nnp_normal_equations *equations);
void nnp_rows_free_messages(struct nnp_normal_equations *equations);

/* Lays out what a message is about; false where memory fails. */
bool nnp_rows_lay_out(struct nnp_normal_equations *equations, struct nnp_rows_message *message);

/* No less than the doubles of a message about n_rows rows of a member, in whole lines of the
 * cache, on every rank. */
size_t nnp_rows_room(const struct nnp_normal_equations *equations,
                     const struct nnp_batch_member *member, int n_rows);

/* Of normal_equations_open.c.  Finds the open chunks of the batch, where ranks share memory;
 * returns the doubles of their messages, the same on all ranks. */
size_t nnp_rows_find_open(struct nnp_normal_equations *equations);

/* The message's data are there. */
void nnp_rows_finish_open(struct nnp_normal_equations *equations, int message);

/* Those chunks that this rank comes to first. */
void nnp_rows_evaluate_open(struct nnp_normal_equations *equations);

#endif
