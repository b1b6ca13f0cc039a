/* Trainings that begin with given potentials: results on what these cover stay as they are to
 * the last bit while known weights are frozen, and potentials that do not fit are refused. */
#include "config_auto.h"
#include "describe.h"
#include "morse.h"
#include "nnp/evaluate.h"
#include "survey.h"
#include "temporary.h"
#include "test_random.h"
#include "text.h"
#include "training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STRUCTURES = 12, LITHIUM = 3, COPPER = 29, GOLD = 79 };

static const struct nnp_parallel serial = {0, 1};

struct messages {
    char text[4000];
};

static void take_message(void *context, const char *text)
{
    struct messages *messages = context;
    size_t length = strlen(messages->text);
    snprintf(messages->text + length, sizeof messages->text - length, "%s\n", text);
}

static void ignore_progress(void *context, const struct nnp_progress *progress)
{
    (void)context;
    (void)progress;
}

/* Structures of some elements, of which at least one is there. */
static void make_data(struct nnp_dataset *dataset, int n_elements, const int *elements,
                      unsigned long long seed)
{
    unsigned long long random = seed;
    memset(dataset, 0, sizeof *dataset);
    dataset->n_structures = N_STRUCTURES;
    dataset->structures = calloc(N_STRUCTURES, sizeof *dataset->structures);
    dataset->files = calloc(1, sizeof *dataset->files);
    dataset->n_files = 1;
    dataset->files[0].path = strdup("test.extxyz");
    memset(dataset->files[0].sha256, '0', 64);
    dataset->files[0].n_structures = N_STRUCTURES;
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_structure *structure = &dataset->structures[s];
        morse_structure(structure, 4 + s % 3, 0.5, &random);
        structure->file = strdup("test.extxyz");
        for (int i = 0; i < structure->n_atoms; i++)
            structure->atomic_numbers[i] = elements[(i + s) % n_elements];
    }
}

