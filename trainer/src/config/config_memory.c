/* The memory that a training may take, "500 MB", and the folder for what it does not keep
 * there. */
#include "config_parts.h"

#include "text.h"

#include <math.h>
#include <string.h>

static const double default_memory = 1e9;

/* Bytes in one of the units, 0 for any other word. */
static double unit_size(const char *unit)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double size = 1e3;
    for (int k = 0; k < 4; k++, size *= 1e3)
        if (!strcmp(unit, units[k]))
            return size;
    return 0.0;
}

/* False where the text is no amount. */
static bool parse_amount(const char *text, double *bytes)
{
    char number[32];
    size_t length = strcspn(text, " kMGT"), gap = strspn(text + length, " ");
    if (length == 0 || length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    if (!nnp_text_to_double(number, bytes) || !isfinite(*bytes) || *bytes < 0.0)
        return false;
    *bytes *= unit_size(text + length + gap);
    return unit_size(text + length + gap) > 0.0;
}

enum nnp_status nnp_config_read_memory(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error)
{
    const char *text;
    config->memory = default_memory;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_string(node, "memory", &text, error);
    if (!status && !parse_amount(text, &config->memory))
        status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                "memory is '%.60s', expected an amount such as 500 MB (in kB, "
                                "MB, GB or TB)",
                                text);
    return status;
}

enum nnp_status nnp_config_read_scratch(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    const char *text;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_string(node, "scratch", &text, error);
    if (status)
        return status;
    config->scratch = strdup(*text ? text : ".");
    return config->scratch ? nnp_config_resolve(config, node, &config->scratch, error)
                           : nnp_config_no_memory(node, error);
}
