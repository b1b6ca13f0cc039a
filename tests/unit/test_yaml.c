/* YAML trees: kinds, places, messages; and texts written so that they read back. */
#include "doubles.h"
#include "test_random.h"
#include "yaml.h"
#include "yaml_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct nnp_yaml *parsed(const char *text)
{
    struct nnp_yaml *document;
    struct nnp_error error = {0};
    if (nnp_yaml_parse(&document, "t.yaml", text, strlen(text), &error))
        fail_msg("%s", error.message);
    return document;
}

static void test_tree(void **state)
{
    double x, values[3];
    int n;
    bool flag;
    const char *string;
    const struct nnp_yaml_node *node;
    (void)state;
    struct nnp_yaml *document = parsed("# comment\r\na: 1.5\nb: [1, -2e3, .5]\n"
                                       "c: {d: 7, e: \"7 \"}\nf: true\ng:\n  - x\n  -\n");
    const struct nnp_yaml_node *root = nnp_yaml_root(document);
    assert_int_equal(nnp_yaml_kind(root), NNP_YAML_MAPPING);
    assert_int_equal(nnp_yaml_size(root), 5);
    assert_string_equal(nnp_yaml_text(nnp_yaml_key(root, 2)), "c");
    assert_int_equal(nnp_yaml_line(nnp_yaml_get(root, "c")), 4);
    assert_null(nnp_yaml_get(root, "z"));
    assert_int_equal(nnp_yaml_double(nnp_yaml_get(root, "a"), "a", &x, NULL), NNP_SUCCESS);
    assert_true(x == 1.5);
    node = nnp_yaml_get(root, "b");
    assert_int_equal(nnp_yaml_doubles(node, "b", 3, values, NULL), NNP_SUCCESS);
    assert_doubles_near(values, ((double[]){1.0, -2000.0, 0.5}), 3, 0.0);
    node = nnp_yaml_get(root, "c");
    assert_int_equal(nnp_yaml_int(nnp_yaml_get(node, "d"), "d", &n, NULL), NNP_SUCCESS);
    assert_int_equal(n, 7);
    assert_int_equal(nnp_yaml_string(nnp_yaml_get(node, "e"), "e", &string, NULL), NNP_SUCCESS);
    assert_string_equal(string, "7 ");
    assert_int_equal(nnp_yaml_bool(nnp_yaml_get(root, "f"), "f", &flag, NULL), NNP_SUCCESS);
    assert_true(flag);
    assert_int_equal(nnp_yaml_size(nnp_yaml_get(root, "g")), 2);
    nnp_yaml_free(document);
    nnp_yaml_free(NULL);
}

static void test_refused_documents(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "1:1: nothing in the file"},
        {"# only this\n", "nothing in the file"},
        {"a: 1\nb: 2\na: 3\n", "3:1: key 'a' a second time, first in line 1"},
        {"{a: 1, 'a': 2}", "1:8: key 'a' a second time"},
        {"a: 1\n---\nb: 2\n", "2:1: a second YAML document"},
        {"a: &x 1\n", "1:4: anchor '&x'"},
        {"a: 1\nb: *x\n", "2:4: alias '*x'"},
        {"a: [1, &x [2]]\n", "1:8: anchor '&x'"},
        {"a: !!str 1\n", "1:4: tag "},
        {"a: !<x> {b: 1}\n", "1:4: tag "},
        {"? [a]\n: b\n", "1:3: a list or mapping as key"},
        {"a: [1, 2", "not valid YAML"},
        {"a: 1\n  b: 2\n", "2:4: not valid YAML: mapping values are not allowed"},
        {"a: 'x\n", "not valid YAML"},
        {"a: \"\\0\"\n", "1:4: a NUL character"},
        {"a: \xFF\n", "1:4: not valid YAML: invalid leading UTF-8"},
        {"a: 1\n\tb: 2\n", "not valid YAML"},
        {"a: \x01\n", "not valid YAML: control characters"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nnp_error error = {0};
        struct nnp_yaml *document;
        assert_int_equal(
            nnp_yaml_parse(&document, "t.yaml", cases[i].text, strlen(cases[i].text), &error),
            NNP_ERROR_SYNTAX);
        assert_null(document);
        assert_int_equal(strncmp(error.message, "t.yaml:", 7), 0);
        if (!strstr(error.message, cases[i].message))
            fail_msg("'%s' is not in '%s'", cases[i].message, error.message);
    }
}

static void test_depth_is_limited(void **state)
{
    char text[200001];
    struct nnp_error error;
    struct nnp_yaml *document;
    (void)state;
    memset(text, '[', 200000);
    text[200000] = '\0';
    assert_int_equal(nnp_yaml_parse(&document, "deep", text, 200000, &error), NNP_ERROR_SYNTAX);
    assert_string_equal(error.message, "deep:1:65: nested deeper than 64 levels");
}

enum reader { DOUBLE, INT, BOOL, STRING, DOUBLES, SEQUENCE, MAPPING };

