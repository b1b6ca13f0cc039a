"""What LAMMPS can do to neighbor lists, ranks and ghosts: the same numbers, or a word."""

import os
import unittest

from harness import (PLUGIN, LammpsTest, data_file, has_style, header, pair_style,
                     potential_file, reference)

# Other orders of neighbors, other sums.
RELATIVE = 1e-10


class NeighborTest(LammpsTest):
    structure = reference("wide-binary", "cubic")

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))
        self.style = pair_style("wide-binary", self.structure.elements())

    def results(self, before="", after="", ranks=1):
        return self.evaluate(before + header(self.structure) + self.style + after, ranks=ranks)

    def test_lists(self):
        """However they are built."""
        expected = self.results()
        for after in ("neighbor 0.0 bin\n", "neighbor 3.0 bin\n", "neighbor 1.0 nsq\n",
                      "neighbor 1.0 multi\n", "neigh_modify every 1 delay 0 check no\n",
                      "neigh_modify one 4000 page 100000\n", "neigh_modify binsize 3.0\n"):
            with self.subTest(command=after):
                self.assert_same(self.results(after=after), expected, RELATIVE)

    def test_ranks(self):
        """However atoms and messages are distributed."""
        expected = self.results()
        for before, after, ranks in (
                ("processors 1 1 4\n", "", 4), ("processors 2 2 1\n", "", 4),
                ("newton on off\n", "", 2), ("", "neighbor 2.0 multi\ncomm_modify mode multi\n", 2),
                ("", "comm_modify cutoff 9.5\n", 2), ("", "comm_modify vel yes\n", 2),
                ("", "balance 1.0 shift xyz 5 1.05\n", 4),
                ("comm_style tiled\n", "balance 1.0 rcb\n", 3),
                ("atom_modify sort 0 0.0\n", "", 2), ("", "atom_modify sort 1 3.0\n", 2)):
            with self.subTest(before=before, after=after):
                self.assert_same(self.results(before, after, ranks), expected, RELATIVE)

    def test_balance_while_running(self):
        """The total energy is the same when atoms move between ranks in mid-run."""
        run = """
velocity all create 900 4711
fix nve all nve
timestep 0.002
%s
run 12
print "TOTAL $(etotal:%%.17g)"
"""
        totals = []
        for before, fix, ranks in (("", "", 1), ("", "fix b all balance 4 1.0 shift xy 5 1.01", 4),
                                   ("comm_style tiled\n", "fix b all balance 3 1.0 rcb", 3)):
            output = self.succeed(before + header(self.structure) + self.style + run % fix,
                                  ranks=ranks)
            totals.append(float(output.split("\nTOTAL ")[1].split()[0]))
        for total in totals[1:]:
            self.assert_close("energy", total, totals[0], 1e-9)

    def test_atoms_without_ids(self):
        energies = []
        for ids in ("yes", "no"):
            output = self.succeed("""
units metal
atom_modify id %s
plugin load %s
lattice fcc 4.2
region box block 0 2 0 2 0 2
create_box 2 box
create_atoms 2 box basis 1 1
displace_atoms all random 0.3 0.3 0.3 4711
mass 1 6.94
mass 2 196.97
%sneighbor 1.0 bin
run 0
print "ENERGY $(pe:%%.17g)"
""" % (ids, PLUGIN, self.style))
            energies.append(float(output.split("\nENERGY ")[1].split()[0]))
        self.assert_close("energy", energies[1], energies[0], 1e-9)

    def test_exclude(self):
        """Pairs that neigh_modify takes out of lists are not there for the symmetry functions of
        others either, of which a warning speaks; forces stay derivatives of the energy."""
        for exclude in ("type 1 1", "group light light", "group light heavy"):
            output = self.succeed(header(self.structure) + self.style + """
group light type 1
group heavy type 2
neigh_modify exclude %s
run 0
""" % exclude, ranks=2)
            self.assertEqual(output.count("pair nnp: neigh_modify exclude"), 1, output)
            self.assertRegex(" ".join(output.split()),
                             "WARNING: pair nnp: neigh_modify exclude takes neighbors out of "
                             "symmetry functions")
        self.assertNotIn("neigh_modify exclude", self.succeed(
            header(self.structure) + self.style + "run 0\n"))


BONDS = os.environ.get("NNP_BONDS", "")  # a plugin with atom_style bond


@unittest.skipUnless(BONDS or has_style("bond"), "there is no atom_style bond")
class BondTest(LammpsTest):
    """Molecules: special_bonds must not take neighbors away."""

    structure = reference("wide-binary", "triclinic-small")

    def bonded(self):
        """An element with two atoms, and their IDs."""
        for element in self.structure.elements():
            ids = [k + 1 for k, s in enumerate(self.structure.symbols) if s == element]
            if len(ids) > 1:
                return element, ids[:2]
        self.fail("no element has two atoms")

    def start(self, special, style=None):
        """With a bond between two atoms of an element."""
        text = data_file(self.structure).split("Atoms # atomic")
        rows = [row.split() for row in text[1].split("\n") if row]
        atoms = ["%s 1 %s %s" % (i, t, " ".join(x)) for i, t, *x in rows]
        head = text[0].replace("2 atom types", "2 atom types\n1 bonds\n1 bond types\n"
                               "4 extra bond per atom\n4 extra special per atom")
        self.write("structure.data", head + "Atoms # bond\n\n" + "\n".join(atoms)
                   + "\n\nBonds\n\n1 1 %d %d\n" % tuple(self.bonded()[1]))
        load = "plugin load %s\n" % BONDS if BONDS else ""
        return (load + "atom_style bond\n" + header(self.structure) + "bond_style zero nocoeff\n"
                "bond_coeff *\n" + special
                + (style or pair_style("wide-binary", self.structure.elements())))

    def test_refused(self):
        for ranks in (1, 2):
            self.fail_with("special_bonds with factors of zero .* give factors that are not zero",
                           self.start("") + "run 0\n", ranks=ranks)

    def test_factors(self):
        """Other factors than zero change nothing."""
        for factors in ("1 1 1", "0.5 0.5 0.5", "1e-50 1e-50 1e-50"):
            results = self.evaluate(self.start("special_bonds lj/coul %s\n" % factors), ranks=2)
            self.assert_close("energy", results.energy, self.structure.energy, 1e-9)

    def test_molecules_of_others(self):
        """Bonds of atoms that the style does not cover are none of its business."""
        names = ["NULL" if e == self.bonded()[0] else e for e in self.structure.elements()]
        self.assertNotEqual(names, ["NULL"] * len(names))
        self.succeed(self.start("", "pair_style hybrid nnp lj/cut 6.0\n"
                                "pair_coeff * * lj/cut 0.0 2.0\npair_coeff * * nnp %s %s\n"
                                % (potential_file("wide-binary"), " ".join(names))) + "run 0\n")


if __name__ == "__main__":
    unittest.main()
