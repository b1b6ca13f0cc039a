"""Heat flux: centroid virials, and the energy that moves."""

import re
import unittest

from harness import LammpsTest, data_file, flat, header, pair_style, reference

HEAT = """
compute ke all ke/atom
compute pe all pe/atom
compute stress all centroid/stress/atom NULL virial
compute flux all heat/flux ke pe stress
"""


class HeatTest(LammpsTest):
    def start(self, potential, name):
        structure = reference(potential, name)
        self.write("structure.data", data_file(structure))
        return header(structure) + pair_style(potential, structure.elements()) + HEAT

    def test_sums(self):
        """Of nine components of all atoms, to the global virial."""
        for potential in ("wide-binary", "narrow-binary", "ternary-mixed"):
            for ranks in (1, 2):
                results = self.evaluate_reference(potential, "dense", ranks=ranks)
                total = [sum(row[k] for row in results.centroid_stresses) for k in range(9)]
                virial = [-p * results.volume for p in results.pressure]
                # Rounding of sums over terms as large as the sum of their sizes.
                scale = max(sum(abs(row[k]) for row in results.centroid_stresses)
                            for k in range(9))
                self.assert_close("virial", total, virial + virial[3:], 1e-12 * scale)

    def test_drifting_crystal(self):
        """Of a crystal in motion as a whole with velocity v: (E + W) v, with all energy E and the
        virial tensor W."""
        velocity = (3.0, -2.0, 1.0)
        for ranks in (1, 2):
            output = self.succeed(self.start("wide-binary", "dense") + """
velocity all set %g %g %g
compute virial all pressure NULL virial
thermo_style custom step etotal c_virial[*] c_flux[*] vol
run 0
variable w equal "vol / 1.6021765e6"
print "FLUX $(c_flux[1]:%%.17g) $(c_flux[2]:%%.17g) $(c_flux[3]:%%.17g)"
print "STATE $(etotal:%%.17g) $(v_w*c_virial[1]:%%.17g) $(v_w*c_virial[2]:%%.17g) &
$(v_w*c_virial[3]:%%.17g) $(v_w*c_virial[4]:%%.17g) $(v_w*c_virial[5]:%%.17g) &
$(v_w*c_virial[6]:%%.17g)"
""" % velocity, ranks=ranks)
            words = lambda label: [float(w) for w in
                                   re.search("^%s (.*)$" % label, output, re.M)[1].split()]
            energy, xx, yy, zz, xy, xz, yz = words("STATE")
            w = ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
            expected = [energy * velocity[a] + sum(w[a][b] * velocity[b] for b in range(3))
                        for a in range(3)]
            self.assertGreater(abs(w[0][0]), 1.0)
            self.assert_close("flux", words("FLUX"), expected, 1e-10 * max(map(abs, expected)))

    def flux_error(self, step):
        """|J - (B(h) - B(-h)) / 2h| of a cluster in vacuum, with B = sum_i e_i r_i, whose rate of
        change the heat flux is."""
        output = self.succeed(self.start("ternary-mixed", "cluster") + """
velocity all create 900 4711 mom yes
variable bx atom (c_ke+c_pe)*xu
variable by atom (c_ke+c_pe)*yu
variable bz atom (c_ke+c_pe)*zu
""".replace("xu", "x").replace("yu", "y").replace("zu", "z") + """
compute b all reduce sum v_bx v_by v_bz
fix nve all nve
neigh_modify every 1 delay 0
thermo 1
thermo_style custom step etotal c_b[*] c_flux[*]
thermo_modify format float %%.17g
timestep 0.01
run 3
timestep %g
run 2
""" % step)
        table = output.split("TotEng")[-1].split("Loop time")[0]
        rows = [[float(w) for w in line.split()] for line in table.split("\n")
                if re.match(r"^ *\d+ +[-+.\d]", line)]
        rate = [(c - a) / (2 * step) for a, c in zip(rows[0][2:5], rows[2][2:5])]
        self.assertGreater(max(map(abs, rows[1][5:8])), 1.0)
        return max(abs(r - j) for r, j in zip(rate, rows[1][5:8]))

    def test_flux_is_rate_of_energy_moments(self):
        errors = [self.flux_error(step) for step in (0.002, 0.001, 0.0005)]
        for large, small in zip(errors, errors[1:]):
            self.assertGreater(large / small, 1.8, errors)


if __name__ == "__main__":
    unittest.main()
