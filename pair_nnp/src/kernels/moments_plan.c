/* Plans of the moment kernels: what a descriptor's functions have in common, found once. */
#include "kernels/moments_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_form(const struct nnp_form *form, const struct nnp_symmetry *f, int channel)
{
    return form->channel == channel && form->first == f->neighbors[0] &&
           form->second == f->neighbors[1];
}

/* Radial terms by element; forms; what is left for others. */
static void sort_functions(struct nnp_moments_plan *plan,
                           const struct nnp_descriptor *descriptor)
{
    for (int e = 0; e < plan->n_elements; e++) {
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            if (f->type == NNP_SYMMETRY_RADIAL && f->neighbors[0] == e)
                plan->radial_terms[plan->n_radial_terms++] =
                    (struct nnp_radial_term){k, nnp_moments_channel(plan, f)};
        }
        plan->element_terms[e + 1] = plan->n_radial_terms;
    }
    for (int k = 0; k < descriptor->n_functions; k++) {
        const struct nnp_symmetry *f = &descriptor->functions[k];
        if (nnp_moments_serve(plan, f)) {
            const int channel = nnp_moments_channel(plan, f);
            int n = 0;
            while (n < plan->n_forms && !same_form(&plan->forms[n], f, channel))
                n++;
            if (n == plan->n_forms)
                plan->forms[plan->n_forms++] = (struct nnp_form){
                    .channel = channel, .first = f->neighbors[0], .second = f->neighbors[1]};
            if ((int)f->zeta > plan->forms[n].degree)
                plan->forms[n].degree = (int)f->zeta;
        } else if (f->type != NNP_SYMMETRY_RADIAL) {
            plan->others[plan->n_others++] = k;
        }
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
        for (int degree = NNP_MOMENTS_MAX_DEGREE; degree > 0; degree--)
            for (int n = 0; n < plan->n_channels; n++) {
                if (degree_needed(plan, e, n) != degree)
                    continue;
                plan->sets[plan->n_sets++] =
                    (struct nnp_moment_set){n, degree, plan->n_moments};
                plan->n_moments += nnp_moments_padded(nnp_moments_to_degree(degree));
                plan->degree = degree > plan->degree ? degree : plan->degree;
            }
        plan->element_sets[e + 1] = plan->n_sets;
    }
    for (int n = 0; n < plan->n_forms; n++) {
        struct nnp_form *form = &plan->forms[n];
        form->first_set = plan->element_sets[form->first];
        while (plan->sets[form->first_set].channel != form->channel)
            form->first_set++;
        form->second_set = plan->element_sets[form->second];
        while (plan->sets[form->second_set].channel != form->channel)
            form->second_set++;
    }
}

static void find_blocks(struct nnp_moments_plan *plan)
{
    for (int e = 0; e < plan->n_elements; e++) {
        const int last = plan->element_sets[e + 1];
        int filled = nnp_moments_to_degree(plan->degree);
        for (int s = plan->element_sets[e], n = 1; s < last; s += n) {
            const struct nnp_moment_set *sets = &plan->sets[s];
            for (n = 1;
                 n < NNP_MOMENTS_BLOCK && s + n < last && sets[n].degree == sets->degree;)
                n++;
            plan->blocks[plan->n_blocks++] =
                (struct nnp_moment_block){s, n, nnp_moments_to_degree(sets->degree - 2),
                                          nnp_moments_to_degree(sets->degree), filled};
            filled = nnp_moments_to_degree(sets->degree - 2);
        }
        plan->element_blocks[e + 1] = plan->n_blocks;
    }
}

/* Coefficients of (1 + lambda c)^zeta 2^(1-zeta) in powers of c; for equal elements half of the
 * sum over ordered pairs without j = k, where c = 1. */
static void fill_row(double *row, const struct nnp_symmetry *f, const double *multinomials)
{
    const int degree = (int)f->zeta;
    double binomial = f->neighbors[0] == f->neighbors[1] ? 0.5 : 1.0;
    for (int p = 0, q = 0; p <= degree; p++) {
        for (; q < nnp_moments_to_degree(p); q++)
            row[q] = ldexp(binomial, 1 - degree) * multinomials[q] *
                     (p % 2 && f->lambda < 0.0 ? -1.0 : 1.0);
        binomial = binomial * (degree - p) / (p + 1);
    }
}

/* Where the function's row begins, which is made where it is missing. */
static int row_of(struct nnp_moments_plan *plan, const struct nnp_symmetry *f,
                  const double *multinomials)
{
    const size_t length = (size_t)plan->row_length;
    double *row = plan->rows + (size_t)plan->n_rows * length;
    fill_row(row, f, multinomials);
    int n = 0;
    while (memcmp(plan->rows + (size_t)n * length, row, length * sizeof *row) != 0)
        n++;
    if (n == plan->n_rows)
        plan->n_rows++;
    else
        memset(row, 0, length * sizeof *row);
    return n * plan->row_length;
}

