/* Curves of energy against volume, from tables and from data of any format. */
#ifndef NNP_CURVES_H
#define NNP_CURVES_H

#include "nnp/status.h"

struct nnp_curve {
    char *name;
    char *file; /* where it was read */
    int n, capacity;
    double *volumes, *energies; /* [n], Angstrom^3 and eV per atom */
};

/* Zero-initialised; owns all pointers. */
struct nnp_curves {
    int n;
    struct nnp_curve *curves;
};

/* Appends the curves of a file:
 *   a table (*.csv) with the columns volume and energy per atom, such as eos.in writes; where
 *     it has a column "curve", one curve for each of its values, else one whose name is that of
 *     the file without folder, "eos_" and ".csv"
 *   structures: one curve for each group (config_type) whose name ends in "_eos", without that
 *     ending
 * A curve of a name that is there already is NNP_ERROR_INCONSISTENT.  On failure curves may
 * hold a part of the file. */
enum nnp_status nnp_curves_read(struct nnp_curves *curves, const char *path,
                                struct nnp_error *error) NNP_MUST_CHECK;
const struct nnp_curve *nnp_curves_find(const struct nnp_curves *curves, const char *name);
void nnp_curves_free(struct nnp_curves *curves);

#endif
