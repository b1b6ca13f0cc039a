/* The Gauss-Newton approximation of the loss: J^T J against differences of residuals, J^T r
 * against the gradient, and the order of sums. */
#include "derivative.h"
#include "linear_algebra.h"
#include "loss.h"
#include "model.h"
#include "morse.h"
#include "normal_equations.h"
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
    int n, all[MAX_PARAMETERS];
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
static void set_up_as(struct problem *p, bool projected, const struct nnp_fit_memory *memory)
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
                                        true, memory, &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_fit_set_ranges(p->set, p->model, &error), NNP_SUCCESS);
    nnp_fit_set_scale(p->set);
    if (projected)
        project_inputs(p->model, p->set, 2);
    assert_int_equal(
        nnp_loss_create(&p->loss, p->set, p->model->n_elements, p->model->networks, &error),
        NNP_SUCCESS);
    p->n = nnp_loss_n_parameters(p->loss);
    assert_true(p->n <= MAX_PARAMETERS);
    for (int k = 0; k < p->n; k++)
        p->all[k] = k;
    assert_int_equal(
        nnp_normal_equations_create(&p->equations, p->loss, 5, p->n, p->all, &error),
        NNP_SUCCESS);
    nnp_random_seed(&random, 2);
    for (int k = 0; k < p->n; k++) {
        p->parameters[k] = nnp_random_uniform(&random) - 0.5;
        p->direction[k] = nnp_random_uniform(&random) - 0.5;
    }
}

static void set_up(struct problem *p, bool projected)
{
    set_up_as(p, projected, NULL);
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

/* Sums of J^T J [n][n] and J^T r [n] over an epoch at the same parameters. */
static void sum_batches(struct problem *p, int epoch, double *matrix, double *vector)
{
    int n = p->n, n_batches = nnp_normal_equations_n_batches(p->equations);
    memset(matrix, 0, (size_t)n * (size_t)n * sizeof *matrix);
    memset(vector, 0, (size_t)n * sizeof *vector);
    for (int k = 0; k < n_batches; k++) {
        const struct nnp_measurements *batch = nnp_normal_equations_set(
            p->equations, &p->terms, epoch * n_batches + k, p->parameters);
        const double *row = batch->rows;
        int end = 0;
        for (int r = 0; r < batch->n_runs; end = batch->runs[r++].end) {
            const struct nnp_measured_run *run = &batch->runs[r];
            assert_int_equal(run->first, end);
            for (int c = run->first; c < run->end; c++, row += batch->width) {
                double squares = 0.0;
                for (int i = 0; i < n; i++) {
                    bool used = i >= run->begin_variable && i < run->end_variable;
                    assert_true(used || row[i] == 0.0);
                    squares += row[i] * row[i];
                    vector[i] += row[i] * row[n];
                    for (int j = 0; j <= i; j++)
                        matrix[i * n + j] += row[i] * row[j];
                }
                assert_true(fabs(squares - row[n + 1]) <= 1e-12 * squares);
            }
        }
        assert_int_equal(end, batch->n_rows);
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] += batch->diagonal[i];
            vector[i] += batch->vector[i];
        }
    }
}

/* 2 J^T r of all batches is the gradient, whose own test is by differences, to rounding: where
 * Jacobians are stored in double precision, and where they are not stored. */
