/* With the information matrix A (the inverse of the covariance of the weights in units of the
 * residuals' variance), batch k with residuals r and derivatives J updates
 *
 *   A <- f A + J^T J,    (A + c mean(diag A) I) d = -J^T r,    x <- x + s d                (1)
 *
 * which is the extended Kalman filter with fading memory [1], written with A as J has more rows
 * than columns.  Ranks have rows of A (row_blocks.h).  f forgets what is older than a memory of
 * m epochs of n batches,
 *
 *   f = exp(-1 / (n m)),     m = m1 - (m1 - m0) exp(-e / t)   after e epochs               (2)
 *
 * so that early, strongly curved derivatives fade fast and late ones are averaged.  The small c
 * is for weights without influence, relative to A as the first batches may be of saturated
 * networks, whose derivatives say little of later ones'.  s <= 1 bounds the largest component
 * of the step, lest it leads beyond where derivatives mean anything.
 *
 * [1] H. W. Sorenson, J. E. Sacks, Information Sciences 3, 101 (1971); for neural networks: S.
 *     Singhal, L. Wu, Adv. Neural Inf. Process. Syst. 1, 133 (1989). */
#include "kalman.h"

#include "cholesky.h"
#include "linear_algebra.h"
#include "row_blocks.h"
#include "shared_memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* m0, m1 and t of (2) in epochs: on forces of metals m0 from 0.2 to 0.5 and m1 from 1 to 3 lead
 * to the same errors; without fading the filter stalls. */
static const double first_memory = 0.3, last_memory = 1.0, memory_growth = 2.0;

/* c of (1): 1e-7 and 1e-6 are alike, 1e-4 is slow; largest component of a step: without a limit
 * some sets never recover from the first steps, 0.1 is slow. */
static const double least_damping = 1e-6, longest_step = 0.3;

/* An epoch to more than so many times the value of the last iterate is taken back, to a c
 * larger by this factor; a run of such epochs ends the search. */
static const double largest_rise = 4.0, stiffening = 10.0;
enum { MAX_REJECTED_IN_A_ROW = 8 };

struct nnp_kalman {
    const struct nnp_parallel *parallel;
    int n, n_batches;
    int batch, n_rejected, n_rejected_in_a_row; /* batch: of the epoch */
    double *x, *iterate;                        /* [n] */
    struct nnp_row_blocks information;          /* A */
    struct nnp_shared_memory memory;            /* of A, where it is one for all ranks */
    struct nnp_cholesky *cholesky;
    double *vector, *step, *gradient; /* [n]; vector: J^T r */
    double trace;                     /* of A, found without its elements */
    double damping;                   /* c */
    double n_epochs, value, gradient_norm;
    bool broken; /* a batch without a step in this epoch */
    enum nnp_kalman_request request;
    const char *reason;
};

/* What is of this rank only; f may be NULL. */
static enum nnp_status allocate(struct nnp_kalman *f, const struct nnp_parallel *parallel,
                                int n, struct nnp_error *error)
{
    const size_t size = (size_t)n;
    if (f && nnp_row_blocks_lay_out(&f->information, parallel, n, 0, NULL) == NNP_SUCCESS) {
        f->x = calloc(size, sizeof *f->x);
        f->iterate = calloc(size, sizeof *f->iterate);
        f->step = calloc(size, sizeof *f->step);
        f->gradient = calloc(size, sizeof *f->gradient);
        f->vector = calloc(size, sizeof *f->vector);
        if (f->x && f->iterate && f->step && f->gradient && f->vector)
            return NNP_SUCCESS;
    }
    return nnp_error_set(error, NNP_ERROR_MEMORY,
                         "no memory for a Kalman filter with %d variables", n);
}

/* All of A for all ranks, or this rank's blocks.  Collective. */
static enum nnp_status allocate_information(struct nnp_kalman *f,
                                            const struct nnp_parallel *parallel,
                                            struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (nnp_shared_memory_try(&f->memory, parallel, nnp_row_blocks_total(&f->information)))
        nnp_row_blocks_place(&f->information, f->memory.data);
    else
        status = nnp_row_blocks_allocate(&f->information, error);
    return nnp_parallel_agree(parallel, status, error);
}

enum nnp_status nnp_kalman_create(struct nnp_kalman **filter,
                                  const struct nnp_parallel *parallel, int n, int n_batches,
                                  struct nnp_error *error)
{
    struct nnp_error own = {0};
    struct nnp_kalman *f = calloc(1, sizeof *f);
    *filter = NULL;
    enum nnp_status status = allocate(f, parallel, n, &own);
    status = nnp_parallel_agree(parallel, status, &own);
    if (!status)
        status = allocate_information(f, parallel, &own);
    if (!status)
        status = nnp_cholesky_create(&f->cholesky, parallel, n, &own);
    if (status) {
        nnp_kalman_free(f);
        return nnp_error_set(error, status, "%s", own.message);
    }
    f->parallel = parallel;
    f->n = n;
    f->n_batches = n_batches;
    *filter = f;
    return NNP_SUCCESS;
}

