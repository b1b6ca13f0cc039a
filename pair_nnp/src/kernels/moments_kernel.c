/* The passes over neighbors, compiled once per instruction set (NNP_SIMD_NAME).
 *
 *   M_nq = sum_j w_n(r_j) m_q(u_j)                                              (1)
 *   G = sum_q c_q M_q M'_q - c_self sum_j w_j^2                                 (2)
 * and backwards, with D_nq = dE/dM_nq and B(u) = sum_nq D_nq w_n m_q(u):
 *   dE/dr_j = sum_nq D_nq w'_n m_q u + (grad B - (u . grad B) u) / r            (3)
 * (1 + lambda cos)^zeta = sum_p binomial(zeta, p) lambda^p (u_j . u_k)^p and the multinomial
 * theorem give (2); the self term removes j = k.  Along displacements v_j, with r' = u . v and
 * u' = (v - r' u) / r:
 *   M'_nq = sum_j (dw_n/dr r') m_q(u) + w_n (grad m_q . u'), and (2) linearised (4)
 * Sums over q run over two degrees of each set (kernels/moments.h). */
#include "kernels/moment_forms.h"
#include "kernels/moment_rows.h"

/* Rows whose products are summed over neighbors: of monomials and of channels. */
struct factors {
    const double *monomials, *channels;
};

/* Sums of n_q monomials times n_channels channels over neighbors begin to end; of two products
 * if n_factors is 2. */
NNP_INLINE void sum_products(const struct factors *factors, const int n_factors, size_t stride,
                             int begin, int end, const double *w[2][4], const int n_channels,
                             int q, const int n_q, int n_monomials, double *lanes)
{
    vec sum[NNP_MOMENTS_BLOCK][SIMD_BLOCK];
    for (int n = 0; n < n_channels; n++)
        for (int k = 0; k < n_q; k++)
            sum[n][k] = simd_set(0.0);
    for (int f = 0; f < n_factors; f++) {
        const double *m = factors[f].monomials + (size_t)q * stride;
        for (int j = begin; j < end; j += SIMD_WIDTH)
            for (int k = 0; k < n_q; k++) {
                const vec value = simd_load(m + (size_t)k * stride + j);
                for (int n = 0; n < n_channels; n++)
                    sum[n][k] += value * simd_load(w[f][n] + j);
            }
    }
    for (int n = 0; n < n_channels; n++)
        for (int k = 0; k < n_q; k++)
            simd_store(lanes + (size_t)(n * n_monomials + k) * SIMD_WIDTH, sum[n][k]);
}

/* Eq. 1 (n_factors = 1) or eq. 4 (2) for the n_channels sets of a block. */
NNP_INLINE void sum_block(const struct nnp_moments_plan *plan,
                          const struct nnp_moments_work *work, const struct factors *factors,
                          const int n_factors, const struct nnp_moment_block *block,
                          const int n_channels, int begin, int end, double *moments)
{
    const size_t stride = (size_t)work->capacity;
    const struct nnp_moment_set *sets = plan->sets + block->set;
    const int n_monomials = block->end - block->lowest;
    const double *w[2][4];
    for (int f = 0; f < n_factors; f++)
        for (int n = 0; n < n_channels; n++)
            w[f][n] = factors[f].channels + (size_t)sets[n].channel * stride;
    int k = 0;
    for (; k + SIMD_BLOCK <= n_monomials; k += SIMD_BLOCK)
        sum_products(factors, n_factors, stride, begin, end, w, n_channels, block->lowest + k,
                     SIMD_BLOCK, n_monomials, work->lanes + (size_t)k * SIMD_WIDTH);
    for (; k < n_monomials; k++)
        sum_products(factors, n_factors, stride, begin, end, w, n_channels, block->lowest + k,
                     1, n_monomials, work->lanes + (size_t)k * SIMD_WIDTH);
    for (int n = 0; n < n_channels; n++) {
        double *to = moments + sets[n].offset;
        memset(to + nnp_moments_padded(block->end) - NNP_LANES, 0, NNP_LANES * sizeof *to);
        reduce_lanes(work->lanes + (size_t)(n * n_monomials) * SIMD_WIDTH, n_monomials,
                     to + block->lowest);
    }
}

