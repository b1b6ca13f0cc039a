/* What the loss and its normal equations share. */
#ifndef NNP_LOSS_PARTS_H
#define NNP_LOSS_PARTS_H

#include "loss.h"
#include "network_batch.h"

/* Of one element; arrays are long enough for all blocks. */
struct nnp_loss_element {
    struct nnp_network_batch *batch;
    int first_parameter;
    double *energies; /* [n_rows] */
    double *seeds;    /* [n_rows], dL/dE_i */
};

struct nnp_loss {
    struct nnp_fit_set *set;
    int n_elements, n_parameters;
    struct nnp_network *networks;      /* borrowed */
    struct nnp_loss_element *elements; /* [n_elements] */
    double **de_dx, **tangents;        /* [n_elements][n_rows][n_functions]: g_i and u_i */
    double *y;                         /* [3 n_atoms + 6] */
    double *y_factors;                 /* [3 n_atoms + 6], what squares of y and ... */
    double energy_factor;              /* ... energy count in the last structure's loss */
    double *block_gradients;           /* [n_blocks][n_parameters] */
};

/* What a squared residual of structure s counts in the loss. */
struct nnp_loss_factors {
    double energy, forces, virial;
};

struct nnp_loss_factors nnp_loss_find_factors(const struct nnp_fit_set *set,
                                              const struct nnp_loss_terms *terms, int s);

/* What the squared residual of an atom's force counts besides; force: [3], the reference. */
double nnp_loss_atom_weight(const struct nnp_loss_terms *terms, const double *force);

/* Sets the parameters of the networks. */
void nnp_loss_set_parameters(struct nnp_loss *loss, const double *parameters);

/* Step 1 (loss.c) for block b of this rank. */
void nnp_loss_begin_block(struct nnp_loss *loss, int b, bool with_derivatives);

/* Steps 2 and 3 for structure s of the set: y, unless there are no derivatives, and the seeds
 * of its atoms become dL/dy and dL/dE; u if with_gradient.  Sets the factors with which squares
 * have this gradient. */
void nnp_loss_compare(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                      struct nnp_descriptor_cache *cache, int structure_in_block, int s,
                      bool with_derivatives, bool with_gradient);

#endif
