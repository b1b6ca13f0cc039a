/* The central difference (f(h) - f(-h)) / 2h of a smooth function errs by f''' h^2 / 6 + O(h^4)
 * and by rounding, about 1e-16 |f| / h.  A wrong slope leaves a constant error instead. */
#include "difference_rate.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

enum { N_STEPS = 7 };

bool nnp_difference_rate_ok(double (*function)(double step, void *context), void *context,
                            double slope, double step)
{
    double errors[N_STEPS], floor[N_STEPS];
    bool fell = false, drowned = false;
    for (int k = 0; k < N_STEPS; k++, step /= 2.0) {
        double above = function(step, context), below = function(-step, context);
        errors[k] = fabs((above - below) / (2.0 * step) - slope);
        /* A hundred roundings of sums of many terms. */
        floor[k] = 100.0 * DBL_EPSILON * (fabs(above) + fabs(below)) / step +
                   100.0 * DBL_EPSILON * fabs(slope);
    }
    for (int k = 1; k < N_STEPS && !drowned; k++) {
        drowned = errors[k] < floor[k];
        fell = errors[k - 1] / errors[k] > 3.5 && errors[k - 1] / errors[k] < 4.5;
    }
    if (fell || drowned)
        return true;
    fprintf(stderr, "slope %.15g: errors of the central difference", slope);
    for (int k = 0; k < N_STEPS; k++)
        fprintf(stderr, " %.3e", errors[k]);
    fprintf(stderr, "\n");
    return false;
}
