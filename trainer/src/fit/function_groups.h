/* Functions of an element by the elements whose atoms they sum over: their derivatives by the
 * coordinates of all other atoms but their own are zero. */
#ifndef NNP_FUNCTION_GROUPS_H
#define NNP_FUNCTION_GROUPS_H

#include "nnp/potential.h"

#include <stdbool.h>

struct nnp_function_group {
    int n_functions;
    int *functions;    /* [n_functions], ascending */
    bool *is_neighbor; /* [n_elements] */
    bool states;       /* its functions state these; otherwise they sum over all */
};

/* Zero-initialised; owns. */
struct nnp_function_groups {
    int n_elements;
    int *n_groups;                      /* [n_elements] */
    struct nnp_function_group **groups; /* [n_elements][n_groups] */
};

/* False where memory fails; the groups are to be freed all the same. */
bool nnp_function_groups_init(struct nnp_function_groups *groups,
                              const struct nnp_potential *potential);
void nnp_function_groups_free(struct nnp_function_groups *groups);

/* Whether its functions can vary in a structure that contains the elements present
 * [n_elements]: all that they state. */
bool nnp_function_group_is_active(const struct nnp_function_group *group, int n_elements,
                                  const bool *present);

#endif
