/* Writer of potentials as n2p2 and RuNNer read them; the conventions stand in
 * formats/n2p2.h. */
#include "formats/n2p2.h"
#include "nnp/formats.h"
#include "potential_check.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REFUSE(...)                                                                            \
    return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,                                         \
                         "n2p2's format cannot express this potential: " __VA_ARGS__)

static const char *symbol_of(const struct nnp_potential *potential, int e)
{
    return nnp_element_symbol(potential->elements[e].atomic_number);
}

/* ---- What can be expressed ---- */

/* The cutoff function is one for all functions but compact ones; *cutoff NULL: there are
 * only such. */
static enum nnp_status check_functions(const struct nnp_potential *potential,
                                       const struct nnp_cutoff **cutoff,
                                       struct nnp_error *error)
{
    *cutoff = NULL;
    for (int e = 0; e < potential->n_elements; e++)
        for (int k = 0; k < potential->descriptors[e].n_functions; k++) {
            const struct nnp_symmetry *f = &potential->descriptors[e].functions[k];
            if (nnp_symmetry_is_compact(f->type))
                continue;
            if (!*cutoff)
                *cutoff = &f->cutoff;
            if (f->cutoff.type != (*cutoff)->type || f->cutoff.alpha != (*cutoff)->alpha)
                REFUSE("its symmetry functions have several cutoff functions");
        }
    return NNP_SUCCESS;
}

static enum nnp_status check_scaling(const struct nnp_potential *potential,
                                     struct nnp_error *error)
{
    const struct nnp_scaling *first = &potential->descriptors[0].scaling;
    for (int e = 0; e < potential->n_elements; e++) {
        const struct nnp_scaling *scaling = &potential->descriptors[e].scaling;
        if (scaling->method != first->method || (nnp_scaling_has_target(first->method) &&
                                                 (scaling->target_min != first->target_min ||
                                                  scaling->target_max != first->target_max)))
            REFUSE("the scaling differs between elements");
    }
    return NNP_SUCCESS;
}

static enum nnp_status check_networks(const struct nnp_potential *potential,
                                      struct nnp_error *error)
{
    for (int e = 0; e < potential->n_elements; e++) {
        const struct nnp_network *network = &potential->networks[e];
        if (network->n_layers > NNP_N2P2_MAX_LAYERS)
            REFUSE("its networks have more than %d layers", NNP_N2P2_MAX_LAYERS);
        for (int l = 0; l < network->n_layers; l++) {
            const enum nnp_activation activation = network->layers[l].activation;
            if ((size_t)activation >= strlen(NNP_N2P2_ACTIVATIONS))
                REFUSE("it has no activation function %s", nnp_activation_name(activation));
        }
    }
    return NNP_SUCCESS;
}

static enum nnp_status check(const struct nnp_potential *potential,
                             const struct nnp_cutoff **cutoff, struct nnp_error *error)
{
    enum nnp_status status = nnp_potential_check(potential, error);
    if (!status && potential->n_members > 1)
        REFUSE("it is a committee of %d networks per element", potential->n_members);
    if (!status && potential->repulsion.type != NNP_REPULSION_NONE)
        REFUSE("it has a repulsion at short distances");
    for (int e = 0; e < potential->n_elements && !status; e++)
        if (potential->descriptors[e].projection.n_inputs)
            REFUSE("its symmetry functions are projected");
    if (!status)
        status = check_functions(potential, cutoff, error);
    if (!status)
        status = check_scaling(potential, error);
    return status ? status : check_networks(potential, error);
}

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
            REFUSE("two of its symmetry functions are the same");
        }
    return NNP_SUCCESS;
}

/* ---- input.nn ---- */

static void append_number(struct nnp_text *text, double value)
{
    nnp_text_append(text, " ");
    nnp_text_append_double(text, value);
}

/* A comment of one line, whatever is in value. */
static void append_comment(struct nnp_text *text, const char *key, const char *value)
{
    if (!value)
        return;
    nnp_text_append(text, "# %s: ", key);
    for (; *value; value++)
        nnp_text_append(text, "%c", *value == '\n' || *value == '\r' ? ' ' : *value);
    nnp_text_append(text, "\n");
}

static void append_head(struct nnp_text *text, const struct nnp_potential *potential)
{
    append_comment(text, "title", potential->provenance.title);
    append_comment(text, "author", potential->provenance.author);
    append_comment(text, "created", potential->provenance.created);
    append_comment(text, "program", potential->provenance.program);
    append_comment(text, "licence", potential->provenance.licence);
    append_comment(text, "comment", potential->provenance.comment);
    nnp_text_append(text, "# nnp: units %s %s\n",
                    potential->length_unit == NNP_BOHR ? "Bohr" : "Angstrom",
                    potential->energy_unit == NNP_HARTREE ? "Hartree" : "eV");
    for (int e = 0; e < potential->n_elements; e++) {
        const struct nnp_element *element = &potential->elements[e];
        if (element->mass == nnp_element_mass(element->atomic_number))
            continue;
        nnp_text_append(text, "# nnp: mass %s", symbol_of(potential, e));
        append_number(text, element->mass);
        nnp_text_append(text, "\n");
    }
    nnp_text_append(text, "number_of_elements %d\nelements", potential->n_elements);
    for (int e = 0; e < potential->n_elements; e++)
        nnp_text_append(text, " %s", symbol_of(potential, e));
    nnp_text_append(text, "\n");
    for (int e = 0; e < potential->n_elements; e++) {
        nnp_text_append(text, "atom_energy %s", symbol_of(potential, e));
        append_number(text, potential->elements[e].energy);
        nnp_text_append(text, "\n");
    }
}

