/* What a data set holds: counts, ranges, shortest distances, outliers. */
#ifndef NNP_SURVEY_H
#define NNP_SURVEY_H

#include "structure.h"
#include "text.h"

#include <stdbool.h>

struct nnp_survey_range {
    long n; /* values; 0: the others are not set */
    double min, max, sum, sum_of_squares;
    int min_at, max_at; /* structures */
};

struct nnp_survey_element {
    int atomic_number, n_structures;
    long n_atoms;
};

/* A value far from all others. */
struct nnp_survey_outlier {
    int structure;
    bool is_force;  /* the largest force component, else the energy per atom */
    double value;   /* eV/Angstrom, or eV/atom relative to a sum over elements */
    double typical; /* what the others have */
};

enum { NNP_MAX_OUTLIERS = 10 };

/* Zero-initialised; owns its arrays, borrows structures. */
struct nnp_survey {
    int n_structures;
    const struct nnp_structure *const *structures;
    long n_atoms;
    int fewest_atoms, most_atoms;
    int n_periodic, n_clusters;                     /* in all three directions, in none */
    int n_energies, n_forces, n_stresses, n_groups; /* structures with them; groups */
    int n_elements;
    struct nnp_survey_element *elements; /* [n_elements], ascending atomic number */
    struct nnp_survey_range energy;      /* eV/atom */
    struct nnp_survey_range force;       /* components, eV/Angstrom */
    struct nnp_survey_range stress;      /* components, GPa */
    struct nnp_survey_range *distances;  /* [n_elements][n_elements], of pairs, Angstrom; min
                                            only, of first <= second */
    struct nnp_survey_range nearest;     /* distance of each atom to the next */
    double smallest_width;               /* of periodic cells between opposite faces; 0: none */
    int n_outliers;
    struct nnp_survey_outlier outliers[NNP_MAX_OUTLIERS];
};

/* Neighbors are searched up to this distance, Angstrom. */
extern const double nnp_survey_reach;

/* structures: [n], borrowed for the survey's life.  On failure *survey is empty. */
enum nnp_status nnp_survey_make(struct nnp_survey *survey, int n,
                                const struct nnp_structure *const *structures,
                                struct nnp_error *error) NNP_MUST_CHECK;
void nnp_survey_free(struct nnp_survey *survey);

/* Lines for people. */
void nnp_survey_append(struct nnp_text *text, const struct nnp_survey *survey);

#endif
