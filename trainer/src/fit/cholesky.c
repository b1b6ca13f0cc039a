/* With blocks L_ij of L, from the left to the right,
 *
 *   L_jj L_jj^T = A_jj - sum_{k<j} L_jk L_jk^T                                            (1)
 *   L_ij = (A_ij - sum_{k<j} L_ik L_jk^T) L_jj^-T,  i > j                                   (2)
 *   y_j = L_jj^-1 (b_j - sum_{k<j} L_jk y_k),       L^T x = y                               (3)
 *
 * Each sum over k is one product of matrices, or two for L_jj, which depend on i and j only:
 * for its last term row j waits for row j - 1, and less is left to do then.  Rank owner(i) does
 * what there is to do for i, unless another one has nothing else to do and can, as L is in
 * memory of all ranks: the turns (turns.h) of row i are 0, to be loaded, and j + 1, (2) for
 * pivot j.  Otherwise, when block row j is finished it goes to all ranks (shared_memory.h),
 * together with y_j and b_j.  Row j is finished before others that a rank could go on with, so
 * that it is there, or on its way, while ranks are busy with (2) of the row before. */
#include "cholesky.h"

#include "linear_algebra.h"
#include "shared_memory.h"
#include "turns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nnp_cholesky {
    struct nnp_row_blocks l;         /* all; behind the rows of j: y_j and b_j */
    struct nnp_shared_memory memory; /* of l */
    struct nnp_turns turns;          /* with rows, where the memory is one for all ranks */
    double *y;                       /* [n] */
    double *buffer;                  /* as long as the last block, which is the largest */
};

enum { N_EXTRA = 2 };

/* What is of this rank only; made may be NULL. */
static enum nnp_status allocate(struct nnp_cholesky *made, const struct nnp_parallel *parallel,
                                int n, struct nnp_error *error)
{
    if (made && nnp_row_blocks_lay_out(&made->l, parallel, n, N_EXTRA, NULL) == NNP_SUCCESS) {
        made->y = calloc((size_t)n + 1, sizeof *made->y);
        made->buffer = calloc((size_t)n + 1, (size_t)made->l.size * sizeof *made->buffer);
        if (made->y && made->buffer)
            return NNP_SUCCESS;
    }
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a matrix of %d rows", n);
}

enum nnp_status nnp_cholesky_create(struct nnp_cholesky **cholesky,
                                    const struct nnp_parallel *parallel, int n,
                                    struct nnp_error *error)
{
    struct nnp_error own = {0};
    struct nnp_cholesky *made = calloc(1, sizeof *made);
    *cholesky = NULL;
    enum nnp_status status = allocate(made, parallel, n, &own);
    status = nnp_parallel_agree(parallel, status, &own);
    if (!status)
        status = nnp_shared_memory_init(&made->memory, parallel, nnp_row_blocks_total(&made->l),
                                        &own);
    if (status) {
        nnp_cholesky_free(made);
        return nnp_error_set(error, status, "%s", own.message);
    }
    nnp_row_blocks_place(&made->l, made->memory.data);
    if (made->memory.is_one)
        nnp_turns_init(&made->turns, parallel, made->l.n_blocks);
    *cholesky = made;
    return NNP_SUCCESS;
}

void nnp_cholesky_free(struct nnp_cholesky *cholesky)
{
    if (!cholesky)
        return;
    nnp_row_blocks_free(&cholesky->l);
    nnp_shared_memory_free(&cholesky->memory);
    nnp_turns_free(&cholesky->turns);
    free(cholesky->y);
    free(cholesky->buffer);
    free(cholesky);
}

