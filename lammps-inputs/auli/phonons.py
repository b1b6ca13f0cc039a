#!/usr/bin/python3
"""Phonons of crystals by finite displacements: bands, density of states, imaginary modes.

    phonons.py --potential AuLi.nnp --elements Au Li --out build/auli Au3Li_L12=relaxed.data=2

Each crystal is NAME=FILE=N or NAME=FILE=N=DISPLACEMENT: a data file of LAMMPS with its conventional
cell, relaxed, a supercell of N x N x N of them, and another displacement than that of all. Writes to the folder --out, for each,

  phonons_NAME.bands   distance along the path, frequencies (THz), imaginary ones negative
  phonons_NAME.ticks   distance and name of the special points on the path
  phonons_NAME.dos     frequency (THz), states per THz and primitive cell

and phonons.csv: lowest and highest frequency on path and mesh, share of imaginary modes on the
mesh. The method: A. Togo, I. Tanaka, Scr. Mater. 108, 1 (2015).

By DFT, in supercells as large as it can do:

    phonons.py --elements Au Li --cells cells.xyz --volumes eos.csv AuLi_B2=relaxed.data=2
    label_gpaw.py cells.xyz phonons.extxyz
    phonons.py --elements Au Li --labelled phonons.extxyz --potential AuLi.nnp --out build/auli \
        AuLi_B2=relaxed.data=3

The first one writes the displaced supercells, with the volumes of the fits "against" (DFT) of
nnp-eos where there is one; the last one compares the potential with their labels: in the same
supercells, of the sizes and volumes in that file, so that only the forces differ. It writes the
files above of NAME_dft and, by the potential, NAME_same, and phonons_dft.csv. Exits with 77 where
Debian's python3-phonopy or python3-ase is missing.
"""

import argparse
import csv
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "pair_nnp", "python"))
try:
    import numpy as np
    from ase import Atoms
    from ase.data import atomic_numbers
    from ase.io import read, write
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
    parser.add_argument("--potential", help="file of the potential")
    parser.add_argument("--elements", nargs="+", required=True, help="of the atom types 1, 2, ..")
    parser.add_argument("--out", default=".", help="existing folder for what is written")
    parser.add_argument("--displacement", type=float, default=0.05, help="Angstrom; 0.05")
    parser.add_argument("--mesh", type=int, default=20, help="q points along each axis")
    parser.add_argument("--cells", metavar="FILE", help="write displaced supercells to label, but "
                        "those that --labelled has")
    parser.add_argument("--volumes", metavar="CSV", help="of nnp-eos, for --cells")
    parser.add_argument("--labelled", metavar="FILE", help="such cells with forces (extended XYZ)")
    parser.add_argument("crystals", nargs="+", metavar="NAME=FILE=N[=D]")
    options = parser.parse_args()
    if not options.cells and not options.potential:
        parser.error("--potential FILE is missing")
    return options


def read_crystal(options, description):
    """Name, conventional cell, size of the supercell and displacement of NAME=FILE=N."""
    try:
        name, path, n, *displacement = description.split("=")
        numbers = dict(enumerate((atomic_numbers[e] for e in options.elements), start=1))
        crystal = read(path, format="lammps-data", style="atomic", Z_of_type=numbers)
        crystal.pbc = True
        return name, crystal, int(n), float(*displacement or [options.displacement])
    except (ValueError, TypeError, KeyError, OSError) as error:
        sys.exit("phonons.py: %s: NAME=FILE=N was expected, with a data file of LAMMPS: %s"
                 % (description, error))


def volume_of(crystal):
    return crystal.get_volume() / len(crystal)


def scaled(crystal, volume):
    """The crystal with another volume per atom."""
    other = crystal.copy()
    factor = (volume / volume_of(crystal)) ** (1 / 3)
    other.set_cell(factor * crystal.cell.array, scale_atoms=True)
    return other


def displaced(crystal, n, distance):
    """Phonopy's object and the supercells with the symmetry-distinct displacements."""
    unit = PhonopyAtoms(symbols=crystal.get_chemical_symbols(), cell=crystal.cell.array,
                        scaled_positions=crystal.get_scaled_positions())
    phonon = Phonopy(unit, n * np.eye(3, dtype=int), primitive_matrix="auto", symprec=1e-4)
    phonon.generate_displacements(distance=distance)
    return phonon, [Atoms(cell.symbols, cell=cell.cell, scaled_positions=cell.scaled_positions,
                          pbc=True) for cell in phonon.supercells_with_displacements]


def set_forces(phonon, forces):
    """Force constants from the forces in the displaced supercells."""
    phonon.forces = forces
    phonon.produce_force_constants()
    phonon.symmetrize_force_constants()


def potential_forces(options, cells):
    from nnp_ase import NNP

    calculator = NNP(options.potential)
    forces = []
    for cell in cells:
        cell.calc = calculator
        forces.append(cell.get_forces())
    return forces


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


