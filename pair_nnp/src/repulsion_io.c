/* The repulsion in potential files and configurations; the format stands in
 * potentials/README.md. */
#include "nnp/element.h"
#include "potential_read.h"
#include "repulsion_check.h"
#include "yaml_write.h"

#include <stdlib.h>

/* ---- Reading ---- */

static enum nnp_status read_numbers(enum nnp_repulsion_type type,
                                    const struct nnp_yaml_node *node,
                                    struct nnp_repulsion_pair *pair, struct nnp_error *error)
{
    enum nnp_status status = nnp_read_double(node, "inner", &pair->inner, error);
    if (!status)
        status = nnp_read_double(node, "outer", &pair->outer, error);
    if (type == NNP_REPULSION_ZBL || status)
        return status;
    status = nnp_read_double(node, "amplitude", &pair->amplitude, error);
    return status ? status : nnp_read_double(node, "decay", &pair->decay, error);
}

static enum nnp_status read_symbols(const struct nnp_yaml_node *node, int atomic_numbers[2],
                                    struct nnp_error *error)
{
    const struct nnp_yaml_node *list;
    const char *word;
    enum nnp_status status = nnp_yaml_require(node, "elements", &list, error);
    if (!status)
        status = nnp_yaml_expect(list, NNP_YAML_SEQUENCE, "elements", error);
    if (!status && nnp_yaml_size(list) != 2)
        return nnp_yaml_error(list, error, NNP_ERROR_SYNTAX,
                              "elements of a pair has %d items, expected two symbols",
                              nnp_yaml_size(list));
    for (int k = 0; k < 2 && !status; k++) {
        const struct nnp_yaml_node *item = nnp_yaml_item(list, k);
        status = nnp_yaml_string(item, "symbol", &word, error);
        if (status)
            return status;
        atomic_numbers[k] = nnp_element_from_symbol(word);
        if (!atomic_numbers[k])
            return nnp_yaml_error(item, error, NNP_ERROR_ELEMENT,
                                  "symbol is '%.20s', expected that of a chemical element",
                                  word);
    }
    return status;
}

static enum nnp_status read_pair(enum nnp_repulsion_type type, const struct nnp_yaml_node *node,
                                 struct nnp_repulsion_pair *pair, struct nnp_error *error)
{
    static const char *const keys_of_zbl[] = {"elements", "inner", "outer", NULL};
    static const char *const keys[] = {"elements",  "inner", "outer",
                                       "amplitude", "decay", NULL};
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "a pair", error);
    if (!status)
        status =
            nnp_yaml_check_keys(node, type == NNP_REPULSION_ZBL ? keys_of_zbl : keys, error);
    if (!status)
        status = read_symbols(node, pair->atomic_numbers, error);
    return status ? status : read_numbers(type, node, pair, error);
}

static enum nnp_status read_pairs(struct nnp_repulsion *repulsion,
                                  const struct nnp_yaml_node *list, struct nnp_error *error)
{
    enum nnp_status status = nnp_read_list(list, "pairs", error);
    if (status)
        return status;
    const int n = nnp_yaml_size(list);
    repulsion->pairs = calloc((size_t)n, sizeof *repulsion->pairs);
    if (!repulsion->pairs)
        return nnp_read_no_memory(list, error);
    for (int p = 0; p < n && !status; p++) {
        repulsion->n_pairs = p + 1;
        status =
            read_pair(repulsion->type, nnp_yaml_item(list, p), &repulsion->pairs[p], error);
    }
    return status;
}

/* Numbers of pairs that are not listed; with a list, there need not be any. */
static enum nnp_status read_others(struct nnp_repulsion *repulsion,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"inner", "outer", "amplitude", "decay"};
    struct nnp_repulsion_pair others = {0};
    bool any = repulsion->n_pairs == 0;
    for (int k = 0; k < 4; k++)
        any = any || nnp_yaml_get(node, keys[k]);
    if (!any)
        return NNP_SUCCESS;
    const enum nnp_status status = read_numbers(repulsion->type, node, &others, error);
    repulsion->inner = others.inner;
    repulsion->outer = others.outer;
    repulsion->amplitude = others.amplitude;
    repulsion->decay = others.decay;
    return status;
}

