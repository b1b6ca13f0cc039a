/* Messages of the reader of potential files: one change to a valid file, and the place and
 * words of what is said about it.  And the check of potentials built in memory. */
#include "nnp/potential.h"

#include "random_potential.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char valid[] =
    "nnp: 1\n"
    "units: {length: Angstrom, energy: eV}\n"
    "provenance:\n"
    "  title: a title\n"
    "  data:\n"
    "    - {file: a.xyz, structures: 3}\n"
    "  rmse:\n"
    "    - {set: training, structures: 2, energy: 0.01}\n"
    "elements:\n"
    "  - {symbol: Li, mass: 6.94, energy: -1.9}\n"
    "  - {symbol: Au, mass: 196.96657, energy: -3.2}\n"
    "symmetry_functions:\n"
    "  Li:\n"
    "    - {type: radial, neighbors: [Au], eta: 0.01, r_shift: 0,\n"
    "       cutoff: {function: cos, radius: 7, alpha: 0}}\n"
    "    - {type: wide, neighbors: [Au, Li], eta: 0.02, r_shift: 0.5, zeta: 4, lambda: -1,\n"
    "       cutoff: {function: tanh, radius: 6, alpha: 0}}\n"
    "  Au:\n"
    "    - {type: narrow, neighbors: [Au, Au], eta: 0.03, r_shift: 0, zeta: 1.5, lambda: 1,\n"
    "       cutoff: {function: poly2, radius: 6.5, alpha: 0.25}}\n"
    "scaling:\n"
    "  Li:\n"
    "    method: minmax\n"
    "    target: [-1, 1]\n"
    "    functions:\n"
    "      - {min: 0.1, max: 0.2, mean: 0.15, sigma: 0.01}\n"
    "      - {min: 0.3, max: 0.3, mean: 0.31, sigma: 0}\n"
    "  Au:\n"
    "    method: none\n"
    "    functions:\n"
    "      - {min: 0.4, max: 0.6, mean: 0.5, sigma: 0.02}\n"
    "projection:\n"
    "  Li:\n"
    "    offset: [0.5, 0.6]\n"
    "    matrix:\n"
    "      - [0.7]\n"
    "      - [0.8]\n"
    "networks:\n"
    "  - Li:\n"
    "      - activation: tanh\n"
    "        biases: [1.1, 1.2]\n"
    "        weights:\n"
    "          - [1.3, 1.4]\n"
    "      - activation: linear\n"
    "        biases: [1.5]\n"
    "        weights:\n"
    "          - [1.6]\n"
    "          - [1.7]\n"
    "    Au:\n"
    "      - activation: linear\n"
    "        biases: [2.1]\n"
    "        weights:\n"
    "          - [2.2]\n"
    "repulsion: none\n"
    "end: true\n";

struct change {
    const char *old, *new;
    enum nnp_status status;
    int line, column;
    const char *words;
};

#define SYNTAX NNP_ERROR_SYNTAX
#define VALUE NNP_ERROR_VALUE
#define UNEQUAL NNP_ERROR_INCONSISTENT
#define ELEMENT NNP_ERROR_ELEMENT

