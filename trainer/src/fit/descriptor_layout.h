/* Where the symmetry functions and the Jacobian of a structure stand in memory.
 *
 * The Jacobian is one matrix [n_rows][3 n_atoms + 6] with a row for every atom and every
 * function that is active (that is, whose neighbor elements the structure contains, if it
 * states any), so that each product is one matrix-vector product.  Atoms stand in it by
 * element, and in their order within an element: those of an element are one matrix. */
#ifndef NNP_DESCRIPTOR_LAYOUT_H
#define NNP_DESCRIPTOR_LAYOUT_H

#include "nnp/potential.h"
#include "structure.h"

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised; owns. */
struct nnp_descriptor_layout {
    int n_atoms, n_elements, n_rows;
    int *elements; /* [n_atoms] */
    int *values;   /* [n_atoms], row among the values of the element's atoms in the block */
    int *places;   /* [n_atoms], first row of the Jacobian */
    int *n_own;    /* [n_elements], atoms */
    int *n_active; /* [n_elements] */
    int **active;  /* [n_elements][n_active], functions */
};

/* n_values: [n_elements], values of the block so far, to which the structure's are added. False
 * where memory fails; the layout is to be freed all the same. */
bool nnp_descriptor_layout_init(struct nnp_descriptor_layout *layout,
                                const struct nnp_potential *potential,
                                const struct nnp_structure *structure, int *n_values);
void nnp_descriptor_layout_free(struct nnp_descriptor_layout *layout);

/* Of any element. */
int nnp_descriptor_most_functions(const struct nnp_potential *potential);

/* The first atom of an element, of which there is one. */
int nnp_descriptor_layout_first(const struct nnp_descriptor_layout *layout, int element);

int nnp_descriptor_layout_n_columns(const struct nnp_descriptor_layout *layout);

/* Rows of the structure's Jacobian, without laying it out; negative where memory fails. */
double nnp_descriptor_layout_count(const struct nnp_potential *potential,
                                   const struct nnp_structure *structure);

#endif
