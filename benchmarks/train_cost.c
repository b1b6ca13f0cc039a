/* Measures what training costs, for benchmarks/train.
 *
 *   nnp-bench-train gradient CONFIG   time of one loss and gradient over all structures of the
 *                                configuration, with the Jacobians stored and without, against
 *                                one evaluation of energies and forces
 *   nnp-bench-train run COMMAND ...   processor time and peak memory of a command
 */
#include "config.h"
#include "dataset.h"
#include "linear_algebra.h"
#include "loss.h"
#include "model.h"
#include "nnp/evaluate.h"
#include "random.h"
#include "start_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N_REPEATS = 5 };

static const struct nnp_parallel serial = {0, 1};

struct problem {
    struct nnp_config *config;
    struct nnp_dataset dataset;
    const struct nnp_structure **structures; /* [n_structures] */
    struct nnp_potential *model;
    struct nnp_error error;
};

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum nnp_status read_problem(struct problem *p, const char *path)
{
    struct nnp_random random;
    enum nnp_status status = nnp_config_read(&p->config, path, &p->error);
    for (int f = 0; !status && f < p->config->n_data_files; f++)
        status = nnp_dataset_read(&p->dataset, p->config->data_files[f], NULL, &p->error);
    if (!status)
        status = nnp_model_create(&p->model, p->config, &p->error);
    if (status)
        return status;
    p->structures = calloc((size_t)p->dataset.n_structures + 1, sizeof *p->structures);
    if (!p->structures)
        return nnp_error_set(&p->error, NNP_ERROR_MEMORY, "no memory");
    for (int s = 0; s < p->dataset.n_structures; s++)
        p->structures[s] = &p->dataset.structures[s];
    nnp_random_seed(&random, 1);
    nnp_start_weights_draw(p->model, p->config->start_weights, &random);
    return NNP_SUCCESS;
}

static void free_problem(struct problem *p)
{
    free(p->structures);
    nnp_potential_free(p->model);
    nnp_dataset_free(&p->dataset);
    nnp_config_free(p->config);
}

/* Best of several, for the energies and forces of all structures. */
static enum nnp_status time_evaluation(struct problem *p, double *best)
{
    struct nnp_evaluator *evaluator;
    int most = 0;
    for (int s = 0; s < p->dataset.n_structures; s++)
        most = p->structures[s]->n_atoms > most ? p->structures[s]->n_atoms : most;
    double *forces = calloc((size_t)most + 1, 3 * sizeof *forces);
    enum nnp_status status = nnp_evaluator_create(&evaluator, p->model, NULL, &p->error);
    if (!forces && !status)
        status = nnp_error_set(&p->error, NNP_ERROR_MEMORY, "no memory");
    for (int k = 0; k < N_REPEATS && !status; k++) {
        double begin = processor_seconds();
        for (int s = 0; s < p->dataset.n_structures && !status; s++) {
            const struct nnp_structure *structure = p->structures[s];
            double stress[6];
            struct nnp_structure_results results = {.forces = forces, .stress = stress};
            status = nnp_evaluate_structure(evaluator, &structure->cell, structure->n_atoms,
                                            structure->atomic_numbers, structure->positions,
                                            &results, &p->error);
        }
        double seconds = processor_seconds() - begin;
        *best = k == 0 || seconds < *best ? seconds : *best;
    }
    nnp_evaluator_free(evaluator);
    free(forces);
    return status;
}

/* The same of loss and gradient; memory: of Jacobians, NULL: any. */
static enum nnp_status time_gradient(struct problem *p, double *memory, double *best)
{
    struct nnp_loss_terms terms = {
        .normalization = NNP_NORMALIZATION_SUM, .energy_weight = 1.0, .force_weight = 1.0};
    struct nnp_fit_set *set = NULL;
    struct nnp_loss *loss = NULL;
    double *x = NULL;
    const struct nnp_fit_memory limit = {.jacobians = memory};
    enum nnp_status status =
        nnp_fit_set_create(&set, &serial, p->model, p->dataset.n_structures, p->structures,
                           true, &limit, &p->error);
    if (!status)
        status = nnp_fit_set_ranges(set, p->model, &p->error);
    if (!status) {
        nnp_fit_set_scale(set);
        status =
            nnp_loss_create(&loss, set, p->model->n_elements, p->model->networks, &p->error);
    }
    if (!status) {
        x = calloc(2 * (size_t)nnp_loss_n_parameters(loss), sizeof *x);
        if (!x)
            status = nnp_error_set(&p->error, NNP_ERROR_MEMORY, "no memory");
    }
    for (int e = 0, k = 0; e < p->model->n_elements && !status; e++) {
        nnp_network_get_parameters(&p->model->networks[e], x + k);
        k += nnp_network_n_parameters(&p->model->networks[e]);
    }
    for (int k = 0; k < N_REPEATS && !status; k++) {
        double begin = processor_seconds();
        nnp_loss_evaluate(loss, &terms, NNP_LOSS_GRADIENT, x, x + nnp_loss_n_parameters(loss));
        double seconds = processor_seconds() - begin;
        *best = k == 0 || seconds < *best ? seconds : *best;
    }
    free(x);
    nnp_loss_free(loss);
    nnp_fit_set_free(set);
    return status;
}

static int measure_gradient(const char *path)
{
    struct problem p = {.config = NULL};
    double evaluation = 0.0, stored = 0.0, without = 0.0, nothing = 0.0;
    enum nnp_status status = read_problem(&p, path);
    nnp_linear_algebra_init();
    if (!status)
        status = time_gradient(&p, NULL, &stored);
    if (!status)
        status = time_gradient(&p, &nothing, &without);
    if (!status)
        status = time_evaluation(&p, &evaluation);
    if (status)
        fprintf(stderr, "nnp-bench-train: %s\n", p.error.message);
    else
        printf(
            "energies and forces %.1f ms; loss and gradient %.1f ms (%.2f times) with stored "
            "Jacobians, %.1f ms (%.2f times) without\n",
            1e3 * evaluation, 1e3 * stored, stored / evaluation, 1e3 * without,
            without / evaluation);
    free_problem(&p);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int measure_command(char **command)
{
    struct rusage usage;
    int status;
    pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0 || getrusage(RUSAGE_CHILDREN, &usage) != 0) {
        fprintf(stderr, "nnp-bench-train: %s failed\n", command[0]);
        return EXIT_FAILURE;
    }
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    fprintf(stderr, "%.2f %.0f\n", seconds, 1e-3 * 1.024 * (double)usage.ru_maxrss);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "gradient"))
        return measure_gradient(argv[2]);
    if (argc >= 3 && !strcmp(argv[1], "run"))
        return measure_command(argv + 2);
    fprintf(stderr,
            "usage: nnp-bench-train gradient CONFIG | nnp-bench-train run COMMAND ...\n");
    return 2;
}
