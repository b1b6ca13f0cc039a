/* Symmetry functions of a configuration, and those of them that initial potentials have. */
#include "config_known.h"

#include "config_parts.h"
#include "describe.h"
#include "nnp/element.h"

/* Index in the configuration of a potential's element; the configuration lists them all. */
static int own_element(const struct nnp_config *config, const struct nnp_potential *potential,
                       int its_element)
{
    int e = 0;
    if (its_element < 0)
        return -1;
    while (config->atomic_numbers[e] != potential->elements[its_element].atomic_number)
        e++;
    return e;
}

struct nnp_symmetry nnp_config_known_function(const struct nnp_config *config, int f,
                                              int its_element, int j)
{
    const struct nnp_potential *potential = config->initial[f];
    struct nnp_symmetry function = potential->descriptors[its_element].functions[j];
    for (int i = 0; i < 2; i++)
        function.neighbors[i] = own_element(config, potential, function.neighbors[i]);
    return function;
}

void nnp_config_describe_function(const struct nnp_config *config,
                                  const struct nnp_symmetry *function, const char *separator,
                                  struct nnp_text *text)
{
    nnp_text_append(text, "%s", nnp_symmetry_name(function->type));
    for (int i = 0; i < nnp_symmetry_n_neighbors(function->type); i++)
        nnp_text_append(text, " %s",
                        nnp_element_symbol(config->atomic_numbers[function->neighbors[i]]));
    nnp_describe_parameters(text, function, separator);
}

bool nnp_config_is_known(const struct nnp_config *config, int element, int k)
{
    const struct nnp_symmetry *own = &config->functions[element].functions[k];
    for (int f = 0; f < config->n_initial; f++) {
        const struct nnp_potential *potential = config->initial[f];
        int at = nnp_potential_element_index(potential, config->atomic_numbers[element]);
        for (int j = 0; at >= 0 && j < potential->descriptors[at].n_functions; j++) {
            const struct nnp_symmetry known = nnp_config_known_function(config, f, at, j);
            if (nnp_config_compare_functions(own, &known) == 0)
                return true;
        }
    }
    return false;
}

static bool has_element(const struct nnp_potential *potential, const struct nnp_config *config,
                        int element)
{
    return element < 0 ||
           nnp_potential_element_index(potential, config->atomic_numbers[element]) >= 0;
}

bool nnp_config_is_covered(const struct nnp_config *config, int center, int first, int second)
{
    for (int f = 0; f < config->n_initial; f++)
        if (has_element(config->initial[f], config, center) &&
            has_element(config->initial[f], config, first) &&
            has_element(config->initial[f], config, second))
            return true;
    return false;
}
