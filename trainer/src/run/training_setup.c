/* From data and configuration to what is trained: sets, model, descriptors, losses. */
#include "training_parts.h"

#include "duplicates.h"
#include "input.h"
#include "model.h"
#include "nnp/element.h"
#include "repulsion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Says how many structures are there twice, above all in both sets. */
static enum nnp_status report_duplicates(const struct nnp_training *training,
                                         const bool *is_test)
{
    const double tolerance =
        1e-3; /* Angstrom; OUTCAR has five decimals, dumps often six digits */
    const struct nnp_dataset *dataset = training->dataset;
    int *same_as = calloc((size_t)dataset->n_structures + 1, sizeof *same_as);
    if (!same_as)
        return nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for duplicates");
    enum nnp_status status = nnp_duplicates_find(dataset, tolerance, same_as, training->error);
    struct nnp_duplicates_count count = {0};
    if (!status)
        count = nnp_duplicates_count(dataset->n_structures, same_as, is_test);
    if (count.n > 0) {
        const struct nnp_structure *one = &dataset->structures[count.first];
        const struct nnp_structure *other = &dataset->structures[same_as[count.first]];
        nnp_training_message(training,
                             "duplicates: %d, of which %d in both training and test set; the "
                             "first is %.60s:%d, the same as %.60s:%d",
                             count.n, count.n_across, one->file, one->line, other->file,
                             other->line);
    }
    free(same_as);
    return status;
}

static enum nnp_status split(struct nnp_training *training)
{
    const struct nnp_dataset *dataset = training->dataset;
    size_t n = (size_t)dataset->n_structures + 1;
    bool *is_test = calloc(n, sizeof *is_test);
    for (int set = 0; set < N_SETS; set++)
        training->structures[set] = calloc(n, sizeof *training->structures[set]);
    if (!is_test || !training->structures[TRAINING] || !training->structures[TEST]) {
        free(is_test);
        return nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %zu structures",
                             n - 1);
    }
    enum nnp_status status =
        nnp_input_divide(training->config, dataset, is_test, training->error);
    for (int s = 0; s < dataset->n_structures && !status; s++) {
        int set = is_test[s] ? TEST : TRAINING;
        training->structures[set][training->n_structures[set]++] = &dataset->structures[s];
    }
    if (!status && training->parallel->rank == 0)
        status = report_duplicates(training, is_test);
    free(is_test);
    return status;
}

/* What the networks learn: the structures, less the repulsion where there is one. */
static enum nnp_status reduce(struct nnp_training *training)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int set = 0; set < N_SETS && !status; set++) {
        const int n = training->n_structures[set];
        training->fitted[set] = calloc((size_t)n + 1, sizeof *training->fitted[set]);
        if (!training->fitted[set])
            return nnp_error_set(training->error, NNP_ERROR_MEMORY,
                                 "no memory for %d structures", n);
        if (training->model->repulsion.type != NNP_REPULSION_NONE)
            status = nnp_repulsion_subtract(training->model, training->dataset->scratch, n,
                                            training->structures[set], &training->reduced[set],
                                            training->error);
        for (int s = 0; s < n && !status; s++)
            training->fitted[set][s] = training->reduced[set] ? &training->reduced[set][s]
                                                              : training->structures[set][s];
    }
    return status;
}

enum nnp_status nnp_training_check_input(struct nnp_training *training)
{
    enum nnp_status status = split(training);
    if (!status)
        status = nnp_model_check_data(
            training->config, training->n_structures[TRAINING], training->structures[TRAINING],
            training->n_structures[TEST], training->structures[TEST], training->error);
    if (!status && training->parallel->rank == 0)
        status = nnp_training_check_outputs(training->config, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status && !training->options->check_only && !training->options->dry_run)
        status = nnp_training_open_checkpoint(training);
    if (!status)
        status = nnp_model_create(&training->model, training->config, training->error);
    if (!status)
        status = nnp_training_take_initial(training);
    if (!status)
        status = reduce(training);
    if (!status)
        status = nnp_model_set_reference_energies(training->model, training->config,
                                                  training->n_structures[TRAINING],
                                                  training->fitted[TRAINING], training->error);
    return nnp_parallel_agree(training->parallel, status, training->error);
}

bool nnp_training_needs_derivatives(const struct nnp_config *config)
{
    for (int k = 0; k < config->n_stages; k++)
        if (config->stages[k].force_weight > 0.0 || config->stages[k].stress_weight > 0.0)
            return true;
    return false;
}

enum nnp_number nnp_training_number(const struct nnp_config *config)
{
    for (int k = 0; k < config->n_stages; k++)
        if (config->stages[k].optimizer == NNP_STAGE_KALMAN)
            return NNP_DOUBLE;
    return NNP_FLOAT;
}

/* What an update takes for any batch, n^3/6 multiplications, is less than for its rows then,
 * n^2/2 for each; and epochs of many updates lead further. */
