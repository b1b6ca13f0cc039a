/* The Gauss-Newton approximation of the loss: J^T J against differences of residuals, J^T r
 * against the gradient, and the order of sums. */
#include "derivative.h"
#include "linear_algebra.h"
#include "loss.h"
#include "model.h"
#include "morse.h"
#include "normal_equations.h"
#include "ordered_sum.h"
#include "projected.h"
#include "random.h"
#include "subspace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STRUCTURES = 18, MAX_PARAMETERS = 100 };

static const char config_text[] =
    "version: 1\n"
    "elements: [Li, Au]\n"
    "data: {files: [none.extxyz]}\n"
    "symmetry_functions:\n"
    "  cutoff: {function: poly2, radius: 5}\n"
    "  radial: [{eta: [0.05, 0.4]}]\n"
    "  angular: [{type: wide, eta: 0.02, lambda: [1, -1], zeta: 2}]\n"
    "network: {hidden: [3, 2], activation: tanh}\n"
    "output: {potential: none.nnp}\n";

static const struct nnp_parallel serial = {0, 1};

struct problem {
    struct nnp_config *config;
    struct nnp_potential *model;
    struct nnp_structure structures[N_STRUCTURES];
    const struct nnp_structure *pointers[N_STRUCTURES];
    struct nnp_fit_set *set;
    struct nnp_loss *loss;
    struct nnp_normal_equations *equations;
    struct nnp_loss_terms terms;
    int n;
    double parameters[MAX_PARAMETERS], direction[MAX_PARAMETERS];
};

/* One to six atoms, pure and mixed, some without energy, forces or stress. */
static void make_structures(struct problem *p)
{
    unsigned long long random = 1;
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_structure *structure = &p->structures[s];
        morse_structure(structure, 1 + s % 6, (s % 4) / 3.0, &random);
        structure->file = strdup("test");
        structure->line = s + 1;
        structure->has_energy = s != 7;
        structure->has_stress = s % 5 != 3;
        if (s == 9 || s == 13) {
            free(structure->forces);
            structure->forces = NULL;
            structure->has_forces = false;
        }
        structure->is_weighted = s % 4 == 2;
        structure->weights = (struct nnp_structure_weights){0.3 * s, 2.5, s == 2 ? 0.0 : 0.7};
        p->pointers[s] = structure;
    }
}

/* projected: networks of principal components. */
static void set_up(struct problem *p, bool projected)
{
    struct nnp_error error = {0};
    struct nnp_random random;
    memset(p, 0, sizeof *p);
    nnp_linear_algebra_init();
    make_structures(p);
    assert_int_equal(
        nnp_config_parse(&p->config, "test.yaml", config_text, strlen(config_text), &error),
        NNP_SUCCESS);
    assert_int_equal(nnp_model_create(&p->model, p->config, &error), NNP_SUCCESS);
    assert_int_equal(nnp_fit_set_create(&p->set, &serial, p->model, N_STRUCTURES, p->pointers,
                                        true, NULL, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_fit_set_ranges(p->set, p->model, &error), NNP_SUCCESS);
    nnp_fit_set_scale(p->set);
    if (projected)
        project_inputs(p->model, p->set, 2);
    assert_int_equal(
        nnp_loss_create(&p->loss, p->set, p->model->n_elements, p->model->networks, &error),
        NNP_SUCCESS);
    assert_int_equal(nnp_normal_equations_create(&p->equations, p->loss, 5, &error),
                     NNP_SUCCESS);
    p->n = nnp_loss_n_parameters(p->loss);
    assert_true(p->n <= MAX_PARAMETERS);
    nnp_random_seed(&random, 2);
    for (int k = 0; k < p->n; k++) {
        p->parameters[k] = nnp_random_uniform(&random) - 0.5;
        p->direction[k] = nnp_random_uniform(&random) - 0.5;
    }
}

static void tear_down(struct problem *p)
{
    nnp_normal_equations_free(p->equations);
    nnp_loss_free(p->loss);
    nnp_fit_set_free(p->set);
    nnp_potential_free(p->model);
    nnp_config_free(p->config);
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&p->structures[s]);
}

