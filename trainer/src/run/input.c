/* Data files with the groups, weights and division of a configuration. */
#include "input.h"

#include "config_auto.h"

#include <stdlib.h>
#include <string.h>

static void multiply(struct nnp_structure_weights *a, const struct nnp_structure_weights *b)
{
    a->energy *= b->energy;
    a->forces *= b->forces;
    a->stress *= b->stress;
}

static enum nnp_status set_group(struct nnp_structure *structure, const char *group,
                                 struct nnp_error *error)
{
    if (structure->group || !group)
        return NNP_SUCCESS;
    structure->group = strdup(group);
    return structure->group ? NNP_SUCCESS
                            : nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for groups");
}

/* Group and weights of a structure of the file. */
static enum nnp_status complete(const struct nnp_config *config,
                                const struct nnp_config_source *source,
                                struct nnp_structure *structure, struct nnp_error *error)
{
    enum nnp_status status = set_group(structure, source->group, error);
    structure->is_weighted = true;
    structure->weights = source->weights;
    for (int g = 0; g < config->n_group_weights && structure->group && !status; g++)
        if (strcmp(config->group_weights[g].group, structure->group) == 0)
            multiply(&structure->weights, &config->group_weights[g].weights);
    return status;
}

static enum nnp_status read_file(const struct nnp_config *config, int f,
                                 struct nnp_dataset *dataset, struct nnp_error *error)
{
    const struct nnp_config_source *source = &config->sources[f];
    int first = dataset->n_structures;
    enum nnp_status status =
        nnp_dataset_read(dataset, config->data_files[f], &source->options, error);
    if (!status && source->has_units && !dataset->files[f].format->takes_units)
        status =
            nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                          "%s states units of %s, but those of its format (%s) are fixed",
                          config->path, config->data_files[f], dataset->files[f].format->name);
    for (int s = first; s < dataset->n_structures && !status; s++)
        status = complete(config, source, &dataset->structures[s], error);
    return status;
}

enum nnp_status nnp_input_read(struct nnp_config *config, struct nnp_dataset *dataset,
                               struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    if (config->scratch)
        status = nnp_scratch_create(&dataset->scratch, config->scratch, error);
    for (int f = 0; f < config->n_data_files && !status; f++)
        status = read_file(config, f, dataset, error);
    for (int g = 0; g < config->n_group_weights && !status; g++)
        status =
            nnp_dataset_check_group(dataset, config->group_weights[g].group, "weights", error);
    if (!status)
        status = nnp_config_complete_functions(config, dataset, error);
    return status ? status : nnp_config_complete_repulsion(config, dataset, error);
}

enum nnp_status nnp_input_divide(const struct nnp_config *config,
                                 const struct nnp_dataset *dataset, bool *is_test,
                                 struct nnp_error *error)
{
    struct nnp_dataset_division division = {
        .test_key = config->test_key,
        .test_value = config->test_value,
        .n_left_out = config->n_left_out,
        .left_out = config->left_out,
        .fraction = config->test_fraction,
        .seed = config->split_seed,
        .stratified = config->stratified,
    };
    /* A data set that the configuration's files were not read into, as in tests, has no rule
     * of files. */
    bool has_sources = dataset->n_files == config->n_data_files;
    bool *test_files = calloc((size_t)dataset->n_files + 1, sizeof *test_files);
    if (!test_files)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d files",
                             dataset->n_files);
    for (int f = 0; f < dataset->n_files; f++)
        test_files[f] = has_sources && config->sources[f].is_test;
    division.test_files = test_files;
    enum nnp_status status = nnp_dataset_divide(dataset, &division, is_test, error);
    free(test_files);
    return status;
}
