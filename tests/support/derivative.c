#include "derivative.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_STEPS = 4 };

void assert_derivative(const char *what, nnp_test_function f, void *data, double x,
                       double slope, double step, double scale)
{
    double errors[N_STEPS];
    for (int k = 0; k < N_STEPS; k++, step *= 0.5) {
        const double noise = 20.0 * 1e-15 * scale / step;
        errors[k] = fabs((f(x + step, data) - f(x - step, data)) / (2.0 * step) - slope);
        if (errors[k] <= noise)
            return;
        if (k > 0 && !(errors[k] <= errors[k - 1] / 3.0 + noise))
            fail_msg(
                "%s: at x = %g the slope %.12g is wrong: errors of central differences are "
                "%.3e with step %.1e and %.3e with half of it",
                what, x, slope, errors[k - 1], 2.0 * step, errors[k]);
    }
}
