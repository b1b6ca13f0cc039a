// Keywords of the pair_style command.

#ifndef NNP_LAMMPS_SETTINGS_H
#define NNP_LAMMPS_SETTINGS_H

#include <string>
#include <vector>

namespace nnp_lammps
{

enum class OnExtrapolation { ignore, warn, stop };

struct Settings {
    OnExtrapolation on_extrapolation = OnExtrapolation::warn;
    long long interval = 1000;  // steps between summaries of extrapolations, 0: at the end only
    double max_functions = 0.0; // with stop: symmetry functions out of range in a step
    double max_fraction = -1.0; // with stop: part of the atoms; negative: no limit
    long long spread = 0;       // steps between outputs of a committee's spread, 0: none
    std::string spread_file;    // empty: none
    bool mixed = false;         // precision of the evaluation
};

// Sets settings from "keyword value ..."; returns what is wrong, or an empty text.
std::string parse_settings(const std::vector<std::string> &arguments, Settings &settings);

} // namespace nnp_lammps

#endif