static const struct change changes[] = {
    /* head and end */
    {"nnp: 1", "nnp: 2", NNP_ERROR_VERSION, 1, 6,
     "the file is format 2, this program reads up to 1"},
    {"nnp: 1", "nnp: 2\nfuture: {a: 1}", NNP_ERROR_VERSION, 1, 6, "format 2"},
    {"nnp: 1", "nnp: 0", VALUE, 1, 6, "format version nnp is 0, expected 1 to 1"},
    {"nnp: 1", "nnp: one", SYNTAX, 1, 6, "format version nnp is 'one', expected an integer"},
    {"nnp: 1\n", "", SYNTAX, 1, 1, "not a potential file, expected 'nnp: 1'"},
    {"nnp: 1\n", "title: x\nnnp: 1\n", SYNTAX, 1, 1, "not a potential file"},
    {"end: true", "end: false", SYNTAX, 55, 6, "end is false, expected true"},
    {"end: true", "end: tru", SYNTAX, 55, 6, "end is 'tru', expected true or false"},
    {"end: true\n", "", SYNTAX, 54, 1, "the last key is 'repulsion', expected 'end: true'"},
    {"end: true", "end: true\nmore: 1", SYNTAX, 56, 1, "the last key is 'more'"},
    {"repulsion: none", "repulsion: zbl", NNP_ERROR_UNSUPPORTED, 54, 12,
     "repulsion is zbl, expected 'none' or {type: zbl, inner: ..., outer: ...}"},
    {"repulsion: none", "repulsion: [zbl]", NNP_ERROR_UNSUPPORTED, 54, 12,
     "repulsion is a list, expected 'none' or"},
    {"repulsion: none", "repulsion: {kind: zbl}", SYNTAX, 54, 13, "unknown key 'kind'"},
    {"repulsion: none", "repulsion: {type: morse, inner: 1, outer: 2}", VALUE, 54, 19,
     "type is 'morse', expected one of: zbl"},
    {"repulsion: none", "repulsion: {type: zbl, inner: 1}", SYNTAX, 54, 12,
     "key 'outer' is missing"},
    {"repulsion: none", "repulsion: {type: zbl, inner: -1, outer: 2}", VALUE, 54, 31,
     "inner radius of the repulsion is -1, expected a number >= 0"},
    {"repulsion: none", "repulsion: {type: zbl, inner: 1, outer: 1}", VALUE, 54, 41,
     "outer radius of the repulsion is 1, expected more than the inner one (1)"},
    {"repulsion: none", "repulsion: {type: zbl, inner: 1, outer: 6.6}", VALUE, 54, 41,
     "outer radius of the repulsion is 6.6, expected at most 6.5, the largest cutoff radius of "
     "the functions of Au"},
    {"repulsion: none", "repulsion: {type: zbl, inner: 1, outer: 2, decay: 1}", SYNTAX, 54, 44,
     "unknown key 'decay'"},
    {"repulsion: none", "repulsion: {type: exponential, inner: 1, outer: 2}", SYNTAX, 54, 12,
     "key 'amplitude' is missing"},
    {"repulsion: none",
     "repulsion: {type: exponential, inner: 1, outer: 2, amplitude: 0, decay: 1}", VALUE, 54,
     63, "amplitude of the repulsion is 0, expected a number > 0"},
    {"repulsion: none",
     "repulsion: {type: exponential, inner: 1, outer: 2, amplitude: 9, decay: -1}", VALUE, 54,
     73, "decay of the repulsion is -1, expected a length > 0"},
    {"repulsion: none", "repulsion: {type: zbl, pairs: []}", NNP_ERROR_INCONSISTENT, 54, 31,
     "pairs is an empty list"},
    {"repulsion: none", "repulsion: {type: zbl, pairs: [{elements: [Au], inner: 1, outer: 2}]}",
     SYNTAX, 54, 43, "elements of a pair has 1 items, expected two symbols"},
    {"repulsion: none",
     "repulsion: {type: zbl, pairs: [{elements: [Au, Q], inner: 1, outer: 2}]}", ELEMENT, 54,
     48, "symbol is 'Q', expected that of a chemical element"},
    {"repulsion: none",
     "repulsion: {type: zbl, pairs: [{elements: [Au, C], inner: 1, outer: 2}]}", VALUE, 54, 43,
     "C is not among the elements of the potential"},
    {"repulsion: none",
     "repulsion: {type: zbl, pairs: [{elements: [Au, Au], inner: 1, outer: 7}]}", VALUE, 54, 70,
     "outer radius of the repulsion is 7, expected at most 6.5"},
    {"repulsion: none",
     "repulsion: {type: zbl, pairs: [{elements: [Au, Au], inner: 1, outer: 2}, "
     "{elements: [Au, Au], inner: 1, outer: 2}]}",
     VALUE, 54, 85, "the pair of Au and Au is there twice, expected it once"},
    {"repulsion: none\n", "", SYNTAX, 1, 1, "key 'repulsion' is missing"},
    {"scaling:", "scalings:", SYNTAX, 21, 1, "unknown key 'scalings', nearest to 'scaling'"},
    /* units */
    {"type: narrow, neighbors: [Au, Au], eta: 0.03, r_shift: 0, zeta: 1.5, lambda: 1",
     "type: chebyshev_radial, degree: -1", VALUE, 19, 40, "degree is -1, expected 0 to 1000"},
    {"type: narrow, neighbors: [Au, Au], eta: 0.03, r_shift: 0, zeta: 1.5, lambda: 1",
     "type: chebyshev_angular, degree: 1001", VALUE, 19, 41, "degree is 1001"},
    {"type: narrow, neighbors: [Au, Au], eta: 0.03, r_shift: 0, zeta: 1.5, lambda: 1",
     "type: chebyshev_radial, degree: 2, eta: 1", SYNTAX, 19, 43, "unknown key 'eta'"},
    {"type: narrow, neighbors: [Au, Au], eta: 0.03, r_shift: 0, zeta: 1.5, lambda: 1",
     "type: chebyshev_radial", SYNTAX, 19, 7, "key 'degree' is missing"},
    {"scaling:\n", "species_weights:\n  Au: [1]\nscaling:\n", UNEQUAL, 22, 7,
     "species_weights has 1 numbers, expected 2"},
    {"scaling:\n", "species_weights:\n  Ag: [1]\nscaling:\n", SYNTAX, 22, 3,
     "unknown key 'Ag'"},
    {"length: Angstrom", "length: nm", VALUE, 2, 17,
     "length is 'nm', expected one of: Angstrom, Bohr"},
    {"energy: eV", "energy: Ry", VALUE, 2, 35, "expected one of: eV, Hartree"},
    {"length: Angstrom, ", "", SYNTAX, 2, 8, "key 'length' is missing"},
    {"{length: Angstrom, energy: eV}", "eV", SYNTAX, 2, 8, "units is 'eV', expected a mapping"},
    /* provenance */
    {"  title: a title", "  titel: a title", SYNTAX, 4, 3, "nearest to 'title'"},
    {"title: a title", "title:", SYNTAX, 4, 9, "title is nothing, expected a text"},
    {"title: a title", "title: [a]", SYNTAX, 4, 10, "title is a list, expected a text"},
    {"file: a.xyz, ", "", VALUE, 6, 7, "file is missing or not UTF-8, expected a name"},
    {"file: a.xyz", "file: a.xyz, sha256: 12ab", VALUE, 6, 7,
     "sha256 is '12ab', expected 64 hexadecimal digits"},
    {"structures: 3", "structures: -3", VALUE, 6, 7, "structures is -3, expected 0 or more"},
    {"structures: 3", "structures: 3.5", SYNTAX, 6, 33, "expected an integer"},
    {"{file: a.xyz, structures: 3}", "a.xyz", SYNTAX, 6, 7, "data source is 'a.xyz'"},
    {"energy: 0.01", "energy: -0.01", VALUE, 8, 46, "energy is -0.01, expected a number >= 0"},
    {"energy: 0.01", "energy: .nan", VALUE, 8, 46, "expected a finite number"},
    {"energy: 0.01", "energies: 0.01", SYNTAX, 8, 38, "nearest to 'energy'"},
    {"set: training, ", "", VALUE, 8, 7, "set is missing"},
    /* elements */
    {"symbol: Li", "symbol: Lx", ELEMENT, 10, 14,
     "symbol is 'Lx', expected that of a chemical element"},
    {"symbol: Au", "symbol: Li", VALUE, 11, 14,
     "Li comes after Li, expected ascending atomic numbers, each once"},
    {"symbol: Au", "symbol: He", VALUE, 11, 14, "He comes after Li, expected ascending"},
    {"mass: 6.94", "mass: 0", VALUE, 10, 24, "mass is 0, expected a number > 0"},
    {"energy: -1.9", "energy: inf", VALUE, 10, 38, "energy is 'inf', expected a finite number"},
    {"energy: -1.9", "energie: -1.9", SYNTAX, 10, 30, "nearest to 'energy'"},
    {", energy: -3.2", "", SYNTAX, 11, 5, "key 'energy' is missing"},
    {"  - {symbol: Au, mass: 196.96657, energy: -3.2}\n", "", SYNTAX, 17, 3,
     "unknown key 'Au', nearest to 'Li'"},
    /* symmetry functions */
    {"neighbors: [Au],", "neighbors: [Sn],", ELEMENT, 14, 34,
     "neighbor element is 'Sn', expected an element of this potential"},
    {"neighbors: [Au],", "neighbors: [Au, Li],", UNEQUAL, 14, 33,
     "neighbors has 2 elements, expected 1 for the type radial"},
    {"neighbors: [Au, Li]", "neighbors: [Au]", UNEQUAL, 16, 31,
     "neighbors has 1 elements, expected 2 for the type wide"},
    {"neighbors: [Au],", "neighbors: Au,", SYNTAX, 14, 33,
     "neighbors is 'Au', expected a list"},
    {"type: radial", "type: round", VALUE, 14, 14,
     "type is 'round', expected one of: radial, wide, narrow"},
    {"r_shift: 0,\n", "r_shift: 0, zeta: 1,\n", SYNTAX, 14, 62, "unknown key 'zeta'"},
    {"lambda: -1", "lamda: -1", SYNTAX, 16, 75, "unknown key 'lamda', nearest to 'lambda'"},
    {"lambda: -1", "lambda: 0", VALUE, 16, 83, "lambda is 0, expected 1 or -1"},
    {"zeta: 4", "zeta: 0.5", VALUE, 16, 72, "zeta is 0.5, expected a number >= 1"},
    {"zeta: 4, ", "", SYNTAX, 16, 7, "key 'zeta' is missing"},
    {"eta: 0.01", "eta: -0.01", VALUE, 14, 44, "eta is -0.01, expected a number >= 0"},
    {"eta: 0.01", "eta: 0,01", SYNTAX, 14, 46, "unknown key '01'"},
    {"eta: 0.01", "eta: 1e400", SYNTAX, 14, 44, "eta is '1e400', expected a number"},
    {"radius: 7", "radius: 0", VALUE, 15, 40, "cutoff radius is 0, expected a number > 0"},
    {"alpha: 0.25", "alpha: 1", VALUE, 20, 54, "alpha is 1, expected 0 <= alpha < 1"},
    {"alpha: 0.25", "alpha: -0.1", VALUE, 20, 54, "alpha is -0.1"},
    {"radius: 6, alpha: 0", "radius: 6, alpha: 0.1", VALUE, 17, 51,
     "alpha is 0.1, expected 0 for the cutoff function tanh"},
    {"function: cos", "function: cosine", VALUE, 15, 27,
     "function is 'cosine', expected one of: "},
    {"{function: cos, radius: 7, alpha: 0}", "cos", SYNTAX, 15, 16,
     "cutoff is 'cos', expected a mapping"},
    {"       cutoff: {function: cos, radius: 7, alpha: 0}}", "}", SYNTAX, 14, 7,
     "key 'cutoff' is missing"},
    /* scaling */
    {"method: minmax", "method: maxmin", VALUE, 23, 13,
     "method is 'maxmin', expected one of: "},
    {"target: [-1, 1]", "target: [1, 1]", VALUE, 24, 13,
     "target is [1, 1], expected an interval [a, b] with a < b"},
    {"target: [-1, 1]", "target: [-1, 0, 1]", UNEQUAL, 24, 13,
     "target has 3 numbers, expected 2"},
    {"    target: [-1, 1]\n", "", SYNTAX, 23, 5, "key 'target' is missing"},
    {"method: none", "method: none\n    target: [0, 1]", SYNTAX, 30, 5, "unknown key 'target'"},
    {"max: 0.2", "max: 0.05", VALUE, 26, 25,
     "max is 0.05, expected a number >= min, which is 0.1"},
    {"sigma: 0.01", "sigma: -0.01", VALUE, 26, 49, "sigma is -0.01, expected a number >= 0"},
    {"      - {min: 0.3, max: 0.3, mean: 0.31, sigma: 0}\n", "", UNEQUAL, 26, 7,
     "scaling of 1 functions, expected 2 as in symmetry_functions"},
    {"mean: 0.15, ", "", SYNTAX, 26, 9, "key 'mean' is missing"},
    /* projection */
    {"offset: [0.5, 0.6]", "offset: [0.5]", UNEQUAL, 34, 13,
     "offset has 1 numbers, expected 2"},
    {"      - [0.8]\n", "", UNEQUAL, 36, 7, "matrix has 1 rows, expected 2"},
    {"- [0.8]", "- [0.8, 0.9]", UNEQUAL, 37, 9, "row of the matrix has 2 numbers, expected 1"},
    {"- [0.7]", "- []", UNEQUAL, 36, 9, "row of the matrix is an empty list"},
    {"projection:\n  Li:", "projection:\n  Sn:", SYNTAX, 33, 3, "unknown key 'Sn'"},
    /* networks */
    {"activation: tanh", "activation: tan", VALUE, 40, 21,
     "activation is 'tan', expected one of: linear, tanh, "},
    {"biases: [1.1, 1.2]", "biases: []", UNEQUAL, 41, 17, "biases is an empty list"},
    {"biases: [1.1, 1.2]", "biases: [1.1]", UNEQUAL, 43, 13,
     "row of weights has 2 numbers, expected 1, one per bias"},
    {"          - [1.7]\n", "", UNEQUAL, 47, 11,
     "weights has 1 rows, expected 2, one per output of the layer before"},
    {"- [2.2]", "- [2.2]\n          - [2.3]", UNEQUAL, 53, 11,
     "weights has 2 rows, expected 1, one per input"},
    {"biases: [1.5]", "biases: [1.5, 1.6]", UNEQUAL, 45, 17,
     "last layer has 2 outputs, expected 1"},
    {"[1.3, 1.4]", "[1.3, nan]", VALUE, 43, 19,
     "row of weights is 'nan', expected a finite number"},
    {"[1.3, 1.4]", "[1.3, x]", SYNTAX, 43, 19, "row of weights is 'x', expected a number"},
    {"  - Li:\n      - activation: tanh", "  - Ag:\n      - activation: tanh", SYNTAX, 39, 5,
     "unknown key 'Ag', nearest to 'Au'"},
    {"    Au:\n      - activation", "  - Au:\n      - activation", SYNTAX, 39, 5,
     "key 'Au' is missing"},
};