/* functions: the configuration's elements and symmetry functions, or other keys in place. */
static enum nnp_status train(const char *potential, const char *rest, int n_elements,
                             const int *elements, struct messages *messages,
                             struct nnp_error *error)
{
    char text[2000];
    struct nnp_config *config;
    struct nnp_dataset dataset;
    struct nnp_training_result result = {0};
    const struct nnp_training_observer observer = {messages, take_message, ignore_progress};
    const struct nnp_training_options options = {.observer = messages ? &observer : NULL,
                                                 .program = "test"};
    snprintf(text, sizeof text,
             "data: {files: none.extxyz, test_fraction: 0}\n"
             "starts: {number: 2, iterations: 2}\noutput: {potential: %s}\n%s",
             potential, rest);
    if (messages)
        messages->text[0] = '\0';
    enum nnp_status status = nnp_config_parse(&config, "test.yaml", text, strlen(text), error);
    if (status)
        return status;
    make_data(&dataset, n_elements, elements, 7);
    struct nnp_text report = {0};
    status = nnp_config_complete_functions(config, &dataset, error);
    if (!status && config->prune)
        status = nnp_survey_functions(config, &dataset, true, &report, error);
    if (!status)
        status = nnp_training_run(config, &dataset, &serial, &options, &result, error);
    free(report.data);
    nnp_accuracy_free(&result.accuracy);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

static const char functions[] =
    "symmetry_functions: {cutoff: {function: poly2, radius: 5}, radial: [{eta: [0.02, 0.2]}],\n"
    "  angular: [{type: wide, eta: 0.01, zeta: [1, 2]},\n"
    "            {type: narrow, eta: 0.02, zeta: 1, lambda: 1}]}\n"
    "network: {hidden: [4, 3]}\n";

static void train_well(const char *potential, const char *rest, int n_elements,
                       const int *elements, struct messages *messages)
{
    struct nnp_error error;
    char text[1600];
    snprintf(text, sizeof text, "%s%s", functions, rest);
    if (train(potential, text, n_elements, elements, messages, &error))
        fail_msg("%s: %s", potential, error.message);
}

static struct nnp_potential *read_potential(const char *path)
{
    struct nnp_potential *potential;
    struct nnp_error error;
    if (nnp_potential_read(&potential, path, &error))
        fail_msg("%s", error.message);
    return potential;
}

/* Energies, forces and stresses of two potentials on structures of some elements: the bits. */
static void assert_same_results(const char *a, const char *b, enum nnp_kernels kernels,
                                int n_elements, const int *elements)
{
    struct nnp_potential *potentials[2] = {read_potential(a), read_potential(b)};
    const struct nnp_evaluator_options options = {.kernels = kernels};
    struct nnp_evaluator *evaluators[2];
    struct nnp_dataset dataset;
    make_data(&dataset, n_elements, elements, 99);
    for (int p = 0; p < 2; p++)
        assert_int_equal(nnp_evaluator_create(&evaluators[p], potentials[p], &options, NULL),
                         NNP_SUCCESS);
    for (int s = 0; s < N_STRUCTURES; s++) {
        const struct nnp_structure *structure = &dataset.structures[s];
        double forces[2][30], energies[2][10], stress[2][6];
        struct nnp_structure_results results[2];
        size_t n = (size_t)structure->n_atoms;
        for (int p = 0; p < 2; p++) {
            results[p] = (struct nnp_structure_results){
                .atomic_energies = energies[p], .forces = forces[p], .stress = stress[p]};
            assert_int_equal(nnp_evaluate_structure(evaluators[p], &structure->cell,
                                                    structure->n_atoms,
                                                    structure->atomic_numbers,
                                                    structure->positions, &results[p], NULL),
                             NNP_SUCCESS);
        }
        assert_true(results[0].energy == results[1].energy);
        assert_memory_equal(energies[0], energies[1], n * sizeof(double));
        for (size_t c = 0; c < 3 * n; c++) /* -0 and 0 are the same */
            assert_true(forces[0][c] == forces[1][c]);
        for (int c = 0; c < 6; c++)
            assert_true(stress[0][c] == stress[1][c]);
    }
    for (int p = 0; p < 2; p++) {
        nnp_evaluator_free(evaluators[p]);
        nnp_potential_free(potentials[p]);
    }
    nnp_dataset_free(&dataset);
}

static void assert_stratified(const char *a, const char *b, int n_elements, const int *elements)
{
    assert_same_results(a, b, NNP_KERNELS_AUTO, n_elements, elements);
    assert_same_results(a, b, NNP_KERNELS_REFERENCE, n_elements, elements);
}

static const int li[] = {LITHIUM}, cu[] = {COPPER}, au[] = {GOLD};
static const int licu[] = {LITHIUM, COPPER}, liau[] = {LITHIUM, GOLD}, cuau[] = {COPPER, GOLD};
static const int all[] = {LITHIUM, COPPER, GOLD};

/* Elements, then binaries, then a ternary, with either optimiser, and every scaling that does
 * not vanish with its function by itself. */
static void stratify(const char *scaling, const char *optimizer)
{
    char rest[500];
    const struct {
        const char *file, *keys;
        int n_elements;
        const int *elements;
    } steps[] = {
        {"Li.nnp", "elements: Li", 1, li},
        {"Cu.nnp", "elements: Cu", 1, cu},
        {"Au.nnp", "elements: Au", 1, au},
        {"LiCu.nnp", "elements: [Li, Cu]\ninitial: [Li.nnp, Cu.nnp]", 2, licu},
        {"LiAu.nnp", "elements: [Au, Li]\ninitial: [Li.nnp, Au.nnp]", 2, liau},
        {"CuAu.nnp", "elements: [Cu, Au]\ninitial: [Cu.nnp, Au.nnp]", 2, cuau},
        {"all.nnp", "elements: [Cu, Au, Li]\ninitial: [LiCu.nnp, LiAu.nnp, CuAu.nnp]", 3, all},
    };
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        snprintf(rest, sizeof rest,
                 "%s\nscaling: %s\nstages: [{energy: 1, forces: 1, stress: 1, iterations: 3,\n"
                 "  optimizer: %s%s}]\n",
                 steps[k].keys, scaling, optimizer, k < 3 ? "" : ", freeze: known");
        train_well(steps[k].file, rest, steps[k].n_elements, steps[k].elements, NULL);
    }
    assert_stratified("Li.nnp", "LiCu.nnp", 1, li);
    assert_stratified("Cu.nnp", "LiCu.nnp", 1, cu);
    assert_stratified("Au.nnp", "CuAu.nnp", 1, au);
    assert_stratified("Li.nnp", "all.nnp", 1, li);
    assert_stratified("LiCu.nnp", "all.nnp", 2, licu);
    assert_stratified("LiAu.nnp", "all.nnp", 2, liau);
    assert_stratified("CuAu.nnp", "all.nnp", 2, cuau);
}

