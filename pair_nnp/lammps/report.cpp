#include "report.h"

#include "nnp/element.h"

#include <cstdio>

namespace nnp_lammps
{

std::string to_text(double value)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.6g", value);
    return text;
}

std::string element_names(const nnp_potential &potential)
{
    std::string names;
    for (int e = 0; e < potential.n_elements; e++)
        names +=
            std::string(e ? " " : "") + nnp_element_symbol(potential.elements[e].atomic_number);
    return names;
}

// "Li (66 symmetry functions), Au (66 symmetry functions)"
static std::string element_sizes(const nnp_potential &potential)
{
    std::string text;
    for (int e = 0; e < potential.n_elements; e++)
        text += std::string(e ? ", " : "") +
                nnp_element_symbol(potential.elements[e].atomic_number) + " (" +
                std::to_string(potential.descriptors[e].n_functions) + " symmetry functions)";
    return text;
}

// "zbl, inner 1 outer 2 Angstrom"
static std::string repulsion(const nnp_potential &potential, const std::string &length)
{
    if (potential.repulsion.type == NNP_REPULSION_NONE)
        return "none";
    return "zbl, inner " + to_text(potential.repulsion.inner) + " outer " +
           to_text(potential.repulsion.outer) + " " + length;
}

std::string describe(const nnp_evaluator &evaluator, const std::string &file)
{
    const nnp_potential &potential = *nnp_evaluator_potential(&evaluator);
    const std::string length = potential.length_unit == NNP_BOHR ? "Bohr" : "Angstrom";
    const std::string energy = potential.energy_unit == NNP_HARTREE ? "Hartree" : "eV";
    std::string text = "  file: " + file + "\n";
    if (potential.provenance.title)
        text += std::string("  title: ") + potential.provenance.title + "\n";
    text += "  elements: " + element_sizes(potential) + "\n";
    text += "  units: " + length + " and " + energy + "\n";
    text += "  cutoff: " + to_text(nnp_potential_cutoff(&potential)) + " " + length + "\n";
    text += "  committee members: " + std::to_string(potential.n_members) + "\n";
    text += "  repulsion: " + repulsion(potential, length) + "\n";
    text += std::string("  kernels: ") + nnp_evaluator_kernels(&evaluator) + "\n";
    text += "  threads per rank: " + std::to_string(nnp_evaluator_threads(&evaluator)) + "\n";
    return text;
}

} // namespace nnp_lammps
