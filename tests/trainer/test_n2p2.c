/* n2p2's input.data: what is read, written and refused. */
#include "format_test.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_read(void **state)
{
    const double vectors[] = {8, 0, 0, 0, 8, 0, 1, 0, 8};
    const double positions[] = {0, 0, 0, 4, 4.5, 4},
                 forces[] = {0.1, -0.2, 0.3, -0.1, 0.2, -0.3};
    (void)state;
    struct nnp_frames frames = parse_sample("n2p2", "input.data");
    const struct nnp_structure *s = frames.structures;
    assert_int_equal(frames.n, 2);
    assert_int_equal(s->n_atoms, 2);
    assert_int_equal(s->atomic_numbers[0], 3);
    assert_int_equal(s->atomic_numbers[1], 79);
    assert_close(&s->cell.vectors[0][0], vectors, 9, 0.0);
    assert_close(s->positions, positions, 6, 0.0);
    assert_close(s->forces, forces, 6, 0.0);
    assert_true(s->cell.periodic[0] && s->cell.periodic[1] && s->cell.periodic[2]);
    assert_true(s->has_energy && s->has_forces && !s->has_stress);
    assert_true(s->energy == -2.0);
    assert_string_equal(s->info, "comment=\"first \\\"quoted\\\" words\"");
    assert_int_equal(s->line, 1);
    assert_string_equal(s->file, "f");
    assert_false(s[1].cell.periodic[0]);
    assert_true(s[1].energy == -1.125);
    assert_string_equal(s[1].info, "set=test");
    assert_int_equal(s[1].line, 11);
    nnp_frames_free(&frames);
}

static void test_units(void **state)
{
    static const char text[] = "begin\nlattice 2 0 0\nlattice 0 2 0\nlattice 0 0 2\n"
                               "atom 1 0 0 H 0 0 1 0 0\nenergy -1\nend\n";
    struct nnp_format_input input = {"f", text, sizeof text - 1, {1.0, 1.0}, 0, NULL};
    struct nnp_frames frames = {0};
    (void)state;
    assert_true(nnp_length_unit("bohr", &input.units.length));
    assert_true(nnp_energy_unit("Ha", &input.units.energy));
    assert_int_equal(nnp_format_by_name("n2p2")->parse(&input, &frames, NULL), NNP_SUCCESS);
    const struct nnp_structure *s = frames.structures;
    assert_true(s->positions[0] == NNP_BOHR);
    assert_true(s->cell.vectors[2][2] == 2 * NNP_BOHR);
    assert_true(s->energy == -NNP_HARTREE);
    assert_true(s->forces[0] == NNP_HARTREE / NNP_BOHR);
    nnp_frames_free(&frames);
}

static void test_back_and_forth(void **state)
{
    (void)state;
    const struct nnp_format *format = nnp_format_by_name("n2p2");
    struct nnp_frames frames = parse_sample("n2p2", "input.data");
    struct nnp_text text = {0};
    frames.structures[1].group = nnp_text_copy("hot cells");
    for (int i = 0; i < frames.n; i++)
        assert_int_equal(format->append(&text, &frames.structures[i], NULL), NNP_SUCCESS);
    struct nnp_frames again = parse_text("n2p2", text.data);
    assert_int_equal(again.n, frames.n);
    for (int i = 0; i < frames.n; i++) {
        const struct nnp_structure *a = &frames.structures[i], *b = &again.structures[i];
        assert_int_equal(a->n_atoms, b->n_atoms);
        assert_close(a->positions, b->positions, 3 * a->n_atoms, 0.0);
        assert_close(a->forces, b->forces, 3 * a->n_atoms, 0.0);
        assert_close(&a->cell.vectors[0][0], &b->cell.vectors[0][0], 9, 0.0);
        assert_true(a->energy == b->energy);
        assert_true(a->group ? strcmp(a->group, b->group) == 0 : !b->group);
        assert_true(a->info ? strcmp(a->info, b->info) == 0 : !b->info);
    }
    nnp_frames_free(&again);
    nnp_frames_free(&frames);
    free(text.data);
}

