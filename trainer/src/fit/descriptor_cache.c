/* Stored descriptors and Jacobians.  A structure's Jacobian is one matrix [rows][3 n_atoms + 6]
 * with a row for every atom and every function that is active (that is, whose neighbor elements
 * the structure contains), so that each product is one matrix-vector product.  Atoms stand in
 * it by element, and in their order within an element: those of an element are one matrix. */
#include "descriptor_cache.h"

#include "descriptor_pass.h"
#include "linear_algebra.h"

#include <stdlib.h>
#include <string.h>

struct cached_structure {
    int n_atoms, n_jacobian_rows;
    int *elements;    /* [n_atoms] */
    int *rows;        /* [n_atoms], of the element's values */
    int *places;      /* [n_atoms], first row of the Jacobian */
    int *n_own;       /* [n_elements], atoms */
    int *n_active;    /* [n_elements] */
    int **active;     /* [n_elements][n_active], functions */
    double *jacobian; /* [n_jacobian_rows][3 n_atoms + 6], NULL: no derivatives */
};

struct nnp_descriptor_cache {
    const struct nnp_potential *potential;
    int n_structures;
    struct cached_structure *structures; /* [n_structures] */
    int *n_rows;                         /* [n_elements] */
    double **values;                     /* [n_elements][n_rows][n_functions] */
    double *packed;                      /* [most n_jacobian_rows] */
    double *dg_dr, *dg_dstrain;          /* one atom's, while the cache is built */
};

static bool is_active(const struct nnp_symmetry *function, const bool *present)
{
    return present[function->neighbors[0]] &&
           (function->neighbors[1] < 0 || present[function->neighbors[1]]);
}

/* Which elements of the potential the structure contains. */
static void find_present(const struct nnp_potential *potential,
                         const struct nnp_structure *structure, bool *present)
{
    memset(present, 0, (size_t)potential->n_elements * sizeof *present);
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        if (e >= 0)
            present[e] = true;
    }
}

static int n_columns(const struct cached_structure *cached)
{
    return 3 * cached->n_atoms + 6;
}

/* Rows of the Jacobian, element after element. */
static void place_atoms(struct cached_structure *cached, int n_elements)
{
    for (int e = 0; e < n_elements; e++)
        for (int i = 0; i < cached->n_atoms && cached->n_own[e] > 0; i++)
            if (cached->elements[i] == e) {
                cached->places[i] = cached->n_jacobian_rows;
                cached->n_jacobian_rows += cached->n_active[e];
            }
}

/* Elements, rows and active functions of a structure; present: [n_elements]. */
static bool lay_out(struct nnp_descriptor_cache *cache, struct cached_structure *cached,
                    const struct nnp_structure *structure, bool *present)
{
    const struct nnp_potential *potential = cache->potential;
    size_t n_elements = (size_t)potential->n_elements;
    cached->n_atoms = structure->n_atoms;
    cached->elements = calloc((size_t)structure->n_atoms + 1, sizeof(int));
    cached->rows = calloc((size_t)structure->n_atoms + 1, sizeof(int));
    cached->places = calloc((size_t)structure->n_atoms + 1, sizeof(int));
    cached->n_own = calloc(n_elements, sizeof(int));
    cached->n_active = calloc(n_elements, sizeof(int));
    cached->active = calloc(n_elements, sizeof(int *));
    if (!cached->elements || !cached->rows || !cached->places || !cached->n_own ||
        !cached->n_active || !cached->active)
        return false;
    find_present(potential, structure, present);
    for (size_t e = 0; e < n_elements; e++) {
        const struct nnp_descriptor *descriptor = &potential->descriptors[e];
        cached->active[e] = calloc((size_t)descriptor->n_functions + 1, sizeof(int));
        if (!cached->active[e])
            return false;
        for (int k = 0; k < descriptor->n_functions; k++)
            if (is_active(&descriptor->functions[k], present))
                cached->active[e][cached->n_active[e]++] = k;
    }
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        cached->elements[i] = e < 0 ? 0 : e; /* evaluation will refuse the structure */
        cached->rows[i] = cache->n_rows[cached->elements[i]]++;
        cached->n_own[cached->elements[i]]++;
    }
    place_atoms(cached, potential->n_elements);
    return true;
}

