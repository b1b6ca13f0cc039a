"""The crystals of lammps-inputs/phases.in, and the study in lammps-inputs/auli in its small size."""

import csv
import glob
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from harness import LammpsTest
from test_decks import DECKS, POTENTIAL

BUILD = os.environ["NNP_BUILD"]
os.environ.setdefault("NNP_LIBRARY", os.path.join(BUILD, "lib", "libnnp.so"))
sys.path.insert(0, os.path.join(DECKS, "..", "pair_nnp", "python"))
STUDY = os.path.join(DECKS, "auli", "run")

# Composition of a cell, space group, shortest distance in Angstrom (of what is between 2.4 and
# 3.2 in solids of these elements).
CRYSTALS = {
    "Au_fcc": (4, 0, 225), "Au_bcc": (2, 0, 229), "Li_fcc": (0, 4, 225), "Li_bcc": (0, 2, 229),
    "Au3Li_L12": (3, 1, 221), "AuLi3_L12": (1, 3, 221), "AuLi_B2": (1, 1, 221),
    "AuLi_L10": (2, 2, 123), "AuLi3_D03": (4, 12, 225), "AuLi3_B1": (2, 6, 123),
    "Au4Li15": (16, 60, 220),
    "Au2Li_C11b": (4, 2, 139), "AuLi2_C11b": (2, 4, 139),
    "Au2Li_MoPt2": (4, 2, 71), "AuLi2_MoPt2": (2, 4, 71),
    "Au2Li_C32": (4, 2, 191), "AuLi2_C32": (2, 4, 191),
    "Au2Li_C37": (8, 4, 62), "AuLi2_C37": (4, 8, 62),
    "Au5Li3_Pd5Ti3": (5, 3, 123), "Au3Li5_Pd5Ti3": (3, 5, 123),
    "Au5Li3_L10": (5, 3, 123), "Au3Li5_L10": (3, 5, 123),
    "Au5Li3_B2": (10, 6, 229), "Au3Li5_B2": (6, 10, 229),
    "Au2Li3_Al3Os2": (4, 6, 139), "Au2Li3_rows": (4, 6, 71), "Au2Li3_Ga3Ti2": (4, 6, 83),
}
# Supercells of the published study: phase, cells, atoms of Au and Li.
SUPERCELLS = (("Au3Li_L12", (2, 2, 2), (24, 8)), ("AuLi_B2", (3, 3, 3), (27, 27)),
              ("AuLi3_D03", (2, 2, 2), (32, 96)), ("AuLi_bcc_layers", (2, 2, 12), (48, 48)),
              ("AuLi_fcc_layers", (2, 2, 10), (80, 80)), ("Li_fcc_Au", (2, 2, 2), (1, 31)),
              ("Li_bcc_Au", (3, 3, 3), (1, 53)), ("Li_bcc_Au", (4, 4, 4), (1, 127)),
              ("Au_fcc_Li", (2, 2, 2), (31, 1)))
# What phases.in sets, or takes.
VARIABLES = ("phase", "nx", "ny", "nz", "a", "types", "majority", "minority", "half", "substitute")


