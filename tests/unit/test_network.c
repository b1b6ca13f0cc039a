/* Networks: values against a direct sum, gradients by rate, parameters there and back. */
#include "derivative.h"
#include "nnp/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static double activation_value(double x, void *data)
{
    double f;
    nnp_activation_evaluate(*(enum nnp_activation *)data, x, &f, NULL, NULL);
    return f;
}

static double activation_slope(double x, void *data)
{
    double f, df;
    nnp_activation_evaluate(*(enum nnp_activation *)data, x, &f, &df, NULL);
    return df;
}

static void test_activation_derivatives(void **state)
{
    (void)state;
    for (int a = 0; a < NNP_N_ACTIVATION; a++)
        for (int k = -8; k < 8; k++) {
            enum nnp_activation activation = (enum nnp_activation)a;
            const double x = 0.4 * k + 0.15; /* steps do not cross 0 */
            double f, df, d2f;
            nnp_activation_evaluate(activation, x, &f, &df, &d2f);
            const char *name = nnp_activation_name(activation);
            assert_derivative(name, activation_value, &activation, x, df, 0.05, 20.0);
            assert_derivative(name, activation_slope, &activation, x, d2f, 0.05, 20.0);
            assert_int_equal(nnp_activation_from_name(name), a);
        }
}

/* Large arguments neither overflow nor lose the limit. */
static void test_activation_limits(void **state)
{
    const double limits[][3] = {
        {NNP_ACTIVATION_TANH, -1.0, 1.0},       {NNP_ACTIVATION_LOGISTIC, 0.0, 1.0},
        {NNP_ACTIVATION_SOFTPLUS, 0.0, 800.0},  {NNP_ACTIVATION_GAUSSIAN, 0.0, 0.0},
        {NNP_ACTIVATION_REVLOGISTIC, 1.0, 0.0}, {NNP_ACTIVATION_ELU, -1.0, 800.0},
        {NNP_ACTIVATION_SWISH, 0.0, 800.0},     {NNP_ACTIVATION_MTANH, -1.7159, 1.7159},
    };
    (void)state;
    for (size_t k = 0; k < sizeof limits / sizeof limits[0]; k++)
        for (int side = 0; side < 2; side++) {
            double f, df, d2f;
            nnp_activation_evaluate((enum nnp_activation)limits[k][0], side ? 800.0 : -800.0,
                                    &f, &df, &d2f);
            assert_true(fabs(f - limits[k][1 + side]) < 1e-12);
            assert_true(isfinite(df) && isfinite(d2f));
        }
}

enum { N_INPUTS = 4, N_LAYERS = 3 };

static void make_network(struct nnp_network *network, double *parameters)
{
    const int sizes[N_LAYERS + 1] = {N_INPUTS, 3, 5, 1};
    const enum nnp_activation activations[N_LAYERS] = {
        NNP_ACTIVATION_TANH, NNP_ACTIVATION_SOFTPLUS, NNP_ACTIVATION_LINEAR};
    assert_int_equal(nnp_network_init(network, N_LAYERS, sizes, activations, NULL),
                     NNP_SUCCESS);
    assert_int_equal(nnp_network_n_parameters(network), 4 * 3 + 3 + 3 * 5 + 5 + 5 + 1);
    for (int k = 0; k < nnp_network_n_parameters(network); k++)
        parameters[k] = sin(1.0 + 1.7 * k);
    nnp_network_set_parameters(network, parameters);
}

/* The definition, written with the parameter vector's documented order. */
static double direct(const double *p, const double *x)
{
    const int sizes[N_LAYERS + 1] = {N_INPUTS, 3, 5, 1};
    double in[8], out[8];
    for (int j = 0; j < N_INPUTS; j++)
        in[j] = x[j];
    for (int l = 0; l < N_LAYERS; l++) {
        for (int k = 0; k < sizes[l + 1]; k++) {
            double z = p[sizes[l] * sizes[l + 1] + k];
            for (int j = 0; j < sizes[l]; j++)
                z += in[j] * p[j * sizes[l + 1] + k];
            out[k] = l == 0 ? tanh(z) : l == 1 ? log(1.0 + exp(z)) : z;
        }
        p += (sizes[l] + 1) * sizes[l + 1];
        for (int k = 0; k < sizes[l + 1]; k++)
            in[k] = out[k];
    }
    return in[0];
}

struct along {
    const struct nnp_network *network;
    double x[N_INPUTS];
    int component;
    double *scratch;
};

static double along_component(double value, void *data)
{
    struct along along = *(struct along *)data;
    along.x[along.component] = value;
    return nnp_network_evaluate(along.network, along.x, NULL, along.scratch);
}

static void test_network(void **state)
{
    struct nnp_network network;
    double parameters[64], back[64], gradient[N_INPUTS];
    (void)state;
    make_network(&network, parameters);
    nnp_network_get_parameters(&network, back);
    assert_memory_equal(back, parameters,
                        (size_t)nnp_network_n_parameters(&network) * sizeof(double));
    double *scratch = malloc((size_t)nnp_network_scratch_size(&network) * sizeof *scratch);
    struct along along = {.network = &network, .x = {0.3, -1.2, 0.7, 2.0}, .scratch = scratch};
    const double y = nnp_network_evaluate(&network, along.x, gradient, scratch);
    assert_true(fabs(y - direct(parameters, along.x)) < 1e-14 * fabs(y));
    for (along.component = 0; along.component < N_INPUTS; along.component++)
        assert_derivative("network", along_component, &along, along.x[along.component],
                          gradient[along.component], 0.02, 20.0);
    free(scratch);
    nnp_network_free(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activation_derivatives),
        cmocka_unit_test(test_activation_limits),
        cmocka_unit_test(test_network),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
