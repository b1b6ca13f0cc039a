/* Names of the symmetry functions. */
#include "nnp/symmetry.h"

#include "names.h"

static const char *const symmetry_names[NNP_N_SYMMETRY] = {"radial", "wide", "narrow"};

const char *nnp_symmetry_name(enum nnp_symmetry_type type)
{
    return (unsigned)type < NNP_N_SYMMETRY ? symmetry_names[type] : "?";
}

enum nnp_symmetry_type nnp_symmetry_from_name(const char *name)
{
    return (enum nnp_symmetry_type)nnp_names_find(symmetry_names, NNP_N_SYMMETRY, name);
}
