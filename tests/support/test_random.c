#include "test_random.h"

/* Linear congruence of D. E. Knuth (MMIX). */
double test_random(unsigned long long *state, double low, double high)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * (double)(*state >> 11) * 0x1p-53;
}
