/* Other codes' potentials: results by their own definitions (tests/data/other_codes, whose
 * make.py evaluates on its own) and of their own programs (the shared folder, where it is
 * there); conversions; what is refused. */
#include "dataset.h"
#include "nnp/evaluate.h"
#include "nnp/formats.h"
#include "temporary.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_PATH = 4096 };

static const struct {
    const char *kind, *path, *program;
} cases[] = {
    {"n2p2", "n2p2_types", "n2p2 or RuNNer"},
    {"n2p2", "n2p2_normalised", "n2p2 or RuNNer"},
    {"maise", "maise_1/model", "maise.0.0.00"},
    {"maise", "maise_2/model", "maise.0.0.00"},
    {"maise", "maise_3/model", "maise.0.0.00"},
    {"simple-nn", "simple_nn/potential_saved", "SIMPLE-NN"},
    {"hdnnp", "hdnnp/coeff", "HDNNP-LAMMPS"},
    {"aenet", "aenet", "aenet"},
};

enum { N_CASES = sizeof cases / sizeof *cases };

static struct nnp_potential *read_potential(const char *path)
{
    struct nnp_potential *potential;
    struct nnp_error error = {0};
    if (nnp_potential_read(&potential, path, &error))
        fail_msg("%s", error.message);
    return potential;
}

static void case_path(char path[MAX_PATH], int k, const char *file)
{
    snprintf(path, MAX_PATH, "%s/other_codes/%s", NNP_TEST_DATA, cases[k].path);
    if (!file)
        return;
    char *slash = strrchr(path, '/');
    if (strchr(cases[k].path, '/'))
        *slash = '\0';
    const size_t length = strlen(path);
    snprintf(path + length, MAX_PATH - length, "/%s", file);
}

/* ---- Results ---- */

struct tolerance {
    double energy, force, stress;
};

static void assert_near(const char *file, const char *what, double a, double b,
                        double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%s: %s is %.15g, expected %.15g", file, what, a, b);
}

static void compare_structure(struct nnp_evaluator *evaluator,
                              const struct nnp_structure *structure,
                              const struct tolerance *tolerance)
{
    double *forces = calloc(3 * (size_t)structure->n_atoms, sizeof *forces), stress[6];
    struct nnp_structure_results results = {.forces = forces, .stress = stress};
    struct nnp_error error = {0};
    assert_non_null(forces);
    if (nnp_evaluate_structure(evaluator, &structure->cell, structure->n_atoms,
                               structure->atomic_numbers, structure->positions, &results,
                               &error))
        fail_msg("%s: %s", structure->file, error.message);
    assert_near(structure->file, "energy", results.energy, structure->energy,
                tolerance->energy);
    assert_true(structure->has_forces);
    for (int i = 0; i < 3 * structure->n_atoms; i++)
        assert_near(structure->file, "force", forces[i], structure->forces[i],
                    tolerance->force);
    for (int i = 0; structure->has_stress && i < 6; i++)
        assert_near(structure->file, "stress", stress[i], structure->stress[i],
                    tolerance->stress);
    free(forces);
}

static void compare(const char *potential_path, const char *structures,
                    const struct tolerance *tolerance)
{
    struct nnp_dataset dataset = {0};
    struct nnp_evaluator *evaluator;
    struct nnp_error error = {0};
    struct nnp_potential *potential = read_potential(potential_path);
    assert_int_equal(nnp_evaluator_create(&evaluator, potential, NULL, NULL), NNP_SUCCESS);
    if (nnp_dataset_read(&dataset, structures, NULL, &error))
        fail_msg("%s", error.message);
    assert_true(dataset.n_structures > 0);
    for (int s = 0; s < dataset.n_structures; s++)
        compare_structure(evaluator, &dataset.structures[s], tolerance);
    nnp_dataset_free(&dataset);
    nnp_evaluator_free(evaluator);
    nnp_potential_free(potential);
}

/* Energies are printed with 12 decimals; forces and stresses are differences of sixth order of
 * energies of up to 100 eV, which have a rounding of 1e-14, by steps of 2e-4. */
static void test_definitions(void **state)
{
    static const struct tolerance tolerance = {1e-11, 1e-9, 1e-9};
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        static const char *const structures[] = {"cell.xyz", "cluster.xyz"};
        for (int s = 0; s < 2; s++) {
            char path[MAX_PATH], structure[MAX_PATH];
            case_path(path, k, NULL);
            case_path(structure, k, structures[s]);
            compare(path, structure, &tolerance);
        }
    }
}

static const char *shared_folder(void)
{
    const char *shared = getenv("NNP_SHARED_DIR");
    struct stat info;
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/reference/maise", shared ? shared : "");
    if (!shared || stat(path, &info) != 0)
        skip();
    return shared;
}

