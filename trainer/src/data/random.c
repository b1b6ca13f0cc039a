/* Pseudo-random numbers.
 *
 * Generator: xoshiro256** 1.0, period 2^256 - 1 [1].  Its state is filled by splitmix64, a
 * counter stepped by the golden ratio and hashed [2], which never gives the forbidden state of
 * four zeros.  Normal numbers: the polar method [3].
 *
 * [1] D. Blackman, S. Vigna, ACM Trans. Math. Softw. 47, 36 (2021).
 * [2] G. L. Steele, D. Lea, C. H. Flood, SIGPLAN Not. 49(10), 453 (2014).
 * [3] G. Marsaglia, T. A. Bray, SIAM Rev. 6, 260 (1964). */
#include "random.h"

#include <math.h>

static uint64_t splitmix64(uint64_t *counter)
{
    *counter += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *counter;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void nnp_random_seed(struct nnp_random *random, uint64_t seed)
{
    for (int k = 0; k < 4; k++)
        random->state[k] = splitmix64(&seed);
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t nnp_random_bits(struct nnp_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double nnp_random_uniform(struct nnp_random *random)
{
    return (double)(nnp_random_bits(random) >> 11) * 0x1p-53;
}

double nnp_random_normal(struct nnp_random *random)
{
    double x, square;
    do {
        x = 2.0 * nnp_random_uniform(random) - 1.0;
        double y = 2.0 * nnp_random_uniform(random) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    return x * sqrt(-2.0 * log(square) / square);
}

uint64_t nnp_random_below(struct nnp_random *random, uint64_t n)
{
    /* 2^64 mod n values at the lower end are refused, so that n divides what is left. */
    uint64_t refused = (UINT64_MAX - n + 1) % n;
    uint64_t bits;
    do
        bits = nnp_random_bits(random);
    while (bits < refused);
    return bits % n;
}
