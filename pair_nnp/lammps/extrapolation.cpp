#include "extrapolation.h"

#include "report.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "update.h"

using namespace LAMMPS_NS;

namespace nnp_lammps
{

Extrapolation::Extrapolation(LAMMPS *host, const Settings &run_settings,
                             const std::string &potential_file)
    : Pointers(host), total(0.0), settings(run_settings), file(potential_file), recent(0.0),
      worst(0), worst_id(0), first_recent(0)
{
}

void Extrapolation::start()
{
    total = 0.0;
    reset_recent();
}

void Extrapolation::reset_recent()
{
    recent = 0.0;
    worst = 0;
    worst_id = 0;
    first_recent = update->ntimestep;
}

void Extrapolation::count(const std::vector<int> &of_atom, int n_atoms)
{
    for (size_t i = 0; i < of_atom.size(); i++) {
        total += of_atom[i];
        recent += of_atom[i];
        if (of_atom[i] > worst) {
            worst = of_atom[i];
            worst_id = atom->tag[i];
        }
    }
    if (settings.on_extrapolation == OnExtrapolation::stop)
        stop_beyond_limits(of_atom, n_atoms);
    if (settings.on_extrapolation != OnExtrapolation::ignore && settings.interval > 0 &&
        update->ntimestep % settings.interval == 0 && update->ntimestep > first_recent)
        summarize();
}

// "at most 3 of one atom (ID 17)", on all ranks; collective.
std::string Extrapolation::worst_atom() const
{
    struct {
        int count, rank;
    } mine = {worst, comm->me}, most;
    long long id = worst_id;
    MPI_Allreduce(&mine, &most, 1, MPI_2INT, MPI_MAXLOC, world);
    MPI_Bcast(&id, 1, MPI_LONG_LONG, most.rank, world);
    return "at most " + std::to_string(most.count) + " of one atom (ID " + std::to_string(id) +
           ")";
}

void Extrapolation::summarize()
{
    double sum = 0.0;
    MPI_Allreduce(&recent, &sum, 1, MPI_DOUBLE, MPI_SUM, world);
    if (sum > 0.0) {
        const std::string text = "pair nnp: steps " + std::to_string(first_recent) + " to " +
                                 std::to_string(update->ntimestep) + ": " + to_text(sum) +
                                 " symmetry functions outside of their range in training, " +
                                 worst_atom();
        if (comm->me == 0)
            error->warning(FLERR, text);
    }
    reset_recent();
}

void Extrapolation::stop_beyond_limits(const std::vector<int> &of_atom, int n_atoms) const
{
    double mine[3] = {0.0, 0.0, static_cast<double>(n_atoms)}, sums[3];
    for (const int functions : of_atom) {
        mine[0] += functions;
        mine[1] += functions > 0;
    }
    MPI_Allreduce(mine, sums, 3, MPI_DOUBLE, MPI_SUM, world);
    const bool too_many_functions =
        settings.max_functions >= 0.0 && sums[0] > settings.max_functions;
    const bool too_many_atoms =
        settings.max_fraction >= 0.0 && sums[1] > settings.max_fraction * sums[2];
    if (too_many_functions || too_many_atoms)
        error->all(
            FLERR,
            "pair nnp: step " + std::to_string(update->ntimestep) + ": " + to_text(sums[0]) +
                " symmetry functions of " + to_text(sums[1]) + " of " + to_text(sums[2]) +
                " atoms are outside of their range in training, " + worst_atom() +
                "; the run ends, since 'extrapolation stop' allows for " +
                (too_many_functions
                     ? to_text(settings.max_functions) + " functions"
                     : "a fraction of " + to_text(settings.max_fraction) + " of the atoms"));
}

void Extrapolation::finish()
{
    double sum = 0.0;
    if (settings.on_extrapolation == OnExtrapolation::ignore)
        return;
    MPI_Reduce(&total, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, world);
    if (sum > 0.0)
        error->warning(FLERR, "pair nnp: " + to_text(sum) +
                                  " symmetry functions were outside of their range in "
                                  "training during this run (potential file '" +
                                  file + "')");
}

} // namespace nnp_lammps