static void check_vector(bool projected, const struct nnp_fit_memory *memory)
{
    static struct problem p;
    static double matrix[MAX_PARAMETERS * MAX_PARAMETERS];
    set_up_as(&p, projected, memory);
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
    double nothing = 0.0;
    const struct nnp_fit_memory none = {.jacobians = &nothing},
                                doubles = {.number = NNP_DOUBLE};
    check_vector(false, &none);
    check_vector(true, &none);
    check_vector(false, &doubles);
    check_vector(true, &doubles);
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

/* Derivatives by some parameters are columns of those by all. */
static void test_subspace(void **state)
{
    (void)state;
    static struct problem p;
    struct nnp_normal_equations *part;
    struct nnp_subspace *some, *whole;
    const int free[] = {0, 3, 4, 9};
    set_up(&p, false);
    choose(&p, ALL, 1);
    const struct nnp_measurements *all =
        nnp_normal_equations_set(p.equations, &p.terms, 0, p.parameters);
    assert_int_equal(nnp_normal_equations_create(&part, p.loss, 5, 4, free, NULL), NNP_SUCCESS);
    const struct nnp_measurements *found =
        nnp_normal_equations_set(part, &p.terms, 0, p.parameters);
    assert_int_equal(found->n_rows, all->n_rows);
    for (int c = 0; c < found->n_rows; c++) {
        const double *row = found->rows + c * found->width, *of = all->rows + c * all->width;
        assert_true(row[4] == of[p.n]);
        for (int i = 0; i < 4; i++)
            assert_true(row[i] == of[free[i]]);
    }
    for (int i = 0; i < 4; i++)
        assert_true(found->diagonal[i] == all->diagonal[free[i]] &&
                    found->vector[i] == all->vector[free[i]]);
    nnp_normal_equations_free(part);

    assert_int_equal(nnp_subspace_create(&some, p.n, 4, free, NULL), NNP_SUCCESS);
    const double *values = nnp_subspace_vector(some, p.parameters);
    for (int i = 0; i < 4; i++)
        assert_true(values[i] == p.parameters[free[i]]);
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

    assert_int_equal(nnp_subspace_create(&whole, p.n, p.n, p.all, NULL), NNP_SUCCESS);
    assert_ptr_equal(nnp_subspace_vector(whole, p.parameters), p.parameters);
    nnp_subspace_free(whole);
    tear_down(&p);
}

/* Of products with Jacobians that are stored, relative to the largest. */
static const double single_precision = 1e-6;

static void assert_alike(int n, const double *a, const double *b, double tolerance)
{
    double largest = 0.0;
    for (int k = 0; k < n; k++)
        largest = fmax(largest, fabs(a[k]));
    for (int k = 0; k < n; k++)
        assert_true(fabs(a[k] - b[k]) <= tolerance * largest);
}

/* Batches of an epoch have the same bits whether Jacobians are stored or not; gradients of the
 * loss are those of stored ones to their precision. */
static void check_recomputed(bool projected, enum nnp_number number)
{
    static struct problem p;
    static double matrices[2][MAX_PARAMETERS * MAX_PARAMETERS];
    double vectors[2][MAX_PARAMETERS], gradients[2][MAX_PARAMETERS], memory = 20e3;
    const struct nnp_fit_memory limit = {.jacobians = &memory, .number = number};
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
    assert_int_equal(nnp_normal_equations_create(&p.equations, p.loss, 5, p.n, p.all, NULL),
                     NNP_SUCCESS);
    sum_batches(&p, 0, matrices[1], vectors[1]);
    nnp_loss_evaluate(p.loss, &p.terms, NNP_LOSS_GRADIENT, p.parameters, gradients[1]);
    assert_memory_equal(vectors[0], vectors[1], (size_t)p.n * sizeof(double));
    assert_memory_equal(matrices[0], matrices[1], sizeof matrices[0]);
    assert_alike(p.n, gradients[0], gradients[1], single_precision);
    nnp_normal_equations_free(stored_equations);
    nnp_loss_free(stored_loss);
    nnp_fit_set_free(stored_set);
    tear_down(&p);
}

static void test_recomputed(void **state)
{
    (void)state;
    check_recomputed(false, NNP_FLOAT);
    check_recomputed(true, NNP_FLOAT);
    check_recomputed(false, NNP_DOUBLE);
    check_recomputed(true, NNP_DOUBLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vector),
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_subspace),
        cmocka_unit_test(test_recomputed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
