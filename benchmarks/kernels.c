/* nnp-bench-kernels POTENTIAL..: where the time of an evaluation goes, by steps of a center,
 * for every instruction set that the processor has.  Atoms are a displaced B2 or bcc crystal of
 * the potential's first one or two elements. */
#include "evaluator.h"
#include "nnp/neighbor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CELLS = 8, ATOMS = 2 * CELLS * CELLS * CELLS, REPEATS = 8 };

static const double lattice = 3.2; /* Angstrom; as in the sets of Au-Li and Li-Sn */

enum step { GATHER, RADIAL_AND_MOMENTS, TRIPLETS, NETWORK, BACKWARD, TALLY, N_STEPS };

static const char *const names[N_STEPS] = {"gather",  "moments",  "triplets",
                                           "network", "backward", "tally"};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double noise(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return 0.3 * ((*state >> 8) / 16777216.0 - 0.5);
}

static void fill(double positions[ATOMS][3], struct nnp_cell *cell, double unit)
{
    unsigned state = 1;
    for (int i = 0; i < ATOMS; i++) {
        const int n = i / 2, index[3] = {n % CELLS, n / CELLS % CELLS, n / CELLS / CELLS};
        for (int a = 0; a < 3; a++)
            positions[i][a] = unit * (lattice * (index[a] + 0.5 * (i % 2)) + noise(&state));
    }
    memset(cell, 0, sizeof *cell);
    for (int a = 0; a < 3; a++) {
        cell->vectors[a][a] = unit * lattice * CELLS;
        cell->periodic[a] = true;
    }
}

/* Adds the seconds of the steps of one center. */
static bool evaluate_center(const struct nnp_evaluator *evaluator,
                            const struct nnp_atoms *atoms, int i, struct nnp_results *results,
                            double seconds[N_STEPS])
{
    struct nnp_workspace *work = evaluator->work;
    struct nnp_center center = {.atom = i, .element = atoms->type_elements[atoms->types[i]]};
    const struct nnp_prepared *prepared = &evaluator->prepared[center.element];
    double t[N_STEPS + 1];
    t[0] = now();
    if (nnp_center_gather(evaluator, work, atoms, i, center.element, NULL))
        return false;
    t[1] = now();
    nnp_moments_attach(&work->moments, &prepared->moments);
    evaluator->moments->forward(&prepared->moments, &work->environment, &work->moments,
                                work->g);
    t[2] = now();
    if (prepared->triplets.n_groups) {
        nnp_triplets_attach(&work->triplets, &prepared->triplets);
        evaluator->triplets->forward(&prepared->triplets, &work->environment, &work->triplets,
                                     work->g);
    }
    t[3] = now();
    nnp_center_energy(evaluator, work, &center);
    nnp_center_de_dg(evaluator, work, center.element, -1);
    t[4] = now();
    nnp_center_gradient(evaluator, work, center.element);
    t[5] = now();
    nnp_center_sum(&center, work);
    nnp_center_tally(&center, evaluator->potential->n_members, atoms, results);
    t[6] = now();
    for (int s = 0; s < N_STEPS; s++)
        seconds[s] += t[s + 1] - t[s];
    return true;
}

static double clock_cost(void)
{
    double best = INFINITY;
    for (int repeat = 0; repeat < 1000; repeat++) {
        const double begin = now();
        double end = begin;
        for (int k = 0; k < 100; k++)
            end = now();
        best = fmin(best, (end - begin) / 100);
    }
    return best;
}

static bool measure(const struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                    struct nnp_results *results, double best[N_STEPS])
{
    static double best_of[ATOMS][N_STEPS];
    const double overhead = clock_cost();
    for (int repeat = 0; repeat < REPEATS; repeat++)
        for (int i = 0; i < atoms->n_centers; i++) {
            double seconds[N_STEPS] = {0.0};
            if (!evaluate_center(evaluator, atoms, i, results, seconds))
                return false;
            for (int s = 0; s < N_STEPS; s++)
                best_of[i][s] = repeat ? fmin(best_of[i][s], seconds[s]) : seconds[s];
        }
    for (int s = 0; s < N_STEPS; s++) {
        best[s] = -overhead;
        for (int i = 0; i < atoms->n_centers; i++)
            best[s] += best_of[i][s] / atoms->n_centers;
    }
    return true;
}

