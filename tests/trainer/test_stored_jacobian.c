/* Stored derivatives are those that are evaluated anew, in single precision, without what is
 * zero; where there is no room for them they are evaluated anew. */
#include "config.h"
#include "descriptor_cache.h"
#include "model.h"
#include "morse.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct nnp_parallel serial = {0, 1};

static const char head[] = "elements: [Li, Au]\ndata: {files: none.extxyz}\n"
                           "output: {potential: none.nnp}\n";
static const char symmetry_functions[] =
    "symmetry_functions: {cutoff: {function: poly2, radius: 4}, radial: [{eta: [0.05, 0.4]}],\n"
    "  angular: [{type: wide, eta: 0.02, lambda: [1, -1], zeta: 2}]}\n";
static const char chebyshev[] = "symmetry_functions: {cutoff: {function: poly2, radius: 4},\n"
                                "  chebyshev: {radial: 2, angular: 2}}\n";

struct problem {
    struct nnp_config *config;
    struct nnp_potential *model;
    struct nnp_function_groups groups;
    struct nnp_structure structure;
    const struct nnp_structure *pointer;
    struct nnp_structure_size size;
    struct nnp_descriptor_worker *worker;
};

static void set_up(struct problem *p, const char *functions, int n_atoms, double gold)
{
    char text[1000];
    unsigned long long random = 3;
    struct nnp_error error = {0};
    snprintf(text, sizeof text, "%s%s", head, functions);
    memset(p, 0, sizeof *p);
    if (nnp_config_parse(&p->config, "test.yaml", text, strlen(text), &error) ||
        nnp_model_create(&p->model, p->config, &error))
        fail_msg("%s", error.message);
    assert_true(nnp_function_groups_init(&p->groups, p->model));
    morse_structure(&p->structure, n_atoms, gold, &random);
    p->structure.file = strdup("test");
    p->pointer = &p->structure;
    assert_int_equal(
        nnp_structure_sizes_find(&serial, p->model, 1, &p->pointer, true, &p->size, NULL),
        NNP_SUCCESS);
    assert_int_equal(nnp_descriptor_worker_create(&p->worker, p->model, NULL), NNP_SUCCESS);
}

static void tear_down(struct problem *p)
{
    nnp_descriptor_worker_free(p->worker);
    nnp_function_groups_free(&p->groups);
    nnp_structure_free(&p->structure);
    nnp_potential_free(p->model);
    nnp_config_free(p->config);
}

static struct nnp_descriptor_cache *
make_cache(struct problem *p, enum nnp_descriptor_storage storage, float *memory)
{
    struct nnp_descriptor_cache *cache;
    assert_int_equal(nnp_descriptor_cache_create(&cache, p->worker, p->model, &p->groups, 1,
                                                 &p->pointer, &storage, &p->size, memory, NULL,
                                                 NULL),
                     NNP_SUCCESS);
    assert_int_equal(nnp_descriptor_cache_reserve(cache, p->worker, NULL), NNP_SUCCESS);
    nnp_descriptor_cache_scale(cache);
    return cache;
}

/* Both products of the stored Jacobian with unit vectors, against the elements of the prepared
 * one, of which there are n_elements. */
static double check_elements(struct problem *p, struct nnp_descriptor_cache *stored,
                             struct nnp_descriptor_cache *recomputed, int element,
                             double *const *de_dx, double *const *u, double *y)
{
    struct nnp_descriptor_jacobian jacobian;
    const size_t n_functions = (size_t)p->model->descriptors[element].n_functions;
    int first_row;
    const int n_atoms = nnp_descriptor_cache_rows(stored, 0, element, &first_row);
    assert_true(nnp_descriptor_cache_prepare(recomputed, p->worker, 0));
    nnp_descriptor_cache_jacobian(recomputed, p->worker, 0, element, &jacobian);
    const size_t n_columns = (size_t)jacobian.n_columns, n_active = (size_t)jacobian.n_active;
    const size_t n = (size_t)n_atoms * n_active * n_columns;
    double *exact = malloc((n + 1) * sizeof *exact);
    assert_non_null(exact);
    if (n > 0)
        memcpy(exact, jacobian.values, n * sizeof *exact);
    nnp_descriptor_worker_release(p->worker);
    for (size_t k = 0; k < (size_t)n_atoms * n_active; k++) {
        double *unit =
            de_dx[element] + k / n_active * n_functions + jacobian.active[k % n_active];
        *unit = 1.0;
        nnp_descriptor_cache_contract(stored, p->worker, 0, NULL, de_dx, y);
        *unit = 0.0;
        for (size_t c = 0; c < n_columns; c++)
            assert_true(fabs(y[c] - exact[k * n_columns + c]) <=
                        0.5000001 * FLT_EPSILON * fabs(exact[k * n_columns + c]) + FLT_MIN);
    }
    for (size_t c = 0; c < n_columns; c++) {
        memset(y, 0, n_columns * sizeof *y);
        y[c] = 1.0;
        nnp_descriptor_cache_direct(stored, p->worker, 0, y, u);
        for (size_t k = 0; k < (size_t)n_atoms * n_active; k++)
            assert_true(fabs(u[element][k / n_active * n_functions +
                                        (size_t)jacobian.active[k % n_active]] -
                             exact[k * n_columns + c]) <=
                        0.5000001 * FLT_EPSILON * fabs(exact[k * n_columns + c]) + FLT_MIN);
    }
    free(exact);
    return (double)n;
}

