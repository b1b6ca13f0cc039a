"""Per-atom energies and stresses add up to energy and pressure, and do not depend on ranks."""

import re
import unittest

from harness import LammpsTest, data_file, has_style, header, pair_style, reference

# Sums over atoms in another order than that of the totals.
RELATIVE = 1e-10


class VirialTest(LammpsTest):
    def check_sums(self, results):
        scale = max(abs(p) for p in results.pressure)
        self.assert_close("energy", sum(results.energies), results.energy,
                          RELATIVE * sum(abs(e) for e in results.energies))
        for per_atom in (results.stresses, results.centroid_stresses):
            pressure = [-sum(row[k] for row in per_atom) / results.volume for k in range(6)]
            self.assert_close("pressure", pressure, results.pressure, RELATIVE * scale)
        # xy, xz, yz and yx, zx, zy: the sum is symmetric, as the energy does not change when
        # everything rotates.
        upper = [sum(row[k] for row in results.centroid_stresses) for k in (3, 4, 5)]
        lower = [sum(row[k] for row in results.centroid_stresses) for k in (6, 7, 8)]
        self.assert_close("symmetry", lower, upper, RELATIVE * scale * results.volume)

    def test_sums(self):
        for potential in ("wide-binary", "narrow-binary", "ternary-mixed"):
            for name in ("dense", "triclinic-small"):
                with self.subTest(potential=potential, structure=name):
                    self.check_sums(self.evaluate_reference(potential, name))

    def test_centroid_stress_alone(self):
        """LAMMPS asks for the nine components without the six."""
        structure = reference("wide-binary", "dense")
        expected = self.evaluate_reference("wide-binary", "dense")
        output = self.succeed(header(structure) + pair_style("wide-binary", structure.elements())
                              + """
compute centroid all centroid/stress/atom NULL pair
compute total all reduce sum c_centroid[1] c_centroid[4] c_centroid[9]
thermo_style custom step c_total[*] pxx
run 0
print "TOTAL $(c_total[1]:%.17g) $(c_total[2]:%.17g) $(c_total[3]:%.17g)"
""")
        total = [float(w) for w in re.search("^TOTAL (.*)$", output, re.M)[1].split()]
        for k, stress in zip((0, 3, 5), total):  # xx, xy, zy = yz
            self.assert_close("pressure", -stress / expected.volume, expected.pressure[k],
                              RELATIVE * max(abs(p) for p in expected.pressure))

    def test_ranks(self):
        one = self.evaluate_reference("ternary-mixed", "dense", ranks=1)
        four = self.evaluate_reference("ternary-mixed", "dense", ranks=4)
        self.assert_same(four, one)
        self.check_sums(four)

    def difference_error(self, strain):
        """Largest error of the six stresses that fix numdiff/virial gets with this strain, bar."""
        structure = reference("wide-binary", "triclinic-small")
        self.write("structure.data", data_file(structure))
        output = self.succeed(header(structure) + pair_style("wide-binary", structure.elements())
                              + """
fix numdiff all numdiff/virial 1 %g
compute virial all pressure NULL pair
thermo_style custom step c_virial[*] f_numdiff[*]
run 0
print "VIRIAL $(c_virial[1]:%%.17g) $(c_virial[2]:%%.17g) $(c_virial[3]:%%.17g) &
$(c_virial[4]:%%.17g) $(c_virial[5]:%%.17g) $(c_virial[6]:%%.17g)"
print "DIFFERENCES $(f_numdiff[1]:%%.17g) $(f_numdiff[2]:%%.17g) $(f_numdiff[3]:%%.17g) &
$(f_numdiff[6]:%%.17g) $(f_numdiff[5]:%%.17g) $(f_numdiff[4]:%%.17g)"
""" % strain, ranks=2)
        a, b = ([float(w) for w in re.search("^%s (.*)$" % label, output, re.M)[1].split()]
                for label in ("VIRIAL", "DIFFERENCES"))
        return max(abs(x - y) for x, y in zip(a, b))

    @unittest.skipUnless(has_style("numdiff/virial"), "this LAMMPS has no fix numdiff/virial")
    def test_virial_is_derivative(self):
        """The error of central differences falls fourfold when the strain is halved."""
        errors = [self.difference_error(strain) for strain in (0.004, 0.002, 0.001)]
        for large, small in zip(errors, errors[1:]):
            self.assertGreater(large / small, 3.7, errors)
            self.assertLess(large / small, 4.3, errors)

    def test_pressure_from_pairs(self):
        """LAMMPS may ask for the virial itself (nofdotr), or for one like that of F dot r."""
        default = self.evaluate_reference("wide-binary", "dense", ranks=2)
        structure = reference("wide-binary", "dense")
        text = header(structure) + pair_style("wide-binary", structure.elements())
        self.assert_same(self.evaluate(text + "pair_modify nofdotr\n"), default)


if __name__ == "__main__":
    unittest.main()