/* n2p2's own numbers (commit 61daa0df, by its library): all types, cutoff functions, scalings
 * and activations, and input.nn as people write it.  Each file holds a cell that is larger than
 * the cutoff, a smaller one and a cluster; for the smaller one n2p2 evaluated 2 x 2 x 2 cells,
 * as its forces are wrong where an atom sees its own images (its energies are not).
 *
 * The numbers have 16 digits, and n2p2 sums in another order: up to 40 eV, and functions of
 * order 1000, with rounding of 1e-16 each. */
static const char *const n2p2_folders[] = {"cutoff-0", "cutoff-1", "cutoff-2", "cutoff-3",
                                           "cutoff-4", "cutoff-5", "cutoff-6", "cutoff-7",
                                           "cutoff-8", "habits"};

enum { N_N2P2_FOLDERS = sizeof n2p2_folders / sizeof *n2p2_folders };

static void test_n2p2(void **state)
{
    static const struct tolerance tolerance = {1e-12, 1e-12, 0.0};
    (void)state;
    for (int k = 0; k < N_N2P2_FOLDERS; k++) {
        char path[MAX_PATH], structures[MAX_PATH];
        snprintf(path, sizeof path, "%s/n2p2/%s", NNP_TEST_DATA, n2p2_folders[k]);
        snprintf(structures, sizeof structures, "%s/n2p2/%s/structures.xyz", NNP_TEST_DATA,
                 n2p2_folders[k]);
        compare(path, structures, &tolerance);
    }
}

/* aenet's own numbers (version 2.0.4, predict.x made to print all digits) for binary networks:
 * of one to four elements, listed by two of them in different orders.  Up to 120 eV. */
static const char *const aenet_folders[] = {"behler", "chebyshev-1", "chebyshev-2",
                                            "chebyshev-3", "chebyshev-4"};

enum { N_AENET_FOLDERS = sizeof aenet_folders / sizeof *aenet_folders };

static void test_aenet(void **state)
{
    static const struct tolerance tolerance = {1e-12, 1e-13, 0.0};
    (void)state;
    for (int k = 0; k < N_AENET_FOLDERS; k++) {
        char path[MAX_PATH], structures[MAX_PATH + 20];
        snprintf(path, sizeof path, "%s/aenet/%s", NNP_TEST_DATA, aenet_folders[k]);
        snprintf(structures, sizeof structures, "%s/structures.xyz", path);
        assert_string_equal(nnp_potential_recognise(path)->name, "aenet");
        compare(path, structures, &tolerance);
    }
}

/* MAISE's own numbers: forces with six decimals, stresses with nine, of pressures that it
 * prints with fewer. */
static void test_maise(void **state)
{
    static const struct tolerance tolerance = {1e-8, 1e-6, 1e-7};
    static const char *const runs[][2] = {{"nn_Li_d3_v0", "Li_bcc"},
                                          {"nn_LiSn_d3_v0", "Li14Sn13"},
                                          {"nn_LiSn_d3_v0", "LiSn_B2"},
                                          {"nn_LiSn_d3_v0", "Li3Sn_DO3"}};
    const char *shared = shared_folder();
    (void)state;
    for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) {
        char path[MAX_PATH], structure[MAX_PATH];
        snprintf(path, sizeof path, "%s/reference/maise/%s", shared, runs[k][0]);
        snprintf(structure, sizeof structure, "%s/reference/maise/%s.extxyz", shared,
                 runs[k][1]);
        compare(path, structure, &tolerance);
    }
}

/* SIMPLE-NN's own numbers, from pair_style nn: energy, forces and pressure in bar, for
 * positions of ten digits.  Its forces differ from the derivatives of its energy by up to
 * 1.4e-7.  The whitened components of this model make errors of symmetry functions a million
 * times larger, which makes it a test of the vector kernels, too. */
static void test_simple_nn(void **state)
{
    static const struct tolerance tolerance = {1e-8, 1e-6, 1e-7};
    static const struct nnp_evaluator_options options_of[2] = {
        {.kernels = NNP_KERNELS_AUTO}, {.kernels = NNP_KERNELS_REFERENCE}};
    static const int types[] = {14, 8};
    static const double energy = -556.287086886913, bar = 1.6021765e6;
    static const double pressure[6] = {36789.3784991, 32185.9870913,  52751.8308281,
                                       7848.40521013, -10781.2640364, -13475.708578};
    const struct nnp_dataset_options options = {
        .units = {1.0, 1.0}, .types = types, .n_types = 2};
    const char *shared = shared_folder();
    char path[MAX_PATH];
    struct nnp_evaluator *evaluator;
    struct nnp_dataset dataset = {0};
    struct nnp_error error = {0};
    (void)state;
    snprintf(path, sizeof path, "%s/reference/simple-nn/potential_saved", shared);
    struct nnp_potential *potential = read_potential(path);
    snprintf(path, sizeof path, "%s/reference/simple-nn/forces.dump", shared);
    if (nnp_dataset_read(&dataset, path, &options, &error))
        fail_msg("%s", error.message);
    struct nnp_structure *structure = &dataset.structures[0];
    structure->energy = energy;
    structure->has_stress = true;
    for (int k = 0; k < 6; k++)
        structure->stress[k] = -pressure[k] / bar;
    for (int k = 0; k < 2; k++) {
        assert_int_equal(nnp_evaluator_create(&evaluator, potential, &options_of[k], NULL),
                         NNP_SUCCESS);
        compare_structure(evaluator, structure, &tolerance);
        nnp_evaluator_free(evaluator);
    }
    nnp_dataset_free(&dataset);
    nnp_potential_free(potential);
}

