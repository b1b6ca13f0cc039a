/* What structures count: by their energies, and by the sample of a committee member. */
#include "training_parts.h"

#include "energy_weights.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

struct nnp_loss_terms nnp_training_terms(const struct nnp_training *training,
                                         const struct nnp_stage *stage)
{
    const struct nnp_config *config = training->config;
    const struct nnp_loss_scales *found = &training->auto_weights;
    return (struct nnp_loss_terms){
        .normalization = config->normalization,
        .energy_weight = stage->auto_energy ? found->energy : stage->energy_weight,
        .force_weight = stage->auto_forces ? found->forces : stage->force_weight,
        .stress_weight = stage->auto_stress ? found->stress : stage->stress_weight,
        .regularization = stage->regularization,
        .force_scale = config->force_scale,
        .robust = config->robust,
    };
}

/* Sets the weights that stages ask for. */
static enum nnp_status find_auto_weights(struct nnp_training *training)
{
    struct nnp_loss_scales *found = &training->auto_weights;
    struct nnp_stage any = {0};
    const struct nnp_config *config = training->config;
    struct nnp_loss_terms terms = nnp_training_terms(training, &config->stages[0]);
    *found = nnp_loss_scales_find(training->sets[TRAINING], &terms);
    for (int k = 0; k < config->n_stages; k++) {
        any.auto_energy = any.auto_energy || config->stages[k].auto_energy;
        any.auto_forces = any.auto_forces || config->stages[k].auto_forces;
        any.auto_stress = any.auto_stress || config->stages[k].auto_stress;
    }
    const char *what = any.auto_energy && found->energy == 0.0   ? "energies"
                       : any.auto_forces && found->forces == 0.0 ? "forces"
                       : any.auto_stress && found->stress == 0.0 ? "stresses"
                                                                 : NULL;
    if (what)
        return nnp_error_set(training->error, NNP_ERROR_INCONSISTENT,
                             "%s asks for an automatic weight of %s, but those for training do "
                             "not vary",
                             config->path, what);
    if (any.auto_energy)
        nnp_training_message(training, "automatic weight of energies: %.6g", found->energy);
    if (any.auto_forces)
        nnp_training_message(training, "automatic weight of forces: %.6g", found->forces);
    if (any.auto_stress)
        nnp_training_message(training, "automatic weight of stresses: %.6g", found->stress);
    return NNP_SUCCESS;
}

enum nnp_status nnp_training_find_weights(struct nnp_training *training)
{
    const struct nnp_config *config = training->config;
    const struct nnp_fit_set *set = training->sets[TRAINING];
    size_t n = (size_t)set->n_structures;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < N_SETS && !status && config->energy_above != NNP_ABOVE_NONE; k++)
        if (training->sets[k])
            status = nnp_energy_weights_set(training->sets[k], set, training->model,
                                            config->energy_above, config->energy_scale,
                                            training->error);
    training->whole_weights = calloc(n + 1, sizeof *training->whole_weights);
    if (!status && !training->whole_weights)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                               "no memory for weights of %zu structures", n);
    if (!status) {
        memcpy(training->whole_weights, set->weights, n * sizeof *set->weights);
        status = find_auto_weights(training);
    }
    return nnp_parallel_agree(training->parallel, status, training->error);
}

/* A sequence of random numbers for every committee member and purpose. */
static void seed_for(const struct nnp_training *training, int member, int purpose,
                     struct nnp_random *random)
{
    const uint64_t odd = 0x9E3779B97F4A7C15; /* steps that no sum of small seeds makes */
    nnp_random_seed(random, training->config->weight_seed +
                                odd * (2 * (uint64_t)member + (uint64_t)purpose));
}

void nnp_training_seed_member(const struct nnp_training *training, int member,
                              struct nnp_random *random)
{
    seed_for(training, member, 0, random);
}

static void draw_bootstrap(int n, double *counts, struct nnp_random *random)
{
    for (int i = 0; i < n; i++)
        counts[nnp_random_below(random, (uint64_t)n)] += 1.0;
}

/* Exactly m of n [D. E. Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S], with the
 * weight n/m, so that the loss keeps its size. */
static void draw_subset(int n, double fraction, double *counts, struct nnp_random *random)
{
    int m = (int)(fraction * n + 0.5);
    m = m < 1 ? 1 : m;
    for (int i = 0, left = m; i < n && left > 0; i++)
        if (nnp_random_below(random, (uint64_t)(n - i)) < (uint64_t)left) {
            counts[i] = (double)n / m;
            left--;
        }
}

void nnp_training_resample(struct nnp_training *training, int member)
{
    const struct nnp_config *config = training->config;
    struct nnp_fit_set *set = training->sets[TRAINING];
    struct nnp_random random;
    if (config->resampling == NNP_RESAMPLE_NONE)
        return;
    seed_for(training, member, 1, &random);
    memset(set->weights, 0, (size_t)set->n_structures * sizeof *set->weights);
    if (config->resampling == NNP_RESAMPLE_BOOTSTRAP)
        draw_bootstrap(set->n_structures, set->weights, &random);
    else
        draw_subset(set->n_structures, config->resampled_fraction, set->weights, &random);
    for (int s = 0; s < set->n_structures; s++)
        set->weights[s] *= training->whole_weights[s];
}
