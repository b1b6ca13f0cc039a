/* The Gauss-Newton approximation of the loss: with residuals r_n(p) such that L = sum_n r_n^2
 * (scaled by the roots of their weights; regularization adds residuals of the weights) and J =
 * dr/dp,
 *
 *   L(p + d) ~ L(p) + 2 d^T J^T r + d^T J^T J d.
 */
#ifndef NNP_NORMAL_EQUATIONS_H
#define NNP_NORMAL_EQUATIONS_H

#include "loss.h"

struct nnp_normal_equations;

/* Collective; the loss is borrowed.  On failure, which is the same on all ranks, *equations is
 * NULL.  error may not be NULL. */
enum nnp_status nnp_normal_equations_create(struct nnp_normal_equations **equations,
                                            struct nnp_loss *loss,
                                            struct nnp_error *error) NNP_MUST_CHECK;
void nnp_normal_equations_free(struct nnp_normal_equations *equations); /* NULL is allowed */

/* Forces and virials of every structure, or of a part of the structures with a weight that
 * makes up for the others.  The structures are taken at equal distances, from a beginning that
 * moves with number so that all have their turn. */
struct nnp_sample {
    double fraction; /* above 0, at most 1 */
    int number;      /* of the call */
};

/* Collective; allocates nothing; the same bits on any number of ranks.  On rank 0, *matrix is
 * the lower triangle of J^T J [n_parameters][n_parameters] and *vector J^T r [n_parameters], of
 * the sample, both owned by the equations and valid until the next call; NULL on other ranks.
 * Costs about n_parameters^2 / 2 multiplications for each residual. */
void nnp_normal_equations_set(struct nnp_normal_equations *equations,
                              const struct nnp_loss_terms *terms,
                              const struct nnp_sample *sample, const double *parameters,
                              const double **matrix, const double **vector);

#endif
