/* The passes over triplets, compiled once per instruction set (NNP_SIMD_NAME).
 *
 *   G = sum_{j<k} p_a(c) e_n F                (symbols as in kernels/triplets.h)        (1)
 * and backwards, summed over functions first, with d = dE/dG:
 *   V = sum d p_a e_n,  T = 2 sum d eta_n p_a e_n,  Y = sum d p_a'(c) e_n               (2)
 *   X = V fc(r_j) fc(r_k) fc'(r_jk) / r_jk - T F (r_jk - r_shift) / r_jk                (3)
 *   A_j = V fc'(r_j) fc(r_k) fc(r_jk) / r_j - T F (r_j - r_shift) / r_j
 *         - Y F c / r_j^2 + X                                                           (4)
 *   B = Y F / (r_j r_k) - X                                                             (5)
 *   dE/dr_j = A_j r_j + B r_k,  dE/dr_k = A_k r_k + B r_j                               (6)
 *
 * For one j, vectors of k are tested at a time; what is within reach is compressed into dense
 * rows of a tile, on which (1) to (3) work with all lanes full.  (4) to (6) work on the vectors
 * of k again, into which a tile's results are expanded, so that nothing is scattered. */
#include "kernels/cutoff_vector.h"
#include "kernels/triplets.h"

typedef nnp_vector vec;

enum { TILE = NNP_TRIPLETS_TILE };

/* Rows of a shell for the neighbors, and those that the backward pass finds for a tile. */
enum { SHELL_FC, SHELL_SLOPE, SHELL_SQUARE, SHELL_SHIFT };
enum { ROW_V, ROW_T, ROW_Y, ROW_YC, ROW_X };

static inline const double *shell_row(const struct nnp_triplets_work *work, int shell, int row)
{
    return work->shells + (size_t)(4 * shell + row) * (size_t)work->capacity;
}

static void compute_shells(const struct nnp_triplets_plan *plan,
                           const struct nnp_environment *env, struct nnp_triplets_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int j = 0; j < env->n; j += SIMD_WIDTH) {
        const vec r = simd_load(env->r + j), inverse = 1.0 / r;
        simd_store(work->inverse + j, inverse);
        for (int n = 0; n < plan->n_shells; n++) {
            const struct nnp_triplet_shell *shell = &plan->shells[n];
            double *rows = work->shells + 4 * (size_t)n * stride + (size_t)j;
            const vec d = r - shell->r_shift;
            vec fc, dfc;
            cutoff_vector(&shell->cutoff, r, &fc, &dfc);
            simd_store(rows + SHELL_FC * stride, fc);
            simd_store(rows + SHELL_SLOPE * stride, dfc * inverse);
            simd_store(rows + SHELL_SQUARE * stride, d * d);
            simd_store(rows + SHELL_SHIFT * stride, d * inverse);
        }
    }
}

/* Appends to the tile the triplets of j with k from *k_begin to k_end; where it fills up,
 * *k_begin is left at the vector to go on with, else at or behind k_end. */
