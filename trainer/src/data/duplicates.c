/* Equal structures.  Structures have coordinates that do not change with the order of the
 * atoms, with images or a shift, and change with cell and positions by a bounded slope,
 *
 *   f_0 = sum_abc |vector|^2,    f_k = |sum_i Z_i exp(2 pi i k s_i)| / sum_i Z_i
 *
 * with fractional coordinates s.  Divided by the bounds of their change, they number the cells
 * of a lattice, and equal structures are in the same cell or in neighboring ones.  Only these
 * are compared atom by atom, for each shift that brings the first atom of one onto an atom of
 * the other. */
#include "duplicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_WAVES = 10, N_COORDINATES = N_WAVES + 1, N_CELL = 3, N_NEIGHBORS = 27 };
static const double waves[N_WAVES][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}, {1, 1, 0},
                                         {1, 0, 1}, {0, 1, 1}, {2, 1, 0}, {0, 2, 1}, {1, 0, 2}};

/* Of directions that are not periodic. */
static const double FREE_LENGTH = 50.0;
static const double TWO_PI = 6.283185307179586;

/* windows: bounds on how much the coordinates of an equal structure differ; cell: of the first
 * three coordinates. */
struct fingerprint {
    int structure, n_atoms;
    double values[N_COORDINATES], windows[N_COORDINATES];
    long cell[N_CELL];
};

