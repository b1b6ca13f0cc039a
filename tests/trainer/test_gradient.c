/* The loss of each kind of stage as the trainer sets it up from a configuration: its gradient
 * in the parameters that are trained, against central differences, and twice J^T r of all
 * batches of the Kalman filter, against the gradient. */
#include "derivative.h"
#include "freeze.h"
#include "linear_algebra.h"
#include "normal_equations.h"
#include "subspace.h"
#include "temporary.h"
#include "text.h"
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

enum { N_STRUCTURES = 16, MAX_PARAMETERS = 200, LITHIUM = 3, GOLD = 79 };

static const struct nnp_parallel serial = {0, 1};

struct problem {
    struct trial trial;
    struct nnp_training training;
    struct nnp_loss_terms terms;
    struct nnp_subspace *subspace;
    int n, n_free;
    int free[MAX_PARAMETERS];
    double x[MAX_PARAMETERS];
    double direction[MAX_PARAMETERS]; /* 0 for what is frozen */
};

static const char head[] = "data: {files: none.extxyz, test_fraction: 0.2}\n"
                           "network: {hidden: [4, 3]}\nstarts: {number: 1}\n";
static const char usual_functions[] =
    "symmetry_functions: {cutoff: {function: poly2, radius: 5}, radial: [{eta: [0.02, 0.2]}],\n"
    "  angular: [{type: wide, eta: 0.02, zeta: [1, 2]}]}\n";

/* Up to the first start of the training of one member. */
static void set_up(struct problem *p, const char *keys, const char *loss, int member)
{
    static const struct nnp_training_options options = {.program = "test"};
    struct nnp_text text = {0};
    struct nnp_random random;
    nnp_text_append(
        &text, "elements: [Li, Au]\noutput: {potential: out.nnp}\n%s%s%sloss: {%s}\n", head,
        strstr(keys, "symmetry_functions") ? "" : usual_functions, keys, loss);
    memset(p, 0, sizeof *p);
    trial_set_up(&p->trial, N_STRUCTURES, text.data);
    free(text.data);
    p->training = (struct nnp_training){.config = p->trial.config,
                                        .dataset = &p->trial.dataset,
                                        .parallel = &serial,
                                        .options = &options,
                                        .error = &p->trial.error};
    clock_gettime(CLOCK_MONOTONIC, &p->training.begin);
    if (nnp_training_check_input(&p->training) || nnp_training_prepare(&p->training))
        fail_msg("%s: %s", keys, p->trial.error.message);
    nnp_training_resample(&p->training, member);
    p->n = p->training.n_parameters;
    assert_true(p->n <= MAX_PARAMETERS);
    nnp_random_seed(&random, 2);
    for (int k = 0; k < p->n; k++)
        p->x[k] = nnp_random_uniform(&random) - 0.5;
    nnp_initial_set(&p->training.initial, member, p->x);
}

/* The stage's loss, and a random direction among the parameters that it trains. */
static void choose(struct problem *p, const struct nnp_stage *stage)
{
    struct nnp_random random;
    p->terms = nnp_training_terms(&p->training, stage);
    p->n_free =
        nnp_freeze_find_free(stage, p->training.model, p->training.initial.known, p->free);
    assert_int_equal(
        nnp_subspace_create(&p->subspace, p->n, p->n_free, p->free, &p->trial.error),
        NNP_SUCCESS);
    memset(p->direction, 0, sizeof p->direction);
    nnp_random_seed(&random, 3);
    for (int i = 0; i < p->n_free; i++)
        p->direction[p->free[i]] = nnp_random_uniform(&random) - 0.5;
}

static void tear_down(struct problem *p)
{
    nnp_training_release(&p->training);
    trial_tear_down(&p->trial);
}

static double along(double step, void *data)
{
    struct problem *p = data;
    double moved[MAX_PARAMETERS];
    for (int k = 0; k < p->n; k++)
        moved[k] = p->x[k] + step * p->direction[k];
    return nnp_loss_evaluate(p->training.losses[TRAINING], &p->terms, NNP_LOSS_VALUE, moved,
                             NULL);
}

/* What L-BFGS-B gets. */
static void check_gradient(struct problem *p, const char *name, const double *gradient,
                           double value)
{
    const double *reduced = nnp_subspace_vector(p->subspace, gradient);
    double slope = 0.0;
    for (int i = 0; i < p->n_free; i++)
        slope += reduced[i] * p->direction[p->free[i]];
    assert_true(slope != 0.0);
    assert_derivative(name, along, p, 0.0, slope, 0.02, value);
}

