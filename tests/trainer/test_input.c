/* Data as a configuration names them: files and patterns, units, weights, groups, the test set;
 * and duplicates among structures. */
#include "config.h"
#include "duplicates.h"
#include "input.h"
#include "random.h"
#include "temporary.h"
#include "text.h"
#include "units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

static void write_text(const char *name, const char *text)
{
    assert_int_equal(nnp_file_write(name, text, strlen(text), NULL), NNP_SUCCESS);
}

/* N clusters of one group with keys; positions differ. */
static void write_frames(const char *name, int n, const char *keys)
{
    struct nnp_text text = {0};
    static int number;
    for (int i = 0; i < n; i++)
        nnp_text_append(&text, "2\nenergy=-1 %s\nLi 0 0 0\nLi 2.%03d 0 0\n", keys, number++);
    write_text(name, text.data);
    free(text.data);
}

static int set_up(void **state)
{
    if (nnp_temporary_enter(state))
        return 1;
    write_frames("a1.xyz", 20, "config_type=a");
    write_frames("a2.xyz", 10, "config_type=a set=test");
    write_frames("b.xyz", 10, "config_type=b");
    write_frames("plain.xyz", 5, "set=train");
    write_text("n.data", "begin set=test\natom 0 0 0 Li 0 0 0 0 0\natom 4 0 0 Li 0 0 0 0 0\n"
                         "energy 2\nend\n");
    return 0;
}

struct input {
    struct nnp_config *config;
    struct nnp_dataset dataset;
    bool is_test[64];
    enum nnp_status status;
    struct nnp_error error;
};

static struct input *read_input(const char *data)
{
    static const char path[] = "./c.yaml";
    struct nnp_text text = {0};
    struct input *input = calloc(1, sizeof *input);
    nnp_text_append(&text,
                    "data: %s\nelements: Li\nsymmetry_functions: {radial: [{eta: 1, cutoff: "
                    "{radius: 5}}]}\noutput: {potential: p.nnp}\n",
                    data);
    input->status =
        nnp_config_parse(&input->config, path, text.data, text.length, &input->error);
    free(text.data);
    if (!input->status)
        input->status = nnp_input_read(input->config, &input->dataset, &input->error);
    if (!input->status)
        input->status =
            nnp_input_divide(input->config, &input->dataset, input->is_test, &input->error);
    return input;
}

static struct input *read_good(const char *data)
{
    struct input *input = read_input(data);
    if (input->status)
        fail_msg("%s: %s", data, input->error.message);
    return input;
}

static void free_input(struct input *input)
{
    nnp_config_free(input->config);
    nnp_dataset_free(&input->dataset);
    free(input);
}

static int count_tests(const struct input *input, const char *group)
{
    int n = 0;
    for (int s = 0; s < input->dataset.n_structures; s++) {
        const char *of = input->dataset.structures[s].group;
        n += input->is_test[s] && (!group || (of && strcmp(of, group) == 0));
    }
    return n;
}

static void test_patterns(void **state)
{
    (void)state;
    struct input *input = read_good("{files: ['a*.xyz', b.xyz]}");
    assert_int_equal(input->config->n_data_files, 3);
    assert_int_equal(input->dataset.n_structures, 40);
    assert_non_null(strstr(input->config->data_files[0], "/a1.xyz"));
    assert_non_null(strstr(input->config->data_files[1], "/a2.xyz"));
    assert_int_equal(count_tests(input, NULL), 4);
    free_input(input);

    input = read_input("{files: [a1.xyz, 'a*.xyz']}");
    assert_int_equal(input->status, NNP_ERROR_INCONSISTENT);
    assert_non_null(strstr(input->error.message, "a1.xyz' twice"));
    free_input(input);
}

