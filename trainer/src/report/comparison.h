/* Predictions beside references, point by point: what tables and figures of a report show. */
#ifndef NNP_COMPARISON_H
#define NNP_COMPARISON_H

#include "nnp/potential.h"
#include "structure.h"

#include <stddef.h>

/* Structures by a name: "training", "test", "data". */
struct nnp_report_set {
    const char *name;
    int n_structures;
    const struct nnp_structure *const *structures; /* [n_structures] */
};

enum nnp_quantity {
    NNP_QUANTITY_ENERGY,
    NNP_QUANTITY_FORCES,
    NNP_QUANTITY_STRESS,
    NNP_N_QUANTITIES
};

/* eV/atom, eV/Angstrom or GPa. */
struct nnp_point {
    int structure; /* index into the comparison's structures */
    int atom;      /* negative: none */
    int component; /* x y z, or xx yy zz xy xz yz; negative: none */
    double reference, predicted;
};

struct nnp_compared_structure {
    const struct nnp_structure *structure;
    int set, group;
    int number;            /* within its set, from 1 */
    double element_energy; /* mean of the reference energies E0 of its atoms, eV */
    double energy_error;   /* eV/atom, magnitude; negative: not known */
    double force_error;    /* eV/Angstrom, root mean square; negative: not known */
    double energy_spread;  /* of a committee: standard deviation, eV/atom */
    double force_spread;   /* root mean square over components, eV/Angstrom */
    long n_extrapolations;
};

/* Zero-initialised; owns its arrays, borrows structures and names. */
struct nnp_comparison {
    int n_sets, n_groups, n_structures, n_members;
    const char **sets;   /* [n_sets] */
    const char **groups; /* [n_groups]; "" stands for structures without one */
    struct nnp_compared_structure *structures;
    struct {
        size_t n, capacity;
        struct nnp_point *points;
    } quantities[NNP_N_QUANTITIES];
};

/* Predicts all structures with the potential, and with each of its members where there are
 * several. */
enum nnp_status nnp_comparison_make(struct nnp_comparison *comparison,
                                    const struct nnp_potential *potential, int n_sets,
                                    const struct nnp_report_set *sets,
                                    struct nnp_error *error) NNP_MUST_CHECK;
void nnp_comparison_free(struct nnp_comparison *comparison);

/* Errors of a quantity over the points of a set (negative: all) and group (negative: all). */
struct nnp_errors {
    size_t n;
    double rmse, mae, largest; /* 0 without points */
};
struct nnp_errors nnp_comparison_errors(const struct nnp_comparison *comparison,
                                        enum nnp_quantity quantity, int set, int group);

/* "energy", "eV/atom", .. */
const char *nnp_quantity_name(enum nnp_quantity quantity);
const char *nnp_quantity_unit(enum nnp_quantity quantity);

#endif
