/* Inputs of the networks of a model: functions, how they are scaled, and their projection. */
#include "model.h"

#include "config_parts.h"
#include "nnp/element.h"

#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_model_copy_species_weights(struct nnp_descriptor *copy, const double *from,
                                               int n_elements, struct nnp_error *error)
{
    const size_t size = (size_t)n_elements * sizeof *from;
    if (!from)
        return NNP_SUCCESS;
    copy->species_weights = malloc(size);
    if (!copy->species_weights)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d elements", n_elements);
    memcpy(copy->species_weights, from, size);
    return NNP_SUCCESS;
}

/* Others might have been pruned. */
static bool has_species_weights(const struct nnp_descriptor *descriptor)
{
    bool any = false;
    for (int k = 0; k < descriptor->n_functions; k++) {
        const enum nnp_symmetry_type type = descriptor->functions[k].type;
        any = any || (nnp_symmetry_is_chebyshev(type) && nnp_symmetry_is_weighted(type));
    }
    return any;
}

/* How functions of an element are scaled; ranges come later. */
static void set_method(struct nnp_scaling *scaling, const struct nnp_config *config, int e)
{
    int at;
    const struct nnp_potential *initial = nnp_config_initial_of(config, e, &at);
    scaling->method = config->scaling;
    scaling->target_min = config->scaling_min;
    scaling->target_max = config->scaling_max;
    if (!initial || config->scaling_is_given)
        return;
    scaling->method = initial->descriptors[at].scaling.method;
    scaling->target_min = initial->descriptors[at].scaling.target_min;
    scaling->target_max = initial->descriptors[at].scaling.target_max;
}

static enum nnp_status set_functions(struct nnp_descriptor *descriptor,
                                     const struct nnp_config *config, int e,
                                     struct nnp_error *error)
{
    int n = config->functions[e].n_functions;
    descriptor->functions = calloc((size_t)n + 1, sizeof *descriptor->functions);
    if (!descriptor->functions)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d functions", n);
    descriptor->n_functions = n;
    memcpy(descriptor->functions, config->functions[e].functions,
           (size_t)n * sizeof *descriptor->functions);
    enum nnp_status status = NNP_SUCCESS;
    if (has_species_weights(descriptor))
        status = nnp_model_copy_species_weights(
            descriptor, config->functions[e].species_weights, config->n_elements, error);
    if (!status)
        status = nnp_scaling_init(&descriptor->scaling, n, error);
    set_method(&descriptor->scaling, config, e);
    return status;
}

enum nnp_status nnp_model_copy_projection(struct nnp_projection *copy,
                                          const struct nnp_projection *from,
                                          struct nnp_error *error)
{
    const size_t n = (size_t)from->n_inputs, m = (size_t)from->n_outputs;
    *copy = (struct nnp_projection){0};
    if (n == 0)
        return NNP_SUCCESS;
    copy->matrix = calloc(n, m * sizeof(double));
    copy->offset = calloc(n, sizeof(double));
    if (!copy->matrix || !copy->offset) {
        free(copy->matrix);
        free(copy->offset);
        *copy = (struct nnp_projection){0};
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for a projection of %zu inputs", n);
    }
    copy->n_inputs = from->n_inputs;
    copy->n_outputs = from->n_outputs;
    memcpy(copy->matrix, from->matrix, n * m * sizeof(double));
    memcpy(copy->offset, from->offset, n * sizeof(double));
    return NNP_SUCCESS;
}

/* That of an initial potential; one that is to be found must be possible. */
static enum nnp_status set_projection(struct nnp_descriptor *descriptor,
                                      const struct nnp_config *config, int e,
                                      struct nnp_error *error)
{
    const char *symbol = nnp_element_symbol(config->atomic_numbers[e]);
    const struct nnp_config_projection *wanted = &config->projection;
    int n = descriptor->n_functions, at;
    const struct nnp_potential *initial = nnp_config_initial_of(config, e, &at);
    if (wanted->size > n)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s:%d: size of the projection is %d, expected at most the number "
                             "of symmetry functions of %s, %d",
                             config->path, wanted->line, wanted->size, symbol, n);
    if (!initial || initial->descriptors[at].projection.n_inputs == 0)
        return NNP_SUCCESS;
    if (initial->descriptors[at].n_functions != n)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s projects %d symmetry functions of %s, expected the "
                             "configuration to have the same, but it has %d",
                             config->initial_files[0], initial->descriptors[at].n_functions,
                             symbol, n);
    return nnp_model_copy_projection(&descriptor->projection,
                                     &initial->descriptors[at].projection, error);
}

enum nnp_status nnp_model_set_descriptor(struct nnp_descriptor *descriptor,
                                         const struct nnp_config *config, int e,
                                         struct nnp_error *error)
{
    enum nnp_status status = set_functions(descriptor, config, e, error);
    return status ? status : set_projection(descriptor, config, e, error);
}
