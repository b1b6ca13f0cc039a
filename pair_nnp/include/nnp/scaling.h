/* Scaling of symmetry functions to the inputs of the networks, per central element.
 *
 *   none           x = G
 *   minmax         x = a + (b - a) (G - min) / (max - min)
 *   center         x = G - mean
 *   minmax_center  x = a + (b - a) (G - mean) / (max - min)
 *   sigma          x = a + (b - a) (G - mean) / sigma
 *
 * with [a, b] the target interval, and min, max, mean, sigma over the training set.  A function
 * that does not vary there (max = min, or sigma = 0) gives x = 0 but for the methods none and
 * center.
 *
 * A function that is scaled through zero has x = factor G with the factor of its method, so
 * that x = 0 exactly where G = 0: it has no influence on atoms without the neighbors that it
 * sums over. */
#ifndef NNP_SCALING_H
#define NNP_SCALING_H

#include "nnp/export.h"
#include "nnp/status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

enum nnp_scaling_method {
    NNP_SCALING_NONE,
    NNP_SCALING_MINMAX,
    NNP_SCALING_CENTER,
    NNP_SCALING_MINMAX_CENTER,
    NNP_SCALING_SIGMA,
    NNP_N_SCALING
};

struct nnp_scaling {
    enum nnp_scaling_method method;
    double target_min, target_max; /* a and b; ignored by none and center */
    int n_functions;
    double *min, *max, *mean, *sigma; /* [n_functions] each, over the training set */
    bool *through_zero;               /* [n_functions] */
};

/* Arrays of n_functions zeros (false).  On failure *scaling is empty (n_functions 0, arrays
 * NULL). */
enum nnp_status nnp_scaling_init(struct nnp_scaling *scaling, int n_functions,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_scaling_free(struct nnp_scaling *scaling);

/* x = factor (G - offset) + shift of function k. */
void nnp_scaling_coefficients(const struct nnp_scaling *scaling, int k, double *factor,
                              double *offset, double *shift);

/* Name in potential files, and back (NNP_N_SCALING: no such name). */
const char *nnp_scaling_name(enum nnp_scaling_method method);
enum nnp_scaling_method nnp_scaling_from_name(const char *name);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
