/* Provenance of a potential: storage, checks, and its part of the file format. */
#ifndef NNP_PROVENANCE_H
#define NNP_PROVENANCE_H

#include "nnp/potential.h"
#include "text.h"
#include "yaml.h"

void nnp_provenance_free(struct nnp_provenance *provenance);

/* Texts are valid UTF-8, names are not missing, numbers are finite, sums have 64 digits. */
enum nnp_status nnp_provenance_check(const struct nnp_provenance *provenance,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* Fills a zeroed provenance from the mapping; after a failure, too, it can be freed. */
enum nnp_status nnp_provenance_read(struct nnp_provenance *provenance,
                                    const struct nnp_yaml_node *node,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Appends the key and its mapping. */
void nnp_provenance_write(const struct nnp_provenance *provenance, struct nnp_text *text);

#endif
