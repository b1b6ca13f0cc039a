/* The potential of a training: its provenance, and copies of model and parameters. */
#include "training_parts.h"

#include "model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
                                       const struct nnp_descriptor *from, int n_elements,
                                       struct nnp_error *error)
{
    size_t n = (size_t)from->n_functions;
    copy->functions = calloc(n + 1, sizeof *copy->functions);
    if (!copy->functions)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu functions", n);
    copy->n_functions = from->n_functions;
    memcpy(copy->functions, from->functions, n * sizeof *copy->functions);
    enum nnp_status status =
        nnp_model_copy_species_weights(copy, from->species_weights, n_elements, error);
    if (!status)
        status = copy_scaling(&copy->scaling, &from->scaling, error);
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

enum nnp_status nnp_training_assemble(const struct nnp_training *training,
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
        status = copy_descriptor(&p->descriptors[e], &model->descriptors[e], n_elements, error);
    }
    for (int m = 0; m < n_members && !status; m++) {
        const double *finished =
            training->finished + (size_t)m * (size_t)training->n_parameters;
        const double *parameters = m < training->n_finished ? finished : training->best;
        for (int e = 0; e < n_elements && !status; e++)
            status = copy_network(&p->networks[m * n_elements + e], &model->networks[e],
                                  &parameters, error);
    }
    if (!status)
        status = nnp_repulsion_copy(&p->repulsion, &model->repulsion, error);
    if (!status) {
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
