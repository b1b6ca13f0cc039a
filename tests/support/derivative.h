/* Derivatives proved by the rate at which the error of central differences falls. */
#ifndef NNP_TEST_DERIVATIVE_H
#define NNP_TEST_DERIVATIVE_H

typedef double (*nnp_test_function)(double x, void *data);

/* Halving the step must divide the error |(f(x+h) - f(x-h)) / 2h - slope| by about four (at
 * least three), until it has fallen to noise: rounding in f, of size 1e-15 scale, over the
 * step.  Fails the test with what, x, slope and the errors otherwise. */
void assert_derivative(const char *what, nnp_test_function f, void *data, double x,
                       double slope, double step, double scale);

#endif
