/* Trainings that begin with potentials that have a repulsion: it is subtracted from the data,
 * kept, and joined pair by pair; what contradicts it is refused. */
#include "temporary.h"
#include "text.h"
#include "trained.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LITHIUM = 3, COPPER = 29, GOLD = 79 };

static const int li[] = {LITHIUM}, au[] = {GOLD}, liau[] = {LITHIUM, GOLD};

#define EXACT "memory: 0 kB\n" /* all in double precision */
#define STAGE EXACT "stages: [{energy: 1, forces: 1, stress: 1, iterations: 3}]\n"
#define FROZEN                                                                                 \
    EXACT "stages: [{energy: 1, forces: 1, stress: 1, iterations: 3, freeze: known}]\n"

/* Radii within which the structures have neighbors (2.2 Angstrom and more). */
#define ZBL(outer) "{type: zbl, inner: 2, outer: " #outer "}"
#define EXPONENTIAL(outer)                                                                     \
    "{type: exponential, inner: 2, outer: " #outer ", amplitude: 90, decay: 0.6}"

static void assert_pair(const struct nnp_repulsion *repulsion, int a, int b, double inner,
                        double outer)
{
    const struct nnp_repulsion_pair pair = nnp_repulsion_of(repulsion, a, b);
    if (pair.inner != inner || pair.outer != outer)
        fail_msg("%d-%d: %g to %g, expected %g to %g", a, b, pair.inner, pair.outer, inner,
                 outer);
}

static void remove_potentials(void)
{
    static const char *const files[] = {"Li.nnp",   "Cu.nnp",   "Au.nnp",   "LiCu.nnp",
                                        "LiAu.nnp", "CuAu.nnp", "all.nnp",  "out.nnp",
                                        "none.nnp", "soft.nnp", "other.nnp"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++)
        remove(files[f]);
}

/* With references by the potential itself nothing is left to be fitted, if the repulsion is
 * subtracted from them, and the result is the potential. */
static void fine_tune(const char *repulsion)
{
    char keys[500];
    struct trained_messages messages;
    struct nnp_error error;
    snprintf(keys, sizeof keys, "elements: [Li, Au]\nrepulsion: %s\n" STAGE, repulsion);
    trained_well("LiAu.nnp", keys, 2, liau, NULL);
    for (int equal = 0; equal < 2; equal++) { /* the key is left out, or the same */
        snprintf(keys, sizeof keys, "elements: [Li, Au]\ninitial: LiAu.nnp\n%s%s\n" STAGE,
                 equal ? "repulsion: " : "", equal ? repulsion : "");
        assert_int_equal(
            trained_try_labelled("out.nnp", keys, "LiAu.nnp", 2, liau, &messages, &error),
            NNP_SUCCESS);
        assert_non_null(strstr(messages.text, "initial potentials: their repulsion ("));
        struct nnp_potential *before = trained_read("LiAu.nnp");
        struct nnp_potential *after = trained_read("out.nnp");
        const struct nnp_repulsion *a = &before->repulsion, *b = &after->repulsion;
        assert_true(a->type == b->type && a->inner == b->inner && a->outer == b->outer &&
                    a->amplitude == b->amplitude && a->decay == b->decay);
        assert_int_equal(a->n_pairs, b->n_pairs);
        for (int p = 0; p < a->n_pairs; p++)
            assert_memory_equal(&a->pairs[p], &b->pairs[p], sizeof *a->pairs);
        const struct nnp_rmse *rmse = &after->provenance.rmse[0];
        assert_true(before->provenance.rmse[0].forces > 1e-3);
        assert_true(rmse->energy < 1e-12 && rmse->forces < 1e-11 && rmse->stress < 1e-12);
        nnp_potential_free(before);
        nnp_potential_free(after);
    }
    remove_potentials();
}

static void test_fine_tuning(void **state)
{
    (void)state;
    fine_tune(ZBL(3.5));
    fine_tune(EXPONENTIAL(3.5));
    fine_tune("{type: zbl, inner: 1, outer: 3, pairs: [{elements: [Au, Au], inner: 2, "
              "outer: 4}]}");
}