/* One line; false where it fails. */
static bool run(const struct nnp_potential *potential, const char *simd,
                enum nnp_precision precision)
{
    static double positions[ATOMS][3];
    struct nnp_neighbor_list list;
    struct nnp_cell cell;
    struct nnp_evaluator *evaluator;
    const struct nnp_evaluator_options options = {.precision = precision, .n_threads = 1};
    double best[N_STEPS], sum = 0.0;
    long n_neighbors = 0;
    setenv("NNP_SIMD", simd, 1);
    if (nnp_evaluator_create(&evaluator, potential, &options, NULL))
        return false;
    if (strncmp(nnp_evaluator_kernels(evaluator), simd, strlen(simd)) != 0) {
        nnp_evaluator_free(evaluator);
        return true; /* the processor lacks it */
    }
    fill(positions, &cell, 1.0 / nnp_potential_length_in_angstrom(potential));
    if (nnp_neighbor_list_build(&list, &cell, ATOMS, &positions[0][0],
                                nnp_potential_cutoff(potential), NULL))
        return false;
    int *types = malloc((size_t)list.n_all * sizeof *types);
    double *forces = calloc(3 * (size_t)list.n_all, sizeof *forces);
    const int elements[2] = {0, potential->n_elements > 1};
    for (int i = 0; types && i < list.n_all; i++)
        types[i] = list.owners[i] % 2;
    for (int i = 0; i < ATOMS; i++)
        n_neighbors += list.n_neighbors[i];
    const struct nnp_atoms atoms = {.n_atoms = list.n_all,
                                    .positions = list.positions,
                                    .types = types,
                                    .type_elements = elements,
                                    .n_centers = ATOMS,
                                    .n_neighbors = list.n_neighbors,
                                    .neighbors = (const int *const *)list.neighbors,
                                    .neighbor_mask = -1,
                                    .length_unit = 1.0,
                                    .energy_unit = 1.0};
    struct nnp_results results = {.forces = forces};
    const bool done = types && forces && measure(evaluator, &atoms, &results, best);
    if (done) {
        printf("  %-12s", nnp_evaluator_kernels(evaluator));
        for (int s = 0; s < N_STEPS; s++) {
            printf(" %9.0f", 1e9 * best[s]);
            sum += best[s];
        }
        printf(" %9.0f   %.1f neighbors\n", 1e9 * sum, (double)n_neighbors / ATOMS);
    }
    free(types);
    free(forces);
    nnp_neighbor_list_free(&list);
    nnp_evaluator_free(evaluator);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const instruction_sets[] = {"avx512", "avx2", "plain"};
    if (argc < 2) {
        fputs("usage: nnp-bench-kernels POTENTIAL..\n", stderr);
        return 2;
    }
    printf("nanoseconds for an atom, %d atoms, each one's best of %d\n  %-12s", ATOMS, REPEATS,
           "kernels");
    for (int s = 0; s < N_STEPS; s++)
        printf(" %9s", names[s]);
    printf(" %9s\n", "sum");
    for (int k = 1; k < argc; k++) {
        struct nnp_potential *potential;
        struct nnp_error error;
        if (nnp_potential_read(&potential, argv[k], &error)) {
            fprintf(stderr, "nnp-bench-kernels: %s\n", error.message);
            return 1;
        }
        printf("%s\n", argv[k]);
        for (int s = 0; s < 3; s++)
            if (!run(potential, instruction_sets[s], NNP_PRECISION_DOUBLE) ||
                !run(potential, instruction_sets[s], NNP_PRECISION_MIXED)) {
                fprintf(stderr, "nnp-bench-kernels: %s failed\n", argv[k]);
                return 1;
            }
        nnp_potential_free(potential);
    }
    return 0;
}
