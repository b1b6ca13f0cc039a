/* Single values of a configuration, with their domains. */
#include "config_parts.h"

#include "nnp/element.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static bool at_least_0(double value)
{
    return value >= 0.0;
}

static bool at_least_1(double value)
{
    return value >= 1.0;
}

static bool above_0(double value)
{
    return value > 0.0;
}

static bool below_1(double value)
{
    return value >= 0.0 && value < 1.0;
}

const struct nnp_config_domain nnp_at_least_0 = {at_least_0, "at least 0"};
const struct nnp_config_domain nnp_at_least_1 = {at_least_1, "at least 1"};
const struct nnp_config_domain nnp_above_0 = {above_0, "above 0"};
const struct nnp_config_domain nnp_below_1 = {below_1, "at least 0 and below 1"};

enum nnp_status nnp_config_no_memory(const struct nnp_yaml_node *node, struct nnp_error *error)
{
    return nnp_yaml_error(node, error, NNP_ERROR_MEMORY, "out of memory");
}

enum nnp_status nnp_config_mapping(const struct nnp_yaml_node *node, const char *what,
                                   const char *const *keys, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, what, error);
    return status ? status : nnp_yaml_check_keys(node, keys, error);
}

enum nnp_status nnp_config_number(const struct nnp_yaml_node *node, const char *what,
                                  const struct nnp_config_domain *domain, double *value,
                                  struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_double(node, what, value, error);
    if (status || domain->holds(*value))
        return status;
    return nnp_yaml_error(node, error, NNP_ERROR_VALUE, "%s is %g, expected %s", what, *value,
                          domain->expected);
}

enum nnp_status nnp_config_get_number(const struct nnp_yaml_node *mapping, const char *key,
                                      const struct nnp_config_domain *domain, double *value,
                                      struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    return node ? nnp_config_number(node, key, domain, value, error) : NNP_SUCCESS;
}

enum nnp_status nnp_config_get_int(const struct nnp_yaml_node *mapping, const char *key,
                                   int least, int *value, struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_int(node, key, value, error);
    if (status || *value >= least)
        return status;
    return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                          "%s is %d, expected an integer of at least %d", key, *value, least);
}

enum nnp_status nnp_config_get_seed(const struct nnp_yaml_node *mapping, unsigned long *value,
                                    struct nnp_error *error)
{
    int seed = 0;
    if (!nnp_yaml_get(mapping, "seed"))
        return NNP_SUCCESS;
    enum nnp_status status = nnp_config_get_int(mapping, "seed", 0, &seed, error);
    *value = (unsigned long)seed;
    return status;
}

enum nnp_status nnp_config_get_text(const struct nnp_yaml_node *mapping, const char *key,
                                    char **value, struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    const char *text;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_string(node, key, &text, error);
    if (status)
        return status;
    if (!*text)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE, "%s is empty, expected a text",
                              key);
    free(*value);
    *value = strdup(text);
    return *value ? NNP_SUCCESS : nnp_config_no_memory(node, error);
}

enum nnp_status nnp_config_word(const struct nnp_yaml_node *node, const char *what, int n,
                                const char *(*word)(int k), int *index, struct nnp_error *error)
{
    const char *text;
    enum nnp_status status = nnp_yaml_string(node, what, &text, error);
    if (status)
        return status;
    for (int k = 0; k < n; k++)
        if (!strcmp(text, word(k))) {
            *index = k;
            return NNP_SUCCESS;
        }
    struct nnp_text words = {0};
    for (int k = 0; k < n; k++)
        nnp_text_append(&words, "%s%s", k == 0 ? "" : k == n - 1 ? " or " : ", ", word(k));
    status = nnp_yaml_error(node, error, NNP_ERROR_VALUE, "%s is '%.60s', expected %s", what,
                            text, words.failed ? "another word" : words.data);
    free(words.data);
    return status;
}

int nnp_config_n_items(const struct nnp_yaml_node *node)
{
    return nnp_yaml_kind(node) == NNP_YAML_SEQUENCE ? nnp_yaml_size(node) : 1;
}

const struct nnp_yaml_node *nnp_config_item(const struct nnp_yaml_node *node, int i)
{
    return nnp_yaml_kind(node) == NNP_YAML_SEQUENCE ? nnp_yaml_item(node, i) : node;
}

enum nnp_status nnp_config_element(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node, int *index,
                                   struct nnp_error *error)
{
    const char *symbol;
    enum nnp_status status = nnp_yaml_string(node, "element", &symbol, error);
    if (status)
        return status;
    int atomic_number = nnp_element_from_symbol(symbol);
    for (*index = 0; *index < config->n_elements; ++*index)
        if (config->atomic_numbers[*index] == atomic_number)
            return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_ELEMENT,
                          "element is '%.60s', expected one of those under 'elements'", symbol);
}

enum nnp_status nnp_config_refuse_empty(const struct nnp_yaml_node *node, const char *key,
                                        struct nnp_error *error)
{
    if (nnp_config_n_items(node) > 0)
        return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                          "%s is an empty list, expected at least one item", key);
}
