/* Text: numbers, the growing string, UTF-8, whole files. */
#include "doubles.h"
#include "temporary.h"
#include "test_random.h"
#include "text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *formatted(double value)
{
    struct nnp_text text = {0};
    nnp_text_append_double(&text, value);
    assert_false(text.failed);
    return text.data;
}

static void check_round_trip(double value)
{
    double back = 0.0;
    char *string = formatted(value);
    assert_true(nnp_text_to_double(string, &back));
    assert_double_bits_equal(back, value);
    free(string);
}

static void test_doubles_round_trip(void **state)
{
    static const double values[] = {
        0.0,     -0.0,    1.0,         0.1,       1.0 / 3.0,
        1e22,    1e23,    DBL_MAX,     -DBL_MAX,  DBL_MIN,
        5e-324,  -5e-324, DBL_EPSILON, 0x1p-1074, 0x1.fffffffffffffp-1023,
        123456.0};
    unsigned long long random = 1;
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        check_round_trip(values[i]);
    for (int i = 0; i < 20000; i++) {
        const double mantissa = test_random(&random, -2.0, 2.0);
        check_round_trip(ldexp(mantissa, (int)test_random(&random, -1080.0, 1023.0)));
    }
}

static void test_forms_of_doubles(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"},
                 {1.0, "1"},
                 {-0.0, "-0.0"},
                 {1e20, "1.0e+20"},
                 {1e-7, "1.0e-07"},
                 {5e-324, "5.0e-324"},
                 {-2.5e-9, "-2.5e-09"},
                 {NAN, "nan"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"},
                 {0.1 + 0.2, "0.30000000000000004"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *string = formatted(cases[i].value);
        assert_string_equal(string, cases[i].text);
        free(string);
    }
}

static void test_what_is_no_double(void **state)
{
    static const char *const words[] = {
        "",  " 1", "1 ",  "1,5",   "7x",   "0x10", "1e",     "e5",    "--1",     "1e999",
        ".", "-",  "+-1", "1.2.3", "nan0", "in",   "nan(1)", "1_000", "infinite"};
    double value = 42.0;
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nnp_text_to_double(words[i], &value))
            fail_msg("'%s' was taken for the number %g", words[i], value);
    assert_true(value == 42.0);
    assert_true(nnp_text_to_double("1e-999", &value) && value == 0.0);
    assert_true(nnp_text_to_double("+.5", &value) && value == 0.5);
    assert_true(nnp_text_to_double("NaN", &value) && isnan(value));
    assert_true(nnp_text_to_double("-INF", &value) && value == -INFINITY);
}

static void test_integers(void **state)
{
    static const char *const words[] = {"",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "7x",
                                        "0x10",
                                        "-",
                                        "+-1",
                                        "2147483648",
                                        "-2147483649",
                                        "99999999999999999999"};
    int value = 42;
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nnp_text_to_int(words[i], &value))
            fail_msg("'%s' was taken for the integer %d", words[i], value);
    assert_int_equal(value, 42);
    assert_true(nnp_text_to_int("2147483647", &value) && value == 2147483647);
    assert_true(nnp_text_to_int("-2147483648", &value) && value == -2147483647 - 1);
    assert_true(nnp_text_to_int("+08", &value) && value == 8);
}

/* With a decimal comma in the program's locale nothing changes. */
static void test_locale_does_not_matter(void **state)
{
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *found = NULL;
    double value = 0.0;
    (void)state;
    for (size_t i = 0; i < sizeof locales / sizeof *locales && !found; i++)
        found = setlocale(LC_ALL, locales[i]);
    if (!found)
        skip();
    char *string = formatted(0.5);
    struct nnp_text text = {0};
    nnp_text_append(&text, "%.2f", 1.25);
    const bool read = nnp_text_to_double("0.25", &value);
    setlocale(LC_ALL, "C");
    assert_string_equal(string, "0.5");
    assert_string_equal(text.data, "1.25");
    assert_true(read && value == 0.25);
    free(string);
    free(text.data);
}

static void test_text_grows(void **state)
{
    struct nnp_text text = {0};
    (void)state;
    for (int i = 0; i < 10000; i++)
        nnp_text_append(&text, "%04d,", i);
    assert_false(text.failed);
    assert_int_equal(text.length, 50000);
    assert_int_equal(strlen(text.data), 50000);
    assert_memory_equal(text.data + 49995, "9999,", 6);
    assert_false(nnp_text_reserve(&text, SIZE_MAX - 10));
    free(text.data);
}

