/* Symmetry functions of the atoms of one structure, one atom after another. */
#ifndef NNP_DESCRIPTOR_PASS_H
#define NNP_DESCRIPTOR_PASS_H

#include "nnp/evaluate.h"
#include "nnp/potential.h"
#include "structure.h"

struct nnp_descriptor_pass {
    const struct nnp_structure *structure; /* borrowed */
    struct nnp_neighbor_list list;
    int *types;    /* [n_all], elements of the potential */
    int *identity; /* [n_elements]: 0, 1, .. */
    struct nnp_atoms atoms;
};

/* Builds the neighbor list.  Results are in the potential's unit of length.  Messages name the
 * structure's file and line.  On failure there is nothing to free. */
enum nnp_status nnp_descriptor_pass_begin(struct nnp_descriptor_pass *pass,
                                          const struct nnp_potential *potential,
                                          const struct nnp_structure *structure,
                                          struct nnp_error *error) NNP_MUST_CHECK;

/* g: [n_functions]; dg_dr: [n_functions][n_atoms][3], dg_dstrain: [n_functions][6], or both
 * NULL. */
enum nnp_status nnp_descriptor_pass_atom(const struct nnp_descriptor_pass *pass,
                                         struct nnp_evaluator *evaluator, int atom, double *g,
                                         double *dg_dr, double *dg_dstrain,
                                         struct nnp_error *error) NNP_MUST_CHECK;
void nnp_descriptor_pass_end(struct nnp_descriptor_pass *pass);

#endif
