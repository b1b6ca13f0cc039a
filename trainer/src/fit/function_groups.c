/* One group for each set of neighbor elements. */
#include "function_groups.h"

#include <stdlib.h>
#include <string.h>

static void find_neighbors(const struct nnp_symmetry *function, int n_elements,
                           bool *is_neighbor)
{
    const int n = nnp_symmetry_n_neighbors(function->type);
    for (int e = 0; e < n_elements; e++)
        is_neighbor[e] = n == 0;
    for (int k = 0; k < n; k++)
        is_neighbor[function->neighbors[k]] = true;
}

/* The group of that set; a new one where there is none; NULL where memory fails. */
static struct nnp_function_group *find_group(struct nnp_function_groups *groups, int e,
                                             int n_functions, const bool *is_neighbor,
                                             bool states)
{
    const size_t size = (size_t)groups->n_elements * sizeof *is_neighbor;
    struct nnp_function_group *group = groups->groups[e];
    for (int g = 0; g < groups->n_groups[e]; g++, group++)
        if (group->states == states && memcmp(group->is_neighbor, is_neighbor, size) == 0)
            return group;
    group->states = states;
    group->functions = calloc((size_t)n_functions, sizeof *group->functions);
    group->is_neighbor = malloc(size);
    groups->n_groups[e]++; /* to be freed in any case */
    if (!group->functions || !group->is_neighbor)
        return NULL;
    memcpy(group->is_neighbor, is_neighbor, size);
    return group;
}

static bool divide(struct nnp_function_groups *groups, int e,
                   const struct nnp_descriptor *descriptor, bool *is_neighbor)
{
    const int n = descriptor->n_functions;
    groups->groups[e] = calloc((size_t)n + 1, sizeof *groups->groups[e]);
    if (!groups->groups[e])
        return false;
    for (int k = 0; k < n; k++) {
        const struct nnp_symmetry *function = &descriptor->functions[k];
        find_neighbors(function, groups->n_elements, is_neighbor);
        struct nnp_function_group *group =
            find_group(groups, e, n, is_neighbor, nnp_symmetry_n_neighbors(function->type) > 0);
        if (!group)
            return false;
        group->functions[group->n_functions++] = k;
    }
    return true;
}

bool nnp_function_groups_init(struct nnp_function_groups *groups,
                              const struct nnp_potential *potential)
{
    const size_t n_elements = (size_t)potential->n_elements;
    bool *is_neighbor = calloc(n_elements, sizeof *is_neighbor);
    *groups = (struct nnp_function_groups){.n_elements = potential->n_elements};
    groups->n_groups = calloc(n_elements, sizeof *groups->n_groups);
    groups->groups = calloc(n_elements, sizeof *groups->groups);
    bool done = is_neighbor && groups->n_groups && groups->groups;
    for (int e = 0; done && e < groups->n_elements; e++)
        done = divide(groups, e, &potential->descriptors[e], is_neighbor);
    free(is_neighbor);
    return done;
}

void nnp_function_groups_free(struct nnp_function_groups *groups)
{
    for (int e = 0; groups->n_groups && groups->groups && e < groups->n_elements; e++) {
        for (int g = 0; g < groups->n_groups[e]; g++) {
            free(groups->groups[e][g].functions);
            free(groups->groups[e][g].is_neighbor);
        }
        free(groups->groups[e]);
    }
    free(groups->n_groups);
    free(groups->groups);
    *groups = (struct nnp_function_groups){0};
}

bool nnp_function_group_is_active(const struct nnp_function_group *group, int n_elements,
                                  const bool *present)
{
    bool active = true;
    for (int e = 0; group->states && e < n_elements; e++)
        active = active && (present[e] || !group->is_neighbor[e]);
    return active;
}
