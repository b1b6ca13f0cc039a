/* Changes of the sums over the triplets of a tile along displacements v_j of the neighbors.
 * With u_j = r_j . v_j, m = r_j . v_k + r_k . v_j and sigma = r_jk' r_jk = u_j + u_k - m,
 *   F' = F [L(r_j) u_j + L(r_k) u_k + L(r_jk) sigma],  L(r) = fc'(r) / (r fc(r))          (1)
 *   Q' / 2 = H(r_j) u_j + H(r_k) u_k + H(r_jk) sigma,  H(r) = (r - r_shift) / r           (2)
 *   c' = m / (r_j r_k) - c (u_j / r_j^2 + u_k / r_k^2)                                    (3)
 *   S_na' = sum e_n (F' - eta_n Q' F) p_a(c) + e_n F c' p_a'(c)                           (4)
 */
#ifndef NNP_KERNELS_TRIPLETS_TANGENTS_H
#define NNP_KERNELS_TRIPLETS_TANGENTS_H

#include "kernels/triplets_sums.h"

/* Rows that are found: the neighbors' parts of (1), (2) and (3), sigma and m at first, then F',
 * F Q' / 2 and F c'. */
enum { ROW_F_TANGENT, ROW_Q_TANGENT, ROW_C_TANGENT, ROW_SIGMA, ROW_M, ROW_WEIGHT = ROW_SIGMA };

struct displacements {
    const double *x, *y, *z; /* of the neighbors */
};

/* The rows of the neighbors' parts. */
static void compress_tangents(const struct nnp_environment *env,
                              const struct nnp_triplets_work *work, int shell,
                              const struct nnp_triplet_tile *tile,
                              const struct displacements *v)
{
    const double *slope = shell_row(work, shell, SHELL_SLOPE);
    const double *shift = shell_row(work, shell, SHELL_SHIFT);
    double *rows = work->rows;
    for (int i = 0, n = 0; i < tile->n_strips; i++) {
        const struct nnp_triplet_strip *strip = &tile->strips[i];
        const int j = strip->j, k = strip->k;
        const double i_j = work->inverse[j];
        const double u_j = env->x[j] * v->x[j] + env->y[j] * v->y[j] + env->z[j] * v->z[j];
        const vec i_k = simd_load(work->inverse + k), x = simd_load(env->x + k),
                  y = simd_load(env->y + k), z = simd_load(env->z + k),
                  vx = simd_load(v->x + k), vy = simd_load(v->y + k), vz = simd_load(v->z + k);
        const vec u_k = x * vx + y * vy + z * vz;
        const vec m = env->x[j] * vx + env->y[j] * vy + env->z[j] * vz + v->x[j] * x +
                      v->y[j] * y + v->z[j] * z;
        simd_compress(rows + ROW_F_TANGENT * ROW + n, strip->bits,
                      slope[j] * u_j + simd_load(slope + k) * u_k);
        simd_compress(rows + ROW_Q_TANGENT * ROW + n, strip->bits,
                      shift[j] * u_j + simd_load(shift + k) * u_k);
        simd_compress(rows + ROW_C_TANGENT * ROW + n, strip->bits,
                      i_j * i_j * u_j + i_k * i_k * u_k);
        simd_compress(rows + ROW_SIGMA * ROW + n, strip->bits, u_j + u_k - m);
        simd_compress(rows + ROW_M * ROW + n, strip->bits, m);
        n += __builtin_popcount(strip->bits);
    }
    for (int row = 0; row <= ROW_M; row++)
        for (int n = tile->n; n < padded(tile); n++)
            rows[row * ROW + n] = 0.0;
}

/* Eqs. 1 to 3, times F. */
static void complete_tangents(const struct nnp_triplets_work *work,
                              const struct nnp_triplet_tile *tile, const bool plain)
{
    for (int t = 0; t < padded(tile); t += SIMD_WIDTH) {
        double *rows = work->rows + t;
        const vec f = simd_load(tile->f + t), c = simd_load(tile->c + t);
        const vec sigma = simd_load(rows + ROW_SIGMA * ROW);
        const vec third = plain ? sigma : simd_load(tile->shift + t) * sigma;
        const vec dc = simd_load(rows + ROW_M * ROW) * simd_load(tile->inverse + t) -
                       c * simd_load(rows + ROW_C_TANGENT * ROW);
        simd_store(rows + ROW_F_TANGENT * ROW, f * simd_load(rows + ROW_F_TANGENT * ROW) +
                                                   sigma * simd_load(tile->slope + t));
        simd_store(rows + ROW_Q_TANGENT * ROW,
                   f * (simd_load(rows + ROW_Q_TANGENT * ROW) + third));
        simd_store(rows + ROW_C_TANGENT * ROW, f * dc);
    }
}

/* Adds eq. 4 to the lanes. */
static void sum_tangents(const struct nnp_triplets_plan *plan,
                         const struct nnp_triplets_work *work,
                         const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const double *f = work->rows + (size_t)ROW_F_TANGENT * ROW;
    const double *q = work->rows + (size_t)ROW_Q_TANGENT * ROW;
    double *weight = work->rows + (size_t)ROW_WEIGHT * ROW;
    for (int h = group->channel_begin; h < group->channel_end; h++) {
        const double twice_eta = 2.0 * plan->channels[h].eta;
        for (int t = 0; t < padded(tile); t += SIMD_WIDTH)
            simd_store(weight + t, simd_load(f + t) - twice_eta * simd_load(q + t));
        (void)sum_channels(plan, work, tile, h, 1, weight, work->columns);
    }
    sum_tile(plan, work, tile, work->rows + (size_t)ROW_C_TANGENT * ROW, work->derivatives);
}

/* A tile's share of the changes. */
static void tile_tangents(const struct nnp_triplets_plan *plan,
                          const struct nnp_environment *env,
                          const struct nnp_triplets_work *work,
                          const struct nnp_triplet_tile *tile, const struct displacements *v)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    compress_tangents(env, work, group->shell, tile, v);
    complete_tangents(work, tile, is_plain(group, &plan->shells[group->shell]));
    compute_monomials(work, tile, group->degree);
    differentiate_monomials(work, tile, group->degree);
    compute_angles(plan, work, tile, true);
    sum_tangents(plan, work, tile);
}

#endif
