/* Evaluation of a potential over a list of centers. */
#include "evaluator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum nnp_status reserve_members(struct nnp_workspace *work, int n_members,
                                       struct nnp_error *error)
{
    if (work->neighbor_capacity <= work->member_capacity)
        return NNP_SUCCESS;
    double *values =
        malloc(3 * (size_t)n_members * (size_t)work->neighbor_capacity * sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors",
                             work->neighbor_capacity);
    free(work->member_de_dr);
    work->member_de_dr = values;
    work->member_capacity = work->neighbor_capacity;
    return NNP_SUCCESS;
}

/* The repulsion's energy; dx, dy, dz: dE/dr_j of a member, or of the mean for member = -1. */
static double differentiate(const struct nnp_evaluator *evaluator, struct nnp_workspace *work,
                            int element, int member)
{
    nnp_center_de_dg(evaluator, work, element, member);
    nnp_center_gradient(evaluator, work, element);
    return evaluator->repulsion ? nnp_center_repulsion(evaluator, work, element) : 0.0;
}

static enum nnp_status differentiate_members(const struct nnp_evaluator *evaluator,
                                             struct nnp_workspace *work, int element,
                                             struct nnp_error *error)
{
    const int n_members = evaluator->potential->n_members;
    const size_t n = (size_t)work->environment.n;
    const enum nnp_status status = reserve_members(work, n_members, error);
    double *to = work->member_de_dr;
    for (int m = 0; !status && m < n_members; m++) {
        differentiate(evaluator, work, element, m);
        const double *from[3] = {work->dx, work->dy, work->dz};
        for (int a = 0; a < 3; a++, to += n)
            memcpy(to, from[a], n * sizeof *to);
    }
    return status;
}

void nnp_center_sum(struct nnp_center *center, const struct nnp_workspace *work)
{
    const struct nnp_environment *env = &work->environment;
    env->kernels->sum_gradient(env, work->dx, work->dy, work->dz, center->total,
                               center->virial);
    center->n_segments = env->n_elements;
    center->begin = env->begin;
    center->end = env->end;
    center->n = env->n;
    center->atoms = env->atoms;
    center->r[0] = env->x;
    center->r[1] = env->y;
    center->r[2] = env->z;
    center->de_dr[0] = work->dx;
    center->de_dr[1] = work->dy;
    center->de_dr[2] = work->dz;
    center->member_energies = work->member_energies;
    center->member_de_dr = work->member_de_dr;
}

enum nnp_status nnp_center_evaluate(const struct nnp_evaluator *evaluator,
                                    struct nnp_workspace *work, const struct nnp_atoms *atoms,
                                    bool with_members, struct nnp_center *center,
                                    struct nnp_error *error)
{
    enum nnp_status status =
        nnp_center_gather(evaluator, work, atoms, center->atom, center->element, error);
    if (status)
        return status;
    nnp_center_values(evaluator, work, center->element);
    nnp_center_energy(evaluator, work, center);
    if (with_members)
        status = differentiate_members(evaluator, work, center->element, error);
    if (status)
        return status;
    const double repulsion = differentiate(evaluator, work, center->element, -1);
    center->energy += repulsion;
    for (int m = 0; m < evaluator->potential->n_members; m++)
        work->member_energies[m] += repulsion;
    if (!isfinite(center->energy)) {
        const double *r = atoms->positions + 3 * (size_t)center->atom;
        return nnp_error_set(error, NNP_ERROR_NUMERIC,
                             "the energy of atom %lld, at %.6g %.6g %.6g, is not finite",
                             nnp_atom_id(atoms, center->atom), r[0], r[1], r[2]);
    }
    nnp_center_sum(center, work);
    return NNP_SUCCESS;
}

struct nnp_center nnp_center_of(const struct nnp_atoms *atoms, int k)
{
    const int i = atoms->centers ? atoms->centers[k] : k;
    return (struct nnp_center){.atom = i, .element = atoms->type_elements[atoms->types[i]]};
}

static enum nnp_status evaluate_in_order(const struct nnp_evaluator *evaluator,
                                         const struct nnp_atoms *atoms,
                                         struct nnp_results *results, struct nnp_error *error)
{
    const bool with_members = results->member_forces;
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; !status && k < atoms->n_centers; k++) {
        struct nnp_center center = nnp_center_of(atoms, k);
        if (center.element < 0)
            continue;
        status = nnp_center_evaluate(evaluator, evaluator->work, atoms, with_members, &center,
                                     error);
        if (!status)
            nnp_center_tally(&center, evaluator->potential->n_members, atoms, results);
    }
    return status;
}

enum nnp_status nnp_evaluate(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                             struct nnp_results *results, struct nnp_error *error)
{
    results->energy = 0.0;
    results->n_extrapolations = 0;
    memset(results->virial, 0, sizeof results->virial);
#ifdef _OPENMP
    if (evaluator->n_threads > 1)
        return nnp_evaluate_by_threads(evaluator, atoms, results, error);
#endif
    return evaluate_in_order(evaluator, atoms, results, error);
}
