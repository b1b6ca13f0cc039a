/* What is known of a model: storage, and how it is put into place. */
#include "initial.h"

#include <math.h>
#include <stdlib.h>

void nnp_initial_free(struct nnp_initial *initial)
{
    for (int e = 0; e < initial->n_elements; e++) {
        free(initial->known_functions[e]);
        nnp_scaling_free(&initial->scalings[e]);
    }
    free(initial->known_functions);
    free(initial->scalings);
    free(initial->known);
    free(initial->values);
    *initial = (struct nnp_initial){0};
}

enum nnp_status nnp_initial_allocate(struct nnp_initial *initial,
                                     const struct nnp_potential *model, int n_members,
                                     struct nnp_error *error)
{
    size_t n_elements = (size_t)model->n_elements;
    enum nnp_status status = NNP_SUCCESS;
    for (int e = 0; e < model->n_elements; e++)
        initial->n_parameters += nnp_network_n_parameters(&model->networks[e]);
    initial->n_members = n_members;
    initial->known = calloc((size_t)initial->n_parameters + 1, sizeof *initial->known);
    initial->values = calloc((size_t)n_members,
                             ((size_t)initial->n_parameters + 1) * sizeof *initial->values);
    initial->known_functions = calloc(n_elements, sizeof *initial->known_functions);
    initial->scalings = calloc(n_elements, sizeof *initial->scalings);
    bool done =
        initial->known && initial->values && initial->known_functions && initial->scalings;
    for (int e = 0; done && !status && e < model->n_elements; e++) {
        int n = model->descriptors[e].n_functions;
        initial->known_functions[e] = calloc((size_t)n + 1, sizeof(bool));
        initial->n_elements++;
        status = nnp_scaling_init(&initial->scalings[e], n, error);
        done = initial->known_functions[e];
    }
    return done ? status
                : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for initial potentials");
}

void nnp_initial_copy_range(struct nnp_scaling *to, int k, const struct nnp_scaling *from,
                            int j)
{
    to->min[k] = from->min[j];
    to->max[k] = from->max[j];
    to->mean[k] = from->mean[j];
    to->sigma[k] = from->sigma[j];
    to->through_zero[k] = from->through_zero[j];
}

void nnp_initial_set(const struct nnp_initial *initial, int m, double *x)
{
    const double *values = initial->values + (size_t)m * (size_t)initial->n_parameters;
    for (int k = 0; k < initial->n_parameters; k++)
        if (initial->known[k])
            x[k] = values[k];
}

void nnp_initial_restore_scaling(const struct nnp_initial *initial, struct nnp_potential *model,
                                 int e, int *outside, double *furthest)
{
    struct nnp_scaling *scaling = &model->descriptors[e].scaling;
    const struct nnp_scaling *kept = &initial->scalings[e];
    *outside = 0;
    *furthest = 0.0;
    for (int k = 0; k < scaling->n_functions; k++) {
        if (!initial->known_functions[e][k])
            continue;
        double excess = fmax(kept->min[k] - scaling->min[k], scaling->max[k] - kept->max[k]);
        double width = kept->max[k] - kept->min[k];
        *outside += excess > 1e-9 * width; /* rounding, as in evaluations */
        if (excess > 1e-9 * width && width > 0.0)
            *furthest = fmax(*furthest, excess / width);
        nnp_initial_copy_range(scaling, k, kept, k);
    }
}
