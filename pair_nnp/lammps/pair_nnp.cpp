#include "pair_nnp.h"

#include "report.h"
#include "units.h"

#include "nnp/element.h"
#include "nnp/formats.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "memory.h"
#include "neigh_list.h"
#include "neighbor.h"
#include "update.h"
#include "utils.h"
#include "version.h"

#ifndef NNP_LAMMPS_HAS_ADD_REQUEST
#include "neigh_request.h"
#endif

#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace LAMMPS_NS;

using nnp_lammps::to_text;

PairNNP::PairNNP(LAMMPS *host)
    : Pair(host), length_unit(1.0), energy_unit(1.0), mass_unit(1.0), cutoff(0.0),
      n_extrapolations(0.0)
{
    single_enable = 0;
    restartinfo = 0;
    respa_enable = 0;
    one_coeff = 1;
    manybody_flag = 1;
    centroidstressflag = CENTROID_AVAIL;
}

PairNNP::~PairNNP()
{
    if (copymode || !allocated)
        return;
    memory->destroy(setflag);
    memory->destroy(cutsq);
}

void PairNNP::allocate()
{
    const int n = atom->ntypes + 1;
    memory->create(setflag, n, n, "pair:setflag");
    memory->create(cutsq, n, n, "pair:cutsq");
    allocated = 1;
}

void PairNNP::settings(int narg, char **arg)
{
    if (narg > 0)
        error->all(FLERR, std::string("pair_style nnp: unknown argument '") + arg[0] +
                              "'; it takes no arguments (the potential file and the elements "
                              "are arguments of pair_coeff)");
}

// pair_coeff * * FILE El1 El2 ... with one element, or NULL, per atom type
void PairNNP::coeff(int narg, char **arg)
{
    const int n_types = atom->ntypes;
    if (narg < 3 || std::strcmp(arg[0], "*") != 0 || std::strcmp(arg[1], "*") != 0)
        error->all(FLERR, "pair nnp: expected 'pair_coeff * * FILE' followed by an element or "
                          "NULL for each atom type");
    if (narg != 3 + n_types)
        error->all(FLERR, "pair nnp: pair_coeff needs an element or NULL for each of the " +
                              std::to_string(n_types) + " atom types after the file, but " +
                              std::to_string(narg - 3) + " are given");
    if (!allocated)
        allocate();
    // Nothing is set until all of this command has succeeded.
    std::memset(&setflag[0][0], 0, sizeof(int) * (n_types + 1) * (n_types + 1));
    file = arg[2];
    read_potential();
    set_units();
    map_types(arg + 3);
    report();
}

// A failure of any rank becomes the same error on all of them.
void PairNNP::require_success(int status, const nnp_error &detail) const
{
    struct {
        int status, rank;
    } mine = {status, comm->me}, worst;
    MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, world);
    if (worst.status == NNP_SUCCESS)
        return;
    nnp_error shared = detail;
    MPI_Bcast(shared.message, sizeof(shared.message), MPI_CHAR, worst.rank, world);
    error->all(FLERR, std::string("pair nnp: ") + shared.message);
}

// The potential, found as LAMMPS finds its files (as given, then in LAMMPS_POTENTIALS) and read
// by rank 0 alone, for the sake of shared file systems; another code's is converted there.
std::string PairNNP::broadcast_file() const
{
    std::string text;
    nnp_error detail = {};
    int status = NNP_SUCCESS;
    if (comm->me == 0) {
        const std::string path = utils::get_potential_file_path(file);
        char *content = nullptr;
        size_t size = 0;
        if (path.empty())
            status = nnp_error_set(&detail, NNP_ERROR_FILE,
                                   "cannot find a readable potential file '%s', neither under "
                                   "this name nor in the folders of LAMMPS_POTENTIALS",
                                   file.c_str());
        else
            status = nnp_potential_text(path.c_str(), &content, &size, &detail);
        if (status == NNP_SUCCESS && size > INT_MAX)
            status = nnp_error_set(&detail, NNP_ERROR_FILE,
                                   "the potential file '%s' is larger than 2 GB", path.c_str());
        if (status == NNP_SUCCESS)
            text.assign(content, size);
        std::free(content);
    }
    require_success(status, detail);

    int length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, 0, world);
    text.resize(length);
    MPI_Bcast(&text[0], length, MPI_CHAR, 0, world);
    return text;
}

void PairNNP::read_potential()
{
    const std::string text = broadcast_file();
    nnp_error detail = {};
    nnp_potential *new_potential = nullptr;
    nnp_evaluator *new_evaluator = nullptr;

    evaluator.reset();
    potential.reset();
    int status =
        nnp_potential_parse(&new_potential, file.c_str(), text.c_str(), text.size(), &detail);
    potential.reset(new_potential);
    if (status == NNP_SUCCESS)
        status = nnp_evaluator_create(&new_evaluator, new_potential, nullptr, &detail);
    evaluator.reset(new_evaluator);
    require_success(status, detail);
}

void PairNNP::set_units()
{
    const nnp_lammps::Units *units = nnp_lammps::find_units(update->unit_style);
    if (!units)
        error->all(FLERR,
                   std::string("pair nnp: a potential has physical units, which units ") +
                       update->unit_style +
                       " do not; use metal, real, si, cgs, electron, micro or nano");
    length_unit = units->length / nnp_potential_length_in_angstrom(potential.get());
    energy_unit = units->energy / nnp_potential_energy_in_ev(potential.get());
    mass_unit = units->mass;
    cutoff = nnp_potential_cutoff(potential.get()) / length_unit;
}

