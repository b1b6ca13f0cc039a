/* The statistics of a set that scaling needs. */
#include "fit_set.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Statistics of one function over the rows of a block, later over all blocks. */
struct range {
    double count, min, max, sum, squares; /* squares of differences from the mean */
};

enum { RANGE_SIZE = sizeof(struct range) / sizeof(double) };

static struct range range_of_column(int n_rows, int n_columns, const double *column)
{
    struct range range = {.count = n_rows, .min = DBL_MAX, .max = -DBL_MAX};
    for (int i = 0; i < n_rows; i++) {
        double value = column[(size_t)i * (size_t)n_columns];
        range.min = fmin(range.min, value);
        range.max = fmax(range.max, value);
        range.sum += value;
    }
    for (int i = 0; i < n_rows; i++) {
        double difference = column[(size_t)i * (size_t)n_columns] - range.sum / n_rows;
        range.squares += difference * difference;
    }
    return range;
}

/* Union of two samples (T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37, 242 (1983)). */
static void merge_range(struct range *a, const struct range *b)
{
    if (b->count == 0.0)
        return;
    if (a->count > 0.0) {
        double difference = b->sum / b->count - a->sum / a->count;
        a->squares += difference * difference * a->count * b->count / (a->count + b->count);
    }
    a->squares += b->squares;
    a->count += b->count;
    a->sum += b->sum;
    a->min = fmin(a->min, b->min);
    a->max = fmax(a->max, b->max);
}

static void set_scaling(struct nnp_scaling *scaling, int k, const struct range *range)
{
    if (range->count == 0.0)
        return;
    scaling->min[k] = range->min;
    scaling->max[k] = range->max;
    scaling->mean[k] = range->sum / range->count;
    scaling->sigma[k] = sqrt(range->squares / range->count);
}

/* Ranges of one element's functions; ranges: scratch [n_blocks][n_functions]. */
static void find_ranges(const struct nnp_fit_set *set, int element, int n_functions,
                        struct range *ranges, struct nnp_scaling *scaling)
{
    for (int b = 0; b < set->blocks.n_blocks; b++) {
        const struct nnp_descriptor_cache *cache = set->caches[b];
        for (int k = 0; cache && k < n_functions; k++)
            ranges[b * n_functions + k] =
                range_of_column(nnp_descriptor_cache_n_rows(cache, element), n_functions,
                                nnp_descriptor_cache_values(cache, element) + k);
    }
    nnp_parallel_gather(set->parallel, set->blocks.first_block, n_functions * RANGE_SIZE,
                        (double *)ranges);
    for (int k = 0; k < n_functions; k++) {
        struct range all = {.min = DBL_MAX, .max = -DBL_MAX};
        for (int b = 0; b < set->blocks.n_blocks; b++)
            merge_range(&all, &ranges[b * n_functions + k]);
        set_scaling(scaling, k, &all);
    }
}

enum nnp_status nnp_fit_set_ranges(const struct nnp_fit_set *set,
                                   struct nnp_potential *potential, struct nnp_error *error)
{
    const int most = nnp_descriptor_most_functions(potential);
    struct range *ranges =
        calloc((size_t)set->blocks.n_blocks + 1, ((size_t)most + 1) * sizeof *ranges);
    enum nnp_status status = NNP_SUCCESS;
    if (!ranges)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for ranges of %d functions",
                               most);
    status = nnp_parallel_agree(set->parallel, status, error);
    for (int e = 0; e < potential->n_elements && ranges && !status; e++)
        find_ranges(set, e, potential->descriptors[e].n_functions, ranges,
                    &potential->descriptors[e].scaling);
    free(ranges);
    return status;
}
