/* Configurations: a full one, defaults, order of functions; malformed ones in
 * test_config_errors.c. */
#include "config.h"
#include "temporary.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct nnp_config *parse(const char *path, const char *text)
{
    struct nnp_config *config;
    struct nnp_error error = {NNP_SUCCESS, ""};
    if (nnp_config_parse(&config, path, text, strlen(text), &error))
        fail_msg("%s", error.message);
    return config;
}

static const char full[] =
    "version: 1\n"
    "title: Au-Li\n"
    "author: A. U. Thor\n"
    "licence: CC-BY-4.0\n"
    "comment: a test\n"
    "data:\n"
    "  files: [auli.extxyz, /data/more.extxyz]\n"
    "  test_fraction: 0.2\n"
    "  seed: 7\n"
    "elements: [Au, Li]\n"
    "reference_energies: {Au: -3.13, Li: -1.91}\n"
    "symmetry_functions:\n"
    "  cutoff: {function: poly2, radius: 7, alpha: 0.1}\n"
    "  radial:\n"
    "    - {eta: [0.01, 0.05], r_shift: [0, 2.5]}\n"
    "    - {eta: 1, cutoff: {radius: 5}, center: Li, neighbors: [Au]}\n"
    "  angular:\n"
    "    - {type: wide, eta: 0.03, zeta: [1, 4]}\n"
    "    - {type: narrow, eta: 0.1, r_shift: 1, lambda: -1, zeta: 2.5, center: [Au, Li],\n"
    "       neighbors: [[Au, Li], [Au, Au]], cutoff: {function: tanh, alpha: 0}}\n"
    "scaling: {method: sigma, target: [0, 2]}\n"
    "network: {Au: {hidden: [20, 15], activation: [tanh, swish]}, Li: {hidden: []}}\n"
    "starts: {number: 5, iterations: 0, seed: 3}\n"
    "committee: 4\n"
    "memory: 1.5 GB\n"
    "repulsion: {type: zbl, inner: 0.5, outer: 1.5}\n"
    "projection: {method: pca, variance: 0.99, whiten: false}\n"
    "loss: {normalization: mean}\n"
    "stages:\n"
    "  - {energy: 1, iterations: 10, history: 5, patience: 3, regularization: 1e-6}\n"
    "  - {name: all, energy: 0.5, forces: 0.25, stress: 2, optimizer: kalman, batch: 3}\n"
    "output: {potential: AuLi.nnp, learning_curve: out/curve.csv, save_every: 10}\n";

static void check_full_general(const struct nnp_config *config)
{
    assert_string_equal(config->path, "folder/c.yaml");
    assert_string_equal(config->title, "Au-Li");
    assert_int_equal(config->repulsion.type, NNP_REPULSION_ZBL);
    assert_true(config->repulsion.inner == 0.5 && config->repulsion.outer == 1.5);
    assert_string_equal(config->author, "A. U. Thor");
    assert_string_equal(config->licence, "CC-BY-4.0");
    assert_string_equal(config->comment, "a test");
    assert_int_equal(config->n_data_files, 2);
    assert_string_equal(config->data_files[0], "folder/auli.extxyz");
    assert_string_equal(config->data_files[1], "/data/more.extxyz");
    assert_true(config->test_fraction == 0.2 && config->split_seed == 7);
    assert_int_equal(config->n_elements, 2);
    assert_int_equal(config->atomic_numbers[0], 3);
    assert_int_equal(config->atomic_numbers[1], 79);
    assert_int_equal(config->reference_energies, NNP_REFERENCE_GIVEN);
    assert_true(config->element_energies[0] == -1.91 && config->element_energies[1] == -3.13);
    assert_string_equal(config->potential_file, "folder/AuLi.nnp");
    assert_string_equal(config->learning_curve_file, "folder/out/curve.csv");
    assert_int_equal(config->save_every, 10);
    assert_true(config->memory == 1.5e9);
}

