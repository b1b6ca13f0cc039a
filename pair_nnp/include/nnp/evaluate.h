/* Evaluation of a potential: energies, forces, virials.
 *
 * The evaluator works on a view of somebody's atoms and full neighbor lists (LAMMPS' own
 * arrays, or those of nnp/neighbor.h), and adds to arrays of theirs: f_j -= dE_i/dr_j,  f_i +=
 * dE_i/dr_j  for every center i and neighbor j, virial = -sum_i sum_j r_ij (x) dE_i/dr_j,  r_ij
 * = r_j - r_i. */
#ifndef NNP_EVALUATE_H
#define NNP_EVALUATE_H

#include "nnp/neighbor.h"
#include "nnp/potential.h"
#include "nnp/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct nnp_evaluator;

enum nnp_kernels {
    NNP_KERNELS_AUTO,     /* the fastest that serves every function */
    NNP_KERNELS_REFERENCE /* direct sums, the specification of all others */
};

struct nnp_evaluator_options {
    enum nnp_kernels kernels;
};

/* Prepares a potential (borrowed, to outlive the evaluator) for evaluation.  options NULL:
 * defaults. An evaluator serves one thread at a time; several may share one potential.  On
 * failure *evaluator is NULL. */
enum nnp_status nnp_evaluator_create(struct nnp_evaluator **evaluator,
                                     const struct nnp_potential *potential,
                                     const struct nnp_evaluator_options *options,
                                     struct nnp_error *error) NNP_MUST_CHECK;
void nnp_evaluator_free(struct nnp_evaluator *evaluator); /* NULL is allowed */

/* The potential that the evaluator was made for, borrowed. */
const struct nnp_potential *nnp_evaluator_potential(const struct nnp_evaluator *evaluator);

/* The kernels in use: "reference", or the instruction set of the vector kernels ("plain",
 * "avx2", "avx512"), which is the processor's best or a lesser one named by NNP_SIMD in the
 * environment. */
const char *nnp_evaluator_kernels(const struct nnp_evaluator *evaluator);

/* Atoms and neighbor lists, all borrowed.  Atoms whose element is negative take no part. */
struct nnp_atoms {
    int n_atoms;              /* with ghosts */
    const double *positions;  /* [n_atoms][3] */
    const int *types;         /* [n_atoms], index into type_elements */
    const int *type_elements; /* element index in the potential, or negative */
    int n_centers;            /* atoms whose energy is wanted */
    const int *centers;       /* [n_centers], NULL: 0 .. n_centers - 1 */
    const int *n_neighbors;   /* by atom index */
    const int *const
        *neighbors;     /* by atom index; may hold atoms beyond the cutoff, never i itself */
    int neighbor_mask;  /* j = neighbors[i][n] & neighbor_mask; -1: all bits */
    double length_unit; /* unit of positions in the potential's unit of length */
    double energy_unit; /* unit of the results in the potential's unit of energy */
};

/* Sums are set; arrays are added to, and NULL where not wanted. */
struct nnp_results {
    double energy;
    double virial[6];         /* xx yy zz xy xz yz */
    long n_extrapolations;    /* symmetry functions outside of their range in training */
    double *atomic_energies;  /* [n_atoms] */
    double *forces;           /* [n_atoms][3] */
    double *atomic_virials;   /* [n_atoms][6], half to each atom of a pair */
    double *centroid_virials; /* [n_atoms][9] xx yy zz xy xz yz yx zx zy, to the neighbor, as
                                 the heat flux of many-body potentials wants (Z. Fan et al.,
                                 Phys. Rev. B 92, 094301 (2015), eq. 22) */
};

/* Allocates only while neighborhoods grow beyond all that were seen before. NNP_ERROR_GEOMETRY:
 * two atoms at the same place; NNP_ERROR_NUMERIC: positions or results that are not finite.
 * After a failure the arrays of results hold partial sums. */
enum nnp_status nnp_evaluate(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                             struct nnp_results *results,
                             struct nnp_error *error) NNP_MUST_CHECK;

/* Symmetry functions of one center and their derivatives, summed over the images of each atom.
 *   owners      [n_atoms] of the view, or NULL: every atom its own
 *   n_owners    atoms that owners name
 *   g           [n_functions]
 *   dg_dr       [n_functions][n_owners][3], or NULL
 *   dg_dstrain  [n_functions][6] xx yy zz xy xz yz: sum_j r_ij (x) dG/dr_j, or NULL
 * All are set, in the potential's units. */
enum nnp_status nnp_evaluate_descriptor(struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms, int center,
                                        const int *owners, int n_owners, double *g,
                                        double *dg_dr, double *dg_dstrain,
                                        struct nnp_error *error) NNP_MUST_CHECK;

/* Symmetry functions of all centers, and products with their Jacobian with respect to the
 * coordinates of the owners and to strain, at about the cost of an evaluation of energies and
 * forces each; nothing is stored between them, and images count for their owners.
 *   owners  [n_atoms] of the view, or NULL: every atom its own; n_owners: atoms that they name
 *   values       g: [n_centers][n_functions of the center], set
 *   transposed   y = sum_i sum_k a_ik dG_ik/dr, [n_owners][3], and strain = sum_i sum_k a_ik
 *                sum_j r_ij (x) dG_ik/dr_j, xx yy zz xy xz yz, set; a: like g
 *   directional  t_ik = sum dG_ik/dr . v + dG_ik/dstrain . strain, like g, set; v:
 *                [n_owners][3], strain: [6]
 * In the potential's units.  Errors are those of nnp_evaluate, and NNP_ERROR_ELEMENT for a
 * center without functions; results are then incomplete. */
enum nnp_status nnp_evaluate_values(struct nnp_evaluator *evaluator,
                                    const struct nnp_atoms *atoms, double *const *g,
                                    struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_evaluate_transposed(struct nnp_evaluator *evaluator,
                                        const struct nnp_atoms *atoms, const int *owners,
                                        int n_owners, const double *const *a, double *y,
                                        double strain[6],
                                        struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_evaluate_directional(struct nnp_evaluator *evaluator,
                                         const struct nnp_atoms *atoms, const int *owners,
                                         const double *v, const double strain[6],
                                         double *const *t,
                                         struct nnp_error *error) NNP_MUST_CHECK;

/* Energy, forces and stress of one structure: builds the neighbor list and evaluates.
 *   cell            NULL for a cluster
 *   atomic_numbers  [n_atoms]
 *   positions       [n_atoms][3], Angstrom
 *   energy          eV, set
 *   atomic_energies [n_atoms] eV, forces [n_atoms][3] eV/Angstrom: set, or NULL
 *   stress          [6] xx yy zz xy xz yz, eV/Angstrom^3, positive = tension: set, or NULL;
 * zero where the cell is not periodic in all directions n_extrapolations may be NULL
 * NNP_ERROR_ELEMENT: an atom that the potential does not cover. */
struct nnp_structure_results {
    double energy;
    double *atomic_energies;
    double *forces;
    double *stress;
    long n_extrapolations;
};
enum nnp_status nnp_evaluate_structure(struct nnp_evaluator *evaluator,
                                       const struct nnp_cell *cell, int n_atoms,
                                       const int *atomic_numbers, const double *positions,
                                       struct nnp_structure_results *results,
                                       struct nnp_error *error) NNP_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