static inline void collect_strips(const struct nnp_triplet_group *group, double r_cut,
                                  const struct nnp_environment *env,
                                  const struct nnp_triplets_work *work, int j, int *k_begin,
                                  int k_end, struct nnp_triplet_tile *tile)
{
    const double *fc = shell_row(work, group->shell, SHELL_FC);
    const double *square = shell_row(work, group->shell, SHELL_SQUARE);
    const double x = env->x[j], y = env->y[j], z = env->z[j], r_j = env->r[j];
    const double half = 0.5 * work->inverse[j], fc_j = fc[j], square_j = square[j];
    const double limit = group->narrow ? r_cut * r_cut : 1e300;
    int k = *k_begin, n = tile->n;
    for (; k < k_end && n <= TILE - SIMD_WIDTH; k += SIMD_WIDTH) {
        const vec r_k = simd_load(env->r + k);
        const vec dx = simd_load(env->x + k) - x, dy = simd_load(env->y + k) - y,
                  dz = simd_load(env->z + k) - z;
        const vec s = dx * dx + dy * dy + dz * dz;
        unsigned bits = simd_bits((r_k < r_cut) & (s < limit));
        if (group->first == group->second && k <= j)
            bits &= ~0u << (j + 1 - k);
        if (!bits)
            continue;
        const vec c = (r_j * r_j + r_k * r_k - s) * (half * simd_load(work->inverse + k));
        simd_compress(tile->c + n, bits, c);
        simd_compress(tile->f + n, bits, fc_j * simd_load(fc + k));
        simd_compress(tile->slope + n, bits, s);
        simd_compress(tile->shift + n, bits, square_j + simd_load(square + k));
        tile->strips[tile->n_strips++] = (struct nnp_triplet_strip){j, k, bits};
        n += __builtin_popcount(bits);
    }
    tile->n = n;
    *k_begin = k;
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

/* Fills the tile with what comes next of one group, and neutral triplets up to a full vector;
 * false if no triplets are left. */
static bool collect(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                    const struct nnp_triplets_work *work, struct nnp_triplet_cursor *cursor,
                    struct nnp_triplet_tile *tile)
{
    tile->n = tile->n_strips = 0;
    for (; cursor->group < plan->n_groups && tile->n == 0;) {
        const struct nnp_triplet_group *group = &plan->groups[cursor->group];
        const double r_cut = plan->shells[group->shell].cutoff.radius;
        const int k_end = env->end[group->second], j_end = env->end[group->first];
        tile->group = cursor->group;
        while (cursor->j < j_end) {
            if (env->r[cursor->j] < r_cut)
                collect_strips(group, r_cut, env, work, cursor->j, &cursor->k, k_end, tile);
            if (tile->n > TILE - SIMD_WIDTH)
                break;
            cursor->j++;
            cursor->k = first_k(group, env, cursor->j);
        }
        if (cursor->j == j_end)
            *cursor = cursor_at(plan, env, cursor->group + 1);
    }
    for (int n = tile->n; n % SIMD_WIDTH; n++) {
        tile->c[n] = tile->f[n] = tile->shift[n] = 0.0;
        tile->slope[n] = 1.0;
    }
    return tile->n > 0;
}

/* What depends on r_jk for a vector of triplets of a narrow group with s = r_jk^2. */
static inline void third_side(const struct nnp_triplet_shell *shell, vec s, vec *fc, vec *slope,
                              vec *square, vec *shift)
{
    if (shell->cutoff.type == NNP_CUTOFF_COS && shell->cutoff.alpha == 0.0 &&
        shell->r_shift == 0.0) {
        cos_cutoff_of_square(shell->cutoff.radius, s, fc, slope);
        *square = s;
        *shift = simd_set(1.0);
        return;
    }
    const vec r = simd_sqrt(s), inverse = 1.0 / r, d = r - shell->r_shift;
    vec dfc;
    cutoff_vector(&shell->cutoff, r, fc, &dfc);
    *slope = dfc * inverse;
    *square = d * d;
    *shift = d * inverse;
}

/* Row e of a channel, or where an exponential is kept that is only a factor of others. */
static inline double *power_row(const struct nnp_triplets_work *work,
                                const struct nnp_triplet_tile *tile,
                                const struct nnp_triplet_power *powers, int n)
{
    return powers[n].channel >= 0 ? tile->e + (size_t)powers[n].channel * TILE
                                  : work->powers + (size_t)n * TILE;
}

static void compute_powers(const struct nnp_triplets_plan *plan,
                           const struct nnp_triplets_work *work,
                           const struct nnp_triplet_tile *tile, const double *q)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_triplet_power *powers = plan->powers + group->power_begin;
    for (int n = 0; n < group->power_end - group->power_begin; n++) {
        double *to = power_row(work, tile, powers, n);
        if (powers[n].first < 0) {
            const double eta = powers[n].eta;
            for (int t = 0; t < tile->n; t += SIMD_WIDTH)
                simd_store(to + t, simd_exp(-eta * simd_load(q + t)));
            continue;
        }
        const double *a = power_row(work, tile, powers, powers[n].first);
        const double *b = power_row(work, tile, powers, powers[n].second);
        const double defect = powers[n].defect;
        if (defect != 0.0)
            for (int t = 0; t < tile->n; t += SIMD_WIDTH)
                simd_store(to + t, simd_load(a + t) * simd_load(b + t) *
                                       (1.0 - defect * simd_load(q + t)));
        else
            for (int t = 0; t < tile->n; t += SIMD_WIDTH)
                simd_store(to + t, simd_load(a + t) * simd_load(b + t));
    }
}

