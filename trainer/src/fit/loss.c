/* Loss and gradient, block by block.  Per block:
 *   1. energies E_i and, with forces, g_i = dE_i/dx_i of all atoms (network_batch)
 *   2. per structure y = sum_i J_i^T g_i, J_i = dx_i/d(R, strain): forces are -y of the
 *      coordinates, the virial V sigma is y of the strain
 *   3. dL/dE of the structure is the seed of its atoms; v = dL/dy; u_i = J_i v
 *   4. the gradient is d/dw sum_i (dL/dE E_i + u_i . g_i), as v . y = sum_i u_i . g_i
 * so that no second derivative of a symmetry function with respect to the weights appears.
 * Projections are folded into the networks (folded_network.h): x are always the functions. */
#include "loss_parts.h"
#include "threads.h"

#include <stdlib.h>
#include <string.h>

static bool fold(struct nnp_loss *loss, int e)
{
    const struct nnp_projection *projection = &loss->set->potential->descriptors[e].projection;
    struct nnp_folded_network *folded = &loss->folded[e];
    if (nnp_folded_network_init(folded, projection, &loss->networks[e], NULL))
        return false;
    const int n = nnp_network_n_parameters(nnp_folded_network(folded));
    if (folded->projection && n > loss->most_folded)
        loss->most_folded = n;
    return true;
}

static bool allocate(struct nnp_loss *loss)
{
    bool done = true;
    loss->n_works = loss->set->n_workers;
    loss->first_parameter = calloc((size_t)loss->n_elements, sizeof *loss->first_parameter);
    loss->works = calloc((size_t)loss->n_works, sizeof *loss->works);
    loss->folded = calloc((size_t)loss->n_elements, sizeof *loss->folded);
    if (!loss->first_parameter || !loss->works || !loss->folded)
        return false;
    for (int e = 0; done && e < loss->n_elements; e++) {
        loss->first_parameter[e] = loss->n_parameters;
        loss->n_parameters += nnp_network_n_parameters(&loss->networks[e]);
        done = fold(loss, e);
    }
    for (int k = 0; done && k < loss->n_works; k++)
        done = nnp_loss_work_init(&loss->works[k], loss, loss->set->workers[k]);
    return done;
}

static enum nnp_status create_exchange(struct nnp_loss *loss, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (!nnp_loss_exchange_init(&loss->exchange, loss->set, loss->n_parameters))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for gradients of %d blocks",
                               loss->set->blocks.n_blocks);
    return nnp_parallel_agree(loss->set->parallel, status, error);
}

enum nnp_status nnp_loss_create(struct nnp_loss **loss, struct nnp_fit_set *set, int n_elements,
                                struct nnp_network *networks, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *loss = calloc(1, sizeof **loss);
    if (*loss) {
        (*loss)->set = set;
        (*loss)->n_elements = n_elements;
        (*loss)->networks = networks;
    }
    if (!*loss || !allocate(*loss))
        status = nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for the loss of %d structures", set->n_structures);
    status = nnp_parallel_agree(set->parallel, status, error);
    if (!status)
        status = create_exchange(*loss, error);
    if (status) {
        nnp_loss_free(*loss);
        *loss = NULL;
    }
    return status;
}

void nnp_loss_free(struct nnp_loss *loss)
{
    if (!loss)
        return;
    for (int k = 0; loss->works && k < loss->n_works; k++)
        nnp_loss_work_free(&loss->works[k]);
    for (int e = 0; loss->folded && e < loss->n_elements; e++)
        nnp_folded_network_free(&loss->folded[e]);
    free(loss->folded);
    free(loss->works);
    free(loss->first_parameter);
    nnp_loss_exchange_free(&loss->exchange);
    free(loss);
}

int nnp_loss_n_parameters(const struct nnp_loss *loss)
{
    return loss->n_parameters;
}

struct nnp_loss_factors nnp_loss_find_factors(const struct nnp_fit_set *set,
                                              const struct nnp_loss_terms *terms, int s)
{
    const struct nnp_structure *structure = set->structures[s];
    struct nnp_structure_weights weights = nnp_structure_weights(structure);
    double weight = set->weights[s];
    struct nnp_loss_factors factors = {terms->energy_weight * weight * weights.energy,
                                       terms->force_weight * weight * weights.forces,
                                       terms->stress_weight * weight * weights.stress};
    if (terms->normalization == NNP_NORMALIZATION_MEAN) {
        double n2 = (double)structure->n_atoms * structure->n_atoms;
        factors.energy /= set->n_energies > 0 ? set->n_energies * n2 : 1.0;
        factors.forces /= set->n_forces > 0 ? (double)set->n_forces : 1.0;
        factors.virial /= set->n_stresses > 0 ? 6.0 * (double)set->n_stresses * n2 : 1.0;
    }
    return factors;
}

