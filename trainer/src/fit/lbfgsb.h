/* Minimisation of a smooth function without bounds by L-BFGS-B, in reverse communication: the
 * caller evaluates, so that the function may be a collective of MPI ranks.
 *
 *     request = nnp_lbfgsb_start(minimizer, x0);
 *     while (request != NNP_LBFGSB_DONE) {
 *         if (request == NNP_LBFGSB_EVALUATE)
 *             set f and g at nnp_lbfgsb_x(minimizer);
 *         else
 *             nnp_lbfgsb_x(minimizer) is a new iterate, nnp_lbfgsb_value(minimizer) its value;
 *         request = nnp_lbfgsb_advance(minimizer, f, g);
 *     }
 */
#ifndef NNP_LBFGSB_H
#define NNP_LBFGSB_H

#include "archive.h"
#include "nnp/status.h"

struct nnp_lbfgsb;

enum nnp_lbfgsb_request {
    NNP_LBFGSB_EVALUATE, /* function and gradient are wanted */
    NNP_LBFGSB_ITERATE,  /* a line search has ended: a new iterate */
    NNP_LBFGSB_DONE      /* no further decrease; x is the best point */
};

/* n variables, history: pairs of corrections that are kept, >= 1. */
enum nnp_status nnp_lbfgsb_create(struct nnp_lbfgsb **minimizer, int n, int history,
                                  struct nnp_error *error) NNP_MUST_CHECK;
void nnp_lbfgsb_free(struct nnp_lbfgsb *minimizer); /* NULL is allowed */

/* Forgets all, and begins at x [n] (copied); returns NNP_LBFGSB_EVALUATE. */
enum nnp_lbfgsb_request nnp_lbfgsb_start(struct nnp_lbfgsb *minimizer, const double *x);

/* f and g [n] (copied) are read after NNP_LBFGSB_EVALUATE only.  Values that are not finite
 * make the line search step back; at the starting point they end the run. */
enum nnp_lbfgsb_request nnp_lbfgsb_advance(struct nnp_lbfgsb *minimizer, double f,
                                           const double *g);

/* The point of the last request, [n], and, after NNP_LBFGSB_ITERATE, its value and the
 * Euclidean norm of its gradient. */
const double *nnp_lbfgsb_x(const struct nnp_lbfgsb *minimizer);
double nnp_lbfgsb_value(const struct nnp_lbfgsb *minimizer);
double nnp_lbfgsb_gradient_norm(const struct nnp_lbfgsb *minimizer);

/* Saves the whole state, or restores it into a minimizer of the same n and history; between
 * nnp_lbfgsb_start or nnp_lbfgsb_advance and the next nnp_lbfgsb_advance. */
void nnp_lbfgsb_archive(struct nnp_lbfgsb *minimizer, struct nnp_archive *archive);

/* Steps that were rejected since the start as their value was not finite. */
int nnp_lbfgsb_n_rejected(const struct nnp_lbfgsb *minimizer);

/* Why it is done, in the optimiser's words ("ABNORMAL_TERMINATION_IN_LNSRCH": the gradient's
 * rounding errors leave no direction of descent). */
const char *nnp_lbfgsb_reason(const struct nnp_lbfgsb *minimizer);

#endif
