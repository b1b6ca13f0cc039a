/* Malformed configurations: one change to a good one, and the place and words of the message.
 */
#include "config.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char good[] = "version: 1\n"                                              /* 1 */
                           "title: Au-Li\n"                                            /* 2 */
                           "data:\n"                                                   /* 3 */
                           "  files: [a.extxyz, b.extxyz]\n"                           /* 4 */
                           "  test_fraction: 0.2\n"                                    /* 5 */
                           "  seed: 7\n"                                               /* 6 */
                           "elements: [Au, Li]\n"                                      /* 7 */
                           "reference_energies: {Au: -3.13, Li: -1.91}\n"              /* 8 */
                           "symmetry_functions:\n"                                     /* 9 */
                           "  cutoff: {function: cos, radius: 7, alpha: 0.1}\n"        /* 10 */
                           "  radial:\n"                                               /* 11 */
                           "    - {eta: [0.01, 0.05], r_shift: [0, 2.5]}\n"            /* 12 */
                           "  angular:\n"                                              /* 13 */
                           "    - {type: wide, eta: 0.03, lambda: [1, -1], zeta: 4}\n" /* 14 */
                           "scaling: {method: minmax, target: [-1, 1]}\n"              /* 15 */
                           "network: {hidden: [10, 10], activation: tanh}\n"           /* 16 */
                           "starts: {number: 5, iterations: 0, seed: 3}\n"             /* 17 */
                           "committee: 1\n"                                            /* 18 */
                           "loss: {normalization: mean}\n"                             /* 19 */
                           "stages:\n"                                                 /* 20 */
                           "  - {name: one, energy: 1, iterations: 10}\n"              /* 21 */
                           "output:\n"                                                 /* 22 */
                           "  potential: c.nnp\n"                                      /* 23 */
                           "  learning_curve: c.csv\n"                                 /* 24 */
                           "  save_every: 10\n";                                       /* 25 */

struct change {
    const char *from, *to;
    enum nnp_status status;
    const char *place, *words;
};

/* The good configuration with the first occurrence of from replaced. */
static char *change(const char *from, const char *to)
{
    const char *at = strstr(good, from);
    struct nnp_text text = {0};
    if (!at)
        fail_msg("the configuration has no '%s'", from);
    nnp_text_append(&text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return text.data;
}

static void assert_refused(const struct change *changes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const struct change *c = &changes[k];
        struct nnp_config *config = (struct nnp_config *)1;
        struct nnp_error error = {NNP_SUCCESS, ""};
        char *text = change(c->from, c->to);
        enum nnp_status status =
            nnp_config_parse(&config, "c.yaml", text, strlen(text), &error);
        size_t length = strlen(c->place);
        if (status != c->status || strncmp(error.message, c->place, length) != 0 ||
            !strstr(error.message + length, c->words))
            fail_msg("'%s': status %d with '%s', expected %d with '%s%s'", c->to, status,
                     error.message, c->status, c->place, c->words);
        assert_null(config);
        assert_int_equal(nnp_config_parse(&config, "c.yaml", text, strlen(text), NULL),
                         c->status);
        free(text);
    }
}

