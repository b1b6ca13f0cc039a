/* From dE/dG to dE/dr_j of the triplets of a tile (equations: triplets_kernel.c). */
#ifndef NNP_KERNELS_TRIPLETS_FORCES_H
#define NNP_KERNELS_TRIPLETS_FORCES_H

#include "kernels/triplets_weights.h"

/* dE/dsums as reals; the lanes of the sums are done with. */
static inline nnp_real *real_sums(const struct nnp_triplets_work *work)
{
#ifdef NNP_MIXED
    return reals(work->lanes);
#else
    return work->sums;
#endif
}

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
#ifdef NNP_MIXED
    for (int s = 0; s < plan->n_sums; s++)
        real_sums(work)[s] = (nnp_real)work->sums[s];
#endif
}

/* Polynomial and derivative at n values of c; d: coefficients, lowest power first. */
NNP_INLINE void evaluate_polynomial(const nnp_real *d, const int degree, const vec *c, vec *p,
                                    vec *dp, const int n)
{
    for (int i = 0; i < n; i++) {
        p[i] = real_set(d[degree > 0 ? degree : 0]);
        dp[i] = real_set(0.0);
    }
    for (int q = degree - 1; q >= 0; q--)
        for (int i = 0; i < n; i++) {
            dp[i] = q == degree - 1 ? p[i] : dp[i] * c[i] + p[i];
            p[i] = p[i] * c[i] + d[q];
        }
}

NNP_INLINE void channel_polynomial(const nnp_real *d, int degree, const vec *c, vec *p, vec *dp,
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
            p[i] = dp[i] = real_set(0.0);
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
        c[i] = real_load(reals(tile->c) + t + i * REAL_WIDTH);
        v[i] = s[i] = y[i] = real_set(0.0);
    }
    const nnp_real *e = reals(tile->e) + t, *sums = real_sums(work);
    for (int h = group->channel_begin; h < group->channel_end; h++, e += ROW) {
        const struct nnp_triplet_channel *channel = &plan->channels[h];
        const nnp_real twice_eta = (nnp_real)(2.0 * channel->eta);
        vec p[4], dp[4];
        channel_polynomial(sums + channel->begin, channel->degree, c, p, dp, n);
        for (int k = channel->begin + channel->degree + 1; k < channel->end; k++) {
            const size_t row = (size_t)plan->columns[k] * ROW + (size_t)t;
            const nnp_real d = sums[k];
            for (int i = 0; i < n; i++) {
                p[i] += d * real_load(reals(work->columns) + row + i * REAL_WIDTH);
                dp[i] += d * real_load(reals(work->derivatives) + row + i * REAL_WIDTH);
            }
        }
        for (int i = 0; i < n; i++) {
            const vec value = real_load(e + i * REAL_WIDTH);
            const vec product = value * p[i];
            v[i] += product;
            s[i] += twice_eta * product;
            y[i] += value * dp[i];
        }
    }
    for (int i = 0; i < n; i++, t += REAL_WIDTH) {
        const vec f = real_load(reals(tile->f) + t), st = s[i] * f, yt = y[i] * f;
        const vec across = v[i] * real_load(reals(tile->slope) + t);
        const vec x = shifted ? across - st * real_load(reals(tile->shift) + t) : across - st;
        nnp_real *rows = reals(work->rows) + t;
        real_store(rows + ROW_E * ROW, v[i] * f);
        real_store(rows + ROW_Z * ROW, shifted ? x : x - st);
        real_store(rows + ROW_YC * ROW, yt * c[i]);
        real_store(rows + ROW_B * ROW, yt * real_load(reals(tile->inverse) + t) - x);
        if (shifted)
            real_store(rows + ROW_T * ROW, st);
    }
}

/* What forces need of the neighbors, and where they go. */
struct force_rows {
    struct places at;
    const nnp_real *inverse, *slope, *shift; /* of a shell */
    nnp_real *radial, *centers;
    struct pulls pulls;
};

/* Sums over the strips of a j, by lane. */
enum { SUM_E, SUM_Z, SUM_YC, SUM_T, SUM_BX, SUM_BY, SUM_BZ, N_SUMS = 8 };