static void remove_potentials(void)
{
    static const char *const files[] = {"Li.nnp",   "Cu.nnp",   "Au.nnp",  "LiCu.nnp",
                                        "LiAu.nnp", "CuAu.nnp", "all.nnp", "out.nnp"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++)
        remove(files[f]);
}

static void test_stratified(void **state)
{
    (void)state;
    stratify("{method: minmax, target: [-1, 1]}", "lbfgsb");
    stratify("{method: sigma}", "kalman");
    stratify("{method: center}", "lbfgsb");
    remove_potentials();
}

/* What was trained: the weights of inputs between elements, and nothing else. */
static void test_known(void **state)
{
    (void)state;
    static const char stages[] = "stages: [{energy: 1, iterations: 2, freeze: known}]\n";
    char rest[300];
    train_well("Li.nnp", "elements: Li\nstages: [{energy: 1, iterations: 3}]\n", 1, li, NULL);
    train_well("Au.nnp", "elements: Au\nstages: [{energy: 1, iterations: 3}]\n", 1, au, NULL);
    snprintf(rest, sizeof rest, "elements: [Li, Au]\ninitial: [Li.nnp, Au.nnp]\n%s", stages);
    train_well("LiAu.nnp", rest, 2, liau, NULL);
    struct nnp_potential *pure = read_potential("Li.nnp"), *mixed = read_potential("LiAu.nnp");
    const struct nnp_layer *a = pure->networks[0].layers, *b = mixed->networks[0].layers;
    int n_known = 0, n = a->n_outputs;
    for (int j = 0; j < b->n_inputs; j++) {
        const struct nnp_symmetry *function = &mixed->descriptors[0].functions[j];
        bool known = function->neighbors[0] == 0 && function->neighbors[1] <= 0;
        assert_int_equal(mixed->descriptors[0].scaling.through_zero[j], !known);
        if (known)
            assert_memory_equal(b->weights + j * n, a->weights + n_known++ * n,
                                (size_t)n * sizeof(double));
    }
    assert_int_equal(n_known, a->n_inputs);
    for (int l = 0; l < 3; l++)
        assert_memory_equal(b[l].biases, a[l].biases, (size_t)a[l].n_outputs * sizeof(double));
    for (int l = 1; l < 3; l++)
        assert_memory_equal(b[l].weights, a[l].weights,
                            (size_t)(a[l].n_inputs * a[l].n_outputs) * sizeof(double));
    assert_true(mixed->elements[0].energy == pure->elements[0].energy);
    struct nnp_text description = {0};
    nnp_describe_potential(&description, mixed);
    assert_non_null(strstr(description.data, "minmax to [-1, 1], 12 functions through zero"));
    free(description.data);
    nnp_potential_free(pure);
    nnp_potential_free(mixed);
    remove_potentials();
}

/* Functions that are generated by number or made from the data, which differ between the
 * trainings, and some that `prune` leaves out: those of the elements stay, as do their results.
 */
