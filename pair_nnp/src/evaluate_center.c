/* The symmetry functions of one center and the gradient of anything that depends on them. */
#include "evaluator.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum nnp_status nnp_center_gather(const struct nnp_evaluator *evaluator,
                                  struct nnp_workspace *work, const struct nnp_atoms *atoms,
                                  int center, int element, struct nnp_error *error)
{
    struct nnp_environment *env = &work->environment;
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    enum nnp_status status =
        nnp_environment_gather(env, atoms, center, evaluator->potential->n_elements,
                               prepared->r_cut, evaluator->r_min, error);
    if (!status && evaluator->moments)
        status = nnp_moments_reserve(&work->moments, &prepared->moments, env->capacity, error);
    if (!status && evaluator->moments && prepared->triplets.n_groups)
        status =
            nnp_triplets_reserve(&work->triplets, &prepared->triplets, env->capacity, error);
    if (status || env->capacity <= work->neighbor_capacity)
        return status;
    const size_t n = (size_t)env->capacity;
    double *storage = malloc(8 * n * sizeof *storage);
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", env->n);
    free(work->neighbor_storage);
    work->neighbor_storage = storage;
    work->neighbor_capacity = env->capacity;
    work->dx = storage;
    work->dy = storage + n;
    work->dz = storage + 2 * n;
    work->pair_scratch = storage + 3 * n;
    work->vx = storage + 5 * n;
    work->vy = storage + 6 * n;
    work->vz = storage + 7 * n;
    return NNP_SUCCESS;
}

/* A function by the reference kernel; where de_dg is not 0, its gradient is added to dx, dy,
 * dz. */
static double reference_function(const struct nnp_evaluator *evaluator,
                                 struct nnp_workspace *work, int element, int k, double de_dg)
{
    const bool gradient = de_dg != 0.0;
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_symmetry *function = &descriptor->functions[k];
    const double *weights = nnp_symmetry_is_chebyshev(function->type)
                                ? descriptor->species_weights
                                : evaluator->charges;
    return nnp_reference_evaluate(function, &work->environment, weights, de_dg,
                                  gradient ? work->dx : NULL, gradient ? work->dy : NULL,
                                  gradient ? work->dz : NULL, work->pair_scratch);
}

void nnp_center_values(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                       int element)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &work->environment;
    if (!evaluator->moments) {
        for (int k = 0; k < descriptor->n_functions; k++)
            work->g[k] = reference_function(evaluator, work, element, k, 0.0);
        return;
    }
    nnp_moments_attach(&work->moments, &prepared->moments);
    evaluator->moments->forward(&prepared->moments, env, &work->moments, work->g);
    if (prepared->triplets.n_groups) {
        nnp_triplets_attach(&work->triplets, &prepared->triplets);
        evaluator->triplets->forward(&prepared->triplets, env, &work->triplets, work->g);
    }
    for (int n = 0; n < prepared->n_others; n++) {
        const int k = prepared->others[n];
        work->g[k] = reference_function(evaluator, work, element, k, 0.0);
    }
}

static void clear_gradient(struct nnp_workspace *work)
{
    const size_t bytes = (size_t)work->environment.n * sizeof *work->dx;
    memset(work->dx, 0, bytes);
    memset(work->dy, 0, bytes);
    memset(work->dz, 0, bytes);
}

void nnp_center_gradient(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                         int element)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &work->environment;
    const double *de_dg = work->de_dg;
    double *dx = work->dx, *dy = work->dy, *dz = work->dz;
    if (!evaluator->moments) {
        clear_gradient(work);
        for (int k = 0; k < descriptor->n_functions; k++)
            if (de_dg[k] != 0.0)
                reference_function(evaluator, work, element, k, de_dg[k]);
        return;
    }
    evaluator->moments->backward(&prepared->moments, env, &work->moments, de_dg, dx, dy, dz);
    if (prepared->triplets.n_groups)
        evaluator->triplets->backward(&prepared->triplets, env, &work->triplets, de_dg, dx, dy,
                                      dz);
    for (int n = 0; n < prepared->n_others; n++) {
        const int k = prepared->others[n];
        if (de_dg[k] != 0.0)
            reference_function(evaluator, work, element, k, de_dg[k]);
    }
}