/* The rows fc, slope, shift and e of a tile that was collected. */
static void compute_tile(const struct nnp_triplets_plan *plan, struct nnp_triplets_work *work,
                         struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_triplet_shell *shell = &plan->shells[group->shell];
    double *q = work->rows;
    for (int t = 0; t < tile->n; t += SIMD_WIDTH) {
        vec fc = simd_set(1.0), slope = simd_set(0.0), square = slope, shift = slope;
        if (group->narrow)
            third_side(shell, simd_load(tile->slope + t), &fc, &slope, &square, &shift);
        simd_store(q + t, simd_load(tile->shift + t) + square);
        simd_store(tile->fc + t, fc);
        simd_store(tile->slope + t, slope);
        simd_store(tile->shift + t, shift);
    }
    compute_powers(plan, work, tile, q);
}

/* below times b^step. */
static inline vec times_power(vec below, vec b, int step)
{
    for (; step > 0; step /= 2) {
        if (step % 2)
            below *= b;
        b *= b;
    }
    return below;
}

/* Rows p_a and b^(zeta-1) of one angle, step being a constant where it can be. */
static inline void multiply_angle(const struct nnp_triplet_tile *tile, double lambda, int step,
                                  const double *before, double *p, double *below)
{
    for (int t = 0; t < tile->n; t += SIMD_WIDTH) {
        const vec b = simd_positive(0.5 + 0.5 * lambda * simd_load(tile->c + t));
        const vec value = times_power(before ? simd_load(before + t) : simd_set(1.0), b, step);
        simd_store(below + t, value);
        simd_store(p + t, 2.0 * b * value);
    }
}

/* The same for any zeta. */
static void exponentiate_angle(const struct nnp_triplet_tile *tile, double lambda, double zeta,
                               double *p, double *below)
{
    for (int t = 0; t < tile->n; t += SIMD_WIDTH) {
        const vec raw = 0.5 + 0.5 * lambda * simd_load(tile->c + t);
        const vec b = simd_select(raw > 0.0, raw, simd_set(1.0));
        const vec value = simd_where(raw > 0.0, simd_exp((zeta - 1.0) * simd_log(b)));
        simd_store(below + t, value);
        simd_store(p + t, 2.0 * b * value);
    }
}

static void compute_angles(const struct nnp_triplets_plan *plan,
                           const struct nnp_triplets_work *work,
                           const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    const struct nnp_triplet_angle *angles = plan->angles + group->angle_begin;
    for (int a = 0; a < group->angle_end - group->angle_begin; a++) {
        const double lambda = angles[a].lambda;
        double *p = work->p + (size_t)a * TILE, *below = work->below + (size_t)a * TILE;
        const double *before = a > 0 && angles[a - 1].lambda == lambda ? below - TILE : NULL;
        if (angles[a].step < 0)
            exponentiate_angle(tile, lambda, angles[a].zeta, p, below);
        else if (angles[a].step == 0)
            multiply_angle(tile, lambda, 0, before, p, below);
        else if (angles[a].step == 1)
            multiply_angle(tile, lambda, 1, before, p, below);
        else
            multiply_angle(tile, lambda, angles[a].step, before, p, below);
    }
}

/* Adds eq. 1 of n <= 4 terms of one channel to their lanes; w: e_n F. */
static inline void sum_terms(const struct nnp_triplet_term *terms, const int n, int n_triplets,
                             const double *w, const double *p, double *lanes)
{
    const double *rows[4];
    vec sums[4];
    for (int k = 0; k < n; k++) {
        rows[k] = p + (size_t)terms[k].angle * TILE;
        sums[k] = simd_load(lanes + (size_t)k * SIMD_WIDTH);
    }
    for (int t = 0; t < n_triplets; t += SIMD_WIDTH) {
        const vec value = simd_load(w + t);
        for (int k = 0; k < n; k++)
            sums[k] += value * simd_load(rows[k] + t);
    }
    for (int k = 0; k < n; k++)
        simd_store(lanes + (size_t)k * SIMD_WIDTH, sums[k]);
}

