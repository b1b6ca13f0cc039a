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
    if (!environment->kernels)
        environment->kernels = nnp_environment_kernels_select();
    const size_t capacity = ((size_t)n + (size_t)n / 2 + NNP_LANES) / NNP_LANES * NNP_LANES;
    double *storage =
        aligned_alloc(64, (capacity * (10 * sizeof(double) + sizeof(int)) + 63) / 64 * 64);
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n);
    free(environment->storage);
    environment->storage = storage;
    environment->x = storage;
    environment->y = storage + capacity;
    environment->z = storage + 2 * capacity;
    environment->r = storage + 3 * capacity;
    environment->unsorted.x = storage + 4 * capacity;
    environment->unsorted.y = storage + 5 * capacity;
    environment->unsorted.z = storage + 6 * capacity;
    environment->unsorted.atoms = (int64_t *)(storage + 7 * capacity);
    environment->unsorted.elements = (int64_t *)(storage + 8 * capacity);
    environment->sorted = (int64_t *)(storage + 9 * capacity);
    environment->atoms = (int *)(storage + 10 * capacity);
    environment->capacity = (int)capacity;
    return NNP_SUCCESS;
}

long long nnp_atom_id(const struct nnp_atoms *atoms, int i)
{
    return atoms->atom_id ? (long long)atoms->atom_id(atoms->atom_id_data, i) : i + 1LL;
}

static enum nnp_status refuse_distance(const struct nnp_atoms *atoms, int i, int j, double r,
                                       double r_min, struct nnp_error *error)
{
    const long long id_i = nnp_atom_id(atoms, i), id_j = nnp_atom_id(atoms, j);
    const double *a = atoms->positions + 3 * (size_t)i;
    if (!isfinite(r))
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "the distance of atoms %lld and %lld is not finite (atom %lld is "
                             "at %.6g %.6g %.6g)",
                             id_i, id_j, id_i, a[0], a[1], a[2]);
    if (r == 0.0)
        return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                             "atoms %lld and %lld are at the same place, %.6g %.6g %.6g", id_i,
                             id_j, a[0], a[1], a[2]);
    return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                         "atoms %lld and %lld are %.3g Angstrom apart, expected at least 0.1 "
                         "(atom %lld is at %.6g %.6g %.6g)",
                         id_i, id_j, 0.1 * r / r_min, id_i, a[0], a[1], a[2]);
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
    const int bad = environment->kernels->gather(environment, atoms, center, r_cut, r_min);
    return bad < 0 ? NNP_SUCCESS
                   : refuse_distance(atoms, center, environment->atoms[bad],
                                     environment->r[bad], r_min, error);
}

void nnp_environment_free(struct nnp_environment *environment)
{
    free(environment->begin);
    free(environment->storage);
    *environment = (struct nnp_environment){0};
}
