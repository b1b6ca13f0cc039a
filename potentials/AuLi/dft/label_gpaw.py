#!/usr/bin/python3
"""label_gpaw.py IN.xyz OUT.xyz [options]: PBE-PAW energies, forces and stresses by GPAW.

One structure at a time, appended to OUT and synced, so that an interrupted run goes on where it
stopped; structures are told apart by `sid`.  Failures go to OUT.failed and are not tried again
unless removed there.  Several workers: give each its own OUT, and the others' files to --skip.

energy         free energy F = E - TS of the smeared occupation, consistent with the forces, eV
energy_sigma0  extrapolated to zero smearing, (E + F) / 2, eV
forces eV/A; stress eV/A^3, positive = tension

The defaults are the settings of the whole Au-Li set; mixing others in spoils it.
Needs Debian's gpaw, gpaw-data and python3-ase."""
import argparse
import os
import re
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write
from gpaw import GPAW, PW, FermiDirac, Mixer

VALENCE = {"Au": 11, "Li": 1}  # electrons of the PAW set-ups


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--ecut", type=float, default=400.0, help="plane waves, eV")
    parser.add_argument("--spacing", type=float, default=0.20, help="of the k mesh, 1/Angstrom")
    parser.add_argument("--width", type=float, default=0.1, help="Fermi-Dirac smearing, eV")
    parser.add_argument("--skip", action="append", default=[], help="file of labelled structures")
    parser.add_argument("--reverse", action="store_true", help="work from the end of IN")
    parser.add_argument("--max-time", type=float, default=float("inf"), help="seconds")
    return parser.parse_args()


def mesh(atoms, spacing):
    """Points along each reciprocal vector b: |b| / spacing, rounded up.

    One-atom cells may do with a wider spacing, two-atom cells need a narrower one (measured)."""
    lengths = 2 * np.pi * np.linalg.norm(np.linalg.inv(atoms.cell.array).T, axis=1)
    spacing *= {1: 1.15, 2: 0.85}.get(len(atoms), 1.0)
    return tuple(max(1, int(np.ceil(b / spacing - 2e-2))) for b in lengths)


def shifted_points(n):
    """A mesh displaced by half a step along every axis, also for odd numbers.

    On face-centred lattices the leading sampling error cancels (fcc Au, 8x8x8: 0.2 meV against
    30 meV of the centred mesh)."""
    axes = [(np.arange(m) + 0.5) / m for m in n]
    points = np.array([(x, y, z) for x in axes[0] for y in axes[1] for z in axes[2]])
    return points - np.floor(points + 0.5 - 1e-9)


def calculator(atoms, points, options, careful):
    settings = {}
    if careful:
        settings["symmetry"] = {"point_group": False}
    elif all(symbol in VALENCE for symbol in atoms.symbols):
        occupied = (sum(VALENCE[symbol] for symbol in atoms.symbols) + 1) // 2
        settings["nbands"] = max(int(1.1 * occupied) + 4, occupied + 4 + len(atoms) // 4)
    return GPAW(
        mode=PW(options.ecut),
        xc="PBE",
        kpts=points,
        occupations=FermiDirac(options.width),
        mixer=Mixer(0.05, 5, 50) if careful else Mixer(0.35, 5, 10),
        maxiter=200 if careful else 80,
        convergence={"energy": 1e-5, "density": 1e-4, "eigenstates": 1e-7},
        txt=None,
        **settings,
    )


def label(atoms, options, careful):
    n = mesh(atoms, options.spacing)
    work = atoms.copy()
    work.info = {}
    work.calc = calculator(work, shifted_points(n), options, careful)
    result = atoms.copy()
    energy = work.get_potential_energy(force_consistent=True)
    result.info = dict(
        atoms.info,
        energy_sigma0=float(work.get_potential_energy()),
        kpts="x".join(map(str, n)),
    )
    result.calc = SinglePointCalculator(
        result, energy=float(energy), forces=work.get_forces(), stress=work.get_stress()
    )
    return result


def finished(path):
    """Names in a file of labelled structures."""
    if not os.path.exists(path):
        return set()
    with open(path) as lines:
        return set(re.findall(r"\bsid=(\S+)", lines.read()))


def drop_partial_frame(path):
    """Cuts off what a killed run left of its last frame."""
    if not os.path.exists(path):
        return
    with open(path) as stream:
        lines = stream.readlines()
    at = 0
    while at < len(lines):
        end = at + 2 + int(lines[at]) if lines[at].strip().isdigit() else len(lines) + 1
        if end > len(lines) or not lines[end - 1].endswith("\n"):
            break
        at = end
    if at < len(lines):
        with open(path + ".new", "w") as out:
            out.writelines(lines[:at])
        os.replace(path + ".new", path)


def append(path, atoms):
    with open(path, "a") as out:
        write(out, atoms, format="extxyz")
        out.flush()
        os.fsync(out.fileno())


def main():
    options = arguments()
    start = time.time()
    drop_partial_frame(options.output)
    structures = read(options.input, ":")
    if options.reverse:
        structures.reverse()
    failures = options.output + ".failed"
    for atoms in structures:
        sid = atoms.info["sid"]
        done = set().union(*map(finished, [options.output, *options.skip]))
        failed = open(failures).read().split() if os.path.exists(failures) else []
        if sid in done or sid in failed:
            continue
        if time.time() - start > options.max_time:
            break
        began = time.time()
        for careful in (False, True):
            try:
                append(options.output, label(atoms, options, careful))
                print(f"{sid} {atoms.symbols} {time.time() - began:.0f} s", flush=True)
                break
            except Exception as problem:  # of any kind: the next structure must go on
                print(f"{sid} failed: {type(problem).__name__}: {problem}", flush=True)
        else:
            with open(failures, "a") as out:
                out.write(sid + "\n")


main()