static int most_functions(const struct nnp_potential *potential)
{
    int most = 0;
    for (int e = 0; e < potential->n_elements; e++)
        if (potential->descriptors[e].n_functions > most)
            most = potential->descriptors[e].n_functions;
    return most;
}

/* Everything that is stored, and scratch for one atom. */
static bool allocate(struct nnp_descriptor_cache *cache,
                     const struct nnp_structure *const *structures, bool with_derivatives)
{
    const struct nnp_potential *potential = cache->potential;
    size_t n_elements = (size_t)potential->n_elements, most_rows = 0, most_atoms = 0;
    size_t n_functions = (size_t)most_functions(potential) + 1;
    bool *present = calloc(n_elements, sizeof *present);
    cache->structures = calloc((size_t)cache->n_structures + 1, sizeof *cache->structures);
    cache->n_rows = calloc(n_elements, sizeof *cache->n_rows);
    cache->values = calloc(n_elements, sizeof *cache->values);
    bool done = present && cache->structures && cache->n_rows && cache->values;
    for (int s = 0; done && s < cache->n_structures; s++) {
        struct cached_structure *cached = &cache->structures[s];
        done = lay_out(cache, cached, structures[s], present);
        size_t n_rows = (size_t)cached->n_jacobian_rows;
        if (done && with_derivatives &&
            (structures[s]->has_forces || structures[s]->has_stress)) {
            cached->jacobian =
                calloc(n_rows + 1, (size_t)n_columns(cached) * sizeof *cached->jacobian);
            done = cached->jacobian;
        }
        most_rows = n_rows > most_rows ? n_rows : most_rows;
        most_atoms =
            (size_t)cached->n_atoms > most_atoms ? (size_t)cached->n_atoms : most_atoms;
    }
    for (size_t e = 0; done && e < n_elements; e++) {
        size_t width = (size_t)potential->descriptors[e].n_functions + 1;
        cache->values[e] = calloc((size_t)cache->n_rows[e] + 1, width * sizeof(double));
        done = cache->values[e];
    }
    free(present);
    cache->packed = calloc(most_rows + 1, sizeof(double));
    cache->dg_dr = calloc(n_functions, 3 * (most_atoms + 1) * sizeof(double));
    cache->dg_dstrain = calloc(n_functions, 6 * sizeof(double));
    return done && cache->packed && cache->dg_dr && cache->dg_dstrain;
}

/* Copies the active rows of one atom's derivatives. */
static void store_jacobian(const struct nnp_descriptor_cache *cache,
                           const struct cached_structure *cached, int atom)
{
    int e = cached->elements[atom];
    size_t n_coordinates = 3 * (size_t)cached->n_atoms;
    double *row = cached->jacobian + (size_t)cached->places[atom] * (size_t)n_columns(cached);
    for (int a = 0; a < cached->n_active[e]; a++) {
        size_t k = (size_t)cached->active[e][a];
        memcpy(row, cache->dg_dr + k * n_coordinates, n_coordinates * sizeof *row);
        memcpy(row + n_coordinates, cache->dg_dstrain + 6 * k, 6 * sizeof *row);
        row += n_columns(cached);
    }
}

static enum nnp_status evaluate(struct nnp_descriptor_cache *cache,
                                struct cached_structure *cached,
                                const struct nnp_structure *structure,
                                struct nnp_evaluator *evaluator, struct nnp_error *error)
{
    struct nnp_descriptor_pass pass;
    enum nnp_status status =
        nnp_descriptor_pass_begin(&pass, cache->potential, structure, error);
    if (status)
        return status;
    bool derivatives = cached->jacobian;
    for (int i = 0; i < structure->n_atoms && !status; i++) {
        int e = cached->elements[i];
        size_t n_functions = (size_t)cache->potential->descriptors[e].n_functions;
        status = nnp_descriptor_pass_atom(
            &pass, evaluator, i, cache->values[e] + (size_t)cached->rows[i] * n_functions,
            derivatives ? cache->dg_dr : NULL, derivatives ? cache->dg_dstrain : NULL, error);
        if (derivatives && !status)
            store_jacobian(cache, cached, i);
    }
    nnp_descriptor_pass_end(&pass);
    return status;
}

