/* As many doubles at a time as a register of the including file's instruction set holds, in the
 * vector extension of GCC and Clang. */
#ifndef NNP_KERNELS_SIMD_H
#define NNP_KERNELS_SIMD_H

#include <stdint.h>
#include <string.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

/* What an instruction set's version of a kernel is called: NNP_PASTE(name_, NNP_SIMD_NAME). */
#define NNP_PASTE2(a, b) a##b
#define NNP_PASTE(a, b) NNP_PASTE2(a, b)
#define NNP_STRING2(a) #a
#define NNP_STRING(a) NNP_STRING2(a)

/* For functions that are to be compiled anew for every constant that they are called with; with
 * sanitizers that takes minutes. */
#ifdef __SANITIZE_ADDRESS__
#define NNP_INLINE static inline
#else
#define NNP_INLINE static inline __attribute__((always_inline))
#endif

/* Doubles in a vector, a divisor of NNP_LANES, which arrays are padded to: compilers keep wider
 * vectors than the registers in memory.  And how many vectors a loop over terms takes along, so
 * that accumulators stay in registers. */
#if defined __AVX512F__
enum { SIMD_WIDTH = 8, SIMD_BLOCK = 4 };
#elif defined __AVX2__
enum { SIMD_WIDTH = 4, SIMD_BLOCK = 2 };
#else
enum { SIMD_WIDTH = 2, SIMD_BLOCK = 2 };
#endif

typedef double nnp_vector __attribute__((vector_size(8 * SIMD_WIDTH)));
typedef int64_t nnp_mask __attribute__((vector_size(8 * SIMD_WIDTH)));

static inline nnp_vector simd_load(const double *p)
{
    nnp_vector v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void simd_store(double *p, nnp_vector v)
{
    memcpy(p, &v, sizeof v);
}

/* Of floats, SIMD_WIDTH of them. */
static inline nnp_vector simd_load_floats(const float *p)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined __AVX2__
    return (nnp_vector)_mm256_cvtps_pd(_mm_loadu_ps(p));
#else
    return (nnp_vector){p[0], p[1]};
#endif
}

static inline nnp_vector simd_set(double x)
{
    return x - (nnp_vector){0.0};
}

/* a where the mask is set (all bits), 0 elsewhere. */
static inline nnp_vector simd_where(nnp_mask mask, nnp_vector a)
{
    return (nnp_vector)(mask & (nnp_mask)a);
}

static inline nnp_vector simd_select(nnp_mask mask, nnp_vector a, nnp_vector b)
{
    return (nnp_vector)((mask & (nnp_mask)a) | (~mask & (nnp_mask)b));
}

/* v where it is positive, 0 elsewhere. */
static inline nnp_vector simd_positive(nnp_vector v)
{
    return 0.5 * (v + (nnp_vector)((nnp_mask)v & INT64_MAX));
}

static inline nnp_vector simd_sqrt(nnp_vector x)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_sqrt_pd((__m512d)x);
#else
    for (int l = 0; l < SIMD_WIDTH; l++)
        x[l] = __builtin_sqrt(x[l]);
    return x;
#endif
}

/* Bit l tells whether lane l is set. */
static inline unsigned simd_bits(nnp_mask mask)
{
#if defined __AVX512DQ__
    return _mm512_movepi64_mask((__m512i)mask);
#elif defined __AVX2__
    return (unsigned)_mm256_movemask_pd((__m256d)mask);
#else
    return (unsigned)(mask[0] & 1) | (unsigned)(mask[1] & 2);
#endif
}

#if defined __AVX2__ && !defined __AVX512F__
/* Where the doubles, as pairs of 32-bit lanes, come from when the set ones of four are put
 * behind each other, and the reverse (whatever, for what is not set). */
#define NNP_LANES_OF(a, b, c, d)                                                               \
    {                                                                                          \
        2 * (a), 2 * (a) + 1, 2 * (b), 2 * (b) + 1, 2 * (c), 2 * (c) + 1, 2 * (d), 2 * (d) + 1 \
    }
