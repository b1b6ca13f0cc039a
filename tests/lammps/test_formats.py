"""Other codes' potentials, named directly in pair_coeff."""

import os
import shutil
import unittest

from harness import DATA, LammpsTest, Structure, data_file, flat, header, pair_style, reference

CODES = os.path.join(DATA, "other_codes")


def coeff(path, elements):
    return "pair_style nnp\npair_coeff * * %s %s\n" % (path, " ".join(elements))


class FormatsTest(LammpsTest):
    def compare(self, folder, file=""):
        structure = Structure(os.path.join(CODES, folder, "cell.xyz"))
        self.write("structure.data", data_file(structure))
        text = header(structure) + coeff(os.path.join(CODES, folder, file),
                                         structure.elements())
        for ranks in (1, 2):
            results = self.evaluate(text, ranks=ranks)
            # make.py prints twelve decimals of energies; forces are differences of them.
            self.assert_close("energy", results.energy, structure.energy, 1e-11)
            self.assert_close("atomic energies", results.energies, structure.energies, 1e-11)
            self.assert_close("forces", flat(results.forces), flat(structure.forces), 1e-9)

    def test_simple_nn(self):
        self.compare("simple_nn", "potential_saved")

    def test_maise(self):
        self.compare("maise_2", "model")

    def test_n2p2_folder(self):
        """The same bits as from the potential file that it converts to."""
        structure = reference("wide-binary", "triclinic-small")
        self.write("structure.data", data_file(structure))
        folder = os.path.join(DATA, "n2p2", "wide-binary")
        direct = self.evaluate(header(structure) + coeff(folder, structure.elements()), ranks=2)
        converted = self.evaluate(header(structure)
                                  + pair_style("wide-binary", structure.elements()), ranks=2)
        self.assertEqual(direct.energy, converted.energy)
        self.assertEqual(direct.forces, converted.forces)
        self.assertEqual(direct.pressure, converted.pressure)

    def test_search_path(self):
        structure = reference("wide-binary", "triclinic-small")
        self.write("structure.data", data_file(structure))
        self.succeed(header(structure) + coeff("wide-binary", structure.elements())
                     + "run 0\n",
                     environment={"LAMMPS_POTENTIALS": os.path.join(DATA, "n2p2")})

    def test_refused(self):
        structure = reference("wide-binary", "triclinic-small")
        self.write("structure.data", data_file(structure))
        for ranks in (1, 2):
            self.fail_with("structure.data is no potential in a known format: it looks like a "
                           "LAMMPS data file",
                           header(structure) + coeff("structure.data", structure.elements()),
                           ranks=ranks)
        folder = os.path.join(self.folder, "copy")
        shutil.copytree(os.path.join(DATA, "n2p2", "wide-binary"), folder)
        with open(os.path.join(folder, "input.nn"), "a") as stream:
            stream.write("\nuse_electrostatics\n")
        self.fail_with("input.nn:[0-9]+: use_electrostatics: electrostatics is not supported",
                       header(structure) + coeff("copy", structure.elements()))


if __name__ == "__main__":
    unittest.main()
