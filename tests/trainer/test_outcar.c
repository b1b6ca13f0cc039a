/* VASP's OUTCAR: what is read, left out and refused. */
#include "format_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_read(void **state)
{
    const double vectors[] = {8, 0, 0, 0, 8, 0, -0.5, 0, 8};
    const double positions[] = {0, 0, 0, 4, 4, 0, 4, 0, 4};
    const double forces[] = {0.1, -0.2, 0.3, -0.1, 0.2, 0, 0, 0, -0.3};
    /* A cell under pressure has a negative stress. */
    const double stress[] = {-1.0, -2.0, 1.0, -0.1, -0.3, -0.2};
    (void)state;
    struct nnp_frames frames = parse_sample("outcar", "OUTCAR");
    const struct nnp_structure *s = frames.structures;
    assert_int_equal(frames.n, 2);
    assert_int_equal(s->n_atoms, 3);
    assert_int_equal(s->atomic_numbers[0], 3);
    assert_int_equal(s->atomic_numbers[1], 79);
    assert_int_equal(s->atomic_numbers[2], 79);
    assert_close(&s->cell.vectors[0][0], vectors, 9, 0.0);
    assert_true(s->cell.periodic[0] && s->cell.periodic[1] && s->cell.periodic[2]);
    assert_close(s->positions, positions, 9, 0.0);
    assert_close(s->forces, forces, 9, 0.0);
    assert_true(s->has_energy && s->energy == -10.25);
    assert_true(s->has_stress);
    assert_close(s->stress, stress, 6, 1e-8); /* of five decimals in kB */
    assert_string_equal(s->info, "step=1");
    assert_int_equal(s->line, 36);
    assert_true(s[1].energy == -10.5);
    assert_false(s[1].has_stress);
    assert_close(&s[1].cell.vectors[0][0], vectors, 9, 0.0);
    assert_string_equal(s[1].info, "step=3");
    nnp_frames_free(&frames);
}

/* Step 2 has spent its electronic iterations, step 4 is cut off. */
static void test_left_out(void **state)
{
    (void)state;
    struct nnp_frames frames = parse_sample("outcar", "OUTCAR");
    assert_int_equal(frames.n_left_out, 2);
    assert_string_equal(frames.note, "f:50: an ionic step whose electronic loop did not "
                                     "converge was left out");
    nnp_frames_free(&frames);

    char *text = edit_sample("OUTCAR", "2(  60)", "2(  59)");
    frames = parse_text("outcar", text);
    assert_int_equal(frames.n, 3);
    assert_int_equal(frames.n_left_out, 1);
    assert_string_equal(frames.note,
                        "f:72: the last ionic step is incomplete and was left out");
    nnp_frames_free(&frames);
    free(text);

    text = edit_sample("OUTCAR", "because EDIFF is reached",
                       "EDIFF was not reached (unconverged)");
    assert_refused("outcar", text, NNP_ERROR_SYNTAX,
                   "found no complete ionic step, expected forces and 'free  energy   TOTEN'; "
                   "f:16: an ionic step whose electronic loop did not converge");
    free(text);

    text = edit_sample("OUTCAR", "TOTEN  =       -10.25000000 eV", "");
    frames = parse_text("outcar", text);
    assert_int_equal(frames.n, 1);
    assert_int_equal(frames.n_left_out, 3);
    assert_string_equal(frames.note,
                        "f:16: an ionic step without forces or energy was left out");
    nnp_frames_free(&frames);
    free(text);
}

/* Steps of a machine-learned force field are no references. */
static void test_machine_learned(void **state)
{
    (void)state;
    char *text = edit_sample("OUTCAR", "free  energy   TOTEN  =       -10.50000000 eV",
                             "free  energy   TOTEN  =       -10.50000000 eV\n"
                             " POSITION               TOTAL-FORCE (eV/Angst) (ML)\n"
                             " ------\n 0 0 0 0 0 0\n"
                             "  free  energy ML TOTEN  =       -10.50000000 eV");
    struct nnp_frames frames = parse_text("outcar", text);
    assert_int_equal(frames.n, 2);
    assert_int_equal(frames.n_left_out, 2);
    nnp_frames_free(&frames);
    free(text);
}