static void test_made_functions(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "radial: [{n: 5, r_min: 1.5}], angular: [{type: wide, n: 3, zeta: 1}]",
        "auto: {radial: 4, angular: 1}",
        "auto: {radial: 3, angular: 0}, radial: [{eta: 0.03, r_shift: [0, 900]}]",
    };
    static const char *const keys[] = {"elements: Li", "elements: Au",
                                       "elements: [Li, Au]\ninitial: [Li.nnp, Au.nnp]"};
    static const char *const files[] = {"Li.nnp", "Au.nnp", "LiAu.nnp"};
    static const int *const elements[] = {li, au, liau};
    /* Radial and angular functions of an element's atoms in LiAu.nnp; of the last two that are
     * listed, the one between different elements is constant and left out. */
    static const int n_functions[] = {2 * 5 + 3 * 6, 2 * 5 + 3 * 6, 2 * 5 + 1};
    struct nnp_error error;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (int k = 0; k < 3; k++) {
            char text[600];
            bool prune = c == 2 && k == 2; /* else the constant function is not known */
            snprintf(text, sizeof text,
                     "%s\nnetwork: {hidden: [4]}\n"
                     "symmetry_functions: {cutoff: {radius: 5}, %s%s}\n"
                     "stages: [{energy: 1, forces: 1, iterations: 3%s}]\n",
                     keys[k], cases[c], prune ? ", prune: true" : "",
                     k == 2 ? ", freeze: known" : "");
            if (train(files[k], text, k == 2 ? 2 : 1, elements[k], NULL, &error))
                fail_msg("%s: %s", text, error.message);
        }
        assert_stratified("Li.nnp", "LiAu.nnp", 1, li);
        assert_stratified("Au.nnp", "LiAu.nnp", 1, au);
        struct nnp_potential *mixed = read_potential("LiAu.nnp");
        for (int e = 0; e < 2; e++)
            assert_int_equal(mixed->descriptors[e].n_functions, n_functions[c]);
        nnp_potential_free(mixed);
    }
    remove_potentials();
}

/* Elements and layers that are frozen stay, others move. */
static void test_frozen_parts(void **state)
{
    (void)state;
    train_well("Li.nnp", "elements: [Li, Au]\nstages: [{energy: 1, iterations: 3}]\n", 2, liau,
               NULL);
    train_well("out.nnp",
               "elements: [Li, Au]\ninitial: Li.nnp\n"
               "stages: [{energy: 1, iterations: 3, freeze: [{elements: Au},\n"
               "  {elements: [Li], layers: [2, 3]}]}]\n",
               2, liau, NULL);
    struct nnp_potential *before = read_potential("Li.nnp"), *after = read_potential("out.nnp");
    for (int e = 0; e < 2; e++)
        for (int l = 0; l < 3; l++) {
            const struct nnp_layer *a = &before->networks[e].layers[l];
            const struct nnp_layer *b = &after->networks[e].layers[l];
            size_t n = (size_t)(a->n_inputs * a->n_outputs), m = (size_t)a->n_outputs;
            bool same = !memcmp(a->weights, b->weights, n * sizeof(double)) &&
                        !memcmp(a->biases, b->biases, m * sizeof(double));
            assert_int_equal(same, e == 1 || l > 0);
        }
    nnp_potential_free(before);
    nnp_potential_free(after);
    remove_potentials();
}

/* Nothing but the potential states the functions; its scaling is kept, and new data beyond it
 * are reported. */
static void test_fine_tuning(void **state)
{
    (void)state;
    struct messages messages;
    struct nnp_error error;
    train_well("Li.nnp", "elements: Li\nstages: [{energy: 1, iterations: 3}]\n", 1, li, NULL);
    struct nnp_potential *before = read_potential("Li.nnp");
    struct nnp_scaling *scaling = &before->descriptors[0].scaling;
    scaling->max[1] = 0.5 * (scaling->min[1] + scaling->max[1]);
    assert_int_equal(nnp_potential_write(before, "Li.nnp", &error), NNP_SUCCESS);
    assert_int_equal(train("out.nnp",
                           "elements: Li\ninitial: Li.nnp\n"
                           "stages: [{energy: 1, iterations: 5}]\n",
                           1, li, &messages, &error),
                     NNP_SUCCESS);
    assert_non_null(strstr(messages.text, "initial potentials: 51 of 51 parameters are known"));
    assert_non_null(strstr(messages.text, "Li: 1 symmetry functions leave the range of the "
                                          "initial potentials, by up to 1 of it"));
    struct nnp_potential *after = read_potential("out.nnp");
    const struct nnp_scaling *kept = &after->descriptors[0].scaling;
    assert_int_equal(kept->n_functions, scaling->n_functions);
    for (int k = 0; k < kept->n_functions; k++) {
        assert_true(kept->min[k] == scaling->min[k] && kept->max[k] == scaling->max[k]);
        assert_false(kept->through_zero[k]);
    }
    assert_int_equal(after->networks[0].n_layers, 3);
    assert_int_equal(after->networks[0].layers[0].n_outputs, 4);
    assert_memory_not_equal(after->networks[0].layers[1].weights,
                            before->networks[0].layers[1].weights, 12 * sizeof(double));
    nnp_potential_free(before);
    nnp_potential_free(after);
    remove_potentials();
}

