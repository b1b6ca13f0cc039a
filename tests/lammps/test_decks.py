"""The decks of lammps-inputs/ with few atoms and steps: they run, and what they write is sane."""

import csv
import math
import os
import subprocess
import unittest

from harness import DATA, LMP, MPIEXEC, PLUGIN, LammpsTest, committee, lammps_version

DECKS = os.path.join(DATA, "..", "..", "lammps-inputs")
POTENTIAL = os.path.join(DATA, "..", "..", "potentials", "AuLi", "AuLi.nnp")
PHASES = ["Au_fcc", "Au_bcc", "Li_fcc", "Li_bcc", "Au3Li_L12", "AuLi3_L12", "AuLi_B2",
          "AuLi_L10", "AuLi3_D03"]
GPA_PER_EV_A3 = 160.21766
BAR_PER_GPA = 1e4


class DecksTest(LammpsTest):
    def deck(self, deck_name, ranks=1, **variables):
        """Output of a deck whose files go into the folder of the test."""
        command = [LMP, "-in", os.path.join(DECKS, deck_name + ".in"), "-log", "none"]
        if ranks > 1:
            command = [MPIEXEC, "--oversubscribe", "-n", str(ranks)] + command
        for key, value in dict(dict(decks=DECKS, plugin=PLUGIN, potential=POTENTIAL,
                                    out=self.folder), **variables).items():
            command += ["-var", key, str(value)]
        env = dict(os.environ, OMP_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1",
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        run = subprocess.run(command, cwd=self.folder, env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, universal_newlines=True, timeout=110)
        self.assertEqual(run.returncode, 0, run.stdout)
        return run.stdout

    def table(self, name):
        """Rows of a table, as mappings of numbers where they are some."""
        with open(os.path.join(self.folder, name)) as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            for key, value in row.items():
                if key != "phase":
                    row[key] = float(value)
                    self.assertTrue(math.isfinite(row[key]), (key, row))
        return rows

    def assert_file(self, name, text=""):
        with open(os.path.join(self.folder, name)) as stream:
            self.assertIn(text, stream.read())

    def check_relaxed(self, phase, ranks=1, **variables):
        self.deck("relax", ranks=ranks, phase=phase, nx=1, ny=1, nz=1, **variables)
        self.assert_file("relax_%s.data" % phase, "Atoms")
        row, = self.table("relax_%s.csv" % phase)
        self.assertLess(abs(row["pressure"] - float(variables.get("pressure", 0))), 1.0)
        return row

    def test_relax(self):
        """Each phase has its composition, and the minimum is where the data have it: lattice
        parameters within 2 % (those of the shipped potential are within 0.3 %)."""
        for phase, share, a in (("Au_fcc", 0, 4.176), ("Li_bcc", 1, 3.438),
                                ("Au3Li_L12", 0.25, 4.080), ("AuLi_B2", 0.5, 3.142),
                                ("AuLi3_D03", 0.75, 6.320)):
            row = self.check_relaxed(phase)
            self.assertEqual(row["Li"] / (row["Au"] + row["Li"]), share)
            self.assertLess(abs(row["a"] / a - 1.0), 0.02, row)

    def test_relax_cell(self):
        """From a wrong lattice constant on two ranks: one scale, three scales and six strains
        find the same cubic crystal; formation energies count from what is given."""
        cells = [self.check_relaxed("AuLi_B2", ranks=2, cell=cell, a=3.2, e_Au=-3.0, e_Li=-2.0)
                 for cell in ("iso", "aniso", "tri")]
        for row in cells:
            for key in ("a", "b", "c"):
                # 1 bar on a bulk modulus above 10 GPa is a strain of less than 1e-5.
                self.assertLess(abs(row[key] - cells[0]["a"]), 1e-4, row)
            self.assertLess(abs(row["alpha"] - 90.0), 0.01)
            self.assertAlmostEqual(row["formation"], row["energy"] + 2.5, places=5)

    def test_relax_pressure(self):
        loose, dense = (self.check_relaxed("Au3Li_L12", pressure=p) for p in (0, 50000))
        self.assertLess(dense["volume"], loose["volume"])

    def test_eos(self):
        """A minimum inside, and pressures that are minus the slope of the energy."""
        for ranks in (1, 2):
            self.deck("eos", ranks=ranks, phase="AuLi_B2", nx=1, ny=1, nz=1, points=25)
            rows = self.table("eos_AuLi_B2.csv")
            self.assertEqual(len(rows), 25)
            low = min(range(25), key=lambda i: rows[i]["energy"])
            self.assertTrue(0 < low < 24, rows)
            for before, row, after in zip(rows, rows[1:], rows[2:]):
                slope = ((after["energy"] - before["energy"])
                         / (after["volume"] - before["volume"]))
                # Differences over 3 % of the volume.
                self.assertLess(abs(row["pressure"] / BAR_PER_GPA + slope * GPA_PER_EV_A3),
                                0.5 + 0.05 * abs(row["pressure"]) / BAR_PER_GPA, row)

    def test_eos_of_all_phases(self):
        for phase in PHASES:
            self.deck("eos", phase=phase, nx=1, ny=1, nz=1, points=3)
            self.assertEqual(len(self.table("eos_%s.csv" % phase)), 3)

    def test_heat(self):
        for ranks in (1, 2):
            self.deck("heat", ranks=ranks, nx=3, ny=3, nz=3, T1=300, T2=900, steps=300,
                      equilibration=100, every=10, dump=100)
            rows = self.table("heat_AuLi_B2.csv")
            self.assertEqual(len(rows), 31)
            mean = lambda part: sum(row["temperature"] for row in part) / len(part)
            # 54 atoms fluctuate by 8 % around the ramp.
            self.assertGreater(mean(rows[-10:]), 1.3 * mean(rows[:10]))
            self.assertLess(max(row["temperature"] for row in rows), 1500)
            self.assert_file("heat_AuLi_B2.data", "Velocities")
            self.assert_file("heat_AuLi_B2.dump", "ITEM: ATOMS")

    def test_npt(self):
        for ranks, cell in ((1, "tri"), (2, "iso")):
            output = self.deck("npt", ranks=ranks, phase="Au3Li_L12", cell=cell, nx=2, ny=2,
                               nz=2, steps=400, every=20)
            self.assertIn("means of the second half", output)
            rows = self.table("npt_Au3Li_L12.csv")
            for row in rows:
                self.assertLess(abs(row["volume"] / rows[0]["volume"] - 1.0), 0.1, row)
            # 32 atoms fluctuate by 10 %, and their mean over 10 periods by less.
            later = [row["temperature"] for row in rows[len(rows) // 2:]]
            self.assertTrue(200 < sum(later) / len(later) < 400, rows)

    def test_nve(self):
        """No drift beyond what blocks of so few steps fluctuate by (1e-5 eV/atom)."""
        for ranks in (1, 2):
            self.deck("nve", ranks=ranks, nx=2, ny=2, nz=2, T=300, equilibration=100,
                      steps=1000)
            rows = self.table("nve_Au3Li_L12.csv")
            self.assertEqual(len(rows), 10)
            self.assertAlmostEqual(rows[-1]["time"], 1.0, places=3)
            self.assertLess(abs(rows[-1]["energy"] - rows[0]["energy"]), 1e-5, rows)

    def test_interface(self):
        for ranks in (1, 2):
            self.deck("interface", ranks=ranks, nx=2, ny=2, layers=4, steps=100, every=10,
                      dump=50, bins=8, profile=50)
            rows = self.table("interface.csv")
            self.assertEqual(len(rows), 11)
            with open(os.path.join(self.folder, "interface.dump")) as stream:
                frame = stream.read().split("ITEM: TIMESTEP\n")[1].split("\n")
            atoms = [[float(w) for w in line.split()] for line in frame[8:] if line]
            # Half of 2 x 4 layers of 8 atoms is Au, below; atomic energies add up.
            self.assertEqual([atom[1] for atom in atoms].count(1.0), 32)
            self.assertTrue(all((atom[4] < 2 * 4.18 - 0.1) == (atom[1] == 1) for atom in atoms))
            mean = sum(atom[5] for atom in atoms) / 64
            # The table has six decimals, the dump six digits.
            self.assertLess(abs(mean - rows[0]["energy"]), 1e-5)
            with open(os.path.join(self.folder, "interface.profile")) as stream:
                bins = [line.split() for line in stream if line.startswith("  ")]
            self.assertEqual(len(bins), 16)
            shares = [float(row[3]) for row in bins[:8]]
            self.assertEqual((shares[1], shares[6]), (1.0, 0.0))

    def test_interface_cell(self):
        """What may change of the cell does, and nothing else."""
        for cell, changes in (("z", (False, True)), ("free", (True, True)), ("fixed", (False, False))):
            self.deck("interface", cell=cell, nx=2, ny=2, layers=4, steps=60, every=20, name=cell)
            rows = self.table(cell + ".csv")
            for key, change in zip(("lx", "lz"), changes):
                self.assertEqual(rows[-1][key] != rows[0][key], change, (cell, key))

    def test_mixing(self):
        """From both sides of the composition of the crystal to the number wanted, relaxed to
        1 meV/A and 10 bar; nothing changes the choice of atoms but the seed."""
        energies = []
        for number2, seed in ((5, 3), (5, 3), (3, 1)):
            self.deck("mixing", phase="AuLi_B2", nx=2, ny=2, nz=1, number2=number2, seed=seed,
                      steps=100)
            with open(os.path.join(self.folder, "mixing_AuLi_B2_%d.csv" % number2)) as stream:
                row, = csv.DictReader(stream)
            self.assertEqual((row["group"], row["Au"], row["Li"]),
                             ("AuLi_B2", str(8 - number2), str(number2)))
            self.assertLess(float(row["force"]), 1e-3)
            self.assertLess(float(row["stress"]), 10.0)
            energies.append(row["energy"])
        self.assertEqual(energies[0], energies[1])

    def test_structure(self):
        """The crystals are what they are called, and pairs are at their distances."""
        for phase, kind, nearest in (("Au_fcc", "fcc", 4.18 / 2 ** 0.5),
                                     ("Li_bcc", "bcc", 3.44 * 3 ** 0.5 / 2)):
            self.deck("relax", phase=phase, nx=2, ny=2, nz=2)
            self.deck("structure", data=os.path.join(self.folder, "relax_%s.data" % phase),
                      name=phase)
            with open(os.path.join(self.folder, phase + ".cna.csv")) as stream:
                row, = csv.DictReader(stream)
            self.assertEqual((float(row[kind]), float(row["other"])), (1.0, 0.0), row)
            with open(os.path.join(self.folder, phase + ".rdf")) as stream:
                rows = [[float(w) for w in line.split()] for line in stream
                        if len(line.split()) == 6 and not line.startswith("#")]
            self.assertLess(abs(next(r[1] for r in rows if r[2] > 0) - nearest), 0.05)

    def test_settings(self):
        """No deck has a path of its own, and each says what it writes."""
        for name in os.listdir(DECKS):
            if name.endswith(".in") and name not in ("settings.in", "potential.in",
                                                     "phases.in"):
                with open(os.path.join(DECKS, name)) as stream:
                    text = stream.read()
                self.assertIn("# Writes to ${out}:", text, name)
                if name != "structure.in":
                    self.assertIn("include ${decks}/potential.in", text, name)

    def frames(self, name):
        """Steps, cells and symbols of what the deck collected; one list per structure."""
        with open(os.path.join(self.folder, name)) as stream:
            lines = stream.read().split("\n")[:-1]
        frames = []
        while lines:
            n = int(lines[0])
            self.assertRegex(lines[1], r"^Lattice=\{([-.e\d]+ ){8}[-.e\d]+\} "
                             r"Properties=species:S:1:pos:R:3 pbc=\{T T T\} step=\d+$")
            frames.append((int(lines[1].split("step=")[1]), [r.split() for r in lines[2:2 + n]]))
            lines = lines[2 + n:]
        return frames

    @unittest.skipUnless(lammps_version() >= 20220623, "this LAMMPS has no fix pair")
    def test_collect(self):
        """Structures above the limit are written, all of them and no others; far above, it ends."""
        small = dict(nx=1, ny=1, nz=2, T1=1000, T=2000, steps=60, every=10, committee="yes")
        with open(os.path.join(self.folder, "committee.nnp"), "w") as stream:
            stream.write(committee(POTENTIAL, (1.0, 1.001, 0.998))[0])
        small["potential"] = os.path.join(self.folder, "committee.nnp")
        self.deck("collect", low=1e3, high=1e4, **small)
        seen = self.table("collect_AuLi_B2.csv")
        self.assertEqual([row["step"] for row in seen], [10, 20, 30, 40, 50, 60])
        spreads = sorted(row["spread"] for row in seen)
        self.assertGreater(spreads[0], 0.0)
        low = 0.5 * (spreads[2] + spreads[3])
        self.deck("collect", ranks=2, low="%.8g" % low, high=1e4, **small)
        rows = self.table("collect_AuLi_B2.csv")
        frames = self.frames("collect_AuLi_B2.xyz")
        expected = [row["step"] for row in rows if row["spread"] > low or row["extrapolations"] > 0]
        self.assertEqual([step for step, _ in frames], expected)
        self.assertGreaterEqual(len(frames), 2)
        for _, atoms in frames:
            self.assertEqual(sorted(a[0] for a in atoms), ["Au", "Au", "Li", "Li"])
        self.deck("collect", low=0, high="%.8g" % (0.5 * spreads[0]), **small)
        self.assertEqual(len(self.table("collect_AuLi_B2.csv")), 1)
        self.assertEqual(len(self.frames("collect_AuLi_B2.xyz")), 1)
        self.deck("collect", low=0, high=1e4, most=2, **small)
        self.assertEqual(len(self.frames("collect_AuLi_B2.xyz")), 2)


if __name__ == "__main__":
    unittest.main()
