/* Symmetry functions made from a cutoff and the data. */
#include "config_auto.h"

#include "config_known.h"
#include "config_parts.h"
#include "distances.h"
#include "nnp/element.h"

#include <math.h>
#include <stdlib.h>

static enum nnp_status add(struct nnp_config_functions *functions,
                           const struct nnp_symmetry *function, struct nnp_error *error)
{
    for (int k = 0; k < functions->n_functions; k++)
        if (nnp_config_compare_functions(&functions->functions[k], function) == 0)
            return NNP_SUCCESS;
    struct nnp_symmetry *moved =
        realloc(functions->functions, ((size_t)functions->n_functions + 1) * sizeof *moved);
    if (!moved)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for symmetry functions");
    functions->functions = moved;
    moved[functions->n_functions++] = *function;
    return NNP_SUCCESS;
}

static enum nnp_status add_radial(struct nnp_config *config, int center, int neighbor,
                                  double shortest, struct nnp_error *error)
{
    const struct nnp_config_automatic *automatic = &config->automatic;
    double r_cut = automatic->cutoff.radius, width = (r_cut - shortest) / automatic->n_radial;
    struct nnp_symmetry function = {.type = NNP_SYMMETRY_RADIAL,
                                    .neighbors = {neighbor, -1},
                                    .eta = 1.0 / (r_cut * r_cut),
                                    .cutoff = automatic->cutoff};
    enum nnp_status status = add(&config->functions[center], &function, error);
    function.eta = 1.0 / (2.0 * width * width);
    for (int k = 0; k < automatic->n_radial && !status; k++) {
        function.r_shift = shortest + k * width;
        status = add(&config->functions[center], &function, error);
    }
    return status;
}

static enum nnp_status add_angular(struct nnp_config *config, int center, int first, int second,
                                   struct nnp_error *error)
{
    static const double zetas[] = {1.0, 2.0, 4.0};
    double r_cut = config->automatic.cutoff.radius;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < 6 * config->automatic.n_angular && !status; k++) {
        double ratio = pow(1.8, k / 6) / r_cut;
        const struct nnp_symmetry function = {.type = NNP_SYMMETRY_WIDE,
                                              .neighbors = {first, second},
                                              .eta = ratio * ratio,
                                              .lambda = k / 3 % 2 == 0 ? 1.0 : -1.0,
                                              .zeta = zetas[k % 3],
                                              .cutoff = config->automatic.cutoff};
        status = add(&config->functions[center], &function, error);
    }
    return status;
}

/* Functions of one central element; distances: of its pairs, [n_elements]. */
static enum nnp_status add_center(struct nnp_config *config, int center,
                                  const struct nnp_close_pair *distances,
                                  struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int n = config->n_elements;
    for (int a = 0; a < n && !status; a++)
        if (isfinite(distances[a].distance) && !nnp_config_is_covered(config, center, a, -1))
            status = add_radial(config, center, a, distances[a].distance, error);
    for (int a = 0; a < n; a++)
        for (int b = a; b < n && !status; b++)
            if (isfinite(distances[a].distance) && isfinite(distances[b].distance) &&
                !nnp_config_is_covered(config, center, a, b))
                status = add_angular(config, center, a, b, error);
    if (!status && config->functions[center].n_functions == 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "%s: no symmetry function can be made for %s, which has no "
                               "neighbor within %g Angstrom in any structure",
                               config->path, nnp_element_symbol(config->atomic_numbers[center]),
                               config->automatic.cutoff.radius);
    return status;
}

/* Those of the initial potentials, which were made from other data. */
static enum nnp_status add_known(struct nnp_config *config, int center, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < config->n_initial; f++) {
        const struct nnp_potential *potential = config->initial[f];
        int at = nnp_potential_element_index(potential, config->atomic_numbers[center]);
        for (int j = 0; at >= 0 && j < potential->descriptors[at].n_functions && !status; j++) {
            const struct nnp_symmetry known = nnp_config_known_function(config, f, at, j);
            status = add(&config->functions[center], &known, error);
        }
    }
    return status;
}

enum nnp_status nnp_config_complete_functions(struct nnp_config *config,
                                              const struct nnp_dataset *dataset,
                                              struct nnp_error *error)
{
    size_t n = (size_t)config->n_elements;
    enum nnp_status status = NNP_SUCCESS;
    if (config->automatic.n_radial == 0)
        return NNP_SUCCESS;
    struct nnp_close_pair *distances = calloc(n * n, sizeof *distances);
    if (!distances)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for distances");
    for (size_t k = 0; k < n * n; k++)
        distances[k].distance = INFINITY;
    for (int s = 0; s < dataset->n_structures && !status; s++)
        status = nnp_distances_add(distances, config->n_elements, config->atomic_numbers,
                                   &dataset->structures[s], s, config->automatic.cutoff.radius,
                                   error);
    /* Rounded, so that the file of the potential reads well and no last bit matters. */
    for (size_t k = 0; k < n * n; k++)
        distances[k].distance = floor(distances[k].distance * 100.0) / 100.0;
    for (int center = 0; center < config->n_elements && !status; center++)
        status = add_known(config, center, error);
    for (int center = 0; center < config->n_elements && !status; center++)
        status = add_center(config, center, distances + (size_t)center * n, error);
    free(distances);
    return status;
}