static const struct {
    const char *name;
    double energy, forces, stress, regularization, force_scale;
    enum nnp_robust_function robust;
} cases[] = {{"energy", 1, 0, 0, 0, 0, NNP_ROBUST_NONE},
             {"forces", 0, 1, 0, 0, 0, NNP_ROBUST_NONE},
             {"stress", 0, 0, 1, 0, 0, NNP_ROBUST_NONE},
             {"weights", 1e-6, 0, 0, 1, 0, NNP_ROBUST_NONE},
             {"all", 0.5, 0.3, 0.2, 0.01, 0, NNP_ROBUST_NONE},
             {"huber", 0.5, 0.3, 0.2, 0.01, 0.5, NNP_ROBUST_HUBER},
             {"pseudo-huber", 0.5, 0.3, 0.2, 0.01, 0, NNP_ROBUST_PSEUDO_HUBER},
             {"cauchy", 0.5, 0.3, 0.2, 0.01, 0.5, NNP_ROBUST_CAUCHY}};
enum { N_CASES = sizeof cases / sizeof *cases, ALL = 4 };

static void choose(struct problem *p, int c, int normalization)
{
    p->terms = (struct nnp_loss_terms){.normalization = (enum nnp_normalization)normalization,
                                       .energy_weight = cases[c].energy,
                                       .force_weight = cases[c].forces,
                                       .stress_weight = cases[c].stress,
                                       .regularization = cases[c].regularization,
                                       .force_scale = cases[c].force_scale,
                                       .robust = {cases[c].robust, 0.1, 0.3, 0.02}};
    for (int s = 0; s < N_STRUCTURES; s++)
        p->set->weights[s] = cases[c].force_scale > 0.0 ? 0.5 + 0.1 * s : 1.0;
}

/* Sums over an epoch at the same parameters: the unpacked matrix and the vector. */
static void sum_batches(struct problem *p, int epoch, double *matrix, double *vector)
{
    int n_batches = nnp_normal_equations_n_batches(p->equations);
    const double *packed, *part;
    memset(matrix, 0, (size_t)p->n * (size_t)p->n * sizeof *matrix);
    memset(vector, 0, (size_t)p->n * sizeof *vector);
    for (int k = 0; k < n_batches; k++) {
        nnp_normal_equations_set(p->equations, &p->terms, epoch * n_batches + k, p->parameters,
                                 &packed, &part);
        for (int i = 0; i < p->n; i++) {
            vector[i] += part[i];
            for (int j = 0; j <= i; j++)
                matrix[i * p->n + j] += *packed++;
        }
    }
}

/* 2 J^T r of all batches is the gradient, whose own test is by differences. */
static void check_vector(bool projected)
{
    static struct problem p;
    static double matrix[MAX_PARAMETERS * MAX_PARAMETERS];
    set_up(&p, projected);
    assert_int_equal(nnp_normal_equations_n_batches(p.equations), 4);
    for (int c = 0; c < N_CASES; c++)
        for (int normalization = 0; normalization < 2; normalization++) {
            double gradient[MAX_PARAMETERS], vector[MAX_PARAMETERS], largest = 0.0;
            choose(&p, c, normalization);
            nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_GRADIENT, p.parameters, gradient);
            sum_batches(&p, c, matrix, vector);
            for (int k = 0; k < p.n; k++)
                largest = fmax(largest, fabs(gradient[k]));
            for (int k = 0; k < p.n; k++) /* sums of some hundred terms, in another order */
                assert_true(fabs(2.0 * vector[k] - gradient[k]) <= 1e-12 * largest);
        }
    tear_down(&p);
}

static void test_vector(void **state)
{
    (void)state;
    check_vector(false);
    check_vector(true);
}

/* Makes the references what the parameters give, so that no residual is left but those of the
 * weights; then the second derivative of L is that of its Gauss-Newton approximation. */