class PhasesTest(LammpsTest):
    """One LAMMPS writes all crystals; ASE and spglib look at them."""

    def crystals(self, cells):
        """Atoms of phase, cells for each of a list, read from data files."""
        from ase.io import read

        text = ["variable decks index " + DECKS]
        for i, (phase, n) in enumerate(cells):
            text += ["clear"] + ["variable %s delete" % name for name in VARIABLES]
            text += ["include ${decks}/settings.in", "variable phase index " + phase,
                     "variable nx index %d\nvariable ny index %d\nvariable nz index %d" % n,
                     "include ${phases}", "mass * 1", "pair_style zero 3.0", "pair_coeff * *",
                     "write_data crystal%d.data nocoeff" % i]
        self.succeed("\n".join(text) + "\n")
        return [read(os.path.join(self.folder, "crystal%d.data" % i), format="lammps-data",
                     style="atomic", Z_of_type={1: 79, 2: 3}) for i in range(len(cells))]

    def count(self, atoms):
        symbols = atoms.get_chemical_symbols()
        return symbols.count("Au"), symbols.count("Li")

    def distance(self, atoms):
        from ase.neighborlist import neighbor_list

        return neighbor_list("d", atoms, 4.0).min()

    def setUp(self):
        super().setUp()
        try:
            import ase  # noqa: F401
        except ImportError:
            self.skipTest("needs Debian's python3-ase")

    def test_crystals(self):
        """Compositions, distances, and space groups."""
        try:
            import spglib
        except ImportError:
            spglib = None
        crystals = self.crystals([(phase, (1, 1, 1)) for phase in CRYSTALS])
        for (phase, (n_au, n_li, group)), atoms in zip(CRYSTALS.items(), crystals):
            self.assertEqual(self.count(atoms), (n_au, n_li), phase)
            self.assertTrue(2.4 < self.distance(atoms) < 3.2, (phase, self.distance(atoms)))
            if spglib:
                found = spglib.get_spacegroup((atoms.cell.array, atoms.get_scaled_positions(),
                                               atoms.numbers), symprec=1e-3)
                self.assertIn("(%d)" % group, found, phase)

    def test_supercells(self):
        cells = [(phase, n) for phase, n, _ in SUPERCELLS]
        for (phase, n, count), atoms in zip(SUPERCELLS, self.crystals(cells)):
            self.assertEqual(self.count(atoms), count, (phase, n))
            if phase.endswith("layers"):
                # Au is below Li, and there is as much of it.
                z = {s: atoms.positions[[a == s for a in atoms.symbols], 2] for s in ("Au", "Li")}
                self.assertLess(z["Au"].max(), z["Li"].min())


# A study of another alloy, as lammps-inputs/README.md tells to make one, with few crystals.
OTHER = """
alloy="Cu-Mg"
element1=Cu element2=Mg
mass1=63.546 mass2=24.305
pure="Cu_fcc Mg_bcc"
dft='' labels=''
ordered="Cu_fcc:1:1:1 Mg_bcc:1:1:1 CuMg_B2:1:1:1"
reported='' layers='' dilute="Mg_bcc_Cu:2:2:2"
curves="Cu_fcc CuMg_B2" points=9
phonons="CuMg_B2:2" displacement=0.05 mesh=4
label_atoms=2 label_above=1
phonon_cells="CuMg_B2:2"
bases="CuMg_B2:2:1:1:4:2" mixing_steps=20
interface_a=4.18 interfaces="1:300:40" interface_layers=4
interface_frames=10 interface_times="0 0.01 0.02 0.04"
"""


