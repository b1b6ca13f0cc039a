/* Plans of the triplet kernels: groups of functions with what they share, found once. */
#include "kernels/triplets_plan.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_POWERS = 4 }; /* per channel, factors included */

static bool same_shell(const struct nnp_triplet_shell *shell, const struct nnp_symmetry *f)
{
    return shell->cutoff.type == f->cutoff.type && shell->cutoff.radius == f->cutoff.radius &&
           shell->cutoff.alpha == f->cutoff.alpha && shell->r_shift == f->r_shift;
}

bool nnp_triplet_group_holds(const struct nnp_triplets_plan *plan,
                             const struct nnp_triplet_group *group,
                             const struct nnp_symmetry *f)
{
    return group->narrow == (f->type == NNP_SYMMETRY_NARROW) &&
           group->first == f->neighbors[0] && group->second == f->neighbors[1] &&
           same_shell(&plan->shells[group->shell], f);
}

static void find_groups(struct nnp_triplets_plan *plan,
                        const struct nnp_triplet_functions *functions)
{
    for (int n = 0; n < functions->n; n++) {
        const struct nnp_symmetry *f = &functions->all[functions->listed[n]];
        int shell = 0, group = 0;
        while (shell < plan->n_shells && !same_shell(&plan->shells[shell], f))
            shell++;
        if (shell == plan->n_shells)
            plan->shells[plan->n_shells++] = (struct nnp_triplet_shell){f->cutoff, f->r_shift};
        while (group < plan->n_groups &&
               !nnp_triplet_group_holds(plan, &plan->groups[group], f))
            group++;
        if (group == plan->n_groups)
            plan->groups[plan->n_groups++] =
                (struct nnp_triplet_group){.narrow = f->type == NNP_SYMMETRY_NARROW,
                                           .first = f->neighbors[0],
                                           .second = f->neighbors[1],
                                           .shell = shell};
    }
}

static enum nnp_status find_powers(struct nnp_triplets_plan *plan,
                                   struct nnp_triplet_group *group, struct nnp_error *error)
{
    const int n = group->channel_end - group->channel_begin, most = MOST_POWERS * n;
    const struct nnp_triplet_shell *shell = &plan->shells[group->shell];
    const double farthest = fmax(shell->r_shift, fabs(shell->cutoff.radius - shell->r_shift));
    const double q_max = (group->narrow ? 3.0 : 2.0) * farthest * farthest;
    double *etas = malloc((size_t)n * sizeof *etas);
    struct nnp_power *trial = malloc((size_t)most * sizeof *trial);
    if (!etas || !trial) {
        free(etas);
        free(trial);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d exponents", n);
    }
    for (int c = 0; c < n; c++)
        etas[c] = plan->channels[group->channel_begin + c].eta;
    group->power_begin = plan->n_powers;
    plan->n_powers +=
        nnp_powers_find(etas, n, q_max, plan->powers + plan->n_powers, trial, most);
    group->power_end = plan->n_powers;
    free(etas);
    free(trial);
    return NNP_SUCCESS;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static enum nnp_status fill_group(struct nnp_triplets_plan *plan,
                                  struct nnp_triplet_group *group,
                                  const struct nnp_triplet_functions *functions,
                                  struct nnp_error *error)
{
    nnp_triplets_add_terms(plan, group, functions);
    const enum nnp_status status = find_powers(plan, group, error);
    plan->most_channels =
        larger(plan->most_channels, group->channel_end - group->channel_begin);
    plan->most_angles = larger(plan->most_angles, group->angle_end - group->angle_begin);
    plan->most_powers = larger(plan->most_powers, group->power_end - group->power_begin);
    return status;
}

enum nnp_status nnp_triplets_plan_init(struct nnp_triplets_plan *plan,
                                       const struct nnp_descriptor *descriptor,
                                       const int *functions, int n_functions,
                                       struct nnp_error *error)
{
    const size_t n = (size_t)n_functions + 1;
    const struct nnp_triplet_functions listed = {descriptor->functions, functions, n_functions};
    *plan = (struct nnp_triplets_plan){0};
    plan->groups = calloc(n, sizeof *plan->groups);
    plan->shells = calloc(n, sizeof *plan->shells);
    plan->channels = calloc(n, sizeof *plan->channels);
    plan->angles = calloc(n, sizeof *plan->angles);
    plan->terms = calloc(n, sizeof *plan->terms);
    plan->powers = calloc(MOST_POWERS * n, sizeof *plan->powers);
    plan->columns = calloc((NNP_TRIPLETS_DEGREE + 2) * n, sizeof *plan->columns);
    if (!plan->groups || !plan->shells || !plan->channels || !plan->angles || !plan->terms ||
        !plan->powers || !plan->columns) {
        nnp_triplets_plan_free(plan);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a plan of %zu functions",
                             n);
    }
    find_groups(plan, &listed);
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; !status && k < plan->n_groups; k++)
        status = fill_group(plan, &plan->groups[k], &listed, error);
    if (status)
        nnp_triplets_plan_free(plan);
    return status;
}

void nnp_triplets_plan_free(struct nnp_triplets_plan *plan)
{
    free(plan->groups);
    free(plan->shells);
    free(plan->channels);
    free(plan->angles);
    free(plan->terms);
    free(plan->powers);
    free(plan->columns);
    *plan = (struct nnp_triplets_plan){0};
}
