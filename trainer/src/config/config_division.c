/* The division of the data into training and test set. */
#include "config_parts.h"

#include <stdlib.h>
#include <string.h>

/* key or key=value. */
static enum nnp_status read_test_key(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const struct nnp_yaml_node *item = nnp_yaml_get(node, "test_key");
    enum nnp_status status = nnp_config_get_text(node, "test_key", &config->test_key, error);
    if (status || !item)
        return status;
    char *equals = strchr(config->test_key, '=');
    if (equals == config->test_key || (equals && !equals[1]))
        return nnp_yaml_error(item, error, NNP_ERROR_VALUE,
                              "test_key is '%.60s', expected a key, or key=value",
                              config->test_key);
    config->test_value = strdup(equals ? equals + 1 : "test");
    if (equals)
        *equals = '\0';
    return config->test_value ? NNP_SUCCESS : nnp_config_no_memory(item, error);
}

static enum nnp_status read_left_out(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int n = node ? nnp_config_n_items(node) : 0;
    if (n == 0)
        return NNP_SUCCESS;
    config->left_out = calloc((size_t)n, sizeof *config->left_out);
    if (!config->left_out)
        return nnp_config_no_memory(node, error);
    for (int g = 0; g < n && !status; g++) {
        const char *group;
        status = nnp_yaml_string(nnp_config_item(node, g), "leave_out", &group, error);
        if (!status && !(config->left_out[g] = strdup(group)))
            status = nnp_config_no_memory(node, error);
        config->n_left_out += !status;
    }
    return status;
}

/* Without a random part of its own, the test set is what the other rules put into it. */
enum nnp_status nnp_config_read_division(struct nnp_config *config,
                                         const struct nnp_yaml_node *node,
                                         struct nnp_error *error)
{
    enum nnp_status status = read_test_key(config, node, error);
    if (!status)
        status = read_left_out(config, nnp_yaml_get(node, "leave_out"), error);
    bool has_rule =
        config->test_key || config->n_left_out > 0 || nnp_yaml_get(node, "test_files") != NULL;
    config->test_fraction = has_rule ? 0.0 : 0.1;
    config->split_seed = 1;
    if (!status)
        status = nnp_config_get_number(node, "test_fraction", &nnp_below_1,
                                       &config->test_fraction, error);
    if (!status)
        status = nnp_config_get_seed(node, &config->split_seed, error);
    const struct nnp_yaml_node *stratify = nnp_yaml_get(node, "stratify");
    if (!status && stratify)
        status = nnp_yaml_bool(stratify, "stratify", &config->stratified, error);
    if (!status && config->stratified && config->test_fraction == 0.0)
        status = nnp_yaml_error(stratify, error, NNP_ERROR_INCONSISTENT,
                                "stratify is true, but test_fraction is 0: there is no random "
                                "choice to stratify");
    return status;
}
