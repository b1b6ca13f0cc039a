/* The information matrix of the Kalman filter (kalman.h) and the steps that it gives: with A,
 * the inverse of the covariance of n weights in units of the residuals' variance, a batch with
 * residuals r and derivatives J updates
 *
 *   A <- f A + J^T J,    (A + c mean(diag A) I) d = -J^T r                                  (1)
 *
 * which is the extended Kalman filter with fading memory [1], written with A as J has more rows
 * than columns.  The small c is for weights without influence.  Ranks have rows of A
 * (row_blocks.h).
 *
 * [1] H. W. Sorenson, J. E. Sacks, Information Sciences 3, 101 (1971); for neural networks: S.
 *     Singhal, L. Wu, Adv. Neural Inf. Process. Syst. 1, 133 (1989). */
#ifndef NNP_KALMAN_INFORMATION_H
#define NNP_KALMAN_INFORMATION_H

#include "archive.h"
#include "cholesky.h"
#include "measurements.h"
#include "row_blocks.h"
#include "shared_memory.h"

#include <stdbool.h>

/* Zero-initialised; owns. */
struct nnp_kalman_information {
    const struct nnp_parallel *parallel; /* borrowed */
    int n;
    struct nnp_row_blocks a;
    struct nnp_shared_memory memory; /* of A, where it is one for all ranks */
    struct nnp_cholesky *cholesky;
    double trace;          /* of A, found without its elements */
    double *vector, *step; /* [n]: J^T r of the last batch, and -d */
};

/* Collective.  On failure, which is the same on all ranks, it is to be freed. */
enum nnp_status nnp_kalman_information_init(struct nnp_kalman_information *information,
                                            const struct nnp_parallel *parallel, int n,
                                            struct nnp_error *error) NNP_MUST_CHECK;
void nnp_kalman_information_free(struct nnp_kalman_information *information);

/* A = 0. */
void nnp_kalman_information_forget(struct nnp_kalman_information *information);

/* Collective.  Equations (1), f: fading, c: damping; false where there is no step that is
 * finite. trace: of J^T J. */
bool nnp_kalman_information_update(struct nnp_kalman_information *information,
                                   const struct nnp_measurements *batch, double fading,
                                   double damping, double trace);

/* Collective. */
void nnp_kalman_information_archive(struct nnp_kalman_information *information,
                                    struct nnp_archive *archive);

#endif
