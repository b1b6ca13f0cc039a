// What pair_style nnp says of each atom: extrapolations, and spreads of a committee.

#include "pair_nnp.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "update.h"

using namespace LAMMPS_NS;

// A minimizer starts without asking fix pair, so that the start of any run counts as asked for.
bool PairNNP::wants(PerAtom &quantity)
{
    return quantity.flag || (quantity.is_known && update->setupflag);
}

int PairNNP::pack_reverse_comm(int n, int first, double *buffer)
{
    for (int k = 0; k < 3 * n; k++)
        buffer[k] = reversed[3 * static_cast<size_t>(first) + k];
    return 3 * n;
}

void PairNNP::unpack_reverse_comm(int n, int *atoms, double *buffer)
{
    for (int k = 0; k < 3 * n; k++)
        reversed[3 * static_cast<size_t>(atoms[k / 3]) + k % 3] += buffer[k];
}

// Forces on ghosts to the atoms that they stand for, on every rank.
void PairNNP::reverse_member_forces()
{
    const size_t size = 3 * static_cast<size_t>(atom->nlocal + atom->nghost);
    for (int m = 0; m < potential->n_members; m++) {
        reversed = member_forces.data() + m * size;
#ifdef NNP_LAMMPS_HAS_REVERSE_COMM
        comm->reverse_comm(this);
#else
        comm->reverse_comm_pair(this);
#endif
    }
    reversed = nullptr;
}

void PairNNP::finish_per_atom()
{
    const int n_local = atom->nlocal;
    if (atomic_extrapolation.is_set)
        atomic_extrapolation.values.assign(extrapolating_functions.begin(),
                                           extrapolating_functions.end());
    if (!force_spread.is_set)
        return;
    force_spread.values.resize(n_local);
    for (int i = 0; i < n_local; i++)
        force_spread.values[i] = nnp_force_spread(member_forces.data(), potential->n_members,
                                                  n_local + atom->nghost, i);
}

PairNNP::PerAtom *PairNNP::find_per_atom(const std::string &name)
{
    if (name == "extrapolation")
        return &atomic_extrapolation;
    if (name == "energy_spread")
        return &energy_spread;
    return name == "force_spread" ? &force_spread : nullptr;
}

void *PairNNP::extract(const char *name, int &dim)
{
    const std::string what = name, suffix = "_flag";
    dim = 0;
    if (what == "n_extrapolations")
        return &extrapolation.total;
    if (what == "cutoff")
        return &cutoff;
    if (what.size() <= suffix.size() ||
        what.compare(what.size() - suffix.size(), suffix.size(), suffix) != 0)
        return nullptr;
    PerAtom *quantity = find_per_atom(what.substr(0, what.size() - suffix.size()));
    if (!quantity)
        return nullptr;
    if (quantity != &atomic_extrapolation && potential && potential->n_members == 1)
        error->all(FLERR, "pair nnp: " + what.substr(0, what.size() - suffix.size()) +
                              " needs a committee, but potential file '" + file +
                              "' has one network per element");
    quantity->is_known = true;
    return &quantity->flag;
}

#ifdef NNP_LAMMPS_HAS_EXTRACT_PERATOM
void *PairNNP::extract_peratom(const char *name, int &columns)
{
    PerAtom *quantity = find_per_atom(name);
    columns = 0;
    return quantity && quantity->is_set ? quantity->values.data() : nullptr;
}
#endif
