/* The spread of a committee: what its members, each alone, predict for a structure.
 *
 *   energy   s_E = sqrt( sum_m (E_m - E)^2 / M )
 *   force    s_F = sqrt( sum_m |F_m - F|^2 / (3 M) )     of an atom, per component
 *
 * with E and F the means of M members, which are the potential's energy and forces;
 * divided by M as the evaluator divides (nnp/evaluate.h), whose spread of a force is that of the
 * vector, sqrt(3) s_F. */
#ifndef NNP_COMMITTEE_H
#define NNP_COMMITTEE_H

#include "nnp/potential.h"
#include "nnp/status.h"
#include "parallel.h"
#include "structure.h"

struct nnp_committee;

/* Of one structure.  Doubles only: ranks exchange them. */
struct nnp_spread {
    double energy;       /* s_E per atom, eV */
    double energy_error; /* |E - E_ref| per atom, eV; negative: not known */
    double forces;       /* sum over atoms of s_F^2 */
    double n_atoms;
    /* Over atoms with a reference force: their number, and sums of s_F, of the errors e =
     * |F - F_ref| / sqrt 3, and of products. */
    double n_errors, sum_s, sum_e, sum_ss, sum_ee, sum_se;
};

/* Of a set of structures. */
struct nnp_spread_summary {
    int n_members, n_structures;
    double energy, forces;                         /* root mean squares, eV/atom, eV/Angstrom */
    double energy_correlation, forces_correlation; /* Pearson's, of spread and error; NaN: not
                                                      known */
};

/* The potential (borrowed) has two members or more.  On failure *committee is NULL. */
enum nnp_status nnp_committee_create(struct nnp_committee **committee,
                                     const struct nnp_potential *potential,
                                     struct nnp_error *error) NNP_MUST_CHECK;
void nnp_committee_free(struct nnp_committee *committee); /* NULL is allowed */

/* force_spreads: [n_atoms], s_F of every atom, set, or NULL.  Messages name the structure's
 * file and line. */
enum nnp_status nnp_committee_evaluate(struct nnp_committee *committee,
                                       const struct nnp_structure *structure,
                                       struct nnp_spread *spread, double *force_spreads,
                                       struct nnp_error *error) NNP_MUST_CHECK;

struct nnp_spread_summary nnp_committee_summarize(const struct nnp_committee *committee, int n,
                                                  const struct nnp_spread *spreads);

/* Collective: the summary of structures [n], the same bits on any number of ranks. */
enum nnp_status nnp_committee_compare(const struct nnp_parallel *parallel,
                                      const struct nnp_potential *potential, int n,
                                      const struct nnp_structure *const *structures,
                                      struct nnp_spread_summary *summary,
                                      struct nnp_error *error) NNP_MUST_CHECK;

#endif
