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
    const nnp_real *slope = shell_row(work, shell, SHELL_SLOPE);
    const nnp_real *shift = shell_row(work, shell, SHELL_SHIFT);
    const nnp_real *inverse = reals(work->inverse);
    nnp_real *rows = reals(work->rows);
    for (int i = 0, n = 0; i < tile->n_strips; i++) {
        const struct nnp_triplet_strip *strip = &tile->strips[i];
        const int j = strip->j, k = strip->k;
        const nnp_real i_j = inverse[j], x_j = (nnp_real)env->x[j], y_j = (nnp_real)env->y[j],
                       z_j = (nnp_real)env->z[j];
        const nnp_real vx_j = (nnp_real)v->x[j], vy_j = (nnp_real)v->y[j],
                       vz_j = (nnp_real)v->z[j];
        const nnp_real u_j = x_j * vx_j + y_j * vy_j + z_j * vz_j;
        const vec i_k = real_load(inverse + k), x = real_from_doubles(env->x + k),
                  y = real_from_doubles(env->y + k), z = real_from_doubles(env->z + k),
                  vx = real_from_doubles(v->x + k), vy = real_from_doubles(v->y + k),
                  vz = real_from_doubles(v->z + k);
        const vec u_k = x * vx + y * vy + z * vz;
        const vec m = x_j * vx + y_j * vy + z_j * vz + vx_j * x + vy_j * y + vz_j * z;
        real_compress(rows + ROW_F_TANGENT * ROW + n, strip->bits,
                      slope[j] * u_j + real_load(slope + k) * u_k);
        real_compress(rows + ROW_Q_TANGENT * ROW + n, strip->bits,
                      shift[j] * u_j + real_load(shift + k) * u_k);
        real_compress(rows + ROW_C_TANGENT * ROW + n, strip->bits,
                      i_j * i_j * u_j + i_k * i_k * u_k);
        real_compress(rows + ROW_SIGMA * ROW + n, strip->bits, u_j + u_k - m);
        real_compress(rows + ROW_M * ROW + n, strip->bits, m);
        n += __builtin_popcount(strip->bits);
    }
    for (int row = 0; row <= ROW_M; row++)
        for (int n = tile->n; n < padded(tile); n++)
            rows[row * ROW + n] = 0;
}

/* Eqs. 1 to 3, times F. */
static void complete_tangents(const struct nnp_triplets_work *work,
                              const struct nnp_triplet_tile *tile, const bool plain)
{
    for (int t = 0; t < padded(tile); t += REAL_WIDTH) {
        nnp_real *rows = reals(work->rows) + t;
        const vec f = real_load(reals(tile->f) + t), c = real_load(reals(tile->c) + t);
        const vec sigma = real_load(rows + ROW_SIGMA * ROW);
        const vec third = plain ? sigma : real_load(reals(tile->shift) + t) * sigma;
        const vec dc = real_load(rows + ROW_M * ROW) * real_load(reals(tile->inverse) + t) -
                       c * real_load(rows + ROW_C_TANGENT * ROW);
        real_store(rows + ROW_F_TANGENT * ROW, f * real_load(rows + ROW_F_TANGENT * ROW) +
                                                   sigma * real_load(reals(tile->slope) + t));
        real_store(rows + ROW_Q_TANGENT * ROW,
                   f * (real_load(rows + ROW_Q_TANGENT * ROW) + third));
        real_store(rows + ROW_C_TANGENT * ROW, f * dc);
    }
}

/* Adds eq. 4 to the lanes. */
static void sum_tangents(const struct nnp_triplets_plan *plan,
                         const struct nnp_triplets_work *work,
                         const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const nnp_real *f = reals(work->rows) + (size_t)ROW_F_TANGENT * ROW;
    const nnp_real *q = reals(work->rows) + (size_t)ROW_Q_TANGENT * ROW;
    nnp_real *weight = reals(work->rows) + (size_t)ROW_WEIGHT * ROW;
    for (int h = group->channel_begin; h < group->channel_end; h++) {
        const nnp_real twice_eta = (nnp_real)(2.0 * plan->channels[h].eta);
        for (int t = 0; t < padded(tile); t += REAL_WIDTH)
            real_store(weight + t, real_load(f + t) - twice_eta * real_load(q + t));
        (void)sum_channels(plan, work, tile, h, 1, weight, reals(work->columns));
    }
    sum_tile(plan, work, tile, reals(work->rows) + (size_t)ROW_C_TANGENT * ROW,
             reals(work->derivatives));
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
