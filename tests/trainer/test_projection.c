/* Principal components of symmetry functions against their definition, and trainings behind
 * them: how many there are, what further trainings keep, and what is refused. */
#include "folded_network.h"
#include "linear_algebra.h"
#include "model.h"
#include "morse.h"
#include "nnp/evaluate.h"
#include "principal_components.h"
#include "temporary.h"
#include "test_random.h"
#include "training.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STRUCTURES = 16, MAX_FUNCTIONS = 20, MAX_ROWS = 100 };

static const struct nnp_parallel serial = {0, 1};

#define FUNCTIONS                                                                              \
    "symmetry_functions: {cutoff: {function: poly2, radius: 5},\n"                             \
    "  radial: [{eta: [0.02, 0.2]}], angular: [{type: wide, eta: 0.01, zeta: [1, 2]}]}\n"
#define SMALL "network: {hidden: [3, 2]}\nstarts: {number: 2, iterations: 1}\n"

/* ---- Components ---- */

static void make_structures(struct nnp_structure *structures)
{
    unsigned long long random = 3;
    for (int s = 0; s < N_STRUCTURES; s++) {
        morse_structure(&structures[s], 1 + s % 6, 0.4, &random);
        structures[s].file = strdup("none.extxyz");
    }
}

struct rows {
    int n_rows, n;
    double x[MAX_ROWS][MAX_FUNCTIONS];
};

/* All scaled rows of an element. */
static void collect(const struct nnp_fit_set *set, int element, struct rows *rows)
{
    rows->n_rows = 0;
    rows->n = set->potential->descriptors[element].n_functions;
    for (int b = 0; b < set->blocks.n_blocks; b++) {
        const double *values = nnp_descriptor_cache_values(set->caches[b], element);
        const int n_rows = nnp_descriptor_cache_n_rows(set->caches[b], element);
        assert_true(rows->n_rows + n_rows <= MAX_ROWS && rows->n <= MAX_FUNCTIONS);
        for (int i = 0; i < n_rows; i++)
            memcpy(rows->x[rows->n_rows++], values + (size_t)i * (size_t)rows->n,
                   (size_t)rows->n * sizeof(double));
    }
}

/* Mean and covariance of what the projection makes of the rows. */
static void check_projected(const struct rows *rows, const struct nnp_projection *projection,
                            const double *variances)
{
    const int m = projection->n_outputs;
    double y[MAX_ROWS][MAX_FUNCTIONS] = {{0.0}};
    assert_int_equal(projection->n_inputs, rows->n);
    for (int i = 0; i < rows->n_rows; i++)
        for (int j = 0; j < rows->n; j++)
            for (int k = 0; k < m; k++)
                y[i][k] +=
                    (rows->x[i][j] - projection->offset[j]) * projection->matrix[j * m + k];
    for (int k = 0; k < m; k++)
        for (int l = 0; l <= k; l++) {
            double mean = 0.0, covariance = 0.0, expected = k == l ? variances[k] : 0.0;
            for (int i = 0; i < rows->n_rows; i++) {
                mean += y[i][k] / rows->n_rows;
                covariance += y[i][k] * y[i][l] / rows->n_rows;
            }
            assert_true(fabs(mean) <= 1e-11); /* whitening multiplies rounding by up to 1e3 */
            assert_true(fabs(covariance - expected) <= 1e-9); /* by up to 1e6 */
        }
}

static void check_element(const struct nnp_fit_set *set, int element)
{
    struct nnp_principal_components components;
    struct nnp_projection projection;
    struct nnp_error error;
    static struct rows rows;
    double white[MAX_FUNCTIONS];
    assert_int_equal(nnp_principal_components_find(&components, set, element, &error),
                     NNP_SUCCESS);
    collect(set, element, &rows);
    assert_int_equal(components.n, rows.n);
    for (int k = 0; k < rows.n; k++) {
        const double *vector = components.vectors + k * rows.n;
        double largest = 0.0, norm2 = 0.0;
        for (int j = 0; j < rows.n; j++) {
            norm2 += vector[j] * vector[j];
            largest = fabs(vector[j]) > fabs(largest) ? vector[j] : largest;
        }
        assert_true(fabs(norm2 - 1.0) <= 1e-13 && largest > 0.0);
        assert_true(k == 0 || components.variances[k] <= components.variances[k - 1]);
        white[k] = fmin(
            components.variances[k] / (NNP_WHITENING_FLOOR * components.variances[0]), 1.0);
    }
    for (int whiten = 0; whiten < 2; whiten++)
        for (int size = 1; size <= rows.n; size++) {
            assert_int_equal(
                nnp_principal_components_project(&components, size, whiten, &projection, NULL),
                NNP_SUCCESS);
            assert_int_equal(projection.n_outputs, size);
            check_projected(&rows, &projection, whiten ? white : components.variances);
            free(projection.matrix);
            free(projection.offset);
        }
    nnp_principal_components_free(&components);
}

