/* Gathering of neighborhoods and sums over them, compiled once per instruction set
 * (NNP_SIMD_NAME).
 *
 * Whether a neighbor of the list is within the cutoff is not predictable, so that nothing
 * branches on it: what is selected is written behind what was selected before, then sorted by
 * compressing, element by element. */
#include "environment.h"
#include "kernels/simd.h"

/* Neighbors within r_cut into unsorted; returns how many. */
static int select_neighbors(struct nnp_environment *env, const struct nnp_atoms *atoms,
                            int center, double r_cut)
{
    const double *r_i = atoms->positions + 3 * (size_t)center;
    const double x_i = r_i[0], y_i = r_i[1], z_i = r_i[2], unit = atoms->length_unit;
    const double limit = r_cut * r_cut, *positions = atoms->positions;
    const int *neighbors = atoms->neighbors[center];
    const int n_neighbors = atoms->n_neighbors[center], mask = atoms->neighbor_mask;
    double *x = env->unsorted.x, *y = env->unsorted.y, *z = env->unsorted.z;
    int64_t *sources = env->unsorted.atoms, *elements = env->unsorted.elements;
    size_t n = 0;
    for (int k = 0; k < n_neighbors; k++) {
        const int j = neighbors[k] & mask;
        const double *r_j = positions + 3 * (size_t)j;
        const double dx = (r_j[0] - x_i) * unit, dy = (r_j[1] - y_i) * unit,
                     dz = (r_j[2] - z_i) * unit;
        x[n] = dx;
        y[n] = dy;
        z[n] = dz;
        sources[n] = j;
        /* Written so that a distance that is not a number is kept, and found later. */
        n += !(dx * dx + dy * dy + dz * dz >= limit);
    }
    for (size_t k = 0; k < n; k++)
        elements[k] = atoms->type_elements[atoms->types[sources[k]]];
    return (int)n;
}

static inline nnp_mask load_mask(const int64_t *p)
{
    nnp_mask mask;
    memcpy(&mask, p, sizeof mask);
    return mask;
}

/* The n selected ones into their elements' segments, and pads behind each; those of no element
 * are left out. */
static void sort_neighbors(struct nnp_environment *env, int n, double r_cut)
{
    int slot = 0;
    for (int k = 0; k < SIMD_WIDTH; k++)
        env->unsorted.elements[n + k] = -1;
    for (int e = 0; e < env->n_elements; e++) {
        env->begin[e] = slot;
        for (int k = 0; k < n; k += SIMD_WIDTH) {
            const unsigned bits = simd_bits(load_mask(env->unsorted.elements + k) == e);
            simd_compress(env->x + slot, bits, simd_load(env->unsorted.x + k));
            simd_compress(env->y + slot, bits, simd_load(env->unsorted.y + k));
            simd_compress(env->z + slot, bits, simd_load(env->unsorted.z + k));
            simd_compress((double *)env->sorted + slot, bits,
                          (nnp_vector)load_mask(env->unsorted.atoms + k));
            slot += __builtin_popcount(bits);
        }
        env->end[e] = slot;
        for (; slot % NNP_LANES; slot++) {
            env->sorted[slot] = -1;
            env->x[slot] = r_cut;
            env->y[slot] = env->z[slot] = 0.0;
        }
    }
    env->n = slot;
}

/* Distances; tells whether all are finite and at least r_min. */
static int measure(struct nnp_environment *env, double r_min)
{
    const nnp_vector most = simd_set(1e300), least = simd_set(r_min);
    nnp_mask fine = most > least;
    for (int k = 0; k < env->n; k += SIMD_WIDTH) {
        const nnp_vector x = simd_load(env->x + k), y = simd_load(env->y + k),
                         z = simd_load(env->z + k);
        const nnp_vector r = simd_sqrt(x * x + y * y + z * z);
        fine &= (r >= least) & (r <= most);
        simd_store(env->r + k, r);
    }
    for (int k = 0; k < env->n; k++)
        env->atoms[k] = (int)env->sorted[k];
    return simd_bits(fine) == (1u << SIMD_WIDTH) - 1;
}

static int gather(struct nnp_environment *env, const struct nnp_atoms *atoms, int center,
                  double r_cut, double r_min)
{
    sort_neighbors(env, select_neighbors(env, atoms, center, r_cut), r_cut);
    if (measure(env, r_min))
        return -1;
    int k = 0;
    while (env->r[k] >= r_min && env->r[k] <= 1e300)
        k++;
    return k;
}

static void sum_gradient(const struct nnp_environment *env, const double *dx, const double *dy,
                         const double *dz, double total[3], double virial[6])
{
    const nnp_vector zero = simd_set(0.0);
    nnp_vector t[3] = {zero, zero, zero}, v[6] = {zero, zero, zero, zero, zero, zero};
    for (int e = 0; e < env->n_elements; e++)
        for (int k = env->begin[e]; k < env->end[e]; k += SIMD_WIDTH) {
            const nnp_vector x = simd_load(env->x + k), y = simd_load(env->y + k),
                             z = simd_load(env->z + k), fx = simd_load(dx + k),
                             fy = simd_load(dy + k), fz = simd_load(dz + k);
            t[0] += fx;
            t[1] += fy;
            t[2] += fz;
            v[0] += x * fx;
            v[1] += y * fy;
            v[2] += z * fz;
            v[3] += x * fy;
            v[4] += x * fz;
            v[5] += y * fz;
        }
    for (int a = 0; a < 3; a++)
        total[a] = simd_sum(t[a]);
    for (int a = 0; a < 6; a++)
        virial[a] = simd_sum(v[a]);
}

const struct nnp_environment_kernels NNP_PASTE(nnp_environment_kernels_, NNP_SIMD_NAME);
const struct nnp_environment_kernels NNP_PASTE(nnp_environment_kernels_, NNP_SIMD_NAME) = {
    .gather = gather,
    .sum_gradient = sum_gradient,
};