static void check_rounded(const char *functions, int n_atoms, double gold, bool sparse)
{
    struct problem p;
    double *de_dx[2], *u[2], n_elements = 0.0;
    set_up(&p, functions, n_atoms, gold);
    float *memory = malloc(((size_t)p.size.n_jacobian + 1) * sizeof *memory);
    double *y = calloc(3 * (size_t)n_atoms + 6, sizeof *y);
    assert_true(memory && y);
    memory[(size_t)p.size.n_jacobian] = 7.0F;
    struct nnp_descriptor_cache *stored = make_cache(&p, NNP_DESCRIPTOR_STORED, memory);
    struct nnp_descriptor_cache *recomputed = make_cache(&p, NNP_DESCRIPTOR_RECOMPUTED, NULL);
    assert_true(memory[(size_t)p.size.n_jacobian] == 7.0F);
    for (int e = 0; e < 2; e++) {
        const size_t n = (size_t)n_atoms * (size_t)p.model->descriptors[e].n_functions;
        de_dx[e] = calloc(n, sizeof *de_dx[e]);
        u[e] = calloc(n, sizeof *u[e]);
        assert_true(de_dx[e] && u[e]);
    }
    for (int e = 0; e < 2; e++)
        n_elements += check_elements(&p, stored, recomputed, e, de_dx, u, y);
    /* Rows are filled up to whole lanes. */
    assert_true(p.size.n_jacobian <= n_elements + p.size.n_rows * (NNP_ROW_LANES - 1));
    assert_true((p.size.n_jacobian < 0.6 * n_elements) == sparse);
    nnp_descriptor_cache_free(stored);
    nnp_descriptor_cache_free(recomputed);
    for (int e = 0; e < 2; e++) {
        free(de_dx[e]);
        free(u[e]);
    }
    free(memory);
    free(y);
    tear_down(&p);
}

static void test_rounded(void **state)
{
    (void)state;
    check_rounded(symmetry_functions, 1, 0.0, false);
    check_rounded(symmetry_functions, 5, 0.5, false);
    check_rounded(symmetry_functions, 60, 0.0, true);
    check_rounded(symmetry_functions, 60, 0.5, true);
    check_rounded(chebyshev, 60, 0.5, true);
}

/* A count that is too small, as of a machine that rounds otherwise. */
static void test_no_room(void **state)
{
    (void)state;
    enum { N = 20, N_COLUMNS = 3 * N + 6 };
    struct problem p;
    double y[2][N_COLUMNS], *de_dx[2];
    float memory[1] = {7.0F};
    set_up(&p, symmetry_functions, N, 0.5);
    p.size.n_jacobian -= 1.0;
    struct nnp_descriptor_cache *caches[2] = {make_cache(&p, NNP_DESCRIPTOR_STORED, memory),
                                              make_cache(&p, NNP_DESCRIPTOR_RECOMPUTED, NULL)};
    assert_true(memory[0] == 7.0F);
    for (int e = 0; e < 2; e++) {
        const int n = N * p.model->descriptors[e].n_functions;
        de_dx[e] = calloc((size_t)n, sizeof *de_dx[e]);
        assert_non_null(de_dx[e]);
        for (int k = 0; k < n; k++)
            de_dx[e][k] = sin(12.9898 * (k + 1) + e);
    }
    for (int c = 0; c < 2; c++) {
        assert_true(nnp_descriptor_cache_has_derivatives(caches[c], 0));
        nnp_descriptor_cache_contract(caches[c], p.worker, 0, NULL, de_dx, y[c]);
        nnp_descriptor_cache_free(caches[c]);
    }
    assert_memory_equal(y[0], y[1], sizeof y[0]);
    free(de_dx[0]);
    free(de_dx[1]);
    tear_down(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounded),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
