/* Stored derivatives are those that are evaluated anew, in the precision that is asked for,
 * without what is zero; where there is no room for them they are evaluated anew. */
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

static struct nnp_descriptor_cache *make_cache(struct problem *p,
                                               enum nnp_descriptor_storage storage,
                                               enum nnp_number number, void *memory)
{
    struct nnp_descriptor_cache *cache;
    assert_int_equal(nnp_descriptor_cache_create(&cache, p->worker, p->model, &p->groups, 1,
                                                 &p->pointer, &storage, &p->size, number,
                                                 memory, NULL, NULL),
                     NNP_SUCCESS);
    assert_int_equal(nnp_descriptor_cache_reserve(cache, p->worker, NULL), NNP_SUCCESS);
    nnp_descriptor_cache_scale(cache);
    return cache;
}

/* The Jacobian in doubles, [n_rows][n_columns], cut in slices of `width` columns.  To be freed.
 */
static double *cut(struct problem *p, struct nnp_descriptor_cache *cache, int width)
{
    const struct nnp_descriptor_layout *layout = nnp_descriptor_cache_layout(cache, 0);
    const int n_columns = nnp_descriptor_layout_n_columns(layout);
    const size_t n_rows = (size_t)layout->n_rows;
    double *jacobian = malloc((n_rows * (size_t)n_columns + 1) * sizeof *jacobian);
    double *slice = malloc((n_rows * (size_t)width + 1) * sizeof *slice);
    assert_true(jacobian && slice);
    assert_true(nnp_descriptor_cache_prepare(cache, p->worker, 0));
    for (int first = 0; first < n_columns; first += width) {
        const int n = first + width < n_columns ? width : n_columns - first;
        for (size_t k = 0; k < n_rows * (size_t)n; k++)
            slice[k] = NAN;
        nnp_descriptor_cache_cut(cache, p->worker, 0, first, n, slice);
        for (size_t i = 0; i < n_rows; i++)
            memcpy(jacobian + i * (size_t)n_columns + first, slice + i * (size_t)n,
                   (size_t)n * sizeof *slice);
    }
    nnp_descriptor_worker_release(p->worker);
    free(slice);
    return jacobian;
}

/* Any width gives the same, and so does the one that is evaluated anew. */
static void check_cuts(struct problem *p, struct nnp_descriptor_cache *stored,
                       const double *exact)
{
    static const int widths[] = {1, 7, 48};
    const struct nnp_descriptor_layout *layout = nnp_descriptor_cache_layout(stored, 0);
    const size_t n = (size_t)layout->n_rows * (size_t)nnp_descriptor_layout_n_columns(layout);
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        double *again = cut(p, stored, widths[w]);
        for (size_t k = 0; k < n; k++)
            assert_true(again[k] == exact[k]);
        free(again);
    }
}

static void assert_near(double a, double b, enum nnp_number number)
{
    const double tolerance =
        number == NNP_FLOAT ? 0.5000001 * FLT_EPSILON * fabs(b) + FLT_MIN : 0.0;
    assert_true(fabs(a - b) <= tolerance);
}

/* Both products of the stored Jacobian with unit vectors, against the elements of the exact
 * one. */