NNP_INLINE void sum_moments(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env,
                            const struct nnp_moments_work *work, const struct factors *factors,
                            const int n_factors, double *moments)
{
    for (int e = 0; e < plan->n_elements; e++) {
        const int begin = env->begin[e], end = env->end[e];
        for (int b = plan->element_blocks[e]; b < plan->element_blocks[e + 1]; b++) {
            const struct nnp_moment_block *block = &plan->blocks[b];
            if (block->n_sets == 4)
                sum_block(plan, work, factors, n_factors, block, 4, begin, end, moments);
            else if (block->n_sets == 3)
                sum_block(plan, work, factors, n_factors, block, 3, begin, end, moments);
            else if (block->n_sets == 2)
                sum_block(plan, work, factors, n_factors, block, 2, begin, end, moments);
            else
                sum_block(plan, work, factors, n_factors, block, 1, begin, end, moments);
        }
    }
    lift_moments(plan, moments);
}

/* sum_j w_j x_j of each set's channel, times scale. */
static void sum_squares(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        const double *x, double scale, const struct nnp_moments_work *work)
{
    const size_t stride = (size_t)work->capacity;
    for (int e = 0; e < plan->n_elements; e++) {
        const int first = plan->element_sets[e], last = plan->element_sets[e + 1];
        for (int s = first; s < last; s++) {
            const size_t row = (size_t)plan->sets[s].channel * stride;
            vec sum = simd_set(0.0);
            for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH)
                sum += simd_load(work->w + row + j) * (scale * simd_load(x + row + j));
            simd_store(work->lanes + (size_t)(s - first) * SIMD_WIDTH, sum);
        }
        reduce_lanes(work->lanes, last - first, work->squares + first);
    }
}

/* Sums of the channels' weights, or of their changes. */
static void sum_radial(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                       const double *weights, const struct nnp_moments_work *work, double *g)
{
    for (int e = 0; e < plan->n_elements; e++)
        for (int t = plan->element_terms[e]; t < plan->element_terms[e + 1]; t++) {
            const double *w =
                weights + (size_t)plan->radial_terms[t].channel * (size_t)work->capacity;
            vec sum = simd_set(0.0);
            for (int j = env->begin[e]; j < env->end[e]; j += SIMD_WIDTH)
                sum += simd_load(w + j);
            g[plan->radial_terms[t].function] = simd_sum(sum);
        }
}

static void forward(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                    struct nnp_moments_work *work, double *g)
{
    const struct factors factors = {work->monomials, work->w};
    compute_weights(plan, env, work);
    sum_radial(plan, env, work->w, work, g);
    if (plan->n_forms == 0)
        return;
    compute_monomials(plan, env, work);
    sum_moments(plan, env, work, &factors, 1, work->moments);
    sum_squares(plan, env, work->w, 1.0, work);
    forms_forward(plan, work, g);
}

static void directional(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        struct nnp_moments_work *work, const double *vx, const double *vy,
                        const double *vz, double *t)
{
    const double *const v[3] = {vx, vy, vz};
    const struct factors factors[2] = {{work->monomials, work->w_tangents},
                                       {work->m_tangents, work->w}};
    compute_tangents(plan, env, work, v);
    sum_radial(plan, env, work->w_tangents, work, t);
    if (plan->n_forms == 0)
        return;
    sum_moments(plan, env, work, factors, 2, work->adjoints);
    sum_squares(plan, env, work->w_tangents, 2.0, work);
    forms_directional(plan, work, t);
}

/* Sets of a block, for a vector of neighbors. */
struct block_rows {
    const double *d[NNP_MOMENTS_BLOCK]; /* dE/dM */
    vec w[NNP_MOMENTS_BLOCK], value[NNP_MOMENTS_BLOCK];
};

/* Coefficients b[q] of B(u) from n sets, set or added to what is there. */
NNP_INLINE void spread_adjoints(struct block_rows *rows, const int n, const double *m,
                                size_t stride, int begin, int end, const bool add, vec *b)
{
#pragma GCC unroll 5
    for (int q = begin; q < end; q++) {
        const vec monomial = simd_load(m + (size_t)q * stride);
        vec sum = add ? b[q] : simd_set(0.0);
        for (int s = 0; s < n; s++) {
            rows->value[s] += rows->d[s][q] * monomial;
            sum += rows->d[s][q] * rows->w[s];
        }
        b[q] = sum;
    }
}

