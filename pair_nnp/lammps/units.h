// What LAMMPS' unit styles are in Angstrom, eV and g/mol.

#ifndef NNP_LAMMPS_UNITS_H
#define NNP_LAMMPS_UNITS_H

namespace nnp_lammps
{

struct Units {
    const char *style;
    double length; // Angstrom
    double energy; // eV
    double mass;   // g/mol
};

// nullptr for styles without physical units ("lj") and for unknown ones.
const Units *find_units(const char *style);

} // namespace nnp_lammps

#endif
