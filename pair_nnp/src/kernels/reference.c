/* Symmetry functions by direct sums (nnp/symmetry.h), with
 *
 *   w(r) = exp(-eta (r - r_shift)^2) fc(r), or C(r; r_low, r_cut)                        (1)
 *   p(c) = 2^(1-zeta) (1 + lambda c)^zeta,  c = cos theta = r_j . r_k / (r_j r_k),
 *          or C(theta; angle_low, angle_high)                                            (2)
 *
 *   radial: G = sum_j w(r_j)                        dG/dr_j = w'(r_j) u_j                (3)
 *   wide:   G = sum_{j<k} p(c) w(r_j) w(r_k)
 *           dG/dr_j = sum_k [p w'(r_j) w(r_k) u_j
 *                            + p'(c) w(r_j) w(r_k) (u_k - c u_j) / r_j]                  (4)
 *   narrow: G = sum_{j<k} p(c) w(r_j) w(r_k) w(r_jk); to dG/dr_j of (4), times w(r_jk), is
 *           added p w(r_j) w(r_k) w'(r_jk) (r_j - r_k) / r_jk                            (5)
 *
 * where u = r / |r|.  Chebyshev functions have w(r) = T_n(2 r / r_cut - 1) fc(r) or p(c) =
 * T_n(c), and the recurrences T_(n+1)(x) = 2 x T_n(x) - T_(n-1)(x), T'_n(x) = n U_(n-1)(x),
 * U_(n+1)(x) = 2 x U_n(x) - U_(n-1)(x). */
#include "kernels/reference.h"

#include "constants.h"

#include <math.h>
#include <stdbool.h>

/* C(a; low, high) and its derivative. */
static double compact(enum nnp_cutoff_type type, bool asymmetric, double low, double high,
                      double a, double *dc_da)
{
    const struct nnp_cutoff core = {type, 1.0, 0.0};
    const double center = 0.5 * (low + high), half = 0.5 * (high - low);
    const double sign = a < center ? -1.0 : 1.0;
    double x = sign * (a - center) / half, slope = sign / half, value;
    if (asymmetric && x < 1.0) {
        slope *= 2.0 - 2.0 * x;
        x = (2.0 - x) * x;
    }
    nnp_cutoff_evaluate(&core, x, &value, dc_da);
    *dc_da *= slope;
    return value;
}

/* T_n(x) and its derivative. */
static double chebyshev(int n, double x, double *slope)
{
    double t = 1.0, t_next = x, u = 0.0, u_next = 1.0; /* T_0, T_1, U_(-1), U_0 */
    for (int k = 0; k < n; k++) {
        const double t_last = t, u_last = u;
        t = t_next;
        t_next = 2.0 * x * t - t_last;
        u = u_next;
        u_next = 2.0 * x * u - u_last;
    }
    *slope = n * u;
    return t;
}

/* Eq. 1 of radial Chebyshev functions, and its derivative. */
static double chebyshev_weight(const struct nnp_symmetry *function, double r, double *dw_dr)
{
    const double factor = 2.0 / function->cutoff.radius;
    double fc, dfc, slope;
    nnp_cutoff_evaluate(&function->cutoff, r, &fc, &dfc);
    const double t = chebyshev(function->degree, factor * r - 1.0, &slope);
    *dw_dr = t * dfc + factor * slope * fc;
    return t * fc;
}

/* Eq. 1 and its derivative. */
static double pair_weight(const struct nnp_symmetry *function, double r, double *dw_dr)
{
    if (nnp_symmetry_is_compact(function->type))
        return compact(function->cutoff.type, function->asymmetric, function->r_low,
                       function->cutoff.radius, r, dw_dr);
    if (nnp_symmetry_is_chebyshev(function->type) && nnp_symmetry_is_radial(function->type))
        return chebyshev_weight(function, r, dw_dr);
    const double d = r - function->r_shift;
    double fc, dfc;
    nnp_cutoff_evaluate(&function->cutoff, r, &fc, &dfc);
    if (fc == 0.0) {
        *dw_dr = 0.0;
        return 0.0;
    }
    const double e = exp(-function->eta * d * d);
    *dw_dr = e * (dfc - 2.0 * function->eta * d * fc);
    return e * fc;
}

static double integer_power(double base, int exponent)
{
    double result = 1.0;
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2)
            result *= base;
        base *= base;
    }
    return result;
}

/* Eq. 2 of compact functions; along the axis, where theta has no derivative, p' is 0. */
static double angle_window(const struct nnp_symmetry *function, double c, double *dp_dc)
{
    const double degree = NNP_PI / 180.0, sine = sqrt(fmax(0.0, (1.0 - c) * (1.0 + c)));
    const double theta = atan2(sine, c);
    double slope;
    const double p = compact(function->cutoff.type, false, function->angle_low * degree,
                             function->angle_high * degree, theta, &slope);
    *dp_dc = sine > 0.0 ? -slope / sine : 0.0;
    return p;
}

