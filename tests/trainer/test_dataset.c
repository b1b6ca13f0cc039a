/* Data sets: checksums, reading and appending, division into training and test set. */
#include "dataset.h"
#include "sha256.h"
#include "temporary.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "abc" and the 56 letters are the examples of FIPS 180-4's validation; the others stand on
 * either side of the lengths at which padding takes one more block. */
static void test_sha256(void **state)
{
    static const struct {
        const char *text;
        const char *digest;
    } vectors[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
    };
    char digest[65];
    (void)state;
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++) {
        nnp_sha256(vectors[k].text, strlen(vectors[k].text), digest);
        assert_string_equal(digest, vectors[k].digest);
    }
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    nnp_sha256(million, 1000000, digest);
    free(million);
    assert_string_equal(digest,
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_read(void **state)
{
    static const char first[] = "1\nenergy=-1\nLi 0 0 0\n1\nenergy=-2\nAu 0 0 0\n";
    static const char second[] = "1\nenergy=-3\nLi 0 0 0\n";
    static const char *const paths[3] = {"first.xyz", "second.xyz", "bad.xyz"};
    char digest[65];
    struct nnp_dataset dataset = {0};
    struct nnp_error error;
    (void)state;
    const char *const texts[3] = {first, second, "1\nenergy=-4\nLi 0 0\n"};
    for (int f = 0; f < 3; f++)
        assert_int_equal(nnp_file_write(paths[f], texts[f], strlen(texts[f]), NULL),
                         NNP_SUCCESS);
    assert_int_equal(nnp_dataset_read(&dataset, paths[0], NULL, &error), NNP_SUCCESS);
    assert_int_equal(nnp_dataset_read(&dataset, paths[1], NULL, &error), NNP_SUCCESS);

    /* A bad file and a missing one leave what is there. */
    assert_int_equal(nnp_dataset_read(&dataset, paths[2], NULL, &error), NNP_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, ":3: found 3 columns"));
    assert_int_equal(nnp_dataset_read(&dataset, "/nowhere/to.xyz", NULL, NULL), NNP_ERROR_FILE);

    assert_int_equal(dataset.n_structures, 3);
    assert_int_equal(dataset.n_files, 2);
    assert_int_equal(dataset.files[0].n_structures, 2);
    assert_int_equal(dataset.files[1].n_structures, 1);
    for (int i = 0; i < 3; i++)
        assert_true(dataset.structures[i].energy == -1.0 - i);
    nnp_sha256(second, strlen(second), digest);
    assert_string_equal(dataset.files[1].sha256, digest);
    assert_string_equal(dataset.files[1].path, paths[1]);
    assert_string_equal(dataset.structures[2].file, paths[1]);
    nnp_dataset_free(&dataset);
    assert_null(dataset.structures);
}

static int count(const bool *flags, int n)
{
    int total = 0;
    for (int i = 0; i < n; i++)
        total += flags[i];
    return total;
}

/* Division of a data set without files or groups. */
static void split(int n, double fraction, unsigned long seed, bool *is_test)
{
    struct nnp_structure *structures = calloc((size_t)n + 1, sizeof *structures);
    const struct nnp_dataset dataset = {.n_structures = n, .structures = structures};
    const struct nnp_dataset_division division = {.fraction = fraction, .seed = seed};
    assert_int_equal(nnp_dataset_divide(&dataset, &division, is_test, NULL), NNP_SUCCESS);
    free(structures);
}

static void test_split_sizes(void **state)
{
    static const struct {
        double fraction;
        int n, n_test;
    } cases[] = {{0.1, 100, 10}, {0.0, 100, 0}, {0.01, 5, 1},   {0.1, 156, 16}, {0.5, 3, 2},
                 {0.5, 1, 0},    {0.99, 10, 9}, {0.2, 241, 48}, {0.1, 2, 1},    {0.1, 0, 0}};
    bool is_test[256];
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        split(cases[k].n, cases[k].fraction, 5, is_test);
        assert_int_equal(count(is_test, cases[k].n), cases[k].n_test);
    }
}

/* The same seed gives the same sample, on every machine; another seed another. */
static void test_split_seed(void **state)
{
    static const int sample_of_seed_1[] = {3, 6, 8, 11, 21, 75, 98, 106, 108, 167};
    bool a[200], b[200];
    (void)state;
    split(200, 0.05, 1, a);
    memset(b, true, sizeof b);
    split(200, 0.05, 1, b);
    assert_memory_equal(a, b, sizeof a);
    for (size_t k = 0; k < sizeof sample_of_seed_1 / sizeof *sample_of_seed_1; k++)
        assert_true(a[sample_of_seed_1[k]]);
    split(200, 0.05, 2, b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* Over many seeds every structure is as often in the test set as any other: 10 binomial counts
 * within five standard deviations. */
static void test_split_uniform(void **state)
{
    enum { N = 10, N_SEEDS = 4000 };
    int counts[N] = {0};
    (void)state;
    for (unsigned long seed = 0; seed < N_SEEDS; seed++) {
        bool is_test[N];
        split(N, 0.3, seed, is_test);
        for (int i = 0; i < N; i++)
            counts[i] += is_test[i];
    }
    const double deviation = 29.0; /* sqrt(4000 0.3 0.7) */
    for (int i = 0; i < N; i++)
        assert_true(counts[i] > 1200 - 5 * deviation && counts[i] < 1200 + 5 * deviation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),        cmocka_unit_test(test_read),
        cmocka_unit_test(test_split_sizes),   cmocka_unit_test(test_split_seed),
        cmocka_unit_test(test_split_uniform),
    };
    return cmocka_run_group_tests_name("dataset", tests, nnp_temporary_enter,
                                       nnp_temporary_leave);
}
