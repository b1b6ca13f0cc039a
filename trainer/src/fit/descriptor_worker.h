/* What a thread needs to evaluate the symmetry functions and the Jacobian of a structure. */
#ifndef NNP_DESCRIPTOR_WORKER_H
#define NNP_DESCRIPTOR_WORKER_H

#include "descriptor_layout.h"
#include "nnp/evaluate.h"
#include "stored_jacobian.h"

#include <stdbool.h>

struct nnp_descriptor_worker;

/* potential is borrowed.  On failure *worker is NULL. */
enum nnp_status nnp_descriptor_worker_create(struct nnp_descriptor_worker **worker,
                                             const struct nnp_potential *potential,
                                             struct nnp_error *error) NNP_MUST_CHECK;
void nnp_descriptor_worker_free(struct nnp_descriptor_worker *worker); /* NULL is allowed */

/* Memory for structures of up to n_atoms atoms. */
enum nnp_status nnp_descriptor_worker_reserve(struct nnp_descriptor_worker *worker, int n_atoms,
                                              struct nnp_error *error) NNP_MUST_CHECK;

/* Unscaled functions to values [n_elements][..][n_functions], by the rows of the layout, and
 * the Jacobian to jacobian (NULL: not wanted), which is empty but for the kind of its numbers
 * and gets memory for n_jacobian of them, or none where they do not fit; it is to be freed
 * also on failure.  n_atoms must be reserved.  Messages name the structure's file and line. */
enum nnp_status nnp_descriptor_worker_evaluate(
    struct nnp_descriptor_worker *worker, const struct nnp_descriptor_layout *layout,
    const struct nnp_structure *structure, double *const *values,
    const struct nnp_function_groups *groups, size_t n_jacobian,
    struct nnp_stored_jacobian *jacobian, void *memory, struct nnp_error *error) NNP_MUST_CHECK;

/* The Jacobian of a structure, in doubles, in memory of the worker, which keeps the last one;
 * false where it cannot be evaluated.  n_atoms must be reserved. */
bool nnp_descriptor_worker_prepare(struct nnp_descriptor_worker *worker,
                                   const struct nnp_descriptor_layout *layout,
                                   const struct nnp_structure *structure,
                                   const struct nnp_function_groups *groups);

/* Whether a Jacobian or a product could not be evaluated so far. */
bool nnp_descriptor_worker_has_failed(const struct nnp_descriptor_worker *worker);

/* Forgets it, so that what follows does not depend on what a thread did before. */
void nnp_descriptor_worker_release(struct nnp_descriptor_worker *worker);

/* What nnp_descriptor_worker_prepare evaluated last, if that is this structure's; or NULL. */
const struct nnp_stored_jacobian *
nnp_descriptor_worker_jacobian(const struct nnp_descriptor_worker *worker,
                               const struct nnp_structure *structure);

/* Products with the unscaled Jacobian without evaluating it: y [3 n_atoms + 6] = sum_i
 * (dG_i/d(R, strain))^T a_i, and t_i = (dG_i/d(R, strain)) v, where a_i and t_i stand in rows
 * [n_atoms] of the worker, in all functions of the atom.  False where memory fails. */
double *const *nnp_descriptor_worker_rows(struct nnp_descriptor_worker *worker);
bool nnp_descriptor_worker_transposed(struct nnp_descriptor_worker *worker,
                                      const struct nnp_structure *structure, double *y);
bool nnp_descriptor_worker_directional(struct nnp_descriptor_worker *worker,
                                       const struct nnp_structure *structure, const double *v);

/* Numbers for the functions of all atoms; the same memory as the rows. */
double *nnp_descriptor_worker_scratch(struct nnp_descriptor_worker *worker);

/* The same for columns, [3 n_atoms + 6 + NNP_ROW_LANES]; which: 0 or 1. */
double *nnp_descriptor_worker_columns(struct nnp_descriptor_worker *worker, int which);

#endif
