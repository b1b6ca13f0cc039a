/* As kernels/simd.h and simd_math.h for floats. */
#ifndef NNP_KERNELS_SIMD_FLOAT_H
#define NNP_KERNELS_SIMD_FLOAT_H

#include "kernels/simd.h"

typedef float nnp_real;
typedef float vec __attribute__((vector_size(8 * SIMD_WIDTH)));
typedef int32_t vec_mask __attribute__((vector_size(8 * SIMD_WIDTH)));

enum { REAL_WIDTH = 2 * SIMD_WIDTH };

static const nnp_real real_tiny = 1e-30F;
static const nnp_real real_huge = 1e30F;

static inline vec real_load(const float *p)
{
    vec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void real_store(float *p, vec v)
{
    memcpy(p, &v, sizeof v);
}

static inline vec real_set(float x)
{
    return x - (vec){0.0F};
}

static inline vec real_where(vec_mask mask, vec a)
{
    return (vec)(mask & (vec_mask)a);
}

static inline vec real_select(vec_mask mask, vec a, vec b)
{
    return (vec)((mask & (vec_mask)a) | (~mask & (vec_mask)b));
}

static inline vec real_positive(vec v)
{
    return 0.5F * (v + (vec)((vec_mask)v & INT32_MAX));
}

static inline vec real_sqrt(vec x)
{
#if defined __AVX512F__
    return (vec)_mm512_sqrt_ps((__m512)x);
#else
    for (int l = 0; l < REAL_WIDTH; l++)
        x[l] = __builtin_sqrtf(x[l]);
    return x;
#endif
}

static inline unsigned real_bits(vec_mask mask)
{
#if defined __AVX512DQ__
    return _mm512_movepi32_mask((__m512i)mask);
#elif defined __AVX2__
    return (unsigned)_mm256_movemask_ps((__m256)mask);
#else
    return (unsigned)((mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8));
#endif
}

#if defined __AVX2__ && !defined __AVX512F__
/* Where the floats come from when the set ones of four are put behind each other, and the
 * reverse. */
static const int32_t real_compressing[16][4] = {
    {0, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {2, 0, 0, 0}, {0, 2, 0, 0},
    {1, 2, 0, 0}, {0, 1, 2, 0}, {3, 0, 0, 0}, {0, 3, 0, 0}, {1, 3, 0, 0}, {0, 1, 3, 0},
    {2, 3, 0, 0}, {0, 2, 3, 0}, {1, 2, 3, 0}, {0, 1, 2, 3},
};
static const int32_t real_expanding[16][4] = {
    {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0},
    {0, 0, 1, 0}, {0, 1, 2, 0}, {0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 1}, {0, 1, 0, 2},
    {0, 0, 0, 1}, {0, 0, 1, 2}, {0, 0, 1, 2}, {0, 1, 2, 3},
};

static inline __m128 real_permute(__m128 v, const int32_t lanes[4])
{
    return _mm_permutevar_ps(v, _mm_loadu_si128((const __m128i *)lanes));
}
#endif

static inline void real_compress(float *p, unsigned bits, vec v)
{
#if defined __AVX512F__
    _mm512_storeu_ps(p, _mm512_maskz_compress_ps((__mmask16)bits, (__m512)v));
#elif defined __AVX2__
    const __m128 low = _mm256_castps256_ps128((__m256)v);
    const __m128 high = _mm256_extractf128_ps((__m256)v, 1);
    _mm_storeu_ps(p, real_permute(low, real_compressing[bits & 15]));
    _mm_storeu_ps(p + __builtin_popcount(bits & 15),
                  real_permute(high, real_compressing[bits >> 4]));
#else
    for (int l = 0; l < REAL_WIDTH; l++) {
        *p = v[l];
        p += bits >> l & 1;
    }
#endif
}

static inline vec real_expand(const float *p, unsigned bits)
{
#if defined __AVX512F__
    return (vec)_mm512_maskz_expand_ps((__mmask16)bits, _mm512_loadu_ps(p));
#elif defined __AVX2__
    const vec_mask single = {1, 2, 4, 8, 16, 32, 64, 128};
    const int32_t all = (int32_t)bits;
    const vec_mask every = {all, all, all, all, all, all, all, all};
    const __m128 low = real_permute(_mm_loadu_ps(p), real_expanding[bits & 15]);
    const __m128 high = real_permute(_mm_loadu_ps(p + __builtin_popcount(bits & 15)),
                                     real_expanding[bits >> 4]);
    return real_where((every & single) == single, (vec)_mm256_set_m128(high, low));
#else
    vec v = {0.0F};
    for (int l = 0; l < REAL_WIDTH; l++)
        if (bits >> l & 1)
            v[l] = *p++;
    return v;
#endif
}

static inline vec real_max(vec a, vec b)
{
#if defined __AVX512F__
    return (vec)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined __AVX2__
    return (vec)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return real_select(a > b, a, b);
#endif
}

static inline vec real_from_doubles(const double *p)
{
#if defined __AVX512F__
    const __m256 low = _mm512_cvtpd_ps(_mm512_loadu_pd(p));
    const __m256 high = _mm512_cvtpd_ps(_mm512_loadu_pd(p + 8));
    return (vec)_mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1);
#elif defined __AVX2__
    return (vec)_mm256_set_m128(_mm256_cvtpd_ps(_mm256_loadu_pd(p + 4)),
                                _mm256_cvtpd_ps(_mm256_loadu_pd(p)));
#else
    return (vec){(float)p[0], (float)p[1], (float)p[2], (float)p[3]};
#endif
}

/* The halves of a vector. */
static inline nnp_vector real_low(vec v)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)v));
#elif defined __AVX2__
    return (nnp_vector)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)v));
