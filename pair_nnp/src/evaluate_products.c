/* Products with the Jacobian of the symmetry functions of many centers, which is never stored:
 * center after center, the neighborhood is gathered and its functions are differentiated in
 * reverse (transposed) or forward (directional) mode. */
#include "evaluator.h"

#include <string.h>

/* The functions of a center, into the workspace. */
static enum nnp_status prepare(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                               int center, int *element, struct nnp_error *error)
{
    *element = atoms->type_elements[atoms->types[center]];
    if (*element < 0)
        return nnp_error_set(error, NNP_ERROR_ELEMENT,
                             "atom %d (counted from 0) is of an element without functions",
                             center);
    enum nnp_status status =
        nnp_center_gather(evaluator, evaluator->work, atoms, center, *element, error);
    if (!status)
        nnp_center_values(evaluator, evaluator->work, *element);
    return status;
}

static int center_at(const struct nnp_atoms *atoms, int k)
{
    return atoms->centers ? atoms->centers[k] : k;
}

static size_t owner_of(const int *owners, int atom)
{
    return (size_t)(owners ? owners[atom] : atom);
}

enum nnp_status nnp_evaluate_values(struct nnp_evaluator *evaluator,
                                    const struct nnp_atoms *atoms, double *const *g,
                                    struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < atoms->n_centers && !status; k++) {
        int element;
        status = prepare(evaluator, atoms, center_at(atoms, k), &element, error);
        if (!status)
            memcpy(g[k], evaluator->work->g,
                   (size_t)evaluator->potential->descriptors[element].n_functions *
                       sizeof(double));
    }
    return status;
}

/* Adds the gradient of one center, dx, dy and dz of its neighbors. */
static void add_gradient(const struct nnp_workspace *work, int center, const int *owners,
                         double *y, double strain[6])
{
    const struct nnp_environment *env = &work->environment;
    double *own = y + 3 * owner_of(owners, center);
    for (int n = 0; n < env->n; n++) {
        if (env->atoms[n] < 0)
            continue;
        const double d[3] = {work->dx[n], work->dy[n], work->dz[n]};
        double *neighbor = y + 3 * owner_of(owners, env->atoms[n]);
        for (int a = 0; a < 3; a++) {
            neighbor[a] += d[a];
            own[a] -= d[a];
        }
        strain[0] += env->x[n] * d[0];
        strain[1] += env->y[n] * d[1];
        strain[2] += env->z[n] * d[2];
        strain[3] += env->x[n] * d[1];
        strain[4] += env->x[n] * d[2];
        strain[5] += env->y[n] * d[2];
    }
}

enum nnp_status nnp_evaluate_transposed(struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms, const int *owners,
                                        int n_owners, const double *const *a, double *y,
                                        double strain[6], struct nnp_error *error)
{
    struct nnp_workspace *work = evaluator->work;
    enum nnp_status status = NNP_SUCCESS;
    memset(y, 0, 3 * (size_t)n_owners * sizeof *y);
    memset(strain, 0, 6 * sizeof *strain);
    for (int k = 0; k < atoms->n_centers && !status; k++) {
        const int center = center_at(atoms, k);
        int element;
        status = prepare(evaluator, atoms, center, &element, error);
        if (status)
            break;
        memcpy(work->de_dg, a[k],
               (size_t)evaluator->potential->descriptors[element].n_functions *
                   sizeof *work->de_dg);
        nnp_center_gradient(evaluator, work, element);
        add_gradient(work, center, owners, y, strain);
    }
    return status;
}

/* Displacements of the neighbors against the center; pads rest. */
static void displace(struct nnp_workspace *work, int center, const int *owners, const double *v,
                     const double strain[6])
{
    const struct nnp_environment *env = &work->environment;
    const double *own = v + 3 * owner_of(owners, center);
    for (int n = 0; n < env->n; n++) {
        if (env->atoms[n] < 0) {
            work->vx[n] = work->vy[n] = work->vz[n] = 0.0;
            continue;
        }
        const double *neighbor = v + 3 * owner_of(owners, env->atoms[n]);
        const double x = env->x[n], y = env->y[n], z = env->z[n];
        work->vx[n] = neighbor[0] - own[0] + strain[0] * x;
        work->vy[n] = neighbor[1] - own[1] + strain[3] * x + strain[1] * y;
        work->vz[n] = neighbor[2] - own[2] + strain[4] * x + strain[5] * y + strain[2] * z;
    }
}

enum nnp_status nnp_evaluate_directional(struct nnp_evaluator *evaluator,
                                         const struct nnp_atoms *atoms, const int *owners,
                                         const double *v, const double strain[6],
                                         double *const *t, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < atoms->n_centers && !status; k++) {
        const int center = center_at(atoms, k);
        int element;
        status = prepare(evaluator, atoms, center, &element, error);
        if (status)
            break;
        displace(evaluator->work, center, owners, v, strain);
        nnp_center_directional(evaluator, evaluator->work, element, t[k]);
    }
    return status;
}
