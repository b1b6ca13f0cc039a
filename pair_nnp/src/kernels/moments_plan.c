/* Plans of the moment kernels: what a descriptor's functions have in common, found once. */
#include "kernels/moments.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int n_monomials_to(int degree)
{
    return (degree + 1) * (degree + 2) * (degree + 3) / 6;
}

static bool same_cutoff(const struct nnp_cutoff *a, const struct nnp_cutoff *b)
{
    return a->type == b->type && a->radius == b->radius && a->alpha == b->alpha;
}

static bool is_moment_function(const struct nnp_symmetry *f)
{
    return f->type == NNP_SYMMETRY_WIDE && f->zeta == floor(f->zeta) && f->zeta >= 1.0 &&
           f->zeta <= NNP_MOMENTS_MAX_DEGREE;
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

static int channel_of(const struct nnp_moments_plan *plan, const struct nnp_symmetry *f)
{
    int n = 0;
    while (n < plan->n_channels &&
           (!same_cutoff(&plan->cutoffs[plan->channels[n].cutoff], &f->cutoff) ||
            plan->channels[n].eta != f->eta || plan->channels[n].r_shift != f->r_shift))
        n++;
    return n;
}

/* Channels cutoff by cutoff, so that a pass evaluates each cutoff function once. */
static void find_channels(struct nnp_moments_plan *plan,
                          const struct nnp_descriptor *descriptor)
{
    for (int c = 0; c < plan->n_cutoffs; c++)
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            if (!same_cutoff(&plan->cutoffs[c], &f->cutoff) ||
                (f->type != NNP_SYMMETRY_RADIAL && !is_moment_function(f)))
                continue;
            const int n = channel_of(plan, f);
            if (n < plan->n_channels)
                continue;
            plan->channels[n] = (struct nnp_channel){c, f->eta, f->r_shift};
            plan->n_channels++;
        }
}

/* Coefficients of (1 + lambda c)^zeta 2^(1-zeta) in powers of c; for equal elements half of the
 * sum over ordered pairs without j = k, where c = 1. */
static struct nnp_angular_term make_term(const struct nnp_symmetry *f, int function)
{
    const bool equal = f->neighbors[0] == f->neighbors[1];
    struct nnp_angular_term term = {.function = function, .degree = (int)f->zeta};
    double binomial = 1.0;
    for (int p = 0; p <= term.degree; p++) {
        term.coefficients[p] = (equal ? 0.5 : 1.0) * ldexp(binomial, 1 - term.degree) *
                               (p % 2 && f->lambda < 0.0 ? -1.0 : 1.0);
        binomial = binomial * (term.degree - p) / (p + 1);
    }
    term.self = equal && f->lambda > 0.0 ? 1.0 : 0.0; /* 2^(1-zeta) (1 + lambda)^zeta / 2 */
    return term;
}

static bool same_form(const struct nnp_form *form, const struct nnp_symmetry *f, int channel)
{
    return form->channel == channel && form->first == f->neighbors[0] &&
           form->second == f->neighbors[1];
}

/* Forms with their terms behind each other; radial terms; what is left for others. */
static void sort_functions(struct nnp_moments_plan *plan,
                           const struct nnp_descriptor *descriptor)
{
    for (int k = 0; k < descriptor->n_functions; k++) {
        const struct nnp_symmetry *f = &descriptor->functions[k];
        const int channel = channel_of(plan, f);
        if (f->type == NNP_SYMMETRY_RADIAL) {
            plan->radial_terms[plan->n_radial_terms++] =
                (struct nnp_radial_term){k, f->neighbors[0], channel};
        } else if (is_moment_function(f)) {
            int n = 0;
            while (n < plan->n_forms && !same_form(&plan->forms[n], f, channel))
                n++;
            if (n == plan->n_forms)
                plan->forms[plan->n_forms++] =
                    (struct nnp_form){channel, f->neighbors[0], f->neighbors[1], 0, 0, 0};
            if ((int)f->zeta > plan->forms[n].degree)
                plan->forms[n].degree = (int)f->zeta;
        } else {
            plan->others[plan->n_others++] = k;
        }
    }
    for (int n = 0; n < plan->n_forms; n++) {
        plan->forms[n].begin = plan->n_angular_terms;
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            if (is_moment_function(f) && same_form(&plan->forms[n], f, channel_of(plan, f)))
                plan->angular_terms[plan->n_angular_terms++] = make_term(f, k);
        }
        plan->forms[n].end = plan->n_angular_terms;
    }
}

