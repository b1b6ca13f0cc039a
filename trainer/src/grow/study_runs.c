/* Runs of a study: every combination of the values of each condition. */
#include "config_parts.h"
#include "nnp/element.h"
#include "placeholders.h"
#include "study_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VARIABLES = 32, MAX_RUNS = 100000 };

/* Filled in when a run starts; here they stand for themselves. */
static const struct nnp_placeholder later[] = {{"potential", "{potential}"},
                                               {"out", "{out}"},
                                               {"generation", "{generation}"},
                                               {"seed", "{seed}"}};
enum { N_LATER = sizeof later / sizeof *later };

/* A condition: its variables, each with the index of its present value. */
struct condition {
    const struct nnp_yaml_node *node;
    const char *templates[3]; /* kind, command, frames */
    int n_variables;
    struct {
        const char *name;
        const struct nnp_yaml_node *values;
        int index;
    } variables[MAX_VARIABLES];
};

static const char *const template_keys[] = {"kind", "command", "frames"};

static enum nnp_status take_variable(struct condition *condition,
                                     const struct nnp_yaml_node *key,
                                     const struct nnp_yaml_node *values,
                                     struct nnp_error *error)
{
    for (int k = 0; k < N_LATER; k++)
        if (strcmp(nnp_yaml_text(key), later[k].name) == 0)
            return nnp_yaml_error(key, error, NNP_ERROR_VALUE,
                                  "'%s' is set by nnp-grow, expected another name",
                                  later[k].name);
    if (condition->n_variables == MAX_VARIABLES)
        return nnp_yaml_error(key, error, NNP_ERROR_VALUE,
                              "found more than %d variables, expected fewer", MAX_VARIABLES);
    if (nnp_config_n_items(values) == 0)
        return nnp_yaml_error(values, error, NNP_ERROR_VALUE,
                              "%s is an empty list, expected a value", nnp_yaml_text(key));
    for (int i = 0; i < nnp_config_n_items(values); i++)
        if (nnp_yaml_kind(nnp_config_item(values, i)) != NNP_YAML_SCALAR)
            return nnp_yaml_error(nnp_config_item(values, i), error, NNP_ERROR_SYNTAX,
                                  "found a collection, expected a value of %s",
                                  nnp_yaml_text(key));
    condition->variables[condition->n_variables].name = nnp_yaml_text(key);
    condition->variables[condition->n_variables].values = values;
    condition->variables[condition->n_variables++].index = 0;
    return NNP_SUCCESS;
}

/* common: the templates of all runs. */
static enum nnp_status read_condition(struct condition *condition,
                                      const struct nnp_yaml_node *node,
                                      const struct nnp_yaml_node *common,
                                      struct nnp_error *error)
{
    *condition = (struct condition){.node = node};
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "a condition", error);
    for (int t = 0; t < 3 && !status; t++) {
        const struct nnp_yaml_node *value = nnp_yaml_get(node, template_keys[t]);
        if (!value)
            status = nnp_yaml_require(common, template_keys[t], &value, error);
        if (!status)
            status = nnp_yaml_string(value, template_keys[t], &condition->templates[t], error);
    }
    for (int i = 0; i < nnp_yaml_size(node) && !status; i++) {
        const char *key = nnp_yaml_text(nnp_yaml_key(node, i));
        bool is_template = false;
        for (int t = 0; t < 3; t++)
            is_template = is_template || strcmp(key, template_keys[t]) == 0;
        if (!is_template)
            status =
                take_variable(condition, nnp_yaml_key(node, i), nnp_yaml_value(node, i), error);
    }
    return status;
}

static enum nnp_status expand(const struct condition *condition, int t, char **result,
                              struct nnp_error *error)
{
    struct nnp_placeholder placeholders[N_LATER + MAX_VARIABLES];
    struct nnp_text text = {0};
    memcpy(placeholders, later, sizeof later);
    for (int v = 0; v < condition->n_variables; v++)
        placeholders[N_LATER + v] = (struct nnp_placeholder){
            condition->variables[v].name,
            nnp_yaml_text(nnp_config_item(condition->variables[v].values,
                                          condition->variables[v].index))};
    const char *unknown = nnp_placeholders_expand(
        &text, condition->templates[t], N_LATER + condition->n_variables, placeholders);
    if (unknown) {
        free(text.data);
        return nnp_yaml_error(condition->node, error, NNP_ERROR_VALUE,
                              "%s has the placeholder {%.*s}, expected a variable of this "
                              "condition, or {potential}, {out}, {generation} or {seed}",
                              template_keys[t], (int)strcspn(unknown, "}"), unknown);
    }
    *result = text.data;
    if (text.failed)
        return nnp_config_no_memory(condition->node, error);
    return text.data ? NNP_SUCCESS
                     : nnp_yaml_error(condition->node, error, NNP_ERROR_VALUE,
                                      "%s is empty, expected a text", template_keys[t]);
}

