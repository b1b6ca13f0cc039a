/* The configuration of nnp-train: reading, defaults, checks (trainer/README.md). */
#include "config.h"

#include "config_parts.h"
#include "nnp/element.h"
#include "sha256.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { CONFIG_VERSION = 1 };

void nnp_config_free(struct nnp_config *config)
{
    if (!config)
        return;
    char *texts[] = {config->path,
                     config->title,
                     config->author,
                     config->licence,
                     config->comment,
                     config->scratch,
                     config->potential_file,
                     config->learning_curve_file,
                     config->test_set_file,
                     config->report_folder,
                     config->checkpoint_file,
                     config->test_key,
                     config->test_value};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        free(texts[t]);
    nnp_config_free_data(config);
    for (int e = 0; config->functions && e < config->n_elements; e++) {
        free(config->functions[e].functions);
        free(config->functions[e].species_weights);
    }
    for (int e = 0; config->networks && e < config->n_elements; e++) {
        free(config->networks[e].sizes);
        free(config->networks[e].activations);
    }
    for (int f = 0; f < config->n_initial; f++) {
        free(config->initial_files[f]);
        nnp_potential_free(config->initial[f]);
    }
    free(config->initial_files);
    free(config->initial);
    free(config->initial_sha256);
    for (int s = 0; s < config->n_stages; s++)
        nnp_config_free_stage(&config->stages[s]);
    nnp_repulsion_free(&config->repulsion);
    free(config->atomic_numbers);
    free(config->element_energies);
    free(config->functions);
    free(config->networks);
    free(config->stages);
    free(config);
}

/* ---- Elements ---- */

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static enum nnp_status read_element(struct nnp_config *config, const struct nnp_yaml_node *node,
                                    struct nnp_error *error)
{
    const char *symbol;
    enum nnp_status status = nnp_yaml_string(node, "elements", &symbol, error);
    if (status)
        return status;
    int atomic_number = nnp_element_from_symbol(symbol);
    if (atomic_number == 0)
        return nnp_yaml_error(node, error, NNP_ERROR_ELEMENT,
                              "element is '%.60s', expected the symbol of an element, such as "
                              "Au",
                              symbol);
    for (int e = 0; e < config->n_elements; e++)
        if (config->atomic_numbers[e] == atomic_number)
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "found %s twice, expected it once", symbol);
    config->atomic_numbers[config->n_elements++] = atomic_number;
    return NNP_SUCCESS;
}

static enum nnp_status read_elements(struct nnp_config *config,
                                     const struct nnp_yaml_node *node, struct nnp_error *error)
{
    int n = nnp_config_n_items(node);
    if (n == 0)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "elements is an empty list, expected at least one element");
    config->atomic_numbers = calloc((size_t)n, sizeof *config->atomic_numbers);
    config->element_energies = calloc((size_t)n, sizeof *config->element_energies);
    if (!config->atomic_numbers || !config->element_energies)
        return nnp_config_no_memory(node, error);
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < n && !status; i++)
        status = read_element(config, nnp_config_item(node, i), error);
    qsort(config->atomic_numbers, (size_t)config->n_elements, sizeof *config->atomic_numbers,
          compare_ints);
    return status;
}

/* "fit", or a number for each element. */
static enum nnp_status read_reference_energies(struct nnp_config *config,
                                               const struct nnp_yaml_node *node,
                                               struct nnp_error *error)
{
    const char *word;
    if (config->n_initial > 0) /* theirs, set already */
        return node ? nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                     "reference_energies are those of the initial potentials, "
                                     "expected no such key")
                    : NNP_SUCCESS;
    config->reference_energies = NNP_REFERENCE_FIT;
    if (!node)
        return NNP_SUCCESS;
    if (nnp_yaml_kind(node) != NNP_YAML_MAPPING) {
        bool fit =
            !nnp_yaml_string(node, "reference_energies", &word, NULL) && !strcmp(word, "fit");
        return fit ? NNP_SUCCESS
                   : nnp_yaml_error(node, error, NNP_ERROR_SYNTAX,
                                    "reference_energies is neither 'fit' nor a mapping, "
                                    "expected one of them, such as {Au: -3.13}");
    }
    config->reference_energies = NNP_REFERENCE_GIVEN;
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < nnp_yaml_size(node) && !status; i++) {
        int e;
        status = nnp_config_element(config, nnp_yaml_key(node, i), &e, error);
        if (!status)
            status = nnp_yaml_double(nnp_yaml_value(node, i), "reference energy",
                                     &config->element_energies[e], error);
    }
    /* Keys are those of elements, and none is there twice. */
    if (!status && nnp_yaml_size(node) < config->n_elements)
        status = nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                "found reference energies of %d elements, expected all %d",
                                nnp_yaml_size(node), config->n_elements);
    return status;
}

/* ---- The whole ---- */

