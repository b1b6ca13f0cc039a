/* Preparation of a potential for evaluation. */
#include "evaluator.h"

#include <math.h>
#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* A symmetry function counts as outside its range in training from this fraction of the range
 * on, so that rounding does not. */
static const double range_tolerance = 1e-9;

/* Atoms per cubic Angstrom, as in many solids and liquids, for the choice
 * between moments and triplets. */
static const double typical_density = 0.06;

/* Closer atoms are an error of the input, not a state of matter. */
static const double closest_in_angstrom = 0.1;

/* Which kernels serve which function. */
static enum nnp_status prepare_kernels(struct nnp_prepared *prepared,
                                       const struct nnp_descriptor *descriptor, int n_elements,
                                       double density, struct nnp_error *error)
{
    enum nnp_status status =
        nnp_moments_plan_init(&prepared->moments, descriptor, n_elements, density, error);
    if (status)
        return status;
    const size_t n = (size_t)prepared->moments.n_others;
    int *triplets = malloc((n + 1) * sizeof *triplets), n_triplets = 0;
    prepared->others = malloc((n + 1) * sizeof *prepared->others);
    if (!triplets || !prepared->others) {
        free(triplets);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu functions", n);
    }
    for (size_t k = 0; k < n; k++) {
        const int function = prepared->moments.others[k];
        const enum nnp_symmetry_type type = descriptor->functions[function].type;
        if (type == NNP_SYMMETRY_WIDE || type == NNP_SYMMETRY_NARROW)
            triplets[n_triplets++] = function;
        else
            prepared->others[prepared->n_others++] = function;
    }
    status =
        nnp_triplets_plan_init(&prepared->triplets, descriptor, triplets, n_triplets, error);
    free(triplets);
    return status;
}

static enum nnp_status prepare_element(struct nnp_prepared *prepared,
                                       const struct nnp_descriptor *descriptor, int n_elements,
                                       double density, struct nnp_error *error)
{
    const int n = descriptor->n_functions;
    const enum nnp_status status =
        prepare_kernels(prepared, descriptor, n_elements, density, error);
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
    prepared->r_cut = nnp_descriptor_cutoff(descriptor);
    for (int k = 0; k < n; k++) {
        const double min = descriptor->scaling.min[k], max = descriptor->scaling.max[k];
        nnp_scaling_coefficients(&descriptor->scaling, k, &prepared->factor[k],
                                 &prepared->offset[k], &prepared->shift[k]);
        prepared->lowest[k] = min - range_tolerance * (max - min);
        prepared->highest[k] = max + range_tolerance * (max - min);
    }
    return NNP_SUCCESS;
}

static void free_prepared(struct nnp_prepared *prepared)
{
    nnp_moments_plan_free(&prepared->moments);
    nnp_triplets_plan_free(&prepared->triplets);
    free(prepared->others);
    free(prepared->factor);
}

static enum nnp_status prepare_repulsion(struct nnp_evaluator *evaluator,
                                         struct nnp_error *error)
{
    const struct nnp_potential *potential = evaluator->potential;
    const size_t n = (size_t)potential->n_elements;
    if (potential->repulsion.type == NNP_REPULSION_NONE)
        return NNP_SUCCESS;
    evaluator->repulsion = malloc(n * n * sizeof *evaluator->repulsion);
    if (!evaluator->repulsion)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    for (size_t k = 0; k < n * n; k++)
        nnp_repulsion_curve_init(
            &evaluator->repulsion[k], &potential->repulsion,
            potential->elements[k / n].atomic_number, potential->elements[k % n].atomic_number,
            nnp_potential_length_in_angstrom(potential), nnp_potential_energy_in_ev(potential));
    return NNP_SUCCESS;
}

