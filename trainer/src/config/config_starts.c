/* Random starts, the committee, and the time for all. */
#include "config_parts.h"

#include <string.h>

static const char *weights_word(int k)
{
    static const char *const words[NNP_N_START_WEIGHTS] = {"fan_in", "uniform", "nguyen-widrow",
                                                           "xavier"};
    return words[k];
}

enum nnp_status nnp_config_read_starts(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    static const char *const keys[] = {"number", "iterations", "seed", "weights", NULL};
    config->n_starts = 50;
    config->start_iterations = 20;
    config->weight_seed = 1;
    if (!node)
        return NNP_SUCCESS;
    int k = NNP_START_FAN_IN;
    enum nnp_status status = nnp_config_mapping(node, "starts", keys, error);
    const struct nnp_yaml_node *weights = status ? NULL : nnp_yaml_get(node, "weights");
    if (!status)
        status = nnp_config_get_int(node, "number", 1, &config->n_starts, error);
    if (!status)
        status = nnp_config_get_int(node, "iterations", 0, &config->start_iterations, error);
    if (weights && !status)
        status =
            nnp_config_word(weights, "weights", NNP_N_START_WEIGHTS, weights_word, &k, error);
    config->start_weights = (enum nnp_start_weights)k;
    return status ? status : nnp_config_get_seed(node, &config->weight_seed, error);
}

/* The word bootstrap, or a fraction below 1. */
static enum nnp_status read_resampling(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    const char *word;
    if (!nnp_yaml_string(node, "resample", &word, NULL) && !strcmp(word, "bootstrap")) {
        config->resampling = NNP_RESAMPLE_BOOTSTRAP;
        return NNP_SUCCESS;
    }
    config->resampling = NNP_RESAMPLE_SUBSET;
    double *fraction = &config->resampled_fraction;
    if (nnp_yaml_double(node, "resample", fraction, NULL) || !(*fraction > 0.0) ||
        !(*fraction < 1.0))
        return nnp_yaml_error(
            node, error, NNP_ERROR_VALUE,
            "resample is neither 'bootstrap' nor a number above 0 and below 1, "
            "expected one of them");
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_read_committee(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error)
{
    static const char *const keys[] = {"members", "resample", NULL};
    const struct nnp_yaml_node *members = node, *resample = NULL;
    enum nnp_status status = NNP_SUCCESS;
    config->n_members = 1;
    if (!node)
        return NNP_SUCCESS;
    if (nnp_yaml_kind(node) == NNP_YAML_MAPPING) {
        status = nnp_yaml_check_keys(node, keys, error);
        if (!status)
            status = nnp_yaml_require(node, "members", &members, error);
        resample = status ? NULL : nnp_yaml_get(node, "resample");
    }
    if (!status)
        status = nnp_yaml_int(members, "committee", &config->n_members, error);
    if (!status && config->n_members < 1)
        status = nnp_yaml_error(members, error, NNP_ERROR_VALUE,
                                "committee is %d, expected an integer of at least 1",
                                config->n_members);
    return !status && resample ? read_resampling(config, resample, error) : status;
}

enum nnp_status nnp_config_read_time(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    return node ? nnp_config_number(node, "time", &nnp_above_0, &config->time, error)
                : NNP_SUCCESS;
}
