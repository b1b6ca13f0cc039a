/* Potential files: what is written reads back and is written the same; damaged files are
 * refused; a file is replaced whole or not at all. */
#include "nnp/element.h"
#include "nnp/potential.h"

#include "doubles.h"
#include "random_potential.h"
#include "temporary.h"
#include "test_random.h"
#include "text.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char *copy(const char *string)
{
    char *result = nnp_text_copy(string);
    assert_non_null(result);
    return result;
}

static void set_provenance(struct nnp_provenance *provenance)
{
    provenance->title = copy("Au-Li: \"quoted\" # no comment\\");
    provenance->author = copy(" \xC3\x89mile, N\xC3\xB8rd ");
    provenance->created = copy("2024-05-06");
    provenance->program = copy("1.5");
    provenance->licence = copy("true");
    provenance->comment = copy("First line\n  second line\n\nlast line, without end, that is "
                               "longer than the width of a line of the file and so is broken");
    provenance->n_data = 2;
    provenance->data = calloc(2, sizeof *provenance->data);
    assert_non_null(provenance->data);
    provenance->data[0].file = copy("auli.extxyz");
    provenance->data[0].sha256 =
        copy("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    provenance->data[0].n_structures = 343;
    provenance->data[1].file = copy("");
    provenance->n_rmse = 2;
    provenance->rmse = calloc(2, sizeof *provenance->rmse);
    assert_non_null(provenance->rmse);
    provenance->rmse[0] = (struct nnp_rmse){copy("training"), 309, 0.01, 0.1, 1e-20};
    provenance->rmse[1] = (struct nnp_rmse){copy("test: 1"), 34, -1.0, 0.2, -1.0};
}

static struct nnp_potential *small_potential(void)
{
    const struct random_potential_options options = {
        .n_elements = 1, .n_members = 1, .with_projection = 1, .seed = 5};
    return random_potential(&options);
}

static char *formatted(const struct nnp_potential *potential)
{
    char *text;
    struct nnp_error error = {0};
    if (nnp_potential_format(potential, &text, &error))
        fail_msg("%s", error.message);
    return text;
}

static struct nnp_potential *parsed(const char *text)
{
    struct nnp_potential *potential;
    struct nnp_error error = {0};
    if (nnp_potential_parse(&potential, "p.nnp", text, strlen(text), &error))
        fail_msg("%s", error.message);
    return potential;
}

static void check_same_bytes(const struct nnp_potential *potential)
{
    char *first = formatted(potential);
    struct nnp_potential *back = parsed(first);
    char *second = formatted(back);
    assert_string_equal(second, first);
    nnp_potential_free(back);
    free(first);
    free(second);
}

static void set_method(struct nnp_potential *potential, enum nnp_scaling_method method)
{
    for (int i = 0; i < potential->n_elements; i++)
        potential->descriptors[i].scaling.method = method;
}

/* An exponential repulsion of each pair of elements, and of no other or of all. */
static void add_pairs(struct nnp_potential *potential)
{
    struct nnp_repulsion *repulsion = &potential->repulsion;
    const int n = potential->n_elements;
    *repulsion = (struct nnp_repulsion){.type = NNP_REPULSION_EXPONENTIAL};
    if (n > 1)
        *repulsion = (struct nnp_repulsion){.type = NNP_REPULSION_EXPONENTIAL,
                                            .outer = 2.0,
                                            .amplitude = 1.0 / 3.0,
                                            .decay = 0.7};
    repulsion->pairs = calloc((size_t)(n * n), sizeof *repulsion->pairs);
    assert_non_null(repulsion->pairs);
    for (int a = 0; a < n; a++)
        for (int b = a; b < n; b++)
            repulsion->pairs[repulsion->n_pairs++] = (struct nnp_repulsion_pair){
                .atomic_numbers = {potential->elements[b].atomic_number,
                                   potential->elements[a].atomic_number},
                .inner = 0.1 * a,
                .outer = 1.0 + 0.1 * b,
                .amplitude = 1e4 / (1 + a),
                .decay = 0.1 + 0.01 * b};
}

static void test_same_bytes(void **state)
{
    (void)state;
    for (int trial = 0; trial < 20; trial++) {
        const struct random_potential_options options = {.n_elements = 1 + trial % 3,
                                                         .n_members = 1 + trial % 4,
                                                         .with_narrow = 1,
                                                         .with_fractional = 1,
                                                         .with_compact = trial % 2,
                                                         .with_projection = trial % 2,
                                                         .cutoffs =
                                                             (enum random_cutoffs)(trial % 3),
                                                         .seed = (unsigned long long)trial};
        struct nnp_potential *potential = random_potential(&options);
        set_method(potential, (enum nnp_scaling_method)(trial % NNP_N_SCALING));
        potential->length_unit = trial % 2 ? NNP_BOHR : NNP_ANGSTROM;
        potential->energy_unit = trial % 3 ? NNP_HARTREE : NNP_EV;
        if (trial % 5)
            set_provenance(&potential->provenance);
        if (trial % 4 == 1)
            potential->repulsion = (struct nnp_repulsion){
                .type = NNP_REPULSION_ZBL, .inner = 0.1 * trial, .outer = 3.3};
        if (trial % 4 == 2)
            add_pairs(potential);
        check_same_bytes(potential);
        nnp_potential_free(potential);
    }
}

/* Symbols that YAML 1.1 readers take for booleans. */
static void test_symbols_like_booleans(void **state)
{
    const struct random_potential_options options = {
        .n_elements = 3, .n_members = 1, .seed = 8};
    struct nnp_potential *potential = random_potential(&options);
    (void)state;
    potential->elements[0].atomic_number = 7;   /* N */
    potential->elements[1].atomic_number = 39;  /* Y */
    potential->elements[2].atomic_number = 102; /* No */
    check_same_bytes(potential);
    nnp_potential_free(potential);
}

static void assert_same_text(const char *actual, const char *expected)
{
    assert_int_equal(!actual, !expected);
    if (expected)
        assert_string_equal(actual, expected);
}

static void assert_same_provenance(const struct nnp_provenance *a,
                                   const struct nnp_provenance *b)
{
    assert_same_text(a->title, b->title);
    assert_same_text(a->author, b->author);
    assert_same_text(a->created, b->created);
    assert_same_text(a->program, b->program);
    assert_same_text(a->licence, b->licence);
    assert_same_text(a->comment, b->comment);
    assert_int_equal(a->n_data, b->n_data);
    for (int i = 0; i < a->n_data; i++) {
        assert_same_text(a->data[i].file, b->data[i].file);
        assert_same_text(a->data[i].sha256, b->data[i].sha256);
        assert_int_equal(a->data[i].n_structures, b->data[i].n_structures);
    }
    assert_int_equal(a->n_rmse, b->n_rmse);
    for (int i = 0; i < a->n_rmse; i++) {
        assert_same_text(a->rmse[i].set, b->rmse[i].set);
        assert_int_equal(a->rmse[i].n_structures, b->rmse[i].n_structures);
        assert_double_bits_equal(a->rmse[i].energy, b->rmse[i].energy);
        assert_double_bits_equal(a->rmse[i].forces, b->rmse[i].forces);
        assert_double_bits_equal(a->rmse[i].stress, b->rmse[i].stress);
    }
}

static void assert_same_descriptor(const struct nnp_descriptor *a,
                                   const struct nnp_descriptor *b)
{
    const int n = a->n_functions, m = a->projection.n_outputs;
    assert_int_equal(n, b->n_functions);
    for (int k = 0; k < n; k++) {
        const struct nnp_symmetry *f = &a->functions[k], *g = &b->functions[k];
        assert_true(f->type == g->type && f->neighbors[0] == g->neighbors[0] &&
                    f->neighbors[1] == g->neighbors[1] && f->eta == g->eta &&
                    f->r_shift == g->r_shift && f->zeta == g->zeta && f->lambda == g->lambda);
        assert_true(f->cutoff.type == g->cutoff.type && f->cutoff.radius == g->cutoff.radius &&
                    f->cutoff.alpha == g->cutoff.alpha);
    }
    assert_int_equal(a->scaling.method, b->scaling.method);
    assert_int_equal(a->scaling.n_functions, b->scaling.n_functions);
    assert_doubles_near(a->scaling.min, b->scaling.min, n, 0.0);
    assert_doubles_near(a->scaling.max, b->scaling.max, n, 0.0);
    assert_doubles_near(a->scaling.mean, b->scaling.mean, n, 0.0);
    assert_doubles_near(a->scaling.sigma, b->scaling.sigma, n, 0.0);
    for (int k = 0; k < n; k++)
        assert_int_equal(a->scaling.through_zero[k], b->scaling.through_zero[k]);
    assert_int_equal(a->projection.n_inputs, b->projection.n_inputs);
    assert_int_equal(m, b->projection.n_outputs);
    assert_doubles_near(a->projection.offset, b->projection.offset, a->projection.n_inputs,
                        0.0);
    assert_doubles_near(a->projection.matrix, b->projection.matrix, n * m, 0.0);
}

static void assert_same_network(const struct nnp_network *a, const struct nnp_network *b)
{
    assert_int_equal(a->n_layers, b->n_layers);
    for (int l = 0; l < a->n_layers; l++) {
        const struct nnp_layer *x = &a->layers[l], *y = &b->layers[l];
        assert_int_equal(x->n_inputs, y->n_inputs);
        assert_int_equal(x->n_outputs, y->n_outputs);
        assert_int_equal(x->activation, y->activation);
        assert_doubles_near(x->weights, y->weights, x->n_inputs * x->n_outputs, 0.0);
        assert_doubles_near(x->biases, y->biases, x->n_outputs, 0.0);
    }
}

/* Not only the bytes: every number and text of the potential comes back. */
static void test_same_content(void **state)
{
    const struct random_potential_options options = {.n_elements = 2,
                                                     .n_members = 3,
                                                     .with_narrow = 1,
                                                     .with_projection = 1,
                                                     .cutoffs = RANDOM_CUTOFFS_ALL,
                                                     .seed = 11};
    struct nnp_potential *potential = random_potential(&options);
    (void)state;
    set_provenance(&potential->provenance);
    set_method(potential, NNP_SCALING_SIGMA);
    potential->energy_unit = NNP_HARTREE;
    char *text = formatted(potential);
    struct nnp_potential *back = parsed(text);
    assert_int_equal(back->length_unit, NNP_ANGSTROM);
    assert_int_equal(back->energy_unit, NNP_HARTREE);
    assert_int_equal(back->n_elements, 2);
    assert_int_equal(back->n_members, 3);
    assert_same_provenance(&back->provenance, &potential->provenance);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(back->elements[i].atomic_number, potential->elements[i].atomic_number);
        assert_double_bits_equal(back->elements[i].mass, potential->elements[i].mass);
        assert_double_bits_equal(back->elements[i].energy, potential->elements[i].energy);
        assert_same_descriptor(&back->descriptors[i], &potential->descriptors[i]);
    }
    for (int k = 0; k < 6; k++)
        assert_same_network(&back->networks[k], &potential->networks[k]);
    free(text);
    nnp_potential_free(back);
    nnp_potential_free(potential);
}

