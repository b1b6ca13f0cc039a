/* What the moment kernels need of each neighbor, row by row: directions, weights of the
 * channels, monomials, and how these change along displacements; for the file that is compiled
 * once per instruction set. */
#ifndef NNP_KERNELS_MOMENT_ROWS_H
#define NNP_KERNELS_MOMENT_ROWS_H

#include "kernels/cutoff_vector.h"
#include "kernels/moments.h"
#include "kernels/power_vector.h"

typedef nnp_vector vec;

/* exp(-eta q) of each of a shell's powers, for n vectors. */
NNP_INLINE void compute_powers(const struct nnp_power *powers, int n_powers, const vec *q,
                               const int n, double *values)
{
    const size_t stride = (size_t)(n * SIMD_WIDTH);
    for (int k = 0; k < n_powers; k++) {
        const struct nnp_power *power = &powers[k];
        const double *first = values + (size_t)power->first * stride;
        const double *second = values + (size_t)power->second * stride;
        double *to = values + (size_t)k * stride;
        for (int v = 0; v < n; v++) {
            const size_t at = (size_t)(v * SIMD_WIDTH);
            if (power->first < 0)
                simd_store(to + at, power_exponential(power, q[v]));
            else if (power->order <= 1)
                simd_store(to + at, simd_load(first + at) * simd_load(second + at) *
                                        (1.0 - power->defect * q[v]));
            else
                simd_store(to + at, simd_load(first + at) * simd_load(second + at) *
                                        defect_factor(power->defect * q[v], 3));
        }
    }
}

/* Weights of the channels with their derivatives, for n vectors of neighbors. */
NNP_INLINE void channel_weights(const struct nnp_moments_plan *plan,
                                const struct nnp_moments_work *work, int j, const vec *r,
                                const int n)
{
    const size_t stride = (size_t)work->capacity;
    vec fc[2] = {{0.0}, {0.0}}, dfc[2] = {{0.0}, {0.0}}, twice[2], q[2];
    int cutoff = -1;
    for (int s = 0; s < plan->n_shells; s++) {
        const struct nnp_moment_shell *shell = &plan->shells[s];
        const struct nnp_power *powers = plan->powers + shell->power_begin;
        const int n_powers = shell->power_end - shell->power_begin;
        for (int v = 0; v < n; v++) {
            const vec d = r[v] - shell->r_shift;
            q[v] = d * d;
            twice[v] = 2.0 * d;
            if (shell->cutoff != cutoff)
                cutoff_vector(&plan->cutoffs[shell->cutoff], r[v], &fc[v], &dfc[v]);
        }
        cutoff = shell->cutoff;
        compute_powers(powers, n_powers, q, n, work->powers);
        for (int k = 0; k < n_powers; k++) {
            if (powers[k].channel < 0)
                continue;
            const size_t row = (size_t)(shell->channel_begin + powers[k].channel) * stride;
            for (int v = 0; v < n; v++) {
                const vec e = simd_load(work->powers + (size_t)((k * n + v) * SIMD_WIDTH));
                const vec w = e * fc[v];
                simd_store(work->w + row + j + v * SIMD_WIDTH, w);
                simd_store(work->dw + row + j + v * SIMD_WIDTH,
                           e * dfc[v] - (powers[k].eta * twice[v]) * w);
            }
        }
    }
}

/* Directions and weights for n vectors of neighbors. */
NNP_INLINE void neighbor_weights(const struct nnp_moments_plan *plan,
                                 const struct nnp_environment *env,
                                 const struct nnp_moments_work *work, int j, const int n)
{
    const size_t stride = (size_t)work->capacity;
    vec r[2];
    for (int v = 0; v < n; v++) {
        const int k = j + v * SIMD_WIDTH;
        r[v] = simd_load(env->r + k);
        const vec inverse = 1.0 / r[v];
        simd_store(work->inverse + k, inverse);
        simd_store(work->u + k, simd_load(env->x + k) * inverse);
        simd_store(work->u + stride + k, simd_load(env->y + k) * inverse);
        simd_store(work->u + 2 * stride + k, simd_load(env->z + k) * inverse);
    }
    channel_weights(plan, work, j, r, n);
}

/* Two vectors at a time, so that one's chains of products fill the other's waiting. */
static void compute_weights(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env, struct nnp_moments_work *work)
{
    for (int e = 0; e < plan->n_elements; e++) {
        int j = env->begin[e];
        for (; j + SIMD_WIDTH < env->end[e]; j += 2 * SIMD_WIDTH)
            neighbor_weights(plan, env, work, j, 2);
        if (j < env->end[e])
            neighbor_weights(plan, env, work, j, 1);
    }
}

/* The monomials of one more degree, in the order of nnp/kernels/moments.h, for a vector of
 * neighbors. */
NNP_INLINE void raise_monomials(double *m, size_t stride, const int degree, const vec u[3])
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

/* All of them; the compiler unrolls what is called with a constant. */
NNP_INLINE void all_monomials(double *m, size_t stride, const int degree, const vec u[3])
{
    simd_store(m, simd_set(1.0));
    if (degree > 0)
        raise_monomials(m, stride, 0, u);
    if (degree > 1)
        raise_monomials(m, stride, 1, u);
    if (degree > 2)
        raise_monomials(m, stride, 2, u);
    if (degree > 3)
        raise_monomials(m, stride, 3, u);
    for (int d = 4; d < degree; d++)
        raise_monomials(m, stride, d, u);
}

static void compute_monomials(const struct nnp_moments_plan *plan,
                              const struct nnp_environment *env, struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH) {
            const vec u[3] = {simd_load(work->u + j), simd_load(work->u + stride + j),
                              simd_load(work->u + 2 * stride + j)};
            if (plan->degree == 4)
                all_monomials(work->monomials + j, stride, 4, u);
            else
                all_monomials(work->monomials + j, stride, plan->degree, u);
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
