/* Models as configurations describe them. */
#include "model.h"

#include "distances.h"
#include "linear_algebra.h"
#include "nnp/element.h"
#include "repulsion_check.h"

#include <stdlib.h>
#include <string.h>

/* The hidden layers that are configured, and a linear output. */
static enum nnp_status add_network(struct nnp_network *network, const struct nnp_config *config,
                                   int e, int n_inputs, struct nnp_error *error)
{
    const struct nnp_config_network *hidden = &config->networks[e];
    int n_layers = hidden->n_hidden + 1;
    int *sizes = calloc((size_t)n_layers + 1, sizeof *sizes);
    enum nnp_activation *activations = calloc((size_t)n_layers, sizeof *activations);
    enum nnp_status status;
    if (sizes && activations) {
        sizes[0] = n_inputs;
        for (int l = 0; l < hidden->n_hidden; l++) {
            sizes[l + 1] = hidden->sizes[l];
            activations[l] = hidden->activations[l];
        }
        sizes[n_layers] = 1;
        activations[n_layers - 1] = NNP_ACTIVATION_LINEAR;
        status = nnp_network_init(network, n_layers, sizes, activations, error);
    } else {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d layers", n_layers);
    }
    free(sizes);
    free(activations);
    return status;
}

static enum nnp_status check_repulsion(const struct nnp_potential *potential,
                                       const struct nnp_config *config, struct nnp_error *error)
{
    struct nnp_repulsion_place place;
    struct nnp_error detail;
    const enum nnp_status status = nnp_check_repulsion(potential, &place, &detail);
    return status ? nnp_error_set(error, status, "%s: %.800s", config->path, detail.message)
                  : status;
}

enum nnp_status nnp_model_create(struct nnp_potential **model, const struct nnp_config *config,
                                 struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_potential *potential = nnp_potential_new(config->n_elements, 1);
    *model = NULL;
    if (!potential)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a potential");
    potential->length_unit = NNP_ANGSTROM;
    potential->energy_unit = NNP_EV;
    for (int e = 0; e < config->n_elements && !status; e++) {
        potential->elements[e].atomic_number = config->atomic_numbers[e];
        potential->elements[e].mass = nnp_element_mass(config->atomic_numbers[e]);
        status = nnp_model_set_descriptor(&potential->descriptors[e], config, e, error);
        const struct nnp_descriptor *descriptor = &potential->descriptors[e];
        if (!status)
            status =
                add_network(&potential->networks[e], config, e,
                            descriptor->projection.n_inputs ? descriptor->projection.n_outputs
                                                            : descriptor->n_functions,
                            error);
    }
    if (!status)
        status = nnp_repulsion_copy(&potential->repulsion, &config->repulsion, error);
    if (!status)
        status = check_repulsion(potential, config, error);
    if (status)
        nnp_potential_free(potential);
    else
        *model = potential;
    return status;
}

static int element_index(const struct nnp_config *config, int atomic_number)
{
    for (int e = 0; e < config->n_elements; e++)
        if (config->atomic_numbers[e] == atomic_number)
            return e;
    return -1;
}

static enum nnp_status check_elements(const struct nnp_config *config, int n,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_error *error)
{
    for (int s = 0; s < n; s++)
        for (int i = 0; i < structures[s]->n_atoms; i++)
            if (element_index(config, structures[s]->atomic_numbers[i]) < 0)
                return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                     "%s:%d: atom %d is %s, which is not among the elements of "
                                     "%s",
                                     structures[s]->file, structures[s]->line, i + 1,
                                     nnp_element_symbol(structures[s]->atomic_numbers[i]),
                                     config->path);
    return NNP_SUCCESS;
}

/* Atoms that no calculation puts so close: a damaged file, or another unit of length. */
static enum nnp_status check_distances(int n, const struct nnp_structure *const *structures,
                                       struct nnp_error *error)
{
    const double least = 0.2; /* Angstrom; the shortest bond, H-H, is 0.74 */
    for (int s = 0; s < n; s++) {
        struct nnp_close_pair pair;
        enum nnp_status status = nnp_distances_closest(structures[s], least, &pair, error);
        if (status)
            return status;
        if (pair.distance < least)
            return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                                 "%s:%d: atoms %d and %d are %.3g Angstrom apart, expected at "
                                 "least %g",
                                 structures[s]->file, structures[s]->line, pair.i + 1,
                                 pair.j + 1, pair.distance, least);
    }
    return NNP_SUCCESS;
}

