"""The ASE calculator against nnp-predict, its own derivatives, and LAMMPS.

usage: test_ase.py NNP_PREDICT FOLDER_OF_POTENTIALS TEST_DATA    (skips with 77 without ASE)

The environment may name LAMMPS and the plugin: NNP_LMP, NNP_PLUGIN.
"""

import contextlib
import copy
import io
import os
import pickle
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy as np
    from ase.calculators.calculator import CalculatorSetupError, PropertyNotImplementedError
    from ase.io import read, write
except ImportError as missing:
    print("skipped: %s" % missing)
    sys.exit(77)

PREDICT, POTENTIALS, DATA = sys.argv[1:4]
LMP, PLUGIN = os.environ.get("NNP_LMP", ""), os.environ.get("NNP_PLUGIN", "")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "pair_nnp", "python"))
from nnp_ase import NNP  # noqa: E402


def potential(name):
    return os.path.join(POTENTIALS, name + ".nnp")


def structures(name):
    folder = os.path.join(DATA, "n2p2", name)
    return [os.path.join(folder, file) for file in sorted(os.listdir(folder))
            if file.endswith(".extxyz")]


class AseTest(unittest.TestCase):
    def test_agrees_with_nnp_predict(self):
        for name in ("wide-binary", "narrow-binary", "ternary-mixed"):
            calculator = NNP(potential(name))
            self.assertGreaterEqual(len(structures(name)), 4)
            for path in structures(name):
                with tempfile.TemporaryDirectory() as folder:
                    out = os.path.join(folder, "out.extxyz")
                    subprocess.run([PREDICT, potential(name), path, "-o", out], check=True,
                                   stdout=subprocess.DEVNULL)
                    expected = read(out)
                atoms = read(path)
                atoms.calc = calculator
                self.assertAlmostEqual(atoms.get_potential_energy(),
                                       expected.get_potential_energy(), delta=1e-9)
                np.testing.assert_allclose(atoms.get_forces(), expected.get_forces(), atol=1e-10)
                self.assertAlmostEqual(atoms.get_potential_energies().sum(),
                                       atoms.get_potential_energy(), delta=1e-10)
                if atoms.pbc.all():
                    np.testing.assert_allclose(atoms.get_stress(), expected.get_stress(),
                                               atol=1e-11)

    @unittest.skipUnless(os.path.exists(LMP), "no LAMMPS")
    def test_agrees_with_lammps(self):
        atoms = read(structures("wide-binary")[0])
        symbols = sorted(set(atoms.get_chemical_symbols()))
        atoms.calc = NNP(potential("wide-binary"))
        with tempfile.TemporaryDirectory() as folder:
            write(os.path.join(folder, "data"), atoms, format="lammps-data", specorder=symbols)
            with open(os.path.join(folder, "in"), "w") as stream:
                stream.write("""units metal
                    read_data data
                    mass * 1
                    plugin load %s
                    pair_style nnp
                    pair_coeff * * %s %s
                    thermo_style custom pe pxx pyy pzz pxy pxz pyz
                    thermo_modify norm no format float %%.14g
                    run 0
                    variable pe equal pe
                    print "${pe}" file energy
                    write_dump all custom forces fx fy fz modify sort id format float %%.14g
                    """ % (PLUGIN, potential("wide-binary"), " ".join(symbols)))
            subprocess.run([LMP, "-in", "in", "-log", "none"], check=True, cwd=folder,
                           stdout=subprocess.DEVNULL)
            forces = np.loadtxt(os.path.join(folder, "forces"), skiprows=9)
            energy = float(open(os.path.join(folder, "energy")).read())
        np.testing.assert_allclose(atoms.get_forces(), forces, atol=1e-10)
        self.assertAlmostEqual(atoms.get_potential_energy(), energy, delta=1e-8)

    def test_derivatives(self):
        """Errors of central differences fall with the square of the step."""
        atoms = read(structures("wide-binary")[-1])
        for path in structures("wide-binary"):
            atoms = read(path)
            if atoms.pbc.all() and len(atoms) < 10:
                break
        self.assertTrue(atoms.pbc.all())
        atoms.calc = NNP(potential("wide-binary"))
        direction = np.random.default_rng(3).normal(size=atoms.positions.shape)
        strain = np.array([[0.3, 0.7, -0.2], [0.7, -0.5, 0.4], [-0.2, 0.4, 0.9]])
        slopes = {"forces": -(atoms.get_forces() * direction).sum(),
                  "stress": (atoms.get_stress(voigt=False) * strain).sum() * atoms.get_volume()}

        def energy(kind, step):
            moved = atoms.copy()
            moved.calc = atoms.calc
            if kind == "forces":
                moved.positions += step * direction
            else:
                moved.set_cell(atoms.cell.array @ (np.eye(3) + step * strain), scale_atoms=True)
            return moved.get_potential_energy()

        for kind, slope in slopes.items():
            errors = [abs((energy(kind, h) - energy(kind, -h)) / (2 * h) - slope)
                      for h in (0.02, 0.01)]
            self.assertGreater(errors[0] / errors[1], 3.5, (kind, slope, errors))
            self.assertLess(errors[0] / errors[1], 4.5, (kind, slope, errors))
            self.assertLess(errors[1], 0.02 * abs(slope) + 1e-3)

    def test_properties(self):
        calculator = NNP(potential("wide-binary"))
        self.assertEqual(sorted(calculator.elements), sorted(set(
            read(structures("wide-binary")[0]).get_chemical_symbols())))
        self.assertGreater(calculator.cutoff, 2.0)
        cluster = read(structures("wide-binary")[0])
        cluster.pbc = False
        cluster.calc = calculator
        cluster.get_forces()
        self.assertNotIn("stress", calculator.results)
        far = cluster[:1]
        far.calc = calculator
        np.testing.assert_array_equal(far.get_forces(), np.zeros((1, 3)))

    def test_examples(self):
        """The Python of LIBRARY.md runs as it stands: a relaxed crystal and its phonons."""
        try:
            import phonopy  # noqa: F401
        except ImportError as missing:
            self.skipTest(str(missing))
        with open(os.path.join(ROOT, "pair_nnp", "LIBRARY.md")) as stream:
            blocks = re.findall(r"```python\n(.*?)```", stream.read(), re.S)
        self.assertEqual(len(blocks), 2)
        names, output, here = {}, io.StringIO(), os.getcwd()
        try:
            os.chdir(ROOT)
            with contextlib.redirect_stdout(output):
                exec("\n".join(blocks), names)
        finally:
            os.chdir(here)
        self.assertLess(abs(names["atoms"].get_forces()).max(), 1e-3)
        at_gamma = names["phonon"].get_frequencies([0, 0, 0])
        np.testing.assert_allclose(sorted(abs(at_gamma))[:3], np.zeros(3), atol=0.05)
        self.assertGreater(names["phonon"].get_frequencies([0.5, 0, 0]).min(), 1.0)

    def test_slab(self):
        """Periodic in two directions: as with vacuum in the third, without a stress."""
        periodic = read(structures("wide-binary")[0])
        periodic.pbc = True
        periodic.center(vacuum=12.0, axis=2)
        slab = periodic.copy()
        slab.pbc = (True, True, False)
        periodic.calc = slab.calc = NNP(potential("wide-binary"))
        energy, forces = periodic.get_potential_energy(), periodic.get_forces()
        self.assertAlmostEqual(slab.get_potential_energy(), energy, delta=1e-9)
        np.testing.assert_allclose(slab.get_forces(), forces, atol=1e-10)
        with self.assertRaisesRegex(PropertyNotImplementedError, "periodic in all directions"):
            slab.get_stress()

    def test_copies(self):
        """A copy, and one through pickle, of any folder, lives when the first is gone."""
        atoms = read(structures("wide-binary")[0])
        calculator = NNP(os.path.relpath(potential("wide-binary")))
        atoms.calc = calculator
        energy = atoms.get_potential_energy()
        here = os.getcwd()
        try:
            os.chdir("/")
            copies = [copy.copy(calculator), copy.deepcopy(calculator),
                      pickle.loads(pickle.dumps(calculator))]
        finally:
            os.chdir(here)
        del calculator
        atoms.calc = None
        for other in copies:
            again = atoms.copy()
            again.calc = other
            again.positions += 1.0
            self.assertAlmostEqual(again.get_potential_energy(), energy, delta=1e-9)

    def test_errors(self):
        with self.assertRaisesRegex(CalculatorSetupError, "no/such.nnp"):
            NNP("no/such.nnp")
        atoms = read(structures("wide-binary")[0])
        atoms.calc = NNP(potential("wide-binary"))
        atoms.numbers[0] = 8
        with self.assertRaisesRegex(RuntimeError, "atom 1 is O, an element that the potential does "
                                                  "not cover"):
            atoms.get_potential_energy()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
