/* Functions by triplets, of every instruction set, against the reference kernels: sets like
 * those of published potentials and random ones; directional derivatives against gradients;
 * memory that runs out. */
#include "allocations.h"
#include "doubles.h"
#include "environment.h"
#include "kernels/reference.h"
#include "kernels/triplets.h"
#include "test_random.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_NEIGHBORS = 300, MOST_SLOTS = 384, MOST_FUNCTIONS = 200 };

static const char *const instruction_sets[] = {"plain", "avx2", "avx512"};

/* Functions of one center, at the origin, and its neighbors of elements 0 and 1. */
struct fixture {
    int n;
    int listed[MOST_FUNCTIONS];
    struct nnp_symmetry functions[MOST_FUNCTIONS];
    struct nnp_descriptor descriptor;
    struct nnp_environment environment;
    struct nnp_triplets_plan plan;
    struct nnp_triplets_work work;
    unsigned long long random;
};

static void add(struct fixture *f, struct nnp_symmetry function)
{
    assert_true(f->n < MOST_FUNCTIONS);
    f->listed[f->n] = f->n;
    f->functions[f->n++] = function;
}

static enum nnp_status make_plan(struct fixture *f)
{
    f->descriptor.n_functions = f->n;
    f->descriptor.functions = f->functions;
    return nnp_triplets_plan_init(&f->plan, &f->descriptor, f->listed, f->n, NULL);
}

/* 43 functions per pair of elements: cutoff cos 5, no shift, etas in steps of a unit up to
 * rounding, small zetas for both lambdas, and 16. */
static void add_published_set(struct fixture *f)
{
    const double multiples[] = {1.0, 30.0, 80.0, 150.0, 250.0, 450.0, 800.0};
    const double zetas[] = {1.0, 2.0, 4.0, 16.0};
    for (int pair = 0; pair < 3; pair++)
        for (int e = 0; e < 7; e++)
            for (int k = 0; k < (e < 3 ? 4 : e < 6 ? 8 : 7); k++)
                add(f, (struct nnp_symmetry){.type = NNP_SYMMETRY_NARROW,
                                             .neighbors = {pair / 2, (pair + 1) / 2},
                                             .eta = round(multiples[e] * 571.4) / 1e6,
                                             .lambda = k % 2 ? 1.0 : -1.0,
                                             .zeta = zetas[k / 2],
                                             .cutoff = {NNP_CUTOFF_COS, 5.0, 0.0}});
}

static double one_of(struct fixture *f, const double *values, int n)
{
    return values[(int)test_random(&f->random, 0.0, n)];
}

/* Functions that share much and differ in anything. */
static void add_random_set(struct fixture *f)
{
    const double etas[] = {0.0, 0.004, 0.02, 0.06, 0.31}, lambdas[] = {-1.0, 1.0, 1.0, 0.5};
    const double zetas[] = {1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 16.0, 80.0, 2.5};
    const double shifts[] = {0.0, 0.0, 0.7}, radii[] = {5.0, 5.0, 3.5};
    const double types[] = {NNP_CUTOFF_COS, NNP_CUTOFF_COS, NNP_CUTOFF_POLY2, NNP_CUTOFF_TANH,
                            NNP_CUTOFF_EXP};
    for (int k = 0; k < 120; k++) {
        const int pair = (int)test_random(&f->random, 0.0, 3.0);
        add(f, (struct nnp_symmetry){.type = test_random(&f->random, 0.0, 1.0) < 0.7
                                                 ? NNP_SYMMETRY_NARROW
                                                 : NNP_SYMMETRY_WIDE,
                                     .neighbors = {pair / 2, (pair + 1) / 2},
                                     .eta = one_of(f, etas, 5),
                                     .lambda = one_of(f, lambdas, 4),
                                     .zeta = one_of(f, zetas, 9),
                                     .r_shift = one_of(f, shifts, 3),
                                     .cutoff = {(enum nnp_cutoff_type)one_of(f, types, 5),
                                                one_of(f, radii, 3), 0.0}});
    }
}

