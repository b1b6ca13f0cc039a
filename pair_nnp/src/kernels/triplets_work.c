/* Memory of the triplet kernels. */
#include "kernels/triplets.h"

#include <stdlib.h>

enum {
    ROW = NNP_TRIPLETS_ROW,
    TILE_ROWS = 5,
    PASS_ROWS = 5,
    /* Of a tile of floats, which holds twice as many triplets; the last one may turn out to be
     * empty. */
    MOST_STRIPS = 2 * NNP_TRIPLETS_TILE + 1,
    SQUARES = NNP_LANES * (NNP_TRIPLETS_TILE + 1) /* r_jk^2 of all lanes of the strips */
};

static size_t n_columns(const struct nnp_triplets_plan *plan)
{
    return NNP_TRIPLETS_DEGREE + 1 + (size_t)plan->most_angles;
}

/* Of lanes and of sums, so that sums can be taken NNP_LANES at a time. */
static size_t padded_sums(const struct nnp_triplets_plan *plan)
{
    return ((size_t)plan->n_sums + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
}

static size_t fixed_size(const struct nnp_triplets_plan *plan)
{
    const size_t rows = NNP_TRIPLETS_KEPT * (TILE_ROWS + (size_t)plan->most_channels) +
                        2 * n_columns(plan) + (size_t)plan->most_powers + PASS_ROWS;
    return ROW * rows + (NNP_LANES + 1) * padded_sums(plan) + SQUARES;
}

enum nnp_status nnp_triplets_reserve(struct nnp_triplets_work *work,
                                     const struct nnp_triplets_plan *plan, int n_slots,
                                     struct nnp_error *error)
{
    const size_t n_strips = (size_t)NNP_TRIPLETS_KEPT * MOST_STRIPS;
    size_t capacity = (size_t)n_slots, rows = 17 + 4 * (size_t)plan->n_shells;
    size_t fixed = fixed_size(plan);
    if (work->capacity >= n_slots && work->n_rows >= rows && work->n_fixed >= fixed)
        return NNP_SUCCESS;
    /* For the largest of the plans that it has served. */
    capacity = work->capacity > n_slots ? (size_t)work->capacity : capacity;
    rows = work->n_rows > rows ? work->n_rows : rows;
    fixed = work->n_fixed > fixed ? work->n_fixed : fixed;
    if (!work->strips)
        work->strips = malloc(n_strips * sizeof *work->strips);
    double *storage = aligned_alloc(64, (rows * capacity + fixed) * sizeof *storage);
    if (!work->strips || !storage) {
        free(storage);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n_slots);
    }
    free(work->storage);
    work->storage = storage;
    work->capacity = (int)capacity;
    work->n_rows = rows;
    work->n_fixed = fixed;
    return NNP_SUCCESS;
}

void nnp_triplets_attach(struct nnp_triplets_work *work, const struct nnp_triplets_plan *plan)
{
    const size_t capacity = (size_t)work->capacity;
    work->inverse = work->storage;
    work->radial = work->inverse + capacity;
    work->centers = work->radial + capacity;
    work->copies = work->centers + 8 * capacity;
    work->shells = work->copies + 7 * capacity;
    work->columns = work->shells + 4 * (size_t)plan->n_shells * capacity;
    work->derivatives = work->columns + n_columns(plan) * ROW;
    work->squares = work->derivatives + n_columns(plan) * ROW;
    work->rows = work->squares + SQUARES;
    work->powers = work->rows + (size_t)PASS_ROWS * ROW;
    work->lanes = work->powers + (size_t)plan->most_powers * ROW;
    work->sums = work->lanes + padded_sums(plan) * NNP_LANES;
    double *next = work->sums + padded_sums(plan);
    for (int k = 0; k < NNP_TRIPLETS_KEPT; k++) {
        struct nnp_triplet_tile *t = &work->tiles[k];
        t->c = next;
        t->f = next + ROW;
        t->slope = next + 2 * ROW;
        t->inverse = next + 3 * ROW;
        t->shift = next + 4 * ROW;
        t->e = next + TILE_ROWS * ROW;
        t->strips = work->strips + (size_t)k * MOST_STRIPS;
        next = t->e + (size_t)plan->most_channels * ROW;
    }
}

void nnp_triplets_work_free(struct nnp_triplets_work *work)
{
    free(work->storage);
    free(work->strips);
    *work = (struct nnp_triplets_work){0};
}
