/* The shapes of the networks in n2p2's and RuNNer's input.nn. */
#include "formats/n2p2.h"

#include <string.h>

static enum nnp_status read_depth(struct nnp_n2p2_shape *shape,
                                  const struct nnp_scanner *scanner, int at,
                                  struct nnp_error *error)
{
    int n;
    if (!nnp_scanner_is_int(scanner, at, &n) || n < 0 || n >= NNP_N2P2_MAX_LAYERS)
        return nnp_n2p2_bad_line(scanner, "a number of hidden layers, 0 to 31", error);
    if (n + 1 == shape->n_layers) /* as that of all elements, whose nodes hold on */
        return NNP_SUCCESS;
    *shape = (struct nnp_n2p2_shape){.n_layers = n + 1, .is_own = at == 2};
    shape->sizes[n + 1] = 1;
    return NNP_SUCCESS;
}

static void add_reading(struct nnp_n2p2_shape *shape, int first, int last)
{
    if (shape->n_readings < NNP_N2P2_MAX_READINGS) {
        shape->readings[shape->n_readings].first = first;
        shape->readings[shape->n_readings++].last = last;
    }
}

static enum nnp_status read_nodes(struct nnp_n2p2_shape *shape,
                                  const struct nnp_scanner *scanner, int at,
                                  struct nnp_error *error)
{
    const int n_hidden = shape->n_layers - 1, global = shape->sizes[n_hidden];
    int layer, n;
    /* RuNNer's form for one element: the layer and its number of nodes. */
    if (at == 2 && scanner->n_words == 4 && nnp_scanner_is_int(scanner, 2, &layer) &&
        nnp_scanner_is_int(scanner, 3, &n) && layer >= 1 && layer <= n_hidden && n >= 1) {
        if (n_hidden == 2)
            add_reading(shape, layer, n);
        if (n_hidden == 2 && !shape->is_own)
            add_reading(shape, layer, global);
        shape->sizes[layer] = n;
        return NNP_SUCCESS;
    }
    for (int l = 1; l <= n_hidden; l++)
        if (!nnp_scanner_is_int(scanner, at + l - 1, &shape->sizes[l]) || shape->sizes[l] < 1)
            return nnp_n2p2_bad_line(scanner, "a number of nodes for each hidden layer", error);
    if (at == 2 && n_hidden > 0 && !shape->is_own)
        add_reading(shape, shape->sizes[1], global);
    return NNP_SUCCESS;
}

/* One letter for each hidden layer, then the output's, linear without it.  n2p2 passes over
 * the output's letter of one element, and takes that of all. */
static enum nnp_status read_activations(struct nnp_n2p2_shape *shape,
                                        const struct nnp_scanner *scanner, int at,
                                        struct nnp_error *error)
{
    static const char letters[] = NNP_N2P2_ACTIVATIONS;
    for (int l = 0; l < shape->n_layers; l++) {
        const int i = at + l;
        if (i == scanner->n_words && l == shape->n_layers - 1)
            break;
        const char *letter = i < scanner->n_words && !scanner->words[i][1]
                                 ? strchr(letters, scanner->words[i][0])
                                 : NULL;
        if (!letter)
            return nnp_n2p2_bad_line(
                scanner, "a letter of " NNP_N2P2_ACTIVATIONS " for each layer", error);
        if (l < shape->n_layers - 1 || at == 1 || shape->is_own)
            shape->activations[l] = (enum nnp_activation)(letter - letters);
    }
    return NNP_SUCCESS;
}

/* One of the three keywords for networks, of all elements ("global") or of one ("element"). */
static enum nnp_status
read_shapes(struct nnp_n2p2_settings *settings, struct nnp_scanner *scanner, const char *scope,
            const char *keyword,
            enum nnp_status (*read)(struct nnp_n2p2_shape *, const struct nnp_scanner *, int,
                                    struct nnp_error *),
            bool *found, struct nnp_error *error)
{
    const bool global = strcmp(scope, "global") == 0;
    const size_t length = strlen(scope);
    enum nnp_status status = NNP_SUCCESS;
    nnp_scanner_rewind(scanner);
    while (!status && nnp_scanner_line(scanner)) {
        const char *word = scanner->words[0];
        if (strncmp(word, scope, length) != 0 || strcmp(word + length, keyword) != 0)
            continue;
        *found = true;
        const int e =
            global || scanner->n_words < 2 ? -1 : nnp_n2p2_element(settings, scanner->words[1]);
        if (!global && e < 0)
            return nnp_n2p2_bad_line(scanner, "one of the elements", error);
        if (!global)
            status = read(&settings->shapes[e], scanner, 2, error);
        for (int k = 0; global && !status && k < settings->n_elements; k++)
            status = read(&settings->shapes[k], scanner, 1, error);
    }
    return status;
}

enum nnp_status nnp_n2p2_networks_read(struct nnp_n2p2_settings *settings,
                                       struct nnp_scanner *scanner, struct nnp_error *error)
{
    static const char *const keywords[3] = {"_hidden_layers_short", "_nodes_short",
                                            "_activation_short"};
    enum nnp_status (*const reads[3])(struct nnp_n2p2_shape *, const struct nnp_scanner *, int,
                                      struct nnp_error *) = {read_depth, read_nodes,
                                                             read_activations};
    enum nnp_status status = NNP_SUCCESS;
    for (int k = 0; k < 3 && !status; k++) {
        bool found = false;
        status = read_shapes(settings, scanner, "global", keywords[k], reads[k], &found, error);
        if (!status && !found)
            return nnp_error_set(error, NNP_ERROR_SYNTAX,
                                 "%s: there is no line 'global%s', expected the shape of the "
                                 "networks",
                                 scanner->file, keywords[k]);
    }
    bool found = false;
    for (int k = 0; k < 3 && !status; k++)
        status =
            read_shapes(settings, scanner, "element", keywords[k], reads[k], &found, error);
    for (int e = 0; e < settings->n_elements && !status; e++)
        for (int l = 1; l <= settings->shapes[e].n_layers; l++)
            if (settings->shapes[e].sizes[l] < 1)
                return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                                     "%s: hidden layer %d of %s has no number of nodes, "
                                     "expected element_nodes_short",
                                     scanner->file, l,
                                     nnp_element_symbol(settings->atomic_numbers[e]));
    return status;
}
