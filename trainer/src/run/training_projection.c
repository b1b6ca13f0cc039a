/* Networks of principal components: how many, and what they leave out. */
#include "training_parts.h"

#include "nnp/element.h"
#include "principal_components.h"

static int choose_size(const struct nnp_config_projection *wanted,
                       const struct nnp_principal_components *components)
{
    int size = 1;
    if (wanted->size > 0)
        return wanted->size;
    if (wanted->variance == 0.0)
        return components->n;
    while (size < components->n &&
           nnp_principal_components_part(components, size) < wanted->variance)
        size++;
    return size;
}

/* Components of an element, and a network behind them. */
static enum nnp_status project(struct nnp_training *training, int e,
                               const struct nnp_principal_components *components)
{
    const struct nnp_config_projection *wanted = &training->config->projection;
    struct nnp_descriptor *descriptor = &training->model->descriptors[e];
    struct nnp_network *network = &training->model->networks[e], behind;
    const int size = choose_size(wanted, components);
    enum nnp_status status = nnp_principal_components_project(
        components, size, wanted->whiten, &descriptor->projection, training->error);
    if (!status)
        status = nnp_network_init_like(&behind, network, size, training->error);
    if (status)
        return status;
    nnp_network_free(network);
    *network = behind;
    nnp_training_message(training,
                         "%s: %d of %d principal components with %.10g %% of the variance, "
                         "%d parameters",
                         nnp_element_symbol(training->model->elements[e].atomic_number), size,
                         components->n, 100.0 * nnp_principal_components_part(components, size),
                         nnp_network_n_parameters(network));
    return NNP_SUCCESS;
}

enum nnp_status nnp_training_project(struct nnp_training *training)
{
    struct nnp_principal_components components;
    enum nnp_status status = NNP_SUCCESS;
    if (!training->config->projection.is_wanted)
        return NNP_SUCCESS;
    training->n_parameters = 0;
    for (int e = 0; e < training->model->n_elements && !status; e++) {
        status = nnp_principal_components_find(&components, training->sets[TRAINING], e,
                                               training->error);
        if (!status)
            status = project(training, e, &components);
        status = nnp_parallel_agree(training->parallel, status, training->error);
        nnp_principal_components_free(&components);
        training->n_parameters += nnp_network_n_parameters(&training->model->networks[e]);
    }
    return status;
}
