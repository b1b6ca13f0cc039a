/* Cutoff functions (nnp/cutoff.h) for a vector of distances; for the files that are
 * compiled once per instruction set. */
#ifndef NNP_KERNELS_CUTOFF_VECTOR_H
#define NNP_KERNELS_CUTOFF_VECTOR_H

#include "kernels/simd_real.h"
#include "nnp/cutoff.h"

/* tanh(y) for 0 <= y <= 1 with absolute error of rounding. */
static inline vec tanh_unit(vec y)
{
    return 1.0 - 2.0 / (real_exp(2.0 * y) + 1.0);
}

/* The polynomials of cutoff functions, factored: without the cancellation close to y = 1 - x =
 * 0 that floats cannot afford, y^(n+1) sum_(k <= n) binomial(n + k, k) x^k. */
static inline vec factored_polynomial(int n, vec x, vec y)
{
    vec sum = real_set(1.0), term = sum, power = y;
    for (int k = 1; k <= n; k++) {
        term *= x * ((nnp_real)(n + k) / (nnp_real)k);
        sum += term;
        power *= y;
    }
    return power * sum;
}

/* fc and dfc/dr (nnp/cutoff.h), 0 from the radius on. */
static inline void cutoff_vector(const struct nnp_cutoff *cutoff, vec r, vec *fc, vec *dfc)
{
    const double start = cutoff->alpha * cutoff->radius;
    const nnp_real inner = (nnp_real)start, radius = (nnp_real)cutoff->radius;
    const nnp_real inverse_width = (nnp_real)(1.0 / (cutoff->radius - start));
    const vec raw = (r - inner) * inverse_width;
    const vec_mask inside = r < radius;
    vec x = real_where(raw > 0.0, raw); /* 0 within the inner radius: fc = 1, slope 0 */
    x = real_select(inside, x, real_set(0.5));
    const vec y = 1.0 - x;
    vec f = real_set(1.0), df = real_set(0.0), s, c;
    switch (cutoff->type) {
    case NNP_CUTOFF_COS:
        real_sincospi(x - 0.5, &s, &c);
        f = 0.5 - 0.5 * s;
        df = (nnp_real)-1.57079632679489661923 * c;
        break;
    case NNP_CUTOFF_TANHU:
    case NNP_CUTOFF_TANH: {
        const nnp_real scale =
            cutoff->type == NNP_CUTOFF_TANH ? (nnp_real)2.2637537952253513 : 1;
        s = tanh_unit(y);
        f = scale * s * s * s;
        df = 3 * scale * s * s * (s * s - 1.0);
        break;
    }
    case NNP_CUTOFF_EXP:
        s = 1.0 / (1.0 - x * x);
        f = real_exp(1.0 - s);
        f = real_where(s < 600.0, f);
        df = real_where(s < 600.0, 2.0 * -x * s * s * f);
        break;
    case NNP_CUTOFF_POLY1:
        f = (2.0 * x - 3.0) * x * x + 1.0;
        df = 6.0 * -x * y;
        break;
    case NNP_CUTOFF_POLY2:
        f = ((15.0 - 6.0 * x) * x - 10.0) * x * x * x + 1.0;
        df = 30.0 * -(x * y) * (x * y);
        break;
    case NNP_CUTOFF_POLY3:
        f = (x * (x * (20.0 * x - 70.0) + 84.0) - 35.0) * (x * x) * (x * x) + 1.0;
        df = 140.0 * -(x * y) * (x * y) * (x * y);
        break;
    case NNP_CUTOFF_POLY4:
        f = (x * (x * ((315.0 - 70.0 * x) * x - 540.0) + 420.0) - 126.0) * (x * x) * (x * x) *
                x +
            1.0;
        df = 630.0 * -(x * y) * (x * y) * (x * y) * (x * y);
        break;
    default:
        break;
    }
    if (REALS_PER_DOUBLE > 1 && cutoff->type >= NNP_CUTOFF_POLY1 &&
        cutoff->type <= NNP_CUTOFF_POLY4)
        f = factored_polynomial((int)(cutoff->type - NNP_CUTOFF_POLY1) + 1, x, y);
    if (cutoff->alpha > 0.0)
        df = real_where(raw > 0.0, df);
    *fc = real_where(inside, f);
    *dfc = real_where(inside, df * inverse_width);
}

/* fc and (dfc/dr) / r of the cos type without inner radius, from s = r^2 < radius^2: with
 * t = r / (2 radius), fc = cos^2(pi t) is a function of t^2, as sin(pi t) / t is. */
static inline void cos_cutoff_of_square(double radius, vec s, vec *fc, vec *slope)
{
    const nnp_real scale = (nnp_real)(0.25 / (radius * radius));
    vec sine, cosine;
    real_sincospi_of_square(scale * s, &sine, &cosine);
    *fc = cosine * cosine;
    *slope = ((nnp_real)-6.28318530717958647692 * scale) * cosine * sine;
}

#endif