static enum nnp_status read_as(enum reader reader, const struct nnp_yaml_node *node,
                               struct nnp_error *error)
{
    double x[2];
    int n;
    bool flag;
    const char *string;
    switch (reader) {
    case DOUBLE:
        return nnp_yaml_double(node, "eta", x, error);
    case INT:
        return nnp_yaml_int(node, "count", &n, error);
    case BOOL:
        return nnp_yaml_bool(node, "flag", &flag, error);
    case STRING:
        return nnp_yaml_string(node, "title", &string, error);
    case DOUBLES:
        return nnp_yaml_doubles(node, "target", 2, x, error);
    case SEQUENCE:
        return nnp_yaml_expect(node, NNP_YAML_SEQUENCE, "elements", error);
    default:
        return nnp_yaml_expect(node, NNP_YAML_MAPPING, "units", error);
    }
}

static void test_refused_values(void **state)
{
    static const struct {
        enum reader reader;
        enum nnp_status status;
        const char *value, *message;
    } cases[] = {
        {DOUBLE, NNP_ERROR_SYNTAX, "7x", "t.yaml:1:4: eta is '7x', expected a number"},
        {DOUBLE, NNP_ERROR_SYNTAX, "'7'", "t.yaml:1:4: eta is the text '7', expected a number"},
        {DOUBLE, NNP_ERROR_SYNTAX, "", "eta is nothing, expected a number"},
        {DOUBLE, NNP_ERROR_SYNTAX, "[1]", "eta is a list, expected a number"},
        {DOUBLE, NNP_ERROR_SYNTAX, "1e999", "eta is '1e999', expected a number"},
        {DOUBLE, NNP_ERROR_VALUE, "nan", "eta is 'nan', expected a finite number"},
        {DOUBLE, NNP_ERROR_VALUE, "-.inf", "eta is '-.inf', expected a finite number"},
        {DOUBLE, NNP_ERROR_VALUE, ".NaN", "eta is '.NaN', expected a finite number"},
        {INT, NNP_ERROR_SYNTAX, "1.5", "count is '1.5', expected an integer"},
        {INT, NNP_ERROR_SYNTAX, "{}", "count is a mapping, expected an integer"},
        {BOOL, NNP_ERROR_SYNTAX, "yes", "flag is 'yes', expected true or false"},
        {STRING, NNP_ERROR_SYNTAX, "", "title is nothing, expected a text"},
        {STRING, NNP_ERROR_SYNTAX, "{b: 1}", "title is a mapping, expected a text"},
        {DOUBLES, NNP_ERROR_INCONSISTENT, "[1]", "1:4: target has 1 numbers, expected 2"},
        {DOUBLES, NNP_ERROR_SYNTAX, "[1, x]", "1:8: target is 'x', expected a number"},
        {DOUBLES, NNP_ERROR_SYNTAX, "1", "target is '1', expected a list"},
        {SEQUENCE, NNP_ERROR_SYNTAX, "\"\"", "elements is an empty text, expected a list"},
        {MAPPING, NNP_ERROR_SYNTAX, "[]", "units is a list, expected a mapping"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[100];
        struct nnp_error error = {0};
        snprintf(text, sizeof text, "a: %s\n", cases[i].value);
        struct nnp_yaml *document = parsed(text);
        const struct nnp_yaml_node *node = nnp_yaml_get(nnp_yaml_root(document), "a");
        assert_int_equal(read_as(cases[i].reader, node, &error), cases[i].status);
        assert_int_equal(error.status, cases[i].status);
        if (!strstr(error.message, cases[i].message))
            fail_msg("'%s' is not in '%s'", cases[i].message, error.message);
        assert_int_equal(read_as(cases[i].reader, node, NULL), cases[i].status);
        nnp_yaml_free(document);
    }
}

static void test_keys(void **state)
{
    static const char *const keys[] = {"eta", "lambda", "zeta", NULL};
    struct nnp_error error;
    const struct nnp_yaml_node *value;
    (void)state;
    struct nnp_yaml *document = parsed("eta: 1\nlamda: 2\n");
    const struct nnp_yaml_node *root = nnp_yaml_root(document);
    assert_int_equal(nnp_yaml_check_keys(root, keys, &error), NNP_ERROR_SYNTAX);
    assert_string_equal(
        error.message,
        "t.yaml:2:1: unknown key 'lamda', nearest to 'lambda' of the known ones");
    assert_int_equal(nnp_yaml_require(root, "zeta", &value, &error), NNP_ERROR_SYNTAX);
    assert_string_equal(error.message, "t.yaml:1:1: key 'zeta' is missing");
    assert_int_equal(nnp_yaml_require(root, "eta", &value, &error), NNP_SUCCESS);
    assert_non_null(value);
    nnp_yaml_free(document);
}

/* Writes string as a value, in block and in flow style, and reads it back. */
static void check_string(const char *string)
{
    struct nnp_text text = {0};
    struct nnp_yaml_flow flow;
    const char *back;
    nnp_text_append(&text, "block: ");
    nnp_yaml_write_string(&text, string, 4);
    nnp_text_append(&text, "\nflow: ");
    nnp_yaml_flow_begin(&flow, &text, true, 4);
    nnp_yaml_flow_string(&flow, "a", string);
    nnp_yaml_flow_string(&flow, "b", string);
    nnp_yaml_flow_end(&flow);
    nnp_text_append(&text, "\n");
    struct nnp_yaml *document = parsed(text.data);
    const struct nnp_yaml_node *root = nnp_yaml_root(document);
    const struct nnp_yaml_node *inner = nnp_yaml_get(root, "flow");
    assert_int_equal(nnp_yaml_string(nnp_yaml_get(root, "block"), "", &back, NULL), 0);
    assert_string_equal(back, string);
    assert_int_equal(nnp_yaml_string(nnp_yaml_get(inner, "a"), "", &back, NULL), 0);
    assert_string_equal(back, string);
    assert_int_equal(nnp_yaml_string(nnp_yaml_get(inner, "b"), "", &back, NULL), 0);
    assert_string_equal(back, string);
    nnp_yaml_free(document);
    free(text.data);
}

static void test_strings_round_trip(void **state)
{
    static const char *const strings[] = {
        "",
        " ",
        "a",
        "a b",
        " lead",
        "trail ",
        "a: b",
        "a #b",
        "#",
        "- x",
        "\"q\"",
        "'s'",
        "\\",
        "\\n",
        "\n",
        "\n\n",
        "a\nb",
        "a\n b\n  c\n",
        "a\n\tb",
        "\t",
        "\r\n",
        "1",
        "1.5",
        "1e5",
        "0x1F",
        "1:30",
        "true",
        "No",
        "y",
        "~",
        "null",
        "NULL",
        ".nan",
        "2024-01-01",
        "{a}",
        "[a]",
        "&a",
        "*a",
        "!t",
        "%d",
        "@",
        "`",
        "|",
        ">",
        "? ",
        "---",
        "...",
        "=",
        "<<",
        "\x01\x1F\x7F",
        "caf\xC3\xA9",
        "\xC2\x85",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF",
        "\xF0\x9F\x98\x80",
        "\xEF\xBF\xBF",
        "a.extxyz",
        "path/to-file_1",
        "a,b",
        "words words words words words words words words words words words words words words "
        "words words words    words words words words words words words words words words"};
    (void)state;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        check_string(strings[i]);
}

static void test_random_strings_round_trip(void **state)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "7",
                                         " ",
                                         "  ",
                                         "\n",
                                         "\t",
                                         ":",
                                         ": ",
                                         " #",
                                         "-",
                                         "\"",
                                         "'",
                                         "\\",
                                         ",",
                                         "{",
                                         "]",
                                         "\xC3\xA9",
                                         "\xE2\x80\xA8",
                                         "\xF0\x9F\x98\x80",
                                         "word ",
                                         "\x02"};
    unsigned long long random = 7;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        char string[1000] = "";
        for (int n = (int)test_random(&random, 0, 120); n > 0; n--)
            strcat(string,
                   pieces[(int)test_random(&random, 0, sizeof pieces / sizeof *pieces)]);
        check_string(string);
    }
}

