/* The Jacobian of a structure as it is stored: without the columns in which the rows of an
 * atom's group of functions (function_groups.h) are zero, that is, those of atoms that are
 * beyond the cutoff or of other elements. */
#ifndef NNP_STORED_JACOBIAN_H
#define NNP_STORED_JACOBIAN_H

#include "descriptor_layout.h"
#include "function_groups.h"
#include "loss_kernels.h"
#include "nnp/neighbor.h"

#include <stdbool.h>
#include <stddef.h>

/* The rows of an atom's group: a matrix [n_functions][stride], whose columns are those of runs
 * of the 3 n_atoms + 6 coordinates and strain components, and zeros.  Where few columns are
 * missing from the first to the last, there is one run with all. */
struct nnp_jacobian_part {
    int atom;
    const struct nnp_function_group *group; /* borrowed */
    int first_run, n_runs;
    int n_columns, stride;
    size_t first; /* of values */
};

/* Zero-initialised; owns all but the values. */
struct nnp_stored_jacobian {
    int n_parts;
    struct nnp_jacobian_part *parts; /* atom after atom */
    int n_runs;
    struct nnp_columns *runs;
    size_t n_values;
    enum nnp_number number;
    void *values; /* [n_values] of that kind, borrowed */
};

/* Numbers that the structure's Jacobian will have; negative where memory fails.  elements:
 * [n_atoms], of the potential; list: neighbors within its cutoff. */
double nnp_stored_jacobian_count(const struct nnp_function_groups *groups, const int *elements,
                                 const struct nnp_neighbor_list *list);

/* Its parts and runs, but no values; the kind of its numbers stays.  False where memory fails.
 */
bool nnp_stored_jacobian_init(struct nnp_stored_jacobian *jacobian,
                              const struct nnp_function_groups *groups, const int *elements,
                              const struct nnp_neighbor_list *list);
void nnp_stored_jacobian_free(struct nnp_stored_jacobian *jacobian);

/* Sets the values of a part from the derivatives of its atom's functions, dg_dr
 * [n_functions][3 n_atoms] and dg_dstrain [n_functions][6]; row: [stride], to work in. */
void nnp_stored_jacobian_set(const struct nnp_stored_jacobian *jacobian,
                             const struct nnp_jacobian_part *part, int n_atoms,
                             const double *dg_dr, const double *dg_dstrain, double *row);

const void *nnp_stored_jacobian_part(const struct nnp_stored_jacobian *jacobian,
                                     const struct nnp_jacobian_part *part);

/* Columns first .. first + n_columns - 1 of a Jacobian of doubles, times factors [n_elements]
 * [n_functions], with the zeros: [n_rows][n_columns], in the rows of the layout. */
void nnp_stored_jacobian_cut(const struct nnp_stored_jacobian *jacobian,
                             const struct nnp_descriptor_layout *layout,
                             const struct nnp_loss_kernels *kernels,
                             const double *const *factors, int first, int n_columns,
                             double *slice);

#endif
