/* input.nn of a potential, and what it can express; the conventions stand in formats/n2p2.h. */
#include "formats/n2p2.h"
#include "formats/n2p2_write.h"
#include "potential_check.h"

#include <string.h>

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
            if (nnp_symmetry_is_chebyshev(f->type))
                REFUSE("it has no Chebyshev functions");
            if (f->asymmetric && f->cutoff.type == NNP_CUTOFF_EXP)
                REFUSE("it has no asymmetric exponential core");
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

/* Whether the networks agree in what n2p2 has no keyword for by element. */
static bool has_global_end(const struct nnp_network *a, const struct nnp_network *b)
{
    const int n = a->n_layers;
    return n == b->n_layers && a->layers[n - 1].activation == b->layers[n - 1].activation &&
           (n == 1 || a->layers[n - 2].n_outputs == b->layers[n - 2].n_outputs);
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
        if (!has_global_end(network, &potential->networks[0]))
            REFUSE("n2p2 takes the number of layers, the last hidden layer's nodes and the "
                   "output's activation from one keyword for all elements, and the network of "
                   "%s differs there",
                   symbol_of(potential, e));
    }
    return NNP_SUCCESS;
}

enum nnp_status nnp_n2p2_check(const struct nnp_potential *potential,
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

/* ---- input.nn ---- */

void nnp_n2p2_append_number(struct nnp_text *text, double value)
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
        nnp_n2p2_append_number(text, element->mass);
        nnp_text_append(text, "\n");
    }
    nnp_text_append(text, "number_of_elements %d\nelements", potential->n_elements);
    for (int e = 0; e < potential->n_elements; e++)
        nnp_text_append(text, " %s", symbol_of(potential, e));
    nnp_text_append(text, "\n");
    for (int e = 0; e < potential->n_elements; e++) {
        nnp_text_append(text, "atom_energy %s", symbol_of(potential, e));
        nnp_n2p2_append_number(text, potential->elements[e].energy);
        nnp_text_append(text, "\n");
    }
}

static void append_cutoff_and_scaling(struct nnp_text *text, const struct nnp_cutoff *cutoff,
                                      const struct nnp_scaling *scaling)
{
    const enum nnp_scaling_method method = scaling->method;
    nnp_text_append(text, "cutoff_type %d", cutoff ? (int)cutoff->type : NNP_CUTOFF_COS);
    nnp_n2p2_append_number(text, cutoff ? cutoff->alpha : 0.0);
    nnp_text_append(text, "\n");
    if (method == NNP_SCALING_MINMAX || method == NNP_SCALING_MINMAX_CENTER)
        nnp_text_append(text, "scale_symmetry_functions\n");
    if (method == NNP_SCALING_CENTER || method == NNP_SCALING_MINMAX_CENTER)
        nnp_text_append(text, "center_symmetry_functions\n");
    if (method == NNP_SCALING_SIGMA)
        nnp_text_append(text, "scale_symmetry_functions_sigma\n");
    if (nnp_scaling_has_target(method)) {
        nnp_text_append(text, "scale_min_short");
        nnp_n2p2_append_number(text, scaling->target_min);
        nnp_text_append(text, "\nscale_max_short");
        nnp_n2p2_append_number(text, scaling->target_max);
        nnp_text_append(text, "\n");
    }
}

static bool same_nodes(const struct nnp_network *a, const struct nnp_network *b)
{
    for (int l = 0; l < a->n_layers; l++)
        if (a->layers[l].n_outputs != b->layers[l].n_outputs)
            return false;
    return true;
}

static bool same_activations(const struct nnp_network *a, const struct nnp_network *b)
{
    for (int l = 0; l < a->n_layers; l++)
        if (a->layers[l].activation != b->layers[l].activation)
            return false;
    return true;
}

static void append_nodes(struct nnp_text *text, const struct nnp_network *network)
{
    for (int l = 0; l < network->n_layers - 1; l++)
        nnp_text_append(text, " %d", network->layers[l].n_outputs);
    nnp_text_append(text, "\n");
}

