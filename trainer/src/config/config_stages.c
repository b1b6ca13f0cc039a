/* Stages of a training. */
#include "config_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct nnp_stage default_stage = {.iterations = 1000, .history = 20};

/* A name such as "stage 2" where none was stated. */
static enum nnp_status name_stage(struct nnp_stage *stage, int number, struct nnp_error *error)
{
    char name[32];
    if (stage->name)
        return NNP_SUCCESS;
    snprintf(name, sizeof name, "stage %d", number);
    stage->name = strdup(name);
    return stage->name ? NNP_SUCCESS : nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
}

/* A number, or the word auto, which stands for 1 until the data are known. */
static enum nnp_status read_weight(const struct nnp_yaml_node *mapping, const char *key,
                                   double *weight, bool *is_auto, struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    const char *word;
    *is_auto = node && !nnp_yaml_string(node, key, &word, NULL) && !strcmp(word, "auto");
    *weight = *is_auto ? 1.0 : 0.0;
    if (*is_auto)
        return NNP_SUCCESS;
    return nnp_config_get_number(mapping, key, &nnp_at_least_0, weight, error);
}

static enum nnp_status read_weights(const struct nnp_yaml_node *node, struct nnp_stage *stage,
                                    struct nnp_error *error)
{
    enum nnp_status status =
        read_weight(node, "energy", &stage->energy_weight, &stage->auto_energy, error);
    if (!status)
        status = read_weight(node, "forces", &stage->force_weight, &stage->auto_forces, error);
    if (!status)
        status = read_weight(node, "stress", &stage->stress_weight, &stage->auto_stress, error);
    if (!status)
        status = nnp_config_get_number(node, "regularization", &nnp_at_least_0,
                                       &stage->regularization, error);
    if (status)
        return status;
    if (stage->energy_weight == 0.0 && stage->force_weight == 0.0 &&
        stage->stress_weight == 0.0)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "the weights energy, forces and stress of a stage are all 0, "
                              "expected one above 0");
    return NNP_SUCCESS;
}

static const char *optimizer_word(int k)
{
    return k == NNP_STAGE_LBFGSB ? "lbfgsb" : "kalman";
}

/* Refuses a key of another optimiser than the stage's. */
static enum nnp_status check_owner(const struct nnp_yaml_node *node, const char *key,
                                   enum nnp_stage_optimizer owner,
                                   const struct nnp_stage *stage, struct nnp_error *error)
{
    const struct nnp_yaml_node *value = nnp_yaml_get(node, key);
    if (!value || stage->optimizer == owner)
        return NNP_SUCCESS;
    return nnp_yaml_error(value, error, NNP_ERROR_INCONSISTENT,
                          "%s belongs to the optimizer %s, this stage has %s", key,
                          optimizer_word((int)owner), optimizer_word((int)stage->optimizer));
}

static enum nnp_status read_optimizer(const struct nnp_yaml_node *node, struct nnp_stage *stage,
                                      struct nnp_error *error)
{
    const struct nnp_yaml_node *word = nnp_yaml_get(node, "optimizer");
    int k = (int)stage->optimizer;
    enum nnp_status status = NNP_SUCCESS;
    if (word)
        status = nnp_config_word(word, "optimizer", NNP_N_STAGE_OPTIMIZERS, optimizer_word, &k,
                                 error);
    stage->optimizer = (enum nnp_stage_optimizer)k;
    if (!status)
        status = check_owner(node, "history", NNP_STAGE_LBFGSB, stage, error);
    if (!status)
        status = check_owner(node, "batch", NNP_STAGE_KALMAN, stage, error);
    if (!status)
        status = nnp_config_get_int(node, "history", 1, &stage->history, error);
    return status ? status : nnp_config_get_int(node, "batch", 1, &stage->batch, error);
}

/* RMSEs that end a stage; those of forces and stress are known where one of them has a weight.
 */
