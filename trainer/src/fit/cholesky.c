/* With blocks L_ij of L, from the left to the right,
 *
 *   L_jj L_jj^T = A_jj - sum_{k<j} L_jk L_jk^T                                            (1)
 *   L_ij = (A_ij - sum_{k<j} L_ik L_jk^T) L_jj^-T,  i > j                                   (2)
 *   y_j = L_jj^-1 (b_j - sum_{k<j} L_jk y_k),       L^T x = y                               (3)
 *
 * Each sum over k is one product of matrices whose shapes depend on i and j only.  Rank
 * owner(i) does what there is to do for i.  When block row j is finished it goes to all ranks,
 * together with y_j and b_j; its owner has finished it before other rows that it could go on
 * with, so that it is on its way while ranks are busy with (2) of the row before. */
#include "cholesky.h"

#include "linear_algebra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nnp_cholesky {
    struct nnp_row_blocks l; /* all; behind the rows of j: y_j and b_j */
    double *y;               /* [n] */
};

enum { N_EXTRA = 2 };

enum nnp_status nnp_cholesky_create(struct nnp_cholesky **cholesky,
                                    const struct nnp_parallel *parallel, int n,
                                    struct nnp_error *error)
{
    enum nnp_status status = NNP_ERROR_MEMORY;
    struct nnp_cholesky *made = calloc(1, sizeof *made);
    *cholesky = NULL;
    if (made)
        status = nnp_row_blocks_init(&made->l, parallel, n, true, N_EXTRA, error);
    if (!status)
        made->y = calloc((size_t)n + 1, sizeof *made->y);
    if (status || !made->y) {
        nnp_cholesky_free(made);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a matrix of %d rows", n);
    }
    *cholesky = made;
    return NNP_SUCCESS;
}

void nnp_cholesky_free(struct nnp_cholesky *cholesky)
{
    if (!cholesky)
        return;
    nnp_row_blocks_free(&cholesky->l);
    free(cholesky->y);
    free(cholesky);
}

double *nnp_cholesky_buffer(struct nnp_cholesky *cholesky)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    int longest = 0; /* the last block has the longest rows, but may have few */
    for (int b = 1; b < l->n_blocks; b++)
        if (nnp_row_blocks_size(l, b) > nnp_row_blocks_size(l, longest))
            longest = b;
    return l->rows[longest];
}

/* Where block row j stands. */
struct place {
    int begin, height, width; /* first row, rows, columns up to the diagonal */
    double *rows, *y, *b;
};

static struct place find_place(const struct nnp_cholesky *cholesky, int j)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    int begin = nnp_row_blocks_begin(l, j), end = nnp_row_blocks_end(l, j);
    double *rows = l->rows[j], *behind = rows + nnp_row_blocks_size(l, j);
    return (struct place){begin, end - begin, end, rows, behind, behind + l->size};
}

/* Equations (1) and (3) for row j, and the begin of its journey; a NaN says that there is no
 * L_jj. */
static void finish_row(struct nnp_cholesky *cholesky, int j)
{
    struct place row = find_place(cholesky, j);
    double *diagonal = row.rows + row.begin;
    nnp_subtract_product(row.height, row.height, row.begin, row.rows, row.width, row.rows,
                         row.width, diagonal, row.width);
    if (!nnp_factor_positive(row.height, diagonal, row.width)) {
        diagonal[0] = NAN;
        return;
    }
    for (int i = 0; i < row.height; i++) {
        const double *l = row.rows + (size_t)i * (size_t)row.width;
        double sum = row.b[i];
        for (int k = 0; k < row.begin; k++)
            sum -= l[k] * cholesky->y[k];
        row.y[i] = sum;
    }
    nnp_solve_lower(row.height, diagonal, row.width, row.y);
}

