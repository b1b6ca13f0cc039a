/* nnp-train over a list of settings. */
#ifndef NNP_TRAIN_SCAN_H
#define NNP_TRAIN_SCAN_H

#include "nnp/status.h"
#include "parallel.h"
#include "train_arguments.h"

#include <stdbool.h>

/* Trains by the configuration file `path`. */
typedef enum nnp_status train_one(const struct nnp_parallel *parallel,
                                  const struct train_arguments *arguments, const char *path,
                                  bool *interrupted, struct nnp_error *error);

/* Collective.  Trains all runs of the scan that the arguments name, as far as they are not
 * done, and writes and shows the table; a run that fails is told, and others go on. */
enum nnp_status train_scan(const struct nnp_parallel *parallel,
                           const struct train_arguments *arguments, train_one *train,
                           bool *interrupted, struct nnp_error *error) NNP_MUST_CHECK;

#endif