int nnp_training_batch(const struct nnp_training *training, const struct nnp_stage *stage,
                       int n_free)
{
    enum { LEAST = 8, UPDATES = 10 };
    const double rows_per_parameter = 0.8;
    const bool derivatives = stage->force_weight > 0.0 || stage->stress_weight > 0.0;
    const int n = training->n_structures[TRAINING];
    double n_rows = 0.0;
    if (stage->batch > 0)
        return stage->batch;
    for (int s = 0; s < n; s++) {
        const struct nnp_structure *structure = training->structures[TRAINING][s];
        bool has_rows = derivatives && (structure->has_forces || structure->has_stress);
        n_rows += has_rows ? 3.0 * structure->n_atoms + 7.0 : 1.0;
    }
    double wanted = ceil(rows_per_parameter * n_free * n / fmax(n_rows, 1.0));
    return (int)fmax(LEAST, fmin(wanted, n / UPDATES));
}

/* Of the derivatives if a stage needs them. */
static enum nnp_status find_sizes(struct nnp_training *training)
{
    const struct nnp_parallel *parallel = training->parallel;
    const bool derivatives = nnp_training_needs_derivatives(training->config);
    enum nnp_status status = NNP_SUCCESS;
    for (int set = 0; set < N_SETS && !status; set++) {
        const int n = training->n_structures[set];
        training->sizes[set] = calloc((size_t)n + 1, sizeof *training->sizes[set]);
        if (!training->sizes[set])
            status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                                   "no memory for %d structures", n);
        status = nnp_parallel_agree(parallel, status, training->error);
        if (!status)
            status = nnp_structure_sizes_find(parallel, training->model, n,
                                              training->structures[set], derivatives,
                                              training->sizes[set], training->error);
        status = nnp_parallel_agree(parallel, status, training->error);
    }
    return status;
}

void nnp_training_add_bytes(const struct nnp_training *training,
                            const struct nnp_structure_size *size, double *values,
                            double *jacobians)
{
    const enum nnp_number number = nnp_training_number(training->config);
    *values += size->n_rows * sizeof(double);
    *jacobians += size->n_jacobian * (double)nnp_number_size(number);
}

/* What symmetry functions and Jacobians take, and how much of it is within the limit. */
static void describe_memory(const struct nnp_training *training)
{
    double values = 0.0, jacobians = 0.0, limit = training->config->memory;
    for (int set = 0; set < N_SETS; set++)
        for (int s = 0; s < training->n_structures[set]; s++)
            nnp_training_add_bytes(training, &training->sizes[set][s], &values, &jacobians);
    nnp_training_message(training,
                         "memory: %.0f MB for symmetry functions, %.0f MB for their derivatives"
                         "%s, on %d rank%s",
                         1e-6 * values, 1e-6 * jacobians,
                         jacobians > limit ? ", of which a part is evaluated each time" : "",
                         training->parallel->size, training->parallel->size > 1 ? "s" : "");
}

enum nnp_status nnp_training_describe(struct nnp_training *training)
{
    const struct nnp_potential *model = training->model;
    nnp_training_message(training, "structures: %d for training, %d for test",
                         training->n_structures[TRAINING], training->n_structures[TEST]);
    for (int e = 0; e < model->n_elements; e++)
        nnp_training_message(
            training, "%s: %d symmetry functions, %s%d parameters, reference energy %.6f eV",
            nnp_element_symbol(model->elements[e].atomic_number),
            model->descriptors[e].n_functions,
            training->config->projection.is_wanted ? "at most " : "",
            nnp_network_n_parameters(&model->networks[e]), model->elements[e].energy);
    enum nnp_status status = find_sizes(training);
    if (!status)
        describe_memory(training);
    return status;
}

static enum nnp_status allocate_vectors(struct nnp_training *training)
{
    size_t n = (size_t)training->n_parameters;
    enum nnp_status status = NNP_SUCCESS;
    training->x = calloc(n, sizeof *training->x);
    training->gradient = calloc(n, sizeof *training->gradient);
    training->best = calloc(n, sizeof *training->best);
    training->finished = calloc((size_t)training->config->n_members, n * sizeof(double));
    if (!training->x || !training->gradient || !training->best || !training->finished)
        status =
            nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %zu parameters", n);
    return nnp_parallel_agree(training->parallel, status, training->error);
}

enum nnp_status nnp_training_prepare(struct nnp_training *training)
{
    enum nnp_status status = NNP_SUCCESS;
    double limit = training->config->memory;
    for (int set = 0; set < N_SETS && !status; set++) {
        const struct nnp_fit_memory memory = {&limit, training->dataset->scratch,
                                              training->sizes[set],
                                              nnp_training_number(training->config)};
        if (training->n_structures[set] > 0)
            status = nnp_fit_set_create(
                &training->sets[set], training->parallel, training->model,
                training->n_structures[set], training->fitted[set],
                nnp_training_needs_derivatives(training->config), &memory, training->error);
    }
    if (!status)
        status = nnp_fit_set_ranges(training->sets[TRAINING], training->model, training->error);
    if (!status)
        nnp_training_keep_scaling(training);
    for (int set = 0; set < N_SETS && !status; set++) {
        if (!training->sets[set])
            continue;
        nnp_fit_set_scale(training->sets[set]);
        if (set == TRAINING)
            status = nnp_training_project(training);
        if (status)
            break;
        status = nnp_loss_create(&training->losses[set], training->sets[set],
                                 training->model->n_elements, training->model->networks,
                                 training->error);
    }
    if (!status)
        status = nnp_training_find_weights(training);
    if (!status)
        nnp_training_message(training, "descriptors evaluated in %.1f s",
                             nnp_training_seconds(training));
    return status ? status : allocate_vectors(training);
}
