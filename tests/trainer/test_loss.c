/* The loss: its residuals against the evaluator that simulations use, its value against the
 * definition, its gradient against central differences. */
#include "derivative.h"
#include "descriptor_pass.h"
#include "energy_weights.h"
#include "linear_algebra.h"
#include "loss.h"
#include "model.h"
#include "morse.h"
#include "predict.h"
#include "projected.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STRUCTURES = 20, MAX_PARAMETERS = 400, MAX_FUNCTIONS = 40 };

static const char config_text[] =
    "version: 1\n"
    "elements: [Li, Au]\n"
    "data: {files: [none.extxyz]}\n"
    "symmetry_functions:\n"
    "  cutoff: {function: poly2, radius: 5}\n"
    "  radial:\n"
    "    - {eta: [0.05, 0.4], r_shift: 0}\n"
    "  angular:\n"
    "    - {type: wide, eta: 0.02, lambda: [1, -1], zeta: 2}\n"
    "    - {type: narrow, eta: 0.01, lambda: 1, zeta: 1, neighbors: [[Li, Au]]}\n"
    "network: {hidden: [4, 3], activation: tanh}\n"
    "output: {potential: none.nnp}\n";

static const struct nnp_parallel serial = {0, 1};

struct problem {
    struct nnp_config *config;
    struct nnp_potential *model;
    struct nnp_structure structures[N_STRUCTURES];
    const struct nnp_structure *pointers[N_STRUCTURES];
    struct nnp_fit_set *set;
    struct nnp_loss *loss;
    struct nnp_loss_terms terms;
    double parameters[MAX_PARAMETERS], direction[MAX_PARAMETERS];
};

/* Of every kind: one to six atoms, pure and mixed, a cluster, a slab, and some without energy,
 * forces or stress. */
static void make_structures(struct problem *p)
{
    unsigned long long random = 1;
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_structure *structure = &p->structures[s];
        morse_structure(structure, 1 + s % 6, (s % 4) / 3.0, &random);
        structure->file = strdup("test");
        structure->line = s + 1;
        if (s == 5 || s == 6) {
            structure->cell.periodic[2] = false;
            structure->cell.periodic[0] = s == 5;
            structure->has_stress = false;
        }
        structure->has_energy = s != 7;
        structure->has_stress = structure->has_stress && s % 5 != 3;
        if (s == 9 || s == 11) {
            free(structure->forces);
            structure->forces = NULL;
            structure->has_forces = false;
            structure->has_stress = s == 11;
        }
        structure->is_weighted = s % 4 == 2;
        structure->weights = (struct nnp_structure_weights){0.3 * s, 2.5, s == 2 ? 0.0 : 0.7};
        p->pointers[s] = structure;
    }
}

