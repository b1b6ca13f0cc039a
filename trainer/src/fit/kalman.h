/* Minimisation of a sum of squares L = sum r^2 over many residuals by an extended Kalman filter
 * in information form: batches of residuals are taken one after another, each with the weights
 * that the ones before have led to, and what is older than a memory fades.  In reverse
 * communication, as the caller's sums may be a collective of MPI ranks.  All ranks run the
 * filter, and share its matrix.  The requests come in this order:
 *
 *     request = nnp_kalman_start(filter, x0);           EVALUATE
 *     EVALUATE   L at nnp_kalman_x is wanted
 *     LINEARIZE  the measurements of the next batch at nnp_kalman_x are wanted
 *     ITERATE    all batches had their turn: nnp_kalman_x is a new iterate, nnp_kalman_value
 *                its L
 *     DONE       no further progress
 *
 * L may rise from one iterate to the next; an epoch that ends far above the last iterate, or
 * where L is not finite, is taken back, and the next one starts with a stiffer filter. */
#ifndef NNP_KALMAN_H
#define NNP_KALMAN_H

#include "archive.h"
#include "measurements.h"
#include "nnp/status.h"
#include "parallel.h"

struct nnp_kalman;

enum nnp_kalman_request {
    NNP_KALMAN_EVALUATE,
    NNP_KALMAN_LINEARIZE,
    NNP_KALMAN_ITERATE,
    NNP_KALMAN_DONE
};

/* Collective.  n variables, residuals in n_batches batches; memory for n^2 / 2 numbers, and as
 * many that the ranks share; parallel is borrowed.  On failure, which is the same on all ranks,
 * *filter is NULL. */
enum nnp_status nnp_kalman_create(struct nnp_kalman **filter,
                                  const struct nnp_parallel *parallel, int n, int n_batches,
                                  struct nnp_error *error) NNP_MUST_CHECK;
void nnp_kalman_free(struct nnp_kalman *filter); /* NULL is allowed */

/* Forgets all, and begins at x [n] (copied). */
enum nnp_kalman_request nnp_kalman_start(struct nnp_kalman *filter, const double *x);

/* Collective, with the same arguments on all ranks.  value is read after EVALUATE, and batch,
 * borrowed during the call, after LINEARIZE.  A value that is not finite at the starting point
 * ends the run. */
enum nnp_kalman_request nnp_kalman_advance(struct nnp_kalman *filter, double value,
                                           const struct nnp_measurements *batch);

/* The point of the last request, [n]; value at the last iterate; Euclidean norm of 2 J^T r
 * summed over the batches of the last epoch. */
const double *nnp_kalman_x(const struct nnp_kalman *filter);
double nnp_kalman_value(const struct nnp_kalman *filter);
double nnp_kalman_gradient_norm(const struct nnp_kalman *filter);

/* Collective.  Saves the state after ITERATE on rank 0, or restores it into a filter of the
 * same n and n_batches. */
void nnp_kalman_archive(struct nnp_kalman *filter, struct nnp_archive *archive);

/* Epochs that were taken back since the start. */
int nnp_kalman_n_rejected(const struct nnp_kalman *filter);
const char *nnp_kalman_reason(const struct nnp_kalman *filter); /* why it is done */

#endif
