"""Loading: by command, by LAMMPS_PLUGIN_PATH, twice, and installations that do not fit."""

import os
import shutil
import unittest

from harness import (LammpsTest, PLUGIN, data_file, header, lammps_version, pair_style, reference)

HAS_PLUGIN_PATH = lammps_version() >= 20220324  # first stable release with LAMMPS_PLUGIN_PATH


class Plugin(LammpsTest):
    structure = reference("wide-binary", "triclinic-small")

    def setUp(self):
        super().setUp()
        self.write("structure.data", data_file(self.structure))
        self.run_style = pair_style("wide-binary", ["Li", "Au"]) + "run 0\n"
        self.library = "pair_nnp_%d.so" % lammps_version()

    def install(self, libraries):
        """A folder with a copy of nnpplugin.so and of nnp/, with the given files in it."""
        folder = os.path.join(self.folder, "lib")
        os.makedirs(os.path.join(folder, "nnp"))
        shutil.copy(PLUGIN, folder)
        for name, content in libraries.items():
            with open(os.path.join(folder, "nnp", name), "w") as stream:
                stream.write(content)
        return os.path.join(folder, "nnpplugin.so")

    def refuse(self, message, plugin, **options):
        """Said once, whatever the number of ranks."""
        output = self.fail_with(message, header(self.structure, plugin=plugin) + self.run_style,
                                ranks=2, **options)
        self.assertEqual(output.count("pair nnp:"), 1, output)


class LoadTest(Plugin):
    def test_message(self):
        output = self.succeed(header(self.structure) + self.run_style)
        self.assertRegex(output, r"Loading plugin: pair_style nnp \d+\.\d+\.\d+, neural network")
        self.assertNotIn("compiled for LAMMPS version", output)

    def test_relative_path(self):
        folder, name = os.path.split(PLUGIN)
        os.symlink(folder, os.path.join(self.folder, "link"))
        self.succeed(header(self.structure, plugin="./link/" + name) + self.run_style)

    @unittest.skipUnless(HAS_PLUGIN_PATH, "this LAMMPS has no LAMMPS_PLUGIN_PATH")
    def test_plugin_path(self):
        text = header(self.structure, load=False) + self.run_style
        self.succeed(text, environment={"LAMMPS_PLUGIN_PATH": os.path.dirname(PLUGIN)})

    def test_load_twice_and_unload(self):
        load = "plugin load %s\n" % PLUGIN
        output = self.succeed(header(self.structure) + load + self.run_style
                              + "plugin unload pair nnp\n" + load + self.run_style)
        self.assertIn("Ignoring load of pair style nnp", output)


class RefuseTest(Plugin):
    def test_other_version(self):
        plugin = self.install({"pair_nnp_20200303.so": "", "pair_nnp_20180822.so": "", "x": ""})
        self.refuse("this is LAMMPS version %d, but the plugin in .*/lib was built for: "
                    "(20200303, 20180822|20180822, 20200303); build it for this LAMMPS with cmake "
                    "-DLAMMPS_SOURCE_DIR=" % lammps_version(), plugin)

    def test_nothing_installed(self):
        plugin = self.install({})
        self.refuse("was built for: none", plugin)
        os.rmdir(os.path.join(self.folder, "lib", "nnp"))
        self.refuse("was built for: none", plugin)

    def test_library_that_cannot_be_opened(self):
        plugin = self.install({self.library: "not a library"})
        self.refuse("cannot open .*/lib/nnp/%s, .*: .*(too short|ELF)" % self.library, plugin)

    def test_library_of_something_else(self):
        plugin = self.install({})
        shutil.copy(plugin, os.path.join(self.folder, "lib", "nnp", self.library))
        self.refuse("is not a library of this plugin", plugin)

    @unittest.skipUnless(HAS_PLUGIN_PATH, "this LAMMPS has no LAMMPS_PLUGIN_PATH")
    def test_plugin_path_leaves_other_runs_alone(self):
        folder = os.path.dirname(self.install({}))
        environment = {"LAMMPS_PLUGIN_PATH": "/nowhere:" + folder}
        zero = "pair_style zero 5.0\npair_coeff * *\nrun 0\n"
        for ranks in (1, 2):
            output = self.succeed(header(self.structure, load=False) + zero, ranks=ranks,
                                  environment=environment)
            self.assertEqual(output.count("WARNING: pair nnp: this is LAMMPS"), 1, output)
        self.fail_with("WARNING: pair nnp: this is LAMMPS.*nrecognized pair style 'nnp'",
                       header(self.structure, load=False) + self.run_style,
                       environment=environment)


if __name__ == "__main__":
    unittest.main()
