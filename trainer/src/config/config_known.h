/* Symmetry functions of a configuration, and those of them that initial potentials have. */
#ifndef NNP_CONFIG_KNOWN_H
#define NNP_CONFIG_KNOWN_H

#include "config.h"
#include "text.h"

/* Function j of the initial potential f for central element its_element, with neighbors as
 * indices of the configuration's elements. */
struct nnp_symmetry nnp_config_known_function(const struct nnp_config *config, int f,
                                              int its_element, int j);

/* Its type, neighbors and parameters but for the cutoff, these behind the separator. */
void nnp_config_describe_function(const struct nnp_config *config,
                                  const struct nnp_symmetry *function, const char *separator,
                                  struct nnp_text *text);

/* Whether some initial potential has function k of the configuration's element. */
bool nnp_config_is_known(const struct nnp_config *config, int element, int k);

/* Whether some initial potential covers all three elements, so that its functions between them
 * are all there are; second: -1 for pairs. */
bool nnp_config_is_covered(const struct nnp_config *config, int center, int first, int second);

#endif
