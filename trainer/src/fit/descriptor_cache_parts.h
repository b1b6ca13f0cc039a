/* What the files of the descriptor cache share. */
#ifndef NNP_DESCRIPTOR_CACHE_PARTS_H
#define NNP_DESCRIPTOR_CACHE_PARTS_H

#include "descriptor_cache.h"
#include "loss_kernels.h"

struct nnp_cached_structure {
    const struct nnp_structure *structure;
    enum nnp_descriptor_storage storage;
    struct nnp_descriptor_layout layout;
    struct nnp_stored_jacobian jacobian; /* unscaled, empty if it is not stored */
};

struct nnp_descriptor_cache {
    const struct nnp_potential *potential;
    const struct nnp_function_groups *groups;
    const struct nnp_loss_kernels *kernels;
    int n_structures;
    struct nnp_cached_structure *structures; /* [n_structures] */
    int *n_rows;                             /* [n_elements] */
    struct nnp_scratch *scratch;             /* that has the values, NULL: memory */
    double **values;                         /* [n_elements][n_rows][n_functions] */
    double **factors;                        /* [n_elements][n_functions], of the scaling */
};

#endif
