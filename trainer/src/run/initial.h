/* What given potentials state of a model that is to be trained further: stratified training,
 * from elements to compounds (MAISE: S. Hajinazar et al., Comput. Phys. Commun. 259, 107679
 * (2021)), and fine-tuning.
 *
 * A function of the model is known if a potential of its central element has it.  Its scaling
 * and its weights in the first layer are taken over, as are the biases of the first layer and
 * all further layers, on which potentials of one element must agree.  Functions that are not
 * known concern elements that no one potential covers together.  They are scaled through zero
 * (nnp/scaling.h), so that they contribute nothing, bit by bit, to the energies of structures
 * that a given potential covers: while known parameters are frozen, these stay as they are. */
#ifndef NNP_INITIAL_H
#define NNP_INITIAL_H

#include "config.h"
#include "nnp/potential.h"

#include <stdbool.h>

/* Zero-initialised: no potentials, nothing is known; owns. */
struct nnp_initial {
    int n_parameters, n_members, n_known;
    bool *known;    /* [n_parameters] */
    double *values; /* [n_members][n_parameters], 0 where not known */
    int n_elements;
    bool **known_functions;       /* [n_elements][n_functions] */
    struct nnp_scaling *scalings; /* [n_elements], of known functions */
};

/* Takes the configuration's initial potentials over, if there are any; those of model get the
 * known scalings.  NNP_ERROR_INCONSISTENT: potentials that do not fit the model or each other.
 */
enum nnp_status nnp_initial_take(struct nnp_initial *initial, struct nnp_potential *model,
                                 const struct nnp_config *config,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_initial_free(struct nnp_initial *initial);

/* Arrays for a model, of which nothing is known yet; on failure they are to be freed. */
enum nnp_status nnp_initial_allocate(struct nnp_initial *initial,
                                     const struct nnp_potential *model, int n_members,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* Range and kind of function j of one scaling as those of function k of another. */
void nnp_initial_copy_range(struct nnp_scaling *to, int k, const struct nnp_scaling *from,
                            int j);

/* Known parameters of committee member m (from 0), in place of those of x [n_parameters]. */
void nnp_initial_set(const struct nnp_initial *initial, int m, double *x);

/* Puts the known scalings back after those of new data were set.  For element e, *outside is
 * how many known functions leave their range in the new data; *furthest by how much at most, in
 * widths of the range. */
void nnp_initial_restore_scaling(const struct nnp_initial *initial, struct nnp_potential *model,
                                 int e, int *outside, double *furthest);

#endif
