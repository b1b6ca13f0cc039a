/* Extended XYZ: what is read from well-formed text, and the way there and back. */
#include "extxyz.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Structures of one text. */
struct frames {
    int n;
    struct nnp_structure *structures;
};

static struct frames parse(const char *text)
{
    struct frames frames;
    struct nnp_error error = {NNP_SUCCESS, ""};
    if (nnp_extxyz_parse("data.xyz", text, strlen(text), &frames.structures, &frames.n, &error))
        fail_msg("%s", error.message);
    return frames;
}

static void frames_free(struct frames *frames)
{
    for (int i = 0; i < frames->n; i++)
        nnp_structure_free(&frames->structures[i]);
    free(frames->structures);
}

static void assert_numbers(const double *found, const double *expected, int n)
{
    for (int k = 0; k < n; k++)
        if (found[k] != expected[k])
            fail_msg("number %d is %.17g, expected %.17g", k, found[k], expected[k]);
}

static void test_whole_frame(void **state)
{
    static const char text[] =
        "2\n"
        "Lattice=\"4 0 0 1 5 0 0 0 6\" "
        "Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 "
        "stress=\"1 2 3 2 4 5 3 5 6\" pbc=\"T F T\" config_type=\"hot \\\"x\\\" cell\" "
        "sid=a_1 note=\"two words\" free_energy=-1.6\n"
        "Li 0 0.5 1 1e-1 -2 .3\n"
        "Au 1 2 3 4 5 6\n";
    const double lattice[] = {4, 0, 0, 1, 5, 0, 0, 0, 6};
    const double positions[] = {0, 0.5, 1, 1, 2, 3}, forces[] = {0.1, -2, 0.3, 4, 5, 6};
    (void)state;
    struct frames frames = parse(text);
    const struct nnp_structure *s = frames.structures;
    assert_int_equal(frames.n, 1);
    assert_int_equal(s->n_atoms, 2);
    assert_int_equal(s->atomic_numbers[0], 3);
    assert_int_equal(s->atomic_numbers[1], 79);
    assert_numbers(&s->cell.vectors[0][0], lattice, 9);
    assert_true(s->cell.periodic[0] && !s->cell.periodic[1] && s->cell.periodic[2]);
    assert_true(s->has_energy && s->has_forces);
    assert_true(s->energy == -1.5);
    assert_numbers(s->positions, positions, 6);
    assert_numbers(s->forces, forces, 6);
    assert_string_equal(s->group, "hot \"x\" cell");
    /* A stress belongs to three periodic directions. */
    assert_false(s->has_stress);
    assert_string_equal(s->info, "stress=\"1 2 3 2 4 5 3 5 6\" sid=a_1 note=\"two words\" "
                                 "free_energy=-1.6");
    assert_string_equal(s->file, "data.xyz");
    assert_int_equal(s->line, 1);
    frames_free(&frames);
}

/* Comment lines that say the same in different ways, and the frame that they give. */
static void test_stress(void **state)
{
    static const char *const stresses[] = {
        "stress=\"1 4 5 4 2 6 5 6 3\"",
        "stress=\"1 2 3 6 5 4\"",
        "stress={1 4 5 4 2 6 5 6 3}",
        "stress=[[1, 4, 5], [4, 2, 6], [5, 6, 3]]",
        "stress = '1 4 5\t4 2 6 5 6 3'",
        "stress=\"1 4.001 5 3.999 2 6 5 6 3\"", /* off by 3e-4 of the largest */
        "virial=\"-8 -32 -40 -32 -16 -48 -40 -48 -24\"",
        "virial=\"-8 -16 -24 -48 -40 -32\"",
        "stress=\"1 2 3 6 5 4\" virial=\"0 0 0 0 0 0\"",
    };
    const double expected[] = {1, 2, 3, 4, 5, 6};
    (void)state;
    for (size_t k = 0; k < sizeof stresses / sizeof *stresses; k++)
        for (int hand = 0; hand < 2; hand++) {
            char text[256];
            snprintf(text, sizeof text, "1\nLattice=\"%s\" %s\nLi 0 0 0\n",
                     hand ? "0 2 0 2 0 0 0 0 2" : "2 0 0 0 2 0 0 0 2", stresses[k]);
            struct frames frames = parse(text);
            assert_true(frames.structures->has_stress);
            assert_numbers(frames.structures->stress, expected, 6);
            frames_free(&frames);
        }
}