double *nnp_cholesky_buffer(struct nnp_cholesky *cholesky)
{
    return cholesky->buffer;
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

/* Part of the sum of (1), over columns from .. to - 1. */
static void update_diagonal(const struct place *row, int from, int to)
{
    nnp_subtract_product(row->height, row->height, to - from, row->rows + from, row->width,
                         row->rows + from, row->width, row->rows + row->begin, row->width);
}

/* The rest of equation (1), and (3), for row j; a NaN says that there is no L_jj. */
static void finish_row(struct nnp_cholesky *cholesky, int j)
{
    struct place row = find_place(cholesky, j);
    double *diagonal = row.rows + row.begin;
    update_diagonal(&row, j > 1 ? nnp_row_blocks_begin(&cholesky->l, j - 1) : 0, row.begin);
    if (!nnp_factor_positive(row.height, diagonal, row.width)) {
        diagonal[0] = NAN;
        return;
    }
    memcpy(row.y, row.b, (size_t)row.height * sizeof *row.y);
    nnp_subtract_applied(row.height, row.begin, row.rows, row.width, cholesky->y, row.y);
    nnp_solve_lower(row.height, diagonal, row.width, row.y);
}

/* Equation (2) for row i and pivot j, and what there is of (1) for the pivot after the next. */
static void update_row(struct nnp_cholesky *cholesky, const struct place *pivot, int j, int i)
{
    struct place row = find_place(cholesky, i);
    double *to = row.rows + pivot->begin;
    nnp_subtract_product(row.height, pivot->height, pivot->begin, row.rows, row.width,
                         pivot->rows, pivot->width, to, row.width);
    nnp_solve_lower_rows(row.height, pivot->height, pivot->rows + pivot->begin, pivot->width,
                         to, row.width);
    if (i == j + 2)
        update_diagonal(&row, 0, pivot->width);
}

void nnp_cholesky_begin(struct nnp_cholesky *cholesky)
{
    if (cholesky->turns.items)
        nnp_turns_next(&cholesky->turns);
    else
        nnp_shared_memory_reuse(&cholesky->memory);
}

/* Whether this rank is to do what row i has to do in its turn. */
static bool take(struct nnp_cholesky *cholesky, int i, int turn)
{
    return cholesky->turns.items ? nnp_turns_take(&cholesky->turns, i, turn)
                                 : nnp_row_blocks_is_own(&cholesky->l, i);
}

static void finish(struct nnp_cholesky *cholesky, int i, int turn)
{
    if (cholesky->turns.items)
        nnp_turns_finish(&cholesky->turns, i, turn);
}

bool nnp_cholesky_take(struct nnp_cholesky *cholesky, int block)
{
    return take(cholesky, block, 0);
}

void nnp_cholesky_load(struct nnp_cholesky *cholesky, int block, const double *rows,
                       double shift, const double *b)
{
    struct place row = find_place(cholesky, block);
    memcpy(row.rows, rows, nnp_row_blocks_size(&cholesky->l, block) * sizeof *rows);
    memcpy(row.b, b, (size_t)row.height * sizeof *b);
    for (int i = 0; i < row.height; i++)
        row.rows[(size_t)i * (size_t)row.width + (size_t)(row.begin + i)] += shift;
    finish(cholesky, block, 0);
}

/* Row j goes to all ranks; it is finished on its owner. */
static void begin_journey(const struct nnp_cholesky *cholesky, int j,
                          struct nnp_shared_request *request)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    if (!cholesky->turns.items)
        nnp_shared_memory_begin_broadcast(&cholesky->memory, nnp_row_blocks_owner(l, j),
                                          l->rows[j], nnp_row_blocks_whole_size(l, j), request);
}

static void end_journey(const struct nnp_cholesky *cholesky, int j,
                        struct nnp_shared_request *request)
{
    if (cholesky->turns.items)
        nnp_turns_wait(&cholesky->turns, j, j > 0 ? j : 1);
    else
        nnp_shared_memory_wait(request);
}

/* Row i and pivot j, if it is for this rank to do. */
static void try_row(struct nnp_cholesky *cholesky, const struct place *pivot, int j, int i)
{
    if (!take(cholesky, i, j + 1))
        return;
    update_row(cholesky, pivot, j, i);
    if (i == j + 1)
        finish_row(cholesky, i);
    finish(cholesky, i, j + 1);
}

/* Rows below j: the next pivot first, if it is this rank's; then its others; and then those
 * that other ranks have not come to, the next pivot and what they would do last. */
static void update_rows(struct nnp_cholesky *cholesky, const struct place *pivot, int j,
                        struct nnp_shared_request *next)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    const int first = j + 1, n = l->n_blocks - first;
    if (n == 0)
        return;
    if (nnp_row_blocks_is_own(l, first))
        try_row(cholesky, pivot, j, first);
    begin_journey(cholesky, first, next);
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 1; k < 2 * n; k++) {
        const bool is_other = k >= n;
        const int i = k < n ? first + k : k == n ? first : l->n_blocks - (k - n);
        if (nnp_row_blocks_is_own(l, i) != is_other)
            try_row(cholesky, pivot, j, i);
    }
}

static bool factorise(struct nnp_cholesky *cholesky)
{
    const struct nnp_row_blocks *l = &cholesky->l;
    struct nnp_shared_request request = {0};
    bool done = true;
    if (take(cholesky, 0, 1)) {
        finish_row(cholesky, 0);
        finish(cholesky, 0, 1);
    }
    begin_journey(cholesky, 0, &request);
    for (int j = 0; j < l->n_blocks && done; j++) {
        struct place pivot = find_place(cholesky, j);
        end_journey(cholesky, j, &request);
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
        nnp_subtract_applied_transposed(row.height, row.begin, row.rows, row.width, own, x);
    }
}

bool nnp_cholesky_solve(struct nnp_cholesky *cholesky, double *b, double *x)
{
    if (!factorise(cholesky))
        return false;
    for (int j = 0; j < cholesky->l.n_blocks; j++) {
        struct place row = find_place(cholesky, j);
        memcpy(b + row.begin, row.b, (size_t)row.height * sizeof *b);
    }
    solve_transposed(cholesky, x);
    return true;
}
