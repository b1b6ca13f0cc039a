/* Sums over triplets: a channel's weights times its columns. */
#ifndef NNP_KERNELS_TRIPLETS_SUMS_H
#define NNP_KERNELS_TRIPLETS_SUMS_H

#include "kernels/triplets_weights.h"

enum {
    MOST_COLUMNS = 8,
    MOST_CHANNELS = 4,
    MOST_TOGETHER = SIMD_WIDTH == 8 ? 24 : 12 /* sums that stay in registers */
};

/* Adds e_h f times n columns to their lanes, for m channels of the same columns. */
NNP_INLINE void sum_columns(int n_triplets, const nnp_real *e, const nnp_real *f,
                            const nnp_real *const *columns, const int m, const int n,
                            double *lanes, size_t stride)
{
    vec sums[MOST_CHANNELS][MOST_COLUMNS];
#pragma GCC unroll 8
    for (int h = 0; h < m; h++)
#pragma GCC unroll 8
        for (int k = 0; k < n; k++)
            sums[h][k] = real_resume(lanes + h * stride + (size_t)k * SIMD_WIDTH);
    for (int t = 0; t < n_triplets; t += REAL_WIDTH) {
        const vec factor = real_load(f + t);
        vec weights[MOST_CHANNELS];
#pragma GCC unroll 8
        for (int h = 0; h < m; h++)
            weights[h] = real_load(e + (size_t)h * ROW + t) * factor;
#pragma GCC unroll 8
        for (int k = 0; k < n; k++) {
            const vec column = real_load(columns[k] + t);
#pragma GCC unroll 8
            for (int h = 0; h < m; h++)
                sums[h][k] += weights[h] * column;
        }
    }
#pragma GCC unroll 8
    for (int h = 0; h < m; h++)
#pragma GCC unroll 8
        for (int k = 0; k < n; k++)
            real_suspend(lanes + h * stride + (size_t)k * SIMD_WIDTH, sums[h][k]);
}

/* As many channels together as registers allow; returns how many. */
NNP_INLINE int sum_together(int n_triplets, const nnp_real *e, const nnp_real *f,
                            const nnp_real *const *columns, int most, const int n,
                            double *lanes, size_t stride)
{
    const int together = MOST_TOGETHER / n < 4 ? MOST_TOGETHER / n : 4;
    if (together >= 4 && most >= 4) {
        sum_columns(n_triplets, e, f, columns, 4, n, lanes, stride);
        return 4;
    }
    if (together >= 3 && most >= 3) {
        sum_columns(n_triplets, e, f, columns, 3, n, lanes, stride);
        return 3;
    }
    if (together >= 2 && most >= 2) {
        sum_columns(n_triplets, e, f, columns, 2, n, lanes, stride);
        return 2;
    }
    sum_columns(n_triplets, e, f, columns, 1, n, lanes, stride);
    return 1;
}

/* The same for n <= 8 columns, a constant in the inner loops. */
static int sum_block(int n_triplets, const nnp_real *e, const nnp_real *f,
                     const nnp_real *const *columns, int most, int n, double *lanes,
                     size_t stride)
{
    switch (n) {
    case 1:
        return sum_together(n_triplets, e, f, columns, most, 1, lanes, stride);
    case 2:
        return sum_together(n_triplets, e, f, columns, most, 2, lanes, stride);
    case 3:
        return sum_together(n_triplets, e, f, columns, most, 3, lanes, stride);
    case 4:
        return sum_together(n_triplets, e, f, columns, most, 4, lanes, stride);
    case 5:
        return sum_together(n_triplets, e, f, columns, most, 5, lanes, stride);
    case 6:
        return sum_together(n_triplets, e, f, columns, most, 6, lanes, stride);
    case 7:
        return sum_together(n_triplets, e, f, columns, most, 7, lanes, stride);
    default:
        return sum_together(n_triplets, e, f, columns, most, 8, lanes, stride);
    }
}

/* Adds the tile's sums, weighted with f, of channel h, and of up to most channels from there
 * on where they have the same columns; rows: of the columns.  Returns of how many channels. */
static int sum_channels(const struct nnp_triplets_plan *plan,
                        const struct nnp_triplets_work *work,
                        const struct nnp_triplet_tile *tile, int h, int most, const nnp_real *f,
                        const nnp_real *rows)
{
    const struct nnp_triplet_channel *channel = &plan->channels[h];
    const nnp_real *e =
        reals(tile->e) + (size_t)(h - plan->groups[tile->group].channel_begin) * ROW;
    const int n = channel->end - channel->begin;
    int done = 1;
    if (n > MOST_COLUMNS)
        most = 1;
    for (int k = 0; k < n; k += MOST_COLUMNS) {
        const int some = n - k < MOST_COLUMNS ? n - k : MOST_COLUMNS;
        const nnp_real *columns[MOST_COLUMNS];
        for (int c = 0; c < some; c++)
            columns[c] = rows + (size_t)plan->columns[channel->begin + k + c] * ROW;
        done = sum_block(padded(tile), e, f, columns, most, some,
                         work->lanes + (size_t)(channel->begin + k) * SIMD_WIDTH,
                         (size_t)n * SIMD_WIDTH);
    }
    return done;
}

/* The same for all channels of the tile's group. */
static void sum_tile(const struct nnp_triplets_plan *plan, const struct nnp_triplets_work *work,
                     const struct nnp_triplet_tile *tile, const nnp_real *f,
                     const nnp_real *rows)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    for (int h = group->channel_begin; h < group->channel_end;)
        h += sum_channels(plan, work, tile, h, plan->channels[h].alike, f, rows);
}

static void clear_sums(const struct nnp_triplets_plan *plan, struct nnp_triplets_work *work)
{
    const size_t n = (size_t)(plan->n_sums + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
    memset(work->lanes, 0, n * SIMD_WIDTH * sizeof *work->lanes);
}

/* Values of the plan's functions from the lanes of their sums. */
static void combine_sums(const struct nnp_triplets_plan *plan, struct nnp_triplets_work *work,
                         double *values)
{
    for (int s = 0; s < plan->n_sums; s += SIMD_WIDTH) {
        nnp_vector lanes[SIMD_WIDTH];
        for (int l = 0; l < SIMD_WIDTH; l++)
            lanes[l] = simd_load(work->lanes + (size_t)(s + l) * SIMD_WIDTH);
        simd_store(work->sums + s, simd_transposed_sum(lanes));
    }
    for (int k = 0; k < plan->n_terms; k++) {
        const struct nnp_triplet_term *term = &plan->terms[k];
        double value = 0.0;
        for (int q = 0; q < term->n; q++)
            value += term->coefficients[q] * work->sums[term->sum + q];
        values[term->function] = value;
    }
}

#endif
