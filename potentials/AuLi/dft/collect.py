#!/usr/bin/python3
"""collect.py OUT IN..: brings labelled structures into one file in the data set's form.

Structures are told apart by `sid`; the first one of a name is kept.  Frames are sorted by sid, so
that adding labels changes as little of the file as possible.  Needs Debian's python3-ase."""
import sys

import numpy as np
from ase.io import read


def frame_text(atoms):
    """One frame of extended XYZ; energy is the free energy, consistent with the forces."""
    info = atoms.info
    lattice = " ".join(f"{x:.10f}" for x in atoms.cell.array.ravel())
    stress = " ".join(f"{x:.9f}" for x in atoms.get_stress(voigt=False).ravel())
    head = (
        f'Lattice="{lattice}" Properties=species:S:1:pos:R:3:forces:R:3'
        f' energy={atoms.get_potential_energy():.8f} stress="{stress}" pbc="T T T"'
        f' config_type={info["config_type"]} sid={info["sid"]} kpts={info["kpts"]}'
        f' energy_sigma0={info["energy_sigma0"]:.8f}'
    )
    lines = [str(len(atoms)), head]
    for symbol, r, f in zip(atoms.symbols, atoms.positions, atoms.get_forces()):
        numbers = " ".join(f"{x:15.8f}" for x in r) + " " + " ".join(f"{x:13.7f}" for x in f)
        lines.append(f"{symbol:2s} {numbers}")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    frames = {}
    for path in sys.argv[2:]:
        for atoms in read(path, ":", format="extxyz"):
            if not np.isfinite(atoms.get_forces()).all():
                sys.exit(f"{path}: {atoms.info['sid']} has forces that are not finite")
            frames.setdefault(atoms.info["sid"], atoms)
    with open(sys.argv[1], "w") as out:
        for sid in sorted(frames):
            out.write(frame_text(frames[sid]))
    print(f"{len(frames)} structures, {sum(map(len, frames.values()))} atoms")


main()
