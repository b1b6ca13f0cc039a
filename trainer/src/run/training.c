/* Set-up, members, starts and stages. */
#include "training_parts.h"

#include "duplicates.h"
#include "input.h"
#include "linear_algebra.h"
#include "model.h"
#include "nnp/element.h"
#include "random.h"
#include "repulsion.h"
#include "start_weights.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void nnp_training_message(const struct nnp_training *training, const char *format, ...)
{
    const struct nnp_training_observer *observer = training->options->observer;
    char text[256];
    if (training->parallel->rank != 0 || !observer)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    observer->message(observer->context, text);
}

double nnp_training_seconds(const struct nnp_training *training)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - training->begin.tv_sec) +
           1e-9 * (double)(now.tv_nsec - training->begin.tv_nsec);
}

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

/* All that can be wrong with the input is found here. */
static enum nnp_status check_input(struct nnp_training *training)
{
    enum nnp_status status = split(training);
    if (!status)
        status = nnp_model_check_data(
            training->config, training->n_structures[TRAINING], training->structures[TRAINING],
            training->n_structures[TEST], training->structures[TEST], training->error);
    if (!status && training->parallel->rank == 0)
        status = nnp_training_check_outputs(training->config, training->error);
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

static bool needs_derivatives(const struct nnp_config *config)
{
    for (int k = 0; k < config->n_stages; k++)
        if (config->stages[k].force_weight > 0.0 || config->stages[k].stress_weight > 0.0)
            return true;
    return false;
}

/* What symmetry functions and Jacobians take, and how much of it is within the limit. */
static void describe_memory(const struct nnp_training *training)
{
    const struct nnp_potential *model = training->model;
    double values = 0.0, jacobians = 0.0, limit = training->config->memory;
    for (int set = 0; set < N_SETS; set++)
        for (int s = 0; s < training->n_structures[set]; s++) {
            const struct nnp_structure *structure = training->structures[set][s];
            double n_rows = nnp_descriptor_layout_estimate(model, structure) /
                            (3.0 * structure->n_atoms + 6.0);
            values += n_rows * sizeof(double);
            if (needs_derivatives(training->config) &&
                (structure->has_forces || structure->has_stress))
                jacobians += n_rows * (3.0 * structure->n_atoms + 6.0) * sizeof(double);
        }
    nnp_training_message(training,
                         "memory: %.0f MB for symmetry functions, %.0f MB for their derivatives"
                         "%s, on %d rank%s",
                         1e-6 * values, 1e-6 * jacobians,
                         jacobians > limit ? ", of which a part is evaluated each time" : "",
                         training->parallel->size, training->parallel->size > 1 ? "s" : "");
}

static void describe(const struct nnp_training *training)
{
    const struct nnp_potential *model = training->model;
    nnp_training_message(training, "structures: %d for training, %d for test",
                         training->n_structures[TRAINING], training->n_structures[TEST]);
    for (int e = 0; e < model->n_elements; e++)
        nnp_training_message(
            training, "%s: %d symmetry functions, %d parameters, reference energy %.6f eV",
            nnp_element_symbol(model->elements[e].atomic_number),
            model->descriptors[e].n_functions, nnp_network_n_parameters(&model->networks[e]),
            model->elements[e].energy);
    describe_memory(training);
}

/* Descriptors, their ranges, and the losses. */
static enum nnp_status prepare(struct nnp_training *training)
{
    enum nnp_status status = NNP_SUCCESS;
    double limit = training->config->memory;
    const struct nnp_fit_memory memory = {&limit, training->dataset->scratch};
    for (int set = 0; set < N_SETS && !status; set++)
        if (training->n_structures[set] > 0)
            status = nnp_fit_set_create(
                &training->sets[set], training->parallel, training->model,
                training->n_structures[set], training->fitted[set],
                needs_derivatives(training->config), &memory, training->error);
    if (!status)
        status = nnp_fit_set_ranges(training->sets[TRAINING], training->model, training->error);
    if (!status)
        nnp_training_keep_scaling(training);
    for (int set = 0; set < N_SETS && !status; set++) {
        if (!training->sets[set])
            continue;
        nnp_fit_set_scale(training->sets[set]);
        status = nnp_loss_create(&training->losses[set], training->sets[set],
                                 training->model->n_elements, training->model->networks,
                                 training->error);
    }
    if (!status)
        status = nnp_training_find_weights(training);
    if (!status)
        nnp_training_message(training, "descriptors evaluated in %.1f s",
                             nnp_training_seconds(training));
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

static void draw_weights(struct nnp_training *training, struct nnp_random *random)
{
    double *x = training->x;
    nnp_start_weights_draw(training->model, training->config->start_weights, random);
    for (int e = 0; e < training->model->n_elements; e++) {
        nnp_network_get_parameters(&training->model->networks[e], x);
        x += nnp_network_n_parameters(&training->model->networks[e]);
    }
    nnp_initial_set(&training->initial, training->n_finished, training->x);
}

/* One where nothing is random. */
static int count_starts(const struct nnp_training *training)
{
    bool all_known = training->initial.n_known == training->n_parameters;
    return all_known ? 1 : training->config->n_starts;
}

static bool is_over(const struct nnp_training *training)
{
    return training->interrupted || training->out_of_time;
}

static void report_start(const struct nnp_training *training, int start, double begin)
{
    const struct nnp_training_observer *observer = training->options->observer;
    int n_starts = count_starts(training);
    double seconds = nnp_training_seconds(training);
    const struct nnp_rmse unknown = {.energy = -1.0, .forces = -1.0, .stress = -1.0};
    struct nnp_progress progress = {
        .member = training->n_finished + 1,
        .n_members = training->config->n_members,
        .stage = "starts",
        .iteration = start + 1,
        .n_iterations = n_starts,
        .evaluations = training->n_evaluations,
        .seconds = seconds,
        .seconds_left = (seconds - begin) / (start + 1) * (n_starts - start - 1),
        .loss = training->best_value,
        .test_loss = training->losses[TEST] ? training->best_value : NAN,
        .training = unknown,
        .test = unknown,
    };
    if (training->parallel->rank == 0 && observer)
        observer->progress(observer->context, &progress);
}

/* The best of all random starts. */
static enum nnp_status try_starts(struct nnp_training *training)
{
    struct nnp_random random;
    int n_starts = count_starts(training);
    const struct nnp_config *config = training->config;
    enum nnp_status status = NNP_SUCCESS;
    double begin = nnp_training_seconds(training);
    training->best_value = INFINITY;
    nnp_training_seed_member(training, training->n_finished, &random);
    for (int start = 0; start < n_starts && !status && !is_over(training); start++) {
        draw_weights(training, &random);
        status = nnp_training_minimize(training, &config->stages[0],
                                       n_starts > 1 ? config->start_iterations : 0, false);
        if (!status)
            report_start(training, start, begin);
    }
    bool lost = !status && !is_over(training) && isinf(training->best_value);
    if (lost && nnp_fit_set_has_failed(training->sets[TRAINING]))
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                               "no memory to evaluate symmetry functions");
    else if (lost)
        status = nnp_error_set(training->error, NNP_ERROR_NUMERIC,
                               "the loss of stage \"%s\" is not finite for any of %d random "
                               "starts",
                               config->stages[0].name, n_starts);
    return status;
}

static enum nnp_status run_stages(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    size_t size = (size_t)training->n_parameters * sizeof *training->x;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < config->n_stages && !status && !is_over(training); k++) {
        memcpy(training->x, training->best, size);
        training->best_value = INFINITY;
        status = nnp_training_minimize(training, &config->stages[k],
                                       config->stages[k].iterations, true);
    }
    return status;
}