struct refusal {
    const char *rest, *words;
};

static void test_refusals(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"elements: Li\ninitial: missing.nnp\n", "missing.nnp"},
        {"elements: Li\ninitial: []\n", "empty list"},
        {"elements: [Li, Au]\ninitial: Li.nnp\n", "covers Au"},
        {"elements: Li\ninitial: [Li.nnp, Au.nnp]\n", "covers Au, which is not among"},
        {"elements: Li\ninitial: Li.nnp\nreference_energies: fit\n", "no such key"},
        {"elements: Li\ninitial: Li.nnp\nscaling: {method: sigma}\n", "scaling of Li"},
        {"elements: Li\ninitial: Li.nnp\nstages: [{energy: 1, freeze: {elements: Li}}]\n",
         "freezes all"},
        {"elements: Li\ninitial: Li.nnp\nstages: [{energy: 1, freeze: known}]\n",
         "freezes all"},
        {"elements: Li\nstages: [{energy: 1, freeze: known}]\n", "without initial"},
        {"elements: Li\ninitial: Li.nnp\ncommittee: 2\n", "same weights"},
        {"elements: Li\ninitial: [Li.nnp, other.nnp]\n", "reference energies"},
        {"elements: Li\ninitial: Li.nnp\nstages: [{energy: 1, freeze: {layers: 4}}]\n",
         "expected 1 to 3"},
        {"elements: Li\ninitial: Li.nnp\nstages: [{energy: 1, freeze: {}}]\n",
         "states nothing"},
        {"elements: Li\ninitial: Li.nnp\nstages: [{energy: 1, freeze: all}]\n",
         "neither 'known'"},
    };
    struct nnp_error error;
    char text[1600];
    train_well("Li.nnp", "elements: Li\nstages: [{energy: 1, iterations: 1}]\n", 1, li, NULL);
    train_well("Au.nnp", "elements: Au\nstages: [{energy: 1, iterations: 1}]\n", 1, au, NULL);
    train_well("other.nnp",
               "elements: Li\nreference_energies: {Li: 1}\n"
               "stages: [{energy: 1, iterations: 1}]\n",
               1, li, NULL);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(text, sizeof text, "%s%s", functions, cases[k].rest);
        assert_int_not_equal(train("out.nnp", text, 1, li, NULL, &error), NNP_SUCCESS);
        if (!strstr(error.message, cases[k].words))
            fail_msg("'%s' is not in: %s", cases[k].words, error.message);
    }
    /* Functions and networks that differ. */
    assert_int_equal(train("out.nnp",
                           "elements: Li\ninitial: Li.nnp\nnetwork: {hidden: [4, 3]}\n"
                           "symmetry_functions: {cutoff: {radius: 5}, radial: [{eta: 1}]}\n",
                           1, li, NULL, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "radial Li eta 0.02"));
    assert_int_equal(train("out.nnp",
                           "elements: Li\ninitial: Li.nnp\nnetwork: {hidden: [4, 2]}\n", 1, li,
                           NULL, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "hidden layers"));
    assert_int_equal(train("out.nnp", "elements: [Li, Au]\ninitial: [Li.nnp, Au.nnp]\n", 2,
                           liau, NULL, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "no symmetry_functions"));
    assert_int_equal(train("Li.nnp", "elements: Li\ninitial: Li.nnp\n", 1, li, NULL, &error),
                     NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(error.message, "initial potential"));
    struct nnp_potential *repulsive = read_potential("Li.nnp");
    repulsive->repulsion =
        (struct nnp_repulsion){.type = NNP_REPULSION_ZBL, .inner = 0.5, .outer = 1.0};
    assert_int_equal(nnp_potential_write(repulsive, "other.nnp", &error), NNP_SUCCESS);
    nnp_potential_free(repulsive);
    assert_int_equal(
        train("out.nnp", "elements: Li\ninitial: other.nnp\n", 1, li, NULL, &error),
        NNP_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "other.nnp has a repulsion"));
    remove("other.nnp");
    remove_potentials();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stratified),     cmocka_unit_test(test_known),
        cmocka_unit_test(test_made_functions), cmocka_unit_test(test_frozen_parts),
        cmocka_unit_test(test_fine_tuning),    cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
