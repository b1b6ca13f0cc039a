/* The data that a configuration names. */
#ifndef NNP_INPUT_H
#define NNP_INPUT_H

#include "config.h"
#include "dataset.h"

/* Reads all data files into an empty data set, with groups and weights as configured: the
 * weights of a structure are those of its file times those of its group.
 * Adds the symmetry functions that the configuration wants made from the data.  The caller
 * frees the data set, also on failure.  NNP_ERROR_INCONSISTENT: weights for a group that no
 * structure has, or units for a file that states its own. */
enum nnp_status nnp_input_read(struct nnp_config *config, struct nnp_dataset *dataset,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Divides it as configured; is_test: [n_structures], set. */
enum nnp_status nnp_input_divide(const struct nnp_config *config,
                                 const struct nnp_dataset *dataset, bool *is_test,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
