/* The neighbors' positions and what is added to their forces, as reals: the environment's and
 * the caller's own arrays of doubles, or copies in the mixed kernels. */
#ifndef NNP_KERNELS_TRIPLETS_PLACES_H
#define NNP_KERNELS_TRIPLETS_PLACES_H

#include "kernels/simd_real.h"
#include "kernels/triplets.h"

struct places {
    const nnp_real *x, *y, *z, *r;
};

struct pulls {
    nnp_real *x, *y, *z;
};

#ifdef NNP_MIXED
enum { PLACE_ROWS = 4 }; /* of the work's copies, before those of the pulls */

static inline nnp_real *copied_row(const struct nnp_triplets_work *work, int row)
{
    return reals(work->copies + (size_t)row * (size_t)work->capacity);
}

static inline struct places places_of(const struct nnp_environment *env,
                                      const struct nnp_triplets_work *work)
{
    (void)env;
    return (struct places){copied_row(work, 0), copied_row(work, 1), copied_row(work, 2),
                           copied_row(work, 3)};
}

static inline void copy_places(const struct nnp_environment *env,
                               const struct nnp_triplets_work *work)
{
    const double *const from[PLACE_ROWS] = {env->x, env->y, env->z, env->r};
    for (int row = 0; row < PLACE_ROWS; row++)
        for (int j = 0; j < env->n; j += REAL_WIDTH)
            real_store(copied_row(work, row) + j, real_from_doubles(from[row] + j));
}

/* Zeros. */
static inline struct pulls begin_pulls(const struct nnp_triplets_work *work, int n, double *dx,
                                       double *dy, double *dz)
{
    (void)dx;
    (void)dy;
    (void)dz;
    const struct pulls pulls = {copied_row(work, PLACE_ROWS), copied_row(work, PLACE_ROWS + 1),
                                copied_row(work, PLACE_ROWS + 2)};
    memset(pulls.x, 0, (size_t)n * sizeof *pulls.x);
    memset(pulls.y, 0, (size_t)n * sizeof *pulls.y);
    memset(pulls.z, 0, (size_t)n * sizeof *pulls.z);
    return pulls;
}

static inline void end_pull(double *to, const nnp_real *pull, vec more)
{
    const vec sum = real_load(pull) + more;
    simd_store(to, simd_load(to) + real_low(sum));
    simd_store(to + SIMD_WIDTH, simd_load(to + SIMD_WIDTH) + real_high(sum));
}
#else
static inline struct places places_of(const struct nnp_environment *env,
                                      const struct nnp_triplets_work *work)
{
    (void)work;
    return (struct places){env->x, env->y, env->z, env->r};
}

static inline void copy_places(const struct nnp_environment *env,
                               const struct nnp_triplets_work *work)
{
    (void)env;
    (void)work;
}

static inline struct pulls begin_pulls(const struct nnp_triplets_work *work, int n, double *dx,
                                       double *dy, double *dz)
{
    (void)work;
    (void)n;
    return (struct pulls){dx, dy, dz};
}

static inline void end_pull(double *to, const nnp_real *pull, vec more)
{
    simd_store(to, simd_load(pull) + more);
}
#endif

#endif
