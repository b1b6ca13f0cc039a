/* Tables are read as RFC 4180 says; what is not a table is refused with file and line. */
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum nnp_status parse(struct nnp_table *table, const char *text, struct nnp_error *error)
{
    return nnp_table_parse(table, "t.csv", text, strlen(text), error);
}

static void test_cells(void **state)
{
    (void)state;
    struct nnp_table table;
    struct nnp_error error = {0};
    double value;
    assert_int_equal(parse(&table,
                           "# a comment\r\n"
                           "name, volume,\"the \"\"energy\"\"\"\r\n"
                           "\n"
                           "\"a,b\", 1.5 ,-2e3\r\n"
                           "c,,inf",
                           &error),
                     NNP_SUCCESS);
    assert_int_equal(table.n_columns, 3);
    assert_int_equal(table.n_rows, 2);
    assert_int_equal(nnp_table_column(&table, "volume"), 1);
    assert_int_equal(nnp_table_column(&table, "the \"energy\""), 2);
    assert_int_equal(nnp_table_column(&table, "none"), -1);
    assert_string_equal(nnp_table_cell(&table, 0, 0), "a,b");
    assert_string_equal(nnp_table_cell(&table, 0, 1), "1.5");
    assert_string_equal(nnp_table_cell(&table, 1, 1), "");
    assert_int_equal(nnp_table_number(&table, 0, 2, &value, NULL), NNP_SUCCESS);
    assert_true(value == -2000.0);
    assert_int_equal(nnp_table_number(&table, 1, 1, &value, &error), NNP_ERROR_SYNTAX);
    assert_string_equal(error.message, "t.csv:5: column volume has \"\", where a finite number "
                                       "was expected");
    assert_int_equal(nnp_table_number(&table, 1, 2, &value, NULL), NNP_ERROR_SYNTAX);
    nnp_table_free(&table);
}

static void refuse(const char *text, const char *message)
{
    struct nnp_table table;
    struct nnp_error error = {0};
    assert_int_equal(parse(&table, text, &error), NNP_ERROR_SYNTAX);
    assert_non_null(strstr(error.message, message));
    assert_null(table.text);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("", "t.csv is empty");
    refuse("# only\n\n", "t.csv is empty");
    refuse("a,b,a\n", "t.csv:1: column 3 has the name of another");
    refuse("a,,b\n", "t.csv:1: column 2 has no name");
    refuse("a,\"b\n", "t.csv:1: column 2 has a quote that does not end");
    refuse("a,b\n1,2\n1\n", "t.csv:3: 1 cells, where the table has 2 columns");
    refuse("a,b\n1,2,3\n", "t.csv:2: 3 cells, where the table has 2 columns");
    refuse("a,b\n1,\"2\n", "t.csv:2: cell 2 has a quote that does not end");
    struct nnp_table table;
    assert_int_equal(nnp_table_parse(&table, "t.csv", "a,b\n1,\0", 8, NULL), NNP_ERROR_SYNTAX);
    assert_int_equal(nnp_table_read(&table, "/nowhere/t.csv", NULL), NNP_ERROR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
