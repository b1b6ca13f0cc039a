/* Minimisation of a sum of squares L = sum r^2 by the method of Levenberg and Marquardt, in
 * reverse communication, as the caller's sums may be a collective of MPI ranks.  The requests
 * come in this order:
 *
 *     request = nnp_marquardt_start(minimizer, x0);           EVALUATE
 *     EVALUATE   L at nnp_marquardt_x is wanted
 *     LINEARIZE  J^T J and J^T r at nnp_marquardt_x are wanted
 *     ITERATE    nnp_marquardt_x is a new iterate, nnp_marquardt_value its value
 *     DONE       no further decrease; x is the best point
 */
#ifndef NNP_MARQUARDT_H
#define NNP_MARQUARDT_H

#include "nnp/status.h"

struct nnp_marquardt;

enum nnp_marquardt_request {
    NNP_MARQUARDT_EVALUATE,
    NNP_MARQUARDT_LINEARIZE,
    NNP_MARQUARDT_ITERATE,
    NNP_MARQUARDT_DONE
};

/* n variables; memory for an [n][n] matrix. */
enum nnp_status nnp_marquardt_create(struct nnp_marquardt **minimizer, int n,
                                     struct nnp_error *error) NNP_MUST_CHECK;
void nnp_marquardt_free(struct nnp_marquardt *minimizer); /* NULL is allowed */

/* Forgets all, and begins at x [n] (copied). */
enum nnp_marquardt_request nnp_marquardt_start(struct nnp_marquardt *minimizer,
                                               const double *x);

/* value is read after EVALUATE; matrix, the lower triangle of J^T J [n][n], and vector, J^T r
 * [n], after LINEARIZE, and borrowed until the next LINEARIZE.  A value that is not finite is a
 * rejected step; at the starting point it ends the run. */
enum nnp_marquardt_request nnp_marquardt_advance(struct nnp_marquardt *minimizer, double value,
                                                 const double *matrix, const double *vector);

/* The point of the last request, [n]; value at the last iterate; Euclidean norm of the gradient
 * 2 J^T r where it was last wanted. */
const double *nnp_marquardt_x(const struct nnp_marquardt *minimizer);
double nnp_marquardt_value(const struct nnp_marquardt *minimizer);
double nnp_marquardt_gradient_norm(const struct nnp_marquardt *minimizer);

/* Steps that were rejected since the start as their value or the derivatives there were not
 * finite. */
int nnp_marquardt_n_rejected(const struct nnp_marquardt *minimizer);
const char *nnp_marquardt_reason(const struct nnp_marquardt *minimizer); /* why it is done */

#endif
