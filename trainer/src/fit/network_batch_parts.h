/* What the files of the network passes share: the state that energies leave. */
#ifndef NNP_NETWORK_BATCH_PARTS_H
#define NNP_NETWORK_BATCH_PARTS_H

#include "loss_kernels.h"
#include "network_batch.h"

struct layer_state {
    double *output;     /* A' then At', [2 n_rows][n_outputs] */
    double *slope;      /* f'(Z), [n_rows][n_outputs] */
    double *curvature;  /* f''(Z), [n_rows][n_outputs] */
    double *z_tangents; /* Zt, [n_rows][n_outputs] */
};

struct nnp_network_batch {
    const struct nnp_network *network;
    const struct nnp_loss_kernels *kernels;
    int max_rows, n_rows;
    const double *inputs;       /* [n_rows][n_inputs], borrowed */
    struct layer_state *layers; /* [n_layers] */
    double *z_bar, *a_bar;      /* value then tangent, [2 n_rows][widest layer] each */
    double *memory;             /* of all arrays */
};

#endif