/* First of all, as a newer version may have other keys. */
static enum nnp_status check_version(const struct nnp_yaml_node *root, struct nnp_error *error)
{
    int version = CONFIG_VERSION;
    enum nnp_status status =
        nnp_yaml_expect(root, NNP_YAML_MAPPING, "the configuration", error);
    if (!status)
        status = nnp_config_get_int(root, "version", 1, &version, error);
    if (!status && version > CONFIG_VERSION)
        status = nnp_yaml_error(nnp_yaml_get(root, "version"), error, NNP_ERROR_VERSION,
                                "version is %d, expected at most %d: this configuration is for "
                                "a newer nnp-train",
                                version, CONFIG_VERSION);
    return status;
}

static enum nnp_status read_texts(struct nnp_config *config, const struct nnp_yaml_node *root,
                                  struct nnp_error *error)
{
    enum nnp_status status = nnp_config_get_text(root, "title", &config->title, error);
    if (!status)
        status = nnp_config_get_text(root, "author", &config->author, error);
    if (!status)
        status = nnp_config_get_text(root, "licence", &config->licence, error);
    if (!status)
        status = nnp_config_get_text(root, "comment", &config->comment, error);
    return status;
}

/* A part of the configuration, in the order of reading: later ones refer to earlier ones. */
static const struct part {
    const char *key;
    bool required; /* symmetry functions: unless initial potentials state them */
    enum nnp_status (*read)(struct nnp_config *config, const struct nnp_yaml_node *node,
                            struct nnp_error *error);
} parts[] = {
    {"elements", true, read_elements},
    {"committee", false, nnp_config_read_committee},
    {"initial", false, nnp_config_read_initial},
    {"reference_energies", false, read_reference_energies},
    {"data", true, nnp_config_read_data},
    {"symmetry_functions", true, nnp_config_read_functions},
    {"repulsion", false, nnp_config_read_repulsion},
    {"scaling", false, nnp_config_read_scaling},
    {"projection", false, nnp_config_read_projection},
    {"network", false, nnp_config_read_networks},
    {"starts", false, nnp_config_read_starts},
    {"loss", false, nnp_config_read_loss},
    {"stages", false, nnp_config_read_stages},
    {"time", false, nnp_config_read_time},
    {"output", true, nnp_config_read_output},
    {"memory", false, nnp_config_read_memory},
    {"scratch", false, nnp_config_read_scratch},
};

static enum nnp_status read_root(struct nnp_config *config, const struct nnp_yaml_node *root,
                                 struct nnp_error *error)
{
    static const char *const keys[] = {"version",
                                       "title",
                                       "author",
                                       "licence",
                                       "comment",
                                       "elements",
                                       "reference_energies",
                                       "data",
                                       "scaling",
                                       "loss",
                                       "network",
                                       "starts",
                                       "stages",
                                       "symmetry_functions",
                                       "output",
                                       "committee",
                                       "initial",
                                       "time",
                                       "memory",
                                       "scratch",
                                       "repulsion",
                                       "projection",
                                       NULL};
    enum nnp_status status = check_version(root, error);
    if (!status)
        status = nnp_yaml_check_keys(root, keys, error);
    if (!status)
        status = read_texts(config, root, error);
    for (size_t p = 0; p < sizeof parts / sizeof *parts && !status; p++) {
        const struct nnp_yaml_node *node = nnp_yaml_get(root, parts[p].key);
        bool stated = parts[p].read == nnp_config_read_functions && config->n_initial > 0;
        if (parts[p].required && !stated)
            status = nnp_yaml_require(root, parts[p].key, &node, error);
        if (!status)
            status = parts[p].read(config, node, error);
    }
    return status;
}

static enum nnp_status read_document(struct nnp_config **config,
                                     const struct nnp_yaml *document, const char *path,
                                     struct nnp_error *error)
{
    struct nnp_config *read = calloc(1, sizeof *read);
    if (read)
        read->path = strdup(path);
    enum nnp_status status = NNP_SUCCESS;
    if (!read || !read->path)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory", path);
    else
        status = read_root(read, nnp_yaml_root(document), error);
    if (status) {
        nnp_config_free(read);
        return status;
    }
    *config = read;
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_read(struct nnp_config **config, const char *path,
                                struct nnp_error *error)
{
    char *text;
    size_t length;
    *config = NULL;
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    if (status)
        return status;
    status = nnp_config_parse(config, path, text, length, error);
    free(text);
    return status;
}

enum nnp_status nnp_config_parse(struct nnp_config **config, const char *path, const char *text,
                                 size_t length, struct nnp_error *error)
{
    struct nnp_yaml *document;
    *config = NULL;
    enum nnp_status status = nnp_yaml_parse(&document, path, text, length, error);
    if (status)
        return status;
    status = read_document(config, document, path, error);
    if (!status)
        nnp_sha256(text, length, (*config)->sha256);
    nnp_yaml_free(document);
    return status;
}