/* dx, dy, dz = dG/dr_j of a function by the reference kernel. */
static void reference_gradient(const struct nnp_evaluator *evaluator,
                               struct nnp_workspace *work, int element, int k)
{
    clear_gradient(work);
    reference_function(evaluator, work, element, k, 1.0);
}

static bool is_other(const struct nnp_prepared *prepared, int function)
{
    for (int n = 0; n < prepared->n_others; n++)
        if (prepared->others[n] == function)
            return true;
    return false;
}

void nnp_center_function_gradient(const struct nnp_evaluator *evaluator,
                                  struct nnp_workspace *work, int element, int function)
{
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &work->environment;
    const struct nnp_moment_place *place = &prepared->moments.places[function];
    if (!evaluator->moments || is_other(prepared, function)) {
        reference_gradient(evaluator, work, element, function);
    } else if (place->radial_term >= 0 || place->form >= 0) {
        evaluator->moments->gradient(&prepared->moments, env, &work->moments, function,
                                     work->dx, work->dy, work->dz);
    } else {
        clear_gradient(work);
        memset(work->de_dg, 0,
               (size_t)evaluator->potential->descriptors[element].n_functions *
                   sizeof *work->de_dg);
        work->de_dg[function] = 1.0;
        evaluator->triplets->backward(&prepared->triplets, env, &work->triplets, work->de_dg,
                                      work->dx, work->dy, work->dz);
    }
}

double nnp_center_repulsion(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element)
{
    const struct nnp_environment *env = &work->environment;
    double energy = 0.0;
    for (int e = 0; e < env->n_elements; e++) {
        const struct nnp_repulsion_curve *curve =
            &evaluator->repulsion[element * evaluator->potential->n_elements + e];
        for (int k = env->begin[e]; k < env->end[e]; k++) {
            if (env->r[k] >= curve->outer)
                continue;
            double dv_dr;
            energy += 0.5 * nnp_repulsion_curve_evaluate(curve, env->r[k], &dv_dr);
            const double factor = 0.5 * dv_dr / env->r[k];
            work->dx[k] += factor * env->x[k];
            work->dy[k] += factor * env->y[k];
            work->dz[k] += factor * env->z[k];
        }
    }
    return energy;
}

/* A function by the reference kernel's gradient. */
static double reference_directional(const struct nnp_evaluator *evaluator,
                                    struct nnp_workspace *work, int element, int k)
{
    const struct nnp_environment *env = &work->environment;
    double sum = 0.0;
    reference_gradient(evaluator, work, element, k);
    for (int n = 0; n < env->n; n++)
        if (env->atoms[n] >= 0)
            sum += work->dx[n] * work->vx[n] + work->dy[n] * work->vy[n] +
                   work->dz[n] * work->vz[n];
    return sum;
}

void nnp_center_directional(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element, double *t)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct nnp_prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &work->environment;
    const double *vx = work->vx, *vy = work->vy, *vz = work->vz;
    if (!evaluator->moments) {
        for (int k = 0; k < descriptor->n_functions; k++)
            t[k] = reference_directional(evaluator, work, element, k);
        return;
    }
    evaluator->moments->directional(&prepared->moments, env, &work->moments, vx, vy, vz, t);
    if (prepared->triplets.n_groups)
        evaluator->triplets->directional(&prepared->triplets, env, &work->triplets, vx, vy, vz,
                                         t);
    for (int n = 0; n < prepared->n_others; n++)
        t[prepared->others[n]] =
            reference_directional(evaluator, work, element, prepared->others[n]);
}
