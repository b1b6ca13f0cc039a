"""Runs unit tests by name; exit code 77 (skipped, to ctest) where there is no LAMMPS."""

import os
import sys
import unittest

if not os.access(os.environ["NNP_LMP"], os.X_OK):
    print("skipped: no LAMMPS executable " + os.environ["NNP_LMP"] + " (set NNP_LMP)")
    sys.exit(77)
suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:])
sys.exit(0 if unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() else 1)
