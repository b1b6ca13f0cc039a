/* Principal components of n rows x of d numbers, centred: with X the matrix of rows,
 * eigenvectors v of X^T X give the scores X v; where d > n, eigenvectors u of X X^T give them
 * as sqrt(lambda) u, the same but for the sign. */
#include "linear_algebra.h"
#include "structure_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows less their mean. */
static void center(const struct nnp_features *features, double *centered)
{
    size_t n = (size_t)features->n_rows, d = (size_t)features->n_columns;
    for (size_t k = 0; k < d; k++) {
        double mean = 0.0;
        for (size_t s = 0; s < n; s++)
            mean += features->values[s * d + k] / (double)n;
        for (size_t s = 0; s < n; s++)
            centered[s * d + k] = features->values[s * d + k] - mean;
    }
}

/* Scores on the eigenvector, the c-th from the last, of either matrix. */
static void set_scores(int n, int d, const double *centered, const double *vectors,
                       const double *values, int c, int n_components, double *scores)
{
    int m = d > n ? n : d, largest = 0;
    const double *vector = vectors + (size_t)(m - 1 - c) * (size_t)m;
    double root = sqrt(fmax(values[m - 1 - c], 0.0));
    for (int s = 0; s < n; s++) {
        double *score = &scores[(size_t)s * (size_t)n_components + (size_t)c];
        *score = d > n ? root * vector[s] : 0.0;
        for (int k = 0; d <= n && k < d; k++)
            *score += centered[(size_t)s * (size_t)d + (size_t)k] * vector[k];
        if (fabs(*score) > fabs(scores[(size_t)largest * (size_t)n_components + (size_t)c]))
            largest = s;
    }
    if (scores[(size_t)largest * (size_t)n_components + (size_t)c] < 0.0)
        for (int s = 0; s < n; s++)
            scores[(size_t)s * (size_t)n_components + (size_t)c] *= -1.0;
}

enum nnp_status nnp_features_components(const struct nnp_features *features, int n_components,
                                        double *scores, double *variances,
                                        struct nnp_error *error)
{
    int n = features->n_rows, d = features->n_columns, m = d > n ? n : d;
    double *centered = calloc((size_t)n + 1, ((size_t)d + 1) * sizeof *centered);
    double *matrix = calloc((size_t)m + 1, ((size_t)m + 1) * sizeof *matrix);
    double *values = calloc((size_t)m + 1, sizeof *values);
    enum nnp_status status = NNP_SUCCESS;
    memset(scores, 0, (size_t)n * (size_t)n_components * sizeof *scores);
    memset(variances, 0, (size_t)n_components * sizeof *variances);
    if (!centered || !matrix || !values) {
        status = nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for principal components of %d structures", n);
    } else if (m > 0) {
        center(features, centered);
        if (d > n)
            nnp_multiply_transposed(n, n, d, centered, centered, 0.0, matrix);
        else
            nnp_transposed_multiply(d, d, n, centered, centered, 0.0, matrix);
        status = nnp_symmetric_eigen(m, matrix, values, error);
    }
    for (int c = 0; c < n_components && c < m && !status; c++) {
        set_scores(n, d, centered, matrix, values, c, n_components, scores);
        variances[c] = fmax(values[m - 1 - c], 0.0) / n;
    }
    free(centered);
    free(matrix);
    free(values);
    return status;
}
