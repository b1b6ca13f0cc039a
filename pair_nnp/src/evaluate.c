/* Evaluation of a potential over a list of centers.
 *
 *   x = factor (G - offset) + shift, then the projection where there is one     (1)
 *   E_i = E0 + (1/M) sum_m network_m(x)                                         (2)
 *   dE/dG = factor dE/dx                                                        (3)
 *   dE_i/dr_j from dE/dG by the kernels, then to the caller's arrays            (4) */
#include "nnp/evaluate.h"

#include "environment.h"
#include "kernels/moments.h"
#include "kernels/reference.h"
#include "kernels/triplets.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A symmetry function counts as outside its range in training from this fraction of the range
 * on, so that rounding does not. */
static const double range_tolerance = 1e-9;

/* What is prepared for one central element; arrays are [n_functions]. */
struct prepared {
    double r_cut;
    struct nnp_moments_plan moments;
    struct nnp_triplets_plan triplets; /* of what moments leave */
    int n_others;
    int *others;                     /* [n_others], functions for the reference kernels */
    double *factor, *offset, *shift; /* eq. 1 */
    double *lowest, *highest;        /* range in training */
};

struct nnp_evaluator {
    const struct nnp_potential *potential;
    const struct nnp_moments_kernels *moments; /* NULL: the reference kernels */
    const struct nnp_triplets_kernels *triplets;
    struct prepared *prepared; /* [n_elements] */
    double *charges;           /* [n_elements], atomic numbers */
    struct nnp_environment environment;
    struct nnp_moments_work moments_work;
    struct nnp_triplets_work triplets_work;
    double *g, *de_dg;    /* [most functions] */
    double *x, *de_dx;    /* [most inputs] */
    double *member_de_dx; /* [most inputs], of one committee member */
    double *scratch;      /* of the networks */
    int neighbor_capacity;
    double *neighbor_storage;
    double *dx, *dy, *dz; /* [neighbor_capacity], dE/dr_j */
    double *pair_scratch; /* [2 neighbor_capacity] */
};

/* Which kernels serve which function. */
static enum nnp_status prepare_kernels(struct prepared *prepared,
                                       const struct nnp_descriptor *descriptor, int n_elements,
                                       struct nnp_error *error)
{
    enum nnp_status status =
        nnp_moments_plan_init(&prepared->moments, descriptor, n_elements, error);
    if (status)
        return status;
    const int n = prepared->moments.n_others;
    int *triplets = malloc((2 * (size_t)n + 1) * sizeof *triplets), n_triplets = 0;
    if (!triplets)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d functions", n);
    prepared->others = triplets + n;
    for (int k = 0; k < n; k++) {
        const int function = prepared->moments.others[k];
        const enum nnp_symmetry_type type = descriptor->functions[function].type;
        if (type == NNP_SYMMETRY_WIDE || type == NNP_SYMMETRY_NARROW)
            triplets[n_triplets++] = function;
        else
            prepared->others[prepared->n_others++] = function;
    }
    status =
        nnp_triplets_plan_init(&prepared->triplets, descriptor, triplets, n_triplets, error);
    memmove(triplets, prepared->others, (size_t)prepared->n_others * sizeof *triplets);
    prepared->others = triplets;
    return status;
}

static enum nnp_status prepare_element(struct prepared *prepared,
                                       const struct nnp_descriptor *descriptor, int n_elements,
                                       struct nnp_error *error)
{
    const int n = descriptor->n_functions;
    const enum nnp_status status = prepare_kernels(prepared, descriptor, n_elements, error);
    if (status)
        return status;
    double *values = malloc(5 * (size_t)n * sizeof *values + 1);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d functions", n);
    prepared->factor = values;
    prepared->offset = values + n;
    prepared->shift = values + 2 * (size_t)n;
    prepared->lowest = values + 3 * (size_t)n;
    prepared->highest = values + 4 * (size_t)n;
    prepared->r_cut = 0.0;
    for (int k = 0; k < n; k++) {
        const double min = descriptor->scaling.min[k], max = descriptor->scaling.max[k];
        nnp_scaling_coefficients(&descriptor->scaling, k, &prepared->factor[k],
                                 &prepared->offset[k], &prepared->shift[k]);
        prepared->lowest[k] = min - range_tolerance * (max - min);
        prepared->highest[k] = max + range_tolerance * (max - min);
        prepared->r_cut = fmax(prepared->r_cut, descriptor->functions[k].cutoff.radius);
    }
    return NNP_SUCCESS;
}

