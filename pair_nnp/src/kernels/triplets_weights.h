/* What the triplets of a tile are weighted with: cutoff functions, exponentials, and columns of
 * cos theta with their derivatives. */
#ifndef NNP_KERNELS_TRIPLETS_WEIGHTS_H
#define NNP_KERNELS_TRIPLETS_WEIGHTS_H

#include "kernels/power_vector.h"
#include "kernels/triplets_tiles.h"

/* What depends on r_jk for triplets of a group that is narrow but not plain. */
static inline void third_side(const struct nnp_triplet_shell *shell, vec s, vec *fc, vec *slope,
                              vec *square, vec *shift)
{
    const vec r = real_sqrt(s), inverse = 1.0 / r, d = r - (nnp_real)shell->r_shift;
    vec dfc;
    cutoff_vector(&shell->cutoff, r, fc, &dfc);
    *slope = dfc * inverse;
    *square = d * d;
    *shift = d * inverse;
}

/* The commonest third side: r_shift = 0 and the cos cutoff, without a root. */
static void compute_cos_sides(const struct nnp_triplet_tile *tile, double radius,
                              nnp_real *restrict q)
{
    nnp_real *restrict c = reals(tile->c), *restrict f = reals(tile->f),
                       *restrict slope = reals(tile->slope);
    const nnp_real *square = reals(tile->shift), *inverse = reals(tile->inverse);
    const int n = padded(tile);
    for (int t = 0; t < n; t += REAL_WIDTH) {
        const vec third = real_load(slope + t), others = real_load(square + t);
        const vec both = real_load(f + t);
        vec fc, dfc;
        cos_cutoff_of_square(radius, third, &fc, &dfc);
        real_store(q + t, others + third);
        real_store(c + t, (others - third) * (0.5 * real_load(inverse + t)));
        real_store(f + t, both * fc);
        real_store(slope + t, both * dfc);
    }
}

static void compute_sides(const struct nnp_triplet_tile *tile, const bool narrow,
                          const struct nnp_triplet_shell *shell, nnp_real *q)
{
    const bool plain = narrow && shell->r_shift == 0.0;
    const int n = padded(tile);
    for (int t = 0; t < n; t += REAL_WIDTH) {
        const vec s = real_load(reals(tile->slope) + t),
                  square = real_load(reals(tile->shift) + t);
        const vec f = real_load(reals(tile->f) + t);
        vec fc = real_set(1.0), slope = real_set(0.0), third = slope, shift = slope;
        if (narrow)
            third_side(shell, s, &fc, &slope, &third, &shift);
        if (plain)
            real_store(reals(tile->c) + t,
                       (square - s) * (0.5 * real_load(reals(tile->inverse) + t)));
        real_store(q + t, square + third);
        real_store(reals(tile->f) + t, f * fc);
        real_store(reals(tile->slope) + t, f * slope);
        real_store(reals(tile->shift) + t, shift);
    }
}

/* Row e of a channel, or where an exponential is kept that is only a factor of others. */
static inline nnp_real *power_row(const struct nnp_triplets_work *work,
                                  const struct nnp_triplet_tile *tile,
                                  const struct nnp_power *powers, int n)
{
    return powers[n].channel >= 0 ? reals(tile->e) + (size_t)powers[n].channel * ROW
                                  : reals(work->powers) + (size_t)n * ROW;
}

static void compute_exponential(const struct nnp_power *power, int n_triplets,
                                const nnp_real *restrict q, nnp_real *restrict to)
{
    for (int t = 0; t < n_triplets; t += BLOCK) {
        vec x[SIMD_BLOCK], sum[SIMD_BLOCK];
        for (int i = 0; i < SIMD_BLOCK; i++) {
            x[i] = real_load(q + t + i * REAL_WIDTH);
            sum[i] = real_set((nnp_real)power->series[0]);
        }
        for (int k = 1; k < power->n_series; k++)
            for (int i = 0; i < SIMD_BLOCK; i++)
                sum[i] = sum[i] * x[i] + (nnp_real)power->series[k];
        for (int i = 0; i < SIMD_BLOCK; i++)
            real_store(to + t + i * REAL_WIDTH,
                       power->n_series ? sum[i] : real_exp((nnp_real)-power->eta * x[i]));
    }
}

/* a b exp(-defect q). */
NNP_INLINE void multiply_powers(const nnp_real *restrict a, const nnp_real *restrict b,
                                nnp_real defect, const int order, int n_triplets,
                                const nnp_real *restrict q, nnp_real *restrict to)
{
    for (int t = 0; t < n_triplets; t += BLOCK)
        for (int i = 0; i < BLOCK; i += REAL_WIDTH) {
            const vec product = real_load(a + t + i) * real_load(b + t + i);
            real_store(to + t + i,
                       order ? product * defect_factor(defect * real_load(q + t + i), order)
                             : product);
        }
}

static void compute_product(const struct nnp_power *power, const nnp_real *a, const nnp_real *b,
                            int n_triplets, const nnp_real *q, nnp_real *to)
{
    if (power->order == 0)
        multiply_powers(a, b, 0, 0, n_triplets, q, to);
    else if (power->order == 1)
        multiply_powers(a, b, (nnp_real)power->defect, 1, n_triplets, q, to);
    else
        multiply_powers(a, b, (nnp_real)power->defect, 3, n_triplets, q, to);
}

