/* E = sum_{i<j} D ((1 - exp(-a (r - r0)))^2 - 1) fc(r), with the sixth-power-smooth cutoff
 * poly2, plus an energy per atom. */
#include "morse.h"

#include "nnp/cutoff.h"
#include "nnp/neighbor.h"
#include "test_random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LITHIUM = 3, GOLD = 79 };

static const double steepness = 1.3;
static const struct nnp_cutoff cutoff = {NNP_CUTOFF_POLY2, 5.0, 0.0};

static void *get_memory(size_t n, size_t size)
{
    void *memory = calloc(n, size);
    if (!memory)
        abort();
    return memory;
}

/* Pair energy and its derivative. */
static double pair(int a, int b, double r, double *slope)
{
    int n_gold = (a == GOLD) + (b == GOLD);
    double depth = 0.15 + 0.1 * n_gold, r0 = 3.0 - 0.1 * n_gold, fc, dfc_dr;
    double x = exp(-steepness * (r - r0)), well = depth * (x * x - 2.0 * x);
    nnp_cutoff_evaluate(&cutoff, r, &fc, &dfc_dr);
    *slope = depth * steepness * (2.0 * x - 2.0 * x * x) * fc + well * dfc_dr;
    return well * fc;
}

static void evaluate(struct nnp_structure *structure)
{
    static const int rows[6] = {0, 1, 2, 0, 0, 1}, columns[6] = {0, 1, 2, 1, 2, 2};
    struct nnp_neighbor_list list;
    if (nnp_neighbor_list_build(&list, &structure->cell, structure->n_atoms,
                                structure->positions, cutoff.radius, NULL))
        abort();
    double volume = nnp_cell_volume(&structure->cell);
    for (int i = 0; i < structure->n_atoms; i++) {
        structure->energy -= structure->atomic_numbers[i] == GOLD ? 3.0 : 1.5;
        for (int n = 0; n < list.n_neighbors[i]; n++) {
            int j = list.neighbors[i][n];
            double d[3], r = 0.0, slope;
            for (int a = 0; a < 3; a++) {
                d[a] = list.positions[3 * j + a] - list.positions[3 * i + a];
                r += d[a] * d[a];
            }
            r = sqrt(r);
            structure->energy +=
                0.5 * pair(structure->atomic_numbers[i],
                           structure->atomic_numbers[list.owners[j]], r, &slope);
            for (int a = 0; a < 3; a++)
                structure->forces[3 * i + a] += slope * d[a] / r;
            for (int k = 0; volume > 0.0 && k < 6; k++)
                structure->stress[k] += 0.5 * slope * d[rows[k]] * d[columns[k]] / (r * volume);
        }
    }
    nnp_neighbor_list_free(&list);
}

void morse_structure(struct nnp_structure *structure, int n_atoms, double gold_fraction,
                     unsigned long long *random)
{
    int n_side = 1;
    while (n_side * n_side * n_side < n_atoms)
        n_side++;
    memset(structure, 0, sizeof *structure);
    structure->n_atoms = n_atoms;
    structure->atomic_numbers = get_memory((size_t)n_atoms, sizeof(int));
    structure->positions = get_memory((size_t)n_atoms, 3 * sizeof(double));
    structure->forces = get_memory((size_t)n_atoms, 3 * sizeof(double));
    double distance = test_random(random, 2.7, 3.1);
    for (int a = 0; a < 3; a++) {
        structure->cell.periodic[a] = true;
        for (int b = 0; b < 3; b++)
            structure->cell.vectors[a][b] =
                n_side * distance * ((a == b) + test_random(random, -0.05, 0.05));
    }
    for (int i = 0; i < n_atoms; i++) {
        const int site[3] = {i % n_side, i / n_side % n_side, i / n_side / n_side};
        structure->atomic_numbers[i] =
            test_random(random, 0.0, 1.0) < gold_fraction ? GOLD : LITHIUM;
        for (int a = 0; a < 3; a++)
            structure->positions[3 * i + a] =
                site[a] * distance + test_random(random, -0.25, 0.25);
    }
    structure->has_energy = structure->has_forces = structure->has_stress = true;
    evaluate(structure);
}
