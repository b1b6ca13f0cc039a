/* The two factors of exp(-eta Q) that struct nnp_power (kernels/powers.h) names. */
#ifndef NNP_KERNELS_POWER_VECTOR_H
#define NNP_KERNELS_POWER_VECTOR_H

#include "kernels/powers.h"
#include "kernels/simd_real.h"

/* exp(-x) to an order of 0, 1 or 3. */
NNP_INLINE vec defect_factor(vec x, const int order)
{
    if (order == 3)
        return 1.0 - x * (1.0 - x * (0.5 - (nnp_real)(1.0 / 6.0) * x));
    return order == 1 ? 1.0 - x : real_set(1.0);
}

/* An exponential of its own: the polynomial where there is one. */
NNP_INLINE vec power_exponential(const struct nnp_power *power, vec q)
{
    if (power->n_series == 0)
        return real_exp((nnp_real)-power->eta * q);
    vec sum = real_set((nnp_real)power->series[0]);
    for (int k = 1; k < power->n_series; k++)
        sum = sum * q + (nnp_real)power->series[k];
    return sum;
}

#endif
