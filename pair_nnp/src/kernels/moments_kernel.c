/* The passes over neighbors, compiled once per instruction set (NNP_SIMD_NAME).
 *
 *   M_nq = sum_j w_n(r_j) m_q(u_j)                                              (1)
 *   S_p = sum_{|q|=p} multinomial(q) M_q M'_q                                   (2)
 *   G = sum_p c_p S_p - c_self sum_j w_j^2                                      (3)
 * and backwards, with D_nq = dE/dM_nq and B(u) = sum_nq D_nq w_n m_q(u):
 *   dE/dr_j = sum_nq D_nq w'_n m_q u + (grad B - (u . grad B) u) / r            (4)
 * (1 + lambda cos)^zeta = sum_p binomial(zeta, p) lambda^p (u_j . u_k)^p and the multinomial
 * theorem give (2) and (3); the self term removes j = k. */
#include "kernels/cutoff_vector.h"
#include "kernels/moments.h"

typedef nnp_vector vec;

/* Directions, and the weights of all channels with their derivatives. */
static void compute_weights(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env, struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int j = 0; j < env->n; j += SIMD_WIDTH) {
        const vec r = simd_load(env->r + j), inverse = 1.0 / r;
        vec fc = simd_set(0.0), dfc = fc;
        simd_store(work->u + j, simd_load(env->x + j) * inverse);
        simd_store(work->u + stride + j, simd_load(env->y + j) * inverse);
        simd_store(work->u + 2 * stride + j, simd_load(env->z + j) * inverse);
        int cutoff = -1;
        for (int n = 0; n < plan->n_channels; n++) {
            const struct nnp_channel *channel = &plan->channels[n];
            if (channel->cutoff != cutoff)
                cutoff_vector(&plan->cutoffs[cutoff = channel->cutoff], r, &fc, &dfc);
            const vec d = r - channel->r_shift;
            const vec e = channel->eta > 0.0 ? simd_exp(-channel->eta * d * d) : simd_set(1.0);
            simd_store(work->w + (size_t)n * stride + j, e * fc);
            simd_store(work->dw + (size_t)n * stride + j,
                       e * (dfc - 2.0 * channel->eta * d * fc));
        }
    }
}

static void compute_monomials(const struct nnp_moments_plan *plan,
                              const struct nnp_environment *env, struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int j = 0; j < env->n; j += SIMD_WIDTH) {
        const vec u[3] = {simd_load(work->u + j), simd_load(work->u + stride + j),
                          simd_load(work->u + 2 * stride + j)};
        double *m = work->monomials + j;
        simd_store(m, simd_set(1.0));
        for (int q = 1; q < plan->n_monomials; q++)
            simd_store(m + (size_t)q * stride,
                       simd_load(m + (size_t)plan->parents[q] * stride) * u[plan->axes[q]]);
    }
}

static inline int monomials_to_degree(int degree)
{
    return (degree + 1) * (degree + 2) * (degree + 3) / 6;
}

/* Sums over lanes of n vectors in lanes[] into sums[]. */
static void reduce_lanes(const double *lanes, int n, double *sums)
{
    int k = 0;
    for (; k + SIMD_WIDTH <= n; k += SIMD_WIDTH) {
        vec v[SIMD_WIDTH];
        for (int l = 0; l < SIMD_WIDTH; l++)
            v[l] = simd_load(lanes + (size_t)(k + l) * SIMD_WIDTH);
        simd_store(sums + k, simd_transposed_sum(v));
    }
    for (; k < n; k++) {
        double sum = 0.0;
        for (int l = 0; l < SIMD_WIDTH; l++)
            sum += lanes[(size_t)k * SIMD_WIDTH + (size_t)l];
        sums[k] = sum;
    }
}

/* Eq. 1 for up to four channels of one degree at a time, so that a monomial is loaded once. */
static inline void sum_moments(const struct nnp_moments_work *work, int begin, int end,
                               const double *const *w, const int n_channels, int n_monomials,
                               double *lanes)
{
    for (int q = 0; q < n_monomials; q++) {
        const double *m = work->monomials + (size_t)q * (size_t)work->capacity;
        vec sum[4] = {{0.0}, {0.0}, {0.0}, {0.0}};
        for (int j = begin; j < end; j += SIMD_WIDTH) {
            const vec value = simd_load(m + j);
            for (int n = 0; n < n_channels; n++)
                sum[n] += value * simd_load(w[n] + j);
        }
        for (int n = 0; n < n_channels; n++)
            simd_store(lanes + (size_t)(n * n_monomials + q) * SIMD_WIDTH, sum[n]);
    }
}

