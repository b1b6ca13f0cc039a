/* The energy of one center from its symmetry functions.
 *
 *   x = factor (G - offset) + shift, then the projection where there is one     (1)
 *   E_i = E0 + (1/M) sum_m network_m(x)                                         (2)
 *   dE/dG = factor dE/dx                                                        (3) */
#include "evaluator.h"

#include <string.h>

/* Eq. 1 without the projection into scaled; returns how many functions are outside of their
 * range. */
static int scale(const struct nnp_prepared *prepared, int n, const double *g, double *scaled)
{
    int n_outside = 0;
    for (int k = 0; k < n; k++) {
        scaled[k] = prepared->factor[k] * (g[k] - prepared->offset[k]) + prepared->shift[k];
        n_outside += g[k] < prepared->lowest[k] || g[k] > prepared->highest[k];
    }
    return n_outside;
}

static void project(const struct nnp_projection *projection, const double *scaled, double *x)
{
    memset(x, 0, (size_t)projection->n_outputs * sizeof *x);
    for (int j = 0; j < projection->n_inputs; j++)
        for (int k = 0; k < projection->n_outputs; k++)
            x[k] += (scaled[j] - projection->offset[j]) *
                    projection->matrix[(size_t)j * (size_t)projection->n_outputs + (size_t)k];
}

static void project_back(const struct nnp_projection *projection, const double *de_dx,
                         double *de_dscaled)
{
    for (int j = 0; j < projection->n_inputs; j++) {
        const double *row = projection->matrix + (size_t)j * (size_t)projection->n_outputs;
        de_dscaled[j] = 0.0;
        for (int k = 0; k < projection->n_outputs; k++)
            de_dscaled[j] += row[k] * de_dx[k];
    }
}

/* Eq. 2 and dE/dx, averaged over the committee. */
static double committee(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                        int element)
{
    const struct nnp_potential *potential = evaluator->potential;
    const struct nnp_network *networks = potential->networks + element;
    const int n_inputs = networks->layers[0].n_inputs;
    const double share = 1.0 / potential->n_members;
    double energy = 0.0;
    memset(work->de_dx, 0, (size_t)n_inputs * sizeof *work->de_dx);
    for (int m = 0; m < potential->n_members; m++) {
        energy += share * nnp_network_evaluate(&networks[m * potential->n_elements], work->x,
                                               work->member_de_dx, work->scratch);
        for (int k = 0; k < n_inputs; k++)
            work->de_dx[k] += share * work->member_de_dx[k];
    }
    return potential->elements[element].energy + energy;
}

double nnp_center_energy(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                         int element, long *n_extrapolations)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    const struct nnp_projection *projection = &descriptor->projection;
    const int n = descriptor->n_functions;
    double *scaled = projection->n_inputs ? work->de_dg : work->x;
    *n_extrapolations += scale(prepared, n, work->g, scaled);
    if (projection->n_inputs)
        project(projection, scaled, work->x);
    const double energy = committee(evaluator, work, element);
    if (projection->n_inputs)
        project_back(projection, work->de_dx, work->de_dg);
    else
        memcpy(work->de_dg, work->de_dx, (size_t)n * sizeof *work->de_dg);
    for (int k = 0; k < n; k++)
        work->de_dg[k] *= prepared->factor[k];
    return energy;
}