static enum nnp_status run_members(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    size_t n = (size_t)training->n_parameters;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < config->n_stages; k++)
        training->n_iterations_left += config->stages[k].iterations;
    training->n_iterations_left *= config->n_members;
    while (training->n_finished < config->n_members && !status && !is_over(training)) {
        nnp_training_resample(training, training->n_finished);
        status = try_starts(training);
        if (status || training->interrupted)
            break; /* a start is no result */
        training->has_result = isfinite(training->best_value);
        if (!training->out_of_time)
            status = run_stages(training);
        if (status || is_over(training))
            break;
        memcpy(training->finished + (size_t)training->n_finished++ * n, training->best,
               n * sizeof(double));
        training->has_result = false;
    }
    return status;
}

static enum nnp_status train(struct nnp_training *training, struct nnp_training_result *result)
{
    enum nnp_status status = NNP_SUCCESS;
    if (training->parallel->rank == 0)
        status = nnp_learning_curve_open(
            &training->curve, training->config->learning_curve_file, training->error);
    if (!status && training->parallel->rank == 0 && training->config->test_set_file)
        status = nnp_training_write_test_set(training);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = run_members(training);
    if (!status && (training->n_finished > 0 || training->has_result))
        status = nnp_training_save_final(training, result);
    enum nnp_status closed =
        nnp_learning_curve_close(&training->curve, status ? NULL : training->error);
    result->interrupted = training->interrupted;
    result->out_of_time = training->out_of_time;
    return nnp_parallel_agree(training->parallel, status ? status : closed, training->error);
}

static void release(struct nnp_training *training)
{
    for (int set = 0; set < N_SETS; set++) {
        nnp_loss_free(training->losses[set]);
        nnp_fit_set_free(training->sets[set]);
        nnp_repulsion_free(training->reduced[set], training->n_structures[set]);
        free(training->fitted[set]);
        free(training->structures[set]);
    }
    nnp_initial_free(&training->initial);
    nnp_potential_free(training->model);
    free(training->whole_weights);
    free(training->free);
    free(training->x);
    free(training->gradient);
    free(training->best);
    free(training->finished);
}

enum nnp_status nnp_training_run(const struct nnp_config *config,
                                 const struct nnp_dataset *dataset,
                                 const struct nnp_parallel *parallel,
                                 const struct nnp_training_options *options,
                                 struct nnp_training_result *result, struct nnp_error *error)
{
    struct nnp_training training = {
        .config = config,
        .dataset = dataset,
        .parallel = parallel,
        .options = options,
        .error = error,
    };
    *result = (struct nnp_training_result){0};
    clock_gettime(CLOCK_MONOTONIC, &training.begin);
    nnp_linear_algebra_init();
    enum nnp_status status = check_input(&training);
    if (!status)
        describe(&training);
    if (!status && !options->check_only) {
        status = prepare(&training);
        if (!status)
            status = allocate_vectors(&training);
        if (!status)
            status = train(&training, result);
    }
    release(&training);
    return status;
}