static void append_activations(struct nnp_text *text, const struct nnp_network *network)
{
    for (int l = 0; l < network->n_layers; l++)
        nnp_text_append(text, " %c", NNP_N2P2_ACTIVATIONS[network->layers[l].activation]);
    nnp_text_append(text, "\n");
}

/* The network that most have the activations of. */
static const struct nnp_network *usual_network(const struct nnp_potential *potential)
{
    const struct nnp_network *usual = potential->networks;
    for (int e = 0, most = 0; e < potential->n_elements; e++) {
        int n = 0;
        for (int f = 0; f < potential->n_elements; f++)
            n += same_activations(&potential->networks[e], &potential->networks[f]);
        if (n > most) {
            most = n;
            usual = &potential->networks[e];
        }
    }
    return usual;
}

/* n2p2 takes element_activation_short once only.  "element_nodes_short Li 2 7" would be layer 2
 * to RuNNer; our reader tells it by the number of weights. */
static enum nnp_status append_networks(struct nnp_text *text,
                                       const struct nnp_potential *potential,
                                       struct nnp_error *error)
{
    const struct nnp_network *usual = usual_network(potential);
    int n_activations = 0;
    nnp_text_append(text, "global_hidden_layers_short %d\nglobal_nodes_short",
                    usual->n_layers - 1);
    append_nodes(text, usual);
    nnp_text_append(text, "global_activation_short");
    append_activations(text, usual);
    for (int e = 0; e < potential->n_elements; e++) {
        const struct nnp_network *network = &potential->networks[e];
        if (!same_nodes(network, usual)) {
            nnp_text_append(text, "element_nodes_short %s", symbol_of(potential, e));
            append_nodes(text, network);
        }
        if (same_activations(network, usual))
            continue;
        if (n_activations++)
            REFUSE("the activations of several elements differ");
        nnp_text_append(text, "element_activation_short %s", symbol_of(potential, e));
        append_activations(text, network);
    }
    return NNP_SUCCESS;
}

void nnp_n2p2_append_function(struct nnp_text *text, const struct nnp_potential *potential,
                              int center, const struct nnp_symmetry *f)
{
    static const char *const cores[] = {"e", "p1", "p2", "p3", "p4"};
    const bool radial = nnp_symmetry_is_radial(f->type);
    nnp_text_append(text, "symfunction_short %s %d", symbol_of(potential, center),
                    nnp_n2p2_number(f->type));
    for (int i = 0; i < nnp_symmetry_n_neighbors(f->type); i++)
        nnp_text_append(text, " %s", symbol_of(potential, f->neighbors[i]));
    if (nnp_symmetry_is_compact(f->type)) {
        nnp_n2p2_append_number(text, f->r_low);
        nnp_n2p2_append_number(text, f->cutoff.radius);
        if (!radial) {
            nnp_n2p2_append_number(text, f->angle_low);
            nnp_n2p2_append_number(text, f->angle_high);
        }
        nnp_text_append(text, " %s%s\n", cores[f->cutoff.type - NNP_CUTOFF_EXP],
                        f->asymmetric ? "a" : "");
        return;
    }
    nnp_n2p2_append_number(text, f->eta);
    if (radial || f->type == NNP_SYMMETRY_WEIGHTED_NARROW)
        nnp_n2p2_append_number(text, f->r_shift);
    if (!radial) {
        nnp_n2p2_append_number(text, f->lambda);
        nnp_n2p2_append_number(text, f->zeta);
    }
    nnp_n2p2_append_number(text, f->cutoff.radius);
    if (!radial && f->type != NNP_SYMMETRY_WEIGHTED_NARROW && f->r_shift != 0.0)
        nnp_n2p2_append_number(text, f->r_shift);
    nnp_text_append(text, "\n");
}

enum nnp_status nnp_n2p2_append_settings(struct nnp_text *text,
                                         const struct nnp_potential *potential,
                                         const struct nnp_cutoff *cutoff,
                                         struct nnp_error *error)
{
    append_head(text, potential);
    append_cutoff_and_scaling(text, cutoff, &potential->descriptors[0].scaling);
    return append_networks(text, potential, error);
}