static void test_lines_are_short(void **state)
{
    const struct random_potential_options options = {.n_elements = 3,
                                                     .n_members = 1,
                                                     .with_narrow = 1,
                                                     .cutoffs = RANDOM_CUTOFFS_ALL,
                                                     .seed = 2};
    struct nnp_potential *potential = random_potential(&options);
    (void)state;
    set_provenance(&potential->provenance);
    char *text = formatted(potential);
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        if (strcspn(line, "\n") > 100)
            fail_msg("a line of %zu characters: %.120s", strcspn(line, "\n"), line);
    free(text);
    nnp_potential_free(potential);
}

static void test_questions(void **state)
{
    const struct random_potential_options options = {
        .n_elements = 2, .n_members = 1, .seed = 4};
    struct nnp_potential *potential = random_potential(&options);
    (void)state;
    assert_true(nnp_potential_cutoff(potential) == 5.0);
    potential->descriptors[1].functions[2].cutoff.radius = 8.0;
    assert_true(nnp_potential_cutoff(potential) == 8.0);
    assert_int_equal(nnp_potential_element_index(potential, 3), 0);
    assert_int_equal(nnp_potential_element_index(potential, 29), 1);
    assert_int_equal(nnp_potential_element_index(potential, 50), -1);
    assert_true(nnp_potential_length_in_angstrom(potential) == 1.0);
    assert_true(nnp_potential_energy_in_ev(potential) == 1.0);
    potential->length_unit = NNP_BOHR;
    potential->energy_unit = NNP_HARTREE;
    /* CODATA 2018 */
    assert_true(nnp_potential_length_in_angstrom(potential) == 0.529177210903);
    assert_true(nnp_potential_energy_in_ev(potential) == 27.211386245988);
    nnp_potential_free(potential);
    nnp_potential_free(NULL);
    assert_null(nnp_potential_new(0, 1));
    assert_null(nnp_potential_new(1, 0));
}

