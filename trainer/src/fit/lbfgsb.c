/* L-BFGS-B 3.0 [1, 2] as a library routine of others (setulb), with all variables free.
 *
 * Values that are not finite would spoil its line search for good.  A trial point x with such a
 * value is given to it as lying on a parabola of steep ascent instead, which it rejects as any
 * step that is too long: with x0, f0, g0 the last iterate, s = x - x0 and d = |g0 . s|,
 *     f = f0 + d,   g = 2 d s / |s|^2,
 * so the interpolation of the line search shortens the step to about a third.
 *
 * [1] C. Zhu, R. H. Byrd, P. Lu, J. Nocedal, ACM Trans. Math. Softw. 23, 550 (1997).
 * [2] J. L. Morales, J. Nocedal, ACM Trans. Math. Softw. 38, 7 (2011). */
#include "lbfgsb.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LENGTH = 60 };

/* Fortran's setulb; gfortran appends the lengths of character arguments. */
void setulb_(const int *n, const int *m, double *x, const double *l, const double *u,
             const int *nbd, double *f, double *g, const double *factr, const double *pgtol,
             double *wa, int *iwa, char *task, const int *iprint, char *csave, int *lsave,
             int *isave, double *dsave, size_t task_length, size_t csave_length);

struct nnp_lbfgsb {
    int n, history, n_rejected;
    bool has_iterate;
    double *x, *g;       /* [n]: current point, gradient given to the optimiser */
    double f, *x0, *g0;  /* [n]: last iterate ... */
    double f0;           /* ... and its value */
    double *bounds, *wa; /* bounds: not read, as none is set */
    int *bound_kinds, *iwa;
    char task[TEXT_LENGTH + 1], csave[TEXT_LENGTH];
    int lsave[4], isave[44];
    double dsave[29];
};

/* Doubles that setulb works with. */
static size_t work_size(int n, int history)
{
    size_t size = (size_t)n, pairs = (size_t)history;
    return 2 * pairs * size + 5 * size + 11 * pairs * pairs + 8 * pairs;
}

enum nnp_status nnp_lbfgsb_create(struct nnp_lbfgsb **minimizer, int n, int history,
                                  struct nnp_error *error)
{
    struct nnp_lbfgsb *m = calloc(1, sizeof *m);
    *minimizer = NULL;
    if (m) {
        size_t size = (size_t)n;
        m->n = n;
        m->history = history;
        m->x = calloc(size, sizeof *m->x);
        m->g = calloc(size, sizeof *m->g);
        m->x0 = calloc(size, sizeof *m->x0);
        m->g0 = calloc(size, sizeof *m->g0);
        m->bounds = calloc(size, sizeof *m->bounds);
        m->bound_kinds = calloc(size, sizeof *m->bound_kinds);
        m->wa = calloc(work_size(n, history), sizeof *m->wa);
        m->iwa = calloc(3 * size, sizeof *m->iwa);
    }
    if (!m || !m->x || !m->g || !m->x0 || !m->g0 || !m->bounds || !m->bound_kinds || !m->wa ||
        !m->iwa) {
        nnp_lbfgsb_free(m);
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for L-BFGS-B with %d variables and a history of %d", n,
                             history);
    }
    *minimizer = m;
    return NNP_SUCCESS;
}

void nnp_lbfgsb_free(struct nnp_lbfgsb *m)
{
    if (!m)
        return;
    free(m->x);
    free(m->g);
    free(m->x0);
    free(m->g0);
    free(m->bounds);
    free(m->bound_kinds);
    free(m->wa);
    free(m->iwa);
    free(m);
}

static void set_task(struct nnp_lbfgsb *m, const char *task)
{
    memset(m->task, ' ', TEXT_LENGTH);
    memcpy(m->task, task, strlen(task));
}

static bool task_is(const struct nnp_lbfgsb *m, const char *task)
{
    return strncmp(m->task, task, strlen(task)) == 0;
}

/* Ends a text that Fortran has filled up with blanks. */
static void end_text(char *text)
{
    size_t length = TEXT_LENGTH;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
}

static enum nnp_lbfgsb_request call_optimizer(struct nnp_lbfgsb *m)
{
    /* The caller decides when to stop; 0 leaves the tests for no decrease at all. */
    const double factr = 0.0, pgtol = 0.0;
    const int quiet = -1;
    setulb_(&m->n, &m->history, m->x, m->bounds, m->bounds, m->bound_kinds, &m->f, m->g, &factr,
            &pgtol, m->wa, m->iwa, m->task, &quiet, m->csave, m->lsave, m->isave, m->dsave,
            TEXT_LENGTH, TEXT_LENGTH);
    if (task_is(m, "FG"))
        return NNP_LBFGSB_EVALUATE;
    if (task_is(m, "NEW_X"))
        return NNP_LBFGSB_ITERATE;
    end_text(m->task);
    return NNP_LBFGSB_DONE;
}

