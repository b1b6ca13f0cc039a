/* Shortest distances between atoms of structures. */
#ifndef NNP_DISTANCES_H
#define NNP_DISTANCES_H

#include "nnp/status.h"
#include "structure.h"

struct nnp_close_pair {
    double distance; /* Angstrom; INFINITY: none within reach */
    int structure;   /* as the caller numbers them */
    int i, j;        /* atoms; the same where an atom meets its own image */
};

/* Lowers closest [n_elements][n_elements] (both orders of a pair are set) to the distances of a
 * structure that are below reach.  atomic_numbers: [n_elements]; other atoms do not count.
 * Messages name the structure's file and line. */
enum nnp_status nnp_distances_add(struct nnp_close_pair *closest, int n_elements,
                                  const int *atomic_numbers,
                                  const struct nnp_structure *structure, int number,
                                  double reach, struct nnp_error *error) NNP_MUST_CHECK;

/* The closest pair of all atoms of a structure below reach. */
enum nnp_status nnp_distances_closest(const struct nnp_structure *structure, double reach,
                                      struct nnp_close_pair *closest,
                                      struct nnp_error *error) NNP_MUST_CHECK;

#endif
