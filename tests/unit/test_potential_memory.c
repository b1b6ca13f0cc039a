/* Potentials where memory runs out: the k-th allocation fails, for every k.  Linked with
 * wrapped allocations; libyaml's own are not reached. */
#include "nnp/potential.h"

#include "allocations.h"
#include "random_potential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct nnp_potential *committee(void)
{
    const struct random_potential_options options = {
        .n_elements = 1, .n_members = 2, .with_projection = 1, .seed = 1};
    return random_potential(&options);
}

static const char provenance[] =
    "provenance: {title: t, author: a, created: c, program: p, licence: l, comment: k,\n"
    "  data: [{file: f, sha256: "
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, structures: 1}],\n"
    "  rmse: [{set: s, structures: 2}]}";

/* The file of a potential, with all that a provenance can hold. */
static char *text_with_provenance(void)
{
    char *text;
    struct nnp_potential *potential = committee();
    assert_int_equal(nnp_potential_format(potential, &text, NULL), NNP_SUCCESS);
    nnp_potential_free(potential);
    char *old = strstr(text, "provenance: {}");
    assert_non_null(old);
    const size_t head = (size_t)(old - text);
    const char *tail = old + strlen("provenance: {}");
    char *result = malloc(strlen(text) + sizeof provenance);
    assert_non_null(result);
    memcpy(result, text, head);
    strcpy(result + head, provenance);
    strcat(result + head, tail);
    free(text);
    return result;
}

static void test_parse(void **state)
{
    char *text = text_with_provenance();
    const long before = test_allocations.n_live;
    long k = 0;
    enum nnp_status status;
    (void)state;
    do {
        struct nnp_error error = {0};
        struct nnp_potential *potential;
        fail_after(k++);
        status = nnp_potential_parse(&potential, "p.nnp", text, strlen(text), &error);
        const bool reached = fail_never();
        assert_int_equal(status, reached ? NNP_ERROR_MEMORY : NNP_SUCCESS);
        assert_int_equal(error.status, status);
        assert_int_equal(!potential, reached);
        assert_int_equal(!*error.message, !reached);
        nnp_potential_free(potential);
        assert_int_equal(test_allocations.n_live, before);
    } while (status);
    assert_true(k > 100);
    free(text);
}

static void test_format(void **state)
{
    struct nnp_potential *potential = committee();
    const long before = test_allocations.n_live;
    long k = 0;
    enum nnp_status status;
    (void)state;
    do {
        char *text;
        fail_after(k++);
        status = nnp_potential_format(potential, &text, NULL);
        const bool reached = fail_never();
        assert_int_equal(status, reached ? NNP_ERROR_MEMORY : NNP_SUCCESS);
        assert_int_equal(!text, reached);
        free(text);
        assert_int_equal(test_allocations.n_live, before);
    } while (status);
    assert_true(k > 3);
    nnp_potential_free(potential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
