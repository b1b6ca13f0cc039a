// Registers pair_style nnp with the LAMMPS that it was compiled for.

#include "register.h"

#include "pair_nnp.h"

#include "lammps.h"
#include "lammpsplugin.h"
#include "library.h"
#include "version.h"

#include <mpi.h>

#include <cstring>

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

// Handles of Open MPI are pointers, those of MPICH and its kin integers.
static bool has_same_mpi()
{
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(version, &length);
    const bool runs_with_open_mpi = std::strstr(version, "Open MPI") != nullptr;
#ifdef OPEN_MPI
    return runs_with_open_mpi;
#else
    return !runs_with_open_mpi;
#endif
}

const char *nnp_lammps_register(void *lmp, void *handle, void *regfunc)
{
    if (!has_same_integers(lmp))
        return "this LAMMPS was built with other integer sizes (LAMMPS_SMALLBIG, LAMMPS_BIGBIG "
               "or "
               "LAMMPS_SMALLSMALL) than the plugin; build the plugin with "
               "-DNNP_LAMMPS_DEFINITIONS=<that of this LAMMPS>";

    if (!lammps_config_has_mpi_support())
        return "this LAMMPS was built without MPI (with its library STUBS), but the plugin "
               "needs "
               "it; build LAMMPS with -DBUILD_MPI=on";
    if (!has_same_mpi())
        return "this LAMMPS runs with another MPI library than the plugin was built with (Open "
               "MPI "
               "or one like MPICH); build the plugin with the MPI of this LAMMPS";

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
