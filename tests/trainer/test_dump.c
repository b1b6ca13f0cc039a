/* LAMMPS dumps: boxes, columns, units, types, what is left out; and energies of their steps. */
#include "dump.h"
#include "format_test.h"
#include "thermo.h"
#include "units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(const double *values, const double *expected, int n)
{
    for (int k = 0; k < n; k++)
        if (!(fabs(values[k] - expected[k]) < 1e-12))
            fail_msg("value %d is %.17g, expected %.17g", k, values[k], expected[k]);
}

static void test_sample(void **state)
{
    (void)state;
    struct nnp_frames frames = parse_sample("dump", "run.lammpstrj");
    assert_int_equal(frames.n, 2);
    assert_int_equal(frames.n_left_out, 1);
    assert_non_null(strstr(frames.note, "f:26: a snapshot with numbers that are not finite"));

    /* By id, with forces; the third direction is free. */
    const struct nnp_structure *s = &frames.structures[0];
    static const double cell[9] = {6, 0, 0, 0, 6, 0, 0, 0, 20};
    static const double positions[9] = {1.5, 0.25, 1, 6.5, -0.5, 2, 2.5, 3.5, 4.5};
    static const double forces[9] = {0.4, 0.5, -0.6, -0.3, -0.7, 0.3, -0.1, 0.2, 0.3};
    assert_int_equal(s->n_atoms, 3);
    assert_true(s->atomic_numbers[0] == 3 && s->atomic_numbers[1] == 79);
    assert_true(s->cell.periodic[0] && s->cell.periodic[1] && !s->cell.periodic[2]);
    assert_near(&s->cell.vectors[0][0], cell, 9);
    assert_near(s->positions, positions, 9);
    assert_near(s->forces, forces, 9);
    assert_true(!s->has_energy && !s->has_stress && s->line == 1);
    assert_string_equal(s->info, "step=0");

    /* xlo = -1.5 + 1.5, xhi = 8 - 2, ylo = 0.5, yhi = 7 - 0.5. */
    static const double tilted[9] = {6, 0, 0, 2, 6, 0, -1.5, 0.5, 5};
    static const double scaled[6] = {3 + 0.5 - 1.125, 0.5 + 1.5 + 0.375, 3.75, 0, 0.5, 0};
    s = &frames.structures[1];
    assert_near(&s->cell.vectors[0][0], tilted, 9);
    assert_near(s->positions, scaled, 6);
    assert_false(s->has_forces);
    assert_string_equal(s->info, "step=100");
    nnp_frames_free(&frames);

    char *text = edit_sample("run.lammpstrj", "nan", "0.25");
    frames = parse_text("dump", text);
    free(text);
    static const double general[9] = {1, 3, 0, 0, 1, 4, 5, 0, 1};
    assert_int_equal(frames.n, 3);
    assert_near(&frames.structures[2].cell.vectors[0][0], general, 9);
    nnp_frames_free(&frames);
}

/* Scaled positions in a general box begin at its origin. */
static void test_general_scaled(void **state)
{
    (void)state;
    struct nnp_frames frames = parse_text(
        "dump",
        "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS abc origin pp pp "
        "pp\n1 3 0 0.5\n0 1 4 -1\n5 0 1 2\nITEM: ATOMS element xs ys zs\nLi 1 2 0.5\n");
    static const double position[3] = {0.5 + 1 + 2.5, -1 + 3 + 2, 2 + 8 + 0.5};
    assert_near(frames.structures[0].positions, position, 3);
    nnp_frames_free(&frames);
}

#define HEAD                                                                                   \
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 2\n0 2\n0 2\n"
static const char typed[] = HEAD "ITEM: ATOMS type x y z fx fy fz\n2 1 1 1 3 0 0\n";

static enum nnp_status parse(const char *text, struct nnp_file_units units, int n_types,
                             struct nnp_frames *frames, struct nnp_error *error)
{
    static const int types[] = {79, 3};
    const struct nnp_format_input input = {"f", text, strlen(text), units, n_types, types};
    *frames = (struct nnp_frames){0};
    return nnp_dump_parse(&input, frames, error);
}

static void test_types_and_units(void **state)
{
    struct nnp_frames frames;
    struct nnp_error error;
    const struct nnp_file_units usual = {1.0, 1.0}, bohr = {NNP_BOHR, NNP_HARTREE};
    (void)state;
    assert_int_equal(parse(typed, bohr, 2, &frames, &error), NNP_SUCCESS);
    assert_int_equal(frames.structures[0].atomic_numbers[0], 3);
    assert_true(fabs(frames.structures[0].positions[0] - NNP_BOHR) < 1e-15);
    assert_true(fabs(frames.structures[0].forces[0] - 3.0 * NNP_HARTREE / NNP_BOHR) < 1e-12);
    nnp_frames_free(&frames);

    assert_int_equal(parse(typed, usual, 1, &frames, &error), NNP_ERROR_ELEMENT);
    assert_non_null(
        strstr(error.message, "f:10: found '2' as type, expected a number from 1 to 1"));
    nnp_frames_free(&frames);
    assert_int_equal(parse(typed, usual, 0, &frames, &error), NNP_ERROR_ELEMENT);
    assert_non_null(strstr(error.message, "elements of the types must be given"));
    nnp_frames_free(&frames);

    char real[512] = "ITEM: UNITS\nreal\n";
    strcat(real, typed);
    assert_int_equal(parse(real, usual, 2, &frames, &error), NNP_SUCCESS);
    assert_true(fabs(frames.structures[0].forces[0] - 3.0 * 0.04336410424) < 1e-10);
    nnp_frames_free(&frames);
    assert_int_equal(parse(real, bohr, 2, &frames, &error), NNP_ERROR_INCONSISTENT);
    nnp_frames_free(&frames);
}

