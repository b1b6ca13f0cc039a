/* Trainings that begin with other codes' potentials: what these codes say of structures is what
 * the training starts from, whichever functions they have; gradients, scalings that are kept,
 * and a loss that falls. */
#include "allocations.h"
#include "derivative.h"
#include "input.h"
#include "linear_algebra.h"
#include "nnp/element.h"
#include "nnp/evaluate.h"
#include "nnp/formats.h"
#include "random.h"
#include "report_tables.h"
#include "temporary.h"
#include "text.h"
#include "trained.h"
#include "training_parts.h"
#include "trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LITHIUM = 3, SILICON = 14 };

/* Below NNP_TEST_DATA: potentials, and structures with the energies and forces that their codes
 * or definitions say (tests/data/README.md). */
static const struct {
    const char *potential, *structures;
    double energy; /* rounding of these numbers, eV */
    double forces; /* eV/Angstrom */
} cases[] = {
    {"aenet/chebyshev-1", "aenet/chebyshev-1/structures.xyz", 1e-12, 1e-13},
    {"aenet/chebyshev-2", "aenet/chebyshev-2/structures.xyz", 1e-12, 1e-13},
    {"aenet/chebyshev-4", "aenet/chebyshev-4/structures.xyz", 1e-12, 1e-13},
    {"aenet/behler", "aenet/behler/structures.xyz", 1e-12, 1e-13},
    {"other_codes/aenet", "other_codes/aenet/cell.xyz", 1e-11, 1e-9},
    {"other_codes/hdnnp/coeff", "other_codes/hdnnp/cell.xyz", 1e-11, 1e-9},
    {"other_codes/maise_1/model", "other_codes/maise_1/cell.xyz", 1e-11, 1e-9},
    {"other_codes/maise_3/model", "other_codes/maise_3/cell.xyz", 1e-11, 1e-9},
    {"other_codes/n2p2_normalised", "other_codes/n2p2_normalised/cell.xyz", 1e-11, 1e-9},
    {"other_codes/n2p2_types", "other_codes/n2p2_types/cell.xyz", 1e-11, 1e-9},
    {"other_codes/simple_nn/potential_saved", "other_codes/simple_nn/cell.xyz", 1e-11, 1e-9},
    {"n2p2/cutoff-7", "n2p2/cutoff-7/structures.xyz", 1e-12, 1e-12},
    {"n2p2/habits", "n2p2/habits/structures.xyz", 1e-12, 1e-12},
};

enum { N_CASES = sizeof cases / sizeof *cases };

/* ---- Configurations ---- */

static void append_elements(struct nnp_text *text, const struct nnp_potential *potential)
{
    for (int e = 0; e < potential->n_elements; e++)
        nnp_text_append(text, "%s%s", e ? ", " : "",
                        nnp_element_symbol(potential->elements[e].atomic_number));
}

/* A trial of the structures with the potential in a file as initial one. */
static void set_up(struct trial *trial, const char *initial, const char *structures,
                   const char *keys)
{
    struct nnp_potential *potential = trained_read(initial);
    struct nnp_text text = {0};
    nnp_text_append(&text, "elements: [");
    append_elements(&text, potential);
    nnp_text_append(&text,
                    "]\ndata: {files: %s/%s, test_fraction: 0}\ninitial: %s\n"
                    "starts: {number: 1, iterations: 0}\noutput: {potential: out.nnp}\n%s",
                    NNP_TEST_DATA, structures, initial, keys);
    nnp_potential_free(potential);
    memset(trial, 0, sizeof *trial);
    if (nnp_config_parse(&trial->config, "test.yaml", text.data, text.length, &trial->error) ||
        nnp_input_read(trial->config, &trial->dataset, &trial->error))
        fail_msg("%s", trial->error.message);
    free(text.data);
}

static void set_up_case(struct trial *trial, int k, const char *keys)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", NNP_TEST_DATA, cases[k].potential);
    set_up(trial, path, cases[k].structures, keys);
}

/* ---- The loss and its gradient ---- */

struct problem {
    struct nnp_training training;
    struct nnp_loss_terms terms;
    double *x, *moved, *direction, *gradient; /* [n_parameters] */
};

