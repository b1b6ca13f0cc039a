/* Phases with their compositions and energies, from tables and from data of any format. */
#ifndef NNP_PHASES_H
#define NNP_PHASES_H

#include "nnp/status.h"

#include <stdbool.h>

enum { NNP_PHASES_MAX_ELEMENTS = 118 };

struct nnp_phase {
    char *name;
    char *group;    /* kind of phase, "" if not stated */
    double energy;  /* eV/atom */
    double *amount; /* [n_elements of the phases], atoms */
};

/* Zero-initialised; owns all pointers. */
struct nnp_phases {
    int n_elements;
    int atomic_numbers[NNP_PHASES_MAX_ELEMENTS]; /* ascending */
    int n;
    struct nnp_phase *phases;
};

/* The phases of n_files files:
 *   a table (*.csv) with a column energy (eV/atom), a column for each element, named by its
 *     symbol, with numbers of atoms, and columns phase and group that may be missing
 *   structures: each with its energy, the group (config_type) as group, and sid= or name= of
 * its comment line, else file and line, as name NNP_ERROR_INCONSISTENT: a file without
 * elements, a phase without atoms.  On failure phases are empty. */
enum nnp_status nnp_phases_read(struct nnp_phases *phases, int n_files,
                                const char *const *files,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* Index of a phase by name, -1 if there is none. */
int nnp_phases_find(const struct nnp_phases *phases, const char *name);
void nnp_phases_free(struct nnp_phases *phases);

/* What follows from the energies of all phases.  Mixing energies refer to the lowest energy per
 * atom of each pure element. */
struct nnp_stability {
    double references[NNP_PHASES_MAX_ELEMENTS]; /* [n_elements] eV/atom */
    double *mixing;   /* [n] eV/atom: energy - sum of fractions x references */
    double *distance; /* [n] eV/atom above the hull of all phases, >= 0 */
    double *depth;  /* [n] eV/atom: what the hull without this phase would rise to above it, for
                       phases on the hull (INFINITY for pure elements), else 0 */
    int *products;  /* [n][n_elements] phases that a phase decays into, -1 beyond */
    double *shares; /* [n][n_elements] their parts of the atoms */
};

/* Zero-initialised stability is set; freed with nnp_stability_free.  NNP_ERROR_INCONSISTENT: a
 * pure element is missing. */
enum nnp_status nnp_stability_find(struct nnp_stability *stability,
                                   const struct nnp_phases *phases,
                                   struct nnp_error *error) NNP_MUST_CHECK;
void nnp_stability_free(struct nnp_stability *stability);

#endif
