/* Reader of potential files: scaling and projection. */
#include "potential_check.h"
#include "potential_read.h"

#include <stdlib.h>

static enum nnp_status read_target(struct nnp_scaling *scaling,
                                   const struct nnp_yaml_node *mapping, struct nnp_error *error)
{
    double target[2];
    const char *key;
    struct nnp_error detail;
    const struct nnp_yaml_node *node;
    enum nnp_status status = nnp_yaml_require(mapping, "target", &node, error);
    if (!status)
        status = nnp_yaml_doubles(node, "target", 2, target, error);
    if (status)
        return status;
    scaling->target_min = target[0];
    scaling->target_max = target[1];
    status = nnp_check_target(scaling, &key, &detail);
    return status ? nnp_read_refused(mapping, key, &detail, error) : status;
}

static enum nnp_status read_range(struct nnp_scaling *scaling, int k,
                                  const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"min", "max", "mean", "sigma", "through_zero", NULL};
    double *const values[] = {&scaling->min[k], &scaling->max[k], &scaling->mean[k],
                              &scaling->sigma[k]};
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "scaling", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    for (int i = 0; i < 4 && !status; i++)
        status = nnp_read_double(node, keys[i], values[i], error);
    const struct nnp_yaml_node *through_zero = status ? NULL : nnp_yaml_get(node, keys[4]);
    if (through_zero)
        status = nnp_yaml_bool(through_zero, keys[4], &scaling->through_zero[k], error);
    if (status)
        return status;
    const char *key;
    struct nnp_error detail;
    status = nnp_check_range(scaling, k, &key, &detail);
    return status ? nnp_read_refused(node, key, &detail, error) : status;
}

/* The method, and with it the keys that are allowed. */
static enum nnp_status read_method(enum nnp_scaling_method *method,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"method", "functions", NULL};
    static const char *const target_keys[] = {"method", "target", "functions", NULL};
    const char *names[NNP_N_SCALING];
    for (int i = 0; i < NNP_N_SCALING; i++)
        names[i] = nnp_scaling_name((enum nnp_scaling_method)i);
    int index = 0;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "scaling", error);
    if (!status)
        status = nnp_read_choice(node, "method", names, NNP_N_SCALING, &index, error);
    *method = (enum nnp_scaling_method)index;
    if (!status)
        status = nnp_yaml_check_keys(node, nnp_scaling_has_target(*method) ? target_keys : keys,
                                     error);
    return status;
}

enum nnp_status nnp_read_scaling(const struct nnp_reader *reader, int i,
                                 const struct nnp_yaml_node *node)
{
    struct nnp_error *error = reader->error;
    struct nnp_scaling *scaling = &reader->potential->descriptors[i].scaling;
    const int n = reader->potential->descriptors[i].n_functions;
    enum nnp_scaling_method method;
    const struct nnp_yaml_node *functions;
    enum nnp_status status = read_method(&method, node, error);
    if (!status)
        status = nnp_yaml_require(node, "functions", &functions, error);
    if (!status)
        status = nnp_read_list(functions, "functions", error);
    if (!status && nnp_yaml_size(functions) != n)
        status = nnp_yaml_error(functions, error, NNP_ERROR_INCONSISTENT,
                                "scaling of %d functions, expected %d as in "
                                "symmetry_functions",
                                nnp_yaml_size(functions), n);
    if (!status)
        status = nnp_scaling_init(scaling, n, error);
    if (status)
        return status;
    scaling->method = method;
    if (nnp_scaling_has_target(method))
        status = read_target(scaling, node, error);
    for (int k = 0; k < n && !status; k++)
        status = read_range(scaling, k, nnp_yaml_item(functions, k), error);
    return status;
}

static enum nnp_status read_matrix(struct nnp_projection *projection,
                                   const struct nnp_yaml_node *node, struct nnp_error *error)
{
    const size_t n = (size_t)projection->n_inputs, m = (size_t)projection->n_outputs;
    projection->offset = calloc(n, sizeof *projection->offset);
    if (m <= (size_t)-1 / n)
        projection->matrix = calloc(n * m, sizeof *projection->matrix);
    if (!projection->offset || !projection->matrix)
        return nnp_read_no_memory(node, error);
    enum nnp_status status = NNP_SUCCESS;
    for (size_t j = 0; j < n && !status; j++)
        status = nnp_yaml_doubles(nnp_yaml_item(node, (int)j), "row of the matrix", (int)m,
                                  projection->matrix + j * m, error);
    return status;
}

enum nnp_status nnp_read_projection(const struct nnp_reader *reader, int i,
                                    const struct nnp_yaml_node *node)
{
    static const char *const keys[] = {"offset", "matrix", NULL};
    struct nnp_error *error = reader->error;
    struct nnp_projection *projection = &reader->potential->descriptors[i].projection;
    const int n = reader->potential->descriptors[i].n_functions;
    const struct nnp_yaml_node *offset, *matrix;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "projection", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    if (!status)
        status = nnp_yaml_require(node, "offset", &offset, error);
    if (!status)
        status = nnp_yaml_require(node, "matrix", &matrix, error);
    if (!status)
        status = nnp_read_list(matrix, "matrix", error);
    if (!status && nnp_yaml_size(matrix) != n)
        status = nnp_yaml_error(matrix, error, NNP_ERROR_INCONSISTENT,
                                "matrix has %d rows, expected %d, one per symmetry function",
                                nnp_yaml_size(matrix), n);
    if (!status)
        status = nnp_read_list(nnp_yaml_item(matrix, 0), "row of the matrix", error);
    if (status)
        return status;
    projection->n_inputs = n;
    projection->n_outputs = nnp_yaml_size(nnp_yaml_item(matrix, 0));
    status = read_matrix(projection, matrix, error);
    return status ? status : nnp_yaml_doubles(offset, "offset", n, projection->offset, error);
}