/* Words that other readers would take for something else are quoted, others are not. */
static void test_quotes(void **state)
{
    static const char *const quoted[] = {"No", "N", "Y", "on", "12", "a b", "", "null", "2024"};
    static const char *const plain[] = {"Li", "auli.extxyz", "training", "nothing"};
    (void)state;
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++) {
        struct nnp_text text = {0};
        nnp_yaml_write_string(&text, quoted[i], 0);
        assert_int_equal(text.data[0], '"');
        free(text.data);
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct nnp_text text = {0};
        nnp_yaml_write_string(&text, plain[i], 0);
        assert_string_equal(text.data, plain[i]);
        free(text.data);
    }
}

static void test_long_lists_are_broken(void **state)
{
    double values[500], back[500];
    unsigned long long random = 3;
    struct nnp_text text = {0};
    (void)state;
    for (int i = 0; i < 500; i++)
        values[i] = test_random(&random, -1.0, 1.0);
    nnp_text_append(&text, "a:\n  - ");
    nnp_yaml_write_doubles(&text, values, 500, 5);
    nnp_text_append(&text, "\n");
    for (const char *line = text.data; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 98);
    struct nnp_yaml *document = parsed(text.data);
    const struct nnp_yaml_node *list = nnp_yaml_get(nnp_yaml_root(document), "a");
    assert_int_equal(nnp_yaml_doubles(nnp_yaml_item(list, 0), "a", 500, back, NULL), 0);
    assert_doubles_near(back, values, 500, 0.0);
    nnp_yaml_free(document);
    free(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_refused_documents),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_refused_values),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_strings_round_trip),
        cmocka_unit_test(test_random_strings_round_trip),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_long_lists_are_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
