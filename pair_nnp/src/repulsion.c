/* Repulsion of nuclei, switched off smoothly: the universal screened Coulomb potential
 * (Ziegler, Biersack, Littmark 1985), or an exponential (Born, Mayer 1932).
 *
 *   phi(x) = sum_k c_k exp(-d_k x)                                              (1)
 *   U(r) = (q / r) phi(r / a)   or   A exp(-r / rho)                            (2)
 *   S(x) = third x^3 + fourth x^4 + constant,  x = r - inner, with
 *   S(w) = -U, S'(w) = -U', S''(w) = -U'' at the outer radius, w = outer - inner  (3) */
#include "nnp/repulsion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* e^2 / (4 pi eps0) in eV Angstrom: Hartree energy times Bohr radius, CODATA 2018. */
static const double coulomb_constant = 27.211386245988 * 0.529177210903;

static const double amplitude[4] = {0.18175, 0.50986, 0.28022, 0.02817};
static const double decay[4] = {3.19980, 0.94229, 0.40290, 0.20162};

const char *nnp_repulsion_name(enum nnp_repulsion_type type)
{
    static const char *const names[] = {"none", "zbl", "exponential"};
    return (unsigned)type < NNP_N_REPULSION ? names[type] : NULL;
}

enum nnp_status nnp_repulsion_copy(struct nnp_repulsion *copy, const struct nnp_repulsion *from,
                                   struct nnp_error *error)
{
    const size_t n = (size_t)from->n_pairs;
    *copy = *from;
    copy->n_pairs = 0;
    copy->pairs = NULL;
    if (n == 0)
        return NNP_SUCCESS;
    copy->pairs = malloc(n * sizeof *copy->pairs);
    if (!copy->pairs)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu pairs", n);
    memcpy(copy->pairs, from->pairs, n * sizeof *copy->pairs);
    copy->n_pairs = from->n_pairs;
    return NNP_SUCCESS;
}

void nnp_repulsion_free(struct nnp_repulsion *repulsion)
{
    free(repulsion->pairs);
    *repulsion = (struct nnp_repulsion){0};
}

struct nnp_repulsion_pair nnp_repulsion_of(const struct nnp_repulsion *repulsion, int z_i,
                                           int z_j)
{
    for (int p = 0; p < repulsion->n_pairs; p++) {
        const int *z = repulsion->pairs[p].atomic_numbers;
        if ((z[0] == z_i && z[1] == z_j) || (z[0] == z_j && z[1] == z_i))
            return repulsion->pairs[p];
    }
    return (struct nnp_repulsion_pair){.atomic_numbers = {z_i, z_j},
                                       .inner = repulsion->inner,
                                       .outer = repulsion->outer,
                                       .amplitude = repulsion->amplitude,
                                       .decay = repulsion->decay};
}

double nnp_repulsion_reach(const struct nnp_repulsion *repulsion)
{
    double reach = repulsion->outer;
    for (int p = 0; p < repulsion->n_pairs; p++)
        reach = fmax(reach, repulsion->pairs[p].outer);
    return reach;
}

/* U and its first two derivatives (eqs. 1 and 2). */
static void screened_coulomb(const struct nnp_repulsion_curve *curve, double r, double u[3])
{
    double phi = 0.0, d_phi = 0.0, d2_phi = 0.0;
    for (int k = 0; k < 4; k++) {
        const double d = decay[k] * curve->inverse_length;
        const double term = amplitude[k] * exp(-d * r);
        phi += term;
        d_phi -= d * term;
        d2_phi += d * d * term;
    }
    const double q_r = curve->amplitude / r;
    u[0] = q_r * phi;
    u[1] = q_r * (d_phi - phi / r);
    u[2] = q_r * (d2_phi - 2.0 * d_phi / r + 2.0 * phi / (r * r));
}

static void exponential(const struct nnp_repulsion_curve *curve, double r, double u[3])
{
    u[0] = curve->amplitude * exp(-curve->inverse_length * r);
    u[1] = -curve->inverse_length * u[0];
    u[2] = -curve->inverse_length * u[1];
}

static void not_switched(const struct nnp_repulsion_curve *curve, double r, double u[3])
{
    if (curve->type == NNP_REPULSION_ZBL)
        screened_coulomb(curve, r, u);
    else
        exponential(curve, r, u);
}

/* S of eq. 3. */
static void init_switching(struct nnp_repulsion_curve *curve)
{
    double u[3];
    not_switched(curve, curve->outer, u);
    const double w = curve->outer - curve->inner;
    curve->third = (w * u[2] - 3.0 * u[1]) / (3.0 * w * w);
    curve->fourth = (2.0 * u[1] - w * u[2]) / (4.0 * w * w * w);
    curve->constant = -u[0] + w * u[1] / 2.0 - w * w * u[2] / 12.0;
}

void nnp_repulsion_curve_init(struct nnp_repulsion_curve *curve,
                              const struct nnp_repulsion *repulsion, int z_i, int z_j,
                              double length_unit, double energy_unit)
{
    const struct nnp_repulsion_pair pair = nnp_repulsion_of(repulsion, z_i, z_j);
    *curve = (struct nnp_repulsion_curve){
        .type = repulsion->type, .inner = pair.inner, .outer = pair.outer};
    if (repulsion->type == NNP_REPULSION_ZBL) {
        curve->amplitude = coulomb_constant / (length_unit * energy_unit) * z_i * z_j;
        curve->inverse_length = (pow(z_i, 0.23) + pow(z_j, 0.23)) / 0.46850 * length_unit;
    } else if (repulsion->type == NNP_REPULSION_EXPONENTIAL) {
        curve->amplitude = pair.amplitude;
        curve->inverse_length = 1.0 / pair.decay;
    }
    if (curve->outer > 0.0)
        init_switching(curve);
}

double nnp_repulsion_curve_evaluate(const struct nnp_repulsion_curve *curve, double r,
                                    double *dv_dr)
{
    double u[3];
    *dv_dr = 0.0;
    if (r >= curve->outer)
        return 0.0;
    not_switched(curve, r, u);
    const double x = r > curve->inner ? r - curve->inner : 0.0;
    *dv_dr = u[1] + x * x * (3.0 * curve->third + 4.0 * curve->fourth * x);
    return u[0] + curve->constant + x * x * x * (curve->third + curve->fourth * x);
}
