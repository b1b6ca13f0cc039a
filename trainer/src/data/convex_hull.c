/* The linear programme by the simplex method with Bland's rule [1], which cannot cycle.  With a
 * basis B of n_elements columns x_i, fractions f = B^-1 x >= 0 and prices p = B^-T c (energies of
 * atoms), a point with e_j < p . x_j enters, and the basis column that reaches f = 0 first
 * leaves.
 *
 * The first basis are the pure elements themselves, as phases that do not exist: cost 1, and 0
 * for points, in a first phase that drives them out; a share of them that remains shows that
 * there is no mixture.  In the second phase they may stay with the share 0 only.
 *
 * [1] R. G. Bland, Math. Oper. Res. 2, 103 (1977). */
#include "convex_hull.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Shares and, in units of the spread of the energies, gains below this are rounding: fractions
 * are of order 1, and solutions of n_elements equations lose few digits. */
static const double tolerance = 1e-11;

struct nnp_convex_hull {
    int n_elements, n_points;
    double *compositions; /* [n_points][n_elements], fractions, in lexical order */
    double *energies;     /* [n_points] */
    int *indices;         /* [n_points], as the caller counts */
    double spread;        /* of the energies */
    int *basis;           /* [n_elements]; -1 - e: pure element e, which is no point */
    double *inverse;      /* [n_elements][n_elements], B^-1 */
    double *target, *shares, *prices, *direction; /* [n_elements] */
};

static const double *composition_of(const struct nnp_convex_hull *hull, int point)
{
    return hull->compositions + (size_t)point * (size_t)hull->n_elements;
}

/* Fractions of amounts; false where they are not amounts. */
static bool normalize(int n, const double *amounts, double *fractions)
{
    double sum = 0.0;
    for (int e = 0; e < n; e++) {
        if (!(amounts[e] >= 0.0))
            return false;
        sum += amounts[e];
    }
    if (!(sum > 0.0 && isfinite(sum)))
        return false;
    for (int e = 0; e < n; e++)
        fractions[e] = amounts[e] / sum;
    return true;
}

static bool same_composition(const struct nnp_convex_hull *hull, int a, const double *x)
{
    const double *y = composition_of(hull, a);
    for (int e = 0; e < hull->n_elements; e++)
        if (fabs(y[e] - x[e]) > tolerance)
            return false;
    return true;
}

struct candidate {
    const double *fractions;
    double energy;
    int n_elements, index;
};

/* By composition, energy, index: the first of equal compositions is the one to keep. */
static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    for (int e = 0; e < x->n_elements; e++)
        if (fabs(x->fractions[e] - y->fractions[e]) > tolerance)
            return x->fractions[e] < y->fractions[e] ? -1 : 1;
    if (x->energy != y->energy)
        return x->energy < y->energy ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Sorts the points, and keeps the lowest of each composition. */
static enum nnp_status take_points(struct nnp_convex_hull *hull, int n_points,
                                   const double *compositions, const double *energies,
                                   struct candidate *sorted, double *fractions,
                                   struct nnp_error *error)
{
    size_t n = (size_t)hull->n_elements;
    double lowest = INFINITY, highest = -INFINITY;
    for (int i = 0; i < n_points; i++) {
        double *own = fractions + (size_t)i * n;
        if (!normalize(hull->n_elements, compositions + (size_t)i * n, own) ||
            !isfinite(energies[i]))
            return nnp_error_set(error, NNP_ERROR_VALUE,
                                 "point %d of a convex hull has no composition or energy", i + 1);
        sorted[i] = (struct candidate){own, energies[i], hull->n_elements, i};
        lowest = fmin(lowest, energies[i]);
        highest = fmax(highest, energies[i]);
    }
    hull->spread = n_points > 0 ? highest - lowest : 0.0;
    qsort(sorted, (size_t)n_points, sizeof *sorted, compare_candidates);
    for (int i = 0; i < n_points; i++) {
        if (hull->n_points > 0 &&
            same_composition(hull, hull->n_points - 1, sorted[i].fractions))
            continue;
        memcpy(hull->compositions + (size_t)hull->n_points * n, sorted[i].fractions,
               n * sizeof(double));
        hull->energies[hull->n_points] = sorted[i].energy;
        hull->indices[hull->n_points++] = sorted[i].index;
    }
    return NNP_SUCCESS;
}

static bool allocate(struct nnp_convex_hull *hull, size_t n_points)
{
    size_t n = (size_t)hull->n_elements;
    hull->compositions = calloc(n_points + 1, n * sizeof(double));
    hull->energies = calloc(n_points + 1, sizeof(double));
    hull->indices = calloc(n_points + 1, sizeof(int));
    hull->basis = calloc(n, sizeof(int));
    hull->inverse = calloc(n, n * sizeof(double));
    hull->target = calloc(4 * n, sizeof(double));
    hull->shares = hull->target + n;
    hull->prices = hull->target + 2 * n;
    hull->direction = hull->target + 3 * n;
    return hull->compositions && hull->energies && hull->indices && hull->basis &&
           hull->inverse && hull->target;
}

