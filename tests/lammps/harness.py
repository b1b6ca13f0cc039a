"""Runs LAMMPS with pair_style nnp and reads what it wrote.

The environment names what is tested (set by ctest):
  NNP_LMP         the executable
  NNP_PLUGIN      nnpplugin.so
  NNP_POTENTIALS  folder of the .nnp files made from tests/data/n2p2
  NNP_TEST_DATA   tests/data
  NNP_MPIEXEC     mpiexec
  NNP_PRELOAD     libraries to open before all others (a sanitizer), or nothing
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

LMP = os.environ["NNP_LMP"]
PLUGIN = os.environ["NNP_PLUGIN"]
POTENTIALS = os.environ["NNP_POTENTIALS"]
DATA = os.environ["NNP_TEST_DATA"]
MPIEXEC = os.environ.get("NNP_MPIEXEC", "mpiexec")
PRELOAD = os.environ.get("NNP_PRELOAD", "")

MASSES = {"Li": 6.94, "O": 15.999, "Si": 28.085, "Cu": 63.546, "Ag": 107.87, "Sn": 118.71, "Au": 196.97}

# bar in eV/Angstrom^3 as LAMMPS has it (nktv2p of units metal)
BAR_PER_EV_A3 = 1.6021765e6
# The references hold LAMMPS' pressures divided by the exact constant.
BAR_PER_REFERENCE_STRESS = 1.602176634e6


class Structure:
    """An extended XYZ file: eV and Angstrom, columns species, pos, forces, atomic_energy."""

    def __init__(self, path):
        with open(path) as stream:
            n = int(stream.readline())
            comment = stream.readline()
            rows = [stream.readline().split() for _ in range(n)]
        numbers = lambda key: [
            float(w) for w in re.search(key + r'="?([^"= ][^"=]*?)("| \w+=)', comment)[1].split()]
        self.cell = numbers("Lattice")
        self.energy = numbers(" energy")[0]
        stress = numbers("stress")
        self.stress = [stress[k] for k in (0, 4, 8, 1, 2, 5)]
        self.symbols = [row[0] for row in rows]
        self.positions = [[float(w) for w in row[1:4]] for row in rows]
        self.forces = [[float(w) for w in row[4:7]] for row in rows]
        self.energies = [float(row[7]) for row in rows]
        # Already what LAMMPS wants: a along x, b in the xy plane.
        assert self.cell[1] == self.cell[2] == self.cell[5] == 0.0, "cell needs a rotation"

    def elements(self):
        return [e for e in MASSES if e in self.symbols]


def reference(potential, name):
    return Structure(os.path.join(DATA, "n2p2", potential, name + ".extxyz"))


def potential_file(name):
    return os.path.join(POTENTIALS, name + ".nnp")


def data_file(structure, types=None, n_types=None, length=1.0):
    """The text of a LAMMPS data file.  types: of each atom from 1, default by element, 0 leaves
    an atom out.  length: Angstrom in the unit of length."""
    elements = structure.elements()
    if types is None:
        types = [1 + elements.index(s) for s in structure.symbols]
    atoms = ["%d %d %.17g %.17g %.17g" % (i + 1, t, *(x / length for x in p))
             for i, (t, p) in enumerate(zip(types, structure.positions)) if t > 0]
    c = [x / length for x in structure.cell]
    return "\n".join(
        ["structure", "", "%d atoms" % len(atoms),
         "%d atom types" % (n_types or len(elements)), "",
         "0 %.17g xlo xhi" % c[0], "0 %.17g ylo yhi" % c[4], "0 %.17g zlo zhi" % c[8],
         "%.17g %.17g %.17g xy xz yz" % (c[3], c[6], c[7]), "", "Atoms # atomic", ""]
        + atoms + [""])


def header(structure, units="metal", elements=None, mass=1.0, load=True, plugin=PLUGIN):
    """Input up to and with the masses.  mass: g/mol in the unit of mass."""
    lines = ["units " + units, "atom_modify map array"]
    if load:
        lines.append("plugin load " + plugin)
    lines += ["box tilt large", "read_data structure.data"]
    lines += ["mass %d %.17g" % (i + 1, MASSES[e] / mass)
              for i, e in enumerate(elements or structure.elements())]
    return "\n".join(lines) + "\n"


def pair_style(potential, elements):
    return "pair_style nnp\npair_coeff * * %s %s\n" % (potential_file(potential),
                                                        " ".join(elements))


def with_repulsion(potential, inner, outer, more=""):
    """Text of a potential with a screened Coulomb repulsion.  more: further keys of it."""
    with open(potential_file(potential)) as stream:
        return stream.read().replace("repulsion: none", "repulsion: {type: zbl, inner: %g, outer: %g%s}"
                                     % (inner, outer, more))


def committee(potential, factors):
    """Texts of a potential (a file) whose member k has all numbers of the networks times
    factors[k], and of the members alone."""
    with open(potential) as stream:
        text = stream.read()
    start, end = text.index("networks:\n") + len("networks:\n"), text.index("repulsion:")
    scaled = lambda f: re.sub(r"\[[^]]*\]", lambda m: re.sub(
        r"-?\d[-+.\de]*", lambda n: "%.17g" % (f * float(n[0])), m[0]), text[start:end])
    members = [scaled(f) for f in factors]
    return (text[:start] + "".join(members) + text[end:],
            [text[:start] + m + text[end:] for m in members])


# One step without motion, everything that the pair style fills, all digits.
EVALUATE = """
compute energy all pe/atom pair
compute stress all stress/atom NULL pair
compute centroid all centroid/stress/atom NULL pair
dump all all custom 1 results.dump id type fx fy fz c_energy c_stress[*] c_centroid[*]
dump_modify all sort id format float %.17g
thermo_style custom step pe pxx pyy pzz pxy pxz pyz vol
run 0
print "RESULT $(pe:%.17g) $(pxx:%.17g) $(pyy:%.17g) $(pzz:%.17g) $(pxy:%.17g) &
$(pxz:%.17g) $(pyz:%.17g) $(vol:%.17g)"
"""


class Results:
    def __init__(self, output, folder):
        words = re.findall(r"^RESULT (.*)$", output, re.M)[-1].split()
        numbers = [float(w) for w in words]
        self.energy, self.pressure, self.volume = numbers[0], numbers[1:7], numbers[7]
        with open(os.path.join(folder, "results.dump")) as stream:
            lines = stream.read().split("\n")
        start = max(i for i, line in enumerate(lines) if line.startswith("ITEM: ATOMS"))
        rows = [[float(w) for w in line.split()] for line in lines[start + 1:] if line]
        self.ids = [int(row[0]) for row in rows]
        self.forces = [row[2:5] for row in rows]
        self.energies = [row[5] for row in rows]
        self.stresses = [row[6:12] for row in rows]
        self.centroid_stresses = [row[12:21] for row in rows]


def flat(rows):
    return [x for row in rows for x in row]


class LammpsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="nnp-lammps-")
        # Daemons of MPI may still be tidying their part of it.
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as stream:
            stream.write(text)

    def lammps(self, text, ranks=1, environment=None, options=()):
        """Exit code and output (screen and stderr) of an input.  options: of the command line."""
        self.write("in.lmp", text)
        command = [LMP, "-in", "in.lmp", "-log", "none", *options]
        if ranks > 1:
            command = [MPIEXEC, "--oversubscribe", "-n", str(ranks)] + command
        env = dict(os.environ, OMP_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1",
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   # Processes that begin and end at a time stumble over a folder that they share.
                   OMPI_MCA_orte_tmpdir_base=self.folder)
        env.update(environment or {})
        if PRELOAD:  # leaks inside MPI are not ours
            env.update(LD_PRELOAD=PRELOAD, ASAN_OPTIONS="detect_leaks=0")
        run = subprocess.run(command, cwd=self.folder, env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, universal_newlines=True, timeout=60)
        return run.returncode, run.stdout

    def succeed(self, text, **options):
        code, output = self.lammps(text, **options)
        self.assertEqual(code, 0, output)
        return output

    def fail_with(self, message, text, **options):
        """The run must end with an exit code and a text that matches message, where any white
        space matches any other."""
        code, output = self.lammps(text, **options)
        self.assertNotEqual(code, 0, output)
        self.assertNotIn("Segmentation", output)
        self.assertRegex(" ".join(output.split()), message)
        return output

    def evaluate(self, text, **options):
        self.output = self.succeed(text + EVALUATE, **options)
        return Results(self.output, self.folder)

    def evaluate_reference(self, potential, name, ranks=1, extra=""):
        structure = reference(potential, name)
        self.write("structure.data", data_file(structure))
        return self.evaluate(header(structure) + extra
                             + pair_style(potential, structure.elements()), ranks=ranks)

    def assert_close(self, what, actual, expected, tolerance):
        """Numbers or lists of them; names the worst one."""
        if isinstance(actual, float):
            actual, expected = [actual], [expected]
        self.assertEqual(len(actual), len(expected), what)
        errors = [abs(a - b) for a, b in zip(actual, expected)]
        worst = max(range(len(errors)), key=lambda i: errors[i])
        if not errors[worst] <= tolerance:
            self.fail("%s[%d]: %.15g, expected %.15g (tolerance %g)" % (
                what, worst, actual[worst], expected[worst], tolerance))

    def assert_same(self, actual, expected, relative=1e-11):
        """Two Results agree; relative to the largest number of each kind."""
        for what in ("energy", "pressure", "energies", "forces", "stresses",
                     "centroid_stresses"):
            a, b = getattr(actual, what), getattr(expected, what)
            a, b = ([x] if isinstance(x, float) else x for x in (a, b))
            a, b = (flat(x) if isinstance(x[0], list) else x for x in (a, b))
            self.assert_close(what, a, b, relative * max(abs(x) for x in b))


def lammps_version():
    """20250204 and the like."""
    output = subprocess.run([LMP, "-h"], stdout=subprocess.PIPE, universal_newlines=True).stdout
    day, month, year = re.search(r"Simulator - (\d+) (\w\w\w) (\d+)", output).groups()
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return 10000 * int(year) + 100 * (1 + months.index(month)) + int(day)


def has_style(name):
    """Whether this LAMMPS lists a style of that name."""
    output = subprocess.run([LMP, "-h"], stdout=subprocess.PIPE, universal_newlines=True).stdout
    return name in output.split()