static enum nnp_status add_run(struct nnp_study *study, const struct condition *condition,
                               struct nnp_error *error)
{
    if (study->n_runs == MAX_RUNS)
        return nnp_yaml_error(condition->node, error, NNP_ERROR_VALUE,
                              "found more than %d runs, expected fewer", MAX_RUNS);
    struct nnp_study_run *runs =
        realloc(study->runs, ((size_t)study->n_runs + 1) * sizeof *runs);
    if (!runs)
        return nnp_config_no_memory(condition->node, error);
    study->runs = runs;
    struct nnp_study_run *run = &runs[study->n_runs++];
    *run = (struct nnp_study_run){0};
    enum nnp_status status = expand(condition, 0, &run->kind, error);
    if (!status)
        status = expand(condition, 1, &run->command, error);
    return status ? status : expand(condition, 2, &run->frames, error);
}

/* All combinations; the last variable changes fastest. */
static enum nnp_status add_runs(struct nnp_study *study, struct condition *condition,
                                struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int v;
    do {
        status = add_run(study, condition, error);
        for (v = condition->n_variables - 1; v >= 0; v--) {
            if (++condition->variables[v].index <
                nnp_config_n_items(condition->variables[v].values))
                break;
            condition->variables[v].index = 0;
        }
    } while (!status && v >= 0);
    return status;
}

static enum nnp_status read_types(struct nnp_study *study, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    if (!node)
        return NNP_SUCCESS;
    int n = nnp_config_n_items(node);
    study->types = calloc((size_t)n + 1, sizeof *study->types);
    if (!study->types)
        return nnp_config_no_memory(node, error);
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < n && !status; i++) {
        const char *symbol;
        status = nnp_yaml_string(nnp_config_item(node, i), "types", &symbol, error);
        if (!status && (study->types[study->n_types++] = nnp_element_from_symbol(symbol)) == 0)
            status =
                nnp_yaml_error(nnp_config_item(node, i), error, NNP_ERROR_ELEMENT,
                               "type is '%.60s', expected the symbol of an element", symbol);
    }
    return status;
}

static enum nnp_status read_limits(struct nnp_study *study, const struct nnp_yaml_node *node,
                                   struct nnp_error *error)
{
    static const char *const keys[] = {"distance", "energy", "forces", NULL};
    struct nnp_study_limits *limits = &study->limits;
    *limits = (struct nnp_study_limits){.distance = 1.0, .energy = 1.0, .forces = 30.0};
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_mapping(node, "limits", keys, error);
    if (!status)
        status =
            nnp_config_get_number(node, "distance", &nnp_above_0, &limits->distance, error);
    if (!status)
        status = nnp_config_get_number(node, "energy", &nnp_above_0, &limits->energy, error);
    return status ? status
                  : nnp_config_get_number(node, "forces", &nnp_above_0, &limits->forces, error);
}

enum nnp_status nnp_study_read_runs(struct nnp_study *study, const struct nnp_yaml_node *node,
                                    struct nnp_error *error)
{
    static const char *const keys[] = {"command", "frames", "kind",       "types",
                                       "time",    "limits", "conditions", NULL};
    const struct nnp_yaml_node *conditions;
    enum nnp_status status = nnp_config_mapping(node, "runs", keys, error);
    if (!status)
        status = nnp_yaml_require(node, "conditions", &conditions, error);
    if (!status)
        status = read_types(study, nnp_yaml_get(node, "types"), error);
    if (!status)
        status = read_limits(study, nnp_yaml_get(node, "limits"), error);
    if (!status)
        status = nnp_config_get_number(node, "time", &nnp_above_0, &study->run_time, error);
    if (!status && nnp_config_n_items(conditions) == 0)
        status = nnp_yaml_error(conditions, error, NNP_ERROR_VALUE,
                                "conditions is an empty list, expected at least one");
    for (int i = 0; !status && i < nnp_config_n_items(conditions); i++) {
        struct condition condition;
        status = read_condition(&condition, nnp_config_item(conditions, i), node, error);
        if (!status)
            status = add_runs(study, &condition, error);
    }
    return status;
}
