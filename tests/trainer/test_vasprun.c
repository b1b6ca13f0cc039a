/* VASP's vasprun.xml: what is read, left out and refused. */
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
    const double vectors[] = {4, 0, 0, 0, 4, 0, 2, 0, 4};
    const double positions[] = {0, 0, 0, 3, 1, 2};
    const double forces[] = {0.1, -0.2, 0.3, -0.1, 0.2, -0.3};
    /* A cell under pressure has a negative stress. */
    const double stress[] = {-1.0, -2.0, 1.0, -0.1, -0.2, -0.3};
    (void)state;
    struct nnp_frames frames = parse_sample("vasprun", "vasprun.xml");
    const struct nnp_structure *s = frames.structures;
    assert_int_equal(frames.n, 1);
    assert_int_equal(s->n_atoms, 2);
    assert_int_equal(s->atomic_numbers[0], 3);
    assert_int_equal(s->atomic_numbers[1], 79);
    assert_close(&s->cell.vectors[0][0], vectors, 9, 0.0);
    assert_close(s->positions, positions, 6, 0.0);
    assert_close(s->forces, forces, 6, 0.0);
    assert_true(s->has_energy && s->energy == -10.25);
    assert_true(s->has_stress);
    assert_close(s->stress, stress, 6, 1e-14);
    assert_string_equal(s->info, "step=1");
    assert_int_equal(s->line, 37);
    nnp_frames_free(&frames);
}

/* The second step has spent its electronic iterations. */
static void test_left_out(void **state)
{
    static const struct {
        const char *string, *replacement, *note;
        int n, n_left_out;
    } cases[] = {
        {"vasp ", "vasp",
         "f:75: an ionic step whose electronic loop did not converge was left out", 1, 1},
        {"    -99.00000000 </i>\n  </energy>\n </calculation>\n <structure name=\"finalpos\" "
         ">\n"
         " </structure>\n</modeling>\n",
         "", "f:75: the last ionic step is incomplete and was left out", 1, 1},
        {"  <energy>\n   <i name=\"e_fr_energy\">    -99.00000000 </i>\n  </energy>\n", "",
         "f:75: an ionic step without forces or energy was left out", 1, 1},
        {"</modeling>\n", "", "f:75: an ionic step whose electronic loop", 1, 2},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *text = edit_sample("vasprun.xml", cases[k].string, cases[k].replacement);
        struct nnp_frames frames = parse_text("vasprun", text);
        assert_int_equal(frames.n, cases[k].n);
        assert_int_equal(frames.n_left_out, cases[k].n_left_out);
        if (!strstr(frames.note, cases[k].note))
            fail_msg("'%s' instead of '%s'", frames.note, cases[k].note);
        nnp_frames_free(&frames);
        free(text);
    }
}

static void test_refused(void **state)
{
    static const struct refused_edit edits[] = {
        {"-10.25000000", "***********", NNP_ERROR_SYNTAX, "f:70: found ' "},
        {"-0.20000000 ", "nan ", NNP_ERROR_SYNTAX, "f:61: found ' "},
        {"<c>Li</c><c>   1", "<c>Xx</c><c>   1", NNP_ERROR_ELEMENT,
         "f:21: found 'Xx', expected the symbol of an element"},
        {"    <rc><c>Au</c><c>   2</c></rc>\n", "", NNP_ERROR_INCONSISTENT,
         "f:73: found 3 cell vectors, 2 positions and 2 forces in the calculation of line 36, "
         "expected 3, and two for each of the 1 atoms"},
        {"       2.00000000       0.00000000       4.00000000 ", "4 4 0", NNP_ERROR_GEOMETRY,
         "f:74: found a cell of volume 0"},
        {"</modeling>", "</modelling>", NNP_ERROR_SYNTAX, "f:89: found malformed XML: "},
        {"<calculation>", "<calc>", NNP_ERROR_SYNTAX, "found malformed XML"},
        {"e_fr_energy", "e_0", NNP_ERROR_SYNTAX,
         "found no complete ionic step, expected <calculation> with forces and e_fr_energy; "
         "f:37: an ionic step without forces or energy was left out"},
    };
    (void)state;
    assert_edits_refused("vasprun", "vasprun.xml", edits, sizeof edits / sizeof *edits);
    assert_refused("vasprun", "", NNP_ERROR_SYNTAX, "found no complete ionic step");
    assert_refused("vasprun", "hello", NNP_ERROR_SYNTAX, "f:1: found");
}

/* Neither deep nests nor entities that stand for more entities take memory or time. */
static void test_hostile(void **state)
{
    struct nnp_text text = {0};
    (void)state;
    for (int k = 0; k < 1000; k++)
        nnp_text_append(&text, "<a>");
    assert_refused("vasprun", text.data, NNP_ERROR_UNSUPPORTED, "elements in one another");
    free(text.data);
    char *bomb = edit_sample("vasprun.xml", "<modeling>",
                             "<!DOCTYPE m [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">"
                             "<!ENTITY f SYSTEM \"/etc/hostname\">]>\n"
                             "<modeling><x>&b;&f;</x>");
    assert_refused("vasprun", bomb, NNP_ERROR_SYNTAX, "found malformed XML: Entity");
    free(bomb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests_name("vasprun", tests, NULL, NULL);
}
