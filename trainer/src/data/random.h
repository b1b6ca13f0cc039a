/* Pseudo-random numbers that are the same on every machine: xoshiro256** seeded by splitmix64.
 */
#ifndef NNP_RANDOM_H
#define NNP_RANDOM_H

#include <stdint.h>

struct nnp_random {
    uint64_t state[4];
};

/* Any seed is good; sequences of different seeds are unrelated. */
void nnp_random_seed(struct nnp_random *random, uint64_t seed);

/* 64 random bits. */
uint64_t nnp_random_bits(struct nnp_random *random);

/* Uniform in [0, 1), a multiple of 2^-53. */
double nnp_random_uniform(struct nnp_random *random);

/* Normal distribution of mean 0 and variance 1 (the last bits are those of the machine's
 * logarithm). */
double nnp_random_normal(struct nnp_random *random);

/* Uniform in 0 .. n - 1, without bias; n >= 1. */
uint64_t nnp_random_below(struct nnp_random *random, uint64_t n);

#endif
