/* Filling tiles: for one j, vectors of k are tested at a time, and what is within reach is
 * compressed into dense rows of a tile, on which all else works with all lanes full. */
#ifndef NNP_KERNELS_TRIPLETS_TILES_H
#define NNP_KERNELS_TRIPLETS_TILES_H

#include "kernels/cutoff_vector.h"
#include "kernels/triplets.h"

typedef nnp_vector vec;

enum { TILE = NNP_TRIPLETS_TILE, ROW = NNP_TRIPLETS_ROW, BLOCK = SIMD_BLOCK * SIMD_WIDTH };

/* Rows of a shell for the neighbors. */
enum { SHELL_FC, SHELL_SLOPE, SHELL_SQUARE, SHELL_SHIFT };

/* Rows that a pass finds for a tile; Q while weights are computed. */
enum { ROW_E, ROW_Z, ROW_YC, ROW_B, ROW_T, ROW_Q = ROW_T };

static inline double *shell_row(const struct nnp_triplets_work *work, int shell, int row)
{
    return work->shells + (size_t)(4 * shell + row) * (size_t)work->capacity;
}

static inline bool is_plain_cos(const struct nnp_cutoff *cutoff)
{
    return cutoff->type == NNP_CUTOFF_COS && cutoff->alpha == 0.0;
}

/* Stores the rows of a shell from fc and fc' / r.  fc is never quite 0, so that its product
 * with the slope is fc' / r wherever fc vanishes before its derivative does; beyond the radius
 * rows may hold anything finite. */
static inline void store_shell(const struct nnp_triplets_work *work, int n, double r_shift,
                               int j, vec r, vec fc, vec slope)
{
    const vec d = r - r_shift, safe = fc + 1e-150;
    simd_store(shell_row(work, n, SHELL_FC) + j, safe);
    simd_store(shell_row(work, n, SHELL_SLOPE) + j, slope / safe);
    simd_store(shell_row(work, n, SHELL_SQUARE) + j, d * d);
    simd_store(shell_row(work, n, SHELL_SHIFT) + j, d * simd_load(work->inverse + j));
}

static void compute_shells(const struct nnp_triplets_plan *plan,
                           const struct nnp_environment *env, struct nnp_triplets_work *work)
{
    for (int j = 0; j < env->n; j += SIMD_WIDTH)
        simd_store(work->inverse + j, 1.0 / simd_load(env->r + j));
    for (int n = 0; n < plan->n_shells; n++) {
        const struct nnp_triplet_shell *shell = &plan->shells[n];
        vec fc, slope;
        if (is_plain_cos(&shell->cutoff))
            for (int j = 0; j < env->n; j += SIMD_WIDTH) {
                const vec r = simd_load(env->r + j);
                cos_cutoff_of_square(shell->cutoff.radius, r * r, &fc, &slope);
                store_shell(work, n, shell->r_shift, j, r, fc, slope);
            }
        else
            for (int j = 0; j < env->n; j += SIMD_WIDTH) {
                const vec r = simd_load(env->r + j);
                cutoff_vector(&shell->cutoff, r, &fc, &slope);
                slope *= simd_load(work->inverse + j);
                store_shell(work, n, shell->r_shift, j, r, fc, slope);
            }
    }
}

/* Whether r_jk^2 = q(r_jk) and cos theta follow from the squares in a tile. */
static inline bool is_plain(const struct nnp_triplet_group *group,
                            const struct nnp_triplet_shell *shell)
{
    return group->narrow && shell->r_shift == 0.0;
}

/* What the pairs of one group are tested for. */
struct reach {
    const struct nnp_triplet_group *group;
    double r_cut, limit; /* of r and of r_jk^2 */
};

/* Appends to the tile the strips of j with k from *k_begin to k_end, their r_jk^2 to squares;
 * where it fills up, *k_begin is left at the vector to go on with, else at or behind k_end. */
static void test_pairs(const struct reach *reach, const struct nnp_environment *env, int j,
                       int *k_begin, int k_end, struct nnp_triplet_tile *tile,
                       double *restrict squares)
{
    const double *xs = env->x, *ys = env->y, *zs = env->z, *rs = env->r;
    const double x = xs[j], y = ys[j], z = zs[j], r_cut = reach->r_cut, limit = reach->limit;
    const bool same = reach->group->first == reach->group->second;
    struct nnp_triplet_strip *restrict strips = tile->strips;
    int k = *k_begin, n = tile->n, n_strips = tile->n_strips;
    for (; k < k_end && n <= TILE - SIMD_WIDTH; k += SIMD_WIDTH) {
        const vec dx = simd_load(xs + k) - x, dy = simd_load(ys + k) - y,
                  dz = simd_load(zs + k) - z;
        const vec s = dx * dx + dy * dy + dz * dz;
        unsigned bits = simd_bits((simd_load(rs + k) < r_cut) & (s < limit));
        if (same && k <= j)
            bits &= ~0u << (j + 1 - k);
        simd_store(squares + (size_t)n_strips * SIMD_WIDTH, s);
        strips[n_strips] = (struct nnp_triplet_strip){j, k, bits};
        n_strips += bits != 0; /* no branch, which would often be mispredicted */
        n += __builtin_popcount(bits);
    }
    tile->n_strips = n_strips;
    tile->n = n;
    *k_begin = k;
}