static void test_not_expressible(void **state)
{
    (void)state;
    struct nnp_frames frames = parse_sample("n2p2", "input.data");
    struct nnp_structure *s = frames.structures;
    struct nnp_text text = {0};
    struct nnp_error error;
    s->cell.periodic[1] = false;
    assert_int_equal(nnp_format_by_name("n2p2")->append(&text, s, &error),
                     NNP_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "f:1: found a structure that is periodic in some"));
    s->cell.periodic[1] = true;
    s->has_energy = false;
    assert_int_equal(nnp_format_by_name("n2p2")->append(&text, s, &error),
                     NNP_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "without energy"));
    assert_null(text.data);
    nnp_frames_free(&frames);
}

static void test_refused(void **state)
{
    static const struct refused_edit edits[] = {
        {"energy -2.0", "energie -2.0", NNP_ERROR_SYNTAX,
         "f:8: found 'energie -2.0', expected one of comment, lattice, atom, energy"},
        {"energy -2.0", "energy -2.0 eV", NNP_ERROR_SYNTAX,
         "f:8: found 'eV', expected the end of the line"},
        {"energy -2.0", "energy nan", NNP_ERROR_SYNTAX, "f:8: found ' nan' as energy"},
        {"energy -2.0", "energy 1\nenergy 1", NNP_ERROR_SYNTAX, "f:9: found 'energy' twice"},
        {"charge 0.0", "charge", NNP_ERROR_SYNTAX, "f:9: found '' as charge"},
        {"charge 0.0", "charge 0\ncharge 0", NNP_ERROR_SYNTAX, "f:10: found 'charge' twice"},
        {"lattice 1.0 0.0 8.0\n", "", NNP_ERROR_SYNTAX,
         "f:9: found 2 'lattice' in the block, expected three or none"},
        {"lattice 1.0 0.0 8.0", "lattice 1.0 8.0 0.0\nlattice 0 0 1", NNP_ERROR_SYNTAX,
         "f:6: found a fourth 'lattice'"},
        {"lattice 1.0 0.0 8.0", "lattice 1.0 8.0 0.0", NNP_ERROR_GEOMETRY,
         "f:10: found a cell of volume"},
        {" Au ", " Xx ", NNP_ERROR_ELEMENT, "f:7: found 'Xx', expected the symbol"},
        {"Au 0.5 -1.0 -0.1 0.2 -0.3", "Au 0.5 -1.0 -0.1 0.2", NNP_ERROR_SYNTAX,
         "f:7: found '' as force, expected three finite numbers"},
        {"Au 0.5 -1.0 -0.1 0.2 -0.3", "", NNP_ERROR_SYNTAX,
         "f:7: found the end of the line, expected atom x y z element"},
        {"end\nbegin", "begin", NNP_ERROR_SYNTAX, "f:10: found 'begin set=test', expected one"},
        {"begin set=test", "begin set=", NNP_ERROR_SYNTAX, "f:11: "},
        {"begin set=test", "begin here", NNP_ERROR_SYNTAX,
         "f:11: found 'begin here', expected 'begin'"},
        {"begin set=test", "begin\nend\nbegin", NNP_ERROR_SYNTAX,
         "f:11: found a block without 'atom'"},
        {"-1.125\nend", "-1.125", NNP_ERROR_SYNTAX,
         "f:14: found the end of the file, expected 'end' of the block that begins in line 11"},
    };
    (void)state;
    assert_edits_refused("n2p2", "input.data", edits, sizeof edits / sizeof *edits);
    assert_refused("n2p2", "", NNP_ERROR_SYNTAX, "f:1: found no structure, expected 'begin'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),           cmocka_unit_test(test_units),
        cmocka_unit_test(test_back_and_forth), cmocka_unit_test(test_not_expressible),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("n2p2", tests, NULL, NULL);
}