/* What the end of the file cuts off is left out, and the rest is read. */
static void test_cut(void **state)
{
    (void)state;
    char *whole = edit_sample("run.lammpstrj", "nan", "0.25");
    const char *second = strstr(strstr(whole, "ITEM: TIMESTEP") + 1, "ITEM: TIMESTEP");
    size_t begin = (size_t)(second - whole), length = strlen(whole);
    for (size_t cut = begin + 1; cut < length; cut++) {
        char *text = strndup(whole, cut);
        struct nnp_frames frames = parse_text("dump", text);
        assert_true(frames.n >= 1 && frames.n + frames.n_left_out <= 3);
        assert_true(frames.n_left_out == 1 || text[cut - 1] == '\n' ||
                    strncmp(text + cut, "ITEM: TIMESTEP", 14) == 0);
        nnp_frames_free(&frames);
        free(text);
    }
    free(whole);
}

static void test_refused(void **state)
{
    static const struct refused_edit edits[] = {
        {"ITEM: TIMESTEP\n0", "ITEM: TIMESTEP\nzero", NNP_ERROR_SYNTAX,
         "f:4: found no proper value of the item TIMESTEP"},
        {"metal", "lj", NNP_ERROR_UNSUPPORTED, "f:2: found units 'lj', expected metal"},
        {"OF ATOMS\n3", "OF ATOMS\n-3", NNP_ERROR_SYNTAX, "f:6: found no proper value"},
        {"OF ATOMS\n3", "OF ATOMS\n2", NNP_ERROR_SYNTAX, "expected 'ITEM:'"},
        {"1.0 7.0", "1.0 1.0", NNP_ERROR_GEOMETRY, "a box of length 0 along x"},
        {"1.0 7.0", "7.0 1.0", NNP_ERROR_GEOMETRY, "a box of length -6 along x"},
        {"1.0 7.0", "1.0", NNP_ERROR_SYNTAX, "no finite number as value 2"},
        {"1.0 7.0", "1.0 7.0 0", NNP_ERROR_SYNTAX, "f:8: found '0', expected the end"},
        {"pp pp ff", "pp pp", NNP_ERROR_SYNTAX, "expected three boundaries"},
        {"id type element x ", "id type element q ", NNP_ERROR_SYNTAX,
         "no columns of positions"},
        {"element", "name", NNP_ERROR_ELEMENT, "f:11: found types of atoms"},
        {"3 1 Au", "3 1 Xx", NNP_ERROR_ELEMENT, "f:12: "},
        {"3 1 Au", "1 1 Au", NNP_ERROR_INCONSISTENT, "found the id 1 twice"},
        {"3 1 Au", "a 1 Au", NNP_ERROR_SYNTAX, "f:12: found 'a' as id"},
        {"2.5 3.5 4.5", "2.5 3.5", NNP_ERROR_SYNTAX,
         "f:12: found 10 columns for atom 1 of 3, expected 11"},
        {"2.5 3.5 4.5", "2.5 3.5 x", NNP_ERROR_SYNTAX, "f:12: found 'x' as a position"},
    };
    (void)state;
    assert_edits_refused("dump", "run.lammpstrj", edits, sizeof edits / sizeof *edits);
    assert_refused("dump", "ITEM: TIMESTEP\n0\n", NNP_ERROR_SYNTAX, "found no whole snapshot");
    assert_refused("dump", "", NNP_ERROR_SYNTAX, "found no whole snapshot");
}

/* ---- Energies ---- */

static const char log_text[] = "LAMMPS (4 Feb 2025)\nrun 10\n"
                               "   Step          Temp          PotEng         Press\n"
                               "         0   300            -1.5             0\n"
                               "         5   300            -2.5             0\n"
                               "WARNING: something 1 2\n"
                               "        10   300            -3.5             0\n"
                               "Loop time of 0.1 on 1 procs\n"
                               "Step PotEng\n10 -4.5\n20 -5.5\n";

static void test_thermo(void **state)
{
    struct nnp_thermo thermo;
    struct nnp_error error;
    (void)state;
    assert_int_equal(nnp_thermo_parse(&thermo, "log", log_text, strlen(log_text), 2.0, &error),
                     NNP_SUCCESS);
    static const double expected[] = {-3.0, -5.0, -9.0, -11.0}; /* of step 10 the later one */
    assert_int_equal(thermo.n, 4);
    for (int k = 0; k < 4; k++)
        assert_true(thermo.steps[k].energy == expected[k]);
    char info[3][16] = {"step=10", "step=11", "time=10"};
    struct nnp_structure structures[4] = {
        {.info = info[0]}, {.info = info[1]}, {.info = info[2]}, {.info = NULL}};
    assert_int_equal(nnp_thermo_apply(&thermo, 4, structures), 1);
    assert_true(structures[0].has_energy && structures[0].energy == -9.0);
    assert_true(!structures[1].has_energy && !structures[2].has_energy);
    nnp_thermo_free(&thermo);

    static const char columns[] = "# Time-averaged data\n# TimeStep c_pe\n0 -1\n10 -2\n";
    assert_int_equal(nnp_thermo_parse(&thermo, "t", columns, strlen(columns), 1.0, &error),
                     NNP_SUCCESS);
    assert_true(thermo.n == 2 && thermo.steps[1].energy == -2.0);
    nnp_thermo_free(&thermo);
    assert_int_equal(nnp_thermo_parse(&thermo, "t", "Step Temp\n0 1\n", 14, 1.0, &error),
                     NNP_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, "no table with columns Step and PotEng"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),          cmocka_unit_test(test_general_scaled),
        cmocka_unit_test(test_types_and_units), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_thermo),
    };
    return cmocka_run_group_tests_name("dump", tests, NULL, NULL);
}
