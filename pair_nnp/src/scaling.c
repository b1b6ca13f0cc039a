/* Scaling of symmetry functions; the equations stand in nnp/scaling.h. */
#include "nnp/scaling.h"

#include "names.h"

#include <stdlib.h>

static const char *const scaling_names[NNP_N_SCALING] = {
    "none", "minmax", "center", "minmax_center", "sigma",
};

enum nnp_status nnp_scaling_init(struct nnp_scaling *scaling, int n_functions,
                                 struct nnp_error *error)
{
    *scaling = (struct nnp_scaling){.method = NNP_SCALING_NONE};
    double *values = calloc(4 * (size_t)n_functions + 1, sizeof *values);
    scaling->through_zero = calloc((size_t)n_functions + 1, sizeof *scaling->through_zero);
    if (!values || !scaling->through_zero) {
        free(values);
        nnp_scaling_free(scaling);
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for the scaling of %d functions", n_functions);
    }
    scaling->n_functions = n_functions;
    scaling->min = values; /* the other arrays follow in the same block */
    scaling->max = values + n_functions;
    scaling->mean = values + 2 * (size_t)n_functions;
    scaling->sigma = values + 3 * (size_t)n_functions;
    return NNP_SUCCESS;
}

void nnp_scaling_free(struct nnp_scaling *scaling)
{
    free(scaling->min);
    free(scaling->through_zero);
    *scaling = (struct nnp_scaling){.method = NNP_SCALING_NONE};
}

void nnp_scaling_coefficients(const struct nnp_scaling *scaling, int k, double *factor,
                              double *offset, double *shift)
{
    const double interval = scaling->target_max - scaling->target_min;
    const double range = scaling->max[k] - scaling->min[k];
    const double sigma = scaling->sigma[k];
    *factor = 1.0;
    *offset = 0.0;
    *shift = 0.0;
    switch (scaling->method) {
    case NNP_SCALING_MINMAX:
        *factor = range > 0.0 ? interval / range : 0.0;
        *offset = scaling->min[k];
        *shift = range > 0.0 ? scaling->target_min : 0.0;
        break;
    case NNP_SCALING_CENTER:
        *offset = scaling->mean[k];
        break;
    case NNP_SCALING_MINMAX_CENTER:
        *factor = range > 0.0 ? interval / range : 0.0;
        *offset = scaling->mean[k];
        *shift = range > 0.0 ? scaling->target_min : 0.0;
        break;
    case NNP_SCALING_SIGMA:
        *factor = sigma > 0.0 ? interval / sigma : 0.0;
        *offset = scaling->mean[k];
        *shift = sigma > 0.0 ? scaling->target_min : 0.0;
        break;
    default:
        break;
    }
    if (scaling->through_zero[k])
        *offset = *shift = 0.0;
}

const char *nnp_scaling_name(enum nnp_scaling_method method)
{
    return (unsigned)method < NNP_N_SCALING ? scaling_names[method] : "?";
}

enum nnp_scaling_method nnp_scaling_from_name(const char *name)
{
    return (enum nnp_scaling_method)nnp_names_find(scaling_names, NNP_N_SCALING, name);
}
