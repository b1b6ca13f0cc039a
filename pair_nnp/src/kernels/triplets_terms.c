/* How the functions of a group are made of sums over triplets.  With b = (1 + lambda c) / 2,
 *     2 b^zeta = 2^(1-zeta) sum_q binomial(zeta, q) lambda^q c^q                          (1)
 * for integer zeta, so that all functions of one eta with small zetas share the sums of
 * c^q e_n F.  For |lambda| <= 1 its terms are no larger than 2 in sum. */
#include "kernels/triplets_plan.h"

#include <math.h>

/* Beyond, powers come by exp and log, as all that are not integer. */
static const double largest_integer_zeta = 64.0;

static bool by_multiplication(double zeta)
{
    return zeta == floor(zeta) && zeta <= largest_integer_zeta;
}

/* Whether eq. 1 can serve a function. */
static bool expands(const struct nnp_symmetry *f, int degree)
{
    return f->zeta == floor(f->zeta) && f->zeta <= degree && fabs(f->lambda) <= 1.0;
}

/* Function n if it is one of the channel's, otherwise NULL. */
static const struct nnp_symmetry *in_channel(const struct nnp_triplets_plan *plan,
                                             const struct nnp_triplet_group *group, double eta,
                                             const struct nnp_triplet_functions *functions,
                                             int n)
{
    const struct nnp_symmetry *f = &functions->all[functions->listed[n]];
    return nnp_triplet_group_holds(plan, group, f) && f->eta == eta ? f : NULL;
}

static void add_channels(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                         const struct nnp_triplet_functions *functions)
{
    group->channel_begin = group->channel_end = plan->n_channels;
    for (int n = 0; n < functions->n; n++) {
        const struct nnp_symmetry *f = &functions->all[functions->listed[n]];
        int c = group->channel_begin;
        if (!nnp_triplet_group_holds(plan, group, f))
            continue;
        while (c < group->channel_end && plan->channels[c].eta != f->eta)
            c++;
        if (c < group->channel_end)
            continue;
        plan->channels[plan->n_channels++] =
            (struct nnp_triplet_channel){.eta = f->eta, .degree = -1};
        group->channel_end++;
    }
}

/* The degree with the fewest operations: both passes' for the polynomial, and three per
 * function that it does not serve. */
static int best_degree(const struct nnp_triplets_plan *plan,
                       const struct nnp_triplet_group *group, double eta,
                       const struct nnp_triplet_functions *functions)
{
    int best = -1, least = 0;
    for (int degree = -1; degree <= NNP_TRIPLETS_DEGREE; degree++) {
        int cost = degree < 0 ? 0 : degree + 1 + (degree > 0 ? 2 * degree - 1 : 0);
        for (int n = 0; n < functions->n; n++) {
            const struct nnp_symmetry *f = in_channel(plan, group, eta, functions, n);
            cost += f && !expands(f, degree) ? 3 : 0;
        }
        if (degree < 0 || cost <= least) {
            best = degree;
            least = cost;
        }
    }
    return best;
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
            angle->step = (int)angle->zeta - (first ? 0 : (int)angle[-1].zeta);
    }
}

static void add_angles(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                       const struct nnp_triplet_functions *functions)
{
    group->angle_begin = group->angle_end = plan->n_angles;
    for (int c = group->channel_begin; c < group->channel_end; c++) {
        const struct nnp_triplet_channel *channel = &plan->channels[c];
        for (int n = 0; n < functions->n; n++) {
            const struct nnp_symmetry *f = in_channel(plan, group, channel->eta, functions, n);
            if (f && !expands(f, channel->degree))
                add_angle(plan, group, f);
        }
    }
    find_steps(plan, group);
}

/* The channel's sum of a column, appended where it has none. */
static int find_sum(struct nnp_triplets_plan *plan, struct nnp_triplet_channel *channel,
                    int column)
{
    int s = channel->begin;
    while (s < channel->end && plan->columns[s] != column)
        s++;
    if (s == channel->end) {
        plan->columns[s] = column;
        plan->n_sums = ++channel->end;
    }
    return s;
}

/* Eq. 1. */
static void expand(const struct nnp_symmetry *f, struct nnp_triplet_term *term)
{
    double coefficient = ldexp(2.0, -(int)f->zeta);
    term->n = (int)f->zeta + 1;
    for (int q = 0; q < term->n; q++) {
        term->coefficients[q] = coefficient;
        coefficient *= f->lambda * (f->zeta - q) / (q + 1.0);
    }
}

static void add_channel_terms(struct nnp_triplets_plan *plan,
                              const struct nnp_triplet_group *group,
                              struct nnp_triplet_channel *channel,
                              const struct nnp_triplet_functions *functions)
{
    channel->begin = channel->end = plan->n_sums;
    for (int q = 0; q <= channel->degree; q++)
        (void)find_sum(plan, channel, q);
    for (int n = 0; n < functions->n; n++) {
        const struct nnp_symmetry *f = in_channel(plan, group, channel->eta, functions, n);
        if (!f)
            continue;
        struct nnp_triplet_term *term = &plan->terms[plan->n_terms++];
        *term = (struct nnp_triplet_term){functions->listed[n], channel->begin, 1, {2.0}};
        if (expands(f, channel->degree))
            expand(f, term);
        else
            term->sum = find_sum(plan, channel,
                                 NNP_TRIPLETS_DEGREE + 1 + find_angle(plan, group, f) -
                                     group->angle_begin);
    }
}

static bool same_columns(const int *columns, const struct nnp_triplet_channel *a,
                         const struct nnp_triplet_channel *b)
{
    bool same = a->end - a->begin == b->end - b->begin;
    for (int k = 0; same && k < a->end - a->begin; k++)
        same = columns[a->begin + k] == columns[b->begin + k];
    return same;
}

static void find_alike(struct nnp_triplets_plan *plan, const struct nnp_triplet_group *group)
{
    for (int c = group->channel_end - 1; c >= group->channel_begin; c--) {
        struct nnp_triplet_channel *channel = &plan->channels[c];
        const bool last = c + 1 == group->channel_end;
        channel->alike = last || !same_columns(plan->columns, channel, channel + 1)
                             ? 1
                             : channel[1].alike + 1;
    }
}

void nnp_triplets_add_terms(struct nnp_triplets_plan *plan, struct nnp_triplet_group *group,
                            const struct nnp_triplet_functions *functions)
{
    group->degree = -1;
    add_channels(plan, group, functions);
    for (int c = group->channel_begin; c < group->channel_end; c++) {
        struct nnp_triplet_channel *channel = &plan->channels[c];
        channel->degree = best_degree(plan, group, channel->eta, functions);
        group->degree = channel->degree > group->degree ? channel->degree : group->degree;
    }
    add_angles(plan, group, functions);
    for (int c = group->channel_begin; c < group->channel_end; c++)
        add_channel_terms(plan, group, &plan->channels[c], functions);
    find_alike(plan, group);
}
