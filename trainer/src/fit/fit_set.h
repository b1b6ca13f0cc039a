/* A set of structures (training or test) as ranks share it: its blocks, and the descriptors of
 * those that the rank holds. */
#ifndef NNP_FIT_SET_H
#define NNP_FIT_SET_H

#include "blocks.h"
#include "descriptor_cache.h"
#include "parallel.h"
#include "structure.h"
#include "structure_sizes.h"

#include <stdbool.h>

/* Squared residuals of one structure; negative: not known. */
struct nnp_residual {
    double energy; /* of the total energy */
    double forces; /* summed over components */
    double virial; /* of volume times stress, summed over six components */
};

/* Where a set may keep what, and how much that is. */
struct nnp_fit_memory {
    double *jacobians; /* bytes that Jacobians may take, less what they do; NULL: any */
    struct nnp_scratch *scratch; /* for values of functions, outlives the set; NULL: memory */
    const struct nnp_structure_size *sizes; /* [n_structures]; NULL: still to be found */
    enum nnp_number number;                 /* that Jacobians are stored in */
};

/* Owns all but the potential and the structures, which are to outlive it. */
struct nnp_fit_set {
    const struct nnp_potential *potential; /* borrowed */
    const struct nnp_parallel *parallel;
    int n_structures;
    const struct nnp_structure **structures; /* [n_structures], borrowed */
    double *energies;                        /* [n_structures] less reference energies */
    double *volumes; /* [n_structures], 0: stress is not defined or not known */
    struct nnp_structure_size *sizes; /* [n_structures] */
    double *costs;                    /* [n_structures], of a gradient, relative */
    double *weights;             /* [n_structures], of their parts of the loss; 1 at first */
    struct nnp_scratch *scratch; /* that has the values of functions, NULL: memory */
    struct nnp_blocks blocks;
    struct nnp_function_groups groups;
    struct nnp_block_order order;         /* of the blocks that this rank holds */
    struct nnp_descriptor_cache **caches; /* [n_blocks], NULL for those that it does not hold */
    enum nnp_descriptor_storage *storage; /* [n_structures] */
    enum nnp_number number;
    void *jacobians; /* of the rank's structures that are stored, of that kind */
    int n_workers;
    struct nnp_descriptor_worker **workers; /* [n_workers], one for each thread */
    struct nnp_residual *residuals;         /* [n_structures], of the last evaluation */
    double *values;                         /* [n_structures], their parts of its loss */
    int n_energies;                         /* structures with a reference energy */
    long n_forces;                          /* force components */
    long n_stresses;                        /* structures with a reference stress */
};

/* Collective.  structures: [n_structures], copied pointers; the potential (borrowed) has
 * functions and reference energies, its scaling need not be set.  with_derivatives: Jacobians
 * are wanted, of structures with forces or stress.  They are stored for the first structures of
 * the set, as far as the bytes of memory (NULL: any, of floats, and no scratch) allow on all
 * ranks together, so that the choice does not depend on their number; what they take is
 * subtracted.  On failure, which is the same on all ranks, *set is NULL.  error may not be
 * NULL. */
enum nnp_status nnp_fit_set_create(struct nnp_fit_set **set,
                                   const struct nnp_parallel *parallel,
                                   const struct nnp_potential *potential, int n_structures,
                                   const struct nnp_structure *const *structures,
                                   bool with_derivatives, const struct nnp_fit_memory *memory,
                                   struct nnp_error *error) NNP_MUST_CHECK;
void nnp_fit_set_free(struct nnp_fit_set *set); /* NULL is allowed */

/* Collective.  Sets min, max, mean and sigma of the potential's scalings to those of the
 * unscaled symmetry functions of the set; the same bits on any number of ranks. */
enum nnp_status nnp_fit_set_ranges(const struct nnp_fit_set *set,
                                   struct nnp_potential *potential,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Scales the descriptors by the potential's scaling; once. */
void nnp_fit_set_scale(struct nnp_fit_set *set);

/* Collective.  Whether a Jacobian that is not stored could not be evaluated so far, on any
 * rank, for lack of memory; losses were not finite then. */
bool nnp_fit_set_has_failed(const struct nnp_fit_set *set);

#endif
