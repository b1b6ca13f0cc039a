/* Batches: every structure once in each epoch, one of each stripe in each batch. */
#include "batches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 100 };

static void check(int n, int size)
{
    struct nnp_batches batches;
    int selected[MAX], found[MAX], n_different = 0, first[MAX];
    assert_int_equal(nnp_batches_init(&batches, n, size, NULL), NNP_SUCCESS);
    int most = size < n ? size : n;
    assert_int_equal(batches.n_batches, (n + most - 1) / most);
    for (int epoch = 0; epoch < 3; epoch++) {
        memset(found, 0, sizeof found);
        for (int k = 0; k < batches.n_batches; k++) {
            int n_selected =
                nnp_batches_select(&batches, epoch * batches.n_batches + k, selected);
            assert_true(n_selected >= 1 && n_selected <= most);
            for (int i = 0; i < n_selected; i++) {
                assert_true(i == 0 || selected[i] > selected[i - 1]);
                found[selected[i]]++;
            }
            if (epoch == 0)
                first[k] = selected[0];
            n_different += selected[0] != first[k];
        }
        for (int s = 0; s < n; s++)
            assert_int_equal(found[s], 1);
    }
    assert_true(n_different > 0 || n / most < 3);
    nnp_batches_free(&batches);
}

static void test_epochs(void **state)
{
    (void)state;
    check(1, 1);
    check(1, 8);
    check(7, 8);
    check(8, 8);
    check(9, 8);
    check(100, 8);
    check(97, 10);
    check(50, 1);
}

/* A batch depends on its number only, not on those that were asked for before. */
static void test_order_of_calls(void **state)
{
    (void)state;
    struct nnp_batches a, b;
    int from_a[4], from_b[4];
    assert_int_equal(nnp_batches_init(&a, 30, 4, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_batches_init(&b, 30, 4, NULL), NNP_SUCCESS);
    for (int k = 39; k >= 0; k--) {
        for (int earlier = 0; earlier < k; earlier++)
            nnp_batches_select(&a, earlier, from_a);
        int n = nnp_batches_select(&a, k, from_a);
        assert_int_equal(n, nnp_batches_select(&b, k, from_b));
        assert_memory_equal(from_a, from_b, (size_t)n * sizeof *from_a);
    }
    nnp_batches_free(&a);
    nnp_batches_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_epochs),
        cmocka_unit_test(test_order_of_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
