/* Neighbor lists of single structures.
 *
 * Atoms are moved into the cell; images whose fractional coordinates lie within r_cut / height
 * of the cell, for the height of the cell along each periodic direction, become ghosts.  All
 * atoms are then sorted into bins at least r_cut wide, and each atom of the cell looks into 27
 * bins. */
#include "nnp/neighbor.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* From there on doubles resolve distances no better than 1e-7, and casts of coordinates to int
 * would overflow soon after. */
static const double farthest = 1e9;

/* A basis of space whose periodic vectors are those of the cell. */
struct basis {
    double vectors[3][3];
    double inverse[3][3]; /* fractional s_d = sum_k r_k inverse[k][d] */
    bool periodic[3];
    double margin[3]; /* r_cut / height */
};

struct bins {
    double origin[3], width[3];
    int n[3];
    int *start; /* [n0 n1 n2 + 1], first index in atoms */
    int *atoms; /* [n_all], ascending in each bin */
};

static void cross(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double norm(const double a[3])
{
    return sqrt(dot(a, a));
}

double nnp_cell_volume(const struct nnp_cell *cell)
{
    double c[3];
    if (!cell || !cell->periodic[0] || !cell->periodic[1] || !cell->periodic[2])
        return 0.0;
    cross(cell->vectors[0], cell->vectors[1], c);
    return fabs(dot(c, cell->vectors[2]));
}

/* A unit vector that is normal to v (which is not zero). */
static void any_normal(const double v[3], double normal[3])
{
    const int d = fabs(v[0]) < fabs(v[1]) ? (fabs(v[0]) < fabs(v[2]) ? 0 : 2)
                                          : (fabs(v[1]) < fabs(v[2]) ? 1 : 2);
    double axis[3] = {0.0, 0.0, 0.0};
    axis[d] = 1.0;
    cross(v, axis, normal);
    const double length = norm(normal);
    for (int k = 0; k < 3; k++)
        normal[k] /= length;
}

/* Unit vectors normal to the periodic ones take the place of the others. */
static void complete_basis(struct basis *basis)
{
    double(*v)[3] = basis->vectors;
    const bool *p = basis->periodic;
    const int n_periodic = p[0] + p[1] + p[2];
    if (n_periodic == 0) {
        for (int d = 0; d < 3; d++)
            for (int k = 0; k < 3; k++)
                v[d][k] = d == k;
    } else if (n_periodic == 1) {
        const int d = p[0] ? 0 : p[1] ? 1 : 2;
        any_normal(v[d], v[(d + 1) % 3]);
        cross(v[d], v[(d + 1) % 3], v[(d + 2) % 3]);
        const double length = norm(v[(d + 2) % 3]);
        for (int k = 0; k < 3; k++)
            v[(d + 2) % 3][k] /= length;
    } else if (n_periodic == 2) {
        const int d = !p[0] ? 0 : !p[1] ? 1 : 2;
        cross(v[(d + 1) % 3], v[(d + 2) % 3], v[d]);
        const double length = norm(v[d]);
        for (int k = 0; k < 3; k++)
            v[d][k] /= length;
    }
}

static enum nnp_status basis_init(struct basis *basis, const struct nnp_cell *cell,
                                  double r_cut, struct nnp_error *error)
{
    memset(basis, 0, sizeof *basis);
    for (int d = 0; cell && d < 3; d++) {
        basis->periodic[d] = cell->periodic[d];
        if (cell->periodic[d] &&
            !(norm(cell->vectors[d]) > 0.0 && isfinite(norm(cell->vectors[d]))))
            return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                                 "cell vector %c has no finite length above zero", "abc"[d]);
        memcpy(basis->vectors[d], cell->vectors[d], sizeof basis->vectors[d]);
    }
    complete_basis(basis);
    double(*v)[3] = basis->vectors;
    double face[3][3];
    for (int d = 0; d < 3; d++)
        cross(v[(d + 1) % 3], v[(d + 2) % 3], face[d]);
    const double volume = dot(v[0], face[0]);
    if (!(fabs(volume) > 1e-10 * norm(v[0]) * norm(v[1]) * norm(v[2])))
        return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                             "the periodic cell vectors are linearly dependent");
    for (int d = 0; d < 3; d++) {
        for (int k = 0; k < 3; k++)
            basis->inverse[k][d] = face[d][k] / volume;
        basis->margin[d] = r_cut * norm(face[d]) / fabs(volume) * (1.0 + 1e-12) + 1e-12;
    }
    return NNP_SUCCESS;
}

/* Fractional coordinates, in [0, 1) along periodic directions; shift: what was added to get
 * there. */
static void fractional(const struct basis *basis, const double r[3], double s[3],
                       double shift[3])
{
    for (int d = 0; d < 3; d++) {
        s[d] = r[0] * basis->inverse[0][d] + r[1] * basis->inverse[1][d] +
               r[2] * basis->inverse[2][d];
        shift[d] = basis->periodic[d] ? -floor(s[d]) : 0.0;
        s[d] += shift[d];
    }
}

