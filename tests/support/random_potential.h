/* Random, reproducible potentials that pass nnp_potential_check. */
#ifndef NNP_TEST_RANDOM_POTENTIAL_H
#define NNP_TEST_RANDOM_POTENTIAL_H

#include "nnp/potential.h"

#include <stdbool.h>
#include <stdint.h>

/* Zero fields take the default in brackets. */
struct nnp_random_options {
    uint64_t seed;
    int n_elements;                  /* 1 to 3: Li, Li Au, Li Sn Au [2] */
    int n_members;                   /* [1] */
    int n_radial;                    /* per neighbor element [2] */
    int n_wide, n_narrow;            /* per pair of neighbor elements [2, 1]; negative: none */
    int n_hidden;                    /* nodes of each of two hidden layers [5] */
    double r_cut;                    /* Angstrom [6] */
    bool vary_cutoffs;               /* any cutoff function, alpha, and radii of 0.7 to 1 r_cut;
                                        otherwise cos with r_cut */
    bool fractional_zeta;            /* also zeta that are no integers */
    bool projection;                 /* to two thirds of the functions */
    enum nnp_scaling_method scaling; /* [none] */
};

/* The caller frees it with nnp_potential_free; NULL: no memory. */
struct nnp_potential *nnp_random_potential(const struct nnp_random_options *options);

#endif