def analyse(options, phonon, name):
    """Writes the files of a crystal; returns what the tables say, and the frequencies."""
    stem = os.path.join(options.out, "phonons_" + name)
    bands = write_bands(phonon, stem)
    mesh, imaginary = write_density(phonon, options.mesh, stem)
    return {"lowest": "%.4f" % min(bands.min(), mesh.min()),
            "highest": "%.4f" % max(bands.max(), mesh.max()),
            "imaginary": "%.5f" % imaginary}, mesh


def by_potential(options, description):
    name, crystal, n, distance = read_crystal(options, description)
    phonon, cells = displaced(crystal, n, distance)
    set_forces(phonon, potential_forces(options, cells))
    return [{"phase": name, "atoms": len(cells[0]), "displacements": len(cells),
             "distance": distance,
             **analyse(options, phonon, name)[0]}]


def labels_of(options, name):
    """Cells of a crystal in the file --labelled, by size of the supercell and displacement."""
    found = {}
    for cell in read(options.labelled, ":", format="extxyz") if options.labelled else ():
        match = re.fullmatch("phonon_%s_([0-9]+)_([0-9]+)" % re.escape(name),
                             cell.info.get("sid", ""))
        if match:
            found.setdefault(int(match.group(1)), {})[int(match.group(2))] = cell
    return found


def write_cells(options, description):
    """Appends the displaced supercells of a crystal to the file --cells."""
    name, crystal, n, distance = read_crystal(options, description)
    if options.volumes:
        with open(options.volumes) as stream:
            for row in csv.DictReader(stream):
                if row["curve"] == name and row["source"] == "against":
                    crystal = scaled(crystal, float(row["V0"]))
    labelled = labels_of(options, name).get(n, {})
    for cell in labelled.values():
        crystal = scaled(crystal, volume_of(cell))
    _, cells = displaced(crystal, n, distance)
    for i, cell in enumerate(cells, start=1):
        cell.info = {"config_type": "phonon", "sid": "phonon_%s_%d_%d" % (name, n, i)}
        if i not in labelled:
            write(options.cells, cell, format="extxyz", append=True)


def differences(cells, labels):
    """Vectors from the atoms of one list of cells to those of another, nearest images, but for a
    common shift."""
    for cell, label in zip(cells, labels):
        d = np.linalg.solve(cell.cell.array.T, (label.positions - cell.positions).T).T
        d = (d - np.round(d)) @ cell.cell.array
        yield d - d.mean(axis=0)


def beside_labels(options, description):
    """The row of a crystal, none where its labels are missing."""
    name, crystal, _, distance = read_crystal(options, description)
    found = labels_of(options, name)
    if not found:
        return []
    n = max(found)
    labels = [found[n][i] for i in sorted(found[n])]
    phonon, cells = displaced(scaled(crystal, volume_of(labels[0])), n, distance)
    if len(cells) != len(labels):
        print("phonons.py: %s: %d of %d supercells are labelled; left out"
              % (name, len(labels), len(cells)), file=sys.stderr)
        return []
    if max(np.abs(d).max() for d in differences(cells, labels)) > 1e-3:
        print("phonons.py: %s: the cells in %s are not those of this crystal with displacements "
              "of %g Angstrom; left out" % (name, options.labelled, distance), file=sys.stderr)
        return []
    row = {"phase": name, "atoms": len(cells[0]), "displacements": len(cells)}
    forces = {"same": potential_forces(options, cells), "dft": [c.get_forces() for c in labels]}
    frequencies = {}
    for source, title in (("same", "potential"), ("dft", "dft")):
        set_forces(phonon, forces[source])
        values, frequencies[source] = analyse(options, phonon, "%s_%s" % (name, source))
        row.update({"%s_%s" % (key, title): value for key, value in values.items()})
    row["rms_frequency"] = "%.4f" % np.sqrt(
        ((frequencies["same"] - frequencies["dft"]) ** 2).mean())
    row["rms_force"] = "%.5f" % np.sqrt(
        ((np.array(forces["same"]) - np.array(forces["dft"])) ** 2).mean())
    return [row]


def write_table(path, rows):
    with open(path + ".part", "w") as stream:
        writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(path + ".part", path)


def main():
    options = arguments()
    if options.cells:
        if os.path.exists(options.cells):
            sys.exit("phonons.py: %s is there already" % options.cells)
        for crystal in options.crystals:
            write_cells(options, crystal)
        return
    work, name = ((beside_labels, "phonons_dft.csv") if options.labelled else
                  (by_potential, "phonons.csv"))
    rows = [row for crystal in options.crystals for row in work(options, crystal)]
    if not rows:
        sys.exit("phonons.py: %s has no labels of these crystals" % options.labelled)
    write_table(os.path.join(options.out, name), rows)


if __name__ == "__main__":
    main()
