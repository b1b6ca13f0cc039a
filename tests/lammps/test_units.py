"""The same structure in every unit style, and a potential in Bohr and Hartree.

Expected values are converted with constants of CODATA 2018, stated here once more, so that an error
in the style's table shows."""

import unittest

from harness import LammpsTest, data_file, flat, header, pair_style, reference

E, NA, BOHR, HARTREE = 1.602176634e-19, 6.02214076e23, 0.529177210903, 27.211386245988

# unit of length in Angstrom, of energy in eV, of mass in g/mol
UNITS = {
    "metal": (1.0, 1.0, 1.0),
    "real": (1.0, 4184.0 / NA / E, 1.0),
    "si": (1e10, 1.0 / E, 1e3 * NA),
    "cgs": (1e8, 1e-7 / E, NA),
    "electron": (BOHR, HARTREE, 1.0),
    "micro": (1e4, 1e-15 / E, 1e-12 * NA),
    "nano": (10.0, 1e-21 / E, 1e-18 * NA),
}
# Positions are multiplied and divided by the unit of length once.
RELATIVE = 1e-11


class UnitsTest(LammpsTest):
    structure = reference("wide-binary", "cubic")

    def evaluate_in(self, units, potential):
        length, _, mass = UNITS[units]
        self.write("structure.data", data_file(self.structure, length=length))
        # LAMMPS' default skin is a millimetre in units si, and 1000 Angstrom in micro.
        skin = "neighbor %.17g bin\n" % (2.0 / length)
        return self.evaluate(header(self.structure, units, mass=mass) + skin
                             + pair_style(potential, self.structure.elements()))

    def compare(self, units, potential):
        length, energy, _ = UNITS[units]
        expected = self.evaluate_in("metal", "wide-binary")
        results = self.evaluate_in(units, potential)
        self.assertNotIn("the mass of atom type", self.output)
        for what, unit, a, b in (
                ("energy", energy, [results.energy], [expected.energy]),
                ("atomic energies", energy, results.energies, expected.energies),
                ("forces", energy / length, flat(results.forces), flat(expected.forces))):
            self.assert_close(units + " " + what, [x * unit for x in a], b,
                              RELATIVE * max(abs(x) for x in b))
        # stress/atom is pressure times volume in units that LAMMPS fixes with its own constants;
        # ratios of components do not depend on them.
        k = max(range(6), key=lambda i: abs(expected.pressure[i]))
        self.assert_close(units + " pressure",
                          [p / results.pressure[k] for p in results.pressure],
                          [p / expected.pressure[k] for p in expected.pressure], RELATIVE)

    def test_all_styles(self):
        for units in UNITS:
            with self.subTest(units=units):
                self.compare(units, "wide-binary")

    def test_potential_in_atomic_units(self):
        for units in ("metal", "electron"):
            with self.subTest(units=units):
                self.compare(units, "wide-binary-bohr")

    def test_log(self):
        self.write("structure.data", data_file(self.structure, length=BOHR))
        output = self.succeed(header(self.structure, "electron")
                              + pair_style("wide-binary", ["Li", "Au"]))
        self.assertRegex(output, r"cutoff: 7 Angstrom\n")
        self.assertRegex(output, r"cutoff in units electron: 13\.2281\n")
        self.assertRegex(output, r"elements: Li \(66 symmetry functions\), Au \(66")
        self.assertRegex(output, r"kernels: \w+")
        self.assertRegex(output, r"built for LAMMPS \d+ \w+ \d+")

    def test_mass_warning(self):
        self.write("structure.data", data_file(self.structure))
        text = header(self.structure) + pair_style("wide-binary", ["Li", "Au"])
        self.assertNotIn("mass of atom type", self.succeed(text + "run 0\n"))
        output = self.succeed(text + "mass 2 190\nrun 0\n")
        self.assertRegex(output, "the mass of atom type 2 is 190 g/mol, but Au has 196.967 g/mol")


if __name__ == "__main__":
    unittest.main()
