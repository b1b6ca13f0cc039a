/* Gathering and scattering by a list of indices. */
#include "subspace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct nnp_subspace {
    int n, n_free;
    int *free;      /* [n_free] */
    double *vector; /* [n_free] */
};

static bool is_whole(const struct nnp_subspace *subspace)
{
    return subspace->n_free == subspace->n;
}

enum nnp_status nnp_subspace_create(struct nnp_subspace **subspace, int n, int n_free,
                                    const int *free, struct nnp_error *error)
{
    size_t size = (size_t)n_free;
    struct nnp_subspace *made = calloc(1, sizeof *made);
    *subspace = NULL;
    if (made) {
        made->n = n;
        made->n_free = n_free;
        made->free = calloc(size, sizeof *made->free);
        made->vector = calloc(size, sizeof *made->vector);
    }
    if (!made || !made->free || !made->vector) {
        nnp_subspace_free(made);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d of %d parameters",
                             n_free, n);
    }
    memcpy(made->free, free, size * sizeof *free);
    *subspace = made;
    return NNP_SUCCESS;
}

void nnp_subspace_free(struct nnp_subspace *subspace)
{
    if (!subspace)
        return;
    free(subspace->free);
    free(subspace->vector);
    free(subspace);
}

const double *nnp_subspace_vector(struct nnp_subspace *subspace, const double *vector)
{
    if (is_whole(subspace))
        return vector;
    for (int i = 0; i < subspace->n_free; i++)
        subspace->vector[i] = vector[subspace->free[i]];
    return subspace->vector;
}

void nnp_subspace_set(const struct nnp_subspace *subspace, const double *reduced,
                      double *vector)
{
    for (int i = 0; i < subspace->n_free; i++)
        vector[subspace->free[i]] = reduced[i];
}
