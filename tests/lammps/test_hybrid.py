"""As a sub-style of hybrid and hybrid/overlay, and with several types per element."""

import unittest

from harness import LammpsTest, data_file, header, pair_style, potential_file, reference

FILE = potential_file("ternary-mixed")
LJ = "lj/cut 6.0"


class HybridTest(LammpsTest):
    structure = reference("ternary-mixed", "dense")
    elements = ["Cu", "Ag", "Au"]

    def run_styles(self, style, coefficients, types=None, ranks=1, masses=None, extra=""):
        masses = masses or self.elements
        self.write("structure.data", data_file(self.structure, types, len(masses)))
        lines = ["pair_style " + style] + ["pair_coeff " + c for c in coefficients]
        return self.evaluate(header(self.structure, elements=masses) + "\n".join(lines) + "\n"
                             + extra, ranks=ranks)

    def plain(self, types=None):
        return self.run_styles("nnp", ["* * %s Cu Ag Au" % FILE], types)

    def types_without(self, *left_out):
        return [0 if s in left_out else 1 + self.elements.index(s)
                for s in self.structure.symbols]

    def assert_sum(self, total, parts, relative=1e-11):
        """Energies, pressures and what is per atom add up; parts may have fewer atoms."""
        self.assert_close("energy", total.energy, sum(p.energy for p in parts),
                          relative * abs(total.energy))
        self.assert_close("pressure", total.pressure,
                          [sum(p.pressure[k] for p in parts) for k in range(6)],
                          relative * max(abs(p) for p in total.pressure))
        for what in ("forces", "stresses", "centroid_stresses"):
            rows = getattr(total, what)
            expected = {i: [0.0] * len(rows[0]) for i in total.ids}
            for part in parts:
                for i, row in zip(part.ids, getattr(part, what)):
                    expected[i] = [a + b for a, b in zip(expected[i], row)]
            scale = max(abs(x) for row in rows for x in row)
            for i, row in zip(total.ids, rows):
                self.assert_close("%s of atom %d" % (what, i), row, expected[i],
                                  relative * scale)

    def test_overlay_with_zero(self):
        plain = self.plain()
        coefficients = ["* * nnp %s Cu Ag Au" % FILE, "* * zero"]
        for ranks in (1, 2):
            for extra in ("", "pair_modify pair zero nofdotr\n"):
                self.assert_same(self.run_styles("hybrid/overlay nnp zero 6.0", coefficients,
                                                 ranks=ranks, extra=extra), plain)

    def lj_of_gold(self):
        """Lennard-Jones between Au and all others only."""
        return self.run_styles(LJ, ["* * 0.0 2.5", "* 3 0.01 2.5"])

    def test_null_under_hybrid(self):
        total = self.run_styles("hybrid nnp " + LJ, ["* * nnp %s Cu Ag NULL" % FILE,
                                                     "* 3 lj/cut 0.01 2.5"], ranks=2)
        self.assert_sum(total, [self.plain(self.types_without("Au")), self.lj_of_gold()])

    def test_null_under_overlay(self):
        total = self.run_styles("hybrid/overlay nnp " + LJ,
                                ["* * lj/cut 0.01 2.5", "* * nnp %s Cu Ag NULL" % FILE])
        everywhere = self.run_styles(LJ, ["* * 0.01 2.5"])
        self.assert_sum(total, [self.plain(self.types_without("Au")), everywhere])

    def run_charged(self, lines):
        """With charges of +1 and -1 in turn, and Ewald sums."""
        text = data_file(self.structure).split("Atoms # atomic")
        rows = [row.split() for row in text[1].split("\n") if row]
        atoms = ["%s %s %d %s" % (i, t, 1 - 2 * (int(i) % 2), " ".join(x)) for i, t, *x in rows]
        self.write("structure.data", text[0] + "Atoms # charge\n\n" + "\n".join(atoms) + "\n")
        return self.evaluate("atom_style charge\n" + header(self.structure) + lines, ranks=2)

    def test_overlay_with_coul_long(self):
        """Energy and forces of neural network and Ewald sum; the style sees no charges."""
        kspace = "kspace_style ewald 1e-6\n"
        coul = self.run_charged("pair_style coul/long 6.0\npair_coeff * *\n" + kspace)
        both = self.run_charged("pair_style hybrid/overlay nnp coul/long 6.0\n"
                                "pair_coeff * * nnp %s Cu Ag Au\npair_coeff * * coul/long\n%s"
                                % (FILE, kspace))
        self.assert_sum(both, [self.plain(), coul])
        self.assertGreater(abs(coul.energy), 1.0)

    def test_scaled(self):
        """Parts of hybrid/scaled, which add up to the whole."""
        coefficients = ["* * nnp 1 %s Cu Ag Au" % FILE, "* * nnp 2 %s Cu Ag Au" % FILE]
        for ranks in (1, 2):
            self.assert_same(self.run_styles("hybrid/scaled 0.25 nnp 0.75 nnp", coefficients,
                                             ranks=ranks), self.plain())

    def test_two_instances(self):
        """Copper apart from silver and gold: two potentials in one process."""
        total = self.run_styles(
            "hybrid nnp nnp", ["* * nnp 1 %s Cu NULL NULL" % FILE,
                               "* * nnp 2 %s NULL Ag Au" % FILE, "1 2*3 none"])
        self.assert_sum(total, [self.plain(self.types_without("Ag", "Au")),
                                self.plain(self.types_without("Cu"))])

    def test_two_instances_overlaid(self):
        plain = self.plain()
        total = self.run_styles("hybrid/overlay nnp nnp", ["* * nnp 1 %s Cu Ag Au" % FILE,
                                                           "* * nnp 2 %s Cu Ag Au" % FILE])
        self.assert_sum(total, [plain, plain])

    def test_several_types_per_element(self):
        names = ["Au", "Cu", "Ag", "Cu", "Au", "Au"]
        counts = {}
        types = []
        for symbol in self.structure.symbols:  # in turn among the types of the element
            of_element = [i + 1 for i, name in enumerate(names) if name == symbol]
            k = counts[symbol] = counts.get(symbol, -1) + 1
            types.append(of_element[k % len(of_element)])
        results = self.run_styles("nnp", ["* * %s %s" % (FILE, " ".join(names))], types,
                                  masses=names, ranks=2)
        self.assert_same(results, self.plain())

    def test_elements_that_do_not_occur(self):
        """A potential of three elements for a structure of one, with one type."""
        one = self.types_without("Ag", "Au")
        expected = self.plain(one)
        self.write("structure.data", data_file(self.structure, one, 1))
        results = self.evaluate(header(self.structure, elements=["Cu"])
                                + pair_style("ternary-mixed", ["Cu"]))
        self.assert_same(results, expected)


if __name__ == "__main__":
    unittest.main()
