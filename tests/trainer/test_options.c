/* Keys of loss, starts, stages and committee: what is read, what is refused, and where; the
 * distributions of random weights. */
#include "config.h"
#include "freeze.h"
#include "model.h"
#include "random.h"
#include "start_weights.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char base[] = "data: {files: x.extxyz}\n"
                           "elements: [Li, Au]\n"
                           "symmetry_functions: {cutoff: {radius: 5}, radial: [{eta: 1}]}\n"
                           "output: {potential: x.nnp}\n"; /* what is tested is in line 5 */

static enum nnp_status parse(struct nnp_config **config, const char *rest,
                             struct nnp_error *error)
{
    char text[1000];
    snprintf(text, sizeof text, "%s%s", base, rest);
    return nnp_config_parse(config, "c.yaml", text, strlen(text), error);
}

static struct nnp_config *parse_well(const char *rest)
{
    struct nnp_config *config;
    struct nnp_error error;
    if (parse(&config, rest, &error))
        fail_msg("%s", error.message);
    return config;
}

static void test_loss(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse_well("loss: {normalization: mean, energy_weights: {above: hull, scale: 0.2},\n"
                   "  force_weights: {scale: 1.5}, robust: {function: cauchy, energy: 0.02, "
                   "forces: 0.5}}\n"
                   "stages: [{energy: auto, forces: 0.1, stress: auto}]\n");
    assert_int_equal(config->normalization, NNP_NORMALIZATION_MEAN);
    assert_int_equal(config->energy_above, NNP_ABOVE_HULL);
    assert_true(config->energy_scale == 0.2 && config->force_scale == 1.5);
    assert_int_equal(config->robust.function, NNP_ROBUST_CAUCHY);
    assert_true(config->robust.energy == 0.02 && config->robust.forces == 0.5 &&
                config->robust.stress == 0.0);
    const struct nnp_stage *stage = &config->stages[0];
    assert_true(stage->auto_energy && !stage->auto_forces && stage->auto_stress);
    assert_true(stage->energy_weight == 1.0 && stage->force_weight == 0.1);
    nnp_config_free(config);

    config = parse_well("loss: {energy_weights: {above: none}}\n");
    assert_int_equal(config->energy_above, NNP_ABOVE_NONE);
    assert_true(config->force_scale == 0.0);
    assert_int_equal(config->robust.function, NNP_ROBUST_NONE);
    nnp_config_free(config);
}

static void test_course(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse_well("starts: {weights: nguyen-widrow}\ntime: 3600\n"
                   "committee: {members: 4, resample: 0.8}\n"
                   "stages: [{energy: 1, target: {energy: 0.002}, time: 60, tolerance: 1e-4,\n"
                   "  freeze: [{elements: Au}, {layers: [1, 3], elements: [Li]}]},\n"
                   "  {forces: 1, target: {forces: 0.1, stress: 0.2}}]\n");
    assert_int_equal(config->start_weights, NNP_START_NGUYEN_WIDROW);
    assert_true(config->time == 3600.0);
    assert_int_equal(config->n_members, 4);
    assert_int_equal(config->resampling, NNP_RESAMPLE_SUBSET);
    assert_true(config->resampled_fraction == 0.8);
    const struct nnp_stage *stage = &config->stages[0];
    assert_true(stage->target_energy == 0.002 && stage->target_forces == 0.0);
    assert_true(stage->time == 60.0 && stage->tolerance == 1e-4);
    assert_int_equal(stage->n_freeze, 2);
    assert_true(!stage->freeze[0].elements[0] && stage->freeze[0].elements[1]);
    assert_int_equal(stage->freeze[0].layers, 0);
    assert_int_equal(stage->freeze[1].layers, 5);
    assert_true(stage->freeze[1].elements[0] && !stage->freeze[1].known);
    assert_true(config->stages[1].target_stress == 0.2 && config->stages[1].n_freeze == 0);
    nnp_config_free(config);

    config = parse_well("committee: {members: 2, resample: bootstrap}\n");
    assert_int_equal(config->resampling, NNP_RESAMPLE_BOOTSTRAP);
    assert_int_equal(config->start_weights, NNP_START_FAN_IN);
    assert_true(config->time == 0.0 && config->stages[0].tolerance == 0.0);
    nnp_config_free(config);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *rest, *words;
    } cases[] = {
        {"loss: {weights: 1}", "c.yaml:5:8: unknown key 'weights'"},
        {"loss: {energy_weights: {scale: 1}}", "c.yaml:5:24: key 'above' is missing"},
        {"loss: {energy_weights: {above: hull}}", "c.yaml:5:24: key 'scale' is missing"},
        {"loss: {energy_weights: {above: all, scale: 1}}", "expected none, hull or lowest"},
        {"loss: {energy_weights: {above: hull, scale: 0}}", "scale is 0, expected above 0"},
        {"loss: {force_weights: {}}", "c.yaml:5:23: key 'scale' is missing"},
        {"loss: {force_weights: {scale: -1}}", "scale is -1, expected above 0"},
        {"loss: {robust: {energy: 1}}", "key 'function' is missing"},
        {"loss: {robust: {function: huber}}", "huber and no threshold, expected a function"},
        {"loss: {robust: {function: none, energy: 1}}", "none and a threshold, expected"},
        {"loss: {robust: {function: hubert, energy: 1}}", "expected none, huber, pseudo-huber"},
        {"loss: {robust: {function: huber, energy: 0}}", "energy is 0, expected above 0"},
        {"stages: [{energy: automatic}]", "energy is 'automatic'"},
        {"stages: [{energy: 1, target: {}}]", "target is empty"},
        {"stages: [{energy: 1, target: {energy: 0}}]", "energy is 0, expected above 0"},
        {"stages: [{energy: 1, target: {forces: 1}}]", "without weights of either"},
        {"stages: [{energy: 1, target: 5}]", "target is '5', expected a mapping"},
        {"stages: [{energy: 1, time: 0}]", "time is 0, expected above 0"},
        {"stages: [{energy: 1, tolerance: 1}]",
         "tolerance is 1, expected at least 0 and below"},
        {"stages: [{energy: 1, freeze: known}]", "c.yaml:5:30: found the word known without"},
        {"stages: [{energy: 1, freeze: {known: true}}]", "without initial potentials"},
        {"stages: [{energy: 1, freeze: {known: false}}]", "freeze states nothing"},
        {"stages: [{energy: 1, freeze: {elements: Sn}}]", "element is 'Sn'"},
        {"stages: [{energy: 1, freeze: {elements: []}}]", "freeze states nothing"},
        {"stages: [{energy: 1, freeze: {layers: 0}}]", "layers has 0, expected 1 to 3"},
        {"stages: [{energy: 1, freeze: {layer: 1}}]", "nearest to 'layers'"},
        {"stages: [{energy: 1, freeze: everything}]", "neither 'known' nor a mapping"},
        {"starts: {weights: normal}", "expected fan_in, uniform, nguyen-widrow or xavier"},
        {"committee: {resample: bootstrap}", "key 'members' is missing"},
        {"committee: {members: 0}", "committee is 0, expected an integer of at least 1"},
        {"committee: {members: 2, resample: 1}", "above 0 and below 1"},
        {"committee: {members: 2, resample: jackknife}", "neither 'bootstrap' nor a number"},
        {"committee: {members: 2, sample: 0.5}", "nearest to 'resample'"},
        {"time: 0", "c.yaml:5:7: time is 0, expected above 0"},
        {"time: soon", "time is 'soon'"},
        {"initial: none.nnp", "c.yaml:5:10: initial: "},
        {"initial: {file: none.nnp}", "initial is a mapping"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct nnp_config *config = (struct nnp_config *)1;
        struct nnp_error error;
        if (!parse(&config, cases[k].rest, &error))
            fail_msg("accepted: %s", cases[k].rest);
        if (!strstr(error.message, cases[k].words))
            fail_msg("'%s' is not in: %s", cases[k].words, error.message);
        assert_null(config);
    }
}

