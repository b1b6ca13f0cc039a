/* nnp-select: structures out of trajectories or data, to be labelled and trained on. */
#include "choice.h"
#include "distances.h"
#include "extxyz.h"
#include "linear_algebra.h"
#include "nnp/potential.h"
#include "select_arguments.h"
#include "structure_features.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All structures: first the candidates, then those that are held. */
struct pool {
    struct nnp_potential *potential;
    struct nnp_dataset candidates, held;
    const struct nnp_structure **structures; /* [n] */
    bool *is_held;                           /* [n] */
    int n, n_candidates, n_columns;
    double *values; /* [n][n_columns]: components, or one value */
    int *order;     /* [n], 1, 2, .. for the chosen, 0 for others */
};

static void free_pool(struct pool *pool)
{
    nnp_potential_free(pool->potential);
    nnp_dataset_free(&pool->candidates);
    nnp_dataset_free(&pool->held);
    free(pool->structures);
    free(pool->is_held);
    free(pool->values);
    free(pool->order);
}

/* Takes a structure up, unless atoms are too close; *n_close counts those. */
static enum nnp_status take(struct pool *pool, const struct nnp_structure *structure,
                            double min_distance, int *n_close, struct nnp_error *error)
{
    struct nnp_close_pair pair = {.distance = INFINITY};
    enum nnp_status status = NNP_SUCCESS;
    if (min_distance > 0.0)
        status = nnp_distances_closest(structure, min_distance, &pair, error);
    if (status)
        return status;
    if (pair.distance < min_distance) {
        if (++*n_close == 1)
            fprintf(stderr,
                    "nnp-select: %s:%d: atoms %d and %d are %.3f Angstrom apart: left out\n",
                    structure->file, structure->line, pair.i + 1, pair.j + 1, pair.distance);
        return NNP_SUCCESS;
    }
    pool->structures[pool->n++] = structure;
    return NNP_SUCCESS;
}

static enum nnp_status gather(const struct select_arguments *arguments, struct pool *pool,
                              struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    int n_close = 0;
    for (int f = 1; f < arguments->n_files && !status; f++)
        status = input_options_read(&arguments->options, "nnp-select", arguments->files[f],
                                    &pool->candidates, error);
    for (int f = 0; f < arguments->n_against && !status; f++)
        status = input_options_read(&arguments->options, "nnp-select", arguments->against[f],
                                    &pool->held, error);
    if (status)
        return status;
    size_t n = (size_t)pool->candidates.n_structures + (size_t)pool->held.n_structures + 1;
    pool->structures = calloc(n, sizeof *pool->structures);
    pool->is_held = calloc(n, sizeof *pool->is_held);
    pool->order = calloc(n, sizeof *pool->order);
    if (!pool->structures || !pool->is_held || !pool->order)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu structures", n);
    for (int s = 0; s < pool->candidates.n_structures && !status; s++)
        status = take(pool, &pool->candidates.structures[s], arguments->min_distance, &n_close,
                      error);
    if (n_close > 1)
        fprintf(stderr, "nnp-select: %d structures with atoms that close were left out\n",
                n_close);
    pool->n_candidates = pool->n;
    for (int s = 0; s < pool->held.n_structures && !status; s++) {
        pool->is_held[pool->n] = true;
        pool->structures[pool->n++] = &pool->held.structures[s];
    }
    if (!status && pool->n_candidates == 0)
        status =
            nnp_error_set(error, NNP_ERROR_INCONSISTENT, "no structure is left to choose from");
    return status;
}

/* Points in the space of all functions; with pca their components, which are shown. */
static enum nnp_status place(const struct select_arguments *arguments, struct pool *pool,
                             struct nnp_error *error)
{
    struct nnp_features features;
    bool atoms = arguments->features ? strcmp(arguments->features, "atoms") == 0
                                     : nnp_features_one_kind(pool->n, pool->structures);
    enum nnp_status status =
        nnp_features_create(&features, pool->potential, pool->n, pool->structures,
                            atoms ? NNP_FEATURES_ATOMS : NNP_FEATURES_MEAN, error);
    if (status)
        return status;
    int n_components = arguments->n_components;
    double *variances = calloc((size_t)n_components, sizeof *variances);
    pool->values = calloc((size_t)pool->n + 1, (size_t)n_components * sizeof *pool->values);
    pool->n_columns = n_components;
    if (!variances || !pool->values)
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d components", n_components);
    else
        status =
            nnp_features_components(&features, n_components, pool->values, variances, error);
    if (!status) {
        const double *points = arguments->way == BY_PCA ? pool->values : features.values;
        int n_columns = arguments->way == BY_PCA ? n_components : features.n_columns;
        int n = nnp_choose_farthest(pool->n, n_columns, points, pool->is_held, arguments->n,
                                    (unsigned long)arguments->seed, pool->order);
        printf("%s: %d numbers per structure, variances of the components:",
               atoms ? "atoms side by side" : "mean and deviation", features.n_columns);
        for (int c = 0; c < n_components; c++)
            printf(" %.3g", variances[c]);
        puts("");
        if (n < 0)
            status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for distances");
    }
    free(variances);
    nnp_features_free(&features);
    return status;
}

