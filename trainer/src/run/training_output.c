/* Files of a training, and the errors that the potential file states. */
#include "training_parts.h"

#include "extxyz.h"
#include "predict.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes a file beside path, and removes it. */
static enum nnp_status check_output(const char *path, struct nnp_error *error)
{
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char *name = malloc(size);
    if (!name)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a name");
    snprintf(name, size, "%s.XXXXXX", path);
    int file = mkstemp(name);
    enum nnp_status status = NNP_SUCCESS;
    if (file < 0)
        status =
            nnp_error_set(error, NNP_ERROR_FILE, "cannot write %s: %s", path, strerror(errno));
    else if (close(file) != 0 || unlink(name) != 0)
        status = nnp_error_set(error, NNP_ERROR_FILE, "cannot close or remove %s: %s", name,
                               strerror(errno));
    free(name);
    return status;
}

/* Makes the folder where it is not there; *made: whether it was not. */
static enum nnp_status make_folder(const char *folder, bool *made, struct nnp_error *error)
{
    *made = mkdir(folder, 0777) == 0;
    return *made || errno == EEXIST
               ? NNP_SUCCESS
               : nnp_error_set(error, NNP_ERROR_FILE, "cannot make the folder %s: %s", folder,
                               strerror(errno));
}

static enum nnp_status check_report(const char *folder, struct nnp_error *error)
{
    struct nnp_text page = {0};
    nnp_text_append(&page, "%s/index.html", folder);
    enum nnp_status status =
        page.failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a name")
                    : check_output(page.data, error);
    free(page.data);
    return status;
}

enum nnp_status nnp_training_check_outputs(const struct nnp_config *config,
                                           struct nnp_error *error)
{
    bool made = false; /* the folder of the report, where the learning curve may be */
    enum nnp_status status = NNP_SUCCESS;
    if (config->report_folder)
        status = make_folder(config->report_folder, &made, error);
    if (!status)
        status = check_output(config->potential_file, error);
    if (!status && config->learning_curve_file)
        status = check_output(config->learning_curve_file, error);
    if (!status && config->test_set_file)
        status = check_output(config->test_set_file, error);
    if (!status)
        status = check_output(config->checkpoint_file, error);
    if (!status && config->report_folder)
        status = check_report(config->report_folder, error);
    if (made)
        rmdir(config->report_folder);
    return status;
}

enum nnp_status nnp_training_write_test_set(const struct nnp_training *training)
{
    struct nnp_text text = {0};
    enum nnp_status status;
    for (int s = 0; s < training->n_structures[TEST]; s++)
        nnp_extxyz_append(&text, training->structures[TEST][s], NULL);
    if (text.failed)
        status = nnp_error_set(training->error, NNP_ERROR_MEMORY, "no memory for the test set");
    else
        status = nnp_file_write(training->config->test_set_file, text.data ? text.data : "",
                                text.length, training->error);
    free(text.data);
    return status;
}

enum nnp_status nnp_training_save(const struct nnp_training *training)
{
    struct nnp_potential *potential = NULL;
    enum nnp_status status = nnp_training_assemble(training, &potential);
    if (!status)
        status =
            nnp_potential_write(potential, training->config->potential_file, training->error);
    nnp_potential_free(potential);
    return status;
}

/* Rows of a set and then of its groups. */
static enum nnp_status add_accuracy(const struct nnp_training *training, int set,
                                    const struct nnp_residual *residuals,
                                    struct nnp_accuracy_table *sets,
                                    struct nnp_accuracy_table *groups)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int s = 0; s < training->n_structures[set] && !status; s++) {
        const struct nnp_structure *structure = training->structures[set][s];
        status = nnp_accuracy_add(sets, set == TRAINING ? "training" : "test", structure,
                                  &residuals[s], training->error);
        if (!status && structure->group)
            status = nnp_accuracy_add(groups, structure->group, structure, &residuals[s],
                                      training->error);
    }
    return status;
}

/* Predicts both sets with the potential; collective. */
static enum nnp_status find_accuracy(const struct nnp_training *training,
                                     const struct nnp_potential *potential,
                                     struct nnp_accuracy_table *sets,
                                     struct nnp_accuracy_table *groups)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int set = 0; set < N_SETS && !status; set++) {
        int n = training->n_structures[set];
        struct nnp_residual *residuals = calloc((size_t)n + 1, sizeof *residuals);
        if (!residuals)
            status = nnp_error_set(training->error, NNP_ERROR_MEMORY,
                                   "no memory for %d structures", n);
        status = nnp_parallel_agree(training->parallel, status, training->error);
        if (!status)
            status =
                nnp_predict_residuals(training->parallel, potential, n,
                                      training->structures[set], residuals, training->error);
        if (!status)
            status = add_accuracy(training, set, residuals, sets, groups);
        status = nnp_parallel_agree(training->parallel, status, training->error);
        free(residuals);
    }
    return status;
}

/* Moves the groups' rows behind those of the sets. */
static enum nnp_status append_rows(struct nnp_accuracy_table *sets,
                                   struct nnp_accuracy_table *groups, struct nnp_error *error)
{
    size_t n = (size_t)sets->n_rows + (size_t)groups->n_rows;
    struct nnp_accuracy *rows = realloc(sets->rows, (n + 1) * sizeof *rows);
    if (!rows)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu groups", n);
    for (int r = 0; r < groups->n_rows; r++)
        rows[sets->n_rows + r] = groups->rows[r];
    sets->rows = rows;
    sets->n_rows = (int)n;
    groups->n_rows = 0;
    return NNP_SUCCESS;
}

static enum nnp_status set_rmse(struct nnp_provenance *provenance,
                                const struct nnp_accuracy_table *table, struct nnp_error *error)
{
    provenance->rmse = calloc((size_t)table->n_rows + 1, sizeof *provenance->rmse);
    if (!provenance->rmse)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d groups", table->n_rows);
    for (int r = 0; r < table->n_rows; r++) {
        struct nnp_rmse *rmse = &provenance->rmse[r];
        *rmse = nnp_accuracy_rmse(&table->rows[r]);
        rmse->set = strdup(rmse->set);
        if (!rmse->set)
            return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d groups",
                                 table->n_rows);
        provenance->n_rmse++;
    }
    return NNP_SUCCESS;
}

/* The spread of a committee; collective. */
static enum nnp_status find_spread(const struct nnp_training *training,
                                   const struct nnp_potential *potential,
                                   struct nnp_training_result *result)
{
    int set = training->n_structures[TEST] > 0 ? TEST : TRAINING;
    if (training->n_finished + training->has_result < 2)
        return NNP_SUCCESS;
    result->spread_set = set == TEST ? "test" : "training";
    return nnp_committee_compare(training->parallel, potential, training->n_structures[set],
                                 training->structures[set], &result->spread, training->error);
}

enum nnp_status nnp_training_save_final(struct nnp_training *training,
                                        struct nnp_training_result *result)
{
    struct nnp_potential *potential = NULL;
    struct nnp_accuracy_table groups = {0};
    enum nnp_status status = nnp_training_assemble(training, &potential);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = find_accuracy(training, potential, &result->accuracy, &groups);
    if (!status)
        status = append_rows(&result->accuracy, &groups, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = find_spread(training, potential, result);
    if (!status && potential)
        status = set_rmse(&potential->provenance, &result->accuracy, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status && training->parallel->rank == 0)
        status =
            nnp_potential_write(potential, training->config->potential_file, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    training->unsaved = training->unsaved && status;
    nnp_accuracy_free(&groups);
    nnp_potential_free(potential);
    return status;
}
