/* What initial potentials and the key `repulsion` say of each pair of elements: a pair that an
 * initial potential covers keeps what this has, or has not; all others have what the key
 * states. */
#include "config_known.h"
#include "config_parts.h"
#include "nnp/element.h"
#include "repulsion_check.h"

#include <stdlib.h>

static struct nnp_repulsion_pair pair_of(const struct nnp_config *config,
                                         const struct nnp_repulsion *repulsion, int a, int b)
{
    struct nnp_repulsion_pair pair =
        nnp_repulsion_of(repulsion, config->atomic_numbers[a], config->atomic_numbers[b]);
    pair.atomic_numbers[0] = config->atomic_numbers[a];
    pair.atomic_numbers[1] = config->atomic_numbers[b];
    return pair;
}

static bool is_same(const struct nnp_repulsion_pair *p, const struct nnp_repulsion_pair *q)
{
    return p->inner == q->inner && p->outer == q->outer && p->amplitude == q->amplitude &&
           p->decay == q->decay;
}

/* As in a file; the caller frees text->data. */
static const char *describe(struct nnp_text *text, enum nnp_repulsion_type type,
                            const struct nnp_repulsion_pair *pair)
{
    const struct nnp_repulsion alone = {pair->outer > 0.0 ? type : NNP_REPULSION_NONE,
                                        pair->inner,
                                        pair->outer,
                                        pair->amplitude,
                                        pair->decay,
                                        0,
                                        NULL};
    nnp_repulsion_write(&alone, text);
    return text->failed ? "?" : text->data;
}

/* ---- Of several potentials ---- */

static enum nnp_status join_types(struct nnp_config *config, const struct nnp_yaml_node *node,
                                  struct nnp_error *error)
{
    struct nnp_repulsion *joined = &config->repulsion;
    for (int f = 0; f < config->n_initial; f++) {
        const enum nnp_repulsion_type type = config->initial[f]->repulsion.type;
        if (joined->type == NNP_REPULSION_NONE)
            joined->type = type;
        else if (type != NNP_REPULSION_NONE && type != joined->type)
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "%.400s has a repulsion of the type %s, expected %s, that of "
                                  "another initial potential",
                                  config->initial_files[f], nnp_repulsion_name(type),
                                  nnp_repulsion_name(joined->type));
    }
    return NNP_SUCCESS;
}

static bool has_both(const struct nnp_config *config, int f, int a, int b)
{
    const struct nnp_potential *potential = config->initial[f];
    return nnp_potential_element_index(potential, config->atomic_numbers[a]) >= 0 &&
           nnp_potential_element_index(potential, config->atomic_numbers[b]) >= 0;
}

static enum nnp_status join_pair(struct nnp_config *config, int a, int b,
                                 const struct nnp_yaml_node *node, struct nnp_error *error)
{
    struct nnp_repulsion *joined = &config->repulsion;
    struct nnp_repulsion_pair first = {0};
    bool found = false;
    for (int f = 0; f < config->n_initial; f++) {
        if (!has_both(config, f, a, b))
            continue;
        const struct nnp_repulsion_pair pair =
            pair_of(config, &config->initial[f]->repulsion, a, b);
        if (found && !is_same(&first, &pair))
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "%.400s has another repulsion of %s and %s than an initial "
                                  "potential before it, expected the same",
                                  config->initial_files[f],
                                  nnp_element_symbol(config->atomic_numbers[a]),
                                  nnp_element_symbol(config->atomic_numbers[b]));
        first = pair;
        found = true;
    }
    if (first.outer > 0.0)
        joined->pairs[joined->n_pairs++] = first;
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_join_repulsions(struct nnp_config *config,
                                           const struct nnp_yaml_node *node,
                                           struct nnp_error *error)
{
    const size_t n = (size_t)config->n_elements;
    if (config->n_initial == 1)
        return nnp_repulsion_copy(&config->repulsion, &config->initial[0]->repulsion, error);
    enum nnp_status status = join_types(config, node, error);
    if (status)
        return status;
    config->repulsion.pairs = calloc(n * (n + 1) / 2, sizeof *config->repulsion.pairs);
    if (!config->repulsion.pairs)
        return nnp_config_no_memory(node, error);
    for (int a = 0; a < config->n_elements; a++)
        for (int b = a; b < config->n_elements && !status; b++)
            status = join_pair(config, a, b, node, error);
    return status;
}

/* ---- With the key ---- */