static void free_prepared(struct prepared *prepared)
{
    nnp_moments_plan_free(&prepared->moments);
    nnp_triplets_plan_free(&prepared->triplets);
    free(prepared->others);
    free(prepared->factor);
}

/* Buffers whose sizes the potential fixes. */
static enum nnp_status allocate_buffers(struct nnp_evaluator *evaluator,
                                        struct nnp_error *error)
{
    const struct nnp_potential *potential = evaluator->potential;
    size_t n_functions = 1, n_inputs = 1, n_scratch = 1;
    for (int e = 0; e < potential->n_elements; e++) {
        const size_t n = (size_t)potential->descriptors[e].n_functions;
        n_functions = n > n_functions ? n : n_functions;
    }
    for (int k = 0; k < potential->n_members * potential->n_elements; k++) {
        const size_t n = (size_t)potential->networks[k].layers[0].n_inputs;
        const size_t scratch = (size_t)nnp_network_scratch_size(&potential->networks[k]);
        n_inputs = n > n_inputs ? n : n_inputs;
        n_scratch = scratch > n_scratch ? scratch : n_scratch;
    }
    double *values = malloc((3 * n_functions + 3 * n_inputs + n_scratch) * sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    evaluator->g = values;
    evaluator->de_dg = evaluator->g + n_functions;
    evaluator->x = evaluator->de_dg + n_functions;
    evaluator->de_dx = evaluator->x + n_inputs;
    evaluator->member_de_dx = evaluator->de_dx + n_inputs;
    evaluator->scratch = evaluator->member_de_dx + n_inputs;
    return NNP_SUCCESS;
}

enum nnp_status nnp_evaluator_create(struct nnp_evaluator **evaluator,
                                     const struct nnp_potential *potential,
                                     const struct nnp_evaluator_options *options,
                                     struct nnp_error *error)
{
    struct nnp_evaluator *made = calloc(1, sizeof *made);
    *evaluator = NULL;
    if (!made)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    made->potential = potential;
    if (!options || options->kernels == NNP_KERNELS_AUTO) {
        made->moments = nnp_moments_kernels_select();
        made->triplets = nnp_triplets_kernels_select();
    }
    made->prepared = calloc((size_t)potential->n_elements + 1, sizeof *made->prepared);
    enum nnp_status status = NNP_SUCCESS;
    made->charges = calloc((size_t)potential->n_elements + 1, sizeof *made->charges);
    if (!made->prepared || !made->charges)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an evaluator");
    for (int e = 0; !status && e < potential->n_elements; e++)
        made->charges[e] = potential->elements[e].atomic_number;
    for (int e = 0; !status && e < potential->n_elements; e++)
        status = prepare_element(&made->prepared[e], &potential->descriptors[e],
                                 potential->n_elements, error);
    if (!status)
        status = allocate_buffers(made, error);
    if (status)
        nnp_evaluator_free(made);
    else
        *evaluator = made;
    return status;
}

void nnp_evaluator_free(struct nnp_evaluator *evaluator)
{
    if (!evaluator)
        return;
    for (int e = 0; evaluator->prepared && e < evaluator->potential->n_elements; e++)
        free_prepared(&evaluator->prepared[e]);
    free(evaluator->prepared);
    free(evaluator->charges);
    nnp_moments_work_free(&evaluator->moments_work);
    nnp_triplets_work_free(&evaluator->triplets_work);
    nnp_environment_free(&evaluator->environment);
    free(evaluator->g);
    free(evaluator->neighbor_storage);
    free(evaluator);
}

const struct nnp_potential *nnp_evaluator_potential(const struct nnp_evaluator *evaluator)
{
    return evaluator->potential;
}

const char *nnp_evaluator_kernels(const struct nnp_evaluator *evaluator)
{
    return evaluator->moments ? evaluator->moments->name : "reference";
}

static enum nnp_status gather(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                              int center, int element, struct nnp_error *error)
{
    struct nnp_environment *env = &evaluator->environment;
    const struct prepared *prepared = &evaluator->prepared[element];
    enum nnp_status status = nnp_environment_gather(
        env, atoms, center, evaluator->potential->n_elements, prepared->r_cut, error);
    if (!status && evaluator->moments)
        status = nnp_moments_reserve(&evaluator->moments_work, &prepared->moments,
                                     env->capacity, error);
    if (!status && evaluator->moments && prepared->triplets.n_groups)
        status = nnp_triplets_reserve(&evaluator->triplets_work, &prepared->triplets,
                                      env->capacity, error);
    if (status || env->capacity <= evaluator->neighbor_capacity)
        return status;
    const size_t n = (size_t)env->capacity;
    double *storage = malloc(5 * n * sizeof *storage);
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", env->n);
    free(evaluator->neighbor_storage);
    evaluator->neighbor_storage = storage;
    evaluator->neighbor_capacity = env->capacity;
    evaluator->dx = storage;
    evaluator->dy = storage + n;
    evaluator->dz = storage + 2 * n;
    evaluator->pair_scratch = storage + 3 * n;
    return NNP_SUCCESS;
}

/* A function by the reference kernel; where de_dg is not 0, its gradient is added to dx, dy,
 * dz. */
static double reference_function(struct nnp_evaluator *evaluator, int element, int k,
                                 double de_dg)
{
    const bool gradient = de_dg != 0.0;
    return nnp_reference_evaluate(&evaluator->potential->descriptors[element].functions[k],
                                  &evaluator->environment, evaluator->charges, de_dg,
                                  gradient ? evaluator->dx : NULL,
                                  gradient ? evaluator->dy : NULL,
                                  gradient ? evaluator->dz : NULL, evaluator->pair_scratch);
}

static void compute_values(struct nnp_evaluator *evaluator, int element)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &evaluator->environment;
    if (!evaluator->moments) {
        for (int k = 0; k < descriptor->n_functions; k++)
            evaluator->g[k] = reference_function(evaluator, element, k, 0.0);
        return;
    }
    nnp_moments_attach(&evaluator->moments_work, &prepared->moments);
    evaluator->moments->forward(&prepared->moments, env, &evaluator->moments_work,
                                evaluator->g);
    if (prepared->triplets.n_groups) {
        nnp_triplets_attach(&evaluator->triplets_work, &prepared->triplets);
        evaluator->triplets->forward(&prepared->triplets, env, &evaluator->triplets_work,
                                     evaluator->g);
    }
    for (int n = 0; n < prepared->n_others; n++) {
        const int k = prepared->others[n];
        evaluator->g[k] = reference_function(evaluator, element, k, 0.0);
    }
}

