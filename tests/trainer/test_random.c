/* Random numbers: published sequences, and moments within their statistical error. */
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_DRAWS = 200000 };

/* From the authors' generators, as reproduced by independent implementations of them. */
static void test_sequence(void **state)
{
    static const uint64_t expected[] = {UINT64_C(11520),
                                        UINT64_C(0),
                                        UINT64_C(1509978240),
                                        UINT64_C(1215971899390074240),
                                        UINT64_C(1216172134540287360),
                                        UINT64_C(607988272756665600),
                                        UINT64_C(16172922978634559625),
                                        UINT64_C(8476171486693032832)};
    static const uint64_t seeded[] = {
        UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
        UINT64_C(0x06c45d188009454f), UINT64_C(0xf88bb8a8724c81ec)};
    struct nnp_random random = {{1, 2, 3, 4}};
    (void)state;
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++)
        assert_true(nnp_random_bits(&random) == expected[k]);
    nnp_random_seed(&random, 0);
    for (size_t k = 0; k < 4; k++)
        assert_true(random.state[k] == seeded[k]);
}

/* Mean 1/2 and variance 1/12, within five standard errors. */
static void test_uniform(void **state)
{
    struct nnp_random random;
    double sum = 0.0, squares = 0.0;
    (void)state;
    nnp_random_seed(&random, 1);
    for (int k = 0; k < N_DRAWS; k++) {
        double x = nnp_random_uniform(&random);
        assert_true(x >= 0.0 && x < 1.0);
        sum += x - 0.5;
        squares += (x - 0.5) * (x - 0.5);
    }
    assert_true(fabs(sum / N_DRAWS) < 5.0 * sqrt(1.0 / 12.0 / N_DRAWS));
    assert_true(fabs(squares / N_DRAWS - 1.0 / 12.0) < 5.0 * sqrt(1.0 / 180.0 / N_DRAWS));
}

/* Moments 0, 1, 0, 3 of first to fourth order; their variances are 1, 2, 15, 96. */
static void test_normal(void **state)
{
    static const double moments[] = {0.0, 1.0, 0.0, 3.0}, variances[] = {1.0, 2.0, 15.0, 96.0};
    struct nnp_random random;
    double sums[4] = {0.0};
    (void)state;
    nnp_random_seed(&random, 2);
    for (int k = 0; k < N_DRAWS; k++) {
        double x = nnp_random_normal(&random), power = 1.0;
        for (int m = 0; m < 4; m++)
            sums[m] += power *= x;
    }
    for (int m = 0; m < 4; m++)
        assert_true(fabs(sums[m] / N_DRAWS - moments[m]) < 5.0 * sqrt(variances[m] / N_DRAWS));
}

/* Every value of a small range as often as the others; the largest range leaves none out. */
static void test_below(void **state)
{
    struct nnp_random random;
    int counts[7] = {0};
    (void)state;
    nnp_random_seed(&random, 3);
    for (int k = 0; k < N_DRAWS; k++)
        counts[nnp_random_below(&random, 7)]++;
    for (int k = 0; k < 7; k++)
        assert_true(fabs(counts[k] - N_DRAWS / 7.0) < 5.0 * sqrt(N_DRAWS * 6.0 / 49.0));
    for (int k = 0; k < 100; k++) {
        assert_true(nnp_random_below(&random, 1) == 0);
        assert_true(nnp_random_below(&random, UINT64_MAX) < UINT64_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_normal),
        cmocka_unit_test(test_below),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
