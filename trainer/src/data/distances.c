/* Shortest distances, from neighbor lists. */
#include "distances.h"

#include <math.h>
#include <stdlib.h>

static enum nnp_status build_list(struct nnp_neighbor_list *list,
                                  const struct nnp_structure *structure, double reach,
                                  struct nnp_error *error)
{
    struct nnp_error inner;
    enum nnp_status status = nnp_neighbor_list_build(list, &structure->cell, structure->n_atoms,
                                                     structure->positions, reach, &inner);
    return status ? nnp_error_set(error, status, "%s:%d: %.800s", structure->file,
                                  structure->line, inner.message)
                  : NNP_SUCCESS;
}

static double distance(const struct nnp_neighbor_list *list, int i, int j)
{
    const double *a = &list->positions[3 * (size_t)i], *b = &list->positions[3 * (size_t)j];
    double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

/* Pairs of atoms of the cell and neighbors; class_of: row of an atom, negative: not counted. */
static void scan(const struct nnp_neighbor_list *list, const int *class_of, int n_classes,
                 int number, struct nnp_close_pair *closest)
{
    for (int i = 0; i < list->n_atoms; i++)
        for (int k = 0; k < list->n_neighbors[i]; k++) {
            int j = list->neighbors[i][k], owner = list->owners[j];
            if (class_of[i] < 0 || class_of[owner] < 0)
                continue;
            double d = distance(list, i, j);
            struct nnp_close_pair *pair = &closest[class_of[i] * n_classes + class_of[owner]];
            if (d < pair->distance)
                *pair = (struct nnp_close_pair){d, number, i, owner};
        }
}

enum nnp_status nnp_distances_add(struct nnp_close_pair *closest, int n_elements,
                                  const int *atomic_numbers,
                                  const struct nnp_structure *structure, int number,
                                  double reach, struct nnp_error *error)
{
    struct nnp_neighbor_list list;
    int *class_of = calloc((size_t)structure->n_atoms + 1, sizeof *class_of);
    if (!class_of)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms",
                             structure->n_atoms);
    for (int i = 0; i < structure->n_atoms; i++) {
        class_of[i] = -1;
        for (int e = 0; e < n_elements; e++)
            if (atomic_numbers[e] == structure->atomic_numbers[i])
                class_of[i] = e;
    }
    enum nnp_status status = build_list(&list, structure, reach, error);
    if (!status) {
        scan(&list, class_of, n_elements, number, closest);
        nnp_neighbor_list_free(&list);
    }
    free(class_of);
    return status;
}

enum nnp_status nnp_distances_closest(const struct nnp_structure *structure, double reach,
                                      struct nnp_close_pair *closest, struct nnp_error *error)
{
    struct nnp_neighbor_list list;
    int *class_of = calloc((size_t)structure->n_atoms + 1, sizeof *class_of);
    *closest = (struct nnp_close_pair){.distance = INFINITY};
    if (!class_of)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms",
                             structure->n_atoms);
    enum nnp_status status = build_list(&list, structure, reach, error);
    if (!status) {
        scan(&list, class_of, 1, 0, closest);
        nnp_neighbor_list_free(&list);
    }
    free(class_of);
    return status;
}
