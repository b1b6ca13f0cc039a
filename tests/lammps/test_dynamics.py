"""Forces against differences of the energy, dynamics, several runs in one input."""

import os
import re
import unittest

from harness import DATA, PLUGIN, LammpsTest, data_file, flat, header, pair_style, reference

DYNAMICS = """
velocity all create 600.0 4711 mom yes rot no
fix nve all nve
thermo_style custom step etotal
thermo_modify format float %.17g
"""


class DynamicsTest(LammpsTest):
    def start(self, name="cubic", potential="wide-binary"):
        structure = reference(potential, name)
        self.write("structure.data", data_file(structure))
        return header(structure) + pair_style(potential, structure.elements())

    def difference_error(self, text, step):
        """Largest error of the forces that fix numdiff gets with this displacement."""
        self.succeed(text + """
fix numdiff all numdiff 1 %.17g
dump all all custom 1 numdiff.dump id fx fy fz f_numdiff[1] f_numdiff[2] f_numdiff[3]
dump_modify all sort id format float %%.17g
run 0
""" % step)
        with open(os.path.join(self.folder, "numdiff.dump")) as stream:
            rows = [[float(w) for w in line.split()] for line in stream.readlines()[9:]]
        return max(abs(row[1 + k] - row[4 + k]) for row in rows for k in range(3))

    def test_forces_are_derivatives(self):
        """The error of central differences falls fourfold when the step is halved."""
        for potential in ("wide-binary", "ternary-mixed"):
            text = self.start("triclinic-small", potential)
            errors = [self.difference_error(text, step) for step in (0.02, 0.01, 0.005)]
            for large, small in zip(errors, errors[1:]):
                self.assertGreater(large / small, 3.7, errors)
                self.assertLess(large / small, 4.3, errors)

    def total_energies(self, output):
        """Warnings may stand between the lines of the table."""
        table = output.split("TotEng")[-1].split("Loop time")[0]
        return [float(e) for e in re.findall(r"^ *\d+ +([-+.e\d]+) *$", table, re.M)]

    def test_energy_is_conserved(self):
        """The fluctuation of velocity Verlet falls fourfold with half the step."""
        spread = []
        for step, n in ((0.002, 50), (0.001, 100)):
            output = self.succeed(self.start("triclinic-small") + DYNAMICS
                                  + "timestep %g\nthermo %d\nrun %d\n" % (step, n // 50, n),
                                  ranks=2)
            energies = self.total_energies(output)
            spread.append(max(energies) - min(energies))
        self.assertGreater(spread[0] / spread[1], 3.0, spread)
        self.assertLess(spread[1], 1e-4 * 4, spread)  # eV, 4 atoms

    def test_ranks_give_the_same_trajectory(self):
        """Atoms change ranks and neighbor lists; rounding grows little in 20 steps."""
        finals = []
        for ranks in (1, 4):
            output = self.succeed(self.start() + DYNAMICS + """
neighbor 0.3 bin
neigh_modify every 1 delay 0 check yes
timestep 0.004
thermo 20
run 20
""", ranks=ranks)
            finals.append(self.total_energies(output)[-1])
            self.assertGreater(int(re.search(r"Neighbor list builds = (\d+)", output)[1]), 0)
        self.assert_close("energy", finals[1], finals[0], 1e-9)

    def test_runs_and_clear(self):
        text = self.start("triclinic-small")
        show = 'run 0\nprint "ENERGY $(pe:%.17g)"\n'
        again = "\n".join(l for l in text.split("\n") if not l.startswith("plugin"))
        output = self.succeed(text + show + "displace_atoms all move 1.0 2.0 3.0\n" + show
                              + "clear\n" + (text if self.clear_unloads(text) else again) + show)
        energies = [float(e) for e in re.findall(r"^ENERGY (.*)$", output, re.M)]
        expected = reference("wide-binary", "triclinic-small").energy
        self.assert_close("energies", energies, [expected] * 3, 1e-9)

    def clear_unloads(self, text):
        """Whether `clear` forgets plugins, as some versions of LAMMPS do."""
        code, _ = self.lammps(text + "clear\n" + text.replace("plugin load", "# "))
        return code != 0

    def test_ranks_without_atoms(self):
        structure = reference("ternary-mixed", "cluster")
        self.write("structure.data", data_file(structure))
        results = self.evaluate("processors 4 1 1\n" + header(structure)
                                + pair_style("ternary-mixed", structure.elements()), ranks=4)
        self.assert_close("energy", results.energy, structure.energy, 1e-9)
        self.assert_close("forces", flat(results.forces), flat(structure.forces), 1e-8)

    def test_extrapolations_are_reported_once(self):
        squeezed = self.start("triclinic-small") + "change_box all x scale 0.7 y scale 0.7 z scale 0.7 remap\n"
        for ranks in (1, 2):
            output = self.succeed(squeezed + "fix nve all nve\nrun 2\n", ranks=ranks)
            self.assertEqual(len(re.findall("symmetry functions were outside", output)), 1, output)
        counts = re.findall(r"pair nnp: ([\d.e+]+) symmetry functions were outside", output)
        self.assertGreater(float(counts[0]), 0)

    def test_no_report_without_extrapolations(self):
        self.assertNotIn("outside of their range", self.succeed(self.start("dense") + "run 0\n"))

    def test_minimize(self):
        output = self.succeed(self.start() + "minimize 0 1e-4 5 20\n", ranks=2)
        before, after = re.search(r"Energy initial, next-to-last, final =\s+(\S+)\s+\S+\s+(\S+)",
                                  output).groups()
        self.assertLess(float(after), float(before))

    def test_box_relax(self):
        """fix box/relax leads to the pressure asked for: with the cell free, each component of
        the stress, on one rank and on two, at the same energy; more pressure, less volume."""
        text = """
units metal
atom_modify map array
plugin load %s
lattice bcc 3.2
region cell prism 0 1 0 1 0 1 0.05 -0.03 0.02
create_box 2 cell
create_atoms 1 box basis 2 2
mass 1 196.97
mass 2 6.94
pair_style nnp
pair_coeff * * %s Au Li
thermo_style custom step pe vol pxx pyy pzz pxy pxz pyz
""" % (PLUGIN, os.path.join(DATA, "..", "..", "potentials", "AuLi", "AuLi.nnp"))
        relax = """
fix cell all box/relax %s vmax 0.005
minimize 0 1e-6 500 5000
unfix cell
minimize 0 1e-6 100 1000
fix cell all box/relax %s vmax 0.005
minimize 0 1e-6 500 5000
unfix cell
run 0
print "RELAXED $(pe:%%.17g) $(vol:%%.17g) $(pxx) $(pyy) $(pzz) $(pxy) $(pxz) $(pyz)"
"""
        cells = []
        for ranks, pressure in ((1, 0.0), (2, 0.0), (1, 50000.0)):
            keywords = "iso %g" % pressure if pressure else "tri 0"
            output = self.succeed(text + relax % (keywords, keywords), ranks=ranks)
            row = [float(w) for w in re.findall(r"^RELAXED (.*)$", output, re.M)[-1].split()]
            # bar: the strain that is left is below 1e-4 of a bulk modulus above 10 GPa
            self.assert_close("pressure", sum(row[2:5]) / 3.0, pressure, 10.0)
            if not pressure:
                self.assert_close("stress", row[2:], [0.0] * 6, 10.0)
            cells.append(row)
        self.assert_close("energy", cells[1][0], cells[0][0], 1e-5)
        self.assertLess(cells[2][1], 0.99 * cells[0][1])


if __name__ == "__main__":
    unittest.main()
