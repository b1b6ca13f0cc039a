/* From a configuration and data to a potential that can be trained. */
#ifndef NNP_MODEL_H
#define NNP_MODEL_H

#include "config.h"
#include "nnp/potential.h"
#include "structure.h"

/* A potential of one member with the configuration's elements, functions and networks in eV and
 * Angstrom; reference energies (where not given), ranges and weights are zero.  A projection is
 * that of the initial potential; one that the configuration asks for comes later
 * (principal_components.h), and networks have the functions as inputs until then.
 * NNP_ERROR_INCONSISTENT: a projection that does not suit the numbers of functions. */
enum nnp_status nnp_model_create(struct nnp_potential **model, const struct nnp_config *config,
                                 struct nnp_error *error) NNP_MUST_CHECK;

/* The functions of central element e with all but their ranges, and the projection of its
 * initial potential, which is NNP_ERROR_INCONSISTENT with other numbers of functions. */
enum nnp_status nnp_model_set_descriptor(struct nnp_descriptor *descriptor,
                                         const struct nnp_config *config, int e,
                                         struct nnp_error *error) NNP_MUST_CHECK;

/* Weights [n_elements], or NULL; those of copy stay NULL then, and on failure. */
enum nnp_status nnp_model_copy_species_weights(struct nnp_descriptor *copy, const double *from,
                                               int n_elements,
                                               struct nnp_error *error) NNP_MUST_CHECK;

/* The projection of from, if there is one.  On failure *copy is empty. */
enum nnp_status nnp_model_copy_projection(struct nnp_projection *copy,
                                          const struct nnp_projection *from,
                                          struct nnp_error *error) NNP_MUST_CHECK;

/* Problems of the data for such a training, found before it begins: an element that the
 * configuration does not list, atoms closer than 0.2 Angstrom, one that training structures
 * lack, references that the stages' weights need. */
enum nnp_status nnp_model_check_data(const struct nnp_config *config, int n_training,
                                     const struct nnp_structure *const *training, int n_test,
                                     const struct nnp_structure *const *test,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* Sets the reference energies: those given, or the solution of least norm of the least squares
 * problem E_n = sum_e N_ne E0_e over the structures with an energy. */
enum nnp_status nnp_model_set_reference_energies(struct nnp_potential *model,
                                                 const struct nnp_config *config,
                                                 int n_structures,
                                                 const struct nnp_structure *const *structures,
                                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