/* Nor do they get into a step that has both. */
static void test_machine_learned_amid(void **state)
{
    (void)state;
    char *text = edit_sample("OUTCAR", "  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)",
                             "  FORCE on cell =-STRESS in cart. coord.  units (eV) (ML):\n"
                             "  in kB 9 9 9 9 9 9\n"
                             " POSITION               TOTAL-FORCE (eV/Angst) (ML)\n"
                             " ------\n 0 0 0 0 0 0\n");
    struct nnp_frames frames = parse_text("outcar", text);
    assert_int_equal(frames.n, 2);
    assert_true(frames.structures[0].energy == -10.25);
    assert_true(frames.structures[0].forces[0] == 0.1);
    assert_close(frames.structures[0].stress, (const double[]){-1.0}, 1, 1e-8);
    nnp_frames_free(&frames);
    free(text);
}

/* Elements by VRHFIN alone, and titles without the usual suffix. */
static void test_elements(void **state)
{
    static const char *const edits[][2] = {
        {"   TITEL  = PAW_PBE Li_sv 10Sep2004\n", ""},
        {"   VRHFIN =Li: 1s2s2p\n", ""},
        {"TITEL  = PAW_PBE Li_sv 10Sep2004", "TITEL  = US Li"},
        {"TITEL  = PAW_PBE Li_sv 10Sep2004", "TITEL  = PAW_PBE lithium"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++) {
        char *text = edit_sample("OUTCAR", edits[k][0], edits[k][1]);
        struct nnp_frames frames = parse_text("outcar", text);
        assert_int_equal(frames.structures->atomic_numbers[0], 3);
        assert_int_equal(frames.structures->atomic_numbers[1], 79);
        nnp_frames_free(&frames);
        free(text);
    }
}

static void test_refused(void **state)
{
    static const struct refused_edit edits[] = {
        {"   VRHFIN =Au: d10s1\n   TITEL  = PAW_PBE Au 04Oct2007", "   TITEL  = PAW_PBE Gold",
         NNP_ERROR_ELEMENT, "f:7: found TITEL  = PAW_PBE Gold, expected a title such as"},
        {"ions per type =               1   2", "ions per type =    1", NNP_ERROR_INCONSISTENT,
         "f:10: found 1 numbers in 'ions per type', expected one for each of the 2 TITEL"},
        {"ions per type =               1   2", "ions per type =    1 x", NNP_ERROR_SYNTAX,
         "f:10: found 'x' in 'ions per type'"},
        {"ions per type =               1   2", "", NNP_ERROR_SYNTAX,
         "f:36: found forces, expected 'TITEL' and 'ions per type' before"},
        {"ions per type =               1   2", "ions per type =      1   3", NNP_ERROR_SYNTAX,
         "f:41: found ' ----"},
        {"direct lattice vectors", "", NNP_ERROR_SYNTAX,
         "f:36: found forces, expected 'direct lattice vectors' before"},
        {"-0.500000000  0.000000000  8.000000000", "0.0 8.0 0.0", NNP_ERROR_GEOMETRY,
         "f:34: found a cell of volume 0"},
        {"-0.500000000  0.000000000  8.000000000", "********", NNP_ERROR_SYNTAX,
         "f:34: found '"},
        {"-10.25000000", "***********", NNP_ERROR_SYNTAX, "f:46: found '"},
        {" 320.43533", " ********", NNP_ERROR_SYNTAX,
         "f:25: found '   ********   480.65299' in the line 'in kB', expected six"},
        {" 0.300000\n", " nan\n", NNP_ERROR_SYNTAX,
         "nan' as force, expected three finite numbers"},
    };
    (void)state;
    assert_edits_refused("outcar", "OUTCAR", edits, sizeof edits / sizeof *edits);
    assert_refused("outcar", "", NNP_ERROR_SYNTAX, "f:1: found no complete ionic step");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_machine_learned),
        cmocka_unit_test(test_machine_learned_amid),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("outcar", tests, NULL, NULL);
}
