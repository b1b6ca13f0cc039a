/* Laid out twice: the first time parts and runs are counted only. */
#include "stored_jacobian.h"

#include <stdlib.h>
#include <string.h>

/* Part of the columns from which on all are stored: runs take time. */
static const double dense = 0.9;

/* What the layout depends on. */
struct source {
    const struct nnp_function_groups *groups;
    const int *elements;
    const struct nnp_neighbor_list *list;
    bool *present; /* [n_elements] */
    int *marks;    /* [n_atoms], 1 + the last atom that this was a neighbor of */
};

static bool open_source(struct source *source, const struct nnp_function_groups *groups,
                        const int *elements, const struct nnp_neighbor_list *list)
{
    *source = (struct source){.groups = groups, .elements = elements, .list = list};
    source->present = calloc((size_t)groups->n_elements, sizeof *source->present);
    source->marks = calloc((size_t)list->n_atoms + 1, sizeof *source->marks);
    for (int i = 0; source->present && i < list->n_atoms; i++)
        source->present[elements[i]] = true;
    return source->present && source->marks;
}

static void close_source(struct source *source)
{
    free(source->present);
    free(source->marks);
}

static bool is_column(const struct source *source, const struct nnp_jacobian_part *part, int j)
{
    return j == part->atom || (source->marks[j] == part->atom + 1 &&
                               part->group->is_neighbor[source->elements[j]]);
}

static void add_run(struct nnp_stored_jacobian *jacobian, struct nnp_jacobian_part *part,
                    int first, int end)
{
    if (jacobian->runs)
        jacobian->runs[jacobian->n_runs] = (struct nnp_columns){first, end - first};
    jacobian->n_runs++;
    part->n_runs++;
    part->n_columns += end - first;
}

/* The runs of a part: its own atom, neighbors of the group's elements, and strain. */
static void lay_out_part(struct nnp_stored_jacobian *jacobian, struct nnp_jacobian_part *part,
                         const struct source *source)
{
    const int n_atoms = source->list->n_atoms;
    int first = n_atoms, n = 0, begin = -1; /* begin: of the run so far */
    for (int j = n_atoms - 1; j >= 0; j--)
        if (is_column(source, part, j)) {
            first = j;
            n++;
        }
    const bool all = n >= dense * (n_atoms - first);
    part->first_run = jacobian->n_runs;
    for (int j = first; j < n_atoms; j++) {
        const bool is_in = all || is_column(source, part, j);
        if (is_in && begin < 0)
            begin = 3 * j;
        if (!is_in && begin >= 0) {
            add_run(jacobian, part, begin, 3 * j);
            begin = -1;
        }
    }
    add_run(jacobian, part, begin < 0 ? 3 * n_atoms : begin, 3 * n_atoms + 6);
    part->stride = (part->n_columns + NNP_ROW_LANES - 1) / NNP_ROW_LANES * NNP_ROW_LANES;
}

static void lay_out(struct nnp_stored_jacobian *jacobian, const struct source *source)
{
    const struct nnp_function_groups *groups = source->groups;
    const struct nnp_neighbor_list *list = source->list;
    memset(source->marks, 0, (size_t)list->n_atoms * sizeof *source->marks);
    for (int i = 0; i < list->n_atoms; i++) {
        const int e = source->elements[i];
        for (int k = 0; k < list->n_neighbors[i]; k++)
            source->marks[list->owners[list->neighbors[i][k]]] = i + 1;
        for (int g = 0; g < groups->n_groups[e]; g++) {
            struct nnp_jacobian_part part = {
                .atom = i, .group = &groups->groups[e][g], .first = jacobian->n_values};
            if (!nnp_function_group_is_active(part.group, groups->n_elements, source->present))
                continue;
            lay_out_part(jacobian, &part, source);
            jacobian->n_values += (size_t)part.group->n_functions * (size_t)part.stride;
            if (jacobian->parts)
                jacobian->parts[jacobian->n_parts] = part;
            jacobian->n_parts++;
        }
    }
}

double nnp_stored_jacobian_count(const struct nnp_function_groups *groups, const int *elements,
                                 const struct nnp_neighbor_list *list)
{
    struct nnp_stored_jacobian counted = {0};
    struct source source;
    const bool done = open_source(&source, groups, elements, list);
    if (done)
        lay_out(&counted, &source);
    close_source(&source);
    return done ? (double)counted.n_values : -1.0;
}

bool nnp_stored_jacobian_init(struct nnp_stored_jacobian *jacobian,
                              const struct nnp_function_groups *groups, const int *elements,
                              const struct nnp_neighbor_list *list)
{
    struct nnp_stored_jacobian counted = {0};
    struct source source;
    *jacobian = (struct nnp_stored_jacobian){.number = jacobian->number};
    bool done = open_source(&source, groups, elements, list);
    if (done) {
        lay_out(&counted, &source);
        jacobian->parts = calloc((size_t)counted.n_parts + 1, sizeof *jacobian->parts);
        jacobian->runs = calloc((size_t)counted.n_runs + 1, sizeof *jacobian->runs);
        done = jacobian->parts && jacobian->runs;
    }
    if (done)
        lay_out(jacobian, &source);
    close_source(&source);
    return done;
}