static void element_moments(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env, struct nnp_moments_work *work,
                            int element)
{
    const int begin = env->begin[element], end = env->end[element];
    const int last = plan->element_sets[element + 1];
    for (int s = plan->element_sets[element]; s < last;) {
        const struct nnp_moment_set *set = &plan->sets[s];
        const int n_monomials = monomials_to_degree(set->degree);
        const double *w[4];
        int n = 0;
        while (n < 4 && s + n < last && plan->sets[s + n].degree == set->degree) {
            w[n] = work->w + (size_t)plan->sets[s + n].channel * (size_t)work->capacity;
            n++;
        }
        switch (n) {
        case 4:
            sum_moments(work, begin, end, w, 4, n_monomials, work->lanes);
            break;
        case 3:
            sum_moments(work, begin, end, w, 3, n_monomials, work->lanes);
            break;
        case 2:
            sum_moments(work, begin, end, w, 2, n_monomials, work->lanes);
            break;
        default:
            sum_moments(work, begin, end, w, 1, n_monomials, work->lanes);
            break;
        }
        reduce_lanes(work->lanes, n * n_monomials, work->moments + set->offset);
        for (int k = 0; k < n; k++) {
            vec sum = simd_set(0.0);
            for (int j = begin; j < end; j += SIMD_WIDTH)
                sum += simd_load(w[k] + j) * simd_load(w[k] + j);
            simd_store(work->lanes + (size_t)k * SIMD_WIDTH, sum);
        }
        reduce_lanes(work->lanes, n, work->squares + s);
        s += n;
    }
}

static void radial_forward(const struct nnp_moments_plan *plan,
                           const struct nnp_environment *env,
                           const struct nnp_moments_work *work, double *g)
{
    for (int t = 0; t < plan->n_radial_terms; t++) {
        const struct nnp_radial_term *term = &plan->radial_terms[t];
        const double *w = work->w + (size_t)term->channel * (size_t)work->capacity;
        vec sum = simd_set(0.0);
        for (int j = env->begin[term->element]; j < env->end[term->element]; j += SIMD_WIDTH)
            sum += simd_load(w + j);
        simd_store(work->lanes, sum);
        reduce_lanes(work->lanes, 1, &g[term->function]);
    }
}

/* The set of a channel and element; the plan has one for both elements of every form. */
static inline int find_set(const struct nnp_moments_plan *plan, int element, int channel)
{
    int s = plan->element_sets[element];
    while (plan->sets[s].channel != channel)
        s++;
    return s;
}

/* Eqs. 2 and 3. */
static void forms_forward(const struct nnp_moments_plan *plan,
                          const struct nnp_moments_work *work, double *g)
{
    for (int f = 0; f < plan->n_forms; f++) {
        const struct nnp_form *form = &plan->forms[f];
        const int first = find_set(plan, form->first, form->channel);
        const double *a = work->moments + plan->sets[first].offset;
        const double *b =
            work->moments + plan->sets[find_set(plan, form->second, form->channel)].offset;
        double sums[NNP_MOMENTS_MAX_DEGREE + 1];
        for (int p = 0, q = 0; p <= form->degree; p++) {
            sums[p] = 0.0;
            for (; q < monomials_to_degree(p); q++)
                sums[p] += plan->multinomials[q] * a[q] * b[q];
        }
        for (int t = form->begin; t < form->end; t++) {
            const struct nnp_angular_term *term = &plan->angular_terms[t];
            double sum = -term->self * work->squares[first];
            for (int p = 0; p <= term->degree; p++)
                sum += term->coefficients[p] * sums[p];
            g[term->function] = sum;
        }
    }
}

static void forward(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                    struct nnp_moments_work *work, double *g)
{
    compute_weights(plan, env, work);
    radial_forward(plan, env, work, g);
    if (plan->n_forms == 0)
        return;
    compute_monomials(plan, env, work);
    for (int e = 0; e < plan->n_elements; e++)
        element_moments(plan, env, work, e);
    forms_forward(plan, work, g);
}

