/* How residuals count in the loss. */
#include "config_parts.h"

static const char *normalization_word(int k)
{
    return k == NNP_NORMALIZATION_SUM ? "sum" : "mean";
}

static const char *above_word(int k)
{
    static const char *const words[NNP_N_ABOVE] = {"none", "hull", "lowest"};
    return words[k];
}

static const char *robust_word(int k)
{
    static const char *const words[NNP_N_ROBUST] = {"none", "huber", "pseudo-huber", "cauchy"};
    return words[k];
}

static enum nnp_status read_energy_weights(struct nnp_config *config,
                                           const struct nnp_yaml_node *node,
                                           struct nnp_error *error)
{
    static const char *const keys[] = {"above", "scale", NULL};
    const struct nnp_yaml_node *above, *scale;
    int k = NNP_ABOVE_NONE;
    enum nnp_status status = nnp_config_mapping(node, "energy_weights", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "above", &above, error);
    if (!status)
        status = nnp_config_word(above, "above", NNP_N_ABOVE, above_word, &k, error);
    if (!status && k != NNP_ABOVE_NONE) {
        status = nnp_yaml_require(node, "scale", &scale, error);
        if (!status)
            status =
                nnp_config_number(scale, "scale", &nnp_above_0, &config->energy_scale, error);
    }
    config->energy_above = (enum nnp_energy_above)k;
    return status;
}

static enum nnp_status read_force_weights(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error)
{
    static const char *const keys[] = {"scale", NULL};
    const struct nnp_yaml_node *scale;
    enum nnp_status status = nnp_config_mapping(node, "force_weights", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "scale", &scale, error);
    if (!status)
        status = nnp_config_number(scale, "scale", &nnp_above_0, &config->force_scale, error);
    return status;
}

static enum nnp_status read_robust(struct nnp_config *config, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"function", "energy", "forces", "stress", NULL};
    struct nnp_robust *robust = &config->robust;
    const struct nnp_yaml_node *word;
    int k = NNP_ROBUST_NONE;
    enum nnp_status status = nnp_config_mapping(node, "robust", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "function", &word, error);
    if (!status)
        status = nnp_config_word(word, "function", NNP_N_ROBUST, robust_word, &k, error);
    robust->function = (enum nnp_robust_function)k;
    if (!status)
        status = nnp_config_get_number(node, "energy", &nnp_above_0, &robust->energy, error);
    if (!status)
        status = nnp_config_get_number(node, "forces", &nnp_above_0, &robust->forces, error);
    if (!status)
        status = nnp_config_get_number(node, "stress", &nnp_above_0, &robust->stress, error);
    bool any = robust->energy > 0.0 || robust->forces > 0.0 || robust->stress > 0.0;
    if (!status && any != (k != NNP_ROBUST_NONE))
        status =
            nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                           "robust has the function %s and %s threshold, expected a function "
                           "with a threshold of energy, forces or stress",
                           robust_word(k), any ? "a" : "no");
    return status;
}

enum nnp_status nnp_config_read_loss(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"normalization", "energy_weights", "force_weights",
                                       "robust", NULL};
    const struct nnp_yaml_node *part;
    int k = NNP_NORMALIZATION_SUM;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "loss", keys, error);
    if (!status && (part = nnp_yaml_get(node, "normalization")))
        status = nnp_config_word(part, "normalization", 2, normalization_word, &k, error);
    config->normalization = (enum nnp_normalization)k;
    if (!status && (part = nnp_yaml_get(node, "energy_weights")))
        status = read_energy_weights(config, part, error);
    if (!status && (part = nnp_yaml_get(node, "force_weights")))
        status = read_force_weights(config, part, error);
    if (!status && (part = nnp_yaml_get(node, "robust")))
        status = read_robust(config, part, error);
    return status;
}
