/* Stripes of structures, each in a random order of its own. */
#include "batches.h"

#include "random.h"

#include <stdlib.h>

enum nnp_status nnp_batches_init(struct nnp_batches *batches, int n_structures, int size,
                                 struct nnp_error *error)
{
    *batches = (struct nnp_batches){.n_structures = n_structures, .epoch = -1};
    batches->size = size < n_structures ? size : n_structures;
    if (n_structures > 0)
        batches->n_batches = (n_structures + batches->size - 1) / batches->size;
    batches->order = calloc((size_t)n_structures + 1, sizeof *batches->order);
    if (!batches->order)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for batches of %d structures",
                             n_structures);
    return NNP_SUCCESS;
}

void nnp_batches_free(struct nnp_batches *batches)
{
    free(batches->order);
    *batches = (struct nnp_batches){0};
}

static int first_of_stripe(const struct nnp_batches *batches, int stripe)
{
    return (int)((long)batches->n_structures * stripe / batches->size);
}

/* Fisher and Yates' shuffle of every stripe. */
static void shuffle(struct nnp_batches *batches, int epoch)
{
    struct nnp_random random;
    nnp_random_seed(&random, (uint64_t)epoch);
    batches->epoch = epoch;
    for (int i = 0; i < batches->n_structures; i++)
        batches->order[i] = i;
    for (int stripe = 0; stripe < batches->size; stripe++) {
        int *order = batches->order + first_of_stripe(batches, stripe);
        int n = first_of_stripe(batches, stripe + 1) - first_of_stripe(batches, stripe);
        for (int i = n - 1; i > 0; i--) {
            int other = (int)nnp_random_below(&random, (uint64_t)i + 1), moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
    }
}

int nnp_batches_select(struct nnp_batches *batches, int number, int *selected)
{
    int epoch = number / batches->n_batches, place = number % batches->n_batches, n = 0;
    if (epoch != batches->epoch)
        shuffle(batches, epoch);
    for (int stripe = 0; stripe < batches->size; stripe++) {
        int first = first_of_stripe(batches, stripe);
        if (first + place < first_of_stripe(batches, stripe + 1))
            selected[n++] = batches->order[first + place];
    }
    return n;
}