enum nnp_lbfgsb_request nnp_lbfgsb_start(struct nnp_lbfgsb *m, const double *x)
{
    memcpy(m->x, x, (size_t)m->n * sizeof *x);
    m->has_iterate = false;
    m->n_rejected = 0;
    set_task(m, "START");
    return call_optimizer(m);
}

static void keep_iterate(struct nnp_lbfgsb *m)
{
    m->f0 = m->f;
    memcpy(m->x0, m->x, (size_t)m->n * sizeof *m->x);
    memcpy(m->g0, m->g, (size_t)m->n * sizeof *m->g);
    m->has_iterate = true;
}

static bool all_finite(int n, double f, const double *g)
{
    bool finite = isfinite(f);
    for (int i = 0; i < n && finite; i++)
        finite = isfinite(g[i]);
    return finite;
}

static void pretend_ascent(struct nnp_lbfgsb *m)
{
    double descent = 0.0, length2 = 0.0;
    for (int i = 0; i < m->n; i++) {
        double s = m->x[i] - m->x0[i];
        descent += m->g0[i] * s;
        length2 += s * s;
    }
    descent = fabs(descent);
    m->f = m->f0 + descent;
    for (int i = 0; i < m->n; i++)
        m->g[i] = 2.0 * descent * (m->x[i] - m->x0[i]) / length2;
    m->n_rejected++;
}

enum nnp_lbfgsb_request nnp_lbfgsb_advance(struct nnp_lbfgsb *m, double f, const double *g)
{
    if (task_is(m, "FG")) {
        if (all_finite(m->n, f, g)) {
            m->f = f;
            memcpy(m->g, g, (size_t)m->n * sizeof *g);
            if (!m->has_iterate)
                keep_iterate(m);
        } else if (m->has_iterate) {
            pretend_ascent(m);
        } else {
            set_task(m, "not finite at the starting point");
            end_text(m->task);
            return NNP_LBFGSB_DONE;
        }
    }
    enum nnp_lbfgsb_request request = call_optimizer(m);
    if (request == NNP_LBFGSB_ITERATE)
        keep_iterate(m);
    return request;
}

void nnp_lbfgsb_archive(struct nnp_lbfgsb *m, struct nnp_archive *archive)
{
    size_t n = (size_t)m->n;
    nnp_archive_expect(archive, m->n);
    nnp_archive_expect(archive, m->history);
    nnp_archive_ints(archive, &m->n_rejected, 1);
    nnp_archive_bools(archive, &m->has_iterate, 1);
    nnp_archive_doubles(archive, m->x, n);
    nnp_archive_doubles(archive, m->g, n);
    nnp_archive_doubles(archive, m->x0, n);
    nnp_archive_doubles(archive, m->g0, n);
    nnp_archive_doubles(archive, &m->f, 1);
    nnp_archive_doubles(archive, &m->f0, 1);
    nnp_archive_doubles(archive, m->wa, work_size(m->n, m->history));
    nnp_archive_ints(archive, m->iwa, 3 * n);
    nnp_archive_bytes(archive, m->task, sizeof m->task);
    nnp_archive_bytes(archive, m->csave, sizeof m->csave);
    nnp_archive_ints(archive, m->lsave, sizeof m->lsave / sizeof *m->lsave);
    nnp_archive_ints(archive, m->isave, sizeof m->isave / sizeof *m->isave);
    nnp_archive_doubles(archive, m->dsave, sizeof m->dsave / sizeof *m->dsave);
}

const double *nnp_lbfgsb_x(const struct nnp_lbfgsb *m)
{
    return m->x;
}

double nnp_lbfgsb_value(const struct nnp_lbfgsb *m)
{
    return m->f0;
}

double nnp_lbfgsb_gradient_norm(const struct nnp_lbfgsb *m)
{
    double norm2 = 0.0;
    for (int i = 0; i < m->n; i++)
        norm2 += m->g0[i] * m->g0[i];
    return sqrt(norm2);
}

int nnp_lbfgsb_n_rejected(const struct nnp_lbfgsb *m)
{
    return m->n_rejected;
}

const char *nnp_lbfgsb_reason(const struct nnp_lbfgsb *m)
{
    return m->task;
}
