/* What structures have of what takes time and memory. */
#ifndef NNP_STRUCTURE_SIZES_H
#define NNP_STRUCTURE_SIZES_H

#include "nnp/potential.h"
#include "nnp/status.h"
#include "parallel.h"
#include "structure.h"

#include <stdbool.h>

struct nnp_structure_size {
    double n_rows;      /* functions that can vary, of all atoms */
    double n_neighbors; /* of all atoms; the following and this: 0 without forces and stress */
    double n_jacobian;  /* numbers of the stored Jacobian */
};

/* Collective.  sizes: [n], the same on all ranks.  A structure that the evaluation will refuse
 * has any.  NNP_ERROR_MEMORY, which is that of this rank: sizes are of no use. */
enum nnp_status nnp_structure_sizes_find(const struct nnp_parallel *parallel,
                                         const struct nnp_potential *potential, int n,
                                         const struct nnp_structure *const *structures,
                                         bool with_derivatives,
                                         struct nnp_structure_size *sizes,
                                         struct nnp_error *error) NNP_MUST_CHECK;

#endif
