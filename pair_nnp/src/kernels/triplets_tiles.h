/* Filling tiles: for one j, vectors of k are tested at a time, and what is within reach is
 * compressed into dense rows of a tile, on which all else works with all lanes full. */
#ifndef NNP_KERNELS_TRIPLETS_TILES_H
#define NNP_KERNELS_TRIPLETS_TILES_H

#include "kernels/cutoff_vector.h"
#include "kernels/triplets_places.h"

enum {
    TILE = REALS_PER_DOUBLE * NNP_TRIPLETS_TILE,
    ROW = REALS_PER_DOUBLE * NNP_TRIPLETS_ROW,
    BLOCK = SIMD_BLOCK * REAL_WIDTH
};

/* Rows of a shell for the neighbors. */
enum { SHELL_FC, SHELL_SLOPE, SHELL_SQUARE, SHELL_SHIFT };

/* Rows that a pass finds for a tile; Q while weights are computed. */
enum { ROW_E, ROW_Z, ROW_YC, ROW_B, ROW_T, ROW_Q = ROW_T };

static inline nnp_real *shell_row(const struct nnp_triplets_work *work, int shell, int row)
{
    return reals(work->shells + (size_t)(4 * shell + row) * (size_t)work->capacity);
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
    const vec d = r - (nnp_real)r_shift, safe = fc + real_tiny;
    real_store(shell_row(work, n, SHELL_FC) + j, safe);
    real_store(shell_row(work, n, SHELL_SLOPE) + j, slope / safe);
    real_store(shell_row(work, n, SHELL_SQUARE) + j, d * d);
    real_store(shell_row(work, n, SHELL_SHIFT) + j, d * real_load(reals(work->inverse) + j));
}

