/* Which functions moments serve, and the radial weights of these. */
#include "kernels/moments_plan.h"

#include <math.h>
#include <stdlib.h>

static bool same_cutoff(const struct nnp_cutoff *a, const struct nnp_cutoff *b)
{
    return a->type == b->type && a->radius == b->radius && a->alpha == b->alpha;
}

double nnp_moments_crossover(int degree)
{
    return 0.13 * nnp_moments_to_degree(degree);
}

bool nnp_moments_serve(const struct nnp_moments_plan *plan, const struct nnp_symmetry *f)
{
    const double volume = 4.18879020478639098 * pow(f->cutoff.radius, 3);
    return f->type == NNP_SYMMETRY_WIDE && f->zeta == floor(f->zeta) && f->zeta >= 1.0 &&
           f->zeta <= NNP_MOMENTS_MAX_DEGREE &&
           plan->density * volume >= nnp_moments_crossover((int)f->zeta);
}

static void find_cutoffs(struct nnp_moments_plan *plan, const struct nnp_descriptor *descriptor)
{
    for (int k = 0; k < descriptor->n_functions; k++) {
        const struct nnp_symmetry *f = &descriptor->functions[k];
        int c = 0;
        while (c < plan->n_cutoffs && !same_cutoff(&plan->cutoffs[c], &f->cutoff))
            c++;
        if (c == plan->n_cutoffs)
            plan->cutoffs[plan->n_cutoffs++] = f->cutoff;
    }
}

static bool in_shell(const struct nnp_moments_plan *plan, const struct nnp_moment_shell *shell,
                     const struct nnp_symmetry *f)
{
    return (f->type == NNP_SYMMETRY_RADIAL || nnp_moments_serve(plan, f)) &&
           shell->r_shift == f->r_shift &&
           same_cutoff(&plan->cutoffs[shell->cutoff], &f->cutoff);
}

static int find_channel(const struct nnp_moments_plan *plan,
                        const struct nnp_moment_shell *shell, double eta)
{
    int n = shell->channel_begin;
    while (n < shell->channel_end && plan->channels[n].eta != eta)
        n++;
    return n;
}

int nnp_moments_channel(const struct nnp_moments_plan *plan, const struct nnp_symmetry *f)
{
    int s = 0;
    while (!in_shell(plan, &plan->shells[s], f))
        s++;
    return find_channel(plan, &plan->shells[s], f->eta);
}

/* Shells cutoff by cutoff, so that a pass evaluates each cutoff function once. */
static void find_shells(struct nnp_moments_plan *plan, const struct nnp_descriptor *descriptor)
{
    for (int c = 0; c < plan->n_cutoffs; c++)
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            const struct nnp_moment_shell shell = {.cutoff = c, .r_shift = f->r_shift};
            int s = 0;
            if (!in_shell(plan, &shell, f))
                continue;
            while (s < plan->n_shells && !in_shell(plan, &plan->shells[s], f))
                s++;
            if (s == plan->n_shells)
                plan->shells[plan->n_shells++] = shell;
        }
}

static void find_channels(struct nnp_moments_plan *plan,
                          const struct nnp_descriptor *descriptor)
{
    for (int s = 0; s < plan->n_shells; s++) {
        struct nnp_moment_shell *shell = &plan->shells[s];
        shell->channel_begin = shell->channel_end = plan->n_channels;
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            if (!in_shell(plan, shell, f) ||
                find_channel(plan, shell, f->eta) < shell->channel_end)
                continue;
            plan->channels[plan->n_channels++].eta = f->eta;
            shell->channel_end++;
        }
    }
}

static enum nnp_status find_powers(struct nnp_moments_plan *plan, struct nnp_error *error)
{
    const size_t n = (size_t)plan->n_channels + 1;
    double *etas = malloc(n * sizeof *etas);
    struct nnp_power *trial = malloc(NNP_MOMENTS_MOST_POWERS * n * sizeof *trial);
    enum nnp_status status = NNP_SUCCESS;
    if (!etas || !trial)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu exponents", n);
    for (int s = 0; !status && s < plan->n_shells; s++) {
        struct nnp_moment_shell *shell = &plan->shells[s];
        const int n_channels = shell->channel_end - shell->channel_begin;
        const double radius = plan->cutoffs[shell->cutoff].radius;
        const double farthest = fmax(fabs(shell->r_shift), fabs(radius - shell->r_shift));
        for (int c = 0; c < n_channels; c++)
            etas[c] = plan->channels[shell->channel_begin + c].eta;
        const int n_powers = nnp_powers_find(etas, n_channels, farthest * farthest,
                                             plan->powers + plan->n_powers, trial,
                                             NNP_MOMENTS_MOST_POWERS * n_channels);
        shell->power_begin = plan->n_powers;
        shell->power_end = plan->n_powers += n_powers;
        plan->most_powers = n_powers > plan->most_powers ? n_powers : plan->most_powers;
    }
    free(etas);
    free(trial);
    return status;
}

enum nnp_status nnp_moments_find_channels(struct nnp_moments_plan *plan,
                                          const struct nnp_descriptor *descriptor,
                                          struct nnp_error *error)
{
    find_cutoffs(plan, descriptor);
    find_shells(plan, descriptor);
    find_channels(plan, descriptor);
    return find_powers(plan, error);
}
