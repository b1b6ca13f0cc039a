/* Symmetry functions that say nothing about the data, or the same as another. */
#ifndef NNP_SURVEY_H
#define NNP_SURVEY_H

#include "config.h"
#include "nnp/status.h"
#include "text.h"

/* Evaluates the functions of all atoms of a data set and appends a line to report for each
 * function that does not vary (deviation below 1e-9 of its largest value), or that is, but for
 * a linear map, the same as one before it (correlation above 1 - 1e-10 in size).  With remove
 * these are left out of the configuration, but for those of initial potentials, and for the
 * first function of an element, which always stays.  NNP_ERROR_ELEMENT, NNP_ERROR_GEOMETRY: a
 * structure that cannot be evaluated.
 */
enum nnp_status nnp_survey_functions(struct nnp_config *config,
                                     const struct nnp_dataset *dataset, bool remove,
                                     struct nnp_text *report,
                                     struct nnp_error *error) NNP_MUST_CHECK;

#endif
