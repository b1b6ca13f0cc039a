/* Cutoff functions (nnp/cutoff.h) for a vector of distances; for the files that are
 * compiled once per instruction set. */
#ifndef NNP_KERNELS_CUTOFF_VECTOR_H
#define NNP_KERNELS_CUTOFF_VECTOR_H

#include "kernels/simd_math.h"
#include "nnp/cutoff.h"

/* tanh(y) for 0 <= y <= 1 with absolute error of rounding. */
static inline nnp_vector tanh_unit(nnp_vector y)
{
    return 1.0 - 2.0 / (simd_exp(2.0 * y) + 1.0);
}

/* fc and dfc/dr (nnp/cutoff.h), 0 from the radius on. */
static inline void cutoff_vector(const struct nnp_cutoff *cutoff, nnp_vector r, nnp_vector *fc,
                                 nnp_vector *dfc)
{
    const double inner = cutoff->alpha * cutoff->radius;
    const double inverse_width = 1.0 / (cutoff->radius - inner);
    const nnp_vector raw = (r - inner) * inverse_width;
    const nnp_mask inside = r < cutoff->radius;
    nnp_vector x = simd_where(raw > 0.0, raw); /* 0 within the inner radius: fc = 1, slope 0 */
    x = simd_select(inside, x, simd_set(0.5));
    const nnp_vector y = 1.0 - x;
    nnp_vector f = simd_set(1.0), df = simd_set(0.0), s, c;
    switch (cutoff->type) {
    case NNP_CUTOFF_COS:
        simd_sincospi(x - 0.5, &s, &c);
        f = 0.5 - 0.5 * s;
        df = -1.57079632679489661923 * c;
        break;
    case NNP_CUTOFF_TANHU:
    case NNP_CUTOFF_TANH: {
        const double scale = cutoff->type == NNP_CUTOFF_TANH ? 2.2637537952253513 : 1.0;
        s = tanh_unit(y);
        f = scale * s * s * s;
        df = 3.0 * scale * s * s * (s * s - 1.0);
        break;
    }
    case NNP_CUTOFF_EXP:
        s = 1.0 / (1.0 - x * x);
        f = simd_exp(1.0 - s);
        f = simd_where(s < 600.0, f);
        df = simd_where(s < 600.0, -2.0 * x * s * s * f);
        break;
    case NNP_CUTOFF_POLY1:
        f = (2.0 * x - 3.0) * x * x + 1.0;
        df = -6.0 * x * y;
        break;
    case NNP_CUTOFF_POLY2:
        f = ((15.0 - 6.0 * x) * x - 10.0) * x * x * x + 1.0;
        df = -30.0 * (x * y) * (x * y);
        break;
    case NNP_CUTOFF_POLY3:
        f = (x * (x * (20.0 * x - 70.0) + 84.0) - 35.0) * (x * x) * (x * x) + 1.0;
        df = -140.0 * (x * y) * (x * y) * (x * y);
        break;
    case NNP_CUTOFF_POLY4:
        f = (x * (x * ((315.0 - 70.0 * x) * x - 540.0) + 420.0) - 126.0) * (x * x) * (x * x) *
                x +
            1.0;
        df = -630.0 * (x * y) * (x * y) * (x * y) * (x * y);
        break;
    default:
        break;
    }
    if (cutoff->alpha > 0.0)
        df = simd_where(raw > 0.0, df);
    *fc = simd_where(inside, f);
    *dfc = simd_where(inside, df * inverse_width);
}

/* fc and (dfc/dr) / r of the cos type without inner radius, from s = r^2 < radius^2: with
 * t = r / (2 radius), fc = cos^2(pi t) is a function of t^2, as sin(pi t) / t is. */
static inline void cos_cutoff_of_square(double radius, nnp_vector s, nnp_vector *fc,
                                        nnp_vector *slope)
{
    const double scale = 0.25 / (radius * radius);
    nnp_vector sine, cosine;
    simd_sincospi_of_square(scale * s, &sine, &cosine);
    *fc = cosine * cosine;
    *slope = (-6.28318530717958647692 * scale) * cosine * sine;
}

#endif