static void test_data_rules(void **state)
{
    static const struct change changes[] = {
        {"files: [a.extxyz, b.extxyz]", "files: [{file: a, weights: {energy: -1}}]",
         NNP_ERROR_VALUE, "c.yaml:4:", "energy is -1, expected at least 0"},
        {"files: [a.extxyz, b.extxyz]", "files: [{weights: {energy: 1}}]", NNP_ERROR_SYNTAX,
         "c.yaml:4:", "'file' is missing"},
        {"files: [a.extxyz, b.extxyz]", "files: [{file: a, weight: 1}]", NNP_ERROR_SYNTAX,
         "c.yaml:4:", "weights"},
        {"files: [a.extxyz, b.extxyz]", "files: [{file: a, length: m}]", NNP_ERROR_VALUE,
         "c.yaml:4:", "length is 'm', expected Angstrom or bohr"},
        {"files: [a.extxyz, b.extxyz]", "files: [{file: a, format: cif}]", NNP_ERROR_VALUE,
         "c.yaml:4:", "format is 'cif', expected n2p2"},
        {"files: [a.extxyz, b.extxyz]", "files: [{file: a, types: [Li, Xx]}]",
         NNP_ERROR_ELEMENT, "c.yaml:4:", "type 2 is 'Xx', expected the symbol"},
        {"files: [a.extxyz, b.extxyz]", "files: [no-such-file-*.xyz]", NNP_ERROR_FILE,
         "c.yaml:4:", "found no file for 'no-such-file-*.xyz'"},
        {"  seed: 7", "  test_files: [b.extxyz]", NNP_ERROR_INCONSISTENT,
         "c.yaml:6:", "'b.extxyz' twice"},
        {"  seed: 7", "  test_key: =x", NNP_ERROR_VALUE, "c.yaml:6:", "expected a key"},
        {"  seed: 7", "  stratify: maybe", NNP_ERROR_SYNTAX, "c.yaml:6:", "stratify"},
        {"  test_fraction: 0.2", "  {stratify: true, test_fraction: 0}", NNP_ERROR_SYNTAX,
         "c.yaml:", ""},
        {"  test_fraction: 0.2\n  seed: 7", "  test_fraction: 0\n  stratify: true",
         NNP_ERROR_INCONSISTENT, "c.yaml:6:", "test_fraction is 0"},
        {"  seed: 7", "  weights: {bulk: {force: 1}}", NNP_ERROR_SYNTAX, "c.yaml:6:", "forces"},
        {"  seed: 7", "  weights: 3", NNP_ERROR_SYNTAX, "c.yaml:6:", "weights"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_good(void **state)
{
    struct nnp_config *config;
    (void)state;
    assert_int_equal(nnp_config_parse(&config, "c.yaml", good, strlen(good), NULL),
                     NNP_SUCCESS);
    nnp_config_free(config);
}

static void test_general(void **state)
{
    static const struct change changes[] = {
        {"version: 1", "version: 2", NNP_ERROR_VERSION, "c.yaml:1:10: ",
         "version is 2, expected at most 1: this configuration is for a newer nnp-train"},
        {"version: 1", "version: 2\nnovelty: x", NNP_ERROR_VERSION, "c.yaml:1:10: ", "newer"},
        {"version: 1", "version: 0", NNP_ERROR_VALUE,
         "c.yaml:1:10: ", "version is 0, expected an integer of at least 1"},
        {"version: 1", "version: one", NNP_ERROR_SYNTAX, "c.yaml:1:10: ", "an integer"},
        {"title: Au-Li", "titel: Au-Li", NNP_ERROR_SYNTAX,
         "c.yaml:2:1: ", "unknown key 'titel', nearest to 'title'"},
        {"title: Au-Li", "license: MIT", NNP_ERROR_SYNTAX, "c.yaml:2:1: ", "'licence'"},
        {"title: Au-Li", "title: [a]", NNP_ERROR_SYNTAX,
         "c.yaml:2:8: ", "title is a list, expected a text"},
        {"title: Au-Li", "title: ''", NNP_ERROR_VALUE, "c.yaml:2:8: ", "title is empty"},
        {"title: Au-Li", "title: a\ntitle: b", NNP_ERROR_SYNTAX, "c.yaml:3:1: ", "title"},
        {"title: Au-Li", "title: {", NNP_ERROR_SYNTAX, "c.yaml:", ""},
        {"committee: 1", "committee: 0", NNP_ERROR_VALUE, "c.yaml:18:12: ", "at least 1"},
        {"committee: 1", "committee: 1.5", NNP_ERROR_SYNTAX,
         "c.yaml:18:12: ", "committee is '1.5', expected an integer"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_data(void **state)
{
    static const struct change changes[] = {
        {"data:\n", "data_:\n", NNP_ERROR_SYNTAX, "c.yaml:3:1: ", "nearest to 'data'"},
        {"  files: [a.extxyz, b.extxyz]\n", "", NNP_ERROR_SYNTAX,
         "c.yaml:4:3: ", "key 'files' is missing"},
        {"[a.extxyz, b.extxyz]", "[]", NNP_ERROR_VALUE, "c.yaml:4:10: ", "empty list"},
        {"[a.extxyz, b.extxyz]", "['']", NNP_ERROR_VALUE, "c.yaml:4:11: ", "name of a file"},
        {"[a.extxyz, b.extxyz]", "[a.extxyz, a.extxyz]", NNP_ERROR_INCONSISTENT,
         "c.yaml:4:21: ", "found the file 'a.extxyz' twice"},
        {"test_fraction: 0.2", "test_fraction: 1", NNP_ERROR_VALUE,
         "c.yaml:5:18: ", "test_fraction is 1, expected at least 0 and below 1"},
        {"test_fraction: 0.2", "test_fraction: -0.1", NNP_ERROR_VALUE, "c.yaml:5:18: ", "-0.1"},
        {"test_fraction: 0.2", "test_fraction: .nan", NNP_ERROR_VALUE,
         "c.yaml:5:18: ", "finite"},
        {"seed: 7", "seed: -7", NNP_ERROR_VALUE, "c.yaml:6:9: ", "seed is -7"},
        {"seed: 7", "seeds: 7", NNP_ERROR_SYNTAX, "c.yaml:6:3: ", "nearest to 'seed'"},
        {"potential: c.nnp", "potential: a.extxyz", NNP_ERROR_INCONSISTENT,
         "c.yaml:23:14: ", "potential is the data file 'a.extxyz', expected another file"},
        {"potential: c.nnp", "potential: c.yaml", NNP_ERROR_INCONSISTENT,
         "c.yaml:23:14: ", "this configuration"},
        {"  potential: c.nnp\n", "", NNP_ERROR_SYNTAX,
         "c.yaml:23:3: ", "'potential' is missing"},
        {"learning_curve: c.csv", "learning_curve: b.extxyz", NNP_ERROR_INCONSISTENT,
         "c.yaml:24:19: ", "learning_curve is the data file"},
        {"learning_curve: c.csv", "learning_curve: c.nnp", NNP_ERROR_INCONSISTENT,
         "c.yaml:24:19: ", "another output"},
        {"save_every: 10", "save_every: 0", NNP_ERROR_VALUE, "c.yaml:25:15: ", "at least 1"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_elements(void **state)
{
    static const struct change changes[] = {
        {"elements: [Au, Li]\n", "", NNP_ERROR_SYNTAX, "c.yaml:1:1: ", "'elements' is missing"},
        {"elements: [Au, Li]", "elements: [Au, Lu_]", NNP_ERROR_ELEMENT,
         "c.yaml:7:16: ", "element is 'Lu_', expected the symbol of an element"},
        {"elements: [Au, Li]", "elements: [Au, Li, Au]", NNP_ERROR_INCONSISTENT,
         "c.yaml:7:20: ", "found Au twice"},
        {"elements: [Au, Li]", "elements: []", NNP_ERROR_VALUE, "c.yaml:7:11: ", "empty list"},
        {"elements: [Au, Li]", "elements: {Au: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:7:11: ", "mapping"},
        {"{Au: -3.13, Li: -1.91}", "guess", NNP_ERROR_SYNTAX,
         "c.yaml:8:21: ", "neither 'fit' nor a mapping"},
        {"{Au: -3.13, Li: -1.91}", "{Au: -3.13}", NNP_ERROR_INCONSISTENT,
         "c.yaml:8:21: ", "found reference energies of 1 elements, expected all 2"},
        {"{Au: -3.13, Li: -1.91}", "{Au: -3.13, Sn: 1}", NNP_ERROR_ELEMENT,
         "c.yaml:8:33: ", "element is 'Sn', expected one of those under 'elements'"},
        {"{Au: -3.13, Li: -1.91}", "{Au: -3.13, Li: .inf}", NNP_ERROR_VALUE,
         "c.yaml:8:37: ", "finite"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_functions(void **state)
{
    static const struct change changes[] = {
        {"function: cos", "function: cosine", NNP_ERROR_VALUE,
         "c.yaml:10:22: ", "function is 'cosine', expected hard, cos, tanhu"},
        {"radius: 7", "radius: 0", NNP_ERROR_VALUE,
         "c.yaml:10:35: ", "radius is 0, expected above 0"},
        {"radius: 7, ", "", NNP_ERROR_SYNTAX, "c.yaml:10:11: ", "key 'radius' is missing"},
        {"alpha: 0.1", "alpha: 1", NNP_ERROR_VALUE, "c.yaml:10:45: ", "below 1"},
        {"function: cos", "function: tanh", NNP_ERROR_INCONSISTENT,
         "c.yaml:10:11: ", "alpha is 0.1, expected 0 for the cutoff function tanh"},
        {"  cutoff: {function: cos, radius: 7, alpha: 0.1}\n", "", NNP_ERROR_SYNTAX,
         "c.yaml:11:7: ", "key 'cutoff' is missing, here and under 'symmetry_functions'"},
        {"{eta: [0.01, 0.05], r_shift: [0, 2.5]}", "{r_shift: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:12:7: ", "key 'eta' is missing"},
        {"{eta: [0.01, 0.05]", "{eta: []", NNP_ERROR_VALUE, "c.yaml:12:13: ", "empty list"},
        {"{eta: [0.01, 0.05]", "{eta: [0.01, -1]", NNP_ERROR_VALUE,
         "c.yaml:12:20: ", "eta is -1, expected at least 0"},
        {"{eta: [0.01, 0.05]", "{eta: [1, 2, 1]", NNP_ERROR_INCONSISTENT, "c.yaml:10:3: ",
         "found the same function twice for central element Li: radial, neighbors Li, eta 1"},
        {"{eta: [0.01, 0.05]", "{zeta: 1, eta: 1", NNP_ERROR_SYNTAX,
         "c.yaml:12:8: ", "unknown key 'zeta'"},
        {"r_shift: [0, 2.5]", "center: Sn", NNP_ERROR_ELEMENT, "c.yaml:12:35: ", "Sn"},
        {"r_shift: [0, 2.5]", "center: []", NNP_ERROR_VALUE, "c.yaml:12:35: ", "center"},
        {"r_shift: [0, 2.5]", "neighbors: [[Au, Li]]", NNP_ERROR_SYNTAX,
         "c.yaml:12:39: ", "element is a list"},
        {"type: wide", "type: radial", NNP_ERROR_VALUE,
         "c.yaml:14:14: ", "type is 'radial', expected wide or narrow"},
        {"type: wide, ", "", NNP_ERROR_SYNTAX, "c.yaml:14:7: ", "key 'type' is missing"},
        {"lambda: [1, -1]", "lambda: 0.5", NNP_ERROR_VALUE,
         "c.yaml:14:39: ", "lambda is 0.5, expected 1 or -1"},
        {"zeta: 4", "zeta: 0.5", NNP_ERROR_VALUE, "c.yaml:14:54: ", "at least 1"},
        {"zeta: 4", "zeta: 4x", NNP_ERROR_SYNTAX, "c.yaml:14:54: ", "zeta is '4x'"},
        {"zeta: 4", "zeta: 4, neighbors: Li", NNP_ERROR_SYNTAX,
         "c.yaml:14:68: ", "neighbors of an angular group are pairs"},
        {"zeta: 4", "zeta: 4, neighbors: [[Li]]", NNP_ERROR_SYNTAX, "c.yaml:14:69: ", "pairs"},
        {"zeta: 4", "zeta: 4, neighbors: []", NNP_ERROR_VALUE, "c.yaml:14:68: ", "empty"},
        {"  angular:\n    - ", "  angular: ", NNP_ERROR_SYNTAX,
         "c.yaml:13:12: ", "angular is a mapping, expected a list"},
        {"  radial:\n    - {eta: [0.01, 0.05], r_shift: [0, 2.5]}\n"
         "  angular:\n    - {type: wide, eta: 0.03, lambda: [1, -1], zeta: 4}\n",
         "  radial: [{eta: 1, center: Au}]\n", NNP_ERROR_INCONSISTENT,
         "c.yaml:10:3: ", "found no function for central element Li, expected at least one"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

/* Lists whose product is beyond any use end in a message, not in all of the memory. */
static void test_too_many_functions(void **state)
{
    struct nnp_text to = {0};
    (void)state;
    nnp_text_append(&to, "{eta: [0");
    for (int k = 1; k < 100; k++)
        nnp_text_append(&to, ", %d", k);
    nnp_text_append(&to, "], r_shift: [0");
    for (int k = 1; k < 100; k++)
        nnp_text_append(&to, ", %d", k);
    nnp_text_append(&to, "]}");
    const struct change change = {"{eta: [0.01, 0.05], r_shift: [0, 2.5]}", to.data,
                                  NNP_ERROR_VALUE, "c.yaml:12:7: ", "more than 8192 functions"};
    assert_refused(&change, 1);
    free(to.data);
}

static void test_networks(void **state)
{
    static const struct change changes[] = {
        {"method: minmax", "method: max", NNP_ERROR_VALUE,
         "c.yaml:15:19: ", "method is 'max', expected none, minmax"},
        {"method: minmax", "method: center", NNP_ERROR_INCONSISTENT,
         "c.yaml:15:35: ", "found a target, expected none for the method center"},
        {"target: [-1, 1]", "target: [1, 1]", NNP_ERROR_VALUE, "c.yaml:15:35: ", "ascending"},
        {"target: [-1, 1]", "target: [1]", NNP_ERROR_INCONSISTENT, "c.yaml:15:35: ", "2"},
        {"hidden: [10, 10]", "hidden: [10, 0]", NNP_ERROR_VALUE,
         "c.yaml:16:24: ", "a hidden layer is of 0 nodes, expected 1 to 8192"},
        {"hidden: [10, 10]", "hidden: 10", NNP_ERROR_SYNTAX, "c.yaml:16:19: ", "a list"},
        {"hidden: [10, 10]", "hidden: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", NNP_ERROR_VALUE,
         "c.yaml:16:19: ", "found 17 hidden layers, expected at most 16"},
        {"activation: tanh", "activation: [tanh]", NNP_ERROR_INCONSISTENT,
         "c.yaml:16:41: ", "found 1 activations, expected one for each of 2 hidden layers"},
        {"activation: tanh", "activation: tan", NNP_ERROR_VALUE,
         "c.yaml:16:41: ", "activation is 'tan', expected linear, tanh"},
        {"{hidden: [10, 10], activation: tanh}", "{Au: {hidden: [3]}}", NNP_ERROR_INCONSISTENT,
         "c.yaml:16:10: ", "found no network for Li, expected one for every element"},
        {"{hidden: [10, 10], activation: tanh}", "{Au: {hidden: [3]}, Sn: {}}",
         NNP_ERROR_ELEMENT, "c.yaml:16:30: ", "Sn"},
        {"{hidden: [10, 10], activation: tanh}", "{Au: {nodes: [3]}, Li: {}}", NNP_ERROR_SYNTAX,
         "c.yaml:16:16: ", "unknown key 'nodes'"},
        {"{hidden: [10, 10], activation: tanh}", "[10, 10]", NNP_ERROR_SYNTAX,
         "c.yaml:16:10: ", "network is a list, expected a mapping"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_memory(void **state)
{
    static const struct change changes[] = {
        {"starts: {", "memory: 500\nstarts: {", NNP_ERROR_VALUE,
         "c.yaml:17:9: ", "memory is '500', expected an amount such as 500 MB"},
        {"starts: {", "memory: MB\nstarts: {", NNP_ERROR_VALUE, "c.yaml:17:9: ", "500 MB"},
        {"starts: {", "memory: -1 MB\nstarts: {", NNP_ERROR_VALUE, "c.yaml:17:9: ", "-1 MB"},
        {"starts: {", "memory: nan MB\nstarts: {", NNP_ERROR_VALUE, "c.yaml:17:9: ", "nan MB"},
        {"starts: {", "memory: 5 MiB\nstarts: {", NNP_ERROR_VALUE, "c.yaml:17:9: ", "5 MiB"},
        {"starts: {", "memory: [5, 6]\nstarts: {", NNP_ERROR_SYNTAX, "c.yaml:17:9: ", "memory"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_projection(void **state)
{
    static const struct change changes[] = {
        {"committee: 1", "projection: pca", NNP_ERROR_SYNTAX, "c.yaml:18:13: ", "a mapping"},
        {"committee: 1", "projection: {size: 3}", NNP_ERROR_SYNTAX,
         "c.yaml:18:13: ", "'method' is missing"},
        {"committee: 1", "projection: {method: svd}", NNP_ERROR_VALUE,
         "c.yaml:18:22: ", "method is 'svd', expected pca"},
        {"committee: 1", "projection: {method: pca, size: 0}", NNP_ERROR_VALUE,
         "c.yaml:18:", "size is 0, expected an integer of at least 1"},
        {"committee: 1", "projection: {method: pca, variance: 0}", NNP_ERROR_VALUE,
         "c.yaml:18:", "variance is 0, expected above 0"},
        {"committee: 1", "projection: {method: pca, variance: 1.01}", NNP_ERROR_VALUE,
         "c.yaml:18:", "variance is 1.01, expected a part of the whole, at most 1"},
        {"committee: 1", "projection: {method: pca, size: 3, variance: 0.9}",
         NNP_ERROR_INCONSISTENT, "c.yaml:18:", "variance beside size, expected one of them"},
        {"committee: 1", "projection: {method: pca, whiten: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:18:", "whiten"},
        {"committee: 1", "projection: {method: pca, n: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:18:", "unknown key 'n'"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_repulsion(void **state)
{
    static const struct change changes[] = {
        {"committee: 1", "repulsion: zbl", NNP_ERROR_SYNTAX, "c.yaml:18:12: ", "a mapping"},
        {"committee: 1", "repulsion: {type: morse, inner: 1, outer: 2}", NNP_ERROR_VALUE,
         "c.yaml:18:19: ", "type is 'morse', expected one of: zbl, exponential"},
        {"committee: 1", "repulsion: {inner: 1, outer: 2}", NNP_ERROR_SYNTAX,
         "c.yaml:18:12: ", "key 'type' is missing"},
        {"committee: 1", "repulsion: {type: zbl, inner: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:18:12: ", "key 'outer' is missing"},
        {"committee: 1", "repulsion: {type: zbl, inner: -1, outer: 2}", NNP_ERROR_VALUE,
         "c.yaml:18:31: ", "inner radius of the repulsion is -1, expected a number >= 0"},
        {"committee: 1", "repulsion: {type: zbl, inner: 2, outer: 2}", NNP_ERROR_VALUE,
         "c.yaml:18:41: ",
         "outer radius of the repulsion is 2, expected more than the inner one"},
        {"committee: 1", "repulsion: {type: zbl, inner: 1, outer: 2, a: 3}", NNP_ERROR_SYNTAX,
         "c.yaml:18:44: ", "'a'"},
        {"committee: 1", "repulsion: {type: zbl, radii: 2}", NNP_ERROR_VALUE,
         "c.yaml:18:31: ", "radii is '2', expected auto"},
        {"committee: 1", "repulsion: {type: zbl, radii: auto, inner: 1}", NNP_ERROR_SYNTAX,
         "c.yaml:18:37: ", "unknown key 'inner'"},
        {"committee: 1", "repulsion: {type: exponential, radii: auto}", NNP_ERROR_VALUE,
         "c.yaml:18:19: ", "type is 'exponential', expected zbl for radii from the data"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_chebyshev(void **state)
{
    static const char groups[] = "  cutoff: {function: cos, radius: 7, alpha: 0.1}\n  radial:\n"
                                 "    - {eta: [0.01, 0.05], r_shift: [0, 2.5]}\n  angular:\n"
                                 "    - {type: wide, eta: 0.03, lambda: [1, -1], zeta: 4}\n";
    static const struct change changes[] = {
        {"  angular:\n", "  chebyshev: 5\n  angular:\n", NNP_ERROR_SYNTAX,
         "c.yaml:13:14: ", "chebyshev is '5', expected a mapping"},
        {"  angular:\n", "  chebyshev: {}\n  angular:\n", NNP_ERROR_SYNTAX,
         "c.yaml:13:14: ", "states no degree, expected 'radial', 'angular' or both"},
        {"  angular:\n", "  chebyshev: {radial: -1}\n  angular:\n", NNP_ERROR_VALUE,
         "c.yaml:13:23: ", "radial is -1, expected an integer of at least 0"},
        {"  angular:\n", "  chebyshev: {angular: 1001}\n  angular:\n", NNP_ERROR_VALUE,
         "c.yaml:13:24: ", "angular is 1001, expected a degree of at most 1000"},
        {"  angular:\n", "  chebyshev: {radial: 1.5}\n  angular:\n", NNP_ERROR_SYNTAX,
         "c.yaml:13:23: ", "radial is '1.5'"},
        {"  angular:\n", "  chebyshev: {radial: 1, zeta: 2}\n  angular:\n", NNP_ERROR_SYNTAX,
         "c.yaml:13:26: ", "unknown key 'zeta'"},
        {"  angular:\n", "  chebyshev: {radial: 1, angular_cutoff: {radius: 0}}\n  angular:\n",
         NNP_ERROR_VALUE, "c.yaml:13:51: ", "radius is 0"},
        {"  angular:\n", "  chebyshev: {radial: 1, species_weights: {Li: 1}}\n  angular:\n",
         NNP_ERROR_INCONSISTENT, "c.yaml:13:43: ", "weights of 1 elements, expected all 2"},
        {"  angular:\n", "  chebyshev: {radial: 1, species_weights: {Cu: 1}}\n  angular:\n",
         NNP_ERROR_ELEMENT, "c.yaml:13:44: ", "element is 'Cu', expected one of those under"},
        {"  angular:\n", "  chebyshev: {radial: 1, species_weights: [1, 2]}\n  angular:\n",
         NNP_ERROR_SYNTAX, "c.yaml:13:43: ", "expected a mapping"},
        {"  angular:\n",
         "  chebyshev: {radial: 1, species_weights: {Au: x, Li: 1}}\n  angular:\n",
         NNP_ERROR_SYNTAX, "c.yaml:13:48: ", "weight is 'x'"},
        {groups, "  chebyshev: {radial: 3}\n", NNP_ERROR_SYNTAX,
         "c.yaml:10:14: ", "chebyshev needs the key 'cutoff'"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

static void test_stages(void **state)
{
    static const struct change changes[] = {
        {"number: 5", "number: 0", NNP_ERROR_VALUE, "c.yaml:17:18: ", "number is 0"},
        {"iterations: 0", "iterations: -1", NNP_ERROR_VALUE, "c.yaml:17:33: ", "-1"},
        {"starts: {number", "starts: {count", NNP_ERROR_SYNTAX, "c.yaml:17:10: ", "'count'"},
        {"normalization: mean", "normalization: total", NNP_ERROR_VALUE,
         "c.yaml:19:23: ", "normalization is 'total', expected sum or mean"},
        {"loss: {normalization: mean}", "loss:", NNP_ERROR_SYNTAX, "c.yaml:19:", "a mapping"},
        {"{name: one, energy: 1, iterations: 10}", "{iterations: 10}", NNP_ERROR_INCONSISTENT,
         "c.yaml:21:5: ", "the weights energy, forces and stress of a stage are all 0"},
        {"{name: one, energy: 1, iterations: 10}", "5", NNP_ERROR_SYNTAX,
         "c.yaml:21:5: ", "a stage is '5', expected a mapping"},
        {"energy: 1", "energy: -1", NNP_ERROR_VALUE, "c.yaml:21:25: ", "energy is -1"},
        {"energy: 1", "energy: 1, regularization: -1", NNP_ERROR_VALUE, "c.yaml:21:44: ", "-1"},
        {"energy: 1", "energy: 1, history: 0", NNP_ERROR_VALUE, "c.yaml:21:37: ", "at least 1"},
        {"energy: 1", "energy: 1, batch: 5", NNP_ERROR_INCONSISTENT,
         "c.yaml:21:35: ", "lbfgsb"},
        {"energy: 1", "energy: 1, optimizer: kalman, batch: 0", NNP_ERROR_VALUE,
         "c.yaml:21:54: ", "at least 1"},
        {"energy: 1", "energy: 1, optimizer: newton", NNP_ERROR_VALUE,
         "c.yaml:21:39: ", "lbfgsb or kalman"},
        {"energy: 1", "energy: 1, optimizer: kalman, history: 5", NNP_ERROR_INCONSISTENT,
         "c.yaml:21:56: ", "lbfgsb"},
        {"energy: 1", "energy: 1, patience: -1", NNP_ERROR_VALUE,
         "c.yaml:21:38: ", "at least 0"},
        {"iterations: 10", "iterations: 0", NNP_ERROR_VALUE, "c.yaml:21:40: ", "at least 1"},
        {"iterations: 10", "iteration: 1", NNP_ERROR_SYNTAX, "c.yaml:21:28: ", "'iterations'"},
        {"stages:\n  - {name: one, energy: 1, iterations: 10}", "stages: []", NNP_ERROR_VALUE,
         "c.yaml:20:9: ", "stages is an empty list, expected at least one stage"},
    };
    (void)state;
    assert_refused(changes, sizeof changes / sizeof *changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_rules),
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_general),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_too_many_functions),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_projection),
        cmocka_unit_test(test_repulsion),
        cmocka_unit_test(test_chebyshev),
    };
    return cmocka_run_group_tests_name("config_errors", tests, NULL, NULL);
}
