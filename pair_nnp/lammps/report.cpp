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

// "zbl, inner 1 outer 2 Angstrom, Au Au inner 1.2 outer 2.4 Angstrom"
static std::string repulsion(const nnp_potential &potential, const std::string &length)
{
    const nnp_repulsion &all = potential.repulsion;
    const auto radii = [&length](double inner, double outer) {
        return "inner " + to_text(inner) + " outer " + to_text(outer) + " " + length;
    };
    std::string text = nnp_repulsion_name(all.type);
    if (all.outer > 0.0)
        text += ", " + radii(all.inner, all.outer);
    for (int p = 0; p < all.n_pairs; p++) {
        const nnp_repulsion_pair &pair = all.pairs[p];
        text += std::string(", ") + nnp_element_symbol(pair.atomic_numbers[0]) + " " +
                nnp_element_symbol(pair.atomic_numbers[1]) + " " +
                radii(pair.inner, pair.outer);
    }
    return text;
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
