/* From dE/dG to dE/dr_j of the triplets of a tile (equations: triplets_kernel.c). */
#ifndef NNP_KERNELS_TRIPLETS_FORCES_H
#define NNP_KERNELS_TRIPLETS_FORCES_H

#include "kernels/triplets_weights.h"

/* dE/dsums from dE/dG. */
static void differentiate_sums(const struct nnp_triplets_plan *plan,
                               const struct nnp_triplets_work *work, const double *de_dg)
{
    memset(work->sums, 0, (size_t)plan->n_sums * sizeof *work->sums);
    for (int k = 0; k < plan->n_terms; k++) {
        const struct nnp_triplet_term *term = &plan->terms[k];
        for (int q = 0; q < term->n; q++)
            work->sums[term->sum + q] += term->coefficients[q] * de_dg[term->function];
    }
}

/* Polynomial and derivative at n values of c; d: coefficients, lowest power first. */
NNP_INLINE void evaluate_polynomial(const double *d, const int degree, const vec *c, vec *p,
                                    vec *dp, const int n)
{
    for (int i = 0; i < n; i++) {
        p[i] = simd_set(d[degree > 0 ? degree : 0]);
        dp[i] = simd_set(0.0);
    }
    for (int q = degree - 1; q >= 0; q--)
        for (int i = 0; i < n; i++) {
            dp[i] = q == degree - 1 ? p[i] : dp[i] * c[i] + p[i];
            p[i] = p[i] * c[i] + d[q];
        }
}

NNP_INLINE void channel_polynomial(const double *d, int degree, const vec *c, vec *p, vec *dp,
                                   const int n)
{
    switch (degree) {
    case 0:
        evaluate_polynomial(d, 0, c, p, dp, n);
        break;
    case 1:
        evaluate_polynomial(d, 1, c, p, dp, n);
        break;
    case 2:
        evaluate_polynomial(d, 2, c, p, dp, n);
        break;
    case 3:
        evaluate_polynomial(d, 3, c, p, dp, n);
        break;
    case 4:
        evaluate_polynomial(d, 4, c, p, dp, n);
        break;
    default:
        for (int i = 0; i < n; i++)
            p[i] = dp[i] = simd_set(0.0);
    }
}

/* Eqs. 2 and 3 for n vectors of a tile. */
NNP_INLINE void sum_functions(const struct nnp_triplets_plan *plan,
                              const struct nnp_triplets_work *work,
                              const struct nnp_triplet_tile *tile, const bool shifted, int t,
                              const int n)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    vec c[4], v[4], s[4], y[4];
    for (int i = 0; i < n; i++) {
        c[i] = simd_load(tile->c + t + i * SIMD_WIDTH);
        v[i] = s[i] = y[i] = simd_set(0.0);
    }
    const double *e = tile->e + t;
    for (int h = group->channel_begin; h < group->channel_end; h++, e += ROW) {
        const struct nnp_triplet_channel *channel = &plan->channels[h];
        const double twice_eta = 2.0 * channel->eta;
        vec p[4], dp[4];
        channel_polynomial(work->sums + channel->begin, channel->degree, c, p, dp, n);
        for (int k = channel->begin + channel->degree + 1; k < channel->end; k++) {
            const size_t row = (size_t)plan->columns[k] * ROW + (size_t)t;
            const double d = work->sums[k];
            for (int i = 0; i < n; i++) {
                p[i] += d * simd_load(work->columns + row + i * SIMD_WIDTH);
                dp[i] += d * simd_load(work->derivatives + row + i * SIMD_WIDTH);
            }
        }
        for (int i = 0; i < n; i++) {
            const vec value = simd_load(e + i * SIMD_WIDTH);
            const vec product = value * p[i];
            v[i] += product;
            s[i] += twice_eta * product;
            y[i] += value * dp[i];
        }
    }
    for (int i = 0; i < n; i++, t += SIMD_WIDTH) {
        const vec f = simd_load(tile->f + t), st = s[i] * f, yt = y[i] * f;
        const vec across = v[i] * simd_load(tile->slope + t);
        const vec x = shifted ? across - st * simd_load(tile->shift + t) : across - st;
        double *rows = work->rows + t;
        simd_store(rows + ROW_E * ROW, v[i] * f);
        simd_store(rows + ROW_Z * ROW, shifted ? x : x - st);
        simd_store(rows + ROW_YC * ROW, yt * c[i]);
        simd_store(rows + ROW_B * ROW, yt * simd_load(tile->inverse + t) - x);
        if (shifted)
            simd_store(rows + ROW_T * ROW, st);
    }
}

/* What forces need of the neighbors, and where they go. */
struct force_rows {
    const double *x, *y, *z, *inverse, *slope, *shift; /* of positions and of a shell */
    double *radial, *centers, *dx, *dy, *dz;
};

