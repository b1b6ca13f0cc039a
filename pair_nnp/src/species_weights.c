/* Weights of elements in weighted Chebyshev functions: reading and checking. */
#include "potential_check.h"
#include "potential_read.h"

#include <math.h>
#include <stdlib.h>

enum nnp_status nnp_read_species_weights(const struct nnp_reader *reader, int i,
                                         const struct nnp_yaml_node *node)
{
    struct nnp_descriptor *descriptor = &reader->potential->descriptors[i];
    const int n = reader->potential->n_elements;
    descriptor->species_weights = calloc((size_t)n, sizeof *descriptor->species_weights);
    if (!descriptor->species_weights)
        return nnp_read_no_memory(node, reader->error);
    return nnp_yaml_doubles(node, "species_weights", n, descriptor->species_weights,
                            reader->error);
}

static bool needs_weights(const struct nnp_symmetry *function)
{
    return nnp_symmetry_is_chebyshev(function->type) &&
           nnp_symmetry_is_weighted(function->type);
}

enum nnp_status nnp_species_weights_check(const struct nnp_descriptor *descriptor,
                                          int n_elements, struct nnp_error *error)
{
    bool needed = false;
    for (int k = 0; k < descriptor->n_functions; k++)
        needed = needed || needs_weights(&descriptor->functions[k]);
    if (needed && !descriptor->species_weights)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "there are no species_weights, which weighted Chebyshev functions "
                             "need");
    if (!needed && descriptor->species_weights)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "there are species_weights, which only weighted Chebyshev "
                             "functions have");
    for (int e = 0; needed && e < n_elements; e++)
        if (!isfinite(descriptor->species_weights[e]))
            return nnp_error_set(error, NNP_ERROR_VALUE,
                                 "species weight %d is %.15g, expected a finite number", e + 1,
                                 descriptor->species_weights[e]);
    return NNP_SUCCESS;
}
