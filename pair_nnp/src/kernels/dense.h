/* Networks laid out for vectors: rows of weights in both orders, padded with zeros. */
#ifndef NNP_KERNELS_DENSE_H
#define NNP_KERNELS_DENSE_H

#include "nnp/network.h"

#include <stdbool.h>

struct nnp_dense_layer {
    enum nnp_activation activation;
    int n_inputs, n_outputs;
    int padded_inputs, padded_outputs; /* multiples of NNP_LANES */
    double *weights;                   /* [n_inputs][padded_outputs] */
    double *transposed;                /* [n_outputs][padded_inputs] */
    double *biases;                    /* [padded_outputs] */
};

struct nnp_dense {
    int n_layers;
    int widest; /* of all padded_inputs and padded_outputs */
    struct nnp_dense_layer *layers;
    double *storage;
    /* [n_inputs], borrowed, or NULL: inputs that are left out where they are 0, so that sums are
     * those of a network without them, to the last bit (nnp/scaling.h, through zero). */
    const bool *through_zero;
};

/* A copy of the network; on failure *dense is empty. */
enum nnp_status nnp_dense_init(struct nnp_dense *dense, const struct nnp_network *network,
                               struct nnp_error *error) NNP_MUST_CHECK;
void nnp_dense_free(struct nnp_dense *dense);

/* Doubles of scratch memory that an evaluation needs. */
int nnp_dense_scratch_size(const struct nnp_network *network);

/* One instruction set's version of nnp_network_evaluate: the output for inputs x, and its
 * gradient dy_dx, which has room for the first layer's padded_inputs. */
struct nnp_dense_kernels {
    double (*evaluate)(const struct nnp_dense *dense, const double *x, double *dy_dx,
                       double *scratch);
};

/* As nnp_moments_kernels_select. */
const struct nnp_dense_kernels *nnp_dense_kernels_select(void);

#endif