static char *changed(const struct change *change)
{
    const char *place = strstr(valid, change->old);
    if (!place)
        fail_msg("'%s' is not in the valid file", change->old);
    const size_t head = (size_t)(place - valid);
    char *text = malloc(sizeof valid + strlen(change->new));
    assert_non_null(text);
    memcpy(text, valid, head);
    strcpy(text + head, change->new);
    strcat(text + head, place + strlen(change->old));
    return text;
}

/* False, after a report, where the message is another one. */
static int says(const struct change *change)
{
    char start[50];
    struct nnp_error error = {0};
    struct nnp_potential *potential;
    char *text = changed(change);
    const enum nnp_status status =
        nnp_potential_parse(&potential, "p.nnp", text, strlen(text), &error);
    assert_null(potential);
    assert_int_equal(error.status, status);
    assert_int_equal(nnp_potential_parse(&potential, "p.nnp", text, strlen(text), NULL),
                     status);
    free(text);
    snprintf(start, sizeof start, "p.nnp:%d:%d: ", change->line, change->column);
    const int right = status == change->status && strstr(error.message, change->words) &&
                      !strncmp(error.message, start, strlen(start));
    if (!right)
        print_error("'%s' for '%s': status %d, '%s', expected %d, '%s.. %s'\n", change->new,
                    change->old, (int)status, error.message, (int)change->status, start,
                    change->words);
    return right;
}

