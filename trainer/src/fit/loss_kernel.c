/* Compiled once per instruction set (NNP_SIMD_NAME). */
#include "kernels/activation_vector.h"
#include "loss_kernels.h"

#include <string.h>

typedef nnp_vector vec;

/* Rows that are taken together, so that vectors are loaded and stored for several; bytes. */
enum { ROWS = 8, FEW_ROWS = 2, LINE = 64, AHEAD = 8192 };

/* Of row i of A, which has n columns. */
NNP_INLINE const char *row_of(const enum nnp_number number, const void *a, int i, int n)
{
    return (const char *)a + (size_t)i * (size_t)n * nnp_number_size(number);
}

NNP_INLINE vec load(const enum nnp_number number, const char *row, int column)
{
    return number == NNP_FLOAT ? simd_load_floats((const float *)(const void *)row + column)
                               : simd_load((const double *)(const void *)row + column);
}

/* y += A^T x of n_rows rows.  What comes behind them, of this matrix or of the next one, is
 * fetched meanwhile: between matrices the processor would wait for it. */
NNP_INLINE void add_rows(const enum nnp_number number, const int n_rows, int n, const char *a,
                         const double *x, double *y)
{
    const int size = (int)nnp_number_size(number);
    for (int c = 0; c < n; c += SIMD_WIDTH) {
        vec sum = simd_load(y + c);
        for (int i = 0; i < n_rows; i++) {
            const char *row = row_of(number, a, i, n);
            if (c % (LINE / size) == 0)
                __builtin_prefetch(row + c * size + AHEAD);
            sum += x[i] * load(number, row, c);
        }
        simd_store(y + c, sum);
    }
}

NNP_INLINE void add_matrix(const enum nnp_number number, int m, int n, const void *a,
                           const double *x, double *y)
{
    int i = 0;
    for (; i + ROWS <= m; i += ROWS)
        add_rows(number, ROWS, n, row_of(number, a, i, n), x + i, y);
    for (; i + FEW_ROWS <= m; i += FEW_ROWS)
        add_rows(number, FEW_ROWS, n, row_of(number, a, i, n), x + i, y);
    for (; i < m; i++)
        add_rows(number, 1, n, row_of(number, a, i, n), x + i, y);
}

NNP_INLINE void apply_matrix(const enum nnp_number number, int m, int n, const void *a,
                             const double *x, double *y)
{
    int i = 0;
    for (; i + ROWS <= m; i += ROWS) {
        vec sums[ROWS] = {{0.0}};
        for (int c = 0; c < n; c += SIMD_WIDTH)
            for (int k = 0; k < ROWS; k++)
                sums[k] += simd_load(x + c) * load(number, row_of(number, a, i + k, n), c);
        for (int k = 0; k < ROWS; k += SIMD_WIDTH)
            simd_store(y + i + k, simd_transposed_sum(sums + k));
    }
    for (; i < m; i++) {
        vec sum = {0.0};
        for (int c = 0; c < n; c += SIMD_WIDTH)
            sum += simd_load(x + c) * load(number, row_of(number, a, i, n), c);
        y[i] = simd_sum(sum);
    }
}

static void add_floats(int m, int n, const void *a, const double *x, double *y)
{
    add_matrix(NNP_FLOAT, m, n, a, x, y);
}

static void add_doubles(int m, int n, const void *a, const double *x, double *y)
{
    add_matrix(NNP_DOUBLE, m, n, a, x, y);
}

static void apply_floats(int m, int n, const void *a, const double *x, double *y)
{
    apply_matrix(NNP_FLOAT, m, n, a, x, y);
}

static void apply_doubles(int m, int n, const void *a, const double *x, double *y)
{
    apply_matrix(NNP_DOUBLE, m, n, a, x, y);
}

static void gather(int n_runs, const struct nnp_columns *runs, const double *v, double *packed)
{
    for (int r = 0; r < n_runs; r++) {
        for (int c = 0; c < runs[r].n; c++)
            packed[c] = v[runs[r].first + c];
        packed += runs[r].n;
    }
}

static void scatter(int n_runs, const struct nnp_columns *runs, const double *packed, double *y)
{
    for (int r = 0; r < n_runs; r++) {
        for (int c = 0; c < runs[r].n; c++)
            y[runs[r].first + c] += packed[c];
        packed += runs[r].n;
    }
}

static void scale(int n, double a, const double *x, double *y)
{
    for (int c = 0; c < n; c++)
        y[c] = a * x[c];
}

static void add(int n, const double *x, double *y)
{
    for (int c = 0; c < n; c++)
        y[c] += x[c];
}

static double sum_squares(int n, const double *x)
{
    enum { N_SUMS = 4 };
    vec sums[N_SUMS] = {{0.0}};
    double sum = 0.0;
    int c = 0;
    for (; c + N_SUMS * SIMD_WIDTH <= n; c += N_SUMS * SIMD_WIDTH)
        for (int k = 0; k < N_SUMS; k++) {
            const vec some = simd_load(x + c + k * SIMD_WIDTH);
            sums[k] += some * some;
        }
    for (; c < n; c++)
        sum += x[c] * x[c];
    return sum + simd_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static void scale_rows(int m, int n, const double *a, const double *x, double *y)
{
    for (int i = 0; i < m; i++, x += n, y += n)
        scale(n, a[i], x, y);
}

static void combine_rows(int m, int n, const double *a, const double *x, const double *b,
                         const double *z, double *y)
{
    for (int i = 0; i < m; i++, x += n, y += n, z += n)
        for (int c = 0; c < n; c++)
            y[c] = a[i] * x[c] + b[i] * z[c];
}

/* Up to SIMD_WIDTH values, which have the same bits in any lane. */
NNP_INLINE void activate_some(enum nnp_activation activation, const size_t n, double *z,
                              double *slope, double *curvature)
{
    vec x = {0.0}, f, f1, f2;
    memcpy(&x, z, n * sizeof *z);
    if (!nnp_activate_vector(activation, x, &f, &f1, &f2)) {
        for (size_t i = 0; i < n; i++)
            nnp_activation_evaluate(activation, z[i], &z[i], &slope[i], &curvature[i]);
        return;
    }
    memcpy(z, &f, n * sizeof *z);
    memcpy(slope, &f1, n * sizeof *slope);
    memcpy(curvature, &f2, n * sizeof *curvature);
}

static void activate(enum nnp_activation activation, size_t n, double *z, double *slope,
                     double *curvature)
{
    size_t i = 0;
    for (; i + SIMD_WIDTH <= n; i += SIMD_WIDTH)
        activate_some(activation, SIMD_WIDTH, z + i, slope + i, curvature + i);
    if (i < n)
        activate_some(activation, n - i, z + i, slope + i, curvature + i);
}

const struct nnp_loss_kernels NNP_PASTE(nnp_loss_kernels_, NNP_SIMD_NAME);
const struct nnp_loss_kernels NNP_PASTE(nnp_loss_kernels_, NNP_SIMD_NAME) = {
    .apply = {apply_floats, apply_doubles},
    .add_transposed = {add_floats, add_doubles},
    .gather = gather,
    .scatter = scatter,
    .scale = scale,
    .add = add,
    .sum_squares = sum_squares,
    .scale_rows = scale_rows,
    .combine_rows = combine_rows,
    .activate = activate,
};
