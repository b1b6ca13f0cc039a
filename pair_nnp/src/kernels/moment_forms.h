/* Quadratic forms of the moments, and the moments of lower degrees; for the file that is
 * compiled once per instruction set. */
#ifndef NNP_KERNELS_MOMENT_FORMS_H
#define NNP_KERNELS_MOMENT_FORMS_H

#include "kernels/moments.h"
#include "kernels/simd.h"

enum { FORM_VECTORS = (NNP_MOMENTS_MAX_MONOMIALS + SIMD_WIDTH - 1) / SIMD_WIDTH };

/* Sums over lanes of n vectors in lanes[] into sums[]. */
static inline void reduce_lanes(const double *lanes, int n, double *sums)
{
    int k = 0;
    for (; k + SIMD_WIDTH <= n; k += SIMD_WIDTH) {
        nnp_vector v[SIMD_WIDTH];
        for (int l = 0; l < SIMD_WIDTH; l++)
            v[l] = simd_load(lanes + (size_t)(k + l) * SIMD_WIDTH);
        simd_store(sums + k, simd_transposed_sum(v));
    }
    for (; k < n; k++)
        sums[k] = simd_sum(simd_load(lanes + (size_t)k * SIMD_WIDTH));
}

/* Moments of lower degrees from those of the highest two (kernels/moments.h). */
static void lift_moments(const struct nnp_moments_plan *plan, double *moments)
{
    for (int s = 0; s < plan->n_sets; s++) {
        double *m = moments + plan->sets[s].offset;
        for (int q = nnp_moments_to_degree(plan->sets[s].degree - 2) - 1; q >= 0; q--) {
            const double *lifts = plan->lifts[q];
            const int *twice = plan->grandchildren[q];
            m[q] = lifts[0] * m[twice[0]] + lifts[1] * m[twice[1]] + lifts[2] * m[twice[2]];
        }
    }
}

/* The reverse for derivatives with respect to the moments of one set. */
static void lower_adjoints(const struct nnp_moments_plan *plan, double *adjoints, int set)
{
    double *d = adjoints + plan->sets[set].offset;
    const int end = nnp_moments_to_degree(plan->sets[set].degree - 2);
    for (int q = 0; q < end; q++)
        for (int a = 0; a < 3; a++)
            d[plan->grandchildren[q][a]] += plan->lifts[q][a] * d[q];
}

static inline int form_vectors(const struct nnp_form *form)
{
    return (nnp_moments_to_degree(form->degree) + SIMD_WIDTH - 1) / SIMD_WIDTH;
}

/* A form's functions from the products of its moments and the squares. */
static inline void sum_terms(const struct nnp_moments_plan *plan,
                             const struct nnp_moments_work *work, const struct nnp_form *form,
                             const nnp_vector *products, double *g)
{
    const int n_vectors = form_vectors(form);
    for (int begin = form->begin; begin < form->end; begin += SIMD_WIDTH) {
        const struct nnp_angular_term *terms = &plan->angular_terms[begin];
        const int n = form->end - begin < SIMD_WIDTH ? form->end - begin : SIMD_WIDTH;
        const double *rows[SIMD_WIDTH];
        nnp_vector sums[SIMD_WIDTH];
        double values[SIMD_WIDTH];
        for (int l = 0; l < SIMD_WIDTH; l++) {
            rows[l] = plan->rows + terms[l < n ? l : 0].row;
            sums[l] = simd_set(0.0);
        }
        for (int k = 0; k < n_vectors; k++)
            for (int l = 0; l < SIMD_WIDTH; l++)
                sums[l] += products[k] * simd_load(rows[l] + k * SIMD_WIDTH);
        simd_store(values, simd_transposed_sum(sums));
        for (int l = 0; l < n; l++)
            g[terms[l].function] = values[l] - terms[l].self * work->squares[form->first_set];
    }
}

/* Eq. 2. */
static void forms_forward(const struct nnp_moments_plan *plan,
                          const struct nnp_moments_work *work, double *g)
{
    for (int f = 0; f < plan->n_forms; f++) {
        const struct nnp_form *form = &plan->forms[f];
        const double *a = work->moments + plan->sets[form->first_set].offset;
        const double *b = work->moments + plan->sets[form->second_set].offset;
        const int n_vectors = form_vectors(form);
        nnp_vector products[FORM_VECTORS];
        for (int k = 0; k < n_vectors; k++)
            products[k] = simd_load(a + k * SIMD_WIDTH) * simd_load(b + k * SIMD_WIDTH);
        sum_terms(plan, work, form, products, g);
    }
}

