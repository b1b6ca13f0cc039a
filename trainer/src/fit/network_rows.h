/* Derivatives of many functions of the same atoms with respect to the parameters of their
 * network: of sum_i E_i, and of sum_i u_ic . dE_i/dx_i for many directions c. */
#ifndef NNP_NETWORK_ROWS_H
#define NNP_NETWORK_ROWS_H

#include "network_batch.h"
#include "nnp/network.h"
#include "nnp/status.h"

struct nnp_network_rows;

/* Workspace for up to max_atoms atoms and max_columns directions of a network (borrowed).  On
 * failure *rows is NULL. */
enum nnp_status nnp_network_rows_create(struct nnp_network_rows **rows,
                                        const struct nnp_network *network, int max_atoms,
                                        int max_columns,
                                        struct nnp_error *error) NNP_MUST_CHECK;
void nnp_network_rows_free(struct nnp_network_rows *rows); /* NULL is allowed */

/* u of inputs that are not active is zero. */
struct nnp_network_directions {
    int n_columns, n_active;
    const int *active;    /* [n_active], inputs */
    const double *values; /* u, [n_atoms][n_active][n_columns] */
};

/* After nnp_network_batch_energies of the batch, for its rows first_row .. first_row + n_atoms
 * - 1.  derivatives: [n_parameters][n_columns + 1], set, the directions' and then that of the
 * energy.  Allocates nothing. */
void nnp_network_rows_evaluate(struct nnp_network_rows *rows,
                               const struct nnp_network_batch *batch, int first_row,
                               int n_atoms, const struct nnp_network_directions *directions,
                               double *derivatives);

#endif