enum nnp_status nnp_descriptor_cache_create(struct nnp_descriptor_cache **cache,
                                            struct nnp_evaluator *evaluator,
                                            const struct nnp_potential *potential,
                                            int n_structures,
                                            const struct nnp_structure *const *structures,
                                            bool with_derivatives, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    struct nnp_descriptor_cache *c = calloc(1, sizeof *c);
    *cache = NULL;
    if (c) {
        c->potential = potential;
        c->n_structures = n_structures;
    }
    if (!c || !allocate(c, structures, with_derivatives)) {
        nnp_descriptor_cache_free(c);
        return nnp_error_set(error, NNP_ERROR_MEMORY,
                             "no memory for the descriptors of %d structures", n_structures);
    }
    for (int s = 0; s < n_structures && !status; s++)
        status = evaluate(c, &c->structures[s], structures[s], evaluator, error);
    if (status) {
        nnp_descriptor_cache_free(c);
        return status;
    }
    free(c->dg_dr);
    c->dg_dr = NULL;
    *cache = c;
    return NNP_SUCCESS;
}

void nnp_descriptor_cache_free(struct nnp_descriptor_cache *cache)
{
    if (!cache)
        return;
    int n_elements = cache->potential->n_elements;
    for (int s = 0; cache->structures && s < cache->n_structures; s++) {
        struct cached_structure *cached = &cache->structures[s];
        for (int e = 0; cached->active && e < n_elements; e++)
            free(cached->active[e]);
        free(cached->active);
        free(cached->n_active);
        free(cached->elements);
        free(cached->rows);
        free(cached->places);
        free(cached->n_own);
        free(cached->jacobian);
    }
    for (int e = 0; cache->values && e < n_elements; e++)
        free(cache->values[e]);
    free(cache->structures);
    free(cache->n_rows);
    free(cache->values);
    free(cache->packed);
    free(cache->dg_dr);
    free(cache->dg_dstrain);
    free(cache);
}

double nnp_descriptor_cache_estimate(const struct nnp_potential *potential, int n_structures,
                                     const struct nnp_structure *const *structures,
                                     bool with_derivatives)
{
    double n_doubles = 0.0;
    bool *present = calloc((size_t)potential->n_elements, sizeof *present);
    for (int s = 0; present && s < n_structures; s++) {
        const struct nnp_structure *structure = structures[s];
        bool derivatives = with_derivatives && (structure->has_forces || structure->has_stress);
        find_present(potential, structure, present);
        for (int i = 0; i < structure->n_atoms; i++) {
            int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
            for (int k = 0; e >= 0 && k < potential->descriptors[e].n_functions; k++) {
                n_doubles += 1.0;
                if (derivatives && is_active(&potential->descriptors[e].functions[k], present))
                    n_doubles += 3.0 * structure->n_atoms + 6.0;
            }
        }
    }
    free(present);
    return n_doubles * (double)sizeof(double);
}

static void scale_jacobian(const struct nnp_descriptor_cache *cache,
                           const struct cached_structure *cached)
{
    double factor, offset, shift;
    for (int i = 0; i < cached->n_atoms; i++) {
        int e = cached->elements[i];
        double *row = cached->jacobian + (size_t)cached->places[i] * (size_t)n_columns(cached);
        for (int a = 0; a < cached->n_active[e]; a++) {
            nnp_scaling_coefficients(&cache->potential->descriptors[e].scaling,
                                     cached->active[e][a], &factor, &offset, &shift);
            for (int c = 0; c < n_columns(cached); c++)
                row[c] *= factor;
            row += n_columns(cached);
        }
    }
}

