/* Weights of structures that fall with their energy, and weights of a loss that are found from
 * the variances of the references. */
#ifndef NNP_ENERGY_WEIGHTS_H
#define NNP_ENERGY_WEIGHTS_H

#include "config.h"
#include "fit_set.h"
#include "loss.h"

/* Multiplies the weights of every structure of set by
 *
 *   w = 1 / (1 + (h / scale)^2)                                                     (1)
 *
 * with h >= 0 the energy per atom above the lower convex hull of the energies of training, or
 * above their lowest; energies without the reference energies, eV/atom.  h is 0 below the hull
 * and where it is not known: without an energy, and at a composition that no mixture of
 * training structures has.  Between h = 0 and scale residuals count by themselves, above it
 * relative to h. */
enum nnp_status nnp_energy_weights_set(struct nnp_fit_set *set,
                                       const struct nnp_fit_set *training,
                                       const struct nnp_potential *model,
                                       enum nnp_energy_above above, double scale,
                                       struct nnp_error *error) NNP_MUST_CHECK;

/* The weights 1 / S of energy, forces and stress, where S are the sums of the loss over the
 * references themselves in place of residuals (structures and atoms weighted alike, squares in
 * place of robust functions): energies less reference energies and the mean of these per atom,
 * forces, virials V sigma less their mean per atom.  0 where nothing varies. */
struct nnp_loss_scales {
    double energy, forces, stress;
};
struct nnp_loss_scales nnp_loss_scales_find(const struct nnp_fit_set *set,
                                            const struct nnp_loss_terms *terms);

#endif
