/* The Gauss-Newton approximation of the loss, batch by batch: with residuals r_n(p) such that L
 * = sum_n r_n^2 (scaled by the roots of their weights; regularization adds residuals of the
 * weights) and J = dr/dp,
 *
 *   L(p + d) ~ L(p) + 2 d^T J^T r + d^T J^T J d.
 */
#ifndef NNP_NORMAL_EQUATIONS_H
#define NNP_NORMAL_EQUATIONS_H

#include "loss.h"
#include "measurements.h"

struct nnp_normal_equations;

/* Collective; the loss is borrowed.  batch: structures in each call, at most (batches.h); free:
 * [n_free], ascending, the parameters that derivatives are taken by.  On failure, which is the
 * same on all ranks, *equations is NULL.  error may not be NULL. */
enum nnp_status nnp_normal_equations_create(struct nnp_normal_equations **equations,
                                            struct nnp_loss *loss, int batch, int n_free,
                                            const int *free,
                                            struct nnp_error *error) NNP_MUST_CHECK;
void nnp_normal_equations_free(struct nnp_normal_equations *equations); /* NULL is allowed */

/* Batches that make up the loss. */
int nnp_normal_equations_n_batches(const struct nnp_normal_equations *equations);

/* Collective; the same bits on any number of ranks and threads.  J and r of batch number >= 0,
 * counted through all epochs, with its share of the regularization, on all ranks; owned by the
 * equations and valid until the next call.  Not finite where memory failed. */
const struct nnp_measurements *nnp_normal_equations_set(struct nnp_normal_equations *equations,
                                                        const struct nnp_loss_terms *terms,
                                                        int number, const double *parameters);

#endif
