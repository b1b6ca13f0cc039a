/* Comparison of arrays of doubles in tests. */
#include "doubles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void nnp_assert_doubles_near(const double *actual, const double *expected, size_t n,
                             double tolerance, const char *what, const char *file, int line)
{
    size_t worst = 0, n_bad = 0;
    double largest = -1.0;
    for (size_t i = 0; i < n; i++) {
        const double difference = fabs(actual[i] - expected[i]);
        const double size = isnan(difference) ? INFINITY : difference;
        if (size > largest) {
            largest = size;
            worst = i;
        }
        if (!(difference <= tolerance))
            n_bad++;
    }
    if (n_bad == 0)
        return;
    print_error("%s: %zu of %zu values differ by more than %g; the worst, [%zu], is %.17g, "
                "expected %.17g, difference %g\n",
                what, n_bad, n, tolerance, worst, actual[worst], expected[worst],
                actual[worst] - expected[worst]);
    _fail(file, line);
}

void nnp_assert_double_bits_equal(double actual, double expected, const char *what,
                                  const char *file, int line)
{
    if (!memcmp(&actual, &expected, sizeof actual))
        return;
    print_error("%s is %.17g, expected the bits of %.17g\n", what, actual, expected);
    _fail(file, line);
}
