/* Elementary functions of vectors; for the files that are compiled once per instruction set. */
#ifndef NNP_KERNELS_SIMD_MATH_H
#define NNP_KERNELS_SIMD_MATH_H

#include "kernels/simd.h"

/* exp(x) = 2^n (1 + p) with x = n ln 2 + t, |t| <= ln(2)/2 and p = t + t^2 q(t), the polynomial
 * q of degree 9 fitting best (error 5e-18); 2^n by the exponent's bits: n << 52 is returned. */
static inline nnp_mask simd_exp_parts(nnp_vector x, nnp_vector *p)
{
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const double round = 0x1.8p52; /* adding it leaves an integer in the low bits */
    static const double q[] = {
        0x1.af6dcb9301b44p-26, 0x1.28b0ece3c8a52p-22, 0x1.71ddeeed0ebb1p-19,
        0x1.a01995c69b213p-16, 0x1.a01a01b40924ap-13, 0x1.6c16c18601fbap-10,
        0x1.111111110eabfp-7,  0x1.555555554fe23p-5,  0x1.555555555555cp-3,
        0x1.000000000000cp-1,
    };
    const nnp_vector shifted = x * 0x1.71547652b82fep+0 + round;
    const nnp_vector n = shifted - round;
    const nnp_vector t = (x - n * ln2_high) - n * ln2_low;
    nnp_vector sum = simd_set(q[0]);
    for (int k = 1; k < 10; k++)
        sum = sum * t + q[k];
    *p = (sum * t) * t + t;
    return (nnp_mask)shifted << 52;
}

/* exp(x) for x <= 700, relative error below 3e-16; x < -700 give exp(-700), NaN stays. */
static inline nnp_vector simd_exp(nnp_vector x)
{
    nnp_vector p;
    const nnp_mask power = simd_exp_parts(simd_max(simd_set(-700.0), x), &p);
    return (nnp_vector)((nnp_mask)(1.0 + p) + power);
}

/* exp(x) - 1, relative error below 1e-15; x are taken to be at least -700 and at most 700, NaN
 * stays. */
static inline nnp_vector simd_expm1(nnp_vector x)
{
    nnp_vector p;
    x = -simd_max(simd_set(-700.0), -simd_max(simd_set(-700.0), x));
    const nnp_mask power = simd_exp_parts(x, &p);
    const nnp_vector scale = (nnp_vector)((nnp_mask)simd_set(1.0) + power);
    return scale * p + (scale - 1.0);
}

/* sin(pi t) / t and cos(pi t) from t^2 <= 1/4 by Taylor series, absolute error of the sine and
 * the cosine below 4e-16. */
static inline void simd_sincospi_of_square(nnp_vector square, nnp_vector *sine,
                                           nnp_vector *cosine)
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
    nnp_vector sum_s = simd_set(s[0]), sum_c = simd_set(c[0]);
    for (int k = 1; k < 11; k++) {
        sum_s = sum_s * square + s[k];
        sum_c = sum_c * square + c[k];
    }
    *sine = sum_s;
    *cosine = sum_c;
}

/* log(x) of normal x > 0, error below 4e-16 (1 + |log x|): x = 2^n m with m between
 * sqrt(1/2) and sqrt(2), log m = 2 artanh(z), z = (m - 1) / (m + 1), |z| < 0.172. */
static inline nnp_vector simd_log(nnp_vector x)
{
    const nnp_mask bits = (nnp_mask)x;
    const nnp_mask shifted = bits - 0x3fe6a09e667f3bcd; /* of sqrt(1/2) */
    const nnp_mask exponent = shifted >> 52;
    const nnp_vector m = (nnp_vector)(bits - (exponent << 52));
    const double round = 0x1.8p52; /* its low bits hold the exponent */
    const nnp_vector n = (nnp_vector)((nnp_mask)simd_set(round) + exponent) - round;
    const nnp_vector z = (m - 1.0) / (m + 1.0), square = z * z;
    nnp_vector sum = simd_set(2.0 / 21.0);
    for (int k = 19; k > 0; k -= 2)
        sum = sum * square + 2.0 / k;
    return n * 0x1.62e42fefa3800p-1 + (n * 0x1.ef35793c76730p-45 + z * sum);
}

#endif
