"""The repulsion of a potential file against LAMMPS' own pair_style zbl, and atoms too close."""

import copy
import unittest

from harness import LammpsTest, data_file, flat, header, pair_style, potential_file, reference, \
    with_repulsion

INNER, OUTER = 1.5, 3.2
# LAMMPS' constant of Coulomb's law in units metal differs from CODATA 2018 by 3e-8.
RELATIVE = 1e-7


class RepulsionTest(LammpsTest):
    structure = reference("wide-binary", "dense")

    def compare(self, ranks):
        self.write("structure.data", data_file(self.structure))
        self.write("repulsive.nnp", with_repulsion("wide-binary", INNER, OUTER))
        own = self.evaluate(header(self.structure)
                            + "pair_style nnp\npair_coeff * * repulsive.nnp Li Au\n", ranks=ranks)
        self.assertRegex(self.output, "repulsion: zbl, inner 1.5 outer 3.2 Angstrom")
        stock = self.evaluate(header(self.structure) + """
pair_style hybrid/overlay nnp zbl %g %g
pair_coeff * * nnp %s Li Au
pair_coeff 1 1 zbl 3 3
pair_coeff 1 2 zbl 3 79
pair_coeff 2 2 zbl 79 79
""" % (INNER, OUTER, potential_file("wide-binary")), ranks=ranks)
        plain = self.evaluate_reference("wide-binary", "dense")
        scale = stock.energy - plain.energy
        self.assertGreater(scale, 0.1)
        self.assert_close("energy", own.energy, stock.energy, RELATIVE * scale)
        for what in ("energies", "forces", "stresses", "pressure"):
            a, b, c = (getattr(r, what) for r in (own, stock, plain))
            if isinstance(a[0], list):
                a, b, c = flat(a), flat(b), flat(c)
            scale = max(abs(x - y) for x, y in zip(b, c))
            self.assertGreater(scale, 0.0)
            self.assert_close(what, a, b, RELATIVE * scale)
        # Not of LAMMPS' two-body term, of which either atom has half there.
        total = [sum(row[k] for row in own.centroid_stresses) for k in range(6)]
        self.assert_close("centroid", total, [-p * own.volume for p in own.pressure],
                          1e-11 * max(abs(t) for t in total))

    def test_against_pair_zbl(self):
        for ranks in (1, 2):
            self.compare(ranks)

    def test_pairs(self):
        """Of which one has radii of its own: two of LAMMPS' styles."""
        self.write("structure.data", data_file(self.structure))
        self.write("repulsive.nnp", with_repulsion(
            "wide-binary", INNER, OUTER, ", pairs: [{elements: [Au, Li], inner: 1.0, outer: 2.9}]"))
        own = self.evaluate(header(self.structure)
                            + "pair_style nnp\npair_coeff * * repulsive.nnp Li Au\n", ranks=2)
        self.assertRegex(self.output, "repulsion: zbl, inner 1.5 outer 3.2 Angstrom, Au Li inner 1 "
                                      "outer 2.9 Angstrom")
        stock = self.evaluate(header(self.structure) + """
pair_style hybrid/overlay nnp zbl %g %g zbl 1.0 2.9
pair_coeff * * nnp %s Li Au
pair_coeff 1 1 zbl 1 3 3
pair_coeff 1 2 zbl 2 3 79
pair_coeff 2 2 zbl 1 79 79
""" % (INNER, OUTER, potential_file("wide-binary")))
        plain = self.evaluate_reference("wide-binary", "dense")
        for what in ("energy", "forces", "pressure"):
            a, b, c = (flat(getattr(r, what)) if what == "forces" else getattr(r, what)
                       for r in (own, stock, plain))
            a, b, c = ([x] if what == "energy" else x for x in (a, b, c))
            scale = max(abs(x - y) for x, y in zip(b, c))
            self.assertGreater(scale, 0.0)
            self.assert_close(what, a, b, RELATIVE * scale)

    def test_atoms_too_close(self):
        structure = copy.deepcopy(self.structure)
        structure.positions[7] = [x + d for x, d in zip(structure.positions[2], (0.05, 0.0, 0.0))]
        self.write("structure.data", data_file(structure))
        self.write("repulsive.nnp", with_repulsion("wide-binary", INNER, OUTER))
        for ranks in (1, 2):
            self.fail_with("pair nnp: step 0, rank [01]: atoms (3 and 8|8 and 3) are 0.05 Angstrom "
                           "apart, expected at least 0.1 .atom [38] is at", header(structure)
                           + "pair_style nnp\npair_coeff * * repulsive.nnp Li Au\nrun 0\n",
                           ranks=ranks)

    def test_ids_in_errors(self):
        """Not indices: IDs start from 1001."""
        structure = copy.deepcopy(self.structure)
        structure.positions[7] = structure.positions[2]
        head, rows = data_file(structure).split("Atoms # atomic\n\n")
        rows = ["%d %s" % (1000 + int(row.split()[0]), row.split(None, 1)[1])
                for row in rows.split("\n") if row]
        self.write("structure.data", head + "Atoms # atomic\n\n" + "\n".join(rows) + "\n")
        self.fail_with("atoms (1003 and 1008|1008 and 1003) are at the same place",
                       header(structure) + pair_style("wide-binary", ["Li", "Au"]) + "run 0\n")


if __name__ == "__main__":
    unittest.main()
