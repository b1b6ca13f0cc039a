/* Least squares in t = (V/V_low)^(-2/3) - 1 about the lowest point, for the sake of rounding; x
 * = 1 + t and volumes in units of V_low give equations 2 and 3 of birch_murnaghan.h. */
#include "birch_murnaghan.h"

#include "linear_algebra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 4 };

static enum nnp_status find_lowest(int n, const double *volumes, const double *energies,
                                   int *lowest, struct nnp_error *error)
{
    *lowest = 0;
    for (int p = 0; p < n; p++) {
        if (!(volumes[p] > 0.0) || !isfinite(volumes[p]) || !isfinite(energies[p]))
            return nnp_error_set(error, NNP_ERROR_VALUE,
                                 "point %d has the volume %g and the energy %g; volumes are "
                                 "above 0, and both finite",
                                 p + 1, volumes[p], energies[p]);
        if (energies[p] < energies[*lowest])
            *lowest = p;
    }
    return NNP_SUCCESS;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* range, or as much more as the nearest points need; distances: [n], overwritten. */
static double widen(double range, int n, const double *volumes, int lowest, double *distances)
{
    for (int p = 0; p < n; p++)
        distances[p] = fabs(volumes[p] / volumes[lowest] - 1.0);
    qsort(distances, (size_t)n, sizeof *distances, compare_doubles);
    return fmax(range, distances[(n < NNP_EOS_ENOUGH_POINTS ? n : NNP_EOS_ENOUGH_POINTS) - 1]);
}

/* Rows 1, t, t^2, t^3 of the points in reach, and their energies above the lowest. */
static int collect(int n, const double *volumes, const double *energies, int lowest,
                   double range, double *rows, double *rhs)
{
    int m = 0;
    for (int p = 0; p < n; p++) {
        const double ratio = volumes[p] / volumes[lowest];
        if (fabs(ratio - 1.0) > range * (1.0 + 1e-9))
            continue;
        const double t = pow(ratio, -2.0 / 3.0) - 1.0;
        for (int k = 0; k < N; k++)
            rows[N * m + k] = k == 0 ? 1.0 : rows[N * m + k - 1] * t;
        rhs[m++] = energies[p] - energies[lowest];
    }
    return m;
}

/* s^2 (A^T A)^-1, column by column; false where the points do not determine a cubic. */
static bool find_covariance(int m, const double *rows, double variance, double covariance[N][N])
{
    double normal[N * N];
    nnp_transposed_multiply(N, N, m, rows, rows, 0.0, normal);
    for (int k = 0; k < N; k++) {
        double matrix[N * N], column[N] = {0.0};
        memcpy(matrix, normal, sizeof matrix);
        column[k] = variance;
        if (!nnp_solve_positive(N, matrix, column))
            return false;
        for (int l = 0; l < N; l++)
            covariance[l][k] = column[l];
    }
    return true;
}

/* Equations 2 and 3 at the minimum of a cubic, and their derivatives by its coefficients; false
 * if there is no minimum. */
static bool find_minimum(const double c[N], double values[NNP_N_EOS],
                         double derivatives[NNP_N_EOS][N])
{
    const double discriminant = c[2] * c[2] - 3.0 * c[1] * c[3];
    if (!(discriminant > 0.0) || !(c[2] + sqrt(discriminant) > 0.0))
        return false;
    const double t = -c[1] / (c[2] + sqrt(discriminant)), x = 1.0 + t;
    const double curvature = 2.0 * c[2] + 6.0 * c[3] * t; /* E''; E''' = 6 c3 */
    if (!(x > 0.0) || !(curvature > 0.0))
        return false;
    values[NNP_EOS_E0] = c[0] + t * (c[1] + t * (c[2] + t * c[3]));
    values[NNP_EOS_V0] = pow(x, -1.5);
    values[NNP_EOS_B0] = 4.0 / 9.0 * curvature * pow(x, 3.5);
    values[NNP_EOS_B0_PRIME] = 4.0 + 4.0 * x * c[3] / curvature;
    const double power[N] = {1.0, t, t * t, t * t * t};
    const double slope[N] = {0.0, 1.0, 2.0 * t, 3.0 * t * t};
    const double bend[N] = {0.0, 0.0, 2.0, 6.0 * t};
    for (int k = 0; k < N; k++) {
        const double dx = -slope[k] / curvature;
        const double dcurvature = bend[k] + 6.0 * c[3] * dx;
        derivatives[NNP_EOS_E0][k] = power[k];
        derivatives[NNP_EOS_V0][k] = -1.5 * values[NNP_EOS_V0] / x * dx;
        derivatives[NNP_EOS_B0][k] =
            values[NNP_EOS_B0] * (dcurvature / curvature + 3.5 * dx / x);
        derivatives[NNP_EOS_B0_PRIME][k] =
            4.0 * ((k == 3 ? x : 0.0) + c[3] * dx - x * c[3] * dcurvature / curvature) /
            curvature;
    }
    return true;
}

static enum nnp_status solve(struct nnp_birch_murnaghan *fit, int m, double *rows,
                             const double *rhs, double *work, struct nnp_error *error)
{
    double c[N], covariance[N][N], derivatives[NNP_N_EOS][N], squares = 0.0;
    memcpy(work, rows, (size_t)m * N * sizeof *rows);
    enum nnp_status status = nnp_least_squares(m, N, work, rhs, c, error);
    if (status)
        return status;
    for (int p = 0; p < m; p++) {
        double residual = -rhs[p];
        for (int k = 0; k < N; k++)
            residual += rows[N * p + k] * c[k];
        squares += residual * residual;
    }
    double highest = 0.0, least = 0.0; /* of t */
    for (int p = 0; p < m; p++) {
        highest = fmax(highest, rows[N * p + 1]);
        least = fmin(least, rows[N * p + 1]);
    }
    const bool found = find_minimum(c, fit->values, derivatives);
    const double t = found ? pow(fit->values[NNP_EOS_V0], -2.0 / 3.0) - 1.0 : 0.0;
    if (!found || t < least || t > highest ||
        !find_covariance(m, rows, squares / (m - N), covariance))
        return nnp_error_set(
            error, NNP_ERROR_INCONSISTENT,
            "the energies have no minimum inside the volumes of the %d points; "
            "an equation of state needs points on both sides of it",
            m);
    for (int v = 0; v < NNP_N_EOS; v++) {
        double variance = 0.0;
        for (int k = 0; k < N; k++)
            for (int l = 0; l < N; l++)
                variance += derivatives[v][k] * covariance[k][l] * derivatives[v][l];
        fit->errors[v] = sqrt(fmax(variance, 0.0));
    }
    fit->n_points = m;
    fit->rms = sqrt(squares / m);
    return NNP_SUCCESS;
}

/* From volumes in units of V_low, and energies above the lowest. */
static void restore_units(struct nnp_birch_murnaghan *fit, double volume, double energy)
{
    fit->values[NNP_EOS_E0] += energy;
    fit->values[NNP_EOS_V0] *= volume;
    fit->errors[NNP_EOS_V0] *= volume;
    fit->values[NNP_EOS_B0] /= volume;
    fit->errors[NNP_EOS_B0] /= volume;
}

enum nnp_status nnp_birch_murnaghan_fit(struct nnp_birch_murnaghan *fit, int n,
                                        const double *volumes, const double *energies,
                                        double range, struct nnp_error *error)
{
    int lowest;
    *fit = (struct nnp_birch_murnaghan){.n_points = 0};
    if (n < NNP_EOS_FEWEST_POINTS)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "it has %d points; an equation of state needs %d", n,
                             NNP_EOS_FEWEST_POINTS);
    enum nnp_status status = find_lowest(n, volumes, energies, &lowest, error);
    if (status)
        return status;
    double *rows = malloc((2 * N + 1) * (size_t)n * sizeof *rows);
    if (!rows)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a fit to %d points", n);
    double *rhs = rows + N * (size_t)n, *work = rhs + n;
    range = widen(range, n, volumes, lowest, rhs);
    const int m = collect(n, volumes, energies, lowest, range, rows, rhs);
    status = solve(fit, m, rows, rhs, work, error);
    if (!status)
        restore_units(fit, volumes[lowest], energies[lowest]);
    free(rows);
    return status;
}

double nnp_birch_murnaghan_energy(const struct nnp_birch_murnaghan *fit, double volume)
{
    /* Birch's form: with f = x/x0 - 1, E = E0 + 9/16 V0 B0 (B0' f^3 + f^2 (2 - 4 f)). */
    const double f = pow(fit->values[NNP_EOS_V0] / volume, 2.0 / 3.0) - 1.0;
    return fit->values[NNP_EOS_E0] + 9.0 / 16.0 * fit->values[NNP_EOS_V0] *
                                         fit->values[NNP_EOS_B0] * f * f *
                                         (fit->values[NNP_EOS_B0_PRIME] * f + 2.0 - 4.0 * f);
}