static enum nnp_status check_type(const struct nnp_config *config,
                                  const struct nnp_yaml_node *node,
                                  const struct nnp_repulsion *stated, struct nnp_error *error)
{
    const enum nnp_repulsion_type known = config->repulsion.type;
    if (stated->type == NNP_REPULSION_NONE || known == NNP_REPULSION_NONE ||
        stated->type == known)
        return NNP_SUCCESS;
    return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                          "the type of the repulsion is %s, expected %s, that of the initial "
                          "potentials, which is kept",
                          nnp_repulsion_name(stated->type), nnp_repulsion_name(known));
}

static enum nnp_status check_symbols(const struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     const struct nnp_repulsion *stated,
                                     struct nnp_error *error)
{
    for (int k = 0; k < 2 * stated->n_pairs; k++) {
        const int z = stated->pairs[k / 2].atomic_numbers[k % 2];
        bool listed = false;
        for (int e = 0; e < config->n_elements; e++)
            listed = listed || config->atomic_numbers[e] == z;
        if (!listed)
            return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                                  "repulsion has a pair with %s, which is not among the "
                                  "elements",
                                  nnp_element_symbol(z));
    }
    return NNP_SUCCESS;
}

/* What is stated of a pair that an initial potential covers is what this has; a list says
 * nothing of the pairs that it does not have. */
static enum nnp_status check_covered(const struct nnp_config *config, int a, int b,
                                     const struct nnp_yaml_node *node,
                                     const struct nnp_repulsion *stated,
                                     struct nnp_error *error)
{
    const struct nnp_repulsion_pair known = pair_of(config, &config->repulsion, a, b);
    const struct nnp_repulsion_pair pair = pair_of(config, stated, a, b);
    const bool is_stated = stated->type == NNP_REPULSION_NONE || pair.outer > 0.0;
    struct nnp_text own = {0}, theirs = {0};
    if (!is_stated || is_same(&known, &pair))
        return NNP_SUCCESS;
    const enum nnp_status status = nnp_yaml_error(
        node, error, NNP_ERROR_INCONSISTENT,
        "the repulsion of %s and %s is %s, expected %s, that of the initial potential with "
        "both, which is kept (the key may be left out, or list other pairs alone)",
        nnp_element_symbol(config->atomic_numbers[a]),
        nnp_element_symbol(config->atomic_numbers[b]), describe(&own, stated->type, &pair),
        describe(&theirs, config->repulsion.type, &known));
    free(own.data);
    free(theirs.data);
    return status;
}

/* Of a pair that no initial potential covers; where radii come from the data, later. */
static enum nnp_status add_pair(struct nnp_config *config, int a, int b,
                                const struct nnp_repulsion *stated, struct nnp_error *error)
{
    struct nnp_repulsion *repulsion = &config->repulsion;
    if (!stated && repulsion->type != NNP_REPULSION_NONE)
        return nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                             "%s: initial potentials have a repulsion, but none covers %s and "
                             "%s, expected the key 'repulsion' with this pair",
                             config->path, nnp_element_symbol(config->atomic_numbers[a]),
                             nnp_element_symbol(config->atomic_numbers[b]));
    if (!stated)
        return NNP_SUCCESS;
    const struct nnp_repulsion_pair pair = pair_of(config, stated, a, b);
    if (pair.outer > 0.0)
        repulsion->pairs[repulsion->n_pairs++] = pair;
    return NNP_SUCCESS;
}

enum nnp_status nnp_config_take_repulsion(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          const struct nnp_repulsion *stated,
                                          struct nnp_error *error)
{
    enum nnp_status status = NNP_SUCCESS;
    bool any_new = false;
    if (stated)
        status = check_type(config, node, stated, error);
    if (stated && !status)
        status = check_symbols(config, node, stated, error);
    for (int a = 0; a < config->n_elements; a++)
        for (int b = a; b < config->n_elements && !status; b++) {
            const bool covered = nnp_config_is_covered(config, a, b, -1);
            any_new = any_new || !covered;
            if (!covered)
                status = add_pair(config, a, b, stated, error);
            else if (stated)
                status = check_covered(config, a, b, node, stated, error);
        }
    if (!status && config->repulsion_from_data && !any_new)
        return nnp_yaml_error(node, error, NNP_ERROR_INCONSISTENT,
                              "radii of the repulsion are asked from the data, but an initial "
                              "potential covers all pairs of elements and its repulsion is "
                              "kept, expected no such key");
    if (stated && stated->type != NNP_REPULSION_NONE)
        config->repulsion.type = stated->type;
    return status;
}
