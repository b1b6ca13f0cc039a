/* Potentials with random functions and weights, for tests. */
#ifndef NNP_TEST_RANDOM_POTENTIAL_H
#define NNP_TEST_RANDOM_POTENTIAL_H

#include "nnp/potential.h"

enum random_cutoffs {
    RANDOM_CUTOFFS_COS,    /* cos, 5: functions share weights */
    RANDOM_CUTOFFS_SMOOTH, /* each function its own type and radius, 3.5 to 5, of those with two
                              continuous derivatives, so that central differences converge as
                              h^2 */
    RANDOM_CUTOFFS_ALL     /* each its own, of all but hard */
};

struct random_potential_options {
    int n_elements; /* up to 3: Li, Cu, Au */
    int n_members;
    int with_narrow;     /* narrow functions */
    int with_fractional; /* wide functions of non-integer and of large zeta */
    int with_compact;    /* weighted and compact functions */
    int with_projection;
    enum random_cutoffs cutoffs;
    unsigned long long seed;
};

/* Freed with nnp_potential_free; fails the test without memory. */
struct nnp_potential *random_potential(const struct random_potential_options *options);

#endif
