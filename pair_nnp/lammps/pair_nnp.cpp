#include "pair_nnp.h"

#include "potential_text.h"
#include "report.h"
#include "units.h"

#include "nnp/element.h"

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

#include <cmath>
#include <cstdio>
#include <cstring>

using namespace LAMMPS_NS;

using nnp_lammps::to_text;

PairNNP::PairNNP(LAMMPS *host)
    : Pair(host), file_checksum(0), length_unit(1.0), energy_unit(1.0), mass_unit(1.0),
      cutoff(0.0), extrapolation(host, style_settings, file), spread(host, style_settings),
      reversed(nullptr)
{
    single_enable = 0;
    respa_enable = 1; // so that LAMMPS lets init_style() say why it is refused
    one_coeff = 1;
    manybody_flag = 1;
    centroidstressflag = CENTROID_AVAIL;
    comm_reverse = 3;
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

// A second command of the same style comes to the same object, which may have a potential.
void PairNNP::settings(int narg, char **arg)
{
    arguments.assign(arg, arg + narg);
    apply_settings();
    if (potential)
        prepare();
}

void PairNNP::apply_settings()
{
    const std::string problem = nnp_lammps::parse_settings(arguments, style_settings);
    if (!problem.empty())
        error->all(FLERR, "pair_style nnp: " + problem);
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
    nnp_error detail = {};
    std::string text;
    require_success(nnp_lammps::read_everywhere(arg[2], world, text, detail), detail);
    compare_with_restart(text);
    file = arg[2];
    type_names.assign(arg + 3, arg + narg);
    set_potential(text);
}

// A failure of any rank becomes the same error on all of them.
void PairNNP::require_success(int status, const nnp_error &detail) const
{
    nnp_error shared = detail;
    if (nnp_lammps::agree(status, world, shared) != NNP_SUCCESS)
        error->all(FLERR, std::string("pair nnp: ") + shared.message);
}

// The potential of the text of `file` for `type_names`.
void PairNNP::set_potential(const std::string &text)
{
    nnp_error detail = {};
    nnp_potential *new_potential = nullptr;

    if (!allocated)
        allocate();
    // Nothing is set until all has succeeded.
    std::memset(&setflag[0][0], 0, sizeof(int) * (atom->ntypes + 1) * (atom->ntypes + 1));
    evaluator.reset();
    potential.reset();
    int status =
        nnp_potential_parse(&new_potential, file.c_str(), text.c_str(), text.size(), &detail);
    potential.reset(new_potential);
    require_success(status, detail);
    prepare();
    file_checksum = nnp_lammps::checksum(text);
    restart_problem.clear();
    set_units();
    map_types();
    report();
}

// The evaluator of the potential and the settings.
void PairNNP::prepare()
{
    nnp_error detail = {};
    nnp_evaluator *new_evaluator = nullptr;
    nnp_evaluator_options options = {};
    options.n_threads = comm->nthreads;
    options.precision = style_settings.mixed ? NNP_PRECISION_MIXED : NNP_PRECISION_DOUBLE;
    const int status = nnp_evaluator_create(&new_evaluator, potential.get(), &options, &detail);
    evaluator.reset(new_evaluator);
    require_success(status, detail);
    if (style_settings.spread > 0 && potential->n_members == 1)
        error->all(FLERR, "pair nnp: 'spread' needs a committee, but potential file '" + file +
                              "' has one network per element");
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

void PairNNP::map_types()
{
    type_elements.assign(atom->ntypes + 1, -1);
    for (int type = 1; type <= atom->ntypes; type++) {
        const std::string &name = type_names[type - 1];
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
    if (!restart_problem.empty())
        error->all(FLERR, "pair nnp: " + restart_problem);
    check_input();
    extrapolation.start();
#ifdef NNP_LAMMPS_HAS_ADD_REQUEST
    neighbor->add_request(this, NeighConst::REQ_FULL);
#else
    const int request = neighbor->request(this, instance_me);
    neighbor->requests[request]->half = 0;
    neighbor->requests[request]->full = 1;
#endif
}

void PairNNP::init_list(int id, NeighList *of_request)
{
    Pair::init_list(id, of_request);
    check_lists();
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

// What LAMMPS calls an atom; without IDs, a count from 1 on this rank.
static std::int64_t atom_id(const void *data, int i)
{
    const Atom *atom = static_cast<const Atom *>(data);
    return atom->tag_enable ? static_cast<std::int64_t>(atom->tag[i]) : i + 1;
}

nnp_atoms PairNNP::view() const
{
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
    atoms.atom_id = atom_id;
    atoms.atom_id_data = atom;
    return atoms;
}

// With per-atom quantities that are wanted in this step.
void PairNNP::evaluate(nnp_results &results)
{
    const nnp_atoms atoms = view();
    const bool spreads = spread.is_due();
    const size_t n_local = atom->nlocal;
    atomic_extrapolation.is_set = wants(atomic_extrapolation);
    energy_spread.is_set = wants(energy_spread) || spreads;
    force_spread.is_set = wants(force_spread) || spreads;

    extrapolating_functions.assign(n_local, 0);
    results.atomic_extrapolations = extrapolating_functions.data();
    if (energy_spread.is_set) {
        energy_spread.values.assign(n_local, 0.0);
        results.energy_spreads = energy_spread.values.data();
    }
    if (force_spread.is_set) {
        // At least one, as a null pointer says that they are not wanted.
        member_forces.assign(3 * (size_t)potential->n_members * atoms.n_atoms + 1, 0.0);
        results.member_forces = member_forces.data();
    }

    nnp_error detail = {};
    if (nnp_evaluate(evaluator.get(), &atoms, &results, &detail) != NNP_SUCCESS)
        fail_on_this_rank(detail);
    if (force_spread.is_set)
        reverse_member_forces();
    finish_per_atom();
    if (spreads)
        spread.write(energy_spread.values, force_spread.values);
}

void PairNNP::compute(int eflag, int vflag)
{
    ev_init(eflag, vflag);

    nnp_results results = {};
    if (atom->nlocal + atom->nghost > 0) {
        results.forces = &atom->f[0][0];
        results.atomic_energies = eflag_atom ? eatom : nullptr;
        results.atomic_virials = vflag_atom ? &vatom[0][0] : nullptr;
        results.centroid_virials = cvflag_atom ? &cvatom[0][0] : nullptr;
    }
    evaluate(results);

    if (eflag_global)
        eng_vdwl += results.energy;
    // The sum over pairs is at hand; no need for virial_fdotr_compute().  As sub-style of
    // hybrid, neither flag is set when hybrid itself takes the virial from the total forces.
    if (vflag_global || vflag_fdotr)
        for (int k = 0; k < 6; k++)
            virial[k] += results.virial[k];

    extrapolation.count(extrapolating_functions, list->inum);
#ifndef NNP_LAMMPS_HAS_FINISH
    if (update->ntimestep == update->laststep)
        finish();
#endif
}

void PairNNP::finish()
{
    extrapolation.finish();
}
