/* A first configuration for a data set, with words on what may be changed. */
#ifndef NNP_TEMPLATE_H
#define NNP_TEMPLATE_H

#include "summary.h"

/* Appends a configuration that trains on the files as it stands; their names are relative to
 * where it will be.  NNP_ERROR_INCONSISTENT: neither energies nor forces are in all structures.
 */
enum nnp_status nnp_template_append(struct nnp_text *text, const struct nnp_summary *summary,
                                    int n_files, const char *const *files,
                                    struct nnp_error *error) NNP_MUST_CHECK;

#endif