static void clear_gradient(struct nnp_evaluator *evaluator)
{
    const size_t bytes = (size_t)evaluator->environment.n * sizeof *evaluator->dx;
    memset(evaluator->dx, 0, bytes);
    memset(evaluator->dy, 0, bytes);
    memset(evaluator->dz, 0, bytes);
}

/* Eq. 4: dx, dy, dz from de_dg, after compute_values. */
static void compute_gradient(struct nnp_evaluator *evaluator, int element)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct prepared *prepared = &evaluator->prepared[element];
    const struct nnp_environment *env = &evaluator->environment;
    const double *de_dg = evaluator->de_dg;
    double *dx = evaluator->dx, *dy = evaluator->dy, *dz = evaluator->dz;
    if (!evaluator->moments) {
        clear_gradient(evaluator);
        for (int k = 0; k < descriptor->n_functions; k++)
            if (de_dg[k] != 0.0)
                reference_function(evaluator, element, k, de_dg[k]);
        return;
    }
    evaluator->moments->backward(&prepared->moments, env, &evaluator->moments_work, de_dg, dx,
                                 dy, dz);
    if (prepared->triplets.n_groups)
        evaluator->triplets->backward(&prepared->triplets, env, &evaluator->triplets_work,
                                      de_dg, dx, dy, dz);
    for (int n = 0; n < prepared->n_others; n++)
        if (de_dg[prepared->others[n]] != 0.0)
            reference_function(evaluator, element, prepared->others[n],
                               de_dg[prepared->others[n]]);
}

/* Eq. 1 without the projection into scaled; returns how many functions are outside of their
 * range. */
