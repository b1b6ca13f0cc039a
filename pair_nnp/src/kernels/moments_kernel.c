/* The passes over neighbors, compiled once per instruction set (NNP_SIMD_NAME).
 *
 *   M_nq = sum_j w_n(r_j) m_q(u_j)                                              (1)
 *   S_p = sum_{|q|=p} multinomial(q) M_q M'_q                                   (2)
 *   G = sum_p c_p S_p - c_self sum_j w_j^2                                      (3)
 * and backwards, with D_nq = dE/dM_nq and B(u) = sum_nq D_nq w_n m_q(u):
 *   dE/dr_j = sum_nq D_nq w'_n m_q u + (grad B - (u . grad B) u) / r            (4)
 * (1 + lambda cos)^zeta = sum_p binomial(zeta, p) lambda^p (u_j . u_k)^p and the multinomial
 * theorem give (2) and (3); the self term removes j = k.  Along displacements v_j, with
 * r' = u . v and u' = (v - r' u) / r:
 *   M'_nq = sum_j (dw_n/dr r') m_q(u) + w_n (grad m_q . u'), and (2), (3) linearised  (5) */
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

/* Rows whose products are summed over neighbors: of monomials and of channels. */
struct factors {
    const double *monomials, *channels;
};

/* Eq. 1 (n_factors = 1) or eq. 5 (2) for up to four channels of one degree at a time, so that a
 * monomial is loaded once. */
static inline void sum_moments(const struct factors *factors, const int n_factors,
                               size_t stride, int begin, int end,
                               const struct nnp_moment_set *sets, const int n_channels,
                               int n_monomials, double *lanes)
{
    const double *w[2][4];
    for (int f = 0; f < n_factors; f++)
        for (int n = 0; n < n_channels; n++)
            w[f][n] = factors[f].channels + (size_t)sets[n].channel * stride;
    for (int q = 0; q < n_monomials; q++) {
        vec sum[4] = {{0.0}, {0.0}, {0.0}, {0.0}};
        for (int f = 0; f < n_factors; f++) {
            const double *m = factors[f].monomials + (size_t)q * stride;
            for (int j = begin; j < end; j += SIMD_WIDTH) {
                const vec value = simd_load(m + j);
                for (int n = 0; n < n_channels; n++)
                    sum[n] += value * simd_load(w[f][n] + j);
            }
        }
        for (int n = 0; n < n_channels; n++)
            simd_store(lanes + (size_t)(n * n_monomials + q) * SIMD_WIDTH, sum[n]);
    }
}

/* Moments of one element's neighbors into moments. */
static inline void element_moments(const struct nnp_moments_plan *plan,
                                   const struct nnp_environment *env,
                                   const struct nnp_moments_work *work,
                                   const struct factors *factors, const int n_factors,
                                   int element, double *moments)
{
    const int begin = env->begin[element], end = env->end[element];
    const int last = plan->element_sets[element + 1];
    const size_t stride = (size_t)work->capacity;
    for (int s = plan->element_sets[element], n = 1; s < last; s += n) {
        const struct nnp_moment_set *sets = &plan->sets[s];
        const int n_monomials = monomials_to_degree(sets->degree);
        for (n = 1; n < 4 && s + n < last && sets[n].degree == sets->degree;)
            n++;
        switch (n) {
        case 4:
            sum_moments(factors, n_factors, stride, begin, end, sets, 4, n_monomials,
                        work->lanes);
            break;
        case 3:
            sum_moments(factors, n_factors, stride, begin, end, sets, 3, n_monomials,
                        work->lanes);
            break;
        case 2:
            sum_moments(factors, n_factors, stride, begin, end, sets, 2, n_monomials,
                        work->lanes);
            break;
        default:
            sum_moments(factors, n_factors, stride, begin, end, sets, 1, n_monomials,
                        work->lanes);
            break;
        }
        reduce_lanes(work->lanes, n * n_monomials, moments + sets->offset);
    }
}

/* sum_j w_j x_j of each set's channel, x being w or its change. */
static void sum_squares(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        const double *x, const struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++)
        for (int s = plan->element_sets[e]; s < plan->element_sets[e + 1]; s++) {
            const size_t row = (size_t)plan->sets[s].channel * stride;
            vec sum = simd_set(0.0);
            for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH)
                sum += simd_load(work->w + row + j) * simd_load(x + row + j);
            work->squares[s] = simd_sum(sum);
        }
}

