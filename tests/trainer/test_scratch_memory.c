/* What a training with its data in a scratch file has in memory. */
#include "allocations.h"
#include "extxyz.h"
#include "input.h"
#include "morse.h"
#include "temporary.h"
#include "text.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_ATOMS = 40, N_FUNCTIONS = 16 /* of each atom */ };

static void write_data(int n_structures)
{
    struct nnp_text text = {0};
    unsigned long long random = 3;
    for (int s = 0; s < n_structures; s++) {
        struct nnp_structure structure;
        morse_structure(&structure, N_ATOMS, 0.5, &random);
        nnp_extxyz_append(&text, &structure, NULL);
        nnp_structure_free(&structure);
    }
    assert_false(text.failed);
    if (nnp_file_write("data.extxyz", text.data, text.length, NULL))
        fail();
    free(text.data);
}

/* The most bytes that are allocated while a number of structures is read and trained on. */
static double most_bytes(int n_structures, const char *more)
{
    char text[1000];
    struct trial trial = {0};
    write_data(n_structures);
    snprintf(text, sizeof text,
             "%s"
             "data: {files: data.extxyz, test_fraction: 0.1}\n"
             "elements: [Li, Au]\n"
             "symmetry_functions: {cutoff: {function: poly2, radius: 3},\n"
             "  radial: [{eta: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]}]}\n"
             "memory: 0 MB\n"
             "network: {hidden: [3]}\n"
             "starts: {number: 1}\n"
             "stages: [{energy: 1, forces: 1, iterations: 2}]\n"
             "output: {potential: out.nnp}\n",
             more);
    if (nnp_config_parse(&trial.config, "test.yaml", text, strlen(text), &trial.error))
        fail_msg("%s", trial.error.message);
    const size_t before = test_allocations.bytes;
    test_allocations.most_bytes = before;
    if (nnp_input_read(trial.config, &trial.dataset, &trial.error) || trial_run(&trial, NULL))
        fail_msg("%s", trial.error.message);
    assert_int_equal(trial.dataset.n_structures, n_structures);
    const double bytes = (double)(test_allocations.most_bytes - before);
    trial_tear_down(&trial);
    return bytes;
}

/* Bytes for each atom of a larger set. */
static double bytes_per_atom(const char *more)
{
    enum { SMALL = 100, LARGE = 400 };
    return (most_bytes(LARGE, more) - most_bytes(SMALL, more)) / ((LARGE - SMALL) * N_ATOMS);
}

/* In memory are, without scratch, positions, forces, elements and symmetry functions of all
 * atoms at least; with it at most what METHODS.md says. */
static void test_memory(void **state)
{
    (void)state;
    assert_true(bytes_per_atom("") > 52.0 + 8.0 * N_FUNCTIONS);
    assert_true(bytes_per_atom("scratch: .\n") < 30.0 + 600.0 / N_ATOMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