static void sum_tile(const struct nnp_triplets_plan *plan, struct nnp_triplets_work *work,
                     const struct nnp_triplet_tile *tile)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    double *w = work->rows;
    compute_angles(plan, work, tile);
    for (int c = group->channel_begin; c < group->channel_end; c++) {
        const struct nnp_triplet_channel *channel = &plan->channels[c];
        const double *e = tile->e + (size_t)(c - group->channel_begin) * TILE;
        for (int t = 0; t < tile->n; t += SIMD_WIDTH)
            simd_store(w + t,
                       simd_load(e + t) * simd_load(tile->f + t) * simd_load(tile->fc + t));
        int k = channel->begin;
        for (; k + 4 <= channel->end; k += 4)
            sum_terms(plan->terms + k, 4, tile->n, w, work->p,
                      work->lanes + (size_t)k * SIMD_WIDTH);
        for (; k + 2 <= channel->end; k += 2)
            sum_terms(plan->terms + k, 2, tile->n, w, work->p,
                      work->lanes + (size_t)k * SIMD_WIDTH);
        if (k < channel->end)
            sum_terms(plan->terms + k, 1, tile->n, w, work->p,
                      work->lanes + (size_t)k * SIMD_WIDTH);
    }
}

static void forward(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                    struct nnp_triplets_work *work, double *g)
{
    const int last = NNP_TRIPLETS_KEPT - 1;
    struct nnp_triplet_cursor cursor = cursor_at(plan, env, 0);
    compute_shells(plan, env, work);
    memset(work->lanes, 0, (size_t)plan->n_terms * SIMD_WIDTH * sizeof *work->lanes);
    for (work->n_tiles = 0;; work->n_tiles++) {
        struct nnp_triplet_tile *tile =
            &work->tiles[work->n_tiles < last ? work->n_tiles : last];
        if (work->n_tiles == last)
            work->beyond = cursor;
        if (!collect(plan, env, work, &cursor, tile))
            break;
        compute_tile(plan, work, tile);
        sum_tile(plan, work, tile);
    }
    for (int k = 0; k < plan->n_terms; k++)
        g[plan->terms[k].function] = simd_sum(simd_load(work->lanes + (size_t)k * SIMD_WIDTH));
}

/* Eqs. 2 and 3 for n vectors of a tile. */
static inline void sum_functions(const struct nnp_triplets_plan *plan,
                                 const struct nnp_triplets_work *work,
                                 const struct nnp_triplet_tile *tile, const double *de_dg,
                                 int t, const int n)
{
    const struct nnp_triplet_group *group = &plan->groups[tile->group];
    vec v[4], s[4], y[4];
    for (int i = 0; i < n; i++)
        v[i] = s[i] = y[i] = simd_set(0.0);
    for (int c = group->channel_begin; c < group->channel_end; c++) {
        const struct nnp_triplet_channel *channel = &plan->channels[c];
        const double *e = tile->e + (size_t)(c - group->channel_begin) * TILE + t;
        vec p[4], dp[4];
        for (int i = 0; i < n; i++)
            p[i] = dp[i] = simd_set(0.0);
        for (int k = channel->begin; k < channel->end; k++) {
            const size_t row = (size_t)plan->terms[k].angle * TILE + (size_t)t;
            const double d = de_dg[plan->terms[k].function], slope = d * plan->terms[k].slope;
            for (int i = 0; i < n; i++) {
                p[i] += d * simd_load(work->p + row + (size_t)i * SIMD_WIDTH);
                dp[i] += slope * simd_load(work->below + row + (size_t)i * SIMD_WIDTH);
            }
        }
        for (int i = 0; i < n; i++) {
            const vec value = simd_load(e + (size_t)i * SIMD_WIDTH);
            const vec product = value * p[i];
            v[i] += product;
            s[i] += (2.0 * channel->eta) * product;
            y[i] += value * dp[i];
        }
    }
    for (int i = 0; i < n; i++, t += SIMD_WIDTH) {
        const vec f = simd_load(tile->f + t), fc = simd_load(tile->fc + t), all = f * fc;
        const vec st = s[i] * all, yt = y[i] * all;
        double *rows = work->rows + t;
        simd_store(rows + ROW_V * TILE, v[i] * fc);
        simd_store(rows + ROW_T * TILE, st);
        simd_store(rows + ROW_Y * TILE, yt);
        simd_store(rows + ROW_YC * TILE, yt * simd_load(tile->c + t));
        simd_store(rows + ROW_X * TILE,
                   v[i] * f * simd_load(tile->slope + t) - st * simd_load(tile->shift + t));
    }
}

/* Forces of a j and their sums over its strips, by lane. */
struct center_sums {
    vec a, x, y, z;
};

