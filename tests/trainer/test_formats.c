/* All formats: how they are told apart, and what holds for each of their readers. */
#include "dataset.h"
#include "format_test.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct sample {
    const char *format, *file;
    int n_structures, n_left_out;
} samples[] = {
    {"extxyz", "frames.xyz", 2, 0}, {"n2p2", "input.data", 2, 0},
    {"outcar", "OUTCAR", 2, 2},     {"vasprun", "vasprun.xml", 1, 1},
    {"pwscf", "relax.pwo", 2, 2},   {"dump", "run.lammpstrj", 2, 1},
};
enum { N_SAMPLES = sizeof samples / sizeof *samples };

static void test_recognised(void **state)
{
    (void)state;
    for (int k = 0; k < N_SAMPLES; k++) {
        char *text = edit_sample(samples[k].file, "\n", "\n");
        const struct nnp_format *format = nnp_format_recognise("any", text, strlen(text));
        assert_non_null(format);
        assert_string_equal(format->name, samples[k].format);
        format = nnp_format_by_file_name(samples[k].file);
        assert_non_null(format);
        assert_string_equal(format->name, samples[k].format);
        free(text);
    }
    assert_null(nnp_format_recognise("folder.xyz/any", "hello\n", 6));
    assert_string_equal(nnp_format_recognise("a/b.xyz", "hello\n", 6)->name, "extxyz");
    assert_null(nnp_format_by_name("xyz"));
}

static void test_every_format_has_a_sample(void **state)
{
    (void)state;
    for (int f = 0; nnp_format_at(f); f++) {
        int k = 0;
        while (k < N_SAMPLES && strcmp(samples[k].format, nnp_format_at(f)->name) != 0)
            k++;
        assert_true(k < N_SAMPLES);
    }
    assert_null(nnp_format_at(-1));
}

static void test_dataset(void **state)
{
    struct nnp_dataset dataset = {0};
    int n = 0;
    (void)state;
    for (int k = 0; k < N_SAMPLES; k++) {
        char path[512];
        struct nnp_error error;
        snprintf(path, sizeof path, "%s/formats/%s", NNP_TEST_DATA, samples[k].file);
        if (nnp_dataset_read(&dataset, path, NULL, &error))
            fail_msg("%s", error.message);
        n += samples[k].n_structures;
        assert_int_equal(dataset.n_structures, n);
        assert_int_equal(dataset.files[k].n_structures, samples[k].n_structures);
        assert_int_equal(dataset.files[k].n_left_out, samples[k].n_left_out);
        assert_true((dataset.files[k].note != NULL) == (samples[k].n_left_out > 0));
    }
    nnp_dataset_free(&dataset);
}

static void test_unknown(void **state)
{
    struct nnp_dataset dataset = {0};
    struct nnp_error error;
    const struct nnp_dataset_options options = {
        nnp_format_by_name("n2p2"), {1.0, 1.0}, 0, NULL, NULL};
    char path[512];
    (void)state;
    snprintf(path, sizeof path, "%s/n2p2/wide-binary/input.nn", NNP_TEST_DATA);
    assert_int_equal(nnp_dataset_read(&dataset, path, NULL, &error), NNP_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, ":1: found a text of unknown format, expected one"));
    assert_int_equal(nnp_dataset_read(&dataset, path, &options, &error), NNP_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, "expected 'begin'"));
    assert_null(dataset.structures);
}

/* A file cut short anywhere is refused or has no more structures; it never does harm. */
static void test_truncated(void **state)
{
    (void)state;
    for (int k = 0; k < N_SAMPLES; k++) {
        char *text = edit_sample(samples[k].file, "\n", "\n");
        /* What is left out of the whole may be a structure without forces when cut before them.
         */
        const int most = samples[k].n_structures + samples[k].n_left_out;
        for (size_t length = 0; length < strlen(text); length++) {
            char *part = malloc(length + 1); /* so that a sanitizer sees what is read behind */
            memcpy(part, text, length);
            const struct nnp_format_input input = {"f", part, length, {1.0, 1.0}, 0, NULL};
            struct nnp_frames frames = {0};
            enum nnp_status status =
                nnp_format_by_name(samples[k].format)->parse(&input, &frames, NULL);
            assert_true(status || (frames.n > 0 && frames.n <= most));
            nnp_frames_free(&frames);
            free(part);
        }
        free(text);
    }
}

static void test_units(void **state)
{
    double value = 0.0;
    (void)state;
    assert_true(nnp_length_unit("angstrom", &value) && value == 1.0);
    assert_true(nnp_length_unit("Bohr", &value) && value == NNP_BOHR);
    assert_true(nnp_energy_unit("eV", &value) && value == 1.0);
    assert_true(nnp_energy_unit("Ha", &value) && value == NNP_HARTREE);
    assert_true(nnp_energy_unit("Ry", &value) && value == NNP_RYDBERG);
    assert_false(nnp_length_unit("m", &value));
    assert_false(nnp_energy_unit("J", &value));
    assert_true(value == NNP_RYDBERG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recognised), cmocka_unit_test(test_every_format_has_a_sample),
        cmocka_unit_test(test_dataset),    cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_truncated),  cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
