// What LAMMPS' unit styles are in Angstrom, eV and g/mol: the units themselves from the page of
// LAMMPS' `units` command, constants from CODATA 2018 (E. Tiesinga et al., Rev. Mod. Phys. 93,
// 025010 (2021)).  LAMMPS' own constants are older and differ from the seventh digit on.

#include "units.h"

#include <cstring>

namespace nnp_lammps
{

static constexpr double electronvolt = 1.602176634e-19; // J, exact
static constexpr double avogadro = 6.02214076e23;       // 1/mol, exact
static constexpr double calorie = 4.184;                // J, thermochemical, exact
static constexpr double bohr = 0.529177210903;          // Angstrom
static constexpr double hartree = 27.211386245988;      // eV

static constexpr Units table[] = {
    {"metal", 1.0, 1.0, 1.0},
    {"real", 1.0, 1000.0 * calorie / avogadro / electronvolt, 1.0},
    {"si", 1e10, 1.0 / electronvolt, 1e3 * avogadro},       // m, J, kg
    {"cgs", 1e8, 1e-7 / electronvolt, avogadro},            // cm, erg, g
    {"electron", bohr, hartree, 1.0},                       // Bohr, Hartree, amu
    {"micro", 1e4, 1e-15 / electronvolt, 1e-12 * avogadro}, // um, pg um^2/us^2, pg
    {"nano", 1e1, 1e-21 / electronvolt, 1e-18 * avogadro},  // nm, ag nm^2/ns^2, ag
};

const Units *find_units(const char *style)
{
    for (const Units &units : table)
        if (std::strcmp(units.style, style) == 0)
            return &units;
    return nullptr;
}

} // namespace nnp_lammps
