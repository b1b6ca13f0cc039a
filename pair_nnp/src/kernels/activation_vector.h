/* Activations of vectors; for the files that are compiled once per instruction set. */
#ifndef NNP_KERNELS_ACTIVATION_VECTOR_H
#define NNP_KERNELS_ACTIVATION_VECTOR_H

#include "kernels/simd_math.h"
#include "nnp/network.h"

#include <stdbool.h>

/* As in activation.c. */
static const double mtanh_scale = 1.7159, mtanh_stretch = 2.0 / 3.0;
static const double selu_scale = 1.0507009873554804934193349852946;
static const double selu_alpha = 1.6732632423543772848170429916717;

/* Derivatives of up to second order of y. */
struct nnp_activated {
    nnp_vector f, slope, curvature;
};

static inline struct nnp_activated tanh_vector(double scale, double stretch, nnp_vector x)
{
    const nnp_vector e = simd_expm1((2.0 * stretch) * x), t = e / (e + 2.0);
    const nnp_vector slope = (scale * stretch) * (1.0 - t * t);
    return (struct nnp_activated){scale * t, slope, (-2.0 * stretch) * (t * slope)};
}

static inline struct nnp_activated elu_vector(double scale, double alpha, nnp_vector x)
{
    const nnp_mask positive = x > 0.0;
    const nnp_vector e = simd_expm1(simd_select(positive, simd_set(0.0), x));
    const nnp_vector slope = (scale * alpha) * (e + 1.0);
    return (struct nnp_activated){simd_select(positive, scale * x, (scale * alpha) * e),
                                  simd_select(positive, simd_set(scale), slope),
                                  simd_where(~positive, slope)};
}

/* s = logistic(x), q = 1 - s without cancellation. */
static inline void logistic_vector(nnp_vector x, nnp_vector *s, nnp_vector *q)
{
    const nnp_vector e = simd_exp(-simd_max(simd_set(-700.0), x));
    *s = 1.0 / (1.0 + e);
    *q = e * *s;
}

/* f, f' and f'' (NULL: not wanted) of a vector; false where there is no vector version. */
static inline bool nnp_activate_vector(enum nnp_activation activation, nnp_vector x,
                                       nnp_vector *f, nnp_vector *slope, nnp_vector *curvature)
{
    struct nnp_activated y;
    nnp_vector s, q;
    switch (activation) {
    case NNP_ACTIVATION_LINEAR:
        y = (struct nnp_activated){x, simd_set(1.0), simd_set(0.0)};
        break;
    case NNP_ACTIVATION_TANH:
        y = tanh_vector(1.0, 1.0, x);
        break;
    case NNP_ACTIVATION_MTANH:
    case NNP_ACTIVATION_TWIST:
        y = tanh_vector(mtanh_scale, mtanh_stretch, x);
        if (activation == NNP_ACTIVATION_TWIST) {
            y.f += 0.1 * x;
            y.slope += 0.1;
        }
        break;
    case NNP_ACTIVATION_LOGISTIC:
        logistic_vector(x, &s, &q);
        y = (struct nnp_activated){s, s * q, s * q * (q - s)};
        break;
    case NNP_ACTIVATION_REVLOGISTIC:
        logistic_vector(x, &s, &q);
        y = (struct nnp_activated){q, -s * q, s * q * (s - q)};
        break;
    case NNP_ACTIVATION_SWISH:
        logistic_vector(x, &s, &q);
        y = (struct nnp_activated){x * s, s + x * (s * q), s * q * (2.0 + x * (q - s))};
        break;
    case NNP_ACTIVATION_GAUSSIAN:
        y.f = simd_exp(-0.5 * x * x);
        y.slope = -x * y.f;
        y.curvature = (x * x - 1.0) * y.f;
        break;
    case NNP_ACTIVATION_HARMONIC:
        y = (struct nnp_activated){x * x, 2.0 * x, simd_set(2.0)};
        break;
    case NNP_ACTIVATION_ELU:
        y = elu_vector(1.0, 1.0, x);
        break;
    case NNP_ACTIVATION_SELU:
        y = elu_vector(selu_scale, selu_alpha, x);
        break;
    default:
        return false;
    }
    *f = y.f;
    *slope = y.slope;
    if (curvature)
        *curvature = y.curvature;
    return true;
}

#endif
