/* Buffers of one thread. */
#include "evaluator.h"

#include <stdlib.h>

static size_t larger(size_t a, int b)
{
    return a > (size_t)b ? a : (size_t)b;
}

enum nnp_status nnp_workspace_init(struct nnp_workspace *work,
                                   const struct nnp_potential *potential,
                                   struct nnp_error *error)
{
    const size_t n_members = (size_t)potential->n_members;
    size_t n_functions = 1, n_inputs = 1, n_scratch = 1;
    for (int e = 0; e < potential->n_elements; e++) {
        const size_t n = (size_t)potential->descriptors[e].n_functions;
        n_functions = n > n_functions ? n : n_functions;
    }
    for (int k = 0; k < potential->n_members * potential->n_elements; k++) {
        const struct nnp_network *network = &potential->networks[k];
        const size_t n = (size_t)network->layers[0].n_inputs;
        n_inputs = n > n_inputs ? n : n_inputs;
        n_scratch = larger(n_scratch, nnp_network_scratch_size(network));
        n_scratch = larger(n_scratch, nnp_dense_scratch_size(network));
    }
    n_inputs = (n_inputs + NNP_LANES - 1) / NNP_LANES * NNP_LANES;
    double *values =
        malloc((2 * n_functions + (2 + n_members) * n_inputs + n_members + n_scratch) *
               sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    work->g = values;
    work->de_dg = work->g + n_functions;
    work->x = work->de_dg + n_functions;
    work->de_dx = work->x + n_inputs;
    work->member_de_dx = work->de_dx + n_inputs;
    work->member_energies = work->member_de_dx + n_members * n_inputs;
    work->scratch = work->member_energies + n_members;
    work->most_inputs = (int)n_inputs;
    return NNP_SUCCESS;
}

void nnp_workspace_free(struct nnp_workspace *work)
{
    nnp_moments_work_free(&work->moments);
    nnp_triplets_work_free(&work->triplets);
    nnp_environment_free(&work->environment);
    free(work->g);
    free(work->neighbor_storage);
    free(work->member_de_dr);
}