static void test_messages(void **state)
{
    int n_wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        n_wrong += !says(&changes[i]);
    assert_int_equal(n_wrong, 0);
}

static void test_valid_file(void **state)
{
    struct nnp_error error = {0};
    struct nnp_potential *potential;
    (void)state;
    if (nnp_potential_parse(&potential, "p.nnp", valid, strlen(valid), &error))
        fail_msg("%s", error.message);
    /* Two neighbors may stand in any order. */
    assert_int_equal(potential->descriptors[0].functions[1].neighbors[0], 0);
    assert_int_equal(potential->descriptors[0].functions[1].neighbors[1], 1);
    nnp_potential_free(potential);
}

static void test_no_yaml(void **state)
{
    static const char *const texts[] = {"",   "\n",  "hello", "[1, 2]",
                                        "{}", "nnp", "nnp:",  "- nnp: 1"};
    struct nnp_potential *potential;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct nnp_error error = {0};
        assert_int_equal(
            nnp_potential_parse(&potential, "x", texts[i], strlen(texts[i]), &error),
            NNP_ERROR_SYNTAX);
        assert_int_equal(strncmp(error.message, "x:", 2), 0);
    }
}

/* ---- Potentials built in memory ---- */

static struct nnp_potential *committee(void)
{
    const struct random_potential_options options = {
        .n_elements = 2, .n_members = 2, .with_projection = 1, .seed = 3};
    struct nnp_potential *potential = random_potential(&options);
    assert_int_equal(nnp_potential_check(potential, NULL), NNP_SUCCESS);
    return potential;
}