static void add_lattice(const struct basis *basis, const double n[3], const double r[3],
                        double result[3])
{
    for (int k = 0; k < 3; k++)
        result[k] = r[k] + n[0] * basis->vectors[0][k] + n[1] * basis->vectors[1][k] +
                    n[2] * basis->vectors[2][k];
}

/* Images of an atom with fractional coordinates s within the margins: ranges of translations.
 */
static void image_range(const struct basis *basis, const double s[3], int low[3], int high[3])
{
    for (int d = 0; d < 3; d++) {
        low[d] = basis->periodic[d] ? (int)ceil(-basis->margin[d] - s[d]) : 0;
        high[d] = basis->periodic[d] ? (int)floor(1.0 + basis->margin[d] - s[d]) : 0;
    }
}

/* Counts the images that are ghosts; -1: more than an int holds. */
static int count_ghosts(const struct basis *basis, int n_atoms, const double *positions)
{
    double total = 0.0;
    for (int d = 0; d < 3; d++)
        if (basis->periodic[d] && basis->margin[d] > 1e6)
            return -1;
    for (int i = 0; i < n_atoms; i++) {
        double s[3], shift[3], images = 1.0;
        int low[3], high[3];
        fractional(basis, positions + 3 * (size_t)i, s, shift);
        image_range(basis, s, low, high);
        for (int d = 0; d < 3; d++)
            images *= high[d] - low[d] + 1;
        total += images - 1.0;
    }
    return total + n_atoms < INT_MAX / 4 ? (int)total : -1;
}

static void place_images(struct nnp_neighbor_list *list, const struct basis *basis, int i,
                         const double s[3], int *n_all)
{
    int low[3], high[3];
    image_range(basis, s, low, high);
    for (int a = low[0]; a <= high[0]; a++)
        for (int b = low[1]; b <= high[1]; b++)
            for (int c = low[2]; c <= high[2]; c++) {
                const double n[3] = {a, b, c};
                if (a == 0 && b == 0 && c == 0)
                    continue;
                add_lattice(basis, n, list->positions + 3 * (size_t)i,
                            list->positions + 3 * (size_t)*n_all);
                list->owners[(*n_all)++] = i;
            }
}

static enum nnp_status place_atoms(struct nnp_neighbor_list *list, const struct basis *basis,
                                   int n_atoms, const double *positions,
                                   struct nnp_error *error)
{
    for (size_t k = 0; k < 3 * (size_t)n_atoms; k++)
        if (!(fabs(positions[k]) < farthest))
            return nnp_error_set(error, NNP_ERROR_NUMERIC,
                                 "the coordinate %c of atom %zu is %g, where a number below %g "
                                 "was expected",
                                 "xyz"[k % 3], k / 3 + 1, positions[k], farthest);
    const int n_ghosts = count_ghosts(basis, n_atoms, positions);
    if (n_ghosts < 0)
        return nnp_error_set(error, NNP_ERROR_GEOMETRY,
                             "the cell is too flat for the cutoff: too many periodic images");
    list->n_atoms = n_atoms;
    list->n_all = n_atoms + n_ghosts;
    list->positions = malloc(3 * (size_t)list->n_all * sizeof *list->positions + 1);
    list->owners = malloc((size_t)list->n_all * sizeof *list->owners + 1);
    if (!list->positions || !list->owners)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms and images",
                             list->n_all);
    int n_all = n_atoms;
    for (int i = 0; i < n_atoms; i++) {
        double s[3], shift[3];
        fractional(basis, positions + 3 * (size_t)i, s, shift);
        add_lattice(basis, shift, positions + 3 * (size_t)i, list->positions + 3 * (size_t)i);
        list->owners[i] = i;
        place_images(list, basis, i, s, &n_all);
    }
    return NNP_SUCCESS;
}

static int bin_of(const struct bins *bins, const double r[3], int index[3])
{
    for (int d = 0; d < 3; d++) {
        index[d] = (int)((r[d] - bins->origin[d]) / bins->width[d]);
        index[d] = index[d] < 0 ? 0 : index[d] >= bins->n[d] ? bins->n[d] - 1 : index[d];
    }
    return (index[0] * bins->n[1] + index[1]) * bins->n[2] + index[2];
}

/* Bins at least r_cut wide, and not many more of them than atoms. */
static void bins_shape(struct bins *bins, const struct nnp_neighbor_list *list, double r_cut)
{
    const int most = 1 + (int)cbrt((double)list->n_all);
    for (int d = 0; d < 3; d++) {
        double low = 0.0, high = 0.0;
        for (int i = 0; i < list->n_all; i++) {
            const double x = list->positions[3 * (size_t)i + (size_t)d];
            low = i == 0 || x < low ? x : low;
            high = i == 0 || x > high ? x : high;
        }
        const double n = floor((high - low) / r_cut);
        bins->n[d] = n < 1.0 ? 1 : n > most ? most : (int)n;
        bins->origin[d] = low;
        bins->width[d] = fmax((high - low) / bins->n[d], r_cut);
    }
}

