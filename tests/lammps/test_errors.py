"""What is refused, and in which words."""

import copy
import os
import unittest

from harness import LammpsTest, data_file, header, pair_style, potential_file, reference


class ErrorsTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))

    def refuse(self, message, text, units="metal", before="", **options):
        self.fail_with(message, before + header(self.structure, units) + text, **options)

    def test_arguments_of_the_style(self):
        self.refuse("unknown argument 'fast', expected extrapolation, interval", "pair_style nnp fast\n")

        self.refuse("precision is 'single', expected double or mixed",
                    "pair_style nnp precision single\n")

    def test_newton_off(self):
        self.refuse("needs newton on", pair_style("wide-binary", ["Li", "Au"]) + "run 0\n",
                    before="newton off\n")

    def test_units_lj(self):
        self.refuse("physical units, which units lj do not; use metal",
                    pair_style("wide-binary", ["Li", "Au"]), units="lj")

    def test_element(self):
        for name in ("Sn", "Xx", "au"):
            self.refuse("'%s', given for atom type 2, is not among the elements of potential file "
                        "'.*wide-binary.nnp': Li Au" % name,
                        pair_style("wide-binary", ["Li", name]))

    def test_number_of_elements(self):
        self.refuse("for each of the 2 atom types after the file, but 1 are given",
                    pair_style("wide-binary", ["Li"]))
        # LAMMPS' own words, since the style takes one pair_coeff only.
        self.refuse(r"must start with \* \*|Incorrect args for pair coefficients",
                    "pair_style nnp\npair_coeff 1 1 %s Li Au\n" % potential_file("wide-binary"))

    def test_null_without_hybrid(self):
        self.refuse("NULL leaves atom type 2 without interactions",
                    pair_style("wide-binary", ["Li", "NULL"]))

    def test_missing_file(self):
        for ranks in (1, 2):
            self.refuse("cannot find a readable potential file 'no{such}.nnp'",
                        "pair_style nnp\npair_coeff * * no{such}.nnp Li Au\n", ranks=ranks)

    def test_malformed_file(self):
        with open(potential_file("wide-binary")) as stream:
            lines = stream.read().split("\n")
        at = next(i for i, line in enumerate(lines) if "units:" in line)
        lines[at] = "units: {length: furlong, energy: eV}"
        self.write("bad.nnp", "\n".join(lines))
        for ranks in (1, 2):
            self.refuse(r"bad\.nnp:%d:\d+: .*furlong" % (at + 1),
                        "pair_style nnp\npair_coeff * * bad.nnp Li Au\n", ranks=ranks)

    def test_empty_file(self):
        self.write("empty.nnp", "")
        self.refuse("empty.nnp", "pair_style nnp\npair_coeff * * empty.nnp Li Au\n")

    def test_atoms_at_the_same_place(self):
        structure = copy.deepcopy(self.structure)
        structure.positions[1] = structure.positions[0]
        self.write("structure.data", data_file(structure))
        for ranks in (1, 2):
            self.refuse("pair nnp: step 0, rank [01]: atoms (1 and 2|2 and 1) are at the same place",
                        pair_style("wide-binary", ["Li", "Au"]) + "run 0\n", ranks=ranks)

    def test_search_path(self):
        folder, name = os.path.split(potential_file("wide-binary"))
        self.succeed(header(self.structure) + "pair_style nnp\npair_coeff * * %s Li Au\nrun 0\n"
                     % name, environment={"LAMMPS_POTENTIALS": "/nowhere:" + folder})


if __name__ == "__main__":
    unittest.main()