void nnp_descriptor_cache_scale(struct nnp_descriptor_cache *cache)
{
    for (int e = 0; e < cache->potential->n_elements; e++) {
        const struct nnp_descriptor *descriptor = &cache->potential->descriptors[e];
        for (int k = 0; k < descriptor->n_functions; k++) {
            double factor, offset, shift, *value = cache->values[e] + k;
            nnp_scaling_coefficients(&descriptor->scaling, k, &factor, &offset, &shift);
            for (int i = 0; i < cache->n_rows[e]; i++, value += descriptor->n_functions)
                *value = factor * (*value - offset) + shift;
        }
    }
    for (int s = 0; s < cache->n_structures; s++)
        if (cache->structures[s].jacobian)
            scale_jacobian(cache, &cache->structures[s]);
}

int nnp_descriptor_cache_n_rows(const struct nnp_descriptor_cache *cache, int element)
{
    return cache->n_rows[element];
}

const double *nnp_descriptor_cache_values(const struct nnp_descriptor_cache *cache, int element)
{
    return cache->values[element];
}

void nnp_descriptor_cache_locate(const struct nnp_descriptor_cache *cache, int structure,
                                 int atom, int *element, int *row)
{
    *element = cache->structures[structure].elements[atom];
    *row = cache->structures[structure].rows[atom];
}

bool nnp_descriptor_cache_has_derivatives(const struct nnp_descriptor_cache *cache,
                                          int structure)
{
    return cache->structures[structure].jacobian != NULL;
}

static size_t row_offset(const struct nnp_descriptor_cache *cache,
                         const struct cached_structure *cached, int atom)
{
    int e = cached->elements[atom];
    return (size_t)cached->rows[atom] * (size_t)cache->potential->descriptors[e].n_functions;
}

void nnp_descriptor_cache_contract(struct nnp_descriptor_cache *cache, int structure,
                                   double *const *de_dx, double *y)
{
    const struct cached_structure *cached = &cache->structures[structure];
    for (int i = 0; i < cached->n_atoms; i++) {
        int e = cached->elements[i];
        double *packed = cache->packed + cached->places[i];
        const double *from = de_dx[e] + row_offset(cache, cached, i);
        for (int a = 0; a < cached->n_active[e]; a++)
            packed[a] = from[cached->active[e][a]];
    }
    nnp_apply_transposed(cached->n_jacobian_rows, n_columns(cached), cached->jacobian,
                         cache->packed, y);
}

void nnp_descriptor_cache_direct(struct nnp_descriptor_cache *cache, int structure,
                                 const double *v, double *const *u)
{
    const struct cached_structure *cached = &cache->structures[structure];
    nnp_apply(cached->n_jacobian_rows, n_columns(cached), cached->jacobian, v, cache->packed);
    for (int i = 0; i < cached->n_atoms; i++) {
        int e = cached->elements[i];
        const double *packed = cache->packed + cached->places[i];
        double *to = u[e] + row_offset(cache, cached, i);
        size_t n_functions = (size_t)cache->potential->descriptors[e].n_functions;
        memset(to, 0, n_functions * sizeof *to);
        for (int a = 0; a < cached->n_active[e]; a++)
            to[cached->active[e][a]] = packed[a];
    }
}

int nnp_descriptor_cache_jacobian(const struct nnp_descriptor_cache *cache, int structure,
                                  int element, int *first_row,
                                  struct nnp_descriptor_jacobian *jacobian)
{
    const struct cached_structure *cached = &cache->structures[structure];
    int i = 0;
    *jacobian = (struct nnp_descriptor_jacobian){0};
    if (cached->n_own[element] == 0)
        return 0;
    while (cached->elements[i] != element)
        i++;
    *first_row = cached->rows[i];
    if (cached->jacobian) {
        jacobian->n_columns = n_columns(cached);
        jacobian->n_active = cached->n_active[element];
        jacobian->active = cached->active[element];
        jacobian->values =
            cached->jacobian + (size_t)cached->places[i] * (size_t)n_columns(cached);
    }
    return cached->n_own[element];
}
