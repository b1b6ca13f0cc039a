"""Extrapolations and committees: what is said, what stops a run, and what other commands can read."""

import os
import re
import unittest

from harness import (LammpsTest, committee, data_file, flat, header, lammps_version, pair_style,
                     potential_file, reference)

HAS_FIX_PAIR = lammps_version() >= 20220623  # stable releases with fix pair
FILE = potential_file("wide-binary")
SQUEEZE = "change_box all x scale 0.7 y scale 0.7 z scale 0.7 remap\n"


class ExtrapolationTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def start(self, arguments="", squeeze=SQUEEZE):
        self.write("structure.data", data_file(self.structure))
        return (header(self.structure) + squeeze + "pair_style nnp %s\n" % arguments
                + "pair_coeff * * %s Li Au\nfix nve all nve\ntimestep 1e-6\n" % FILE)

    def count(self):
        """Functions and atoms that extrapolate in the squeezed structure, from one step."""
        output = self.fail_with("pair nnp: step 0", self.start("extrapolation stop") + "run 0\n")
        return [int(w) for w in re.search(
            r"(\d+) symmetry functions of (\d+) of (\d+) atoms are outside", output).groups()]

    def test_warn(self):
        """One line per interval, in which each step counts, and one of the run."""
        functions = self.count()[0]
        for ranks in (1, 2):
            output = self.succeed(self.start("interval 5") + "run 12\n", ranks=ranks)
            lines = re.findall(r"steps (\d+) to (\d+): (\d+) symmetry functions outside of their "
                               r"range in training, at most \d+ of one atom \(ID [1-4]\)", output)
            # Step 0 belongs to the first interval.
            self.assertEqual([tuple(map(int, l)) for l in lines],
                             [(0, 5, 6 * functions), (5, 10, 5 * functions)], output)
            self.assertRegex(output, r"%d symmetry functions were outside" % (13 * functions))

    def test_ignore(self):
        output = self.succeed(self.start("extrapolation ignore interval 1") + "run 3\n")
        self.assertNotIn("symmetry functions w", output)
        self.assertNotIn("outside", output)

    def test_no_line_without_extrapolations(self):
        self.assertNotIn("outside", self.succeed(self.start("interval 1", "") + "run 3\n"))

    def test_interval_of_zero(self):
        output = self.succeed(self.start("interval 0") + "run 3\n")
        self.assertEqual(output.count("outside of their range"), 1, output)

    def test_stop(self):
        for ranks in (1, 2):
            output = self.fail_with(
                r"pair nnp: step 0: \d+ symmetry functions of [1-4] of 4 atoms are outside of "
                r"their range in training, at most \d+ of one atom \(ID [1-4]\); the run ends, "
                r"since 'extrapolation stop' allows for 0 functions",
                self.start("extrapolation stop") + "run 3\n", ranks=ranks)
        self.succeed(self.start("extrapolation stop", "") + "run 3\n")

    def test_stop_beyond_limits(self):
        functions, atoms, _ = self.count()
        stop = "extrapolation stop "
        self.succeed(self.start(stop + "max_functions %d" % functions) + "run 1\n")
        self.fail_with("allows for %d functions" % (functions - 1),
                       self.start(stop + "max_functions %d" % (functions - 1)) + "run 1\n")
        self.fail_with("allows for a fraction of 0.1 of the atoms",
                       self.start(stop + "max_fraction 0.1") + "run 1\n")
        if atoms < 4:
            self.succeed(self.start(stop + "max_fraction 0.8") + "run 1\n")

    def test_refused(self):
        for arguments, message in (
                ("extrapolation panic", "extrapolation is 'panic', expected ignore, warn or stop"),
                ("extrapolation", "extrapolation is '', expected ignore, warn or stop"),
                ("interval -1", "interval is '-1', expected a number of steps >= 0"),
                ("interval 2.5", "interval is '2.5', expected a number of steps"),
                ("max_functions 3", "limits of 'extrapolation stop', which is not given"),
                ("extrapolation stop max_fraction 1", "max_fraction is '1', expected a number >= 0 "
                                                      "and < 1"),
                ("spread_file a", "spread_file needs 'spread N'"),
                ("spread 10 spread_file", "spread_file needs a value"),
                ("spread 10", "'spread' needs a committee, but .* has one network per element")):
            with self.subTest(arguments=arguments):
                self.fail_with(message, self.start(arguments))


class CommitteeTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")
    factors = (1.0, 1.02, 0.97)
    members = []  # results of each member alone, of all tests

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))
        self.text, members = committee(FILE, self.factors)
        self.write("committee.nnp", self.text)
        if not self.members:
            self.members.extend(self.alone(text) for text in members)

    def alone(self, text):
        self.write("member.nnp", text)
        return self.evaluate(header(self.structure)
                             + "pair_style nnp\npair_coeff * * member.nnp Li Au\n")

    def start(self, arguments=""):
        return (header(self.structure) + "pair_style nnp %s\n" % arguments
                + "pair_coeff * * committee.nnp Li Au\n")

    def spreads(self, rows):
        """Of vectors per member and atom: the root mean square distance from the mean."""
        n = len(rows)
        result = []
        for of_atom in zip(*rows):
            means = [sum(v) / n for v in zip(*of_atom)]
            result.append((sum((x - m) ** 2 for v in of_atom for x, m in zip(v, means)) / n) ** 0.5)
        return result

    def expected(self):
        return (self.spreads([[[e] for e in m.energies] for m in self.members]),
                self.spreads([m.forces for m in self.members]))

    def test_mean(self):
        results = self.evaluate(self.start())
        n = len(self.members)
        self.assert_close("energy", results.energy, sum(m.energy for m in self.members) / n, 1e-9)
        self.assert_close("forces", flat(results.forces),
                          [sum(f) / n for f in zip(*(flat(m.forces) for m in self.members))], 1e-9)

    def test_spread_in_log_and_file(self):
        energy, force = self.expected()
        values = [max(energy), sum(energy) / 4, max(force), sum(force) / 4]
        text = self.start("spread 2 spread_file spread.txt") + "fix nve all nve\nrun 4\n"
        for ranks in (1, 2):
            output = self.succeed(text, ranks=ranks)
            lines = re.findall(
                r"pair nnp: step (\d+): spread of the committee: energy max (\S+) \(atom (\d)\) "
                r"mean (\S+), force max (\S+) \(atom (\d)\) mean (\S+)\n", output)
            self.assertEqual([l[0] for l in lines], ["0", "2", "4"], output)
            with open(os.path.join(self.folder, "spread.txt")) as stream:
                rows = [line.split() for line in stream if not line.startswith("#")]
            self.assertEqual([row[0] for row in rows], ["0", "2", "4"])
            for of_line in (lines[0], rows[0]):
                of_line = list(of_line) if of_line is lines[0] else of_line
                numbers = [float(w) for w in of_line]
                self.assertEqual(int(numbers[2]), 1 + energy.index(max(energy)))
                self.assertEqual(int(numbers[5]), 1 + force.index(max(force)))
                actual = [numbers[1], numbers[3], numbers[4], numbers[6]]
                self.assert_close("spreads", actual, values, 1e-5 * max(values))
            self.assert_close("spreads in the file", [float(rows[0][k]) for k in (1, 3, 4, 6)],
                              values, 1e-8)

    def test_nothing_else_changes(self):
        """Not by a bit."""
        a, b = self.evaluate(self.start()), self.evaluate(self.start("spread 1"))
        self.assert_same(b, a, relative=0.0)

    def test_file_that_cannot_be_written(self):
        self.fail_with("cannot write the spread_file 'no/such/file': No such file",
                       self.start("spread 1 spread_file no/such/file") + "run 0\n", ranks=2)

    @unittest.skipUnless(HAS_FIX_PAIR, "this LAMMPS has no fix pair")
    def test_fix_pair(self):
        energy, force = self.expected()
        for ranks in (1, 2):
            self.succeed(self.start() + """
fix watch all pair 1 nnp extrapolation 1 energy_spread 1 force_spread 1
dump all all custom 1 watch.dump id f_watch[1] f_watch[2] f_watch[3]
dump_modify all sort id format float %.17g
run 0
""", ranks=ranks)
            with open(os.path.join(self.folder, "watch.dump")) as stream:
                rows = [[float(w) for w in line.split()] for line in stream.readlines()[9:]]
            self.assert_close("extrapolations", [row[1] for row in rows], [0.0] * 4, 0.0)
            self.assert_close("energy spreads", [row[2] for row in rows], energy, 1e-9)
            self.assert_close("force spreads", [row[3] for row in rows], force, 1e-8)

    @unittest.skipUnless(HAS_FIX_PAIR, "this LAMMPS has no fix pair")
    def test_other_commands(self):
        """compute reduce, fix halt and dump_modify thresh see what fix pair has, in runs and in
        minimizations, whose start does not ask for it."""
        watch = self.start() + """
fix watch all pair 1 nnp extrapolation 1 energy_spread 1 force_spread 1
compute worst all reduce max f_watch[3]
compute sum all reduce sum f_watch[1]
thermo_style custom step pe c_worst c_sum
fix nve all nve
timestep 1e-6
thermo 1
"""
        worst = max(self.expected()[1])
        output = self.succeed(watch + 'run 1\nprint "WORST $(c_worst:%.17g)"\n')
        self.assert_close("worst", float(re.search("^WORST (.*)$", output, re.M)[1]), worst, 1e-3)
        output = self.succeed(watch + "variable worst equal c_worst\nfix halt all halt 1 v_worst > "
                              "%g error continue\nrun 5\n" % (0.5 * worst))
        self.assertRegex(output, r"Fix halt condition for fix-id halt met on step 1 ")
        self.succeed(watch + "dump uncertain all custom 1 uncertain.dump id f_watch[3]\n"
                     "dump_modify uncertain thresh f_watch[3] > %g\nrun 0\n" % (0.999 * worst))
        with open(os.path.join(self.folder, "uncertain.dump")) as stream:
            self.assertEqual(len(stream.readlines()), 9 + 1)
        output = self.succeed(watch.replace("fix nve", "# ") + SQUEEZE + "minimize 0 1e-4 2 10\n")
        step = re.search(r"^ +0 +\S+ +(\S+) +(\S+)", output, re.M)
        self.assertGreater(float(step[1]), 0.0)
        self.assertGreater(float(step[2]), 0.0)

    @unittest.skipUnless(HAS_FIX_PAIR, "this LAMMPS has no fix pair")
    def test_fix_pair_under_hybrid(self):
        self.succeed(header(self.structure) + """
pair_style hybrid/overlay zero 6.0 nnp
pair_coeff * * nnp committee.nnp Li Au
pair_coeff * * zero
fix watch all pair 1 nnp force_spread 1
dump all all custom 1 watch.dump id f_watch
dump_modify all sort id format float %.17g
run 0
""", ranks=2)
        with open(os.path.join(self.folder, "watch.dump")) as stream:
            rows = [float(line.split()[1]) for line in stream.readlines()[9:]]
        self.assert_close("force spreads", rows, self.expected()[1], 1e-8)

    @unittest.skipUnless(HAS_FIX_PAIR, "this LAMMPS has no fix pair")
    def test_fix_pair_refused(self):
        single = header(self.structure) + pair_style("wide-binary", ["Li", "Au"])
        self.fail_with("force_spread needs a committee, but potential file .* one network",
                       single + "fix watch all pair 1 nnp force_spread 1\n")
        self.fail_with("cannot extract", single + "fix watch all pair 1 nnp nonsense 1\n")
        self.succeed(single + "fix watch all pair 1 nnp extrapolation 1\nrun 1\n")


if __name__ == "__main__":
    unittest.main()