/* What the Kalman filter gets. */
static void check_equations(struct problem *p, const char *name, const double *gradient,
                            double tolerance)
{
    struct nnp_normal_equations *equations;
    double sum[MAX_PARAMETERS] = {0.0}, largest = 0.0;
    assert_int_equal(nnp_normal_equations_create(&equations, p->training.losses[TRAINING], 3,
                                                 p->n_free, p->free, &p->trial.error),
                     NNP_SUCCESS);
    for (int b = 0; b < nnp_normal_equations_n_batches(equations); b++) {
        const struct nnp_measurements *batch =
            nnp_normal_equations_set(equations, &p->terms, b, p->x);
        for (int i = 0; i < p->n_free; i++) {
            const double *row = batch->rows;
            for (int c = 0; c < batch->n_rows; c++, row += batch->width)
                sum[i] += 2.0 * row[i] * row[p->n_free];
            sum[i] += 2.0 * batch->vector[i];
        }
    }
    nnp_normal_equations_free(equations);
    for (int i = 0; i < p->n_free; i++)
        largest = fmax(largest, fabs(gradient[p->free[i]]));
    for (int i = 0; i < p->n_free; i++)
        if (!(fabs(sum[i] - gradient[p->free[i]]) <= tolerance * largest))
            fail_msg("%s: parameter %d", name, p->free[i]);
}

/* Every stage of the configuration in either normalization, of the second member where there
 * are several.  some_frozen: whether the stages freeze anything. */
static void check_as(const char *name, const char *keys, const char *loss, bool some_frozen)
{
    static struct problem p;
    for (int normalization = 0; normalization < 2; normalization++) {
        char whole[300];
        snprintf(whole, sizeof whole, "normalization: %s%s%s", normalization ? "mean" : "sum",
                 *loss ? ", " : "", loss);
        set_up(&p, keys, whole, strstr(keys, "committee") ? 1 : 0);
        for (int k = 0; k < p.trial.config->n_stages; k++) {
            double gradient[MAX_PARAMETERS];
            choose(&p, &p.trial.config->stages[k]);
            assert_true((p.n_free < p.n) == some_frozen);
            double value = nnp_loss_evaluate(p.training.losses[TRAINING], &p.terms,
                                             NNP_LOSS_GRADIENT, p.x, gradient);
            check_gradient(&p, name, gradient, value);
            /* Sums of some hundred terms in another order; the gradient is one with Jacobians
             * of single precision, which the filter does not use, where they are stored as
             * such. */
            const bool is_double =
                strstr(keys, "memory: 0 kB") || p.training.sets[TRAINING]->number == NNP_DOUBLE;
            check_equations(&p, name, gradient, is_double ? 1e-12 : 1e-6);
            nnp_subspace_free(p.subspace);
        }
        tear_down(&p);
    }
}

/* With stored Jacobians, and without, where all is in double precision. */
static void check(const char *name, const char *keys, const char *loss, bool some_frozen)
{
    char without[1000];
    check_as(name, keys, loss, some_frozen);
    if (strstr(keys, "memory:"))
        return;
    const int n = snprintf(without, sizeof without, "memory: 0 kB\n%s", keys);
    assert_true(n > 0 && (size_t)n < sizeof without);
    check_as(name, without, loss, some_frozen);
}

#define ALL "stages: [{energy: 0.5, forces: 0.3, stress: 0.2, regularization: 0.01}]\n"

static void test_terms(void **state)
{
    (void)state;
    check("energy", "stages: [{energy: 1}]\n", "", false);
    check("forces", "stages: [{forces: 1}]\n", "", false);
    check("stress", "stages: [{stress: 1}]\n", "", false);
    check("regularization", "stages: [{energy: 1e-6, regularization: 1}]\n", "", false);
    check("all", ALL, "", false);
    check("several", "stages: [{energy: 1}, {energy: 0.5, forces: 0.5}, {stress: 2}]\n", "",
          false);
}

static void test_weights(void **state)
{
    (void)state;
    check("automatic",
          "stages: [{energy: auto}, {forces: auto}, {stress: auto},\n"
          "  {energy: auto, forces: auto, stress: auto}]\n",
          "", false);
    check("above the hull", ALL, "energy_weights: {above: hull, scale: 0.1}", false);
    check("above the lowest", ALL, "energy_weights: {above: lowest, scale: 0.1}", false);
    check("by force", ALL, "force_weights: {scale: 0.5}", false);
    check("automatic of weighted", "stages: [{energy: auto, forces: auto, stress: auto}]\n",
          "energy_weights: {above: hull, scale: 0.1}, force_weights: {scale: 0.5}", false);
}