static void prepare(struct problem *p, struct trial *trial)
{
    static const struct nnp_parallel serial = {0, 1};
    static const struct nnp_training_options options = {.program = "test"};
    p->training = (struct nnp_training){.config = trial->config,
                                        .dataset = &trial->dataset,
                                        .parallel = &serial,
                                        .options = &options,
                                        .error = &trial->error};
    nnp_linear_algebra_init();
    if (nnp_training_check_input(&p->training) || nnp_training_prepare(&p->training))
        fail_msg("%s", trial->error.message);
    nnp_training_resample(&p->training, 0);
    p->terms = nnp_training_terms(&p->training, &trial->config->stages[0]);
    p->x = calloc((size_t)p->training.n_parameters, 4 * sizeof *p->x);
    assert_non_null(p->x);
    p->moved = p->x + p->training.n_parameters;
    p->direction = p->moved + p->training.n_parameters;
    p->gradient = p->direction + p->training.n_parameters;
    nnp_initial_set(&p->training.initial, 0, p->x);
}

static void finish(struct problem *p)
{
    free(p->x);
    nnp_training_release(&p->training);
}

static double along(double step, void *data)
{
    struct problem *p = data;
    for (int k = 0; k < p->training.n_parameters; k++)
        p->moved[k] = p->x[k] + step * p->direction[k];
    return nnp_loss_evaluate(p->training.losses[TRAINING], &p->terms, NNP_LOSS_VALUE, p->moved,
                             NULL);
}

/* Away from the potential, where the loss is its least. */
static void check_gradient(struct problem *p, const char *name)
{
    struct nnp_random random;
    double slope = 0.0;
    nnp_random_seed(&random, 3);
    for (int k = 0; k < p->training.n_parameters; k++) {
        p->x[k] += 0.1 * (nnp_random_uniform(&random) - 0.5);
        p->direction[k] = nnp_random_uniform(&random) - 0.5;
    }
    const double value = nnp_loss_evaluate(p->training.losses[TRAINING], &p->terms,
                                           NNP_LOSS_GRADIENT, p->x, p->gradient);
    for (int k = 0; k < p->training.n_parameters; k++)
        slope += p->gradient[k] * p->direction[k];
    assert_true(value > 1e-6);
    assert_derivative(name, along, p, 0.0, slope, 1e-3, 10.0 * value);
}

/* The potential's own numbers make a loss of their rounding alone. */
static void test_gradients(void **state)
{
    (void)state;
    static const char *const memories[] = {"1 GB", "0 kB"};
    for (int k = 0; k < N_CASES; k++)
        for (int m = 0; m < 2; m++) {
            struct trial trial;
            struct problem p;
            char keys[200];
            snprintf(keys, sizeof keys,
                     "memory: %s\nstages: [{energy: 0.5, forces: 0.5, iterations: 1}]\n",
                     memories[m]);
            set_up_case(&trial, k, keys);
            prepare(&p, &trial);
            assert_true(trial.dataset.n_structures > 0);
            double n_components = 0.0;
            for (int s = 0; s < trial.dataset.n_structures; s++)
                n_components += 3.0 * trial.dataset.structures[s].n_atoms;
            /* Stored derivatives are of single precision, 2^-24 for each term of a sum. */
            const double of_force = m == 0 ? 1e-7 : cases[k].forces;
            const double rounding = trial.dataset.n_structures * pow(cases[k].energy, 2) +
                                    n_components * pow(of_force, 2);
            const double loss = along(0.0, &p);
            if (!(loss <= rounding))
                fail_msg("%s: loss %g, expected %g at most", cases[k].potential, loss,
                         rounding);
            check_gradient(&p, cases[k].potential);
            finish(&p);
            trial_tear_down(&trial);
        }
}

/* ---- Trainings ---- */

static void assert_same_descriptor(const struct nnp_potential *a, const struct nnp_potential *b,
                                   int e)
{
    const struct nnp_descriptor *f = &a->descriptors[e], *g = &b->descriptors[e];
    const size_t n = (size_t)f->n_functions, size = n * sizeof(double);
    assert_int_equal(f->n_functions, g->n_functions);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(f->functions[k].type, g->functions[k].type);
        assert_int_equal(f->functions[k].degree, g->functions[k].degree);
    }
    assert_int_equal(f->species_weights != NULL, g->species_weights != NULL);
    if (f->species_weights)
        assert_memory_equal(f->species_weights, g->species_weights,
                            (size_t)a->n_elements * sizeof(double));
    assert_int_equal(f->scaling.method, g->scaling.method);
    assert_memory_equal(f->scaling.min, g->scaling.min, size);
    assert_memory_equal(f->scaling.max, g->scaling.max, size);
    assert_memory_equal(f->scaling.mean, g->scaling.mean, size);
    assert_memory_equal(f->scaling.sigma, g->scaling.sigma, size);
    assert_int_equal(f->projection.n_outputs, g->projection.n_outputs);
    assert_true(a->elements[e].energy == b->elements[e].energy);
}

