/* Cholesky's factorisation by blocks of rows against the definition, and the plan of a batch.
 */
#include "batch_plan.h"
#include "cholesky.h"
#include "linear_algebra.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct nnp_parallel serial = {0, 1};

static void make_blocks(struct nnp_row_blocks *blocks, const struct nnp_parallel *parallel,
                        int n)
{
    assert_int_equal(nnp_row_blocks_lay_out(blocks, parallel, n, 0, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_row_blocks_allocate(blocks, NULL), NNP_SUCCESS);
}

static bool solve(struct nnp_cholesky *cholesky, const struct nnp_row_blocks *a, double shift,
                  double *b, double *x)
{
    nnp_cholesky_begin(cholesky);
    for (int k = 0; k < a->n_blocks; k++) {
        assert_true(nnp_cholesky_take(cholesky, k));
        nnp_cholesky_load(cholesky, k, a->rows[k], shift, b + nnp_row_blocks_begin(a, k));
    }
    return nnp_cholesky_solve(cholesky, b, x);
}

/* A_ij = sum_k (R_ik R_jk) + n delta_ij, well conditioned; row-blocked and whole. */
static void make_matrix(int n, struct nnp_row_blocks *blocks, double *whole)
{
    struct nnp_random random;
    double *r = calloc((size_t)n * (size_t)n, sizeof *r);
    nnp_random_seed(&random, (uint64_t)n);
    for (int k = 0; k < n * n; k++)
        r[k] = nnp_random_uniform(&random) - 0.5;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = i == j ? n : 0.0;
            for (int k = 0; k < n; k++)
                sum += r[i * n + k] * r[j * n + k];
            whole[i * n + j] = whole[j * n + i] = sum;
        }
    free(r);
    for (int b = 0; b < blocks->n_blocks; b++) {
        int begin = nnp_row_blocks_begin(blocks, b), end = nnp_row_blocks_end(blocks, b);
        for (int i = begin; i < end; i++)
            for (int j = 0; j < end; j++)
                blocks->rows[b][(i - begin) * end + j] = whole[i * n + j];
    }
}

/* Sizes of one block, of a last one that is short, and of large blocks. */
static void test_solution(void **state)
{
    (void)state;
    const int sizes[] = {1, 31, 32, 33, 97, 200, 600};
    const double shift = 0.25;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        int n = sizes[k];
        struct nnp_row_blocks a;
        struct nnp_cholesky *cholesky;
        double *whole = calloc((size_t)n * (size_t)n, sizeof *whole);
        double *b = calloc((size_t)n, sizeof *b), *x = calloc((size_t)n, sizeof *x);
        make_blocks(&a, &serial, n);
        assert_int_equal(nnp_cholesky_create(&cholesky, &serial, n, NULL), NNP_SUCCESS);
        make_matrix(n, &a, whole);
        for (int i = 0; i < n; i++)
            b[i] = sin(i);
        assert_true(solve(cholesky, &a, shift, b, x));
        for (int i = 0; i < n; i++) {
            double sum = shift * x[i];
            for (int j = 0; j < n; j++)
                sum += whole[i * n + j] * x[j];
            assert_true(b[i] == sin(i));
            assert_true(fabs(sum - b[i]) < 1e-12); /* of numbers of size 1 */
        }
        a.rows[a.n_blocks - 1][nnp_row_blocks_size(&a, a.n_blocks - 1) - 1] = -2.0 * n;
        assert_false(solve(cholesky, &a, shift, b, x));
        a.rows[0][0] = NAN;
        assert_false(solve(cholesky, &a, shift, b, x));
        nnp_cholesky_free(cholesky);
        nnp_row_blocks_free(&a);
        free(whole);
        free(b);
        free(x);
    }
}

/* Sums over the blocks of a rank of what an update (rows times columns) and a factorisation
 * (times columns) cost are nearly those of others, also with a block of fewer rows. */
static void test_owners(void **state)
{
    (void)state;
    const int sizes[] = {371, 1550, 1600};
    for (int k = 0; k < 3; k++)
        for (int n_ranks = 1; n_ranks <= 4; n_ranks++) {
            struct nnp_row_blocks a;
            const struct nnp_parallel parallel = {0, n_ranks};
            double update[4] = {0.0}, factor[4] = {0.0}, all[2] = {0.0};
            make_blocks(&a, &parallel, sizes[k]);
            assert_int_equal(nnp_row_blocks_end(&a, a.n_blocks - 1), sizes[k]);
            for (int b = 0; b < a.n_blocks; b++) {
                const int owner = nnp_row_blocks_owner(&a, b), end = nnp_row_blocks_end(&a, b);
                const double cost = (double)nnp_row_blocks_size(&a, b);
                assert_int_equal(nnp_row_blocks_begin(&a, b),
                                 b > 0 ? nnp_row_blocks_end(&a, b - 1) : 0);
                assert_true(!a.rows[b] == (owner != 0));
                update[owner] += cost;
                factor[owner] += cost * end;
                all[0] += cost;
                all[1] += cost * end;
            }
            for (int r = 0; r < n_ranks; r++) {
                /* Four ranks have three of the 12 blocks of 371 rows each. */
                const double limit = n_ranks <= 2 ? 0.03 : 0.15;
                assert_true(fabs(update[r] * n_ranks / all[0] - 1.0) < limit);
                assert_true(fabs(factor[r] * n_ranks / all[1] - 1.0) < limit);
            }
            nnp_row_blocks_free(&a);
        }
}

/* Chunks depend on the structures only, all belong to some rank, and ranks have about the same
 * to do, even where one owns everything. */
static void test_plan(void **state)
{
    (void)state;
    for (int owners = 0; owners < 2; owners++)
        for (int n_ranks = 1; n_ranks <= 4; n_ranks++) {
            struct nnp_batch_plan plan;
            double cost[4] = {0.0}, total = 0.0;
            assert_int_equal(nnp_batch_plan_init(&plan, 8, n_ranks, NULL), NNP_SUCCESS);
            plan.n_members = 8;
            for (int k = 0; k < 8; k++) {
                int n_rows = k == 2 ? 1 : k % 3 == 0 ? 13 : 169;
                plan.members[k] = (struct nnp_batch_member){.structure = k,
                                                            .owner = owners * k * n_ranks / 8,
                                                            .n_rows = n_rows,
                                                            .own_cost = 0.1 * n_rows,
                                                            .shared_cost = n_rows};
                total += 1.1 * n_rows;
            }
            nnp_batch_plan_make(&plan);
            assert_int_equal(plan.n_chunks, 4 * 4 + 4);
            for (int k = 0; k < 8; k++) {
                const struct nnp_batch_member *member = &plan.members[k];
                int n_chunks = 0;
                cost[member->owner] += member->own_cost;
                for (int r = 0; r < n_ranks; r++) {
                    int begin, end;
                    nnp_batch_plan_find(&plan, member, r, &begin, &end);
                    n_chunks += end - begin;
                    cost[r] += member->shared_cost * (end - begin) / member->n_chunks;
                }
                assert_int_equal(n_chunks, member->n_chunks);
                for (int i = 0; i < member->n_chunks; i++)
                    assert_in_range(nnp_batch_member_row(member, i + 1) -
                                        nnp_batch_member_row(member, i),
                                    1, NNP_CHUNK_ROWS);
            }
            for (int r = 0; r < n_ranks; r++) /* to one chunk of 43 rows */
                assert_true(fabs(cost[r] - total / n_ranks) < 1.1 * 43.0);
            nnp_batch_plan_free(&plan);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solution),
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_plan),
    };
    nnp_linear_algebra_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
