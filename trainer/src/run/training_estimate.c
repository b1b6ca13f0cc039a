/* What a training will take, from a few of its structures: their descriptors, and each stage's
 * work on them, are timed and scaled.  Descriptors cost by atoms, losses by the size of the
 * stored derivatives. */
#include "training_parts.h"

#include "descriptor_layout.h"
#include "kalman.h"
#include "normal_equations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { N_SAMPLED = 16, MATRICES = 4 }; /* MATRICES: of the Kalman filter, n^2 numbers each */

struct sample {
    int n;
    const struct nnp_structure *structures[N_SAMPLED];
    struct nnp_fit_set *set;
    struct nnp_loss *loss;
    double *x, *gradient;
    double atoms_factor;        /* all structures over the sampled ones */
    double loss_factor[N_SETS]; /* the same of one set's losses */
    double descriptors, bytes;  /* of all: seconds, memory */
};

static double count_atoms(int n, const struct nnp_structure *const *structures)
{
    double sum = 0.0;
    for (int s = 0; s < n; s++)
        sum += structures[s]->n_atoms;
    return sum;
}

/* Bytes of the descriptors and their derivatives. */
static double estimate(const struct nnp_training *training, int n,
                       const struct nnp_structure *const *structures)
{
    bool derivatives = nnp_training_needs_derivatives(training->config);
    double bytes = 0.0;
    for (int s = 0; s < n; s++) {
        double jacobian = nnp_descriptor_layout_estimate(training->model, structures[s]);
        bytes += derivatives ? jacobian : jacobian / (3.0 * structures[s]->n_atoms + 6.0);
    }
    return bytes;
}

/* Takes structures at equal distances, and finds how much more there is in all. */
static void choose(const struct nnp_training *training, struct sample *sample)
{
    int n = training->n_structures[TRAINING];
    double atoms = 0.0;
    sample->n = n < N_SAMPLED ? n : N_SAMPLED;
    for (int k = 0; k < sample->n; k++)
        sample->structures[k] = training->structures[TRAINING][(long)k * n / sample->n];
    double sampled = estimate(training, sample->n, sample->structures);
    for (int set = 0; set < N_SETS; set++) {
        double bytes =
            estimate(training, training->n_structures[set], training->structures[set]);
        atoms += count_atoms(training->n_structures[set], training->structures[set]);
        sample->loss_factor[set] = bytes / sampled;
        sample->bytes += bytes;
    }
    sample->atoms_factor = atoms / count_atoms(sample->n, sample->structures);
}

static enum nnp_status prepare(struct nnp_training *training, struct sample *sample)
{
    double begin = nnp_training_seconds(training);
    double limit = training->config->memory * sample->n / training->n_structures[TRAINING];
    const struct nnp_fit_memory memory = {&limit, NULL};
    enum nnp_status status = nnp_fit_set_create(
        &sample->set, training->parallel, training->model, sample->n, sample->structures,
        nnp_training_needs_derivatives(training->config), &memory, training->error);
    if (!status)
        status = nnp_fit_set_ranges(sample->set, training->model, training->error);
    if (status)
        return status;
    sample->descriptors = (nnp_training_seconds(training) - begin) * sample->atoms_factor;
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

/* Seconds of an evaluation for a stage, the second of two. */
static double time_loss(const struct nnp_training *training, struct sample *sample,
                        const struct nnp_loss_terms *terms, enum nnp_loss_request request)
{
    double begin = 0.0;
    for (int k = 0; k < 2; k++) {
        begin = nnp_training_seconds(training);
        nnp_loss_evaluate(sample->loss, terms, request, sample->x,
                          request == NNP_LOSS_GRADIENT ? sample->gradient : NULL);
    }
    return nnp_training_seconds(training) - begin;
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
    int *all = calloc((size_t)n, sizeof *all);
    enum nnp_status status = NNP_SUCCESS;
    if (!all)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for %d parameters",
                               n);
    for (int k = 0; all && k < n; k++)
        all[k] = k;
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = nnp_normal_equations_create(&equations, sample->loss, stage->batch, n, all,
                                             training->error);
    free(all);
    if (status)
        return status;
    status = nnp_kalman_create(&filter, training->parallel, n, 2, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status) {
        double begin = nnp_training_seconds(training);
        for (int b = 0; b < nnp_normal_equations_n_batches(equations); b++)
            batch = nnp_normal_equations_set(equations, terms, b, sample->x);
        *seconds = (nnp_training_seconds(training) - begin) * sample->loss_factor[TRAINING];
        (void)nnp_kalman_start(filter, sample->x);
        (void)nnp_kalman_advance(filter, 1.0, NULL);
        begin = nnp_training_seconds(training);
        (void)nnp_kalman_advance(filter, 1.0, batch);
        *seconds += ceil((double)training->n_structures[TRAINING] / stage->batch) *
                    (nnp_training_seconds(training) - begin);
    }
    nnp_kalman_free(filter);
    nnp_normal_equations_free(equations);
    return status;
}