/* Never more than one without OpenMP. */
static int number_of_threads(const struct nnp_evaluator_options *options)
{
#ifdef _OPENMP
    if (options && options->n_threads > 0)
        return options->n_threads;
    const char *variable = getenv("OMP_NUM_THREADS");
    return variable && *variable ? omp_get_max_threads() : 1;
#else
    (void)options;
    return 1;
#endif
}

/* NULL: no input of the networks is a function that is scaled through zero. */
static const bool *inputs_through_zero(const struct nnp_descriptor *descriptor)
{
    bool any = false;
    for (int k = 0; k < descriptor->n_functions; k++)
        any = any || descriptor->scaling.through_zero[k];
    return any && descriptor->projection.n_inputs == 0 ? descriptor->scaling.through_zero
                                                       : NULL;
}

static enum nnp_status prepare(struct nnp_evaluator *evaluator, struct nnp_error *error)
{
    const struct nnp_potential *potential = evaluator->potential;
    const int n_networks = potential->n_members * potential->n_elements;
    const double length = nnp_potential_length_in_angstrom(potential);
    evaluator->prepared =
        calloc((size_t)potential->n_elements + 1, sizeof *evaluator->prepared);
    evaluator->charges = calloc((size_t)potential->n_elements + 1, sizeof *evaluator->charges);
    evaluator->work = calloc((size_t)evaluator->n_threads, sizeof *evaluator->work);
    evaluator->dense = calloc((size_t)n_networks + 1, sizeof *evaluator->dense);
    if (evaluator->n_threads > 1)
        evaluator->waiting =
            calloc((size_t)evaluator->n_threads * NNP_MOST_WAITING, sizeof *evaluator->waiting);
    if (!evaluator->prepared || !evaluator->charges || !evaluator->work || !evaluator->dense ||
        (evaluator->n_threads > 1 && !evaluator->waiting))
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    for (int e = 0; e < potential->n_elements; e++)
        evaluator->charges[e] = potential->elements[e].atomic_number;
    enum nnp_status status = prepare_repulsion(evaluator, error);
    for (int e = 0; !status && e < potential->n_elements; e++)
        status =
            prepare_element(&evaluator->prepared[e], &potential->descriptors[e],
                            potential->n_elements, typical_density * pow(length, 3), error);
    for (int k = 0; !status && k < n_networks; k++) {
        status = nnp_dense_init(&evaluator->dense[k], &potential->networks[k], error);
        evaluator->dense[k].through_zero =
            inputs_through_zero(&potential->descriptors[k % potential->n_elements]);
    }
    for (int t = 0; !status && t < evaluator->n_threads; t++)
        status = nnp_workspace_init(&evaluator->work[t], potential, error);
    return status;
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
    made->n_threads = number_of_threads(options);
    made->r_min = closest_in_angstrom / nnp_potential_length_in_angstrom(potential);
    if (!options || options->kernels == NNP_KERNELS_AUTO) {
        const enum nnp_precision precision =
            options ? options->precision : NNP_PRECISION_DOUBLE;
        made->moments = nnp_moments_kernels_select(precision);
        made->triplets = nnp_triplets_kernels_select(precision);
        made->networks = nnp_dense_kernels_select();
    }
    const enum nnp_status status = prepare(made, error);
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
    for (int t = 0; evaluator->work && t < evaluator->n_threads; t++)
        nnp_workspace_free(&evaluator->work[t]);
    for (int w = 0; evaluator->waiting && w < evaluator->n_threads * NNP_MOST_WAITING; w++)
        free(evaluator->waiting[w].values);
    free(evaluator->waiting);
    for (int k = 0; evaluator->dense &&
                    k < evaluator->potential->n_members * evaluator->potential->n_elements;
         k++)
        nnp_dense_free(&evaluator->dense[k]);
    free(evaluator->dense);
    free(evaluator->prepared);
    free(evaluator->charges);
    free(evaluator->work);
    free(evaluator->repulsion);
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

int nnp_evaluator_threads(const struct nnp_evaluator *evaluator)
{
    return evaluator->n_threads;
}
