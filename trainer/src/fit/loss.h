/* The function that training minimises, and its gradient.
 *
 * Of structure n with N_n atoms in a volume V_n, with residuals dE, dF and dsigma of energy,
 * forces and stress,
 *
 *   L = energy_weight S_E + force_weight S_F + stress_weight S_W + regularization sum w^2
 *
 *          sum                               mean
 *   S_E    sum_n dE_n^2                      mean_n (dE_n / N_n)^2
 *   S_F    sum over force components dF^2    mean over force components dF^2
 *   S_W    sum_n sum_6 (V_n dsigma_n)^2      mean_n mean_6 (V_n dsigma_n / N_n)^2
 *
 * over the structures that state a reference; w are the weights of the networks (not the
 * biases) in eV and Angstrom.  Every square of a structure is multiplied by the structure's
 * weight for that quantity and that of the set (fit_set.h; means divide by the numbers of
 * residuals, whatever their weights), and that of an atom's force besides by
 *
 *   1 / (1 + |F_ref|^2 / force_scale^2)   for force_scale > 0.
 *
 * Of the weighted squares, robust functions (robust.h) replace dE_n^2 with the threshold N_n
 * d_E, |dF|^2 of an atom with d_F, and the sum_6 of a structure with V_n d_W. */
#ifndef NNP_LOSS_H
#define NNP_LOSS_H

#include "config.h"
#include "fit_set.h"
#include "nnp/network.h"
#include "nnp/potential.h"
#include "nnp/status.h"

struct nnp_loss;

struct nnp_loss_terms {
    enum nnp_normalization normalization;
    double energy_weight, force_weight, stress_weight, regularization;
    double force_scale; /* 0: forces of all atoms count alike */
    struct nnp_robust robust;
};

/* Collective.  set and networks [n_elements of the set's potential] are borrowed; the networks
 * are behind the projections of that potential; their parameters are changed by evaluations. On
 * failure, which is the same on all ranks, *loss is NULL. error may not be NULL. */
enum nnp_status nnp_loss_create(struct nnp_loss **loss, struct nnp_fit_set *set, int n_elements,
                                struct nnp_network *networks,
                                struct nnp_error *error) NNP_MUST_CHECK;
void nnp_loss_free(struct nnp_loss *loss); /* NULL is allowed */

/* Parameters of all networks, element after element. */
int nnp_loss_n_parameters(const struct nnp_loss *loss);

/* What an evaluation computes.  Forces and stress are skipped where neither has a weight,
 * unless all residuals are asked for. */
enum nnp_loss_request {
    NNP_LOSS_VALUE,
    NNP_LOSS_GRADIENT,
    NNP_LOSS_ALL_RESIDUALS /* value, with residuals of all that is known */
};

/* Collective; allocates nothing; the same bits on any number of ranks.  Sets the residuals of
 * the set.  gradient: [n_parameters], set if it is requested, else NULL.  The result may not be
 * finite. */
double nnp_loss_evaluate(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                         enum nnp_loss_request request, const double *parameters,
                         double *gradient);

/* The same in two steps: this rank's part, and what all have found.  Between them a rank may
 * start with another set, so that ranks wait for one another once for both; the terms are the
 * same in either step, and so is whether there is a gradient. */
void nnp_loss_start(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                    enum nnp_loss_request request, const double *parameters);
double nnp_loss_finish(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                       double *gradient);

#endif
