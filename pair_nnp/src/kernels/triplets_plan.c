/* Plans of the triplet kernels: groups of functions with what they share, found once. */
#include "kernels/triplets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond, powers come by exp and log, as all that are not integer. */
static const double largest_integer_zeta = 64.0;

enum { MOST_POWERS = 4 }; /* per channel, factors included */

static bool same_shell(const struct nnp_triplet_shell *shell, const struct nnp_symmetry *f)
{
    return shell->cutoff.type == f->cutoff.type && shell->cutoff.radius == f->cutoff.radius &&
           shell->cutoff.alpha == f->cutoff.alpha && shell->r_shift == f->r_shift;
}

static bool in_group(const struct nnp_triplets_plan *plan,
                     const struct nnp_triplet_group *group, const struct nnp_symmetry *f)
{
    return group->narrow == (f->type == NNP_SYMMETRY_NARROW) &&
           group->first == f->neighbors[0] && group->second == f->neighbors[1] &&
           same_shell(&plan->shells[group->shell], f);
}

static void find_groups(struct nnp_triplets_plan *plan, const struct nnp_descriptor *descriptor,
                        const int *functions, int n_functions)
{
    for (int n = 0; n < n_functions; n++) {
        const struct nnp_symmetry *f = &descriptor->functions[functions[n]];
        int shell = 0, group = 0;
        while (shell < plan->n_shells && !same_shell(&plan->shells[shell], f))
            shell++;
        if (shell == plan->n_shells)
            plan->shells[plan->n_shells++] = (struct nnp_triplet_shell){f->cutoff, f->r_shift};
        while (group < plan->n_groups && !in_group(plan, &plan->groups[group], f))
            group++;
        if (group == plan->n_groups)
            plan->groups[plan->n_groups++] =
                (struct nnp_triplet_group){.narrow = f->type == NNP_SYMMETRY_NARROW,
                                           .first = f->neighbors[0],
                                           .second = f->neighbors[1],
                                           .shell = shell};
    }
}

static bool by_multiplication(double zeta)
{
    return zeta == floor(zeta) && zeta <= largest_integer_zeta;
}

static bool angle_before(const struct nnp_triplet_angle *a, const struct nnp_triplet_angle *b)
{
    const bool integer_a = by_multiplication(a->zeta), integer_b = by_multiplication(b->zeta);
    if (a->lambda != b->lambda)
        return a->lambda < b->lambda;
    return integer_a != integer_b ? integer_a : a->zeta < b->zeta;
}

static int find_angle(const struct nnp_triplets_plan *plan,
                      const struct nnp_triplet_group *group, const struct nnp_symmetry *f)
{
    int a = group->angle_begin;
    while (a < group->angle_end &&
           (plan->angles[a].lambda != f->lambda || plan->angles[a].zeta != f->zeta))
        a++;
    return a;
}

static void add_angle(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                      const struct nnp_symmetry *f)
{
    if (find_angle(plan, group, f) < group->angle_end)
        return;
    const struct nnp_triplet_angle angle = {f->lambda, f->zeta, -1};
    int a = group->angle_end++;
    for (; a > group->angle_begin && angle_before(&angle, &plan->angles[a - 1]); a--)
        plan->angles[a] = plan->angles[a - 1];
    plan->angles[a] = angle;
    plan->n_angles++;
}

static void find_steps(struct nnp_triplets_plan *plan, const struct nnp_triplet_group *group)
{
    for (int a = group->angle_begin; a < group->angle_end; a++) {
        struct nnp_triplet_angle *angle = &plan->angles[a];
        const bool first = a == group->angle_begin || angle[-1].lambda != angle->lambda;
        if (by_multiplication(angle->zeta))
            angle->step = (int)angle->zeta - (first ? 1 : (int)angle[-1].zeta);
    }
}

static void add_channel(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                        double eta)
{
    int c = group->channel_begin;
    while (c < group->channel_end && plan->channels[c].eta != eta)
        c++;
    if (c < group->channel_end)
        return;
    plan->channels[plan->n_channels++] = (struct nnp_triplet_channel){.eta = eta};
    group->channel_end++;
}