/* ---- Recognition and conversion ---- */

static void test_kinds(void **state)
{
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        char path[MAX_PATH];
        case_path(path, k, NULL);
        const struct nnp_potential_kind *kind = nnp_potential_recognise(path);
        assert_non_null(kind);
        assert_string_equal(kind->name, cases[k].kind);
        struct nnp_potential *potential = read_potential(path);
        assert_string_equal(potential->provenance.program, cases[k].program);
        nnp_potential_free(potential);
    }
    assert_null(nnp_potential_recognise(NNP_TEST_DATA "/other_codes/aenet/cell.xyz"));
    assert_null(nnp_potential_recognise("no_such_file"));
}

static char *format(const struct nnp_potential *potential)
{
    char *text;
    assert_int_equal(nnp_potential_format(potential, &text, NULL), NNP_SUCCESS);
    return text;
}

/* Energies and forces of a file's first structure, which the caller frees. */
static double *evaluate_first(const struct nnp_potential *potential, const char *structures,
                              size_t *n)
{
    struct nnp_dataset dataset = {0};
    struct nnp_evaluator *evaluator;
    struct nnp_error error = {0};
    if (nnp_dataset_read(&dataset, structures, NULL, &error))
        fail_msg("%s", error.message);
    const struct nnp_structure *s = &dataset.structures[0];
    *n = 3 * (size_t)s->n_atoms + 1;
    double *values = calloc(*n, sizeof *values);
    struct nnp_structure_results results = {.forces = values + 1};
    assert_non_null(values);
    assert_int_equal(nnp_evaluator_create(&evaluator, potential, NULL, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_evaluate_structure(evaluator, &s->cell, s->n_atoms, s->atomic_numbers,
                                            s->positions, &results, NULL),
                     NNP_SUCCESS);
    values[0] = results.energy;
    nnp_evaluator_free(evaluator);
    nnp_dataset_free(&dataset);
    return values;
}

static void assert_same_bits(const struct nnp_potential *a, const struct nnp_potential *b,
                             const char *structures)
{
    size_t n, n_other;
    double *first = evaluate_first(a, structures, &n);
    double *second = evaluate_first(b, structures, &n_other);
    assert_int_equal(n, n_other);
    assert_memory_equal(first, second, n * sizeof *first);
    free(first);
    free(second);
}

/* A potential read directly and its conversion hold the same numbers and give the same bits. */
static void test_conversion(void **state)
{
    (void)state;
    for (int k = 0; k < N_CASES + N_N2P2_FOLDERS + N_AENET_FOLDERS; k++) {
        char path[MAX_PATH], structures[MAX_PATH + 20], *text;
        size_t length;
        if (k < N_CASES) {
            case_path(path, k, NULL);
            case_path(structures, k, "cell.xyz");
        } else {
            const int n = k - N_CASES;
            snprintf(path, sizeof path, "%s/%s/%s", NNP_TEST_DATA,
                     n < N_N2P2_FOLDERS ? "n2p2" : "aenet",
                     n < N_N2P2_FOLDERS ? n2p2_folders[n] : aenet_folders[n - N_N2P2_FOLDERS]);
            snprintf(structures, sizeof structures, "%s/structures.xyz", path);
        }
        struct nnp_potential *direct = read_potential(path);
        assert_int_equal(nnp_potential_write(direct, "converted.nnp", NULL), NNP_SUCCESS);
        struct nnp_potential *converted = read_potential("converted.nnp");
        char *first = format(direct), *second = format(converted);
        assert_string_equal(first, second);
        assert_int_equal(nnp_potential_text(path, &text, &length, NULL), NNP_SUCCESS);
        assert_int_equal(length, strlen(first));
        assert_string_equal(text, first);
        assert_same_bits(direct, converted, structures);
        for (int e = 0; e < direct->n_elements; e++) {
            const int n = nnp_network_n_parameters(&direct->networks[e]);
            double *a = malloc(2 * (size_t)n * sizeof *a), *b = a + n;
            assert_non_null(a);
            nnp_network_get_parameters(&direct->networks[e], a);
            nnp_network_get_parameters(&converted->networks[e], b);
            assert_memory_equal(a, b, (size_t)n * sizeof *a);
            free(a);
        }
        free(text);
        free(first);
        free(second);
        nnp_potential_free(direct);
        nnp_potential_free(converted);
    }
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    char file[MAX_PATH];
    if (!folder)
        return;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        unlink(file);
    }
    closedir(folder);
    rmdir(path);
}

