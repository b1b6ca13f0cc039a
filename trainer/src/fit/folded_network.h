/* A network behind a projection as one network of the scaled functions: with the projection
 * y = P^T (x - o) (nnp/potential.h), the first layer's weights W and biases b become
 *
 *   W' = P W,   b' = b - W'^T o                                                            (1)
 *
 * and derivatives with respect to W' and b' those with respect to W and b,
 *
 *   d/dW = P^T (d/dW' - o (d/db')^T),   d/db = d/db'.                                      (2)
 *
 * All passes over atoms then work on the functions, whose values and Jacobians are stored as
 * they are, at the cost of a network without a projection. */
#ifndef NNP_FOLDED_NETWORK_H
#define NNP_FOLDED_NETWORK_H

#include "nnp/potential.h"

struct nnp_folded_network {
    const struct nnp_projection *projection; /* borrowed, NULL: there is none */
    const struct nnp_network *given;         /* borrowed, behind the projection */
    struct nnp_network own;                  /* empty without a projection */
};

/* The projection (n_inputs 0: none) and the network are borrowed.  On failure *folded is
 * empty. */
enum nnp_status nnp_folded_network_init(struct nnp_folded_network *folded,
                                        const struct nnp_projection *projection,
                                        const struct nnp_network *given,
                                        struct nnp_error *error) NNP_MUST_CHECK;
void nnp_folded_network_free(struct nnp_folded_network *folded);

/* The network of the scaled functions: the given one where there is no projection. */
const struct nnp_network *nnp_folded_network(const struct nnp_folded_network *folded);

/* Equation (1), after parameters of the given network have changed. */
void nnp_folded_network_update(struct nnp_folded_network *folded);

/* Equation (2) with a projection, for n_columns derivatives at a time.  folded_derivatives:
 * [parameters of the folded network][n_columns], overwritten; derivatives: [parameters of the
 * given network][n_columns], set. */
void nnp_folded_network_pull_back(const struct nnp_folded_network *folded, int n_columns,
                                  double *folded_derivatives, double *derivatives);

#endif