/* Eq. 2 linearised; adjoints and squares hold the changes of moments and squares. */
static void forms_directional(const struct nnp_moments_plan *plan,
                              const struct nnp_moments_work *work, double *t)
{
    for (int f = 0; f < plan->n_forms; f++) {
        const struct nnp_form *form = &plan->forms[f];
        const int first = plan->sets[form->first_set].offset;
        const int second = plan->sets[form->second_set].offset;
        const double *m = work->moments, *dm = work->adjoints;
        const int n_vectors = form_vectors(form);
        nnp_vector products[FORM_VECTORS];
        for (int k = 0; k < n_vectors; k++) {
            const int a = first + k * SIMD_WIDTH, b = second + k * SIMD_WIDTH;
            products[k] =
                simd_load(m + a) * simd_load(dm + b) + simd_load(dm + a) * simd_load(m + b);
        }
        sum_terms(plan, work, form, products, t);
    }
}

/* What terms begin to end of a form add to n vectors of dE/dM from the moment at on; de_dg
 * NULL: 1. */
NNP_INLINE void add_vectors(const struct nnp_moments_plan *plan,
                            const struct nnp_moments_work *work, const struct nnp_form *form,
                            int begin, int end, const double *de_dg, int at, const int n)
{
    const struct nnp_angular_term *terms = plan->angular_terms;
    const int first = plan->sets[form->first_set].offset;
    const int second = plan->sets[form->second_set].offset;
    nnp_vector slopes[4];
    for (int v = 0; v < n; v++)
        slopes[v] = simd_set(0.0);
    for (int t = begin; t < end; t++) {
        const double d = de_dg ? de_dg[terms[t].function] : 1.0;
        const double *row = plan->rows + terms[t].row + at;
        for (int v = 0; v < n; v++)
            slopes[v] += d * simd_load(row + v * SIMD_WIDTH);
    }
    for (int v = 0; v < n; v++, at += SIMD_WIDTH) {
        double *a = work->adjoints + first + at, *b = work->adjoints + second + at;
        const nnp_vector to_a = slopes[v] * simd_load(work->moments + second + at);
        const nnp_vector to_b = slopes[v] * simd_load(work->moments + first + at);
        simd_store(a, simd_load(a) + to_a);
        simd_store(b, simd_load(b) + to_b);
    }
}

/* The same for all of dE/dM, and for dE/d(sum w^2). */
NNP_INLINE void add_adjoints(const struct nnp_moments_plan *plan,
                             const struct nnp_moments_work *work, const struct nnp_form *form,
                             int begin, int end, const double *de_dg)
{
    const int n_vectors = form_vectors(form);
    int k = 0;
    for (; k + 4 <= n_vectors; k += 4)
        add_vectors(plan, work, form, begin, end, de_dg, k * SIMD_WIDTH, 4);
    for (; k < n_vectors; k++)
        add_vectors(plan, work, form, begin, end, de_dg, k * SIMD_WIDTH, 1);
    for (int t = begin; t < end; t++)
        work->squares[form->first_set] -=
            (de_dg ? de_dg[plan->angular_terms[t].function] : 1.0) *
            plan->angular_terms[t].self;
}

/* dE/dM and dE/d(sum w^2) from dE/dG: eq. 2 reversed. */
static void forms_backward(const struct nnp_moments_plan *plan, struct nnp_moments_work *work,
                           const double *de_dg)
{
    memset(work->adjoints, 0, (size_t)plan->n_moments * sizeof *work->adjoints);
    memset(work->squares, 0, (size_t)plan->n_sets * sizeof *work->squares);
    for (int f = 0; f < plan->n_forms; f++)
        add_adjoints(plan, work, &plan->forms[f], plan->forms[f].begin, plan->forms[f].end,
                     de_dg);
    for (int s = 0; s < plan->n_sets; s++)
        lower_adjoints(plan, work->adjoints, s);
}

/* The same for one function, in the form's two sets. */
static void form_gradient(const struct nnp_moments_plan *plan, struct nnp_moments_work *work,
                          const struct nnp_form *form, int term)
{
    const int sets[2] = {form->first_set, form->second_set};
    for (int k = 0; k < 2; k++) {
        const struct nnp_moment_set *set = &plan->sets[sets[k]];
        memset(work->adjoints + set->offset, 0,
               (size_t)nnp_moments_padded(nnp_moments_to_degree(set->degree)) *
                   sizeof *work->adjoints);
        work->squares[sets[k]] = 0.0;
    }
    add_adjoints(plan, work, form, term, term + 1, NULL);
    for (int k = 0; k < 2 && (k == 0 || sets[1] != sets[0]); k++)
        lower_adjoints(plan, work->adjoints, sets[k]);
}

#endif