static enum nnp_status find_terms(struct nnp_moments_plan *plan,
                                  const struct nnp_descriptor *descriptor,
                                  struct nnp_error *error)
{
    double multinomials[NNP_MOMENTS_MAX_MONOMIALS];
    plan->row_length = nnp_moments_padded(plan->n_monomials);
    plan->rows = calloc((size_t)(descriptor->n_functions + 1) * (size_t)plan->row_length,
                        sizeof *plan->rows);
    if (!plan->rows)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a plan of %d functions",
                             descriptor->n_functions);
    nnp_moments_list_monomials(plan, multinomials);
    for (int n = 0; n < plan->n_forms; n++) {
        plan->forms[n].begin = plan->n_angular_terms;
        for (int k = 0; k < descriptor->n_functions; k++) {
            const struct nnp_symmetry *f = &descriptor->functions[k];
            if (!nnp_moments_serve(plan, f) ||
                !same_form(&plan->forms[n], f, nnp_moments_channel(plan, f)))
                continue;
            /* 2^(1-zeta) (1 + lambda)^zeta / 2 */
            const bool equal = f->neighbors[0] == f->neighbors[1];
            plan->angular_terms[plan->n_angular_terms++] = (struct nnp_angular_term){
                k, row_of(plan, f, multinomials), equal && f->lambda > 0.0 ? 1.0 : 0.0};
        }
        plan->forms[n].end = plan->n_angular_terms;
    }
    return NNP_SUCCESS;
}

static void find_places(struct nnp_moments_plan *plan, int n_functions)
{
    for (int k = 0; k < n_functions; k++)
        plan->places[k] = (struct nnp_moment_place){-1, -1, -1};
    for (int t = 0; t < plan->n_radial_terms; t++)
        plan->places[plan->radial_terms[t].function].radial_term = t;
    for (int n = 0; n < plan->n_forms; n++)
        for (int t = plan->forms[n].begin; t < plan->forms[n].end; t++)
            plan->places[plan->angular_terms[t].function] = (struct nnp_moment_place){-1, t, n};
}

static enum nnp_status allocate(struct nnp_moments_plan *plan, size_t n,
                                struct nnp_error *error)
{
    const size_t n_elements = (size_t)plan->n_elements, n_sets = n_elements * n;
    const size_t n_monomials = NNP_MOMENTS_MAX_MONOMIALS;
    plan->cutoffs = calloc(n + 1, sizeof *plan->cutoffs);
    plan->shells = calloc(n + 1, sizeof *plan->shells);
    plan->channels = calloc(n + 1, sizeof *plan->channels);
    plan->powers = calloc(NNP_MOMENTS_MOST_POWERS * (n + 1), sizeof *plan->powers);
    plan->radial_terms = calloc(n + 1, sizeof *plan->radial_terms);
    plan->angular_terms = calloc(n + 1, sizeof *plan->angular_terms);
    plan->forms = calloc(n + 1, sizeof *plan->forms);
    plan->sets = calloc(n_sets + 1, sizeof *plan->sets);
    plan->blocks = calloc(n_sets + 1, sizeof *plan->blocks);
    plan->element_terms = calloc(3 * (n_elements + 1), sizeof *plan->element_terms);
    plan->others = calloc(n + 1, sizeof *plan->others);
    plan->places = calloc(n + 1, sizeof *plan->places);
    plan->grandchildren = calloc(n_monomials, sizeof *plan->grandchildren);
    plan->lifts = calloc(n_monomials, sizeof *plan->lifts);
    if (!plan->cutoffs || !plan->shells || !plan->channels || !plan->powers ||
        !plan->radial_terms || !plan->angular_terms || !plan->forms || !plan->sets ||
        !plan->blocks || !plan->element_terms || !plan->others || !plan->places ||
        !plan->grandchildren || !plan->lifts)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a plan of %zu functions",
                             n);
    plan->element_sets = plan->element_terms + n_elements + 1;
    plan->element_blocks = plan->element_sets + n_elements + 1;
    return NNP_SUCCESS;
}

enum nnp_status nnp_moments_plan_init(struct nnp_moments_plan *plan,
                                      const struct nnp_descriptor *descriptor, int n_elements,
                                      double density, struct nnp_error *error)
{
    *plan = (struct nnp_moments_plan){.n_elements = n_elements, .density = density};
    enum nnp_status status = allocate(plan, (size_t)descriptor->n_functions, error);
    if (!status)
        status = nnp_moments_find_channels(plan, descriptor, error);
    if (!status) {
        sort_functions(plan, descriptor);
        find_sets(plan);
        find_blocks(plan);
        plan->n_monomials = nnp_moments_to_degree(plan->degree);
        status = find_terms(plan, descriptor, error);
        find_places(plan, descriptor->n_functions);
    }
    if (status)
        nnp_moments_plan_free(plan);
    return status;
}

void nnp_moments_plan_free(struct nnp_moments_plan *plan)
{
    free(plan->cutoffs);
    free(plan->shells);
    free(plan->channels);
    free(plan->powers);
    free(plan->radial_terms);
    free(plan->angular_terms);
    free(plan->rows);
    free(plan->forms);
    free(plan->sets);
    free(plan->blocks);
    free(plan->element_terms);
    free(plan->others);
    free(plan->places);
    free(plan->grandchildren);
    free(plan->lifts);
    *plan = (struct nnp_moments_plan){0};
}
