/* Provenance of a potential: storage, checks, and its part of the file format. */
#include "provenance.h"

#include "potential_read.h"
#include "yaml_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_TEXTS = 6, SHA256_DIGITS = 64 };

static const char *const text_keys[N_TEXTS] = {"title",   "author",  "created",
                                               "program", "licence", "comment"};

static const char *const keys[] = {"title",   "author", "created", "program", "licence",
                                   "comment", "data",   "rmse",    NULL};
static const char *const data_keys[] = {"file", "sha256", "structures", NULL};
static const char *const rmse_keys[] = {"set",    "structures", "energy",
                                        "forces", "stress",     NULL};

static char *const *text_at(const struct nnp_provenance *provenance, int i)
{
    char *const *const texts[N_TEXTS] = {&provenance->title,   &provenance->author,
                                         &provenance->created, &provenance->program,
                                         &provenance->licence, &provenance->comment};
    return texts[i];
}

void nnp_provenance_free(struct nnp_provenance *provenance)
{
    for (int i = 0; i < N_TEXTS; i++)
        free(*text_at(provenance, i));
    for (int i = 0; i < provenance->n_data; i++) {
        free(provenance->data[i].file);
        free(provenance->data[i].sha256);
    }
    for (int i = 0; i < provenance->n_rmse; i++)
        free(provenance->rmse[i].set);
    free(provenance->data);
    free(provenance->rmse);
    *provenance = (struct nnp_provenance){0};
}

static bool is_utf8(const char *string)
{
    while (*string) {
        long code;
        const int n = nnp_text_decode(string, &code);
        if (!n)
            return false;
        string += n;
    }
    return true;
}

static bool is_sha256(const char *string)
{
    return strlen(string) == SHA256_DIGITS &&
           strspn(string, "0123456789abcdefABCDEF") == SHA256_DIGITS;
}

static enum nnp_status check_data(const struct nnp_data_source *data, struct nnp_error *error)
{
    if (!data->file || !is_utf8(data->file))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "file is missing or not UTF-8, expected a name");
    if (data->sha256 && !is_sha256(data->sha256))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "sha256 is '%.80s', expected %d hexadecimal "
                             "digits",
                             data->sha256, SHA256_DIGITS);
    if (data->n_structures < 0)
        return nnp_error_set(error, NNP_ERROR_VALUE, "structures is %d, expected 0 or more",
                             data->n_structures);
    return NNP_SUCCESS;
}

static enum nnp_status check_rmse(const struct nnp_rmse *rmse, struct nnp_error *error)
{
    if (!rmse->set || !is_utf8(rmse->set))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "set is missing or not UTF-8, expected a name");
    if (rmse->n_structures < 0)
        return nnp_error_set(error, NNP_ERROR_VALUE, "structures is %d, expected 0 or more",
                             rmse->n_structures);
    if (!isfinite(rmse->energy) || !isfinite(rmse->forces) || !isfinite(rmse->stress))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "error of %.80s is not finite, expected a number", rmse->set);
    return NNP_SUCCESS;
}

enum nnp_status nnp_provenance_check(const struct nnp_provenance *provenance,
                                     struct nnp_error *error)
{
    struct nnp_error detail;
    for (int i = 0; i < N_TEXTS; i++) {
        const char *text = *text_at(provenance, i);
        if (text && !is_utf8(text))
            return nnp_error_set(error, NNP_ERROR_VALUE,
                                 "%s in the provenance is not valid UTF-8", text_keys[i]);
    }
    for (int i = 0; i < provenance->n_data; i++) {
        const enum nnp_status status = check_data(&provenance->data[i], &detail);
        if (status)
            return nnp_error_set(error, status, "data source %d: %s", i + 1, detail.message);
    }
    for (int i = 0; i < provenance->n_rmse; i++) {
        const enum nnp_status status = check_rmse(&provenance->rmse[i], &detail);
        if (status)
            return nnp_error_set(error, status, "error %d: %s", i + 1, detail.message);
    }
    return NNP_SUCCESS;
}

/* ---- Reading ---- */

/* A copy of the text of an optional key, NULL without it. */
static enum nnp_status read_text(const struct nnp_yaml_node *mapping, const char *key,
                                 char **text, struct nnp_error *error)
{
    const char *string;
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    *text = NULL;
    if (!node)
        return NNP_SUCCESS;
    const enum nnp_status status = nnp_yaml_string(node, key, &string, error);
    if (status)
        return status;
    *text = nnp_text_copy(string);
    return *text ? NNP_SUCCESS : nnp_read_no_memory(node, error);
}

static enum nnp_status read_data_source(struct nnp_data_source *data,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error)
{
    struct nnp_error detail;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "data source", error);
    if (!status)
        status = nnp_yaml_check_keys(node, data_keys, error);
    if (!status)
        status = nnp_read_int(node, "structures", &data->n_structures, error);
    if (!status)
        status = read_text(node, "file", &data->file, error);
    if (!status)
        status = read_text(node, "sha256", &data->sha256, error);
    if (status)
        return status;
    status = check_data(data, &detail);
    return status ? nnp_yaml_error(node, error, status, "%s", detail.message) : status;
}

