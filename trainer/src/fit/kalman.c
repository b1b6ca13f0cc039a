/* With the step d that a batch leads to (kalman_information.h),
 *
 *   x <- x + s d                                                                           (1)
 *
 * where s <= 1 bounds the largest component of the step, lest it leads beyond where derivatives
 * mean anything.  The filter forgets what is older than a memory of m epochs of n batches: in
 * each it keeps
 *
 *   f = exp(-1 / (n m)),     m = m1 - (m1 - m0) exp(-e / t)   after e epochs               (2)
 *
 * so that early, strongly curved derivatives fade fast and late ones are averaged.  The damping
 * c is relative to A as the first batches may be of saturated networks, whose derivatives say
 * little of later ones'. */
#include "kalman.h"

#include "kalman_information.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* m0, m1 and t of (2) in epochs: on forces of metals m0 from 0.2 to 0.5 and m1 from 1 to 3 lead
 * to the same errors; without fading the filter stalls. */
static const double first_memory = 0.3, last_memory = 1.0, memory_growth = 2.0;

/* c: 1e-7 and 1e-6 are alike, 1e-4 is slow; largest component of a step: without a limit
 * some sets never recover from the first steps, 0.1 is slow. */
static const double least_damping = 1e-6, longest_step = 0.3;

/* An epoch to more than so many times the value of the last iterate is taken back, to a c
 * larger by this factor; a run of such epochs ends the search. */
static const double largest_rise = 4.0, stiffening = 10.0;
enum { MAX_REJECTED_IN_A_ROW = 8 };

struct nnp_kalman {
    int n, n_batches;
    int batch, n_rejected, n_rejected_in_a_row; /* batch: of the epoch */
    double *x, *iterate;                        /* [n] */
    struct nnp_kalman_information information;
    double *gradient; /* [n] */
    double damping;   /* c */
    double n_epochs, value, gradient_norm;
    bool broken; /* a batch without a step in this epoch */
    enum nnp_kalman_request request;
    const char *reason;
};

/* What is of this rank only; f may be NULL. */
static enum nnp_status allocate(struct nnp_kalman *f, int n, struct nnp_error *error)
{
    const size_t size = (size_t)n;
    if (f) {
        f->x = calloc(size, sizeof *f->x);
        f->iterate = calloc(size, sizeof *f->iterate);
        f->gradient = calloc(size, sizeof *f->gradient);
        if (f->x && f->iterate && f->gradient)
            return NNP_SUCCESS;
    }
    return nnp_error_set(error, NNP_ERROR_MEMORY,
                         "no memory for a Kalman filter with %d variables", n);
}

enum nnp_status nnp_kalman_create(struct nnp_kalman **filter,
                                  const struct nnp_parallel *parallel, int n, int n_batches,
                                  struct nnp_error *error)
{
    struct nnp_error own = {0};
    struct nnp_kalman *f = calloc(1, sizeof *f);
    *filter = NULL;
    enum nnp_status status = allocate(f, n, &own);
    status = nnp_parallel_agree(parallel, status, &own);
    if (!status)
        status = nnp_kalman_information_init(&f->information, parallel, n, &own);
    if (status) {
        nnp_kalman_free(f);
        return nnp_error_set(error, status, "%s", own.message);
    }
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
    free(f->gradient);
    nnp_kalman_information_free(&f->information);
    free(f);
}

enum nnp_kalman_request nnp_kalman_start(struct nnp_kalman *f, const double *x)
{
    size_t size = (size_t)f->n * sizeof *x;
    memcpy(f->x, x, size);
    memcpy(f->iterate, x, size);
    memset(f->gradient, 0, size);
    nnp_kalman_information_forget(&f->information);
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

/* Part of A that stays for a batch: f of equation (2). */
static double find_fading(const struct nnp_kalman *f)
{
    double progress = f->n_epochs + (double)f->batch / f->n_batches;
    double memory = last_memory - (last_memory - first_memory) * exp(-progress / memory_growth);
    return exp(-1.0 / (f->n_batches * memory));
}

static void take_step(struct nnp_kalman *f)
{
    const double *step = f->information.step;
    double longest = 0.0;
    for (int i = 0; i < f->n; i++) {
        f->gradient[i] += f->information.vector[i];
        longest = fmax(longest, fabs(step[i]) / fmax(1.0, fabs(f->x[i])));
    }
    double scale = longest > longest_step ? longest_step / longest : 1.0;
    for (int i = 0; i < f->n; i++)
        f->x[i] -= scale * step[i];
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
        f->broken = !nnp_kalman_information_update(&f->information, batch, find_fading(f),
                                                   f->damping, trace);
        if (!f->broken)
            take_step(f);
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
    if (!isfinite(f->information.trace))
        nnp_kalman_information_forget(&f->information);
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
    nnp_kalman_information_archive(&f->information, archive);
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
