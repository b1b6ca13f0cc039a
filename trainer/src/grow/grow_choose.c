/* Choice among the frames: far from one another and from the data, or uncertain ones. */
#include "choice.h"
#include "extxyz.h"
#include "grow_parts.h"
#include "nnp/potential.h"
#include "structure_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Structures that are chosen among together: candidates, then those held. */
struct pool {
    const struct nnp_structure **structures; /* [n] */
    int *origin;                             /* [n], index of a candidate among the frames */
    bool *is_held;                           /* [n] */
    int *order;                              /* [n], 1, 2, .. for the chosen */
    double *scores;                          /* [n][n_components] or one value each */
    int n, n_candidates, n_runs;
};

struct choosing {
    const struct nnp_generation *generation;
    struct nnp_potential *potential;
    struct nnp_dataset frames, held;
    bool *chosen; /* [frames] */
    struct nnp_text map;
    int n_kinds;
    const char **kinds; /* [n_kinds], borrowed from the frames */
};

static bool is_ranked(const struct nnp_study_choice *choice)
{
    return choice->way == NNP_STUDY_SPREAD || choice->way == NNP_STUDY_EXTRAPOLATION;
}

static void free_pool(struct pool *pool)
{
    free(pool->structures);
    free(pool->origin);
    free(pool->is_held);
    free(pool->order);
    free(pool->scores);
}

static enum nnp_status allocate_pool(struct pool *pool, const struct choosing *choosing,
                                     struct nnp_error *error)
{
    size_t n = (size_t)choosing->frames.n_structures + (size_t)choosing->held.n_structures + 1;
    size_t n_components = (size_t)choosing->generation->study->choice.n_components;
    pool->structures = calloc(n, sizeof *pool->structures);
    pool->origin = calloc(n, sizeof *pool->origin);
    pool->is_held = calloc(n, sizeof *pool->is_held);
    pool->order = calloc(n, sizeof *pool->order);
    pool->scores = calloc(n, n_components * sizeof *pool->scores);
    return pool->structures && pool->origin && pool->is_held && pool->order && pool->scores
               ? NNP_SUCCESS
               : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu structures", n);
}

/* Whether frames are of one run: their names agree up to "_f". */
static bool same_run(const struct nnp_structure *a, const struct nnp_structure *b)
{
    int n_a, n_b;
    const char *sid_a = nnp_grow_sid(a, &n_a), *sid_b = nnp_grow_sid(b, &n_b);
    const char *end = sid_a ? strstr(sid_a, "_f") : NULL;
    return end && sid_b && strncmp(sid_a, sid_b, (size_t)(end - sid_a) + 2) == 0;
}

static bool side_by_side(const struct nnp_structure *a, const struct nnp_structure *b)
{
    return nnp_features_one_kind(2, (const struct nnp_structure *[]){a, b});
}

/* kind NULL: all frames and all data; else the frames of a kind, and data that can be put side
 * by side with them. */
static void fill_pool(struct pool *pool, const struct choosing *choosing, const char *kind)
{
    const struct nnp_structure *last = NULL;
    for (int s = 0; s < choosing->frames.n_structures; s++) {
        const struct nnp_structure *frame = &choosing->frames.structures[s];
        if (kind && strcmp(frame->group, kind) != 0)
            continue;
        pool->n_runs += !last || !same_run(last, frame);
        pool->origin[pool->n] = s;
        pool->structures[pool->n++] = last = frame;
    }
    pool->n_candidates = pool->n;
    for (int s = 0; s < choosing->held.n_structures; s++) {
        const struct nnp_structure *held = &choosing->held.structures[s];
        if (kind && !side_by_side(held, pool->structures[0]))
            continue;
        pool->is_held[pool->n] = true;
        pool->structures[pool->n++] = held;
    }
}

/* Sets scores and order. */
static enum nnp_status place(const struct choosing *choosing, struct pool *pool, int n_wanted,
                             struct nnp_error *error)
{
    const struct nnp_study_choice *choice = &choosing->generation->study->choice;
    struct nnp_features features;
    double *variances = calloc((size_t)choice->n_components, sizeof *variances);
    if (!variances)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for components");
    enum nnp_status status =
        nnp_features_create(&features, choosing->potential, pool->n, pool->structures,
                            choice->atoms ? NNP_FEATURES_ATOMS : NNP_FEATURES_MEAN, error);
    if (!status)
        status = nnp_features_components(&features, choice->n_components, pool->scores,
                                         variances, error);
    if (!status && !is_ranked(choice)) {
        bool components = choice->way == NNP_STUDY_PCA;
        int n =
            nnp_choose_farthest(pool->n, components ? choice->n_components : features.n_columns,
                                components ? pool->scores : features.values, pool->is_held,
                                n_wanted, (unsigned long)choice->seed, pool->order);
        if (n < 0)
            status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for distances");
    }
    nnp_features_free(&features);
    free(variances);
    return status;
}

