/* What a training will take, from some of its structures: their descriptors, and each stage's
 * work on them, are timed and scaled.  Descriptors cost by atoms, losses by the size of the
 * derivatives.  Times are those of the processor, shared among the threads: what others do on
 * the machine just now does not count. */
#include "training_parts.h"

#include "descriptor_layout.h"
#include "kalman.h"
#include "normal_equations.h"
#include "threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { N_SAMPLED = 64 };

/* Evaluations for an iteration of L-BFGS-B: some line searches take more than one. */
static const double evaluations_per_iteration = 1.15;

struct sample {
    int n;
    const struct nnp_structure *structures[N_SAMPLED];
    struct nnp_structure_size sizes[N_SAMPLED];
    struct nnp_fit_set *set;
    struct nnp_loss *loss;
    double *x, *gradient;
    double atoms_factor;        /* all structures over the sampled ones */
    double loss_factor[N_SETS]; /* the same of one set's losses */
    double descriptors;         /* of all: seconds */
    double values, jacobians;   /* of all: bytes; of the latter as much as memory admits */
    double sampled_jacobians;   /* of the sample: bytes, the same */
    double peak;                /* bytes of the process before the descriptors */
};

/* Of the process, shared among its threads. */
static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return ((double)now.tv_sec + 1e-9 * (double)now.tv_nsec) / nnp_threads();
}

static double peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0.0;
}

static double count_atoms(int n, const struct nnp_structure *const *structures)
{
    double sum = 0.0;
    for (int s = 0; s < n; s++)
        sum += structures[s]->n_atoms;
    return sum;
}

/* Takes structures at equal distances, and finds how much more there is in all. */
static void choose(const struct nnp_training *training, struct sample *sample)
{
    int n = training->n_structures[TRAINING];
    double atoms = 0.0, sampled_values = 0.0, limit = training->config->memory;
    sample->n = n < N_SAMPLED ? n : N_SAMPLED;
    for (int k = 0; k < sample->n; k++) {
        const int s = (int)((long)k * n / sample->n);
        sample->structures[k] = training->structures[TRAINING][s];
        sample->sizes[k] = training->sizes[TRAINING][s];
        nnp_training_add_bytes(training, &sample->sizes[k], &sampled_values,
                               &sample->sampled_jacobians);
    }
    double sampled = sampled_values + sample->sampled_jacobians;
    for (int set = 0; set < N_SETS; set++) {
        double values = 0.0, jacobians = 0.0;
        for (int s = 0; s < training->n_structures[set]; s++)
            nnp_training_add_bytes(training, &training->sizes[set][s], &values, &jacobians);
        atoms += count_atoms(training->n_structures[set], training->structures[set]);
        sample->loss_factor[set] = (values + jacobians) / sampled;
        sample->values += values;
        sample->jacobians += jacobians;
    }
    /* The same part of the sample as of all is kept. */
    double part = sample->jacobians > limit ? limit / sample->jacobians : 1.0;
    sample->jacobians *= part;
    sample->sampled_jacobians *= part;
    sample->atoms_factor = atoms / count_atoms(sample->n, sample->structures);
}