/* n neighbors between 1.2 and 5.5. */
static void surround(struct fixture *f, int n)
{
    double positions[3 * (MOST_NEIGHBORS + 1)] = {0.0};
    int types[MOST_NEIGHBORS + 1] = {0}, list[MOST_NEIGHBORS];
    const int elements[] = {0, 1}, *lists = list;
    for (int j = 1; j <= n; j++) {
        double *r = positions + 3 * j;
        for (int a = 0; a < 3; a++)
            r[a] = test_random(&f->random, -1.0, 1.0);
        const double scale = test_random(&f->random, 1.2, 5.5) / hypot(hypot(r[0], r[1]), r[2]);
        for (int a = 0; a < 3; a++)
            r[a] *= scale;
        types[j] = (int)test_random(&f->random, 0.0, 2.0);
        list[j - 1] = j;
    }
    const struct nnp_atoms atoms = {.n_atoms = n + 1,
                                    .positions = positions,
                                    .types = types,
                                    .type_elements = elements,
                                    .n_centers = 1,
                                    .n_neighbors = &n,
                                    .neighbors = &lists,
                                    .neighbor_mask = -1,
                                    .length_unit = 1.0,
                                    .energy_unit = 1.0};
    assert_int_equal(nnp_environment_gather(&f->environment, &atoms, 0, 2, 5.0, 0.1, NULL),
                     NNP_SUCCESS);
    assert_true(f->environment.n <= MOST_SLOTS);
}

static enum nnp_status make_work(struct fixture *f)
{
    return nnp_triplets_reserve(&f->work, &f->plan, f->environment.capacity, NULL);
}

static void close_fixture(struct fixture *f)
{
    nnp_triplets_work_free(&f->work);
    nnp_triplets_plan_free(&f->plan);
    nnp_environment_free(&f->environment);
}

static double largest(const double *values, int n)
{
    double most = 1e-3;
    for (int k = 0; k < n; k++)
        most = fmax(most, fabs(values[k]));
    return most;
}

/* Close to the cutoff, where a function may be as small as 1e-5 in all, the terms of cutoff
 * polynomials, of up to 15, cancel: half a unit in the last place of 15, in either result. */
static const double cutoff_rounding = 8.0 * DBL_EPSILON;

static double product(const double *a, const double *b, int n, double *scale)
{
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        sum += a[k] * b[k];
        *scale += fabs(a[k] * b[k]);
    }
    return sum;
}

/* Functions, the gradient d of sum_k a_k G_k, and sum_k a_k t_k = sum_j d_j . v_j, up to the
 * rounding of exponentials (1e-14), of cutoff functions, and of sums. */
static void compare(struct fixture *f)
{
    const int n = f->n, n_slots = f->environment.n;
    double a[MOST_FUNCTIONS], g[MOST_FUNCTIONS], g0[MOST_FUNCTIONS], t[MOST_FUNCTIONS];
    double d[3][MOST_SLOTS], d0[3][MOST_SLOTS] = {{0.0}}, v[3][MOST_SLOTS];
    double scratch[2 * MOST_SLOTS];
    assert_int_equal(make_work(f), NNP_SUCCESS);
    nnp_triplets_attach(&f->work, &f->plan);
    for (int k = 0; k < n; k++) {
        a[k] = test_random(&f->random, -1.0, 1.0);
        g0[k] = nnp_reference_evaluate(&f->functions[k], &f->environment, NULL, a[k], d0[0],
                                       d0[1], d0[2], scratch);
    }
    for (int k = 0; k < 3 * n_slots; k++)
        v[k / n_slots][k % n_slots] = test_random(&f->random, -1.0, 1.0);
    for (int s = 0; s < 3; s++) {
        setenv("NNP_SIMD", instruction_sets[s], 1);
        const struct nnp_triplets_kernels *kernels =
            nnp_triplets_kernels_select(NNP_PRECISION_DOUBLE);
        memset(d, 0, sizeof d);
        kernels->forward(&f->plan, &f->environment, &f->work, g);
        kernels->directional(&f->plan, &f->environment, &f->work, v[0], v[1], v[2], t);
        kernels->backward(&f->plan, &f->environment, &f->work, a, d[0], d[1], d[2]);
        assert_doubles_near(g, g0, n, 2e-14 * largest(g0, n) + cutoff_rounding);
        double left = 0.0, right = 0.0, scale = 1e-3;
        for (int k = 0; k < 3; k++) {
            assert_doubles_near(d[k], d0[k], n_slots,
                                1e-13 * largest(d0[k], n_slots) + cutoff_rounding);
            right += product(d[k], v[k], n_slots, &scale);
        }
        left = product(a, t, n, &scale);
        assert_doubles_near(&left, &right, 1, 1e-13 * scale);
    }
    unsetenv("NNP_SIMD");
}

