"""Commands of LAMMPS that use a pair style in their own ways."""

import os
import re
import shutil
import unittest

from harness import (LammpsTest, data_file, flat, header, pair_style,
                     potential_file, reference)

FILE = potential_file("wide-binary")


def numbers(label, output):
    return [[float(w) for w in row.split()]
            for row in re.findall("^%s (.*)$" % label, output, re.M)]


class CommandsTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def start(self, structure=None, before=""):
        structure = structure or self.structure
        self.write("structure.data", data_file(structure))
        return before + header(structure) + pair_style("wide-binary", structure.elements())

    def test_respa(self):
        """Its levels by distance are refused, and as a whole, or as a sub-style, it gives the same
        trajectory as velocity Verlet with the step of the level."""
        text = self.start() + "fix nve all nve\nvelocity all create 300 7\ntimestep 0.002\n"
        for keywords in ("inner 1 3.0 4.0 outer 2", "inner 1 2.0 3.0 middle 2 4.0 5.0 outer 3"):
            n = 2 if "middle" not in keywords else 3
            self.fail_with("pair nnp: run_style respa with inner, middle and outer divides the "
                           "forces of pairs by distance, .* use its keyword pair or hybrid",
                           text + "run_style respa %d %s %s\nrun 1\n" % (n, "2 " * (n - 1), keywords))
        show = 'print "FINAL $(pe:%.17g) $(ke:%.17g)"\n'
        expected = numbers("FINAL", self.succeed(text + "run 3\n" + show))[0]
        actual = numbers("FINAL", self.succeed(text + "run_style respa 2 1 pair 2\nrun 3\n"
                                               + show))[0]
        self.assert_close("energies", actual, expected, 1e-9)
        hybrid = text.replace("pair_style nnp\npair_coeff * *", "pair_style hybrid/overlay nnp zero "
                              "5.0\npair_coeff * * zero\npair_coeff * * nnp")
        actual = numbers("FINAL", self.succeed(hybrid + "run_style respa 2 1 hybrid 2 1\nrun 3\n"
                                               + show))[0]
        self.assert_close("energies", actual, expected, 1e-9)

    def test_compute_pair(self):
        """The energy of this style alone."""
        output = self.succeed(self.start().replace(
            "pair_style nnp\npair_coeff * *", "pair_style hybrid/overlay nnp lj/cut 6.0\n"
            "pair_coeff * * lj/cut 0.1 2.5\npair_coeff * * nnp") + """
compute own all pair nnp
compute others all pair lj/cut
thermo_style custom step pe c_own c_others
run 0
print "ENERGY $(pe:%.17g) $(c_own:%.17g) $(c_others:%.17g)"
""", ranks=2)
        total, own, others = numbers("ENERGY", output)[0]
        self.assertGreater(abs(others), 0.1)
        self.assert_close("energy", own, self.structure.energy, 1e-9)
        self.assert_close("energy", own + others, total, 1e-9)

    def test_pair_write(self):
        self.fail_with("does not support pair_write",
                       self.start() + "pair_write 1 1 10 r 1.0 4.0 table.txt Au\n")

    def test_compute_pair_local(self):
        self.fail_with("does not support compute pair/local|does not support.*pair/local",
                       self.start() + "compute e all pair/local eng\nrun 0\n")

    def test_group_group(self):
        self.fail_with("does not support compute group/group", self.start() + """
group a type 1
group b type 2
compute ab a group/group b
run 0
""")

    def test_suffix(self):
        """There are no accelerated variants; the style itself is taken."""
        self.write("structure.data", data_file(self.structure))
        for suffix in ("omp", "opt", "gpu", "intel", "kk"):
            results = self.evaluate(header(self.structure) + "suffix %s\n" % suffix
                                    + pair_style("wide-binary", ["Li", "Au"]) + "suffix off\n")
            self.assert_close("energy", results.energy, self.structure.energy, 1e-9)

    def test_setforce_on_group(self):
        expected = self.evaluate(self.start())
        results = self.evaluate(self.start() + "group still id 2 3\nfix still still setforce 0 0 0\n")
        for k in range(4):
            self.assert_close("force", results.forces[k],
                              [0.0] * 3 if k in (1, 2) else expected.forces[k], 1e-12)
        self.assert_close("energy", results.energy, expected.energy, 1e-12)

    def test_not_periodic(self):
        """Walls of the box, fixed or that follow the atoms, are nothing to the style."""
        cluster = reference("wide-binary", "cluster")
        results = [self.evaluate(self.start(cluster, "boundary %s\n" % b))
                   for b in ("p p p", "f f f", "s s s", "m p f")]
        self.assert_close("energy", results[0].energy, cluster.energy, 1e-9)
        for other in results[1:]:
            self.assert_close("energy", other.energy, results[0].energy, 1e-10)
            self.assert_close("forces", flat(other.forces), flat(results[0].forces), 1e-10)

    def test_atoms_leave_the_box(self):
        """Through a periodic side they come back; through an open one they are lost, which LAMMPS
        ignores where it is told to."""
        cluster = reference("wide-binary", "cluster")
        n = len(cluster.symbols)
        fly = """
velocity all set 400.0 0.0 0.0
fix nve all nve
timestep 0.001
neigh_modify every 1 delay 0 check yes
thermo 50
"""
        show = 'print "LEFT $(atoms) $(pe:%.17g)"\n'
        for ranks in (1, 2):
            output = self.succeed(self.start(cluster) + fly + "run 100\n" + show, ranks=ranks)
            self.assertEqual(numbers("LEFT", output)[0][0], n)
            output = self.succeed(self.start(cluster, "boundary f p p\n") + fly
                                  + "thermo_modify lost ignore\nrun 200\n" + show, ranks=ranks)
            self.assertEqual(numbers("LEFT", output)[0], [0.0, 0.0])

    def test_one_atom(self):
        """In vacuum: the same energy wherever it is, no force, no pressure."""
        energies = []
        for boundary, place in (("f f f", "5 5 5"), ("p p p", "0 0 0")):
            for ranks in (1, 2):
                output = self.succeed("""
units metal
boundary %s
atom_modify map array
plugin load %s
region box block 0 20 0 20 0 20
create_box 2 box
create_atoms 2 single %s
mass 1 6.94
mass 2 196.97
%scompute virial all pressure NULL virial
thermo_style custom step pe fmax c_virial
run 0
print "ATOM $(pe:%%.17g) $(fmax:%%.17g) $(c_virial:%%.17g)"
""" % (boundary, os.environ["NNP_PLUGIN"], place, pair_style("wide-binary", ["Li", "Au"])),
                    ranks=ranks)
                energy, force, pressure = numbers("ATOM", output)[0]
                self.assertEqual([force, pressure], [0.0, 0.0])
                energies.append(energy)
        self.assertEqual(len(set(energies)), 1, energies)

    def test_atom_swap(self):
        """The energy after swaps is that of the atoms as they are, and some were accepted."""
        output = self.succeed(self.start(reference("wide-binary", "cubic")) + """
fix swap all atom/swap 1 10 4711 100000.0 ke no types 1 2
run 3
print "SWAPS $(f_swap[1]) $(f_swap[2])"
unfix swap
run 0
print "ENERGY $(pe:%.17g)"
write_data swapped.data
clear
""" + "\n".join(("units metal\natom_modify map array\nplugin load " + os.environ["NNP_PLUGIN"],
                 "box tilt large", "read_data swapped.data",
                 pair_style("wide-binary", ["Li", "Au"]),
                 'run 0\nprint "ENERGY $(pe:%.17g)"\n')), ranks=2)
        self.assertGreater(numbers("SWAPS", output)[0][1], 0)
        energies = [row[0] for row in numbers("ENERGY", output)]
        self.assert_close("energy", energies[0], energies[1], 1e-8)

    def test_neb(self):
        """Three replicas of an atom on its way; the ends have the energies that they have alone."""
        structure = reference("wide-binary", "cluster")
        final = [x + d for x, d in zip(structure.positions[0], (0.3, 0.2, -0.1))]
        self.write("final.txt", "1\n1 %.17g %.17g %.17g\n" % tuple(final))
        text = self.start(structure)
        alone = [self.evaluate(text).energy,
                 self.evaluate(text + "set atom 1 x %.17g y %.17g z %.17g\n" % tuple(final)).energy]
        output = self.succeed(text + """
timestep 0.001
fix neb all neb 1.0
min_style quickmin
neb 0.0 0.1 4 2 2 final final.txt
""", ranks=3, options=["-partition", "3x1", "-screen", "screen"])
        with open(os.path.join(self.folder, "log.lammps" if os.path.exists(os.path.join(
                self.folder, "log.lammps")) else "screen")) as stream:
            output += stream.read()
        rows = [line.split() for line in output.split("\n")
                if re.match(r"^ *\d+( +[-+.e\d]+){10,}", line)]
        # step, forces, barriers, length, then pairs of coordinate and energy
        pairs = [float(w) for w in rows[0][-6:]]
        self.assert_close("energies", [pairs[1], pairs[5]], alone, 1e-4 * abs(alone[0]))

    def test_move_of_tilted_box(self):
        """The lattice may lie anywhere in its cell."""
        expected = self.evaluate(self.start())
        results = self.evaluate(self.start() + "displace_atoms all move 3.3 -2.2 1.1\n", ranks=2)
        self.assert_same(results, expected, 1e-9)

    def test_threads(self):
        """Not a bit depends on them."""
        text = self.start(reference("wide-binary", "dense"))
        one = self.evaluate(text)
        self.assertIn("threads per rank: 1\n", self.output)
        for n in (2, 3):
            several = self.evaluate(text, environment={"OMP_NUM_THREADS": str(n)})
            self.assertIn("threads per rank: %d\n" % n, self.output)
            self.assert_same(several, one, relative=0.0)


