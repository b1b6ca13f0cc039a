/* Descriptors of the structures of a block, and their derivatives.
 *
 * Gradients use derivatives as products only:
 *   contract   y = sum_i (dx_i/d(R, strain))^T dE_i/dx_i      (vector times Jacobian)
 *   direct     u_i = (dx_i/d(R, strain)) v                    (Jacobian times vector)
 * where (R, strain) are the 3 n_atoms coordinates and 6 strain components xx yy zz xy xz yz of
 * a structure, and x_i the scaled inputs of an atom's network.  Forces are -y of the
 * coordinates; y of the strain is volume times stress (positive = tension).
 *
 * Values are stored.  The Jacobians, folded onto the atoms of the cell, are stored without what
 * is zero (stored_jacobian.h) for the structures that the caller names, and evaluated anew each
 * time for the others. */
#ifndef NNP_DESCRIPTOR_CACHE_H
#define NNP_DESCRIPTOR_CACHE_H

#include "descriptor_worker.h"
#include "nnp/potential.h"
#include "structure.h"
#include "structure_sizes.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_descriptor_cache;

/* What is done about the Jacobian of a structure. */
enum nnp_descriptor_storage {
    NNP_DESCRIPTOR_VALUES, /* there is none: nothing to compare it with */
    NNP_DESCRIPTOR_RECOMPUTED,
    NNP_DESCRIPTOR_STORED
};

/* Evaluates the unscaled symmetry functions of the structures (borrowed by the cache).  The
 * potential (borrowed by the cache) must be the worker's, which is used during the call;
 * groups (borrowed) are its functions'; storage and sizes: [n_structures]; jacobians
 * (borrowed): room for those that are stored, of their sizes, in numbers of that kind; scratch
 * (borrowed): has the values; NULL: memory. NNP_ERROR_ELEMENT, NNP_ERROR_GEOMETRY: a structure
 * that cannot be evaluated; the message names its file and line.  On failure *cache is NULL. */
enum nnp_status nnp_descriptor_cache_create(
    struct nnp_descriptor_cache **cache, struct nnp_descriptor_worker *worker,
    const struct nnp_potential *potential, const struct nnp_function_groups *groups,
    int n_structures, const struct nnp_structure *const *structures,
    const enum nnp_descriptor_storage *storage, const struct nnp_structure_size *sizes,
    enum nnp_number number, void *jacobians, struct nnp_scratch *scratch,
    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_descriptor_cache_free(struct nnp_descriptor_cache *cache); /* NULL is allowed */

/* Makes a worker fit for the calls below. */
enum nnp_status nnp_descriptor_cache_reserve(const struct nnp_descriptor_cache *cache,
                                             struct nnp_descriptor_worker *worker,
                                             struct nnp_error *error) NNP_MUST_CHECK;

/* From unscaled to scaled, by the potential's scaling; once. */
void nnp_descriptor_cache_scale(struct nnp_descriptor_cache *cache);

/* Atoms of an element, and their descriptors [n_rows][n_functions], in order of structures and
 * atoms. */
int nnp_descriptor_cache_n_rows(const struct nnp_descriptor_cache *cache, int element);
const double *nnp_descriptor_cache_values(const struct nnp_descriptor_cache *cache,
                                          int element);

/* Element and row of an atom. */
void nnp_descriptor_cache_locate(const struct nnp_descriptor_cache *cache, int structure,
                                 int atom, int *element, int *row);

/* Returns how many atoms of the element the structure has; their rows are consecutive from
 * *first_row on, which is set if there are any. */
int nnp_descriptor_cache_rows(const struct nnp_descriptor_cache *cache, int structure,
                              int element, int *first_row);

bool nnp_descriptor_cache_has_derivatives(const struct nnp_descriptor_cache *cache,
                                          int structure);

/* Whether the structure's Jacobian is stored in doubles, so that several workers can have it at
 * a time without evaluating it. */
bool nnp_descriptor_cache_has_doubles(const struct nnp_descriptor_cache *cache, int structure);

/* Where the rows of the structure's Jacobian stand. */
const struct nnp_descriptor_layout *
nnp_descriptor_cache_layout(const struct nnp_descriptor_cache *cache, int structure);

/* Before the calls of contract and cut below for this structure: what they do, they do with its
 * Jacobian in doubles, which is evaluated for it unless it is stored as such, until
 * nnp_descriptor_worker_release; false where there is none, or it cannot be evaluated.  The
 * Kalman filter needs that: its equations are nearly singular. */
bool nnp_descriptor_cache_prepare(const struct nnp_descriptor_cache *cache,
                                  struct nnp_descriptor_worker *worker, int structure);

/* The products, of scaled descriptors; several threads may call them at once, each with a
 * worker of its own.  y: [3 n_atoms + 6], set, to NaN where a Jacobian cannot be evaluated
 * again for lack of memory; de_dx: [n_elements], each [..][n_functions], whose first row is row
 * first_rows[element] of the block (NULL: 0). */
void nnp_descriptor_cache_contract(const struct nnp_descriptor_cache *cache,
                                   struct nnp_descriptor_worker *worker, int structure,
                                   const int *first_rows, double *const *de_dx, double *y);

/* v: [3 n_atoms + 6]; u: [n_elements], each [n_rows][n_functions], the structure's rows set. */
void nnp_descriptor_cache_direct(const struct nnp_descriptor_cache *cache,
                                 struct nnp_descriptor_worker *worker, int structure,
                                 const double *v, double *const *u);

/* After nnp_descriptor_cache_prepare, if that succeeded: columns first .. first + n_columns - 1
 * of the structure's Jacobian, [n_rows][n_columns] by its layout. */
void nnp_descriptor_cache_cut(const struct nnp_descriptor_cache *cache,
                              const struct nnp_descriptor_worker *worker, int structure,
                              int first, int n_columns, double *slice);

#endif
