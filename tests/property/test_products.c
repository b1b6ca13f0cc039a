/* Products with the Jacobian of the symmetry functions: against the Jacobian itself, which
 * nnp_evaluate_descriptor gives, and against each other. */
#include "nnp/evaluate.h"
#include "random_potential.h"
#include "test_random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_ATOMS = 8, MOST_FUNCTIONS = 200, N_COLUMNS = 3 * N_ATOMS + 6 };

static const struct random_potential_options everything = {
    .n_elements = 2,
    .n_members = 1,
    .with_narrow = 1,
    .with_fractional = 1,
    .cutoffs = RANDOM_CUTOFFS_SMOOTH,
    .seed = 5,
};

struct sample {
    struct nnp_potential *potential;
    struct nnp_evaluator *evaluator;
    struct nnp_neighbor_list list;
    struct nnp_atoms atoms;
    int types[4000], identity[2];
    double g[N_ATOMS][MOST_FUNCTIONS], jacobian[N_ATOMS][MOST_FUNCTIONS][N_COLUMNS];
    double values[N_ATOMS][MOST_FUNCTIONS], *rows[N_ATOMS];
};

/* Atoms of both elements in a skewed cell smaller than the cutoff, with their Jacobian. */
static void open_sample(struct sample *s, enum nnp_kernels kernels)
{
    static double dg_dr[MOST_FUNCTIONS][3 * N_ATOMS], dg_dstrain[MOST_FUNCTIONS][6];
    const struct nnp_evaluator_options options = {.kernels = kernels};
    const struct nnp_cell cell = {{{5.2, 0.4, 0.0}, {1.4, 5.0, -0.6}, {-0.8, 1.8, 5.4}},
                                  {true, true, true}};
    unsigned long long seed = 7;
    double positions[3 * N_ATOMS];
    memset(s, 0, sizeof *s);
    s->potential = random_potential(&everything);
    assert_int_equal(nnp_evaluator_create(&s->evaluator, s->potential, &options, NULL),
                     NNP_SUCCESS);
    for (int i = 0; i < N_ATOMS; i++)
        for (int c = 0; c < 3; c++) {
            double at = test_random(&seed, -0.3, 0.3);
            for (int a = 0; a < 3; a++)
                at += 0.5 * ((i >> a) & 1) * cell.vectors[a][c];
            positions[3 * i + c] = at;
        }
    assert_int_equal(nnp_neighbor_list_build(&s->list, &cell, N_ATOMS, positions,
                                             nnp_potential_cutoff(s->potential), NULL),
                     NNP_SUCCESS);
    assert_true(s->list.n_all <= 4000);
    s->identity[1] = 1;
    for (int i = 0; i < s->list.n_all; i++)
        s->types[i] = s->list.owners[i] % 3 == 0;
    s->atoms = (struct nnp_atoms){
        .n_atoms = s->list.n_all,
        .positions = s->list.positions,
        .types = s->types,
        .type_elements = s->identity,
        .n_centers = N_ATOMS,
        .n_neighbors = s->list.n_neighbors,
        .neighbors = (const int *const *)s->list.neighbors,
        .neighbor_mask = -1,
        .length_unit = 1.0,
        .energy_unit = 1.0,
    };
    for (int i = 0; i < N_ATOMS; i++) {
        int n_functions = s->potential->descriptors[s->types[i]].n_functions;
        assert_true(n_functions <= MOST_FUNCTIONS);
        assert_int_equal(nnp_evaluate_descriptor(s->evaluator, &s->atoms, i, s->list.owners,
                                                 N_ATOMS, s->g[i], &dg_dr[0][0],
                                                 &dg_dstrain[0][0], NULL),
                         NNP_SUCCESS);
        for (int k = 0; k < n_functions; k++) {
            memcpy(s->jacobian[i][k], dg_dr[k], sizeof dg_dr[k]);
            memcpy(s->jacobian[i][k] + 3 * N_ATOMS, dg_dstrain[k], sizeof dg_dstrain[k]);
        }
        s->rows[i] = s->values[i];
    }
}

static void close_sample(struct sample *s)
{
    nnp_neighbor_list_free(&s->list);
    nnp_evaluator_free(s->evaluator);
    nnp_potential_free(s->potential);
}

static int n_functions(const struct sample *s, int i)
{
    return s->potential->descriptors[s->types[i]].n_functions;
}

