/* Quantum ESPRESSO's pw.x: what is read, left out and refused. */
#include "format_test.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Numbers in atomic units and Rydberg against structures in Angstrom and eV; the tolerance is
 * that of a few roundings. */
static void assert_atomic(const double *found, const double *expected, int n, double unit)
{
    for (int k = 0; k < n; k++) {
        double value = found[k] / unit;
        assert_close(&value, &expected[k], 1, 1e-14);
    }
}

static void test_read(void **state)
{
    const double vectors[] = {10, 0, 0, 0, 10, 0, -1, 0, 10};
    const double positions[] = {0, 0, 0, 5, -2.5, 5};
    const double forces[] = {0.01, -0.02, 0.03, -0.01, 0.02, -0.03};
    /* A cell under pressure has a negative stress. */
    const double stress[] = {-0.001, -0.002, 0.001, -0.0001, -0.0002, -0.0003};
    (void)state;
    struct nnp_frames frames = parse_sample("pwscf", "relax.pwo");
    const struct nnp_structure *s = frames.structures;
    assert_int_equal(frames.n, 2);
    assert_int_equal(s->n_atoms, 2);
    assert_int_equal(s->atomic_numbers[0], 26);
    assert_int_equal(s->atomic_numbers[1], 8);
    assert_true(s->cell.periodic[0] && s->cell.periodic[1] && s->cell.periodic[2]);
    assert_atomic(&s->cell.vectors[0][0], vectors, 9, NNP_BOHR);
    assert_atomic(s->positions, positions, 6, NNP_BOHR);
    assert_true(s->has_energy && s->energy == -20.5 * NNP_RYDBERG);
    assert_true(s->has_forces && s->has_stress);
    assert_atomic(s->forces, forces, 6, NNP_RYDBERG / NNP_BOHR);
    assert_atomic(s->stress, stress, 6, NNP_RYDBERG / (NNP_BOHR * NNP_BOHR * NNP_BOHR));
    /* pw.x prints the pressure in kbar as well. */
    const double kilobar[] = {-147.11, -294.21, 147.11, -14.71, -29.42, -44.13};
    for (int c = 0; c < 6; c++) {
        double value = s->stress[c] / NNP_KILOBAR;
        assert_close(&value, &kilobar[c], 1, 0.005); /* of two decimals */
    }
    assert_int_equal(s->line, 32);
    nnp_frames_free(&frames);
}

static void test_later_steps(void **state)
{
    const double vectors[] = {11, 0, 0, 0, 10, 0, 0, 0, 10};
    const double positions[] = {0, 0, 0, 5.5, 5, 2.5}, given[] = {0, 0, 0, 3, 2, 1};
    (void)state;
    struct nnp_frames frames = parse_sample("pwscf", "relax.pwo");
    const struct nnp_structure *s = &frames.structures[1];
    assert_atomic(&s->cell.vectors[0][0], vectors, 9, NNP_BOHR);
    assert_atomic(s->positions, positions, 6, NNP_BOHR);
    assert_true(s->energy == -20.75 * NNP_RYDBERG);
    assert_true(s->has_forces && !s->has_stress);
    nnp_frames_free(&frames);

    char *text = edit_sample("relax.pwo", "     convergence NOT achieved after   1 iterations",
                             "!    total energy              =     -21.0 Ry");
    frames = parse_text("pwscf", text);
    assert_int_equal(frames.n, 3);
    assert_atomic(frames.structures[2].positions, given, 6, 1.0);
    nnp_frames_free(&frames);
    free(text);
}

