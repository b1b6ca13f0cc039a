/* Domains of the parts of a potential, for the reader, which knows their places in the file,
 * and for the check of whole potentials.
 *
 * Where a check fails, *key is the key of the file format that holds the offending value, or
 * NULL where it is the whole part. */
#ifndef NNP_POTENTIAL_CHECK_H
#define NNP_POTENTIAL_CHECK_H

#include "nnp/potential.h"

/* Element i; it must also come after element i - 1. */
enum nnp_status nnp_check_element(const struct nnp_element *elements, int i, const char **key,
                                  struct nnp_error *error) NNP_MUST_CHECK;

enum nnp_status nnp_check_cutoff(const struct nnp_cutoff *cutoff, const char **key,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* All but the cutoff. */
enum nnp_status nnp_check_symmetry(const struct nnp_symmetry *function, int n_elements,
                                   const char **key, struct nnp_error *error) NNP_MUST_CHECK;

/* Whether the weights are there where functions need them, and finite. */
enum nnp_status nnp_species_weights_check(const struct nnp_descriptor *descriptor,
                                          int n_elements,
                                          struct nnp_error *error) NNP_MUST_CHECK;

/* True for the methods that scale to a target interval. */
int nnp_scaling_has_target(enum nnp_scaling_method method);

enum nnp_status nnp_check_target(const struct nnp_scaling *scaling, const char **key,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* The statistics of function k. */
enum nnp_status nnp_check_range(const struct nnp_scaling *scaling, int k, const char **key,
                                struct nnp_error *error) NNP_MUST_CHECK;

#endif
