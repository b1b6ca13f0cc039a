/* Groups of symmetry functions, as written in a configuration. */
#ifndef NNP_CONFIG_GROUP_H
#define NNP_CONFIG_GROUP_H

#include "config_parts.h"

struct nnp_config_list {
    int n;
    double *values; /* [n], owned */
};

/* Owns all pointers. */
struct nnp_config_group {
    enum nnp_symmetry_type type;
    struct nnp_cutoff cutoff;
    struct nnp_config_list eta, r_shift, lambda, zeta;
    bool paired;     /* eta and r_shift, of the same length, are taken pair by pair */
    bool *centers;   /* [n_elements] */
    bool *neighbors; /* [n_elements][1 + n_elements], see below */
};

/* Reads a group of radial or angular functions; cutoff is the default, of radius 0 if there is
 * none.  The group is to be freed also on failure. */
enum nnp_status nnp_config_group_read(const struct nnp_config *config,
                                      const struct nnp_yaml_node *node, bool angular,
                                      const struct nnp_cutoff *cutoff,
                                      struct nnp_config_group *group,
                                      struct nnp_error *error) NNP_MUST_CHECK;
void nnp_config_group_free(struct nnp_config_group *group);

/* Whether the group has functions of these neighbor elements; second is -1 for radial ones, and
 * at least first for angular ones. */
bool *nnp_config_group_neighbors(const struct nnp_config *config,
                                 const struct nnp_config_group *group, int first, int second);

/* Sets the four lists of a group whose type and cutoff are set. */
enum nnp_status nnp_config_read_parameters(const struct nnp_yaml_node *node,
                                           struct nnp_config_group *group,
                                           struct nnp_error *error) NNP_MUST_CHECK;

/* Changes what is stated of a cutoff; its radius, 0 if it was not stated before, must be. */
enum nnp_status nnp_config_read_cutoff(const struct nnp_yaml_node *node,
                                       struct nnp_cutoff *cutoff,
                                       struct nnp_error *error) NNP_MUST_CHECK;

#endif