/* With other references, from the potential as nnp-convert writes it. */
static void test_fine_tuning(void **state)
{
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        struct trial trial;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", NNP_TEST_DATA, cases[k].potential);
        struct nnp_potential *before = trained_read(path);
        assert_int_equal(nnp_potential_write(before, "before.nnp", NULL), NNP_SUCCESS);
        set_up(&trial, "before.nnp", cases[k].structures,
               k % 2 ? "stages: [{energy: 1, forces: 1, iterations: 20}]\n"
                     : "stages: [{energy: 1, forces: 1, iterations: 3, optimizer: kalman}]\n");
        for (int s = 0; s < trial.dataset.n_structures; s++) {
            struct nnp_structure *structure = &trial.dataset.structures[s];
            structure->energy += 0.05 * structure->n_atoms;
            for (int c = 0; c < 3 * structure->n_atoms; c++)
                structure->forces[c] *= 1.1;
        }
        if (trial_run(&trial, NULL))
            fail_msg("%s: %s", path, trial.error.message);
        if (!(trial.seen.last_loss < 0.5 * trial.seen.first_loss))
            fail_msg("%s: loss from %g to %g", path, trial.seen.first_loss,
                     trial.seen.last_loss);
        struct nnp_potential *after = trained_read("out.nnp");
        for (int e = 0; e < before->n_elements; e++)
            assert_same_descriptor(before, after, e);
        nnp_potential_free(before);
        nnp_potential_free(after);
        trial_tear_down(&trial);
        remove("out.nnp");
        remove("before.nnp");
    }
}

static enum nnp_status make_model(struct trial *trial)
{
    static const struct nnp_parallel serial = {0, 1};
    static const struct nnp_training_options options = {.program = "test"};
    struct nnp_potential *potential = NULL;
    struct nnp_training training = {.config = trial->config,
                                    .dataset = &trial->dataset,
                                    .parallel = &serial,
                                    .options = &options,
                                    .error = &trial->error};
    double parameters[400] = {0.0};
    enum nnp_status status = nnp_training_check_input(&training);
    assert_true(training.n_parameters <= 400);
    training.best = parameters;
    training.has_result = true;
    if (!status)
        status = nnp_training_assemble(&training, &potential);
    training.best = NULL;
    nnp_potential_free(potential);
    nnp_training_release(&training);
    return status;
}

/* Without memory at any point the potential is not made, in good order. */
static void test_no_memory(void **state)
{
    (void)state;
    struct trial trial;
    enum nnp_status status;
    long k = 0;
    set_up(&trial, NNP_TEST_DATA "/aenet/chebyshev-2", "aenet/chebyshev-2/structures.xyz",
           "stages: [{energy: 1, forces: 1}]\n");
    do {
        test_allocations.left = k++;
        status = make_model(&trial);
        test_allocations.left = -1;
        assert_true(status == NNP_SUCCESS || status == NNP_ERROR_MEMORY);
    } while (status);
    assert_true(k > 100);
    trial_tear_down(&trial);
}

static void to_atomic_units(struct nnp_potential *potential)
{
    potential->length_unit = NNP_BOHR;
    potential->energy_unit = NNP_HARTREE;
    const double bohr = nnp_potential_length_in_angstrom(potential);
    const double hartree = nnp_potential_energy_in_ev(potential);
    for (int e = 0; e < potential->n_elements; e++) {
        struct nnp_layer *output =
            &potential->networks[e].layers[potential->networks[e].n_layers - 1];
        potential->elements[e].energy /= hartree;
        output->biases[0] /= hartree;
        for (int k = 0; k < output->n_inputs; k++)
            output->weights[k] /= hartree;
        for (int k = 0; k < potential->descriptors[e].n_functions; k++) {
            struct nnp_symmetry *function = &potential->descriptors[e].functions[k];
            function->eta *= bohr * bohr;
            function->r_shift /= bohr;
            function->r_low /= bohr;
            function->cutoff.radius /= bohr;
        }
    }
}

/* A potential in bohr and Hartree, with a repulsion: its results are those that the training
 * starts from. */