/* Step 4 for an element; gradient: of its parameters, which are zero. */
static void find_gradient(struct nnp_loss_work *work, int e, bool with_derivatives,
                          double *gradient)
{
    const struct nnp_folded_network *folded = &work->loss->folded[e];
    double *found = gradient;
    if (folded->projection) {
        found = work->folded;
        memset(found, 0,
               (size_t)nnp_network_n_parameters(nnp_folded_network(folded)) * sizeof *found);
    }
    nnp_network_batch_parameter_gradient(work->elements[e].batch, work->elements[e].seeds,
                                         with_derivatives ? work->tangents[e] : NULL, found);
    if (folded->projection)
        nnp_folded_network_pull_back(folded, 1, found, gradient);
}

static void evaluate_block(struct nnp_loss_work *work, const struct nnp_loss_terms *terms,
                           int b, bool with_derivatives, double *gradient)
{
    const struct nnp_loss *loss = work->loss;
    const int *range = loss->set->blocks.first_structure + b;
    nnp_loss_begin(work, b, 0, range[1] - range[0], with_derivatives);
    for (int s = range[0]; s < range[1]; s++)
        nnp_loss_compare(work, terms, s - range[0], s, with_derivatives, gradient);
    if (!gradient)
        return;
    memset(gradient, 0, (size_t)loss->n_parameters * sizeof *gradient);
    for (int e = 0; e < loss->n_elements; e++)
        find_gradient(work, e, with_derivatives, gradient + loss->first_parameter[e]);
}

void nnp_loss_set_parameters(struct nnp_loss *loss, const double *parameters)
{
    for (int e = 0; e < loss->n_elements; e++) {
        nnp_network_set_parameters(&loss->networks[e], parameters + loss->first_parameter[e]);
        nnp_folded_network_update(&loss->folded[e]);
    }
}

/* Returns sum w^2 and adds its gradient times factor. */
static double regularize(const struct nnp_loss *loss, double factor, double *gradient)
{
    double sum = 0.0;
    for (int e = 0; e < loss->n_elements; e++) {
        int k = loss->first_parameter[e];
        for (int l = 0; l < loss->networks[e].n_layers; l++) {
            const struct nnp_layer *layer = &loss->networks[e].layers[l];
            int n_weights = layer->n_inputs * layer->n_outputs;
            for (int i = 0; i < n_weights; i++) {
                sum += layer->weights[i] * layer->weights[i];
                if (gradient)
                    gradient[k + i] += 2.0 * factor * layer->weights[i];
            }
            k += n_weights + layer->n_outputs;
        }
    }
    return sum;
}

void nnp_loss_start(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                    enum nnp_loss_request request, const double *parameters)
{
    const struct nnp_fit_set *set = loss->set;
    struct nnp_loss_exchange *exchange = &loss->exchange;
    const size_t n = (size_t)loss->n_parameters;
    const bool with_gradient = request == NNP_LOSS_GRADIENT;
    const bool with_derivatives = request == NNP_LOSS_ALL_RESIDUALS ||
                                  terms->force_weight > 0.0 || terms->stress_weight > 0.0;
    nnp_loss_set_parameters(loss, parameters);
    const int n_blocks = nnp_loss_exchange_begin(exchange);
#pragma omp parallel for schedule(dynamic, 1)
    for (int k = 0; k < n_blocks; k++)
        if (nnp_loss_exchange_take(exchange, k)) {
            const int b = set->order.blocks[k];
            evaluate_block(&loss->works[nnp_thread()], terms, b, with_derivatives,
                           with_gradient ? exchange->gradients + (size_t)b * n : NULL);
            nnp_loss_exchange_give(exchange, b);
        }
}

double nnp_loss_finish(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                       double *gradient)
{
    const struct nnp_fit_set *set = loss->set;
    const size_t n = (size_t)loss->n_parameters;
    double value = 0.0;
    nnp_loss_exchange_end(&loss->exchange, gradient);
    if (gradient) {
        memset(gradient, 0, n * sizeof *gradient);
        for (int b = 0; b < set->blocks.n_blocks; b++)
            for (size_t k = 0; k < n; k++)
                gradient[k] += loss->exchange.gradients[(size_t)b * n + k];
    }
    for (int i = 0; i < set->n_structures; i++)
        value += set->values[i];
    return value + terms->regularization * regularize(loss, terms->regularization, gradient);
}

double nnp_loss_evaluate(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                         enum nnp_loss_request request, const double *parameters,
                         double *gradient)
{
    nnp_loss_start(loss, terms, request, parameters);
    return nnp_loss_finish(loss, terms, gradient);
}