/* Free parameters are those that no item freezes, and an item freezes where all it says holds.
 */
static void test_freeze(void **state)
{
    (void)state;
    struct nnp_config *config =
        parse_well("network: {hidden: [2]}\n"
                   "stages: [{energy: 1, freeze: [{elements: Au, layers: 2}, {layers: 1,\n"
                   "  elements: Li}]}]\n");
    struct nnp_potential *model;
    int free[32], n = 0;
    assert_int_equal(nnp_model_create(&model, config, NULL), NNP_SUCCESS);
    /* Two inputs: 6 parameters of layer 1, 3 of layer 2; lithium first. */
    int n_free = nnp_freeze_find_free(&config->stages[0], model, NULL, free);
    for (int k = 6; k < 15; k++)
        assert_int_equal(free[n++], k);
    assert_int_equal(n_free, n);

    bool known[18] = {[6] = true, [17] = true};
    struct nnp_freeze all_known = {.known = true};
    struct nnp_stage stage = {.n_freeze = 1, .freeze = &all_known};
    assert_int_equal(nnp_freeze_find_free(&stage, model, known, free), 16);
    assert_true(free[5] == 5 && free[6] == 7 && free[15] == 16);
    nnp_potential_free(model);
    nnp_config_free(config);
}

/* Largest values come near the stated widths, and none is beyond them. */
static void check_width(const double *values, int n, double width)
{
    double largest = 0.0;
    for (int k = 0; k < n; k++)
        largest = fmax(largest, fabs(values[k]));
    assert_true(largest <= width && (width == 0.0 || largest > 0.8 * width));
}

static void test_start_weights(void **state)
{
    (void)state;
    struct nnp_config *config = parse_well("network: {hidden: [40, 30]}\n");
    struct nnp_potential *model;
    struct nnp_random random;
    assert_int_equal(nnp_model_create(&model, config, NULL), NNP_SUCCESS);
    const struct nnp_layer *layer = &model->networks[1].layers[1], *output = layer + 1;
    nnp_random_seed(&random, 1);
    nnp_start_weights_draw(model, NNP_START_FAN_IN, &random);
    check_width(layer->weights, 1200, sqrt(3.0 / 40.0));
    check_width(layer->biases, 30, 1.0);
    nnp_start_weights_draw(model, NNP_START_UNIFORM, &random);
    check_width(layer->weights, 1200, 1.0);
    check_width(layer->biases, 30, 1.0);
    nnp_start_weights_draw(model, NNP_START_XAVIER, &random);
    check_width(layer->weights, 1200, sqrt(6.0 / 70.0));
    check_width(layer->biases, 30, 0.0);
    nnp_start_weights_draw(model, NNP_START_NGUYEN_WIDROW, &random);
    double beta = 0.7 * pow(30.0, 1.0 / 40.0);
    for (int k = 0; k < 30; k++) {
        double norm2 = 0.0;
        for (int j = 0; j < 40; j++)
            norm2 += layer->weights[30 * j + k] * layer->weights[30 * j + k];
        assert_true(fabs(sqrt(norm2) - beta) < 1e-12);
    }
    check_width(layer->biases, 30, beta);
    check_width(output->weights, 30, sqrt(3.0 / 30.0));
    nnp_potential_free(model);
    nnp_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss),          cmocka_unit_test(test_course),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_freeze),
        cmocka_unit_test(test_start_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