static enum nnp_status find_powers(struct nnp_triplets_plan *plan,
                                   struct nnp_triplet_group *group, struct nnp_error *error)
{
    const int n = group->channel_end - group->channel_begin, most = MOST_POWERS * n;
    const struct nnp_triplet_shell *shell = &plan->shells[group->shell];
    const double farthest = fmax(shell->r_shift, fabs(shell->cutoff.radius - shell->r_shift));
    const double q_max = (group->narrow ? 3.0 : 2.0) * farthest * farthest;
    double *etas = malloc((size_t)n * sizeof *etas);
    struct nnp_triplet_power *trial = malloc((size_t)most * sizeof *trial);
    if (!etas || !trial) {
        free(etas);
        free(trial);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d exponents", n);
    }
    for (int c = 0; c < n; c++)
        etas[c] = plan->channels[group->channel_begin + c].eta;
    group->power_begin = plan->n_powers;
    plan->n_powers +=
        nnp_triplets_find_powers(etas, n, q_max, plan->powers + plan->n_powers, trial, most);
    group->power_end = plan->n_powers;
    free(etas);
    free(trial);
    return NNP_SUCCESS;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* A group's channels, angles, powers and terms. */
static enum nnp_status fill_group(struct nnp_triplets_plan *plan,
                                  struct nnp_triplet_group *group,
                                  const struct nnp_descriptor *descriptor, const int *functions,
                                  int n_functions, struct nnp_error *error)
{
    group->channel_begin = group->channel_end = plan->n_channels;
    group->angle_begin = group->angle_end = plan->n_angles;
    for (int n = 0; n < n_functions; n++) {
        const struct nnp_symmetry *f = &descriptor->functions[functions[n]];
        if (!in_group(plan, group, f))
            continue;
        add_angle(plan, group, f);
        add_channel(plan, group, f->eta);
    }
    find_steps(plan, group);
    enum nnp_status status = find_powers(plan, group, error);
    for (int c = group->channel_begin; c < group->channel_end; c++) {
        plan->channels[c].begin = plan->n_terms;
        for (int n = 0; n < n_functions; n++) {
            const struct nnp_symmetry *f = &descriptor->functions[functions[n]];
            if (in_group(plan, group, f) && f->eta == plan->channels[c].eta)
                plan->terms[plan->n_terms++] = (struct nnp_triplet_term){
                    functions[n], find_angle(plan, group, f) - group->angle_begin,
                    f->lambda * f->zeta};
        }
        plan->channels[c].end = plan->n_terms;
    }
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
    *plan = (struct nnp_triplets_plan){0};
    plan->groups = calloc(n, sizeof *plan->groups);
    plan->shells = calloc(n, sizeof *plan->shells);
    plan->channels = calloc(n, sizeof *plan->channels);
    plan->angles = calloc(n, sizeof *plan->angles);
    plan->terms = calloc(n, sizeof *plan->terms);
    plan->powers = calloc(MOST_POWERS * n, sizeof *plan->powers);
    if (!plan->groups || !plan->shells || !plan->channels || !plan->angles || !plan->terms ||
        !plan->powers) {
        nnp_triplets_plan_free(plan);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a plan of %zu functions",
                             n);
    }
    find_groups(plan, descriptor, functions, n_functions);
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; !status && k < plan->n_groups; k++)
        status = fill_group(plan, &plan->groups[k], descriptor, functions, n_functions, error);
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
    *plan = (struct nnp_triplets_plan){0};
}

enum nnp_status nnp_triplets_reserve(struct nnp_triplets_work *work,
                                     const struct nnp_triplets_plan *plan, int n_slots,
                                     struct nnp_error *error)
{
    const size_t n_strips = (size_t)NNP_TRIPLETS_KEPT * NNP_TRIPLETS_TILE;
    size_t capacity = (size_t)n_slots, rows = 1 + 4 * (size_t)plan->n_shells;
    size_t fixed =
        NNP_TRIPLETS_TILE * (NNP_TRIPLETS_KEPT * (5 + (size_t)plan->most_channels) +
                             2 * (size_t)plan->most_angles + (size_t)plan->most_powers + 5) +
        NNP_LANES * (size_t)plan->n_terms;
    if (work->capacity >= n_slots && work->n_rows >= rows && work->n_fixed >= fixed)
        return NNP_SUCCESS;
    /* For the largest of the plans that it has served. */
    capacity = work->capacity > n_slots ? (size_t)work->capacity : capacity;
    rows = work->n_rows > rows ? work->n_rows : rows;
    fixed = work->n_fixed > fixed ? work->n_fixed : fixed;
    if (!work->strips)
        work->strips = malloc(n_strips * sizeof *work->strips);
    double *storage = aligned_alloc(64, (rows * capacity + fixed) * sizeof *storage);
    if (!work->strips || !storage) {
        free(storage);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n_slots);
    }
    free(work->storage);
    work->storage = storage;
    work->capacity = (int)capacity;
    work->n_rows = rows;
    work->n_fixed = fixed;
    return NNP_SUCCESS;
}

void nnp_triplets_attach(struct nnp_triplets_work *work, const struct nnp_triplets_plan *plan)
{
    const size_t capacity = (size_t)work->capacity, tile = NNP_TRIPLETS_TILE;
    double *next = work->storage;
    work->inverse = next;
    work->shells = work->inverse + capacity;
    work->p = work->shells + 4 * (size_t)plan->n_shells * capacity;
    work->below = work->p + (size_t)plan->most_angles * tile;
    work->rows = work->below + (size_t)plan->most_angles * tile;
    work->powers = work->rows + 5 * tile;
    work->lanes = work->powers + (size_t)plan->most_powers * tile;
    next = work->lanes + (size_t)plan->n_terms * NNP_LANES;
    for (int k = 0; k < NNP_TRIPLETS_KEPT; k++) {
        struct nnp_triplet_tile *t = &work->tiles[k];
        t->c = next;
        t->f = next + tile;
        t->fc = next + 2 * tile;
        t->slope = next + 3 * tile;
        t->shift = next + 4 * tile;
        t->e = next + 5 * tile;
        t->strips = work->strips + (size_t)k * tile;
        next = t->e + (size_t)plan->most_channels * tile;
    }
}

void nnp_triplets_work_free(struct nnp_triplets_work *work)
{
    free(work->storage);
    free(work->strips);
    *work = (struct nnp_triplets_work){0};
}
