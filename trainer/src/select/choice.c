/* Farthest points, and largest values. */
#include "choice.h"

#include "random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double distance_squared(int n_columns, const double *a, const double *b)
{
    double sum = 0.0;
    for (int k = 0; k < n_columns; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

/* Squared distance of point i from the nearest of those marked. */
static double nearest(int n, int n_columns, const double *points, const bool *is_held, int i)
{
    double least = INFINITY;
    for (int j = 0; j < n; j++)
        if (is_held[j])
            least =
                fmin(least, distance_squared(n_columns, points + (size_t)i * (size_t)n_columns,
                                             points + (size_t)j * (size_t)n_columns));
    return least;
}

/* order doubles as memory of what is chosen. */
int nnp_choose_farthest(int n, int n_columns, const double *points, const bool *is_held,
                        int n_wanted, unsigned long seed, int *order)
{
    struct nnp_random random;
    int n_chosen = 0, n_free = 0;
    double *distances = calloc((size_t)n + 1, sizeof *distances);
    memset(order, 0, (size_t)n * sizeof *order);
    if (!distances)
        return -1;
    for (int i = 0; i < n; i++) {
        distances[i] = is_held[i] ? 0.0 : nearest(n, n_columns, points, is_held, i);
        n_free += !is_held[i];
    }
    nnp_random_seed(&random, seed);
    int first = n_free > 0 ? (int)nnp_random_below(&random, (uint64_t)n_free) : 0;
    while (n_chosen < n_wanted) {
        int farthest = -1;
        for (int i = 0; i < n; i++)
            if (distances[i] > 0.0 && (farthest < 0 || distances[i] > distances[farthest]))
                farthest = i;
        if (farthest < 0)
            break;
        if (isinf(distances[farthest])) /* nothing is held: the first of all, none is marked */
            farthest = first;
        order[farthest] = ++n_chosen;
        for (int i = 0; i < n; i++)
            distances[i] =
                fmin(distances[i],
                     distance_squared(n_columns, points + (size_t)i * (size_t)n_columns,
                                      points + (size_t)farthest * (size_t)n_columns));
    }
    free(distances);
    return n_chosen;
}

int nnp_choose_largest(int n, const double *values, const bool *is_held, int n_wanted,
                       int *order)
{
    int n_chosen = 0;
    memset(order, 0, (size_t)n * sizeof *order);
    while (n_chosen < n_wanted) {
        int largest = -1;
        for (int i = 0; i < n; i++)
            if (!is_held[i] && order[i] == 0 && values[i] > 0.0 &&
                (largest < 0 || values[i] > values[largest]))
                largest = i;
        if (largest < 0)
            break;
        order[largest] = ++n_chosen;
    }
    return n_chosen;
}
