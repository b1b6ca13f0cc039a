/* Blocks of rows of A, of which ranks of a node take some from one another. */
#include "kalman_information.h"

#include "linear_algebra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is of this rank only. */
static enum nnp_status allocate(struct nnp_kalman_information *information,
                                struct nnp_error *error)
{
    const size_t size = (size_t)information->n;
    information->step = calloc(size, sizeof *information->step);
    information->vector = calloc(size, sizeof *information->vector);
    if (!information->step || !information->vector ||
        nnp_row_blocks_lay_out(&information->a, information->parallel, information->n, 0, NULL))
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for a Kalman filter with %d variables", information->n);
    return NNP_SUCCESS;
}

/* All of A for all ranks, or this rank's blocks.  Collective. */
static enum nnp_status allocate_matrix(struct nnp_kalman_information *information,
                                       struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (nnp_shared_memory_try(&information->memory, information->parallel,
                              nnp_row_blocks_total(&information->a)))
        nnp_row_blocks_place(&information->a, information->memory.data);
    else
        status = nnp_row_blocks_allocate(&information->a, error);
    return nnp_parallel_agree(information->parallel, status, error);
}

enum nnp_status nnp_kalman_information_init(struct nnp_kalman_information *information,
                                            const struct nnp_parallel *parallel, int n,
                                            struct nnp_error *error)
{
    *information = (struct nnp_kalman_information){.parallel = parallel, .n = n};
    enum nnp_status status = allocate(information, error);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status)
        status = allocate_matrix(information, error);
    if (!status)
        status = nnp_cholesky_create(&information->cholesky, parallel, n, error);
    return status;
}

void nnp_kalman_information_free(struct nnp_kalman_information *information)
{
    free(information->step);
    free(information->vector);
    nnp_row_blocks_free(&information->a);
    if (information->memory.is_one)
        nnp_shared_memory_free(&information->memory);
    nnp_cholesky_free(information->cholesky);
    *information = (struct nnp_kalman_information){0};
}

void nnp_kalman_information_forget(struct nnp_kalman_information *information)
{
    const struct nnp_row_blocks *a = &information->a;
    information->trace = 0.0;
    for (int b = 0; b < a->n_blocks; b++)
        if (nnp_row_blocks_is_own(a, b))
            memset(a->rows[b], 0, nnp_row_blocks_size(a, b) * sizeof(double));
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Block b of its rows, and J^T r of them. */
static void take_rows(struct nnp_kalman_information *information,
                      const struct nnp_measurements *batch, double fading, int b)
{
    const int begin = nnp_row_blocks_begin(&information->a, b);
    const int end = nnp_row_blocks_end(&information->a, b);
    const size_t width = (size_t)batch->width;
    const size_t size = nnp_row_blocks_size(&information->a, b);
    double *rows = information->a.rows[b];
    for (size_t k = 0; k < size; k++)
        rows[k] *= fading;
    for (int k = 0; k < batch->n_runs; k++) {
        const struct nnp_measured_run *run = &batch->runs[k];
        int from = most(begin, run->begin_variable), to = least(end, run->end_variable);
        const double *j = batch->rows + (size_t)run->first * width;
        if (from < to)
            nnp_add_product(to - from, to - run->begin_variable, run->end - run->first,
                            j + from, batch->width, j + run->begin_variable, batch->width,
                            rows + (from - begin) * end + run->begin_variable, end);
    }
    nnp_apply_rows(batch->n_rows, end - begin, batch->rows + begin, batch->width,
                   batch->rows + information->n, batch->width, information->vector + begin);
    for (int i = begin; i < end; i++) {
        rows[(i - begin) * end + i] += batch->diagonal[i];
        information->vector[i] += batch->vector[i];
    }
}

/* Ranks take blocks from the last, which is the largest, and those of others, where they see
 * them, from the first. */
static void take_information(struct nnp_kalman_information *information,
                             const struct nnp_measurements *batch, double fading, double shift)
{
    const int n = information->a.n_blocks;
    nnp_cholesky_begin(information->cholesky);
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < 2 * n; k++) {
        const bool is_other = k >= n;
        const int b = is_other ? k - n : n - 1 - k;
        const double *rows = information->a.rows[b];
        if (nnp_row_blocks_is_own(&information->a, b) == is_other || !rows ||
            !nnp_cholesky_take(information->cholesky, b))
            continue;
        take_rows(information, batch, fading, b);
        nnp_cholesky_load(information->cholesky, b, rows, shift,
                          information->vector + nnp_row_blocks_begin(&information->a, b));
    }
}

bool nnp_kalman_information_update(struct nnp_kalman_information *information,
                                   const struct nnp_measurements *batch, double fading,
                                   double damping, double trace)
{
    bool finite = true;
    information->trace = fading * information->trace + trace;
    take_information(information, batch, fading, damping * information->trace / information->n);
    if (!nnp_cholesky_solve(information->cholesky, information->vector, information->step))
        return false;
    /* Processors of several machines may do other bits. */
    if (!information->memory.is_one)
        nnp_parallel_broadcast_doubles(information->parallel, information->step,
                                       information->n);
    for (int i = 0; i < information->n; i++)
        finite = finite && isfinite(information->step[i]);
    return finite;
}

void nnp_kalman_information_archive(struct nnp_kalman_information *information,
                                    struct nnp_archive *archive)
{
    nnp_row_blocks_archive(&information->a, nnp_cholesky_buffer(information->cholesky),
                           archive);
    nnp_archive_doubles(archive, &information->trace, 1);
}