static void test_robust(void **state)
{
    (void)state;
    static const char *const functions[] = {"huber", "pseudo-huber", "cauchy"};
    for (int f = 0; f < 3; f++) {
        char loss[200];
        snprintf(loss, sizeof loss,
                 "robust: {function: %s, energy: 0.3, forces: 0.5, stress: 0.05}",
                 functions[f]);
        check(functions[f], "stages: [{energy: 1}, {forces: 1}, {stress: 1}]\n", loss, false);
        check(functions[f], ALL, loss, false);
    }
}

static void test_inputs(void **state)
{
    (void)state;
    check("components", ALL "projection: {method: pca, size: 5}\n", "", false);
    check("not white", ALL "projection: {method: pca, whiten: false}\n", "", false);
    check("sigma", ALL "scaling: {method: sigma}\n", "", false);
    check("repulsion", ALL "repulsion: {type: zbl, inner: 1, outer: 3}\n", "", false);
    check("without memory", ALL "memory: 0 kB\n", "", false);
    check("components without memory", ALL "memory: 0 kB\nprojection: {method: pca, size: 5}\n",
          "", false);
}

/* Beside others, with the unusual weights, and alone. */
static void test_chebyshev(void **state)
{
    (void)state;
#define CHEBYSHEV "symmetry_functions: {cutoff: {function: poly2, radius: 5}, chebyshev: {"
    check("Chebyshev", ALL CHEBYSHEV "radial: 3, angular: 3}}\n", "", false);
    check("Chebyshev without memory", ALL "memory: 0 kB\n" CHEBYSHEV "angular: 2}}\n", "",
          false);
    check("Chebyshev and others",
          ALL CHEBYSHEV "radial: 2, angular: 2, species_weights: {Li: 0.5, Au: 2}},\n"
                        "  radial: [{eta: 0.1}]}\n",
          "", false);
}

static void test_committee(void **state)
{
    (void)state;
    check("bootstrap", ALL "committee: {members: 2, resample: bootstrap}\n", "", false);
    check("a part", ALL "committee: {members: 2, resample: 0.5}\n", "", false);
}

/* A potential of one element. */
static void train_element(int element, const char *symbol)
{
    struct trial trial;
    char text[800];
    snprintf(text, sizeof text,
             "elements: %s\noutput: {potential: %s.nnp}\n%s%s"
             "stages: [{energy: 1, forces: 1, iterations: 5}]\n",
             symbol, symbol, head, usual_functions);
    trial_set_up(&trial, N_STRUCTURES, text);
    for (int s = 0; s < N_STRUCTURES; s++)
        for (int i = 0; i < trial.dataset.structures[s].n_atoms; i++)
            trial.dataset.structures[s].atomic_numbers[i] = element;
    if (trial_run(&trial, NULL))
        fail_msg("%s", trial.error.message);
    trial_tear_down(&trial);
}

static void test_frozen(void **state)
{
    (void)state;
#define FREEZE(what)                                                                           \
    "stages: [{energy: 0.5, forces: 0.3, stress: 0.2, regularization: 0.1, freeze: " what "}]" \
    "\n"
    check("layer", FREEZE("{layers: 1}"), "", true);
    check("layers", FREEZE("{layers: [2, 3]}"), "", true);
    check("element", FREEZE("{elements: Au}"), "", true);
    check("parts", FREEZE("[{elements: Li, layers: [1, 2]}, {elements: Au, layers: 3}]"), "",
          true);
    check("layer of components", FREEZE("{layers: 1}") "projection: {method: pca, size: 5}\n",
          "", true);
    check("layer of a member",
          FREEZE("{layers: 2}") "committee: {members: 2, resample: bootstrap}\n", "", true);
    check("robust, frozen", FREEZE("{elements: Li}"),
          "robust: {function: cauchy, energy: 0.3, forces: 0.5, stress: 0.05}", true);

    train_element(LITHIUM, "Li");
    train_element(GOLD, "Au");
    check("stratified", FREEZE("known") "initial: [Li.nnp, Au.nnp]\n", "", true);
    check("stratified, without memory",
          FREEZE("known") "initial: [Li.nnp, Au.nnp]\nmemory: 0 kB\n", "", true);
    check("unfrozen", ALL "initial: [Li.nnp, Au.nnp]\n", "", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),     cmocka_unit_test(test_weights),
        cmocka_unit_test(test_robust),    cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_committee), cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_chebyshev),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
