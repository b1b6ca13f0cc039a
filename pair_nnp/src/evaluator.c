/* Preparation of a potential for evaluation. */
#include "evaluator.h"

#include <math.h>
#include <stdlib.h>

/* A symmetry function counts as outside its range in training from this fraction of the range
 * on, so that rounding does not. */
static const double range_tolerance = 1e-9;

static enum nnp_status prepare_element(struct nnp_prepared *prepared,
                                       const struct nnp_descriptor *descriptor, int n_elements,
                                       struct nnp_error *error)
{
    const int n = descriptor->n_functions;
    enum nnp_status status =
        nnp_moments_plan_init(&prepared->moments, descriptor, n_elements, error);
    if (!status)
        status =
            nnp_triplets_plan_init(&prepared->triplets, descriptor, prepared->moments.others,
                                   prepared->moments.n_others, error);
    if (status)
        return status;
    double *values = malloc(5 * (size_t)n * sizeof *values + 1);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d functions", n);
    prepared->factor = values;
    prepared->offset = values + n;
    prepared->shift = values + 2 * (size_t)n;
    prepared->lowest = values + 3 * (size_t)n;
    prepared->highest = values + 4 * (size_t)n;
    prepared->r_cut = 0.0;
    for (int k = 0; k < n; k++) {
        const double min = descriptor->scaling.min[k], max = descriptor->scaling.max[k];
        nnp_scaling_coefficients(&descriptor->scaling, k, &prepared->factor[k],
                                 &prepared->offset[k], &prepared->shift[k]);
        prepared->lowest[k] = min - range_tolerance * (max - min);
        prepared->highest[k] = max + range_tolerance * (max - min);
        prepared->r_cut = fmax(prepared->r_cut, descriptor->functions[k].cutoff.radius);
    }
    return NNP_SUCCESS;
}

static void free_prepared(struct nnp_prepared *prepared)
{
    nnp_moments_plan_free(&prepared->moments);
    nnp_triplets_plan_free(&prepared->triplets);
    free(prepared->factor);
}

/* Buffers whose sizes the potential fixes. */
static enum nnp_status allocate_buffers(struct nnp_workspace *work,
                                        const struct nnp_potential *potential,
                                        struct nnp_error *error)
{
    size_t n_functions = 1, n_inputs = 1, n_scratch = 1;
    for (int e = 0; e < potential->n_elements; e++) {
        const size_t n = (size_t)potential->descriptors[e].n_functions;
        n_functions = n > n_functions ? n : n_functions;
    }
    for (int k = 0; k < potential->n_members * potential->n_elements; k++) {
        const size_t n = (size_t)potential->networks[k].layers[0].n_inputs;
        const size_t scratch = (size_t)nnp_network_scratch_size(&potential->networks[k]);
        n_inputs = n > n_inputs ? n : n_inputs;
        n_scratch = scratch > n_scratch ? scratch : n_scratch;
    }
    double *values = malloc((3 * n_functions + 3 * n_inputs + n_scratch) * sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    work->g = values;
    work->de_dg = work->g + n_functions;
    work->x = work->de_dg + n_functions;
    work->de_dx = work->x + n_inputs;
    work->member_de_dx = work->de_dx + n_inputs;
    work->scratch = work->member_de_dx + n_inputs;
    return NNP_SUCCESS;
}

static void free_workspace(struct nnp_workspace *work)
{
    nnp_moments_work_free(&work->moments);
    nnp_triplets_work_free(&work->triplets);
    nnp_environment_free(&work->environment);
    free(work->g);
    free(work->neighbor_storage);
}

enum nnp_status nnp_evaluator_create(struct nnp_evaluator **evaluator,
                                     const struct nnp_potential *potential,
                                     const struct nnp_evaluator_options *options,
                                     struct nnp_error *error)
{
    struct nnp_evaluator *made = calloc(1, sizeof *made);
    *evaluator = NULL;
    if (!made)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    made->potential = potential;
    if (!options || options->kernels == NNP_KERNELS_AUTO) {
        made->moments = nnp_moments_kernels_select();
        made->triplets = nnp_triplets_kernels_select();
    }
    made->prepared = calloc((size_t)potential->n_elements + 1, sizeof *made->prepared);
    enum nnp_status status = NNP_SUCCESS;
    if (!made->prepared)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    for (int e = 0; !status && e < potential->n_elements; e++)
        status = prepare_element(&made->prepared[e], &potential->descriptors[e],
                                 potential->n_elements, error);
    if (!status)
        status = allocate_buffers(&made->work, potential, error);
    if (status)
        nnp_evaluator_free(made);
    else
        *evaluator = made;
    return status;
}

void nnp_evaluator_free(struct nnp_evaluator *evaluator)
{
    if (!evaluator)
        return;
    for (int e = 0; evaluator->prepared && e < evaluator->potential->n_elements; e++)
        free_prepared(&evaluator->prepared[e]);
    free(evaluator->prepared);
    free_workspace(&evaluator->work);
    free(evaluator);
}

const struct nnp_potential *nnp_evaluator_potential(const struct nnp_evaluator *evaluator)
{
    return evaluator->potential;
}

const char *nnp_evaluator_kernels(const struct nnp_evaluator *evaluator)
{
    return evaluator->moments ? evaluator->moments->name : "reference";
}