/* The tile's strips into its rows: r_jk^2 into slope, q(r_j) + q(r_k) into shift, fc(r_j)
 * fc(r_k) into f, and c if it is not to follow from these. */
NNP_INLINE void compress_strips(const struct nnp_environment *env,
                                const struct nnp_triplets_work *work, int shell,
                                const bool plain, const struct nnp_triplet_tile *tile)
{
    const double *fc = shell_row(work, shell, SHELL_FC), *inverse = work->inverse,
                 *square = shell_row(work, shell, SHELL_SQUARE), *r = env->r;
    double *c = tile->c, *f = tile->f, *slope = tile->slope, *w = tile->inverse,
           *shift = tile->shift;
    int n = 0;
    for (int i = 0; i < tile->n_strips; i++) {
        const struct nnp_triplet_strip strip = tile->strips[i];
        const vec s = simd_load(work->squares + (size_t)i * SIMD_WIDTH);
        const vec product = inverse[strip.j] * simd_load(inverse + strip.k);
        if (!plain) {
            const vec r_k = simd_load(r + strip.k);
            simd_compress(c + n, strip.bits,
                          (r[strip.j] * r[strip.j] + r_k * r_k - s) * (0.5 * product));
        }
        simd_compress(f + n, strip.bits, fc[strip.j] * simd_load(fc + strip.k));
        simd_compress(w + n, strip.bits, product);
        simd_compress(slope + n, strip.bits, s);
        simd_compress(shift + n, strip.bits, square[strip.j] + simd_load(square + strip.k));
        n += __builtin_popcount(strip.bits);
    }
}

/* First vector of k for a j; for equal elements the one that holds j + 1. */
static inline int first_k(const struct nnp_triplet_group *group,
                          const struct nnp_environment *env, int j)
{
    return group->first == group->second ? (j + 1) / SIMD_WIDTH * SIMD_WIDTH
                                         : env->begin[group->second];
}

static struct nnp_triplet_cursor cursor_at(const struct nnp_triplets_plan *plan,
                                           const struct nnp_environment *env, int group)
{
    struct nnp_triplet_cursor cursor = {group, 0, 0};
    if (group < plan->n_groups) {
        cursor.j = env->begin[plan->groups[group].first];
        cursor.k = first_k(&plan->groups[group], env, cursor.j);
    }
    return cursor;
}

/* Triplets of a tile with the neutral ones that fill its last block. */
static inline int padded(const struct nnp_triplet_tile *tile)
{
    return (tile->n + BLOCK - 1) / BLOCK * BLOCK;
}

/* Goes on with the cursor's group until the tile is full; false at the group's end. */
static bool test_group(const struct reach *reach, const struct nnp_environment *env,
                       struct nnp_triplet_cursor *cursor, struct nnp_triplet_tile *tile,
                       double *squares)
{
    const struct nnp_triplet_group *group = reach->group;
    const int k_end = env->end[group->second], j_end = env->end[group->first];
    while (cursor->j < j_end) {
        if (env->r[cursor->j] < reach->r_cut)
            test_pairs(reach, env, cursor->j, &cursor->k, k_end, tile, squares);
        if (tile->n > TILE - SIMD_WIDTH)
            return true;
        cursor->j++;
        cursor->k = first_k(group, env, cursor->j);
    }
    return false;
}

/* Fills the tile with what comes next of one group, and neutral triplets up to a full block;
 * false if no triplets are left. */
static bool collect(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                    const struct nnp_triplets_work *work, struct nnp_triplet_cursor *cursor,
                    struct nnp_triplet_tile *tile)
{
    tile->n = tile->n_strips = 0;
    while (cursor->group < plan->n_groups && tile->n == 0) {
        const struct nnp_triplet_group *group = &plan->groups[cursor->group];
        const double r_cut = plan->shells[group->shell].cutoff.radius;
        const struct reach reach = {group, r_cut, group->narrow ? r_cut * r_cut : 1e300};
        tile->group = cursor->group;
        if (!test_group(&reach, env, cursor, tile, work->squares))
            *cursor = cursor_at(plan, env, cursor->group + 1);
    }
    if (tile->n == 0)
        return false;
    const int shell = plan->groups[tile->group].shell;
    if (is_plain(&plan->groups[tile->group], &plan->shells[shell]))
        compress_strips(env, work, shell, true, tile);
    else
        compress_strips(env, work, shell, false, tile);
    for (int n = tile->n; n < padded(tile); n++) {
        tile->c[n] = tile->f[n] = tile->inverse[n] = tile->shift[n] = 0.0;
        tile->slope[n] = 1.0;
    }
    return true;
}

#endif