static void test_published_set(void **state)
{
    struct fixture f = {.random = 1};
    (void)state;
    add_published_set(&f);
    assert_int_equal(make_plan(&f), NNP_SUCCESS);
    for (int n = 0; n <= 80; n += n < 20 ? 1 : 20) {
        surround(&f, n);
        compare(&f);
    }
    close_fixture(&f);
}

static void test_random_sets(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 8; seed++) {
        struct fixture f = {.random = seed};
        add_random_set(&f);
        assert_int_equal(make_plan(&f), NNP_SUCCESS);
        for (int n = 0; n <= 60; n += n < 12 ? 1 : 24) {
            surround(&f, n);
            compare(&f);
        }
        close_fixture(&f);
    }
}

/* More triplets than are kept between the passes. */
static void test_many_neighbors(void **state)
{
    struct fixture f = {.random = 1};
    (void)state;
    add_published_set(&f);
    assert_int_equal(make_plan(&f), NNP_SUCCESS);
    surround(&f, MOST_NEIGHBORS);
    compare(&f);
    assert_true(f.work.n_tiles > NNP_TRIPLETS_KEPT);
    close_fixture(&f);
}

/* The k-th allocation fails, for every k; the next attempt succeeds with what there is. */
static void test_memory(void **state)
{
    struct fixture f = {.random = 1};
    bool reached = true;
    (void)state;
    add_published_set(&f);
    surround(&f, 30);
    const long before = test_allocations.n_live;
    for (long k = 0; reached; k++) {
        test_allocations.left = k;
        test_allocations.n_failed = 0;
        test_allocations.go_on = true;
        enum nnp_status status = make_plan(&f);
        if (!status)
            status = make_work(&f);
        reached = test_allocations.n_failed > 0;
        test_allocations.left = -1;
        assert_int_equal(status, reached ? NNP_ERROR_MEMORY : NNP_SUCCESS);
        if (!reached)
            compare(&f);
        nnp_triplets_plan_free(&f.plan);
        nnp_triplets_work_free(&f.work);
        assert_int_equal(test_allocations.n_live, before);
    }
    close_fixture(&f);
}

/* A work that serves one plan keeps serving it where memory for a larger one is missing. */
static void test_memory_of_growth(void **state)
{
    struct fixture f = {.random = 1};
    (void)state;
    add_published_set(&f);
    assert_int_equal(make_plan(&f), NNP_SUCCESS);
    surround(&f, 10);
    assert_int_equal(make_work(&f), NNP_SUCCESS);
    test_allocations.left = 0;
    test_allocations.go_on = true;
    assert_int_equal(nnp_triplets_reserve(&f.work, &f.plan, 4096, NULL), NNP_ERROR_MEMORY);
    test_allocations.left = -1;
    compare(&f);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_set),    cmocka_unit_test(test_random_sets),
        cmocka_unit_test(test_many_neighbors),   cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_of_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
