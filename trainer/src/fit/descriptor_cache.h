/* Descriptors of the structures of a block, and their derivatives.
 *
 * Gradients use derivatives as products only:
 *   contract   y = sum_i (dx_i/d(R, strain))^T dE_i/dx_i      (vector times Jacobian)
 *   direct     u_i = (dx_i/d(R, strain)) v                    (Jacobian times vector)
 * where (R, strain) are the 3 n_atoms coordinates and 6 strain components xx yy zz xy xz yz of
 * a structure, and x_i the scaled inputs of an atom's network.  Forces are -y of the
 * coordinates; y of the strain is volume times stress (positive = tension).
 *
 * Here they are stored, folded onto the atoms of the cell and without the functions of elements
 * that a structure does not contain: sum over structures of (3 n_atoms + 6) * n_atoms *
 * n_functions doubles.  That is the fastest way for small cells; for cells much larger than the
 * cutoff another implementation of this interface would recompute them. */
#ifndef NNP_DESCRIPTOR_CACHE_H
#define NNP_DESCRIPTOR_CACHE_H

#include "nnp/evaluate.h"
#include "nnp/potential.h"
#include "structure.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_descriptor_cache;

/* Evaluates the unscaled symmetry functions of the structures (borrowed during the call).  The
 * potential (borrowed by the cache for its functions) must be the evaluator's.  Derivatives
 * belong to structures with forces or stress only, and to none unless with_derivatives.
 * NNP_ERROR_ELEMENT, NNP_ERROR_GEOMETRY: a structure that cannot be evaluated; the message
 * names its file and line.  On failure *cache is NULL. */
enum nnp_status nnp_descriptor_cache_create(struct nnp_descriptor_cache **cache,
                                            struct nnp_evaluator *evaluator,
                                            const struct nnp_potential *potential,
                                            int n_structures,
                                            const struct nnp_structure *const *structures,
                                            bool with_derivatives,
                                            struct nnp_error *error) NNP_MUST_CHECK;
void nnp_descriptor_cache_free(struct nnp_descriptor_cache *cache); /* NULL is allowed */

/* Memory that the cache of such structures takes, in bytes. */
double nnp_descriptor_cache_estimate(const struct nnp_potential *potential, int n_structures,
                                     const struct nnp_structure *const *structures,
                                     bool with_derivatives);

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

bool nnp_descriptor_cache_has_derivatives(const struct nnp_descriptor_cache *cache,
                                          int structure);

/* y: [3 n_atoms + 6], set; de_dx: [n_elements], each [n_rows][n_functions]. */
void nnp_descriptor_cache_contract(struct nnp_descriptor_cache *cache, int structure,
                                   double *const *de_dx, double *y);

/* v: [3 n_atoms + 6]; u: [n_elements], each [n_rows][n_functions], the structure's rows set. */
void nnp_descriptor_cache_direct(struct nnp_descriptor_cache *cache, int structure,
                                 const double *v, double *const *u);

/* Derivatives of the scaled inputs of a structure's atoms of one element, borrowed; all zero
 * without derivatives. */
struct nnp_descriptor_jacobian {
    int n_columns, n_active; /* coordinates and strain; functions that can vary */
    const int *active;       /* [n_active], functions */
    const double *values;    /* [n_atoms][n_active][n_columns] */
};

/* Returns how many atoms of the element the structure has; their rows among the element's
 * values are consecutive from *first_row on, which is set if there are any. */
int nnp_descriptor_cache_jacobian(const struct nnp_descriptor_cache *cache, int structure,
                                  int element, int *first_row,
                                  struct nnp_descriptor_jacobian *jacobian);

#endif
