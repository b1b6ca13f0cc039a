/* The two factors of exp(-eta Q) that struct nnp_power (kernels/powers.h) names. */
#ifndef NNP_KERNELS_POWER_VECTOR_H
#define NNP_KERNELS_POWER_VECTOR_H

#include "kernels/powers.h"
#include "kernels/simd_math.h"

/* exp(-x) to an order of 0, 1 or 3. */
NNP_INLINE nnp_vector defect_factor(nnp_vector x, const int order)
{
    if (order == 3)
        return 1.0 - x * (1.0 - x * (0.5 - (1.0 / 6.0) * x));
    return order == 1 ? 1.0 - x : simd_set(1.0);
}

/* An exponential of its own: the polynomial where there is one. */
NNP_INLINE nnp_vector power_exponential(const struct nnp_power *power, nnp_vector q)
{
    if (power->n_series == 0)
        return simd_exp(-power->eta * q);
    nnp_vector sum = simd_set(power->series[0]);
    for (int k = 1; k < power->n_series; k++)
        sum = sum * q + power->series[k];
    return sum;
}

#endif