static void test_columns(void **state)
{
    static const char *const frames_text[] = {
        "Properties=species:S:1:pos:R:3:forces:R:3\nLi 1 2 3 4 5 6\n",
        "properties=pos:R:3:species:S:1:forces:R:3\n1 2 3 Li 4 5 6\n",
        "Properties=id:I:1:force:R:3:move:L:3:species:S:1:charge:R:1:pos:R:3:tag:S:2\n"
        "7 4 5 6 T T F Li nan 1 2 3 a b\n",
        "Properties=\"species:S:1:pos:R:3:forces:R:3\"\n  Li\t1  2\t3 4 5 6  \r\n",
    };
    const double positions[] = {1, 2, 3}, forces[] = {4, 5, 6};
    (void)state;
    for (size_t k = 0; k < sizeof frames_text / sizeof *frames_text; k++) {
        char text[256];
        snprintf(text, sizeof text, "1\n%s", frames_text[k]);
        struct frames frames = parse(text);
        const struct nnp_structure *s = frames.structures;
        assert_int_equal(s->atomic_numbers[0], 3);
        assert_numbers(s->positions, positions, 3);
        assert_true(s->has_forces);
        assert_numbers(s->forces, forces, 3);
        frames_free(&frames);
    }
}

static void test_periodicity(void **state)
{
    static const struct {
        const char *comment;
        bool periodic[3];
    } cases[] = {
        {"", {false, false, false}},
        {"pbc=\"F F F\"", {false, false, false}},
        {"Lattice=\"2 0 0 0 2 0 0 0 2\"", {true, true, true}},
        {"LATTICE=\"2 0 0 0 2 0 0 0 2\" PBC=\"T T F\"", {true, true, false}},
        {"Lattice=\"2 0 0 0 2 0 0 0 2\" pbc=[True, false, T]", {true, false, true}},
        {"Lattice=\"2 0 0 0 2 0 0 0 0\" pbc=\"1 1 0\"", {true, true, false}},
        {"Lattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\"", {false, false, false}},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[256];
        snprintf(text, sizeof text, "1\n%s\nLi 0 0 0\n", cases[k].comment);
        struct frames frames = parse(text);
        assert_memory_equal(frames.structures->cell.periodic, cases[k].periodic,
                            sizeof cases[k].periodic);
        frames_free(&frames);
    }
}

static void test_energies(void **state)
{
    (void)state;
    struct frames frames = parse("1\nenergy=-1\nLi 0 0 0\n"
                                 "1\nfree_energy=-2\nLi 0 0 0\n"
                                 "1\nenergies=5 stress=\"0 0 0 0 0 0\"\nLi 0 0 0\n");
    assert_true(frames.structures[0].energy == -1.0 && frames.structures[1].energy == -2.0);
    assert_true(frames.structures[0].has_energy && frames.structures[1].has_energy);
    assert_null(frames.structures[0].info);
    assert_null(frames.structures[1].info);
    assert_false(frames.structures[2].has_energy);
    assert_false(frames.structures[2].has_stress);
    frames_free(&frames);
}

/* Plain XYZ with a free comment, Windows' line ends, blank lines around frames, no last line
 * end, a byte order mark: all are read. */
static void test_lenient(void **state)
{
    static const char text[] =
        "\xEF\xBB\xBF\r\n 2 \r\n=== it's water, \"almost ===\r\n"
        "Li 0 0 0\r\nAu 1 1 1\r\n\r\n \t\r\n1\n\nLi 0 0 0\n\n1\nx\nLi 0 0 0";
    (void)state;
    struct frames frames = parse(text);
    assert_int_equal(frames.n, 3);
    assert_string_equal(frames.structures[0].info, "=== it's water, \"almost ===");
    assert_int_equal(frames.structures[0].line, 2);
    assert_int_equal(frames.structures[1].line, 8);
    assert_int_equal(frames.structures[2].line, 12);
    assert_false(frames.structures[0].has_forces);
    assert_null(frames.structures[0].forces);
    frames_free(&frames);
}

/* ---- There and back ---- */

static bool same_bytes(const void *a, const void *b, size_t size)
{
    return (!a && !b) || (a && b && memcmp(a, b, size) == 0);
}

static bool same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

