// A plugin with atom_style bond of package MOLECULE, for LAMMPS without that package.

#include "atom.h"
#include "atom_vec_bond.h"
#include "lammps.h"

using namespace LAMMPS_NS;

extern "C" void lammpsplugin_init(void *lmp, void *handle, void *regfunc);

static AtomVec *create_atom_vec_bond(LAMMPS *lmp)
{
    return new AtomVecBond(lmp);
}

extern "C" void lammpsplugin_init(void *lmp, void * /*handle*/, void * /*regfunc*/)
{
    (*static_cast<LAMMPS *>(lmp)->atom->avec_map)["bond"] = &create_atom_vec_bond;
}
