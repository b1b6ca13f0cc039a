#!/usr/bin/env python3
"""Writes small made-up potentials in the formats of other codes, and structures with the energies,
forces and stresses that follow from these formats' definitions:

    python3 make.py [FOLDER]

Weights are random.  The evaluation is on its own: it goes by each code's conventions, with none of
the library's.  Forces and stresses are differences of sixth order with steps of 0.0002 A and 0.0001.
"""

import math
import os
import random
import sys

import numpy as np

NUMBERS = {"H": 1, "Li": 3, "N": 7, "O": 8, "Si": 14, "S": 16, "Ti": 22, "Cu": 29, "Ga": 31,
           "Ag": 47, "Au": 79}
rng = random.Random(20)
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def numbers(n, low=-1.0, high=1.0):
    return [round(rng.uniform(low, high), 6) for _ in range(n)]


def write(path, text):
    path = os.path.join(OUT, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as stream:
        stream.write(text)


# ---- Structures ----

class Structure:
    def __init__(self, symbols, positions, cell=None):
        self.symbols, self.cell = symbols, None if cell is None else np.array(cell, float)
        self.positions = np.array(positions, float)

    def environment(self, i, r_cut):
        """Vectors to the neighbors of atom i, and their symbols."""
        shifts = [(0, 0, 0)]
        if self.cell is not None:
            heights = 1.0 / np.linalg.norm(np.linalg.inv(self.cell), axis=0)
            n = [int(math.ceil(r_cut / h)) + 1 for h in heights]
            shifts = [(a, b, c) for a in range(-n[0], n[0] + 1) for b in range(-n[1], n[1] + 1)
                      for c in range(-n[2], n[2] + 1)]
        vectors, symbols = [], []
        for shift in shifts:
            offset = np.zeros(3) if self.cell is None else np.array(shift) @ self.cell
            for j, symbol in enumerate(self.symbols):
                d = self.positions[j] + offset - self.positions[i]
                if 1e-9 < np.linalg.norm(d) < r_cut:
                    vectors.append(d)
                    symbols.append(symbol)
        return np.array(vectors).reshape(-1, 3), np.array(symbols, dtype=object)


def sample(elements, periodic):
    if periodic:
        n, cell = 4, [[3.7, 0, 0], [0.4, 4.1, 0], [-0.3, 0.5, 4.4]]
        sites = [(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
        positions = np.array(sites) @ np.array(cell)
    else:
        n, cell = 6, None
        positions = np.array([(0, 0, 0), (2.2, 0, 0), (0, 2.3, 0), (0, 0, 2.4), (2.1, 2.2, 0.3),
                              (1.9, -0.4, 2.3)])
    jitter = np.array(numbers(3 * n, -0.2, 0.2)).reshape(-1, 3)
    return Structure([elements[k % len(elements)] for k in range(n)],
                     np.round(positions + jitter, 6), cell)


WEIGHTS = [(1, 3 / 4), (2, -3 / 20), (3, 1 / 60)]


def derivative(f, h):
    return sum(w * (f(k * h) - f(-k * h)) for k, w in WEIGHTS) / h


def write_structure(path, structure, atomic_energies):
    """atomic_energies(structure): a list."""
    energy = lambda s: math.fsum(atomic_energies(s))
    forces = np.zeros_like(structure.positions)
    for i in range(len(structure.symbols)):
        for a in range(3):
            def moved(h):
                s = Structure(structure.symbols, structure.positions, structure.cell)
                s.positions[i, a] += h
                return energy(s)
            forces[i, a] = -derivative(moved, 0.0002)
    stress = np.zeros((3, 3))
    for a in range(3):
        for b in range(a, 3):
            def strained(e):
                f = np.eye(3)
                f[a, b] += 0.5 * e
                f[b, a] += 0.5 * e
                return energy(Structure(structure.symbols, structure.positions @ f,
                                        structure.cell @ f))
            if structure.cell is not None:
                stress[a, b] = stress[b, a] = (derivative(strained, 0.0001)
                                               / abs(np.linalg.det(structure.cell)))
    cell = np.eye(3) * 50 if structure.cell is None else structure.cell
    lines = ["%d" % len(structure.symbols),
             'Lattice="%s" Properties=species:S:1:pos:R:3:forces:R:3:atomic_energy:R:1 '
             'energy=%.12f stress="%s" pbc="%s"'
             % (" ".join("%.12g" % x for x in cell.flat), energy(structure),
                " ".join("%.12f" % x for x in stress.flat),
                "F F F" if structure.cell is None else "T T T")]
    for symbol, r, f, e in zip(structure.symbols, structure.positions, forces,
                               atomic_energies(structure)):
        lines.append(" ".join([symbol] + ["%.12f" % x for x in list(r) + list(f) + [e]]))
    write(path, "\n".join(lines) + "\n")


def write_structures(folder, elements, atomic_energies):
    for name, periodic in (("cell", True), ("cluster", False)):
        write_structure("%s/%s.xyz" % (folder, name), sample(elements, periodic),
                        atomic_energies)


# ---- Sums over neighbors ----

def pair_sum(environment, w, weight):
    """sum_j weight(symbol j) w(r_j)"""
    vectors, symbols = environment
    return sum(weight(s) * w(np.linalg.norm(v)) for v, s in zip(vectors, symbols))


def triple_sum(environment, w, p, weight, narrow):
    """sum over unordered pairs of weight(symbol j, symbol k) p(theta) w(r_j) w(r_k) [w(r_jk)]"""
    vectors, symbols = environment
    r = np.array([np.linalg.norm(v) for v in vectors])
    wr = np.array([w(x) for x in r])
    total = 0.0
    for j in range(len(r)):
        for k in range(j):
            f = weight(symbols[j], symbols[k])
            if f == 0 or wr[j] == 0 or wr[k] == 0:
                continue
            c = vectors[j] @ vectors[k] / (r[j] * r[k])
            f *= wr[j] * wr[k] * p(min(1.0, max(-1.0, c)))
            total += f * w(np.linalg.norm(vectors[j] - vectors[k])) if narrow and f else f
    return total


def only(a):
    return lambda s: float(s == a)


def both(a, b):
    return lambda s, t: float((s, t) in ((a, b), (b, a)))


def gauss(eta, rs, fc):
    return lambda r: math.exp(-eta * (r - rs) ** 2) * fc(r)


def power(lam, zeta):
    return lambda c: 2 ** (1 - zeta) * (1 + lam * c) ** zeta


def cos_cutoff(rc):
    return lambda r: 0.5 * (math.cos(math.pi * r / rc) + 1) if r < rc else 0.0


def tanh_cutoff(rc):
    return lambda r: math.tanh(1 - r / rc) ** 3 if r < rc else 0.0


ACTIVATIONS = {
    "l": lambda x: x, "t": np.tanh, "s": lambda x: 1 / (1 + np.exp(-x)),
    "p": lambda x: np.log1p(np.exp(x)), "g": lambda x: np.exp(-x * x / 2),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "mtanh": lambda x: 1.7159 * np.tanh(2 * x / 3),
    "twist": lambda x: 1.7159 * np.tanh(2 * x / 3) + 0.1 * x,
}


def network(x, layers, divide=False):
    """layers: (weights [out][in], biases [out], activation)"""
    for weights, biases, f in layers:
        z = np.array(weights) @ x + np.array(biases)
        x = ACTIVATIONS[f](z / len(x) if divide else z)
    return float(x[0])


def random_layers(sizes, activations):
    return [(np.array(numbers(m * n)).reshape(n, m), np.array(numbers(n)), f)
            for m, n, f in zip(sizes, sizes[1:], activations)]


# ---- n2p2 ----

POLY2 = lambda x: ((15 - 6 * x) * x - 10) * x ** 3 + 1
CORES = {"e": lambda x: math.exp(1 - 1 / (1 - x * x)) if x < 1 else 0.0,
         "p1": lambda x: (2 * x - 3) * x * x + 1, "p2": POLY2,
         "p3": lambda x: (x * (x * (20 * x - 70) + 84) - 35) * x ** 4 + 1,
         "p4": lambda x: (x * (x * ((315 - 70 * x) * x - 540) + 420) - 126) * x ** 5 + 1}


def compact(low, high, name):
    def f(a):
        x = abs(a - (low + high) / 2) / ((high - low) / 2)
        if x >= 1:
            return 0.0
        return CORES[name.rstrip("a")]((2 - x) * x if name.endswith("a") else x)
    return f


def reduced_cutoff(core, rc, alpha):
    def f(r):
        x = (r - alpha * rc) / (rc - alpha * rc)
        return 0.0 if x >= 1 else 1.0 if x < 0 else core(x)
    return f


def n2p2_function(words, core, alpha, unit=1.0):
    """The value for an environment of a line's words behind the central element; unit: conv_length."""
    kind, w = int(words[0]), words[1:]
    z1, z2 = (lambda s: NUMBERS[s]), (lambda s, t: NUMBERS[s] * NUMBERS[t])
    fc = lambda rc: reduced_cutoff(core, float(rc) * unit, alpha)
    g = lambda eta, rs, rc: gauss(float(eta) / unit ** 2, float(rs) * unit, fc(rc))
    # Angles have the symmetric core, also where that of distances is asymmetric.
    radians = lambda l, h, s: (lambda c: compact(math.radians(float(l)), math.radians(float(h)),
                                                 s.rstrip("a"))(math.acos(c)))
    c = lambda l, h, s: compact(float(l) * unit, float(h) * unit, s)
    if kind == 2:
        return lambda e: pair_sum(e, g(w[1], w[2], w[3]), only(w[0]))
    if kind in (3, 9):
        rs = w[6] if len(w) > 6 else 0
        return lambda e: triple_sum(e, g(w[2], rs, w[5]), power(float(w[3]), float(w[4])),
                                    both(w[0], w[1]), kind == 3)
    if kind == 12:
        return lambda e: pair_sum(e, g(w[0], w[1], w[2]), z1)
    if kind == 13:
        return lambda e: triple_sum(e, g(w[0], w[1], w[4]), power(float(w[2]), float(w[3])), z2,
                                    True)
    if kind == 20:
        return lambda e: pair_sum(e, c(w[1], w[2], w[3]), only(w[0]))
    if kind in (21, 22):
        return lambda e: triple_sum(e, c(w[2], w[3], w[6]), radians(w[4], w[5], w[6]),
                                    both(w[0], w[1]), kind == 21)
    if kind == 23:
        return lambda e: pair_sum(e, c(w[0], w[1], w[2]), z1)
    return lambda e: triple_sum(e, c(w[0], w[1], w[4]), radians(w[2], w[3], w[4]), z2, kind == 24)


def scaling_rows(n):
    rows = []
    for _ in range(n):
        low = round(rng.uniform(-0.5, 0.5), 6)
        high = low + round(rng.uniform(2.0, 60.0), 6)
        rows.append([low, high, round((low + high) / 2 + 0.3, 6), round(rng.uniform(1, 9), 6)])
    return rows


def n2p2_weights(folder, element, layers):
    lines = ["# first column: value"]
    for l, (weights, biases, _) in enumerate(layers):
        for j in range(weights.shape[1]):
            for k in range(weights.shape[0]):
                lines.append("%.6f a %d %d %d %d %d" % (weights[k, j], len(lines), l, j + 1,
                                                        l + 1, k + 1))
        lines += ["%.6f b" % b for b in biases]
    write("%s/weights.%03d.data" % (folder, NUMBERS[element]), "\n".join(lines) + "\n")


def n2p2_all_types():
    """Every type of function in n2p2's order, with lines of RuNNer's that mean nothing here."""
    folder = "n2p2_types"
    table = {  # in the order of the inputs
        "S": ["2 S 0.05 0.0 4.5", "2 Cu 0.05 0.0 4.5", "2 Cu 0.3 1.5 4.5", "2 S 0.3 0.0 5.0",
              "3 S Cu 0.02 1 2.0 4.5", "3 S S 0.02 -1 1.0 5.0 1.0", "9 Cu Cu 0.03 1 4.0 4.5",
              "12 0.1 0.5 4.5", "13 0.05 0.2 -1 2.5 4.5", "20 S 0.0 4.5 e", "20 Cu 0.5 4.5 p2",
              "20 S -4.5 4.5 p3a", "21 S Cu 0.0 4.5 0.0 180.0 p2",
              "21 S S 0.0 4.5 30.0 150.0 p4", "22 Cu Cu 0.5 4.5 60.0 180.0 p1",
              "23 0.0 4.8 p4a", "24 0.0 4.5 20.0 140.0 p3", "25 0.0 4.5 -90.0 90.0 e",
              "25 0.0 4.5 0.0 120.0 p2"],
        "Cu": ["2 S 0.1 0.0 4.5", "9 S Cu 0.04 -1 1.0 4.5", "12 0.1 0.0 4.5", "23 0.2 4.5 p2"],
    }
    lines = ["# every type", "nnp_type_short 1", "runner_mode 3", "number_of_elements 2",
             "elements Cu S", "atom_energy S -1.25", "atom_energy Cu -3.5", "cutoff_type 6 0.2",
             "scale_symmetry_functions", "center_symmetry_functions", "scale_min_short -1.0",
             "scale_max_short 1.0", "normalize_nodes", "global_hidden_layers_short 2",
             "global_nodes_short 5 4", "global_activation_short t p l", "use_short_nn",
             "fitting_unit eV"]
    shuffled = [(e, f) for e in table for f in table[e]]
    rng.shuffle(shuffled)
    for element, f in shuffled:
        w = f.split()
        if w[0] in ("3", "9", "21", "22") and rng.random() < 0.5:
            w[1], w[2] = w[2], w[1]
        lines.append("symfunction_short %s %s  # a comment" % (element, " ".join(w)))
    write(folder + "/input.nn", "\n".join(lines) + "\n")
    scaling, layers = {}, {}
    text = ["# e sf min max mean sigma"]
    for e, element in enumerate(("S", "Cu")):
        scaling[element] = scaling_rows(len(table[element]))
        text += ["%d %d %s" % (e + 1, k + 1, " ".join("%.6f" % x for x in row))
                 for k, row in enumerate(scaling[element])]
        layers[element] = random_layers([len(table[element]), 5, 4, 1], "tpl")
        n2p2_weights(folder, element, layers[element])
    text.append("-10.5 -2.5")
    write(folder + "/scaling.data", "\n".join(text) + "\n")
    functions = {e: [n2p2_function(f.split(), POLY2, 0.2) for f in table[e]] for e in table}

    def energies(s):
        result = []
        for i, element in enumerate(s.symbols):
            env = s.environment(i, 5.1)
            g = np.array([f(env) for f in functions[element]])
            t = np.array(scaling[element])
            x = -1.0 + 2.0 * (g - t[:, 2]) / (t[:, 1] - t[:, 0])
            result.append(network(x, layers[element], True) + {"S": -1.25, "Cu": -3.5}[element])
        return result
    write_structures(folder, ["S", "Cu", "Cu", "S"], energies)


def n2p2_normalised():
    """Normalisation, networks of their own for each element, scaling by sigma."""
    folder = "n2p2_normalised"
    mean, conv_e, conv_l = -2.3125, 3.7, 1.6
    table = {"H": ["2 H 0.2 0.0 4.0", "2 O 0.2 0.0 4.0", "9 H O 0.05 1 1.0 4.0"],
             "O": ["2 H 0.1 0.0 4.0", "3 H H 0.03 -1 2.0 4.0"]}
    lines = ["number_of_elements 2", "elements H O", "mean_energy %r" % mean,
             "conv_energy %r" % conv_e, "conv_length %r" % conv_l, "atom_energy O -0.5",
             "cutoff_type 4", "scale_symmetry_functions_sigma", "scale_min_short 0.0",
             "scale_max_short 2.0", "global_hidden_layers_short 2", "global_nodes_short 5 4",
             "global_activation_short t t l", "element_hidden_layers_short O 1",
             "element_nodes_short O 6", "element_activation_short O g l",
             "element_nodes_short H 2 3"]
    lines += ["symfunction_short %s %s" % (e, f) for e in table for f in table[e]]
    write(folder + "/input.nn", "\n".join(lines) + "\n")
    shapes = {"H": ([3, 5, 3, 1], "ttl"), "O": ([2, 6, 1], "gl")}
    scaling, layers, text = {}, {}, []
    for e, element in enumerate(("H", "O")):
        scaling[element] = scaling_rows(len(table[element]))
        text += ["%d %d %s" % (e + 1, k + 1, " ".join("%.6f" % x for x in row))
                 for k, row in enumerate(scaling[element])]
        layers[element] = random_layers(*shapes[element])
        n2p2_weights(folder, element, layers[element])
    write(folder + "/scaling.data", "\n".join(text) + "\n")
    functions = {e: [n2p2_function(f.split(), CORES["e"], 0.0, conv_l) for f in table[e]]
                 for e in table}

    def energies(s):
        normal = Structure(s.symbols, s.positions * conv_l,
                           None if s.cell is None else s.cell * conv_l)
        result = []
        for i, element in enumerate(s.symbols):
            env = normal.environment(i, 4.0 * conv_l)
            g = np.array([f(env) for f in functions[element]])
            t = np.array(scaling[element])
            e = network(2.0 * (g - t[:, 2]) / t[:, 3], layers[element])
            result.append(e / conv_e + mean + {"H": 0.0, "O": -0.5}[element])
        return result
    write_structures(folder, ["O", "H", "H"], energies)


# ---- MAISE ----

def maise(species):
    folder = "maise_%d" % len(species)
    n = len(species)
    b2a, scaling = 0.529177249, 1.0
    unit = b2a * scaling
    lists = {"Rc": [8.5], "Rs": [0.0, 1.5], "n1": [0.01, 0.06], "n2": [0.003, 0.015],
             "k": [1.0], "z": [1.0, 4.0], "l": [-1.0, 1.0]}
    rows = [(2, 0, 0, 0, 0, 0, 0, 0), (2, 0, 1, 1, 0, 0, 0, 0), (4, 0, 0, 0, 0, 0, 0, 1),
            (4, 0, 0, 0, 1, 0, 1, 0), (4, 0, 0, 0, 1, 0, 0, 1)]
    n_inputs = 2 * n + 3 * n * (n + 1) // 2
    sizes = [n_inputs, 4, 3, 1]
    fc = cos_cutoff(lists["Rc"][0] * unit)

    def value(row, env, a, b):
        kind, _, rs, n1, n2, _, z, l = row
        if kind == 2:
            return pair_sum(env, gauss(lists["n1"][n1] / unit ** 2, lists["Rs"][rs] * unit, fc),
                            only(a))
        # over ordered pairs: twice that over unordered ones
        return 2 * triple_sum(env, gauss(lists["n2"][n2] / unit ** 2, 0.0, fc),
                              power(lists["l"][l], lists["z"][z]), both(a, b), True)

    def inputs(env, center):
        order = [species[(species.index(center) + d) % n] for d in range(n)]
        groups = [(order[0], None), (order[0], order[0])]
        if n > 1:
            groups += [(order[1], None), (order[0], order[1]), (order[1], order[1])]
        if n > 2:
            groups += [(order[2], None), (order[0], order[2]), (order[2], order[2]),
                       (order[1], order[2])]
        return np.array([value(row, env, a, b) for a, b in groups for row in rows
                         if (row[0] == 2) == (b is None)])
    ranges = {s: [(0.0, round(rng.uniform(2, 40), 6)) for _ in range(n_inputs)] for s in species}
    layers = {s: random_layers(sizes, "ttl") for s in species}
    n_weights = n * sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
    dashes = "-" * 77
    line = lambda key, text: "|  %-20s |  %-49s |" % (key, text)
    head = [dashes, "|%s|" % "neural network general information".center(75), dashes,
            line("model unique ID", "0000TEST"), line("number of species", str(n)),
            line("species types", " ".join("%3d" % NUMBERS[s] for s in species)),
            line("species names", " ".join(species)), line("number of layers", "4"),
            line("architecture", " ".join(map(str, sizes))),
            line("number of weights", str(n_weights)), dashes,
            "|%s|" % "training details".center(75), dashes,
            line("maise version", "maise.0.0.00"), dashes,
            "|%s|" % "input component range".center(75), dashes,
            "        minimum                    maximum                     range"]
    for s in species:
        head += ["%21.16f %29.16f %29.16f" % (a, b, 1 / (b - a)) for a, b in ranges[s]]
    head += [dashes, "|%s|" % "neural network weights".center(75), dashes]
    for s in species:
        head += ["%25.16f" % b for _, biases, _ in layers[s] for b in biases]
        head += ["%25.16f" % x for weights, _, _ in layers[s] for x in weights.flat]
    head += [dashes, "  B2A          Scaling", "  %.9f  %.2f" % (b2a, scaling), "",
             "  N  GN  Rc  Rs   n1  n2  k   z   l", ""]
    head += ["%3d %3d " % (k + 1, row[0]) + " ".join("%3d" % x for x in row[1:])
             for k, row in enumerate(rows)]
    head += [""] + [" %-2s %3d  %s" % (key, len(v), " ".join("%.4f" % x for x in v))
                    for key, v in lists.items()]
    write(folder + "/model", "\n".join(head) + "\n")

    def energies(s):
        result = []
        for i, center in enumerate(s.symbols):
            g = inputs(s.environment(i, lists["Rc"][0] * unit), center)
            x = [(v - a) / (b - a) for v, (a, b) in zip(g, ranges[center])]
            result.append(network(np.array(x), layers[center]))
        return result
    write_structures(folder, species, energies)


# ---- SIMPLE-NN ----

def simple_nn():
    folder, rc = "simple_nn", 4.6
    functions = ["2 {0} 0.05 0.0 0.0 Si", "2 {0} 0.4 1.2 0.0 O", "4 {0} 0.02 2.0 -1.0 Si O",
                 "5 {0} 0.03 1.0 1.0 O O", "4 {0} 0.01 1.0 1.0 Si Si"]
    functions = [f.format(rc) for f in functions]
    n = len(functions)
    layers = {"Si": random_layers([n, 3, 4, 1], ["l", "s", "l"]),
              "O": random_layers([n, 4, 3, 1], ["t", "s", "l"])}
    names = {"l": "linear", "s": "sigmoid", "t": "tanh"}
    scales, text = {}, ["ELEM_LIST Si O", ""]
    for element in ("Si", "O"):
        scales[element] = (numbers(n, 0, 3), numbers(n, 1, 9))
        text += ["POT %s %.1f" % (element, rc), "SYM %d" % n] + functions
        text += ["scale%d %s" % (k + 1, " ".join("%.6f" % x for x in scales[element][k]))
                 for k in (0, 1)]
        text.append("NET 2 " + " ".join(str(len(b)) for _, b, _ in layers[element]))
        for l, (weights, biases, f) in enumerate(layers[element]):
            text.append("LAYER %d %s%s" % (l, names[f], " PCA" if l == 0 and f == "l" else ""))
            for k, (row, b) in enumerate(zip(weights, biases)):
                text += ["w%d %s" % (k, " ".join("%.6f" % x for x in row)), "b%d %.6f" % (k, b)]
        text.append("")
    write(folder + "/potential_saved", "\n".join(text) + "\n")

    def value(line, env):
        w = line.split()
        a, b, c = float(w[2]), float(w[3]), float(w[4])
        if w[0] == "2":
            return pair_sum(env, gauss(a, b, cos_cutoff(rc)), only(w[5]))
        return triple_sum(env, gauss(a, 0.0, cos_cutoff(rc)), power(c, b), both(w[5], w[6]),
                          w[0] == "4")

    def energies(s):
        result = []
        for i, element in enumerate(s.symbols):
            env = s.environment(i, rc)
            g = np.array([value(f, env) for f in functions])
            x = (g - np.array(scales[element][0])) / np.array(scales[element][1])
            result.append(network(x, layers[element]))
        return result
    write_structures(folder, ["O", "Si", "O"], energies)


# ---- HDNNP ----

def hdnnp():
    folder, species = "hdnnp", ["Ga", "N"]
    type1, type2 = [4.8], [(4.8, 0.05, 0.0), (4.2, 0.5, 1.4)]
    type4 = [(4.8, 0.02, 1, 1), (4.2, 0.03, -1, 4)]
    n, m = 6 + 6, 4
    target = (1.0, -1.0)
    highs = {s: numbers(n, 2, 9) for s in species}
    lows = {s: numbers(n, -0.5, 0.5) for s in species}
    matrix = {s: np.array(numbers(m * n)).reshape(m, n) for s in species}
    means = {s: numbers(n) for s in species}
    standard = {s: (numbers(m), numbers(m, 0.5, 2)) for s in species}
    layers = {s: random_layers([m, 5, 3, 1], ["t", "elu", "l"]) for s in species}
    names = {"t": "tanh", "elu": "elu", "l": "identity"}
    join = lambda v: " ".join("%.6f" % x for x in v)
    text = ["# made up", "3", "type1 1", "%.1f" % type1[0], "type2 2"]
    text += [join(v) for v in type2] + ["type4 2"] + [join(v) for v in type4]
    text += ["// in this order", "3", "scaling", "%.1f %.1f" % target]
    for s in species:
        text += ["%s %d" % (s, n), join(highs[s]), join(lows[s])]
    text.append("pca")
    for s in species:
        text += ["%s %d %d" % (s, m, n)] + [join(r) for r in matrix[s]] + [join(means[s])]
    text.append("standardization")
    for s in species:
        text += ["%s %d" % (s, m), join(standard[s][0]), join(standard[s][1])]
    text.append("3")
    for s in species:
        for l, (weights, biases, f) in enumerate(layers[s]):
            text.append("%s %d %d %d %s" % (s, l + 1, weights.shape[1], weights.shape[0],
                                            names[f]))
            text += [join(row) for row in weights.T] + [join(biases)]
    write(folder + "/coeff", "\n".join(text) + "\n")

    def inputs(env):
        g = [pair_sum(env, tanh_cutoff(type1[0]), only(e)) for e in species]
        for rc, eta, rs in type2:
            g += [pair_sum(env, gauss(eta, rs, tanh_cutoff(rc)), only(e)) for e in species]
        for rc, eta, lam, zeta in type4:
            g += [triple_sum(env, gauss(eta, 0.0, tanh_cutoff(rc)), power(lam, zeta),
                             both(a, b), False)
                  for k, a in enumerate(species) for b in species[k:]]
        return np.array(g)

    def energies(s):
        result = []
        for i, e in enumerate(s.symbols):
            g, low, high = inputs(s.environment(i, 4.9)), np.array(lows[e]), np.array(highs[e])
            x = target[1] + (target[0] - target[1]) * (g - low) / (high - low)
            x = matrix[e] @ (x - np.array(means[e]))
            x = (x - np.array(standard[e][0])) / np.array(standard[e][1])
            result.append(network(x, layers[e]))
        return result
    write_structures(folder, ["Ga", "N"], energies)


# ---- aenet ----

def aenet():
    folder, types, rc = "aenet", ["Ti", "O"], 4.7
    energies_of = {"Ti": -12.5, "O": -4.25}
    scale, shift = 0.35, -3.125
    functions = {  # type, parameters, neighbors from 1 in types
        "Ti": [(1, (rc, 0, 0, 0), (2, 0)), (2, (rc, 0.5, 0.2, 0), (1, 0)),
               (4, (rc, -1.0, 2.0, 0.03), (1, 2)), (5, (rc, 1.0, 4.0, 0.02), (2, 2))],
        "O": [(2, (rc, 0.0, 0.1, 0), (2, 0)), (2, (rc, 0.0, 0.1, 0), (1, 0)),
              (5, (rc, 1.0, 1.0, 0.04), (2, 1))],
    }
    codes = {"l": 0, "t": 1, "s": 2, "mtanh": 3, "twist": 4}
    layers, statistics = {}, {}
    for element in types:
        f = functions[element]
        n = len(f)
        layers[element] = random_layers([n, 4, 3, 1], ["twist", "mtanh", "l"])
        average = numbers(n, 1, 4)
        squares = [a * a + v for a, v in zip(average, numbers(n, 1, 9))]
        statistics[element] = (average, squares)
        sizes = [n, 4, 3, 1]
        w = [x for weights, biases, _ in layers[element]
             for x in list(weights.T.flat) + list(biases)]
        line = lambda v: "  ".join(str(x) for x in v)
        text = ["4", "4", str(len(w)), str(sum(sizes) + 3), line(sizes),
                line(codes[a] for _, _, a in layers[element]), line([0] * 4), line([0] * 4)]
        text += ["  ".join("%.6f" % x for x in w[k:k + 3]) for k in range(0, len(w), 3)]
        text += [" a made-up network$$of no use", " " + element, str(len(types))] + types
        text += ["0.75", str(rc), " Behler2011", str(n), "4", line(t for t, _, _ in f),
                 line("%.6f" % x for _, p, _ in f for x in p),
                 line(x for _, _, e in f for x in e), "100", line(numbers(n, 0, 0.5)),
                 line(numbers(n, 20, 40)), line(average), line("%.17g" % x for x in squares),
                 " some training set.dat", " T", str(scale), str(shift), str(len(types)),
                 " " + "".join("%-2s" % t for t in types) if element == "Ti" else line(types),
                 line(energies_of[t] for t in types), "500", "50", "-9.0 -1.0 -4.0"]
        write("%s/%s.nn.ascii" % (folder, element), "\n".join(text) + "\n")

    def value(f, env):
        kind, p, e = f
        fc = cos_cutoff(p[0])
        if kind == 1:
            return pair_sum(env, fc, only(types[e[0] - 1]))
        if kind == 2:
            return pair_sum(env, gauss(p[2], p[1], fc), only(types[e[0] - 1]))
        half = lambda c: 2 * ((1 + p[1] * c) / 2) ** p[2]
        return triple_sum(env, gauss(p[3], 0.0, fc), half, both(*(types[k - 1] for k in e)),
                          kind == 4)

    def energies(s):
        result = []
        for i, e in enumerate(s.symbols):
            env = s.environment(i, rc)
            average, squares = (np.array(v) for v in statistics[e])
            g = np.array([value(f, env) for f in functions[e]])
            x = (g - average) / np.sqrt(squares - average ** 2)
            result.append(network(x, layers[e]) / scale + shift + energies_of[e])
        return result
    write_structures(folder, ["O", "Ti", "O"], energies)


n2p2_all_types()
n2p2_normalised()
maise(["Li"])
maise(["Cu", "Li"])
maise(["Ag", "Au", "Cu"])
simple_nn()
hdnnp()
aenet()