static void check_full_training(const struct nnp_config *config)
{
    assert_true(config->projection.is_wanted && !config->projection.whiten);
    assert_true(config->projection.variance == 0.99 && config->projection.size == 0);
    assert_int_equal(config->scaling, NNP_SCALING_SIGMA);
    assert_true(config->scaling_min == 0.0 && config->scaling_max == 2.0);
    const struct nnp_config_network *au = &config->networks[1];
    assert_int_equal(config->networks[0].n_hidden, 0);
    assert_int_equal(au->n_hidden, 2);
    assert_true(au->sizes[0] == 20 && au->sizes[1] == 15);
    assert_true(au->activations[0] == NNP_ACTIVATION_TANH &&
                au->activations[1] == NNP_ACTIVATION_SWISH);
    assert_true(config->n_starts == 5 && config->start_iterations == 0);
    assert_true(config->weight_seed == 3 && config->n_members == 4);
    assert_int_equal(config->normalization, NNP_NORMALIZATION_MEAN);
    assert_int_equal(config->n_stages, 2);
    const struct nnp_stage *s = config->stages;
    assert_string_equal(s[0].name, "stage 1");
    assert_true(s[0].energy_weight == 1.0 && s[0].force_weight == 0.0);
    assert_true(s[0].iterations == 10 && s[0].history == 5 && s[0].patience == 3);
    assert_true(s[0].regularization == 1e-6 && s[0].optimizer == NNP_STAGE_LBFGSB);
    assert_int_equal(s[1].optimizer, NNP_STAGE_KALMAN);
    assert_int_equal(s[1].batch, 3);
    assert_string_equal(s[1].name, "all");
    assert_true(s[1].force_weight == 0.25 && s[1].stress_weight == 2.0);
    assert_true(s[1].iterations == 1000 && s[1].history == 20 && s[1].patience == 0);
}

/* Functions of Li in the documented order; Li is element 0, Au 1. */
static void check_full_functions(const struct nnp_config *config)
{
    const struct nnp_cutoff poly2 = {NNP_CUTOFF_POLY2, 7, 0.1},
                            own = {NNP_CUTOFF_POLY2, 5, 0.1}, tanh3 = {NNP_CUTOFF_TANH, 7, 0};
    const struct nnp_symmetry expected[] = {
        {NNP_SYMMETRY_RADIAL, {0, -1}, 0.01, 0, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {0, -1}, 0.01, 2.5, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {0, -1}, 0.05, 0, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {0, -1}, 0.05, 2.5, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {1, -1}, 0.01, 0, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {1, -1}, 0.01, 2.5, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {1, -1}, 0.05, 0, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {1, -1}, 0.05, 2.5, 0, 0, .cutoff = poly2},
        {NNP_SYMMETRY_RADIAL, {1, -1}, 1, 0, 0, 0, .cutoff = own},
        {NNP_SYMMETRY_WIDE, {0, 0}, 0.03, 0, 1, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 0}, 0.03, 0, 4, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 0}, 0.03, 0, 1, -1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 0}, 0.03, 0, 4, -1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 1}, 0.03, 0, 1, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 1}, 0.03, 0, 4, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 1}, 0.03, 0, 1, -1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {0, 1}, 0.03, 0, 4, -1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {1, 1}, 0.03, 0, 1, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {1, 1}, 0.03, 0, 4, 1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {1, 1}, 0.03, 0, 1, -1, .cutoff = poly2},
        {NNP_SYMMETRY_WIDE, {1, 1}, 0.03, 0, 4, -1, .cutoff = poly2},
        {NNP_SYMMETRY_NARROW, {0, 1}, 0.1, 1, 2.5, -1, .cutoff = tanh3},
        {NNP_SYMMETRY_NARROW, {1, 1}, 0.1, 1, 2.5, -1, .cutoff = tanh3},
    };
    const int n = sizeof expected / sizeof *expected;
    assert_int_equal(config->functions[0].n_functions, n);
    assert_int_equal(config->functions[1].n_functions, n - 1); /* without the group of Li */
    for (int k = 0; k < n; k++) {
        const struct nnp_symmetry *f = &config->functions[0].functions[k], *e = &expected[k];
        if (f->type != e->type || f->neighbors[0] != e->neighbors[0] ||
            f->neighbors[1] != e->neighbors[1] || f->eta != e->eta ||
            f->r_shift != e->r_shift || f->zeta != e->zeta || f->lambda != e->lambda ||
            f->cutoff.type != e->cutoff.type || f->cutoff.radius != e->cutoff.radius ||
            f->cutoff.alpha != e->cutoff.alpha)
            fail_msg("function %d is not the expected one", k);
    }
}

