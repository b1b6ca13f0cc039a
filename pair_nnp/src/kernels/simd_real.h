/* Vectors of the numbers that kernels stream past neighbors and triplets: doubles, or floats,
 * twice as many, in the mixed kernels (NNP_MIXED).  Sums that many of them enter are folded
 * into vectors of doubles. */
#ifndef NNP_KERNELS_SIMD_REAL_H
#define NNP_KERNELS_SIMD_REAL_H

#include "kernels/simd_math.h"

#ifdef NNP_MIXED
#include "kernels/simd_float.h"
#else
typedef double nnp_real;
typedef nnp_vector vec;
typedef nnp_mask vec_mask;

enum { REAL_WIDTH = SIMD_WIDTH };

/* Added to what is to be divided by, which may be 0 and is squared nowhere. */
static const nnp_real real_tiny = 1e-150;
static const nnp_real real_huge = 1e300;

#define real_load simd_load
#define real_store simd_store
#define real_set simd_set
#define real_where simd_where
#define real_select simd_select
#define real_positive simd_positive
#define real_sqrt simd_sqrt
#define real_bits simd_bits
#define real_compress simd_compress
#define real_expand simd_expand
#define real_exp simd_exp
#define real_log simd_log
#define real_sincospi_of_square simd_sincospi_of_square
#define real_from_doubles simd_load
#define real_to_doubles simd_store

static inline nnp_vector real_fold(vec v)
{
    return v;
}

/* A sum that goes on from, and back to, SIMD_WIDTH doubles. */
static inline vec real_resume(const double *sums)
{
    return simd_load(sums);
}

static inline void real_suspend(double *sums, vec v)
{
    simd_store(sums, v);
}

/* Adds the sums over lanes of 8 vectors to to[]. */
static inline void real_add_sums(nnp_real to[8], const vec v[8])
{
    for (int k = 0; k < 8; k += SIMD_WIDTH)
        simd_store(to + k, simd_load(to + k) + simd_transposed_sum(v + k));
}

/* Underflow in doubles is rare enough. */
static inline unsigned real_begin(void)
{
    return 0;
}

static inline void real_end(unsigned state)
{
    (void)state;
}
#endif

enum { REALS_PER_DOUBLE = sizeof(double) / sizeof(nnp_real) };

/* sin(pi t) and cos(pi t) for |t| <= 1/2. */
static inline void real_sincospi(vec t, vec *sine, vec *cosine)
{
    real_sincospi_of_square(t * t, sine, cosine);
    *sine *= t;
}

/* Memory that is counted in doubles, for as many bytes of reals. */
static inline nnp_real *reals(double *doubles)
{
    return (nnp_real *)doubles;
}

#endif