/* Weights of file and group multiply; units and groups are those of the file's item. */
static void test_weights_and_units(void **state)
{
    (void)state;
    struct input *input =
        read_good("{files: [{file: b.xyz, weights: {energy: 2, stress: 0}}, plain.xyz, {file: "
                  "n.data, length: bohr, energy: Ha, config_type: dimer}],\n"
                  "  weights: {b: {energy: 3, forces: 0.5}, dimer: {forces: 7}}}");
    const struct nnp_structure *structures = input->dataset.structures;
    struct nnp_structure_weights weights = nnp_structure_weights(&structures[0]);
    assert_true(weights.energy == 6.0 && weights.forces == 0.5 && weights.stress == 0.0);
    weights = nnp_structure_weights(&structures[10]);
    assert_true(weights.energy == 1.0 && weights.forces == 1.0 && weights.stress == 1.0);
    const struct nnp_structure *dimer = &structures[15];
    assert_string_equal(dimer->group, "dimer");
    assert_string_equal(dimer->info, "set=test");
    assert_true(nnp_structure_weights(dimer).forces == 7.0);
    assert_true(fabs(dimer->energy - 2.0 * NNP_HARTREE) < 1e-12);
    assert_true(fabs(dimer->positions[3] - 4.0 * NNP_BOHR) < 1e-12);
    free_input(input);

    const struct nnp_structure unweighted = {0};
    weights = nnp_structure_weights(&unweighted);
    assert_true(weights.energy == 1.0 && weights.forces == 1.0 && weights.stress == 1.0);
}

/* Each rule alone leaves nothing to chance; with a fraction that is of the rest. */
static void test_division(void **state)
{
    (void)state;
    struct input *input = read_good("{files: 'a*.xyz', test_files: [b.xyz]}");
    assert_int_equal(count_tests(input, NULL), 10);
    assert_int_equal(count_tests(input, "b"), 10);
    free_input(input);

    input = read_good("{files: [a1.xyz, a2.xyz, plain.xyz, n.data], test_key: set}");
    assert_int_equal(count_tests(input, NULL), 11);
    for (int s = 20; s < 30; s++)
        assert_true(input->is_test[s]);
    assert_true(input->is_test[35]);
    free_input(input);

    input = read_good("{files: ['*.xyz'], test_key: set=train}");
    assert_int_equal(count_tests(input, NULL), 5);
    free_input(input);

    input = read_good("{files: ['*.xyz'], leave_out: b, test_fraction: 0.2}");
    assert_int_equal(count_tests(input, "b"), 10);
    assert_int_equal(count_tests(input, NULL), 10 + 7);
    free_input(input);
}