class StudyTest(LammpsTest):
    """The small size of the study, whole."""

    def environment(self, potential):
        return dict(os.environ, NNP_BUILD=BUILD, NNP_OUTPUT=os.path.join(self.folder, "study"),
                    NNP_POTENTIAL=potential, NNP_LABELS=os.path.join(self.folder, "labels"),
                    NNP_JOBS="2", OMP_NUM_THREADS="1",
                    OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

    def study(self, *arguments, potential=POTENTIAL):
        run = subprocess.run([STUDY, *arguments], env=self.environment(potential),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             universal_newlines=True, timeout=560)
        return run.returncode, run.stdout

    def rows(self, name):
        with open(os.path.join(self.folder, "study", name)) as stream:
            return list(csv.DictReader(stream))

    def test_quick(self):
        """All parts, in one call; a second one does nothing anew, and one after a loss only
        what was lost; tables hold what must come out whatever the potential."""
        status, output = self.study("quick")
        self.assertEqual(status, 0, output)
        self.assertNotIn("relax_", output)
        crystals = {row["phase"]: row for row in self.rows("phases.csv")}
        self.assertGreaterEqual(len(crystals), 33)
        self.assertEqual(float(crystals["Au_fcc"]["formation"]), 0.0)
        self.assertLess(float(crystals["AuLi_B2"]["formation"]), -0.4)
        hull = self.rows("hull.csv")
        self.assertEqual(len(hull), len(crystals) + len(self.rows("mixing.csv")))
        self.assertTrue(all(float(row["above_hull"]) >= -1e-9 for row in hull))
        # What mixing starts from, unchanged, is the crystal itself or something lower.
        start = [row for row in hull if row["phase"] == "mixing_Au3Li_L12_2"][0]
        self.assertLess(float(start["energy"]), float(crystals["Au3Li_L12"]["energy"]) + 1e-5)
        fits = {(row["curve"], row["source"]): float(row["V0"]) for row in self.rows("eos.csv")}
        self.assertLess(abs(fits["AuLi_B2", "curves"] / fits["AuLi_B2", "against"] - 1.0), 0.02)
        self.assertEqual(self.rows("structure.csv")[0].keys(),
                         {"structure": 0, "fcc": 0, "hcp": 0, "bcc": 0, "other": 0}.keys())
        self.check_reported(hull)
        interface = self.rows("alloying.csv")[0]
        self.assertEqual((interface["atoms"], interface["ps"]), ("128", "3"))
        self.assertTrue(0.0 <= float(interface["mixed_end"]) < 0.5)
        published = {row["quantity"]: row["here"] for row in self.rows("published.csv")}
        self.assertLess(float(published["bulk modulus: largest difference from DFT (%)"]), 20.0)
        page = self.page()
        for name in ("<h1>Au-Li</h1>", "Crystals", "Mixing energies", "phases.csv", "hull.csv", "published.csv"):
            self.assertIn(name, page)
        if shutil.which("gnuplot"):
            for name in ("energy_volume", "hull", "rdf", "alloying_2_500_free"):
                self.assertIn('src="%s.' % name, page)
        if os.path.exists(os.path.join(self.folder, "study", "phonons.csv")):
            phonons = {row["phase"]: row for row in self.rows("phonons.csv")}
            # Acoustic modes are zero at the zone centre, so nothing stable is above it.
            self.assertLess(abs(float(phonons["Au_fcc"]["lowest"])), 0.1)
            self.assertTrue(3.0 < float(phonons["Au_fcc"]["highest"]) < 6.0)
        else:
            self.assertIn("left out: phonons.py", output)

        status, output = self.study("quick")
        self.assertEqual(status, 0, output)
        self.assertNotIn("runs of LAMMPS", output)
        os.remove(os.path.join(self.folder, "study", "done", "mixing"))
        os.remove(os.path.join(self.folder, "study", "md", "mixing_AuLi_B2_4.csv"))
        status, output = self.study("quick", "mixing")
        self.assertEqual(status, 0, output)
        self.assertIn("  1 runs of LAMMPS", output)
        if os.path.exists(os.path.join(self.folder, "study", "phonon_cells.xyz")):
            self.check_labels()

    def page(self):
        with open(os.path.join(self.folder, "study", "index.html")) as stream:
            return stream.read()

    def check_reported(self, hull):
        """Above the hull of the others by no less than above the hull of all."""
        above = {row["phase"]: float(row["above_hull"]) for row in hull}
        reported = self.rows("reported.csv")
        self.assertEqual(len(reported), 17)
        for row in reported:
            self.assertLess(float(row["above_others"]), above[row["phase"]] + 2e-6)
            self.assertEqual(row["stable"], "1" if above[row["phase"]] == 0.0 else "0")

    def check_labels(self):
        """What is to be labelled, labelled by the potential itself, agrees with it."""
        from ase.io import read, write
        from nnp_ase import NNP

        labels = os.path.join(self.folder, "labels")
        os.mkdir(labels)
        for name, result in (("label", "relaxed"), ("phonon_cells", "phonons")):
            for atoms in read(os.path.join(self.folder, "study", name + ".xyz"), ":"):
                if "Au_bcc" in atoms.info["sid"]:
                    continue
                # Labels may come with another origin.
                atoms.translate([0.01, 0.0, 0.02])
                atoms.calc = NNP(POTENTIAL)
                atoms.get_forces()
                write(os.path.join(labels, result + ".extxyz"), atoms, append=True)
        status, output = self.study("quick")
        self.assertEqual(status, 0, output)
        self.assertNotIn("runs of LAMMPS", output)
        # All but one have a label.
        self.assertIn("to label by DFT: 1 structures", output)
        for row in self.rows("compare.csv"):
            self.assertLess(abs(float(row["mixing"]) - float(row["against_mixing"])), 1e-6)
        self.assertGreater(len(self.rows("compare.csv")), 10)
        phonons = self.rows("phonons_dft.csv")
        self.assertEqual(len(phonons), 5)
        for row in phonons:
            self.assertLess(float(row["rms_force"]), 2e-5)
            self.assertLess(float(row["rms_frequency"]), 0.01)
        for name in ("phonons_dft.csv", "compare.csv"):
            self.assertIn(name, self.page())
        # Other displacements than those of the labels are refused.
        self.assertIn("are not those of this crystal", self.phonons("--displacement", "0.03"))
        self.assertIn("NAME=FILE=N was expected", self.phonons(crystal="AuLi_B2"))

    def phonons(self, *options, crystal=None):
        """What phonons.py says about labels that do not fit."""
        data = os.path.join(self.folder, "study", "md", "relax_AuLi_B2.data")
        run = subprocess.run(
            ["/usr/bin/python3", os.path.join(DECKS, "auli", "phonons.py"), "--elements", "Au",
             "Li", "--potential", POTENTIAL, "--out", self.folder, "--labelled",
             os.path.join(self.folder, "labels", "phonons.extxyz"), *options,
             crystal or "AuLi_B2=%s=2" % data],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        self.assertNotEqual(run.returncode, 0)
        return run.stdout

    def test_interrupt(self):
        """An interrupted list of runs goes on with those that have no result."""
        results = os.path.join(self.folder, "study", "md", "relax_*.csv")
        call = subprocess.Popen([STUDY, "quick", "phases"], env=self.environment(POTENTIAL),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            if len(glob.glob(results)) >= 4:
                break
            time.sleep(0.1)
        call.send_signal(signal.SIGTERM)
        self.assertEqual(call.wait(timeout=30), 130)
        done = len(glob.glob(results))
        time.sleep(2.0)
        # No run has gone on by itself, except to the end of what it was writing.
        self.assertLessEqual(len(glob.glob(results)), done + 2)
        self.assertGreaterEqual(done, 4)
        done = len(glob.glob(results))
        status, output = self.study("quick", "phases")
        self.assertEqual(status, 0, output)
        self.assertIn("  %d runs of LAMMPS" % (len(self.rows("phases.csv")) - done), output)

    def test_other_alloy(self):
        """Every part with a potential of other elements, here the same one with other names."""
        for path, name in ((POTENTIAL, "CuMg.nnp"), (os.path.join(DECKS, "phases.in"), "phases.in")):
            with open(path) as source, open(os.path.join(self.folder, name), "w") as copy:
                copy.write(source.read().replace("Au", "Cu").replace("Li", "Mg"))
        with open(os.path.join(self.folder, "study"), "w") as stream:
            stream.write(OTHER)
        environment = self.environment(os.path.join(self.folder, "CuMg.nnp"))
        environment["NNP_OUTPUT"] = os.path.join(self.folder, "out")
        environment["NNP_STUDY"] = self.folder
        del environment["NNP_LABELS"]
        run = subprocess.run([STUDY, "quick"], env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, universal_newlines=True, timeout=560)
        self.assertEqual(run.returncode, 0, run.stdout)
        with open(os.path.join(self.folder, "out", "hull.csv")) as stream:
            hull = {row["phase"]: row for row in csv.DictReader(stream)}
        self.assertEqual(len(hull), 4 + 3)
        self.assertLess(float(hull["CuMg_B2"]["mixing"]), -0.4)
        with open(os.path.join(self.folder, "out", "index.html")) as stream:
            page = stream.read()
        self.assertIn("<h1>Cu-Mg</h1>", page)
        self.assertNotIn("published.csv", page)
        with open(os.path.join(self.folder, "out", "label.xyz")) as stream:
            self.assertIn("sid=relaxed_CuMg_B2_", stream.read())

    def test_failures(self):
        status, output = self.study("large")
        self.assertEqual(status, 1)
        self.assertIn("the size is quick, full or long, not large", output)
        status, output = self.study("quick", "phase")
        self.assertEqual(status, 1)
        self.assertIn("no part is called phase", output)
        status, output = self.study("quick", "phases", potential="/nowhere.nnp")
        self.assertEqual(status, 1)
        self.assertIn("there is no potential /nowhere.nnp", output)
        broken = os.path.join(self.folder, "broken.nnp")
        with open(broken, "w") as stream:
            stream.write("format: 1\n")
        status, output = self.study("quick", "phases", potential=broken)
        self.assertEqual(status, 1)
        self.assertIn("no run of LAMMPS succeeded", output)


if __name__ == "__main__":
    unittest.main()