/* Without its provenance, which n2p2's format keeps as comments. */
static char *format_numbers(struct nnp_potential *potential)
{
    struct nnp_provenance kept = potential->provenance;
    potential->provenance = (struct nnp_provenance){0};
    char *text = format(potential);
    potential->provenance = kept;
    return text;
}

static void check_round_trip(struct nnp_potential *potential)
{
    struct nnp_error error = {0};
    remove_folder("back");
    if (nnp_potential_write_n2p2(potential, "back", &error))
        fail_msg("%s", error.message);
    struct nnp_potential *back = read_potential("back");
    char *first = format_numbers(potential), *second = format_numbers(back);
    assert_string_equal(first, second);
    free(first);
    free(second);
    nnp_potential_free(back);
    remove_folder("back");
}

static void test_round_trip(void **state)
{
    static const char *const names[] = {"other_codes/n2p2_types", "n2p2/narrow-binary",
                                        "n2p2/wide-binary", "n2p2/ternary-mixed"};
    const int n = sizeof names / sizeof *names;
    (void)state;
    for (int k = 0; k < n + N_N2P2_FOLDERS; k++) {
        char path[MAX_PATH];
        snprintf(path, sizeof path, "%s/%s%s", NNP_TEST_DATA, k < n ? "" : "n2p2/",
                 k < n ? names[k] : n2p2_folders[k - n]);
        struct nnp_potential *potential = read_potential(path);
        check_round_trip(potential);
        potential->length_unit = NNP_BOHR;
        potential->energy_unit = NNP_HARTREE;
        potential->elements[0].mass = 2.014;
        check_round_trip(potential);
        nnp_potential_free(potential);
    }
}

/* Functions in another order come back in n2p2's, with their weights. */
static void test_order(void **state)
{
    struct nnp_potential *potential = read_potential(NNP_TEST_DATA "/other_codes/n2p2_types");
    char *expected = format_numbers(potential);
    (void)state;
    for (int e = 0; e < potential->n_elements; e++) {
        struct nnp_descriptor *d = &potential->descriptors[e];
        struct nnp_layer *layer = &potential->networks[e].layers[0];
        double *const columns[] = {d->scaling.min, d->scaling.max, d->scaling.mean,
                                   d->scaling.sigma};
        const int last = d->n_functions - 1;
        const struct nnp_symmetry f = d->functions[0];
        d->functions[0] = d->functions[last];
        d->functions[last] = f;
        for (int c = 0; c < 4; c++) {
            const double value = columns[c][0];
            columns[c][0] = columns[c][last];
            columns[c][last] = value;
        }
        for (int k = 0; k < layer->n_outputs; k++) {
            double *w = &layer->weights[last * layer->n_outputs + k];
            const double value = *w;
            *w = layer->weights[k];
            layer->weights[k] = value;
        }
    }
    remove_folder("back");
    assert_int_equal(nnp_potential_write_n2p2(potential, "back", NULL), NNP_SUCCESS);
    struct nnp_potential *back = read_potential("back");
    char *text = format_numbers(back);
    assert_string_equal(text, expected);
    free(text);
    free(expected);
    nnp_potential_free(back);
    nnp_potential_free(potential);
    remove_folder("back");
}

static void assert_not_written(const struct nnp_potential *potential, const char *message)
{
    struct nnp_error error = {0};
    struct stat info;
    assert_int_equal(nnp_potential_write_n2p2(potential, "back", &error),
                     NNP_ERROR_UNSUPPORTED);
    if (!strstr(error.message, message))
        fail_msg("'%s' is not in '%s'", message, error.message);
    assert_int_not_equal(stat("back", &info), 0);
}

static int last_compact(const struct nnp_descriptor *descriptor)
{
    int k = descriptor->n_functions - 1;
    while (!nnp_symmetry_is_compact(descriptor->functions[k].type))
        k--;
    return k;
}

