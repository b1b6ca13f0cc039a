/* Energy, forces and stress of one structure, from its own neighbor list. */
#include "nnp/evaluate.h"

#include "nnp/element.h"

#include <stdlib.h>
#include <string.h>

/* Everything in the potential's units, ghosts included. */
struct work {
    struct nnp_neighbor_list list;
    double *positions;     /* [n_atoms][3] */
    int *types;            /* [n_all], element indices */
    double *forces;        /* [n_all][3] */
    double *member_forces; /* [n_members][n_all][3], where spreads are wanted */
};

static void free_work(struct work *work)
{
    nnp_neighbor_list_free(&work->list);
    free(work->positions);
    free(work->types);
    free(work->forces);
    free(work->member_forces);
}

/* Atoms go by the number that they have in the cell, from 1. */
static int64_t owner_id(const void *owners, int i)
{
    return (int64_t)((const int *)owners)[i] + 1;
}

static enum nnp_status prepare(struct work *work, const struct nnp_potential *potential,
                               const struct nnp_cell *cell, int n_atoms,
                               const int *atomic_numbers, const double *positions,
                               struct nnp_error *error)
{
    const double unit = nnp_potential_length_in_angstrom(potential);
    struct nnp_cell scaled;
    if (cell) {
        scaled = *cell;
        for (int k = 0; k < 9; k++)
            scaled.vectors[k / 3][k % 3] /= unit;
    }
    work->positions = malloc(3 * (size_t)n_atoms * sizeof *work->positions + 1);
    if (!work->positions)
        goto no_memory;
    for (size_t k = 0; k < 3 * (size_t)n_atoms; k++)
        work->positions[k] = positions[k] / unit;
    enum nnp_status status =
        nnp_neighbor_list_build(&work->list, cell ? &scaled : NULL, n_atoms, work->positions,
                                nnp_potential_cutoff(potential), error);
    if (status)
        return status;
    work->types = malloc((size_t)work->list.n_all * sizeof *work->types + 1);
    work->forces = calloc(3 * (size_t)work->list.n_all + 1, sizeof *work->forces);
    if (!work->types || !work->forces)
        goto no_memory;
    for (int i = 0; i < work->list.n_all; i++) {
        const int owner = work->list.owners[i];
        work->types[i] = nnp_potential_element_index(potential, atomic_numbers[owner]);
        if (work->types[i] < 0)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "atom %d is %s, an element that the potential does not cover",
                                 owner + 1, nnp_element_symbol(atomic_numbers[owner]));
    }
    return NNP_SUCCESS;

no_memory:
    return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a structure of %d atoms",
                         n_atoms);
}

static void collect_force_spreads(const struct work *work, int n_members, double force_unit,
                                  double *spreads)
{
    const int n = work->list.n_atoms, n_all = work->list.n_all;
    for (int m = 0; m < n_members; m++) {
        double *forces = work->member_forces + 3 * (size_t)n_all * (size_t)m;
        for (int i = n; i < n_all; i++)
            for (size_t a = 0; a < 3; a++)
                forces[3 * (size_t)work->list.owners[i] + a] += forces[3 * (size_t)i + a];
    }
    for (int i = 0; i < n; i++)
        spreads[i] = force_unit * nnp_force_spread(work->member_forces, n_members, n_all, i);
}

