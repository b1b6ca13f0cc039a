"""Atoms of other kinds, and atoms that come, go and change between and within runs."""

import os
import re
import unittest

from harness import (PLUGIN, LammpsTest, data_file, flat, header, pair_style, reference)


def numbers(label, output):
    return [[float(w) for w in row.split()]
            for row in re.findall("^%s (.*)$" % label, output, re.M)]


class AtomsTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))
        self.style = pair_style("wide-binary", self.structure.elements())

    def start(self, before=""):
        return before + header(self.structure) + self.style

    def test_atom_styles(self):
        """charge has another column in data files, sphere a mass for each atom."""
        text = data_file(self.structure).split("Atoms # atomic")
        rows = [row.split() for row in text[1].split("\n") if row]
        for style, columns in (("charge", "0.5"), ("sphere", "2.6 7.9")):
            atoms = ["%s %s %s %s" % (i, t, columns, " ".join(x)) for i, t, *x in rows]
            self.write("structure.data", text[0] + "Atoms # %s\n\n" % style + "\n".join(atoms)
                       + "\n")
            commands = self.start("atom_style %s\n" % style)
            if style == "sphere":
                commands = "\n".join(l for l in commands.split("\n") if not l.startswith("mass"))
            results = self.evaluate(commands, ranks=2)
            self.assertNotIn("the mass of", self.output)
            self.assert_close("energy", results.energy, self.structure.energy, 1e-9)
            self.assert_close("forces", flat(results.forces), flat(self.structure.forces), 1e-8)

    def test_masses_not_set(self):
        """LAMMPS' own message."""
        text = "\n".join(l for l in self.start().split("\n") if not l.startswith("mass 2"))
        self.fail_with("masses are not set|Not all per-type masses are set", text + "\nfix nve all nve\nrun 1\n")

    def test_replicate(self):
        """Energies are extensive."""
        for ranks in (1, 3):
            results = self.evaluate(self.start() + "replicate 2 1 3\n", ranks=ranks)
            self.assert_close("energy", results.energy / 6, self.structure.energy, 1e-9)

    def test_changes_between_runs(self):
        """Atoms deleted, created and turned into others: the energy is that of a run that starts
        with them."""
        text = header(reference("wide-binary", "dense"))
        self.write("structure.data", data_file(reference("wide-binary", "dense")))
        show = 'run 0\nprint "ENERGY $(pe:%.17g) $(atoms)"\n'
        changes = ("delete_atoms group few compress no\n", "create_atoms 1 single 0.5 0.6 0.7\n",
                   "set type 2 type/fraction 1 0.5 4711\n",
                   "change_box all x final 0 11.0 xy final 0.7 remap units box\n"
                   "displace_atoms all random 0.1 0.1 0.1 17\n")
        for ranks in (1, 2):
            output = self.succeed(text + self.style + "group few id 3 5 7\n" + show + "".join(
                change + show + "write_data after%d.data\n" % k
                for k, change in enumerate(changes)), ranks=ranks)
            found = numbers("ENERGY", output)
            self.assertEqual([row[1] for row in found][:3], [found[0][1], found[0][1] - 3,
                                                           found[0][1] - 2])
            self.assertEqual(len(set(row[0] for row in found)), 5)
            for k in range(len(changes)):
                again = self.succeed(text.replace("structure.data", "after%d.data" % k)
                                     + self.style + show)
                self.assert_close("energy", numbers("ENERGY", again)[0][0], found[k + 1][0], 1e-7)

    def test_gcmc(self):
        """fix gcmc counts energies of the whole system, and leaves the energy of what is there;
        its overlap_cutoff keeps trial atoms away from others."""
        output = self.succeed(self.start() + """
replicate 2 2 2
group gas type 1
fix gas gas gcmc 1 20 20 1 4711 2000.0 -1.0 0.2 overlap_cutoff 1.5
run 5
print "TRIALS $(f_gas[3]) $(f_gas[4]) $(f_gas[5]) $(f_gas[6])"
unfix gas
run 0
print "ENERGY $(pe:%.17g)"
write_data after.data
""", ranks=2)
        self.assertIn("full_energy", output)
        trials = numbers("TRIALS", output)[0]
        self.assertGreater(min(trials[0], trials[2]), 0)
        self.assertGreater(trials[1] + trials[3], 0)
        again = self.succeed(header(self.structure).replace("structure.data", "after.data")
                             + self.style + 'run 0\nprint "ENERGY $(pe:%.17g)"\n')
        self.assert_close("energy", numbers("ENERGY", again)[0][0],
                          numbers("ENERGY", output)[0][0], 1e-7)

    def test_rerun(self):
        """Energies and forces of the structures of a dump are those of the run that wrote it."""
        run = """
thermo 2
thermo_style custom step pe
thermo_modify format float %.17g
"""
        output = self.succeed(self.start() + run + """
velocity all create 900 4711
fix nve all nve
dump all all custom 2 positions.dump id type x y z fx fy fz
dump_modify all sort id format float %.17g
run 6
""")
        table = r"^ +(\d+) +(-?\d+\.\d+) *$"
        expected = re.findall(table, output, re.M)
        self.assertEqual(len(expected), 4)
        for ranks in (1, 2):
            output = self.succeed(self.start() + run + """
dump all all custom 2 again.dump id type x y z fx fy fz
dump_modify all sort id format float %.17g
rerun positions.dump dump x y z box yes
""", ranks=ranks)
            again = re.findall(table, output, re.M)
            self.assertEqual([row[0] for row in again], [row[0] for row in expected])
            for a, b in zip(again, expected):
                self.assert_close("energy", float(a[1]), float(b[1]), 1e-9)
            forces = []
            for name in ("positions.dump", "again.dump"):
                with open(os.path.join(self.folder, name)) as stream:
                    forces.append([float(w) for line in stream if len(line.split()) == 8
                                   for w in line.split()[5:]])
            self.assert_close("forces", forces[1], forces[0], 1e-9)

    def test_style_given_again(self):
        """The second pair_style command changes keywords and keeps the potential."""
        energy = 'run 0\nprint "ENERGY $(pe:%.17g)"\n'
        output = self.succeed(self.start() + energy + "pair_style nnp precision mixed\n" + energy
                              + "pair_style nnp\n" + energy)
        a, b, c = (row[0] for row in numbers("ENERGY", output))
        self.assert_close("energy", c, a, 1e-13)
        self.assertGreater(abs(a - b), 1e-11)
        self.assert_close("energy", b, a, 1e-5)
        self.fail_with("'spread' needs a committee", self.start() + "pair_style nnp spread 10\n")

    def test_dynamics_of_the_cell(self):
        """Energy is conserved while the cell moves: fluctuations fall fourfold with half the
        step (of a box that is not tilted: LAMMPS' own fix conserves no energy in others)."""
        self.write("structure.data", data_file(reference("wide-binary", "cubic")))
        for fix in ("nph aniso 0.0 0.0 0.5", "nph tri 1e3 1e3 0.5"):
            spreads = []
            for step, n in ((0.002, 20), (0.001, 40)):
                output = self.succeed(self.start() + """
velocity all create 300 4711
fix cell all %s
thermo %d
thermo_style custom step econserve vol
thermo_modify format float %%.17g
timestep %g
run %d
""" % (fix, n // 20, step, n))
                rows = re.findall(r"^ +\d+ +(-?\d+\.\d+) +(\d+\.\d+) *$", output, re.M)
                energies = [float(e) for e, _ in rows]
                self.assertEqual(len(energies), 21)
                self.assertNotEqual(rows[0][1], rows[-1][1])
                spreads.append(max(energies) - min(energies))
            self.assertGreater(spreads[0] / spreads[1], 3.0, spreads)

    def test_deform(self):
        """The work of a slow shear is the change of the energy."""
        self.write("structure.data", data_file(reference("wide-binary", "cubic")))
        output = self.succeed(self.start() + """
fix shear all deform 1 xy erate 1.0 remap x
timestep 0.001
thermo 1
thermo_style custom step pe pxy vol
thermo_modify format float %.17g
run 40
""", ranks=2)
        rows = [[float(w) for w in row] for row in re.findall(
            r"^ +\d+ +(-?\d+\.\d+) +(-?\d+\.\d+) +(\d+\.\d+) *$", output, re.M)]
        self.assertEqual(len(rows), 41)
        rows = rows[1:]  # the box changes after the forces of a step
        work = sum(-0.5 * (a[1] + b[1]) * a[2] / 1.6021765e6 * 1.0 * 0.001
                   for a, b in zip(rows, rows[1:]))
        self.assertGreater(abs(work), 0.001)
        self.assert_close("work", work, rows[-1][0] - rows[0][0], 1e-3 * abs(work))

    def test_dynamical_matrix(self):
        """Of package PHONON: symmetric, without forces of a shift of all atoms."""
        self.succeed(self.start() + "dynamical_matrix all regular 1e-4 file matrix.txt\n", ranks=2)
        with open(os.path.join(self.folder, "matrix.txt")) as stream:
            values = [float(w) for w in stream.read().split()]
        n = 3 * len(self.structure.symbols)
        self.assertEqual(len(values), n * n)
        scale = max(map(abs, values))
        mass = [{"Li": 6.94, "Au": 196.97}[s] for s in self.structure.symbols for _ in range(3)]
        for i in range(n):
            for a in range(3):
                total = sum(values[i * n + j] * (mass[i] * mass[j]) ** 0.5
                            for j in range(a, n, 3))
                self.assertLess(abs(total), 1e-5 * scale * mass[i])
            for j in range(i):
                self.assertLess(abs(values[i * n + j] - values[j * n + i]), 1e-5 * scale)


if __name__ == "__main__":
    unittest.main()
