/* Derivatives against central differences, judged by the rate at which the error falls. */
#ifndef NNP_DIFFERENCE_RATE_H
#define NNP_DIFFERENCE_RATE_H

#include <stdbool.h>

/* Whether slope is the derivative of function(step, context) at step 0: the error of the
 * central difference falls about fourfold per halving of step, beginning with the given one,
 * until it drowns in rounding.  Prints the errors where it does not. */
bool nnp_difference_rate_ok(double (*function)(double step, void *context), void *context,
                            double slope, double step);

#endif
