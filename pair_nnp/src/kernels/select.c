/* Chooses the instruction set of the vector kernels at run time. */
#include "environment.h"
#include "kernels/dense.h"
#include "kernels/instruction_set.h"
#include "kernels/moments.h"
#include "kernels/triplets.h"

#include <stdlib.h>
#include <string.h>

extern const struct nnp_environment_kernels nnp_environment_kernels_plain;
extern const struct nnp_dense_kernels nnp_dense_kernels_plain;
extern const struct nnp_moments_kernels nnp_moments_kernels_plain;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_plain;
extern const struct nnp_moments_kernels nnp_moments_kernels_plain_mixed;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_plain_mixed;
#ifdef NNP_HAVE_X86_KERNELS
extern const struct nnp_environment_kernels nnp_environment_kernels_avx2;
extern const struct nnp_environment_kernels nnp_environment_kernels_avx512;
extern const struct nnp_dense_kernels nnp_dense_kernels_avx2;
extern const struct nnp_moments_kernels nnp_moments_kernels_avx2;
extern const struct nnp_dense_kernels nnp_dense_kernels_avx512;
extern const struct nnp_moments_kernels nnp_moments_kernels_avx512;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_avx2;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_avx512;
extern const struct nnp_moments_kernels nnp_moments_kernels_avx2_mixed;
extern const struct nnp_moments_kernels nnp_moments_kernels_avx512_mixed;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_avx2_mixed;
extern const struct nnp_triplets_kernels nnp_triplets_kernels_avx512_mixed;
#endif

static const struct nnp_environment_kernels *const environment_kernels[] = {
    &nnp_environment_kernels_plain,
#ifdef NNP_HAVE_X86_KERNELS
    &nnp_environment_kernels_avx2,
    &nnp_environment_kernels_avx512,
#endif
};

static const struct nnp_dense_kernels *const dense_kernels[] = {
    &nnp_dense_kernels_plain,
#ifdef NNP_HAVE_X86_KERNELS
    &nnp_dense_kernels_avx2,
    &nnp_dense_kernels_avx512,
#endif
};

static const struct nnp_moments_kernels *const moments_kernels[][2] = {
    {&nnp_moments_kernels_plain, &nnp_moments_kernels_plain_mixed},
#ifdef NNP_HAVE_X86_KERNELS
    {&nnp_moments_kernels_avx2, &nnp_moments_kernels_avx2_mixed},
    {&nnp_moments_kernels_avx512, &nnp_moments_kernels_avx512_mixed},
#endif
};

static const struct nnp_triplets_kernels *const triplets_kernels[][2] = {
    {&nnp_triplets_kernels_plain, &nnp_triplets_kernels_plain_mixed},
#ifdef NNP_HAVE_X86_KERNELS
    {&nnp_triplets_kernels_avx2, &nnp_triplets_kernels_avx2_mixed},
    {&nnp_triplets_kernels_avx512, &nnp_triplets_kernels_avx512_mixed},
#endif
};

enum nnp_instruction_set nnp_instruction_set_choose(void)
{
#ifdef NNP_HAVE_X86_KERNELS
    const char *wanted = getenv("NNP_SIMD");
    if (!wanted)
        wanted = "";
    if (strcmp(wanted, "plain") == 0)
        return NNP_PLAIN;
    if (strcmp(wanted, "avx2") != 0 && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq"))
        return NNP_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return NNP_AVX2;
#endif
    return NNP_PLAIN;
}

const struct nnp_environment_kernels *nnp_environment_kernels_select(void)
{
    return environment_kernels[nnp_instruction_set_choose()];
}

const struct nnp_dense_kernels *nnp_dense_kernels_select(void)
{
    return dense_kernels[nnp_instruction_set_choose()];
}

const struct nnp_moments_kernels *nnp_moments_kernels_select(enum nnp_precision precision)
{
    return moments_kernels[nnp_instruction_set_choose()][precision == NNP_PRECISION_MIXED];
}

const struct nnp_triplets_kernels *nnp_triplets_kernels_select(enum nnp_precision precision)
{
    return triplets_kernels[nnp_instruction_set_choose()][precision == NNP_PRECISION_MIXED];
}
