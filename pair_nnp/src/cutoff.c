/* Cutoff functions and their derivatives; the equations stand in nnp/cutoff.h. */
#include "nnp/cutoff.h"

#include "constants.h"
#include "names.h"

#include <math.h>

static const char *const cutoff_names[NNP_N_CUTOFF] = {
    "hard", "cos", "tanhu", "tanh", "exp", "poly1", "poly2", "poly3", "poly4",
};

/* tanh^3(1 - r/r_cut) and derivative. */
static void tanh_cubed(const struct nnp_cutoff *cutoff, double r, double *fc, double *dfc_dr)
{
    const double t = tanh(1.0 - r / cutoff->radius);
    *fc = t * t * t;
    *dfc_dr = 3.0 * t * t * (t * t - 1.0) / cutoff->radius;
}

/* f(x) and f'(x) of the functions of the reduced distance 0 <= x < 1. */
static void reduced_cutoff(enum nnp_cutoff_type type, double x, double *f, double *df)
{
    const double y = 1.0 - x; /* the polynomials' derivatives are c x^k (1-x)^k */
    switch (type) {
    case NNP_CUTOFF_COS:
        *f = 0.5 * (cos(NNP_PI * x) + 1.0);
        *df = -0.5 * NNP_PI * sin(NNP_PI * x);
        break;
    case NNP_CUTOFF_EXP: {
        const double d = 1.0 / (1.0 - x * x);
        *f = exp(1.0 - d);
        *df = -2.0 * x * d * d * *f;
        break;
    }
    case NNP_CUTOFF_POLY1:
        *f = (2.0 * x - 3.0) * x * x + 1.0;
        *df = -6.0 * x * y;
        break;
    case NNP_CUTOFF_POLY2:
        *f = ((15.0 - 6.0 * x) * x - 10.0) * x * x * x + 1.0;
        *df = -30.0 * x * x * y * y;
        break;
    case NNP_CUTOFF_POLY3:
        *f = (x * (x * (20.0 * x - 70.0) + 84.0) - 35.0) * x * x * x * x + 1.0;
        *df = -140.0 * (x * y) * (x * y) * (x * y);
        break;
    case NNP_CUTOFF_POLY4:
        *f = (x * (x * ((315.0 - 70.0 * x) * x - 540.0) + 420.0) - 126.0) * x * x * x * x * x +
             1.0;
        *df = -630.0 * (x * y) * (x * y) * (x * y) * (x * y);
        break;
    default:
        *f = 1.0;
        *df = 0.0;
        break;
    }
}

void nnp_cutoff_evaluate(const struct nnp_cutoff *cutoff, double r, double *fc, double *dfc_dr)
{
    const double inner = cutoff->alpha * cutoff->radius;
    if (r >= cutoff->radius) {
        *fc = *dfc_dr = 0.0;
    } else if (cutoff->type == NNP_CUTOFF_TANHU || cutoff->type == NNP_CUTOFF_TANH) {
        tanh_cubed(cutoff, r, fc, dfc_dr);
        if (cutoff->type == NNP_CUTOFF_TANH) {
            const double t1 = tanh(1.0);
            *fc /= t1 * t1 * t1;
            *dfc_dr /= t1 * t1 * t1;
        }
    } else if (r < inner) {
        *fc = 1.0;
        *dfc_dr = 0.0;
    } else {
        const double width = cutoff->radius - inner;
        reduced_cutoff(cutoff->type, (r - inner) / width, fc, dfc_dr);
        *dfc_dr /= width;
    }
}

const char *nnp_cutoff_name(enum nnp_cutoff_type type)
{
    return (unsigned)type < NNP_N_CUTOFF ? cutoff_names[type] : "?";
}

enum nnp_cutoff_type nnp_cutoff_from_name(const char *name)
{
    return (enum nnp_cutoff_type)nnp_names_find(cutoff_names, NNP_N_CUTOFF, name);
}