enum nnp_status nnp_repulsion_refused(const struct nnp_yaml_node *mapping,
                                      const struct nnp_repulsion_place *place,
                                      const struct nnp_error *detail, struct nnp_error *error)
{
    const struct nnp_yaml_node *node =
        place->pair < 0 ? mapping : nnp_yaml_item(nnp_yaml_get(mapping, "pairs"), place->pair);
    return nnp_read_refused(node, place->key, detail, error);
}

enum nnp_status nnp_repulsion_read(struct nnp_repulsion *repulsion,
                                   const struct nnp_yaml_node *mapping, struct nnp_error *error)
{
    static const char *const types[] = {"zbl", "exponential"};
    static const char *const keys_of_zbl[] = {"type", "inner", "outer", "pairs", NULL};
    static const char *const keys[] = {"type",  "inner", "outer", "amplitude",
                                       "decay", "pairs", NULL};
    int type;
    enum nnp_status status = nnp_yaml_check_keys(mapping, keys, error);
    if (!status)
        status = nnp_read_choice(mapping, "type", types, 2, &type, error);
    if (status)
        return status;
    repulsion->type = type ? NNP_REPULSION_EXPONENTIAL : NNP_REPULSION_ZBL;
    if (!type)
        status = nnp_yaml_check_keys(mapping, keys_of_zbl, error);
    const struct nnp_yaml_node *pairs = nnp_yaml_get(mapping, "pairs");
    if (!status && pairs)
        status = read_pairs(repulsion, pairs, error);
    if (!status)
        status = read_others(repulsion, mapping, error);
    if (status)
        return status;
    struct nnp_repulsion_place place;
    struct nnp_error detail;
    status = nnp_check_repulsion_numbers(repulsion, &place, &detail);
    return status ? nnp_repulsion_refused(mapping, &place, &detail, error) : status;
}

/* ---- Writing ---- */

static void write_numbers(enum nnp_repulsion_type type, const struct nnp_repulsion_pair *pair,
                          struct nnp_yaml_flow *flow)
{
    nnp_yaml_flow_double(flow, "inner", pair->inner);
    nnp_yaml_flow_double(flow, "outer", pair->outer);
    if (type != NNP_REPULSION_EXPONENTIAL)
        return;
    nnp_yaml_flow_double(flow, "amplitude", pair->amplitude);
    nnp_yaml_flow_double(flow, "decay", pair->decay);
}

static void write_pair(enum nnp_repulsion_type type, const struct nnp_repulsion_pair *pair,
                       struct nnp_yaml_flow *list)
{
    struct nnp_yaml_flow flow, symbols;
    nnp_yaml_flow_start(list, NULL);
    nnp_yaml_flow_begin(&flow, list->text, true, -1);
    nnp_yaml_flow_start(&flow, "elements");
    nnp_yaml_flow_begin(&symbols, list->text, false, -1);
    for (int k = 0; k < 2; k++)
        nnp_yaml_flow_string(&symbols, NULL, nnp_element_symbol(pair->atomic_numbers[k]));
    nnp_yaml_flow_end(&symbols);
    nnp_yaml_flow_stop(&flow);
    write_numbers(type, pair, &flow);
    nnp_yaml_flow_end(&flow);
    nnp_yaml_flow_stop(list);
}

void nnp_repulsion_write(const struct nnp_repulsion *repulsion, struct nnp_text *text)
{
    struct nnp_yaml_flow flow, list;
    const struct nnp_repulsion_pair others = nnp_repulsion_of(repulsion, 0, 0);
    if (repulsion->type == NNP_REPULSION_NONE) {
        nnp_text_append(text, "none");
        return;
    }
    nnp_yaml_flow_begin(&flow, text, true, 2);
    nnp_yaml_flow_string(&flow, "type", nnp_repulsion_name(repulsion->type));
    if (others.outer > 0.0)
        write_numbers(repulsion->type, &others, &flow);
    if (repulsion->n_pairs > 0) {
        nnp_yaml_flow_start(&flow, "pairs");
        nnp_yaml_flow_begin(&list, text, false, 4);
        for (int p = 0; p < repulsion->n_pairs; p++)
            write_pair(repulsion->type, &repulsion->pairs[p], &list);
        nnp_yaml_flow_end(&list);
        nnp_yaml_flow_stop(&flow);
    }
    nnp_yaml_flow_end(&flow);
}