/* Eqs. 4 to 6 for one strip, whose triplets are those of the tile from n on. */
static inline void strip_forces(const struct nnp_environment *env,
                                const struct nnp_triplets_work *work, int shell,
                                const struct nnp_triplet_strip *strip, int n, double *dx,
                                double *dy, double *dz, struct center_sums *sums)
{
    const int j = strip->j, k = strip->k;
    const double *rows = work->rows + n;
    const double *fc = shell_row(work, shell, SHELL_FC);
    const double *slope = shell_row(work, shell, SHELL_SLOPE);
    const double *shift = shell_row(work, shell, SHELL_SHIFT);
    const vec v = simd_expand(rows + ROW_V * TILE, strip->bits);
    const vec t = simd_expand(rows + ROW_T * TILE, strip->bits);
    const vec y = simd_expand(rows + ROW_Y * TILE, strip->bits);
    const vec yc = simd_expand(rows + ROW_YC * TILE, strip->bits);
    const vec x = simd_expand(rows + ROW_X * TILE, strip->bits);
    const double i_j = work->inverse[j];
    const vec i_k = simd_load(work->inverse + k);
    const vec a_j = v * simd_load(fc + k) * slope[j] - t * shift[j] - yc * (i_j * i_j) + x;
    const vec a_k =
        v * fc[j] * simd_load(slope + k) - t * simd_load(shift + k) - yc * (i_k * i_k) + x;
    const vec b = y * i_j * i_k - x;
    const vec x_k = simd_load(env->x + k), y_k = simd_load(env->y + k),
              z_k = simd_load(env->z + k);
    sums->a += a_j;
    sums->x += b * x_k;
    sums->y += b * y_k;
    sums->z += b * z_k;
    simd_store(dx + k, simd_load(dx + k) + a_k * x_k + b * env->x[j]);
    simd_store(dy + k, simd_load(dy + k) + a_k * y_k + b * env->y[j]);
    simd_store(dz + k, simd_load(dz + k) + a_k * z_k + b * env->z[j]);
}

static void tile_forces(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                        const struct nnp_triplets_work *work,
                        const struct nnp_triplet_tile *tile, double *dx, double *dy, double *dz)
{
    const int shell = plan->groups[tile->group].shell;
    for (int s = 0, n = 0; s < tile->n_strips;) {
        const int j = tile->strips[s].j;
        struct center_sums sums = {{0.0}, {0.0}, {0.0}, {0.0}};
        for (; s < tile->n_strips && tile->strips[s].j == j; s++) {
            strip_forces(env, work, shell, &tile->strips[s], n, dx, dy, dz, &sums);
            n += __builtin_popcount(tile->strips[s].bits);
        }
        const double a = simd_sum(sums.a);
        dx[j] += a * env->x[j] + simd_sum(sums.x);
        dy[j] += a * env->y[j] + simd_sum(sums.y);
        dz[j] += a * env->z[j] + simd_sum(sums.z);
    }
}

static void backward(const struct nnp_triplets_plan *plan, const struct nnp_environment *env,
                     struct nnp_triplets_work *work, const double *de_dg, double *dx,
                     double *dy, double *dz)
{
    const int last = NNP_TRIPLETS_KEPT - 1;
    struct nnp_triplet_cursor cursor = work->beyond;
    for (int k = 0; k < work->n_tiles; k++) {
        struct nnp_triplet_tile *tile = &work->tiles[k < last ? k : last];
        if (k >= last) {
            (void)collect(plan, env, work, &cursor, tile);
            compute_tile(plan, work, tile);
        }
        compute_angles(plan, work, tile);
        int t = 0;
        for (; t + SIMD_BLOCK * SIMD_WIDTH <= tile->n; t += SIMD_BLOCK * SIMD_WIDTH)
            sum_functions(plan, work, tile, de_dg, t, SIMD_BLOCK);
        for (; t < tile->n; t += SIMD_WIDTH)
            sum_functions(plan, work, tile, de_dg, t, 1);
        tile_forces(plan, env, work, tile, dx, dy, dz);
    }
}

const struct nnp_triplets_kernels NNP_PASTE(nnp_triplets_kernels_, NNP_SIMD_NAME);
const struct nnp_triplets_kernels NNP_PASTE(nnp_triplets_kernels_, NNP_SIMD_NAME) = {
    .name = NNP_STRING(NNP_SIMD_NAME),
    .forward = forward,
    .backward = backward,
};