class RestartTest(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))
        shutil.copy(FILE, os.path.join(self.folder, "auli.nnp"))
        self.style = "pair_style nnp interval 7\npair_coeff * * auli.nnp Li Au\n"
        self.succeed(header(self.structure) + self.style + "run 0\nwrite_restart r.bin\n", ranks=2)
        self.read = "plugin load %s\nread_restart r.bin\n" % os.environ["NNP_PLUGIN"]

    def energy(self, text, **options):
        output = self.succeed(text + 'run 0\nprint "ENERGY $(pe:%.17g)"\n', **options)
        return numbers("ENERGY", output)[0][0]

    def test_goes_on(self):
        for ranks in (1, 2):
            self.assert_close("energy", self.energy(self.read, ranks=ranks), self.structure.energy,
                              1e-9)

    def test_settings_are_kept(self):
        output = self.succeed(self.read + SQUEEZE + "fix nve all nve\ntimestep 1e-6\nrun 7\n")
        self.assertRegex(output, "steps 0 to 7: .* outside of their range")

    def test_precision_is_kept(self):
        self.style = "pair_style nnp precision mixed\npair_coeff * * auli.nnp Li Au\n"
        output = self.succeed(header(self.structure) + self.style
                              + "run 0\nwrite_restart r.bin\n")
        self.assertRegex(output, "(plain|avx2|avx512)_mixed")
        output = self.succeed(self.read + 'run 0\nprint "ENERGY $(pe:%.17g)"\n')
        self.assertRegex(output, "(plain|avx2|avx512)_mixed")
        self.assert_close("energy", numbers("ENERGY", output)[0][0], self.structure.energy, 1e-5)

    def test_other_potential(self):
        os.remove(os.path.join(self.folder, "auli.nnp"))
        for ranks in (1, 2):
            self.fail_with("WARNING: pair nnp: cannot find a readable potential file 'auli.nnp'.*"
                           "ERROR.*pair nnp: cannot find a readable potential file 'auli.nnp'.*, "
                           "which the restart file names; put it there, or name one with "
                           "pair_coeff", self.read + "run 0\n", ranks=ranks)
        self.assert_close("energy", self.energy(self.read + "pair_coeff * * %s Li Au\n" % FILE),
                          self.structure.energy, 1e-9)

    def test_changed_potential(self):
        with open(os.path.join(self.folder, "auli.nnp"), "a") as stream:
            stream.write("# changed\n")
        self.fail_with("ERROR.*potential file 'auli.nnp' is not the one that the restart file was "
                       "written with: its contents have changed; name it with pair_coeff",
                       self.read + "run 0\n")
        output = self.succeed(self.read + "pair_coeff * * auli.nnp Li Au\nrun 0\n")
        self.assertRegex(" ".join(output.split()), "this potential file is not the one that the "
                         r"restart file was written with \('auli.nnp'\)")

    def test_without_plugin(self):
        self.fail_with("nrecognized pair style 'nnp'", "read_restart r.bin\n")

    def test_hybrid(self):
        """hybrid keeps styles with their settings, and wants all pair_coeff again."""
        coefficients = "pair_coeff * * nnp auli.nnp Li Au\npair_coeff * * zero\n"
        self.succeed(header(self.structure) + "pair_style hybrid/overlay nnp interval 7 zero 5.0\n"
                     + coefficients + "run 0\nwrite_restart r.bin\n")
        self.fail_with("pair coeffs are not set", self.read + "run 0\n")
        self.assert_close("energy", self.energy(self.read + coefficients), self.structure.energy,
                          1e-9)


SQUEEZE = "change_box all x scale 0.7 y scale 0.7 z scale 0.7 remap\n"


if __name__ == "__main__":
    unittest.main()