/* memory: of Jacobians, NULL: any; projected: networks of principal components. */
static void set_up_within(struct problem *p, double *memory, bool projected)
{
    const struct nnp_fit_memory limit = {.jacobians = memory};
    struct nnp_error error = {0};
    struct nnp_random random;
    memset(p, 0, sizeof *p);
    nnp_linear_algebra_init();
    make_structures(p);
    assert_int_equal(
        nnp_config_parse(&p->config, "test.yaml", config_text, strlen(config_text), &error),
        NNP_SUCCESS);
    assert_int_equal(nnp_model_create(&p->model, p->config, &error), NNP_SUCCESS);
    assert_int_equal(nnp_model_set_reference_energies(p->model, p->config, N_STRUCTURES,
                                                      p->pointers, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_fit_set_create(&p->set, &serial, p->model, N_STRUCTURES, p->pointers,
                                        true, &limit, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_fit_set_ranges(p->set, p->model, &error), NNP_SUCCESS);
    nnp_fit_set_scale(p->set);
    if (projected)
        project_inputs(p->model, p->set, 3);
    assert_int_equal(
        nnp_loss_create(&p->loss, p->set, p->model->n_elements, p->model->networks, &error),
        NNP_SUCCESS);
    int n = nnp_loss_n_parameters(p->loss);
    assert_true(n <= MAX_PARAMETERS);
    nnp_random_seed(&random, 2);
    for (int k = 0; k < n; k++) {
        p->parameters[k] = nnp_random_uniform(&random) - 0.5;
        p->direction[k] = nnp_random_uniform(&random) - 0.5;
    }
}

static void set_up(struct problem *p)
{
    set_up_within(p, NULL, false);
}

static void tear_down(struct problem *p)
{
    nnp_loss_free(p->loss);
    nnp_fit_set_free(p->set);
    nnp_potential_free(p->model);
    nnp_config_free(p->config);
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&p->structures[s]);
}

static struct nnp_loss_terms terms(enum nnp_normalization normalization, double energy,
                                   double forces, double stress)
{
    return (struct nnp_loss_terms){.normalization = normalization,
                                   .energy_weight = energy,
                                   .force_weight = forces,
                                   .stress_weight = stress};
}

/* Structures whose references are what the evaluator gives leave no residual. */
static void check_forces(double *memory, bool projected)
{
    static struct problem p;
    struct nnp_residual residuals[N_STRUCTURES];
    struct nnp_evaluator *evaluator;
    /* Of a component of about 1 eV, eV/Angstrom, and 10 eV for virials; stored Jacobians are of
     * single precision, 2^-24, for each term of its sum. */
    const double rounding = memory ? 1e-10 : 1e-6;
    set_up_within(&p, memory, projected);
    p.terms = terms(NNP_NORMALIZATION_SUM, 1.0, 1.0, 1.0);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_ALL_RESIDUALS, p.parameters, NULL);
    assert_int_equal(
        nnp_predict_residuals(&serial, p.model, N_STRUCTURES, p.pointers, residuals, NULL),
        NNP_SUCCESS);
    for (int s = 0; s < N_STRUCTURES; s++) {
        const struct nnp_residual *own = &p.set->residuals[s], *theirs = &residuals[s];
        assert_true(fabs(own->energy - theirs->energy) <= 1e-10 * (1.0 + theirs->energy));
        assert_true(fabs(own->forces - theirs->forces) <= rounding * (1.0 + theirs->forces));
        assert_true(fabs(own->virial - theirs->virial) <= rounding * (1.0 + theirs->virial));
    }

    assert_int_equal(nnp_evaluator_create(&evaluator, p.model, NULL, NULL), NNP_SUCCESS);
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_structure predicted;
        double *atomic_energies;
        long n_extrapolations;
        assert_int_equal(nnp_predict(evaluator, p.pointers[s], &predicted, &atomic_energies,
                                     &residuals[s], &n_extrapolations, NULL),
                         NNP_SUCCESS);
        /* The set borrows the structures, but has taken the energies already. */
        p.set->energies[s] += predicted.energy - p.structures[s].energy;
        if (p.structures[s].has_forces)
            memcpy(p.structures[s].forces, predicted.forces,
                   3 * (size_t)predicted.n_atoms * sizeof(double));
        memcpy(p.structures[s].stress, predicted.stress, sizeof predicted.stress);
        free(atomic_energies);
        nnp_structure_free(&predicted);
    }
    nnp_evaluator_free(evaluator);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_ALL_RESIDUALS, p.parameters, NULL);
    for (int s = 0; s < N_STRUCTURES; s++) {
        assert_true(p.set->residuals[s].energy < 1e-20);
        assert_true(p.set->residuals[s].forces < rounding * rounding);
        assert_true(p.set->residuals[s].virial < rounding * rounding);
    }
    tear_down(&p);
}

static void test_forces_of_the_evaluator(void **state)
{
    (void)state;
    double memory = 0.0;
    check_forces(NULL, false);
    check_forces(&memory, false);
    check_forces(NULL, true);
    check_forces(&memory, true);
}

