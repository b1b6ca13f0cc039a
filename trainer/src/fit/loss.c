/* Loss and gradient, block by block.  Per block:
 *   1. energies E_i and, with forces, g_i = dE_i/dx_i of all atoms (network_batch)
 *   2. per structure y = sum_i J_i^T g_i, J_i = dx_i/d(R, strain): forces are -y of the
 *      coordinates, the virial V sigma is y of the strain
 *   3. dL/dE of the structure is the seed of its atoms; v = dL/dy; u_i = J_i v
 *   4. the gradient is d/dw sum_i (dL/dE E_i + u_i . g_i), as v . y = sum_i u_i . g_i
 * so that no second derivative of a symmetry function with respect to the weights appears. */
#include "loss_parts.h"

#include "robust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of an element in the largest of this rank's blocks. */
static int most_rows(const struct nnp_fit_set *set, int element)
{
    int most = 0;
    for (int b = 0; b < set->blocks.n_blocks; b++)
        if (set->caches[b] && nnp_descriptor_cache_n_rows(set->caches[b], element) > most)
            most = nnp_descriptor_cache_n_rows(set->caches[b], element);
    return most;
}

static bool allocate_element(struct nnp_loss *loss, int e)
{
    struct nnp_loss_element *work = &loss->elements[e];
    size_t n_rows = (size_t)most_rows(loss->set, e);
    size_t row_size = ((size_t)loss->networks[e].layers[0].n_inputs + 1) * sizeof(double);
    work->first_parameter = loss->n_parameters;
    loss->n_parameters += nnp_network_n_parameters(&loss->networks[e]);
    work->energies = calloc(n_rows + 1, sizeof(double));
    work->seeds = calloc(n_rows + 1, sizeof(double));
    loss->de_dx[e] = calloc(n_rows + 1, row_size);
    loss->tangents[e] = calloc(n_rows + 1, row_size);
    return work->energies && work->seeds && loss->de_dx[e] && loss->tangents[e] &&
           nnp_network_batch_create(&work->batch, &loss->networks[e], (int)n_rows, NULL) ==
               NNP_SUCCESS;
}