static enum nnp_status prepare(struct nnp_training *training, struct sample *sample)
{
    double begin = processor_seconds(), limit = sample->sampled_jacobians;
    const struct nnp_fit_memory memory = {&limit, NULL, sample->sizes,
                                          nnp_training_number(training->config)};
    sample->peak = peak_bytes();
    enum nnp_status status = nnp_fit_set_create(
        &sample->set, training->parallel, training->model, sample->n, sample->structures,
        nnp_training_needs_derivatives(training->config), &memory, training->error);
    if (!status)
        status = nnp_fit_set_ranges(sample->set, training->model, training->error);
    if (status)
        return status;
    sample->descriptors = (processor_seconds() - begin) * sample->atoms_factor;
    nnp_fit_set_scale(sample->set);
    status = nnp_loss_create(&sample->loss, sample->set, training->model->n_elements,
                             training->model->networks, training->error);
    if (status)
        return status;
    size_t n = (size_t)nnp_loss_n_parameters(sample->loss);
    sample->x = calloc(n, sizeof *sample->x);
    sample->gradient = calloc(n, sizeof *sample->gradient);
    if (!sample->x || !sample->gradient)
        status =
            nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %zu parameters", n);
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* Seconds of an evaluation for a stage, the least of three. */
static double time_loss(struct sample *sample, const struct nnp_loss_terms *terms,
                        enum nnp_loss_request request)
{
    double least = INFINITY;
    for (int k = 0; k < 3; k++) {
        double begin = processor_seconds();
        nnp_loss_evaluate(sample->loss, terms, request, sample->x,
                          request == NNP_LOSS_GRADIENT ? sample->gradient : NULL);
        least = fmin(least, processor_seconds() - begin);
    }
    return least;
}

/* An epoch of the Kalman filter: the rows of all batches, and what the filter does with each.
 * Collective. */
static enum nnp_status time_epoch(const struct nnp_training *training, struct sample *sample,
                                  const struct nnp_stage *stage,
                                  const struct nnp_loss_terms *terms, double *seconds)
{
    struct nnp_normal_equations *equations;
    struct nnp_kalman *filter = NULL;
    const struct nnp_measurements *batch = NULL;
    int n = nnp_loss_n_parameters(sample->loss);
    const int size = nnp_training_batch(training, stage, n);
    int *all = calloc((size_t)n, sizeof *all);
    enum nnp_status status = NNP_SUCCESS;
    if (!all)
        status =
            nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %d parameters", n);
    for (int k = 0; all && k < n; k++)
        all[k] = k;
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = nnp_normal_equations_create(&equations, sample->loss, size, n, all,
                                             training->error);
    free(all);
    if (status)
        return status;
    status = nnp_kalman_create(&filter, training->parallel, n, 2, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status) {
        double begin = processor_seconds();
        for (int b = 0; b < nnp_normal_equations_n_batches(equations); b++)
            batch = nnp_normal_equations_set(equations, terms, b, sample->x);
        *seconds = (processor_seconds() - begin) * sample->loss_factor[TRAINING];
        (void)nnp_kalman_start(filter, sample->x);
        (void)nnp_kalman_advance(filter, 1.0, NULL);
        begin = processor_seconds();
        (void)nnp_kalman_advance(filter, 1.0, batch);
        *seconds += ceil((double)training->n_structures[TRAINING] / size) *
                    (processor_seconds() - begin);
    }
    nnp_kalman_free(filter);
    nnp_normal_equations_free(equations);
    return status;
}

/* Seconds of one iteration of a stage, and of the evaluation before the first one. */
static enum nnp_status time_iteration(const struct nnp_training *training,
                                      struct sample *sample, const struct nnp_stage *stage,
                                      double *seconds, double *first)
{
    const struct nnp_loss_terms terms = nnp_training_terms(training, stage);
    enum nnp_status status = NNP_SUCCESS;
    double value = time_loss(sample, &terms, NNP_LOSS_VALUE), equations = 0.0;
    double test = value * sample->loss_factor[TEST];
    *first = value * sample->loss_factor[TRAINING];
    if (stage->optimizer == NNP_STAGE_KALMAN) {
        status = time_epoch(training, sample, stage, &terms, &equations);
        *seconds = equations + *first + test;
    } else {
        *first = time_loss(sample, &terms, NNP_LOSS_GRADIENT) * sample->loss_factor[TRAINING];
        *seconds = evaluations_per_iteration * (*first + test);
    }
    *first += test;
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* Bytes of the filter, which is not in the sample, on rank 0. */
static double filter_bytes(const struct nnp_training *training, const struct sample *sample)
{
    double n = nnp_loss_n_parameters(sample->loss);
    for (int k = 0; k < training->config->n_stages; k++)
        if (training->config->stages[k].optimizer == NNP_STAGE_KALMAN)
            return n * (n + 1.0) / 2.0 *
                   sizeof(double); /* the matrix A; the factor was there */
    return 0.0;
}

/* What the sample has come to, with the descriptors of all in place of its own.  Values of
 * symmetry functions are in a scratch file where there is one. */
static void tell_memory(const struct nnp_training *training, const struct sample *sample)
{
    const double mega = 1e-6;
    bool has_scratch = training->dataset->scratch;
    double stored = sample->jacobians + (has_scratch ? 0.0 : sample->values);
    const struct nnp_parallel *parallel = training->parallel;
    double descriptors = stored / parallel->size;
    if (nnp_parallel_can_share_memory(parallel))
        descriptors *= nnp_blocks_copies(training->n_structures[TRAINING], parallel->size);
    double work = fmax(peak_bytes() - sample->peak - sample->sampled_jacobians, 0.0) +
                  filter_bytes(training, sample);
    nnp_training_message(training,
                         "memory of each rank: about %.0f MB (data and program %.0f, "
                         "descriptors %.0f, work %.0f)",
                         mega * (sample->peak + descriptors + work), mega * sample->peak,
                         mega * descriptors, mega * work);
}

/* Random sets of weights that a member tries. */
static int count_starts(const struct nnp_training *training)
{
    bool all_known = training->initial.n_parameters > 0 &&
                     training->initial.n_known == training->initial.n_parameters;
    return all_known ? 1 : training->config->n_starts;
}

static enum nnp_status tell_times(const struct nnp_training *training, struct sample *sample)
{
    const struct nnp_config *config = training->config;
    double total = sample->descriptors, seconds, first;
    int n_starts = count_starts(training);
    nnp_training_message(training, "descriptors: %.3g s", sample->descriptors);
    for (int k = 0; k < config->n_stages; k++) {
        const struct nnp_stage *stage = &config->stages[k];
        enum nnp_status status = time_iteration(training, sample, stage, &seconds, &first);
        if (status)
            return status;
        if (k == 0 && n_starts > 1) {
            double starts = n_starts * (first + config->start_iterations * seconds);
            nnp_training_message(training, "random starts: %d of %d iterations, %.3g s",
                                 n_starts, config->start_iterations, starts);
            total += config->n_members * starts;
        }
        nnp_training_message(training, "%s: %d iterations of %.3g s, %.3g s at most",
                             stage->name, stage->iterations, seconds,
                             first + stage->iterations * seconds);
        total += config->n_members * (first + stage->iterations * seconds);
    }
    nnp_training_message(training,
                         "in all about %.3g s (%.3g h) for %d member%s on %d rank%s, if each "
                         "thread has a core of its own",
                         total, total / 3600.0, config->n_members,
                         config->n_members > 1 ? "s" : "", training->parallel->size,
                         training->parallel->size > 1 ? "s" : "");
    return NNP_SUCCESS;
}

enum nnp_status nnp_training_estimate(struct nnp_training *training)
{
    struct sample sample = {0};
    choose(training, &sample);
    training->auto_weights =
        (struct nnp_loss_scales){1.0, 1.0, 1.0}; /* any but 0 cost the same */
    nnp_training_message(training, "measuring %d of %d structures for training", sample.n,
                         training->n_structures[TRAINING]);
    enum nnp_status status = prepare(training, &sample);
    if (!status)
        status = tell_times(training, &sample);
    if (!status)
        tell_memory(training, &sample);
    nnp_loss_free(sample.loss);
    nnp_fit_set_free(sample.set);
    free(sample.x);
    free(sample.gradient);
    return status;
}
