/* Parts of a configuration, each read from its place in the document. */
#ifndef NNP_CONFIG_PARTS_H
#define NNP_CONFIG_PARTS_H

#include "config.h"
#include "yaml.h"

/* Nodes may be NULL where a part may be left out: defaults are set. */
enum nnp_status nnp_config_read_data(struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_output(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_functions(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_scaling(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_repulsion(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_projection(struct nnp_config *config,
                                           const struct nnp_yaml_node *node,
                                           struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_networks(struct nnp_config *config,
                                         const struct nnp_yaml_node *node,
                                         struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_starts(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_loss(struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_stages(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_memory(struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_scratch(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* Its keys on the test set, but for test_files, which have been read. */
enum nnp_status nnp_config_read_division(struct nnp_config *config,
                                         const struct nnp_yaml_node *node,
                                         struct nnp_error *error) NNP_MUST_CHECK;

/* Frees what nnp_config_read_data has allocated. */
void nnp_config_free_data(struct nnp_config *config);

/* Its key on Chebyshev functions; cutoff: of all functions, of radius 0 if there is none. */
enum nnp_status nnp_config_read_chebyshev(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          const struct nnp_cutoff *cutoff,
                                          struct nnp_error *error) NNP_MUST_CHECK;

/* After elements and committee: files are read, converted to eV and Angstrom, and checked, and
 * what they state becomes the reference energies and the repulsion. */
enum nnp_status nnp_config_read_initial(struct nnp_config *config,
                                        const struct nnp_yaml_node *node,
                                        struct nnp_error *error) NNP_MUST_CHECK;
/* Numbers of a potential in other units; results are the same but for rounding. */
void nnp_config_convert_units(struct nnp_potential *potential);
/* The repulsions of the initial potentials become the configuration's, pair by pair. */
enum nnp_status nnp_config_join_repulsions(struct nnp_config *config,
                                           const struct nnp_yaml_node *node,
                                           struct nnp_error *error) NNP_MUST_CHECK;
/* Adds what the key `repulsion` states of pairs that no initial potential covers, after a check
 * of what it states of the others.  node and stated: NULL where the key is left out. */
enum nnp_status nnp_config_take_repulsion(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          const struct nnp_repulsion *stated,
                                          struct nnp_error *error) NNP_MUST_CHECK;
/* Fill in what initial potentials state, where the configuration does not; with initial
 * potentials only. */
enum nnp_status nnp_config_initial_functions(struct nnp_config *config,
                                             struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_initial_species_weights(struct nnp_config *config,
                                                   struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_initial_network(struct nnp_config *config, int element,
                                           struct nnp_error *error) NNP_MUST_CHECK;
/* The potential that covers an element; *its_index: the element's there.  NULL: none. */
const struct nnp_potential *nnp_config_initial_of(const struct nnp_config *config, int element,
                                                  int *its_index);
enum nnp_status nnp_config_read_committee(struct nnp_config *config,
                                          const struct nnp_yaml_node *node,
                                          struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_read_time(struct nnp_config *config,
                                     const struct nnp_yaml_node *node,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* freeze of a stage; both are to be freed also on failure. */
enum nnp_status nnp_config_read_freeze(const struct nnp_config *config,
                                       const struct nnp_yaml_node *node,
                                       struct nnp_stage *stage,
                                       struct nnp_error *error) NNP_MUST_CHECK;
void nnp_config_free_stage(struct nnp_stage *stage);

/* Replaces a name by its path, relative to the folder of the configuration. */
enum nnp_status nnp_config_resolve(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node, char **name,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* An order of symmetry functions in which equal ones are neighbors, for qsort. */
int nnp_config_compare_functions(const void *a, const void *b);

/* Numbers that a key admits. */
struct nnp_config_domain {
    bool (*holds)(double value);
    const char *expected; /* "at least 0" */
};
extern const struct nnp_config_domain nnp_at_least_0, nnp_at_least_1, nnp_above_0;
extern const struct nnp_config_domain nnp_below_1; /* and at least 0 */

/* Checks that node is a mapping without other keys (NULL-terminated). */
enum nnp_status nnp_config_mapping(const struct nnp_yaml_node *node, const char *what,
                                   const char *const *keys,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* A number of a domain. */
enum nnp_status nnp_config_number(const struct nnp_yaml_node *node, const char *what,
                                  const struct nnp_config_domain *domain, double *value,
                                  struct nnp_error *error) NNP_MUST_CHECK;

/* One of n words, where word(k) is the k-th: its index. */
enum nnp_status nnp_config_word(const struct nnp_yaml_node *node, const char *what, int n,
                                const char *(*word)(int k), int *index,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* Values of keys that may be missing: *value is unchanged then.  Integers are at least least.
 */
enum nnp_status nnp_config_get_number(const struct nnp_yaml_node *mapping, const char *key,
                                      const struct nnp_config_domain *domain, double *value,
                                      struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_get_int(const struct nnp_yaml_node *mapping, const char *key,
                                   int least, int *value,
                                   struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_config_get_seed(const struct nnp_yaml_node *mapping, unsigned long *value,
                                    struct nnp_error *error) NNP_MUST_CHECK;
/* A copy that replaces *value, which is owned. */
enum nnp_status nnp_config_get_text(const struct nnp_yaml_node *mapping, const char *key,
                                    char **value, struct nnp_error *error) NNP_MUST_CHECK;

/* A value is itself, or a list of such: number of items, and the i-th. */
int nnp_config_n_items(const struct nnp_yaml_node *node);
const struct nnp_yaml_node *nnp_config_item(const struct nnp_yaml_node *node, int i);

/* NNP_ERROR_VALUE where the value of a key is an empty list. */
enum nnp_status nnp_config_refuse_empty(const struct nnp_yaml_node *node, const char *key,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* Index in the configuration of the element whose symbol stands at node. */
enum nnp_status nnp_config_element(const struct nnp_config *config,
                                   const struct nnp_yaml_node *node, int *index,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* "file:line:column: out of memory". */
enum nnp_status nnp_config_no_memory(const struct nnp_yaml_node *node, struct nnp_error *error);

#endif
