/* What the loss and its normal equations share. */
#ifndef NNP_LOSS_PARTS_H
#define NNP_LOSS_PARTS_H

#include "folded_network.h"
#include "loss.h"
#include "loss_exchange.h"
#include "network_batch.h"

/* Of one element; arrays are long enough for all blocks. */
struct nnp_loss_element {
    struct nnp_network_batch *batch;
    double *energies; /* [n_rows] */
    double *seeds;    /* [n_rows], dL/dE_i */
};

/* What a thread works with: the structures begin .. end - 1 of a block. */
struct nnp_loss_work {
    const struct nnp_loss *loss;
    const struct nnp_descriptor_cache *cache; /* of the block */
    struct nnp_descriptor_worker *worker;     /* borrowed from the set */
    int *first_rows;                          /* [n_elements], in the block */
    int *n_rows;                              /* [n_elements] */
    struct nnp_loss_element *elements;        /* [n_elements] */
    double **de_dx, **tangents; /* [n_elements][n_rows][n_functions]: g_i and u_i */
    double *y;                  /* [3 n_atoms + 6] */
    double *y_factors;          /* [3 n_atoms + 6], what squares of residuals of y and ... */
    double energy_factor;       /* ... energy count in the last structure's gradient */
    double *folded; /* gradient by the parameters of a folded network; NULL: no projection */
};

struct nnp_loss {
    struct nnp_fit_set *set;
    int n_elements, n_parameters;
    int *first_parameter;              /* [n_elements] */
    struct nnp_network *networks;      /* borrowed, behind projections */
    struct nnp_folded_network *folded; /* [n_elements], what rows of functions enter */
    int most_folded; /* parameters of a folded network with a projection, 0: there is none */
    int n_works;
    struct nnp_loss_work *works; /* [n_works], one for each thread */
    struct nnp_loss_exchange exchange;
};

/* Of loss_work.c: memory; false where there is none, then what there is is to be freed. */
bool nnp_loss_work_init(struct nnp_loss_work *work, const struct nnp_loss *loss,
                        struct nnp_descriptor_worker *worker);
void nnp_loss_work_free(struct nnp_loss_work *work);

/* What a squared residual of structure s counts in the loss. */
struct nnp_loss_factors {
    double energy, forces, virial;
};

struct nnp_loss_factors nnp_loss_find_factors(const struct nnp_fit_set *set,
                                              const struct nnp_loss_terms *terms, int s);

/* Of loss_compare.c: what the squared residual of an atom's force counts besides; force: [3],
 * the reference. */
double nnp_loss_atom_weight(const struct nnp_loss_terms *terms, const double *force);

/* Residuals of structure s, and its parts of the loss: of the energy, whose atoms' seeds are
 * set to dL/dE, and of forces and virial, where y turns from derivatives of E into those of L.
 */
double nnp_loss_compare_energy(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                               int structure_in_block, int s, double factor);
double nnp_loss_compare_derivatives(struct nnp_loss_work *work,
                                    const struct nnp_loss_terms *terms, int s,
                                    const struct nnp_loss_factors *factors);

/* Sets the parameters of the networks and folds them. */
void nnp_loss_set_parameters(struct nnp_loss *loss, const double *parameters);

/* Step 1 (loss.c) for structures begin .. end - 1 of block b of this rank. */
void nnp_loss_begin(struct nnp_loss_work *work, int b, int begin, int end,
                    bool with_derivatives);

/* Steps 2 and 3 for structure s of the set: y, unless there are no derivatives, and the seeds
 * of its atoms become dL/dy and dL/dE; u if with_gradient, which wants the whole block. */
void nnp_loss_compare(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                      int structure_in_block, int s, bool with_derivatives, bool with_gradient);

/* dL/dE of a structure's atoms, after nnp_loss_compare. */
double nnp_loss_seed(const struct nnp_loss_work *work, int structure_in_block);

#endif
