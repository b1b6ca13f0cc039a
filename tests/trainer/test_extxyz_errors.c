/* Malformed extended XYZ: each text ends in one message with file, line, what was found and
 * what was expected. */
#include "extxyz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_error(const char *text, size_t length, enum nnp_status status,
                         const char *words)
{
    struct nnp_structure *structures = (struct nnp_structure *)1;
    int n = -1;
    struct nnp_error error = {NNP_SUCCESS, ""};
    enum nnp_status found = nnp_extxyz_parse("f.xyz", text, length, &structures, &n, &error);
    if (found != status || !strstr(error.message, words))
        fail_msg("status %d with '%s', expected %d with '%s', for\n%s", found, error.message,
                 status, words, text);
    assert_null(structures);
    assert_int_equal(n, 0);
    assert_int_equal(nnp_extxyz_parse("f.xyz", text, length, &structures, &n, NULL), status);
}

struct malformed {
    const char *text;
    enum nnp_status status;
    const char *words;
};

static void assert_errors(const struct malformed *malformed, size_t n)
{
    for (size_t k = 0; k < n; k++)
        assert_error(malformed[k].text, strlen(malformed[k].text), malformed[k].status,
                     malformed[k].words);
}

#define FORCES "1\nProperties=species:S:1:pos:R:3:forces:R:3\n"
#define CUBE "Lattice=\"2 0 0 0 2 0 0 0 2\" "

