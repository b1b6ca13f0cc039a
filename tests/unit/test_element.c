/* Elements: symbols and masses. */
#include "nnp/element.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_symbols_round_trip(void **state)
{
    (void)state;
    for (int z = 1; z <= NNP_MAX_ATOMIC_NUMBER; z++) {
        const char *symbol = nnp_element_symbol(z);
        assert_true(isupper((unsigned char)symbol[0]));
        assert_true(strlen(symbol) == 1 ||
                    (strlen(symbol) == 2 && islower((unsigned char)symbol[1])));
        assert_int_equal(nnp_element_from_symbol(symbol), z);
    }
}

static void test_known_symbols(void **state)
{
    static const struct {
        const char *symbol;
        int z;
    } known[] = {{"H", 1},   {"Li", 3},  {"Ne", 10},  {"K", 19},   {"Fe", 26},
                 {"Kr", 36}, {"Sn", 50}, {"Cs", 55},  {"Lu", 71},  {"Au", 79},
                 {"Rn", 86}, {"U", 92},  {"No", 102}, {"Lr", 103}, {"Og", 118}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(nnp_element_from_symbol(known[i].symbol), known[i].z);
}

static void test_what_is_no_element(void **state)
{
    static const char *const words[] = {"", "li", "LI", "Xx", "?", "Lithium", " H", "H "};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(nnp_element_from_symbol(words[i]), 0);
    assert_string_equal(nnp_element_symbol(0), "?");
    assert_string_equal(nnp_element_symbol(-5), "?");
    assert_string_equal(nnp_element_symbol(119), "?");
    assert_true(nnp_element_mass(0) == 0.0 && nnp_element_mass(119) == 0.0);
}

/* Masses grow with the atomic number but for the known inversions. */
static void test_masses(void **state)
{
    (void)state;
    for (int z = 1; z < NNP_MAX_ATOMIC_NUMBER; z++) {
        const double mass = nnp_element_mass(z), next = nnp_element_mass(z + 1);
        assert_true(mass >= z && mass < 3.0 * z + 1.0);
        assert_true(next > mass - 2.0);
    }
    assert_true(nnp_element_mass(1) == 1.008);
    assert_true(nnp_element_mass(3) == 6.94);
    assert_true(nnp_element_mass(50) == 118.71);
    assert_true(nnp_element_mass(79) == 196.96657);
    assert_true(nnp_element_mass(43) == 97.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols_round_trip),
        cmocka_unit_test(test_known_symbols),
        cmocka_unit_test(test_what_is_no_element),
        cmocka_unit_test(test_masses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