/* Largest degree that forms need of a channel's moments over an element; 0: none. */
static int degree_needed(const struct nnp_moments_plan *plan, int element, int channel)
{
    int degree = 0;
    for (int n = 0; n < plan->n_forms; n++) {
        const struct nnp_form *form = &plan->forms[n];
        if (form->channel == channel && (form->first == element || form->second == element) &&
            form->degree > degree)
            degree = form->degree;
    }
    return degree;
}

static void find_sets(struct nnp_moments_plan *plan)
{
    for (int e = 0; e < plan->n_elements; e++) {
        plan->element_sets[e] = plan->n_sets;
        for (int degree = NNP_MOMENTS_MAX_DEGREE; degree > 0; degree--)
            for (int n = 0; n < plan->n_channels; n++) {
                if (degree_needed(plan, e, n) != degree)
                    continue;
                plan->sets[plan->n_sets++] =
                    (struct nnp_moment_set){n, degree, plan->n_moments};
                plan->n_moments += n_monomials_to(degree);
                plan->degree = degree > plan->degree ? degree : plan->degree;
            }
    }
    plan->element_sets[plan->n_elements] = plan->n_sets;
}

static double factorial(int n)
{
    double product = 1.0;
    for (int k = 2; k <= n; k++)
        product *= k;
    return product;
}

static int find_monomial(const struct nnp_moments_plan *plan, double a, double b, double c)
{
    int q = 0;
    while (plan->powers[q][0] != a || plan->powers[q][1] != b || plan->powers[q][2] != c)
        q++;
    return q;
}

/* Monomials by degree; each as its parent times one component of u. */
static void list_monomials(struct nnp_moments_plan *plan)
{
    int q = 0;
    for (int degree = 0; degree <= plan->degree; degree++)
        for (int a = degree; a >= 0; a--)
            for (int b = degree - a; b >= 0; b--, q++) {
                const int c = degree - a - b;
                plan->powers[q][0] = a;
                plan->powers[q][1] = b;
                plan->powers[q][2] = c;
                plan->multinomials[q] =
                    factorial(degree) / (factorial(a) * factorial(b) * factorial(c));
                plan->axes[q] = a > 0 ? 0 : b > 0 ? 1 : 2;
                if (degree > 0)
                    plan->parents[q] = find_monomial(plan, a - (a > 0), b - (a == 0 && b > 0),
                                                     c - (a == 0 && b == 0));
            }
    for (int p = 0; p < n_monomials_to(plan->degree - 1); p++)
        for (int axis = 0; axis < 3; axis++)
            plan->children[p][axis] = find_monomial(plan, plan->powers[p][0] + (axis == 0),
                                                    plan->powers[p][1] + (axis == 1),
                                                    plan->powers[p][2] + (axis == 2));
}

static enum nnp_status allocate(struct nnp_moments_plan *plan, size_t n,
                                struct nnp_error *error)
{
    const size_t n_sets = (size_t)plan->n_elements * n;
    const size_t n_monomials = (size_t)n_monomials_to(NNP_MOMENTS_MAX_DEGREE);
    plan->cutoffs = calloc(n + 1, sizeof *plan->cutoffs);
    plan->channels = calloc(n + 1, sizeof *plan->channels);
    plan->radial_terms = calloc(n + 1, sizeof *plan->radial_terms);
    plan->angular_terms = calloc(n + 1, sizeof *plan->angular_terms);
    plan->forms = calloc(n + 1, sizeof *plan->forms);
    plan->sets = calloc(n_sets + 1, sizeof *plan->sets);
    plan->element_sets = calloc((size_t)plan->n_elements + 1, sizeof *plan->element_sets);
    plan->others = calloc(n + 1, sizeof *plan->others);
    plan->parents = calloc(n_monomials, sizeof *plan->parents);
    plan->axes = calloc(n_monomials, sizeof *plan->axes);
    plan->children = calloc(n_monomials, sizeof *plan->children);
    plan->powers = calloc(n_monomials, sizeof *plan->powers);
    plan->multinomials = calloc(n_monomials, sizeof *plan->multinomials);
    if (plan->cutoffs && plan->channels && plan->radial_terms && plan->angular_terms &&
        plan->forms && plan->sets && plan->element_sets && plan->others && plan->parents &&
        plan->axes && plan->children && plan->powers && plan->multinomials)
        return NNP_SUCCESS;
    nnp_moments_plan_free(plan);
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a plan of %zu functions", n);
}