/* Eqs. 4 to 6 for one strip, whose triplets are those of the tile from n on. */
NNP_INLINE void strip_forces(const struct force_rows *to, const nnp_real *rows,
                             const bool shifted, const struct nnp_triplet_strip *strip,
                             vec *sums)
{
    const int j = strip->j, k = strip->k;
    const vec e = real_expand(rows + ROW_E * ROW, strip->bits);
    const vec z = real_expand(rows + ROW_Z * ROW, strip->bits);
    const vec yc = real_expand(rows + ROW_YC * ROW, strip->bits);
    const vec b = real_expand(rows + ROW_B * ROW, strip->bits);
    const vec inverse = real_load(to->inverse + k);
    vec a = e * real_load(to->slope + k) + z - yc * (inverse * inverse);
    if (shifted) {
        const vec t = real_expand(rows + ROW_T * ROW, strip->bits);
        a -= t * real_load(to->shift + k);
        sums[SUM_T] += t;
    }
    sums[SUM_E] += e;
    sums[SUM_Z] += z;
    sums[SUM_YC] += yc;
    sums[SUM_BX] += b * real_load(to->at.x + k);
    sums[SUM_BY] += b * real_load(to->at.y + k);
    sums[SUM_BZ] += b * real_load(to->at.z + k);
    real_store(to->radial + k, real_load(to->radial + k) + a);
    real_store(to->pulls.x + k, real_load(to->pulls.x + k) + b * to->at.x[j]);
    real_store(to->pulls.y + k, real_load(to->pulls.y + k) + b * to->at.y[j]);
    real_store(to->pulls.z + k, real_load(to->pulls.z + k) + b * to->at.z[j]);
}

/* Adds the lanes of a j's sums to centers: vectors of k that hold j are read soon after, and
 * would have to wait for single values that are written there. */
NNP_INLINE void add_center(nnp_real *centers, int j, const vec *lanes)
{
    real_add_sums(centers + (size_t)j * N_SUMS, lanes);
}

/* Eq. 6 of the neighbors as j of a shell's triplets, from their sums, which are cleared. */
static void center_forces(const struct nnp_triplets_work *work, int n, int shell,
                          const struct pulls *pulls)
{
    const nnp_real *slope = shell_row(work, shell, SHELL_SLOPE);
    const nnp_real *shift = shell_row(work, shell, SHELL_SHIFT);
    const nnp_real *inverse = reals(work->inverse);
    nnp_real *radial = reals(work->radial), *centers = reals(work->centers);
    for (int j = 0; j < n; j++) {
        const nnp_real *sums = centers + (size_t)j * N_SUMS;
        radial[j] += sums[SUM_E] * slope[j] + sums[SUM_Z] -
                     sums[SUM_YC] * (inverse[j] * inverse[j]) - sums[SUM_T] * shift[j];
        pulls->x[j] += sums[SUM_BX];
        pulls->y[j] += sums[SUM_BY];
        pulls->z[j] += sums[SUM_BZ];
    }
    memset(centers, 0, (size_t)n * N_SUMS * sizeof *centers);
}

NNP_INLINE void strips_forces(const struct force_rows *to, const nnp_real *rows,
                              const bool shifted, const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_strip *strip = tile->strips, *end = strip + tile->n_strips;
    while (strip < end) {
        const int j = strip->j;
        vec sums[N_SUMS];
        for (int k = 0; k < N_SUMS; k++)
            sums[k] = real_set(0.0);
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
                        const struct nnp_triplet_tile *tile, const struct pulls *pulls)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct force_rows to = {.at = places_of(env, work),
                                  .inverse = reals(work->inverse),
                                  .slope = shell_row(work, group->shell, SHELL_SLOPE),
                                  .shift = shell_row(work, group->shell, SHELL_SHIFT),
                                  .radial = reals(work->radial),
                                  .centers = reals(work->centers),
                                  .pulls = *pulls};
    const bool shifted = !is_plain(group, &plan->shells[group->shell]);
    for (int t = 0; t < tile->n; t += BLOCK)
        sum_functions(plan, work, tile, shifted, t, SIMD_BLOCK);
    if (shifted)
        strips_forces(&to, reals(work->rows), true, tile);
    else
        strips_forces(&to, reals(work->rows), false, tile);
}

#endif