static void expect_refused(const struct nnp_potential *potential, enum nnp_status status,
                           const char *message)
{
    char *text;
    struct nnp_error error = {0};
    assert_int_equal(nnp_potential_check(potential, &error), status);
    assert_string_equal(error.message, message);
    assert_int_equal(nnp_potential_format(potential, &text, NULL), status);
    assert_null(text);
    assert_int_equal(nnp_potential_write(potential, "never.nnp", NULL), status);
}

static void test_check_numbers(void **state)
{
    struct nnp_potential *potential = committee();
    struct nnp_descriptor *descriptor = &potential->descriptors[1];
    (void)state;
    potential->networks[3].layers[1].weights[7] = NAN;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): network 2: layer 2: number 8 of the weights is nan, "
                   "expected a finite number");
    potential->networks[3].layers[1].weights[7] = 0.0;
    descriptor->functions[4].zeta = 0.0;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): symmetry function 5: zeta is 0, expected a number >= 1");
    descriptor->functions[4].zeta = 1.0;
    descriptor->functions[4].degree = 2;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): symmetry function 5: a wide function has a degree");
    descriptor->functions[4].degree = 0;
    const struct nnp_symmetry kept = descriptor->functions[4];
    descriptor->functions[4] =
        (struct nnp_symmetry){.type = NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR,
                              .neighbors = {-1, -1},
                              .cutoff = {NNP_CUTOFF_COS, 5.0, 0.0}};
    expect_refused(potential, NNP_ERROR_INCONSISTENT,
                   "element 2 (Cu): there are no species_weights, which weighted Chebyshev "
                   "functions need");
    descriptor->species_weights = calloc((size_t)potential->n_elements, sizeof(double));
    assert_non_null(descriptor->species_weights);
    descriptor->species_weights[1] = NAN;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): species weight 2 is nan, expected a finite number");
    descriptor->functions[4] = kept;
    expect_refused(potential, NNP_ERROR_INCONSISTENT,
                   "element 2 (Cu): there are species_weights, which only weighted Chebyshev "
                   "functions have");
    free(descriptor->species_weights);
    descriptor->species_weights = NULL;
    descriptor->functions[0].cutoff.radius = -1.0;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): symmetry function 1: cutoff radius is -1, expected a "
                   "number > 0");
    descriptor->functions[0].cutoff.radius = 6.0;
    descriptor->scaling.sigma[2] = -1.0;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): scaling of symmetry function 3: sigma is -1, expected a "
                   "number >= 0");
    descriptor->scaling.sigma[2] = 0.0;
    descriptor->projection.matrix[0] = INFINITY;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Cu): number 1 of the matrix elements of the projection is inf, "
                   "expected a finite number");
    nnp_potential_free(potential);
}

