/* Potentials that a test trains, one from another. */
#include "trained.h"

#include "config_auto.h"
#include "morse.h"
#include "nnp/evaluate.h"
#include "survey.h"
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

enum { N_STRUCTURES = 12 };

static const struct nnp_parallel serial = {0, 1};

static void take_message(void *context, const char *text)
{
    struct trained_messages *messages = context;
    size_t length = strlen(messages->text);
    snprintf(messages->text + length, sizeof messages->text - length, "%s\n", text);
}

static void ignore_progress(void *context, const struct nnp_progress *progress)
{
    (void)context;
    (void)progress;
}

void trained_data(struct nnp_dataset *dataset, int n_elements, const int *elements,
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

struct nnp_potential *trained_read(const char *path)
{
    struct nnp_potential *potential;
    struct nnp_error error;
    if (nnp_potential_read(&potential, path, &error))
        fail_msg("%s", error.message);
    return potential;
}

void trained_label(struct nnp_dataset *dataset, const char *path)
{
    struct nnp_potential *potential = trained_read(path);
    struct nnp_evaluator *evaluator;
    assert_int_equal(nnp_evaluator_create(&evaluator, potential, NULL, NULL), NNP_SUCCESS);
    for (int s = 0; s < dataset->n_structures; s++) {
        struct nnp_structure *structure = &dataset->structures[s];
        struct nnp_structure_results results = {.forces = structure->forces,
                                                .stress = structure->stress};
        assert_int_equal(nnp_evaluate_structure(evaluator, &structure->cell, structure->n_atoms,
                                                structure->atomic_numbers, structure->positions,
                                                &results, NULL),
                         NNP_SUCCESS);
        structure->energy = results.energy;
    }
    nnp_evaluator_free(evaluator);
    nnp_potential_free(potential);
}

/* What nnp-train does with data that it has read. */
static enum nnp_status run(struct nnp_config *config, const struct nnp_dataset *dataset,
                           struct trained_messages *messages, struct nnp_error *error)
{
    struct nnp_training_result result = {0};
    const struct nnp_training_observer observer = {messages, take_message, ignore_progress};
    const struct nnp_training_options options = {.observer = messages ? &observer : NULL,
                                                 .program = "test"};
    struct nnp_text report = {0};
    enum nnp_status status = nnp_config_complete_functions(config, dataset, error);
    if (!status)
        status = nnp_config_complete_repulsion(config, dataset, error);
    if (!status && config->prune)
        status = nnp_survey_functions(config, dataset, true, &report, error);
    if (!status)
        status = nnp_training_run(config, dataset, &serial, &options, &result, error);
    free(report.data);
    nnp_accuracy_free(&result.accuracy);
    return status;
}

enum nnp_status trained_try_labelled(const char *potential, const char *keys,
                                     const char *labels, int n_elements, const int *elements,
                                     struct trained_messages *messages, struct nnp_error *error)
{
    struct nnp_config *config;
    struct nnp_dataset dataset;
    struct nnp_text text = {0};
    nnp_text_append(&text,
                    "data: {files: none.extxyz, test_fraction: 0}\n"
                    "starts: {number: 2, iterations: 2}\noutput: {potential: %s}\n%s",
                    potential, keys);
    if (messages)
        messages->text[0] = '\0';
    enum nnp_status status =
        nnp_config_parse(&config, "test.yaml", text.data, text.length, error);
    free(text.data);
    if (status)
        return status;
    trained_data(&dataset, n_elements, elements, 7);
    if (labels)
        trained_label(&dataset, labels);
    status = run(config, &dataset, messages, error);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

enum nnp_status trained_try(const char *potential, const char *keys, int n_elements,
                            const int *elements, struct trained_messages *messages,
                            struct nnp_error *error)
{
    return trained_try_labelled(potential, keys, NULL, n_elements, elements, messages, error);
}

const char trained_functions[] =
    "symmetry_functions: {cutoff: {function: poly2, radius: 5}, radial: [{eta: [0.02, 0.2]}],\n"
    "  angular: [{type: wide, eta: 0.01, zeta: [1, 2]},\n"
    "            {type: narrow, eta: 0.02, zeta: 1, lambda: 1}]}\n"
    "network: {hidden: [4, 3]}\n";

void trained_well(const char *potential, const char *keys, int n_elements, const int *elements,
                  struct trained_messages *messages)
{
    struct nnp_error error;
    char text[1600];
    snprintf(text, sizeof text, "%s%s", trained_functions, keys);
    if (trained_try(potential, text, n_elements, elements, messages, &error))
        fail_msg("%s: %s", potential, error.message);
}

/* Energies, forces and stresses of two potentials on structures of some elements: the bits. */
static void assert_same(const char *a, const char *b, enum nnp_kernels kernels, int n_elements,
                        const int *elements)
{
    struct nnp_potential *potentials[2] = {trained_read(a), trained_read(b)};
    const struct nnp_evaluator_options options = {.kernels = kernels};
    struct nnp_evaluator *evaluators[2];
    struct nnp_dataset dataset;
    trained_data(&dataset, n_elements, elements, 99);
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

void assert_same_results(const char *a, const char *b, int n_elements, const int *elements)
{
    assert_same(a, b, NNP_KERNELS_AUTO, n_elements, elements);
    assert_same(a, b, NNP_KERNELS_REFERENCE, n_elements, elements);
}

void trained_stratified(const char *const keys[TRAINED_STEPS])
{
    enum { LI = 3, CU = 29, AU = 79 };
    static const struct {
        const char *file, *keys;
        int n_elements, elements[3];
    } steps[TRAINED_STEPS] = {
        {"Li.nnp", "elements: Li", 1, {LI}},
        {"Cu.nnp", "elements: Cu", 1, {CU}},
        {"Au.nnp", "elements: Au", 1, {AU}},
        {"LiCu.nnp", "elements: [Li, Cu]\ninitial: [Li.nnp, Cu.nnp]", 2, {LI, CU}},
        {"LiAu.nnp", "elements: [Au, Li]\ninitial: [Li.nnp, Au.nnp]", 2, {LI, AU}},
        {"CuAu.nnp", "elements: [Cu, Au]\ninitial: [Cu.nnp, Au.nnp]", 2, {CU, AU}},
        {"all.nnp",
         "elements: [Cu, Au, Li]\ninitial: [LiCu.nnp, LiAu.nnp, CuAu.nnp]",
         3,
         {LI, CU, AU}},
    };
    char text[800];
    for (int k = 0; k < TRAINED_STEPS; k++) {
        snprintf(text, sizeof text, "%s\n%s", steps[k].keys, keys[k]);
        trained_well(steps[k].file, text, steps[k].n_elements, steps[k].elements, NULL);
    }
    for (int k = 0; k < TRAINED_STEPS; k++)
        for (int later = k + 1; later < TRAINED_STEPS; later++)
            if (strstr(steps[later].keys, steps[k].file) || later == TRAINED_STEPS - 1)
                assert_same_results(steps[k].file, steps[later].file, steps[k].n_elements,
                                    steps[k].elements);
}
