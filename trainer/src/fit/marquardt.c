/* Steps d solve
 *
 *   (J^T J + mu D) d = -J^T r,    D = diag(J^T J) + floor max diag(J^T J) I          (1)
 *
 * where D makes steps independent of the units of the variables.  The quadratic model of L
 * falls by -d . J^T r + mu d . D d (2); rho is the decrease found over this.  A step with rho >
 * 0 is taken, and mu changed by the factor max(1/3, 1 - (2 rho - 1)^3) (3); otherwise mu grows
 * by 2, then 4, 8, .. until a step is taken [1].  Where a step leads to a finite value, but to
 * derivatives that are not finite, it is taken back, and tried again with four times its mu.
 *
 * [1] H. B. Nielsen, Damping parameter in Marquardt's method, Technical University of Denmark,
 *     IMM-REP-1999-05 (1999). */
#include "marquardt.h"

#include "linear_algebra.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* mu at the start (for networks 1e-5 to 1e-3 are alike, 1e-2 makes slow starts), where it stays
 * in rounding, and where a run ends. */
static const double first_damping = 1e-4, least_damping = DBL_EPSILON, last_damping = 1e12;

/* Bounds D from below, for weights that have no influence (yet). */
static const double floor_of_scale = 1e-6;

struct nnp_marquardt {
    int n, n_rejected;
    double *x, *iterate, *step; /* [n] */
    double *previous;           /* [n], the iterate before ... */
    double previous_value,
        previous_damping; /* ... and the mu that led away from it; < 0: none */
    double *scale;        /* [n], D */
    double *factor;       /* [n][n] */
    const double *matrix, *vector;
    double value, expected; /* expected: decrease, eq. 2 */
    double damping, growth; /* damping < 0: not chosen yet */
    double gradient_norm;
    enum nnp_marquardt_request request;
    const char *reason;
};

enum nnp_status nnp_marquardt_create(struct nnp_marquardt **minimizer, int n,
                                     struct nnp_error *error)
{
    struct nnp_marquardt *m = calloc(1, sizeof *m);
    *minimizer = NULL;
    if (m) {
        size_t size = (size_t)n;
        m->n = n;
        m->x = calloc(size, sizeof *m->x);
        m->iterate = calloc(size, sizeof *m->iterate);
        m->step = calloc(size, sizeof *m->step);
        m->previous = calloc(size, sizeof *m->previous);
        m->scale = calloc(size, sizeof *m->scale);
        m->factor = calloc(size, size * sizeof *m->factor);
    }
    if (!m || !m->x || !m->iterate || !m->step || !m->previous || !m->scale || !m->factor) {
        nnp_marquardt_free(m);
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for Levenberg-Marquardt with %d variables", n);
    }
    *minimizer = m;
    return NNP_SUCCESS;
}

void nnp_marquardt_free(struct nnp_marquardt *m)
{
    if (!m)
        return;
    free(m->x);
    free(m->iterate);
    free(m->step);
    free(m->previous);
    free(m->scale);
    free(m->factor);
    free(m);
}

enum nnp_marquardt_request nnp_marquardt_start(struct nnp_marquardt *m, const double *x)
{
    size_t size = (size_t)m->n * sizeof *x;
    memcpy(m->x, x, size);
    memcpy(m->iterate, x, size);
    m->value = INFINITY;
    m->damping = m->previous_damping = -1.0;
    m->growth = 2.0;
    m->gradient_norm = 0.0;
    m->n_rejected = 0;
    m->reason = "";
    return m->request = NNP_MARQUARDT_EVALUATE;
}

static enum nnp_marquardt_request finish(struct nnp_marquardt *m, const char *reason)
{
    m->reason = reason;
    memcpy(m->x, m->iterate, (size_t)m->n * sizeof *m->x);
    return NNP_MARQUARDT_DONE;
}

/* Solves equation (1) and finds (2); false if the damped matrix is not positive definite. */
static bool find_step(struct nnp_marquardt *m)
{
    size_t n = (size_t)m->n;
    memcpy(m->factor, m->matrix, n * n * sizeof *m->factor);
    for (size_t i = 0; i < n; i++) {
        m->factor[i * (n + 1)] += m->damping * m->scale[i];
        m->step[i] = -m->vector[i];
    }
    if (!nnp_solve_positive(m->n, m->factor, m->step))
        return false;
    m->expected = 0.0;
    for (size_t i = 0; i < n; i++)
        m->expected += m->step[i] * (m->damping * m->scale[i] * m->step[i] - m->vector[i]);
    return isfinite(m->expected);
}