static void remove_residuals(struct problem *p)
{
    struct nnp_evaluator *evaluator;
    assert_int_equal(nnp_evaluator_create(&evaluator, p->model, NULL, NULL), NNP_SUCCESS);
    for (int s = 0; s < N_STRUCTURES; s++) {
        struct nnp_structure *structure = &p->structures[s];
        double forces[18], stress[6];
        struct nnp_structure_results results = {.forces = forces, .stress = stress};
        assert_int_equal(nnp_evaluate_structure(evaluator, &structure->cell, structure->n_atoms,
                                                structure->atomic_numbers, structure->positions,
                                                &results, NULL),
                         NNP_SUCCESS);
        p->set->energies[s] += results.energy - structure->energy;
        if (structure->has_forces)
            memcpy(structure->forces, forces, 3 * (size_t)structure->n_atoms * sizeof(double));
        memcpy(structure->stress, stress, sizeof stress);
    }
    nnp_evaluator_free(evaluator);
}

static double slope_along(double step, void *data)
{
    struct problem *p = data;
    double moved[MAX_PARAMETERS], gradient[MAX_PARAMETERS], slope = 0.0;
    for (int k = 0; k < p->n; k++)
        moved[k] = p->parameters[k] + step * p->direction[k];
    nnp_loss_evaluate(p->loss, &p->terms, NNP_LOSS_GRADIENT, moved, gradient);
    for (int k = 0; k < p->n; k++)
        slope += gradient[k] * p->direction[k];
    return slope;
}

/* Without residuals, 2 d^T J^T J d is the second derivative of L along d. */
static void check_matrix(bool projected)
{
    static struct problem p;
    set_up(&p, projected);
    choose(&p, ALL, 0);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_VALUE, p.parameters, NULL);
    remove_residuals(&p);
    for (int c = 0; c < N_CASES; c++) {
        static double matrix[MAX_PARAMETERS * MAX_PARAMETERS];
        double vector[MAX_PARAMETERS], curvature = 0.0;
        choose(&p, c, 1);
        sum_batches(&p, 0, matrix, vector);
        for (int i = 0; i < p.n; i++)
            for (int j = 0; j <= i; j++)
                curvature += (i == j ? 2.0 : 4.0) * matrix[i * p.n + j] * p.direction[i] *
                             p.direction[j];
        assert_true(curvature > 0.0);
        assert_derivative(cases[c].name, slope_along, &p, 0.0, curvature, 0.02,
                          10.0 * curvature);
    }
    tear_down(&p);
}

static void test_matrix(void **state)
{
    (void)state;
    check_matrix(false);
    check_matrix(true);
}

/* The equations of some parameters are rows and columns of those of all. */
static void test_subspace(void **state)
{
    (void)state;
    static struct problem p;
    const double *matrix, *vector;
    struct nnp_subspace *some, *whole;
    const int free[] = {0, 3, 4, 9};
    int each[MAX_PARAMETERS];
    set_up(&p, false);
    choose(&p, ALL, 1);
    nnp_normal_equations_set(p.equations, &p.terms, 0, p.parameters, &matrix, &vector);
    assert_int_equal(nnp_subspace_create(&some, p.n, 4, free, true, NULL), NNP_SUCCESS);
    const double *part = nnp_subspace_matrix(some, matrix);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j <= i; j++)
            assert_true(*part++ == matrix[free[i] * (free[i] + 1) / 2 + free[j]]);
    const double *values = nnp_subspace_vector(some, vector);
    for (int i = 0; i < 4; i++)
        assert_true(values[i] == vector[free[i]]);
    const double new[] = {1.0, 2.0, 3.0, 4.0};
    double x[MAX_PARAMETERS];
    memcpy(x, p.parameters, sizeof x);
    nnp_subspace_set(some, new, x);
    for (int k = 0, i = 0; k < p.n; k++) {
        bool is_free = i < 4 && free[i] == k;
        assert_true(x[k] == (is_free ? new[i] : p.parameters[k]));
        i += is_free;
    }
    nnp_subspace_free(some);

    for (int k = 0; k < p.n; k++)
        each[k] = k;
    assert_int_equal(nnp_subspace_create(&whole, p.n, p.n, each, true, NULL), NNP_SUCCESS);
    assert_ptr_equal(nnp_subspace_matrix(whole, matrix), matrix);
    assert_ptr_equal(nnp_subspace_vector(whole, vector), vector);
    nnp_subspace_free(whole);
    tear_down(&p);
}

