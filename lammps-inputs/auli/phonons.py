#!/usr/bin/python3
"""Phonons of crystals by finite displacements: bands, density of states, imaginary modes.

    phonons.py --potential AuLi.nnp --elements Au Li --out build/auli Au3Li_L12=relaxed.data=2

Each crystal is NAME=FILE=N: a data file of LAMMPS with its conventional cell, relaxed, and a
supercell of N x N x N of them. Writes to the folder --out, for each,

  phonons_NAME.bands   distance along the path, frequencies (THz), imaginary ones negative
  phonons_NAME.ticks   distance and name of the special points on the path
  phonons_NAME.dos     frequency (THz), states per THz and primitive cell

and phonons.csv: lowest and highest frequency on path and mesh, share of imaginary modes on the
mesh. With --calculator gpaw forces are GPAW's and names end in _gpaw. The method: A. Togo, I. Tanaka,
Scr. Mater. 108, 1 (2015). Exits with 77 where Debian's python3-phonopy or python3-ase is missing.
"""

import argparse
import csv
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "pair_nnp", "python"))
try:
    import numpy as np
    from ase import Atoms
    from ase.data import atomic_numbers
    from ase.io import read
    from phonopy import Phonopy
    from phonopy.structure.atoms import PhonopyAtoms
except ImportError as missing:
    print("phonons.py: skipped, %s" % missing, file=sys.stderr)
    sys.exit(77)

# Paths through the zones of the cubic lattices; others get ASE's.
PATHS = {"CUB": "GXMGR", "FCC": "GXWKGL", "BCC": "GHPGN"}
# Below it a mode is imaginary, and not an acoustic one at the zone centre (THz).
IMAGINARY = -0.02


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--potential", help="file of the potential, for --calculator nnp")
    parser.add_argument("--elements", nargs="+", required=True, help="of the atom types 1, 2, ..")
    parser.add_argument("--out", default=".", help="existing folder for what is written")
    parser.add_argument("--calculator", choices=("nnp", "gpaw"), default="nnp")
    parser.add_argument("--displacement", type=float, default=0.05, help="Angstrom")
    parser.add_argument("--mesh", type=int, default=20, help="q points along each axis")
    parser.add_argument("crystals", nargs="+", metavar="NAME=FILE=N")
    return parser.parse_args()


def gpaw(cell):
    """The settings of the data in potentials/AuLi, as its label_gpaw.py has them; the mesh of k
    points has even numbers, so that it misses the zone centre by half a step."""
    from gpaw import GPAW, PW, FermiDirac

    lengths = 2 * np.pi * np.linalg.norm(np.linalg.inv(cell).T, axis=1)
    size = [2 * max(1, int(np.ceil(b / 0.4 - 1e-2))) for b in lengths]
    return GPAW(mode=PW(400), xc="PBE", kpts={"size": size, "gamma": False},
                occupations=FermiDirac(0.1), convergence={"forces": 1e-3},
                symmetry={"point_group": False}, txt=None)


def force_calculator(options, cell):
    if options.calculator == "gpaw":
        return gpaw(cell)
    from nnp_ase import NNP

    return NNP(options.potential)


def force_constants(options, crystal, n):
    """Force constants from symmetry-distinct displacements in the supercell."""
    unit = PhonopyAtoms(symbols=crystal.get_chemical_symbols(), cell=crystal.cell.array,
                        scaled_positions=crystal.get_scaled_positions())
    phonon = Phonopy(unit, n * np.eye(3, dtype=int), primitive_matrix="auto", symprec=1e-4)
    phonon.generate_displacements(distance=options.displacement)
    calculator, forces = None, []
    for cell in phonon.supercells_with_displacements:
        atoms = Atoms(cell.symbols, cell=cell.cell, scaled_positions=cell.scaled_positions,
                      pbc=True)
        calculator = calculator or force_calculator(options, cell.cell)
        atoms.calc = calculator
        forces.append(atoms.get_forces())
    phonon.forces = forces
    phonon.produce_force_constants()
    phonon.symmetrize_force_constants()
    return phonon


def write_bands(phonon, stem):
    cell = Atoms(cell=phonon.primitive.cell, pbc=True).cell
    path = cell.bandpath(PATHS.get(cell.get_bravais_lattice(eps=1e-3).name), npoints=201)
    phonon.run_qpoints(path.kpts)
    frequencies = phonon.get_qpoints_dict()["frequencies"]
    x, ticks, names = path.get_linear_kpoint_axis()
    np.savetxt(stem + ".bands", np.column_stack((x, frequencies)), fmt="%.6f")
    with open(stem + ".ticks", "w") as stream:
        for tick, name in zip(ticks, names):
            print("%.6f %s" % (tick, "Γ" if name == "G" else name), file=stream)
    return frequencies


def write_density(phonon, mesh, stem):
    phonon.run_mesh([mesh] * 3)
    frequencies, weights = phonon.mesh.frequencies, phonon.mesh.weights
    phonon.run_total_dos(freq_pitch=0.02)
    dos = phonon.get_total_dos_dict()
    np.savetxt(stem + ".dos", np.column_stack((dos["frequency_points"], dos["total_dos"])),
               fmt="%.6f")
    imaginary = weights @ (frequencies < IMAGINARY).mean(axis=1) / weights.sum()
    return frequencies, imaginary


def run(options, description):
    try:
        name, path, n = description.split("=")
        numbers = dict(enumerate((atomic_numbers[e] for e in options.elements), start=1))
        crystal = read(path, format="lammps-data", style="atomic", Z_of_type=numbers)
        crystal.pbc = True
        n = int(n)
    except (ValueError, KeyError, OSError) as error:
        sys.exit("phonons.py: %s: NAME=FILE=N was expected, with a data file of LAMMPS: %s"
                 % (description, error))
    if options.calculator == "gpaw":
        name += "_gpaw"
    stem = os.path.join(options.out, "phonons_" + name)
    phonon = force_constants(options, crystal, n)
    bands = write_bands(phonon, stem)
    mesh, imaginary = write_density(phonon, options.mesh, stem)
    return {"phase": name, "atoms": len(phonon.supercell),
            "displacements": len(phonon.supercells_with_displacements),
            "lowest": "%.4f" % min(bands.min(), mesh.min()),
            "highest": "%.4f" % max(bands.max(), mesh.max()),
            "imaginary": "%.5f" % imaginary}


def main():
    options = arguments()
    rows = [run(options, crystal) for crystal in options.crystals]
    name = os.path.join(options.out, "phonons%s.csv" % (
        "_gpaw" if options.calculator == "gpaw" else ""))
    with open(name + ".part", "w") as stream:
        writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(name + ".part", name)


if __name__ == "__main__":
    main()