static int scale(const struct prepared *prepared, int n, const double *g, double *scaled)
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
static double committee(struct nnp_evaluator *evaluator, int element)
{
    const struct nnp_potential *potential = evaluator->potential;
    const struct nnp_network *networks = potential->networks + element;
    const int n_inputs = networks->layers[0].n_inputs;
    const double share = 1.0 / potential->n_members;
    double energy = 0.0;
    memset(evaluator->de_dx, 0, (size_t)n_inputs * sizeof *evaluator->de_dx);
    for (int m = 0; m < potential->n_members; m++) {
        energy +=
            share * nnp_network_evaluate(&networks[m * potential->n_elements], evaluator->x,
                                         evaluator->member_de_dx, evaluator->scratch);
        for (int k = 0; k < n_inputs; k++)
            evaluator->de_dx[k] += share * evaluator->member_de_dx[k];
    }
    return potential->elements[element].energy + energy;
}

/* Energy of a center from its symmetry functions g, and de_dg (eqs. 1 to 3). */
static double atomic_energy(struct nnp_evaluator *evaluator, int element,
                            long *n_extrapolations)
{
    const struct nnp_descriptor *descriptor = &evaluator->potential->descriptors[element];
    const struct prepared *prepared = &evaluator->prepared[element];
    const struct nnp_projection *projection = &descriptor->projection;
    const int n = descriptor->n_functions;
    double *scaled = projection->n_inputs ? evaluator->de_dg : evaluator->x;
    *n_extrapolations += scale(prepared, n, evaluator->g, scaled);
    if (projection->n_inputs)
        project(projection, scaled, evaluator->x);
    const double energy = committee(evaluator, element);
    if (projection->n_inputs)
        project_back(projection, evaluator->de_dx, evaluator->de_dg);
    else
        memcpy(evaluator->de_dg, evaluator->de_dx, (size_t)n * sizeof *evaluator->de_dg);
    for (int k = 0; k < n; k++)
        evaluator->de_dg[k] *= prepared->factor[k];
    return energy;
}

/* Per-atom virials of one pair: -r_ij (x) dE_i/dr_j. */
static void tally_atomic_virials(struct nnp_results *results, int i, int j, const double w[9])
{
    if (results->atomic_virials)
        for (int k = 0; k < 6; k++) {
            results->atomic_virials[6 * (size_t)i + (size_t)k] += 0.5 * w[k];
            results->atomic_virials[6 * (size_t)j + (size_t)k] += 0.5 * w[k];
        }
    if (results->centroid_virials)
        for (int k = 0; k < 9; k++)
            results->centroid_virials[9 * (size_t)j + (size_t)k] += w[k];
}

/* Adds the forces and virials of one center; dE/dr_j in units of the view. */
static void scatter(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms, int i,
                    struct nnp_results *results)
{
    const struct nnp_environment *env = &evaluator->environment;
    const double force_unit = atoms->length_unit / atoms->energy_unit;
    const double virial_unit = -1.0 / atoms->energy_unit;
    double total[3] = {0.0, 0.0, 0.0};
    for (int k = 0; k < env->n; k++) {
        const int j = env->atoms[k];
        if (j < 0)
            continue;
        const double d[3] = {evaluator->dx[k], evaluator->dy[k], evaluator->dz[k]};
        const double r[3] = {env->x[k] * virial_unit, env->y[k] * virial_unit,
                             env->z[k] * virial_unit};
        const double w[9] = {r[0] * d[0], r[1] * d[1], r[2] * d[2], r[0] * d[1], r[0] * d[2],
                             r[1] * d[2], r[1] * d[0], r[2] * d[0], r[2] * d[1]};
        for (int a = 0; a < 3; a++) {
            total[a] += d[a];
            if (results->forces)
                results->forces[3 * (size_t)j + (size_t)a] -= force_unit * d[a];
        }
        for (int a = 0; a < 6; a++)
            results->virial[a] += w[a];
        if (results->atomic_virials || results->centroid_virials)
            tally_atomic_virials(results, i, j, w);
    }
    for (int a = 0; results->forces && a < 3; a++)
        results->forces[3 * (size_t)i + (size_t)a] += force_unit * total[a];
}