/* Equation (2). */
static void update_row(struct nnp_cholesky *cholesky, const struct place *pivot, int i)
{
    struct place row = find_place(cholesky, i);
    double *to = row.rows + pivot->begin;
    nnp_subtract_product(row.height, pivot->height, pivot->begin, row.rows, row.width,
                         pivot->rows, pivot->width, to, row.width);
    nnp_solve_lower_rows(row.height, pivot->height, pivot->rows + pivot->begin, pivot->width,
                         to, row.width);
}

/* This rank's blocks, to be factorised in place. */
static void load(struct nnp_cholesky *cholesky, const struct nnp_row_blocks *a, double shift,
                 const double *b)
{
    for (int j = 0; j < a->n_blocks; j++) {
        if (!nnp_row_blocks_is_own(a, j))
            continue;
        struct place row = find_place(cholesky, j);
        memcpy(row.rows, a->rows[j], nnp_row_blocks_size(a, j) * sizeof *row.rows);
        memcpy(row.b, b + row.begin, (size_t)row.height * sizeof *b);
        for (int i = 0; i < row.height; i++)
            row.rows[(size_t)i * (size_t)row.width + (size_t)(row.begin + i)] += shift;
    }
}

/* Rows below j, those of this rank; the next pivot first. */
static void update_rows(struct nnp_cholesky *cholesky, const struct place *pivot, int j,
                        struct nnp_parallel_request *next)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    int first = j + 1;
    if (first < l->n_blocks && nnp_row_blocks_is_own(l, first)) {
        update_row(cholesky, pivot, first);
        finish_row(cholesky, first);
        first++;
    }
    if (j + 1 < l->n_blocks)
        nnp_parallel_begin_broadcast(l->parallel, nnp_row_blocks_owner(l, j + 1),
                                     l->rows[j + 1], nnp_row_blocks_whole_size(l, j + 1), next);
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = first; i < l->n_blocks; i++)
        if (nnp_row_blocks_is_own(l, i))
            update_row(cholesky, pivot, i);
}

static bool factorise(struct nnp_cholesky *cholesky)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    struct nnp_parallel_request request = {0};
    bool done = true;
    if (nnp_row_blocks_is_own(l, 0))
        finish_row(cholesky, 0);
    nnp_parallel_begin_broadcast(l->parallel, nnp_row_blocks_owner(l, 0), l->rows[0],
                                 nnp_row_blocks_whole_size(l, 0), &request);
    for (int j = 0; j < l->n_blocks && done; j++) {
        struct place pivot = find_place(cholesky, j);
        nnp_parallel_wait(&request);
        done = isfinite(pivot.rows[pivot.begin]);
        if (done) {
            memcpy(cholesky->y + pivot.begin, pivot.y, (size_t)pivot.height * sizeof *pivot.y);
            update_rows(cholesky, &pivot, j, &request);
        }
    }
    return done;
}

/* L^T x = y, by rows of L, on every rank. */
static void solve_transposed(const struct nnp_cholesky *cholesky, double *x)
{
    memcpy(x, cholesky->y, (size_t)cholesky->l.n * sizeof *x);
    for (int j = cholesky->l.n_blocks - 1; j >= 0; j--) {
        struct place row = find_place(cholesky, j);
        double *own = x + row.begin;
        nnp_solve_upper(row.height, row.rows + row.begin, row.width, own);
        for (int i = 0; i < row.height; i++) {
            const double *l = row.rows + (size_t)i * (size_t)row.width;
            for (int k = 0; k < row.begin; k++)
                x[k] -= l[k] * own[i];
        }
    }
}

bool nnp_cholesky_solve(struct nnp_cholesky *cholesky, const struct nnp_row_blocks *a,
                        double shift, double *b, double *x)
{
    load(cholesky, a, shift, b);
    if (!factorise(cholesky))
        return false;
    for (int j = 0; j < a->n_blocks; j++) {
        struct place row = find_place(cholesky, j);
        memcpy(b + row.begin, row.b, (size_t)row.height * sizeof *b);
    }
    solve_transposed(cholesky, x);
    return true;
}
