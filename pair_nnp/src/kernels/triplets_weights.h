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
    const vec r = simd_sqrt(s), inverse = 1.0 / r, d = r - shell->r_shift;
    vec dfc;
    cutoff_vector(&shell->cutoff, r, fc, &dfc);
    *slope = dfc * inverse;
    *square = d * d;
    *shift = d * inverse;
}

/* The commonest third side: r_shift = 0 and the cos cutoff, without a root. */
static void compute_cos_sides(const struct nnp_triplet_tile *tile, double radius,
                              double *restrict q)
{
    double *restrict c = tile->c, *restrict f = tile->f, *restrict slope = tile->slope;
    const double *square = tile->shift, *inverse = tile->inverse;
    const int n = padded(tile);
    for (int t = 0; t < n; t += SIMD_WIDTH) {
        const vec third = simd_load(slope + t), others = simd_load(square + t);
        const vec both = simd_load(f + t);
        vec fc, dfc;
        cos_cutoff_of_square(radius, third, &fc, &dfc);
        simd_store(q + t, others + third);
        simd_store(c + t, (others - third) * (0.5 * simd_load(inverse + t)));
        simd_store(f + t, both * fc);
        simd_store(slope + t, both * dfc);
    }
}

static void compute_sides(const struct nnp_triplet_tile *tile, const bool narrow,
                          const struct nnp_triplet_shell *shell, double *q)
{
    const bool plain = narrow && shell->r_shift == 0.0;
    const int n = padded(tile);
    for (int t = 0; t < n; t += SIMD_WIDTH) {
        const vec s = simd_load(tile->slope + t), square = simd_load(tile->shift + t);
        const vec f = simd_load(tile->f + t);
        vec fc = simd_set(1.0), slope = simd_set(0.0), third = slope, shift = slope;
        if (narrow)
            third_side(shell, s, &fc, &slope, &third, &shift);
        if (plain)
            simd_store(tile->c + t, (square - s) * (0.5 * simd_load(tile->inverse + t)));
        simd_store(q + t, square + third);
        simd_store(tile->f + t, f * fc);
        simd_store(tile->slope + t, f * slope);
        simd_store(tile->shift + t, shift);
    }
}

/* Row e of a channel, or where an exponential is kept that is only a factor of others. */
static inline double *power_row(const struct nnp_triplets_work *work,
                                const struct nnp_triplet_tile *tile,
                                const struct nnp_power *powers, int n)
{
    return powers[n].channel >= 0 ? tile->e + (size_t)powers[n].channel * ROW
                                  : work->powers + (size_t)n * ROW;
}

static void compute_exponential(const struct nnp_power *power, int n_triplets,
                                const double *restrict q, double *restrict to)
{
    for (int t = 0; t < n_triplets; t += BLOCK) {
        vec x[SIMD_BLOCK], sum[SIMD_BLOCK];
        for (int i = 0; i < SIMD_BLOCK; i++) {
            x[i] = simd_load(q + t + i * SIMD_WIDTH);
            sum[i] = simd_set(power->series[0]);
        }
        for (int k = 1; k < power->n_series; k++)
            for (int i = 0; i < SIMD_BLOCK; i++)
                sum[i] = sum[i] * x[i] + power->series[k];
        for (int i = 0; i < SIMD_BLOCK; i++)
            simd_store(to + t + i * SIMD_WIDTH,
                       power->n_series ? sum[i] : simd_exp(-power->eta * x[i]));
    }
}

/* a b exp(-defect q). */
NNP_INLINE void multiply_powers(const double *restrict a, const double *restrict b,
                                double defect, const int order, int n_triplets,
                                const double *restrict q, double *restrict to)
{
    for (int t = 0; t < n_triplets; t += BLOCK)
        for (int i = 0; i < BLOCK; i += SIMD_WIDTH) {
            const vec product = simd_load(a + t + i) * simd_load(b + t + i);
            simd_store(to + t + i,
                       order ? product * defect_factor(defect * simd_load(q + t + i), order)
                             : product);
        }
}