/* Sums over the strips of a j, by lane. */
enum { SUM_E, SUM_Z, SUM_YC, SUM_T, SUM_BX, SUM_BY, SUM_BZ, N_SUMS = 8 };

/* Eqs. 4 to 6 for one strip, whose triplets are those of the tile from n on. */
NNP_INLINE void strip_forces(const struct force_rows *to, const double *rows,
                             const bool shifted, const struct nnp_triplet_strip *strip,
                             vec *sums)
{
    const int j = strip->j, k = strip->k;
    const vec e = simd_expand(rows + ROW_E * ROW, strip->bits);
    const vec z = simd_expand(rows + ROW_Z * ROW, strip->bits);
    const vec yc = simd_expand(rows + ROW_YC * ROW, strip->bits);
    const vec b = simd_expand(rows + ROW_B * ROW, strip->bits);
    const vec inverse = simd_load(to->inverse + k);
    vec a = e * simd_load(to->slope + k) + z - yc * (inverse * inverse);
    if (shifted) {
        const vec t = simd_expand(rows + ROW_T * ROW, strip->bits);
        a -= t * simd_load(to->shift + k);
        sums[SUM_T] += t;
    }
    sums[SUM_E] += e;
    sums[SUM_Z] += z;
    sums[SUM_YC] += yc;
    sums[SUM_BX] += b * simd_load(to->x + k);
    sums[SUM_BY] += b * simd_load(to->y + k);
    sums[SUM_BZ] += b * simd_load(to->z + k);
    simd_store(to->radial + k, simd_load(to->radial + k) + a);
    simd_store(to->dx + k, simd_load(to->dx + k) + b * to->x[j]);
    simd_store(to->dy + k, simd_load(to->dy + k) + b * to->y[j]);
    simd_store(to->dz + k, simd_load(to->dz + k) + b * to->z[j]);
}

/* Adds the lanes of a j's sums to centers: vectors of k that hold j are read soon after, and
 * would have to wait for single values that are written there. */
NNP_INLINE void add_center(double *centers, int j, const vec *lanes)
{
    double *to = centers + (size_t)j * N_SUMS;
    for (int k = 0; k < N_SUMS; k += SIMD_WIDTH)
        simd_store(to + k, simd_load(to + k) + simd_transposed_sum(lanes + k));
}

/* Eq. 6 of the neighbors as j of a shell's triplets, from their sums, which are cleared. */
static void center_forces(const struct nnp_triplets_work *work, int n, int shell, double *dx,
                          double *dy, double *dz)
{
    const double *slope = shell_row(work, shell, SHELL_SLOPE);
    const double *shift = shell_row(work, shell, SHELL_SHIFT);
    for (int j = 0; j < n; j++) {
        double *sums = work->centers + (size_t)j * N_SUMS;
        work->radial[j] += sums[SUM_E] * slope[j] + sums[SUM_Z] -
                           sums[SUM_YC] * (work->inverse[j] * work->inverse[j]) -
                           sums[SUM_T] * shift[j];
        dx[j] += sums[SUM_BX];
        dy[j] += sums[SUM_BY];
        dz[j] += sums[SUM_BZ];
    }
    memset(work->centers, 0, (size_t)n * N_SUMS * sizeof *work->centers);
}

NNP_INLINE void strips_forces(const struct force_rows *to, const double *rows,
                              const bool shifted, const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_strip *strip = tile->strips, *end = strip + tile->n_strips;
    while (strip < end) {
        const int j = strip->j;
        vec sums[N_SUMS];
        for (int k = 0; k < N_SUMS; k++)
            sums[k] = simd_set(0.0);
        for (; strip < end && strip->j == j; strip++) {
            strip_forces(to, rows, shifted, strip, sums);
            rows += __builtin_popcount(strip->bits);
        }
        add_center(to->centers, j, sums);
    }
}

/* Adds a tile's share of dE/dr_j, as radial r_j + (dx, dy, dz). */
static void tile_forces(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                        const struct nnp_triplets_work *work,
                        const struct nnp_triplet_tile *tile, double *dx, double *dy, double *dz)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct force_rows to = {.x = env->x,
                                  .y = env->y,
                                  .z = env->z,
                                  .inverse = work->inverse,
                                  .slope = shell_row(work, group->shell, SHELL_SLOPE),
                                  .shift = shell_row(work, group->shell, SHELL_SHIFT),
                                  .radial = work->radial,
                                  .centers = work->centers,
                                  .dx = dx,
                                  .dy = dy,
                                  .dz = dz};
    const bool shifted = !is_plain(group, &plan->shells[group->shell]);
    for (int t = 0; t < tile->n; t += BLOCK)
        sum_functions(plan, work, tile, shifted, t, SIMD_BLOCK);
    if (shifted)
        strips_forces(&to, work->rows, true, tile);
    else
        strips_forces(&to, work->rows, false, tile);
}

#endif