static void append_cutoff_and_scaling(struct nnp_text *text, const struct nnp_cutoff *cutoff,
                                      const struct nnp_scaling *scaling)
{
    const enum nnp_scaling_method method = scaling->method;
    nnp_text_append(text, "cutoff_type %d", cutoff ? (int)cutoff->type : NNP_CUTOFF_COS);
    append_number(text, cutoff ? cutoff->alpha : 0.0);
    nnp_text_append(text, "\n");
    if (method == NNP_SCALING_MINMAX || method == NNP_SCALING_MINMAX_CENTER)
        nnp_text_append(text, "scale_symmetry_functions\n");
    if (method == NNP_SCALING_CENTER || method == NNP_SCALING_MINMAX_CENTER)
        nnp_text_append(text, "center_symmetry_functions\n");
    if (method == NNP_SCALING_SIGMA)
        nnp_text_append(text, "scale_symmetry_functions_sigma\n");
    if (nnp_scaling_has_target(method)) {
        nnp_text_append(text, "scale_min_short");
        append_number(text, scaling->target_min);
        nnp_text_append(text, "\nscale_max_short");
        append_number(text, scaling->target_max);
        nnp_text_append(text, "\n");
    }
}

static bool same_shape(const struct nnp_network *a, const struct nnp_network *b)
{
    if (a->n_layers != b->n_layers)
        return false;
    for (int l = 0; l < a->n_layers; l++)
        if (a->layers[l].n_outputs != b->layers[l].n_outputs ||
            a->layers[l].activation != b->layers[l].activation)
            return false;
    return true;
}

/* scope: "global", or "element" with its symbol behind the keyword. */
static void append_shape(struct nnp_text *text, const struct nnp_network *network,
                         const char *scope, const char *symbol)
{
    const int n = network->n_layers;
    nnp_text_append(text, "%s_hidden_layers_short%s %d\n", scope, symbol, n - 1);
    nnp_text_append(text, "%s_nodes_short%s", scope, symbol);
    for (int l = 0; l < n - 1; l++)
        nnp_text_append(text, " %d", network->layers[l].n_outputs);
    nnp_text_append(text, "\n%s_activation_short%s", scope, symbol);
    for (int l = 0; l < n; l++)
        nnp_text_append(text, " %c", NNP_N2P2_ACTIVATIONS[network->layers[l].activation]);
    nnp_text_append(text, "\n");
}

static enum nnp_status append_networks(struct nnp_text *text,
                                       const struct nnp_potential *potential,
                                       struct nnp_error *error)
{
    const struct nnp_network *first = &potential->networks[0];
    append_shape(text, first, "global", "");
    for (int e = 1; e < potential->n_elements; e++) {
        const struct nnp_network *network = &potential->networks[e];
        if (same_shape(network, first))
            continue;
        /* "element_nodes_short Li 2 7" may mean two layers, or layer 2. */
        if (network->n_layers == 3 && network->layers[0].n_outputs <= 2)
            REFUSE("the networks differ between elements, and that of %s is too small to be "
                   "stated unmistakably",
                   symbol_of(potential, e));
        char symbol[8] = " ";
        append_shape(text, network, "element", strcat(symbol, symbol_of(potential, e)));
    }
    return NNP_SUCCESS;
}

static void append_function(struct nnp_text *text, const struct nnp_potential *potential,
                            int center, const struct nnp_symmetry *f)
{
    static const char *const cores[] = {"e", "p1", "p2", "p3", "p4"};
    const bool radial = nnp_symmetry_is_radial(f->type);
    nnp_text_append(text, "symfunction_short %s %d", symbol_of(potential, center),
                    nnp_n2p2_number(f->type));
    for (int i = 0; i < nnp_symmetry_n_neighbors(f->type); i++)
        nnp_text_append(text, " %s", symbol_of(potential, f->neighbors[i]));
    if (nnp_symmetry_is_compact(f->type)) {
        append_number(text, f->r_low);
        append_number(text, f->cutoff.radius);
        if (!radial) {
            append_number(text, f->angle_low);
            append_number(text, f->angle_high);
        }
        nnp_text_append(text, " %s%s\n", cores[f->cutoff.type - NNP_CUTOFF_EXP],
                        f->asymmetric ? "a" : "");
        return;
    }
    append_number(text, f->eta);
    if (radial || f->type == NNP_SYMMETRY_WEIGHTED_NARROW)
        append_number(text, f->r_shift);
    if (!radial) {
        append_number(text, f->lambda);
        append_number(text, f->zeta);
    }
    append_number(text, f->cutoff.radius);
    if (!radial && f->type != NNP_SYMMETRY_WEIGHTED_NARROW && f->r_shift != 0.0)
        append_number(text, f->r_shift);
    nnp_text_append(text, "\n");
}

/* ---- scaling.data and weights.ZZZ.data ---- */

static void append_scaling(struct nnp_text *text, const struct nnp_scaling *scaling, int e,
                           const struct place *places)
{
    for (int k = 0; k < scaling->n_functions; k++) {
        const int from = places[k].k;
        nnp_text_append(text, "%d %d", e + 1, k + 1);
        append_number(text, scaling->min[from]);
        append_number(text, scaling->max[from]);
        append_number(text, scaling->mean[from]);
        append_number(text, scaling->sigma[from]);
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
        append_function(&texts->input, potential, e, places[k].function);
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
    enum nnp_status status = check(potential, &cutoff, error);
    if (status)
        return status;
    texts->weights = calloc((size_t)potential->n_elements, sizeof *texts->weights);
    if (!texts->weights)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the text of a potential");
    append_head(&texts->input, potential);
    append_cutoff_and_scaling(&texts->input, cutoff, &potential->descriptors[0].scaling);
    status = append_networks(&texts->input, potential, error);
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