static void test_units(void **state)
{
    (void)state;
    struct trial trial;
    struct problem p;
    struct nnp_repulsion_pair pair = {{29, 29}, 4.0, 7.0, 20.0, 1.5};
    struct nnp_potential *potential = trained_read(NNP_TEST_DATA "/other_codes/n2p2_types");
    to_atomic_units(potential);
    potential->repulsion =
        (struct nnp_repulsion){NNP_REPULSION_EXPONENTIAL, 3.0, 6.0, 30.0, 1.2, 1, &pair};
    assert_int_equal(nnp_potential_write(potential, "atomic.nnp", NULL), NNP_SUCCESS);
    set_up(&trial, "atomic.nnp", "other_codes/n2p2_types/cell.xyz",
           "stages: [{energy: 1, forces: 1, stress: 1}]\n");
    double largest = 0.0;
    trained_label(&trial.dataset, "atomic.nnp");
    for (int s = 0; s < trial.dataset.n_structures; s++) {
        const struct nnp_structure *structure = &trial.dataset.structures[s];
        for (int c = 0; c < 3 * structure->n_atoms; c++)
            largest = fmax(largest, fabs(structure->forces[c]));
    }
    prepare(&p, &trial);
    assert_true(largest > 0.1);
    assert_true(along(0.0, &p) < 1e-18 * largest * largest);
    finish(&p);
    trial_tear_down(&trial);
    potential->repulsion = (struct nnp_repulsion){0};
    nnp_potential_free(potential);
    remove("atomic.nnp");
}

/* Units that a folder of n2p2 does not state are said, and the way to state them. */
static void test_assumed_units(void **state)
{
    (void)state;
    static const char words[] = "states no units, and is taken to be in Angstrom and eV; if it "
                                "is not: nnp-convert --length bohr --energy Ha";
    static const char stage[] = "stages: [{energy: 1, iterations: 1}]\n";
    struct trial trial;
    struct nnp_potential *potential = trained_read(NNP_TEST_DATA "/other_codes/n2p2_types");
    assert_int_equal(nnp_potential_write(potential, "stated.nnp", NULL), NNP_SUCCESS);
    nnp_potential_free(potential);
    for (int stated = 0; stated < 2; stated++) {
        set_up(&trial, stated ? "stated.nnp" : NNP_TEST_DATA "/other_codes/n2p2_types",
               "other_codes/n2p2_types/cell.xyz", stage);
        assert_int_equal(trial_run(&trial, NULL), NNP_SUCCESS);
        assert_int_equal(strstr(trial.seen.messages, words) == NULL, stated);
        trial_tear_down(&trial);
    }
    remove("stated.nnp");
    remove("out.nnp");
}

/* Chebyshev functions sum over all elements; those of pure ones stay as they are. */
static void test_stratified(void **state)
{
    (void)state;
    static const int li[] = {LITHIUM}, si[] = {SILICON}, both[] = {LITHIUM, SILICON};
    struct nnp_error error;
    struct nnp_potential *potential = trained_read(NNP_TEST_DATA "/aenet/chebyshev-1");
    assert_int_equal(nnp_potential_write(potential, "Si.nnp", NULL), NNP_SUCCESS);
    potential->elements[0].atomic_number = LITHIUM;
    assert_int_equal(nnp_potential_write(potential, "Li.nnp", NULL), NNP_SUCCESS);
    nnp_potential_free(potential);
    if (trained_try("LiSi.nnp",
                    "elements: [Li, Si]\ninitial: [Si.nnp, Li.nnp]\n"
                    "symmetry_functions: {cutoff: {radius: 5}, auto: {radial: 3, angular: 1}}\n"
                    "stages: [{energy: 1, forces: 1, iterations: 3, freeze: known}]\n",
                    2, both, NULL, &error))
        fail_msg("%s", error.message);
    assert_same_results("Si.nnp", "LiSi.nnp", 1, si);
    assert_same_results("Li.nnp", "LiSi.nnp", 1, li);
    potential = trained_read("LiSi.nnp");
    assert_int_equal(potential->descriptors[0].n_functions, 12 + 4 + 12);
    nnp_potential_free(potential);
    remove("Si.nnp");
    remove("Li.nnp");
    remove("LiSi.nnp");
}

/* The key `chebyshev` describes aenet's functions; their weights, which aenet has in another
 * order for each central element, are those of the potential unless stated. */
static void test_chebyshev(void **state)
{
    (void)state;
    static const char *const weights[] = {"", ", species_weights: {O: 1, Ti: -1}",
                                          ", species_weights: {O: -1, Ti: 1}"};
    for (int w = 0; w < 3; w++) {
        struct trial trial;
        char keys[300];
        snprintf(keys, sizeof keys,
                 "memory: 0 kB\n"
                 "symmetry_functions: {chebyshev: {radial: 6, angular: 4%s,\n"
                 "  cutoff: {radius: 5.5}, angular_cutoff: {radius: 4.2}}}\n"
                 "stages: [{energy: 1, forces: 1, iterations: 1}]\n",
                 weights[w]);
        set_up(&trial, NNP_TEST_DATA "/aenet/chebyshev-2", "aenet/chebyshev-2/structures.xyz",
               keys);
        const enum nnp_status status = trial_run(&trial, NULL);
        if (status != (w ? NNP_ERROR_INCONSISTENT : NNP_SUCCESS))
            fail_msg("'%s': status %d, %s", weights[w], (int)status, trial.error.message);
        if (w && !strstr(trial.error.message, "differ from those of the configuration"))
            fail_msg("%s", trial.error.message);
        assert_true(w || trial.seen.first_loss < 1e-20);
        trial_tear_down(&trial);
    }
    remove("out.nnp");
}

