/* Symmetry functions by direct sums (nnp/symmetry.h), with
 *
 *   w(r) = exp(-eta (r - r_shift)^2) fc(r)                                              (1)
 *   p(c) = 2^(1-zeta) (1 + lambda c)^zeta,  c = cos theta = r_j . r_k / (r_j r_k)        (2)
 *
 *   radial: G = sum_j w(r_j)                        dG/dr_j = w'(r_j) u_j                (3)
 *   wide:   G = sum_{j<k} p(c) w(r_j) w(r_k)
 *           dG/dr_j = sum_k [p w'(r_j) w(r_k) u_j + p'(c) w(r_j) w(r_k) (u_k - c u_j) / r_j]
 * (4) narrow: G = sum_{j<k} p(c) w(r_j) w(r_k) w(r_jk); to dG/dr_j of (4), times w(r_jk), is
 * added p w(r_j) w(r_k) w'(r_jk) (r_j - r_k) / r_jk                                   (5)
 *
 * where u = r / |r|. */
#include "kernels/reference.h"

#include <math.h>

/* Eq. 1 and its derivative. */
static double pair_weight(const struct nnp_symmetry *function, double r, double *dw_dr)
{
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

/* Eq. 2 and its derivative; both 0 where 1 + lambda c is not positive. */
static double angle_factor(const struct nnp_symmetry *function, double c, double *dp_dc)
{
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

static double radial(const struct nnp_symmetry *function, const struct nnp_environment *env,
                     double weight, double *dx, double *dy, double *dz)
{
    const int element = function->neighbors[0];
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
    if (function->type == NNP_SYMMETRY_NARROW) {
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

static double angular(const struct nnp_symmetry *function, const struct nnp_environment *env,
                      double weight, double *dx, double *dy, double *dz, double *scratch)
{
    const int first = function->neighbors[0], second = function->neighbors[1];
    double *w = scratch, *dw = scratch + env->n, g = 0.0;
    for (int j = 0; j < env->n; j++)
        w[j] = pair_weight(function, env->r[j], &dw[j]);
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
                              const struct nnp_environment *environment, double weight,
                              double *dx, double *dy, double *dz, double *scratch)
{
    return function->type == NNP_SYMMETRY_RADIAL
               ? radial(function, environment, weight, dx, dy, dz)
               : angular(function, environment, weight, dx, dy, dz, scratch);
}
