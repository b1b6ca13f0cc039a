/* Symmetry functions of one center and their Jacobians. */
#include "evaluator.h"

#include <string.h>

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
static void set_jacobian_row(const struct nnp_workspace *work, int center, const int *owners,
                             int n_owners, double *dg_dr, double *dg_dstrain)
{
    const struct nnp_environment *env = &work->environment;
    const size_t i = (size_t)(owners ? owners[center] : center);
    double unwanted[3] = {0.0}, strain[6] = {0.0}, own[3] = {0.0};
    if (dg_dr)
        memset(dg_dr, 0, 3 * (size_t)n_owners * sizeof *dg_dr);
    for (int n = 0; n < env->n; n++) {
        if (env->atoms[n] < 0)
            continue;
        const double d[3] = {work->dx[n], work->dy[n], work->dz[n]};
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
    struct nnp_workspace *work = evaluator->work;
    const int element = atoms->type_elements[atoms->types[center]];
    if (element < 0)
        return nnp_error_set(error, NNP_ERROR_ELEMENT,
                             "atom %lld is of an element without functions",
                             nnp_atom_id(atoms, center));
    enum nnp_status status = nnp_center_gather(evaluator, work, atoms, center, element, error);
    if (status)
        return status;
    const size_t n = (size_t)evaluator->potential->descriptors[element].n_functions;
    nnp_center_values(evaluator, work, element);
    memcpy(g, work->g, n * sizeof *g);
    if (!dg_dr && !dg_dstrain)
        return NNP_SUCCESS;
    for (size_t k = 0; k < n; k++) {
        nnp_center_function_gradient(evaluator, work, element, (int)k);
        set_jacobian_row(work, center, owners, n_owners,
                         dg_dr ? dg_dr + 3 * (size_t)n_owners * k : NULL,
                         dg_dstrain ? dg_dstrain + 6 * k : NULL);
    }
    return NNP_SUCCESS;
}