void nnp_kalman_free(struct nnp_kalman *f)
{
    if (!f)
        return;
    free(f->x);
    free(f->iterate);
    free(f->step);
    free(f->gradient);
    free(f->vector);
    nnp_row_blocks_free(&f->information);
    if (f->memory.is_one)
        nnp_shared_memory_free(&f->memory);
    nnp_cholesky_free(f->cholesky);
    free(f);
}

static void forget(struct nnp_kalman *f)
{
    f->trace = 0.0;
    for (int b = 0; b < f->information.n_blocks; b++)
        if (nnp_row_blocks_is_own(&f->information, b))
            memset(f->information.rows[b], 0,
                   nnp_row_blocks_size(&f->information, b) * sizeof(double));
}

enum nnp_kalman_request nnp_kalman_start(struct nnp_kalman *f, const double *x)
{
    size_t size = (size_t)f->n * sizeof *x;
    memcpy(f->x, x, size);
    memcpy(f->iterate, x, size);
    memset(f->gradient, 0, size);
    forget(f);
    f->damping = least_damping;
    f->n_epochs = 0.0;
    f->value = INFINITY;
    f->gradient_norm = 0.0;
    f->batch = f->n_rejected = f->n_rejected_in_a_row = 0;
    f->broken = false;
    f->reason = "";
    return f->request = NNP_KALMAN_EVALUATE;
}

static enum nnp_kalman_request finish(struct nnp_kalman *f, const char *reason)
{
    f->reason = reason;
    memcpy(f->x, f->iterate, (size_t)f->n * sizeof *f->x);
    return NNP_KALMAN_DONE;
}

/* Of J^T J. */
static double measured_trace(const struct nnp_kalman *f, const struct nnp_measurements *batch)
{
    double sum = 0.0;
    for (int c = 0; c < batch->n_rows; c++)
        sum += batch->rows[(size_t)c * (size_t)batch->width + (size_t)f->n + 1];
    for (int i = 0; i < f->n; i++)
        sum += batch->diagonal[i];
    return sum;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* A of equation (1), block b of its rows, and J^T r of them. */
static void take_rows(struct nnp_kalman *f, const struct nnp_measurements *batch, double fading,
                      int b)
{
    const int begin = nnp_row_blocks_begin(&f->information, b);
    const int end = nnp_row_blocks_end(&f->information, b);
    const size_t width = (size_t)batch->width;
    const size_t size = nnp_row_blocks_size(&f->information, b);
    double *rows = f->information.rows[b];
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
                   batch->rows + f->n, batch->width, f->vector + begin);
    for (int i = begin; i < end; i++) {
        rows[(i - begin) * end + i] += batch->diagonal[i];
        f->vector[i] += batch->vector[i];
    }
}

/* A and J^T r, and the equations for the step; ranks take blocks from the last, which is the
 * largest, and those of others, where they see them, from the first. */
static void take_information(struct nnp_kalman *f, const struct nnp_measurements *batch,
                             double trace)
{
    const int n = f->information.n_blocks;
    double progress = f->n_epochs + (double)f->batch / f->n_batches;
    double memory = last_memory - (last_memory - first_memory) * exp(-progress / memory_growth);
    double fading = exp(-1.0 / (f->n_batches * memory));
    f->trace = fading * f->trace + trace;
    double shift = f->damping * f->trace / f->n;
    nnp_cholesky_begin(f->cholesky);
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < 2 * n; k++) {
        const bool is_other = k >= n;
        const int b = is_other ? k - n : n - 1 - k;
        const double *rows = f->information.rows[b];
        if (nnp_row_blocks_is_own(&f->information, b) == is_other || !rows ||
            !nnp_cholesky_take(f->cholesky, b))
            continue;
        take_rows(f, batch, fading, b);
        nnp_cholesky_load(f->cholesky, b, rows, shift,
                          f->vector + nnp_row_blocks_begin(&f->information, b));
    }
}

/* The step of equation (1); that of rank 0 where there are processors of several machines,
 * which may do other bits; false where there is none. */
