// Registers pair_style nnp with the LAMMPS that it was compiled for.

#include "register.h"

#include "pair_nnp.h"

#include "lammps.h"
#include "lammpsplugin.h"
#include "library.h"
#include "version.h"

using namespace LAMMPS_NS;

static void *create_pair_nnp(void *lmp)
{
    return static_cast<Pair *>(new PairNNP(static_cast<LAMMPS *>(lmp)));
}

// LAMMPS_SMALLBIG, BIGBIG and SMALLSMALL change the layout of LAMMPS' classes.
static bool has_same_integers(void *lmp)
{
    return lammps_extract_setting(lmp, "bigint") == sizeof(bigint) &&
           lammps_extract_setting(lmp, "tagint") == sizeof(tagint) &&
           lammps_extract_setting(lmp, "imageint") == sizeof(imageint);
}

const char *nnp_lammps_register(void *lmp, void *handle, void *regfunc)
{
    if (!has_same_integers(lmp))
        return "this LAMMPS was built with other integer sizes (LAMMPS_SMALLBIG, LAMMPS_BIGBIG "
               "or "
               "LAMMPS_SMALLSMALL) than the plugin; build the plugin with "
               "-DNNP_LAMMPS_DEFINITIONS=<that of this LAMMPS>";

    lammpsplugin_t plugin = {};
    plugin.version = LAMMPS_VERSION;
    plugin.style = "pair";
    plugin.name = "nnp";
    plugin.info = "pair_style nnp " NNP_VERSION ", neural network potentials";
    plugin.author = "the nnp developers";
    plugin.creator.v1 = create_pair_nnp;
    plugin.handle = handle;
    reinterpret_cast<lammpsplugin_regfunc>(regfunc)(&plugin, lmp);
    return nullptr;
}
