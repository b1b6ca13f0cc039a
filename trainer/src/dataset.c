/* Data sets of one or several files.
 *
 * The test set is a random sample without replacement by Floyd's algorithm (J. Bentley,
 * R. Floyd, Commun. ACM 30, 754 (1987)): uniform over all subsets of its size. */
#include "dataset.h"

#include "extxyz.h"
#include "random.h"
#include "sha256.h"
#include "text.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void nnp_dataset_free(struct nnp_dataset *dataset)
{
    if (!dataset)
        return;
    for (int i = 0; i < dataset->n_structures; i++)
        nnp_structure_free(&dataset->structures[i]);
    for (int f = 0; f < dataset->n_files; f++)
        free(dataset->files[f].path);
    free(dataset->structures);
    free(dataset->files);
    memset(dataset, 0, sizeof *dataset);
}

/* Room for n_more elements behind n; the array stays where that fails. */
static bool extend(void **array, int n, int n_more, size_t size)
{
    if (n > INT_MAX - n_more || (size_t)n + (size_t)n_more > SIZE_MAX / size)
        return false;
    void *moved = realloc(*array, ((size_t)n + (size_t)n_more) * size);
    if (moved)
        *array = moved;
    return moved != NULL;
}

/* Moves structures into the data set, together with the file that they are from; on failure
 * they stay with the caller. */
static bool append(struct nnp_dataset *dataset, const struct nnp_dataset_file *file,
                   const struct nnp_structure *structures)
{
    void *files = dataset->files, *all = dataset->structures;
    bool extended =
        extend(&files, dataset->n_files, 1, sizeof *dataset->files) &&
        extend(&all, dataset->n_structures, file->n_structures, sizeof *dataset->structures);
    dataset->files = files;
    dataset->structures = all;
    if (!extended)
        return false;
    dataset->files[dataset->n_files++] = *file;
    memcpy(dataset->structures + dataset->n_structures, structures,
           (size_t)file->n_structures * sizeof *structures);
    dataset->n_structures += file->n_structures;
    return true;
}

enum nnp_status nnp_dataset_read(struct nnp_dataset *dataset, const char *path,
                                 struct nnp_error *error)
{
    struct nnp_dataset_file file = {0};
    struct nnp_structure *structures = NULL;
    char *text;
    size_t length;
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    if (status)
        return status;
    nnp_sha256(text, length, file.sha256);
    status = nnp_extxyz_parse(path, text, length, &structures, &file.n_structures, error);
    free(text);
    if (status)
        return status;

    file.path = strdup(path);
    if (!file.path || !append(dataset, &file, structures)) {
        for (int i = 0; i < file.n_structures; i++)
            nnp_structure_free(&structures[i]);
        free(file.path);
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory", path);
    }
    free(structures);
    return status;
}

void nnp_dataset_split(const struct nnp_dataset *dataset, double fraction, unsigned long seed,
                       bool *is_test)
{
    int n = dataset->n_structures;
    int n_test = (int)lround(fraction * n);
    if (fraction > 0.0 && n_test < 1)
        n_test = 1;
    if (n_test > n - 1)
        n_test = n - 1;

    struct nnp_random random;
    nnp_random_seed(&random, seed);
    for (int i = 0; i < n; i++)
        is_test[i] = false;
    for (int last = n - n_test; last < n; last++) {
        int chosen = (int)nnp_random_below(&random, (uint64_t)last + 1);
        is_test[is_test[chosen] ? last : chosen] = true;
    }
}
