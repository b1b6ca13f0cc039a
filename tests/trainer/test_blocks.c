/* Blocks cover all structures, depend on the data only, and are shared out evenly. */
#include "blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_STRUCTURES = 5000 };

static void check(int n, const double *costs, int n_blocks)
{
    struct nnp_blocks serial, parallel;
    assert_int_equal(nnp_blocks_divide(&serial, n, costs, 1, NULL), NNP_SUCCESS);
    assert_int_equal(serial.n_blocks, n_blocks);
    assert_int_equal(serial.first_structure[0], 0);
    assert_int_equal(serial.first_structure[n_blocks], n);
    for (int b = 0; b < n_blocks; b++)
        assert_true(serial.first_structure[b] < serial.first_structure[b + 1]);
    for (int n_ranks = 2; n_ranks < 8; n_ranks++) {
        assert_int_equal(nnp_blocks_divide(&parallel, n, costs, n_ranks, NULL), NNP_SUCCESS);
        assert_int_equal(parallel.n_blocks, n_blocks);
        assert_memory_equal(serial.first_structure, parallel.first_structure,
                            ((size_t)n_blocks + 1) * sizeof(int));
        assert_int_equal(parallel.first_block[0], 0);
        assert_int_equal(parallel.first_block[n_ranks], n_blocks);
        for (int r = 0; r <= n_ranks; r++) {
            assert_true(r == 0 || parallel.first_block[r - 1] <= parallel.first_block[r]);
            assert_int_equal(parallel.first_structure_of_rank[r],
                             parallel.first_structure[parallel.first_block[r]]);
        }
        nnp_blocks_free(&parallel);
    }
    nnp_blocks_free(&serial);
}

static void test_numbers(void **state)
{
    (void)state;
    static double costs[MAX_STRUCTURES];
    for (int i = 0; i < MAX_STRUCTURES; i++)
        costs[i] = 1.0 + i % 7;
    check(0, costs, 0);
    check(1, costs, 1);
    check(15, costs, 15);
    check(50, costs, 16);
    check(400, costs, 100);
    check(5000, costs, 256);
}

/* A structure that costs more than all others together still leaves one to each block. */
static void test_uneven_costs(void **state)
{
    (void)state;
    double costs[20];
    for (int large = 0; large < 20; large++) {
        for (int i = 0; i < 20; i++)
            costs[i] = i == large ? 1e9 : 1.0;
        check(20, costs, 16);
    }
}

static void test_balance(void **state)
{
    (void)state;
    static double costs[MAX_STRUCTURES];
    struct nnp_blocks blocks;
    for (int i = 0; i < MAX_STRUCTURES; i++)
        costs[i] = 1.0 + (double)i;
    double total = 0.5 * MAX_STRUCTURES * (MAX_STRUCTURES + 1.0);
    assert_int_equal(nnp_blocks_divide(&blocks, MAX_STRUCTURES, costs, 4, NULL), NNP_SUCCESS);
    for (int r = 0; r < 4; r++) {
        double sum = 0.0;
        for (int s = blocks.first_structure_of_rank[r];
             s < blocks.first_structure_of_rank[r + 1]; s++)
            sum += costs[s];
        assert_true(sum > 0.24 * total && sum < 0.26 * total);
    }
    nnp_blocks_free(&blocks);
}

static int find(const struct nnp_block_order *order, int begin, int end, int block)
{
    for (int k = begin; k < end; k++)
        if (order->blocks[k] == block)
            return k;
    return -1;
}

/* Copies that a rank holds of its neighbor's blocks: an eighth of them, which are not the
 * neighbor's alone, in the reverse order.  Returns their number. */
static int check_copies(const struct nnp_block_order *owner, const struct nnp_block_order *rank,
                        bool overlap)
{
    int n = 0, last = owner->n_own;
    for (int k = rank->n_own; k < rank->n; k++) {
        const int place = find(owner, 0, owner->n_own, rank->blocks[k]);
        if (place < 0)
            continue;
        assert_true(place >= owner->n_alone && place < last);
        last = place;
        n++;
    }
    assert_int_equal(n, overlap ? owner->n_own / 8 : 0);
    return n;
}

static void check_order(const struct nnp_blocks *blocks, int n_structures, int n_ranks,
                        bool overlap)
{
    struct nnp_block_order orders[7];
    const double most = nnp_blocks_copies(n_structures, n_ranks);
    assert_true(most >= 1.0 && most <= (n_ranks == 1 ? 1.0 : n_ranks == 2 ? 1.125 : 1.25));
    for (int r = 0; r < n_ranks; r++)
        assert_int_equal(nnp_blocks_order(blocks, r, n_ranks, overlap, &orders[r], NULL),
                         NNP_SUCCESS);
    for (int r = 0; r < n_ranks; r++) {
        const struct nnp_block_order *order = &orders[r];
        int n_copied = 0, n_copies = 0;
        assert_int_equal(order->n_own, blocks->first_block[r + 1] - blocks->first_block[r]);
        for (int b = blocks->first_block[r]; b < blocks->first_block[r + 1]; b++)
            assert_true(find(order, 0, order->n_own, b) >= 0);
        for (int other = r - 1; other <= r + 1; other += 2)
            if (other >= 0 && other < n_ranks) {
                n_copied += check_copies(order, &orders[other], overlap);
                n_copies += check_copies(&orders[other], order, overlap);
            }
        assert_int_equal(order->n_alone, order->n_own - n_copied);
        assert_int_equal(order->n, order->n_own + n_copies);
    }
    for (int r = 0; r < n_ranks; r++)
        nnp_block_order_free(&orders[r]);
}

static void test_order(void **state)
{
    (void)state;
    static const int numbers[] = {0, 5, 70, 400, MAX_STRUCTURES};
    static double costs[MAX_STRUCTURES];
    for (int i = 0; i < MAX_STRUCTURES; i++)
        costs[i] = 1.0 + i % 7;
    for (int k = 0; k < 5; k++)
        for (int n_ranks = 1; n_ranks <= 7; n_ranks++) {
            struct nnp_blocks blocks;
            assert_int_equal(nnp_blocks_divide(&blocks, numbers[k], costs, n_ranks, NULL),
                             NNP_SUCCESS);
            check_order(&blocks, numbers[k], n_ranks, false);
            check_order(&blocks, numbers[k], n_ranks, true);
            nnp_blocks_free(&blocks);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_uneven_costs),
        cmocka_unit_test(test_balance),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
