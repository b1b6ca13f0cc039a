/* What a data set holds: counts, ranges, shortest distances, outliers. */
#ifndef NNP_SUMMARY_H
#define NNP_SUMMARY_H

#include "structure.h"
#include "text.h"

#include <stdbool.h>

struct nnp_summary_range {
    long n; /* values; 0: the others are not set */
    double min, max, sum, sum_of_squares;
    int min_at, max_at; /* structures */
};

struct nnp_summary_element {
    int atomic_number, n_structures;
    long n_atoms;
};

/* A value far from all others. */
struct nnp_summary_outlier {
    int structure;
    bool is_force;  /* the largest force component, else the energy per atom */
    double value;   /* eV/Angstrom, or eV/atom relative to a sum over elements */
    double typical; /* what the others have */
};

enum { NNP_MAX_OUTLIERS = 10 };

/* Zero-initialised; owns its arrays, borrows structures. */
struct nnp_summary {
    int n_structures;
    const struct nnp_structure *const *structures;
    long n_atoms;
    int fewest_atoms, most_atoms;
    int n_periodic, n_clusters;                     /* in all three directions, in none */
    int n_energies, n_forces, n_stresses, n_groups; /* structures with them; groups */
    int n_elements;
    struct nnp_summary_element *elements; /* [n_elements], ascending atomic number */
    struct nnp_summary_range energy;      /* eV/atom */
    struct nnp_summary_range force;       /* components, eV/Angstrom */
    struct nnp_summary_range stress;      /* components, GPa */
    struct nnp_summary_range *distances;  /* [n_elements][n_elements], of pairs, Angstrom; min
                                            only, of first <= second */
    struct nnp_summary_range nearest;     /* distance of each atom to the next */
    double smallest_width; /* of periodic cells between opposite faces; 0: none */
    int n_outliers;
    struct nnp_summary_outlier outliers[NNP_MAX_OUTLIERS];
};

/* Neighbors are searched up to this distance, Angstrom. */
extern const double nnp_summary_reach;

/* structures: [n], borrowed for the summary's life.  On failure *summary is empty. */
enum nnp_status nnp_summary_make(struct nnp_summary *summary, int n,
                                 const struct nnp_structure *const *structures,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_summary_free(struct nnp_summary *summary);

/* Lines for people. */
void nnp_summary_append(struct nnp_text *text, const struct nnp_summary *summary);

#endif