static bool allocate(struct nnp_loss *loss)
{
    size_t n_elements = (size_t)loss->n_elements, most_atoms = 0;
    for (int s = 0; s < loss->set->n_structures; s++)
        if ((size_t)loss->set->structures[s]->n_atoms > most_atoms)
            most_atoms = (size_t)loss->set->structures[s]->n_atoms;
    loss->elements = calloc(n_elements, sizeof *loss->elements);
    loss->de_dx = calloc(n_elements, sizeof *loss->de_dx);
    loss->tangents = calloc(n_elements, sizeof *loss->tangents);
    loss->y = calloc(3 * most_atoms + 6, sizeof *loss->y);
    loss->y_factors = calloc(3 * most_atoms + 6, sizeof *loss->y_factors);
    bool done = loss->elements && loss->de_dx && loss->tangents && loss->y && loss->y_factors;
    for (int e = 0; done && e < loss->n_elements; e++)
        done = allocate_element(loss, e);
    if (done)
        loss->block_gradients = calloc((size_t)loss->set->blocks.n_blocks + 1,
                                       ((size_t)loss->n_parameters + 1) * sizeof(double));
    return done && loss->block_gradients;
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
    for (int e = 0; e < loss->n_elements; e++) {
        if (loss->elements) {
            nnp_network_batch_free(loss->elements[e].batch);
            free(loss->elements[e].energies);
            free(loss->elements[e].seeds);
        }
        if (loss->de_dx)
            free(loss->de_dx[e]);
        if (loss->tangents)
            free(loss->tangents[e]);
    }
    free(loss->elements);
    free(loss->de_dx);
    free(loss->tangents);
    free(loss->y);
    free(loss->y_factors);
    free(loss->block_gradients);
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

static double square(const double *v)
{
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

double nnp_loss_atom_weight(const struct nnp_loss_terms *terms, const double *force)
{
    if (terms->force_scale == 0.0)
        return 1.0;
    return 1.0 / (1.0 + square(force) / (terms->force_scale * terms->force_scale));
}

/* Residuals of forces; y turns from derivatives of E into those of L.  Returns the part of L.
 */
static double compare_forces(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                             const struct nnp_structure *structure, double factor,
                             struct nnp_residual *residual)
{
    const struct nnp_robust *robust = &terms->robust;
    double sum = 0.0;
    residual->forces = 0.0;
    for (size_t c = 0; c < 3 * (size_t)structure->n_atoms; c += 3) {
        double *y = loss->y + c, weight;
        for (int k = 0; k < 3; k++)
            y[k] += structure->forces[c + (size_t)k];
        double own = factor * nnp_loss_atom_weight(terms, structure->forces + c);
        residual->forces += square(y);
        sum += own * nnp_robust_evaluate(robust->function, robust->forces, square(y), &weight);
        for (int k = 0; k < 3; k++) {
            loss->y_factors[c + (size_t)k] = own * weight;
            y[k] *= 2.0 * own * weight;
        }
    }
    return sum;
}

/* The same for the virial, the last six of y. */
static double compare_virial(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                             const struct nnp_structure *structure, double volume,
                             double factor, struct nnp_residual *residual)
{
    double *virial = loss->y + 3 * (size_t)structure->n_atoms, weight;
    double *factors = loss->y_factors + 3 * (size_t)structure->n_atoms;
    residual->virial = 0.0;
    for (int c = 0; c < 6; c++) {
        virial[c] -= volume * structure->stress[c];
        residual->virial += virial[c] * virial[c];
    }
    double rho = nnp_robust_evaluate(terms->robust.function, volume * terms->robust.stress,
                                     residual->virial, &weight);
    for (int c = 0; c < 6; c++) {
        factors[c] = factor * weight;
        virial[c] *= 2.0 * factor * weight;
    }
    return factor * rho;
}

static double compare_derivatives(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                                  int s, const struct nnp_loss_factors *factors,
                                  struct nnp_residual *residual)
{
    const struct nnp_structure *structure = loss->set->structures[s];
    size_t n = 3 * (size_t)structure->n_atoms;
    double volume = loss->set->volumes[s], sum = 0.0;
    if (structure->has_forces) {
        sum += compare_forces(loss, terms, structure, factors->forces, residual);
    } else {
        memset(loss->y, 0, n * sizeof *loss->y);
        memset(loss->y_factors, 0, n * sizeof *loss->y_factors);
    }
    if (volume > 0.0) {
        sum += compare_virial(loss, terms, structure, volume, factors->virial, residual);
    } else {
        memset(loss->y + n, 0, 6 * sizeof *loss->y);
        memset(loss->y_factors + n, 0, 6 * sizeof *loss->y_factors);
    }
    return sum;
}

/* The structure's energy; its atoms' seeds are set to dL/dE.  Returns the part of L. */
static double compare_energy(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                             const struct nnp_descriptor_cache *cache, int structure_in_block,
                             int s, double factor, struct nnp_residual *residual)
{
    const struct nnp_structure *structure = loss->set->structures[s];
    double energy = 0.0, difference = 0.0, rho = 0.0, weight = 0.0;
    int e, row;
    for (int i = 0; i < structure->n_atoms; i++) {
        nnp_descriptor_cache_locate(cache, structure_in_block, i, &e, &row);
        energy += loss->elements[e].energies[row];
    }
    if (structure->has_energy) {
        difference = energy - loss->set->energies[s];
        residual->energy = difference * difference;
        rho = nnp_robust_evaluate(terms->robust.function,
                                  structure->n_atoms * terms->robust.energy, residual->energy,
                                  &weight);
    }
    loss->energy_factor = factor * weight;
    for (int i = 0; i < structure->n_atoms; i++) {
        nnp_descriptor_cache_locate(cache, structure_in_block, i, &e, &row);
        loss->elements[e].seeds[row] = 2.0 * loss->energy_factor * difference;
    }
    return factor * rho;
}

static void clear_tangents(struct nnp_loss *loss, const struct nnp_descriptor_cache *cache,
                           int structure_in_block, int n_atoms)
{
    for (int i = 0; i < n_atoms; i++) {
        int e, row;
        nnp_descriptor_cache_locate(cache, structure_in_block, i, &e, &row);
        size_t n = (size_t)loss->networks[e].layers[0].n_inputs;
        memset(loss->tangents[e] + (size_t)row * n, 0, n * sizeof(double));
    }
}

/* Steps 2 and 3 for structure s. */
void nnp_loss_compare(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                      struct nnp_descriptor_cache *cache, int structure_in_block, int s,
                      bool with_derivatives, bool with_gradient)
{
    int n_atoms = loss->set->structures[s]->n_atoms;
    struct nnp_loss_factors factors = nnp_loss_find_factors(loss->set, terms, s);
    struct nnp_residual *residual = &loss->set->residuals[s];
    double *value = &loss->set->values[s];
    *residual = (struct nnp_residual){-1.0, -1.0, -1.0};
    *value =
        compare_energy(loss, terms, cache, structure_in_block, s, factors.energy, residual);
    if (!with_derivatives)
        return;
    if (nnp_descriptor_cache_has_derivatives(cache, structure_in_block)) {
        nnp_descriptor_cache_contract(cache, structure_in_block, loss->de_dx, loss->y);
        *value += compare_derivatives(loss, terms, s, &factors, residual);
        if (with_gradient)
            nnp_descriptor_cache_direct(cache, structure_in_block, loss->y, loss->tangents);
    } else {
        clear_tangents(loss, cache, structure_in_block, n_atoms);
    }
}

void nnp_loss_begin_block(struct nnp_loss *loss, int b, bool with_derivatives)
{
    const struct nnp_descriptor_cache *cache = loss->set->caches[b];
    for (int e = 0; e < loss->n_elements; e++) {
        struct nnp_loss_element *work = &loss->elements[e];
        nnp_network_batch_energies(work->batch, nnp_descriptor_cache_n_rows(cache, e),
                                   nnp_descriptor_cache_values(cache, e), work->energies);
        if (with_derivatives)
            nnp_network_batch_input_gradients(work->batch, loss->de_dx[e]);
    }
}

static void evaluate_block(struct nnp_loss *loss, const struct nnp_loss_terms *terms, int b,
                           bool with_derivatives, double *gradient)
{
    struct nnp_descriptor_cache *cache = loss->set->caches[b];
    const int *range = loss->set->blocks.first_structure + b;
    nnp_loss_begin_block(loss, b, with_derivatives);
    for (int s = range[0]; s < range[1]; s++)
        nnp_loss_compare(loss, terms, cache, s - range[0], s, with_derivatives, gradient);
    if (!gradient)
        return;
    memset(gradient, 0, (size_t)loss->n_parameters * sizeof *gradient);
    for (int e = 0; e < loss->n_elements; e++)
        nnp_network_batch_parameter_gradient(loss->elements[e].batch, loss->elements[e].seeds,
                                             with_derivatives ? loss->tangents[e] : NULL,
                                             gradient + loss->elements[e].first_parameter);
}

void nnp_loss_set_parameters(struct nnp_loss *loss, const double *parameters)
{
    for (int e = 0; e < loss->n_elements; e++)
        nnp_network_set_parameters(&loss->networks[e],
                                   parameters + loss->elements[e].first_parameter);
}

/* Returns sum w^2 and adds its gradient times factor. */
static double regularize(const struct nnp_loss *loss, double factor, double *gradient)
{
    double sum = 0.0;
    for (int e = 0; e < loss->n_elements; e++) {
        int k = loss->elements[e].first_parameter;
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

double nnp_loss_evaluate(struct nnp_loss *loss, const struct nnp_loss_terms *terms,
                         enum nnp_loss_request request, const double *parameters,
                         double *gradient)
{
    struct nnp_fit_set *set = loss->set;
    const struct nnp_blocks *blocks = &set->blocks;
    const int *own = blocks->first_block + set->parallel->rank;
    size_t n = (size_t)loss->n_parameters;
    bool with_derivatives = request == NNP_LOSS_ALL_RESIDUALS || terms->force_weight > 0.0 ||
                            terms->stress_weight > 0.0;
    nnp_loss_set_parameters(loss, parameters);
    for (int b = own[0]; b < own[1]; b++)
        evaluate_block(loss, terms, b, with_derivatives,
                       gradient ? loss->block_gradients + (size_t)b * n : NULL);

    nnp_parallel_gather(set->parallel, blocks->first_structure_of_rank,
                        sizeof(struct nnp_residual) / sizeof(double), (double *)set->residuals);
    nnp_parallel_gather(set->parallel, blocks->first_structure_of_rank, 1, set->values);
    if (gradient) {
        nnp_parallel_gather(set->parallel, blocks->first_block, loss->n_parameters,
                            loss->block_gradients);
        memset(gradient, 0, n * sizeof *gradient);
        for (int b = 0; b < blocks->n_blocks; b++)
            for (size_t k = 0; k < n; k++)
                gradient[k] += loss->block_gradients[(size_t)b * n + k];
    }
    double value = 0.0;
    for (int i = 0; i < set->n_structures; i++)
        value += set->values[i];
    return value + terms->regularization * regularize(loss, terms->regularization, gradient);
}