/* Of groups of 30, 10 and 5 a tenth each, in all as much as without groups. */
static void test_stratified(void **state)
{
    (void)state;
    for (int seed = 0; seed < 10; seed++) {
        char data[128];
        snprintf(data, sizeof data,
                 "{files: ['*.xyz'], stratify: true, test_fraction: 0.2, seed: %d}", seed);
        struct input *input = read_good(data);
        assert_int_equal(count_tests(input, "a"), 6);
        assert_int_equal(count_tests(input, "b"), 2);
        assert_int_equal(count_tests(input, NULL), 9);
        free_input(input);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *data, *words;
    } cases[] = {
        {"{files: b.xyz, weights: {c: {energy: 1}}}", "weights names the group 'c'"},
        {"{files: b.xyz, leave_out: [b, c]}", "leave_out names the group 'c'"},
        {"{files: b.xyz, test_key: set}", "test_key is set=test, which no structure"},
        {"{files: [{file: b.xyz, length: bohr}]}", "its format (extxyz) are fixed"},
        {"{files: [{file: b.xyz, format: n2p2}]}", "expected 'begin'"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct input *input = read_input(cases[k].data);
        assert_true(input->status != NNP_SUCCESS);
        if (!strstr(input->error.message, cases[k].words))
            fail_msg("'%s', expected '%s'", input->error.message, cases[k].words);
        free_input(input);
    }
}

/* ---- Duplicates ---- */

/* Six atoms of two elements in a skewed cell; number tells one from another. */
static void make_structure(struct nnp_structure *structure, int number)
{
    static const double vectors[3][3] = {{4.1, 0, 0}, {0.7, 5.2, 0}, {0.3, -0.4, 6.3}};
    memset(structure, 0, sizeof *structure);
    assert_true(nnp_structure_allocate(structure, 6, false));
    memcpy(structure->cell.vectors, vectors, sizeof vectors);
    for (int i = 0; i < 6; i++) {
        structure->atomic_numbers[i] = i % 3 == 0 ? 79 : 3;
        structure->cell.periodic[i % 3] = true;
        for (int x = 0; x < 3; x++)
            structure->positions[3 * i + x] = fmod(1.7 * i * (x + 1) + 0.9 * x * x, 4.0) +
                                              0.1 * sin(number + 7.0 * i + 3.0 * x);
    }
}

/* The same in another order, moved, and some atoms in other cells. */
static void disguise(struct nnp_structure *structure, double noise)
{
    struct nnp_structure from = *structure;
    assert_true(nnp_structure_allocate(structure, 6, false));
    for (int i = 0; i < 6; i++) {
        int j = (5 * i + 2) % 6;
        structure->atomic_numbers[i] = from.atomic_numbers[j];
        for (int x = 0; x < 3; x++) {
            double *r = &structure->positions[3 * i + x];
            *r = from.positions[3 * j + x] + 0.37 * (x + 1) + noise * sin(11.0 * i + x);
            for (int a = 0; a < 3 && from.cell.periodic[0]; a++)
                *r += ((i + a) % 3 - 1) * from.cell.vectors[a][x];
        }
    }
    free(from.atomic_numbers);
    free(from.positions);
}

static void test_duplicates(void **state)
{
    enum { N = 40 };
    struct nnp_structure structures[N];
    const struct nnp_dataset dataset = {.n_structures = N, .structures = structures};
    int same_as[N];
    bool is_test[N] = {false};
    (void)state;
    for (int s = 0; s < N; s++) {
        make_structure(&structures[s], s % 10 == 7 ? 7 : s); /* 17, 27 and 37 are 7 again */
        for (int a = 0; a < 3; a++)
            structures[s].cell.periodic[a] = s != 37 && (s < 20 || s == 27);
    }
    disguise(&structures[17], 1e-4);
    disguise(&structures[27], 1e-2); /* too far */
    disguise(&structures[37], 1e-4); /* a cluster, which is another structure */
    structures[3].atomic_numbers[0] = 3;
    nnp_structure_free(&structures[30]);
    make_structure(&structures[30], 29); /* clusters */
    memset(structures[30].cell.periodic, false, sizeof structures[30].cell.periodic);
    disguise(&structures[30], 0.0);
    is_test[30] = true;
    assert_int_equal(nnp_duplicates_find(&dataset, 1e-3, same_as, NULL), NNP_SUCCESS);
    for (int s = 0; s < N; s++)
        assert_int_equal(same_as[s], s == 17 ? 7 : s == 30 ? 29 : -1);
    struct nnp_duplicates_count count = nnp_duplicates_count(N, same_as, is_test);
    assert_true(count.n == 2 && count.first == 17 && count.n_across == 1);
    assert_int_equal(nnp_duplicates_find(&dataset, 0.04, same_as, NULL), NNP_SUCCESS);
    assert_int_equal(same_as[27], 7);
    for (int s = 0; s < N; s++)
        nnp_structure_free(&structures[s]);
}

/* Of a run at one volume: one cell, random positions; every 50th structure is the one before
 * it. Returns the processor time of the search. */
static double search_many(int n)
{
    struct nnp_structure *structures = calloc((size_t)n, sizeof *structures);
    int *same_as = calloc((size_t)n, sizeof *same_as);
    const struct nnp_dataset dataset = {.n_structures = n, .structures = structures};
    struct nnp_random random;
    nnp_random_seed(&random, 1);
    for (int s = 0; s < n; s++) {
        struct nnp_structure *structure = &structures[s];
        assert_true(nnp_structure_allocate(structure, 4, false));
        for (int a = 0; a < 3; a++) {
            structure->cell.vectors[a][a] = 5.0 + a;
            structure->cell.periodic[a] = true;
        }
        for (int i = 0; i < 12; i++)
            structure->positions[i] = s % 50 == 49 ? structures[s - 1].positions[i]
                                                   : 5.0 * nnp_random_uniform(&random);
        for (int i = 0; i < 4; i++)
            structure->atomic_numbers[i] = 3;
    }
    clock_t begin = clock();
    assert_int_equal(nnp_duplicates_find(&dataset, 1e-3, same_as, NULL), NNP_SUCCESS);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    for (int s = 0; s < n; s++) {
        assert_int_equal(same_as[s], s % 50 == 49 ? s - 1 : -1);
        nnp_structure_free(&structures[s]);
    }
    free(structures);
    free(same_as);
    return seconds;
}

/* Eight times the structures take less than 24 times as long; comparing all pairs takes 64. */
static void test_many(void **state)
{
    (void)state;
    double few = search_many(6250), many = search_many(50000);
    for (int repeat = 0; repeat < 2 && many > 24.0 * few; repeat++) {
        few = fmax(few, search_many(6250)); /* a busy machine */
        many = fmin(many, search_many(50000));
    }
    assert_true(many <= 24.0 * few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_weights_and_units),
        cmocka_unit_test(test_division), cmocka_unit_test(test_stratified),
        cmocka_unit_test(test_refused),  cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests_name("input", tests, set_up, nnp_temporary_leave);
}