enum nnp_status nnp_convex_hull_create(struct nnp_convex_hull **hull, int n_elements,
                                       int n_points, const double *compositions,
                                       const double *energies, struct nnp_error *error)
{
    size_t n = (size_t)n_points + 1;
    struct nnp_convex_hull *made = calloc(1, sizeof *made);
    struct candidate *sorted = calloc(n, sizeof *sorted);
    double *fractions = calloc(n, (size_t)n_elements * sizeof *fractions);
    enum nnp_status status;
    *hull = NULL;
    if (made)
        made->n_elements = n_elements;
    if (made && sorted && fractions && allocate(made, (size_t)n_points))
        status = take_points(made, n_points, compositions, energies, sorted, fractions, error);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a hull of %d points",
                               n_points);
    free(sorted);
    free(fractions);
    if (status)
        nnp_convex_hull_free(made);
    else
        *hull = made;
    return status;
}

void nnp_convex_hull_free(struct nnp_convex_hull *hull)
{
    if (!hull)
        return;
    free(hull->compositions);
    free(hull->energies);
    free(hull->indices);
    free(hull->basis);
    free(hull->inverse);
    free(hull->target);
    free(hull);
}

static double dot(int n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

static double cost(const struct nnp_convex_hull *hull, int column, bool first_phase)
{
    if (column < 0)
        return first_phase ? 1.0 : 0.0;
    return first_phase ? 0.0 : hull->energies[column];
}

/* Shares and prices of the basis. */
static void update(struct nnp_convex_hull *hull, bool first_phase)
{
    int n = hull->n_elements;
    memset(hull->prices, 0, (size_t)n * sizeof *hull->prices);
    for (int r = 0; r < n; r++) {
        const double *row = hull->inverse + (size_t)r * (size_t)n;
        double c = cost(hull, hull->basis[r], first_phase);
        hull->shares[r] = fmax(dot(n, row, hull->target), 0.0);
        for (int e = 0; e < n; e++)
            hull->prices[e] += c * row[e];
    }
}

/* The point with the lowest index that lowers the sum, -1: none does. */
static int find_entering(const struct nnp_convex_hull *hull, bool first_phase)
{
    double least = tolerance * (first_phase ? 1.0 : hull->spread);
    for (int j = 0; j < hull->n_points; j++)
        if (dot(hull->n_elements, hull->prices, composition_of(hull, j)) >
            cost(hull, j, first_phase) + least)
            return j;
    return -1;
}

/* The row that the entering point replaces: of those that reach 0 first the one with the lowest
 * index (elements, which are no points, before all); -1: none. */
static int find_leaving(struct nnp_convex_hull *hull, int entering, bool first_phase)
{
    int n = hull->n_elements, row = -1;
    double limit = INFINITY;
    for (int r = 0; r < n; r++) {
        double d = dot(n, hull->inverse + (size_t)r * (size_t)n, composition_of(hull, entering));
        hull->direction[r] = d;
        /* An element that stayed with the share 0 must not come back in the second phase. */
        bool stays_out = !first_phase && hull->basis[r] < 0 && fabs(d) > tolerance;
        if (!(d > tolerance) && !stays_out)
            continue;
        double ratio = stays_out ? 0.0 : hull->shares[r] / d;
        if (ratio < limit - tolerance ||
            (ratio <= limit + tolerance && hull->basis[r] < hull->basis[row])) {
            limit = fmin(limit, ratio);
            row = r;
        }
    }
    return row;
}

/* B^-1 after the column of a row is replaced by the one whose direction B^-1 x is set. */
static void replace(struct nnp_convex_hull *hull, int row, int entering)
{
    int n = hull->n_elements;
    double *pivot = hull->inverse + (size_t)row * (size_t)n;
    for (int e = 0; e < n; e++)
        pivot[e] /= hull->direction[row];
    for (int r = 0; r < n; r++) {
        double *other = hull->inverse + (size_t)r * (size_t)n;
        for (int e = 0; r != row && e < n; e++)
            other[e] -= hull->direction[r] * pivot[e];
    }
    hull->basis[row] = entering;
}

static void minimize(struct nnp_convex_hull *hull, bool first_phase)
{
    for (;;) {
        update(hull, first_phase);
        int entering = find_entering(hull, first_phase);
        int row = entering < 0 ? -1 : find_leaving(hull, entering, first_phase);
        if (row < 0)
            return;
        replace(hull, row, entering);
    }
}

static void start(struct nnp_convex_hull *hull)
{
    size_t n = (size_t)hull->n_elements;
    memset(hull->inverse, 0, n * n * sizeof *hull->inverse);
    for (size_t e = 0; e < n; e++) {
        hull->basis[e] = -1 - (int)e;
        hull->inverse[e * n + e] = 1.0;
    }
}

double nnp_convex_hull_energy(struct nnp_convex_hull *hull, const double *composition,
                              int *phases, double *fractions)
{
    double energy = 0.0, missing = 0.0;
    if (!normalize(hull->n_elements, composition, hull->target))
        return INFINITY;
    start(hull);
    minimize(hull, true);
    for (int r = 0; r < hull->n_elements; r++)
        missing += hull->basis[r] < 0 ? hull->shares[r] : 0.0;
    if (missing > tolerance * hull->n_elements)
        return INFINITY;
    minimize(hull, false);
    for (int r = 0; r < hull->n_elements; r++) {
        bool is_needed = hull->basis[r] >= 0 && hull->shares[r] > tolerance;
        double share = is_needed ? hull->shares[r] : 0.0;
        energy += is_needed ? share * hull->energies[hull->basis[r]] : 0.0;
        if (phases)
            phases[r] = is_needed ? hull->indices[hull->basis[r]] : -1;
        if (fractions)
            fractions[r] = share;
    }
    return energy;
}
