// Largest and mean spread of a committee, to the log and to a file.

#ifndef NNP_LAMMPS_SPREAD_H
#define NNP_LAMMPS_SPREAD_H

#include "settings.h"

#include "pointers.h"

#include <cstdio>
#include <memory>
#include <vector>

namespace nnp_lammps
{

class Spread : protected LAMMPS_NS::Pointers
{
  public:
    // settings are borrowed.
    Spread(LAMMPS_NS::LAMMPS *host, const Settings &settings);

    // Whether this step is one of those to be written.
    bool is_due() const;

    // Writes the spreads of energy and force of local atoms, [nlocal] each; collective.
    void write(const std::vector<double> &energy, const std::vector<double> &force);

  private:
    struct Close {
        void operator()(std::FILE *stream) const
        {
            std::fclose(stream);
        }
    };
    struct Extent {
        double largest, mean;
        long long id; // atom of the largest
    };

    const Settings &settings;
    std::unique_ptr<std::FILE, Close> stream; // rank 0, from the first line on
    LAMMPS_NS::bigint last_step;              // written, -1: none

    Extent extent(const std::vector<double> &values) const;
    void write_line(const Extent &of_energy, const Extent &of_force);
};

} // namespace nnp_lammps

#endif
