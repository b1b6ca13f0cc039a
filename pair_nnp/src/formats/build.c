/* Potentials out of the parts that other codes' files state. */
#include "formats/build.h"

#include "nnp/element.h"
#include "text.h"

#include <stdlib.h>

enum nnp_status nnp_build_new(struct nnp_potential **potential, int n,
                              const int *atomic_numbers, int *places, struct nnp_error *error)
{
    *potential = nnp_potential_new(n, 1);
    if (!*potential)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a potential");
    for (int i = 0; i < n; i++) {
        places[i] = 0;
        for (int k = 0; k < n; k++) {
            if (k != i && atomic_numbers[k] == atomic_numbers[i])
                return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                     "the element %s is there twice, expected once",
                                     nnp_element_symbol(atomic_numbers[i]));
            places[i] += atomic_numbers[k] < atomic_numbers[i];
        }
        struct nnp_element *element = &(*potential)->elements[places[i]];
        element->atomic_number = atomic_numbers[i];
        element->mass = nnp_element_mass(atomic_numbers[i]);
    }
    return NNP_SUCCESS;
}

/* Room is doubled whenever the number of functions is a power of two. */
enum nnp_status nnp_build_function(struct nnp_descriptor *descriptor,
                                   const struct nnp_symmetry *function, struct nnp_error *error)
{
    const size_t n = (size_t)descriptor->n_functions;
    if ((n & (n - 1)) == 0) {
        struct nnp_symmetry *functions =
            realloc(descriptor->functions, (n ? 2 * n : 1) * sizeof *functions);
        if (!functions)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for symmetry functions");
        descriptor->functions = functions;
    }
    struct nnp_symmetry *added = &descriptor->functions[descriptor->n_functions++];
    *added = *function;
    if (added->neighbors[1] >= 0 && added->neighbors[1] < added->neighbors[0]) {
        added->neighbors[0] = function->neighbors[1];
        added->neighbors[1] = function->neighbors[0];
    }
    return NNP_SUCCESS;
}

static enum nnp_status set_text(char **place, const char *text, struct nnp_error *error)
{
    if (!text)
        return NNP_SUCCESS;
    *place = nnp_text_copy(text);
    return *place ? NNP_SUCCESS
                  : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a provenance");
}

enum nnp_status nnp_build_provenance(struct nnp_potential *potential, const char *program,
                                     const char *comment, struct nnp_error *error)
{
    const enum nnp_status status = set_text(&potential->provenance.program, program, error);
    return status ? status : set_text(&potential->provenance.comment, comment, error);
}