static enum nnp_status evaluate_center(struct nnp_evaluator *evaluator,
                                       const struct nnp_atoms *atoms, int i,
                                       struct nnp_results *results, struct nnp_error *error)
{
    const int element = atoms->type_elements[atoms->types[i]];
    if (element < 0)
        return NNP_SUCCESS;
    enum nnp_status status = gather(evaluator, atoms, i, element, error);
    if (status)
        return status;
    compute_values(evaluator, element);
    const double energy =
        atomic_energy(evaluator, element, &results->n_extrapolations) / atoms->energy_unit;
    if (!isfinite(energy))
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "the energy of atom %d (counted from 0) is not finite", i);
    results->energy += energy;
    if (results->atomic_energies)
        results->atomic_energies[i] += energy;
    compute_gradient(evaluator, element);
    scatter(evaluator, atoms, i, results);
    return NNP_SUCCESS;
}

enum nnp_status nnp_evaluate(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                             struct nnp_results *results, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    results->energy = 0.0;
    results->n_extrapolations = 0;
    memset(results->virial, 0, sizeof results->virial);
    for (int k = 0; !status && k < atoms->n_centers; k++)
        status = evaluate_center(evaluator, atoms, atoms->centers ? atoms->centers[k] : k,
                                 results, error);
    return status;
}

/* Adds a function's derivatives with respect to one neighbor, and its center, to rows of the
 * Jacobians. */
static void add_neighbor(const double r[3], const double d[3], double *neighbor, double *center,
                         double *strain)
{
    for (int a = 0; a < 3; a++) {
        neighbor[a] += d[a];
        center[a] -= d[a];
        strain[a] += r[a] * d[a];
    }
    strain[3] += r[0] * d[1];
    strain[4] += r[0] * d[2];
    strain[5] += r[1] * d[2];
}

/* Rows of the Jacobians, set from dx, dy, dz; either may be NULL. */
static void set_jacobian_row(const struct nnp_evaluator *evaluator, int center,
                             const int *owners, int n_owners, double *dg_dr, double *dg_dstrain)
{
    const struct nnp_environment *env = &evaluator->environment;
    const size_t i = (size_t)(owners ? owners[center] : center);
    double unwanted[3] = {0.0}, strain[6] = {0.0}, own[3] = {0.0};
    if (dg_dr)
        memset(dg_dr, 0, 3 * (size_t)n_owners * sizeof *dg_dr);
    for (int n = 0; n < env->n; n++) {
        if (env->atoms[n] < 0)
            continue;
        const double d[3] = {evaluator->dx[n], evaluator->dy[n], evaluator->dz[n]};
        const double r[3] = {env->x[n], env->y[n], env->z[n]};
        const size_t j = (size_t)(owners ? owners[env->atoms[n]] : env->atoms[n]);
        add_neighbor(r, d, dg_dr ? dg_dr + 3 * j : unwanted, own, strain);
    }
    for (int a = 0; dg_dr && a < 3; a++)
        dg_dr[3 * i + (size_t)a] += own[a];
    if (dg_dstrain)
        memcpy(dg_dstrain, strain, sizeof strain);
}

enum nnp_status nnp_evaluate_descriptor(struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms, int center,
                                        const int *owners, int n_owners, double *g,
                                        double *dg_dr, double *dg_dstrain,
                                        struct nnp_error *error)
{
    const int element = atoms->type_elements[atoms->types[center]];
    if (element < 0)
        return nnp_error_set(error, NNP_ERROR_ELEMENT,
                             "atom %d (counted from 0) is of an element without functions",
                             center);
    enum nnp_status status = gather(evaluator, atoms, center, element, error);
    if (status)
        return status;
    const size_t n = (size_t)evaluator->potential->descriptors[element].n_functions;
    compute_values(evaluator, element);
    memcpy(g, evaluator->g, n * sizeof *g);
    if (!dg_dr && !dg_dstrain)
        return NNP_SUCCESS;
    memset(evaluator->de_dg, 0, n * sizeof *evaluator->de_dg);
    for (size_t k = 0; k < n; k++) {
        evaluator->de_dg[k] = 1.0;
        compute_gradient(evaluator, element);
        evaluator->de_dg[k] = 0.0;
        set_jacobian_row(evaluator, center, owners, n_owners,
                         dg_dr ? dg_dr + 3 * (size_t)n_owners * k : NULL,
                         dg_dstrain ? dg_dstrain + 6 * k : NULL);
    }
    return NNP_SUCCESS;
}