void PairNNP::map_types(char **names)
{
    type_elements.assign(atom->ntypes + 1, -1);
    for (int type = 1; type <= atom->ntypes; type++) {
        const std::string name = names[type - 1];
        if (name == "NULL") {
            if (force->pair == this)
                error->all(FLERR, "pair nnp: NULL leaves atom type " + std::to_string(type) +
                                      " without interactions; it is meant for pair_style "
                                      "hybrid and hybrid/overlay");
            continue;
        }
        const int atomic_number = nnp_element_from_symbol(name.c_str());
        type_elements[type] =
            atomic_number ? nnp_potential_element_index(potential.get(), atomic_number) : -1;
        if (type_elements[type] < 0)
            error->all(FLERR, "pair nnp: '" + name + "', given for atom type " +
                                  std::to_string(type) +
                                  ", is not among the elements of potential file '" + file +
                                  "': " + nnp_lammps::element_names(*potential));
    }
    for (int i = 1; i <= atom->ntypes; i++)
        for (int j = 1; j <= atom->ntypes; j++)
            setflag[i][j] = type_elements[i] >= 0 && type_elements[j] >= 0;
}

void PairNNP::report() const
{
    if (comm->me != 0)
        return;
    std::string text = "pair nnp " NNP_VERSION ", built for LAMMPS " LAMMPS_VERSION "\n";
    text += nnp_lammps::describe(*evaluator, file);
    if (length_unit != 1.0)
        text += "  cutoff in units " + std::string(update->unit_style) + ": " +
                to_text(cutoff) + "\n";
    utils::logmesg(lmp, text);
}

void PairNNP::init_style()
{
    if (!force->newton_pair)
        error->all(FLERR, "pair nnp: needs newton on for pair interactions, since forces on "
                          "atoms of other ranks are sent back to them");
    check_masses();
    n_extrapolations = 0.0;
#ifdef NNP_LAMMPS_HAS_ADD_REQUEST
    neighbor->add_request(this, NeighConst::REQ_FULL);
#else
    const int request = neighbor->request(this, instance_me);
    neighbor->requests[request]->half = 0;
    neighbor->requests[request]->full = 1;
#endif
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

double PairNNP::init_one(int i, int j)
{
    if (setflag[i][j] == 0)
        error->all(FLERR, "pair nnp: no element is set for atom type " +
                              std::to_string(type_elements[i] < 0 ? i : j));
    return cutoff;
}

// Older versions of LAMMPS built with exceptions abort before they flush the message.
void PairNNP::fail_on_this_rank(const nnp_error &detail) const
{
    try {
        error->one(FLERR, "pair nnp: step " + std::to_string(update->ntimestep) + ", rank " +
                              std::to_string(comm->me) + ": " + detail.message);
    } catch (...) {
        std::fflush(nullptr);
        throw;
    }
}

void PairNNP::compute(int eflag, int vflag)
{
    ev_init(eflag, vflag);

    nnp_atoms atoms = {};
    atoms.n_atoms = atom->nlocal + atom->nghost;
    atoms.positions = atoms.n_atoms ? &atom->x[0][0] : nullptr;
    atoms.types = atom->type;
    atoms.type_elements = type_elements.data();
    atoms.n_centers = list->inum;
    atoms.centers = list->ilist;
    atoms.n_neighbors = list->numneigh;
    atoms.neighbors = list->firstneigh;
    atoms.neighbor_mask = NEIGHMASK;
    atoms.length_unit = length_unit;
    atoms.energy_unit = energy_unit;

    nnp_results results = {};
    if (atoms.n_atoms) {
        results.forces = &atom->f[0][0];
        results.atomic_energies = eflag_atom ? eatom : nullptr;
        results.atomic_virials = vflag_atom ? &vatom[0][0] : nullptr;
        results.centroid_virials = cvflag_atom ? &cvatom[0][0] : nullptr;
    }

    nnp_error detail = {};
    if (nnp_evaluate(evaluator.get(), &atoms, &results, &detail) != NNP_SUCCESS)
        fail_on_this_rank(detail);

    if (eflag_global)
        eng_vdwl += results.energy;
    // The sum over pairs is at hand; no need for virial_fdotr_compute().  As sub-style of
    // hybrid, neither flag is set when hybrid itself takes the virial from the total forces.
    if (vflag_global || vflag_fdotr)
        for (int k = 0; k < 6; k++)
            virial[k] += results.virial[k];

    n_extrapolations += static_cast<double>(results.n_extrapolations);
#ifndef NNP_LAMMPS_HAS_FINISH
    if (update->ntimestep == update->laststep)
        finish();
#endif
}

// At the end of a run: one line if anything was outside of the training set's range.
void PairNNP::finish()
{
    double total = 0.0;
    MPI_Reduce(&n_extrapolations, &total, 1, MPI_DOUBLE, MPI_SUM, 0, world);
    if (total > 0.0)
        error->warning(FLERR, "pair nnp: " + to_text(total) +
                                  " symmetry functions were outside of their range in "
                                  "training during this run (potential file '" +
                                  file + "')");
}

void *PairNNP::extract(const char *name, int &dim)
{
    dim = 0;
    if (std::strcmp(name, "n_extrapolations") == 0)
        return &n_extrapolations;
    if (std::strcmp(name, "cutoff") == 0)
        return &cutoff;
    return nullptr;
}
