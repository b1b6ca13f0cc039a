/* Configuration and data of a training, and words on them. */
#include "train_input.h"

#include "input.h"
#include "summary.h"
#include "survey.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>

enum nnp_status train_input_read(const char *path, bool check_only, struct nnp_config **config,
                                 struct nnp_dataset *dataset, struct nnp_text *notes,
                                 struct nnp_error *error)
{
    enum nnp_status status = nnp_config_read(config, path, error);
    if (!status)
        status = nnp_input_read(*config, dataset, error);
    if (!status && ((*config)->prune || check_only))
        status = nnp_survey_functions(*config, dataset, (*config)->prune, notes, error);
    return status;
}

void train_input_show_notes(const struct nnp_dataset *dataset, const struct nnp_text *notes)
{
    for (int f = 0; f < dataset->n_files; f++)
        if (dataset->files[f].note)
            printf("%s (%d left out of this file)\n", dataset->files[f].note,
                   dataset->files[f].n_left_out);
    if (notes->length > 0)
        fputs(notes->data, stdout);
}

/* A summary of all structures of a data set; the caller frees *structures after it. */
static enum nnp_status summarize(const struct nnp_dataset *dataset, struct nnp_summary *summary,
                                 const struct nnp_structure ***structures,
                                 struct nnp_error *error)
{
    *structures = calloc((size_t)dataset->n_structures + 1, sizeof **structures);
    if (!*structures)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d structures",
                             dataset->n_structures);
    for (int s = 0; s < dataset->n_structures; s++)
        (*structures)[s] = &dataset->structures[s];
    return nnp_summary_make(summary, dataset->n_structures, *structures, error);
}

enum nnp_status train_input_show_summary(const struct nnp_dataset *dataset,
                                         struct nnp_error *error)
{
    struct nnp_summary summary = {0};
    struct nnp_text text = {0};
    const struct nnp_structure **structures;
    enum nnp_status status = summarize(dataset, &summary, &structures, error);
    if (!status)
        nnp_summary_append(&text, &summary);
    if (!status && text.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a summary");
    if (!status)
        fputs(text.data, stdout);
    free(text.data);
    nnp_summary_free(&summary);
    free(structures);
    return status;
}

enum nnp_status train_input_write_template(int n_files, const char *const *files,
                                           struct nnp_error *error)
{
    struct nnp_dataset dataset = {0};
    struct nnp_summary summary = {0};
    struct nnp_text text = {0};
    const struct nnp_structure **structures = NULL;
    enum nnp_status status = NNP_SUCCESS;
    for (int f = 0; f < n_files && !status; f++)
        status = nnp_dataset_read(&dataset, files[f], NULL, error);
    if (!status)
        status = summarize(&dataset, &summary, &structures, error);
    if (!status)
        status = nnp_template_append(&text, &summary, n_files, files, error);
    if (!status)
        fputs(text.data, stdout);
    free(text.data);
    nnp_summary_free(&summary);
    free(structures);
    nnp_dataset_free(&dataset);
    return status;
}
