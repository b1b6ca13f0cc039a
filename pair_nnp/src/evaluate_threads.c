/* Evaluation by several threads.
 *
 * Each takes some neighboring centers of the list at a time, evaluates them, and keeps what
 * they give until all centers before have been added to the results.  So sums are those of one
 * thread, to the last bit; adding takes a few percent of the time of evaluating. */
#include "evaluator.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* A share of the centers by one thread. */
struct share {
    struct nnp_waiting *waiting; /* [n], of its thread */
    int n;                       /* that have been evaluated, elements < 0 left out */
    enum nnp_status status;      /* of the one after them */
    struct nnp_error error;
};

static enum nnp_status reserve(struct nnp_waiting *waiting, size_t n, struct nnp_error *error)
{
    if (n <= waiting->capacity)
        return NNP_SUCCESS;
    double *values = malloc(2 * n * sizeof *values);
    if (!values)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for an atom's neighbors");
    free(waiting->values);
    waiting->values = values;
    waiting->capacity = 2 * n;
    return NNP_SUCCESS;
}

static const double *copy_values(double **to, const double *from, size_t n)
{
    double *copy = *to;
    memcpy(copy, from, n * sizeof *copy);
    *to += n;
    return copy;
}

/* A copy of a center with arrays of its own. */
static enum nnp_status keep(struct nnp_waiting *waiting, const struct nnp_center *center,
                            int n_members, bool with_members, struct nnp_error *error)
{
    const size_t n = (size_t)center->n, m = (size_t)n_members;
    const size_t n_member_values = with_members ? 3 * n * m : 0;
    const size_t n_segments = (size_t)center->n_segments;
    const enum nnp_status status =
        reserve(waiting, 7 * n + m + n_member_values + 2 * n_segments, error);
    if (status)
        return status;
    double *to = waiting->values;
    struct nnp_center *kept = &waiting->center;
    *kept = *center;
    for (int a = 0; a < 3; a++) {
        kept->r[a] = copy_values(&to, center->r[a], n);
        kept->de_dr[a] = copy_values(&to, center->de_dr[a], n);
    }
    kept->member_energies = copy_values(&to, center->member_energies, m);
    if (with_members)
        kept->member_de_dr = copy_values(&to, center->member_de_dr, n_member_values);
    int *integers = (int *)to;
    kept->atoms = memcpy(integers, center->atoms, n * sizeof *integers);
    kept->begin = memcpy(integers + n, center->begin, n_segments * sizeof *integers);
    kept->end = memcpy(integers + n + n_segments, center->end, n_segments * sizeof *integers);
    return NNP_SUCCESS;
}

static void evaluate_share(const struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                           int first, int last, bool with_members, struct share *share)
{
    const int thread = omp_get_thread_num();
    struct nnp_workspace *work = &evaluator->work[thread];
    share->waiting = evaluator->waiting + (size_t)thread * NNP_MOST_WAITING;
    share->n = 0;
    share->status = NNP_SUCCESS;
    for (int k = first; k < last && !share->status; k++) {
        struct nnp_center center = nnp_center_of(atoms, k);
        if (center.element < 0)
            continue;
        share->status =
            nnp_center_evaluate(evaluator, work, atoms, with_members, &center, &share->error);
        if (!share->status)
            share->status = keep(&share->waiting[share->n], &center,
                                 evaluator->potential->n_members, with_members, &share->error);
        share->n += !share->status;
    }
}

/* Some shares per thread, since centers differ in their cost. */
static int size_of_share(int n_centers, int n_threads)
{
    const int size = n_centers / (4 * n_threads);
    return size < 1 ? 1 : size > NNP_MOST_WAITING ? NNP_MOST_WAITING : size;
}

/* What follows the first failure in the order of the list is not added. */
enum nnp_status nnp_evaluate_by_threads(const struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms,
                                        struct nnp_results *results, struct nnp_error *error)
{
    const bool with_members = results->member_forces;
    const int n = atoms->n_centers, size = size_of_share(n, evaluator->n_threads);
    enum nnp_status status = NNP_SUCCESS;
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(evaluator->n_threads)
    for (int s = 0; s < (n + size - 1) / size; s++) {
        struct share share;
        evaluate_share(evaluator, atoms, s * size, n - s * size < size ? n : (s + 1) * size,
                       with_members, &share);
#pragma omp ordered
        {
            for (int k = 0; !status && k < share.n; k++)
                nnp_center_tally(&share.waiting[k].center, evaluator->potential->n_members,
                                 atoms, results);
            if (!status && share.status && error)
                *error = share.error;
            if (!status)
                status = share.status;
        }
    }
    return status;
}