/* All pairs that were stated, once each, and the same bits. */
static void stratify(const char *const repulsions[TRAINED_STEPS])
{
    char texts[TRAINED_STEPS][300];
    const char *keys[TRAINED_STEPS];
    for (int k = 0; k < TRAINED_STEPS; k++) {
        snprintf(texts[k], sizeof texts[k], "%s%s\n%s", repulsions[k] ? "repulsion: " : "",
                 repulsions[k] ? repulsions[k] : "", k < 3 ? STAGE : FROZEN);
        keys[k] = texts[k];
    }
    trained_stratified(keys);
}

#define PAIR(a, b, outer)                                                                      \
    "{type: zbl, pairs: [{elements: [" #a ", " #b "], inner: 2, outer: " #outer "}]}"

static void test_stratified(void **state)
{
    (void)state;
    static const char *const same[7] = {ZBL(3), ZBL(3), ZBL(3), ZBL(3), ZBL(3.0), ZBL(3), NULL};
    static const char *const own[7] = {
        ZBL(3), NULL, ZBL(3.5), PAIR(Li, Cu, 3.1), PAIR(Au, Li, 3.2), PAIR(Au, Cu, 3.3), NULL};
    static const char *const soft[7] = {EXPONENTIAL(3),
                                        EXPONENTIAL(3),
                                        EXPONENTIAL(3),
                                        EXPONENTIAL(3),
                                        EXPONENTIAL(3),
                                        EXPONENTIAL(3),
                                        NULL};
    static const char *const found[7] = {ZBL(3),
                                         "{type: zbl, radii: auto}",
                                         "{type: zbl, radii: auto}",
                                         "{type: zbl, radii: auto}",
                                         "{type: zbl, radii: auto}",
                                         "{type: zbl, radii: auto}",
                                         NULL};
    stratify(same);
    stratify(own);
    struct nnp_potential *potential = trained_read("all.nnp");
    assert_int_equal(potential->repulsion.n_pairs, 5);
    assert_pair(&potential->repulsion, LITHIUM, LITHIUM, 2, 3);
    assert_pair(&potential->repulsion, COPPER, COPPER, 0, 0);
    assert_pair(&potential->repulsion, GOLD, GOLD, 2, 3.5);
    assert_pair(&potential->repulsion, LITHIUM, COPPER, 2, 3.1);
    assert_pair(&potential->repulsion, LITHIUM, GOLD, 2, 3.2);
    assert_pair(&potential->repulsion, COPPER, GOLD, 2, 3.3);
    nnp_potential_free(potential);
    stratify(soft);
    stratify(found);
    potential = trained_read("LiAu.nnp");
    assert_pair(&potential->repulsion, LITHIUM, LITHIUM, 2, 3);
    const struct nnp_repulsion_pair pair = nnp_repulsion_of(&potential->repulsion, 3, 79);
    assert_true(pair.outer > 2.0 && pair.outer < 3.0 && pair.inner == 0.5 * pair.outer);
    nnp_potential_free(potential);
    remove_potentials();
}

/* Data of a compound alone, whose pure elements no structure has: what is fitted is less the
 * joined repulsion. */
static void test_joined_is_subtracted(void **state)
{
    (void)state;
    struct nnp_error error;
    static const char joined[] = "elements: [Li, Au]\ninitial: [Li.nnp, Au.nnp]\n"
                                 "repulsion: " PAIR(Li, Au, 3.2) "\n" FROZEN;
    trained_well("Li.nnp", "elements: Li\nrepulsion: " ZBL(3) "\n" STAGE, 1, li, NULL);
    trained_well("Au.nnp", "elements: Au\nrepulsion: " ZBL(3.5) "\n" STAGE, 1, au, NULL);
    trained_well("LiAu.nnp", joined, 2, liau, NULL);
    assert_int_equal(trained_try_labelled("out.nnp",
                                          "elements: [Li, Au]\ninitial: LiAu.nnp\n" STAGE,
                                          "LiAu.nnp", 2, liau, NULL, &error),
                     NNP_SUCCESS);
    struct nnp_potential *potential = trained_read("out.nnp");
    assert_int_equal(potential->repulsion.n_pairs, 3);
    assert_true(potential->provenance.rmse[0].forces < 1e-11);
    nnp_potential_free(potential);
    remove_potentials();
}

