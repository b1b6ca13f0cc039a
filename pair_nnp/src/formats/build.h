/* Potentials out of the parts that other codes' files state. */
#ifndef NNP_FORMATS_BUILD_H
#define NNP_FORMATS_BUILD_H

#include "nnp/potential.h"

/* The bounds of the range in training of functions for which it is not known. */
#define NNP_UNKNOWN_RANGE 1e300

/* A potential of elements in ascending order, from atomic numbers in the order of a file;
 * places: [n], index in the potential of each.  NNP_ERROR_ELEMENT: one is there twice. */
enum nnp_status nnp_build_new(struct nnp_potential **potential, int n,
                              const int *atomic_numbers, int *places,
                              struct nnp_error *error) NNP_MUST_CHECK;

/* Appends a copy of a function; neighbors may stand in any order. */
enum nnp_status nnp_build_function(struct nnp_descriptor *descriptor,
                                   const struct nnp_symmetry *function,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Which code the potential is of, and what a reader should know; either may be NULL. */
enum nnp_status nnp_build_provenance(struct nnp_potential *potential, const char *program,
                                     const char *comment,
                                     struct nnp_error *error) NNP_MUST_CHECK;

#endif