static void test_frames(void **state)
{
    static const struct malformed malformed[] = {
        {"", NNP_ERROR_SYNTAX, "f.xyz:1: found no frame, expected a number of atoms"},
        {"\n\n", NNP_ERROR_SYNTAX, "f.xyz:2: found no frame"},
        {"Li 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:1: found 'Li 0 0 0', expected the number of atoms of a frame"},
        {"0\n\n", NNP_ERROR_SYNTAX, "f.xyz:1: found '0'"},
        {"-1\n\n", NNP_ERROR_SYNTAX, "f.xyz:1: found '-1'"},
        {"1.5\n\n", NNP_ERROR_SYNTAX, "f.xyz:1: found '1.5'"},
        {"99999999999\n\n", NNP_ERROR_SYNTAX, "f.xyz:1: found '99999999999'"},
        {"1 2\n\n", NNP_ERROR_SYNTAX, "f.xyz:1: found '1 2'"},
        {"1", NNP_ERROR_SYNTAX, "f.xyz:1: found the end of the file, expected a comment line"},
        {"1\n", NNP_ERROR_SYNTAX,
         "f.xyz:1: found the end of the file, expected a comment line"},
        {"1\n\n", NNP_ERROR_SYNTAX, "f.xyz:2: found 0 lines behind the comment line"},
        {"2000000000\n\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 1 lines behind the comment line, too little for the 2000000000 atoms"},
        {"2\n\nLi 0.000000 0.00000 0.00000\n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found the end of the file behind atom 1, expected 2 atoms"},
        {"2\n\nLi 0 0 0\n\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:4: found 0 columns for atom 2 of 2, expected 4"},
        {"1\n\nLi 0 0 0\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "f.xyz:4: found 'Li 0 0 0'"},
        {"2\n\nLi 0 0 0\n1\n\nLi 0 0 0\n", NNP_ERROR_ELEMENT,
         "f.xyz:4: found '1', expected the symbol of an element, such as Au"},
        {"\x7f"
         "ELF\x02\x01\x01 garbage\n",
         NNP_ERROR_SYNTAX, "f.xyz:1: found '?ELF??? garbage'"},
    };
    (void)state;
    assert_errors(malformed, sizeof malformed / sizeof *malformed);
    assert_error("1\n\nLi 0 0 0\0 0\n", 15, NNP_ERROR_SYNTAX, "f.xyz:3: found a zero byte");
}

static void test_atoms(void **state)
{
    static const struct malformed malformed[] = {
        {"1\n\nLi 0 0\n    \n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found 3 columns for atom 1 of 1, expected 4"},
        {"1\n\nLi 0 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found 5 columns for atom 1 of 1, expected 4"},
        {"1\n\nXx 0 0 0\n", NNP_ERROR_ELEMENT, "f.xyz:3: found 'Xx', expected the symbol"},
        {"1\n\nLI 0 0 0\n", NNP_ERROR_ELEMENT, "f.xyz:3: found 'LI'"},
        {"1\n\nLithium 0 0 0\n", NNP_ERROR_ELEMENT, "f.xyz:3: found 'Lithium'"},
        {"1\n\nLi 0 zero 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found 'zero' as position in column 3, expected a finite number"},
        {"1\n\nLi 0 nan 0\n", NNP_ERROR_SYNTAX, "f.xyz:3: found 'nan' as position"},
        {"1\n\nLi 0 0 -inf\n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found '-inf' as position in column 4"},
        {"1\n\nLi 0 1e400 0\n", NNP_ERROR_SYNTAX, "f.xyz:3: found '1e400' as position"},
        {"1\n\nLi 0 1,5 0\n", NNP_ERROR_SYNTAX, "f.xyz:3: found '1,5' as position"},
        {"1\n\nLi 0 1.0D0 0\n", NNP_ERROR_SYNTAX, "f.xyz:3: found '1.0D0' as position"},
        {"1\n\nLi 0 ******** 0\n", NNP_ERROR_SYNTAX, "f.xyz:3: found '********' as position"},
        {FORCES "Li 0 0 0 0 NaN 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:3: found 'NaN' as force in column 6, expected a finite number"},
        {FORCES "Li 0 0 0 0 0 inf\n", NNP_ERROR_SYNTAX, "f.xyz:3: found 'inf' as force"},
        {FORCES "Li 0 0 0 0 0\n ", NNP_ERROR_SYNTAX, "f.xyz:3: found 6 columns"},
        {"1\n\nLi 0 0 "
         "0000000000000000000000000000000000000000000000000000000000000000000000001\n",
         NNP_ERROR_SYNTAX, "f.xyz:3: found '0000000000000000000000000000000000000000..."},
    };
    (void)state;
    assert_errors(malformed, sizeof malformed / sizeof *malformed);
}

static void test_comments(void **state)
{
    static const struct malformed malformed[] = {
        {"1\nenergy=abc\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'abc' in the value of 'energy', expected a finite number"},
        {"1\nenergy=nan\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "f.xyz:2: found 'nan'"},
        {"1\nenergy=\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found '' as 'energy', expected one number"},
        {"1\nenergy=\"1 2\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "f.xyz:2: found '1 2' as 'energy'"},
        {"1\nenergy=1 energy=2\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'energy' twice, expected it once"},
        {"1\nfree_energy=inf\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "f.xyz:2: found 'inf'"},
        {"1\nnote=\"abc energy=1\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: the value of 'note' begins with \", which is never closed"},
        {"1\nnote={a {b} energy=1\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "begins with {, which is never"},
        {"1\nnote=\"a\"b energy=1\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'b energy=1' behind the value of 'note', expected a blank"},
        {"1\nProperties=species:S:1\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found Properties without 'pos', expected species:S:1 and pos:R:3"},
        {"1\nProperties=pos:R:3\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "without 'species'"},
        {"1\nProperties=species:S:1:pos:R\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'pos:R' in Properties, expected name:type:count"},
        {"1\nProperties=species:S:1:pos:R:3:\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found ''"},
        {"1\nProperties=\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found '' in Properties"},
        {"1\nProperties=species:S:1:pos:X:3\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found 'pos:X:3'"},
        {"1\nProperties=species:S:1:pos:R:2\nLi 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'pos:R:2' in Properties, expected 'pos:R:3'"},
        {"1\nProperties=species:S:1:pos:R:3:x:R:0\nLi 0 0\n", NNP_ERROR_SYNTAX,
         "found 'x:R:0'"},
        {"1\nProperties=species:S:1:pos:R:3:x:R:2000000\nLi 0 0\n", NNP_ERROR_SYNTAX,
         "found 'x:R:2000000'"},
        {"1\nProperties=a:R:999999:b:R:2:pos:R:3\nLi 0 0\n", NNP_ERROR_SYNTAX,
         "found more than 1000000 columns"},
        {"1\nProperties=species:S:1:pos:R:3:force:R:3:forces:R:3\nLi 0 0\n", NNP_ERROR_SYNTAX,
         "found 'forces' in Properties beside columns of the same meaning"},
    };
    (void)state;
    assert_errors(malformed, sizeof malformed / sizeof *malformed);
}

static void test_cells(void **state)
{
    static const struct malformed malformed[] = {
        {"1\nLattice=\"1 0 0 0 1 0 0 0\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 8 numbers in Lattice, expected 9"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 1 1\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found more than 9 numbers in Lattice"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 x\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 'x' in the value of 'Lattice'"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 nan\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found 'nan'"},
        {"1\nLattice=\"1 0 0 0 1 0 0 0 0\"\nLi 0 0 0\n", NNP_ERROR_GEOMETRY,
         "f.xyz:2: found Lattice=\"1 0 0 0 1 0 0 0 0\", expected linearly independent vectors"},
        {"1\nLattice=\"1 2 3 2 4 6 0 0 1\"\nLi 0 0 0\n", NNP_ERROR_GEOMETRY, "independent"},
        {"1\nLattice=\"1 0 0 1 0 0 0 0 1\" pbc=\"T T F\"\nLi 0 0 0\n", NNP_ERROR_GEOMETRY,
         "independent"},
        {"1\nLattice=\"1e200 0 0 0 1e200 0 0 0 1\"\nLi 0 0 0\n", NNP_ERROR_GEOMETRY,
         "independent"},
        {"1\n" CUBE "pbc=\"T T\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found pbc=\"T T\", expected three of T and F"},
        {"1\n" CUBE "pbc=\"T T T T\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found pbc=\"T T T T\""},
        {"1\n" CUBE "pbc=\"T T X\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found pbc=\"T T X\""},
        {"1\npbc=\"T F F\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found pbc=\"T F F\" without Lattice, expected both, or \"F F F\""},
        {"1\n" CUBE "stress=\"1 2 3\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "f.xyz:2: found 3 numbers in 'stress', expected 9, or 6"},
        {"1\n" CUBE "stress=\"1 1 1 1 1 1 1 1 1 1\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX,
         "found more than 9 numbers in 'stress'"},
        {"1\n" CUBE "stress=\"1 2 3 2.1 4 5 3 5 6\"\nLi 0 0 0\n", NNP_ERROR_VALUE,
         "f.xyz:2: found 'stress' with pairs such as xy and yx that differ by more than 0.001"},
        {"1\n" CUBE "virial=\"1 2 3 2.1 4 5 3 5 6\"\nLi 0 0 0\n", NNP_ERROR_VALUE,
         "f.xyz:2: found 'virial' with pairs"},
        {"1\n" CUBE "stress=\"1 2 3 4 5 inf\"\nLi 0 0 0\n", NNP_ERROR_SYNTAX, "found 'inf'"},
        {"1\nLattice=\"1e-3 0 0 0 1 0 0 0 1\" virial=\"1e308 0 0 0 0 0\"\nLi 0 0 0\n",
         NNP_ERROR_VALUE, "expected a finite stress"},
    };
    (void)state;
    assert_errors(malformed, sizeof malformed / sizeof *malformed);
}

/* A file cut short anywhere is refused or is a shorter file; it never does harm. */
static void test_truncated(void **state)
{
    static const char text[] = "1\n" CUBE "Properties=species:S:1:pos:R:3:forces:R:3 "
                               "energy=-1.25 stress={1 2 3 4 5 6} note=\"a b\"\n"
                               "Li 0.25 0.5 0.75 1.25 1.5 1.75\n2\n\nLi 0 0 0\nAu 1 1 1\n";
    (void)state;
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char *part = malloc(length + 1); /* so that a sanitizer sees what is read behind */
        memcpy(part, text, length);
        struct nnp_structure *structures;
        int n;
        enum nnp_status status = nnp_extxyz_parse("f.xyz", part, length, &structures, &n, NULL);
        for (int i = 0; i < n; i++)
            nnp_structure_free(&structures[i]);
        free(structures);
        assert_true((status == NNP_SUCCESS) == (n > 0));
        free(part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),    cmocka_unit_test(test_atoms),
        cmocka_unit_test(test_comments),  cmocka_unit_test(test_cells),
        cmocka_unit_test(test_truncated),
    };
    return cmocka_run_group_tests_name("extxyz_errors", tests, NULL, NULL);
}
