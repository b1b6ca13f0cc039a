/* Root mean square errors, overall and per group of structures. */
#ifndef NNP_ACCURACY_H
#define NNP_ACCURACY_H

#include "fit_set.h"
#include "nnp/potential.h"
#include "structure.h"

/* Sums of squares: energies per atom, force components, stress components. */
struct nnp_accuracy {
    char *name;
    int n_structures, n_energies;
    long n_forces, n_stresses;
    double energy, forces, stress;
};

/* Zero-initialised; owns. */
struct nnp_accuracy_table {
    int n_rows;
    struct nnp_accuracy *rows; /* [n_rows] in the order in which names first appeared */
};

/* Adds a structure to the row of that name (copied), which is made where there is none. */
enum nnp_status nnp_accuracy_add(struct nnp_accuracy_table *table, const char *name,
                                 const struct nnp_structure *structure,
                                 const struct nnp_residual *residual,
                                 struct nnp_error *error) NNP_MUST_CHECK;
void nnp_accuracy_free(struct nnp_accuracy_table *table);

/* RMSEs of a row, negative where nothing is known; the name is borrowed. */
struct nnp_rmse nnp_accuracy_rmse(const struct nnp_accuracy *row);

#endif