static void test_full(void **state)
{
    (void)state;
    struct nnp_config *config = parse("folder/c.yaml", full);
    check_full_general(config);
    check_full_training(config);
    check_full_functions(config);
    nnp_config_free(config);
}

static const char minimal[] = "data: {files: li.extxyz}\n"
                              "elements: Li\n"
                              "symmetry_functions: {radial: [{eta: 1, cutoff: {radius: 5}}]}\n"
                              "output: {potential: li.nnp}\n";

static void test_defaults(void **state)
{
    (void)state;
    struct nnp_config *config = parse("c.yaml", minimal);
    assert_null(config->title);
    assert_string_equal(config->data_files[0], "li.extxyz");
    assert_true(config->test_fraction == 0.1 && config->split_seed == 1);
    assert_int_equal(config->reference_energies, NNP_REFERENCE_FIT);
    const struct nnp_cutoff *cutoff = &config->functions[0].functions[0].cutoff;
    assert_true(cutoff->type == NNP_CUTOFF_COS && cutoff->radius == 5 && cutoff->alpha == 0);
    assert_false(config->projection.is_wanted);
    assert_int_equal(config->scaling, NNP_SCALING_MINMAX);
    assert_true(config->scaling_min == -1 && config->scaling_max == 1);
    assert_int_equal(config->networks[0].n_hidden, 2);
    assert_true(config->networks[0].sizes[1] == 10);
    assert_int_equal(config->networks[0].activations[1], NNP_ACTIVATION_TANH);
    assert_true(config->n_starts == 50 && config->start_iterations == 20);
    assert_true(config->weight_seed == 1 && config->n_members == 1);
    assert_int_equal(config->normalization, NNP_NORMALIZATION_SUM);
    assert_int_equal(config->n_stages, 2);
    assert_string_equal(config->stages[0].name, "energies");
    assert_true(config->stages[0].energy_weight == 1 && config->stages[0].force_weight == 0);
    assert_true(config->stages[0].iterations == 200);
    assert_string_equal(config->stages[1].name, "forces");
    assert_true(config->stages[1].energy_weight == 0.5 &&
                config->stages[1].force_weight == 0.5);
    assert_true(config->stages[1].iterations == 2000);
    assert_null(config->learning_curve_file);
    assert_int_equal(config->save_every, 50);
    nnp_config_free(config);
}

/* A pair without its own list, one activation for all layers, a scaling that needs another
 * target, the word fit. */
static void test_short_forms(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse("c.yaml", "data: {files: [x]}\nelements: [Sn, Li]\nreference_energies: fit\n"
                        "symmetry_functions:\n"
                        "  cutoff: {radius: 6}\n"
                        "  angular: [{type: wide, eta: 0, zeta: 1, lambda: 1,\n"
                        "             neighbors: [Sn, Li]}]\n"
                        "scaling: {method: center}\n"
                        "network: {hidden: [4, 3, 2], activation: softplus}\n"
                        "output: {potential: a.nnp}\n");
    assert_int_equal(config->functions[1].n_functions, 1);
    const struct nnp_symmetry *function = config->functions[1].functions;
    assert_true(function->neighbors[0] == 0 && function->neighbors[1] == 1);
    assert_int_equal(config->scaling, NNP_SCALING_CENTER);
    for (int l = 0; l < 3; l++)
        assert_int_equal(config->networks[1].activations[l], NNP_ACTIVATION_SOFTPLUS);
    nnp_config_free(config);
}

