/* Potential files of a training: what they contain besides the networks. */
#include "training_parts.h"

#include "extxyz.h"
#include "model.h"
#include "predict.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
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
    bool made = config->report_folder && mkdir(config->report_folder, 0777) == 0;
    enum nnp_status status = check_output(config->potential_file, error);
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

/* Now in UTC, or the time that SOURCE_DATE_EPOCH states, for files that are the same bytes. */
static char *format_date(void)
{
    const char *stated = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL, date[sizeof "-2147483648-01-01T00:00:00Z"];
    time_t seconds = time(NULL);
    struct tm parts;
    if (stated && *stated) {
        errno = 0;
        long long value = strtoll(stated, &end, 10);
        if (errno == 0 && *end == '\0' && value >= 0)
            seconds = (time_t)value;
    }
    if (!gmtime_r(&seconds, &parts) ||
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return NULL;
    return strdup(date);
}

static const char *without_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* *copy stays NULL where there is nothing to copy. */
static bool copy_text(char **copy, const char *text)
{
    *copy = text ? strdup(text) : NULL;
    return !text || *copy;
}

static bool set_provenance(const struct nnp_training *training,
                           struct nnp_provenance *provenance)
{
    const struct nnp_config *config = training->config;
    int n_files = training->dataset->n_files;
    bool done = copy_text(&provenance->title, config->title) &&
                copy_text(&provenance->author, config->author) &&
                copy_text(&provenance->licence, config->licence) &&
                copy_text(&provenance->comment, config->comment) &&
                copy_text(&provenance->program, training->options->program);
    provenance->created = format_date();
    provenance->data = calloc((size_t)n_files + 1, sizeof *provenance->data);
    done = done && provenance->created && provenance->data;
    for (int f = 0; done && f < n_files; f++) {
        const struct nnp_dataset_file *file = &training->dataset->files[f];
        struct nnp_data_source *source = &provenance->data[provenance->n_data++];
        done = copy_text(&source->file, without_folder(file->path)) &&
               copy_text(&source->sha256, file->sha256);
        source->n_structures = file->n_structures;
    }
    return done;
}

static enum nnp_status copy_scaling(struct nnp_scaling *copy, const struct nnp_scaling *from,
                                    struct nnp_error *error)
{
    size_t size = (size_t)from->n_functions * sizeof(double);
    enum nnp_status status = nnp_scaling_init(copy, from->n_functions, error);
    if (status)
        return status;
    copy->method = from->method;
    copy->target_min = from->target_min;
    copy->target_max = from->target_max;
    memcpy(copy->min, from->min, size);
    memcpy(copy->max, from->max, size);
    memcpy(copy->mean, from->mean, size);
    memcpy(copy->sigma, from->sigma, size);
    memcpy(copy->through_zero, from->through_zero,
           (size_t)from->n_functions * sizeof *copy->through_zero);
    return NNP_SUCCESS;
}

static enum nnp_status copy_descriptor(struct nnp_descriptor *copy,
                                       const struct nnp_descriptor *from,
                                       struct nnp_error *error)
{
    size_t n = (size_t)from->n_functions;
    copy->functions = calloc(n + 1, sizeof *copy->functions);
    if (!copy->functions)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu functions", n);
    copy->n_functions = from->n_functions;
    memcpy(copy->functions, from->functions, n * sizeof *copy->functions);
    enum nnp_status status = copy_scaling(&copy->scaling, &from->scaling, error);
    return status ? status
                  : nnp_model_copy_projection(&copy->projection, &from->projection, error);
}

/* A network of the model's shape with parameters; the next network's are returned. */
static enum nnp_status copy_network(struct nnp_network *copy, const struct nnp_network *from,
                                    const double **parameters, struct nnp_error *error)
{
    enum nnp_status status = nnp_network_init_like(copy, from, from->layers[0].n_inputs, error);
    if (status)
        return status;
    nnp_network_set_parameters(copy, *parameters);
    *parameters += nnp_network_n_parameters(copy);
    return NNP_SUCCESS;
}

/* The potential as it stands: finished members, and the best of the present one. */
static enum nnp_status assemble(const struct nnp_training *training,
                                struct nnp_potential **potential)
{
    const struct nnp_potential *model = training->model;
    struct nnp_error *error = training->error;
    int n_elements = model->n_elements, n_members = training->n_finished + training->has_result;
    struct nnp_potential *p = nnp_potential_new(n_elements, n_members);
    enum nnp_status status = NNP_SUCCESS;
    *potential = NULL;
    if (!p || !set_provenance(training, &p->provenance)) {
        nnp_potential_free(p);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the potential");
    }
    for (int e = 0; e < n_elements && !status; e++) {
        p->elements[e] = model->elements[e];
        status = copy_descriptor(&p->descriptors[e], &model->descriptors[e], error);
    }
    for (int m = 0; m < n_members && !status; m++) {
        const double *finished =
            training->finished + (size_t)m * (size_t)training->n_parameters;
        const double *parameters = m < training->n_finished ? finished : training->best;
        for (int e = 0; e < n_elements && !status; e++)
            status = copy_network(&p->networks[m * n_elements + e], &model->networks[e],
                                  &parameters, error);
    }
    if (!status) {
        p->repulsion = model->repulsion;
        p->length_unit = model->length_unit;
        p->energy_unit = model->energy_unit;
        status = nnp_potential_check(p, error);
    }
    if (status)
        nnp_potential_free(p);
    else
        *potential = p;
    return status;
}

static enum nnp_status write_on_rank_0(struct nnp_training *training,
                                       const struct nnp_potential *potential)
{
    enum nnp_status status = NNP_SUCCESS;
    if (training->parallel->rank == 0)
        status =
            nnp_potential_write(potential, training->config->potential_file, training->error);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    training->unsaved = training->unsaved && status;
    return status;
}

enum nnp_status nnp_training_save(struct nnp_training *training)
{
    struct nnp_potential *potential = NULL;
    enum nnp_status status = NNP_SUCCESS;
    if (training->parallel->rank == 0)
        status = assemble(training, &potential);
    status = nnp_parallel_agree(training->parallel, status, training->error);
    if (!status)
        status = write_on_rank_0(training, potential);
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
    enum nnp_status status = assemble(training, &potential);
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
    if (!status)
        status = write_on_rank_0(training, potential);
    nnp_accuracy_free(&groups);
    nnp_potential_free(potential);
    return status;
}
