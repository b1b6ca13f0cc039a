/* Compiled once per instruction set (NNP_SIMD_NAME). */
#include "kernels/activation_vector.h"
#include "loss_kernels.h"

#include <string.h>

typedef nnp_vector vec;

/* Rows that are taken together, so that vectors are loaded and stored for several; bytes. */
enum { ROWS = 8, FEW_ROWS = 2, LINE = 64, AHEAD = 8192 };

/* y += A^T x of the rows of a band.  What comes behind them, of this matrix or of the next one,
 * is fetched meanwhile: between matrices the processor would wait for it. */
NNP_INLINE void add_band(const int n_rows, int n, const float *a, const double *x, double *y)
{
    for (int c = 0; c < n; c += NNP_ROW_LANES, a += n_rows * NNP_ROW_LANES) {
        for (int k = 0; k < n_rows; k += LINE / (NNP_ROW_LANES * (int)sizeof *a))
            __builtin_prefetch((const char *)(a + k * NNP_ROW_LANES) + AHEAD);
        for (int l = 0; l < NNP_ROW_LANES; l += SIMD_WIDTH) {
            vec sum = simd_load(y + c + l);
            for (int k = 0; k < n_rows; k++)
                sum += x[k] * simd_load_floats(a + k * NNP_ROW_LANES + l);
            simd_store(y + c + l, sum);
        }
    }
}

/* The compiler is to know the rows of each kind of band. */
static void add_floats(int m, int n, const void *matrix, const double *x, double *y)
{
    const float *a = matrix;
    for (int i = 0, n_rows; i < m; i += n_rows, a += (size_t)n_rows * (size_t)n) {
        n_rows = nnp_band(m, i);
        if (n_rows == 8)
            add_band(8, n, a, x + i, y);
        else if (n_rows == 4)
            add_band(4, n, a, x + i, y);
        else if (n_rows == 2)
            add_band(2, n, a, x + i, y);
        else
            add_band(1, n, a, x + i, y);
    }
}

/* y = A x of the rows of a band. */
NNP_INLINE void apply_band(const int n_rows, int n, const float *a, const double *x, double *y)
{
    vec sums[ROWS] = {{0.0}};
    for (int c = 0; c < n; c += NNP_ROW_LANES, a += n_rows * NNP_ROW_LANES)
        for (int l = 0; l < NNP_ROW_LANES; l += SIMD_WIDTH)
            for (int k = 0; k < n_rows; k++)
                sums[k] += simd_load(x + c + l) * simd_load_floats(a + k * NNP_ROW_LANES + l);
    for (int k = 0; k < n_rows; k++)
        y[k] = simd_sum(sums[k]);
}

static void apply_floats(int m, int n, const void *matrix, const double *x, double *y)
{
    const float *a = matrix;
    for (int i = 0, n_rows; i < m; i += n_rows, a += (size_t)n_rows * (size_t)n) {
        n_rows = nnp_band(m, i);
        if (n_rows == 8)
            apply_band(8, n, a, x, y + i);
        else if (n_rows == 4)
            apply_band(4, n, a, x, y + i);
        else if (n_rows == 2)
            apply_band(2, n, a, x, y + i);
        else
            apply_band(1, n, a, x, y + i);
    }
}

/* y += A^T x of n_rows rows. */
NNP_INLINE void add_rows(const int n_rows, int n, const double *a, const double *x, double *y)
{
    for (int c = 0; c < n; c += SIMD_WIDTH) {
        vec sum = simd_load(y + c);
        for (int i = 0; i < n_rows; i++) {
            const double *at = a + (size_t)i * (size_t)n + c;
            if (c % (LINE / (int)sizeof *a) == 0)
                __builtin_prefetch((const char *)at + AHEAD);
            sum += x[i] * simd_load(at);
        }
        simd_store(y + c, sum);
    }
}

static void add_doubles(int m, int n, const void *matrix, const double *x, double *y)
{
    const double *a = matrix;
    const size_t stride = (size_t)n;
    int i = 0;
    for (; i + ROWS <= m; i += ROWS, a += ROWS * stride)
        add_rows(ROWS, n, a, x + i, y);
    for (; i + FEW_ROWS <= m; i += FEW_ROWS, a += FEW_ROWS * stride)
        add_rows(FEW_ROWS, n, a, x + i, y);
    for (; i < m; i++, a += stride)
        add_rows(1, n, a, x + i, y);
}

static void apply_doubles(int m, int n, const void *matrix, const double *x, double *y)
{
    const double *a = matrix;
    const size_t stride = (size_t)n;
    int i = 0;
    for (; i + ROWS <= m; i += ROWS, a += ROWS * stride) {
        vec sums[ROWS] = {{0.0}};
        for (int c = 0; c < n; c += SIMD_WIDTH)
            for (int k = 0; k < ROWS; k++)
                sums[k] += simd_load(x + c) * simd_load(a + (size_t)k * stride + c);
        for (int k = 0; k < ROWS; k += SIMD_WIDTH)
            simd_store(y + i + k, simd_transposed_sum(sums + k));
    }
    for (; i < m; i++, a += stride) {
        vec sum = {0.0};
        for (int c = 0; c < n; c += SIMD_WIDTH)
            sum += simd_load(x + c) * simd_load(a + c);
        y[i] = simd_sum(sum);
    }
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