/* Which residuals are known, and what they add up to. */
static void test_definition(void **state)
{
    (void)state;
    static struct problem p;
    set_up(&p);
    p.terms = terms(NNP_NORMALIZATION_MEAN, 2.0, 3.0, 5.0);
    double mean = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    p.terms.normalization = NNP_NORMALIZATION_SUM;
    double sum = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    double sums[3] = {0.0}, means[3] = {0.0};
    int n[3] = {0};
    for (int s = 0; s < N_STRUCTURES; s++) {
        const struct nnp_structure *structure = &p.structures[s];
        const struct nnp_residual *residual = &p.set->residuals[s];
        struct nnp_structure_weights weights = nnp_structure_weights(structure);
        double n_atoms = structure->n_atoms;
        assert_true((residual->energy >= 0.0) == structure->has_energy);
        assert_true((residual->forces >= 0.0) == structure->has_forces);
        assert_true((residual->virial >= 0.0) == structure->has_stress);
        if (structure->has_energy) {
            n[0]++;
            sums[0] += weights.energy * residual->energy;
            means[0] += weights.energy * residual->energy / (n_atoms * n_atoms);
        }
        if (structure->has_forces) {
            n[1] += 3 * structure->n_atoms;
            sums[1] += weights.forces * residual->forces;
            means[1] += weights.forces * residual->forces;
        }
        if (structure->has_stress) {
            n[2] += 6;
            sums[2] += weights.stress * residual->virial;
            means[2] += weights.stress * residual->virial / (n_atoms * n_atoms);
        }
    }
    double expected = 2.0 * sums[0] + 3.0 * sums[1] + 5.0 * sums[2];
    assert_true(fabs(sum - expected) <= 1e-12 * expected);
    expected = 2.0 * means[0] / n[0] + 3.0 * means[1] / n[1] + 5.0 * means[2] / n[2];
    assert_true(fabs(mean - expected) <= 1e-12 * expected);

    /* Without weights of forces and stress these are not computed; the value is the same. */
    p.terms = terms(NNP_NORMALIZATION_SUM, 2.0, 0.0, 0.0);
    double energies = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    assert_true(p.set->residuals[0].forces < 0.0 && p.set->residuals[0].virial < 0.0);
    assert_true(energies == nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_ALL_RESIDUALS,
                                              p.parameters, NULL));
    assert_true(p.set->residuals[0].forces >= 0.0 && p.set->residuals[0].virial >= 0.0);

    /* Regularization counts weights, not biases. */
    memset(p.parameters, 0, sizeof p.parameters);
    double before = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    p.terms.regularization = 7.0;
    assert_true(before ==
                nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL));
    p.parameters[0] = 0.5;
    double after = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    assert_true(fabs(after - before - 7.0 * 0.25) <= 1e-12 * before);
    tear_down(&p);
}

/* Function k of an element's atoms over all structures: the values, returning their number. */
static int collect_values(const struct problem *p, int element, int k, double *values)
{
    struct nnp_evaluator *evaluator;
    int n = 0;
    assert_int_equal(nnp_evaluator_create(&evaluator, p->model, NULL, NULL), NNP_SUCCESS);
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_descriptor_pass pass;
        double g[MAX_FUNCTIONS];
        assert_int_equal(nnp_descriptor_pass_begin(&pass, p->model, p->pointers[s], NULL),
                         NNP_SUCCESS);
        for (int i = 0; i < p->structures[s].n_atoms; i++) {
            if (pass.types[i] != element)
                continue;
            assert_int_equal(nnp_descriptor_pass_atom(&pass, evaluator, i, g, NULL, NULL, NULL),
                             NNP_SUCCESS);
            values[n++] = g[k];
        }
        nnp_descriptor_pass_end(&pass);
    }
    nnp_evaluator_free(evaluator);
    return n;
}

static void check_range(const struct nnp_scaling *scaling, int k, int n, const double *values)
{
    double min = values[0], max = values[0], mean = 0.0, squares = 0.0;
    for (int i = 0; i < n; i++) {
        min = fmin(min, values[i]);
        max = fmax(max, values[i]);
        mean += values[i] / n;
    }
    for (int i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean) / n;
    assert_true(scaling->min[k] == min && scaling->max[k] == max);
    assert_true(fabs(scaling->mean[k] - mean) <= 1e-13 * (max - min));
    assert_true(fabs(scaling->sigma[k] - sqrt(squares)) <= 1e-13 * (max - min));
}

/* Statistics that are merged over blocks are those of all atoms. */
static void test_ranges(void **state)
{
    (void)state;
    static struct problem p;
    double values[6 * N_STRUCTURES];
    set_up(&p);
    assert_true(p.set->blocks.n_blocks > 1);
    for (int e = 0; e < p.model->n_elements; e++) {
        const struct nnp_descriptor *descriptor = &p.model->descriptors[e];
        assert_true(descriptor->n_functions <= MAX_FUNCTIONS);
        for (int k = 0; k < descriptor->n_functions; k++)
            check_range(&descriptor->scaling, k, collect_values(&p, e, k, values), values);
    }
    tear_down(&p);
}

/* Weights multiply a structure's part of the loss; robust functions and weights of atoms follow
 * their formulas. */
