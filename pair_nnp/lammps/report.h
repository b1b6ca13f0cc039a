// What the log and messages say about a potential.

#ifndef NNP_LAMMPS_REPORT_H
#define NNP_LAMMPS_REPORT_H

#include "nnp/evaluate.h"

#include <string>

namespace nnp_lammps
{

// Six digits: enough to recognise a value.
std::string to_text(double value);

// "Li Au"
std::string element_names(const nnp_potential &potential);

// Lines with file, title, elements, units, cutoff, committee and kernels.
std::string describe(const nnp_evaluator &evaluator, const std::string &file);

} // namespace nnp_lammps

#endif
