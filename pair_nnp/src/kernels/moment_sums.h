/* Sums of channels times monomials over neighbors (equations: moments_kernel.c). */
#ifndef NNP_KERNELS_MOMENT_SUMS_H
#define NNP_KERNELS_MOMENT_SUMS_H

#include "kernels/moment_forms.h"
#include "kernels/moment_rows.h"

/* Rows whose products are summed over neighbors: of monomials and of channels. */
struct factors {
    const nnp_real *monomials, *channels;
};

/* Sums of n_q monomials times n_channels channels over neighbors begin to end; of two products
 * if n_factors is 2. */
NNP_INLINE void sum_products(const struct factors *factors, const int n_factors, size_t stride,
                             int begin, int end, const nnp_real *w[2][4], const int n_channels,
                             int q, const int n_q, int n_monomials, double *lanes)
{
    vec sum[NNP_MOMENTS_BLOCK][SIMD_BLOCK];
    for (int n = 0; n < n_channels; n++)
        for (int k = 0; k < n_q; k++)
            sum[n][k] = real_set(0.0);
    for (int f = 0; f < n_factors; f++) {
        const nnp_real *m = factors[f].monomials + (size_t)q * stride;
        for (int j = begin; j < end; j += REAL_WIDTH)
            for (int k = 0; k < n_q; k++) {
                const vec value = real_load(m + (size_t)k * stride + j);
                for (int n = 0; n < n_channels; n++)
                    sum[n][k] += value * real_load(w[f][n] + j);
            }
    }
    for (int n = 0; n < n_channels; n++)
        for (int k = 0; k < n_q; k++)
            simd_store(lanes + (size_t)(n * n_monomials + k) * SIMD_WIDTH,
                       real_fold(sum[n][k]));
}

/* Eq. 1 (n_factors = 1) or eq. 4 (2) for the n_channels sets of a block. */
NNP_INLINE void sum_block(const struct nnp_moments_plan *plan,
                          const struct nnp_moments_work *work, const struct factors *factors,
                          const int n_factors, const struct nnp_moment_block *block,
                          const int n_channels, int begin, int end, double *moments)
{
    const size_t stride = (size_t)work->capacity;
    const struct nnp_moment_set *sets = plan->sets + block->set;
    const int n_monomials = block->end - block->lowest;
    const nnp_real *w[2][4];
    for (int f = 0; f < n_factors; f++)
        for (int n = 0; n < n_channels; n++)
            w[f][n] = factors[f].channels + (size_t)sets[n].channel * stride;
    int k = 0;
    for (; k + SIMD_BLOCK <= n_monomials; k += SIMD_BLOCK)
        sum_products(factors, n_factors, stride, begin, end, w, n_channels, block->lowest + k,
                     SIMD_BLOCK, n_monomials, work->lanes + (size_t)k * SIMD_WIDTH);
    for (; k < n_monomials; k++)
        sum_products(factors, n_factors, stride, begin, end, w, n_channels, block->lowest + k,
                     1, n_monomials, work->lanes + (size_t)k * SIMD_WIDTH);
    for (int n = 0; n < n_channels; n++) {
        double *to = moments + sets[n].offset;
        memset(to + nnp_moments_padded(block->end) - NNP_LANES, 0, NNP_LANES * sizeof *to);
        reduce_lanes(work->lanes + (size_t)(n * n_monomials) * SIMD_WIDTH, n_monomials,
                     to + block->lowest);
    }
}

NNP_INLINE void sum_moments(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env,
                            const struct nnp_moments_work *work, const struct factors *factors,
                            const int n_factors, double *moments)
{
    for (int e = 0; e < plan->n_elements; e++) {
        const int begin = env->begin[e], end = env->end[e];
        for (int b = plan->element_blocks[e]; b < plan->element_blocks[e + 1]; b++) {
            const struct nnp_moment_block *block = &plan->blocks[b];
            if (block->n_sets == 4)
                sum_block(plan, work, factors, n_factors, block, 4, begin, end, moments);
            else if (block->n_sets == 3)
                sum_block(plan, work, factors, n_factors, block, 3, begin, end, moments);
            else if (block->n_sets == 2)
                sum_block(plan, work, factors, n_factors, block, 2, begin, end, moments);
            else
                sum_block(plan, work, factors, n_factors, block, 1, begin, end, moments);
        }
    }
    lift_moments(plan, moments);
}

/* sum_j w_j x_j of each set's channel, times scale. */
static void sum_squares(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        const nnp_real *x, nnp_real scale, const struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++) {
        const int first = plan->element_sets[e], last = plan->element_sets[e + 1];
        for (int s = first; s < last; s++) {
            const size_t row = (size_t)plan->sets[s].channel * stride;
            vec sum = real_set(0.0);
            for (int j = env->begin[e]; j < env->end[e]; j += REAL_WIDTH)
                sum += real_load(reals(work->w) + row + j) * (scale * real_load(x + row + j));
            simd_store(work->lanes + (size_t)(s - first) * SIMD_WIDTH, real_fold(sum));
        }
        reduce_lanes(work->lanes, last - first, work->squares + first);
    }
}

/* Sums of the channels' weights, or of their changes. */
static void sum_radial(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                       const nnp_real *weights, const struct nnp_moments_work *work, double *g)
{
    for (int e = 0; e < plan->n_elements; e++)
        for (int t = plan->element_terms[e]; t < plan->element_terms[e + 1]; t++) {
            const nnp_real *w =
                weights + (size_t)plan->radial_terms[t].channel * (size_t)work->capacity;
            vec sum = real_set(0.0);
            for (int j = env->begin[e]; j < env->end[e]; j += REAL_WIDTH)
                sum += real_load(w + j);
            g[plan->radial_terms[t].function] = simd_sum(real_fold(sum));
        }
}

#endif
