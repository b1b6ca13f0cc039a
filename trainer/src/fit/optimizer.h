/* The optimisers of a stage behind one set of requests (lbfgsb.h, kalman.h).  Every rank has
 * one, and calls the same functions; requests, points and all else count on rank 0, as others
 * may have none of their own. */
#ifndef NNP_OPTIMIZER_H
#define NNP_OPTIMIZER_H

#include "archive.h"
#include "config.h"
#include "measurements.h"
#include "nnp/status.h"
#include "parallel.h"

struct nnp_optimizer;

enum nnp_optimizer_request {
    NNP_OPTIMIZER_VALUE,     /* the loss is wanted ... */
    NNP_OPTIMIZER_GRADIENT,  /* ... or the loss and its gradient ... */
    NNP_OPTIMIZER_EQUATIONS, /* ... or J and r of the next batch (normal_equations.h) */
    NNP_OPTIMIZER_ITERATE,   /* a new iterate */
    NNP_OPTIMIZER_DONE       /* no further decrease */
};

/* What was wanted; the others are not read. */
struct nnp_optimizer_answer {
    double value;
    const double *gradient; /* [n] */
    const struct nnp_measurements *batch;
};

/* Collective.  n variables; n_batches: for the Kalman filter.  On failure, which is the same on
 * all ranks, *optimizer is NULL. */
enum nnp_status nnp_optimizer_create(struct nnp_optimizer **optimizer,
                                     const struct nnp_parallel *parallel,
                                     const struct nnp_stage *stage, int n, int n_batches,
                                     struct nnp_error *error) NNP_MUST_CHECK;
void nnp_optimizer_free(struct nnp_optimizer *optimizer); /* NULL is allowed */

enum nnp_optimizer_request nnp_optimizer_start(struct nnp_optimizer *optimizer,
                                               const double *x);
enum nnp_optimizer_request nnp_optimizer_advance(struct nnp_optimizer *optimizer,
                                                 const struct nnp_optimizer_answer *answer);

/* Saves the whole state after NNP_OPTIMIZER_ITERATE on rank 0, or restores it into an optimiser
 * made for the same stage and n, to go on with nnp_optimizer_advance. */
void nnp_optimizer_archive(struct nnp_optimizer *optimizer, struct nnp_archive *archive);

/* The point of the last request [n], and the norm of the last gradient. */
const double *nnp_optimizer_x(const struct nnp_optimizer *optimizer);
double nnp_optimizer_gradient_norm(const struct nnp_optimizer *optimizer);

int nnp_optimizer_n_rejected(const struct nnp_optimizer *optimizer); /* not finite */
const char *nnp_optimizer_reason(const struct nnp_optimizer *optimizer);

#endif
