/* What a training takes from given potentials, and what stages leave alone. */
#include "training_parts.h"

#include "freeze.h"
#include "nnp/element.h"
#include "nnp/formats.h"

#include <stdlib.h>
#include <string.h>

/* Every stage has parameters to train, and members of a committee differ. */
static enum nnp_status check_freedom(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    const struct nnp_initial *initial = &training->initial;
    int n = 0;
    for (int e = 0; e < training->model->n_elements; e++)
        n += nnp_network_n_parameters(&training->model->networks[e]);
    training->n_parameters = n;
    training->free = calloc((size_t)n + 1, sizeof *training->free);
    if (!training->free)
        return nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %d parameters",
                             n);
    for (int k = 0; k < config->n_stages; k++)
        if (nnp_freeze_find_free(&config->stages[k], training->model, initial->known,
                                 training->free) == 0)
            return nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                                 "stage \"%s\" of %s freezes all parameters, expected some to "
                                 "train",
                                 config->stages[k].name, config->path);
    bool alike = config->n_members > 1 && initial->n_known == n &&
                 config->initial[0]->n_members == 1 && config->resampling == NNP_RESAMPLE_NONE;
    if (alike)
        return nnp_error_set(
            training->error, NNP_ERROR_INCONSISTENT,
            "the %d committee members of %s begin with the same weights and "
            "have the same data, expected a committee as the initial potential "
            "or 'resample'",
            config->n_members, config->path);
    return NNP_SUCCESS;
}

static bool has_repulsion(const struct nnp_config *config)
{
    bool any = false;
    for (int f = 0; f < config->n_initial; f++)
        any = any || config->initial[f]->repulsion.type != NNP_REPULSION_NONE;
    return any;
}

/* Folders of n2p2 and RuNNer seldom state their units, and are as often in atomic ones; their
 * reader leaves a comment then. */
static void tell_assumed_units(const struct nnp_training *training)
{
    for (int f = 0; f < training->config->n_initial && training->parallel->rank == 0; f++) {
        const char *path = training->config->initial_files[f];
        const struct nnp_potential_kind *kind = nnp_potential_recognise(path);
        if (kind && strcmp(kind->name, "n2p2") == 0 &&
            training->config->initial[f]->provenance.comment)
            nnp_training_message(training,
                                 "%.100s states no units, and is taken to be in Angstrom and "
                                 "eV; if it is not: nnp-convert --length bohr --energy Ha",
                                 path);
    }
}

enum nnp_status nnp_training_take_initial(struct nnp_training *training)
{
    const struct nnp_initial *initial = &training->initial;
    enum nnp_status status = nnp_initial_take(&training->initial, training->model,
                                              training->config, training->error);
    if (!status)
        status = check_freedom(training);
    if (!status && training->config->n_initial > 0)
        nnp_training_message(training, "initial potentials: %d of %d parameters are known",
                             initial->n_known, initial->n_parameters);
    if (!status)
        tell_assumed_units(training);
    if (!status && has_repulsion(training->config))
        nnp_training_message(training, "initial potentials: their repulsion (%s) is kept",
                             nnp_repulsion_name(training->model->repulsion.type));
    return status;
}

void nnp_training_keep_scaling(struct nnp_training *training)
{
    for (int e = 0; e < training->initial.n_elements; e++) {
        int outside;
        double furthest;
        const char *symbol = nnp_element_symbol(training->model->elements[e].atomic_number);
        nnp_initial_restore_scaling(&training->initial, training->model, e, &outside,
                                    &furthest);
        if (outside > 0)
            nnp_training_message(training,
                                 "%s: %d symmetry functions leave the range of the initial "
                                 "potentials, by up to %.3g of it; their scaling is kept",
                                 symbol, outside, furthest);
    }
}