static void test_utf8(void **state)
{
    static const struct {
        const char *bytes;
        int n;
        long code;
    } cases[] = {{"A", 1, 'A'},
                 {"\xC3\xA9", 2, 0xE9},
                 {"\xE2\x82\xAC", 3, 0x20AC},
                 {"\xF0\x9F\x98\x80", 4, 0x1F600},
                 {"\x80", 0, 0},
                 {"\xC3", 0, 0},
                 {"\xC0\x80", 0, 0},
                 {"\xE0\x80\xAF", 0, 0},
                 {"\xED\xA0\x80", 0, 0},
                 {"\xF4\x90\x80\x80", 0, 0},
                 {"\xFF", 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long code = 0;
        assert_int_equal(nnp_text_decode(cases[i].bytes, &code), cases[i].n);
        assert_int_equal(code, cases[i].code);
    }
}

static void assert_file_holds(const char *path, const char *expected)
{
    char *data;
    size_t length;
    struct nnp_error error;
    assert_int_equal(nnp_file_read(path, &data, &length, &error), NNP_SUCCESS);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(data, expected);
    free(data);
}

static void test_files_are_replaced(void **state)
{
    (void)state;
    assert_int_equal(nnp_file_write("a.txt", "first", 5, NULL), NNP_SUCCESS);
    assert_file_holds("a.txt", "first");
    assert_int_equal(nnp_file_write("./a.txt", "", 0, NULL), NNP_SUCCESS);
    assert_file_holds("a.txt", "");
    assert_int_equal(nnp_temporary_count(), 1);
    remove("a.txt");
}

static void test_permissions_stay(void **state)
{
    struct stat file;
    (void)state;
    assert_int_equal(nnp_file_write("a.txt", "old", 3, NULL), NNP_SUCCESS);
    assert_int_equal(chmod("a.txt", 0640), 0);
    assert_int_equal(nnp_file_write("a.txt", "new", 3, NULL), NNP_SUCCESS);
    assert_int_equal(stat("a.txt", &file), 0);
    assert_int_equal(file.st_mode & 0777, 0640);
    remove("a.txt");
}

static void test_links_are_followed(void **state)
{
    struct stat link;
    (void)state;
    assert_int_equal(nnp_file_write("a.txt", "old", 3, NULL), NNP_SUCCESS);
    assert_int_equal(symlink("a.txt", "link"), 0);
    assert_int_equal(nnp_file_write("link", "new", 3, NULL), NNP_SUCCESS);
    assert_int_equal(lstat("link", &link), 0);
    assert_true(S_ISLNK(link.st_mode));
    assert_file_holds("a.txt", "new");
    remove("link");
    remove("a.txt");
}

static void test_large_files(void **state)
{
    const size_t n = 3000000;
    size_t length;
    char *data = malloc(n), *back;
    (void)state;
    assert_non_null(data);
    memset(data, 'x', n);
    assert_int_equal(nnp_file_write("large", data, n, NULL), NNP_SUCCESS);
    assert_int_equal(nnp_file_read("large", &back, &length, NULL), NNP_SUCCESS);
    assert_int_equal(length, n);
    assert_memory_equal(back, data, n);
    free(data);
    free(back);
    remove("large");
}

static void test_reading_fails(void **state)
{
    char *data = NULL;
    size_t length;
    struct nnp_error error;
    (void)state;
    assert_int_equal(nnp_file_read("no_such_file", &data, &length, &error), NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot open no_such_file: No such file or directory");
    assert_null(data);
    assert_int_equal(nnp_file_read(".", &data, &length, &error), NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot read .: Is a directory");
}

static void test_places_that_cannot_be_written(void **state)
{
    struct nnp_error error;
    (void)state;
    assert_int_equal(nnp_file_write("no/folder", "x", 1, &error), NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write no/folder: No such file or directory");
    assert_int_equal(nnp_file_write("..", "x", 1, &error), NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write ..: Is a directory");
    if (!access("/dev/full", W_OK)) {
        assert_int_equal(nnp_file_write("/dev/full", "x", 1, &error), NNP_ERROR_FILE);
        assert_string_equal(error.message, "cannot write /dev/full: No space left on device");
    }
    assert_int_equal(nnp_temporary_count(), 0);
}

/* A full disk, by a limit on the size of files. */
static void test_old_file_survives(void **state)
{
    struct rlimit old, small;
    struct nnp_error error;
    char data[5000];
    (void)state;
    memset(data, 'y', sizeof data);
    assert_int_equal(nnp_file_write("a.txt", "old", 3, NULL), NNP_SUCCESS);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum nnp_status status = nnp_file_write("a.txt", data, sizeof data, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write a.txt: File too large");
    assert_file_holds("a.txt", "old");
    assert_int_equal(nnp_temporary_count(), 1);
    remove("a.txt");
}

static void test_read_only_folder(void **state)
{
    struct nnp_error error;
    (void)state;
    if (geteuid() == 0) /* may write anywhere */
        skip();
    assert_int_equal(nnp_file_write("a.txt", "old", 3, NULL), NNP_SUCCESS);
    assert_int_equal(chmod(".", 0500), 0);
    const enum nnp_status status = nnp_file_write("a.txt", "new", 3, &error);
    assert_int_equal(chmod(".", 0700), 0);
    assert_int_equal(status, NNP_ERROR_FILE);
    assert_string_equal(error.message, "cannot write a.txt: Permission denied");
    assert_file_holds("a.txt", "old");
    remove("a.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_doubles_round_trip),
        cmocka_unit_test(test_forms_of_doubles),
        cmocka_unit_test(test_what_is_no_double),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_locale_does_not_matter),
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_files_are_replaced),
        cmocka_unit_test(test_permissions_stay),
        cmocka_unit_test(test_links_are_followed),
        cmocka_unit_test(test_large_files),
        cmocka_unit_test(test_reading_fails),
        cmocka_unit_test(test_places_that_cannot_be_written),
        cmocka_unit_test(test_old_file_survives),
        cmocka_unit_test(test_read_only_folder),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