static void test_check_sizes(void **state)
{
    struct nnp_potential *potential = committee();
    struct nnp_descriptor *descriptor = &potential->descriptors[0];
    (void)state;
    descriptor->scaling.n_functions--;
    expect_refused(potential, NNP_ERROR_INCONSISTENT,
                   "element 1 (Li): scaling of 21 functions, expected 22");
    descriptor->scaling.n_functions++;
    descriptor->projection.n_inputs--;
    expect_refused(potential, NNP_ERROR_INCONSISTENT,
                   "element 1 (Li): projection of 21 inputs to 5 outputs, expected 22 inputs "
                   "and at least one output");
    descriptor->projection.n_inputs++;
    potential->networks[0].n_layers--;
    expect_refused(potential, NNP_ERROR_INCONSISTENT,
                   "element 1 (Li): network 1: last layer has 4 outputs, expected 1");
    potential->networks[0].n_layers++;
    descriptor->functions[21].neighbors[1] = 2;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 1 (Li): symmetry function 22: second neighbor element is 2, "
                   "expected 1 to 1");
    descriptor->functions[21].neighbors[1] = 1;
    potential->elements[1].atomic_number = 3;
    expect_refused(potential, NNP_ERROR_VALUE,
                   "element 2 (Li): Li comes after Li, expected ascending atomic numbers, each "
                   "once");
    nnp_potential_free(potential);
}

static void test_check_texts(void **state)
{
    char wrong[] = "\xC3(";
    struct nnp_potential *potential = committee();
    (void)state;
    potential->provenance.comment = wrong;
    expect_refused(potential, NNP_ERROR_VALUE, "comment in the provenance is not valid UTF-8");
    potential->provenance.comment = NULL;
    nnp_potential_free(potential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_file),  cmocka_unit_test(test_messages),
        cmocka_unit_test(test_no_yaml),     cmocka_unit_test(test_check_numbers),
        cmocka_unit_test(test_check_sizes), cmocka_unit_test(test_check_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