static void check_products(struct problem *p, struct nnp_descriptor_cache *stored,
                           enum nnp_number number, const double *exact)
{
    const struct nnp_descriptor_layout *layout = nnp_descriptor_cache_layout(stored, 0);
    const int n_columns = nnp_descriptor_layout_n_columns(layout);
    double *de_dx[2], *u[2], *y = calloc((size_t)n_columns, sizeof *y);
    assert_non_null(y);
    for (int e = 0; e < 2; e++) {
        const size_t n = (size_t)layout->n_atoms * (size_t)p->model->descriptors[e].n_functions;
        de_dx[e] = calloc(n, sizeof *de_dx[e]);
        u[e] = calloc(n, sizeof *u[e]);
        assert_true(de_dx[e] && u[e]);
    }
    for (int i = 0; i < layout->n_atoms; i++) {
        const int e = layout->elements[i];
        const size_t n_functions = (size_t)p->model->descriptors[e].n_functions;
        for (int a = 0; a < layout->n_active[e]; a++) {
            const size_t k =
                (size_t)layout->values[i] * n_functions + (size_t)layout->active[e][a];
            const double *row = exact + (size_t)(layout->places[i] + a) * (size_t)n_columns;
            de_dx[e][k] = 1.0;
            nnp_descriptor_cache_contract(stored, p->worker, 0, NULL, de_dx, y);
            de_dx[e][k] = 0.0;
            for (int c = 0; c < n_columns; c++)
                assert_near(y[c], row[c], number);
        }
    }
    for (int c = 0; c < n_columns; c++) {
        memset(y, 0, (size_t)n_columns * sizeof *y);
        y[c] = 1.0;
        nnp_descriptor_cache_direct(stored, p->worker, 0, y, u);
        for (int i = 0; i < layout->n_atoms; i++) {
            const int e = layout->elements[i];
            const double *row =
                u[e] + (size_t)layout->values[i] * (size_t)p->model->descriptors[e].n_functions;
            for (int a = 0; a < layout->n_active[e]; a++)
                assert_near(row[layout->active[e][a]],
                            exact[(layout->places[i] + a) * n_columns + c], number);
        }
    }
    for (int e = 0; e < 2; e++) {
        free(de_dx[e]);
        free(u[e]);
    }
    free(y);
}

static void check_stored(const char *functions, int n_atoms, double gold, bool sparse,
                         enum nnp_number number)
{
    struct problem p;
    set_up(&p, functions, n_atoms, gold);
    const size_t n_bytes = (size_t)p.size.n_jacobian * nnp_number_size(number);
    char *memory = malloc(n_bytes + 1);
    assert_non_null(memory);
    memory[n_bytes] = 7;
    struct nnp_descriptor_cache *stored = make_cache(&p, NNP_DESCRIPTOR_STORED, number, memory);
    struct nnp_descriptor_cache *recomputed =
        make_cache(&p, NNP_DESCRIPTOR_RECOMPUTED, number, NULL);
    assert_int_equal(memory[n_bytes], 7);
    const struct nnp_descriptor_layout *layout = nnp_descriptor_cache_layout(stored, 0);
    const double n_elements = (double)layout->n_rows * nnp_descriptor_layout_n_columns(layout);
    double *exact = cut(&p, recomputed, nnp_descriptor_layout_n_columns(layout));
    check_cuts(&p, stored, exact);
    check_products(&p, stored, number, exact);
    /* Rows are filled up to whole lanes. */
    assert_true(p.size.n_jacobian <= n_elements + p.size.n_rows * (NNP_ROW_LANES - 1));
    assert_true((p.size.n_jacobian < 0.6 * n_elements) == sparse);
    nnp_descriptor_cache_free(stored);
    nnp_descriptor_cache_free(recomputed);
    free(exact);
    free(memory);
    tear_down(&p);
}

static void check_all(enum nnp_number number)
{
    check_stored(symmetry_functions, 1, 0.0, false, number);
    check_stored(symmetry_functions, 5, 0.5, false, number);
    check_stored(symmetry_functions, 60, 0.0, true, number);
    check_stored(symmetry_functions, 60, 0.5, true, number);
    check_stored(chebyshev, 60, 0.5, true, number);
}

static void test_floats(void **state)
{
    (void)state;
    check_all(NNP_FLOAT);
}

static void test_doubles(void **state)
{
    (void)state;
    check_all(NNP_DOUBLE);
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
    struct nnp_descriptor_cache *caches[2] = {
        make_cache(&p, NNP_DESCRIPTOR_STORED, NNP_FLOAT, memory),
        make_cache(&p, NNP_DESCRIPTOR_RECOMPUTED, NNP_FLOAT, NULL)};
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
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