static void test_components(void **state)
{
    (void)state;
    static const char text[] = "elements: [Li, Au]\ndata: {files: none.extxyz}\n" FUNCTIONS
                               "output: {potential: none.nnp}\n";
    struct nnp_structure structures[N_STRUCTURES] = {{0}};
    const struct nnp_structure *pointers[N_STRUCTURES];
    struct nnp_config *config;
    struct nnp_potential *model;
    struct nnp_fit_set *set;
    struct nnp_error error;
    nnp_linear_algebra_init();
    make_structures(structures);
    for (int s = 0; s < N_STRUCTURES; s++)
        pointers[s] = &structures[s];
    assert_int_equal(nnp_config_parse(&config, "test.yaml", text, strlen(text), &error),
                     NNP_SUCCESS);
    assert_int_equal(nnp_model_create(&model, config, &error), NNP_SUCCESS);
    assert_int_equal(
        nnp_fit_set_create(&set, &serial, model, N_STRUCTURES, pointers, false, NULL, &error),
        NNP_SUCCESS);
    assert_true(set->blocks.n_blocks > 1);
    assert_int_equal(nnp_fit_set_ranges(set, model, &error), NNP_SUCCESS);
    nnp_fit_set_scale(set);
    for (int e = 0; e < 2; e++)
        check_element(set, e);
    nnp_fit_set_free(set);
    nnp_potential_free(model);
    nnp_config_free(config);
    for (int s = 0; s < N_STRUCTURES; s++)
        nnp_structure_free(&structures[s]);
}

