/* Symmetry functions that are generated, made from the data, and left out. */
#include "config.h"
#include "config_auto.h"
#include "distances.h"
#include "morse.h"
#include "survey.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A configuration of Li and Au with these symmetry functions. */
static struct nnp_config *parse(const char *functions)
{
    struct nnp_text text = {0};
    struct nnp_config *config;
    struct nnp_error error;
    nnp_text_append(&text,
                    "data: {files: x}\nelements: [Li, Au]\nsymmetry_functions: %s\noutput: "
                    "{potential: p.nnp}\n",
                    functions);
    if (nnp_config_parse(&config, "c.yaml", text.data, text.length, &error))
        fail_msg("%s: %s", functions, error.message);
    free(text.data);
    return config;
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

/* Two neighbor elements, of which each has all functions. */
static void test_even(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse("{cutoff: {radius: 6}, radial: [{n: 4, r_min: 2}, {eta: 0.5, center: Au}]}");
    assert_int_equal(config->functions[0].n_functions, 8);
    assert_int_equal(config->functions[1].n_functions, 10);
    for (int k = 0; k < 8; k++) {
        const struct nnp_symmetry *f = &config->functions[0].functions[k];
        assert_near(f->r_shift, 2.0 + k % 4);
        assert_near(f->eta, 0.5);
        assert_int_equal(f->neighbors[0], k / 4);
    }
    nnp_config_free(config);
}

/* Imbalzano et al.: eta = (N^(m/N) / r_c)^2, and a grid whose widths are its distances. */
static void test_centered_and_grid(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse("{cutoff: {radius: 8}, radial: [{n: 5, spacing: centered, neighbors: [Li]}],\n"
              "  angular: [{type: wide, n: 3, zeta: [1, 4], lambda: 1, neighbors: [Li, Li]}]}");
    const struct nnp_symmetry *f = config->functions[0].functions;
    assert_int_equal(config->functions[0].n_functions, 5 + 6);
    for (int m = 0; m < 5; m++) {
        assert_near(f[m].eta, pow(pow(4.0, m / 4.0) / 8.0, 2));
        assert_true(f[m].r_shift == 0.0);
    }
    for (int k = 0; k < 6; k++) {
        assert_near(f[5 + k].eta, pow(pow(2.0, k / 2 / 2.0) / 8.0, 2));
        assert_true(f[5 + k].zeta == (k % 2 == 0 ? 1.0 : 4.0));
    }
    nnp_config_free(config);

    config = parse("{cutoff: {radius: 8}, radial: [{n: 4, spacing: grid, neighbors: [Li]}]}");
    f = config->functions[0].functions;
    assert_int_equal(config->functions[0].n_functions, 4);
    for (int m = 0; m < 4; m++) {
        double upper = 8.0 / pow(4.0, (4 - m - 1) / 4.0), lower = 8.0 / pow(4.0, (4 - m) / 4.0);
        assert_near(f[m].r_shift, 8.0 / pow(4.0, m / 4.0));
        assert_near(f[m].eta, 1.0 / pow(upper - lower, 2));
    }
    nnp_config_free(config);
}

static void test_refused(void **state)
{
    static const struct {
        const char *functions, *words;
    } cases[] = {
        {"{cutoff: {radius: 6}, radial: [{n: 0}]}", "n is 0"},
        {"{cutoff: {radius: 6}, radial: [{n: 3, eta: 1}]}", "found 'n' with 'eta'"},
        {"{cutoff: {radius: 6}, radial: [{n: 3, r_min: 6}]}", "less than the cutoff radius"},
        {"{cutoff: {radius: 6}, radial: [{n: 2, spacing: centered}]}", "1 or 3 to 1000"},
        {"{cutoff: {radius: 6}, radial: [{n: 2, spacing: grid}]}", "3 to 1000 for grid"},
        {"{cutoff: {radius: 6}, radial: [{n: 3, spacing: grid, r_min: 1}]}",
         "even spacing alone"},
        {"{cutoff: {radius: 6}, radial: [{n: 3, spacing: odd}]}", "even, centered or grid"},
        {"{cutoff: {radius: 6}, radial: [{eta: 1, r_min: 1}]}", "'r_min' without 'n'"},
        {"{auto: true}", "auto needs the key 'cutoff'"},
        {"{cutoff: {radius: 6}, auto: {radial: 0}}", "radial is 0"},
        {"{cutoff: {radius: 6}, auto: {radial: 500}}", "at most 100 and 20"},
        {"{cutoff: {radius: 6}, auto: false}", "no function for central element"},
        {"{cutoff: {radius: 6}, auto: true, prune: 1}", "prune"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[512];
        struct nnp_config *config;
        struct nnp_error error = {0};
        snprintf(text, sizeof text,
                 "data: {files: x}\nelements: [Li, Au]\nsymmetry_functions: %s\noutput: "
                 "{potential: p.nnp}\n",
                 cases[k].functions);
        assert_true(nnp_config_parse(&config, "c.yaml", text, strlen(text), &error) != 0);
        if (!strstr(error.message, cases[k].words) || strncmp(error.message, "c.yaml:3:", 9))
            fail_msg("'%s', expected '%s'", error.message, cases[k].words);
    }
}

/* ---- From data ---- */

enum { N_STRUCTURES = 12 };

struct data {
    struct nnp_structure structures[N_STRUCTURES];
    struct nnp_dataset dataset;
};

static void make_data(struct data *data)
{
    unsigned long long random = 1;
    for (int s = 0; s < N_STRUCTURES; s++) {
        morse_structure(&data->structures[s], 2 + s % 6, s == 0 ? 0.0 : 0.5, &random);
        data->structures[s].file = strdup("test");
        data->structures[s].line = s + 1;
    }
    data->dataset =
        (struct nnp_dataset){.n_structures = N_STRUCTURES, .structures = data->structures};
}

static void free_data(struct data *data)
{
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&data->structures[s]);
}

/* Of each pair one wide function and n between the shortest distance and the cutoff; of the
 * triples 6 m; what is listed is not doubled. */
static void test_auto(void **state)
{
    struct data data;
    (void)state;
    make_data(&data);
    struct nnp_config *config =
        parse("{cutoff: {radius: 5}, auto: {radial: 6, angular: 2}, radial: [{eta: 0.04}]}");
    assert_int_equal(nnp_config_complete_functions(config, &data.dataset, NULL), NNP_SUCCESS);
    for (int e = 0; e < 2; e++) {
        const struct nnp_config_functions *functions = &config->functions[e];
        assert_int_equal(functions->n_functions, 2 * 7 + 3 * 12);
        for (int k = 2; k < 14; k++) {
            const struct nnp_symmetry *f = &functions->functions[k];
            double first = functions->functions[k < 8 ? 2 : 8].r_shift;
            double width = (5.0 - first) / 6.0;
            assert_true(first > 0.5 && first < 5.0);
            assert_near(f->r_shift, first + (k - 2) % 6 * width);
            assert_near(f->eta, 1.0 / (2.0 * width * width));
        }
        for (int k = 14; k < 50; k++) {
            const struct nnp_symmetry *f = &functions->functions[k];
            assert_int_equal(f->type, NNP_SYMMETRY_WIDE);
            assert_near(f->eta, pow(pow(1.8, (k - 14) % 12 / 6) / 5.0, 2));
        }
    }
    /* The same distance from either side. */
    assert_true(config->functions[0].functions[8].r_shift ==
                config->functions[1].functions[2].r_shift);
    struct nnp_text report = {0};
    assert_int_equal(nnp_survey_functions(config, &data.dataset, false, &report, NULL),
                     NNP_SUCCESS);
    assert_int_equal(report.length, 0);
    free(report.data);
    nnp_config_free(config);

    config = parse("{cutoff: {radius: 0.1}, auto: true}");
    struct nnp_error error;
    assert_int_equal(nnp_config_complete_functions(config, &data.dataset, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "no neighbor within 0.1 Angstrom"));
    nnp_config_free(config);
    free_data(&data);
}

static double closest_distance(const struct data *data, const int elements[2])
{
    struct nnp_close_pair closest[4];
    for (int k = 0; k < 4; k++)
        closest[k].distance = INFINITY;
    for (int s = 0; s < N_STRUCTURES; s++)
        assert_int_equal(
            nnp_distances_add(closest, 2, elements, &data->structures[s], s, 5.0, NULL),
            NNP_SUCCESS);
    /* Of an element with itself, all atoms are of the second class. */
    return closest[elements[0] == elements[1] ? 3 : 1].distance;
}

/* Radii of the repulsion: outer ones are the shortest distances, so that it is nothing at all
 * distances of the data, inner ones half of them. */
static void test_repulsion(void **state)
{
    struct data data;
    (void)state;
    make_data(&data);
    struct nnp_config *config = parse("{cutoff: {radius: 5}, radial: [{eta: 0.04}]}");
    assert_int_equal(nnp_config_complete_repulsion(config, &data.dataset, NULL), NNP_SUCCESS);
    assert_int_equal(config->repulsion.n_pairs, 0);
    config->repulsion.type = NNP_REPULSION_ZBL;
    config->repulsion_from_data = true;
    assert_int_equal(nnp_config_complete_repulsion(config, &data.dataset, NULL), NNP_SUCCESS);
    assert_int_equal(config->repulsion.n_pairs, 3);
    for (int p = 0; p < 3; p++) {
        const struct nnp_repulsion_pair *pair = &config->repulsion.pairs[p];
        const double d = closest_distance(&data, pair->atomic_numbers);
        assert_true(pair->outer <= d && pair->outer > d - 0.01);
        assert_true(pair->inner == 0.5 * pair->outer);
    }
    nnp_config_free(config);

    config = parse("{cutoff: {radius: 0.1}, radial: [{eta: 0.04}]}");
    config->repulsion_from_data = true;
    struct nnp_error error;
    assert_int_equal(nnp_config_complete_repulsion(config, &data.dataset, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "no structure has atoms within 0.1 Angstrom"));
    nnp_config_free(config);
    free_data(&data);
}

/* A function out of reach is dead; those of two cutoffs beyond all neighbors' differences are
 * not, but a hard cutoff's counts are those of another one. */
static void test_prune(void **state)
{
    static const char functions[] =
        "{cutoff: {radius: 5}, radial: [{eta: 0.1}, {eta: 200, r_shift: 0.1},\n"
        "  {eta: 0, cutoff: {function: hard, radius: 4}},\n"
        "  {eta: 0, r_shift: 1, cutoff: {function: hard, radius: 4}}], prune: true}";
    struct data data;
    struct nnp_text report = {0};
    (void)state;
    make_data(&data);
    struct nnp_config *config = parse(functions);
    assert_true(config->prune);
    assert_int_equal(config->functions[0].n_functions, 8);
    assert_int_equal(nnp_survey_functions(config, &data.dataset, false, &report, NULL),
                     NNP_SUCCESS);
    assert_int_equal(config->functions[0].n_functions, 8);
    assert_non_null(strstr(report.data,
                           "Li: function 3 (radial Li, eta 200, r_shift 0.1) is constant over "
                           "the data\n"));
    assert_non_null(strstr(report.data,
                           "Li: function 7 (radial Li, eta 0, r_shift 1) is a linear "
                           "map of function 5\n"));
    report.length = 0;
    assert_int_equal(nnp_survey_functions(config, &data.dataset, true, &report, NULL),
                     NNP_SUCCESS);
    for (int e = 0; e < 2; e++) {
        assert_int_equal(config->functions[e].n_functions, 4);
        for (int k = 0; k < 4; k++)
            assert_true(config->functions[e].functions[k].eta == (k < 2 ? 0.1 : 0.0));
    }
    assert_non_null(strstr(report.data, "function 5: left out\n"));
    /* What stays has nothing more to leave out. */
    report.length = 0;
    assert_int_equal(nnp_survey_functions(config, &data.dataset, true, &report, NULL),
                     NNP_SUCCESS);
    assert_int_equal(report.length, 0);
    free(report.data);
    nnp_config_free(config);
    free_data(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_even),      cmocka_unit_test(test_centered_and_grid),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_auto),
        cmocka_unit_test(test_repulsion), cmocka_unit_test(test_prune),
    };
    return cmocka_run_group_tests_name("generated", tests, NULL, NULL);
}
