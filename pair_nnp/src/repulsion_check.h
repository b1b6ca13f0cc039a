/* Domains of a repulsion, and its reading and writing, for potential files and configurations.
 */
#ifndef NNP_REPULSION_CHECK_H
#define NNP_REPULSION_CHECK_H

#include "nnp/potential.h"
#include "text.h"
#include "yaml.h"

/* Where a check fails: the pair (negative: none) and the key that holds the value (NULL: the
 * whole). */
struct nnp_repulsion_place {
    int pair;
    const char *key;
};

/* Numbers are in their domains, and no pair is there twice. */
enum nnp_status nnp_check_repulsion_numbers(const struct nnp_repulsion *repulsion,
                                            struct nnp_repulsion_place *place,
                                            struct nnp_error *error) NNP_MUST_CHECK;

/* The same, elements are the potential's, and no radius is beyond the cutoff of the functions
 * of an element: neighbors are known up to that. */
enum nnp_status nnp_check_repulsion(const struct nnp_potential *potential,
                                    struct nnp_repulsion_place *place,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* The mapping of a potential file, with numbers checked; *repulsion is zeroed before, and may
 * own memory after a failure, too. */
enum nnp_status nnp_repulsion_read(struct nnp_repulsion *repulsion,
                                   const struct nnp_yaml_node *mapping,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* The detail of a check at its place in the mapping. */
enum nnp_status nnp_repulsion_refused(const struct nnp_yaml_node *mapping,
                                      const struct nnp_repulsion_place *place,
                                      const struct nnp_error *detail, struct nnp_error *error);

/* "none", or the mapping. */
void nnp_repulsion_write(const struct nnp_repulsion *repulsion, struct nnp_text *text);

#endif
