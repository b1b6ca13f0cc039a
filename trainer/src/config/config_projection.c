/* Principal components in place of the functions. */
#include "config_parts.h"

#include <string.h>

static const char *method_word(int k)
{
    (void)k;
    return "pca";
}

/* size, or variance, or neither. */
static enum nnp_status read_number(struct nnp_config_projection *projection,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const struct nnp_yaml_node *variance = nnp_yaml_get(node, "variance");
    if (variance && nnp_yaml_get(node, "size"))
        return nnp_yaml_error(variance, error, NNP_ERROR_INCONSISTENT,
                              "found variance beside size, expected one of them, as both say "
                              "how many components there are");
    enum nnp_status status = nnp_config_get_int(node, "size", 1, &projection->size, error);
    if (!status && variance)
        status =
            nnp_config_number(variance, "variance", &nnp_above_0, &projection->variance, error);
    if (!status && projection->variance > 1.0)
        status = nnp_yaml_error(variance, error, NNP_ERROR_VALUE,
                                "variance is %g, expected a part of the whole, at most 1",
                                projection->variance);
    return status;
}

enum nnp_status nnp_config_read_projection(struct nnp_config *config,
                                           const struct nnp_yaml_node *node,
                                           struct nnp_error *error)
{
    static const char *const keys[] = {"method", "size", "variance", "whiten", NULL};
    struct nnp_config_projection *projection = &config->projection;
    const struct nnp_yaml_node *method, *whiten;
    const char *word;
    int k;
    projection->whiten = true;
    if (!node || (!nnp_yaml_string(node, "projection", &word, NULL) && !strcmp(word, "none")))
        return NNP_SUCCESS;
    if (config->n_initial > 0)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "the projection, if any, is that of the initial potential, "
                              "expected no such key");
    enum nnp_status status = nnp_config_mapping(node, "projection", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "method", &method, error);
    if (!status)
        status = nnp_config_word(method, "method", 1, method_word, &k, error);
    if (!status)
        status = read_number(projection, node, error);
    whiten = status ? NULL : nnp_yaml_get(node, "whiten");
    if (whiten)
        status = nnp_yaml_bool(whiten, "whiten", &projection->whiten, error);
    projection->is_wanted = true;
    projection->line = nnp_yaml_line(node);
    return status;
}