static enum nnp_status read_target(const struct nnp_yaml_node *node, struct nnp_stage *stage,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"energy", "forces", "stress", NULL};
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "target", keys, error);
    if (!status && nnp_yaml_size(node) == 0)
        status =
            nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                           "target is empty, expected an RMSE of energy, forces or stress");
    if (!status)
        status =
            nnp_config_get_number(node, "energy", &nnp_above_0, &stage->target_energy, error);
    if (!status)
        status =
            nnp_config_get_number(node, "forces", &nnp_above_0, &stage->target_forces, error);
    if (!status)
        status =
            nnp_config_get_number(node, "stress", &nnp_above_0, &stage->target_stress, error);
    if (!status && (stage->target_forces > 0.0 || stage->target_stress > 0.0) &&
        stage->force_weight == 0.0 && stage->stress_weight == 0.0)
        status = nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                "found a target of forces or stress in a stage without weights "
                                "of either, expected a target of energy only");
    return status;
}

/* When the stage ends, besides its number of iterations. */
static enum nnp_status read_limits(const struct nnp_yaml_node *node, struct nnp_stage *stage,
                                   struct nnp_error *error)
{
    enum nnp_status status = nnp_config_get_int(node, "patience", 0, &stage->patience, error);
    if (!status)
        status = read_target(nnp_yaml_get(node, "target"), stage, error);
    if (!status)
        status = nnp_config_get_number(node, "time", &nnp_above_0, &stage->time, error);
    if (!status)
        status =
            nnp_config_get_number(node, "tolerance", &nnp_below_1, &stage->tolerance, error);
    return status;
}

static enum nnp_status read_stage(const struct nnp_config *config,
                                  const struct nnp_yaml_node *node, int number,
                                  struct nnp_stage *stage, struct nnp_error *error)
{
    static const char *const keys[] = {"name",           "energy",    "forces",     "stress",
                                       "regularization", "optimizer", "iterations", "history",
                                       "patience",       "batch",     "target",     "time",
                                       "tolerance",      "freeze",    NULL};
    const struct nnp_yaml_node *freeze;
    *stage = default_stage;
    enum nnp_status status = nnp_config_mapping(node, "a stage", keys, error);
    if (!status)
        status = nnp_config_get_text(node, "name", &stage->name, error);
    if (!status)
        status = read_weights(node, stage, error);
    if (!status)
        status = nnp_config_get_int(node, "iterations", 1, &stage->iterations, error);
    if (!status)
        status = read_optimizer(node, stage, error);
    if (!status)
        status = read_limits(node, stage, error);
    if (!status && (freeze = nnp_yaml_get(node, "freeze")))
        status = nnp_config_read_freeze(config, freeze, stage, error);
    return status ? status : name_stage(stage, number, error);
}

static enum nnp_status allocate_stages(struct nnp_config *config, int n,
                                       struct nnp_error *error)
{
    config->stages = calloc((size_t)n, sizeof *config->stages);
    if (!config->stages)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    config->n_stages = n;
    return NNP_SUCCESS;
}

/* Energies first, then energies and forces: K. Shimizu et al., Phys. Rev. B 103, 094112 (2021).
 */
static enum nnp_status set_default_stages(struct nnp_config *config, struct nnp_error *error)
{
    static const char *const names[2] = {"energies", "forces"};
    enum nnp_status status = allocate_stages(config, 2, error);
    if (status)
        return status;
    struct nnp_stage *stages = config->stages;
    for (int s = 0; s < 2; s++) {
        stages[s] = default_stage;
        stages[s].name = strdup(names[s]);
        if (!stages[s].name)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "out of memory");
    }
    stages[0].energy_weight = 1.0;
    stages[0].iterations = 200;
    stages[1].energy_weight = stages[1].force_weight = 0.5;
    stages[1].iterations = 2000;
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_read_stages(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    if (!node)
        return set_default_stages(config, error);
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, "stages", error);
    if (!status && nnp_yaml_size(node) == 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                "stages is an empty list, expected at least one stage");
    if (!status)
        status = allocate_stages(config, nnp_yaml_size(node), error);
    for (int s = 0; s < config->n_stages && !status; s++)
        status = read_stage(config, nnp_yaml_item(node, s), s + 1, &config->stages[s], error);
    return status;
}
