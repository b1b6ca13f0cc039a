/* Division of a data set into training and test set.
 *
 * Random samples are without replacement, by Floyd's algorithm (J. Bentley, R. Floyd, Commun.
 * ACM 30, 754 (1987)): uniform over all subsets of their size. */
#include "dataset.h"
#include "extxyz_comment.h"
#include "random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Marks n_test of the structures indices [n] that are not marked before. */
static void mark(struct nnp_random *random, int n, const int *indices, int n_test,
                 bool *is_test)
{
    for (int last = n - n_test; last < n; last++) {
        int chosen = indices[nnp_random_below(random, (uint64_t)last + 1)];
        is_test[is_test[chosen] ? indices[last] : chosen] = true;
    }
}

/* Of n structures, of which one at least is to be trained on. */
static int test_size(double fraction, int n)
{
    int n_test = (int)lround(fraction * n);
    if (fraction > 0.0 && n_test < 1)
        n_test = 1;
    return n_test > n - 1 ? n - 1 : n_test;
}

/* ---- Rules ---- */

static const char *group_name(const struct nnp_structure *structure)
{
    return structure->group ? structure->group : "";
}

enum nnp_status nnp_dataset_check_group(const struct nnp_dataset *dataset, const char *group,
                                        const char *what, struct nnp_error *error)
{
    for (int s = 0; s < dataset->n_structures; s++)
        if (strcmp(group_name(&dataset->structures[s]), group) == 0)
            return NNP_SUCCESS;
    return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                         "%s names the group '%.60s', but no structure of the data has "
                         "config_type=%.60s",
                         what, group, group);
}

/* Whether the comment has key=value. */
static bool has_pair(const struct nnp_structure *structure, const char *key, const char *value)
{
    const char *info = structure->info ? structure->info : "";
    struct nnp_span rest = {info, info + strlen(info)};
    struct nnp_source source = {"", rest.begin, rest.end, 0, NULL};
    struct nnp_extxyz_pair pair;
    bool found = true;
    while (!nnp_extxyz_next_pair(&source, &rest, &pair, &found) && found)
        if (pair.has_value && nnp_span_equals(pair.key, key) &&
            nnp_span_equals(pair.value, value))
            return true;
    return false;
}

static bool is_left_out(const struct nnp_dataset_division *division,
                        const struct nnp_structure *structure)
{
    for (int g = 0; g < division->n_left_out; g++)
        if (strcmp(group_name(structure), division->left_out[g]) == 0)
            return true;
    return false;
}

/* Marks what files, key and groups put into the test set. */
static enum nnp_status apply_rules(const struct nnp_dataset *dataset,
                                   const struct nnp_dataset_division *division, bool *is_test,
                                   struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    bool found = false;
    int s = 0;
    memset(is_test, false, (size_t)dataset->n_structures * sizeof *is_test);
    for (int g = 0; g < division->n_left_out && !status; g++)
        status = nnp_dataset_check_group(dataset, division->left_out[g], "leave_out", error);
    for (int f = 0; f < dataset->n_files && !status; f++)
        for (int last = s + dataset->files[f].n_structures; s < last; s++) {
            const struct nnp_structure *structure = &dataset->structures[s];
            bool has_key = division->test_key &&
                           has_pair(structure, division->test_key, division->test_value);
            found = found || has_key;
            is_test[s] = has_key || is_left_out(division, structure) ||
                         (division->test_files && division->test_files[f]);
        }
    if (!status && division->test_key && !found)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "test_key is %s=%s, which no structure of the data has",
                               division->test_key, division->test_value);
    return status;
}

/* ---- Random parts ---- */

static int compare_groups(const void *a, const void *b)
{
    const struct nnp_structure *const *x = a, *const *y = b;
    int order = strcmp(group_name(*x), group_name(*y));
    return order ? order : (*x > *y) - (*x < *y);
}

/* The fraction of each group; the rounding of one is made up for by the next. */
static void split_groups(const struct nnp_dataset *dataset, int n,
                         const struct nnp_structure **sorted, int n_test, int *indices,
                         struct nnp_random *random, bool *is_test)
{
    int n_marked = 0;
    qsort(sorted, (size_t)n, sizeof *sorted, compare_groups);
    for (int i = 0; i < n; i++)
        indices[i] = (int)(sorted[i] - dataset->structures);
    for (int first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n; end++)
            if (strcmp(group_name(sorted[end]), group_name(sorted[first])) != 0)
                break;
        int wanted = (int)lround((double)n_test * end / n) - n_marked;
        mark(random, end - first, indices + first, wanted, is_test);
        n_marked += wanted;
    }
}

enum nnp_status nnp_dataset_divide(const struct nnp_dataset *dataset,
                                   const struct nnp_dataset_division *division, bool *is_test,
                                   struct nnp_error *error)
{
    size_t size = (size_t)dataset->n_structures + 1;
    int *indices = calloc(size, sizeof *indices);
    const struct nnp_structure **structures = calloc(size, sizeof *structures);
    enum nnp_status status = NNP_SUCCESS;
    if (!indices || !structures)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu structures", size);
    else
        status = apply_rules(dataset, division, is_test, error);
    if (!status) {
        struct nnp_random random;
        int n = 0;
        nnp_random_seed(&random, division->seed);
        for (int s = 0; s < dataset->n_structures; s++)
            if (!is_test[s]) {
                structures[n] = &dataset->structures[s];
                indices[n++] = s;
            }
        int n_test = n > 0 ? test_size(division->fraction, n) : 0;
        if (division->stratified)
            split_groups(dataset, n, structures, n_test, indices, &random, is_test);
        else
            mark(&random, n, indices, n_test, is_test);
    }
    free(indices);
    free(structures);
    return status;
}
