/* Neighbor lists of single structures: any periodic cell (also skewed, also smaller than the
 * cutoff), partly periodic ones and clusters.  Cost and memory are linear in the number of
 * atoms. */
#ifndef NNP_NEIGHBOR_H
#define NNP_NEIGHBOR_H

#include "nnp/export.h"
#include "nnp/status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

struct nnp_cell {
    double vectors[3][3]; /* rows a, b, c, length */
    bool periodic[3];     /* along a, b, c; vectors of other directions are ignored */
};

/* Atoms of the cell come first, then periodic images ("ghosts"), as in LAMMPS. */
struct nnp_neighbor_list {
    int n_atoms;       /* in the cell */
    int n_all;         /* with ghosts */
    double *positions; /* [n_all][3]; those of the cell's atoms are shifted into the cell */
    int *owners;       /* [n_all], atom of the cell that this is, or is an image of */
    int *n_neighbors;  /* [n_atoms] */
    int **neighbors;   /* [n_atoms], indices below n_all, sorted; all within r_cut, both i-j and
                          j-i */
    int *storage;      /* of neighbors[][] */
};

/* positions: [n_atoms][3], borrowed.  cell NULL: no direction is periodic.  r_cut > 0.  On
 * failure *list is empty.  NNP_ERROR_GEOMETRY: periodic vectors that are linearly dependent;
 * NNP_ERROR_NUMERIC: a coordinate that is no number below 1e9. */
enum nnp_status nnp_neighbor_list_build(struct nnp_neighbor_list *list,
                                        const struct nnp_cell *cell, int n_atoms,
                                        const double *positions, double r_cut,
                                        struct nnp_error *error) NNP_MUST_CHECK;
void nnp_neighbor_list_free(struct nnp_neighbor_list *list);

/* Volume of a fully periodic cell, 0 otherwise. */
double nnp_cell_volume(const struct nnp_cell *cell);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