static void compute_powers(const struct nnp_triplets_plan *plan,
                           const struct nnp_triplets_work *work,
                           const struct nnp_triplet_tile *tile, const nnp_real *q)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_power *powers = plan->powers + group->power_begin;
    const int n_triplets = padded(tile);
    for (int n = 0; n < group->power_end - group->power_begin; n++) {
        const struct nnp_power *power = &powers[n];
        nnp_real *to = power_row(work, tile, powers, n);
        if (power->first < 0)
            compute_exponential(power, n_triplets, q, to);
        else
            compute_product(power, power_row(work, tile, powers, power->first),
                            power_row(work, tile, powers, power->second), n_triplets, q, to);
    }
}

/* The rows c, f, slope, shift and e of a tile that was collected. */
static void compute_tile(const struct nnp_triplets_plan *plan, struct nnp_triplets_work *work,
                         struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_triplet_shell *shell = &plan->shells[group->shell];
    nnp_real *q = reals(work->rows) + (size_t)ROW_Q * ROW;
    if (is_plain(group, shell) && is_plain_cos(&shell->cutoff))
        compute_cos_sides(tile, shell->cutoff.radius, q);
    else if (group->narrow)
        compute_sides(tile, true, shell, q);
    else
        compute_sides(tile, false, shell, q);
    compute_powers(plan, work, tile, q);
}

/* start times b^step. */
static inline vec times_power(vec start, vec b, int step)
{
    for (; step > 0; step /= 2) {
        if (step % 2)
            start *= b;
        b *= b;
    }
    return start;
}

/* Where columns are written; derivative NULL: not wanted. */
struct column {
    nnp_real *value, *derivative;
    const nnp_real *before; /* of a lower zeta, or NULL */
};

/* One angle, step being a constant where it can be. */
NNP_INLINE void multiply_angle(const nnp_real *restrict c, int n_triplets,
                               const struct nnp_triplet_angle *angle, const int step,
                               const struct column *to)
{
    const nnp_real half = (nnp_real)(0.5 * angle->lambda), slope = half * (nnp_real)angle->zeta;
    nnp_real *restrict value = to->value, *restrict derivative = to->derivative;
    for (int t = 0; t < n_triplets; t += REAL_WIDTH) {
        const vec b = real_positive(0.5 + half * real_load(c + t));
        const vec before = to->before ? real_load(to->before + t) : real_set(1.0);
        if (!derivative) {
            real_store(value + t, times_power(before, b, step));
            continue;
        }
        const vec below = times_power(before, b, step - 1);
        real_store(value + t, b * below);
        real_store(derivative + t, slope * below);
    }
}

/* The same for any zeta. */
static void exponentiate_angle(const nnp_real *c, int n_triplets,
                               const struct nnp_triplet_angle *angle, const struct column *to)
{
    const nnp_real half = (nnp_real)(0.5 * angle->lambda), slope = half * (nnp_real)angle->zeta;
    for (int t = 0; t < n_triplets; t += REAL_WIDTH) {
        const vec raw = 0.5 + half * real_load(c + t);
        const vec b = real_select(raw > 0.0, raw, real_set(1.0));
        const vec below =
            real_where(raw > 0.0, real_exp((nnp_real)(angle->zeta - 1.0) * real_log(b)));
        real_store(to->value + t, b * below);
        if (to->derivative)
            real_store(to->derivative + t, slope * below);
    }
}

static void compute_angles(const struct nnp_triplets_plan *plan,
                           const struct nnp_triplets_work *work,
                           const struct nnp_triplet_tile *tile, const bool derivatives)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_triplet_angle *angles = plan->angles + group->angle_begin;
    const int n = padded(tile);
    for (int a = 0; a < group->angle_end - group->angle_begin; a++) {
        const size_t row = (size_t)(NNP_TRIPLETS_DEGREE + 1 + a) * ROW;
        const bool first = a == 0 || angles[a - 1].lambda != angles[a].lambda;
        const struct column to = {.value = reals(work->columns) + row,
                                  .derivative =
                                      derivatives ? reals(work->derivatives) + row : NULL,
                                  .before = first ? NULL : reals(work->columns) + row - ROW};
        if (angles[a].step < 0)
            exponentiate_angle(reals(tile->c), n, &angles[a], &to);
        else if (angles[a].step == 16 && first)
            multiply_angle(reals(tile->c), n, &angles[a], 16, &to);
        else
            multiply_angle(reals(tile->c), n, &angles[a], angles[a].step, &to);
    }
}

/* Powers of cos theta to the group's degree. */
static void compute_monomials(const struct nnp_triplets_work *work,
                              const struct nnp_triplet_tile *tile, int degree)
{
    const nnp_real *restrict c = reals(tile->c);
    const int n = padded(tile);
    for (int t = 0; degree >= 0 && t < n; t += REAL_WIDTH) {
        nnp_real *restrict to = reals(work->columns) + t;
        const vec x = real_load(c + t);
        vec power = real_set(1.0);
        real_store(to, power);
        for (int q = 1; q <= degree; q++) {
            to += ROW;
            power *= x;
            real_store(to, power);
        }
    }
}

/* Their derivatives, after them. */
static void differentiate_monomials(const struct nnp_triplets_work *work,
                                    const struct nnp_triplet_tile *tile, int degree)
{
    for (int q = 0; q <= degree; q++) {
        nnp_real *to = reals(work->derivatives) + (size_t)q * ROW;
        const nnp_real *below = reals(work->columns) + (size_t)(q > 0 ? q - 1 : 0) * ROW;
        for (int t = 0; t < padded(tile); t += REAL_WIDTH)
            real_store(to + t, (nnp_real)q * real_load(below + t));
    }
}

#endif
