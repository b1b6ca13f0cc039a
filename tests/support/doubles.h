/* Comparison of arrays of doubles in tests. */
#ifndef NNP_TEST_DOUBLES_H
#define NNP_TEST_DOUBLES_H

#include <stdbool.h>
#include <stddef.h>

/* Fails the test, naming the worst index, its values and their difference, unless
 * |actual - expected| <= tolerance for all n values; a NaN always fails. */
#define assert_doubles_near(actual, expected, n, tolerance)                                    \
    nnp_assert_doubles_near(actual, expected, (size_t)(n), tolerance, #actual, __FILE__,       \
                            __LINE__)

/* The same bits, so that -0 differs from 0 and a NaN is itself. */
#define assert_double_bits_equal(actual, expected)                                             \
    nnp_assert_double_bits_equal(actual, expected, #actual, __FILE__, __LINE__)

void nnp_assert_doubles_near(const double *actual, const double *expected, size_t n,
                             double tolerance, const char *what, const char *file, int line);
void nnp_assert_double_bits_equal(double actual, double expected, const char *what,
                                  const char *file, int line);

#endif