static void compute_shells(const struct nnp_triplets_plan *plan,
                           const struct nnp_environment *env, struct nnp_triplets_work *work)
{
    copy_places(env, work);
    for (int j = 0; j < env->n; j += REAL_WIDTH)
        real_store(reals(work->inverse) + j, 1.0 / real_from_doubles(env->r + j));
    for (int n = 0; n < plan->n_shells; n++) {
        const struct nnp_triplet_shell *shell = &plan->shells[n];
        vec fc, slope;
        if (is_plain_cos(&shell->cutoff))
            for (int j = 0; j < env->n; j += REAL_WIDTH) {
                const vec r = real_from_doubles(env->r + j);
                cos_cutoff_of_square(shell->cutoff.radius, r * r, &fc, &slope);
                store_shell(work, n, shell->r_shift, j, r, fc, slope);
            }
        else
            for (int j = 0; j < env->n; j += REAL_WIDTH) {
                const vec r = real_from_doubles(env->r + j);
                cutoff_vector(&shell->cutoff, r, &fc, &slope);
                slope *= real_load(reals(work->inverse) + j);
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
    nnp_real r_cut, limit; /* of r and of r_jk^2 */
};

/* Appends to the tile the strips of j with k from *k_begin to k_end, their r_jk^2 to squares;
 * where it fills up, *k_begin is left at the vector to go on with, else at or behind k_end. */
static void test_pairs(const struct reach *reach, const struct places *at, int j, int *k_begin,
                       int k_end, struct nnp_triplet_tile *tile, nnp_real *restrict squares)
{
    const nnp_real *xs = at->x, *ys = at->y, *zs = at->z, *rs = at->r;
    const nnp_real x = xs[j], y = ys[j], z = zs[j], r_cut = reach->r_cut, limit = reach->limit;
    const bool same = reach->group->first == reach->group->second;
    struct nnp_triplet_strip *restrict strips = tile->strips;
    int k = *k_begin, n = tile->n, n_strips = tile->n_strips;
    for (; k < k_end && n <= TILE - REAL_WIDTH; k += REAL_WIDTH) {
        const vec dx = real_load(xs + k) - x, dy = real_load(ys + k) - y,
                  dz = real_load(zs + k) - z;
        const vec s = dx * dx + dy * dy + dz * dz;
        unsigned bits = real_bits((real_load(rs + k) < r_cut) & (s < limit));
        if (same && k <= j)
            bits &= ~0u << (j + 1 - k);
        real_store(squares + (size_t)n_strips * REAL_WIDTH, s);
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
NNP_INLINE void compress_strips(const struct places *at, const struct nnp_triplets_work *work,
                                int shell, const bool plain,
                                const struct nnp_triplet_tile *tile)
{
    const nnp_real *fc = shell_row(work, shell, SHELL_FC), *inverse = reals(work->inverse),
                   *square = shell_row(work, shell, SHELL_SQUARE), *r = at->r;
    nnp_real *c = reals(tile->c), *f = reals(tile->f), *slope = reals(tile->slope),
             *w = reals(tile->inverse), *shift = reals(tile->shift);
    int n = 0;
    for (int i = 0; i < tile->n_strips; i++) {
        const struct nnp_triplet_strip strip = tile->strips[i];
        const vec s = real_load(reals(work->squares) + (size_t)i * REAL_WIDTH);
        const vec product = inverse[strip.j] * real_load(inverse + strip.k);
        if (!plain) {
            const vec r_k = real_load(r + strip.k);
            real_compress(c + n, strip.bits,
                          (r[strip.j] * r[strip.j] + r_k * r_k - s) *
                              ((nnp_real)0.5 * product));
        }
        real_compress(f + n, strip.bits, fc[strip.j] * real_load(fc + strip.k));
        real_compress(w + n, strip.bits, product);
        real_compress(slope + n, strip.bits, s);
        real_compress(shift + n, strip.bits, square[strip.j] + real_load(square + strip.k));
        n += __builtin_popcount(strip.bits);
    }
}

/* First vector of k for a j; for equal elements the one that holds j + 1. */
static inline int first_k(const struct nnp_triplet_group *group,
                          const struct nnp_environment *env, int j)
{
    return group->first == group->second ? (j + 1) / REAL_WIDTH * REAL_WIDTH
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
                       const struct places *at, struct nnp_triplet_cursor *cursor,
                       struct nnp_triplet_tile *tile, nnp_real *squares)
{
    const struct nnp_triplet_group *group = reach->group;
    const int k_end = env->end[group->second], j_end = env->end[group->first];
    while (cursor->j < j_end) {
        if (at->r[cursor->j] < reach->r_cut)
            test_pairs(reach, at, cursor->j, &cursor->k, k_end, tile, squares);
        if (tile->n > TILE - REAL_WIDTH)
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
    const struct places at = places_of(env, work);
    tile->n = tile->n_strips = 0;
    while (cursor->group < plan->n_groups && tile->n == 0) {
        const struct nnp_triplet_group *group = &plan->groups[cursor->group];
        const double r_cut = plan->shells[group->shell].cutoff.radius;
        const struct reach reach = {group, (nnp_real)r_cut,
                                    group->narrow ? (nnp_real)(r_cut * r_cut) : real_huge};
        tile->group = cursor->group;
        if (!test_group(&reach, env, &at, cursor, tile, reals(work->squares)))
            *cursor = cursor_at(plan, env, cursor->group + 1);
    }
    if (tile->n == 0)
        return false;
    const int shell = plan->groups[tile->group].shell;
    if (is_plain(&plan->groups[tile->group], &plan->shells[shell]))
        compress_strips(&at, work, shell, true, tile);
    else
        compress_strips(&at, work, shell, false, tile);
    for (int n = tile->n; n < padded(tile); n++) {
        reals(tile->c)[n] = reals(tile->f)[n] = 0;
        reals(tile->inverse)[n] = reals(tile->shift)[n] = 0;
        reals(tile->slope)[n] = 1;
    }
    return true;
}

#endif
