/* Memory of the moment kernels. */
#include "kernels/moments.h"

#include <stdlib.h>

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

enum nnp_status nnp_moments_reserve(struct nnp_moments_work *work,
                                    const struct nnp_moments_plan *plan, int n_slots,
                                    struct nnp_error *error)
{
    /* The largest of all plans and neighborhoods, lest elements of different needs take turns.
     */
    const size_t rows =
        larger(3 * (size_t)plan->n_channels + 4 + 2 * (size_t)plan->n_monomials, work->n_rows);
    const size_t fixed = larger(
        3 * (size_t)plan->n_moments + (size_t)plan->n_sets + (size_t)plan->n_radial_terms +
            NNP_LANES * (2 * (size_t)plan->most_powers +
                         (size_t)(NNP_MOMENTS_BLOCK * plan->n_monomials) + 3),
        work->n_fixed);
    const size_t capacity = larger((size_t)n_slots | NNP_LANES, (size_t)work->capacity);
    if (work->storage && (size_t)work->capacity == capacity && work->n_rows == rows &&
        work->n_fixed == fixed)
        return NNP_SUCCESS;
    double *storage =
        aligned_alloc(64, ((rows * capacity + fixed) * sizeof *storage + 63) / 64 * 64);
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n_slots);
    free(work->storage);
    *work =
        (struct nnp_moments_work){.capacity = (int)capacity, .n_rows = rows, .n_fixed = fixed};
    work->storage = storage;
    return NNP_SUCCESS;
}

void nnp_moments_attach(struct nnp_moments_work *work, const struct nnp_moments_plan *plan)
{
    const size_t capacity = (size_t)work->capacity;
    work->w = work->storage;
    work->dw = work->w + (size_t)plan->n_channels * capacity;
    work->u = work->dw + (size_t)plan->n_channels * capacity;
    work->inverse = work->u + 3 * capacity;
    work->monomials = work->inverse + capacity;
    work->w_tangents = work->monomials + (size_t)plan->n_monomials * capacity;
    work->m_tangents = work->w_tangents + (size_t)plan->n_channels * capacity;
    work->moments = work->m_tangents + (size_t)plan->n_monomials * capacity;
    work->adjoints = work->moments + plan->n_moments;
    work->lanes = work->adjoints + plan->n_moments;
    work->powers = work->lanes + (size_t)(NNP_MOMENTS_BLOCK * plan->n_monomials) * NNP_LANES;
    work->squares = work->powers + 2 * (size_t)plan->most_powers * NNP_LANES;
    work->radial = work->squares + plan->n_sets;
    work->adjoint_copies = work->radial + plan->n_radial_terms;
}

void nnp_moments_work_free(struct nnp_moments_work *work)
{
    free(work->storage);
    *work = (struct nnp_moments_work){0};
}
