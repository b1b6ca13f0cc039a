/* Memory that ranks share, or that messages bring to each: run by mpiexec, on any number of
 * ranks, with and without NNP_SHARED_MEMORY=off. */
#include "shared_memory.h"
#include "turns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_ITEMS = 1000, ITEM = 3, N_ROUNDS = 200, MAX_RANKS = 64 };

static struct nnp_parallel parallel;

/* MPI's own way to meet: what all have a part in. */
static void meet(void)
{
    (void)nnp_parallel_any(&parallel, true);
}

static double number(int round, int item)
{
    return 1000.0 * round + item;
}

/* One memory where that is wished; each has its own otherwise. */
static void test_kind(void **state)
{
    (void)state;
    struct nnp_shared_memory memory;
    const char *wish = getenv("NNP_SHARED_MEMORY");
    bool off = wish && strcmp(wish, "off") == 0;
    assert_int_equal(nnp_shared_memory_init(&memory, &parallel, 10, NULL), NNP_SUCCESS);
    assert_int_equal(memory.is_one, parallel.size > 1 && !off);
    for (int k = 0; k < 10; k++)
        assert_true(memory.data[k] == 0.0);
    meet();
    memory.data[parallel.rank] = 1.0 + parallel.rank;
    meet();
    for (int r = 0; r < parallel.size && r < 10; r++)
        assert_true(memory.data[r] == (memory.is_one || r == parallel.rank ? 1.0 + r : 0.0));
    nnp_shared_memory_free(&memory);
    assert_null(memory.data);
}

/* What others wrote is there after a gathering, and is not overwritten before it was read. */
static void test_gather(void **state)
{
    (void)state;
    struct nnp_shared_memory memory;
    int first[MAX_RANKS + 1];
    for (int r = 0; r <= parallel.size; r++) /* uneven parts */
        first[r] = N_ITEMS * r * r / (parallel.size * parallel.size);
    assert_int_equal(nnp_shared_memory_init(&memory, &parallel, N_ITEMS * ITEM, NULL),
                     NNP_SUCCESS);
    for (int round = 0; round < N_ROUNDS; round++) {
        nnp_shared_memory_reuse(&memory);
        for (int i = first[parallel.rank]; i < first[parallel.rank + 1]; i++)
            for (int k = 0; k < ITEM; k++)
                memory.data[i * ITEM + k] = number(round, i);
        nnp_shared_memory_gather(&memory, first, ITEM);
        for (int i = 0; i < N_ITEMS * ITEM; i++)
            assert_true(memory.data[i] == number(round, i / ITEM));
    }
    nnp_shared_memory_free(&memory);
}

/* Each rank in turn to all, and each to the next. */
static void test_journeys(void **state)
{
    (void)state;
    struct nnp_shared_memory memory;
    const int size = parallel.size, rank = parallel.rank;
    assert_int_equal(nnp_shared_memory_init(&memory, &parallel, N_ITEMS, NULL), NNP_SUCCESS);
    for (int round = 0; round < N_ROUNDS; round++) {
        const int root = round % size, next = (root + 1) % size;
        struct nnp_shared_request request = {0};
        nnp_shared_memory_reuse(&memory);
        for (int i = 0; i < N_ITEMS / 2 && rank == root; i++)
            memory.data[i] = number(round, i);
        nnp_shared_memory_begin_broadcast(&memory, root, memory.data, N_ITEMS / 2, &request);
        nnp_shared_memory_wait(&request);
        for (int i = 0; i < N_ITEMS / 2; i++)
            assert_true(memory.data[i] == number(round, i));
        double *data = memory.data + N_ITEMS / 2;
        for (int i = 0; i < N_ITEMS / 2 && rank == root; i++)
            data[i] = number(round, -i);
        nnp_shared_memory_begin_send(&memory, root, next, data, N_ITEMS / 2, &request);
        nnp_shared_memory_wait(&request);
        for (int i = 0; i < N_ITEMS / 2 && rank == next; i++)
            assert_true(data[i] == number(round, -i));
    }
    nnp_shared_memory_free(&memory);
}

/* What a turn makes of a number shows whether any was left out, done twice, or in another
 * order. */
static double after_turn(double number, int turn)
{
    return 0.5 * number + turn + 1.0;
}

/* Own items first, then whatever is left; of some rounds the last turns are not done. */
static void test_turns(void **state)
{
    (void)state;
    enum { N = 12, N_TURNS = 7 };
    struct nnp_shared_memory memory;
    struct nnp_turns turns;
    const int size = parallel.size, rank = parallel.rank;
    assert_int_equal(nnp_shared_memory_init(&memory, &parallel, N, NULL), NNP_SUCCESS);
    nnp_turns_init(&turns, &parallel, N);
    assert_int_equal(!turns.items, !memory.is_one);
    for (int round = 0; round < N_ROUNDS && turns.items; round++) {
        const int n_turns = round % 3 == 2 ? N_TURNS / 2 : N_TURNS;
        nnp_turns_begin(&turns);
        for (int i = rank; i < N; i += size)
            memory.data[i] = i;
        nnp_shared_memory_reuse(&memory);
        for (int turn = 0; turn < n_turns; turn++)
            for (int k = 0; k < 2 * N; k++) {
                const int i = k % N;
                if ((i % size == rank) == (k >= N) || !nnp_turns_take(&turns, i, turn))
                    continue;
                memory.data[i] = after_turn(memory.data[i], turn);
                nnp_turns_finish(&turns, i, turn);
                assert_false(nnp_turns_take(&turns, i, turn));
            }
        for (int i = 0; i < N; i++) {
            double expected = i;
            for (int turn = 0; turn < n_turns; turn++)
                expected = after_turn(expected, turn);
            nnp_turns_wait(&turns, i, n_turns - 1);
            assert_true(memory.data[i] == expected);
        }
    }
    nnp_turns_free(&turns);
    nnp_shared_memory_free(&memory);
}

/* The failure is that of all ranks, which go on. */
static void test_no_memory(void **state)
{
    (void)state;
    struct nnp_shared_memory memory;
    struct nnp_error error = {0};
    assert_int_equal(
        nnp_shared_memory_init(&memory, &parallel, PTRDIFF_MAX / sizeof(double) + 1, &error),
        NNP_ERROR_MEMORY);
    assert_non_null(strstr(error.message, "no memory for 1152921504606846976 numbers"));
    assert_null(memory.data);
    meet();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kind),      cmocka_unit_test(test_gather),
        cmocka_unit_test(test_journeys),  cmocka_unit_test(test_turns),
        cmocka_unit_test(test_no_memory),
    };
    if (nnp_parallel_init(&parallel, &argc, &argv, NULL) || parallel.size > MAX_RANKS)
        return 1;
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    nnp_parallel_finalize();
    return n_failed;
}
