/* The equations stand in robust.h. */
#include "robust.h"

#include <math.h>

double nnp_robust_evaluate(enum nnp_robust_function function, double threshold, double square,
                           double *weight)
{
    *weight = 1.0;
    if (function == NNP_ROBUST_NONE || threshold == 0.0)
        return square;
    double d2 = threshold * threshold, s = square / d2;
    switch (function) {
    case NNP_ROBUST_HUBER:
        if (s <= 1.0)
            return square;
        *weight = 1.0 / sqrt(s);
        return d2 * (2.0 * sqrt(s) - 1.0);
    case NNP_ROBUST_PSEUDO_HUBER:
        *weight = 1.0 / sqrt(1.0 + s);
        return d2 * 2.0 * s / (sqrt(1.0 + s) + 1.0);
    default:
        *weight = 1.0 / (1.0 + s);
        return d2 * log1p(s);
    }
}
