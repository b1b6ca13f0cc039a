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
#include "kernels/moment_forces.h"
#include "kernels/moment_sums.h"

static void forward(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                    struct nnp_moments_work *work, double *g)
{
    const unsigned state = real_begin();
    const struct factors factors = {reals(work->monomials), reals(work->w)};
    compute_weights(plan, env, work);
    sum_radial(plan, env, reals(work->w), work, g);
    if (plan->n_forms > 0) {
        compute_monomials(plan, env, work);
        sum_moments(plan, env, work, &factors, 1, work->moments);
        sum_squares(plan, env, reals(work->w), 1, work);
        forms_forward(plan, work, g);
    }
    real_end(state);
}

static void directional(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                        struct nnp_moments_work *work, const double *vx, const double *vy,
                        const double *vz, double *t)
{
    const double *const v[3] = {vx, vy, vz};
    const struct factors factors[2] = {{reals(work->monomials), reals(work->w_tangents)},
                                       {reals(work->m_tangents), reals(work->w)}};
    compute_tangents(plan, env, work, v);
    sum_radial(plan, env, reals(work->w_tangents), work, t);
    if (plan->n_forms == 0)
        return;
    sum_moments(plan, env, work, factors, 2, work->adjoints);
    sum_squares(plan, env, reals(work->w_tangents), 2, work);
    forms_directional(plan, work, t);
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
    copy_adjoints(work, 0, plan->n_moments);
    for (int t = 0; t < plan->n_radial_terms; t++)
        work->radial[t] = de_dg[plan->radial_terms[t].function];
    for (int e = 0; e < plan->n_elements; e++) {
        const struct nnp_moment_block *blocks = plan->blocks + plan->element_blocks[e];
        const int n_blocks = plan->element_blocks[e + 1] - plan->element_blocks[e];
        int j = env->begin[e];
        for (; j < env->end[e]; j += REAL_WIDTH) {
            vec slope = real_set(0.0), grad[3] = {slope, slope, slope};
            for (int t = plan->element_terms[e]; t < plan->element_terms[e + 1]; t++)
                slope += (nnp_real)work->radial[t] *
                         real_load(reals(work->dw) +
                                   (size_t)plan->radial_terms[t].channel * stride + j);
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
    const vec none[3] = {real_set(0.0), real_set(0.0), real_set(0.0)};
    const nnp_real *dw =
        reals(work->dw) + (size_t)plan->radial_terms[term].channel * (size_t)work->capacity;
    int j = env->begin[e];
    for (; j < env->end[e]; j += REAL_WIDTH)
        store_gradient(work, j, real_load(dw + j), none, dx, dy, dz);
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
    for (; j < env->end[e]; j += REAL_WIDTH) {
        vec slope = real_set(0.0), grad[3] = {slope, slope, slope};
        angular_backward(plan, work, &block, 1, j, &slope, grad);
        store_gradient(work, j, slope, grad, dx, dy, dz);
    }
    return j;
}

/* dE/dM of one function in its form's two sets. */
static void find_gradient(const struct nnp_moments_plan *plan, struct nnp_moments_work *work,
                          const struct nnp_form *form, int term)
{
    const int sets[2] = {form->first_set, form->second_set};
    form_gradient(plan, work, form, term);
    for (int k = 0; k < 2; k++)
        copy_adjoints(work, plan->sets[sets[k]].offset,
                      nnp_moments_to_degree(plan->sets[sets[k]].degree));
}

static void gradient(const struct nnp_moments_plan *plan, const struct nnp_environment *env,
                     struct nnp_moments_work *work, int function, double *dx, double *dy,
                     double *dz)
{
    const struct nnp_moment_place *place = &plan->places[function];
    const struct nnp_form *form = place->form < 0 ? NULL : &plan->forms[place->form];
    const int t = place->radial_term;
    if (form)
        find_gradient(plan, work, form, place->angular_term);
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
