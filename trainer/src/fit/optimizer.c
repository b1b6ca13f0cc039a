/* Translation of requests and answers. */
#include "optimizer.h"

#include "kalman.h"
#include "lbfgsb.h"

#include <stdlib.h>

/* One of the two is there, L-BFGS-B on rank 0 only. */
struct nnp_optimizer {
    struct nnp_lbfgsb *lbfgsb;
    struct nnp_kalman *kalman;
};

enum nnp_status nnp_optimizer_create(struct nnp_optimizer **optimizer,
                                     const struct nnp_parallel *parallel,
                                     const struct nnp_stage *stage, int n, int n_batches,
                                     struct nnp_error *error)
{
    struct nnp_optimizer *made = calloc(1, sizeof *made);
    enum nnp_status status = NNP_SUCCESS;
    *optimizer = NULL;
    if (!made)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an optimiser");
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && stage->optimizer == NNP_STAGE_KALMAN)
        status = nnp_kalman_create(&made->kalman, parallel, n, n_batches, error);
    else if (!status && parallel->rank == 0)
        status = nnp_lbfgsb_create(&made->lbfgsb, n, stage->history, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (status)
        nnp_optimizer_free(made);
    else
        *optimizer = made;
    return status;
}

void nnp_optimizer_free(struct nnp_optimizer *optimizer)
{
    if (!optimizer)
        return;
    nnp_lbfgsb_free(optimizer->lbfgsb);
    nnp_kalman_free(optimizer->kalman);
    free(optimizer);
}

static enum nnp_optimizer_request from_lbfgsb(enum nnp_lbfgsb_request request)
{
    switch (request) {
    case NNP_LBFGSB_EVALUATE:
        return NNP_OPTIMIZER_GRADIENT;
    case NNP_LBFGSB_ITERATE:
        return NNP_OPTIMIZER_ITERATE;
    default:
        return NNP_OPTIMIZER_DONE;
    }
}

static enum nnp_optimizer_request from_kalman(enum nnp_kalman_request request)
{
    switch (request) {
    case NNP_KALMAN_EVALUATE:
        return NNP_OPTIMIZER_VALUE;
    case NNP_KALMAN_LINEARIZE:
        return NNP_OPTIMIZER_EQUATIONS;
    case NNP_KALMAN_ITERATE:
        return NNP_OPTIMIZER_ITERATE;
    default:
        return NNP_OPTIMIZER_DONE;
    }
}

enum nnp_optimizer_request nnp_optimizer_start(struct nnp_optimizer *optimizer, const double *x)
{
    if (optimizer->kalman)
        return from_kalman(nnp_kalman_start(optimizer->kalman, x));
    return optimizer->lbfgsb ? from_lbfgsb(nnp_lbfgsb_start(optimizer->lbfgsb, x))
                             : NNP_OPTIMIZER_DONE;
}

enum nnp_optimizer_request nnp_optimizer_advance(struct nnp_optimizer *optimizer,
                                                 const struct nnp_optimizer_answer *answer)
{
    if (optimizer->kalman)
        return from_kalman(nnp_kalman_advance(optimizer->kalman, answer->value, answer->batch));
    if (!optimizer->lbfgsb)
        return NNP_OPTIMIZER_DONE;
    return from_lbfgsb(nnp_lbfgsb_advance(optimizer->lbfgsb, answer->value, answer->gradient));
}

void nnp_optimizer_archive(struct nnp_optimizer *optimizer, struct nnp_archive *archive)
{
    if (optimizer->kalman)
        nnp_kalman_archive(optimizer->kalman, archive);
    else if (optimizer->lbfgsb)
        nnp_lbfgsb_archive(optimizer->lbfgsb, archive);
}

const double *nnp_optimizer_x(const struct nnp_optimizer *optimizer)
{
    return optimizer->kalman ? nnp_kalman_x(optimizer->kalman)
                             : nnp_lbfgsb_x(optimizer->lbfgsb);
}

double nnp_optimizer_gradient_norm(const struct nnp_optimizer *optimizer)
{
    return optimizer->kalman ? nnp_kalman_gradient_norm(optimizer->kalman)
                             : nnp_lbfgsb_gradient_norm(optimizer->lbfgsb);
}

int nnp_optimizer_n_rejected(const struct nnp_optimizer *optimizer)
{
    return optimizer->kalman ? nnp_kalman_n_rejected(optimizer->kalman)
                             : nnp_lbfgsb_n_rejected(optimizer->lbfgsb);
}

const char *nnp_optimizer_reason(const struct nnp_optimizer *optimizer)
{
    return optimizer->kalman ? nnp_kalman_reason(optimizer->kalman)
                             : nnp_lbfgsb_reason(optimizer->lbfgsb);
}
