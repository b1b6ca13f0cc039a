#include "spread.h"

#include "report.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "update.h"
#include "utils.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace LAMMPS_NS;

namespace nnp_lammps
{

Spread::Spread(LAMMPS *host, const Settings &run_settings)
    : Pointers(host), settings(run_settings), last_step(-1)
{
}

// A minimizer may evaluate a step several times.
bool Spread::is_due() const
{
    return settings.spread > 0 && update->ntimestep % settings.spread == 0 &&
           update->ntimestep != last_step;
}

Spread::Extent Spread::extent(const std::vector<double> &values) const
{
    struct {
        double value;
        int rank;
    } mine = {0.0, comm->me}, most;
    double sums[2] = {0.0, static_cast<double>(values.size())}, all[2];
    long long id = 0;
    for (size_t i = 0; i < values.size(); i++) {
        sums[0] += values[i];
        if (values[i] > mine.value) {
            mine.value = values[i];
            id = atom->tag[i];
        }
    }
    MPI_Allreduce(&mine, &most, 1, MPI_DOUBLE_INT, MPI_MAXLOC, world);
    MPI_Bcast(&id, 1, MPI_LONG_LONG, most.rank, world);
    MPI_Allreduce(sums, all, 2, MPI_DOUBLE, MPI_SUM, world);
    return {most.value, all[0] / std::max(all[1], 1.0), id};
}

// Every line is on disk before the next step.
void Spread::write_line(const Extent &of_energy, const Extent &of_force)
{
    if (!stream) {
        stream.reset(std::fopen(settings.spread_file.c_str(), "w"));
        if (!stream)
            error->one(FLERR, "pair nnp: cannot write the spread_file '" +
                                  settings.spread_file + "': " + std::strerror(errno));
        std::fprintf(stream.get(),
                     "# step energy_max atom energy_mean force_max atom "
                     "force_mean (units %s)\n",
                     update->unit_style);
    }
    std::fprintf(stream.get(), "%lld %.10g %lld %.10g %.10g %lld %.10g\n",
                 static_cast<long long>(update->ntimestep), of_energy.largest, of_energy.id,
                 of_energy.mean, of_force.largest, of_force.id, of_force.mean);
    if (std::fflush(stream.get()) != 0)
        error->one(FLERR, "pair nnp: cannot write to the spread_file '" + settings.spread_file +
                              "': " + std::strerror(errno));
}

void Spread::write(const std::vector<double> &energies, const std::vector<double> &forces)
{
    const Extent of_energy = extent(energies), of_force = extent(forces);
    last_step = update->ntimestep;
    if (comm->me != 0)
        return;
    utils::logmesg(lmp, "pair nnp: step " + std::to_string(update->ntimestep) +
                            ": spread of the committee: energy max " +
                            to_text(of_energy.largest) + " (atom " +
                            std::to_string(of_energy.id) + ") mean " + to_text(of_energy.mean) +
                            ", force max " + to_text(of_force.largest) + " (atom " +
                            std::to_string(of_force.id) + ") mean " + to_text(of_force.mean) +
                            "\n");
    if (!settings.spread_file.empty())
        write_line(of_energy, of_force);
}

} // namespace nnp_lammps