/* Images' forces belong to their owners; the stress is -virial / volume. */
static void collect(const struct work *work, const struct nnp_cell *cell,
                    const struct nnp_results *sums, double force_unit, double energy_unit,
                    struct nnp_structure_results *results)
{
    const double volume = nnp_cell_volume(cell);
    if (results->forces) {
        memset(results->forces, 0, 3 * (size_t)work->list.n_atoms * sizeof *results->forces);
        for (int i = 0; i < work->list.n_all; i++)
            for (size_t a = 0; a < 3; a++)
                results->forces[3 * (size_t)work->list.owners[i] + a] +=
                    force_unit * work->forces[3 * (size_t)i + a];
    }
    for (int k = 0; results->stress && k < 6; k++)
        results->stress[k] = volume > 0.0 ? -sums->virial[k] * energy_unit / volume : 0.0;
    results->energy = sums->energy * energy_unit;
    for (int i = 0; results->atomic_energies && i < work->list.n_atoms; i++)
        results->atomic_energies[i] *= energy_unit;
    for (int i = 0; results->energy_spreads && i < work->list.n_atoms; i++)
        results->energy_spreads[i] *= energy_unit;
    results->n_extrapolations = sums->n_extrapolations;
}

static enum nnp_status prepare_members(struct work *work, int n_members,
                                       struct nnp_error *error)
{
    const size_t n = 3 * (size_t)work->list.n_all * (size_t)n_members;
    work->member_forces = calloc(n + 1, sizeof *work->member_forces);
    return work->member_forces
               ? NNP_SUCCESS
               : nnp_error_set(error, NNP_ERROR_MEMORY,
                               "no memory for the forces of %d networks", n_members);
}

/* What an evaluation adds to. */
static void clear(const struct nnp_structure_results *results, int n_atoms)
{
    const size_t n = (size_t)n_atoms;
    if (results->atomic_energies)
        memset(results->atomic_energies, 0, n * sizeof *results->atomic_energies);
    if (results->atomic_extrapolations)
        memset(results->atomic_extrapolations, 0, n * sizeof *results->atomic_extrapolations);
    if (results->energy_spreads)
        memset(results->energy_spreads, 0, n * sizeof *results->energy_spreads);
}

enum nnp_status nnp_evaluate_structure(struct nnp_evaluator *evaluator,
                                       const struct nnp_cell *cell, int n_atoms,
                                       const int *atomic_numbers, const double *positions,
                                       struct nnp_structure_results *results,
                                       struct nnp_error *error)
{
    const struct nnp_potential *potential = nnp_evaluator_potential(evaluator);
    const double length_unit = nnp_potential_length_in_angstrom(potential);
    const double energy_unit = nnp_potential_energy_in_ev(potential);
    struct work work = {.positions = NULL};
    int *identity = malloc((size_t)potential->n_elements * sizeof *identity);
    enum nnp_status status;
    if (!identity) {
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d elements",
                               potential->n_elements);
    } else {
        for (int e = 0; e < potential->n_elements; e++)
            identity[e] = e;
        status = prepare(&work, potential, cell, n_atoms, atomic_numbers, positions, error);
    }
    if (!status && results->force_spreads)
        status = prepare_members(&work, potential->n_members, error);
    if (!status) {
        const struct nnp_atoms atoms = {
            .n_atoms = work.list.n_all,
            .positions = work.list.positions,
            .types = work.types,
            .type_elements = identity,
            .n_centers = n_atoms,
            .n_neighbors = work.list.n_neighbors,
            .neighbors = (const int *const *)work.list.neighbors,
            .neighbor_mask = -1,
            .length_unit = 1.0,
            .energy_unit = 1.0,
            .atom_id = owner_id,
            .atom_id_data = work.list.owners,
        };
        struct nnp_results sums = {.forces = work.forces,
                                   .atomic_energies = results->atomic_energies,
                                   .atomic_extrapolations = results->atomic_extrapolations,
                                   .energy_spreads = results->energy_spreads,
                                   .member_forces = work.member_forces};
        clear(results, n_atoms);
        status = nnp_evaluate(evaluator, &atoms, &sums, error);
        if (!status)
            collect(&work, cell, &sums, energy_unit / length_unit, energy_unit, results);
        if (!status && results->force_spreads)
            collect_force_spreads(&work, potential->n_members, energy_unit / length_unit,
                                  results->force_spreads);
    }
    free_work(&work);
    free(identity);
    return status;
}
