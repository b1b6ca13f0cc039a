/* Mixing energies, distances from the convex hull, and what phases decay into. */
#include "convex_hull.h"
#include "phases.h"

#include "nnp/element.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* By so much, in eV/atom, a phase on the hull may seem to be above it. */
static const double rounding = 1e-9;

static enum nnp_status no_memory(const struct nnp_phases *phases, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the hull of %d phases",
                         phases->n);
}

static double total(const struct nnp_phases *phases, int p)
{
    double sum = 0.0;
    for (int e = 0; e < phases->n_elements; e++)
        sum += phases->phases[p].amount[e];
    return sum;
}

static bool is_pure(const struct nnp_phases *phases, int p, int element)
{
    return phases->phases[p].amount[element] == total(phases, p);
}

static enum nnp_status find_references(struct nnp_stability *stability,
                                       const struct nnp_phases *phases, struct nnp_error *error)
{
    for (int e = 0; e < phases->n_elements; e++) {
        double lowest = INFINITY;
        for (int p = 0; p < phases->n; p++)
            if (is_pure(phases, p, e) && phases->phases[p].energy < lowest)
                lowest = phases->phases[p].energy;
        if (!isfinite(lowest))
            return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                 "no phase is pure %s; mixing energies refer to the pure "
                                 "elements",
                                 nnp_element_symbol(phases->atomic_numbers[e]));
        stability->references[e] = lowest;
    }
    return NNP_SUCCESS;
}

/* Compositions and energies of all phases but one (-1: of all); indices: which. */
static enum nnp_status make_hull(struct nnp_convex_hull **hull, const struct nnp_phases *phases,
                                 int without, double *work, int *indices,
                                 struct nnp_error *error)
{
    double *energies = work + (size_t)phases->n * (size_t)phases->n_elements;
    int n = 0;
    for (int p = 0; p < phases->n; p++) {
        if (p == without)
            continue;
        memcpy(work + (size_t)n * (size_t)phases->n_elements, phases->phases[p].amount,
               (size_t)phases->n_elements * sizeof *work);
        energies[n] = phases->phases[p].energy;
        indices[n++] = p;
    }
    return nnp_convex_hull_create(hull, phases->n_elements, n, work, energies, error);
}

static enum nnp_status find_depth(struct nnp_stability *stability,
                                  const struct nnp_phases *phases, int p, double *work,
                                  int *indices, struct nnp_error *error)
{
    struct nnp_convex_hull *hull;
    enum nnp_status status = make_hull(&hull, phases, p, work, indices, error);
    if (status)
        return status;
    stability->depth[p] = nnp_convex_hull_energy(hull, phases->phases[p].amount, NULL, NULL) -
                          phases->phases[p].energy;
    nnp_convex_hull_free(hull);
    return NNP_SUCCESS;
}

static enum nnp_status find_distances(struct nnp_stability *stability,
                                      const struct nnp_phases *phases, double *work,
                                      int *indices, struct nnp_error *error)
{
    struct nnp_convex_hull *hull;
    const size_t n_elements = (size_t)phases->n_elements;
    enum nnp_status status = make_hull(&hull, phases, -1, work, indices, error);
    if (status)
        return status;
    for (int p = 0; p < phases->n; p++) {
        const struct nnp_phase *phase = &phases->phases[p];
        const double lowest =
            nnp_convex_hull_energy(hull, phase->amount, stability->products + p * n_elements,
                                   stability->shares + p * n_elements);
        const double above = phase->energy - lowest;
        stability->distance[p] = above > rounding ? above : 0.0;
        stability->mixing[p] = phase->energy;
        for (size_t e = 0; e < n_elements; e++)
            stability->mixing[p] -=
                phase->amount[e] / total(phases, p) * stability->references[e];
    }
    nnp_convex_hull_free(hull);
    for (int p = 0; p < phases->n && !status; p++)
        if (stability->distance[p] == 0.0)
            status = find_depth(stability, phases, p, work, indices, error);
    return status;
}

enum nnp_status nnp_stability_find(struct nnp_stability *stability,
                                   const struct nnp_phases *phases, struct nnp_error *error)
{
    const size_t n = (size_t)phases->n + 1, n_elements = (size_t)phases->n_elements + 1;
    double *work = malloc(n * (n_elements + 1) * sizeof *work);
    int *indices = malloc(n * sizeof *indices);
    stability->mixing = calloc(n, sizeof *stability->mixing);
    stability->distance = calloc(n, sizeof *stability->distance);
    stability->depth = calloc(n, sizeof *stability->depth);
    stability->products = calloc(n * n_elements, sizeof *stability->products);
    stability->shares = calloc(n * n_elements, sizeof *stability->shares);
    enum nnp_status status;
    if (!work || !indices || !stability->mixing || !stability->distance || !stability->depth ||
        !stability->products || !stability->shares)
        status = no_memory(phases, error);
    else
        status = find_references(stability, phases, error);
    if (!status)
        status = find_distances(stability, phases, work, indices, error);
    free(work);
    free(indices);
    if (status)
        nnp_stability_free(stability);
    return status;
}

void nnp_stability_free(struct nnp_stability *stability)
{
    free(stability->mixing);
    free(stability->distance);
    free(stability->depth);
    free(stability->products);
    free(stability->shares);
    *stability = (struct nnp_stability){.mixing = NULL};
}
