/* A structure as the evaluator sees it: atoms and images, with the owner of each image. */
#include "descriptor_pass.h"

#include "nnp/element.h"

#include <stdlib.h>

/* Puts the place of the structure before a message. */
static enum nnp_status name_structure(const struct nnp_structure *structure,
                                      enum nnp_status status, struct nnp_error *error)
{
    if (!error)
        return status;
    struct nnp_error inner = *error;
    return nnp_error_set(error, status, "%s:%d: %.800s", structure->file, structure->line,
                         inner.message);
}

static enum nnp_status set_types(struct nnp_descriptor_pass *pass,
                                 const struct nnp_potential *potential, struct nnp_error *error)
{
    const struct nnp_structure *structure = pass->structure;
    int n_all = pass->list.n_all, n_elements = potential->n_elements;
    pass->types = calloc((size_t)n_all + 1, sizeof *pass->types);
    pass->identity = calloc((size_t)n_elements, sizeof *pass->identity);
    if (!pass->types || !pass->identity)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %d atoms and images",
                             n_all);
    for (int e = 0; e < n_elements; e++)
        pass->identity[e] = e;
    for (int i = 0; i < n_all; i++) {
        int number = structure->atomic_numbers[pass->list.owners[i]];
        pass->types[i] = nnp_potential_element_index(potential, number);
        if (pass->types[i] < 0)
            return nnp_error_set(error, NNP_ERROR_ELEMENT,
                                 "atom %d is %s, an element that the potential does not cover",
                                 pass->list.owners[i] + 1, nnp_element_symbol(number));
    }
    return NNP_SUCCESS;
}

enum nnp_status nnp_descriptor_pass_begin(struct nnp_descriptor_pass *pass,
                                          const struct nnp_potential *potential,
                                          const struct nnp_structure *structure,
                                          struct nnp_error *error)
{
    double unit = nnp_potential_length_in_angstrom(potential);
    *pass = (struct nnp_descriptor_pass){.structure = structure};
    enum nnp_status status = nnp_neighbor_list_build(
        &pass->list, &structure->cell, structure->n_atoms, structure->positions,
        unit * nnp_potential_cutoff(potential), error);
    if (!status)
        status = set_types(pass, potential, error);
    if (status) {
        nnp_descriptor_pass_end(pass);
        return name_structure(structure, status, error);
    }
    pass->atoms = (struct nnp_atoms){
        .n_atoms = pass->list.n_all,
        .positions = pass->list.positions,
        .types = pass->types,
        .type_elements = pass->identity,
        .n_centers = structure->n_atoms,
        .n_neighbors = pass->list.n_neighbors,
        .neighbors = (const int *const *)pass->list.neighbors,
        .neighbor_mask = -1,
        .length_unit = 1.0 / unit,
        .energy_unit = 1.0,
    };
    return NNP_SUCCESS;
}

enum nnp_status nnp_descriptor_pass_atom(const struct nnp_descriptor_pass *pass,
                                         struct nnp_evaluator *evaluator, int atom, double *g,
                                         double *dg_dr, double *dg_dstrain,
                                         struct nnp_error *error)
{
    enum nnp_status status =
        nnp_evaluate_descriptor(evaluator, &pass->atoms, atom, pass->list.owners,
                                pass->structure->n_atoms, g, dg_dr, dg_dstrain, error);
    return status ? name_structure(pass->structure, status, error) : NNP_SUCCESS;
}

void nnp_descriptor_pass_end(struct nnp_descriptor_pass *pass)
{
    nnp_neighbor_list_free(&pass->list);
    free(pass->types);
    free(pass->identity);
    *pass = (struct nnp_descriptor_pass){0};
}
