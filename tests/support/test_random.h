/* Reproducible random numbers for tests. */
#ifndef NNP_TEST_RANDOM_H
#define NNP_TEST_RANDOM_H

/* Uniform in [low, high); state is any number, and changes. */
double test_random(unsigned long long *state, double low, double high);

#endif