void nnp_stored_jacobian_free(struct nnp_stored_jacobian *jacobian)
{
    free(jacobian->parts);
    free(jacobian->runs);
    *jacobian = (struct nnp_stored_jacobian){0};
}

/* One row of a part: the columns of its runs, of which those of strain are the last six of all,
 * and zeros up to the stride. */
static void join_runs(const struct nnp_stored_jacobian *jacobian,
                      const struct nnp_jacobian_part *part, int n_coordinates,
                      const double *dg_dr, const double *dg_dstrain, double *row)
{
    const struct nnp_columns *runs = jacobian->runs + part->first_run;
    const double *end = row + part->stride;
    for (int r = 0; r < part->n_runs; r++)
        for (int c = runs[r].first; c < runs[r].first + runs[r].n; c++)
            *row++ = c < n_coordinates ? dg_dr[c] : dg_dstrain[c - n_coordinates];
    while (row < end)
        *row++ = 0.0;
}

void nnp_stored_jacobian_set(const struct nnp_stored_jacobian *jacobian,
                             const struct nnp_jacobian_part *part, int n_atoms,
                             const double *dg_dr, const double *dg_dstrain, double *row)
{
    const int m = part->group->n_functions, n = part->stride;
    float *floats = (float *)jacobian->values + part->first;
    double *doubles = (double *)jacobian->values + part->first;
    for (int f = 0; f < m; f++) {
        const size_t k = (size_t)part->group->functions[f];
        double *to = jacobian->number == NNP_DOUBLE ? doubles + (size_t)f * (size_t)n : row;
        join_runs(jacobian, part, 3 * n_atoms, dg_dr + 3 * (size_t)n_atoms * k,
                  dg_dstrain + 6 * k, to);
        if (jacobian->number == NNP_FLOAT)
            nnp_set_row_of_floats(floats, m, n, f, row);
    }
}

const void *nnp_stored_jacobian_part(const struct nnp_stored_jacobian *jacobian,
                                     const struct nnp_jacobian_part *part)
{
    return (const char *)jacobian->values + part->first * nnp_number_size(jacobian->number);
}

/* Columns first .. end - 1 of rows of a part. */
struct cut {
    const struct nnp_loss_kernels *kernels;
    const struct nnp_jacobian_part *part;
    const struct nnp_columns *runs;
    int first, end;
};

/* One row, which is zero elsewhere, times factor.  What is wanted of a row some further on is
 * fetched meanwhile: rows stand too far apart for the processor to foresee it. */
static void cut_row(const struct cut *cut, double factor, const double *packed, double *to)
{
    enum { ROWS_AHEAD = 8, LINE = 8 };
    const struct nnp_columns *run = cut->runs;
    const double *ahead = packed + (size_t)ROWS_AHEAD * (size_t)cut->part->stride;
    for (int r = 0; r < cut->part->n_runs && run->first < cut->end; r++, run++) {
        const int from = run->first > cut->first ? run->first : cut->first;
        const int until = run->first + run->n < cut->end ? run->first + run->n : cut->end;
        if (from < until) {
            for (int c = from; c < until + LINE; c += LINE)
                __builtin_prefetch(ahead + (c - run->first));
            cut->kernels->scale(until - from, factor, packed + (from - run->first),
                                to + (from - cut->first));
        }
        packed += run->n;
        ahead += run->n;
    }
}

void nnp_stored_jacobian_cut(const struct nnp_stored_jacobian *jacobian,
                             const struct nnp_descriptor_layout *layout,
                             const struct nnp_loss_kernels *kernels,
                             const double *const *factors, int first, int n_columns,
                             double *slice)
{
    for (int p = 0; p < jacobian->n_parts; p++) {
        const struct nnp_jacobian_part *part = &jacobian->parts[p];
        const int e = layout->elements[part->atom];
        const struct cut cut = {kernels, part, jacobian->runs + part->first_run, first,
                                first + n_columns};
        const double *packed = nnp_stored_jacobian_part(jacobian, part);
        const bool has_zeros = part->n_runs > 1 || cut.runs->first > first;
        int a = 0; /* of the active functions, which ascend as those of the group do */
        for (int f = 0; f < part->group->n_functions; f++, packed += part->stride) {
            const int k = part->group->functions[f];
            while (layout->active[e][a] != k)
                a++;
            double *to = slice + (size_t)(layout->places[part->atom] + a) * (size_t)n_columns;
            if (has_zeros)
                memset(to, 0, (size_t)n_columns * sizeof *to);
            cut_row(&cut, factors[e][k], packed, to);
        }
    }
}
