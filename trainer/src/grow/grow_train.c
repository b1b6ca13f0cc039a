/* Errors of a potential on new labels, and the training of the next one. */
#include "folders.h"
#include "grow_parts.h"
#include "jobs.h"
#include "nnp/evaluate.h"
#include "placeholders.h"
#include "predict.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Errors ---- */

static enum nnp_status add_error(struct nnp_accuracy_table *table,
                                 struct nnp_evaluator *evaluator,
                                 const struct nnp_structure *structure, struct nnp_error *error)
{
    struct nnp_structure predicted;
    struct nnp_residual residual;
    double *atomic_energies;
    long n_extrapolations;
    enum nnp_status status = nnp_predict(evaluator, structure, &predicted, &atomic_energies,
                                         &residual, &n_extrapolations, error);
    if (status)
        return status;
    free(atomic_energies);
    nnp_structure_free(&predicted);
    status = nnp_accuracy_add(table, "all", structure, &residual, error);
    if (!status && structure->group)
        status = nnp_accuracy_add(table, structure->group, structure, &residual, error);
    return status;
}

static void append_number(struct nnp_text *text, double value)
{
    nnp_text_append(text, ",");
    if (!(value < 0.0))
        nnp_text_append(text, "%.8g", value);
}

/* Errors of a potential on the labels of the generation, into its file name. */
static enum nnp_status measure(const struct nnp_generation *generation, const char *path,
                               const char *name, struct nnp_error *error)
{
    struct nnp_potential *potential = NULL;
    struct nnp_evaluator *evaluator = NULL;
    struct nnp_dataset labelled = {0};
    struct nnp_accuracy_table table = {0};
    struct nnp_text csv = {0}, shown = {0};
    enum nnp_status status = nnp_grow_read(generation, "labelled.extxyz", &labelled, error);
    if (!status)
        status = nnp_potential_read(&potential, path, error);
    if (!status)
        status = nnp_evaluator_create(&evaluator, potential, NULL, error);
    for (int s = 0; s < labelled.n_structures && !status; s++)
        status = add_error(&table, evaluator, &labelled.structures[s], error);
    nnp_text_append(&csv, "kind,structures,energy_rmse,forces_rmse,stress_rmse\n");
    for (int r = 0; r < table.n_rows; r++) {
        struct nnp_rmse rmse = nnp_accuracy_rmse(&table.rows[r]);
        nnp_grow_append_cell(&csv, rmse.set);
        nnp_text_append(&csv, ",%d", rmse.n_structures);
        append_number(&csv, rmse.energy);
        append_number(&csv, rmse.forces);
        append_number(&csv, rmse.stress);
        nnp_text_append(&csv, "\n");
    }
    nnp_report_accuracy(&shown, &table);
    if (!status && shown.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a table");
    if (!status)
        status = nnp_grow_write(generation, name, &csv, error);
    if (!status) {
        shown.data[shown.length - 1] = '\0'; /* the end of its last line */
        generation->observer->message(generation->observer->context, shown.data);
    }
    nnp_accuracy_free(&table);
    nnp_dataset_free(&labelled);
    nnp_evaluator_free(evaluator);
    nnp_potential_free(potential);
    free(csv.data);
    free(shown.data);
    return status;
}

enum nnp_status nnp_grow_errors(const struct nnp_generation *generation,
                                struct nnp_error *error)
{
    nnp_grow_say(generation->observer, "  errors of the potential before, on the new labels:");
    return measure(generation, generation->potential, "errors.csv", error);
}

/* ---- Training ---- */

/* A text of YAML in quotes. */
static void append_quoted(struct nnp_text *text, const char *path)
{
    nnp_text_append(text, "'");
    for (const char *c = path; *c; c++)
        nnp_text_append(text, *c == '\'' ? "''" : "%c", *c);
    nnp_text_append(text, "'");
}

/* All data so far as a list of YAML. */
static enum nnp_status append_data(struct nnp_text *text,
                                   const struct nnp_generation *generation,
                                   struct nnp_error *error)
{
    const struct nnp_study *study = generation->study;
    enum nnp_status status = NNP_SUCCESS;
    nnp_text_append(text, "[");
    for (int d = 0; d < study->n_data; d++) {
        append_quoted(text, study->data[d]);
        nnp_text_append(text, ", ");
    }
    for (int g = 1; g <= generation->number && !status; g++) {
        char *path;
        status = nnp_grow_labelled(study, g, &path, error);
        if (!status)
            append_quoted(text, path);
        nnp_text_append(text, g < generation->number ? ", " : "]");
        free(path);
    }
    return status;
}

/* The configuration: the template with the names of the files in place. */
static enum nnp_status write_config(const struct nnp_generation *generation, const char *folder,
                                    struct nnp_error *error)
{
    struct nnp_text initial = {0}, data = {0}, config = {0}, potential = {0};
    char *template = NULL, number[16];
    size_t length;
    snprintf(number, sizeof number, "%d", generation->number);
    enum nnp_status status =
        nnp_file_read(generation->study->train_config, &template, &length, error);
    append_quoted(&initial, generation->potential);
    nnp_text_append(&potential, "potential.nnp");
    if (!status)
        status = append_data(&data, generation, error);
    if (!status && (initial.failed || data.failed || potential.failed))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a configuration");
    if (!status)
        nnp_placeholders_expand(&config, template, 4,
                                (const struct nnp_placeholder[]){{"initial", initial.data},
                                                                 {"data", data.data},
                                                                 {"potential", potential.data},
                                                                 {"generation", number}});
    if (!status) {
        const struct nnp_generation place = {.folder = folder};
        status = nnp_grow_write(&place, "train.yaml", &config, error);
    }
    free(template);
    free(initial.data);
    free(data.data);
    free(config.data);
    free(potential.data);
    return status;
}

static enum nnp_status nothing(void *context, int k, struct nnp_error *error)
{
    (void)context;
    (void)k;
    (void)error;
    return NNP_SUCCESS;
}

static enum nnp_status train(const struct nnp_generation *generation, const char *folder,
                             struct nnp_job *job, struct nnp_error *error)
{
    const struct nnp_study *study = generation->study;
    const struct nnp_jobs jobs = {.at_once = 1,
                                  .time = study->train_time,
                                  .folder = study->source,
                                  .interrupted = generation->observer->interrupted,
                                  .before = nothing,
                                  .after = nothing};
    struct nnp_text command = {0}, config = {0};
    char number[16], *path = NULL;
    snprintf(number, sizeof number, "%d", generation->number);
    enum nnp_status status = nnp_path_set(&job->log, error, "%s/log", folder);
    if (!status)
        status = nnp_path_set(&path, error, "%s/train.yaml", folder);
    if (!status)
        nnp_append_shell_word(&config, path);
    if (!status && !config.failed)
        nnp_placeholders_expand(
            &command, study->train_command, 2,
            (const struct nnp_placeholder[]){{"config", config.data}, {"generation", number}});
    job->command = command.data;
    if (!status && (command.failed || config.failed))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a command");
    if (!status)
        status = nnp_jobs_run(&jobs, 1, job, error);
    free(config.data);
    free(path);
    return status;
}

/* Accepts what the training wrote. */
static enum nnp_status accept(const struct nnp_generation *generation, const char *folder,
                              const struct nnp_job *job, struct nnp_error *error)
{
    char how[40], *potential = NULL, *final = NULL;
    nnp_job_describe(job, how);
    enum nnp_status status = nnp_path_set(&potential, error, "%s/potential.nnp", folder);
    if (!status)
        status = nnp_path_set(&final, error, "%s/potential.nnp", generation->folder);
    if (!status && (strcmp(how, "exit status 0") != 0 || !nnp_path_exists(potential)))
        status =
            nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                          "the training made no potential (%s): see %.500s/log", how, folder);
    if (!status) {
        nnp_grow_say(generation->observer,
                     "  errors of the new potential, on the same labels:");
        status = measure(generation, potential, "errors_after.csv", error);
    }
    if (!status)
        status = nnp_path_rename(potential, final, error);
    free(potential);
    free(final);
    return status;
}

enum nnp_status nnp_grow_train(const struct nnp_generation *generation, struct nnp_error *error)
{
    struct nnp_job job = {0};
    char *folder = NULL;
    enum nnp_status status = nnp_path_set(&folder, error, "%s/training", generation->folder);
    if (!status)
        status = nnp_folder_remove(folder, error);
    if (!status)
        status = nnp_folder_make(folder, error);
    if (!status)
        status = write_config(generation, folder, error);
    if (!status)
        status = train(generation, folder, &job, error);
    if (!status && !generation->observer->interrupted())
        status = accept(generation, folder, &job, error);
    free(job.command);
    free(job.log);
    free(folder);
    return status;
}