/* For a vector of neighbors: coefficients b of B(u) from the n sets of a block, whose radial
 * slopes are added to *slope. */
NNP_INLINE void block_backward(const struct nnp_moments_plan *plan,
                               const struct nnp_moments_work *work,
                               const struct nnp_moment_block *block, const int n, int j, vec *b,
                               vec *slope)
{
    const size_t stride = (size_t)work->capacity;
    const struct nnp_moment_set *sets = plan->sets + block->set;
    const int filled = block->filled < block->end ? block->filled : block->end;
    struct block_rows rows;
    for (int s = 0; s < n; s++) {
        rows.d[s] = work->adjoints + sets[s].offset;
        rows.w[s] = simd_load(work->w + (size_t)sets[s].channel * stride + j);
        rows.value[s] = (2.0 * work->squares[block->set + s]) * rows.w[s];
    }
    spread_adjoints(&rows, n, work->monomials + j, stride, block->lowest, filled, false, b);
    spread_adjoints(&rows, n, work->monomials + j, stride, filled, block->end, true, b);
    for (int q = block->end; q < block->filled; q++)
        b[q] = simd_set(0.0);
    for (int s = 0; s < n; s++)
        *slope += simd_load(work->dw + (size_t)sets[s].channel * stride + j) * rows.value[s];
}

/* What the coefficients b of one more degree contribute to grad B, m being the monomials. */
NNP_INLINE void add_gradient(const double *m, size_t stride, const int degree, const vec *b,
                             vec grad[3])
{
    int p = nnp_moments_to_degree(degree - 1);
    const vec *of_x = b + nnp_moments_to_degree(degree);
    for (int i = 0; i <= degree; i++)
        for (int c = 0; c <= i; c++, p++, of_x++) {
            const vec value = simd_load(m + (size_t)p * stride);
            grad[0] += value * of_x[0];
            grad[1] += value * of_x[i + 1];
            grad[2] += value * of_x[i + 2];
        }
}

/* Eq. 3 for a vector of neighbors of the element of some blocks: the radial slope is added to
 * *slope, grad B to grad. */
NNP_INLINE void angular_backward(const struct nnp_moments_plan *plan,
                                 const struct nnp_moments_work *work,
                                 const struct nnp_moment_block *blocks, int n_blocks, int j,
                                 vec *slope, vec grad[3])
{
    const double *m = work->monomials + j;
    const size_t stride = (size_t)work->capacity;
    vec b[NNP_MOMENTS_MAX_MONOMIALS];
    for (int k = 0; k < n_blocks; k++) {
        if (blocks[k].n_sets == 4)
            block_backward(plan, work, &blocks[k], 4, j, b, slope);
        else if (blocks[k].n_sets == 3)
            block_backward(plan, work, &blocks[k], 3, j, b, slope);
        else if (blocks[k].n_sets == 2)
            block_backward(plan, work, &blocks[k], 2, j, b, slope);
        else
            block_backward(plan, work, &blocks[k], 1, j, b, slope);
    }
    const int highest = plan->sets[blocks[0].set].degree;
    const int lowest = plan->sets[blocks[n_blocks - 1].set].degree;
    if (highest == 4 && lowest == 4) { /* constants, so that loops are unrolled */
        add_gradient(m, stride, 2, b, grad);
        add_gradient(m, stride, 3, b, grad);
        return;
    }
    for (int degree = lowest < 2 ? 0 : lowest - 2; degree < highest; degree++)
        add_gradient(m, stride, degree, b, grad);
}

/* Eq. 3 from the radial slope and grad B. */
NNP_INLINE void store_gradient(const struct nnp_moments_work *work, int j, vec slope,
                               const vec grad[3], double *dx, double *dy, double *dz)
{
    const size_t stride = (size_t)work->capacity;
    const vec inverse = simd_load(work->inverse + j);
    vec u[3];
    for (int a = 0; a < 3; a++)
        u[a] = simd_load(work->u + (size_t)a * stride + j);
    slope -= (u[0] * grad[0] + u[1] * grad[1] + u[2] * grad[2]) * inverse;
    simd_store(dx + j, slope * u[0] + inverse * grad[0]);
    simd_store(dy + j, slope * u[1] + inverse * grad[1]);
    simd_store(dz + j, slope * u[2] + inverse * grad[2]);
}