static void assert_same(const struct nnp_structure *a, const struct nnp_structure *b)
{
    const size_t n = (size_t)a->n_atoms;
    assert_int_equal(a->n_atoms, b->n_atoms);
    assert_memory_equal(a->atomic_numbers, b->atomic_numbers, n * sizeof(int));
    assert_memory_equal(a->positions, b->positions, 3 * n * sizeof(double));
    assert_memory_equal(&a->cell.vectors, &b->cell.vectors, sizeof a->cell.vectors);
    assert_memory_equal(&a->cell.periodic, &b->cell.periodic, sizeof a->cell.periodic);
    assert_true(a->has_energy == b->has_energy && a->has_forces == b->has_forces &&
                a->has_stress == b->has_stress);
    assert_memory_equal(&a->energy, &b->energy, sizeof a->energy);
    assert_memory_equal(a->stress, b->stress, sizeof a->stress);
    assert_true(same_bytes(a->forces, b->forces, 3 * n * sizeof(double)));
    assert_true(same_text(a->group, b->group));
    assert_true(same_text(a->info, b->info));
}

static void assert_back_and_forth(const struct frames *frames)
{
    struct nnp_text text = {0};
    for (int i = 0; i < frames->n; i++) {
        const struct nnp_structure *s = &frames->structures[i];
        nnp_extxyz_append(&text, s, i % 2 ? s->positions : NULL);
    }
    assert_false(text.failed);
    struct frames again = parse(text.data ? text.data : "");
    assert_int_equal(again.n, frames->n);
    for (int i = 0; i < frames->n; i++)
        assert_same(&again.structures[i], &frames->structures[i]);
    frames_free(&again);
    free(text.data);
}

static void test_back_and_forth(void **state)
{
    static const char text[] =
        "1\nLattice=\"4.1 -0.0 1e-7 1 5 0 0 0 6\" Properties=species:S:1:pos:R:3:forces:R:3 "
        "energy=-0.1 stress=\"-0.0 5e-324 3 0.1 5 1.7976931348623157e308\"\n"
        "Li 0.30000000000000004 -0.0 2.2250738585072014e-308 1e22 123456789012345678 -1e-5\n"
        "1\nconfig_type=\"a \\\\ \\\" b\" x={1 2 {3}} y=\"q\\\"=1\" flag\nAu 1 2 3\n"
        "1\nconfig_type=a'b\nAu 1 2 3\n"
        "1\nLattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"F F F\" stress=\"1 2 3 4 5 6\"\nAu 1 2 3\n";
    (void)state;
    struct frames frames = parse(text);
    assert_back_and_forth(&frames);
    frames_free(&frames);
}

/* ---- Files of others ---- */

/* n_structures 0: any number. */
static void read_shared(const char *folder, const char *name, int n_structures)
{
    struct nnp_text path = {0};
    char *text;
    size_t length;
    nnp_text_append(&path, "%s/%s", folder, name);
    assert_int_equal(nnp_file_read(path.data, &text, &length, NULL), NNP_SUCCESS);
    free(path.data);
    struct frames frames = parse(text);
    if (n_structures > 0)
        assert_int_equal(frames.n, n_structures);
    for (int i = 0; i < frames.n; i++) {
        const struct nnp_structure *s = &frames.structures[i];
        assert_true(s->has_energy && s->has_forces && s->has_stress && s->group);
    }
    assert_back_and_forth(&frames);
    frames_free(&frames);
    free(text);
}

static void test_shared_files(void **state)
{
    static const struct {
        const char *name;
        int n_structures;
    } files[] = {
        {"data/Li_train.extxyz", 241},
        {"data/MoTa_train.extxyz", 1324},
        {"data/auli_pbe.extxyz", 0},
        {"reference/maise/Li14Sn13.extxyz", 1},
        {"reference/maise/Li3Sn_DO3.extxyz", 1},
        {"reference/maise/LiSn_B2.extxyz", 1},
        {"reference/maise/Li_bcc.extxyz", 1},
    };
    static const char *const folders[] = {"wide-binary", "narrow-binary", "ternary-mixed"};
    static const char *const cells[] = {"cubic", "dense", "triclinic-small", "cluster"};
    const char *shared = getenv("NNP_SHARED_DIR");
    (void)state;
    if (!shared || access(shared, R_OK))
        skip();
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        read_shared(shared, files[k].name, files[k].n_structures);
    for (int f = 0; f < 3; f++)
        for (int c = 0; c < 4; c++) {
            char path[64];
            snprintf(path, sizeof path, "reference/n2p2/%s/%s.extxyz", folders[f], cells[c]);
            read_shared(shared, path, 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_frame),    cmocka_unit_test(test_stress),
        cmocka_unit_test(test_columns),        cmocka_unit_test(test_periodicity),
        cmocka_unit_test(test_energies),       cmocka_unit_test(test_lenient),
        cmocka_unit_test(test_back_and_forth), cmocka_unit_test(test_shared_files),
    };
    return cmocka_run_group_tests_name("extxyz", tests, NULL, NULL);
}
