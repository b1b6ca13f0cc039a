/* Covariances block by block, merged in the order of the blocks, and their eigenvectors.  With
 * n atoms, means m and sums of products C = sum (x - m) (x - m)^T of two samples, those of both
 * together are (T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37, 242 (1983), for vectors)
 *
 *   d = m_2 - m_1,  m = m_1 + n_2 d / n,  C = C_1 + C_2 + (n_1 n_2 / n) d d^T              (1)
 */
#include "principal_components.h"

#include "linear_algebra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a sample, in one piece of [1 + n + n n] doubles: count, mean, and products, of which the
 * lower triangle is used. */
static double *mean_of(double *sample)
{
    return sample + 1;
}

static double *products_of(double *sample, size_t n)
{
    return sample + 1 + n;
}

static size_t sample_size(size_t n)
{
    return 1 + n + n * n;
}

/* C += factor d d^T */
static void add_product(size_t n, double factor, const double *d, double *products)
{
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k <= j; k++)
            products[j * n + k] += factor * d[j] * d[k];
}

/* rows: [n_rows][n]; difference: scratch [n]. */
static void set_sample(size_t n, int n_rows, const double *rows, double *difference,
                       double *sample)
{
    double *mean = mean_of(sample);
    memset(sample, 0, sample_size(n) * sizeof *sample);
    sample[0] = n_rows;
    for (size_t i = 0; i < (size_t)n_rows; i++)
        for (size_t k = 0; k < n; k++)
            mean[k] += rows[i * n + k] / n_rows;
    for (size_t i = 0; i < (size_t)n_rows; i++) {
        for (size_t k = 0; k < n; k++)
            difference[k] = rows[i * n + k] - mean[k];
        add_product(n, 1.0, difference, products_of(sample, n));
    }
}

/* Equation (1); difference: scratch [n]. */
static void merge(size_t n, double *a, double *b, double *difference)
{
    const double total = a[0] + b[0];
    if (b[0] == 0.0)
        return;
    for (size_t k = 0; k < n; k++) {
        difference[k] = mean_of(b)[k] - mean_of(a)[k];
        mean_of(a)[k] += b[0] / total * difference[k];
    }
    for (size_t k = 0; k < n * n; k++)
        products_of(a, n)[k] += products_of(b, n)[k];
    add_product(n, a[0] * b[0] / total, difference, products_of(a, n));
    a[0] = total;
}

/* The sample of all blocks, into samples [n_blocks], of which the first becomes that. */
static void sum_samples(const struct nnp_fit_set *set, int element, size_t n, double *samples,
                        double *difference)
{
    const size_t size = sample_size(n);
    for (int b = 0; b < set->blocks.n_blocks; b++) {
        const struct nnp_descriptor_cache *cache = set->caches[b];
        if (cache)
            set_sample(n, nnp_descriptor_cache_n_rows(cache, element),
                       nnp_descriptor_cache_values(cache, element), difference,
                       samples + (size_t)b * size);
    }
    nnp_parallel_gather(set->parallel, set->blocks.first_block, (int)size, samples);
    for (int b = 1; b < set->blocks.n_blocks; b++)
        merge(n, samples, samples + (size_t)b * size, difference);
}

static void fix_sign(size_t n, double *vector)
{
    size_t largest = 0;
    for (size_t k = 1; k < n; k++)
        if (fabs(vector[k]) > fabs(vector[largest]))
            largest = k;
    const double sign = vector[largest] < 0.0 ? -1.0 : 1.0;
    for (size_t k = 0; k < n; k++)
        vector[k] *= sign;
}

