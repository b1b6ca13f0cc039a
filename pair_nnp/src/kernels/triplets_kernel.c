/* The passes over triplets, compiled once per instruction set (NNP_SIMD_NAME).
 *
 * With columns p_a(c) of c = cos theta, and symbols as in kernels/triplets.h,
 *   S_na = sum_{j<k} F e_n p_a(c),  G = sum_a M_a S_na for one n                        (1)
 * and backwards, summed over functions first, with D_na = dE/dS_na:
 *   E = F sum D p_a e_n,  T = 2 F sum D eta_n p_a e_n,  Y = F sum D p_a'(c) e_n         (2)
 *   X = E fc'(r_jk) / (r_jk fc(r_jk)) - T (r_jk - r_shift) / r_jk                       (3)
 *   A_j = E fc'(r_j) / (r_j fc(r_j)) - T (r_j - r_shift) / r_j - Y c / r_j^2 + X        (4)
 *   B = Y / (r_j r_k) - X                                                               (5)
 *   dE/dr_j = A_j r_j + B r_k,  dE/dr_k = A_k r_k + B r_j                               (6)
 *
 * (1) to (3) and (5) work on dense tiles of triplets (kernels/triplets_tiles.h).  (4) and (6)
 * work on the vectors of k again, into which a tile's results are expanded, so that nothing is
 * scattered. */
#include "kernels/triplets_forces.h"
#include "kernels/triplets_sums.h"
#include "kernels/triplets_tangents.h"

static void forward(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                    struct nnp_triplets_work *work, double *g)
{
    const unsigned state = real_begin();
    const int last = NNP_TRIPLETS_KEPT - 1;
    struct nnp_triplet_cursor cursor = cursor_at(plan, env, 0);
    compute_shells(plan, env, work);
    clear_sums(plan, work);
    for (work->n_tiles = 0;; work->n_tiles++) {
        struct nnp_triplet_tile *tile =
            &work->tiles[work->n_tiles < last ? work->n_tiles : last];
        if (work->n_tiles == last)
            work->beyond = cursor;
        if (!collect(plan, env, work, &cursor, tile))
            break;
        compute_tile(plan, work, tile);
        compute_monomials(work, tile, plan->groups[tile->group].degree);
        compute_angles(plan, work, tile, false);
        sum_tile(plan, work, tile, reals(tile->f), reals(work->columns));
    }
    combine_sums(plan, work, g);
    real_end(state);
}

/* Tile k of the last forward pass, for k rising from 0. */
static const struct nnp_triplet_tile *recall(const struct nnp_triplets_plan *plan,
                                             const struct nnp_environment *env,
                                             struct nnp_triplets_work *work, int k,
                                             struct nnp_triplet_cursor *cursor)
{
    const int last = NNP_TRIPLETS_KEPT - 1;
    struct nnp_triplet_tile *tile = &work->tiles[k < last ? k : last];
    if (k == 0)
        *cursor = work->beyond;
    if (k >= last) {
        (void)collect(plan, env, work, cursor, tile);
        compute_tile(plan, work, tile);
    }
    return tile;
}

static void backward(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                     struct nnp_triplets_work *work, const double *de_dg, double *dx,
                     double *dy, double *dz)
{
    const unsigned state = real_begin();
    const struct pulls pulls = begin_pulls(work, env->n, dx, dy, dz);
    const struct places at = places_of(env, work);
    struct nnp_triplet_cursor cursor;
    int shell = -1;
    memset(work->radial, 0, (size_t)env->n * sizeof *work->radial);
    memset(work->centers, 0, (size_t)env->n * N_SUMS * sizeof *work->centers);
    differentiate_sums(plan, work, de_dg);
    for (int k = 0; k < work->n_tiles; k++) {
        const struct nnp_triplet_tile *tile = recall(plan, env, work, k, &cursor);
        const int of_tile = plan->groups[tile->group].shell;
        if (shell >= 0 && shell != of_tile)
            center_forces(work, env->n, shell, &pulls);
        shell = of_tile;
        compute_angles(plan, work, tile, true);
        tile_forces(plan, env, work, tile, &pulls);
    }
    if (shell >= 0)
        center_forces(work, env->n, shell, &pulls);
    for (int j = 0; j < env->n; j += REAL_WIDTH) {
        const vec a = real_load(reals(work->radial) + j);
        end_pull(dx + j, pulls.x + j, a * real_load(at.x + j));
        end_pull(dy + j, pulls.y + j, a * real_load(at.y + j));
        end_pull(dz + j, pulls.z + j, a * real_load(at.z + j));
    }
    real_end(state);
}

static void directional(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                        struct nnp_triplets_work *work, const double *vx, const double *vy,
                        const double *vz, double *t)
{
    const unsigned state = real_begin();
    const struct displacements v = {vx, vy, vz};
    struct nnp_triplet_cursor cursor;
    clear_sums(plan, work);
    for (int k = 0; k < work->n_tiles; k++)
        tile_tangents(plan, env, work, recall(plan, env, work, k, &cursor), &v);
    combine_sums(plan, work, t);
    real_end(state);
}

const struct nnp_triplets_kernels NNP_PASTE(nnp_triplets_kernels_, NNP_SIMD_NAME);
const struct nnp_triplets_kernels NNP_PASTE(nnp_triplets_kernels_, NNP_SIMD_NAME) = {
    .name = NNP_STRING(NNP_SIMD_NAME),
    .forward = forward,
    .backward = backward,
    .directional = directional,
};
