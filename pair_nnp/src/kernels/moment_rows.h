/* What the moment kernels need of each neighbor, row by row: directions, weights of the
 * channels, monomials, and how these change along displacements; for the file that is compiled
 * once per instruction set. */
#ifndef NNP_KERNELS_MOMENT_ROWS_H
#define NNP_KERNELS_MOMENT_ROWS_H

#include "kernels/cutoff_vector.h"
#include "kernels/moments.h"
#include "kernels/power_vector.h"

/* exp(-eta q) of each of a shell's powers, for n vectors. */
NNP_INLINE void compute_powers(const struct nnp_power *powers, int n_powers, const vec *q,
                               const int n, nnp_real *values)
{
    const size_t stride = (size_t)(n * REAL_WIDTH);
    for (int k = 0; k < n_powers; k++) {
        const struct nnp_power *power = &powers[k];
        const nnp_real *first = values + (size_t)power->first * stride;
        const nnp_real *second = values + (size_t)power->second * stride;
        nnp_real *to = values + (size_t)k * stride;
        for (int v = 0; v < n; v++) {
            const size_t at = (size_t)(v * REAL_WIDTH);
            if (power->first < 0)
                real_store(to + at, power_exponential(power, q[v]));
            else if (power->order <= 1)
                real_store(to + at, real_load(first + at) * real_load(second + at) *
                                        (1.0 - (nnp_real)power->defect * q[v]));
            else
                real_store(to + at, real_load(first + at) * real_load(second + at) *
                                        defect_factor((nnp_real)power->defect * q[v], 3));
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
            const vec d = r[v] - (nnp_real)shell->r_shift;
            q[v] = d * d;
            twice[v] = 2.0 * d;
            if (shell->cutoff != cutoff)
                cutoff_vector(&plan->cutoffs[shell->cutoff], r[v], &fc[v], &dfc[v]);
        }
        cutoff = shell->cutoff;
        compute_powers(powers, n_powers, q, n, reals(work->powers));
        for (int k = 0; k < n_powers; k++) {
            if (powers[k].channel < 0)
                continue;
            const size_t row = (size_t)(shell->channel_begin + powers[k].channel) * stride;
            for (int v = 0; v < n; v++) {
                const vec e =
                    real_load(reals(work->powers) + (size_t)((k * n + v) * REAL_WIDTH));
                const vec w = e * fc[v];
                real_store(reals(work->w) + row + j + v * REAL_WIDTH, w);
                real_store(reals(work->dw) + row + j + v * REAL_WIDTH,
                           e * dfc[v] - ((nnp_real)powers[k].eta * twice[v]) * w);
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
        const int k = j + v * REAL_WIDTH;
        r[v] = real_from_doubles(env->r + k);
        const vec inverse = 1.0 / r[v];
        real_store(reals(work->inverse) + k, inverse);
        real_store(reals(work->u) + k, real_from_doubles(env->x + k) * inverse);
        real_store(reals(work->u) + stride + k, real_from_doubles(env->y + k) * inverse);
        real_store(reals(work->u) + 2 * stride + k, real_from_doubles(env->z + k) * inverse);
    }
    channel_weights(plan, work, j, r, n);
}

/* Two vectors at a time, so that one's chains of products fill the other's waiting. */
static void compute_weights(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env, struct nnp_moments_work *work)
{
    for (int e = 0; e < plan->n_elements; e++) {
        int j = env->begin[e];
        for (; j + REAL_WIDTH < env->end[e]; j += 2 * REAL_WIDTH)
            neighbor_weights(plan, env, work, j, 2);
        if (j < env->end[e])
            neighbor_weights(plan, env, work, j, 1);
    }
}

/* The monomials of one more degree, in the order of nnp/kernels/moments.h, for a vector of
 * neighbors. */
NNP_INLINE void raise_monomials(nnp_real *m, size_t stride, const int degree, const vec u[3])
{
    const nnp_real *from = m + (size_t)nnp_moments_to_degree(degree - 1) * stride;
    nnp_real *to = m + (size_t)nnp_moments_to_degree(degree) * stride;
    for (int i = 0; i <= degree; i++) {
        const vec x = u[0] * (nnp_real)(1.0 / (degree + 1 - i));
        for (int c = 0; c <= i; c++, from += stride, to += stride)
            real_store(to, real_load(from) * x);
    }
    from -= (size_t)(degree + 1) * stride;
    for (int c = 0; c <= degree; c++, from += stride, to += stride)
        real_store(to, real_load(from) * (u[1] * (nnp_real)(1.0 / (degree + 1 - c))));
    real_store(to, real_load(from - stride) * (u[2] * (nnp_real)(1.0 / (degree + 1))));
}

/* All of them; the compiler unrolls what is called with a constant. */
NNP_INLINE void all_monomials(nnp_real *m, size_t stride, const int degree, const vec u[3])
{
    real_store(m, real_set(1.0));
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
        for (int j = env->begin[e]; j < env->end[e]; j += REAL_WIDTH) {
            const vec u[3] = {real_load(reals(work->u) + j),
                              real_load(reals(work->u) + stride + j),
                              real_load(reals(work->u) + 2 * stride + j)};
            if (plan->degree == 4)
                all_monomials(reals(work->monomials) + j, stride, 4, u);
            else
                all_monomials(reals(work->monomials) + j, stride, plan->degree, u);
        }
}

/* The changes of a vector of monomials of one more degree with those of u. */
NNP_INLINE void raise_tangents(const nnp_real *m, nnp_real *dm, size_t stride, int degree,
                               const vec u[3], const vec du[3])
{
    size_t from = (size_t)nnp_moments_to_degree(degree - 1) * stride;
    nnp_real *to = dm + (size_t)nnp_moments_to_degree(degree) * stride;
    for (int i = 0; i <= degree; i++) {
        const nnp_real factor = (nnp_real)(1.0 / (degree + 1 - i));
        for (int c = 0; c <= i; c++, from += stride, to += stride)
            real_store(to,
                       (real_load(dm + from) * u[0] + real_load(m + from) * du[0]) * factor);
    }
    from -= (size_t)(degree + 1) * stride;
    for (int c = 0; c <= degree; c++, from += stride, to += stride)
        real_store(to, (real_load(dm + from) * u[1] + real_load(m + from) * du[1]) *
                           (nnp_real)(1.0 / (degree + 1 - c)));
    from -= stride;
    real_store(to, (real_load(dm + from) * u[2] + real_load(m + from) * du[2]) *
                       (nnp_real)(1.0 / (degree + 1)));
}

static void compute_tangents(const struct nnp_moments_plan *plan,
                             const struct nnp_environment *env, struct nnp_moments_work *work,
                             const double *const v[3])
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += REAL_WIDTH) {
            const vec inverse = real_load(reals(work->inverse) + j);
            vec u[3], du[3], dr = real_set(0.0);
            for (int a = 0; a < 3; a++) {
                u[a] = real_load(reals(work->u) + (size_t)a * stride + j);
                dr += u[a] * real_from_doubles(v[a] + j);
            }
            for (int a = 0; a < 3; a++)
                du[a] = (real_from_doubles(v[a] + j) - dr * u[a]) * inverse;
            for (int n = 0; n < plan->n_channels; n++)
                real_store(reals(work->w_tangents) + (size_t)n * stride + j,
                           dr * real_load(reals(work->dw) + (size_t)n * stride + j));
            real_store(reals(work->m_tangents) + j, real_set(0.0));
            for (int degree = 0; degree < plan->degree; degree++)
                raise_tangents(reals(work->monomials) + j, reals(work->m_tangents) + j, stride,
                               degree, u, du);
        }
}

#endif
