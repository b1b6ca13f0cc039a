/* The learning curve as a table of comma-separated values, one line per iteration. */
#ifndef NNP_LEARNING_CURVE_H
#define NNP_LEARNING_CURVE_H

#include "nnp/status.h"
#include "training.h"

#include <stdbool.h>
#include <stdio.h>

/* Zero-initialised: no file, and nothing is written. */
struct nnp_learning_curve {
    FILE *file;
    const char *path; /* borrowed */
};

/* Replaces the file; path NULL: none. */
enum nnp_status nnp_learning_curve_open(struct nnp_learning_curve *curve, const char *path,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* Goes on behind the first `length` bytes of an existing file; a new one where that has not as
 * many, then *lost. */
enum nnp_status nnp_learning_curve_resume(struct nnp_learning_curve *curve, const char *path,
                                          long length, bool *lost,
                                          struct nnp_error *error) NNP_MUST_CHECK;

/* Makes sure that all lines are on disk; *length: bytes up to here, 0 without a file. */
enum nnp_status nnp_learning_curve_sync(struct nnp_learning_curve *curve, long *length,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* A line, flushed, so that a plot can follow. */
enum nnp_status nnp_learning_curve_add(struct nnp_learning_curve *curve,
                                       const struct nnp_progress *progress,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_learning_curve_close(struct nnp_learning_curve *curve,
                                         struct nnp_error *error) NNP_MUST_CHECK;

#endif
