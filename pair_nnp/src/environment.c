/* Gathers the neighborhood of one atom out of a caller's neighbor list. */
#include "environment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum nnp_status reserve(struct nnp_environment *environment, int n, int n_elements,
                               struct nnp_error *error)
{
    if (n_elements > environment->n_elements) {
        int *begin = realloc(environment->begin, 2 * (size_t)n_elements * sizeof *begin);
        if (!begin)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d elements",
                                 n_elements);
        environment->begin = begin;
        environment->end = begin + n_elements;
        environment->n_elements = n_elements;
    }
    n += NNP_LANES * n_elements;
    if (n <= environment->capacity)
        return NNP_SUCCESS;
    const size_t capacity = ((size_t)n + (size_t)n / 2 + NNP_LANES) / NNP_LANES * NNP_LANES;
    double *storage = aligned_alloc(64, capacity * (4 * sizeof(double) + 4 * sizeof(int)));
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n);
    free(environment->storage);
    environment->storage = storage;
    environment->x = storage;
    environment->y = storage + capacity;
    environment->z = storage + 2 * capacity;
    environment->r = storage + 3 * capacity;
    environment->atoms = (int *)(storage + 4 * capacity);
    environment->unsorted = environment->atoms + capacity;
    environment->capacity = (int)capacity;
    return NNP_SUCCESS;
}

/* Neighbors within r_cut as (atom, element), and their number per element in end[element]. */
static int select_neighbors(struct nnp_environment *environment, const struct nnp_atoms *atoms,
                            int center, double r_cut)
{
    const double *r_i = atoms->positions + 3 * (size_t)center;
    const double limit = (r_cut / atoms->length_unit) * (r_cut / atoms->length_unit);
    const int *neighbors = atoms->neighbors[center];
    int n = 0;
    memset(environment->end, 0, (size_t)environment->n_elements * sizeof(int));
    for (int k = 0; k < atoms->n_neighbors[center]; k++) {
        const int j = neighbors[k] & atoms->neighbor_mask;
        const int element = atoms->type_elements[atoms->types[j]];
        const double *r_j = atoms->positions + 3 * (size_t)j;
        const double dx = r_j[0] - r_i[0], dy = r_j[1] - r_i[1], dz = r_j[2] - r_i[2];
        /* Written so that a distance that is not a number is kept, and found later. */
        if (element < 0 || dx * dx + dy * dy + dz * dz >= limit)
            continue;
        environment->unsorted[2 * n] = j;
        environment->unsorted[2 * n + 1] = element;
        environment->end[element]++;
        n++;
    }
    return n;
}

/* Segments from the numbers in end[], which becomes begin[], and their pads. */
static void lay_out(struct nnp_environment *environment, double r_cut)
{
    int slot = 0;
    for (int e = 0; e < environment->n_elements; e++) {
        const int n = environment->end[e];
        environment->begin[e] = environment->end[e] = slot;
        for (int pad = slot + n; pad % NNP_LANES; pad++) {
            environment->atoms[pad] = -1;
            environment->x[pad] = environment->r[pad] = r_cut;
            environment->y[pad] = environment->z[pad] = 0.0;
        }
        slot += (n + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
    }
    environment->n = slot;
}

long long nnp_atom_id(const struct nnp_atoms *atoms, int i)
{
    return atoms->atom_id ? (long long)atoms->atom_id(atoms->atom_id_data, i) : i + 1LL;
}

static enum nnp_status refuse_distance(const struct nnp_atoms *atoms, int i, int j, double r,
                                       double r_min, struct nnp_error *error)
{
    const long long id_i = nnp_atom_id(atoms, i), id_j = nnp_atom_id(atoms, j);
    if (!isfinite(r))
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "the distance of atoms %lld and %lld is not finite", id_i, id_j);
    if (r == 0.0)
        return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                             "atoms %lld and %lld are at the same place", id_i, id_j);
    return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                         "atoms %lld and %lld are %.3g Angstrom apart, expected at least 0.1",
                         id_i, id_j, 0.1 * r / r_min);
}

enum nnp_status nnp_environment_gather(struct nnp_environment *environment,
                                       const struct nnp_atoms *atoms, int center,
                                       int n_elements, double r_cut, double r_min,
                                       struct nnp_error *error)
{
    enum nnp_status status =
        reserve(environment, atoms->n_neighbors[center], n_elements, error);
    if (status)
        return status;
    const int n = select_neighbors(environment, atoms, center, r_cut);
    const double *r_i = atoms->positions + 3 * (size_t)center;
    lay_out(environment, r_cut);
    for (int k = 0; k < n; k++) {
        const int j = environment->unsorted[2 * k];
        const int slot = environment->end[environment->unsorted[2 * k + 1]]++;
        const double *r_j = atoms->positions + 3 * (size_t)j;
        const double x = (r_j[0] - r_i[0]) * atoms->length_unit;
        const double y = (r_j[1] - r_i[1]) * atoms->length_unit;
        const double z = (r_j[2] - r_i[2]) * atoms->length_unit;
        const double r = sqrt(x * x + y * y + z * z);
        environment->atoms[slot] = j;
        environment->x[slot] = x;
        environment->y[slot] = y;
        environment->z[slot] = z;
        environment->r[slot] = r;
        if (!(r >= r_min && isfinite(r)))
            return refuse_distance(atoms, center, j, r, r_min, error);
    }
    return NNP_SUCCESS;
}

void nnp_environment_free(struct nnp_environment *environment)
{
    free(environment->begin);
    free(environment->storage);
    *environment = (struct nnp_environment){0};
}