/* Other codes have functions twice, each with weights of its own, which all stay. */
static void test_twice(void **state)
{
    (void)state;
    struct trial trial;
    struct nnp_potential *before = trained_read(NNP_TEST_DATA "/other_codes/maise_1/model");
    struct nnp_descriptor *descriptor = &before->descriptors[0];
    descriptor->functions[1] = descriptor->functions[0];
    assert_int_equal(nnp_potential_write(before, "twice.nnp", NULL), NNP_SUCCESS);
    set_up(&trial, "twice.nnp", "other_codes/maise_1/cell.xyz",
           "stages: [{energy: 1, iterations: 2, freeze: {layers: 1}}]\n");
    if (trial_run(&trial, NULL))
        fail_msg("%s", trial.error.message);
    struct nnp_potential *after = trained_read("out.nnp");
    const struct nnp_layer *a = before->networks[0].layers, *b = after->networks[0].layers;
    assert_memory_equal(a->weights, b->weights,
                        (size_t)(a->n_inputs * a->n_outputs) * sizeof(double));
    assert_memory_not_equal(b->weights, b->weights + b->n_outputs,
                            (size_t)b->n_outputs * sizeof(double));
    nnp_potential_free(before);
    nnp_potential_free(after);
    trial_tear_down(&trial);
    remove("twice.nnp");
    remove("out.nnp");
}

/* A row of reports has what the type of function has, and nothing else. */
static void test_rows(void **state)
{
    (void)state;
    struct nnp_potential *potential = trained_read(NNP_TEST_DATA "/aenet/chebyshev-1");
    struct nnp_text text = {0};
    nnp_report_functions(&text, potential);
    assert_non_null(strstr(text.data, "\nSi,2,chebyshev_radial,\"\",,,,,5.5,"));
    assert_non_null(strstr(text.data, ",1,,,,\nSi,3,"));
    free(text.data);
    nnp_potential_free(potential);
}

static void assert_refused(const char *keys, const char *words)
{
    struct nnp_config *config;
    struct nnp_error error;
    struct nnp_text text = {0};
    nnp_text_append(&text, "data: {files: li.extxyz}\noutput: {potential: a.nnp}\n%s", keys);
    assert_int_not_equal(nnp_config_parse(&config, "c.yaml", text.data, text.length, &error),
                         NNP_SUCCESS);
    free(text.data);
    if (!strstr(error.message, words))
        fail_msg("'%s' is not in: %s", words, error.message);
}

static void test_refusals(void **state)
{
    (void)state;
    struct trial trial;
    assert_refused("elements: [O, Ti]\ninitial: [" NNP_TEST_DATA
                   "/aenet/chebyshev-2, " NNP_TEST_DATA "/aenet/chebyshev-2]\n",
                   "weighted by species, expected others, or no other initial potential");
    assert_refused("elements: [H, O]\ninitial: " NNP_TEST_DATA "/other_codes/hdnnp/cell.xyz\n",
                   "structures in extended XYZ");
    assert_refused("elements: [H, O]\ninitial: " NNP_TEST_DATA "/formats\n", "folder without");
    set_up(&trial, NNP_TEST_DATA "/aenet/chebyshev-1", "aenet/chebyshev-1/structures.xyz",
           "symmetry_functions: {cutoff: {radius: 5}, radial: [{eta: 1}]}\n");
    assert_int_equal(trial_run(&trial, NULL), NNP_ERROR_INCONSISTENT);
    if (!strstr(trial.error.message, "the function 'chebyshev_radial degree 0 cutoff cos 5.5' "
                                     "of Si is not among the symmetry_functions"))
        fail_msg("%s", trial.error.message);
    trial_tear_down(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),  cmocka_unit_test(test_fine_tuning),
        cmocka_unit_test(test_units),      cmocka_unit_test(test_assumed_units),
        cmocka_unit_test(test_stratified), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_chebyshev),  cmocka_unit_test(test_twice),
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