static void check_values(struct sample *s)
{
    assert_int_equal(nnp_evaluate_values(s->evaluator, &s->atoms, s->rows, NULL), NNP_SUCCESS);
    for (int i = 0; i < N_ATOMS; i++)
        assert_memory_equal(s->values[i], s->g[i], (size_t)n_functions(s, i) * sizeof(double));
}

/* To rounding of sums of some thousand terms. */
static void check_transposed(struct sample *s)
{
    double y[3 * N_ATOMS], strain[6], expected[N_COLUMNS] = {0.0}, scale[N_COLUMNS] = {0.0};
    unsigned long long seed = 3;
    for (int i = 0; i < N_ATOMS; i++)
        for (int k = 0; k < n_functions(s, i); k++) {
            s->values[i][k] = test_random(&seed, -1.0, 1.0);
            for (int c = 0; c < N_COLUMNS; c++) {
                double term = s->values[i][k] * s->jacobian[i][k][c];
                expected[c] += term;
                scale[c] += fabs(term);
            }
        }
    assert_int_equal(nnp_evaluate_transposed(s->evaluator, &s->atoms, s->list.owners, N_ATOMS,
                                             (const double *const *)s->rows, y, strain, NULL),
                     NNP_SUCCESS);
    for (int c = 0; c < N_COLUMNS; c++) {
        double found = c < 3 * N_ATOMS ? y[c] : strain[c - 3 * N_ATOMS];
        assert_true(fabs(found - expected[c]) <= 1e-12 * scale[c]);
    }
}

static void check_directional(struct sample *s)
{
    double v[N_COLUMNS];
    unsigned long long seed = 4;
    for (int c = 0; c < N_COLUMNS; c++)
        v[c] = test_random(&seed, -1.0, 1.0);
    assert_int_equal(nnp_evaluate_directional(s->evaluator, &s->atoms, s->list.owners, v,
                                              v + 3 * N_ATOMS, s->rows, NULL),
                     NNP_SUCCESS);
    for (int i = 0; i < N_ATOMS; i++)
        for (int k = 0; k < n_functions(s, i); k++) {
            double expected = 0.0, scale = 0.0;
            for (int c = 0; c < N_COLUMNS; c++) {
                expected += s->jacobian[i][k][c] * v[c];
                scale += fabs(s->jacobian[i][k][c] * v[c]);
            }
            /* Terms of images of an atom cancel within the Jacobian. */
            assert_true(fabs(s->values[i][k] - expected) <= 1e-11 * scale + 1e-15);
        }
}

static void check(enum nnp_kernels kernels)
{
    static struct sample s;
    open_sample(&s, kernels);
    check_values(&s);
    check_transposed(&s);
    check_directional(&s);
    close_sample(&s);
}

static void test_products(void **state)
{
    (void)state;
    check(NNP_KERNELS_AUTO);
}

static void test_reference(void **state)
{
    (void)state;
    check(NNP_KERNELS_REFERENCE);
}

/* A center without functions, and a position that is not finite. */
static void test_refused(void **state)
{
    static struct sample s;
    double y[N_COLUMNS] = {0.0};
    struct nnp_error error = {.message = ""};
    (void)state;
    open_sample(&s, NNP_KERNELS_AUTO);
    s.identity[1] = -1;
    assert_int_equal(nnp_evaluate_values(s.evaluator, &s.atoms, s.rows, &error),
                     NNP_ERROR_ELEMENT);
    assert_int_equal(nnp_evaluate_transposed(s.evaluator, &s.atoms, s.list.owners, N_ATOMS,
                                             (const double *const *)s.rows, y, y + 3 * N_ATOMS,
                                             &error),
                     NNP_ERROR_ELEMENT);
    assert_int_equal(nnp_evaluate_directional(s.evaluator, &s.atoms, s.list.owners, y,
                                              y + 3 * N_ATOMS, s.rows, &error),
                     NNP_ERROR_ELEMENT);
    assert_non_null(strstr(error.message, "without functions"));
    s.identity[1] = 1;
    s.list.positions[4] = NAN;
    assert_int_equal(nnp_evaluate_directional(s.evaluator, &s.atoms, s.list.owners, y,
                                              y + 3 * N_ATOMS, s.rows, &error),
                     NNP_ERROR_NUMERIC);
    close_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("products", tests, NULL, NULL);
}
