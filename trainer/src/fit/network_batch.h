/* Networks applied to many rows at once, with the two reverse passes that training needs.
 *
 * The passes follow one another on the same rows:
 *   energies              E_i = network(x_i)
 *   input_gradients       dE_i/dx_i
 *   parameter_gradient    d/dw sum_i (e_i E_i + u_i . dE_i/dx_i)
 * The first keeps what the others need; input_gradients may be left out where its result is not
 * wanted. */
#ifndef NNP_NETWORK_BATCH_H
#define NNP_NETWORK_BATCH_H

#include "nnp/network.h"
#include "nnp/status.h"

struct nnp_network_batch;

/* Workspace for up to max_rows rows of a network, which is borrowed and whose parameters are
 * read in each pass.  Passes allocate nothing.  On failure *batch is NULL. */
enum nnp_status nnp_network_batch_create(struct nnp_network_batch **batch,
                                         const struct nnp_network *network, int max_rows,
                                         struct nnp_error *error) NNP_MUST_CHECK;
void nnp_network_batch_free(struct nnp_network_batch *batch); /* NULL is allowed */

/* inputs: [n_rows][n_inputs], borrowed until the passes on these rows are over; energies:
 * [n_rows], set. */
void nnp_network_batch_energies(struct nnp_network_batch *batch, int n_rows,
                                const double *inputs, double *energies);

/* gradients: [n_rows][n_inputs], set. */
void nnp_network_batch_input_gradients(struct nnp_network_batch *batch, double *gradients);

/* seeds: e, [n_rows]; tangents: u, [n_rows][n_inputs], or NULL for zeros (much cheaper);
 * gradient: in the order of nnp_network_get_parameters, added to. */
void nnp_network_batch_parameter_gradient(struct nnp_network_batch *batch, const double *seeds,
                                          const double *tangents, double *gradient);

#endif