static void test_weighted_definition(void **state)
{
    (void)state;
    static struct problem p;
    set_up(&p);
    p.terms = terms(NNP_NORMALIZATION_SUM, 2.0, 3.0, 5.0);
    p.terms.force_scale = 0.4;
    double whole = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    double part = p.set->values[4];
    p.set->weights[4] = 0.25;
    double less = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    assert_true(fabs(whole - less - 0.75 * part) <= 1e-12 * whole);
    p.set->weights[4] = 1.0;

    /* Structure 0 has one atom, of which the squared residual of the force is known. */
    const double *f = p.structures[0].forces;
    double size2 = f[0] * f[0] + f[1] * f[1] + f[2] * f[2];
    struct nnp_residual residual = p.set->residuals[0];
    double expected = 2.0 * residual.energy +
                      3.0 * residual.forces / (1.0 + size2 / (0.4 * 0.4)) +
                      5.0 * residual.virial;
    assert_true(fabs(p.set->values[0] - expected) <= 1e-12 * expected);

    double d = 0.5 * sqrt(residual.energy), v = p.set->volumes[0];
    double w = 0.5 * sqrt(residual.virial) / v;
    p.terms = terms(NNP_NORMALIZATION_SUM, 1.0, 0.0, 1.0);
    p.terms.robust = (struct nnp_robust){NNP_ROBUST_HUBER, d, 0.0, w};
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    /* A residual of twice the threshold counts three times the squared threshold. */
    expected = 3.0 * (d * d + v * v * w * w);
    assert_true(fabs(p.set->values[0] - expected) <= 1e-12 * expected);
    p.terms.robust.function = NNP_ROBUST_CAUCHY;
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    expected = log(5.0) * (d * d + v * v * w * w);
    assert_true(fabs(p.set->values[0] - expected) <= 1e-12 * expected);
    p.terms.robust.function = NNP_ROBUST_PSEUDO_HUBER;
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    expected = 2.0 * (sqrt(5.0) - 1.0) * (d * d + v * v * w * w);
    assert_true(fabs(p.set->values[0] - expected) <= 1e-12 * expected);
    tear_down(&p);
}

/* With automatic weights, references that no network explains have the loss 1 for each
 * quantity, in either normalization. */
static void test_automatic_weights(void **state)
{
    (void)state;
    static struct problem p;
    set_up(&p);
    memset(p.parameters, 0, sizeof p.parameters);
    double mean = 0.0, largest = 0.0;
    int n = 0;
    for (int s = 0; s < N_STRUCTURES; s++)
        if (p.structures[s].has_energy)
            mean += (p.set->energies[s] / p.structures[s].n_atoms - mean) / ++n;
    for (int s = 0; s < N_STRUCTURES; s++) /* as a network of the constant mean would leave */
        p.set->energies[s] -= p.structures[s].n_atoms * mean;
    for (int normalization = 0; normalization < 2; normalization++) {
        p.terms = terms((enum nnp_normalization)normalization, 0.0, 0.0, 0.0);
        p.terms.force_scale = 0.5;
        struct nnp_loss_scales found = nnp_loss_scales_find(p.set, &p.terms);
        assert_true(found.energy > 0.0 && found.forces > 0.0 && found.stress > 0.0);
        p.terms.energy_weight = found.energy;
        double value = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
        largest = fmax(largest, fabs(value - 1.0));
        p.terms.energy_weight = 0.0;
        p.terms.force_weight = found.forces;
        value = nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
        largest = fmax(largest, fabs(value - 1.0));
    }
    assert_true(largest <= 1e-12);
    tear_down(&p);
}

/* Below the convex hull and at it the weight is 1, one scale above it 1/2. */
static void test_energy_weights(void **state)
{
    (void)state;
    static struct problem p;
    set_up(&p);
    enum { HULL, LOWEST };
    for (int k = HULL; k <= LOWEST; k++) {
        enum nnp_energy_above above = k == HULL ? NNP_ABOVE_HULL : NNP_ABOVE_LOWEST;
        double lowest = INFINITY, scale = 0.1, heaviest = 0.0;
        for (int s = 0; s < N_STRUCTURES; s++) {
            p.set->weights[s] = 1.0;
            if (p.structures[s].has_energy)
                lowest = fmin(lowest, p.set->energies[s] / p.structures[s].n_atoms);
        }
        assert_int_equal(nnp_energy_weights_set(p.set, p.set, p.model, above, scale, NULL),
                         NNP_SUCCESS);
        for (int s = 0; s < N_STRUCTURES; s++) {
            double h = p.set->energies[s] / p.structures[s].n_atoms - lowest;
            double least = 1.0 / (1.0 + h * h / (scale * scale));
            if (!p.structures[s].has_energy) {
                assert_true(p.set->weights[s] == 1.0);
                continue;
            }
            heaviest = fmax(heaviest, p.set->weights[s]);
            if (above == NNP_ABOVE_LOWEST)
                assert_true(fabs(p.set->weights[s] - least) <= 1e-12);
            else /* the hull is nowhere below the lowest energy */
                assert_true(p.set->weights[s] >= least * (1.0 - 1e-12));
        }
        assert_true(heaviest == 1.0);
    }
    tear_down(&p);
}

