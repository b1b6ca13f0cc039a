/* Symmetry functions of aenet's networks; the conventions stand in formats/aenet.h. */
#include "formats/aenet.h"
#include "formats/build.h"

#include <math.h>
#include <stdlib.h>

static enum nnp_status make_behler(const struct nnp_potential *potential,
                                   const struct nnp_aenet *file, int k,
                                   struct nnp_symmetry *function, struct nnp_error *error)
{
    const int type = file->integers[k];
    const int *neighbors = file->integers + file->n_functions + 2 * k;
    const double *p = file->doubles + (size_t)k * (size_t)file->n_parameters;
    *function = (struct nnp_symmetry){.type = NNP_SYMMETRY_RADIAL,
                                      .neighbors = {-1, -1},
                                      .cutoff = {NNP_CUTOFF_COS, p[0], 0.0}};
    if (type == 0 || type == 3)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s: function %d is of type G%d, expected G1, G2, G4 or G5",
                             file->path, k + 1, type);
    if (type == 2) {
        function->r_shift = p[1];
        function->eta = p[2];
    } else if (type >= 4) {
        function->type = type == 4 ? NNP_SYMMETRY_NARROW : NNP_SYMMETRY_WIDE;
        function->lambda = p[1];
        function->zeta = p[2];
        function->eta = p[3];
    }
    for (int i = 0; i < (type >= 4 ? 2 : 1); i++) {
        const int z = neighbors[i] > 0 ? file->neighbors[neighbors[i] - 1] : 0;
        function->neighbors[i] = nnp_potential_element_index(potential, z);
        if (function->neighbors[i] < 0)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "%s: function %d has a neighbor (%s) without a network",
                                 file->path, k + 1, z ? nnp_element_symbol(z) : "none");
    }
    return NNP_SUCCESS;
}

static enum nnp_status add_behler(struct nnp_potential *potential, int place,
                                  const struct nnp_aenet *file, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < file->n_functions && !status; k++) {
        struct nnp_symmetry function;
        status = make_behler(potential, file, k, &function, error);
        if (!status)
            status = nnp_build_function(&potential->descriptors[place], &function, error);
    }
    return status;
}

/* Weights of species: the integers around 0, which is there for odd numbers of species. */
static enum nnp_status set_species_weights(struct nnp_potential *potential, int place,
                                           const struct nnp_aenet *file,
                                           struct nnp_error *error)
{
    const int n = file->n_neighbors;
    double *weights = calloc((size_t)potential->n_elements, sizeof *weights);
    potential->descriptors[place].species_weights = weights;
    if (!weights)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", file->path);
    for (int k = 0, weight = -(n / 2); k < n; k++, weight++) {
        weight += weight == 0 && n % 2 == 0;
        weights[nnp_potential_element_index(potential, file->neighbors[k])] = weight;
    }
    return NNP_SUCCESS;
}

static enum nnp_status check_species(const struct nnp_potential *potential,
                                     const struct nnp_aenet *file, struct nnp_error *error)
{
    for (int k = 0; k < file->n_neighbors; k++) {
        if (nnp_potential_element_index(potential, file->neighbors[k]) < 0)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "%s: the neighbor element %s has no network (the potential is "
                                 "the folder with one file per element)",
                                 file->path, nnp_element_symbol(file->neighbors[k]));
        for (int i = 0; i < k; i++)
            if (file->neighbors[i] == file->neighbors[k])
                return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                     "%s: the neighbor element %s is there twice", file->path,
                                     nnp_element_symbol(file->neighbors[k]));
    }
    if (file->n_neighbors != potential->n_elements)
        return nnp_error_set(error, NNP_ERROR_ELEMENT,
                             "%s: there are %d neighbor elements, expected the %d with "
                             "networks",
                             file->path, file->n_neighbors, potential->n_elements);
    return NNP_SUCCESS;
}

/* The degrees 0 .. last of a type. */
static enum nnp_status add_degrees(struct nnp_descriptor *descriptor,
                                   enum nnp_symmetry_type type, int last, double radius,
                                   struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int degree = 0; degree <= last && !status; degree++) {
        const struct nnp_symmetry function = {.type = type,
                                              .neighbors = {-1, -1},
                                              .cutoff = {NNP_CUTOFF_COS, radius, 0.0},
                                              .degree = degree};
        status = nnp_build_function(descriptor, &function, error);
    }
    return status;
}

static bool is_degree(double value)
{
    return value >= 0.0 && value <= NNP_MOST_CHEBYSHEV && value == floor(value);
}

static enum nnp_status add_chebyshev(struct nnp_potential *potential, int place,
                                     const struct nnp_aenet *file, struct nnp_error *error)
{
    struct nnp_descriptor *descriptor = &potential->descriptors[place];
    const double *p = file->doubles; /* radial cutoff and degree, then the angular ones */
    const int blocks = file->n_neighbors > 1 ? 2 : 1;
    if (!is_degree(p[1]) || !is_degree(p[3]) ||
        blocks * ((int)p[1] + (int)p[3] + 2) != file->n_functions)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s: %d functions of degrees up to %g and %g for %d elements",
                             file->path, file->n_functions, p[1], p[3], file->n_neighbors);
    if (blocks == 2 && p[2] > p[0])
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s: the angular cutoff is larger (%g) than the radial one (%g), "
                             "where aenet's weights depend on the order of atoms",
                             file->path, p[2], p[0]);
    enum nnp_status status = check_species(potential, file, error);
    for (int b = 0; b < blocks && !status; b++) {
        status = add_degrees(descriptor,
                             b == 0 ? NNP_SYMMETRY_CHEBYSHEV_RADIAL
                                    : NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL,
                             (int)p[1], p[0], error);
        if (!status)
            status = add_degrees(descriptor,
                                 b == 0 ? NNP_SYMMETRY_CHEBYSHEV_ANGULAR
                                        : NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR,
                                 (int)p[3], p[2], error);
    }
    return status || blocks == 1 ? status : set_species_weights(potential, place, file, error);
}

enum nnp_status nnp_aenet_add_functions(struct nnp_potential *potential, int place,
                                        const struct nnp_aenet *file, struct nnp_error *error)
{
    return file->is_chebyshev ? add_chebyshev(potential, place, file, error)
                              : add_behler(potential, place, file, error);
}