/* Small variances are divided by the floor's root, and those of nothing by 1. */
static void test_floor(void **state)
{
    (void)state;
    double mean[3] = {1.0, 2.0, 3.0}, variances[3] = {4.0, 1.0, 1e-9};
    double vectors[9] = {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
    const struct nnp_principal_components components = {3, mean, variances, vectors};
    struct nnp_projection projection;
    assert_int_equal(nnp_principal_components_project(&components, 3, true, &projection, NULL),
                     NNP_SUCCESS);
    const double expected[9] = {0.5, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0 / sqrt(4e-6)};
    for (int k = 0; k < 9; k++)
        assert_true(fabs(projection.matrix[k] - expected[k]) <= 1e-12 * expected[k]);
    assert_memory_equal(projection.offset, mean, sizeof mean);
    free(projection.matrix);
    free(projection.offset);
    assert_true(nnp_principal_components_part(&components, 1) == 4.0 / (5.0 + 1e-9));
    assert_true(nnp_principal_components_part(&components, 3) == 1.0);

    memset(variances, 0, sizeof variances);
    assert_int_equal(nnp_principal_components_project(&components, 1, true, &projection, NULL),
                     NNP_SUCCESS);
    assert_true(projection.matrix[0] == 1.0 && projection.matrix[1] == 0.0);
    assert_true(nnp_principal_components_part(&components, 1) == 1.0);
    free(projection.matrix);
    free(projection.offset);
}

/* ---- Folding ---- */

/* A folded network gives for x what the given one does for the projection of x. */
static void test_folded(void **state)
{
    (void)state;
    enum { N = 5, M = 3 };
    const int sizes[] = {M, 4, 2, 1};
    const enum nnp_activation activations[] = {NNP_ACTIVATION_TANH, NNP_ACTIVATION_SOFTPLUS,
                                               NNP_ACTIVATION_LINEAR};
    struct nnp_network given;
    struct nnp_folded_network folded;
    double matrix[N * M], offset[N], parameters[64], x[N], y[M], scratch[200];
    struct nnp_projection projection = {N, M, matrix, offset};
    unsigned long long random = 1;
    nnp_linear_algebra_init();
    assert_int_equal(nnp_network_init(&given, 3, sizes, activations, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_folded_network_init(&folded, &projection, &given, NULL), NNP_SUCCESS);
    for (int trial = 0; trial < 10; trial++) {
        for (int k = 0; k < N * M; k++)
            matrix[k] = test_random(&random, -1.0, 1.0);
        for (int k = 0; k < 64; k++)
            parameters[k] = test_random(&random, -1.0, 1.0);
        nnp_network_set_parameters(&given, parameters);
        for (int j = 0; j < N; j++) {
            offset[j] = test_random(&random, -1.0, 1.0);
            x[j] = test_random(&random, -1.0, 1.0);
        }
        memset(y, 0, sizeof y);
        for (int k = 0; k < M; k++)
            for (int j = 0; j < N; j++)
                y[k] += (x[j] - offset[j]) * matrix[j * M + k];
        nnp_folded_network_update(&folded);
        double expected = nnp_network_evaluate(&given, y, NULL, scratch);
        double found = nnp_network_evaluate(nnp_folded_network(&folded), x, NULL, scratch);
        assert_true(fabs(found - expected) <= 1e-13);
    }
    nnp_folded_network_free(&folded);

    projection.n_inputs = projection.n_outputs = 0;
    assert_int_equal(nnp_folded_network_init(&folded, &projection, &given, NULL), NNP_SUCCESS);
    assert_ptr_equal(nnp_folded_network(&folded), &given);
    nnp_folded_network_free(&folded);
    nnp_network_free(&given);
}

/* ---- Trainings ---- */

static char messages[4000];

static void take_message(void *context, const char *text)
{
    size_t length = strlen(messages);
    (void)context;
    snprintf(messages + length, sizeof messages - length, "%s\n", text);
}

static void ignore_progress(void *context, const struct nnp_progress *progress)
{
    (void)context;
    (void)progress;
}

/* Of Li and Au, to out. */
static enum nnp_status train(const char *out, const char *rest, struct nnp_error *error)
{
    char text[2000];
    struct nnp_config *config;
    struct nnp_dataset dataset = {.n_structures = N_STRUCTURES, .n_files = 1};
    struct nnp_training_result result = {0};
    const struct nnp_training_observer observer = {NULL, take_message, ignore_progress};
    const struct nnp_training_options options = {.observer = &observer, .program = "test"};
    snprintf(text, sizeof text,
             "elements: [Li, Au]\ndata: {files: none.extxyz, test_fraction: 0.2}\n"
             "output: {potential: %s}\n%s",
             out, rest);
    messages[0] = '\0';
    enum nnp_status status = nnp_config_parse(&config, "test.yaml", text, strlen(text), error);
    if (status)
        return status;
    dataset.structures = calloc(N_STRUCTURES, sizeof *dataset.structures);
    dataset.files = calloc(1, sizeof *dataset.files);
    assert_true(dataset.structures && dataset.files);
    dataset.files[0].path = strdup("none.extxyz");
    memset(dataset.files[0].sha256, '0', 64);
    make_structures(dataset.structures);
    status = nnp_training_run(config, &dataset, &serial, &options, &result, error);
    nnp_accuracy_free(&result.accuracy);
    nnp_dataset_free(&dataset);
    nnp_config_free(config);
    return status;
}

static struct nnp_potential *train_well(const char *out, const char *rest)
{
    struct nnp_potential *potential;
    struct nnp_error error;
    if (train(out, rest, &error) || nnp_potential_read(&potential, out, &error))
        fail_msg("%s", error.message);
    return potential;
}

static void assert_refused(const char *rest, const char *words)
{
    struct nnp_error error;
    assert_int_not_equal(train("new.nnp", rest, &error), NNP_SUCCESS);
    if (!strstr(error.message, words))
        fail_msg("'%s' is not in: %s", words, error.message);
    assert_null(fopen("new.nnp", "r"));
}

/* How many the first element has; there are 16 functions of each. */
static int n_components(const char *projection)
{
    char rest[1000];
    snprintf(rest, sizeof rest,
             FUNCTIONS SMALL "projection: %s\n"
                             "stages: [{energy: 1, forces: 1, iterations: 2}]\n",
             projection);
    struct nnp_potential *potential = train_well("out.nnp", rest);
    const int n = potential->descriptors[0].projection.n_outputs;
    assert_int_equal(potential->networks[0].layers[0].n_inputs, n ? n : 16);
    nnp_potential_free(potential);
    return n;
}

static void test_sizes(void **state)
{
    (void)state;
    assert_int_equal(n_components("none"), 0);
    assert_null(strstr(messages, "principal components"));
    assert_int_equal(n_components("{method: pca}"), 16);
    assert_non_null(strstr(messages, "Li: 16 symmetry functions, at most 62 parameters"));
    assert_non_null(strstr(messages, "Li: 16 of 16 principal components with 100 % of the "
                                     "variance, 62 parameters"));
    assert_int_equal(n_components("{method: pca, size: 5, whiten: false}"), 5);
    assert_int_equal(n_components("{method: pca, variance: 1e-6}"), 1);
    /* As few as have the part, and no fewer. */
    const int n = n_components("{method: pca, variance: 0.95}");
    assert_true(n > 1 && n < 16);
    double part;
    const char *line = strstr(messages, "principal components with ");
    assert_non_null(line);
    part = strtod(line + strlen("principal components with "), NULL);
    assert_true(part >= 95.0);
    char fewer[60];
    snprintf(fewer, sizeof fewer, "{method: pca, size: %d}", n - 1);
    assert_int_equal(n_components(fewer), n - 1);
    line = strstr(messages, "principal components with ");
    assert_non_null(line);
    assert_true(strtod(line + strlen("principal components with "), NULL) < 95.0);
    remove("out.nnp");
}

static bool same_projection(const struct nnp_projection *a, const struct nnp_projection *b)
{
    const size_t n = (size_t)a->n_inputs, m = (size_t)a->n_outputs;
    return a->n_inputs == b->n_inputs && a->n_outputs == b->n_outputs &&
           !memcmp(a->offset, b->offset, n * sizeof(double)) &&
           !memcmp(a->matrix, b->matrix, n * m * sizeof(double));
}

/* A committee behind a projection, and its further training, which keeps that projection
 * whatever the new data and the layer that is frozen. */
static void test_fine_tuning(void **state)
{
    (void)state;
    struct nnp_potential *first = train_well(
        "first.nnp", FUNCTIONS SMALL "projection: {method: pca, size: 6}\ncommittee: 2\n"
                                     "stages: [{energy: 1, forces: 1, optimizer: kalman,\n"
                                     "  iterations: 2}]\n");
    struct nnp_potential *further =
        train_well("out.nnp", "initial: first.nnp\ncommittee: 2\n"
                              "stages: [{energy: 1, iterations: 4, freeze: {layers: 1}}]\n");
    assert_non_null(strstr(messages, "initial potentials: 64 of 64 parameters are known"));
    assert_int_equal(further->n_members, 2);
    for (int e = 0; e < 2; e++)
        assert_true(same_projection(&first->descriptors[e].projection,
                                    &further->descriptors[e].projection));
    for (int k = 0; k < 4; k++) {
        const struct nnp_layer *a = first->networks[k].layers;
        const struct nnp_layer *b = further->networks[k].layers;
        assert_memory_equal(a[0].weights, b[0].weights, 6 * 3 * sizeof(double));
        assert_memory_not_equal(a[1].weights, b[1].weights, 3 * 2 * sizeof(double));
    }
    nnp_potential_free(further);
    nnp_potential_free(first);
    remove("out.nnp");
    remove("first.nnp");
}

static void test_refusals(void **state)
{
    (void)state;
    nnp_potential_free(train_well("first.nnp",
                                  FUNCTIONS SMALL "projection: {method: pca, size: 6}\n"
                                                  "stages: [{energy: 1, iterations: 2}]\n"));
    assert_refused(FUNCTIONS "projection: {method: pca, size: 17}\n",
                   "test.yaml:6: size of the projection is 17, expected at most the number of "
                   "symmetry functions of Li, 16");
    assert_refused("initial: first.nnp\nprojection: {method: pca}\n", "expected no such key");
    assert_refused("initial: [first.nnp, first.nnp]\n" FUNCTIONS,
                   "projects the functions of Li");
    assert_refused("initial: first.nnp\nsymmetry_functions: {cutoff: {function: poly2,\n"
                   "  radius: 5}, radial: [{eta: [0.02, 0.2]}]}\n",
                   "projects 16 symmetry functions of Li, expected the configuration to have "
                   "the same, but it has 4");
    assert_refused(
        "initial: first.nnp\nsymmetry_functions: {cutoff: {function: poly2, radius: 5},\n"
        "  radial: [{eta: [0.2, 0.02]}], angular: [{type: wide, eta: 0.01, zeta: [1, 2]}]}\n",
        "in the same order");
    remove("first.nnp");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_components),  cmocka_unit_test(test_floor),
        cmocka_unit_test(test_folded),      cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_fine_tuning), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
