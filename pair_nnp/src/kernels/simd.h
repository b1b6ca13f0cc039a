/* Eight doubles at a time, in the vector extension of GCC and Clang: the compiler maps them to
 * whatever the instruction set of the including file offers. */
#ifndef NNP_KERNELS_SIMD_H
#define NNP_KERNELS_SIMD_H

#include <stdint.h>
#include <string.h>

typedef double nnp_vector __attribute__((vector_size(64)));
typedef int64_t nnp_mask __attribute__((vector_size(64)));

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

static inline nnp_vector simd_set(double x)
{
    return (nnp_vector){x, x, x, x, x, x, x, x};
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

/* Sums of the lanes of eight vectors, as the lanes of one. */
static inline nnp_vector simd_transposed_sum(const nnp_vector v[8])
{
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
}

/* exp(x) for -700 <= x <= 700, relative error below 2e-16; smaller x give exp(-700).
 * x = n ln 2 + t, |t| <= ln(2)/2; Taylor series of degree 13 for exp(t), 2^n by the exponent's
 * bits. */
static inline nnp_vector simd_exp(nnp_vector x)
{
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double round = 0x1.8p52; /* adding it leaves an integer in the low bits */
    static const double coefficients[] = {
        1.0 / 6227020800.0,
        1.0 / 479001600.0,
        1.0 / 39916800.0,
        1.0 / 3628800.0,
        1.0 / 362880.0,
        1.0 / 40320.0,
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        1.0 / 2.0,
        1.0,
        1.0,
    };
    x = simd_select(x < -700.0, simd_set(-700.0), x);
    const nnp_vector shifted = x * 0x1.71547652b82fep+0 + round;
    const nnp_vector n = shifted - round;
    const nnp_vector t = (x - n * ln2_high) - n * ln2_low;
    nnp_vector sum = simd_set(coefficients[0]);
    for (int k = 1; k < 14; k++)
        sum = sum * t + coefficients[k];
    return (nnp_vector)((nnp_mask)sum + ((nnp_mask)shifted << 52));
}

/* sin(pi t) and cos(pi t) for |t| <= 1/2 by Taylor series, absolute error below 4e-16. */
static inline void simd_sincospi(nnp_vector t, nnp_vector *sine, nnp_vector *cosine)
{
    static const double s[] = {
        /* (-1)^k pi^(2k+1) / (2k+1)!, k = 10 .. 0 */
        5.392664662608129e-10,   -2.2948428997269873e-08, 7.952054001475513e-07,
        -2.1915353447830217e-05, 0.00046630280576761255,  -0.0073704309457143504,
        0.08214588661112823,     -0.5992645293207921,     2.5501640398773455,
        -5.16771278004997,       3.141592653589793,
    };
    static const double c[] = {
        /* (-1)^k pi^(2k) / (2k)!, k = 10 .. 0 */
        3.604730797462501e-09,
        -1.3878952462213771e-07,
        4.303069587032947e-06,
        -0.0001046381049248457,
        0.0019295743094039231,
        -0.02580689139001406,
        0.2353306303588932,
        -1.3352627688545895,
        4.0587121264167685,
        -4.934802200544679,
        1.0,
    };
    const nnp_vector square = t * t;
    nnp_vector sum_s = simd_set(s[0]), sum_c = simd_set(c[0]);
    for (int k = 1; k < 11; k++) {
        sum_s = sum_s * square + s[k];
        sum_c = sum_c * square + c[k];
    }
    *sine = sum_s * t;
    *cosine = sum_c;
}

#endif
