// What pair_style nnp asks of the input, before each run.

#include "pair_nnp.h"

#include "report.h"

#include "nnp/element.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "neighbor.h"
#include "respa.h"
#include "update.h"
#include "utils.h"

#include <cmath>

using namespace LAMMPS_NS;

using nnp_lammps::to_text;

void PairNNP::check_input() const
{
    if (!force->newton_pair)
        error->all(FLERR, "pair nnp: needs newton on for pair interactions, since forces on "
                          "atoms of other ranks are sent back to them");
    check_respa();
    check_masses();
}

void PairNNP::check_respa() const
{
    if (!utils::strmatch(update->integrate_style, "^respa"))
        return;
    const Respa *respa = dynamic_cast<Respa *>(update->integrate);
    if (respa && respa->level_inner >= 0)
        error->all(FLERR, "pair nnp: run_style respa with inner, middle and outer divides the "
                          "forces of pairs by distance, but forces of this style depend on "
                          "all neighbors of an atom at once; use its keyword pair or hybrid");
}

// Atoms that are not in the lists would silently be no neighbors.
void PairNNP::check_lists() const
{
    if (neighbor->exclude && comm->me == 0)
        error->warning(FLERR, "pair nnp: neigh_modify exclude takes neighbors out of symmetry "
                              "functions, which changes the energies of their atoms and the "
                              "forces on all neighbors of these");
    if (atom->molecular == Atom::ATOMIC)
        return;
    int mine = 0, any = 0;
    for (int i = 0; i < atom->nlocal; i++)
        if (type_elements[atom->type[i]] >= 0 && has_excluded_bond(i))
            mine = 1;
    MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, world);
    if (any)
        error->all(FLERR, "pair nnp: special_bonds with factors of zero takes bonded atoms out "
                          "of the neighbor lists, and so out of the symmetry functions; give "
                          "factors that are not zero (special_bonds lj/coul 1e-50 1e-50 "
                          "1e-50), which this style ignores");
}

// Whether atom i has partners of the kind 1-2, 1-3 or 1-4 whose factor is zero; of molecule
// templates that is taken for granted.
bool PairNNP::has_excluded_bond(int i) const
{
    int before = 0;
    for (int k = 1; k <= 3; k++) {
        const int upto = atom->nspecial ? atom->nspecial[i][k - 1] : before + 1;
        if (neighbor->special_flag[k] == 0 && upto > before)
            return true;
        before = upto;
    }
    return false;
}

// One warning for the first atom type whose mass is more than 1 % off its element's.
void PairNNP::check_masses() const
{
    if (comm->me != 0 || !atom->mass || atom->rmass_flag)
        return;
    for (int type = 1; type <= atom->ntypes; type++) {
        if (type_elements[type] < 0 || !atom->mass_setflag[type])
            continue;
        const nnp_element &element = potential->elements[type_elements[type]];
        const double mass = atom->mass[type] * mass_unit;
        if (std::fabs(mass - element.mass) <= 0.01 * element.mass)
            continue;
        error->warning(FLERR, "pair nnp: the mass of atom type " + std::to_string(type) +
                                  " is " + to_text(mass) + " g/mol, but " +
                                  nnp_element_symbol(element.atomic_number) + " has " +
                                  to_text(element.mass) + " g/mol");
        return;
    }
}