static enum nnp_status rank(const struct choosing *choosing, struct pool *pool, int n_wanted,
                            struct nnp_error *error)
{
    bool spread = choosing->generation->study->choice.way == NNP_STUDY_SPREAD;
    double *values = calloc((size_t)pool->n + 1, sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d values", pool->n);
    enum nnp_status status = (spread ? nnp_committee_spread : nnp_count_extrapolations)(
        choosing->potential, pool->n_candidates, pool->structures, values, error);
    if (!status)
        nnp_choose_largest(pool->n, values, pool->is_held, n_wanted, pool->order);
    free(values);
    return status;
}

static void append_map(struct choosing *choosing, const struct pool *pool, const char *kind)
{
    int n_components = choosing->generation->study->choice.n_components;
    for (int s = 0; s < pool->n; s++) {
        const struct nnp_structure *structure = pool->structures[s];
        int length = 0;
        const char *sid = nnp_grow_sid(structure, &length);
        nnp_text_append(&choosing->map, "%s,", pool->is_held[s] ? "held" : "frame");
        nnp_grow_append_cell(&choosing->map, kind               ? kind
                                             : structure->group ? structure->group
                                                                : "");
        nnp_text_append(&choosing->map, ",%.*s,%d", length, sid ? sid : "", pool->order[s]);
        for (int c = 0; c < n_components; c++)
            nnp_text_append(&choosing->map, ",%.8g", pool->scores[s * n_components + c]);
        nnp_text_append(&choosing->map, "\n");
    }
}

static enum nnp_status choose_from(struct choosing *choosing, const char *kind,
                                   struct nnp_error *error)
{
    const struct nnp_study_choice *choice = &choosing->generation->study->choice;
    struct pool pool = {0};
    enum nnp_status status = allocate_pool(&pool, choosing, error);
    if (status) {
        free_pool(&pool);
        return status;
    }
    fill_pool(&pool, choosing, kind);
    int n_wanted = choice->n > 0
                       ? choice->n * pool.n_runs
                       : (int)ceil(choice->fraction * pool.n_candidates * (1.0 - 1e-12));
    status = place(choosing, &pool, n_wanted, error);
    if (!status && is_ranked(choice))
        status = rank(choosing, &pool, n_wanted, error);
    if (!status)
        append_map(choosing, &pool, kind);
    for (int s = 0; s < pool.n_candidates && !status; s++)
        choosing->chosen[pool.origin[s]] = pool.order[s] > 0;
    free_pool(&pool);
    return status;
}

/* ---- The step ---- */

static enum nnp_status read_all(struct choosing *choosing, struct nnp_error *error)
{
    const struct nnp_generation *generation = choosing->generation;
    const struct nnp_study *study = generation->study;
    enum nnp_status status =
        nnp_potential_read(&choosing->potential, generation->potential, error);
    if (!status)
        status = nnp_grow_read(generation, "frames.extxyz", &choosing->frames, error);
    for (int d = 0; d < study->n_data && !status; d++)
        status = nnp_dataset_read(&choosing->held, study->data[d], NULL, error);
    for (int g = 1; g < generation->number && !status; g++) {
        char *path;
        status = nnp_grow_labelled(study, g, &path, error);
        if (!status)
            status = nnp_dataset_read(&choosing->held, path, NULL, error);
        free(path);
    }
    return status;
}

static enum nnp_status list_kinds(struct choosing *choosing, struct nnp_error *error)
{
    int n = choosing->frames.n_structures;
    choosing->chosen = calloc((size_t)n + 1, sizeof *choosing->chosen);
    choosing->kinds = calloc((size_t)n + 1, sizeof *choosing->kinds);
    if (!choosing->chosen || !choosing->kinds)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d frames", n);
    for (int s = 0; s < n; s++) {
        const char *kind = choosing->frames.structures[s].group;
        int k = 0;
        if (!kind)
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "%.500s/frames.extxyz has a frame without a kind",
                                 choosing->generation->folder);
        while (k < choosing->n_kinds && strcmp(choosing->kinds[k], kind) != 0)
            k++;
        if (k == choosing->n_kinds)
            choosing->kinds[choosing->n_kinds++] = kind;
    }
    return NNP_SUCCESS;
}

static enum nnp_status write_chosen(const struct choosing *choosing, struct nnp_error *error)
{
    const struct nnp_generation *generation = choosing->generation;
    struct nnp_text text = {0};
    int n = 0;
    for (int s = 0; s < choosing->frames.n_structures; s++)
        if (choosing->chosen[s]) {
            nnp_extxyz_append(&text, &choosing->frames.structures[s], NULL);
            n++;
        }
    enum nnp_status status = nnp_grow_write(generation, "map.csv", &choosing->map, error);
    if (!status)
        status = nnp_grow_plot_map(generation, choosing->n_kinds, choosing->kinds, error);
    if (!status)
        status = nnp_grow_write(generation, "chosen.extxyz", &text, error);
    if (!status)
        nnp_grow_say(generation->observer,
                     "  %d of %d frames chosen, beside %d structures held", n,
                     choosing->frames.n_structures, choosing->held.n_structures);
    free(text.data);
    return status;
}

enum nnp_status nnp_grow_choose(const struct nnp_generation *generation,
                                struct nnp_error *error)
{
    const struct nnp_study_choice *choice = &generation->study->choice;
    struct choosing choosing = {.generation = generation};
    enum nnp_status status = read_all(&choosing, error);
    if (!status)
        status = list_kinds(&choosing, error);
    nnp_text_append(&choosing.map, "set,kind,sid,chosen");
    for (int c = 0; c < choice->n_components; c++)
        nnp_text_append(&choosing.map, ",component_%d", c + 1);
    nnp_text_append(&choosing.map, "\n");
    if (!status && !choice->atoms)
        status = choose_from(&choosing, NULL, error);
    for (int k = 0; choice->atoms && k < choosing.n_kinds && !status; k++)
        status = choose_from(&choosing, choosing.kinds[k], error);
    if (!status)
        status = write_chosen(&choosing, error);
    nnp_potential_free(choosing.potential);
    nnp_dataset_free(&choosing.frames);
    nnp_dataset_free(&choosing.held);
    free(choosing.chosen);
    free(choosing.kinds);
    free(choosing.map.data);
    return status;
}