/* dE/dM and dE/d(sum w^2) from dE/dG: eqs. 2 and 3 reversed. */
static void forms_backward(const struct nnp_moments_plan *plan, struct nnp_moments_work *work,
                           const double *de_dg)
{
    memset(work->adjoints, 0, (size_t)plan->n_moments * sizeof *work->adjoints);
    memset(work->squares, 0, (size_t)plan->n_sets * sizeof *work->squares);
    for (int f = 0; f < plan->n_forms; f++) {
        const struct nnp_form *form = &plan->forms[f];
        const int first = find_set(plan, form->first, form->channel);
        const int second = find_set(plan, form->second, form->channel);
        const double *a = work->moments + plan->sets[first].offset;
        const double *b = work->moments + plan->sets[second].offset;
        double *da = work->adjoints + plan->sets[first].offset;
        double *db = work->adjoints + plan->sets[second].offset;
        double de_ds[NNP_MOMENTS_MAX_DEGREE + 1] = {0.0};
        for (int t = form->begin; t < form->end; t++) {
            const struct nnp_angular_term *term = &plan->angular_terms[t];
            for (int p = 0; p <= term->degree; p++)
                de_ds[p] += de_dg[term->function] * term->coefficients[p];
            work->squares[first] -= de_dg[term->function] * term->self;
        }
        for (int p = 0, q = 0; p <= form->degree; p++)
            for (; q < monomials_to_degree(p); q++) {
                const double d = de_ds[p] * plan->multinomials[q];
                const double to_a = d * b[q], to_b = d * a[q];
                da[q] += to_a;
                db[q] += to_b;
            }
    }
}

/* Eq. 4 for a vector of neighbors of one element: the radial slope is added to *slope, grad B
 * to grad. */
static inline void angular_backward(const struct nnp_moments_plan *plan,
                                    const struct nnp_moments_work *work, int element, int j,
                                    vec *slope, vec grad[3])
{
    const size_t stride = (size_t)work->capacity;
    const int first = plan->element_sets[element], last = plan->element_sets[element + 1];
    const double *m = work->monomials + j;
    vec b[165]; /* monomials_to_degree(NNP_MOMENTS_MAX_DEGREE) */
    for (int s = first; s < last; s++) {
        const struct nnp_moment_set *set = &plan->sets[s];
        const vec w = simd_load(work->w + (size_t)set->channel * stride + j);
        const vec dw = simd_load(work->dw + (size_t)set->channel * stride + j);
        const double *d = work->adjoints + set->offset;
        const int n = monomials_to_degree(set->degree);
        vec value = simd_set(0.0);
        if (s == first)
            for (int q = 0; q < n; q++) {
                value += d[q] * simd_load(m + (size_t)q * stride);
                b[q] = d[q] * w;
            }
        else
            for (int q = 0; q < n; q++) {
                value += d[q] * simd_load(m + (size_t)q * stride);
                b[q] += d[q] * w;
            }
        *slope += dw * (value + 2.0 * work->squares[s] * w);
    }
    const int n_parents = monomials_to_degree(plan->sets[first].degree - 1);
    for (int q = 0; q < n_parents; q++) {
        const vec value = simd_load(m + (size_t)q * stride);
        for (int a = 0; a < 3; a++)
            grad[a] += ((plan->powers[q][a] + 1.0) * value) * b[plan->children[q][a]];
    }
}

static void backward(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                     struct nnp_moments_work *work, const double *de_dg, double *dx, double *dy,
                     double *dz)
{
    const size_t stride = (size_t)work->capacity;
    forms_backward(plan, work, de_dg);
    memset(dx, 0, (size_t)env->n * sizeof *dx); /* collects the radial slopes first */
    for (int t = 0; t < plan->n_radial_terms; t++) {
        const struct nnp_radial_term *term = &plan->radial_terms[t];
        const double *dw = work->dw + (size_t)term->channel * stride;
        const double d = de_dg[term->function];
        for (int j = env->begin[term->element]; j < env->end[term->element]; j += SIMD_WIDTH)
            simd_store(dx + j, simd_load(dx + j) + d * simd_load(dw + j));
    }
    for (int e = 0; e < plan->n_elements; e++)
        for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH) {
            const vec u[3] = {simd_load(work->u + j), simd_load(work->u + stride + j),
                              simd_load(work->u + 2 * stride + j)};
            vec slope = simd_load(dx + j), grad[3] = {{0.0}, {0.0}, {0.0}};
            if (plan->element_sets[e] < plan->element_sets[e + 1])
                angular_backward(plan, work, e, j, &slope, grad);
            const vec inverse = 1.0 / simd_load(env->r + j);
            slope -= (u[0] * grad[0] + u[1] * grad[1] + u[2] * grad[2]) * inverse;
            simd_store(dx + j, slope * u[0] + inverse * grad[0]);
            simd_store(dy + j, slope * u[1] + inverse * grad[1]);
            simd_store(dz + j, slope * u[2] + inverse * grad[2]);
        }
}

const struct nnp_moments_kernels NNP_PASTE(nnp_moments_kernels_, NNP_SIMD_NAME);
const struct nnp_moments_kernels NNP_PASTE(nnp_moments_kernels_, NNP_SIMD_NAME) = {
    .name = NNP_STRING(NNP_SIMD_NAME),
    .forward = forward,
    .backward = backward,
};