/* Seconds of one iteration of a stage. */
static enum nnp_status time_iteration(const struct nnp_training *training,
                                      struct sample *sample, const struct nnp_stage *stage,
                                      double *seconds)
{
    const struct nnp_loss_terms terms = nnp_training_terms(training, stage);
    enum nnp_status status = NNP_SUCCESS;
    double value = time_loss(training, sample, &terms, NNP_LOSS_VALUE);
    double equations = 0.0;
    *seconds = value * sample->loss_factor[TEST];
    if (stage->optimizer == NNP_STAGE_KALMAN) {
        status = time_epoch(training, sample, stage, &terms, &equations);
        *seconds += equations + value * sample->loss_factor[TRAINING];
    } else {
        *seconds += 1.1 * time_loss(training, sample, &terms, NNP_LOSS_GRADIENT) *
                    sample->loss_factor[TRAINING];
    }
    return nnp_parallel_agree(training->parallel, status, training->error);
}

static void tell_memory(const struct nnp_training *training, const struct sample *sample)
{
    const struct nnp_config *config = training->config;
    struct rusage usage;
    double n = nnp_loss_n_parameters(sample->loss), matrices = 0.0, now = 0.0;
    for (int k = 0; k < config->n_stages; k++)
        if (config->stages[k].optimizer == NNP_STAGE_KALMAN)
            matrices = MATRICES * 8.0 * n * n;
    double descriptors = fmin(sample->bytes, config->memory) / training->parallel->size;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        now = 1024.0 * (double)usage.ru_maxrss;
    nnp_training_message(training,
                         "memory of each rank: about %.0f MB (data and program %.0f, "
                         "descriptors %.0f, matrices %.0f)",
                         1e-6 * (now + descriptors + matrices), 1e-6 * now, 1e-6 * descriptors,
                         1e-6 * matrices);
}

static enum nnp_status tell_times(const struct nnp_training *training, struct sample *sample)
{
    const struct nnp_config *config = training->config;
    double total = sample->descriptors, seconds;
    nnp_training_message(training, "descriptors: %.3g s", sample->descriptors);
    for (int k = 0; k < config->n_stages; k++) {
        const struct nnp_stage *stage = &config->stages[k];
        enum nnp_status status = time_iteration(training, sample, stage, &seconds);
        if (status)
            return status;
        if (k == 0 && config->n_starts > 1) {
            double starts = (double)config->n_starts * (config->start_iterations + 1) * seconds;
            nnp_training_message(training, "random starts: %d of %d iterations, %.3g s",
                                 config->n_starts, config->start_iterations, starts);
            total += config->n_members * starts;
        }
        nnp_training_message(training, "%s: %d iterations of %.3g s, %.3g s at most",
                             stage->name, stage->iterations, seconds,
                             stage->iterations * seconds);
        total += config->n_members * stage->iterations * seconds;
    }
    nnp_training_message(training, "in all about %.3g s (%.3g h) for %d member%s on %d rank%s",
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
        tell_memory(training, &sample);
    if (!status)
        status = tell_times(training, &sample);
    nnp_loss_free(sample.loss);
    nnp_fit_set_free(sample.set);
    free(sample.x);
    free(sample.gradient);
    return status;
}