static enum nnp_status rank(const struct select_arguments *arguments, struct pool *pool,
                            struct nnp_error *error)
{
    pool->values = calloc((size_t)pool->n + 1, sizeof *pool->values);
    pool->n_columns = 1;
    if (!pool->values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d values", pool->n);
    enum nnp_status status =
        (arguments->way == BY_SPREAD ? nnp_committee_spread : nnp_count_extrapolations)(
            pool->potential, pool->n, pool->structures, pool->values, error);
    if (!status)
        nnp_choose_largest(pool->n, pool->values, pool->is_held, arguments->n, pool->order);
    return status;
}

/* ---- Output ---- */

static void append_csv(struct nnp_text *text, const struct select_arguments *arguments,
                       const struct pool *pool)
{
    bool ranked = arguments->way == BY_SPREAD || arguments->way == BY_EXTRAPOLATION;
    nnp_text_append(text, "set,file,line,chosen");
    for (int c = 0; c < pool->n_columns; c++)
        if (ranked)
            nnp_text_append(text, ",%s", select_ways[arguments->way]);
        else
            nnp_text_append(text, ",component_%d", c + 1);
    nnp_text_append(text, "\n");
    for (int s = 0; s < pool->n; s++) {
        nnp_text_append(text, "%s,\"%s\",%d,%d", pool->is_held[s] ? "held" : "candidate",
                        pool->structures[s]->file, pool->structures[s]->line, pool->order[s]);
        for (int c = 0; c < pool->n_columns; c++) {
            nnp_text_append(text, ",");
            nnp_text_append_double(text, pool->values[s * pool->n_columns + c]);
        }
        nnp_text_append(text, "\n");
    }
}

static void append_structure(struct nnp_text *text, const struct nnp_structure *structure,
                             bool strip)
{
    struct nnp_structure written = *structure; /* borrows all */
    if (strip)
        written.has_energy = written.has_forces = written.has_stress = false;
    nnp_extxyz_append(text, &written, NULL);
}

/* In the order of DATA. */
static enum nnp_status write_results(const struct select_arguments *arguments,
                                     const struct pool *pool, struct nnp_error *error)
{
    struct nnp_text chosen = {0}, csv = {0};
    enum nnp_status status = NNP_SUCCESS;
    int n = 0;
    for (int s = 0; s < pool->n; s++)
        if (pool->order[s] > 0) {
            append_structure(&chosen, pool->structures[s], arguments->strip);
            n++;
        }
    if (arguments->csv)
        append_csv(&csv, arguments, pool);
    if (chosen.failed || csv.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the output");
    if (!status && n == 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "nothing to choose: %s of %d structures",
                               arguments->way == BY_EXTRAPOLATION ? "no extrapolation in any"
                               : arguments->way == BY_SPREAD      ? "no spread in any"
                                                                  : "all are like those held",
                               pool->n_candidates);
    if (!status && arguments->csv)
        status = nnp_file_write(arguments->csv, csv.data, csv.length, error);
    if (!status)
        status = nnp_file_write(arguments->output, chosen.data, chosen.length, error);
    if (!status)
        printf("%s: %d of %d structures chosen, %d held\n", arguments->output, n,
               pool->n_candidates, pool->n - pool->n_candidates);
    free(chosen.data);
    free(csv.data);
    return status;
}

static enum nnp_status run(struct select_arguments *arguments, struct nnp_error *error)
{
    struct pool pool = {0};
    enum nnp_status status = nnp_potential_read(&pool.potential, arguments->files[0], error);
    if (!status)
        status = gather(arguments, &pool, error);
    if (!status) {
        double fraction = arguments->fraction > 0.0 ? arguments->fraction : 0.01;
        if (arguments->n == 0)
            arguments->n = (int)ceil(fraction * pool.n_candidates * (1.0 - 1e-12));
        bool ranked = arguments->way == BY_SPREAD || arguments->way == BY_EXTRAPOLATION;
        status = (ranked ? rank : place)(arguments, &pool, error);
    }
    if (!status)
        status = write_results(arguments, &pool, error);
    free_pool(&pool);
    return status;
}

int main(int argc, char **argv)
{
    struct select_arguments arguments = {.way = BY_PCA, .n_components = 2, .seed = 1};
    struct nnp_error error = {0};
    input_options_init(&arguments.options);
    arguments.files = calloc((size_t)argc + 1, sizeof *arguments.files);
    arguments.against = calloc((size_t)argc + 1, sizeof *arguments.against);
    nnp_linear_algebra_init();
    int code = EXIT_FAILED;
    if (!arguments.files || !arguments.against) {
        fputs("nnp-select: out of memory\n", stderr);
    } else {
        code = select_arguments_read(argc, argv, &arguments);
        if (code < 0) {
            code = run(&arguments, &error) ? EXIT_FAILED : EXIT_DONE;
            if (code)
                fprintf(stderr, "nnp-select: %s\n", error.message);
        }
    }
    free(arguments.files);
    free(arguments.against);
    return code;
}
