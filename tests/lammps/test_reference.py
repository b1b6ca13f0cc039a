"""Energies, forces and pressure against n2p2, on 1, 2 and 4 ranks.

n2p2's numbers and the positions are printed with twelve digits; so the tolerances are absolute.
"""

import unittest

from harness import BAR_PER_REFERENCE_STRESS, LammpsTest, flat, reference

ENERGY, FORCE, STRESS = 1e-9, 1e-8, 1e-9  # eV, eV/Angstrom, eV/Angstrom^3


class ReferenceTest(LammpsTest):
    def compare(self, potential):
        for name in ("cubic", "dense", "triclinic-small", "cluster"):
            structure = reference(potential, name)
            for ranks in (1, 2, 4):
                with self.subTest(structure=name, ranks=ranks):
                    results = self.evaluate_reference(potential, name, ranks)
                    self.check(results, structure)

    def check(self, results, structure):
        self.assert_close("energy", results.energy, structure.energy, ENERGY)
        self.assert_close("atomic energies", results.energies, structure.energies, ENERGY)
        self.assert_close("forces", flat(results.forces), flat(structure.forces), FORCE)
        stress = [-p / BAR_PER_REFERENCE_STRESS for p in results.pressure]
        self.assert_close("stress", stress, structure.stress, STRESS)

    def test_wide_binary(self):
        self.compare("wide-binary")

    def test_narrow_binary(self):
        self.compare("narrow-binary")

    def test_ternary_mixed(self):
        self.compare("ternary-mixed")


if __name__ == "__main__":
    unittest.main()