/* Zeros from slot j on, up to those of the next element. */
static void clear_rest(int j, int end, double *dx, double *dy, double *dz)
{
    for (; j < end || j % NNP_LANES; j++)
        dx[j] = dy[j] = dz[j] = 0.0;
}

static void backward(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                     struct nnp_moments_work *work, const double *de_dg, double *dx, double *dy,
                     double *dz)
{
    const size_t stride = (size_t)work->capacity;
    forms_backward(plan, work, de_dg);
    for (int t = 0; t < plan->n_radial_terms; t++)
        work->radial[t] = de_dg[plan->radial_terms[t].function];
    for (int e = 0; e < plan->n_elements; e++) {
        const struct nnp_moment_block *blocks = plan->blocks + plan->element_blocks[e];
        const int n_blocks = plan->element_blocks[e + 1] - plan->element_blocks[e];
        int j = env->begin[e];
        for (; j < env->end[e]; j += SIMD_WIDTH) {
            vec slope = simd_set(0.0), grad[3] = {slope, slope, slope};
            for (int t = plan->element_terms[e]; t < plan->element_terms[e + 1]; t++)
                slope +=
                    work->radial[t] *
                    simd_load(work->dw + (size_t)plan->radial_terms[t].channel * stride + j);
            if (n_blocks > 0)
                angular_backward(plan, work, blocks, n_blocks, j, &slope, grad);
            store_gradient(work, j, slope, grad, dx, dy, dz);
        }
        clear_rest(j, env->end[e], dx, dy, dz);
    }
}

/* The gradient of a radial function over its element, e. */
static int radial_gradient(const struct nnp_moments_plan *plan,
                           const struct nnp_environment *env,
                           const struct nnp_moments_work *work, int term, int e, double *dx,
                           double *dy, double *dz)
{
    const vec none[3] = {simd_set(0.0), simd_set(0.0), simd_set(0.0)};
    const double *dw =
        work->dw + (size_t)plan->radial_terms[term].channel * (size_t)work->capacity;
    int j = env->begin[e];
    for (; j < env->end[e]; j += SIMD_WIDTH)
        store_gradient(work, j, simd_load(dw + j), none, dx, dy, dz);
    return j;
}

/* The gradient of an angular function over one of its elements, e, after form_gradient. */
static int angular_gradient(const struct nnp_moments_plan *plan,
                            const struct nnp_environment *env,
                            const struct nnp_moments_work *work, int set, int e, double *dx,
                            double *dy, double *dz)
{
    const int degree = plan->sets[set].degree;
    const int end = nnp_moments_to_degree(degree);
    const struct nnp_moment_block block = {set, 1, nnp_moments_to_degree(degree - 2), end, end};
    int j = env->begin[e];
    for (; j < env->end[e]; j += SIMD_WIDTH) {
        vec slope = simd_set(0.0), grad[3] = {slope, slope, slope};
        angular_backward(plan, work, &block, 1, j, &slope, grad);
        store_gradient(work, j, slope, grad, dx, dy, dz);
    }
    return j;
}

static void gradient(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                     struct nnp_moments_work *work, int function, double *dx, double *dy,
                     double *dz)
{
    const struct nnp_moment_place *place = &plan->places[function];
    const struct nnp_form *form = place->form < 0 ? NULL : &plan->forms[place->form];
    const int t = place->radial_term;
    if (form)
        form_gradient(plan, work, form, place->angular_term);
    for (int e = 0; e < plan->n_elements; e++) {
        int j = env->begin[e];
        if (t >= plan->element_terms[e] && t < plan->element_terms[e + 1])
            j = radial_gradient(plan, env, work, t, e, dx, dy, dz);
        else if (form && e == form->first)
            j = angular_gradient(plan, env, work, form->first_set, e, dx, dy, dz);
        else if (form && e == form->second)
            j = angular_gradient(plan, env, work, form->second_set, e, dx, dy, dz);
        clear_rest(j, env->end[e], dx, dy, dz);
    }
}

const struct nnp_moments_kernels NNP_PASTE(nnp_moments_kernels_, NNP_SIMD_NAME);
const struct nnp_moments_kernels NNP_PASTE(nnp_moments_kernels_, NNP_SIMD_NAME) = {
    .name = NNP_STRING(NNP_SIMD_NAME),
    .forward = forward,
    .backward = backward,
    .gradient = gradient,
    .directional = directional,
};
