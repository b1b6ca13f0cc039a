/* Equal structures.  Candidates are neighbors in the order of an invariant,
 *
 *   f = sum_abc |vector|^2 / 100 Angstrom^2 + sum_e,k c_k |S_e(k)|^2 / N^2,
 *   S_e(k) = sum_{i of element e} exp(2 pi i k s_i),
 *
 * with fractional coordinates s and four k; it does not change with the order of the atoms,
 * with images or a shift, and changes with positions by a bounded slope.  They are then
 * compared atom by atom, for each shift that brings the first atom of one onto an atom of the
 * other. */
#include "duplicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_WAVES = 4 };
static const double waves[N_WAVES][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}};
static const double wave_weights[N_WAVES] = {1.0, 0.83, 0.71, 0.59}; /* unequal directions */

/* Of directions that are not periodic. */
static const double FREE_LENGTH = 50.0;
static const double TWO_PI = 6.283185307179586;

struct fingerprint {
    int structure, n_atoms;
    double value;
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

static double wave_square(const struct nnp_structure *structure, double inverse[3][3], int k,
                          int atomic_number)
{
    double wave[3] = {0.0}, re = 0.0, im = 0.0;
    for (int a = 0; a < 3; a++)
        for (int x = 0; x < 3; x++)
            wave[x] += TWO_PI * waves[k][a] * inverse[a][x];
    for (int i = 0; i < structure->n_atoms; i++) {
        if (structure->atomic_numbers[i] != atomic_number)
            continue;
        double phase = dot(wave, &structure->positions[3 * (size_t)i]);
        re += cos(phase);
        im += sin(phase);
    }
    return (re * re + im * im) / ((double)structure->n_atoms * structure->n_atoms);
}

static struct fingerprint fingerprint(const struct nnp_structure *structure, int index)
{
    struct fingerprint print = {index, structure->n_atoms, 0.0};
    double vectors[3][3], inverse[3][3];
    bool seen[128] = {false};
    complete_cell(&structure->cell, vectors);
    invert(vectors, inverse);
    for (int a = 0; a < 3; a++)
        print.value += dot(vectors[a], vectors[a]) / 100.0;
    for (int i = 0; i < structure->n_atoms; i++) {
        int z = structure->atomic_numbers[i];
        for (int k = 0; k < N_WAVES && !seen[z]; k++)
            print.value += wave_weights[k] * wave_square(structure, inverse, k, z);
        seen[z] = true;
    }
    return print;
}

static int compare(const void *a, const void *b)
{
    const struct fingerprint *f = a, *g = b;
    if (f->n_atoms != g->n_atoms)
        return f->n_atoms < g->n_atoms ? -1 : 1;
    if (f->value != g->value)
        return f->value < g->value ? -1 : 1;
    return f->structure < g->structure ? -1 : 1;
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

/* ---- All pairs ---- */

/* Bound on how much f differs for structures that agree to the tolerance: |S|^2 / N^2 changes
 * by at most 4 pi |k| per fractional coordinate, and f has the elements' sum over four k. */
static double window(const struct nnp_structure *structure, double tolerance)
{
    double vectors[3][3], longest = 0.0, inverse[3][3], steepest = 0.0;
    complete_cell(&structure->cell, vectors);
    invert(vectors, inverse);
    for (int a = 0; a < 3; a++) {
        longest = fmax(longest, sqrt(dot(vectors[a], vectors[a])));
        steepest += sqrt(dot(inverse[a], inverse[a]));
    }
    return tolerance * (0.2 * longest + 4.0 * TWO_PI * 2.0 * steepest);
}

static void compare_all(const struct nnp_dataset *dataset, const struct fingerprint *prints,
                        struct pair *pair, int *same_as)
{
    int n = dataset->n_structures;
    for (int p = 0; p < n; p++) {
        pair->a = &dataset->structures[prints[p].structure];
        double reach = prints[p].value + window(pair->a, pair->tolerance);
        for (int q = p + 1;
             q < n && prints[q].n_atoms == prints[p].n_atoms && prints[q].value <= reach; q++) {
            int a = prints[p].structure, b = prints[q].structure;
            pair->b = &dataset->structures[b];
            if (!are_same(pair))
                continue;
            int first = a < b ? a : b, later = a < b ? b : a;
            if (same_as[later] < 0 || same_as[later] > first)
                same_as[later] = first;
        }
    }
}

enum nnp_status nnp_duplicates_find(const struct nnp_dataset *dataset, double tolerance,
                                    int *same_as, struct nnp_error *error)
{
    int n = dataset->n_structures, most_atoms = 0;
    struct fingerprint *prints = calloc((size_t)n + 1, sizeof *prints);
    struct pair pair = {.tolerance = tolerance};
    for (int s = 0; s < n; s++)
        if (dataset->structures[s].n_atoms > most_atoms)
            most_atoms = dataset->structures[s].n_atoms;
    pair.used = calloc((size_t)most_atoms + 1, sizeof *pair.used);
    if (!prints || !pair.used) {
        free(prints);
        free(pair.used);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory to compare %d structures", n);
    }
    for (int s = 0; s < n; s++) {
        prints[s] = fingerprint(&dataset->structures[s], s);
        same_as[s] = -1;
    }
    qsort(prints, (size_t)n, sizeof *prints, compare);
    compare_all(dataset, prints, &pair, same_as);
    free(prints);
    free(pair.used);
    return NNP_SUCCESS;
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
