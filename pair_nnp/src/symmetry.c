/* Names and properties of the types of symmetry functions. */
#include "nnp/symmetry.h"

#include "names.h"

static const char *const symmetry_names[NNP_N_SYMMETRY] = {
    "radial",
    "wide",
    "narrow",
    "weighted_radial",
    "weighted_narrow",
    "compact_radial",
    "compact_wide",
    "compact_narrow",
    "weighted_compact_radial",
    "weighted_compact_wide",
    "weighted_compact_narrow",
    "chebyshev_radial",
    "chebyshev_angular",
    "weighted_chebyshev_radial",
    "weighted_chebyshev_angular",
};

int nnp_symmetry_is_radial(enum nnp_symmetry_type type)
{
    return type == NNP_SYMMETRY_RADIAL || type == NNP_SYMMETRY_WEIGHTED_RADIAL ||
           type == NNP_SYMMETRY_COMPACT_RADIAL ||
           type == NNP_SYMMETRY_WEIGHTED_COMPACT_RADIAL ||
           type == NNP_SYMMETRY_CHEBYSHEV_RADIAL ||
           type == NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL;
}

int nnp_symmetry_is_narrow(enum nnp_symmetry_type type)
{
    return type == NNP_SYMMETRY_NARROW || type == NNP_SYMMETRY_WEIGHTED_NARROW ||
           type == NNP_SYMMETRY_COMPACT_NARROW || type == NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW;
}

int nnp_symmetry_is_weighted(enum nnp_symmetry_type type)
{
    return type == NNP_SYMMETRY_WEIGHTED_RADIAL || type == NNP_SYMMETRY_WEIGHTED_NARROW ||
           (type >= NNP_SYMMETRY_WEIGHTED_COMPACT_RADIAL &&
            type <= NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW) ||
           type >= NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL;
}

int nnp_symmetry_is_compact(enum nnp_symmetry_type type)
{
    return type >= NNP_SYMMETRY_COMPACT_RADIAL && type <= NNP_SYMMETRY_WEIGHTED_COMPACT_NARROW;
}

int nnp_symmetry_is_chebyshev(enum nnp_symmetry_type type)
{
    return type >= NNP_SYMMETRY_CHEBYSHEV_RADIAL;
}

int nnp_symmetry_n_neighbors(enum nnp_symmetry_type type)
{
    if (nnp_symmetry_is_weighted(type) || nnp_symmetry_is_chebyshev(type))
        return 0;
    return nnp_symmetry_is_radial(type) ? 1 : 2;
}

const char *nnp_symmetry_name(enum nnp_symmetry_type type)
{
    return (unsigned)type < NNP_N_SYMMETRY ? symmetry_names[type] : "?";
}

enum nnp_symmetry_type nnp_symmetry_from_name(const char *name)
{
    return (enum nnp_symmetry_type)nnp_names_find(symmetry_names, NNP_N_SYMMETRY, name);
}
