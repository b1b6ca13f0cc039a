/* Writer of potentials as n2p2 and RuNNer read them; the conventions stand in
 * formats/n2p2.h. */
#include "formats/n2p2_write.h"

#include "formats/n2p2.h"
#include "nnp/formats.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Order ---- */

struct place {
    const struct nnp_symmetry *function;
    int k; /* its index in the potential */
};

static int compare_places(const void *a, const void *b)
{
    return nnp_n2p2_compare(((const struct place *)a)->function,
                            ((const struct place *)b)->function);
}

/* The functions of an element in n2p2's order, which the caller frees. */
static enum nnp_status sort_functions(const struct nnp_descriptor *descriptor,
                                      struct place **places, struct nnp_error *error)
{
    const size_t n = (size_t)descriptor->n_functions;
    *places = malloc(n * sizeof **places);
    if (!*places)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %zu functions", n);
    for (size_t k = 0; k < n; k++)
        (*places)[k] = (struct place){&descriptor->functions[k], (int)k};
    qsort(*places, n, sizeof **places, compare_places);
    for (size_t k = 1; k < n; k++)
        if (compare_places(&(*places)[k - 1], &(*places)[k]) == 0) {
            free(*places);
            *places = NULL;
            return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                                 "n2p2's format cannot express this potential: two of its "
                                 "symmetry functions are the same");
        }
    return NNP_SUCCESS;
}

/* ---- scaling.data and weights.ZZZ.data ---- */

static void append_scaling(struct nnp_text *text, const struct nnp_scaling *scaling, int e,
                           const struct place *places)
{
    for (int k = 0; k < scaling->n_functions; k++) {
        const int from = places[k].k;
        nnp_text_append(text, "%d %d", e + 1, k + 1);
        nnp_n2p2_append_number(text, scaling->min[from]);
        nnp_n2p2_append_number(text, scaling->max[from]);
        nnp_n2p2_append_number(text, scaling->mean[from]);
        nnp_n2p2_append_number(text, scaling->sigma[from]);
        nnp_text_append(text, "\n");
    }
}

static void append_weights(struct nnp_text *text, const struct nnp_network *network,
                           const struct place *places)
{
    for (int l = 0; l < network->n_layers; l++) {
        const struct nnp_layer *layer = &network->layers[l];
        const size_t n = (size_t)layer->n_outputs;
        for (int j = 0; j < layer->n_inputs; j++) {
            const size_t row = (size_t)(l == 0 ? places[j].k : j);
            for (size_t k = 0; k < n; k++) {
                nnp_text_append_double(text, layer->weights[row * n + k]);
                nnp_text_append(text, "\n");
            }
        }
        for (size_t k = 0; k < n; k++) {
            nnp_text_append_double(text, layer->biases[k]);
            nnp_text_append(text, "\n");
        }
    }
}

/* ---- Files ---- */

/* The texts of all files, before any is written. */
struct texts {
    struct nnp_text input, scaling;
    struct nnp_text *weights; /* [n_elements] */
};

static enum nnp_status append_element(struct texts *texts,
                                      const struct nnp_potential *potential, int e,
                                      struct nnp_error *error)
{
    struct place *places;
    const struct nnp_descriptor *descriptor = &potential->descriptors[e];
    const enum nnp_status status = sort_functions(descriptor, &places, error);
    if (status)
        return status;
    for (int k = 0; k < descriptor->n_functions; k++)
        nnp_n2p2_append_function(&texts->input, potential, e, places[k].function);
    append_scaling(&texts->scaling, &descriptor->scaling, e, places);
    append_weights(&texts->weights[e], &potential->networks[e], places);
    free(places);
    return texts->weights[e].failed || texts->scaling.failed || texts->input.failed
               ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the text of a potential")
               : NNP_SUCCESS;
}

static enum nnp_status make_texts(struct texts *texts, const struct nnp_potential *potential,
                                  struct nnp_error *error)
{
    const struct nnp_cutoff *cutoff = NULL;
    enum nnp_status status = nnp_n2p2_check(potential, &cutoff, error);
    if (status)
        return status;
    texts->weights = calloc((size_t)potential->n_elements, sizeof *texts->weights);
    if (!texts->weights)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the text of a potential");
    status = nnp_n2p2_append_settings(&texts->input, potential, cutoff, error);
    nnp_text_append(&texts->scaling, "# element function min max mean sigma\n");
    for (int e = 0; e < potential->n_elements && !status; e++)
        status = append_element(texts, potential, e, error);
    return status;
}

/* A folder that is empty. */
static enum nnp_status make_folder(const char *path, struct nnp_error *error)
{
    if (mkdir(path, 0777) == 0)
        return NNP_SUCCESS;
    DIR *folder = errno == EEXIST ? opendir(path) : NULL;
    if (!folder)
        return nnp_error_set(error, NNP_ERROR_FILE, "cannot make the folder %s: %s", path,
                             strerror(errno));
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n > 2
               ? nnp_error_set(error, NNP_ERROR_FILE,
                               "the folder %s is not empty, expected a new or empty one", path)
               : NNP_SUCCESS;
}

static enum nnp_status write_text(const char *folder, const char *name,
                                  const struct nnp_text *text, struct nnp_error *error)
{
    struct nnp_text path = {0};
    nnp_text_append(&path, "%s/%s", folder, name);
    const enum nnp_status status =
        path.failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a path")
                    : nnp_file_write(path.data, text->data, text->length, error);
    free(path.data);
    return status;
}

/* input.nn comes last: without it the folder is no potential. */
static enum nnp_status write_texts(const struct texts *texts,
                                   const struct nnp_potential *potential, const char *folder,
                                   struct nnp_error *error)
{
    enum nnp_status status = make_folder(folder, error);
    for (int e = 0; e < potential->n_elements && !status; e++) {
        struct nnp_text name = {0};
        nnp_text_append(&name, "weights.%03d.data", potential->elements[e].atomic_number);
        status = name.failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a path")
                             : write_text(folder, name.data, &texts->weights[e], error);
        free(name.data);
    }
    if (!status)
        status = write_text(folder, "scaling.data", &texts->scaling, error);
    return status ? status : write_text(folder, "input.nn", &texts->input, error);
}

enum nnp_status nnp_potential_write_n2p2(const struct nnp_potential *potential,
                                         const char *folder, struct nnp_error *error)
{
    struct texts texts = {0};
    enum nnp_status status = make_texts(&texts, potential, error);
    if (!status)
        status = write_texts(&texts, potential, folder, error);
    for (int e = 0; texts.weights && e < potential->n_elements; e++)
        free(texts.weights[e].data);
    free(texts.weights);
    free(texts.scaling.data);
    free(texts.input.data);
    return status;
}
