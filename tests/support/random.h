/* Reproducible random numbers for tests: SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
 * The state is any 64-bit seed. */
#ifndef NNP_TEST_RANDOM_H
#define NNP_TEST_RANDOM_H

#include <stdint.h>

static inline uint64_t nnp_random_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Uniform in [low, high). */
static inline double nnp_random_uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(nnp_random_bits(state) >> 11) * 0x1p-53);
}

/* Uniform in 0 .. n - 1. */
static inline int nnp_random_int(uint64_t *state, int n)
{
    return (int)(nnp_random_bits(state) % (uint64_t)n);
}

#endif