static enum nnp_status bins_fill(struct bins *bins, const struct nnp_neighbor_list *list,
                                 struct nnp_error *error)
{
    const size_t n_bins = (size_t)bins->n[0] * (size_t)bins->n[1] * (size_t)bins->n[2];
    bins->start = calloc(n_bins + 2, sizeof *bins->start);
    bins->atoms = malloc(((size_t)list->n_all + 1) * sizeof *bins->atoms);
    if (!bins->start || !bins->atoms)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for bins of %d atoms",
                             list->n_all);
    int index[3];
    int *next = bins->start + 1; /* counts, then the place of the next atom of each bin */
    for (int i = 0; i < list->n_all; i++)
        next[bin_of(bins, list->positions + 3 * (size_t)i, index) + 1]++;
    for (size_t b = 1; b <= n_bins; b++)
        next[b] += next[b - 1];
    for (int i = 0; i < list->n_all; i++)
        bins->atoms[next[bin_of(bins, list->positions + 3 * (size_t)i, index)]++] = i;
    return NNP_SUCCESS; /* now start[b] .. start[b + 1] - 1 are the atoms of bin b */
}

static int compare_ints(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Neighbors of atom i into found (where not NULL); returns their number. */
static int find_neighbors(const struct nnp_neighbor_list *list, const struct bins *bins, int i,
                          double r_cut, int *found)
{
    const double *r_i = list->positions + 3 * (size_t)i;
    int n = 0, index[3];
    bin_of(bins, r_i, index);
    for (int a = index[0] - 1; a <= index[0] + 1; a++)
        for (int b = index[1] - 1; b <= index[1] + 1; b++)
            for (int c = index[2] - 1; c <= index[2] + 1; c++) {
                if (a < 0 || b < 0 || c < 0 || a >= bins->n[0] || b >= bins->n[1] ||
                    c >= bins->n[2])
                    continue;
                const int bin = (a * bins->n[1] + b) * bins->n[2] + c;
                for (int k = bins->start[bin]; k < bins->start[bin + 1]; k++) {
                    const int j = bins->atoms[k];
                    const double *r_j = list->positions + 3 * (size_t)j;
                    const double d[3] = {r_j[0] - r_i[0], r_j[1] - r_i[1], r_j[2] - r_i[2]};
                    if (j == i || dot(d, d) >= r_cut * r_cut)
                        continue;
                    if (found)
                        found[n] = j;
                    n++;
                }
            }
    if (found)
        qsort(found, (size_t)n, sizeof *found, compare_ints);
    return n;
}

static enum nnp_status fill_list(struct nnp_neighbor_list *list, const struct bins *bins,
                                 double r_cut, struct nnp_error *error)
{
    size_t total = 0;
    list->n_neighbors = malloc(((size_t)list->n_atoms + 1) * sizeof *list->n_neighbors);
    list->neighbors = malloc(((size_t)list->n_atoms + 1) * sizeof *list->neighbors);
    if (!list->n_neighbors || !list->neighbors)
        goto no_memory;
    for (int i = 0; i < list->n_atoms; i++) {
        list->n_neighbors[i] = find_neighbors(list, bins, i, r_cut, NULL);
        total += (size_t)list->n_neighbors[i];
    }
    list->storage = malloc((total + 1) * sizeof *list->storage);
    if (!list->storage)
        goto no_memory;
    int *next = list->storage;
    for (int i = 0; i < list->n_atoms; i++) {
        list->neighbors[i] = next;
        next += find_neighbors(list, bins, i, r_cut, next);
    }
    return NNP_SUCCESS;

no_memory:
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for neighbor lists of %d atoms",
                         list->n_atoms);
}

enum nnp_status nnp_neighbor_list_build(struct nnp_neighbor_list *list,
                                        const struct nnp_cell *cell, int n_atoms,
                                        const double *positions, double r_cut,
                                        struct nnp_error *error)
{
    struct basis basis;
    struct bins bins = {.start = NULL, .atoms = NULL};
    *list = (struct nnp_neighbor_list){0};
    enum nnp_status status = basis_init(&basis, cell, r_cut, error);
    if (!status)
        status = place_atoms(list, &basis, n_atoms, positions, error);
    if (!status) {
        bins_shape(&bins, list, r_cut);
        status = bins_fill(&bins, list, error);
    }
    if (!status)
        status = fill_list(list, &bins, r_cut, error);
    free(bins.start);
    free(bins.atoms);
    if (status)
        nnp_neighbor_list_free(list);
    return status;
}

void nnp_neighbor_list_free(struct nnp_neighbor_list *list)
{
    free(list->positions);
    free(list->owners);
    free(list->n_neighbors);
    free(list->neighbors);
    free(list->storage);
    *list = (struct nnp_neighbor_list){0};
}
