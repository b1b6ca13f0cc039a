/* Parameters that a stage leaves alone: `known`, a mapping of conditions, or a list of such. */
#include "config_parts.h"

#include <stdlib.h>
#include <string.h>

void nnp_config_free_stage(struct nnp_stage *stage)
{
    free(stage->name);
    for (int f = 0; f < stage->n_freeze; f++)
        free(stage->freeze[f].elements);
    free(stage->freeze);
}

static enum nnp_status read_known(const struct nnp_config *config,
                                  const struct nnp_yaml_node *node, struct nnp_freeze *freeze,
                                  struct nnp_error *error)
{
    freeze->known = true;
    if (config->n_initial > 0)
        return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                          "found the word known without initial potentials, from which known "
                          "weights come");
}

static enum nnp_status read_elements(const struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     struct nnp_freeze *freeze, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    freeze->elements = calloc((size_t)config->n_elements, sizeof *freeze->elements);
    if (!freeze->elements)
        return nnp_config_no_memory(node, error);
    for (int i = 0; i < nnp_config_n_items(node) && !status; i++) {
        int e;
        status = nnp_config_element(config, nnp_config_item(node, i), &e, error);
        if (!status)
            freeze->elements[e] = true;
    }
    return status;
}

/* Layers are counted from 1, hidden ones first, the output last. */
static enum nnp_status read_layers(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node, struct nnp_freeze *freeze,
                                   struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int most = 0;
    for (int e = 0; e < config->n_elements; e++)
        if (config->networks[e].n_hidden + 1 > most)
            most = config->networks[e].n_hidden + 1;
    for (int i = 0; i < nnp_config_n_items(node) && !status; i++) {
        int layer;
        const struct nnp_yaml_node *item = nnp_config_item(node, i);
        status = nnp_yaml_int(item, "layers", &layer, error);
        if (!status && (layer < 1 || layer > most))
            status = nnp_yaml_error(item, error, NNP_ERROR_VALUE,
                                    "layers has %d, expected 1 to %d, the output layer", layer,
                                    most);
        if (!status)
            freeze->layers |= 1u << (layer - 1);
    }
    return status;
}

static enum nnp_status read_conditions(const struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_freeze *freeze, struct nnp_error *error)
{
    static const char *const keys[] = {"elements", "layers", "known", NULL};
    enum nnp_status status = nnp_config_mapping(node, "freeze", keys, error);
    const struct nnp_yaml_node *elements = status ? NULL : nnp_yaml_get(node, "elements");
    const struct nnp_yaml_node *layers = status ? NULL : nnp_yaml_get(node, "layers");
    const struct nnp_yaml_node *known = status ? NULL : nnp_yaml_get(node, "known");
    bool is_known = false;
    if (elements)
        status = read_elements(config, elements, freeze, error);
    if (!status && layers)
        status = read_layers(config, layers, freeze, error);
    if (!status && known)
        status = nnp_yaml_bool(known, "known", &is_known, error);
    if (!status && is_known)
        status = read_known(config, known, freeze, error);
    bool any = is_known || (elements && nnp_config_n_items(elements) > 0) || freeze->layers;
    if (!status && !any)
        status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                "freeze states nothing, expected elements, layers or known");
    return status;
}

enum nnp_status nnp_config_read_freeze(const struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_stage *stage, struct nnp_error *error)
{
    int n = nnp_config_n_items(node);
    enum nnp_status status = NNP_SUCCESS;
    stage->freeze = calloc((size_t)n + 1, sizeof *stage->freeze);
    if (!stage->freeze)
        return nnp_config_no_memory(node, error);
    for (int i = 0; i < n && !status; i++) {
        const struct nnp_yaml_node *item = nnp_config_item(node, i);
        struct nnp_freeze *freeze = &stage->freeze[stage->n_freeze++];
        const char *word;
        bool is_word = nnp_yaml_kind(item) == NNP_YAML_SCALAR;
        if (is_word && !nnp_yaml_string(item, "freeze", &word, NULL) && !strcmp(word, "known"))
            status = read_known(config, item, freeze, error);
        else if (is_word)
            status = nnp_yaml_error(item, error, NNP_ERROR_VALUE,
                                    "freeze is neither 'known' nor a mapping, expected one of "
                                    "them, such as {elements: Au}");
        else
            status = read_conditions(config, item, freeze, error);
    }
    return status;
}
