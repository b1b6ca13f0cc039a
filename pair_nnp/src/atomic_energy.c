/* The energy of one center from its symmetry functions.
 *
 *   x = factor (G - offset) + shift, then the projection where there is one     (1)
 *   E_i = E0 + (1/M) sum_m network_m(x)                                         (2)
 *   dE/dG = factor dE/dx                                                        (3) */
#include "evaluator.h"

#include <math.h>
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
static void committee(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                      struct nnp_center *center)
{
    const struct nnp_potential *potential = evaluator->potential;
    const struct nnp_network *networks = potential->networks + center->element;
    const struct nnp_dense *dense = evaluator->dense + center->element;
    const double e0 = potential->elements[center->element].energy;
    const int n_inputs = networks->layers[0].n_inputs;
    const double share = 1.0 / potential->n_members;
    double energy = 0.0;
    memset(work->de_dx, 0, (size_t)n_inputs * sizeof *work->de_dx);
    for (int m = 0; m < potential->n_members; m++) {
        double *de_dx = work->member_de_dx + (size_t)m * (size_t)work->most_inputs;
        const int network = m * potential->n_elements;
        const double member =
            evaluator->networks
                ? evaluator->networks->evaluate(&dense[network], work->x, de_dx, work->scratch)
                : nnp_network_evaluate(&networks[network], work->x, de_dx, work->scratch);
        energy += share * member;
        work->member_energies[m] = e0 + member;
        for (int k = 0; k < n_inputs; k++)
            work->de_dx[k] += share * de_dx[k];
    }
    center->energy = e0 + energy;
}

/* sqrt((1/M) sum_m (E_im - E_i)^2) */
static double energy_spread(const struct nnp_workspace *work, int n_members, double energy)
{
    double sum = 0.0;
    if (n_members == 1)
        return 0.0;
    for (int m = 0; m < n_members; m++)
        sum += (work->member_energies[m] - energy) * (work->member_energies[m] - energy);
    return sqrt(sum / n_members);
}

void nnp_center_energy(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                       struct nnp_center *center)
{
    const struct nnp_descriptor *descriptor =
        &evaluator->potential->descriptors[center->element];
    const struct nnp_projection *projection = &descriptor->projection;
    double *scaled = projection->n_inputs ? work->de_dg : work->x;
    center->n_extrapolations =
        scale(&evaluator->prepared[center->element], descriptor->n_functions, work->g, scaled);
    if (projection->n_inputs)
        project(projection, scaled, work->x);
    committee(evaluator, work, center);
    center->energy_spread =
        energy_spread(work, evaluator->potential->n_members, center->energy);
}

void nnp_center_de_dg(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                      int element, int member)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_projection *projection = &descriptor->projection;
    const double *de_dx = member < 0
                              ? work->de_dx
                              : work->member_de_dx + (size_t)member * (size_t)work->most_inputs;
    const int n = descriptor->n_functions;
    if (projection->n_inputs)
        project_back(projection, de_dx, work->de_dg);
    else
        memcpy(work->de_dg, de_dx, (size_t)n * sizeof *work->de_dg);
    for (int k = 0; k < n; k++)
        work->de_dg[k] *= evaluator->prepared[element].factor[k];
}