static const int32_t simd_compressing[16][8] = {
    NNP_LANES_OF(0, 0, 0, 0), NNP_LANES_OF(0, 0, 0, 0), NNP_LANES_OF(1, 0, 0, 0),
    NNP_LANES_OF(0, 1, 0, 0), NNP_LANES_OF(2, 0, 0, 0), NNP_LANES_OF(0, 2, 0, 0),
    NNP_LANES_OF(1, 2, 0, 0), NNP_LANES_OF(0, 1, 2, 0), NNP_LANES_OF(3, 0, 0, 0),
    NNP_LANES_OF(0, 3, 0, 0), NNP_LANES_OF(1, 3, 0, 0), NNP_LANES_OF(0, 1, 3, 0),
    NNP_LANES_OF(2, 3, 0, 0), NNP_LANES_OF(0, 2, 3, 0), NNP_LANES_OF(1, 2, 3, 0),
    NNP_LANES_OF(0, 1, 2, 3),
};
static const int32_t simd_expanding[16][8] = {
    NNP_LANES_OF(0, 0, 0, 0), NNP_LANES_OF(0, 0, 0, 0), NNP_LANES_OF(0, 0, 0, 0),
    NNP_LANES_OF(0, 1, 0, 0), NNP_LANES_OF(0, 0, 0, 0), NNP_LANES_OF(0, 0, 1, 0),
    NNP_LANES_OF(0, 0, 1, 0), NNP_LANES_OF(0, 1, 2, 0), NNP_LANES_OF(0, 0, 0, 0),
    NNP_LANES_OF(0, 0, 0, 1), NNP_LANES_OF(0, 0, 0, 1), NNP_LANES_OF(0, 1, 0, 2),
    NNP_LANES_OF(0, 0, 0, 1), NNP_LANES_OF(0, 0, 1, 2), NNP_LANES_OF(0, 0, 1, 2),
    NNP_LANES_OF(0, 1, 2, 3),
};

static inline nnp_vector simd_permute(nnp_vector v, const int32_t lanes[8])
{
    const __m256i index = _mm256_loadu_si256((const __m256i *)lanes);
    return (nnp_vector)_mm256_permutevar8x32_ps((__m256)v, index);
}
#endif

/* The lanes of v whose bits are set, behind each other; writes SIMD_WIDTH values to p. */
static inline void simd_compress(double *p, unsigned bits, nnp_vector v)
{
#if defined __AVX512F__
    _mm512_storeu_pd(p, _mm512_maskz_compress_pd((__mmask8)bits, (__m512d)v));
#elif defined __AVX2__
    simd_store(p, simd_permute(v, simd_compressing[bits]));
#else
    p[1] = v[1];
    p[0] = bits & 1 ? v[0] : v[1];
#endif
}

/* The reverse: values behind each other in the lanes whose bits are set, 0 in the others; reads
 * SIMD_WIDTH values from p. */
static inline nnp_vector simd_expand(const double *p, unsigned bits)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_maskz_expand_pd((__mmask8)bits, _mm512_loadu_pd(p));
#elif defined __AVX2__
    const nnp_mask single = {1, 2, 4, 8};
    const int64_t all = bits;
    const nnp_mask every = {all, all, all, all};
    return simd_where((every & single) == single,
                      simd_permute(simd_load(p), simd_expanding[bits]));
#else
    return (nnp_vector){bits & 1 ? p[0] : 0.0, bits & 2 ? p[bits & 1] : 0.0};
#endif
}

static inline double simd_sum(nnp_vector v)
{
#if defined __AVX512F__
    return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
#elif defined __AVX2__
    return (v[0] + v[2]) + (v[1] + v[3]);
#else
    return v[0] + v[1];
#endif
}

/* Sums of the lanes of SIMD_WIDTH vectors, as the lanes of one. */
static inline nnp_vector simd_transposed_sum(const nnp_vector v[SIMD_WIDTH])
{
#if defined __AVX512F__
    nnp_vector pairs[4], quads[2];
    for (int k = 0; k < 4; k++)
        pairs[k] = __builtin_shufflevector(v[2 * k], v[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
                   __builtin_shufflevector(v[2 * k], v[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    for (int k = 0; k < 2; k++) {
        const nnp_vector a = pairs[2 * k], b = pairs[2 * k + 1];
        quads[k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
                   __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    return __builtin_shufflevector(quads[0], quads[1], 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(quads[0], quads[1], 4, 5, 6, 7, 12, 13, 14, 15);
#elif defined __AVX2__
    nnp_vector pairs[2];
    for (int k = 0; k < 2; k++)
        pairs[k] = __builtin_shufflevector(v[2 * k], v[2 * k + 1], 0, 4, 2, 6) +
                   __builtin_shufflevector(v[2 * k], v[2 * k + 1], 1, 5, 3, 7);
    return __builtin_shufflevector(pairs[0], pairs[1], 0, 1, 4, 5) +
           __builtin_shufflevector(pairs[0], pairs[1], 2, 3, 6, 7);
#else
    return __builtin_shufflevector(v[0], v[1], 0, 2) +
           __builtin_shufflevector(v[0], v[1], 1, 3);
#endif
}

/* The larger of each pair of lanes; b where one is not a number. */
static inline nnp_vector simd_max(nnp_vector a, nnp_vector b)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif defined __AVX2__
    return (nnp_vector)_mm256_max_pd((__m256d)a, (__m256d)b);
#else
    return simd_select(a > b, a, b);
#endif
}

#endif