/* The example in potentials/README.md, its first block that is indented by four blanks. */
static void test_example_of_the_documentation(void **state)
{
    char *readme;
    size_t length;
    struct nnp_text example = {0};
    (void)state;
    assert_int_equal(nnp_file_read(NNP_POTENTIALS_README, &readme, &length, NULL), NNP_SUCCESS);
    for (const char *line = strstr(readme, "\n    ") + 1; !strncmp(line, "    ", 4);
         line = strchr(line, '\n') + 1)
        nnp_text_append(&example, "%.*s\n", (int)strcspn(line, "\n") - 4, line + 4);
    assert_false(example.failed);
    struct nnp_potential *potential = parsed(example.data);
    assert_int_equal(potential->n_elements, 2);
    char *text = formatted(potential);
    assert_string_equal(text, example.data);
    free(text);
    free(readme);
    free(example.data);
    nnp_potential_free(potential);
}

/* A file cut off anywhere is refused; only the line break at its very end may be missing. */
static void test_truncation(void **state)
{
    struct nnp_potential *potential = small_potential(), *back;
    char *text = formatted(potential);
    const size_t length = strlen(text);
    (void)state;
    for (size_t n = 0; n < length; n++) {
        struct nnp_error error = {0};
        const enum nnp_status status = nnp_potential_parse(&back, "cut", text, n, &error);
        if (n < length - 1) {
            if (!status)
                fail_msg("%zu of %zu bytes were taken for a whole file", n, length);
            assert_null(back);
            assert_int_equal(error.status, status);
            assert_int_equal(strncmp(error.message, "cut:", 4), 0);
        } else {
            assert_int_equal(status, NNP_SUCCESS);
            nnp_potential_free(back);
        }
    }
    free(text);
    nnp_potential_free(potential);
}

