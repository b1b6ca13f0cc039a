/* A potential applied to structures, in flat arrays and fixed units (Angstrom, eV): the
 * interface for other languages and small programs.  pair_nnp/python/nnp_ase.py is made on it.
 */
#ifndef NNP_CALCULATOR_H
#define NNP_CALCULATOR_H

#include "nnp/export.h"
#include "nnp/status.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

struct nnp_calculator;

/* Reads a potential file.  One thread at a time uses a calculator; several calculators are
 * independent.  On failure *calculator is NULL. */
enum nnp_status nnp_calculator_create(struct nnp_calculator **calculator, const char *path,
                                      struct nnp_error *error) NNP_MUST_CHECK;
void nnp_calculator_free(struct nnp_calculator *calculator); /* NULL is allowed */

/* Elements that the potential covers, and the atomic number of the k-th of them (0: there are
 * not so many). */
int nnp_calculator_n_elements(const struct nnp_calculator *calculator);
int nnp_calculator_atomic_number(const struct nnp_calculator *calculator, int k);

/* Largest cutoff radius, Angstrom. */
double nnp_calculator_cutoff(const struct nnp_calculator *calculator);

/* Energy of a structure and what belongs to it.
 *   atomic_numbers   [n_atoms]
 *   positions        [n_atoms][3], anywhere
 *   cell             [3][3], rows a, b, c; may be NULL where no direction is periodic
 *   periodic         [3], not 0: periodic along a, b, c; NULL: in no direction
 *   energy           eV, set
 *   atomic_energies  [n_atoms] eV, forces [n_atoms][3] eV/Angstrom: set, or NULL
 *   stress           [6] xx yy zz xy xz yz, eV/Angstrom^3, positive = tension: set, or NULL;
 *                    zero unless all directions are periodic
 *   n_extrapolations symmetry functions outside of their range in training: set, or NULL
 * After a failure the arrays hold nothing of use. */
enum nnp_status nnp_calculator_compute(struct nnp_calculator *calculator, int n_atoms,
                                       const int *atomic_numbers, const double *positions,
                                       const double *cell, const int *periodic, double *energy,
                                       double *atomic_energies, double *forces, double *stress,
                                       long *n_extrapolations,
                                       struct nnp_error *error) NNP_MUST_CHECK;

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
