/* Other codes' potentials where memory runs out: the k-th allocation fails, for every k. Linked
 * with wrapped allocations. */
#include "allocations.h"
#include "nnp/formats.h"
#include "temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const paths[] = {"other_codes/n2p2_types",
                                    "other_codes/n2p2_normalised",
                                    "other_codes/maise_2/model",
                                    "other_codes/hdnnp/coeff",
                                    "other_codes/simple_nn/potential_saved",
                                    "other_codes/aenet",
                                    "aenet/chebyshev-2",
                                    "n2p2/habits"};

/* A failure is a failure, whichever the allocation, and leaves nothing behind. */
static void test_read(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof paths / sizeof *paths; n++) {
        char path[4096] = NNP_TEST_DATA "/";
        strcat(path, paths[n]);
        const long before = test_allocations.n_live;
        enum nnp_status status;
        long k = 0;
        do {
            struct nnp_potential *potential;
            struct nnp_error error;
            fail_after(k++);
            status = nnp_potential_read(&potential, path, &error);
            assert_int_equal(status != NNP_SUCCESS, fail_never());
            assert_int_equal(potential == NULL, status != NNP_SUCCESS);
            nnp_potential_free(potential);
            assert_int_equal(test_allocations.n_live, before);
        } while (status);
        assert_true(k > 20);
    }
}

/* Nothing is written unless there is memory for all of it. */
static void test_write(void **state)
{
    struct nnp_potential *potential;
    enum nnp_status status;
    long k = 0;
    (void)state;
    assert_int_equal(
        nnp_potential_read(&potential, NNP_TEST_DATA "/other_codes/n2p2_types", NULL),
        NNP_SUCCESS);
    const long before = test_allocations.n_live;
    do {
        fail_after(k++);
        status = nnp_potential_write_n2p2(potential, "no_such_folder/out", NULL);
        assert_int_equal(status, fail_never() ? NNP_ERROR_MEMORY : NNP_ERROR_FILE);
        assert_int_equal(test_allocations.n_live, before);
    } while (status == NNP_ERROR_MEMORY);
    assert_true(k > 10);
    nnp_potential_free(potential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