/* Degrees behind other functions; weights around 0, of each element, and those that are
 * stated. */
static void test_chebyshev(void **state)
{
    (void)state;
    struct nnp_config *config = parse(
        "c.yaml", "data: {files: [x]}\nelements: [Sn, Li, Au]\noutput: {potential: a.nnp}\n"
                  "symmetry_functions:\n  cutoff: {function: poly2, radius: 6}\n"
                  "  radial: [{eta: 1, center: Li, neighbors: Li}]\n"
                  "  chebyshev: {radial: 2, angular: 1, angular_cutoff: {radius: 4}}\n");
    static const enum nnp_symmetry_type types[] = {
        NNP_SYMMETRY_CHEBYSHEV_RADIAL, NNP_SYMMETRY_CHEBYSHEV_ANGULAR,
        NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_RADIAL, NNP_SYMMETRY_WEIGHTED_CHEBYSHEV_ANGULAR};
    for (int e = 0; e < 3; e++) {
        const struct nnp_config_functions *functions = &config->functions[e];
        int k = e == 0;
        assert_int_equal(functions->n_functions, k + 2 * (3 + 2));
        for (int t = 0; t < 4; t++)
            for (int degree = 0; degree <= (t % 2 ? 1 : 2); degree++, k++) {
                const struct nnp_symmetry *f = &functions->functions[k];
                assert_int_equal(f->type, types[t]);
                assert_int_equal(f->degree, degree);
                assert_int_equal(f->neighbors[0], -1);
                assert_int_equal(f->neighbors[1], -1);
                assert_int_equal(f->cutoff.type, NNP_CUTOFF_POLY2);
                assert_true(f->cutoff.radius == (t % 2 ? 4.0 : 6.0));
            }
        for (int w = 0; w < 3; w++)
            assert_true(functions->species_weights[w] == w - 1);
    }
    nnp_config_free(config);
    config =
        parse("c.yaml", "data: {files: [x]}\nelements: [Sn, Li]\noutput: {potential: a}\n"
                        "symmetry_functions: {chebyshev: {radial: 0, cutoff: {radius: 5},\n"
                        "  species_weights: {Sn: 1.5, Li: 0}}}\n");
    assert_int_equal(config->functions[1].n_functions, 2);
    assert_true(config->functions[1].species_weights[0] == 0.0);
    assert_true(config->functions[1].species_weights[1] == 1.5);
    nnp_config_free(config);
    config =
        parse("c.yaml", "data: {files: [x]}\nelements: [Sn, Li]\noutput: {potential: a}\n"
                        "symmetry_functions: {cutoff: {radius: 5}, chebyshev: {angular: 3}}\n");
    assert_int_equal(config->functions[0].n_functions, 2 * 4);
    assert_true(config->functions[0].species_weights[0] == -1.0);
    assert_true(config->functions[0].species_weights[1] == 1.0);
    nnp_config_free(config);
}

static void test_file(void **state)
{
    static const char path[] = "./config.yaml";
    struct nnp_config *config;
    struct nnp_error error;
    (void)state;
    assert_int_equal(nnp_file_write(path, minimal, strlen(minimal), NULL), NNP_SUCCESS);
    assert_int_equal(nnp_config_read(&config, path, &error), NNP_SUCCESS);
    assert_string_equal(config->data_files[0], "./li.extxyz");
    nnp_config_free(config);
    unlink(path);
    assert_int_equal(nnp_config_read(&config, path, &error), NNP_ERROR_FILE);
    assert_null(config);
    assert_non_null(strstr(error.message, path));
    nnp_config_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_short_forms), cmocka_unit_test(test_chebyshev),
        cmocka_unit_test(test_file),
    };
    return cmocka_run_group_tests_name("config", tests, nnp_temporary_enter,
                                       nnp_temporary_leave);
}
