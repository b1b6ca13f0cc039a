"""ASE calculator on the library of nnp: energies, forces, stresses of neural network potentials.

    from ase.build import bulk
    from nnp_ase import NNP
    atoms = bulk("Au", cubic=True)
    atoms.calc = NNP("potentials/AuLi/AuLi.nnp")
    atoms.get_potential_energy()

The shared library libnnp.so is looked for in the file that the environment variable NNP_LIBRARY
names, beside an installed copy of this file, in build/release/lib of the source tree, and where
the system looks.
"""

import ctypes
import ctypes.util
import os

import numpy as np
from ase.calculators.calculator import (Calculator, CalculatorSetupError,
                                        PropertyNotImplementedError, all_changes)
from ase.data import chemical_symbols


class _Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("message", ctypes.c_char * 1024)]


_INTS = np.ctypeslib.ndpointer(np.intc, flags="C_CONTIGUOUS")
_DOUBLES = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")


def _candidates():
    if os.environ.get("NNP_LIBRARY"):
        yield os.environ["NNP_LIBRARY"]
        return
    here = os.path.dirname(os.path.abspath(__file__))
    # <prefix>/share/nnp/python and <prefix>/lib or lib/<architecture>
    prefix = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    for folder, _, files in os.walk(os.path.join(prefix, "lib")):
        if folder.count(os.sep) > prefix.count(os.sep) + 2:
            break
        if "libnnp.so" in files:
            yield os.path.join(folder, "libnnp.so")
    root = os.path.dirname(os.path.dirname(here))
    yield os.path.join(root, "build", "release", "lib", "libnnp.so")
    found = ctypes.util.find_library("nnp")
    if found:
        yield found


def _load():
    tried = []
    for name in _candidates():
        try:
            library = ctypes.CDLL(name)
            break
        except OSError as error:
            tried.append(str(error))
    else:
        raise CalculatorSetupError(
            "no libnnp.so could be opened (%s); set NNP_LIBRARY to its path" % "; ".join(tried))
    library.nnp_calculator_create.argtypes = [
        ctypes.POINTER(ctypes.c_void_p), ctypes.c_char_p, ctypes.POINTER(_Error)]
    library.nnp_calculator_free.argtypes = [ctypes.c_void_p]
    library.nnp_calculator_free.restype = None
    library.nnp_calculator_atomic_number.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.nnp_calculator_n_elements.argtypes = [ctypes.c_void_p]
    library.nnp_calculator_cutoff.argtypes = [ctypes.c_void_p]
    library.nnp_calculator_cutoff.restype = ctypes.c_double
    library.nnp_calculator_compute.argtypes = [
        ctypes.c_void_p, ctypes.c_int, _INTS, _DOUBLES, _DOUBLES, _INTS, _DOUBLES, _DOUBLES,
        _DOUBLES, _DOUBLES, ctypes.POINTER(ctypes.c_long), ctypes.POINTER(_Error)]
    return library


class NNP(Calculator):
    """Neural network potential of a file that pair_style nnp reads.

    After a calculation `n_extrapolations` is the number of symmetry functions that were outside of
    their range in training.  Stresses are those of cells that are periodic in all directions.
    Copies (copy, pickle, as by multiprocessing) read the file again.
    """

    implemented_properties = ["energy", "free_energy", "energies", "forces", "stress"]
    _library = None

    def __init__(self, potential, **kwargs):
        self._handle = None
        super().__init__(**kwargs)
        self.potential = os.fspath(potential)
        self.n_extrapolations = 0
        self._open(self.potential)

    def _open(self, path):
        """Reads the potential; a path that holds in other folders is kept for copies."""
        if NNP._library is None:
            NNP._library = _load()
        self._path = os.path.abspath(path)
        handle, error = ctypes.c_void_p(), _Error()
        if self._library.nnp_calculator_create(ctypes.byref(handle),
                                               os.fsencode(path),
                                               ctypes.byref(error)):
            raise CalculatorSetupError(error.message.decode(errors="replace"))
        self._handle = handle
        self.elements = [
            chemical_symbols[self._library.nnp_calculator_atomic_number(handle, k)]
            for k in range(self._library.nnp_calculator_n_elements(handle))]
        self.cutoff = self._library.nnp_calculator_cutoff(handle)

    # Copies, also those of pickle, are calculators of their own, which read the file again.
    def __getstate__(self):
        return {key: value for key, value in self.__dict__.items() if key != "_handle"}

    def __setstate__(self, state):
        self._handle = None
        self.__dict__.update(state)
        self._open(self._path)

    def __del__(self):
        if getattr(self, "_handle", None):
            self._library.nnp_calculator_free(self._handle)

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        if "stress" in properties and not self.atoms.pbc.all():
            raise PropertyNotImplementedError(
                "stress: NNP has it for cells that are periodic in all directions")
        n = len(self.atoms)
        energy, energies = np.zeros(1), np.zeros(n)
        forces, stress = np.zeros((n, 3)), np.zeros(6)
        extrapolations, error = ctypes.c_long(), _Error()
        if self._library.nnp_calculator_compute(
                self._handle, n, np.ascontiguousarray(self.atoms.numbers, dtype=np.intc),
                np.ascontiguousarray(self.atoms.positions, dtype=np.float64),
                np.ascontiguousarray(self.atoms.cell.array, dtype=np.float64),
                np.ascontiguousarray(self.atoms.pbc, dtype=np.intc), energy, energies, forces,
                stress, ctypes.byref(extrapolations), ctypes.byref(error)):
            raise RuntimeError(error.message.decode(errors="replace"))
        self.n_extrapolations = extrapolations.value
        self.results = {"energy": energy[0], "free_energy": energy[0], "energies": energies,
                        "forces": forces}
        if self.atoms.pbc.all():
            # xx yy zz xy xz yz here, xx yy zz yz xz xy in ASE
            self.results["stress"] = stress[[0, 1, 2, 5, 4, 3]]
