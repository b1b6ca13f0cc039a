/* The batched passes against the evaluation of single atoms, and against central differences.
 */
#include "derivative.h"
#include "network_batch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_ROWS = 7, MAX_INPUTS = 6, MAX_PARAMETERS = 200 };

struct problem {
    struct nnp_network network;
    int n_inputs, n_parameters;
    double inputs[N_ROWS * MAX_INPUTS], tangents[N_ROWS * MAX_INPUTS], seeds[N_ROWS];
    double parameters[MAX_PARAMETERS], direction[MAX_PARAMETERS];
};

/* Numbers in [-1, 1] without pattern. */
static void fill(int n, double *values, double phase)
{
    for (int i = 0; i < n; i++)
        values[i] = sin(12.9898 * (i + 1) + phase);
}

static void set_up(struct problem *p, int n_layers, const int *sizes,
                   const enum nnp_activation *activations)
{
    assert_int_equal(nnp_network_init(&p->network, n_layers, sizes, activations, NULL),
                     NNP_SUCCESS);
    p->n_inputs = sizes[0];
    p->n_parameters = nnp_network_n_parameters(&p->network);
    assert_true(p->n_parameters <= MAX_PARAMETERS);
    fill(N_ROWS * p->n_inputs, p->inputs, 0.3);
    fill(N_ROWS * p->n_inputs, p->tangents, 1.7);
    fill(N_ROWS, p->seeds, 2.9);
    fill(p->n_parameters, p->parameters, 4.1);
    fill(p->n_parameters, p->direction, 5.3);
    nnp_network_set_parameters(&p->network, p->parameters);
}

/* sum_i (e_i E_i + u_i . dE_i/dx_i) at parameters + step * direction, one atom at a time. */
static double objective(double step, void *context)
{
    struct problem *p = context;
    double moved[MAX_PARAMETERS], scratch[200], dy_dx[MAX_INPUTS], sum = 0.0;
    for (int k = 0; k < p->n_parameters; k++)
        moved[k] = p->parameters[k] + step * p->direction[k];
    nnp_network_set_parameters(&p->network, moved);
    assert_true(nnp_network_scratch_size(&p->network) <= 200);
    for (int i = 0; i < N_ROWS; i++) {
        const double *u = p->tangents + i * p->n_inputs;
        double e =
            nnp_network_evaluate(&p->network, p->inputs + i * p->n_inputs, dy_dx, scratch);
        sum += p->seeds[i] * e;
        for (int j = 0; j < p->n_inputs; j++)
            sum += u[j] * dy_dx[j];
    }
    nnp_network_set_parameters(&p->network, p->parameters);
    return sum;
}

static void check(int n_layers, const int *sizes, const enum nnp_activation *activations)
{
    struct problem p;
    struct nnp_network_batch *batch;
    double energies[N_ROWS], gradients[N_ROWS * MAX_INPUTS], scratch[200], dy_dx[MAX_INPUTS];
    double gradient[MAX_PARAMETERS] = {0}, slope = 0.0;
    set_up(&p, n_layers, sizes, activations);
    assert_int_equal(nnp_network_batch_create(&batch, &p.network, N_ROWS, NULL), NNP_SUCCESS);
    nnp_network_batch_energies(batch, N_ROWS, p.inputs, energies);
    nnp_network_batch_input_gradients(batch, gradients);
    for (int i = 0; i < N_ROWS; i++) {
        double e = nnp_network_evaluate(&p.network, p.inputs + i * p.n_inputs, dy_dx, scratch);
        assert_true(fabs(energies[i] - e) <= 1e-13 * (1.0 + fabs(e)));
        for (int j = 0; j < p.n_inputs; j++)
            assert_true(fabs(gradients[i * p.n_inputs + j] - dy_dx[j]) <=
                        1e-13 * (1.0 + fabs(dy_dx[j])));
    }

    nnp_network_batch_parameter_gradient(batch, p.seeds, p.tangents, gradient);
    for (int k = 0; k < p.n_parameters; k++)
        slope += gradient[k] * p.direction[k];
    assert_derivative("energies and tangents", objective, &p, 0.0, slope, 0.02, 100.0);

    /* Without tangents: the energies alone; the gradient is added to. */
    for (int i = 0; i < N_ROWS * p.n_inputs; i++)
        p.tangents[i] = 0.0;
    double before = slope;
    slope = 0.0;
    nnp_network_batch_energies(batch, N_ROWS, p.inputs, energies);
    nnp_network_batch_parameter_gradient(batch, p.seeds, NULL, gradient);
    for (int k = 0; k < p.n_parameters; k++)
        slope += gradient[k] * p.direction[k];
    assert_derivative("energies", objective, &p, 0.0, slope - before, 0.02, 100.0);
    nnp_network_batch_free(batch);
    nnp_network_free(&p.network);
}

static void test_activations(void **state)
{
    (void)state;
    for (int a = 0; a < NNP_N_ACTIVATION; a++) {
        /* Kinks have no rate. */
        if (a == NNP_ACTIVATION_RELU || a == NNP_ACTIVATION_SELU || a == NNP_ACTIVATION_ELU)
            continue;
        enum nnp_activation activations[] = {a, NNP_ACTIVATION_LINEAR};
        check(2, (int[]){4, 5, 1}, activations);
    }
}

static void test_depths(void **state)
{
    (void)state;
    enum nnp_activation activations[] = {NNP_ACTIVATION_TANH, NNP_ACTIVATION_SOFTPLUS,
                                         NNP_ACTIVATION_TANH, NNP_ACTIVATION_TANH};
    check(1, (int[]){6, 1}, activations);
    check(2, (int[]){6, 3, 1}, activations);
    check(3, (int[]){6, 8, 2, 1}, activations);
    check(4, (int[]){6, 2, 8, 3, 1}, activations);
}

static void test_no_rows(void **state)
{
    (void)state;
    struct problem p;
    struct nnp_network_batch *batch;
    double gradient[MAX_PARAMETERS] = {0};
    set_up(&p, 1, (int[]){2, 1}, (enum nnp_activation[]){NNP_ACTIVATION_TANH});
    assert_int_equal(nnp_network_batch_create(&batch, &p.network, 0, NULL), NNP_SUCCESS);
    nnp_network_batch_energies(batch, 0, NULL, NULL);
    nnp_network_batch_input_gradients(batch, NULL);
    nnp_network_batch_parameter_gradient(batch, NULL, NULL, gradient);
    assert_true(gradient[0] == 0.0);
    nnp_network_batch_free(batch);
    nnp_network_batch_free(NULL);
    nnp_network_free(&p.network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_depths),
        cmocka_unit_test(test_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
