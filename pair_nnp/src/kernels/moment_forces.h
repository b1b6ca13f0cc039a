/* From dE/dM to dE/dr_j of a vector of neighbors (equations: moments_kernel.c). */
#ifndef NNP_KERNELS_MOMENT_FORCES_H
#define NNP_KERNELS_MOMENT_FORCES_H

#include "kernels/moment_rows.h"

#include <stdbool.h>

/* dE/dM as reals. */
static inline const nnp_real *real_adjoints(const struct nnp_moments_work *work)
{
#ifdef NNP_MIXED
    return reals(work->adjoint_copies);
#else
    return work->adjoints;
#endif
}

/* n of them from the one at begin on, after they were found. */
static inline void copy_adjoints(const struct nnp_moments_work *work, int begin, int n)
{
#ifdef NNP_MIXED
    for (int q = begin; q < begin + n; q++)
        reals(work->adjoint_copies)[q] = (nnp_real)work->adjoints[q];
#else
    (void)work;
    (void)begin;
    (void)n;
#endif
}

/* Sets of a block, for a vector of neighbors. */
struct block_rows {
    const nnp_real *d[NNP_MOMENTS_BLOCK]; /* dE/dM */
    vec w[NNP_MOMENTS_BLOCK], value[NNP_MOMENTS_BLOCK];
};

/* Coefficients b[q] of B(u) from n sets, set or added to what is there. */
NNP_INLINE void spread_adjoints(struct block_rows *rows, const int n, const nnp_real *m,
                                size_t stride, int begin, int end, const bool add, vec *b)
{
#pragma GCC unroll 5
    for (int q = begin; q < end; q++) {
        const vec monomial = real_load(m + (size_t)q * stride);
        vec sum = add ? b[q] : real_set(0.0);
        for (int s = 0; s < n; s++) {
            rows->value[s] += rows->d[s][q] * monomial;
            sum += rows->d[s][q] * rows->w[s];
        }
        b[q] = sum;
    }
}

/* For a vector of neighbors: coefficients b of B(u) from the n sets of a block, whose radial
 * slopes are added to *slope. */
NNP_INLINE void block_backward(const struct nnp_moments_plan *plan,
                               const struct nnp_moments_work *work,
                               const struct nnp_moment_block *block, const int n, int j, vec *b,
                               vec *slope)
{
    const size_t stride = (size_t)work->capacity;
    const struct nnp_moment_set *sets = plan->sets + block->set;
    const int filled = block->filled < block->end ? block->filled : block->end;
    struct block_rows rows;
    for (int s = 0; s < n; s++) {
        rows.d[s] = real_adjoints(work) + sets[s].offset;
        rows.w[s] = real_load(reals(work->w) + (size_t)sets[s].channel * stride + j);
        rows.value[s] = (nnp_real)(2.0 * work->squares[block->set + s]) * rows.w[s];
    }
    spread_adjoints(&rows, n, reals(work->monomials) + j, stride, block->lowest, filled, false,
                    b);
    spread_adjoints(&rows, n, reals(work->monomials) + j, stride, filled, block->end, true, b);
    for (int q = block->end; q < block->filled; q++)
        b[q] = real_set(0.0);
    for (int s = 0; s < n; s++)
        *slope +=
            real_load(reals(work->dw) + (size_t)sets[s].channel * stride + j) * rows.value[s];
}

/* What the coefficients b of one more degree contribute to grad B, m being the monomials. */
NNP_INLINE void add_gradient(const nnp_real *m, size_t stride, const int degree, const vec *b,
                             vec grad[3])
{
    int p = nnp_moments_to_degree(degree - 1);
    const vec *of_x = b + nnp_moments_to_degree(degree);
    for (int i = 0; i <= degree; i++)
        for (int c = 0; c <= i; c++, p++, of_x++) {
            const vec value = real_load(m + (size_t)p * stride);
            grad[0] += value * of_x[0];
            grad[1] += value * of_x[i + 1];
            grad[2] += value * of_x[i + 2];
        }
}

/* Eq. 3 for a vector of neighbors of the element of some blocks: the radial slope is added to
 * *slope, grad B to grad. */
NNP_INLINE void angular_backward(const struct nnp_moments_plan *plan,
                                 const struct nnp_moments_work *work,
                                 const struct nnp_moment_block *blocks, int n_blocks, int j,
                                 vec *slope, vec grad[3])
{
    const nnp_real *m = reals(work->monomials) + j;
    const size_t stride = (size_t)work->capacity;
    vec b[NNP_MOMENTS_MAX_MONOMIALS];
    for (int k = 0; k < n_blocks; k++) {
        if (blocks[k].n_sets == 4)
            block_backward(plan, work, &blocks[k], 4, j, b, slope);
        else if (blocks[k].n_sets == 3)
            block_backward(plan, work, &blocks[k], 3, j, b, slope);
        else if (blocks[k].n_sets == 2)
            block_backward(plan, work, &blocks[k], 2, j, b, slope);
        else
            block_backward(plan, work, &blocks[k], 1, j, b, slope);
    }
    const int highest = plan->sets[blocks[0].set].degree;
    const int lowest = plan->sets[blocks[n_blocks - 1].set].degree;
    if (highest == 4 && lowest == 4) { /* constants, so that loops are unrolled */
        add_gradient(m, stride, 2, b, grad);
        add_gradient(m, stride, 3, b, grad);
        return;
    }
    for (int degree = lowest < 2 ? 0 : lowest - 2; degree < highest; degree++)
        add_gradient(m, stride, degree, b, grad);
}

/* Eq. 3 from the radial slope and grad B. */
NNP_INLINE void store_gradient(const struct nnp_moments_work *work, int j, vec slope,
                               const vec grad[3], double *dx, double *dy, double *dz)
{
    const size_t stride = (size_t)work->capacity;
    const vec inverse = real_load(reals(work->inverse) + j);
    vec u[3];
    for (int a = 0; a < 3; a++)
        u[a] = real_load(reals(work->u) + (size_t)a * stride + j);
    slope -= (u[0] * grad[0] + u[1] * grad[1] + u[2] * grad[2]) * inverse;
    real_to_doubles(dx + j, slope * u[0] + inverse * grad[0]);
    real_to_doubles(dy + j, slope * u[1] + inverse * grad[1]);
    real_to_doubles(dz + j, slope * u[2] + inverse * grad[2]);
}

#endif
