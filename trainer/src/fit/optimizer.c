/* Translation of requests and answers. */
#include "optimizer.h"

#include "lbfgsb.h"
#include "marquardt.h"

#include <stdlib.h>

/* One of the two is there. */
struct nnp_optimizer {
    struct nnp_lbfgsb *lbfgsb;
    struct nnp_marquardt *marquardt;
};

enum nnp_status nnp_optimizer_create(struct nnp_optimizer **optimizer,
                                     const struct nnp_stage *stage, int n,
                                     struct nnp_error *error)
{
    struct nnp_optimizer *made = calloc(1, sizeof *made);
    *optimizer = NULL;
    if (!made)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an optimiser");
    enum nnp_status status = stage->optimizer == NNP_STAGE_MARQUARDT
                                 ? nnp_marquardt_create(&made->marquardt, n, error)
                                 : nnp_lbfgsb_create(&made->lbfgsb, n, stage->history, error);
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
    nnp_marquardt_free(optimizer->marquardt);
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

static enum nnp_optimizer_request from_marquardt(enum nnp_marquardt_request request)
{
    switch (request) {
    case NNP_MARQUARDT_EVALUATE:
        return NNP_OPTIMIZER_VALUE;
    case NNP_MARQUARDT_LINEARIZE:
        return NNP_OPTIMIZER_EQUATIONS;
    case NNP_MARQUARDT_ITERATE:
        return NNP_OPTIMIZER_ITERATE;
    default:
        return NNP_OPTIMIZER_DONE;
    }
}

enum nnp_optimizer_request nnp_optimizer_start(struct nnp_optimizer *optimizer, const double *x)
{
    if (optimizer->marquardt)
        return from_marquardt(nnp_marquardt_start(optimizer->marquardt, x));
    return from_lbfgsb(nnp_lbfgsb_start(optimizer->lbfgsb, x));
}

enum nnp_optimizer_request nnp_optimizer_advance(struct nnp_optimizer *optimizer,
                                                 const struct nnp_optimizer_answer *answer)
{
    if (optimizer->marquardt)
        return from_marquardt(nnp_marquardt_advance(optimizer->marquardt, answer->value,
                                                    answer->matrix, answer->vector));
    return from_lbfgsb(nnp_lbfgsb_advance(optimizer->lbfgsb, answer->value, answer->gradient));
}

void nnp_optimizer_archive(struct nnp_optimizer *optimizer, struct nnp_archive *archive)
{
    if (optimizer->marquardt)
        nnp_marquardt_archive(optimizer->marquardt, archive);
    else
        nnp_lbfgsb_archive(optimizer->lbfgsb, archive);
}

const double *nnp_optimizer_x(const struct nnp_optimizer *optimizer)
{
    return optimizer->marquardt ? nnp_marquardt_x(optimizer->marquardt)
                                : nnp_lbfgsb_x(optimizer->lbfgsb);
}

double nnp_optimizer_gradient_norm(const struct nnp_optimizer *optimizer)
{
    return optimizer->marquardt ? nnp_marquardt_gradient_norm(optimizer->marquardt)
                                : nnp_lbfgsb_gradient_norm(optimizer->lbfgsb);
}

int nnp_optimizer_n_rejected(const struct nnp_optimizer *optimizer)
{
    return optimizer->marquardt ? nnp_marquardt_n_rejected(optimizer->marquardt)
                                : nnp_lbfgsb_n_rejected(optimizer->lbfgsb);
}

const char *nnp_optimizer_reason(const struct nnp_optimizer *optimizer)
{
    return optimizer->marquardt ? nnp_marquardt_reason(optimizer->marquardt)
                                : nnp_lbfgsb_reason(optimizer->lbfgsb);
}
