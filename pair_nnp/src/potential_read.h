/* Parts of the reader of potential files. */
#ifndef NNP_POTENTIAL_READ_H
#define NNP_POTENTIAL_READ_H

#include "nnp/element.h"
#include "nnp/potential.h"
#include "yaml.h"

/* What is being read. */
struct nnp_reader {
    struct nnp_potential *potential;
    const char *symbols[NNP_MAX_ATOMIC_NUMBER + 1]; /* of its elements, NULL-terminated */
    struct nnp_error *error;
};

/* Values of keys that must be there. */
enum nnp_status nnp_read_double(const struct nnp_yaml_node *mapping, const char *key,
                                double *value, struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_read_int(const struct nnp_yaml_node *mapping, const char *key, int *value,
                             struct nnp_error *error) NNP_MUST_CHECK;

/* A word out of names[n], as its index. */
enum nnp_status nnp_read_choice(const struct nnp_yaml_node *mapping, const char *key,
                                const char *const *names, int n, int *index,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* A mapping with exactly the potential's elements as keys; what is its name. */
enum nnp_status nnp_read_by_element(const struct nnp_reader *reader,
                                    const struct nnp_yaml_node *node,
                                    const char *what) NNP_MUST_CHECK;

/* A list with one item at least. */
enum nnp_status nnp_read_list(const struct nnp_yaml_node *node, const char *what,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* The detail of a check, at the place of key in mapping, or of mapping where there is none. */
enum nnp_status nnp_read_refused(const struct nnp_yaml_node *mapping, const char *key,
                                 const struct nnp_error *detail, struct nnp_error *error);

enum nnp_status nnp_read_no_memory(const struct nnp_yaml_node *node, struct nnp_error *error);

/* The descriptor of element i from the document's sections.  After a
 * failure, too, the potential can be freed. */
enum nnp_status nnp_read_functions(const struct nnp_reader *reader, int i,
                                   const struct nnp_yaml_node *node) NNP_MUST_CHECK;
enum nnp_status nnp_read_species_weights(const struct nnp_reader *reader, int i,
                                         const struct nnp_yaml_node *node) NNP_MUST_CHECK;
enum nnp_status nnp_read_scaling(const struct nnp_reader *reader, int i,
                                 const struct nnp_yaml_node *node) NNP_MUST_CHECK;
enum nnp_status nnp_read_projection(const struct nnp_reader *reader, int i,
                                    const struct nnp_yaml_node *node) NNP_MUST_CHECK;

/* Network m of element i. */
enum nnp_status nnp_read_network(const struct nnp_reader *reader, int m, int i,
                                 const struct nnp_yaml_node *node) NNP_MUST_CHECK;

#endif