enum nnp_status nnp_moments_plan_init(struct nnp_moments_plan *plan,
                                      const struct nnp_descriptor *descriptor, int n_elements,
                                      struct nnp_error *error)
{
    *plan = (struct nnp_moments_plan){.n_elements = n_elements};
    enum nnp_status status = allocate(plan, (size_t)descriptor->n_functions, error);
    if (status)
        return status;
    find_cutoffs(plan, descriptor);
    find_channels(plan, descriptor);
    sort_functions(plan, descriptor);
    find_sets(plan);
    plan->n_monomials = n_monomials_to(plan->degree);
    list_monomials(plan);
    return NNP_SUCCESS;
}

void nnp_moments_plan_free(struct nnp_moments_plan *plan)
{
    free(plan->cutoffs);
    free(plan->channels);
    free(plan->radial_terms);
    free(plan->angular_terms);
    free(plan->forms);
    free(plan->sets);
    free(plan->element_sets);
    free(plan->others);
    free(plan->parents);
    free(plan->axes);
    free(plan->children);
    free(plan->powers);
    free(plan->multinomials);
    *plan = (struct nnp_moments_plan){0};
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

enum nnp_status nnp_moments_reserve(struct nnp_moments_work *work,
                                    const struct nnp_moments_plan *plan, int n_slots,
                                    struct nnp_error *error)
{
    /* The largest of all plans and neighborhoods, lest elements of different needs take turns.
     */
    const size_t rows =
        larger(3 * (size_t)plan->n_channels + 3 + 2 * (size_t)plan->n_monomials, work->n_rows);
    const size_t fixed = larger(2 * (size_t)plan->n_moments + (size_t)plan->n_sets + 16 +
                                    4 * NNP_LANES * (size_t)plan->n_monomials,
                                work->n_fixed);
    const size_t capacity = larger((size_t)n_slots, (size_t)work->capacity);
    if (work->storage && (size_t)work->capacity == capacity && work->n_rows == rows &&
        work->n_fixed == fixed)
        return NNP_SUCCESS;
    double *storage =
        aligned_alloc(64, ((rows * capacity + fixed) * sizeof *storage + 63) / 64 * 64);
    if (!storage)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d neighbors", n_slots);
    free(work->storage);
    *work =
        (struct nnp_moments_work){.capacity = (int)capacity, .n_rows = rows, .n_fixed = fixed};
    work->storage = storage;
    return NNP_SUCCESS;
}

void nnp_moments_attach(struct nnp_moments_work *work, const struct nnp_moments_plan *plan)
{
    const size_t capacity = (size_t)work->capacity;
    work->w = work->storage;
    work->dw = work->w + (size_t)plan->n_channels * capacity;
    work->u = work->dw + (size_t)plan->n_channels * capacity;
    work->monomials = work->u + 3 * capacity;
    work->w_tangents = work->monomials + (size_t)plan->n_monomials * capacity;
    work->m_tangents = work->w_tangents + (size_t)plan->n_channels * capacity;
    work->lanes = work->m_tangents + (size_t)plan->n_monomials * capacity;
    work->moments = work->lanes + 4 * NNP_LANES * (size_t)plan->n_monomials;
    work->adjoints = work->moments + plan->n_moments;
    work->squares = work->adjoints + plan->n_moments;
}

void nnp_moments_work_free(struct nnp_moments_work *work)
{
    free(work->storage);
    *work = (struct nnp_moments_work){0};
}