static enum nnp_status check_presence(const struct nnp_config *config, int n,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_error *error)
{
    for (int e = 0; e < config->n_elements; e++) {
        bool found = false;
        for (int s = 0; s < n && !found; s++)
            for (int i = 0; i < structures[s]->n_atoms && !found; i++)
                found = structures[s]->atomic_numbers[i] == config->atomic_numbers[e];
        if (!found)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%s lists the element %s, but no structure for training "
                                 "contains it: its network could not be trained",
                                 config->path, nnp_element_symbol(config->atomic_numbers[e]));
    }
    return NNP_SUCCESS;
}

/* Every structure states an energy where energies count and it is not given the weight 0 there,
 * and some structure for training states forces and stress where these do. */
static enum nnp_status check_references(const struct nnp_config *config, int n,
                                        const struct nnp_structure *const *structures,
                                        bool training, struct nnp_error *error)
{
    bool energies = config->reference_energies == NNP_REFERENCE_FIT, forces = false;
    bool stress = false, some_forces = false, some_stress = false;
    for (int k = 0; k < config->n_stages; k++) {
        energies = energies || config->stages[k].energy_weight > 0.0;
        forces = forces || config->stages[k].force_weight > 0.0;
        stress = stress || config->stages[k].stress_weight > 0.0;
    }
    for (int s = 0; s < n; s++) {
        if (energies && !structures[s]->has_energy &&
            nnp_structure_weights(structures[s]).energy > 0.0)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%s:%d: the structure states no energy, which the loss of %s "
                                 "needs (data with the weight 0 for energies may lack them)",
                                 structures[s]->file, structures[s]->line, config->path);
        some_forces = some_forces || structures[s]->has_forces;
        some_stress = some_stress || structures[s]->has_stress;
    }
    if (training && ((forces && !some_forces) || (stress && !some_stress)))
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "a stage of %s has a weight for %s, but no structure for training "
                             "states any",
                             config->path, forces && !some_forces ? "forces" : "stress");
    return NNP_SUCCESS;
}

enum nnp_status nnp_model_check_data(const struct nnp_config *config, int n_training,
                                     const struct nnp_structure *const *training, int n_test,
                                     const struct nnp_structure *const *test,
                                     struct nnp_error *error)
{
    if (n_training == 0)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "the data of %s leave no structure for training", config->path);
    enum nnp_status status = check_elements(config, n_training, training, error);
    if (!status)
        status = check_elements(config, n_test, test, error);
    if (!status)
        status = check_distances(n_training, training, error);
    if (!status)
        status = check_distances(n_test, test, error);
    if (!status)
        status = check_presence(config, n_training, training, error);
    if (!status)
        status = check_references(config, n_training, training, true, error);
    return status ? status : check_references(config, n_test, test, false, error);
}

static enum nnp_status fit_reference_energies(int n_elements, const struct nnp_config *config,
                                              int n_structures,
                                              const struct nnp_structure *const *structures,
                                              double *solution, struct nnp_error *error)
{
    double *counts = calloc((size_t)n_structures + 1, (size_t)n_elements * sizeof *counts);
    double *energies = calloc((size_t)n_structures + 1, sizeof *energies);
    enum nnp_status status;
    int m = 0;
    for (int s = 0; counts && energies && s < n_structures; s++) {
        if (!structures[s]->has_energy)
            continue;
        for (int i = 0; i < structures[s]->n_atoms; i++)
            counts[m * n_elements + element_index(config, structures[s]->atomic_numbers[i])] +=
                1.0;
        energies[m++] = structures[s]->energy;
    }
    if (counts && energies)
        status = nnp_least_squares(m, n_elements, counts, energies, solution, error);
    else
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d energies", n_structures);
    free(counts);
    free(energies);
    return status;
}

enum nnp_status nnp_model_set_reference_energies(struct nnp_potential *model,
                                                 const struct nnp_config *config,
                                                 int n_structures,
                                                 const struct nnp_structure *const *structures,
                                                 struct nnp_error *error)
{
    double *energies = calloc((size_t)model->n_elements, sizeof *energies);
    enum nnp_status status = NNP_SUCCESS;
    if (!energies)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d elements",
                             model->n_elements);
    if (config->reference_energies == NNP_REFERENCE_FIT)
        status = fit_reference_energies(model->n_elements, config, n_structures, structures,
                                        energies, error);
    else
        memcpy(energies, config->element_energies,
               (size_t)model->n_elements * sizeof *energies);
    for (int e = 0; e < model->n_elements && !status; e++)
        model->elements[e].energy = energies[e];
    free(energies);
    return status;
}