#else
    return (nnp_vector){v[0], v[1]};
#endif
}

static inline nnp_vector real_high(vec v)
{
#if defined __AVX512F__
    return (nnp_vector)_mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)v, 1));
#elif defined __AVX2__
    return (nnp_vector)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)v, 1));
#else
    return (nnp_vector){v[2], v[3]};
#endif
}

static inline void real_to_doubles(double *p, vec v)
{
    simd_store(p, real_low(v));
    simd_store(p + SIMD_WIDTH, real_high(v));
}

static inline nnp_vector real_fold(vec v)
{
    return real_low(v) + real_high(v);
}

static inline vec real_resume(const double *sums)
{
    (void)sums;
    return real_set(0.0F);
}

static inline void real_suspend(double *sums, vec v)
{
    simd_store(sums, simd_load(sums) + real_fold(v));
}

static inline void real_add_sums(nnp_real to[8], const vec v[8])
{
    double sums[8];
    for (int k = 0; k < 8; k += SIMD_WIDTH) {
        nnp_vector folded[SIMD_WIDTH];
        for (int l = 0; l < SIMD_WIDTH; l++)
            folded[l] = real_fold(v[k + l]);
        simd_store(sums + k, simd_transposed_sum(folded));
    }
    for (int k = 0; k < 8; k += REAL_WIDTH < 8 ? REAL_WIDTH : 8)
        for (int l = k; l < k + (REAL_WIDTH < 8 ? REAL_WIDTH : 8); l++)
            to[l] += (float)sums[l];
}

/* Products of exponentials underflow often, which takes long unless what is too small for a
 * float is taken as 0. */
static inline unsigned real_begin(void)
{
#ifdef __SSE__
    const unsigned state = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(state | 0x8040); /* flush to zero, denormals are zeros */
    return state;
#else
    return 0;
#endif
}

static inline void real_end(unsigned state)
{
#ifdef __SSE__
    __builtin_ia32_ldmxcsr(state);
#else
    (void)state;
#endif
}

/* exp(x) for x <= 87, relative error below 2e-7; x < -87 give exp(-87), NaN stays. */
static inline vec real_exp(vec x)
{
    const float ln2_high = 0x1.62e4p-1F, ln2_low = 0x1.7f7d1cp-20F, round = 0x1.8p23F;
    x = real_max(real_set(-87.0F), x);
    const vec shifted = x * 0x1.715476p+0F + round;
    const vec n = shifted - round;
    const vec t = (x - n * ln2_high) - n * ln2_low;
    vec sum = real_set(1.0F / 5040.0F); /* Taylor series, up to 5e-9 */
    sum = sum * t + 1.0F / 720.0F;
    sum = sum * t + 1.0F / 120.0F;
    sum = sum * t + 1.0F / 24.0F;
    sum = sum * t + 1.0F / 6.0F;
    sum = sum * t + 0.5F;
    return (vec)((vec_mask)(1.0F + ((sum * t) * t + t)) + ((vec_mask)shifted << 23));
}

/* Series as in simd_sincospi_of_square, absolute errors below 2e-7. */
static inline void real_sincospi_of_square(vec square, vec *sine, vec *cosine)
{
    static const float s[] = {
        0.00046630280576761255F, -0.0073704309457143504F, 0.08214588661112823F,
        -0.5992645293207921F,    2.5501640398773455F,     -5.16771278004997F,
        3.141592653589793F,
    };
    static const float c[] = {
        0.0019295743094039231F,
        -0.02580689139001406F,
        0.2353306303588932F,
        -1.3352627688545895F,
        4.0587121264167685F,
        -4.934802200544679F,
        1.0F,
    };
    vec sum_s = real_set(s[0]), sum_c = real_set(c[0]);
    for (int k = 1; k < 7; k++) {
        sum_s = sum_s * square + s[k];
        sum_c = sum_c * square + c[k];
    }
    *sine = sum_s;
    *cosine = sum_c;
}

/* As simd_log, error below 2e-7 (1 + |log x|). */
static inline vec real_log(vec x)
{
    const vec_mask bits = (vec_mask)x;
    const vec_mask exponent = (bits - 0x3f3504f3) >> 23; /* of sqrt(1/2) */
    const vec m = (vec)(bits - (exponent << 23));
    const vec n = (vec)((vec_mask)real_set(0x1.8p23F) + exponent) - 0x1.8p23F;
    const vec z = (m - 1.0F) / (m + 1.0F), square = z * z;
    vec sum = real_set(2.0F / 9.0F);
    for (int k = 7; k > 0; k -= 2)
        sum = sum * square + 2.0F / (float)k;
    return n * 0x1.62e4p-1F + (n * 0x1.7f7d1cp-20F + z * sum);
}

#endif
