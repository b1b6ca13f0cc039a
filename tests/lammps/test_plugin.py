"""Loading: by command, by LAMMPS_PLUGIN_PATH, twice, and installations that do not fit."""

import os
import shutil
import subprocess
import unittest

from harness import (LammpsTest, PLUGIN, PRELOAD, data_file, header, lammps_version, pair_style,
                     reference)

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

    def test_after_another_plugin(self):
        """All plugins have a function of the same name."""
        self.write("other.c", "void lammpsplugin_init(void *, void *, void *);\n"
                   "void lammpsplugin_init(void *l, void *h, void *r) { (void)l; (void)h; (void)r; }")
        other = os.path.join(self.folder, "otherplugin.so")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", other,
                        os.path.join(self.folder, "other.c")], check=True)
        self.succeed("plugin load %s\n" % other + header(self.structure) + self.run_style)

    def test_load_twice_and_unload(self):
        load = "plugin load %s\n" % PLUGIN
        output = self.succeed(header(self.structure) + load + self.run_style
                              + "plugin unload pair nnp\n" + load + self.run_style)
        self.assertIn("Ignoring load of pair style nnp", output)


class InstalledTest(Plugin):
    """What is installed works from any place."""

    def setUp(self):
        super().setUp()
        prefix, self.moved = (os.path.join(self.folder, name) for name in ("prefix", "moved"))
        subprocess.run([os.environ["NNP_CMAKE"], "--install", os.environ["NNP_BUILD"], "--prefix",
                        prefix], check=True, stdout=subprocess.DEVNULL)
        os.rename(prefix, self.moved)
        found = [os.path.join(folder, "nnpplugin.so") for folder, _, files in os.walk(self.moved)
                 if "nnpplugin.so" in files]
        self.assertEqual(len(found), 1, found)
        self.plugin = found[0]

    def test_load(self):
        for ranks in (1, 2):
            self.succeed(header(self.structure, plugin=self.plugin) + self.run_style, ranks=ranks)

    @unittest.skipUnless(HAS_PLUGIN_PATH, "this LAMMPS has no LAMMPS_PLUGIN_PATH")
    def test_plugin_path(self):
        self.succeed(header(self.structure, load=False) + self.run_style,
                     environment={"LAMMPS_PLUGIN_PATH": "/nowhere:" + os.path.dirname(self.plugin)})

    def test_without_its_folder(self):
        """nnpplugin.so alone was copied."""
        alone = os.path.join(self.folder, "nnpplugin.so")
        shutil.copy(self.plugin, alone)
        self.refuse("was built for: none", alone)


class RefuseTest(Plugin):
    def test_wrong_path(self):
        """LAMMPS' own message, which names the file."""
        self.fail_with("/no/such/nnpplugin.so",
                       header(self.structure, plugin="/no/such/nnpplugin.so") + self.run_style)

    def test_style_without_plugin(self):
        self.fail_with("nrecognized pair style 'nnp'",
                       header(self.structure, load=False) + self.run_style)

    def test_the_inner_library(self):
        """The file in nnp/ is not the one to load."""
        inner = os.path.join(os.path.dirname(PLUGIN), "nnp", self.library)
        self.fail_with("lammpsplugin_init|nrecognized pair style 'nnp'",
                       header(self.structure, plugin=inner) + self.run_style)

    def test_other_mpi_library(self):
        preload = " ".join(w for w in (PRELOAD, os.environ["NNP_OTHER_MPI"]) if w)
        self.refuse("this LAMMPS runs with another MPI library than the plugin was built with",
                    PLUGIN, environment={"LD_PRELOAD": preload})

    def test_lammps_without_mpi(self):
        """What a LAMMPS with its library STUBS says of itself."""
        preload = " ".join(w for w in (PRELOAD, os.environ["NNP_NO_MPI"]) if w)
        self.refuse("this LAMMPS was built without MPI .*build LAMMPS with -DBUILD_MPI=on", PLUGIN,
                    environment={"LD_PRELOAD": preload})

    def test_mpi_library_that_is_missing(self):
        """The plugin's own is not installed here."""
        plugin = self.install({})
        source = os.path.join(self.folder, "x.c")
        self.write("x.c", "int x;")
        missing = os.path.join(self.folder, "libothermpi.so.40")
        target = os.path.join(self.folder, "lib", "nnp", self.library)
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-shared", "-o", missing, source], check=True)
        subprocess.run([compiler, "-shared", "-Wl,--no-as-needed", "-o", target, source, missing],
                       check=True)
        os.remove(missing)
        self.refuse("cannot open .*/lib/nnp/%s, probably since it was built .*with another MPI "
                    "library: .*libothermpi.so.40" % self.library, plugin)

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

    def test_damaged_library(self):
        """A file that was cut off, and one for another processor or word size."""
        plugin = self.install({})
        inner = os.path.join(os.path.dirname(PLUGIN), "nnp", self.library)
        target = os.path.join(self.folder, "lib", "nnp", self.library)
        with open(inner, "rb") as stream:
            content = stream.read()
        for length in (5000, len(content) // 10):
            with open(target, "wb") as stream:
                stream.write(content[:length])
            self.refuse("cannot open .*/lib/nnp/%s: the file is damaged" % self.library, plugin)
        for at, value, message in ((18, 183, "cannot open shared object file|ELF"),  # AArch64
                                   (4, 1, "wrong ELF class")):  # 32 bits
            foreign = content[:at] + bytes([value]) + content[at + 1:]
            with open(target, "wb") as stream:
                stream.write(foreign)
            self.refuse("cannot open .*/lib/nnp/%s, probably since .*(%s)"
                        % (self.library, message), plugin)
            # The same of the file that LAMMPS opens itself: its words, which name the file.
            broken = os.path.join(self.folder, "foreign.so")
            with open(broken, "wb") as stream:
                stream.write(foreign)
            self.fail_with("%s.*nrecognized pair style 'nnp'" % broken,
                           header(self.structure, plugin=broken) + self.run_style)

    def test_library_that_cannot_be_read(self):
        """A broken link counts as a file that is not there."""
        plugin = self.install({})
        os.symlink("/nowhere", os.path.join(self.folder, "lib", "nnp", self.library))
        self.refuse("was built for: ", plugin)

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