static void test_not_written(void **state)
{
    struct nnp_error error = {0};
    (void)state;
    remove_folder("back");
    struct nnp_potential *p = read_potential(NNP_TEST_DATA "/other_codes/n2p2_types");
    struct nnp_descriptor *d = p->descriptors;
    d[0].functions[0].cutoff.type = NNP_CUTOFF_COS;
    assert_not_written(p, "several cutoff functions");
    d[0].functions[0].cutoff.type = NNP_CUTOFF_POLY2;
    d[1].scaling.target_max = 2.0;
    assert_not_written(p, "scaling differs");
    d[1].scaling.target_max = 1.0;
    p->networks[1].layers[0].activation = NNP_ACTIVATION_SELU;
    assert_not_written(p, "no activation function selu");
    p->networks[1].layers[0].activation = NNP_ACTIVATION_TANH;
    const struct nnp_symmetry f = d[0].functions[1];
    d[0].functions[1] = d[0].functions[0];
    assert_not_written(p, "two of its symmetry functions are the same");
    d[0].functions[1] = f;
    d[0].functions[last_compact(&d[0])].cutoff.type = NNP_CUTOFF_EXP;
    d[0].functions[last_compact(&d[0])].asymmetric = 1;
    assert_not_written(p, "no asymmetric exponential core");
    nnp_potential_free(p);
    p = read_potential(NNP_TEST_DATA "/other_codes/n2p2_normalised");
    assert_not_written(p, "the network of O differs there");
    nnp_potential_free(p);
    p = read_potential(NNP_TEST_DATA "/n2p2/habits");
    p->networks[1].layers[0].activation = NNP_ACTIVATION_COS;
    assert_not_written(p, "the activations of several elements differ");
    p->networks[1].layers[0].activation = NNP_ACTIVATION_TANH;
    assert_int_equal(nnp_potential_write_n2p2(p, "back", NULL), NNP_SUCCESS);
    assert_int_equal(nnp_potential_write_n2p2(p, "back", &error), NNP_ERROR_FILE);
    assert_non_null(strstr(error.message, "not empty"));
    remove_folder("back");
    nnp_potential_free(p);
}

/* ---- Refusals ---- */

/* A copy of a file with the first old replaced; old NULL: cut in the middle. */
static void copy(const char *from, const char *to, const char *old, const char *replacement)
{
    char *text;
    size_t length;
    struct nnp_text edited = {0};
    assert_int_equal(nnp_file_read(from, &text, &length, NULL), NNP_SUCCESS);
    char *at = old ? strstr(text, old) : text + length / 2;
    if (!at)
        fail_msg("'%s' is not in %s", old, from);
    nnp_text_append(&edited, "%.*s", (int)(at - text), text);
    if (old)
        nnp_text_append(&edited, "%s%s", replacement, at + strlen(old));
    assert_int_equal(nnp_file_write(to, edited.data, edited.length, NULL), NNP_SUCCESS);
    free(text);
    free(edited.data);
}

static void assert_refused(const char *path, const char *message)
{
    struct nnp_potential *potential;
    struct nnp_error error = {0};
    assert_int_not_equal(nnp_potential_read(&potential, path, &error), NNP_SUCCESS);
    assert_null(potential);
    if (!strstr(error.message, message))
        fail_msg("'%s' is not in '%s'", message, error.message);
}

/* All files of a case in a folder of the test's own, one of them edited. */
static void refuse_folder(const char *name, const char *file, const char *old,
                          const char *replacement, const char *message)
{
    char path[MAX_PATH], from[MAX_PATH + 256], to[300];
    snprintf(path, sizeof path, "%s/other_codes/%s", NNP_TEST_DATA, name);
    remove_folder("edited");
    assert_int_equal(mkdir("edited", 0777), 0);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (*entry->d_name == '.' || strstr(entry->d_name, ".xyz"))
            continue;
        const bool is_edited = strcmp(entry->d_name, file) == 0;
        snprintf(from, sizeof from, "%s/%s", path, entry->d_name);
        snprintf(to, sizeof to, "edited/%s", entry->d_name);
        if (!is_edited)
            copy(from, to, "\n", "\n");
        else if (replacement)
            copy(from, to, old, replacement);
    }
    closedir(folder);
    assert_refused("edited", message);
    remove_folder("edited");
}

/* The order of the blocks of functions makes no difference to HDNNP-LAMMPS. */
static void test_hdnnp_blocks(void **state)
{
    char *text;
    size_t length;
    struct nnp_text edited = {0};
    (void)state;
    assert_int_equal(
        nnp_file_read(NNP_TEST_DATA "/other_codes/hdnnp/coeff", &text, &length, NULL),
        NNP_SUCCESS);
    const char *first = strstr(text, "type1"), *second = strstr(text, "type2"),
               *third = strstr(text, "type4");
    assert_true(first && second > first && third > second);
    nnp_text_append(&edited, "%.*s", (int)(first - text), text);
    nnp_text_append(&edited, "%.*s", (int)(third - second), second);
    nnp_text_append(&edited, "%.*s%s", (int)(second - first), first, third);
    assert_int_equal(nnp_file_write("edited", edited.data, edited.length, NULL), NNP_SUCCESS);
    struct nnp_potential *expected = read_potential(NNP_TEST_DATA "/other_codes/hdnnp/coeff");
    struct nnp_potential *potential = read_potential("edited");
    char *a = format(expected), *b = format(potential);
    assert_string_equal(a, b);
    free(a);
    free(b);
    free(text);
    free(edited.data);
    nnp_potential_free(expected);
    nnp_potential_free(potential);
    unlink("edited");
}