/* An optional error measure, -1 where it is not stated. */
static enum nnp_status read_measure(const struct nnp_yaml_node *mapping, const char *key,
                                    double *value, struct nnp_error *error)
{
    const struct nnp_yaml_node *node = nnp_yaml_get(mapping, key);
    *value = -1.0;
    if (!node)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_double(node, key, value, error);
    if (!status && *value < 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                                "%s is %.15g, expected a number >= 0", key, *value);
    return status;
}

static enum nnp_status read_rmse(struct nnp_rmse *rmse, const struct nnp_yaml_node *node,
                                 struct nnp_error *error)
{
    struct nnp_error detail;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "error", error);
    if (!status)
        status = nnp_yaml_check_keys(node, rmse_keys, error);
    if (!status)
        status = nnp_read_int(node, "structures", &rmse->n_structures, error);
    if (!status)
        status = read_measure(node, "energy", &rmse->energy, error);
    if (!status)
        status = read_measure(node, "forces", &rmse->forces, error);
    if (!status)
        status = read_measure(node, "stress", &rmse->stress, error);
    if (!status)
        status = read_text(node, "set", &rmse->set, error);
    if (status)
        return status;
    status = check_rmse(rmse, &detail);
    return status ? nnp_yaml_error(node, error, status, "%s", detail.message) : status;
}

static enum nnp_status read_data(struct nnp_provenance *provenance,
                                 const struct nnp_yaml_node *node, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, "data", error);
    if (status || nnp_yaml_size(node) == 0)
        return status;
    provenance->data = calloc((size_t)nnp_yaml_size(node), sizeof *provenance->data);
    if (!provenance->data)
        return nnp_read_no_memory(node, error);
    provenance->n_data = nnp_yaml_size(node);
    for (int i = 0; i < provenance->n_data && !status; i++)
        status = read_data_source(&provenance->data[i], nnp_yaml_item(node, i), error);
    return status;
}

static enum nnp_status read_errors(struct nnp_provenance *provenance,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_SEQUENCE, "rmse", error);
    if (status || nnp_yaml_size(node) == 0)
        return status;
    provenance->rmse = calloc((size_t)nnp_yaml_size(node), sizeof *provenance->rmse);
    if (!provenance->rmse)
        return nnp_read_no_memory(node, error);
    provenance->n_rmse = nnp_yaml_size(node);
    for (int i = 0; i < provenance->n_rmse && !status; i++)
        status = read_rmse(&provenance->rmse[i], nnp_yaml_item(node, i), error);
    return status;
}

enum nnp_status nnp_provenance_read(struct nnp_provenance *provenance,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "provenance", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    for (int i = 0; i < N_TEXTS && !status; i++)
        status = read_text(node, text_keys[i], (char **)text_at(provenance, i), error);
    const struct nnp_yaml_node *data = nnp_yaml_get(node, "data");
    if (!status && data)
        status = read_data(provenance, data, error);
    const struct nnp_yaml_node *rmse = nnp_yaml_get(node, "rmse");
    if (!status && rmse)
        status = read_errors(provenance, rmse, error);
    return status;
}

/* ---- Writing ---- */

static void write_data(const struct nnp_data_source *data, struct nnp_text *text)
{
    struct nnp_yaml_flow flow;
    nnp_text_append(text, "    - ");
    nnp_yaml_flow_begin(&flow, text, true, 7);
    nnp_yaml_flow_string(&flow, "file", data->file);
    if (data->sha256)
        nnp_yaml_flow_string(&flow, "sha256", data->sha256);
    nnp_yaml_flow_int(&flow, "structures", data->n_structures);
    nnp_yaml_flow_end(&flow);
    nnp_text_append(text, "\n");
}

static void write_rmse(const struct nnp_rmse *rmse, struct nnp_text *text)
{
    struct nnp_yaml_flow flow;
    nnp_text_append(text, "    - ");
    nnp_yaml_flow_begin(&flow, text, true, 7);
    nnp_yaml_flow_string(&flow, "set", rmse->set);
    nnp_yaml_flow_int(&flow, "structures", rmse->n_structures);
    if (rmse->energy >= 0)
        nnp_yaml_flow_double(&flow, "energy", rmse->energy);
    if (rmse->forces >= 0)
        nnp_yaml_flow_double(&flow, "forces", rmse->forces);
    if (rmse->stress >= 0)
        nnp_yaml_flow_double(&flow, "stress", rmse->stress);
    nnp_yaml_flow_end(&flow);
    nnp_text_append(text, "\n");
}

void nnp_provenance_write(const struct nnp_provenance *provenance, struct nnp_text *text)
{
    bool empty = provenance->n_data == 0 && provenance->n_rmse == 0;
    for (int i = 0; i < N_TEXTS; i++)
        empty = empty && !*text_at(provenance, i);
    nnp_text_append(text, "provenance:%s\n", empty ? " {}" : "");
    for (int i = 0; i < N_TEXTS; i++) {
        if (!*text_at(provenance, i))
            continue;
        nnp_text_append(text, "  %s: ", text_keys[i]);
        nnp_yaml_write_string(text, *text_at(provenance, i), 4);
        nnp_text_append(text, "\n");
    }
    if (provenance->n_data > 0)
        nnp_text_append(text, "  data:\n");
    for (int i = 0; i < provenance->n_data; i++)
        write_data(&provenance->data[i], text);
    if (provenance->n_rmse > 0)
        nnp_text_append(text, "  rmse:\n");
    for (int i = 0; i < provenance->n_rmse; i++)
        write_rmse(&provenance->rmse[i], text);
}
