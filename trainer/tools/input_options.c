/* How commands read files of structures. */
#include "input_options.h"

#include "nnp/element.h"

#include <stdio.h>
#include <string.h>

void input_options_init(struct input_options *options)
{
    *options = (struct input_options){.dataset.units = {1.0, 1.0}};
}

bool input_options_has(const char *option)
{
    static const char *const names[] = {"--from", "--length", "--energy", "--types",
                                        "--thermo"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(option, names[k]) == 0)
            return true;
    return false;
}

/* Symbols between commas. */
static bool set_types(struct input_options *options, const char *list)
{
    struct nnp_dataset_options *dataset = &options->dataset;
    dataset->n_types = 0;
    dataset->types = options->types;
    while (*list) {
        size_t length = strcspn(list, ",");
        char symbol[4] = "";
        if (length == 0 || length >= sizeof symbol || dataset->n_types == NNP_MAX_TYPES)
            return false;
        memcpy(symbol, list, length);
        options->types[dataset->n_types] = nnp_element_from_symbol(symbol);
        if (options->types[dataset->n_types++] == 0)
            return false;
        list += length + (list[length] == ',');
    }
    return dataset->n_types > 0;
}

bool input_options_set(struct input_options *options, const char *option, const char *value,
                       const char **complaint)
{
    struct nnp_file_units *units = &options->dataset.units;
    *complaint = "unknown unit";
    if (strcmp(option, "--length") == 0)
        return nnp_length_unit(value, &units->length);
    if (strcmp(option, "--energy") == 0)
        return nnp_energy_unit(value, &units->energy);
    *complaint = "no list of elements:";
    if (strcmp(option, "--types") == 0)
        return set_types(options, value);
    if (strcmp(option, "--thermo") == 0) {
        options->dataset.thermo = value;
        return true;
    }
    *complaint = "unknown format";
    options->dataset.format = nnp_format_by_name(value);
    return options->dataset.format != NULL;
}

enum nnp_status input_options_read(const struct input_options *options, const char *program,
                                   const char *path, struct nnp_dataset *dataset,
                                   struct nnp_error *error)
{
    enum nnp_status status = nnp_dataset_read(dataset, path, &options->dataset, error);
    if (status)
        return status;
    const struct nnp_dataset_file *file = &dataset->files[dataset->n_files - 1];
    if (file->note)
        fprintf(stderr, "%s: %s (%d left out of this file)\n", program, file->note,
                file->n_left_out);
    return NNP_SUCCESS;
}