static double along(double step, void *data)
{
    struct problem *p = data;
    double moved[MAX_PARAMETERS];
    for (int k = 0; k < nnp_loss_n_parameters(p->loss); k++)
        moved[k] = p->parameters[k] + step * p->direction[k];
    return nnp_loss_evaluate(p->loss, &p->terms, NNP_LOSS_VALUE, moved, NULL);
}

static void check_gradient(double *memory, bool projected)
{
    static const struct {
        const char *name;
        double energy, forces, stress, regularization, force_scale;
        enum nnp_robust_function robust;
        double energy_threshold;
    } cases[] = {{"energy", 1, 0, 0, 0, 0, NNP_ROBUST_NONE, 0},
                 {"forces", 0, 1, 0, 0, 0, NNP_ROBUST_NONE, 0},
                 {"stress", 0, 0, 1, 0, 0, NNP_ROBUST_NONE, 0},
                 {"weights", 1e-6, 0, 0, 1, 0, NNP_ROBUST_NONE, 0},
                 {"forces by size", 0, 1, 0, 0, 0.5, NNP_ROBUST_NONE, 0},
                 {"pseudo-huber energy", 1, 0, 0, 0, 0, NNP_ROBUST_PSEUDO_HUBER, 0.1},
                 {"pseudo-huber forces", 0, 1, 0, 0, 0, NNP_ROBUST_PSEUDO_HUBER, 0},
                 {"pseudo-huber stress", 0, 0, 1, 0, 0, NNP_ROBUST_PSEUDO_HUBER, 0},
                 {"cauchy energy", 1, 0, 0, 0, 0, NNP_ROBUST_CAUCHY, 0.1},
                 {"cauchy forces", 0, 1, 0, 0, 0.5, NNP_ROBUST_CAUCHY, 0},
                 {"cauchy stress", 0, 0, 1, 0, 0, NNP_ROBUST_CAUCHY, 0},
                 {"all", 0.5, 0.3, 0.2, 0.01, 0.7, NNP_ROBUST_CAUCHY, 0.1}};
    const size_t n_cases = sizeof cases / sizeof *cases;
    static struct problem p;
    set_up_within(&p, memory, projected);
    for (size_t c = 0; c < n_cases; c++) {
        for (int normalization = 0; normalization < 2; normalization++) {
            double gradient[MAX_PARAMETERS], slope = 0.0;
            p.terms = terms((enum nnp_normalization)normalization, cases[c].energy,
                            cases[c].forces, cases[c].stress);
            p.terms.regularization = cases[c].regularization;
            p.terms.force_scale = cases[c].force_scale;
            p.terms.robust =
                (struct nnp_robust){cases[c].robust, cases[c].energy_threshold, 0.3, 0.02};
            double value =
                nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_GRADIENT, p.parameters, gradient);
            assert_true(value == nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE,
                                                   p.parameters, NULL));
            for (int k = 0; k < nnp_loss_n_parameters(p.loss); k++)
                slope += gradient[k] * p.direction[k];
            assert_derivative(cases[c].name, along, &p, 0.0, slope, 0.02, value);
        }
    }
    tear_down(&p);
}

static void test_gradient(void **state)
{
    (void)state;
    check_gradient(NULL, false);
}

/* The same with the Jacobians of some structures, or none, in memory. */
static void test_gradient_within_memory(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        double memory = k == 0 ? 40e3 : 0.0;
        check_gradient(&memory, false);
    }
}

/* The same for networks of principal components. */
static void test_projected_gradient(void **state)
{
    (void)state;
    double memory = 0.0;
    check_gradient(NULL, true);
    check_gradient(&memory, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_forces_of_the_evaluator),
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_weighted_definition),
        cmocka_unit_test(test_automatic_weights),
        cmocka_unit_test(test_energy_weights),
        cmocka_unit_test(test_gradient),
        cmocka_unit_test(test_gradient_within_memory),
        cmocka_unit_test(test_projected_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
