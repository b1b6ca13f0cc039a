/* Evaluation of a potential: energies, forces, virials.
 *
 * The evaluator works on a view of somebody's atoms and full neighbor lists (LAMMPS' own
 * arrays, or those of nnp/neighbor.h), and adds to arrays of theirs: f_j -= dE_i/dr_j,  f_i +=
 * dE_i/dr_j  for every center i and neighbor j, virial = -sum_i sum_j r_ij (x) dE_i/dr_j,  r_ij
 * = r_j - r_i. */
#ifndef NNP_EVALUATE_H
#define NNP_EVALUATE_H

#include "nnp/export.h"
#include "nnp/neighbor.h"
#include "nnp/potential.h"
#include "nnp/status.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

struct nnp_evaluator;

enum nnp_kernels {
    NNP_KERNELS_AUTO,     /* the fastest that serves every function */
    NNP_KERNELS_REFERENCE /* direct sums, the specification of all others */
};

/* MIXED: symmetry functions and their derivatives are evaluated in floats for every neighbor
 * and triplet, and summed over these in doubles; neighbors and their distances, networks,
 * forces and virials of all centers, and functions that only the reference kernels serve stay
 * in doubles.  On the sets of benchmarks/ forces are off by 1e-6 (Au-Li) and 2e-6 (Li-Sn) of
 * the largest force, and an atom takes 0.8 (Au-Li) and 0.63 (Li-Sn) of the time with AVX-512,
 * 0.73 and 0.58 with AVX2.  All that an evaluator computes is of its precision, the products
 * with Jacobians too; training wants doubles.  Without effect on NNP_KERNELS_REFERENCE. */
enum nnp_precision {
    NNP_PRECISION_DOUBLE, /* the default */
    NNP_PRECISION_MIXED
};

struct nnp_evaluator_options {
    enum nnp_kernels kernels;
    enum nnp_precision precision;
    int n_threads; /* over the centers of nnp_evaluate, whose results do not depend on it by a
                      bit; 0: OMP_NUM_THREADS where it is set, else 1.  More than one needs a
                      compiler with OpenMP */
};

/* Prepares a potential (borrowed, to outlive the evaluator) for evaluation.  options NULL:
 * defaults. An evaluator serves one caller at a time; several may share one potential.  On
 * failure *evaluator is NULL. */
enum nnp_status nnp_evaluator_create(struct nnp_evaluator **evaluator,
                                     const struct nnp_potential *potential,
                                     const struct nnp_evaluator_options *options,
                                     struct nnp_error *error) NNP_MUST_CHECK;
void nnp_evaluator_free(struct nnp_evaluator *evaluator); /* NULL is allowed */

/* The potential that the evaluator was made for, borrowed. */
const struct nnp_potential *nnp_evaluator_potential(const struct nnp_evaluator *evaluator);

/* The kernels in use: "reference", or the instruction set of the vector kernels ("plain",
 * "avx2", "avx512", with "_mixed" behind them in mixed precision), which is the processor's
 * best or a lesser one named by NNP_SIMD in the environment. */
const char *nnp_evaluator_kernels(const struct nnp_evaluator *evaluator);

/* Threads of an evaluation, >= 1. */
int nnp_evaluator_threads(const struct nnp_evaluator *evaluator);

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
    int64_t (*atom_id)(const void *data, int i); /* what errors call atom i, by any thread;
                                                    NULL: i + 1 */
    const void *atom_id_data;
};

/* Sums are set; arrays are added to, and NULL where not wanted. */
struct nnp_results {
    double energy;
    double virial[6];           /* xx yy zz xy xz yz */
    long n_extrapolations;      /* symmetry functions outside of their range in training */
    double *atomic_energies;    /* [n_atoms] */
    double *forces;             /* [n_atoms][3] */
    double *atomic_virials;     /* [n_atoms][6], half to each atom of a pair */
    double *centroid_virials;   /* [n_atoms][9] xx yy zz xy xz yz yx zx zy, to the neighbor, as
                                   the heat flux of many-body potentials wants (Z. Fan et al.,
                                   Phys. Rev. B 92, 094301 (2015), eq. 22) */
    int *atomic_extrapolations; /* [n_atoms], the center's part of n_extrapolations */
    double *energy_spreads;     /* [n_atoms], of a center's energy over the committee:
                                   sqrt((1/M) sum_m (E_im - E_i)^2) */
    double *member_energies;    /* [n_members], E_m, whose mean is energy */
    double *member_forces;      /* [n_members][n_atoms][3], F_m, whose mean is forces; costs a
                                   backward pass per member */
};

/* Allocates only while neighborhoods grow beyond all that were seen before. NNP_ERROR_GEOMETRY:
 * two atoms closer than 0.1 Angstrom; NNP_ERROR_NUMERIC: positions or results that are not
 * finite. After a failure the arrays of results hold partial sums. */
enum nnp_status nnp_evaluate(struct nnp_evaluator *evaluator, const struct nnp_atoms *atoms,
                             struct nnp_results *results,
                             struct nnp_error *error) NNP_MUST_CHECK;

/* Spread of the force on atom i over a committee, sqrt((1/M) sum_m |F_im - mean_m F_im|^2),
 * from member_forces, to which the forces on images of atom i have been added. */
double nnp_force_spread(const double *member_forces, int n_members, int n_atoms, int i);

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
 *                   zero where the cell is not periodic in all directions
 *   atomic_extrapolations, energy_spreads eV [n_atoms]: as in nnp_results, set, or NULL
 *   force_spreads   [n_atoms] eV/Angstrom, nnp_force_spread, set, or NULL
 * NNP_ERROR_ELEMENT: an atom that the potential does not cover; else those of nnp_evaluate. */
struct nnp_structure_results {
    double energy;
    double *atomic_energies;
    double *forces;
    double *stress;
    long n_extrapolations;
    int *atomic_extrapolations;
    double *energy_spreads;
    double *force_spreads;
};
enum nnp_status nnp_evaluate_structure(struct nnp_evaluator *evaluator,
                                       const struct nnp_cell *cell, int n_atoms,
                                       const int *atomic_numbers, const double *positions,
                                       struct nnp_structure_results *results,
                                       struct nnp_error *error) NNP_MUST_CHECK;

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