static void cross(const double *a, const double *b, double *c)
{
    for (int x = 0; x < 3; x++)
        c[x] = a[(x + 1) % 3] * b[(x + 2) % 3] - a[(x + 2) % 3] * b[(x + 1) % 3];
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void set_length(double *v, double length)
{
    double norm = sqrt(dot(v, v));
    for (int x = 0; x < 3; x++)
        v[x] *= length / norm;
}

/* The cell, its free directions filled up by vectors across the periodic ones. */
static void complete_cell(const struct nnp_cell *cell, double vectors[3][3])
{
    int n_periodic = cell->periodic[0] + cell->periodic[1] + cell->periodic[2];
    memcpy(vectors, cell->vectors, sizeof cell->vectors);
    for (int a = 0; a < 3; a++) {
        double *u = vectors[(a + 1) % 3], *v = vectors[(a + 2) % 3];
        if (n_periodic == 0) {
            for (int x = 0; x < 3; x++)
                vectors[a][x] = a == x ? FREE_LENGTH : 0.0;
        } else if (n_periodic == 1 && cell->periodic[a]) {
            const double *w = vectors[a];
            int least = fabs(w[0]) <= fabs(w[1]) ? 0 : 1;
            double axis[3] = {0.0};
            axis[fabs(w[2]) < fabs(w[least]) ? 2 : least] = 1.0;
            cross(w, axis, u);
            set_length(u, FREE_LENGTH);
            cross(w, u, v);
            set_length(v, FREE_LENGTH);
        } else if (n_periodic == 2 && !cell->periodic[a]) {
            cross(u, v, vectors[a]);
            set_length(vectors[a], FREE_LENGTH);
        }
    }
}

/* Rows of the inverse's transpose: s_a = inverse[a] . r. */
static void invert(double vectors[3][3], double inverse[3][3])
{
    for (int a = 0; a < 3; a++) {
        cross(vectors[(a + 1) % 3], vectors[(a + 2) % 3], inverse[a]);
        double volume = dot(vectors[a], inverse[a]);
        for (int x = 0; x < 3; x++)
            inverse[a][x] /= volume;
    }
}

static double amplitude(const struct nnp_structure *structure, double inverse[3][3], int k)
{
    double wave[3] = {0.0}, re = 0.0, im = 0.0, sum = 0.0;
    for (int a = 0; a < 3; a++)
        for (int x = 0; x < 3; x++)
            wave[x] += TWO_PI * waves[k][a] * inverse[a][x];
    for (int i = 0; i < structure->n_atoms; i++) {
        double phase = dot(wave, &structure->positions[3 * (size_t)i]);
        re += structure->atomic_numbers[i] * cos(phase);
        im += structure->atomic_numbers[i] * sin(phase);
        sum += structure->atomic_numbers[i];
    }
    return sqrt(re * re + im * im) / sum;
}

/* For structures that agree to the tolerance, |sum| / Z changes by 2 pi |k| per fractional
 * coordinate, that of an atom by the inverse cell times the tolerances of its position and of
 * three vectors, sqrt(3) as long as those of their components. */
static struct fingerprint fingerprint(const struct nnp_structure *structure, int index,
                                      double tolerance)
{
    struct fingerprint print = {.structure = index, .n_atoms = structure->n_atoms};
    double vectors[3][3], inverse[3][3], longest = 0.0;
    complete_cell(&structure->cell, vectors);
    invert(vectors, inverse);
    for (int a = 0; a < 3; a++) {
        print.values[0] += dot(vectors[a], vectors[a]);
        longest = fmax(longest, sqrt(dot(vectors[a], vectors[a])));
    }
    print.windows[0] = tolerance * 20.0 * longest;
    for (int k = 0; k < N_WAVES; k++) {
        double steepness = 0.0;
        for (int a = 0; a < 3; a++)
            steepness += waves[k][a] * sqrt(dot(inverse[a], inverse[a]));
        print.values[k + 1] = amplitude(structure, inverse, k);
        print.windows[k + 1] = tolerance * 6.2 * TWO_PI * steepness;
    }
    return print;
}

static int compare_cells(const struct fingerprint *f, const struct fingerprint *g)
{
    if (f->n_atoms != g->n_atoms)
        return f->n_atoms < g->n_atoms ? -1 : 1;
    for (int k = 0; k < N_CELL; k++)
        if (f->cell[k] != g->cell[k])
            return f->cell[k] < g->cell[k] ? -1 : 1;
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct fingerprint *f = a, *g = b;
    int order = compare_cells(f, g);
    return order ? order : f->structure < g->structure ? -1 : 1;
}

/* ---- Comparison ---- */

struct pair {
    const struct nnp_structure *a, *b;
    double vectors[3][3], inverse[3][3];
    double tolerance;
    bool *used; /* [n_atoms] */
};

/* Whether r vanishes but for lattice vectors. */
static bool is_image(const struct pair *pair, const double r[3])
{
    double rest[3] = {r[0], r[1], r[2]};
    for (int a = 0; a < 3; a++)
        if (pair->a->cell.periodic[a]) {
            double n = round(dot(pair->inverse[a], r));
            for (int x = 0; x < 3; x++)
                rest[x] -= n * pair->vectors[a][x];
        }
    return dot(rest, rest) <= pair->tolerance * pair->tolerance;
}

/* Whether atom i of a has a partner in b, moved by shift, that no other atom has. */
static bool find_partner(const struct pair *pair, int i, const double shift[3])
{
    const double *r_a = &pair->a->positions[3 * (size_t)i];
    for (int j = 0; j < pair->b->n_atoms; j++) {
        const double *r_b = &pair->b->positions[3 * (size_t)j];
        double r[3] = {r_b[0] + shift[0] - r_a[0], r_b[1] + shift[1] - r_a[1],
                       r_b[2] + shift[2] - r_a[2]};
        if (pair->used[j] || pair->a->atomic_numbers[i] != pair->b->atomic_numbers[j] ||
            !is_image(pair, r))
            continue;
        pair->used[j] = true;
        return true;
    }
    return false;
}

static bool agree_when_shifted(const struct pair *pair, const double shift[3])
{
    memset(pair->used, false, (size_t)pair->a->n_atoms * sizeof *pair->used);
    for (int i = 0; i < pair->a->n_atoms; i++)
        if (!find_partner(pair, i, shift))
            return false;
    return true;
}

static bool same_cell(const struct pair *pair)
{
    const struct nnp_cell *a = &pair->a->cell, *b = &pair->b->cell;
    for (int v = 0; v < 3; v++) {
        if (a->periodic[v] != b->periodic[v])
            return false;
        for (int x = 0; x < 3 && a->periodic[v]; x++)
            if (fabs(a->vectors[v][x] - b->vectors[v][x]) > pair->tolerance)
                return false;
    }
    return true;
}

static bool are_same(struct pair *pair)
{
    if (!same_cell(pair))
        return false;
    complete_cell(&pair->a->cell, pair->vectors);
    invert(pair->vectors, pair->inverse);
    const double *first = pair->a->positions;
    for (int j = 0; j < pair->b->n_atoms; j++) {
        const double *r = &pair->b->positions[3 * (size_t)j];
        const double shift[3] = {first[0] - r[0], first[1] - r[1], first[2] - r[2]};
        if (pair->a->atomic_numbers[0] == pair->b->atomic_numbers[j] &&
            agree_when_shifted(pair, shift))
            return true;
    }
    return false;
}

/* ---- All structures ---- */

struct search {
    const struct nnp_dataset *dataset;
    struct pair pair;
    double windows[N_CELL];     /* the largest of all structures */
    struct fingerprint *prints; /* [n_structures], by cells and then by structures */
};

/* The first fingerprint that is not before those of a cell. */
static int find_cell(const struct search *search, const struct fingerprint *cell)
{
    int low = 0, high = search->dataset->n_structures;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (compare_cells(&search->prints[middle], cell) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool may_agree(const struct fingerprint *f, const struct fingerprint *g)
{
    for (int k = 0; k < N_COORDINATES; k++)
        if (fabs(f->values[k] - g->values[k]) > fmax(f->windows[k], g->windows[k]))
            return false;
    return true;
}

/* The first structure before `first` that is the same as that of a fingerprint, among those in
 * a cell; `first` if there is none. */
static int search_cell(struct search *search, const struct fingerprint *print,
                       const struct fingerprint *cell, int first)
{
    const struct fingerprint *candidate = search->prints + find_cell(search, cell);
    const struct fingerprint *end = search->prints + search->dataset->n_structures;
    for (;
         candidate < end && compare_cells(candidate, cell) == 0 && candidate->structure < first;
         candidate++) {
        search->pair.a = &search->dataset->structures[candidate->structure];
        search->pair.b = &search->dataset->structures[print->structure];
        if (may_agree(candidate, print) && are_same(&search->pair))
            return candidate->structure;
    }
    return first;
}

static int find_first(struct search *search, const struct fingerprint *print)
{
    int first = print->structure;
    for (int k = 0; k < N_NEIGHBORS; k++) {
        struct fingerprint cell = *print;
        for (int c = 0, digits = k; c < N_CELL; c++, digits /= 3)
            cell.cell[c] += digits % 3 - 1;
        first = search_cell(search, print, &cell, first);
    }
    return first < print->structure ? first : -1;
}

static bool allocate(struct search *search)
{
    const struct nnp_dataset *dataset = search->dataset;
    int most_atoms = 0;
    for (int s = 0; s < dataset->n_structures; s++)
        if (dataset->structures[s].n_atoms > most_atoms)
            most_atoms = dataset->structures[s].n_atoms;
    search->prints = calloc((size_t)dataset->n_structures + 1, sizeof *search->prints);
    search->pair.used = calloc((size_t)most_atoms + 1, sizeof *search->pair.used);
    return search->prints && search->pair.used;
}

enum nnp_status nnp_duplicates_find(const struct nnp_dataset *dataset, double tolerance,
                                    int *same_as, struct nnp_error *error)
{
    const int n = dataset->n_structures;
    struct search search = {.dataset = dataset, .pair = {.tolerance = tolerance}};
    enum nnp_status status = NNP_SUCCESS;
    if (allocate(&search)) {
        for (int s = 0; s < n; s++) {
            search.prints[s] = fingerprint(&dataset->structures[s], s, tolerance);
            for (int k = 0; k < N_CELL; k++)
                search.windows[k] = fmax(search.windows[k], search.prints[s].windows[k]);
        }
        for (int s = 0; s < n; s++)
            for (int k = 0; k < N_CELL; k++)
                search.prints[s].cell[k] =
                    lround(search.prints[s].values[k] / search.windows[k]);
        qsort(search.prints, (size_t)n, sizeof *search.prints, compare);
        for (int p = 0; p < n; p++)
            same_as[search.prints[p].structure] = find_first(&search, &search.prints[p]);
    } else {
        status =
            nnp_error_set(error, NNP_ERROR_MEMORY, "no memory to compare %d structures", n);
    }
    free(search.prints);
    free(search.pair.used);
    return status;
}

struct nnp_duplicates_count nnp_duplicates_count(int n_structures, const int *same_as,
                                                 const bool *is_test)
{
    struct nnp_duplicates_count count = {0, -1, 0};
    for (int s = 0; s < n_structures; s++)
        if (same_as[s] >= 0) {
            count.first = count.n == 0 ? s : count.first;
            count.n++;
            count.n_across += is_test[s] != is_test[same_as[s]];
        }
    return count;
}
