/* What the moment kernels need of each neighbor, row by row: directions, weights of the
 * channels, monomials, and how these change along displacements; for the file that is compiled
 * once per instruction set. */
#ifndef NNP_KERNELS_MOMENT_ROWS_H
#define NNP_KERNELS_MOMENT_ROWS_H

#include "kernels/cutoff_vector.h"
#include "kernels/moments.h"

typedef nnp_vector vec;

/* exp(-eta q) of each of a shell's powers. */
NNP_INLINE void compute_powers(const struct nnp_triplet_power *powers, int n, vec q,
                               double *values)
{
    for (int k = 0; k < n; k++) {
        const struct nnp_triplet_power *power = &powers[k];
        vec value;
        if (power->first < 0)
            value = simd_exp(-power->eta * q);
        else
            value = simd_load(values + (size_t)power->first * SIMD_WIDTH) *
                    simd_load(values + (size_t)power->second * SIMD_WIDTH) *
                    (1.0 - power->defect * q);
        simd_store(values + (size_t)k * SIMD_WIDTH, value);
    }
}

/* Weights of the channels with their derivatives, at r_j. */
static inline void channel_weights(const struct nnp_moments_plan *plan,
                                   const struct nnp_moments_work *work, int j, vec r)
{
    const size_t stride = (size_t)work->capacity;
    vec fc = simd_set(0.0), dfc = fc;
    int cutoff = -1;
    for (int s = 0; s < plan->n_shells; s++) {
        const struct nnp_moment_shell *shell = &plan->shells[s];
        const struct nnp_triplet_power *powers = plan->powers + shell->power_begin;
        const int n_powers = shell->power_end - shell->power_begin;
        const vec d = r - shell->r_shift, twice = 2.0 * d;
        if (shell->cutoff != cutoff)
            cutoff_vector(&plan->cutoffs[cutoff = shell->cutoff], r, &fc, &dfc);
        compute_powers(powers, n_powers, d * d, work->powers);
        for (int k = 0; k < n_powers; k++) {
            if (powers[k].channel < 0)
                continue;
            const vec e = simd_load(work->powers + (size_t)k * SIMD_WIDTH), w = e * fc;
            const size_t row = (size_t)(shell->channel_begin + powers[k].channel) * stride;
            simd_store(work->w + row + j, w);
            simd_store(work->dw + row + j, e * dfc - (powers[k].eta * twice) * w);
        }
    }
}

static void compute_weights(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env, struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH) {
            const vec r = simd_load(env->r + j), inverse = 1.0 / r;
            simd_store(work->inverse + j, inverse);
            simd_store(work->u + j, simd_load(env->x + j) * inverse);
            simd_store(work->u + stride + j, simd_load(env->y + j) * inverse);
            simd_store(work->u + 2 * stride + j, simd_load(env->z + j) * inverse);
            channel_weights(plan, work, j, r);
        }
}

/* The monomials of one more degree, in the order of nnp/kernels/moments.h, for a vector of
 * neighbors. */
NNP_INLINE void raise_monomials(double *m, size_t stride, int degree, const vec u[3])
{
    const double *from = m + (size_t)nnp_moments_to_degree(degree - 1) * stride;
    double *to = m + (size_t)nnp_moments_to_degree(degree) * stride;
    for (int i = 0; i <= degree; i++) {
        const vec x = u[0] * (1.0 / (degree + 1 - i));
        for (int c = 0; c <= i; c++, from += stride, to += stride)
            simd_store(to, simd_load(from) * x);
    }
    from -= (size_t)(degree + 1) * stride;
    for (int c = 0; c <= degree; c++, from += stride, to += stride)
        simd_store(to, simd_load(from) * (u[1] * (1.0 / (degree + 1 - c))));
    simd_store(to, simd_load(from - stride) * (u[2] * (1.0 / (degree + 1))));
}

static void compute_monomials(const struct nnp_moments_plan *plan,
                              const struct nnp_environment *env, struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH) {
            const vec u[3] = {simd_load(work->u + j), simd_load(work->u + stride + j),
                              simd_load(work->u + 2 * stride + j)};
            simd_store(work->monomials + j, simd_set(1.0));
            if (plan->degree == 4)
                for (int degree = 0; degree < 4; degree++)
                    raise_monomials(work->monomials + j, stride, degree, u);
            else
                for (int degree = 0; degree < plan->degree; degree++)
                    raise_monomials(work->monomials + j, stride, degree, u);
        }
}

/* The changes of a vector of monomials of one more degree with those of u. */
NNP_INLINE void raise_tangents(const double *m, double *dm, size_t stride, int degree,
                               const vec u[3], const vec du[3])
{
    size_t from = (size_t)nnp_moments_to_degree(degree - 1) * stride;
    double *to = dm + (size_t)nnp_moments_to_degree(degree) * stride;
    for (int i = 0; i <= degree; i++) {
        const double factor = 1.0 / (degree + 1 - i);
        for (int c = 0; c <= i; c++, from += stride, to += stride)
            simd_store(to,
                       (simd_load(dm + from) * u[0] + simd_load(m + from) * du[0]) * factor);
    }
    from -= (size_t)(degree + 1) * stride;
    for (int c = 0; c <= degree; c++, from += stride, to += stride)
        simd_store(to, (simd_load(dm + from) * u[1] + simd_load(m + from) * du[1]) *
                           (1.0 / (degree + 1 - c)));
    from -= stride;
    simd_store(to, (simd_load(dm + from) * u[2] + simd_load(m + from) * du[2]) *
                       (1.0 / (degree + 1)));
}

static void compute_tangents(const struct nnp_moments_plan *plan,
                             const struct nnp_environment *env, struct nnp_moments_work *work,
                             const double *const v[3])
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH) {
            const vec inverse = simd_load(work->inverse + j);
            vec u[3], du[3], dr = simd_set(0.0);
            for (int a = 0; a < 3; a++) {
                u[a] = simd_load(work->u + (size_t)a * stride + j);
                dr += u[a] * simd_load(v[a] + j);
            }
            for (int a = 0; a < 3; a++)
                du[a] = (simd_load(v[a] + j) - dr * u[a]) * inverse;
            for (int n = 0; n < plan->n_channels; n++)
                simd_store(work->w_tangents + (size_t)n * stride + j,
                           dr * simd_load(work->dw + (size_t)n * stride + j));
            simd_store(work->m_tangents + j, simd_set(0.0));
            for (int degree = 0; degree < plan->degree; degree++)
                raise_tangents(work->monomials + j, work->m_tangents + j, stride, degree, u,
                               du);
        }
}

#endif
