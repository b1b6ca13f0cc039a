// Counts symmetry functions outside of their range in training, and warns or stops.

#ifndef NNP_LAMMPS_EXTRAPOLATION_H
#define NNP_LAMMPS_EXTRAPOLATION_H

#include "settings.h"

#include "pointers.h"

#include <string>
#include <vector>

namespace nnp_lammps
{

class Extrapolation : protected LAMMPS_NS::Pointers
{
  public:
    // settings and file, the potential's name in messages, are borrowed.
    Extrapolation(LAMMPS_NS::LAMMPS *host, const Settings &settings, const std::string &file);

    // At the start of a run.
    void start();

    // After each evaluation.  of_atom: [nlocal], functions of a local atom, of which n_atoms
    // are the style's.  Collective on steps of a summary and where a run may have to stop.
    void count(const std::vector<int> &of_atom, int n_atoms);

    // At the end of a run, collective: what the whole run had, if anything.
    void finish();

    double total; // since the start of the run, on this rank

  private:
    const Settings &settings;
    const std::string &file;
    double recent;                  // since the last summary, on this rank
    int worst;                      // most functions of one atom since then, on this rank
    LAMMPS_NS::tagint worst_id;     // that atom
    LAMMPS_NS::bigint first_recent; // step

    std::string worst_atom() const;
    void reset_recent();
    void summarize();
    void stop_beyond_limits(const std::vector<int> &of_atom, int n_atoms) const;
};

} // namespace nnp_lammps

#endif