/* Whatever a damaged byte leaves, it is refused or is a valid potential. */
static void test_damaged_bytes(void **state)
{
    struct nnp_potential *potential = small_potential(), *back;
    char *text = formatted(potential);
    const size_t length = strlen(text);
    unsigned long long random = 99;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct nnp_error error = {0};
        const size_t place = (size_t)test_random(&random, 0, (double)length);
        const char old = text[place];
        text[place] = (char)(int)test_random(&random, -128, 128);
        if (nnp_potential_parse(&back, "damaged", text, length, &error)) {
            assert_null(back);
            assert_int_equal(strncmp(error.message, "damaged:", 8), 0);
        } else {
            check_same_bytes(back);
            nnp_potential_free(back);
        }
        text[place] = old;
    }
    free(text);
    nnp_potential_free(potential);
}

static void test_files(void **state)
{
    struct nnp_potential *potential = small_potential(), *back;
    struct nnp_error error;
    char *text = formatted(potential), *data;
    size_t length;
    (void)state;
    assert_int_equal(nnp_potential_write(potential, "a.nnp", &error), NNP_SUCCESS);
    assert_int_equal(nnp_file_read("a.nnp", &data, &length, &error), NNP_SUCCESS);
    assert_string_equal(data, text);
    assert_int_equal(nnp_potential_read(&back, "a.nnp", &error), NNP_SUCCESS);
    check_same_bytes(back);
    nnp_potential_free(back);
    assert_int_equal(nnp_potential_read(&back, "b.nnp", &error), NNP_ERROR_FILE);
    assert_null(back);
    assert_string_equal(error.message, "cannot open b.nnp: No such file or directory");
    assert_int_equal(nnp_potential_write(potential, "no/a.nnp", &error), NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write no/a.nnp: No such file or directory");
    free(text);
    free(data);
    remove("a.nnp");
    nnp_potential_free(potential);
}

/* Where the disk is full (here: a limit on the size of files) the old file stays. */
static void test_old_potential_survives(void **state)
{
    const struct random_potential_options options = {
        .n_elements = 2, .n_members = 1, .seed = 6};
    struct nnp_potential *small = small_potential(), *large = random_potential(&options), *back;
    struct nnp_error error;
    struct rlimit old, limit;
    (void)state;
    assert_int_equal(nnp_potential_write(small, "a.nnp", &error), NNP_SUCCESS);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = 8192;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const enum nnp_status status = nnp_potential_write(large, "a.nnp", &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write a.nnp: File too large");
    assert_int_equal(nnp_temporary_count(), 1);
    assert_int_equal(nnp_potential_read(&back, "a.nnp", &error), NNP_SUCCESS);
    remove("a.nnp");
    nnp_potential_free(back);
    nnp_potential_free(small);
    nnp_potential_free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_symbols_like_booleans),
        cmocka_unit_test(test_same_content),
        cmocka_unit_test(test_lines_are_short),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_example_of_the_documentation),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_damaged_bytes),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_old_potential_survives),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
