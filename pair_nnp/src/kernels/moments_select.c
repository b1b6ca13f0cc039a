/* Chooses the instruction set of the moment kernels at run time. */
#include "kernels/moments.h"

#include <stdlib.h>
#include <string.h>

extern const struct nnp_moments_kernels nnp_moments_kernels_plain;
#ifdef NNP_HAVE_X86_KERNELS
extern const struct nnp_moments_kernels nnp_moments_kernels_avx2;
extern const struct nnp_moments_kernels nnp_moments_kernels_avx512;
#endif

const struct nnp_moments_kernels *nnp_moments_kernels_select(void)
{
#ifdef NNP_HAVE_X86_KERNELS
    const char *wanted = getenv("NNP_SIMD");
    if (!wanted)
        wanted = "";
    if (strcmp(wanted, "plain") == 0)
        return &nnp_moments_kernels_plain;
    if (strcmp(wanted, "avx2") != 0 && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq"))
        return &nnp_moments_kernels_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &nnp_moments_kernels_avx2;
#endif
    return &nnp_moments_kernels_plain;
}