/* Sums of the channels' weights, or of their changes. */
static void sum_radial(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                       const double *weights, size_t stride, double *g)
{
    for (int t = 0; t < plan->n_radial_terms; t++) {
        const struct nnp_radial_term *term = &plan->radial_terms[t];
        const double *w = weights + (size_t)term->channel * stride;
        vec sum = simd_set(0.0);
        for (int j = env->begin[term->element]; j < env->end[term->element]; j += SIMD_WIDTH)
            sum += simd_load(w + j);
        g[term->function] = simd_sum(sum);
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
    const struct factors factors = {work->monomials, work->w};
    compute_weights(plan, env, work);
    sum_radial(plan, env, work->w, (size_t)work->capacity, g);
    if (plan->n_forms == 0)
        return;
    compute_monomials(plan, env, work);
    for (int e = 0; e < plan->n_elements; e++)
        element_moments(plan, env, work, &factors, 1, e, work->moments);
    sum_squares(plan, env, work->w, work);
    forms_forward(plan, work, g);
}

/* Changes of the weights and the monomials along v. */
static void compute_tangents(const struct nnp_moments_plan *plan,
                             const struct nnp_environment *env, struct nnp_moments_work *work,
                             const double *const v[3])
{
    const size_t stride = (size_t)work->capacity;
    for (int j = 0; j < env->n; j += SIMD_WIDTH) {
        const vec inverse = 1.0 / simd_load(env->r + j);
        vec u[3], du[3], dr = simd_set(0.0);
        for (int a = 0; a < 3; a++) {
            u[a] = simd_load(work->u + (size_t)a * stride + j);
            dr += u[a] * simd_load(v[a] + j);
        }
        for (int a = 0; a < 3; a++)
            du[a] = (simd_load(v[a] + j) - dr * u[a]) * inverse;
        for (int n = 0; n < plan->n_channels; n++)
            simd_store(work->w_tangents + (size_t)n * stride + j,
                       dr * simd_load(work->dw + (size_t)n * stride + j));
        if (plan->n_forms == 0)
            continue;
        const double *m = work->monomials + j;
        double *dm = work->m_tangents + j;
        simd_store(dm, simd_set(0.0));
        for (int q = 1; q < plan->n_monomials; q++) {
            const size_t parent = (size_t)plan->parents[q] * stride;
            const int axis = plan->axes[q];
            simd_store(dm + (size_t)q * stride,
                       simd_load(dm + parent) * u[axis] + simd_load(m + parent) * du[axis]);
        }
    }
}

/* Eqs. 2 and 3 linearised; adjoints and squares hold the changes of moments and squares. */
static void forms_directional(const struct nnp_moments_plan *plan,
                              const struct nnp_moments_work *work, double *t)
{
    for (int f = 0; f < plan->n_forms; f++) {
        const struct nnp_form *form = &plan->forms[f];
        const int first = find_set(plan, form->first, form->channel);
        const int second = find_set(plan, form->second, form->channel);
        const double *a = work->moments + plan->sets[first].offset;
        const double *b = work->moments + plan->sets[second].offset;
        const double *da = work->adjoints + plan->sets[first].offset;
        const double *db = work->adjoints + plan->sets[second].offset;
        double sums[NNP_MOMENTS_MAX_DEGREE + 1];
        for (int p = 0, q = 0; p <= form->degree; p++) {
            sums[p] = 0.0;
            for (; q < monomials_to_degree(p); q++)
                sums[p] += plan->multinomials[q] * (a[q] * db[q] + da[q] * b[q]);
        }
        for (int k = form->begin; k < form->end; k++) {
            const struct nnp_angular_term *term = &plan->angular_terms[k];
            double sum = -2.0 * term->self * work->squares[first];
            for (int p = 0; p <= term->degree; p++)
                sum += term->coefficients[p] * sums[p];
            t[term->function] = sum;
        }
    }
}

static void directional(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        struct nnp_moments_work *work, const double *vx, const double *vy,
                        const double *vz, double *t)
{
    const double *const v[3] = {vx, vy, vz};
    const struct factors factors[2] = {{work->monomials, work->w_tangents},
                                       {work->m_tangents, work->w}};
    compute_tangents(plan, env, work, v);
    sum_radial(plan, env, work->w_tangents, (size_t)work->capacity, t);
    if (plan->n_forms == 0)
        return;
    for (int e = 0; e < plan->n_elements; e++)
        element_moments(plan, env, work, factors, 2, e, work->adjoints);
    sum_squares(plan, env, work->w_tangents, work);
    forms_directional(plan, work, t);
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
    .directional = directional,
};