static void test_refusals(void **state)
{
    (void)state;
#define PURE "elements: Li\ninitial: Li.nnp\n"
#define BINARY "elements: [Li, Au]\ninitial: [Li.nnp, Au.nnp]\n"
    static const struct {
        const char *keys, *words;
    } cases[] = {
        {PURE "repulsion: " ZBL(3.1),
         "test.yaml:10:12: the repulsion of Li and Li is {type: zbl, inner: 2, outer: 3.1}, "
         "expected {type: zbl, inner: 2, outer: 3}, that of the initial potential"},
        {PURE "repulsion: none", "of Li and Li is none, expected {type: zbl, inner: 2"},
        {PURE "repulsion: " EXPONENTIAL(3),
         "type of the repulsion is exponential, expected zbl"},
        {PURE "repulsion: {type: zbl, radii: auto}", "asked from the data"},
        {PURE "repulsion: {type: zbl, inner: 2}", "'outer'"},
        {"elements: Li\ninitial: none.nnp\nrepulsion: " ZBL(3),
         "{type: zbl, inner: 2, outer: 3}, expected none, that of the initial"},
        {"elements: Li\ninitial: none.nnp\nrepulsion: {type: zbl, radii: auto}", "covers all"},
        {"elements: Li\ninitial: [Li.nnp, other.nnp]",
         "other.nnp has another repulsion of Li and Li than an initial"},
        {"elements: Li\ninitial: [none.nnp, other.nnp]", "another repulsion of Li and Li"},
        {"elements: Li\ninitial: [Li.nnp, soft.nnp]",
         "soft.nnp has a repulsion of the type exponential, expected zbl"},
        {BINARY, "none covers Li and Au, expected the key 'repulsion' with this pair"},
        {BINARY "repulsion: " ZBL(3), "of Au and Au is {type: zbl, inner: 2, outer: 3}"},
        {BINARY "repulsion: " PAIR(Li, Cu, 3), "a pair with Cu, which is not among"},
        {BINARY "repulsion: " PAIR(Li, Au, 6), "outer radius of the repulsion is 6"},
        {BINARY "repulsion: none", "of Li and Li is none, expected"},
        {"elements: [Li, Au]\ninitial: [none.nnp, Au.nnp]", "none covers Li and Au"},
    };
    struct nnp_error error;
    char text[1600];
    trained_well("Li.nnp", "elements: Li\nrepulsion: " ZBL(3) "\n" STAGE, 1, li, NULL);
    trained_well("Au.nnp", "elements: Au\nrepulsion: " ZBL(3.5) "\n" STAGE, 1, au, NULL);
    struct nnp_potential *potential = trained_read("Li.nnp");
    potential->repulsion.outer = 3.25;
    assert_int_equal(nnp_potential_write(potential, "other.nnp", &error), NNP_SUCCESS);
    potential->repulsion.type = NNP_REPULSION_EXPONENTIAL;
    potential->repulsion.amplitude = potential->repulsion.decay = 1.0;
    assert_int_equal(nnp_potential_write(potential, "soft.nnp", &error), NNP_SUCCESS);
    potential->repulsion = (struct nnp_repulsion){0};
    assert_int_equal(nnp_potential_write(potential, "none.nnp", &error), NNP_SUCCESS);
    nnp_potential_free(potential);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(text, sizeof text, "%s%s\n", trained_functions, cases[k].keys);
        const int n = strstr(cases[k].keys, "Au") ? 2 : 1;
        assert_int_not_equal(trained_try("out.nnp", text, n, liau, NULL, &error), NNP_SUCCESS);
        if (!strstr(error.message, cases[k].words))
            fail_msg("'%s': '%s' is not in: %s", cases[k].keys, cases[k].words, error.message);
    }
    /* Without a repulsion anywhere, or with one that none has, nothing is contradicted. */
    trained_well("out.nnp", "elements: Li\ninitial: none.nnp\nrepulsion: none\n" STAGE, 1, li,
                 NULL);
    remove_potentials();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fine_tuning),
        cmocka_unit_test(test_stratified),
        cmocka_unit_test(test_joined_is_subtracted),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, nnp_temporary_enter, nnp_temporary_leave);
}
