/* Reader of aenet's networks, in both forms; the conventions stand in formats/aenet.h. */
#include "formats/aenet.h"

#include "formats/build.h"
#include "formats/readers.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Common to both forms ---- */

enum nnp_activation nnp_aenet_activation(int number)
{
    static const enum nnp_activation activations[] = {
        NNP_ACTIVATION_LINEAR, NNP_ACTIVATION_TANH, NNP_ACTIVATION_LOGISTIC,
        NNP_ACTIVATION_MTANH, NNP_ACTIVATION_TWIST};
    return number >= 0 && number < 5 ? activations[number] : NNP_N_ACTIVATION;
}

enum nnp_status nnp_aenet_check_shape(const struct nnp_aenet *file, size_t most,
                                      struct nnp_error *error)
{
    const int n_outputs = file->sizes[file->n_layers];
    size_t n = 0;
    for (int l = 0; l < file->n_layers; l++)
        n += ((size_t)file->sizes[l] + 1) * (size_t)file->sizes[l + 1];
    if (n == (size_t)file->n_weights && n <= most && n_outputs == 1)
        return NNP_SUCCESS;
    return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                         "%s: %d weights and %d outputs, expected %zu weights for these "
                         "layers, one output, and a file that holds them",
                         file->path, file->n_weights, n_outputs, n);
}

enum nnp_status nnp_aenet_set_basis(struct nnp_aenet *file, const char *name,
                                    struct nnp_error *error)
{
    static const char behler[] = "behler2011", chebyshev[] = "chebyshev";
    name += strspn(name, " ");
    const size_t n = strcspn(name, " ");
    file->is_chebyshev =
        n == strlen(chebyshev) && strncasecmp(name, chebyshev, strlen(chebyshev)) == 0;
    if (file->is_chebyshev ||
        (n == strlen(behler) && strncasecmp(name, behler, strlen(behler)) == 0))
        return NNP_SUCCESS;
    return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                         "%s: the basis is '%.*s', expected Behler2011 or Chebyshev",
                         file->path, n < 40 ? (int)n : 40, name);
}

enum nnp_status nnp_aenet_allocate(struct nnp_aenet *file, struct nnp_error *error)
{
    const size_t n = (size_t)file->n_functions, m = (size_t)file->n_parameters;
    file->integers = malloc(3 * n * sizeof *file->integers);
    file->doubles = malloc((m + 4) * n * sizeof *file->doubles);
    return file->integers && file->doubles
               ? NNP_SUCCESS
               : nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", file->path);
}

void nnp_aenet_free(struct nnp_aenet *file)
{
    free(file->weights);
    free(file->integers);
    free(file->doubles);
    *file = (struct nnp_aenet){0};
}

/* ---- One element ---- */

static enum nnp_status set_scaling(const struct nnp_aenet *file, struct nnp_scaling *scaling,
                                   struct nnp_error *error)
{
    const size_t n = (size_t)file->n_functions, m = (size_t)file->n_parameters;
    const double *values = file->doubles + m * n;
    const enum nnp_status status = nnp_scaling_init(scaling, (int)n, error);
    scaling->method = NNP_SCALING_SIGMA;
    scaling->target_max = 1.0;
    for (size_t k = 0; !status && k < n; k++) {
        const double mean = values[2 * n + k];
        const double variance = values[3 * n + k] - mean * mean;
        scaling->min[k] = values[k];
        scaling->max[k] = values[n + k];
        scaling->mean[k] = mean;
        scaling->sigma[k] = variance > 0.0 && sqrt(variance) > 1e-10 ? sqrt(variance) : 0.0;
    }
    return status;
}

/* The output's scale goes into the last layer, which must be linear for that. */
static enum nnp_status set_network(const struct nnp_aenet *file, struct nnp_network *network,
                                   struct nnp_error *error)
{
    const int last = file->n_layers - 1;
    if (!(file->scale != 0.0 && isfinite(1.0 / file->scale)))
        return nnp_error_set(error, NNP_ERROR_VALUE,
                             "%s: scale is %.15g, expected another number", file->path,
                             file->scale);
    if (file->scale != 1.0 && file->activations[last] != NNP_ACTIVATION_LINEAR)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s: the output is scaled and not linear", file->path);
    const enum nnp_status status =
        nnp_network_init(network, file->n_layers, file->sizes, file->activations, error);
    if (status)
        return status;
    nnp_network_set_parameters(network, file->weights);
    struct nnp_layer *layer = &network->layers[last];
    for (int j = 0; j < layer->n_inputs; j++)
        layer->weights[j] /= file->scale;
    layer->biases[0] /= file->scale;
    return NNP_SUCCESS;
}

static enum nnp_status add_element(struct nnp_potential *potential, int place,
                                   const struct nnp_aenet *file, struct nnp_error *error)
{
    enum nnp_status status = nnp_aenet_add_functions(potential, place, file, error);
    potential->elements[place].energy = file->energy + file->shift;
    if (!status)
        status = set_scaling(file, &potential->descriptors[place].scaling, error);
    return status ? status : set_network(file, &potential->networks[place], error);
}

/* ---- All ---- */

static bool is_network(const struct nnp_source_text *text)
{
    return nnp_aenet_is_ascii(text) || nnp_aenet_is_binary(text);
}

bool nnp_aenet_recognise(const struct nnp_source *source)
{
    for (int k = 0; k < source->n; k++)
        if (is_network(&source->texts[k]))
            return true;
    return false;
}

/* All files that are networks; the caller frees them, after a failure, too. */
static enum nnp_status read_files(struct nnp_aenet *files, int *n,
                                  const struct nnp_source *source, struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    *n = 0;
    for (int k = 0; k < source->n && !status; k++) {
        const struct nnp_source_text *text = &source->texts[k];
        if (!is_network(text))
            continue;
        if (*n == NNP_MAX_ATOMIC_NUMBER)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "%s: there are more than %d networks", source->path,
                                 NNP_MAX_ATOMIC_NUMBER);
        struct nnp_aenet *file = &files[(*n)++];
        status = nnp_aenet_is_binary(text) ? nnp_aenet_read_binary(file, text, error)
                                           : nnp_aenet_read_ascii(file, text, error);
    }
    return status;
}

/* Which elements there are must be known before their functions are made. */
static enum nnp_status build(struct nnp_potential **potential, const struct nnp_aenet *files,
                             int n, struct nnp_error *error)
{
    int atomic_numbers[NNP_MAX_ATOMIC_NUMBER] = {0}, places[NNP_MAX_ATOMIC_NUMBER];
    for (int k = 0; k < n; k++)
        atomic_numbers[k] = files[k].atomic_number;
    enum nnp_status status = nnp_build_new(potential, n, atomic_numbers, places, error);
    for (int k = 0; k < n && !status; k++)
        status = add_element(*potential, places[k], &files[k], error);
    return status ? status : nnp_build_provenance(*potential, "aenet", NULL, error);
}

enum nnp_status nnp_aenet_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units, struct nnp_error *error)
{
    int n = 0;
    struct nnp_aenet *files = calloc(NNP_MAX_ATOMIC_NUMBER, sizeof *files);
    (void)units;
    if (!files)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", source->path);
    enum nnp_status status = read_files(files, &n, source, error);
    if (!status)
        status = build(potential, files, n, error);
    for (int k = 0; k < n; k++)
        nnp_aenet_free(&files[k]);
    free(files);
    return status;
}