static bool take_step(struct nnp_kalman *f)
{
    double longest = 0.0;
    bool finite = true;
    if (!nnp_cholesky_solve(f->cholesky, f->vector, f->step))
        return false;
    if (!f->memory.is_one)
        nnp_parallel_broadcast_doubles(f->parallel, f->step, f->n);
    for (int i = 0; i < f->n; i++) {
        f->gradient[i] += f->vector[i];
        finite = finite && isfinite(f->step[i]);
        longest = fmax(longest, fabs(f->step[i]) / fmax(1.0, fabs(f->x[i])));
    }
    double scale = longest > longest_step ? longest_step / longest : 1.0;
    for (int i = 0; i < f->n && finite; i++)
        f->x[i] -= scale * f->step[i];
    return finite;
}

static enum nnp_kalman_request begin_epoch(struct nnp_kalman *f)
{
    f->batch = 0;
    f->broken = false;
    memset(f->gradient, 0, (size_t)f->n * sizeof *f->gradient);
    return NNP_KALMAN_LINEARIZE;
}

static enum nnp_kalman_request take_batch(struct nnp_kalman *f,
                                          const struct nnp_measurements *batch)
{
    double trace = measured_trace(f, batch);
    if (!isfinite(trace))
        f->broken = true;
    /* Residuals without weight, or that do not depend on the variables, tell nothing. */
    if (!f->broken && trace > 0.0) {
        take_information(f, batch, trace);
        f->broken = !take_step(f);
    }
    return ++f->batch < f->n_batches && !f->broken ? NNP_KALMAN_LINEARIZE : NNP_KALMAN_EVALUATE;
}

/* Back to the last iterate. */
static enum nnp_kalman_request reject(struct nnp_kalman *f)
{
    f->n_rejected++;
    if (++f->n_rejected_in_a_row > MAX_REJECTED_IN_A_ROW)
        return finish(f, "no epoch leads down");
    memcpy(f->x, f->iterate, (size_t)f->n * sizeof *f->x);
    f->damping *= stiffening;
    if (!isfinite(f->trace))
        forget(f);
    return begin_epoch(f);
}

static enum nnp_kalman_request take_value(struct nnp_kalman *f, double value)
{
    double norm2 = 0.0;
    if (f->broken || !isfinite(value) || value > largest_rise * f->value)
        return reject(f);
    for (int i = 0; i < f->n; i++)
        norm2 += f->gradient[i] * f->gradient[i];
    f->gradient_norm = 2.0 * sqrt(norm2);
    f->n_rejected_in_a_row = 0;
    f->damping = fmax(f->damping / stiffening, least_damping);
    f->n_epochs += 1.0;
    f->value = value;
    memcpy(f->iterate, f->x, (size_t)f->n * sizeof *f->x);
    return NNP_KALMAN_ITERATE;
}

enum nnp_kalman_request nnp_kalman_advance(struct nnp_kalman *f, double value,
                                           const struct nnp_measurements *batch)
{
    switch (f->request) {
    case NNP_KALMAN_EVALUATE:
        if (!isinf(f->value)) {
            f->request = take_value(f, value);
        } else if (isfinite(value)) {
            f->value = value;
            f->request = begin_epoch(f);
        } else {
            f->n_rejected++;
            f->request = finish(f, "the value at the start is not finite");
        }
        break;
    case NNP_KALMAN_ITERATE:
        f->request = begin_epoch(f);
        break;
    case NNP_KALMAN_LINEARIZE:
        f->request = take_batch(f, batch);
        break;
    case NNP_KALMAN_DONE:
        break;
    }
    return f->request;
}

void nnp_kalman_archive(struct nnp_kalman *f, struct nnp_archive *archive)
{
    size_t n = (size_t)f->n;
    nnp_archive_expect(archive, f->n);
    nnp_archive_expect(archive, f->n_batches);
    nnp_archive_ints(archive, &f->n_rejected, 1);
    nnp_archive_doubles(archive, f->x, n);
    nnp_archive_doubles(archive, f->iterate, n);
    nnp_row_blocks_archive(&f->information, nnp_cholesky_buffer(f->cholesky), archive);
    nnp_archive_doubles(archive, &f->trace, 1);
    nnp_archive_doubles(archive, &f->damping, 1);
    nnp_archive_doubles(archive, &f->n_epochs, 1);
    nnp_archive_doubles(archive, &f->value, 1);
    nnp_archive_doubles(archive, &f->gradient_norm, 1);
    f->request = NNP_KALMAN_ITERATE;
    f->reason = "";
}

const double *nnp_kalman_x(const struct nnp_kalman *f)
{
    return f->x;
}

double nnp_kalman_value(const struct nnp_kalman *f)
{
    return f->value;
}

double nnp_kalman_gradient_norm(const struct nnp_kalman *f)
{
    return f->gradient_norm;
}

int nnp_kalman_n_rejected(const struct nnp_kalman *f)
{
    return f->n_rejected;
}

const char *nnp_kalman_reason(const struct nnp_kalman *f)
{
    return f->reason;
}