/* Eq. 2 and its derivative; both 0 where 1 + lambda c is not positive. */
static double angle_factor(const struct nnp_symmetry *function, double c, double *dp_dc)
{
    if (nnp_symmetry_is_compact(function->type))
        return angle_window(function, c, dp_dc);
    if (nnp_symmetry_is_chebyshev(function->type))
        return chebyshev(function->degree, c, dp_dc);
    const double zeta = function->zeta, base = 0.5 * (1.0 + function->lambda * c);
    *dp_dc = 0.0;
    if (base <= 0.0)
        return 0.0;
    const double below = zeta == floor(zeta) && zeta <= 64.0
                             ? integer_power(base, (int)zeta - 1)
                             : pow(base, zeta - 1.0);
    *dp_dc = function->lambda * zeta * below;
    return 2.0 * base * below;
}

/* The sum over neighbors of one element. */
static double radial(const struct nnp_symmetry *function, const struct nnp_environment *env,
                     int element, double weight, double *dx, double *dy, double *dz)
{
    double g = 0.0;
    for (int j = env->begin[element]; j < env->end[element]; j++) {
        double dw;
        g += pair_weight(function, env->r[j], &dw);
        if (!dx)
            continue;
        const double slope = weight * dw / env->r[j];
        dx[j] += slope * env->x[j];
        dy[j] += slope * env->y[j];
        dz[j] += slope * env->z[j];
    }
    return g;
}

/* dG/dr_j of one triplet is a_j r_j + b r_k, that of k is a_k r_k + b r_j. */
struct triplet {
    double value, a_j, a_k, b;
};

static struct triplet triplet_evaluate(const struct nnp_symmetry *function,
                                       const struct nnp_environment *env, int j, int k,
                                       const double *w, const double *dw)
{
    const double r_j = env->r[j], r_k = env->r[k];
    const double product =
        env->x[j] * env->x[k] + env->y[j] * env->y[k] + env->z[j] * env->z[k];
    const double c = product / (r_j * r_k);
    double dp, w_jk = 1.0, dw_jk = 0.0, r_jk = 1.0;
    const double p = angle_factor(function, c, &dp);
    if (nnp_symmetry_is_narrow(function->type)) {
        const double x = env->x[j] - env->x[k], y = env->y[j] - env->y[k],
                     z = env->z[j] - env->z[k];
        r_jk = sqrt(x * x + y * y + z * z);
        w_jk = pair_weight(function, r_jk, &dw_jk);
    }
    const double across = p * w[j] * w[k] * dw_jk / r_jk; /* eq. 5 */
    const double angle = dp * w[j] * w[k] * w_jk;         /* eq. 4, second term */
    struct triplet t = {.value = p * w[j] * w[k] * w_jk};
    t.a_j = p * dw[j] * w[k] * w_jk / r_j - angle * c / (r_j * r_j) + across;
    t.a_k = p * w[j] * dw[k] * w_jk / r_k - angle * c / (r_k * r_k) + across;
    t.b = angle / (r_j * r_k) - across;
    return t;
}

/* The sum over pairs of neighbors of two elements; w, dw: [n], eq. 1 of all neighbors. */
static double angular(const struct nnp_symmetry *function, const struct nnp_environment *env,
                      int first, int second, double weight, double *dx, double *dy, double *dz,
                      const double *w, const double *dw)
{
    double g = 0.0;
    for (int j = env->begin[first]; j < env->end[first]; j++) {
        if (w[j] == 0.0 && dw[j] == 0.0)
            continue;
        const int start = first == second ? j + 1 : env->begin[second];
        for (int k = start; k < env->end[second]; k++) {
            if (w[k] == 0.0 && dw[k] == 0.0)
                continue;
            const struct triplet t = triplet_evaluate(function, env, j, k, w, dw);
            g += t.value;
            if (!dx)
                continue;
            dx[j] += weight * (t.a_j * env->x[j] + t.b * env->x[k]);
            dy[j] += weight * (t.a_j * env->y[j] + t.b * env->y[k]);
            dz[j] += weight * (t.a_j * env->z[j] + t.b * env->z[k]);
            dx[k] += weight * (t.a_k * env->x[k] + t.b * env->x[j]);
            dy[k] += weight * (t.a_k * env->y[k] + t.b * env->y[j]);
            dz[k] += weight * (t.a_k * env->z[k] + t.b * env->z[j]);
        }
    }
    return g;
}

double nnp_reference_evaluate(const struct nnp_symmetry *function,
                              const struct nnp_environment *environment,
                              const double *species_weights, double weight, double *dx,
                              double *dy, double *dz, double *scratch)
{
    const bool is_radial = nnp_symmetry_is_radial(function->type);
    const bool over_all = nnp_symmetry_n_neighbors(function->type) == 0;
    const double *s = nnp_symmetry_is_weighted(function->type) ? species_weights : NULL;
    const int n = over_all ? environment->n_elements : 1;
    double *w = scratch, *dw = scratch + environment->n, g = 0.0;
    for (int j = 0; !is_radial && j < environment->n; j++)
        w[j] = pair_weight(function, environment->r[j], &dw[j]);
    for (int a = 0; a < n; a++) {
        const int first = over_all ? a : function->neighbors[0];
        const double z = s ? s[first] : 1.0;
        if (is_radial)
            g += z * radial(function, environment, first, weight * z, dx, dy, dz);
        for (int b = a; !is_radial && b < n; b++) {
            const int second = over_all ? b : function->neighbors[1];
            const double zz = s ? z * s[second] : 1.0;
            g += zz *
                 angular(function, environment, first, second, weight * zz, dx, dy, dz, w, dw);
        }
    }
    return g;
}