static void test_left_out(void **state)
{
    (void)state;
    struct nnp_frames frames = parse_sample("pwscf", "relax.pwo");
    assert_int_equal(frames.n_left_out, 2);
    assert_string_equal(frames.note, "f:80: a step without converged energy was left out");
    nnp_frames_free(&frames);

    /* Cut off behind the energy of the last step: that is a structure without forces. */
    char *text = edit_sample("relax.pwo", "-20.80000000 Ry\n", "-20.80000000 Ry\n");
    *(strstr(text, "-20.80000000 Ry\n") + strlen("-20.80000000 Ry\n")) = '\0';
    frames = parse_text("pwscf", text);
    assert_int_equal(frames.n, 3);
    assert_false(frames.structures[2].has_forces);
    assert_true(frames.structures[2].positions[3] == 3 * NNP_BOHR);
    nnp_frames_free(&frames);
    free(text);
}

/* With exact exchange the last of several energies counts, and none before it. */
static void test_exact_exchange(void **state)
{
    (void)state;
    char *text =
        edit_sample("relax.pwo", "     convergence has been achieved in   1 iterations",
                    "     iteration #  1\n!!   total energy              =   -30.0 Ry");
    struct nnp_frames frames = parse_text("pwscf", text);
    assert_int_equal(frames.n, 2);
    assert_true(frames.structures[0].energy == -30.0 * NNP_RYDBERG);
    nnp_frames_free(&frames);
    free(text);
}

static void test_refused(void **state)
{
    static const struct refused_edit edits[] = {
        {"=            2\n     number of atomic", "=            0\n     number of atomic",
         NNP_ERROR_SYNTAX, "f:8: found 'number of atoms/cell      =            0', expected"},
        {"=            2\n     number of atomic", "=    99999999\n     number of atomic",
         NNP_ERROR_SYNTAX,
         "f:8: found 99999999 atoms, expected no more than the file can hold"},
        {"=            2\n     number of atomic", "=            3\n     number of atomic",
         NNP_ERROR_SYNTAX, "f:23: found no 'tau(...) = (', expected atom 3 of 3"},
        {"number of atoms/cell      =            2", "", NNP_ERROR_SYNTAX,
         "f:35: found a total energy, expected 'number of atoms/cell', 'crystal axes'"},
        {"crystal axes", "axes", NNP_ERROR_SYNTAX, "f:35: found a total energy, expected"},
        {"Fe1", "X1", NNP_ERROR_ELEMENT,
         "f:21: found 'X1', expected a label that begins with the symbol of an element"},
        {"  -0.100000   0.000000   1.000000", "1 0 0", NNP_ERROR_GEOMETRY,
         "f:16: found a cell of"},
        {"-20.50000000", "************", NNP_ERROR_SYNTAX,
         "as total energy, expected '=' and a finite number"},
        {"-20.50000000", "-1e308", NNP_ERROR_VALUE, "found numbers that are too large"},
        {"0.01000000   -0.02000000", "nan  -0.02", NNP_ERROR_SYNTAX,
         "f:44: found '     nan  -0.02"},
        {"     atom    2 type  2   force =    -0.01000000    0.02000000   -0.03000000\n", "",
         NNP_ERROR_SYNTAX, "f:45: found 'The', expected 'force =' of atom 2 of 2"},
        {"0.00010000   0.00200000", "x", NNP_ERROR_SYNTAX, "as stress, expected three finite"},
        {"(alat= 10.00000000)", "(alat= 0)", NNP_ERROR_SYNTAX,
         "as alat, expected a number above"},
        {"(alat= 10.00000000)", "(furlong)", NNP_ERROR_SYNTAX,
         "found 'CELL_PARAMETERS (furlong)', expected"},
        {"(crystal)", "(other)", NNP_ERROR_SYNTAX, "expected (alat), (bohr), (angstrom) or"},
    };
    (void)state;
    assert_edits_refused("pwscf", "relax.pwo", edits, sizeof edits / sizeof *edits);
    assert_refused("pwscf", "", NNP_ERROR_SYNTAX, "f:1: found no complete step, expected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),     cmocka_unit_test(test_later_steps),
        cmocka_unit_test(test_left_out), cmocka_unit_test(test_exact_exchange),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("pwscf", tests, NULL, NULL);
}
