/* What nnp-train reads, and what it shows of that. */
#ifndef NNP_TRAIN_INPUT_H
#define NNP_TRAIN_INPUT_H

#include "config.h"
#include "dataset.h"
#include "text.h"

#include <stdbool.h>

/* notes: on functions that say nothing, appended; looked for where they are to be left out, and
 * with check_only.  The caller frees all three, also after a failure. */
enum nnp_status train_input_read(const char *path, bool check_only, struct nnp_config **config,
                                 struct nnp_dataset *dataset, struct nnp_text *notes,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* Prints what was left out of the data, before it is trained on. */
void train_input_show_notes(const struct nnp_dataset *dataset, const struct nnp_text *notes);

/* Prints what the data hold. */
enum nnp_status train_input_show_summary(const struct nnp_dataset *dataset,
                                         struct nnp_error *error) NNP_MUST_CHECK;

/* Prints a first configuration for data files. */
enum nnp_status train_input_write_template(int n_files, const char *const *files,
                                           struct nnp_error *error) NNP_MUST_CHECK;

#endif