static void test_n2p2_refused(void **state)
{
    static const struct {
        const char *file, *old, *replacement, *message;
    } edits[] = {
        {"input.nn", "nnp_type_short 1", "nnp_type 4G-HDNNP",
         "input.nn:2: nnp_type is '4G-HDNNP'"},
        {"input.nn", "nnp_type_short 1", "use_electrostatics",
         "electrostatics is not supported"},
        {"input.nn", "nnp_type_short 1", "use_vdw", "van der Waals"},
        {"input.nn", "runner_mode 3", "global_symfunction_short 2 1 0 4", "each function"},
        {"input.nn", "runner_mode 3", "mean_energy 1", "expected all or none"},
        {"input.nn", "elements Cu S", "elements Cu Xx", "expected the symbol of an element"},
        {"input.nn", "elements Cu S", "elements Cu Cu", "each element once"},
        {"input.nn", "elements Cu S", "", "there is no line 'elements'"},
        {"input.nn", "elements Cu S", "elements Cu", "central element is 'S'"},
        {"input.nn", "cutoff_type 6 0.2", "cutoff_type 9", "a number from 0 to 8"},
        {"input.nn", "cutoff_type 6 0.2", "cutoff_type 6 1.5", "alpha is 1.5"},
        {"input.nn", "scale_min_short -1.0", "scale_min_short x", "expected a number"},
        {"input.nn", "use_short_nn", "cutoff_type 1", "this keyword once"},
        {"input.nn", "global_nodes_short 5 4", "global_nodes_short 5", "for each hidden layer"},
        {"input.nn", "global_nodes_short 5 4", "", "there is no line 'global_nodes_short'"},
        {"input.nn", "global_nodes_short 5 4", "global_nodes_short 5 3",
         "there are 129 numbers, expected 122"},
        {"input.nn", "global_nodes_short 5 4", "global_nodes_short 50 4000", "too short"},
        {"input.nn", "short t p l", "short t q l", "a letter of"},
        {"input.nn", " 12 0.1 0.5 4.5", " 14 0.1 0.5 4.5", "of type '14'"},
        {"input.nn", " 12 0.1 0.5 4.5", " 12 0.1 0.5", "word 6 is ''"},
        {"input.nn", " 12 0.1 0.5 4.5", " 12 0.1 0.5 4.5 1", "one word too many"},
        {"input.nn", "4.5 e ", "4.5 p5 ", "word 7 is 'p5'"},
        {"scaling.data", "\n1 3 ", "\n#1 3 ", "function 3 of element 1 is missing"},
        {"scaling.data", "\n1 3 ", "\n1 33 ", "function 33 of element 1 is not among"},
        {"scaling.data", "\n1 3 ", "\n1 3 x ", "word 3 is 'x'"},
        {"scaling.data", "", NULL, "there is no scaling.data"},
        {"weights.029.data", "", NULL, "there is no weights.029.data, the network of Cu"},
        {"weights.029.data", " a 1 0 1 1 1", "\nx", "weights.029.data:3: 'x' at the start"},
        {"input.nn", "", NULL, "a folder of n2p2 or RuNNer without input.nn"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++)
        refuse_folder("n2p2_types", edits[k].file, edits[k].old, edits[k].replacement,
                      edits[k].message);
}

static void test_aenet_refused(void **state)
{
    static const struct {
        const char *old, *replacement, *message;
    } edits[] = {
        {"Behler2011", "Chebyshev", "cutoff radius is 0"},
        {"Behler2011", "SOAP", "the basis is 'SOAP', expected Behler2011 or Chebyshev"},
        {"100\n", "", "number of evaluations is"},
        {"0.35\n", "0.0\n", "scale is 0"},
        {" Ti\n2", " O\n2", "the element O is there twice"},
        {"1  2  4  5", "1  3  4  5", "of type G3"},
        {"2  0  1  0", "0  0  1  0", "a neighbor (none)"},
        {"4  3  0\n", "34  3  0\n", "activation is 34, expected 0 to 4"},
        {"4  3  0\n", "4  3  1\n", "the output is scaled and not linear"},
        {"4  4  3  1\n", "4  4  5  1\n", "nodes of a layer is 5, expected 1 to 4"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++)
        refuse_folder("aenet", "Ti.nn.ascii", edits[k].old, edits[k].replacement,
                      edits[k].message);
}

/* A binary network with some bytes replaced, or cut off. */
static void refuse_binary(size_t at, const void *bytes, size_t n, size_t cut,
                          const char *message)
{
    char *text;
    size_t length;
    remove_folder("edited");
    assert_int_equal(mkdir("edited", 0777), 0);
    for (int k = 0; k < 2; k++) {
        char from[MAX_PATH], to[20];
        snprintf(from, sizeof from, "%s/aenet/chebyshev-2/%s.nn", NNP_TEST_DATA,
                 k ? "O" : "Ti");
        snprintf(to, sizeof to, "edited/%s.nn", k ? "O" : "Ti");
        assert_int_equal(nnp_file_read(from, &text, &length, NULL), NNP_SUCCESS);
        if (!k && n)
            memcpy(text + at, bytes, n);
        assert_int_equal(nnp_file_write(to, text, k || !cut ? length : cut, NULL), NNP_SUCCESS);
        free(text);
    }
    assert_refused("edited", message);
    remove_folder("edited");
}

/* Where something first stands in the network of Ti. */
static size_t place_of(const void *bytes, size_t n)
{
    char *text;
    size_t length, at = 0;
    assert_int_equal(
        nnp_file_read(NNP_TEST_DATA "/aenet/chebyshev-2/Ti.nn", &text, &length, NULL),
        NNP_SUCCESS);
    while (at + n <= length && memcmp(text + at, bytes, n) != 0)
        at++;
    assert_true(at + n <= length);
    free(text);
    return at;
}

static void test_aenet_binary_refused(void **state)
{
    static const double parameters[2] = {5.5, 6.0}, small[2] = {4.0, 6.0}, half[2] = {5.5, 2.5};
    static const double scale = 0.35, zero = 0.0, infinite = INFINITY;
    static const int huge = 1000;
    (void)state;
    refuse_binary(4, &huge, 4, 0, "number of layers is 1000, expected 2 to 33");
    refuse_binary(28, &huge, 4, 0, "1000 weights and 1 outputs");
    refuse_binary(0, NULL, 0, 60, "a record between two equal lengths");
    refuse_binary(0, NULL, 0, 3000, "a record between two equal lengths");
    refuse_binary(place_of("Chebyshev", 9), "Legendre ", 9, 0, "the basis is 'Legendre'");
    refuse_binary(place_of("Ti", 2), "Xx", 2, 0, "element: expected symbols of elements");
    refuse_binary(place_of("TiO ", 4), "TiTi", 4, 0, "the neighbor element Ti is there twice");
    refuse_binary(place_of("TiO ", 4), "TiSi", 4, 0, "the neighbor element Si has no network");
    refuse_binary(place_of(&scale, 8), &zero, 8, 0, "scale is 0");
    refuse_binary(place_of(&scale, 8), &infinite, 8, 0, "scale 1 is inf");
    refuse_binary(place_of(parameters, 16), small, 16, 0, "the angular cutoff is larger (4.2)");
    refuse_binary(place_of(parameters, 16), half, 16, 0,
                  "24 functions of degrees up to 2.5 and 4 for 2 elements");
}

static void test_files_refused(void **state)
{
    static const struct {
        const char *path, *old, *replacement, *message;
    } edits[] = {
        {"maise_2/model", "number of species    |  2", "number of species    |  4",
         "expected 1 to 3"},
        {"maise_2/model", "29   3", "29    ", "'species types' of 2 numbers"},
        {"maise_2/model", "29   3", "29  29", "Cu is there twice"},
        {"maise_2/model", "architecture         |  13", "architecture         |  12",
         "number of weights is"},
        {"maise_2/model", "architecture", "architektur ", "there is no 'architecture'"},
        {"maise_2/model", "minimum", "min", "expected a line that starts with 'minimum'"},
        {"maise_2/model", "  2   2   0", "  2   3   0", "type 3 (cosine)"},
        {"maise_2/model", "  2   2   0", "  2   2   1", "value 1 of Rc, of which there are 1"},
        {"maise_2/model", "  2   2   0", "  2   4   0", "expected the 13 of the architecture"},
        {"maise_2/model", " z    2  1.0000 4.0000", " z    2  1.0000", "z is 'l'"},
        {"maise_2/model", " l    2", " m    2", "expected l"},
        {"maise_2/model", NULL, NULL, "expected"},
        {"simple_nn/potential_saved", "ELEM_LIST Si O", "ELEM_LIST Si",
         "O is not in ELEM_LIST"},
        {"simple_nn/potential_saved", "SYM 5", "SYM 4",
         "the next word is '4', expected scale1"},
        {"simple_nn/potential_saved", "2 4.6", "3 4.6", "type of symmetry function is 3"},
        {"simple_nn/potential_saved", "NET 2 3 4 1", "NET 2 3 4 2", "the last layer has 2"},
        {"simple_nn/potential_saved", "NET 2 3 4 1", "NET 2 3000 4000 1", "too short"},
        {"simple_nn/potential_saved", "sigmoid", "softmax", "activation is 'softmax'"},
        {"simple_nn/potential_saved", "POT O", "POT Si", "a second POT"},
        {"simple_nn/potential_saved", "w1 ", "v1 ", "expected a line that starts with w"},
        {"simple_nn/potential_saved", NULL, NULL, "expected"},
        {"hdnnp/coeff", "type2 2", "type1 2", "a second block of type1"},
        {"hdnnp/coeff", "type2 2", "type3 2", "expected type1, type2 or type4"},
        {"hdnnp/coeff", "pca\n", "lda\n", "expected scaling, pca or standardization"},
        {"hdnnp/coeff", "Ga 12", "Ga 11", "expected 12 to 12"},
        {"hdnnp/coeff", "Ga 4 12", "Ga 4 11", "inputs of pca is 11"},
        {"hdnnp/coeff", " tanh", " relu", "activation is 'relu'"},
        {"hdnnp/coeff", "Ga 1 4 5", "Ga 1 3 5", "inputs of the layer is 3"},
        {"hdnnp/coeff", "Ga 4 12", "Au 4 12", "Au has no network"},
        {"hdnnp/coeff", NULL, NULL, "expected"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++) {
        char path[MAX_PATH];
        snprintf(path, sizeof path, "%s/other_codes/%s", NNP_TEST_DATA, edits[k].path);
        copy(path, "edited", edits[k].old, edits[k].replacement);
        assert_refused("edited", edits[k].message);
    }
}

static void refuse_bytes(const char *bytes, size_t length, const char *message)
{
    assert_int_equal(nnp_file_write("text", bytes, length, NULL), NNP_SUCCESS);
    assert_refused("text", message);
}

static void test_unknown(void **state)
{
    static const struct {
        const char *text, *message;
    } texts[] = {
        {"", "looks like an empty file; expected a .nnp file"},
        {"begin\ncomment\n", "structures in the format of n2p2"},
        {"2\nLattice=\"1 0 0\"\n", "structures in extended XYZ"},
        {"symfunction_short H 2 H 1 0 4\n", "the potential is the folder that holds it"},
        {"units: metal\n", "a text that starts with 'units: metal'"},
        {"symmetry_functions: {}\n", "YAML without 'nnp: 1'"},
        {"# DATE: 2011-01-01 UNITS: metal CONTRIBUTOR: A\n\n\n1 Cu\n", "another pair style"},
        {"\211PNG\r\n\032\n", "a picture (PNG)"},
        {"PK\003\004 model/data.pkl", "an archive of PyTorch"},
        {"PK\003\004 a.txt", "a zip archive"},
        {"\n\030 descrpt_attr/rcut", "a model of DeePMD-kit"},
        {"MTP\nversion = 1.1.0\n", "a moment tensor potential"},
        {"|  Gupta potential  |\n", "a Gupta potential of MAISE"},
        {"<?xml version='1.0'?><GAP_params>", "an XML file"},
        {"\037\213", "unpacked first"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        refuse_bytes(texts[k].text, strlen(texts[k].text), texts[k].message);
    refuse_bytes("a\0b", 3, "a binary file");
    refuse_bytes("\004\0\0\0", 4, "no network of aenet or not whole");
    assert_refused("no_such_file", "cannot open no_such_file");
    /* A comment behind the count of HDNNP's file. */
    refuse_bytes("3   // types\n\ntype1 1\n", 22, "there is no network");
}

static void test_unknown_folder(void **state)
{
    static const struct {
        const char *file, *message;
    } folders[] = {
        {"weights.029.data", "a folder of n2p2 or RuNNer without input.nn"},
        {"kimspec.edn", "a model of OpenKIM"},
        {"README", "a folder without input.nn"},
    };
    (void)state;
    remove_folder("edited");
    assert_int_equal(mkdir("edited", 0777), 0);
    assert_refused("edited", "an empty folder");
    for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
        char path[40];
        snprintf(path, sizeof path, "edited/%s", folders[k].file);
        assert_int_equal(nnp_file_write(path, "0.5\n", 4, NULL), NNP_SUCCESS);
        assert_refused("edited", folders[k].message);
        unlink(path);
    }
    remove_folder("edited");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions),    cmocka_unit_test(test_n2p2),
        cmocka_unit_test(test_aenet),          cmocka_unit_test(test_aenet_binary_refused),
        cmocka_unit_test(test_unknown_folder), cmocka_unit_test(test_maise),
        cmocka_unit_test(test_simple_nn),      cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_conversion),     cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_order),          cmocka_unit_test(test_not_written),
        cmocka_unit_test(test_hdnnp_blocks),   cmocka_unit_test(test_n2p2_refused),
        cmocka_unit_test(test_aenet_refused),  cmocka_unit_test(test_files_refused),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