static void compute_product(const struct nnp_power *power, const double *a, const double *b,
                            int n_triplets, const double *q, double *to)
{
    if (power->order == 0)
        multiply_powers(a, b, power->defect, 0, n_triplets, q, to);
    else if (power->order == 1)
        multiply_powers(a, b, power->defect, 1, n_triplets, q, to);
    else
        multiply_powers(a, b, power->defect, 3, n_triplets, q, to);
}

static void compute_powers(const struct nnp_triplets_plan *plan,
                           const struct nnp_triplets_work *work,
                           const struct nnp_triplet_tile *tile, const double *q)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_power *powers = plan->powers + group->power_begin;
    const int n_triplets = padded(tile);
    for (int n = 0; n < group->power_end - group->power_begin; n++) {
        const struct nnp_power *power = &powers[n];
        double *to = power_row(work, tile, powers, n);
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
    double *q = work->rows + (size_t)ROW_Q * ROW;
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
    double *value, *derivative;
    const double *before; /* of a lower zeta, or NULL */
};

/* One angle, step being a constant where it can be. */
NNP_INLINE void multiply_angle(const double *restrict c, int n_triplets,
                               const struct nnp_triplet_angle *angle, const int step,
                               const struct column *to)
{
    const double half = 0.5 * angle->lambda, slope = half * angle->zeta;
    double *restrict value = to->value, *restrict derivative = to->derivative;
    for (int t = 0; t < n_triplets; t += SIMD_WIDTH) {
        const vec b = simd_positive(0.5 + half * simd_load(c + t));
        const vec before = to->before ? simd_load(to->before + t) : simd_set(1.0);
        if (!derivative) {
            simd_store(value + t, times_power(before, b, step));
            continue;
        }
        const vec below = times_power(before, b, step - 1);
        simd_store(value + t, b * below);
        simd_store(derivative + t, slope * below);
    }
}

/* The same for any zeta. */
static void exponentiate_angle(const double *c, int n_triplets,
                               const struct nnp_triplet_angle *angle, const struct column *to)
{
    const double half = 0.5 * angle->lambda, slope = half * angle->zeta;
    for (int t = 0; t < n_triplets; t += SIMD_WIDTH) {
        const vec raw = 0.5 + half * simd_load(c + t);
        const vec b = simd_select(raw > 0.0, raw, simd_set(1.0));
        const vec below = simd_where(raw > 0.0, simd_exp((angle->zeta - 1.0) * simd_log(b)));
        simd_store(to->value + t, b * below);
        if (to->derivative)
            simd_store(to->derivative + t, slope * below);
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
        const struct column to = {.value = work->columns + row,
                                  .derivative = derivatives ? work->derivatives + row : NULL,
                                  .before = first ? NULL : work->columns + row - ROW};
        if (angles[a].step < 0)
            exponentiate_angle(tile->c, n, &angles[a], &to);
        else if (angles[a].step == 16 && first)
            multiply_angle(tile->c, n, &angles[a], 16, &to);
        else
            multiply_angle(tile->c, n, &angles[a], angles[a].step, &to);
    }
}

/* Powers of cos theta to the group's degree. */
static void compute_monomials(const struct nnp_triplets_work *work,
                              const struct nnp_triplet_tile *tile, int degree)
{
    const double *restrict c = tile->c;
    const int n = padded(tile);
    for (int t = 0; degree >= 0 && t < n; t += SIMD_WIDTH) {
        double *restrict to = work->columns + t;
        const vec x = simd_load(c + t);
        vec power = simd_set(1.0);
        simd_store(to, power);
        for (int q = 1; q <= degree; q++) {
            to += ROW;
            power *= x;
            simd_store(to, power);
        }
    }
}

/* Their derivatives, after them. */
static void differentiate_monomials(const struct nnp_triplets_work *work,
                                    const struct nnp_triplet_tile *tile, int degree)
{
    for (int q = 0; q <= degree; q++) {
        double *to = work->derivatives + (size_t)q * ROW;
        const double *below = work->columns + (size_t)(q > 0 ? q - 1 : 0) * ROW;
        for (int t = 0; t < padded(tile); t += SIMD_WIDTH)
            simd_store(to + t, (double)q * simd_load(below + t));
    }
}

#endif