/* Jacobians that are not stored are evaluated to the same bits for the batches of an epoch; the
 * gradient of the loss is found without them, up to rounding. */
static void check_recomputed(bool projected)
{
    static struct problem p;
    static double matrices[2][MAX_PARAMETERS * MAX_PARAMETERS];
    double vectors[2][MAX_PARAMETERS], gradients[2][MAX_PARAMETERS], memory = 20e3;
    const struct nnp_fit_memory limit = {&memory, NULL};
    struct nnp_fit_set *stored_set;
    struct nnp_loss *stored_loss;
    struct nnp_normal_equations *stored_equations;
    int n_recomputed = 0, n_stored = 0;
    set_up(&p, projected);
    choose(&p, ALL, 0);
    stored_set = p.set;
    stored_loss = p.loss;
    stored_equations = p.equations;
    sum_batches(&p, 0, matrices[0], vectors[0]);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_GRADIENT, p.parameters, gradients[0]);

    assert_int_equal(nnp_fit_set_create(&p.set, &serial, p.model, N_STRUCTURES, p.pointers,
                                        true, &limit, NULL),
                     NNP_SUCCESS);
    assert_true(memory >= 0.0 && memory < 20e3);
    for (int s = 0; s < N_STRUCTURES; s++) {
        n_stored += p.set->storage[s] == NNP_DESCRIPTOR_STORED;
        n_recomputed += p.set->storage[s] == NNP_DESCRIPTOR_RECOMPUTED;
    }
    assert_true(n_stored > 2 && n_recomputed > 2);
    nnp_fit_set_scale(p.set);
    assert_int_equal(
        nnp_loss_create(&p.loss, p.set, p.model->n_elements, p.model->networks, NULL),
        NNP_SUCCESS);
    assert_int_equal(nnp_normal_equations_create(&p.equations, p.loss, 5, NULL), NNP_SUCCESS);
    sum_batches(&p, 0, matrices[1], vectors[1]);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_GRADIENT, p.parameters, gradients[1]);
    assert_memory_equal(vectors[0], vectors[1], (size_t)p.n * sizeof(double));
    double largest = 0.0;
    for (int k = 0; k < p.n; k++)
        largest = fmax(largest, fabs(gradients[0][k]));
    for (int k = 0; k < p.n; k++) /* sums of some hundred terms, in another order */
        assert_true(fabs(gradients[0][k] - gradients[1][k]) <= 1e-12 * largest);
    assert_memory_equal(matrices[0], matrices[1], sizeof matrices[0]);
    nnp_normal_equations_free(stored_equations);
    nnp_loss_free(stored_loss);
    nnp_fit_set_free(stored_set);
    tear_down(&p);
}

static void test_recomputed(void **state)
{
    (void)state;
    check_recomputed(false);
    check_recomputed(true);
}

/* Sums over any number of parts; the tree of a single rank. */
static void test_ordered_sum(void **state)
{
    (void)state;
    for (int n = 1; n <= 40; n++) {
        const int first[2] = {0, n};
        struct nnp_ordered_sum *sum;
        assert_int_equal(nnp_ordered_sum_create(&sum, &serial, n, 3, NULL), NNP_SUCCESS);
        for (int repeat = 0; repeat < 2; repeat++) {
            nnp_ordered_sum_begin(sum, first);
            for (int k = 0; k < n; k++) {
                const double values[3] = {1.0, k, k * k};
                nnp_ordered_sum_add(sum, values);
            }
            const double *total = nnp_ordered_sum_finish(sum);
            double m = n;
            assert_true(total[0] == m);
            assert_true(total[1] == m * (m - 1.0) / 2.0);
            assert_true(total[2] == (m - 1.0) * m * (2.0 * m - 1.0) / 6.0);
        }
        nnp_ordered_sum_free(sum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ordered_sum), cmocka_unit_test(test_vector),
        cmocka_unit_test(test_matrix),      cmocka_unit_test(test_subspace),
        cmocka_unit_test(test_recomputed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