/* Eigenvectors of the covariance; products: overwritten, values: scratch [n]. */
static enum nnp_status diagonalize(struct nnp_principal_components *components, double n_atoms,
                                   double *products, double *values, struct nnp_error *error)
{
    const size_t n = (size_t)components->n;
    for (size_t k = 0; k < n * n; k++)
        products[k] /= n_atoms > 0.0 ? n_atoms : 1.0;
    enum nnp_status status = nnp_symmetric_eigen(components->n, products, values, error);
    for (size_t k = 0; k < n && !status; k++) {
        double *vector = components->vectors + k * n;
        components->variances[k] = fmax(values[n - 1 - k], 0.0);
        memcpy(vector, products + (n - 1 - k) * n, n * sizeof *vector);
        fix_sign(n, vector);
    }
    return status;
}

static bool allocate(struct nnp_principal_components *components, int n)
{
    const size_t size = (size_t)n + 1;
    *components = (struct nnp_principal_components){.n = n};
    components->mean = calloc(size, sizeof(double));
    components->variances = calloc(size, sizeof(double));
    components->vectors = calloc(size, size * sizeof(double));
    return components->mean && components->variances && components->vectors;
}

enum nnp_status nnp_principal_components_find(struct nnp_principal_components *components,
                                              const struct nnp_fit_set *set, int element,
                                              struct nnp_error *error)
{
    const struct nnp_parallel *parallel = set->parallel;
    const int n = set->potential->descriptors[element].n_functions;
    const size_t size = (size_t)n;
    double *samples =
        calloc((size_t)set->blocks.n_blocks + 1, sample_size(size) * sizeof *samples);
    double *scratch = calloc(size + 1, sizeof *scratch);
    enum nnp_status status = NNP_SUCCESS;
    if (!allocate(components, n) || !samples || !scratch)
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d principal components", n);
    status = nnp_parallel_agree(parallel, status, error);
    if (!status && samples && scratch) {
        sum_samples(set, element, size, samples, scratch);
        memcpy(components->mean, mean_of(samples), size * sizeof(double));
        status =
            diagonalize(components, samples[0], products_of(samples, size), scratch, error);
    }
    status = nnp_parallel_agree(parallel, status, error);
    if (status) {
        nnp_principal_components_free(components);
    } else { /* nodes of other processors may round otherwise */
        nnp_parallel_broadcast_doubles(parallel, components->variances, n);
        nnp_parallel_broadcast_doubles(parallel, components->vectors, n * n);
    }
    free(samples);
    free(scratch);
    return status;
}

void nnp_principal_components_free(struct nnp_principal_components *components)
{
    free(components->mean);
    free(components->variances);
    free(components->vectors);
    *components = (struct nnp_principal_components){0};
}

double nnp_principal_components_part(const struct nnp_principal_components *components,
                                     int size)
{
    double part = 0.0, whole = 0.0;
    for (int k = 0; k < components->n; k++) {
        whole += components->variances[k];
        part += k < size ? components->variances[k] : 0.0;
    }
    return whole > 0.0 ? part / whole : 1.0;
}

enum nnp_status
nnp_principal_components_project(const struct nnp_principal_components *components, int size,
                                 bool whiten, struct nnp_projection *projection,
                                 struct nnp_error *error)
{
    const size_t n = (size_t)components->n, m = (size_t)size;
    const double floor = NNP_WHITENING_FLOOR * components->variances[0];
    *projection = (struct nnp_projection){0};
    projection->matrix = calloc(n, m * sizeof(double));
    projection->offset = calloc(n, sizeof(double));
    if (!projection->matrix || !projection->offset) {
        free(projection->matrix);
        free(projection->offset);
        *projection = (struct nnp_projection){0};
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d principal components",
                             size);
    }
    projection->n_inputs = components->n;
    projection->n_outputs = size;
    memcpy(projection->offset, components->mean, n * sizeof(double));
    for (size_t k = 0; k < m; k++) {
        const double variance = fmax(components->variances[k], floor);
        const double factor = whiten && variance > 0.0 ? 1.0 / sqrt(variance) : 1.0;
        for (size_t j = 0; j < n; j++)
            projection->matrix[j * m + k] = factor * components->vectors[k * n + j];
    }
    return NNP_SUCCESS;
}