static void grow_damping(struct nnp_marquardt *m)
{
    m->damping *= m->growth;
    m->growth *= 2.0;
}

/* The next trial point. */
static enum nnp_marquardt_request propose(struct nnp_marquardt *m)
{
    while (m->damping <= last_damping) {
        if (!find_step(m)) {
            grow_damping(m);
            continue;
        }
        if (m->expected <= DBL_EPSILON * m->value)
            return finish(m, "the expected decrease is within rounding");
        for (int i = 0; i < m->n; i++)
            m->x[i] = m->iterate[i] + m->step[i];
        return NNP_MARQUARDT_EVALUATE;
    }
    return finish(m, "no step leads down");
}

/* Back to the iterate before, of which the equations are wanted again. */
static enum nnp_marquardt_request retreat(struct nnp_marquardt *m)
{
    size_t size = (size_t)m->n * sizeof *m->x;
    if (m->previous_damping < 0.0)
        return finish(m, "derivatives are not finite");
    memcpy(m->x, m->previous, size);
    memcpy(m->iterate, m->previous, size);
    m->value = m->previous_value;
    m->damping = 4.0 * m->previous_damping;
    m->growth = 2.0;
    m->previous_damping = -1.0;
    m->n_rejected++;
    return NNP_MARQUARDT_LINEARIZE;
}

static enum nnp_marquardt_request take_equations(struct nnp_marquardt *m, const double *matrix,
                                                 const double *vector)
{
    double norm2 = 0.0, largest = 0.0;
    m->matrix = matrix;
    m->vector = vector;
    for (size_t i = 0; i < (size_t)m->n; i++) {
        m->scale[i] = matrix[i * ((size_t)m->n + 1)];
        largest = fmax(largest, m->scale[i]);
        norm2 += vector[i] * vector[i];
    }
    m->gradient_norm = 2.0 * sqrt(norm2);
    if (!isfinite(norm2) || !isfinite(largest))
        return retreat(m);
    if (largest == 0.0)
        return finish(m, "the residuals do not depend on the variables");
    for (int i = 0; i < m->n; i++)
        m->scale[i] += floor_of_scale * largest;
    if (m->damping < 0.0)
        m->damping = first_damping;
    return propose(m);
}

/* Judges the trial point by equation (3). */
static enum nnp_marquardt_request take_value(struct nnp_marquardt *m, double value)
{
    double rho = (m->value - value) / m->expected;
    m->n_rejected += !isfinite(value);
    if (!(rho > 0.0)) {
        grow_damping(m);
        return propose(m);
    }
    m->previous_value = m->value;
    m->previous_damping = m->damping;
    memcpy(m->previous, m->iterate, (size_t)m->n * sizeof *m->x);
    double shrink = 1.0 - pow(2.0 * rho - 1.0, 3.0);
    m->damping = fmax(m->damping * fmax(1.0 / 3.0, shrink), least_damping);
    m->growth = 2.0;
    m->value = value;
    memcpy(m->iterate, m->x, (size_t)m->n * sizeof *m->x);
    return NNP_MARQUARDT_ITERATE;
}

enum nnp_marquardt_request nnp_marquardt_advance(struct nnp_marquardt *m, double value,
                                                 const double *matrix, const double *vector)
{
    switch (m->request) {
    case NNP_MARQUARDT_EVALUATE:
        if (m->damping >= 0.0) {
            m->request = take_value(m, value);
        } else if (isfinite(value)) {
            m->value = value;
            m->request = NNP_MARQUARDT_LINEARIZE;
        } else {
            m->n_rejected++;
            m->request = finish(m, "the value at the start is not finite");
        }
        break;
    case NNP_MARQUARDT_ITERATE:
        m->request = NNP_MARQUARDT_LINEARIZE;
        break;
    case NNP_MARQUARDT_LINEARIZE:
        m->request = take_equations(m, matrix, vector);
        break;
    case NNP_MARQUARDT_DONE:
        break;
    }
    return m->request;
}

const double *nnp_marquardt_x(const struct nnp_marquardt *m)
{
    return m->x;
}

double nnp_marquardt_value(const struct nnp_marquardt *m)
{
    return m->value;
}

double nnp_marquardt_gradient_norm(const struct nnp_marquardt *m)
{
    return m->gradient_norm;
}

int nnp_marquardt_n_rejected(const struct nnp_marquardt *m)
{
    return m->n_rejected;
}

const char *nnp_marquardt_reason(const struct nnp_marquardt *m)
{
    return m->reason;
}
